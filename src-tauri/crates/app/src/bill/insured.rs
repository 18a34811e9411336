//! A person as the register knows them for the rules: identities, enrolments, certificates, each with its days.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use mingbai_coverage::{IdentityPeriod, Person as Insured};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{AidIdentity, Disability, Enrolment, Person};
use mingbai_store::Reading;

use super::{class, fit};
use crate::error::AppError;
use crate::insured::{Facts, facts};
use crate::quality::Limits;

/// 集中参保期截止 of every year that is asked about, each read once however many people are looked at.
#[derive(Default)]
pub(crate) struct Windows(RefCell<BTreeMap<i64, Option<NaiveDate>>>);

impl Windows {
    /// The day on which a year's window closes, where the county's lists name it.
    fn closes(&self, reading: Reading<'_>, year: i64) -> Result<Option<NaiveDate>, AppError> {
        if let Some(known) = self.0.borrow().get(&year) {
            return Ok(*known);
        }
        let of = i32::try_from(year).ok();
        let last = of.and_then(|year| Some((year, NaiveDate::from_ymd_opt(year, 12, 31)?)));
        let closes = match last {
            Some((of, last)) => Limits::read(reading, last)?.day("enrolment_deadline", of),
            None => None,
        };
        self.0.borrow_mut().insert(year, closes);
        Ok(closes)
    }
}

/// A person as the register knows them; [`fit::person`] is how a pack sees them.
pub(crate) fn insured(reading: Reading<'_>, person: RecordId) -> Result<Insured, AppError> {
    insured_by(reading, &Windows::default(), person)
}

/// As [`insured`], for one of many people.
pub(crate) fn insured_by(reading: Reading<'_>, windows: &Windows, person: RecordId) -> Result<Insured, AppError> {
    let identities = reading.rows_where::<AidIdentity>("person", &person)?;
    let who = reading.get::<Person>(person)?.map(|row| row.record).unwrap_or_default();
    let born = who.birth;
    let identities = identities.into_iter().filter_map(|row| {
        let identity = row.record.identity?;
        (identity != "ordinary").then_some(IdentityPeriod { identity, from: row.record.since, until: row.record.until })
    });
    let enrolments = reading.rows_where::<Enrolment>("person", &person)?;
    let enrolments: Vec<&Enrolment> = enrolments.iter().map(|row| &row.record).collect();
    // The county's own closing day of a year's window, for packs that ask for it.
    let paid = enrolments.iter().filter(|one| one.paid_on.is_some()).filter_map(|one| one.year);
    let closing = |year: i64| Ok((year, windows.closes(reading, year)?));
    let limits = paid.map(closing).collect::<Result<BTreeMap<_, _>, AppError>>()?;
    let late = |year: i64, paid: NaiveDate| limits.get(&year).copied().flatten().map(|closes| paid > closes);
    let (on_file, facts) = (enrolments.clone(), facts(&enrolments, born, late));
    let certificates = fit::certificates(reading, person)?;
    let disabilities = reading.rows_where::<Disability>("person", &person)?;
    let disabilities: Vec<Disability> = disabilities.into_iter().map(|row| row.record).collect();
    let identities = identities.chain(class::classes(&who, &on_file, &disabilities)).collect();
    let Facts { enrolments, uninsured, employees } = facts;
    Ok(Insured { identities, born, enrolments, uninsured, employees, registered: true, certificates })
}
