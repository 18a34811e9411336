//! One payer's turn: what it looks at, what it gives, what is left for the next.

use mingbai_domain::Fen;

use super::Assume;
use super::chain::PayerShare;
use super::limit::Limit;
use super::rule::{Rule, find, not_had};
use super::running::{Running, RunningStay};
use crate::bill::BillError;
use crate::explain::{Step, Steps};
use crate::history::{PayerYear, StayPayer};
use crate::pack::condition::{Case, Look, Mismatch};
use crate::pack::payer::{AboveCap, AnnualBase, Base, Counting, Most, Payer, Period};
use crate::pack::{Citation, IdentityChange, Pack};
use crate::vocabulary::Continuation;

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

/// The stay a bill continues as the same admission.
pub(super) struct SameStay<'a> {
    pub(super) how: Continuation,
    pub(super) stay: &'a RunningStay,
}

/// The bill as one payer sees it.
pub(super) struct Turn<'a> {
    pub(super) pack: &'a Pack,
    pub(super) case: Case,
    pub(super) in_scope: Fen,
    /// What others have already made good.
    pub(super) compensated: Fen,
    pub(super) same_stay: Option<SameStay<'a>>,
    pub(super) assume: Assume,
}

impl<'p> Turn<'p> {
    /// Lets one payer pay; updates what is left and the year, returns its share. `deductible` is where the stay's
    /// deductible is noted for the bills that continue it.
    #[expect(
        clippy::too_many_arguments,
        reason = "a bill's whole state passes from payer to payer here and nowhere else"
    )]
    pub(super) fn pay(
        &self,
        place: usize,
        payer: &'p Payer,
        limit: &mut Option<Limit<'p>>,
        left: &mut Left,
        year: &mut Running,
        deductible: &mut StayPayer,
        steps: &mut impl Steps,
    ) -> Result<PayerShare, BillError> {
        let preselfpay = if payer.base_includes_preselfpay { left.preselfpay } else { Fen::ZERO };
        let base = preselfpay
            + match payer.base {
                Base::InScope => self.in_scope,
                Base::Remaining => left.in_scope,
            };
        let taken_off = if payer.less_compensation { self.compensated } else { Fen::ZERO };
        let mut base = (base - taken_off).at_least_zero();
        let case = Case { nth: self.nth(payer, year), base: Some(base), ..self.case };
        let annual = payer.settle.is_annual();
        let look = if annual { Look::NotIdentity } else { Look::Everything };
        let mut bound = limit.as_mut().filter(|limit| limit.binds(place));
        let outside = bound.as_ref().is_some_and(|limit| !limit.admits(case.level));
        let mismatch = payer.mismatch(&case, look).or_else(|| outside.then_some(Mismatch::Level));
        if let Some(mismatch) = mismatch {
            steps.say(|| not_applied(payer, mismatch.label(), payer.cite("when")));
            return Ok(PayerShare::default());
        }
        if taken_off > Fen::ZERO {
            steps.say(|| {
                let (key, label) = (format!("{}.compensated", payer.key), format!("{}计算基数", payer.label));
                let formula = format!("扣除商业保险等已赔付{taken_off}后");
                Step::new(key, label, formula, base, &[payer.cite("less_compensation")])
            });
        }
        if annual {
            if payer.annual_base == AnnualBase::InTurn {
                collect(place, payer, base, year, steps);
            }
            return Ok(PayerShare { applies: true, ..PayerShare::default() });
        }
        if let Some(room) = bound.as_ref().and_then(|limit| limit.room_on_costs()).filter(|room| *room < base) {
            base = room;
            steps.say(|| limit_step(payer, "计算基数", "限额内可计入的费用", room, bound.as_deref()));
        }

        let before = year.payer(place);
        let mut rule = Rule::find(payer, &case, self.assume)?;
        if let Some((share, citation)) =
            bound.as_ref().and_then(|limit| limit.disease.ratio.map(|share| (share, &limit.disease.citation)))
        {
            rule = rule.with_share(share, citation);
        }
        let given = self.given(place, payer, &rule, before, base, deductible, steps);
        let open = (left.in_scope + preselfpay - taken_off).at_least_zero();
        let entitled = given.amount.min(open);
        if entitled < given.amount {
            steps.say(|| {
                let (key, label) = (format!("{}.left", payer.key), format!("{}支付不超过余下的自付", payer.label));
                Step::new(key, label, format!("{}，余下{}", given.amount, entitled), entitled, &[])
            });
        }
        let mut paid = self.capped(place, payer, &case, entitled, year, steps)?;
        if let Some(room) = bound.as_ref().and_then(|limit| limit.room_to_pay()).filter(|room| *room < paid) {
            paid = room;
            steps.say(|| limit_step(payer, "限额后支付", "病种限额余", room, bound.as_deref()));
        }
        if let Some(limit) = &mut bound {
            limit.has_paid(paid);
        }

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
    #[expect(clippy::too_many_arguments, reason = "split off pay, whose state it shares")]
    fn given(
        &self,
        place: usize,
        payer: &Payer,
        rule: &Rule<'_>,
        before: PayerYear,
        base: Fen,
        deductible: &mut StayPayer,
        steps: &mut impl Steps,
    ) -> Given {
        let earlier = self.same_stay.as_ref().and_then(|same| Some((same.how, same.stay.payer(place)?)));
        let whole = match earlier {
            Some((Continuation::Period, stay)) => stay.deductible,
            Some((Continuation::Transfer, stay)) if stay.paid > Fen::ZERO => stay.deductible,
            _ => rule.deductible,
        };
        let had = earlier.map(|(_, stay)| stay).unwrap_or_default();
        let owed = match payer.deductible_period {
            Period::Bill => (whole - had.borne).at_least_zero(),
            Period::Year => (rule.deductible - before.deductible).at_least_zero(),
        };
        *deductible = StayPayer { deductible: whole, borne: had.borne + base.min(owed), paid: had.paid };
        if rule.deductible > Fen::ZERO || payer.deductible.len() > 1 {
            steps.say(|| {
                let words = match payer.deductible_period {
                    Period::Bill if earlier.is_some() => {
                        format!("同一次住院的起付线{whole} − 前面已负担{}", had.borne)
                    }
                    Period::Bill => rule.deductible_words(),
                    Period::Year if before.deductible == Fen::ZERO => format!("全年{}", rule.deductible_words()),
                    Period::Year => format!("全年{} − 已负担{}", rule.deductible_words(), before.deductible),
                };
                let (key, label) = (format!("{}.deductible", payer.key), format!("{}起付线", payer.label));
                let same = self.same_stay.as_ref().and_then(|same| self.pack.switch(same.switch()));
                let citations: Vec<_> = rule.deductible_citations().chain(same.map(|(_, citation)| citation)).collect();
                Step::new(key, label, words, owed, &citations)
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
        let mut paid = entitled;
        match row.value.amount {
            Most::Open => {}
            Most::Unknown => return Err(not_had(payer, "封顶线")),
            Most::Fixed(cap) => {
                let (room, used) = match row.value.per {
                    Period::Bill => (cap, None),
                    Period::Year => {
                        let used = year.pool_paid(self.pack, place);
                        ((cap - used).at_least_zero(), Some(used))
                    }
                };
                if paid > room {
                    paid = room;
                    steps.say(|| {
                        let (key, label) = (format!("{}.cap", payer.key), format!("{}封顶后支付", payer.label));
                        let words = |used| format!("全年封顶{cap} − 已支付{used}");
                        let formula = used.map_or_else(|| format!("单次封顶{cap}"), words);
                        Step::new(key, label, formula, room, &[&row.citation])
                    });
                }
            }
        }
        if let Some((room, at)) = year.joint_room(self.pack, place, case).filter(|(room, _)| *room < paid) {
            paid = room;
            steps.say(|| {
                let cap = self.pack.joint_caps.get(at);
                let words = cap.map(|cap| format!("{}合用封顶{}，余{room}", cap.label, cap.amount)).unwrap_or_default();
                let citations: Vec<_> = cap.map(|cap| &cap.citation).into_iter().collect();
                let (key, label) = (format!("{}.joint_cap", payer.key), format!("{}合用封顶后支付", payer.label));
                Step::new(key, label, words, room, &citations)
            });
        }
        Ok(paid)
    }

    /// Which stay of the year this is for the payer's deductible; 1 when the bill is no stay.
    fn nth(&self, payer: &Payer, year: &Running) -> u32 {
        if !self.pack.stays.admission_kinds.contains(self.case.kind) {
            return 1;
        }
        let before = match payer.admission_count {
            Counting::SameLevel => year.admissions_at(self.case.level),
            Counting::AnyLevel => year.admissions_anywhere(),
        };
        // A bill that goes on with a stay is that stay, unless its level was never counted.
        let counted = self
            .same_stay
            .as_ref()
            .is_some_and(|same| payer.admission_count == Counting::AnyLevel || same.stay.level == self.case.level);
        if counted { before.max(1) } else { before.saturating_add(1) }
    }
}

impl SameStay<'_> {
    /// The switch that makes it the same stay.
    fn switch(&self) -> &'static str {
        match self.how {
            Continuation::Transfer => "transfer_within_24h",
            Continuation::Period => "continued_stay",
        }
    }
}

/// Adds a bill's base to what an annual payer will settle.
pub(super) fn collect(place: usize, payer: &Payer, base: Fen, year: &mut Running, steps: &mut impl Steps) {
    let before = year.payer(place);
    let collected = before.base + base;
    year.set_payer(place, PayerYear { base: collected, ..before });
    steps.say(|| {
        let formula = format!("年终一次结算，本年累计{collected}，本次先不支付");
        let (key, label) = (format!("{}.collected", payer.key), format!("{}支付", payer.label));
        Step::new(key, label, formula, Fen::ZERO, &[payer.cite("settle")])
    });
}

/// The step that says why a payer pays nothing.
pub(super) fn not_applied(payer: &Payer, reason: &str, citation: &Citation) -> Step {
    let (key, label) = (format!("{}.not_applied", payer.key), format!("{}支付", payer.label));
    Step::new(key, label, format!("不适用：{reason}"), Fen::ZERO, &[citation])
}

fn limit_step(payer: &Payer, what: &str, words: &str, room: Fen, limit: Option<&Limit<'_>>) -> Step {
    let (key, label) = (format!("{}.disease_limit", payer.key), format!("{}{what}", payer.label));
    let name = limit.map(|limit| limit.disease.label.as_str()).unwrap_or_default();
    let citations: Vec<_> = limit.map(|limit| &limit.disease.citation).into_iter().collect();
    Step::new(key, label, format!("“{name}”{words}{room}"), room, &citations)
}

struct Given {
    amount: Fen,
    deductible: Fen,
}
