//! From the bill to the in-scope amount: 总费用 − 全自费 − 超限价 − 先行自付, then what a referral takes first.

use mingbai_domain::Fen;

use crate::bill::{Bill, BillError, BillField, Item};
use crate::explain::{Step, Steps};
use crate::pack::Pack;
use crate::pack::situation::Case;
use crate::pack::table::Table;
use crate::ratio::{Ratio, round_half_up};

/// What of a bill the person pays before anything is in scope, and what is.
pub(super) struct Scope {
    pub(super) preselfpay: Fen,
    pub(super) in_scope: Fen,
}

#[inline(always)]
pub(super) fn form(
    pack: &Pack,
    prepay: &Table<'_, Ratio>,
    bill: &Bill,
    case: &Case,
    steps: &mut impl Steps,
) -> Result<Scope, BillError> {
    let mut preselfpay = match bill.preselfpay {
        Some(printed) if bill.items.is_empty() => printed,
        _ => preselfpay_of_items(pack, bill, steps)?,
    };
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
    steps.say(|| {
        let formula = format!("{} − {} − {} − {}", bill.total, bill.ownpay, bill.overlimit, preselfpay);
        Step::new("in_scope", "政策范围内费用", formula, in_scope, &[])
    });
    if let Some(row) = prepay.find(case) {
        let first = row.value.of(in_scope);
        steps.say(|| {
            let formula = format!("{in_scope} × {}", row.value);
            Step::new("referral_prepay", "转外先行自付", formula, first, &[&row.citation])
        });
        steps.say(|| {
            let formula = format!("{in_scope} − {first}");
            Step::new("in_scope_after_referral", "扣除后的政策范围内费用", formula, in_scope - first, &[])
        });
        preselfpay += first;
        in_scope -= first;
    }
    Ok(Scope { preselfpay, in_scope })
}

/// Σ item × share rounded once; where it is printed too, it must be the same.
fn preselfpay_of_items(pack: &Pack, bill: &Bill, steps: &mut impl Steps) -> Result<Fen, BillError> {
    if bill.items.is_empty() {
        return Err(BillError::PreselfpayUnknown);
    }
    let mut exact: i64 = 0;
    let mut items = Fen::ZERO;
    let class_of = |item: &Item| pack.item_classes.iter().find(|class| class.key == item.class);
    for item in &bill.items {
        let class = class_of(item).ok_or_else(|| BillError::UnknownItemClass { class: item.class.clone() })?;
        exact = exact.saturating_add(class.prepay.exact_of(item.amount));
        items += item.amount;
    }
    let available = bill.total - bill.ownpay - bill.overlimit;
    if items > available {
        return Err(BillError::ItemsExceedCatalogue { items, available });
    }
    let derived = round_half_up(exact);
    if let Some(printed) = bill.preselfpay.filter(|printed| *printed != derived) {
        return Err(BillError::PreselfpayDiffers { printed, derived });
    }
    steps.say(|| {
        let classed = || bill.items.iter().filter_map(|item| class_of(item).map(|class| (item, class)));
        let terms: Vec<String> =
            classed().map(|(item, class)| format!("{}{} × {}", class.label, item.amount, class.prepay)).collect();
        let citations: Vec<_> = classed().map(|(_, class)| &class.citation).collect();
        Step::new("preselfpay", "先行自付", terms.join(" + "), derived, &citations)
    });
    Ok(derived)
}
