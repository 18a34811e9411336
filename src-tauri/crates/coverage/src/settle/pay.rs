//! One payer's turn: what it looks at, what it gives, what is left for the next.

use mingbai_domain::Fen;

use super::Assume;
use super::chain::PayerShare;
use super::rule::{Rule, find};
use super::running::Running;
use crate::bill::BillError;
use crate::explain::{Step, Steps};
use crate::history::PayerYear;
use crate::pack::condition::{Case, Look};
use crate::pack::payer::{AboveCap, Base, Counting, Payer, Period, Settle};
use crate::pack::{IdentityChange, Pack};
use crate::vocabulary::Kind;

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
    pub(super) case: Case,
    pub(super) in_scope: Fen,
    pub(super) assume: Assume,
}

impl Turn<'_> {
    /// Lets one payer pay; updates what is left and the year, returns its share.
    pub(super) fn pay(
        &self,
        place: usize,
        payer: &Payer,
        left: &mut Left,
        year: &mut Running,
        steps: &mut impl Steps,
    ) -> Result<PayerShare, BillError> {
        let case = Case { nth: nth(payer, &self.case, year), ..self.case };
        let annual = payer.settle == Settle::Annual;
        let look = if annual { Look::NotIdentity } else { Look::Everything };
        let label = || format!("{}支付", payer.label);
        if let Some(mismatch) = payer.mismatch(&case, look) {
            steps.say(|| {
                let (key, formula) = (format!("{}.not_applied", payer.key), format!("不适用：{}", mismatch.label()));
                Step::new(key, label(), formula, Fen::ZERO, &[payer.cite("when")])
            });
            return Ok(PayerShare::default());
        }
        let preselfpay = if payer.base_includes_preselfpay { left.preselfpay } else { Fen::ZERO };
        let base = preselfpay
            + match payer.base {
                Base::InScope => self.in_scope,
                Base::Remaining => left.in_scope,
            };
        let before = year.payer(place);
        if annual {
            let collected = before.base + base;
            year.set_payer(place, PayerYear { base: collected, ..before });
            steps.say(|| {
                let formula = format!("年终一次结算，本年累计{collected}，本次先不支付");
                Step::new(format!("{}.collected", payer.key), label(), formula, Fen::ZERO, &[payer.cite("settle")])
            });
            return Ok(PayerShare { applies: true, ..PayerShare::default() });
        }

        let rule = Rule::find(payer, &case, self.assume)?;
        let given = self.given(payer, &rule, before, base, steps);
        let entitled = given.amount.min(left.in_scope + preselfpay);
        if entitled < given.amount {
            steps.say(|| {
                let (key, label) = (format!("{}.left", payer.key), format!("{}支付不超过余下的自付", payer.label));
                Step::new(key, label, format!("{}，余下{}", given.amount, entitled), entitled, &[])
            });
        }
        let paid = self.capped(place, payer, &case, entitled, year, steps)?;

        let on_in_scope = paid.min(left.in_scope);
        let on_preselfpay = paid - on_in_scope;
        left.in_scope -= on_in_scope;
        left.preselfpay -= on_preselfpay;
        if payer.above_cap == AboveCap::StaysPersonal {
            let over = (entitled - paid).min(left.in_scope);
            left.in_scope -= over;
            left.locked += over;
        }
        year.set_payer(
            place,
            PayerYear {
                base: before.base + base,
                deductible: before.deductible + given.deductible,
                entitled: before.entitled + entitled,
                paid: before.paid + paid,
            },
        );
        Ok(PayerShare { amount: paid, on_preselfpay, applies: true })
    }

    /// What the rule gives on this bill before caps.
    fn given(&self, payer: &Payer, rule: &Rule<'_>, before: PayerYear, base: Fen, steps: &mut impl Steps) -> Given {
        let owed = match payer.deductible_period {
            Period::Bill => rule.deductible,
            Period::Year => (rule.deductible - before.deductible).at_least_zero(),
        };
        if rule.deductible > Fen::ZERO || payer.deductible.len() > 1 {
            steps.say(|| {
                let words = match payer.deductible_period {
                    Period::Bill => rule.deductible_words(),
                    Period::Year if before.deductible == Fen::ZERO => format!("全年{}", rule.deductible_words()),
                    Period::Year => format!("全年{} − 已负担{}", rule.deductible_words(), before.deductible),
                };
                let (key, label) = (format!("{}.deductible", payer.key), format!("{}起付线", payer.label));
                Step::new(key, label, words, owed, &[rule.deductible_citation()])
            });
        }
        // Bands of a year look at the year's base: what it gives now, less what was given for the earlier part.
        let (looked_at, threshold, already, borne) = match payer.band_scope {
            Period::Bill => (base, owed, Fen::ZERO, base.min(owed)),
            Period::Year => {
                let (earlier, now) = (before.base, before.base + base);
                // Forward: what the year's rule adds from here on. Whole year: a better identity reaches back.
                let already = match self.pack.identity_change {
                    IdentityChange::LaterBills => rule.amount(earlier, rule.deductible),
                    IdentityChange::WholeYear => before.entitled,
                };
                let borne = (now.min(rule.deductible) - before.deductible).at_least_zero().min(base);
                (now, rule.deductible, already, borne)
            }
        };
        let amount = (rule.amount(looked_at, threshold) - already).at_least_zero();
        steps.say(|| {
            let formula = rule.formula(looked_at, threshold);
            let formula = match payer.band_scope {
                Period::Bill => formula,
                Period::Year if already > Fen::ZERO => format!("全年累计 {formula} − 此前已计{already}"),
                Period::Year if before.base > Fen::ZERO => format!("全年累计 {formula}"),
                Period::Year => formula,
            };
            let citations: Vec<_> = rule.ratio_citations().collect();
            Step::new(format!("{}.amount", payer.key), format!("{}支付", payer.label), formula, amount, &citations)
        });
        Given { amount, deductible: borne }
    }

    fn capped(
        &self,
        place: usize,
        payer: &Payer,
        case: &Case,
        entitled: Fen,
        year: &Running,
        steps: &mut impl Steps,
    ) -> Result<Fen, BillError> {
        let row = find(&payer.cap, payer, "封顶线", case)?;
        let Some(cap) = row.value.amount else { return Ok(entitled) };
        let (room, used) = match row.value.per {
            Period::Bill => (cap, None),
            Period::Year => {
                let used = year.pool_paid(self.pack, place);
                ((cap - used).at_least_zero(), Some(used))
            }
        };
        if entitled > room {
            steps.say(|| {
                let (key, label) = (format!("{}.cap", payer.key), format!("{}封顶后支付", payer.label));
                let formula =
                    used.map_or_else(|| format!("单次封顶{cap}"), |used| format!("全年封顶{cap} − 已支付{used}"));
                Step::new(key, label, formula, room, &[&row.citation])
            });
        }
        Ok(entitled.min(room))
    }
}

struct Given {
    amount: Fen,
    deductible: Fen,
}

/// Which stay of the year this is for the payer's deductible; 1 when the bill is no stay.
fn nth(payer: &Payer, case: &Case, year: &Running) -> u32 {
    if case.kind != Kind::Inpatient {
        return 1;
    }
    let before = match payer.admission_count {
        Counting::SameLevel => year.admissions_at(case.level),
        Counting::AnyLevel => year.admissions_anywhere(),
    };
    before.saturating_add(1)
}
