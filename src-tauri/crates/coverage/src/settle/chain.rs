//! One bill through the chain of payers. The only code that works out amounts: with [`NoSteps`](crate::explain::NoSteps)
//! it does nothing else, with a list of steps it also says why.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;

use super::admission::{Nth, SameStay};
use super::enrolment::Blocked;
use super::limit::Treated;
use super::pay::{Left, Turn};
use super::running::{Running, RunningStay};
use super::{Assume, in_force, scope};
use crate::bill::{Bill, BillError, Continues};
use crate::explain::{Step, Steps};
use crate::history::StayPayer;
use crate::pack::resolved::{Holder, Identity};
use crate::pack::situation::{Case, Situation};
use crate::pack::situations::Situations;
use crate::pack::{ContinuedStay, CrossYear, IdentityMoment, Pack, Transfer, Unreferred, YearOf};
use crate::set::Set;
use crate::vocabulary::{Continuation, Kind, Referral};

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
}

/// A pack and a person, for bills one after the other.
pub(super) struct Chain<'a, 'p> {
    pub(super) pack: &'p Pack,
    pub(super) holder: &'a Holder,
    pub(super) assume: Assume,
}

impl<'p> Chain<'_, 'p> {
    /// Settles a bill: `shares` is what each payer pays, `running` the year after it. On an error both are worth nothing.
    pub(super) fn settle<S: Steps>(
        &self,
        situations: &mut Situations<'p>,
        bill: &Bill,
        running: &mut Running,
        shares: &mut [PayerShare],
        steps: &mut S,
    ) -> Result<Worked, BillError> {
        let pack = self.pack;
        bill.check()?;
        running.check(pack)?;
        let year = year_of(pack, bill)?;
        if running.year != year {
            return Err(BillError::OtherYear { history: running.year, bill: year });
        }
        let identities = self.identities(bill);
        let asks_disease = pack.resolved.disease_kinds.contains(bill.kind);
        let treated = if asks_disease { self.treated(bill)? } else { Treated::NotAsked };
        let kind = if matches!(treated, Treated::AsOutpatient(_)) { Kind::Outpatient } else { bill.kind };
        let mut case = Case {
            situation: Situation::new(kind, bill.level, bill.area, bill.referral, identities),
            nth: 1,
            total: Some(bill.total),
            age: if pack.resolved.asks_age { Some(self.age(bill)?) } else { None },
            major: Some(bill.major_disease),
            disease: if let Treated::As(place, _) = &treated { Some(*place) } else { None },
            base: None,
            income: pack.income_before(year),
            year: Some(year),
        };
        let tables = situations.tables(pack, &case.situation);
        let is_stay = pack.stays.admission_kinds.contains(kind);
        if is_stay && let Some(row) = tables.long_stay.find(&case) {
            check_length(bill, row.value)?;
        }
        if tables.may_refuse
            && let Err(what) = pack.gaps(&case)
        {
            return Err(BillError::NotInPack { what });
        }
        if !pack.resolved.kinds.contains(kind) {
            return Err(BillError::NotInPack { what: format!("没有写{}由谁支付", kind.label()) });
        }
        let refused =
            bill.cause.is_some() || bill.referral == Referral::Unreferred || matches!(treated, Treated::Refused(_));
        let refusal = if refused { refusal(pack, bill, &treated)? } else { None };
        // Whom nobody pays anything need not split a stay, nor say when they enrolled.
        let mut blocked = Blocked::default();
        if refusal.is_none() {
            self.block(bill, &case, &mut blocked)?;
        }
        self.cautions(&case, &treated, &blocked, steps);
        let scope = scope::form(pack, &tables.prepay, bill, &case, steps)?;
        let (preselfpay, in_scope) = (scope.preselfpay, scope.in_scope);
        let mut left = Left { in_scope, locked: Fen::ZERO, preselfpay };

        let looks_back = pack.stays.look_back();
        let earlier = running.last_stay.take();
        let same_stay = match &bill.continues {
            Some(continues) if is_stay => self.same_stay(continues, earlier.as_deref())?,
            _ => None,
        };
        if let Some(refusal) = refusal {
            steps.say(|| refusal.step());
            shares.fill(PayerShare::default());
            running.last_stay = match is_stay {
                true if looks_back => Some(remembered(bill, same_stay.as_ref(), false, Vec::new(), shares)),
                true => None,
                false => earlier,
            };
        } else {
            let nth = Nth::of(pack, &case.situation, same_stay.as_ref(), running);
            let limit = match treated {
                Treated::As(place, disease) => Some(self.limit(place, disease, bill, running)),
                _ => None,
            };
            let mut turn = Turn {
                pack,
                case: &mut case,
                nth,
                in_scope,
                compensated: bill.compensated,
                same_stay,
                assume: self.assume,
                limit,
                left,
                paid: Fen::ZERO,
                year: running,
                shares,
                stay: Vec::new(),
            };
            let insured_stay = if !S::WANTED && turn.is_plain(&blocked) {
                turn.every::<true>(self, tables, &blocked, bill.total, steps)?
            } else {
                turn.every::<false>(self, tables, &blocked, bill.total, steps)?
            };
            if let Some(limit) = &turn.limit {
                limit.close(turn.shares, turn.year);
            }
            left = turn.left;
            let stay = turn.stay;
            running.last_stay = if is_stay {
                let admitted = insured_stay && same_stay.as_ref().is_none_or(|same| same.stay.level.is_none());
                if admitted {
                    running.admit(bill.level);
                }
                looks_back.then(|| remembered(bill, same_stay.as_ref(), admitted, stay, shares))
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
        steps.say(|| personal_step(bill, shares, personal));
        Ok(Worked {
            identities,
            preselfpay,
            in_scope,
            in_scope_personal,
            preselfpay_personal: left.preselfpay,
            personal,
        })
    }

    /// The stay the bill goes on with, where the pack makes both one admission.
    fn same_stay<'s>(
        &self,
        continues: &Continues,
        earlier: Option<&'s RunningStay>,
    ) -> Result<Option<SameStay<'s>>, BillError> {
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

    /// What the reader must know though it changes no amount.
    fn cautions<S: Steps>(&self, case: &Case, treated: &Treated<'_>, blocked: &Blocked, steps: &mut S) {
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
        for what in blocked.not_known() {
            caution("waiting_period", what.to_owned());
        }
        match treated {
            Treated::NotNamed => caution("disease", "没有填病种，没有核对认定".to_owned()),
            Treated::AsOutpatient(disease) => {
                caution("uncertified", format!("就诊日没有有效的“{}”认定，按普通门诊计算", disease.label));
            }
            _ => {}
        }
    }

    /// Age at admission.
    fn age(&self, bill: &Bill) -> Result<u32, BillError> {
        let (born, admitted) = (self.holder.born.ok_or(BillError::BirthMissing)?, bill.admitted_on);
        admitted.years_since(born).ok_or(BillError::BornAfterAdmission { born, admitted })
    }

    /// Identities that count for this bill.
    #[inline]
    fn identities(&self, bill: &Bill) -> Set<Identity> {
        let (first, last) = moment(self.pack, bill);
        let counted = in_force(self.pack, self.holder.held_between(first, last));
        let loses_aid = bill.referral == Referral::Unreferred && self.pack.unreferred == Unreferred::AsOrdinary;
        if loses_aid { counted.without(self.pack.resolved.aid) } else { counted }
    }
}

