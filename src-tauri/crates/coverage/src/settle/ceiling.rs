//! 总报销比例上限: when all payers together pass it, the pack's list says who is cut first.

use mingbai_domain::Fen;

use super::PayerAmount;
use super::pay::Left;
use crate::explain::Step;
use crate::history::History;
use crate::pack::condition::Case;
use crate::pack::{CeilingOf, Pack};
use crate::ratio::WHOLE;

/// Cuts payers in the pack's order until the ceiling is kept; what is cut stays with the person.
#[expect(clippy::too_many_arguments, reason = "the whole state of a bill after its payers; it has no other user")]
pub(super) fn cut(
    pack: &Pack,
    case: &Case<'_>,
    total: Fen,
    in_scope: Fen,
    payers: &mut [PayerAmount],
    left: &mut Left,
    year: &mut History,
    steps: &mut Vec<Step>,
) {
    let Some(ceiling) = &pack.ceiling else { return };
    if !ceiling.when.is_empty() && !ceiling.when.iter().any(|condition| condition.holds(case)) {
        return;
    }
    let (whole, name) = match ceiling.of {
        CeilingOf::Total => (total, "医疗总费用"),
        CeilingOf::InScope => (in_scope, "政策范围内费用"),
    };
    // “不得超过”: the limit itself is rounded down.
    let limit = Fen(i64::try_from(ceiling.share.exact_of(whole) / WHOLE).unwrap_or(i64::MAX));
    let paid: Fen = payers.iter().map(|payer| payer.amount).sum();
    let mut over = (paid - limit).at_least_zero();
    let formula = format!("{name}{whole} × {}，各支付方合计{paid}", ceiling.share);
    steps.push(Step::new("ceiling", "总报销上限", formula, limit, &[&ceiling.citation]));
    for key in &ceiling.cut {
        let Some(payer) = payers.iter_mut().find(|payer| payer.key == *key) else { continue };
        let cut = over.min(payer.amount);
        if cut <= Fen::ZERO {
            continue;
        }
        let from_preselfpay = cut.min(payer.on_preselfpay);
        payer.on_preselfpay -= from_preselfpay;
        left.preselfpay += from_preselfpay;
        left.in_scope += cut - from_preselfpay;
        let before = payer.amount;
        payer.amount -= cut;
        over -= cut;
        if let Some(accumulated) = year.payers.get_mut(key) {
            accumulated.paid -= cut;
        }
        steps.push(Step::new(
            format!("{key}.ceiling"),
            format!("{}按上限扣减后支付", payer.label),
            format!("{before} − {cut}"),
            payer.amount,
            &[&ceiling.citation],
        ));
    }
}
