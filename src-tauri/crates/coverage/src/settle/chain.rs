//! One bill through the chain of payers. The only code that works out amounts: with [`NoSteps`](crate::explain::NoSteps)
//! it does nothing else, with a list of steps it also says why.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;

use super::limit::Treated;
use super::pay::{Left, SameStay, Turn, collect, not_applied};
use super::running::{Running, RunningStay};
use super::{Assume, ceiling, in_force, scope};
use crate::bill::{Bill, BillError};
use crate::explain::{Step, Steps};
use crate::history::StayPayer;
use crate::pack::condition::{Case, Look};
use crate::pack::payer::AnnualBase;
use crate::pack::resolved::{Holder, Identity};
use crate::pack::{ContinuedStay, CrossYear, IdentityMoment, Pack, Transfer, Unreferred, YearOf};
use crate::set::Set;
use crate::vocabulary::{Column, Continuation, Kind, Referral};

/// What one payer pays on one bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayerShare {
    /// What it pays.
    pub amount: Fen,
    /// The part of it that pays 先行自付.
    pub on_preselfpay: Fen,
    /// Whether its conditions hold for this bill.
    pub applies: bool,
}

/// What a bill comes to besides its payers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worked {
    pub(super) identities: Set<Identity>,
    pub(super) preselfpay: Fen,
    pub(super) in_scope: Fen,
    pub(super) in_scope_personal: Fen,
    pub(super) preselfpay_personal: Fen,
    pub(super) personal: Fen,
    pub(super) paid: Fen,
    pub(super) paid_on_preselfpay: Fen,
}

/// A pack and a person, for bills one after the other.
pub(super) struct Chain<'a> {
    pub(super) pack: &'a Pack,
    pub(super) holder: &'a Holder,
    pub(super) assume: Assume,
}

impl<'p> Chain<'p> {
    /// Settles a bill: `shares` is what each payer pays, `running` the year after it. On an error both are worth nothing.
    pub(super) fn settle(
        &self,
        bill: &Bill,
        running: &mut Running,
        shares: &mut Vec<PayerShare>,
        steps: &mut impl Steps,
    ) -> Result<Worked, BillError> {
        let pack = self.pack;
        bill.check()?;
        running.check(pack)?;
        let year = year_of(pack, bill)?;
        if running.year != year {
            return Err(BillError::OtherYear { history: running.year, bill: year });
        }
        let identities = self.identities(bill);
        let treated = self.treated(bill)?;
        let case = Case {
            kind: if matches!(treated, Treated::AsOutpatient(_)) { Kind::Outpatient } else { bill.kind },
            level: bill.level,
            area: bill.area,
            referral: bill.referral,
            identities,
            nth: 1,
            total: Some(bill.total),
            age: self.age(bill)?,
            major: Some(bill.major_disease),
            disease: if let Treated::As(place, _) = &treated { Some(*place) } else { None },
            base: None,
            income: pack.income_before(year),
            year: Some(year),
        };
        self.check_length(bill, &case)?;
        if let Err(what) = pack.gaps(&case) {
            return Err(BillError::NotInPack { what });
        }
        let blocked = self.blocked(bill, &case)?;
        self.cautions(&case, &treated, blocked.not_known(), steps);
        let scope = scope::form(pack, bill, &case, steps)?;
        let (preselfpay, in_scope) = (scope.preselfpay, scope.in_scope);
        let mut left = Left { in_scope, locked: Fen::ZERO, preselfpay };

        shares.clear();
        if let Some(refusal) = refusal(pack, bill, &treated)? {
            steps.say(|| refusal.step());
            shares.resize(pack.payers.len(), PayerShare::default());
        } else {
            let earlier = running.last_stay.take();
            let same_stay = self.same_stay(bill, earlier.as_deref())?;
            let turn = Turn { pack, case, in_scope, compensated: bill.compensated, same_stay, assume: self.assume };
            let mut limit = match treated {
                Treated::As(place, disease) => Some(self.limit(place, disease, bill, running)),
                _ => None,
            };
            let mut stay = Vec::with_capacity(if pack.stays.look_back() { pack.payers.len() } else { 0 });
            // A stay the basic fund must not look at is no admission of its year.
            let mut insured_stay = true;
            for (place, payer) in pack.payers.iter().enumerate() {
                if let Some(why) = blocked.reason(self, place) {
                    let basic = payer.column == Column::Basic;
                    insured_stay &= !basic || payer.mismatch(&case, Look::Everything).is_some();
                    steps.say(|| not_applied(payer, &why.words(), why.citation()));
                    shares.push(PayerShare::default());
                    continue;
                }
                let mut deductible = StayPayer::default();
                shares.push(turn.pay(place, payer, &mut limit, &mut left, running, &mut deductible, steps)?);
                if pack.stays.look_back() {
                    stay.push((place, deductible));
                }
            }
            ceiling::cut(&turn, bill.total, shares, &mut left, running, steps);
            for (place, payer) in pack.payers.iter().enumerate() {
                if payer.annual_base == AnnualBase::AfterImmediate && shares[place].applies {
                    let preselfpay = if payer.base_includes_preselfpay { left.preselfpay } else { Fen::ZERO };
                    let taken_off = if payer.less_compensation { bill.compensated } else { Fen::ZERO };
                    let base = (left.in_scope + preselfpay - taken_off).at_least_zero();
                    collect(place, payer, base, running, steps);
                }
            }
            if let Some(limit) = &limit {
                limit.close(in_scope, shares, running);
            }
            running.last_stay = if insured_stay && pack.stays.admission_kinds.contains(case.kind) {
                if turn.same_stay.is_none() {
                    running.admit(bill.level);
                }
                remembered(pack, bill, stay, shares)
            } else {
                earlier
            };
            running.in_scope_personal += left.in_scope + left.locked;
            running.preselfpay_personal += left.preselfpay;
        }

        let in_scope_personal = left.in_scope + left.locked;
        let before_hospital = bill.ownpay + bill.overlimit + left.preselfpay + in_scope_personal;
        if bill.hospital_borne > before_hospital {
            return Err(BillError::HospitalBearsTooMuch { borne: bill.hospital_borne, left: before_hospital });
        }
        let personal = before_hospital - bill.hospital_borne;
        let paid: Fen = shares.iter().map(|share| share.amount).sum();
        steps.say(|| personal_step(bill, paid, personal));
        Ok(Worked {
            identities,
            preselfpay,
            in_scope,
            in_scope_personal,
            preselfpay_personal: left.preselfpay,
            personal,
            paid,
            paid_on_preselfpay: shares.iter().map(|share| share.on_preselfpay).sum(),
        })
    }

