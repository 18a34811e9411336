//! Rules for stays that are long, go on under another bill, or move to another hospital.

use super::condition::Condition;
use super::payer_read::read_rows;
use super::resolved::Known;
use super::section::{Conflict, PackError, Section};
use super::switch::{ContinuedStay, Transfer};
use super::table::Row;
use crate::set::Set;
use crate::vocabulary::Kind;

/// How stays are counted and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stays {
    /// Kinds of care that count as an admission.
    pub(crate) admission_kinds: Set<Kind>,
    /// Days after which a stay is settled in parts.
    pub(crate) long_stay: Vec<Row<u32>>,
    pub(crate) continued_stay: ContinuedStay,
    pub(crate) transfer: Transfer,
}

impl Stays {
    pub(super) fn read(s: &mut Section, known: &Known) -> Result<Self, PackError> {
        let kinds = s.texts("admission_kinds", "算一次住院的就诊类别")?;
        let kinds: Option<Set<Kind>> = kinds.iter().map(|text| Kind::from_code(text)).collect();
        Ok(Self {
            admission_kinds: kinds
                .ok_or_else(|| s.wrong("admission_kinds", "算一次住院的就诊类别", "一组代码表里的词"))?,
            long_stay: read_rows(s, "long_stay", "长期住院分期结算", known, |row| {
                let days = row.count("days", "天数")?;
                if days == 0 { Err(row.conflict(Conflict::EmptyTable("天数"))) } else { Ok(days) }
            })?,
            continued_stay: s.choice(
                "continued_stay",
                "分期结算的起付线",
                &[("again", ContinuedStay::Again), ("once", ContinuedStay::Once)],
            )?,
            transfer: s.choice(
                "transfer_within_24h",
                "24小时内转院",
                &[("new_admission", Transfer::NewAdmission), ("one_admission", Transfer::OneAdmission)],
            )?,
        })
    }

    /// Whether later bills look back at a stay, so that the year has to remember it.
    pub(crate) fn look_back(&self) -> bool {
        self.continued_stay == ContinuedStay::Once || self.transfer == Transfer::OneAdmission
    }

    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.long_stay.iter().map(|row| &row.when)
    }
}
