//! How far somebody's year is from the line at which a payer begins.

use mingbai_coverage::{Column, History, Kind, Pack, PayerAmount};
use mingbai_domain::Fen;

/// A payer that begins to pay above a yearly amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Threshold {
    /// As the pack names it.
    pub(crate) payer: String,
    /// Where it begins.
    pub(crate) amount: Fen,
    /// What has gathered this year.
    pub(crate) reached: Fen,
}

impl Threshold {
    /// What is missing to it; nothing when it is passed.
    pub(crate) fn room(&self) -> Fen {
        (self.amount - self.reached).at_least_zero()
    }
}

/// 大病保险: its line for somebody with these identities.
pub(crate) fn critical(
    rules: &Pack,
    identities: &[String],
    history: &History,
    payers: &[PayerAmount],
) -> Option<Threshold> {
    of(rules, identities, history, payers, Column::Critical)
}

/// 医疗救助: its line for somebody with these identities; nothing where it begins with the first fen or not at all.
pub(crate) fn aid(rules: &Pack, identities: &[String], history: &History, payers: &[PayerAmount]) -> Option<Threshold> {
    of(rules, identities, history, payers, Column::Aid)
}

fn of(
    rules: &Pack,
    identities: &[String],
    history: &History,
    payers: &[PayerAmount],
    column: Column,
) -> Option<Threshold> {
    let lines = rules.benefit_lines(identities);
    let mut lines: Vec<_> = lines
        .into_iter()
        .filter(|line| line.column == Some(column) && line.kinds.contains(&Kind::Inpatient))
        .filter(|line| line.deductible > Fen::ZERO)
        .collect();
    lines.sort_by_key(|line| line.deductible);
    let line = lines.into_iter().next()?;
    let key =
        payers.iter().find(|payer| payer.column == column && payer.label == line.payer).map(|payer| &payer.key)?;
    let so_far = history.payer(key);
    // Borne more than once: this payer takes its line from every bill, so nothing gathers towards it.
    (so_far.deductible <= line.deductible).then(|| Threshold {
        payer: line.payer,
        amount: line.deductible,
        reached: so_far.base.min(line.deductible),
    })
}