    /// The stay the bill goes on with, where the pack makes both one admission.
    fn same_stay<'s>(&self, bill: &Bill, earlier: Option<&'s RunningStay>) -> Result<Option<SameStay<'s>>, BillError> {
        let Some(continues) = &bill.continues else { return Ok(None) };
        let same = match continues.how {
            Continuation::Transfer => self.pack.stays.transfer == Transfer::OneAdmission,
            Continuation::Period => self.pack.stays.continued_stay == ContinuedStay::Once,
        };
        if !same {
            return Ok(None);
        }
        let unknown = || BillError::ContinuesUnknown { bill: continues.bill.clone() };
        let stay = earlier.filter(|stay| stay.bill == continues.bill).ok_or_else(unknown)?;
        Ok(Some(SameStay { how: continues.how, stay }))
    }

    /// A stay longer than one settlement period must come in parts.
    fn check_length(&self, bill: &Bill, case: &Case) -> Result<(), BillError> {
        let days = (bill.discharged_on - bill.admitted_on).num_days();
        let counted = self.pack.stays.admission_kinds.contains(bill.kind);
        let rule = self.pack.stays.long_stay.iter().find(|row| counted && row.when.holds(case));
        match rule.map(|row| i64::from(row.value)) {
            Some(most) if days > most => Err(BillError::LongStay { days, most }),
            _ => Ok(()),
        }
    }

    /// What the reader must know though it changes no amount.
    fn cautions<S: Steps>(&self, case: &Case, treated: &Treated<'_>, not_known: &[&str], steps: &mut S) {
        if !S::WANTED {
            return;
        }
        let pack = self.pack;
        let mut caution = |switch: &'static str, words: String| {
            steps.say(|| {
                let citations: Vec<_> = pack.switch(switch).map(|(_, citation)| citation).into_iter().collect();
                Step::new(format!("caution.{switch}"), "提示", words, Fen::ZERO, &citations)
            });
        };
        for what in pack.gaps(case).into_iter().flatten() {
            caution("partial", what.to_owned());
        }
        for what in not_known {
            caution("waiting_period", (*what).to_owned());
        }
        match treated {
            Treated::NotNamed => caution("disease", "没有填病种，没有核对认定".to_owned()),
            Treated::AsOutpatient(disease) => {
                caution("uncertified", format!("就诊日没有有效的“{}”认定，按普通门诊计算", disease.label));
            }
            _ => {}
        }
    }

    /// Age at admission, where any rule asks for it.
    fn age(&self, bill: &Bill) -> Result<Option<u32>, BillError> {
        if !self.pack.resolved.asks_age {
            return Ok(None);
        }
        let (born, admitted) = (self.holder.born.ok_or(BillError::BirthMissing)?, bill.admitted_on);
        let age = admitted.years_since(born).ok_or(BillError::BornAfterAdmission { born, admitted })?;
        Ok(Some(age))
    }

    /// Identities that count for this bill.
    fn identities(&self, bill: &Bill) -> Set<Identity> {
        let (first, last) = moment(self.pack, bill);
        let counted = in_force(self.pack, self.holder.held_between(first, last));
        let loses_aid = bill.referral == Referral::Unreferred && self.pack.unreferred == Unreferred::AsOrdinary;
        if loses_aid { counted.without(self.pack.resolved.aid) } else { counted }
    }
}

