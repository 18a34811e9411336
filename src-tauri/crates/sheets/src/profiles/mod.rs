//! The kinds of tables that are read, each as a table of its columns.

mod aid;
mod bills;
mod certificates;
mod contracts;
mod crowds;
mod disabled;
mod enrolments;
mod exams;
mod health_check;
mod outside;
mod roster;
mod screening;
mod services;
mod visits;

pub use aid::{AID, AidDraft};
pub use bills::{BILLS, BillDraft};
pub use certificates::{CERTIFICATES, CertificateDraft};
pub use contracts::{CONTRACTS, ContractDraft};
pub use crowds::{CROWDS, CrowdDraft};
pub use disabled::{DISABLED, DisabledDraft};
pub use enrolments::{ENROLMENTS, EnrolmentDraft};
pub use exams::{EXAMS, ExamDraft};
pub use health_check::{HEALTH_CHECK, HealthCheckDraft};
pub use outside::{OUTSIDE, OutsideDraft};
pub use roster::{ROSTER, RosterDraft};
pub use screening::{SCREENING, ScreeningDraft};
pub use services::{SERVICES, ServiceDraft};
pub use visits::{VISITS, VisitDraft};

use crate::header::{Known, find, top};
use crate::memory::Memory;
use crate::profile::Profile;
use crate::workbook::Workbook;

/// All profiles.
pub const ALL: [&Profile; 13] = [
    &ROSTER,
    &SCREENING,
    &BILLS,
    &CONTRACTS,
    &VISITS,
    &ENROLMENTS,
    &EXAMS,
    &DISABLED,
    &AID,
    &CERTIFICATES,
    &CROWDS,
    &HEALTH_CHECK,
    &SERVICES,
];

/// The profile with a key.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static Profile> {
    ALL.into_iter().find(|profile| profile.key == key)
}

/// The profiles whose header some sheet has, best first: a suggestion for the clerk who dropped a file.
#[must_use]
pub fn suggest(workbook: &Workbook) -> Vec<&'static Profile> {
    let tops: Vec<_> = workbook.sheets.iter().map(top).collect();
    let mut found: Vec<(usize, &'static Profile)> = ALL
        .into_iter()
        .filter_map(|profile| {
            let memory = Memory::default();
            let known = Known::new(profile, &memory);
            let matched = tops
                .iter()
                .filter_map(|top| find(top, profile, &known))
                .filter(|header| !lacks_required(profile, &header.missing))
                .map(|header| header.columns.len())
                .max()?;
            Some((matched, profile))
        })
        .collect();
    found.sort_by_key(|(matched, _)| std::cmp::Reverse(*matched));
    found.into_iter().map(|(_, profile)| profile).collect()
}

fn lacks_required(profile: &Profile, missing: &[String]) -> bool {
    profile.columns.iter().any(|column| column.need.refuses_without() && missing.iter().any(|key| key == column.key))
}
