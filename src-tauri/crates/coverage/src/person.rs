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

/// One enrolment in residents' insurance, with what is known of it. What is not known is left open and never guessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// First day insured: waiting periods run from here.
    pub from: NaiveDate,
    /// Last day insured, open when not known.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// 缴费日期: with the closing day of the yearly window it says whether somebody enrolled late.
    #[serde(default)]
    pub paid_on: Option<NaiveDate>,
    /// Whether it was paid outside the yearly window (集中参保期), where that is known by itself.
    #[serde(default)]
    pub late: Option<bool>,
    /// Whole years not insured right before (断保年数).
    #[serde(default)]
    pub gap_years: Option<u32>,
    /// Of these, years paid for afterwards (修复).
    #[serde(default)]
    pub repaid_years: u32,
    /// 待遇起始日期: the insurer's own word on when the waiting is over.
    #[serde(default)]
    pub entitled_from: Option<NaiveDate>,
    /// Of a group that never waits.
    #[serde(default)]
    pub special: bool,
    /// Came over from 职工医保: whether a late payment then means waiting hangs on the day that one ended, which is not known.
    #[serde(default)]
    pub from_employees: bool,
}

impl Enrolment {
    /// An enrolment of which nothing else is known.
    #[must_use]
    pub fn since(from: NaiveDate) -> Self {
        Self { from, ..Self::default() }
    }

    /// Insured on that day, waiting or not.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Days on which somebody is known not to be insured. Both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uninsured {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
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
    /// Enrolments, in any order. A day that none covers is not known, unless it lies in [`uninsured`](Self::uninsured) or
    /// before the beginning of an enrolment of the same year.
    #[serde(default)]
    pub enrolments: Vec<Enrolment>,
    /// When the person is known not to be insured.
    #[serde(default)]
    pub uninsured: Vec<Uninsured>,
    /// Calendar years in which the person is insured with 职工医保. A day of them that no residents' enrolment covers is that
    /// insurance's, of which a residents' pack knows nothing.
    #[serde(default)]
    pub employees: Vec<i32>,
    /// Whether everything a register holds of the person stands here: then a bill whose waiting cannot be looked at is
    /// refused. A case file leaves out what does not matter.
    #[serde(default)]
    pub registered: bool,
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
