//! One payer's turn: what it looks at, what it gives, what is left for the next.

use mingbai_domain::Fen;

use super::rule::{Rule, find};
use super::{Assume, PayerAmount};
use crate::bill::BillError;
use crate::explain::Step;
use crate::history::{History, PayerYear};
use crate::pack::condition::{Case, Look};
use crate::pack::payer::{AboveCap, Base, Counting, Payer, Period, Settle};
use crate::pack::{IdentityChange, Pack};

/// What of the bill no payer has taken yet.
#[derive(Clone, Copy)]
pub(super) struct Left {
    /// In scope and still open to later payers.
    pub(super) in_scope: Fen,
    /// In scope but above a cap whose rest stays with the person.
    pub(super) locked: Fen,
    /// 先行自付 no payer has taken.
    pub(super) preselfpay: Fen,
}

/// The bill as one payer sees it.
pub(super) struct Turn<'a> {
    pub(super) pack: &'a Pack,
    pub(super) case: Case<'a>,
    pub(super) in_scope: Fen,
    pub(super) assume: Assume,
}

impl Turn<'_> {
    /// Lets one payer pay; updates what is left and the year, returns its amount and its steps.
    pub(super) fn pay(
        &self,
        payer: &Payer,
        left: &mut Left,
        year: &mut History,
        steps: &mut Vec<Step>,
    ) -> Result<PayerAmount, BillError> {
        let case = Case { nth: nth(payer, &self.case, year), ..self.case.clone() };
        let annual = payer.settle == Settle::Annual;
        let look = if annual { Look::NotIdentity } else { Look::Everything };
        if let Some(mismatch) = payer.mismatch(&case, look) {
            steps.push(Step::new(
                format!("{}.not_applied", payer.key),
                format!("{}支付", payer.label),
                format!("不适用：{}", mismatch.label()),
                Fen::ZERO,
                &[payer.cite("when")],
            ));
            return Ok(PayerAmount::of(payer, Fen::ZERO, Fen::ZERO, false));
        }
        let preselfpay = if payer.base_includes_preselfpay { left.preselfpay } else { Fen::ZERO };
        let base = preselfpay
            + match payer.base {
                Base::InScope => self.in_scope,
                Base::Remaining => left.in_scope,
            };
        let before = year.payer(&payer.key);
        if annual {
            let collected = before.base + base;
            year.payers.insert(payer.key.clone(), PayerYear { base: collected, ..before });
            steps.push(Step::new(
                format!("{}.collected", payer.key),
                format!("{}支付", payer.label),
                format!("年终一次结算，本年累计{collected}，本次先不支付"),
                Fen::ZERO,
                &[payer.cite("settle")],
            ));
            return Ok(PayerAmount::of(payer, Fen::ZERO, Fen::ZERO, true));
        }

        let rule = Rule::find(payer, &case, self.assume)?;
        let given = self.given(payer, &rule, before, base, steps);
        let entitled = given.amount.min(left.in_scope + preselfpay);
        if entitled < given.amount {
            steps.push(Step::new(
                format!("{}.left", payer.key),
                format!("{}支付不超过余下的自付", payer.label),
                format!("{}，余下{}", given.amount, entitled),
                entitled,
                &[],
            ));
        }
        let paid = self.capped(payer, &case, entitled, year, steps)?;

        let on_in_scope = paid.min(left.in_scope);
        let on_preselfpay = paid - on_in_scope;
        left.in_scope -= on_in_scope;
        left.preselfpay -= on_preselfpay;
        if payer.above_cap == AboveCap::StaysPersonal {
            let over = (entitled - paid).min(left.in_scope);
            left.in_scope -= over;
            left.locked += over;
        }
        year.payers.insert(
            payer.key.clone(),
            PayerYear {
                base: before.base + base,
                deductible: before.deductible + given.deductible,
                entitled: before.entitled + entitled,
                paid: before.paid + paid,
            },
        );
        Ok(PayerAmount::of(payer, paid, on_preselfpay, true))
    }

    /// What the rule gives on this bill before caps.
    fn given(&self, payer: &Payer, rule: &Rule<'_>, before: PayerYear, base: Fen, steps: &mut Vec<Step>) -> Given {
        let label = format!("{}支付", payer.label);
        let (owed, words) = match payer.deductible_period {
            Period::Bill => (rule.deductible, rule.deductible_words.clone()),
            Period::Year if before.deductible == Fen::ZERO => {
                (rule.deductible, format!("全年{}", rule.deductible_words))
            }
            Period::Year => {
                let owed = (rule.deductible - before.deductible).at_least_zero();
                (owed, format!("全年{} − 已负担{}", rule.deductible_words, before.deductible))
            }
        };
        if rule.deductible > Fen::ZERO || payer.deductible.len() > 1 {
            steps.push(Step::new(
                format!("{}.deductible", payer.key),
                format!("{}起付线", payer.label),
                words,
                owed,
                &[rule.deductible_citation],
            ));
        }
        let (amount, deductible, formula) = match payer.band_scope {
            Period::Bill => (rule.amount(base, owed), base.min(owed), rule.formula(base, owed)),
            Period::Year => {
                let (earlier, now) = (before.base, before.base + base);
                let at_now = rule.amount(now, rule.deductible);
                // Forward: what the year's rule adds from here on. Whole year: a better identity reaches back.
                let already = match self.pack.identity_change {
                    IdentityChange::LaterBills => rule.amount(earlier, rule.deductible),
                    IdentityChange::WholeYear => before.entitled,
                };
                let formula = rule.formula(now, rule.deductible);
                let formula = match (earlier == Fen::ZERO, already == Fen::ZERO) {
                    (true, true) => formula,
                    (_, true) => format!("全年累计 {formula}"),
                    _ => format!("全年累计 {formula} − 此前已计{already}"),
                };
                let borne = (now.min(rule.deductible) - before.deductible).at_least_zero().min(base);
                ((at_now - already).at_least_zero(), borne, formula)
            }
        };
        let citations: Vec<_> = rule.ratio_citations.clone();
        steps.push(Step::new(format!("{}.amount", payer.key), label, formula, amount, &citations));
        Given { amount, deductible }
    }

    fn capped(
        &self,
        payer: &Payer,
        case: &Case<'_>,
        entitled: Fen,
        year: &History,
        steps: &mut Vec<Step>,
    ) -> Result<Fen, BillError> {
        let row = find(&payer.cap, payer, "封顶线", case)?;
        let Some(cap) = row.value.amount else { return Ok(entitled) };
        let (room, formula) = match row.value.per {
            Period::Bill => (cap, format!("单次封顶{cap}")),
            Period::Year => {
                let used = self.pack.pool_paid(&payer.cap_pool, year);
                ((cap - used).at_least_zero(), format!("全年封顶{cap} − 已支付{used}"))
            }
        };
        if entitled > room {
            steps.push(Step::new(
                format!("{}.cap", payer.key),
                format!("{}封顶后支付", payer.label),
                formula,
                room,
                &[&row.citation],
            ));
        }
        Ok(entitled.min(room))
    }
}

struct Given {
    amount: Fen,
    deductible: Fen,
}

/// Which stay of the year this is for the payer's deductible; 1 when the bill is no stay.
fn nth(payer: &Payer, case: &Case<'_>, year: &History) -> u32 {
    if case.kind != crate::vocabulary::Kind::Inpatient {
        return 1;
    }
    let before = match payer.admission_count {
        Counting::SameLevel => year.admissions_at(case.level),
        Counting::AnyLevel => year.admissions_anywhere(),
    };
    before.saturating_add(1)
}
