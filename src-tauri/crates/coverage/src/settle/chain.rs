//! One bill through the chain of payers. The only code that works out amounts: with [`NoSteps`](crate::explain::NoSteps)
//! it does nothing else, with a list of steps it also says why.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;

use super::pay::{Left, Turn};
use super::running::Running;
use super::{Assume, ceiling, in_force, scope};
use crate::bill::{Bill, BillError};
use crate::explain::{Step, Steps};
use crate::pack::condition::Case;
use crate::pack::resolved::{Holder, Identity};
use crate::pack::{CrossYear, IdentityMoment, Pack, Unreferred, YearOf};
use crate::set::Set;
use crate::vocabulary::{Kind, Referral};

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

impl Chain<'_> {
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
        let case = Case {
            kind: bill.kind,
            level: bill.level,
            area: bill.area,
            referral: bill.referral,
            identities,
            nth: 1,
            total: Some(bill.total),
            age: self.age(bill)?,
            major: Some(bill.major_disease),
        };
        let scope = scope::form(pack, bill, &case, steps)?;
        let (preselfpay, in_scope) = (scope.preselfpay, scope.in_scope);
        let mut left = Left { in_scope, locked: Fen::ZERO, preselfpay };

        shares.clear();
        if let Some(refusal) = refusal(pack, bill)? {
            steps.say(|| refusal.step());
            shares.resize(pack.payers.len(), PayerShare::default());
        } else {
            let turn = Turn { pack, case, in_scope, assume: self.assume };
            for (place, payer) in pack.payers.iter().enumerate() {
                shares.push(turn.pay(place, payer, &mut left, running, steps)?);
            }
            ceiling::cut(&turn, bill.total, shares, &mut left, running, steps);
            if bill.kind == Kind::Inpatient {
                running.admit(bill.level);
            }
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

    fn age(&self, bill: &Bill) -> Result<Option<u32>, BillError> {
        match self.holder.born {
            Some(born) if self.pack.resolved.asks_age => Ok(bill.admitted_on.years_since(born)),
            None if self.pack.resolved.asks_age => Err(BillError::BirthMissing),
            _ => Ok(None),
        }
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

/// The calendar year a bill belongs to, once its dates are accepted by the pack.
pub(super) fn year_of(pack: &Pack, bill: &Bill) -> Result<i32, BillError> {
    let date = match pack.year_of {
        YearOf::Admission => bill.admitted_on,
        YearOf::Discharge => bill.discharged_on,
        YearOf::Settlement => bill.settled_on,
    };
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
}

impl Refusal<'_> {
    fn step(&self) -> Step {
        let (reason, citation) = match self {
            Self::Cause(cause) => (cause.label.as_str(), &cause.citation),
            Self::Unreferred(citation) => ("没有按规定转诊、备案", *citation),
        };
        Step::new("not_covered", "各支付方支付", format!("不予支付：{reason}"), Fen::ZERO, &[citation])
    }
}

fn refusal<'p>(pack: &'p Pack, bill: &Bill) -> Result<Option<Refusal<'p>>, BillError> {
    if let Some(key) = &bill.cause {
        let cause = pack.excluded_causes.iter().find(|cause| cause.key == *key);
        return cause
            .map(|cause| Some(Refusal::Cause(cause)))
            .ok_or_else(|| BillError::UnknownCause { cause: key.clone() });
    }
    let refused = bill.referral == Referral::Unreferred && pack.unreferred == Unreferred::NotCovered;
    Ok(refused.then_some(Refusal::Unreferred(&pack.unreferred_citation)))
}

fn personal_step(bill: &Bill, paid: Fen, personal: Fen) -> Step {
    let mut formula = format!("{} − {paid}", bill.total);
    if bill.hospital_borne > Fen::ZERO {
        formula = format!("{formula} − {}", bill.hospital_borne);
    }
    Step::new("personal", "个人支付", formula, personal, &[])
}
