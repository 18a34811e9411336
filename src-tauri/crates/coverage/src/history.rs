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
}

impl History {
    /// The state on 1 January.
    #[must_use]
    pub fn empty(year: i32) -> Self {
        Self { year, ..Self::default() }
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
