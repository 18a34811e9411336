//! Year-to-date accumulators of one person in one calendar year. Always derived by settling the year's bills in order.

use std::collections::BTreeMap;

use mingbai_domain::Fen;
use serde::{Deserialize, Serialize};

use crate::vocabulary::Level;

/// What one payer has accumulated for one person this year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayerYear {
    /// Money this payer's rule has looked at.
    #[serde(deserialize_with = "crate::amount::read")]
    pub base: Fen,
    /// Deductible the person has borne under this payer.
    #[serde(deserialize_with = "crate::amount::read")]
    pub deductible: Fen,
    /// What the rule gave before caps and before the total ceiling.
    #[serde(deserialize_with = "crate::amount::read")]
    pub entitled: Fen,
    /// What it paid.
    #[serde(deserialize_with = "crate::amount::read")]
    pub paid: Fen,
    /// What it owes on the whole year beyond what its bills had room for: paid at the year's end. Only where an identity
    /// gained in the course of the year counts for the whole of it.
    #[serde(deserialize_with = "crate::amount::read")]
    pub short: Fen,
}

/// What one payer took and paid in a stay, for the bills that continue it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StayPayer {
    /// What it has looked at.
    #[serde(deserialize_with = "crate::amount::read")]
    pub base: Fen,
    /// Deductible of the stay.
    #[serde(deserialize_with = "crate::amount::read")]
    pub deductible: Fen,
    /// How much of it the person has borne.
    #[serde(deserialize_with = "crate::amount::read")]
    pub borne: Fen,
    /// What the payer has paid.
    #[serde(deserialize_with = "crate::amount::read")]
    pub paid: Fen,
}

/// The stay a later bill may continue: the last one settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastStay {
    /// Number of its last bill.
    pub bill: String,
    /// The level at which it was counted as an admission; `None` for one that was not, as nobody insured it or nothing was
    /// to be paid.
    #[serde(default)]
    pub level: Option<Level>,
    /// Per payer key.
    #[serde(default)]
    pub payers: BTreeMap<String, StayPayer>,
}

/// What has been used of one disease's limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Used {
    /// Costs that the payers the limit binds looked at.
    #[serde(deserialize_with = "crate::amount::read")]
    pub in_scope: Fen,
    /// Paid by the payers the limit binds.
    #[serde(deserialize_with = "crate::amount::read")]
    pub paid: Fen,
}

impl Used {
    pub(crate) fn with(self, more: Self) -> Self {
        Self { in_scope: self.in_scope + more.in_scope, paid: self.paid + more.paid }
    }
}

/// One disease in one year, month by month of the visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiseaseYear {
    /// By month, counted from January of this year: 1 to 12, and 0 or less for visits of the year before that are settled in
    /// this one.
    pub months: BTreeMap<i32, Used>,
}

impl DiseaseYear {
    /// Used in one month, or in the whole year.
    #[must_use]
    pub fn used(&self, month: Option<i32>) -> Used {
        let counted = self.months.iter().filter(|(of, _)| month.is_none_or(|month| month == **of));
        counted.fold(Used::default(), |sum, (_, used)| sum.with(*used))
    }
}

/// One person, one calendar year, before or after a bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Calendar year.
    pub year: i32,
    /// In-scope money (政策范围内) that stayed with the person.
    #[serde(default, deserialize_with = "crate::amount::read")]
    pub in_scope_personal: Fen,
    /// 先行自付 that stayed with the person.
    #[serde(default, deserialize_with = "crate::amount::read")]
    pub preselfpay_personal: Fen,
    /// Hospital stays this year, by level.
    #[serde(default)]
    pub admissions: BTreeMap<Level, u32>,
    /// Per payer key.
    #[serde(default)]
    pub payers: BTreeMap<String, PayerYear>,
    /// Per disease with a limit.
    #[serde(default)]
    pub diseases: BTreeMap<String, DiseaseYear>,
    /// The last stay, where the pack's rules look back at it.
    #[serde(default)]
    pub last_stay: Option<LastStay>,
}

impl History {
    /// The state on 1 January.
    #[must_use]
    pub fn empty(year: i32) -> Self {
        Self { year, ..Self::default() }
    }

    /// The state on 1 January after this year: only a stay that may go on is carried over.
    #[must_use]
    pub fn next(&self, year: i32) -> Self {
        Self { last_stay: self.last_stay.clone(), ..Self::empty(year) }
    }

    /// What this payer has accumulated, nothing if it never appeared.
    #[must_use]
    pub fn payer(&self, key: &str) -> PayerYear {
        self.payers.get(key).copied().unwrap_or_default()
    }

    /// Stays at this level so far.
    #[must_use]
    pub fn admissions_at(&self, level: Level) -> u32 {
        self.admissions.get(&level).copied().unwrap_or(0)
    }

    /// Stays at any level so far.
    #[must_use]
    pub fn admissions_anywhere(&self) -> u32 {
        self.admissions.values().fold(0, |sum, stays| sum.saturating_add(*stays))
    }
}
