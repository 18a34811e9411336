//! 总报销比例上限: when all payers together pass it, the pack's list says who is cut first.

use mingbai_domain::Fen;

use super::pay::Turn;
use crate::explain::{Step, Steps};
use crate::history::PayerYear;
use crate::pack::{Ceiling, CeilingOf, Rounding};
use crate::ratio::round;

impl Turn<'_, '_> {
    /// Cuts payers in the pack's order until the ceiling is kept; what is cut stays with the person.
    pub(super) fn cut(&mut self, ceiling: &Ceiling, total: Fen, steps: &mut impl Steps) {
        let (whole, name) = match ceiling.of {
            CeilingOf::Total => (total, "医疗总费用"),
            CeilingOf::InScope => (self.in_scope, "政策范围内费用"),
        };
        // “不得超过”: the limit itself is rounded down.
        let limit = round(ceiling.share.exact_of(whole), Rounding::DownFen);
        let paid = self.paid;
        let mut over = (paid - limit).at_least_zero();
        steps.say(|| {
            let formula = format!("{name}{whole} × {}，各支付方合计{paid}", ceiling.share);
            Step::new("ceiling", "总报销上限", formula, limit, &[&ceiling.citation])
        });
        if over == Fen::ZERO {
            return;
        }
        for &place in &self.pack.resolved.cut {
            let share = &mut self.shares[place];
            let cut = over.min(share.amount);
            if cut <= Fen::ZERO {
                continue;
            }
            let from_preselfpay = cut.min(share.on_preselfpay);
            share.on_preselfpay -= from_preselfpay;
            self.left.preselfpay += from_preselfpay;
            self.left.in_scope += cut - from_preselfpay;
            let before = share.amount;
            share.amount -= cut;
            over -= cut;
            self.paid -= cut;
            let accumulated = self.year.payer(place);
            self.year.set_payer(place, PayerYear { paid: accumulated.paid - cut, ..accumulated });
            steps.say(|| {
                let payer = &self.pack.payers[place];
                let (key, label) = (format!("{}.ceiling", payer.key), format!("{}按上限扣减后支付", payer.label));
                Step::new(key, label, format!("{before} − {cut}"), before - cut, &[&ceiling.citation])
            });
        }
        if over > Fen::ZERO {
            steps.say(|| {
                let words = format!(
                    "列入扣减顺序的支付方已经扣完，各支付方合计{}仍比总报销上限{limit}多{over}元，请核对政策包的扣减顺序",
                    self.paid
                );
                Step::new("caution.ceiling", "提示", words, over, &[&ceiling.citation])
            });
        }
    }
}
