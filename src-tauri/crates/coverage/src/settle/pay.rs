//! One payer's turn: what it looks at, what it gives, what is left for the next.

use mingbai_domain::Fen;

use super::Assume;
use super::admission::{Nth, SameStay};
use super::chain::PayerShare;
use super::limit::Limit;
use super::make_good;
use super::rule::Rule;
use super::running::Running;
use crate::bill::BillError;
use crate::explain::{NoSteps, Step, Steps};
use crate::history::{PayerYear, StayPayer};
use crate::pack::condition::{Look, Mismatch};
use crate::pack::payer::{AboveCap, AnnualBase, Base, Cap, Most, Payer, Period};
use crate::pack::situation::Case;
use crate::pack::table::Row;
use crate::pack::terms::{PayerTables, not_had};
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

/// A bill on its way from payer to payer.
pub(super) struct Turn<'a, 'p> {
    pub(super) pack: &'p Pack,
    /// Whose `nth` and `base` are those of the payer at hand.
    pub(super) case: &'a mut Case,
    pub(super) nth: Nth,
    pub(super) in_scope: Fen,
    /// What others have already made good.
    pub(super) compensated: Fen,
    pub(super) same_stay: Option<SameStay<'a>>,
    pub(super) assume: Assume,
    pub(super) limit: Option<Limit<'p>>,
    pub(super) left: Left,
    /// What all payers so far pay together.
    pub(super) paid: Fen,
    pub(super) year: &'a mut Running,
    /// What each payer pays, in the pack's order.
    pub(super) shares: &'a mut [PayerShare],
    /// What payers took, for the bills that continue the stay; kept only where some rule looks back.
    pub(super) stay: Vec<(usize, StayPayer)>,
}

