//! 总报销比例上限: when all payers together pass it, the pack's list says who is cut first.

use mingbai_domain::Fen;

use super::chain::PayerShare;
use super::pay::{Left, Turn};
use super::running::Running;
use crate::explain::{Step, Steps};
use crate::history::PayerYear;
use crate::pack::CeilingOf;
use crate::ratio::WHOLE;

/// Cuts payers in the pack's order until the ceiling is kept; what is cut stays with the person.
pub(super) fn cut(
    turn: &Turn<'_>,
    total: Fen,
    shares: &mut [PayerShare],
    left: &mut Left,
    year: &mut Running,
    steps: &mut impl Steps,
) {
    let pack = turn.pack;
    let Some(ceiling) = &pack.ceiling else { return };
    if !ceiling.when.is_empty() && !ceiling.when.iter().any(|condition| condition.holds(&turn.case)) {
        return;
    }
    let (whole, name) = match ceiling.of {
        CeilingOf::Total => (total, "医疗总费用"),
        CeilingOf::InScope => (turn.in_scope, "政策范围内费用"),
    };
    // “不得超过”: the limit itself is rounded down.
    let limit = Fen(i64::try_from(ceiling.share.exact_of(whole) / WHOLE).unwrap_or(i64::MAX));
    let paid: Fen = shares.iter().map(|share| share.amount).sum();
    let mut over = (paid - limit).at_least_zero();
    steps.say(|| {
        let formula = format!("{name}{whole} × {}，各支付方合计{paid}", ceiling.share);
        Step::new("ceiling", "总报销上限", formula, limit, &[&ceiling.citation])
    });
    for &place in &pack.resolved.cut {
        let share = &mut shares[place];
        let cut = over.min(share.amount);
        if cut <= Fen::ZERO {
            continue;
        }
        let from_preselfpay = cut.min(share.on_preselfpay);
        share.on_preselfpay -= from_preselfpay;
        left.preselfpay += from_preselfpay;
        left.in_scope += cut - from_preselfpay;
        let before = share.amount;
        share.amount -= cut;
        over -= cut;
        let accumulated = year.payer(place);
        year.set_payer(place, PayerYear { paid: accumulated.paid - cut, ..accumulated });
        steps.say(|| {
            let payer = &pack.payers[place];
            let (key, label) = (format!("{}.ceiling", payer.key), format!("{}按上限扣减后支付", payer.label));
            Step::new(key, label, format!("{before} − {cut}"), before - cut, &[&ceiling.citation])
        });
    }
}