/// A stay longer than one settlement period must come in parts.
fn check_length(bill: &Bill, most: u32) -> Result<(), BillError> {
    let (days, most) = ((bill.discharged_on - bill.admitted_on).num_days(), i64::from(most));
    if days > most { Err(BillError::LongStay { days, most }) } else { Ok(()) }
}

/// The days of which one must find the identity held.
pub(super) fn moment(pack: &Pack, bill: &Bill) -> (NaiveDate, NaiveDate) {
    match pack.identity_moment {
        IdentityMoment::Stay => pack.days_of_stay(bill),
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
#[inline]
pub(super) fn year_of(pack: &Pack, bill: &Bill) -> Result<i32, BillError> {
    let date = pack.day_of(bill);
    if date < pack.from || pack.until.is_some_and(|until| date > until) {
        return Err(outside(pack, date));
    }
    if pack.cross_year == CrossYear::Split && bill.admitted_on.year() != bill.discharged_on.year() {
        return Err(BillError::CrossesYear);
    }
    Ok(date.year())
}

#[cold]
fn outside(pack: &Pack, date: NaiveDate) -> BillError {
    let until = pack.until.map_or_else(|| "今后".to_owned(), |until| until.to_string());
    BillError::OutsidePack { from: pack.from, until, date }
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

/// What later bills of the same stay need to know, where any rule looks back. Payers with no part in this bill keep what
/// they took before.
fn remembered(
    bill: &Bill,
    same: Option<&SameStay<'_>>,
    admitted: bool,
    mut payers: Vec<(usize, StayPayer)>,
    shares: &[PayerShare],
) -> Arc<RunningStay> {
    payers.retain(|(place, _)| shares.get(*place).is_some_and(|share| share.applies));
    for (place, payer) in &mut payers {
        payer.paid += shares.get(*place).map(|share| share.amount).unwrap_or_default();
    }
    for (place, before) in same.iter().flat_map(|same| &same.stay.payers) {
        if payers.iter().all(|(known, _)| known != place) {
            payers.push((*place, *before));
        }
    }
    let level = if admitted { Some(bill.level) } else { same.and_then(|same| same.stay.level) };
    Arc::new(RunningStay { bill: bill.id.clone(), level, payers })
}

fn personal_step(bill: &Bill, shares: &[PayerShare], personal: Fen) -> Step {
    let paid: Fen = shares.iter().map(|share| share.amount).sum();
    let mut formula = format!("{} − {paid}", bill.total);
    if bill.hospital_borne > Fen::ZERO {
        formula = format!("{formula} − {}", bill.hospital_borne);
    }
    Step::new("personal", "个人支付", formula, personal, &[])
}