impl<'p> Turn<'_, 'p> {
    /// The case without any payer at hand.
    pub(super) fn case_of_the_bill(&mut self) -> &Case {
        (self.case.nth, self.case.base) = (1, None);
        self.case
    }

    /// Lets one payer pay; updates its share, what is left and the year.
    pub(super) fn pay<const PLAIN: bool>(
        &mut self,
        place: usize,
        tables: &PayerTables<'p>,
        steps: &mut impl Steps,
    ) -> Result<(), BillError> {
        let payer = tables.payer;
        let preselfpay = if payer.base_includes_preselfpay { self.left.preselfpay } else { Fen::ZERO };
        let base = preselfpay
            + match payer.base {
                Base::InScope => self.in_scope,
                Base::Remaining => self.left.in_scope,
            };
        let taken_off = if !PLAIN && payer.less_compensation { self.compensated } else { Fen::ZERO };
        let base = (base - taken_off).at_least_zero();
        self.case.nth = self.nth.counted(payer.admission_count);
        self.case.base = Some(base);
        let bound = self.limit::<PLAIN>().filter(|limit| limit.binds(place));
        let outside = bound.is_some_and(|limit| !limit.admits(self.case.situation.level));
        if outside || !tables.when.holds(self.case) {
            steps.say(|| self.not_applied(payer));
            return Ok(());
        }
        if taken_off > Fen::ZERO {
            steps.say(|| {
                let (key, label) = (format!("{}.compensated", payer.key), format!("{}计算基数", payer.label));
                let formula = format!("扣除商业保险等已赔付{taken_off}后");
                Step::new(key, label, formula, base, &[payer.cite("less_compensation")])
            });
        }
        if payer.settle.is_annual() {
            if payer.annual_base == AnnualBase::InTurn {
                self.collect(place, payer, base, steps);
            }
            self.remember::<PLAIN>(place, StayPayer::default());
            self.shares[place].applies = true;
            return Ok(());
        }
        let room = bound.and_then(|limit| limit.room_on_costs(payer.base)).filter(|room| *room < base);
        let above_limit = room.map_or(Fen::ZERO, |room| base - room);
        let base = room.unwrap_or(base);
        if let Some(room) = room {
            steps.say(|| limit_step(payer, "计算基数", "限额内可计入的费用", room, bound));
        }
        let is_bound = bound.is_some();
        if is_bound && let Some(limit) = &mut self.limit {
            limit.has_looked_at(base);
        }
        let bound = self.limit::<PLAIN>().filter(|_| is_bound);

        let before = self.year.payer(place);
        let ordinary = !PLAIN && self.assume.ordinary_deductible(payer);
        let found;
        let terms = match &tables.decided {
            Some(decided) if !ordinary => decided,
            _ => {
                found = tables.terms(self.case, ordinary)?;
                &found
            }
        };
        let mut rule = Rule::of(terms, if ordinary { 1 } else { self.case.nth });
        if let Some(disease) = bound.map(|limit| limit.disease)
            && let Some(share) = disease.ratio
        {
            rule = rule.with_share(share, &disease.citation);
        }
        let given = self.given::<PLAIN>(place, payer, &rule, before, base, steps);
        let room = self.left.in_scope + preselfpay;
        let entitled = given.amount.min((room - taken_off).at_least_zero());
        // What others have compensated already is owed by nobody, on no later bill either.
        let counted = given.amount.min(room);
        if entitled < given.amount {
            steps.say(|| {
                let (key, label) = (format!("{}.left", payer.key), format!("{}支付不超过余下的自付", payer.label));
                Step::new(key, label, format!("{}，余下{}", given.amount, entitled), entitled, &[])
            });
        }
        let mut paid = self.capped::<PLAIN>(place, payer, rule.cap(), entitled, steps)?;
        let mut short = if counted < given.amount && self.pack.identity_change == IdentityChange::WholeYear {
            let whole = || self.capped::<PLAIN>(place, payer, rule.cap(), given.amount, &mut NoSteps);
            make_good::left_to_the_end(self.pack, payer, given.amount - counted, steps, || Ok(whole()? - paid))?
        } else {
            Fen::ZERO
        };
        if let Some(limit) = self.limit.as_mut().filter(|limit| !PLAIN && limit.binds(place)) {
            if let Some(room) = limit.room_to_pay().filter(|room| *room < paid) {
                paid = room;
                steps.say(|| limit_step(payer, "限额后支付", "病种限额余", room, Some(limit)));
            }
            limit.has_paid(paid);
            short = limit.room_to_pay().map_or(short, |room| short.min(room));
        }

        let left = &mut self.left;
        let on_in_scope = paid.min(left.in_scope);
        let on_preselfpay = paid - on_in_scope;
        left.in_scope -= on_in_scope;
        left.preselfpay -= on_preselfpay;
        if payer.above_cap == AboveCap::StaysPersonal {
            let over = (entitled - paid + above_limit).min(left.in_scope);
            left.in_scope -= over;
            left.locked += over;
        }
        let after = PayerYear {
            base: before.base + base,
            deductible: before.deductible + given.deductible,
            entitled: before.entitled + counted,
            paid: before.paid + paid,
            short,
        };
        self.year.set_payer(place, after);
        self.remember::<PLAIN>(place, given.stay);
        self.shares[place] = PayerShare { amount: paid, on_preselfpay, applies: true };
        self.paid += paid;
        Ok(())
    }

    /// The limit of the bill's disease.
    fn limit<const PLAIN: bool>(&self) -> Option<&Limit<'p>> {
        if PLAIN { None } else { self.limit.as_ref() }
    }

    /// What a payer took of the earlier parts of the admission, and how the bill goes on with them.
    fn earlier<const PLAIN: bool>(&self, place: usize) -> Option<(Continuation, StayPayer)> {
        let same = if PLAIN { None } else { self.same_stay.as_ref() }?;
        Some((same.how, same.stay.payer(place)?))
    }

    /// What the rule gives on this bill before caps.
    fn given<const PLAIN: bool>(
        &self,
        place: usize,
        payer: &Payer,
        rule: &Rule<'_, '_>,
        before: PayerYear,
        base: Fen,
        steps: &mut impl Steps,
    ) -> Given {
        let earlier = self.earlier::<PLAIN>(place);
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
        let stay =
            StayPayer { base: had.base + base, deductible: whole, borne: had.borne + base.min(owed), paid: had.paid };
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
            // Parts of one admission fill its bands one after the other: together they give what one bill would.
            Period::Bill if had.base > Fen::ZERO => {
                let threshold = had.borne + owed;
                // What is owed falls on this part alone, also where the earlier one had more than it bore.
                (stay.base, threshold, rule.amount(had.base, had.borne), base.min(owed))
            }
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
                Period::Bill if had.base > Fen::ZERO => format!("同一次住院累计 {formula} − 前面各期{already}"),
                Period::Bill => formula,
                Period::Year if already > Fen::ZERO && already == before.entitled => {
                    format!("全年累计 {formula} − 此前已计{already}")
                }
                // What the present rule would have given was not given then.
                Period::Year if already > Fen::ZERO => format!("全年累计 {formula} − 按现在的规定此前应计{already}"),
                Period::Year if before.base > Fen::ZERO => format!("全年累计 {formula}"),
                Period::Year => formula,
            };
            let citations: Vec<_> = rule.ratio_citations().collect();
            Step::new(format!("{}.amount", payer.key), format!("{}支付", payer.label), formula, amount, &citations)
        });
        Given { amount, deductible: borne, stay }
    }

    fn capped<const PLAIN: bool>(
        &self,
        place: usize,
        payer: &Payer,
        row: &Row<Cap>,
        entitled: Fen,
        steps: &mut impl Steps,
    ) -> Result<Fen, BillError> {
        let mut paid = entitled;
        match row.value.amount {
            Most::Open => {}
            Most::Unknown => return Err(not_had(payer, "封顶线")),
            Most::Fixed(cap) => {
                let (room, used) = match row.value.per {
                    // A part of an admission leaves so much less to the next.
                    Period::Bill => match self.earlier::<PLAIN>(place).map(|(_, stay)| stay.paid) {
                        Some(used) => ((cap - used).at_least_zero(), Some(("同一次住院", used))),
                        None => (cap, None),
                    },
                    Period::Year => {
                        let used = self.year.pool_paid(self.pack, place);
                        ((cap - used).at_least_zero(), Some(("全年", used)))
                    }
                };
                if paid > room {
                    paid = room;
                    steps.say(|| {
                        let (key, label) = (format!("{}.cap", payer.key), format!("{}封顶后支付", payer.label));
                        let words = |(over, used)| format!("{over}封顶{cap} − 已支付{used}");
                        let formula = used.map_or_else(|| format!("单次封顶{cap}"), words);
                        Step::new(key, label, formula, room, &[&row.citation])
                    });
                }
            }
        }
        let joint = if PLAIN { None } else { self.year.joint_room(self.pack, place, self.case, Look::Everything) };
        if let Some((room, at)) = joint.filter(|(room, _)| *room < paid) {
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

    /// Adds a bill's base to what an annual payer will settle.
    pub(super) fn collect(&mut self, place: usize, payer: &Payer, base: Fen, steps: &mut impl Steps) {
        let before = self.year.payer(place);
        let collected = before.base + base;
        self.year.set_payer(place, PayerYear { base: collected, ..before });
        steps.say(|| {
            let formula = format!("年终一次结算，本年累计{collected}，本次先不支付");
            let (key, label) = (format!("{}.collected", payer.key), format!("{}支付", payer.label));
            Step::new(key, label, formula, Fen::ZERO, &[payer.cite("settle")])
        });
    }

    /// Why a payer's conditions keep it from paying; when they do not, its disease is not treated at this level.
    pub(super) fn not_applied(&self, payer: &Payer) -> Step {
        let mismatch = payer.mismatch(self.case, payer.look()).unwrap_or(Mismatch::Level);
        not_applied(payer, mismatch.label(), payer.cite("when"))
    }

    fn remember<const PLAIN: bool>(&mut self, place: usize, payer: StayPayer) {
        if !PLAIN && self.pack.stays.look_back() {
            self.stay.push((place, payer));
        }
    }
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
    /// What the person bears of it this year.
    deductible: Fen,
    stay: StayPayer,
}