/// The days of which one must find the identity held.
pub(super) fn moment(pack: &Pack, bill: &Bill) -> (NaiveDate, NaiveDate) {
    match pack.identity_moment {
        IdentityMoment::Stay => (bill.admitted_on, bill.discharged_on),
        IdentityMoment::Admission => (bill.admitted_on, bill.admitted_on),
        IdentityMoment::Settlement => (bill.settled_on, bill.settled_on),
    }
}

impl Pack {
    /// The day by which this pack counts a bill to a year: of admission, discharge or settlement.
    #[must_use]
    pub const fn day_of(&self, bill: &Bill) -> NaiveDate {
        match self.year_of {
            YearOf::Admission => bill.admitted_on,
            YearOf::Discharge => bill.discharged_on,
            YearOf::Settlement => bill.settled_on,
        }
    }
}

/// The calendar year a bill belongs to, once its dates are accepted by the pack.
pub(super) fn year_of(pack: &Pack, bill: &Bill) -> Result<i32, BillError> {
    let date = pack.day_of(bill);
    if date < pack.from || pack.until.is_some_and(|until| date > until) {
        let until = pack.until.map_or_else(|| "今后".to_owned(), |until| until.to_string());
        return Err(BillError::OutsidePack { from: pack.from, until, date });
    }
    if pack.cross_year == CrossYear::Split && bill.admitted_on.year() != bill.discharged_on.year() {
        return Err(BillError::CrossesYear);
    }
    Ok(date.year())
}

/// Why nothing is paid at all.
enum Refusal<'p> {
    Cause(&'p crate::pack::ExcludedCause),
    Unreferred(&'p crate::pack::Citation),
    Uncertified(&'p crate::pack::Disease),
}

impl Refusal<'_> {
    fn step(&self) -> Step {
        let (reason, citation) = match self {
            Self::Cause(cause) => (cause.label.clone(), &cause.citation),
            Self::Unreferred(citation) => ("没有按规定转诊、备案".to_owned(), *citation),
            Self::Uncertified(disease) => (format!("就诊日没有有效的“{}”认定", disease.label), &disease.citation),
        };
        Step::new("not_covered", "各支付方支付", format!("不予支付：{reason}"), Fen::ZERO, &[citation])
    }
}

fn refusal<'p>(pack: &'p Pack, bill: &Bill, treated: &Treated<'p>) -> Result<Option<Refusal<'p>>, BillError> {
    if let Some(key) = &bill.cause {
        let cause = pack.excluded_causes.iter().find(|cause| cause.key == *key);
        return cause
            .map(|cause| Some(Refusal::Cause(cause)))
            .ok_or_else(|| BillError::UnknownCause { cause: key.clone() });
    }
    if let Treated::Refused(disease) = treated {
        return Ok(Some(Refusal::Uncertified(disease)));
    }
    let refused = bill.referral == Referral::Unreferred && pack.unreferred == Unreferred::NotCovered;
    Ok(refused.then_some(Refusal::Unreferred(&pack.unreferred_citation)))
}

/// What later bills of the same stay need to know; nothing where no rule looks back.
fn remembered(
    pack: &Pack,
    bill: &Bill,
    mut payers: Vec<(usize, StayPayer)>,
    shares: &[PayerShare],
) -> Option<Arc<RunningStay>> {
    if !pack.stays.look_back() {
        return None;
    }
    payers.retain(|(place, _)| shares.get(*place).is_some_and(|share| share.applies));
    for (place, payer) in &mut payers {
        payer.paid += shares.get(*place).map(|share| share.amount).unwrap_or_default();
    }
    Some(Arc::new(RunningStay { bill: bill.id.clone(), level: bill.level, payers }))
}

fn personal_step(bill: &Bill, paid: Fen, personal: Fen) -> Step {
    let mut formula = format!("{} − {paid}", bill.total);
    if bill.hospital_borne > Fen::ZERO {
        formula = format!("{formula} − {}", bill.hospital_borne);
    }
    Step::new("personal", "个人支付", formula, personal, &[])
}
