//! Who is settled: dated identities and, where a rule asks for it, the birth date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One aid identity with the days it held. Both ends included; an open end is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityPeriod {
    /// Code of the identity, e.g. `subsistence` (低保对象).
    pub identity: String,
    /// First day.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl IdentityPeriod {
    /// Held on at least one day of the period, ends included.
    #[must_use]
    pub fn overlaps(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= last) && self.until.is_none_or(|until| until >= first)
    }
}

/// One enrolment in residents' insurance, from the day it was paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// 参保缴费日: waiting periods run from here.
    pub from: NaiveDate,
    /// Last day insured, open when not known.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Paid outside the yearly window (集中参保期).
    #[serde(default)]
    pub late: bool,
    /// Whole years not insured right before (断保年数).
    #[serde(default)]
    pub gap_years: u32,
    /// Of these, years paid for afterwards (修复).
    #[serde(default)]
    pub repaid_years: u32,
    /// Newborn or another group that never waits.
    #[serde(default)]
    pub special: bool,
}

impl Enrolment {
    /// Insured on that day, waiting or not.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A certificate of a long-term disease (门诊慢特病、两病认定).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Key of the disease in the pack.
    pub disease: String,
    /// 认定日期.
    pub from: NaiveDate,
    /// 有效期至, open when it does not end.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// The person a bill belongs to, as far as rules look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Every identity ever held, dated. Empty for an ordinary resident.
    pub identities: Vec<IdentityPeriod>,
    /// Birth date; asked for only by packs with age rules.
    #[serde(default)]
    pub born: Option<NaiveDate>,
    /// Enrolments, in any order. Empty means none is recorded, not that the person is uninsured.
    #[serde(default)]
    pub enrolments: Vec<Enrolment>,
    /// Certificates of long-term diseases.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
}

impl Person {
    /// A person without any aid identity.
    #[must_use]
    pub fn ordinary() -> Self {
        Self::default()
    }

    /// A person who has always held these identities.
    #[must_use]
    pub fn holding(identities: &[&str]) -> Self {
        let identities = identities
            .iter()
            .map(|identity| IdentityPeriod { identity: (*identity).to_owned(), from: None, until: None })
            .collect();
        Self { identities, ..Self::default() }
    }

    /// Codes of the identities held on any day from `first` to `last`, each once, in the order given.
    #[must_use]
    pub fn held_between(&self, first: NaiveDate, last: NaiveDate) -> Vec<String> {
        let mut held: Vec<String> = Vec::new();
        for period in self.identities.iter().filter(|p| p.overlaps(first, last)) {
            if !held.contains(&period.identity) {
                held.push(period.identity.clone());
            }
        }
        held
    }
}
