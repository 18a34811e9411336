//! Payers that settle once a year, on what the year's bills have accumulated.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::Serialize;

use super::chain::PayerShare;
use super::rule::Rule;
use super::running::Running;
use super::{PayerAmount, in_force, labels};
use crate::bill::BillError;
use crate::explain::{Step, Steps};
use crate::history::{History, PayerYear};
use crate::pack::Pack;
use crate::pack::condition::Look;
use crate::pack::payer::{AnnualBase, Base, Most, Payer, Settle};
use crate::pack::resolved::Holder;
use crate::pack::situation::{Case, Situation};
use crate::pack::terms::{PayerTables, not_had};
use crate::person::Person;
use crate::said;

/// What the annual payers pay on one person's year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnualSettlement {
    /// Calendar year.
    pub year: i32,
    /// Labels of the identities that counted.
    pub identities: Vec<String>,
    /// The annual payers, in the pack's order.
    pub payers: Vec<PayerAmount>,
    /// In-scope money left to the person after them.
    pub in_scope_personal: Fen,
    /// The year before.
    pub before: History,
    /// The year after.
    pub after: History,
    /// Every step.
    pub steps: Vec<Step>,
    /// One plain sentence for the family.
    pub said: String,
}

/// The days whose identities count at a year's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearEndDays {
    /// The year's last day; a day within it for a year that still runs.
    pub last: NaiveDate,
    /// The first and last day on which the family can have applied for what is only paid on application.
    pub applied: (NaiveDate, NaiveDate),
}

impl YearEndDays {
    /// Everything on one day.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { last: day, applied: (day, day) }
    }

    /// The end of a year as it is seen on a day: a year that still runs ends that day, and what has to be applied for is
    /// applied for in the year after.
    #[must_use]
    pub fn seen(year: i32, today: NaiveDate) -> Self {
        let day = |year| NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(today);
        let last = day(year);
        if today <= last {
            return Self::on(today);
        }
        let first = last.succ_opt().unwrap_or(last);
        Self { last, applied: (first, today.min(day(year.saturating_add(1)))) }
    }
}

/// Settles the annual payers of a year, with the identities held on `as_of` (the day of application or the year's end).
///
/// # Errors
/// [`BillError::BadHistory`], or [`BillError::NoRule`] when the pack is silent.
pub fn settle_annual(
    pack: &Pack,
    person: &Person,
    history: &History,
    as_of: NaiveDate,
) -> Result<AnnualSettlement, BillError> {
    settle_year_end(pack, person, history, YearEndDays::on(as_of))
}

/// As [`settle_annual`], where what the family has to apply for counts the identities of another time.
///
/// # Errors
/// As [`settle_annual`].
pub fn settle_year_end(
    pack: &Pack,
    person: &Person,
    history: &History,
    end: YearEndDays,
) -> Result<AnnualSettlement, BillError> {
    let holder = Holder::of(pack, person);
    let year = Year::new(pack, &holder, history.year, end);
    let mut running = Running::of(pack, history);
    let (mut shares, mut steps) = (vec![PayerShare::default(); pack.payers.len()], Vec::new());
    year.settle(&mut running, &mut shares, &mut steps)?;
    // Payers of single bills only where they make something good.
    let paid_now = |payer: &Payer, share: &PayerShare| payer.settle.is_annual() || share.amount > Fen::ZERO;
    let all = pack.payers.iter().zip(shares).filter(|(payer, share)| paid_now(payer, share));
    let payers: Vec<PayerAmount> =
        all.map(|(payer, share)| PayerAmount { annual: true, ..PayerAmount::of(payer, share) }).collect();
    let mut after = history.clone();
    running.write(pack, &mut after);
    let said = said::annual(history.year, &payers, after.in_scope_personal);
    Ok(AnnualSettlement {
        year: history.year,
        identities: labels(pack, year.case.situation.identities.either(year.applied.situation.identities)),
        payers,
        in_scope_personal: after.in_scope_personal,
        before: history.clone(),
        after,
        steps,
        said,
    })
}

/// The end of a year under one pack, with the identities of its last day and those of the application.
pub(super) struct Year<'p> {
    pub(super) pack: &'p Pack,
    pub(super) case: Case,
    applied: Case,
}

impl<'p> Year<'p> {
    pub(super) fn new(pack: &'p Pack, holder: &Holder, year: i32, end: YearEndDays) -> Self {
        // Rows of annual payers look at identities only (the pack is checked for that), so the rest of the case is idle.
        let case = |first, last| Case {
            income: pack.income_before(year),
            year: Some(year),
            ..Case::of(Situation::of_identities(in_force(pack, holder.held_between(first, last))))
        };
        Self { pack, case: case(end.last, end.last), applied: case(end.applied.0, end.applied.1) }
    }

