//! What a pack does not cover, and caps that several payers share on top of their own.

use mingbai_domain::Fen;

use super::condition::Condition;
use super::payer_read::read_rows;
use super::resolved::Known;
use super::section::{PackError, Section};
use super::situation::Case;
use super::source::Citation;
use super::table::Row;

/// A part of the region's rules that is not in the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// In Chinese, `医疗救助的比例没有取得`.
    pub(crate) what: String,
    pub(crate) effect: Effect,
}

/// What it means for a bill it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The bill is refused.
    Refuse,
    /// The bill is settled without it, with a caution.
    LeaveOut,
    /// It is told where the pack is explained, not on every bill.
    Note,
}

/// 几个支付方合用的年度封顶线.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JointCap {
    pub(crate) label: String,
    pub(crate) payers: Vec<String>,
    pub(crate) amount: Fen,
    pub(crate) when: Condition,
    pub(crate) citation: Citation,
}

pub(super) fn read_gaps(s: &mut Section, known: &Known) -> Result<Vec<Row<Gap>>, PackError> {
    read_rows(s, "partial", "没有取得的部分", known, |row| {
        Ok(Gap {
            what: row.text("what", "没有取得什么")?,
            effect: row.choice(
                "effect",
                "遇到时怎样办",
                &[("refuse", Effect::Refuse), ("leave_out", Effect::LeaveOut), ("note", Effect::Note)],
            )?,
        })
    })
}

pub(super) fn read_joint_caps(s: &mut Section, known: &Known) -> Result<Vec<JointCap>, PackError> {
    let rows = read_rows(s, "joint_cap", "几个支付方合用的封顶线", known, |row| {
        Ok((row.text("label", "名称")?, row.texts("payers", "合用的支付方")?, row.amount("amount", "封顶额")?))
    })?;
    let caps = rows.into_iter().map(|row| {
        let (label, payers, amount) = row.value;
        JointCap { label, payers, amount, when: row.when, citation: row.citation }
    });
    Ok(caps.collect())
}

impl super::Pack {
    /// What the pack leaves out of this case: the first refusing part as an error text, else the cautions.
    pub(crate) fn gaps(&self, case: &Case) -> Result<impl Iterator<Item = &str>, String> {
        let met = move |effect| {
            let met = self.partial.iter().filter(move |row| row.value.effect == effect && row.when.holds(case));
            met.map(|row| row.value.what.as_str())
        };
        match met(Effect::Refuse).next() {
            Some(what) => Err(what.to_owned()),
            None => Ok(met(Effect::LeaveOut)),
        }
    }

    /// Whether the pack covers only a part of its region's rules.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.partial.is_empty()
    }

    /// What is not in the pack, in its own words.
    #[must_use]
    pub fn not_covered(&self) -> Vec<&str> {
        self.partial.iter().map(|row| row.value.what.as_str()).collect()
    }
}
