//! What moved between two settlements of the same year: after a late bill, a correction, a withdrawal.

use mingbai_domain::Fen;
use serde::Serialize;

use super::{Settlement, YearSettlement};

/// One amount of one bill that is another than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// 票据号.
    pub bill: String,
    /// Key of the payer; `None` for what the person pays.
    pub payer: Option<String>,
    /// Name of the payer, or 个人支付.
    pub label: String,
    /// What it was; `None` when the bill was not settled before.
    pub before: Option<Fen>,
    /// What it is; `None` when the bill is not settled any more.
    pub after: Option<Fen>,
    /// After − before, a missing bill counting as nothing.
    pub difference: Fen,
}

/// Compares two settlements of one person's year, bill by bill in the order of the later one; bills that are gone come last.
#[must_use]
pub fn moved(before: &YearSettlement, after: &YearSettlement) -> Vec<Moved> {
    let was = |bill: &str| before.settlements.iter().find(|settlement| settlement.bill == bill);
    let is = |bill: &str| after.settlements.iter().any(|settlement| settlement.bill == bill);
    let mut rows = Vec::new();
    for now in &after.settlements {
        compare(was(&now.bill), Some(now), &mut rows);
    }
    for gone in before.settlements.iter().filter(|settlement| !is(&settlement.bill)) {
        compare(Some(gone), None, &mut rows);
    }
    rows
}

fn compare(before: Option<&Settlement>, after: Option<&Settlement>, rows: &mut Vec<Moved>) {
    let Some(shown) = after.or(before) else { return };
    let payers = shown.payers.iter().map(|payer| (Some(payer.key.as_str()), payer.label.as_str()));
    for (key, label) in payers.chain([(None, "个人支付")]) {
        let amount = |settlement: &Settlement| match key {
            Some(key) => settlement.paid_by(key),
            None => settlement.personal,
        };
        let (was, is) = (before.map(amount), after.map(amount));
        if was.unwrap_or_default() != is.unwrap_or_default() {
            rows.push(Moved {
                bill: shown.bill.clone(),
                payer: key.map(str::to_owned),
                label: label.to_owned(),
                before: was,
                after: is,
                difference: is.unwrap_or_default() - was.unwrap_or_default(),
            });
        }
    }
}
