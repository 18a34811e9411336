//! From the bill to the in-scope amount: 总费用 − 全自费 − 超限价 − 先行自付, then what a referral takes first.

use mingbai_domain::Fen;

use crate::bill::{Bill, BillError, BillField};
use crate::explain::Step;
use crate::pack::Pack;
use crate::pack::condition::Case;
use crate::ratio::round_half_up;

/// A bill cut into its four parts.
pub(super) struct Scope {
    pub(super) preselfpay: Fen,
    pub(super) in_scope: Fen,
    pub(super) steps: Vec<Step>,
}

pub(super) fn form(pack: &Pack, bill: &Bill, case: &Case<'_>) -> Result<Scope, BillError> {
    let mut steps = Vec::new();
    let mut preselfpay = preselfpay(pack, bill, &mut steps)?;
    let parts =
        [(BillField::Ownpay, bill.ownpay), (BillField::Overlimit, bill.overlimit), (BillField::Preselfpay, preselfpay)];
    let mut sum = Fen::ZERO;
    for (field, part) in parts {
        sum += part;
        if sum > bill.total {
            let parts = bill.ownpay + bill.overlimit + preselfpay;
            return Err(BillError::PartsExceedTotal { parts, total: bill.total, field });
        }
    }
    let mut in_scope = bill.total - sum;
    steps.push(Step::new(
        "in_scope",
        "政策范围内费用",
        format!("{} − {} − {} − {}", bill.total, bill.ownpay, bill.overlimit, preselfpay),
        in_scope,
        &[],
    ));
    if let Some(row) = pack.prepay.iter().find(|row| row.when.holds(case)) {
        let first = row.value.of(in_scope);
        steps.push(Step::new(
            "referral_prepay",
            "转外先行自付",
            format!("{in_scope} × {}", row.value),
            first,
            &[&row.citation],
        ));
        preselfpay += first;
        steps.push(Step::new(
            "in_scope_after_referral",
            "扣除后的政策范围内费用",
            format!("{in_scope} − {first}"),
            in_scope - first,
            &[],
        ));
        in_scope -= first;
    }
    Ok(Scope { preselfpay, in_scope, steps })
}

/// As printed, or Σ item × share rounded once.
fn preselfpay(pack: &Pack, bill: &Bill, steps: &mut Vec<Step>) -> Result<Fen, BillError> {
    if bill.items.is_empty() {
        return bill.preselfpay.ok_or(BillError::PreselfpayUnknown);
    }
    let mut exact = 0;
    let mut items = Fen::ZERO;
    let mut terms = Vec::new();
    let mut citations = Vec::new();
    for item in &bill.items {
        let class = pack
            .item_classes
            .iter()
            .find(|class| class.key == item.class)
            .ok_or_else(|| BillError::UnknownItemClass { class: item.class.clone() })?;
        exact += class.prepay.exact_of(item.amount);
        items += item.amount;
        terms.push(format!("{}{} × {}", class.label, item.amount, class.prepay));
        citations.push(&class.citation);
    }
    let available = bill.total - bill.ownpay - bill.overlimit;
    if items > available {
        return Err(BillError::ItemsExceedCatalogue { items, available });
    }
    let derived = round_half_up(exact);
    if let Some(printed) = bill.preselfpay.filter(|printed| *printed != derived) {
        return Err(BillError::PreselfpayDiffers { printed, derived });
    }
    steps.push(Step::new("preselfpay", "先行自付", terms.join(" + "), derived, &citations));
    Ok(derived)
}