    /// Settles the annual payers; `shares` has a place for every payer of the pack.
    pub(super) fn settle(
        &self,
        running: &mut Running,
        shares: &mut [PayerShare],
        steps: &mut impl Steps,
    ) -> Result<(), BillError> {
        running.check(self.pack)?;
        for (place, payer) in self.pack.payers.iter().enumerate() {
            shares[place] = self.make_good(place, payer, &shares[..place], running, steps)?;
        }
        for (place, payer) in self.pack.payers.iter().enumerate().filter(|(_, payer)| payer.settle.is_annual()) {
            shares[place] = self.pay(place, payer, shares, running, steps)?;
        }
        Ok(())
    }

    fn pay(
        &self,
        place: usize,
        payer: &Payer,
        shares: &[PayerShare],
        running: &mut Running,
        steps: &mut impl Steps,
    ) -> Result<PayerShare, BillError> {
        let case = if payer.settle == Settle::Application { &self.applied } else { &self.case };
        let label = || format!("{}支付", payer.label);
        if let Some(mismatch) = payer.mismatch(case, Look::OnlyIdentity) {
            steps.say(|| {
                let (key, formula) = (format!("{}.not_applied", payer.key), format!("不适用：{}", mismatch.label()));
                Step::new(key, label(), formula, Fen::ZERO, &[payer.cite("when")])
            });
            return Ok(PayerShare::default());
        }
        let before = running.payer(place);
        let tables = PayerTables::of(payer, &case.situation);
        let terms = tables.terms(case, false)?;
        let rule = Rule::of(&terms, case.nth);
        // Bill by bill everybody collected what was still open then; what payers before this one pay now is so no more.
        let earlier =
            if payer.base == Base::Remaining { self.paid_earlier(place, payer, shares, running) } else { Fen::ZERO };
        let base = (before.base - earlier).at_least_zero();
        if earlier > Fen::ZERO {
            steps.say(|| {
                let (key, label) = (format!("{}.base", payer.key), format!("{}计算基数", payer.label));
                let formula = format!("全年累计{} − 排在前面的年终支付{earlier}", before.base);
                Step::new(key, label, formula, base, &[payer.cite("annual_base")])
            });
        }
        let whole = rule.amount(base, rule.deductible);
        let given = (whole - before.entitled).at_least_zero();
        steps.say(|| {
            let mut formula = rule.formula(base, rule.deductible);
            if before.entitled > Fen::ZERO {
                formula = format!("{formula} − 此前已计{}", before.entitled);
            }
            let citations: Vec<_> = rule.ratio_citations().chain(rule.deductible_citations()).collect();
            Step::new(format!("{}.amount", payer.key), label(), formula, given, &citations)
        });

        let cap = rule.cap();
        let used = running.pool_paid(self.pack, place);
        let room = match cap.value.amount {
            Most::Open => given,
            Most::Fixed(amount) => (amount - used).at_least_zero(),
            Most::Unknown => return Err(not_had(payer, "封顶线")),
        };
        let room =
            running.joint_room(self.pack, place, case, Look::OnlyIdentity).map_or(room, |(joint, _)| room.min(joint));
        // Aid paid on single bills may already have taken part of the accumulated base.
        let preselfpay = if payer.base_includes_preselfpay { running.preselfpay_personal } else { Fen::ZERO };
        let left = running.in_scope_personal + preselfpay;
        let paid = given.min(room).min(left);
        if paid < given {
            steps.say(|| {
                let (key, label) = (format!("{}.cap", payer.key), format!("{}限额后支付", payer.label));
                Step::new(key, label, format!("全年限额余{room}，余下个人负担{left}"), paid, &[&cap.citation])
            });
        }
        let on_in_scope = paid.min(running.in_scope_personal);
        let on_preselfpay = paid - on_in_scope;
        running.in_scope_personal -= on_in_scope;
        running.preselfpay_personal -= on_preselfpay;
        running.set_payer(
            place,
            PayerYear {
                base: before.base,
                deductible: base.min(rule.deductible),
                entitled: before.entitled + given,
                paid: before.paid + paid,
                short: Fen::ZERO,
            },
        );
        Ok(PayerShare { amount: paid, on_preselfpay, applies: true })
    }

    /// What was paid at this year's end before a payer's turn, off what it has collected: by the annual payers before it, and
    /// by whoever made something good of the payers it comes after. They pay 先行自付 only when nothing in scope is left, so
    /// all of it comes off whatever a later one looks at.
    fn paid_earlier(&self, place: usize, payer: &Payer, shares: &[PayerShare], running: &Running) -> Fen {
        let after_all = payer.annual_base == AnnualBase::AfterImmediate;
        let payers = self.pack.payers.iter().enumerate().zip(shares);
        let earlier = payers.map(|((at, other), share)| match other.settle.is_annual() {
            true if at < place => running.payer(at).paid,
            false if at < place || after_all => share.amount,
            _ => Fen::ZERO,
        });
        earlier.sum()
    }
}
