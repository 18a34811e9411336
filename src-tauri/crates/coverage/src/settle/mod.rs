//! Settling: one bill, a year of bills, and the payers that settle at the end of the year.

mod annual;
mod ceiling;
mod pay;
pub(crate) mod rule;
mod scope;
mod year;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;
use serde::Serialize;

pub use annual::{AnnualSettlement, settle_annual};
pub use year::{Refused, YearSettlement, settle_year};

use crate::bill::{Bill, BillError, plausible};
use crate::explain::Step;
use crate::history::History;
use crate::pack::condition::Case;
use crate::pack::payer::{Payer, Settle};
use crate::pack::{CrossYear, IdentityMoment, MultiIdentity, Pack, Unreferred, YearOf};
use crate::person::Person;
use crate::ratio::Ratio;
use crate::said;
use crate::vocabulary::{Column, Kind, Referral};
use pay::{Left, Turn};

/// What one payer pays on one bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayerAmount {
    /// Key in the pack.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Column of the settlement sheet.
    pub column: Column,
    /// What it pays.
    pub amount: Fen,
    /// The part of it that pays 先行自付 (only where the pack counts that as compliant).
    pub on_preselfpay: Fen,
    /// Whether its conditions hold for this bill.
    pub applies: bool,
    /// Settled once a year, so the amount of a single bill is nothing.
    pub annual: bool,
}

impl PayerAmount {
    fn of(payer: &Payer, amount: Fen, on_preselfpay: Fen, applies: bool) -> Self {
        Self {
            key: payer.key.clone(),
            label: payer.label.clone(),
            column: payer.column,
            amount,
            on_preselfpay,
            applies,
            annual: payer.settle == Settle::Annual,
        }
    }
}

/// One bill, settled, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settlement {
    /// 票据号.
    pub bill: String,
    /// Calendar year it belongs to by the pack's rule.
    pub year: i32,
    /// Labels of the identities that counted.
    pub identities: Vec<String>,
    /// Codes held at the time for which this pack has no rule.
    pub identities_without_rule: Vec<String>,
    /// 医疗总费用.
    pub total: Fen,
    /// 全自费.
    pub ownpay: Fen,
    /// 超限价.
    pub overlimit: Fen,
    /// 先行自付, referral share included.
    pub preselfpay: Fen,
    /// 政策范围内费用.
    pub in_scope: Fen,
    /// Every payer of the pack, in order, zero when it does not pay.
    pub payers: Vec<PayerAmount>,
    /// 医院承担.
    pub hospital_borne: Fen,
    /// 范围内个人负担.
    pub in_scope_personal: Fen,
    /// 先行自付 left to the person.
    pub preselfpay_personal: Fen,
    /// 个人支付.
    pub personal: Fen,
    /// Paid by payers ÷ total, to 0.01 %; `None` without a total.
    pub ratio_of_total: Option<Ratio>,
    /// Paid by payers in scope ÷ in-scope, to 0.01 %; `None` when nothing is in scope.
    pub ratio_in_scope: Option<Ratio>,
    /// The year before this bill.
    pub before: History,
    /// The year after it.
    pub after: History,
    /// Every step in order.
    pub steps: Vec<Step>,
    /// Two plain sentences to read out to the family.
    pub said: [String; 2],
}

impl Settlement {
    /// What one payer pays.
    #[must_use]
    pub fn paid_by(&self, key: &str) -> Fen {
        self.payers.iter().filter(|payer| payer.key == key).map(|payer| payer.amount).sum()
    }

    /// What is paid in one column of the settlement sheet.
    #[must_use]
    pub fn paid_in(&self, column: Column) -> Fen {
        self.payers.iter().filter(|payer| payer.column == column).map(|payer| payer.amount).sum()
    }

    /// What all payers pay together.
    #[must_use]
    pub fn paid(&self) -> Fen {
        self.payers.iter().map(|payer| payer.amount).sum()
    }

    /// The three identities that must hold to the fen:
    /// 总费用 = 全自费 + 超限价 + 先行自付 + 政策范围内; 政策范围内 = 各支付方 + 范围内个人负担;
    /// 个人支付 = 总费用 − 各支付方 − 医院承担.
    #[must_use]
    pub fn identities_hold(&self) -> bool {
        let on_preselfpay: Fen = self.payers.iter().map(|payer| payer.on_preselfpay).sum();
        let parts = self.ownpay + self.overlimit + self.preselfpay + self.in_scope;
        let personal = self.ownpay + self.overlimit + self.preselfpay_personal + self.in_scope_personal;
        self.total == parts
            && self.in_scope == self.paid() - on_preselfpay + self.in_scope_personal
            && self.preselfpay == on_preselfpay + self.preselfpay_personal
            && self.personal == personal - self.hospital_borne
            && self.personal == self.total - self.paid() - self.hospital_borne
    }
}

/// Deviations from the rules under which a bill is settled again to find out why too little was paid.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Assume {
    /// None: the rules as they are.
    #[default]
    Rules,
    /// Payers of this column took the deductible of an ordinary resident's first stay.
    OrdinaryDeductibleIn(Column),
    /// All payers did.
    OrdinaryDeductible,
}

impl Assume {
    /// Whether this payer is assumed to have taken an ordinary deductible.
    pub(crate) fn ordinary_deductible(self, payer: &Payer) -> bool {
        match self {
            Self::Rules => false,
            Self::OrdinaryDeductibleIn(column) => payer.column == column,
            Self::OrdinaryDeductible => true,
        }
    }
}

/// Settles one bill.
///
/// # Errors
/// [`BillError`] with the field at fault; nothing is settled in part.
pub fn settle(pack: &Pack, person: &Person, history: &History, bill: &Bill) -> Result<Settlement, BillError> {
    settle_assuming(pack, person, history, bill, Assume::default())
}

/// The calendar year a bill belongs to, once its dates are accepted by the pack.
pub(crate) fn year_of(pack: &Pack, bill: &Bill) -> Result<i32, BillError> {
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

pub(crate) fn settle_assuming(
    pack: &Pack,
    person: &Person,
    history: &History,
    bill: &Bill,
    assume: Assume,
) -> Result<Settlement, BillError> {
    bill.check()?;
    check_history(history)?;
    let year = year_of(pack, bill)?;
    if history.year != year {
        return Err(BillError::OtherYear { history: history.year, bill: year });
    }
    let (applied, without_rule) = identities(pack, person, bill);
    let age = match person.born {
        Some(born) => bill.admitted_on.years_since(born),
        None if pack.asks_age() => return Err(BillError::BirthMissing),
        None => None,
    };
    let case = Case {
        kind: bill.kind,
        level: bill.level,
        area: bill.area,
        referral: bill.referral,
        identities: &applied,
        nth: 1,
        total: Some(bill.total),
        age,
        major: Some(bill.major_disease),
    };
    let scope = scope::form(pack, bill, &case)?;
    let (preselfpay, in_scope) = (scope.preselfpay, scope.in_scope);
    let mut steps = scope.steps;
    let mut after = history.clone();
    let mut left = Left { in_scope, locked: Fen::ZERO, preselfpay };

    let payers = if let Some(step) = not_covered(pack, bill)? {
        steps.push(step);
        pack.payers.iter().map(|payer| PayerAmount::of(payer, Fen::ZERO, Fen::ZERO, false)).collect()
    } else {
        let turn = Turn { pack, case: case.clone(), in_scope, assume };
        let mut payers = Vec::with_capacity(pack.payers.len());
        for payer in &pack.payers {
            payers.push(turn.pay(payer, &mut left, &mut after, &mut steps)?);
        }
        ceiling::cut(pack, &case, bill.total, in_scope, &mut payers, &mut left, &mut after, &mut steps);
        if bill.kind == Kind::Inpatient {
            *after.admissions.entry(bill.level).or_insert(0) += 1;
        }
        after.in_scope_personal += left.in_scope + left.locked;
        after.preselfpay_personal += left.preselfpay;
        payers
    };

    let in_scope_personal = left.in_scope + left.locked;
    let before_hospital = bill.ownpay + bill.overlimit + left.preselfpay + in_scope_personal;
    if bill.hospital_borne > before_hospital {
        return Err(BillError::HospitalBearsTooMuch { borne: bill.hospital_borne, left: before_hospital });
    }
    let personal = before_hospital - bill.hospital_borne;
    let paid: Fen = payers.iter().map(|payer| payer.amount).sum();
    let paid_in_scope = paid - payers.iter().map(|payer| payer.on_preselfpay).sum();
    steps.push(personal_step(bill, paid, personal));
    let mut settlement = Settlement {
        bill: bill.id.clone(),
        year,
        identities: applied.iter().map(|key| pack.identity_label(key).to_owned()).collect(),
        identities_without_rule: without_rule,
        total: bill.total,
        ownpay: bill.ownpay,
        overlimit: bill.overlimit,
        preselfpay,
        in_scope,
        payers,
        hospital_borne: bill.hospital_borne,
        in_scope_personal,
        preselfpay_personal: left.preselfpay,
        personal,
        ratio_of_total: Ratio::between(paid, bill.total),
        ratio_in_scope: Ratio::between(paid_in_scope, in_scope),
        before: history.clone(),
        after,
        steps,
        said: [String::new(), String::new()],
    };
    settlement.said = said::bill(bill.kind, &settlement);
    Ok(settlement)
}

fn personal_step(bill: &Bill, paid: Fen, personal: Fen) -> Step {
    let mut formula = format!("{} − {paid}", bill.total);
    if bill.hospital_borne > Fen::ZERO {
        formula = format!("{formula} − {}", bill.hospital_borne);
    }
    Step::new("personal", "个人支付", formula, personal, &[])
}

fn check_history(history: &History) -> Result<(), BillError> {
    if !plausible(history.in_scope_personal) || !plausible(history.preselfpay_personal) {
        return Err(BillError::BadHistory { payer: "个人负担".to_owned() });
    }
    for (key, payer) in &history.payers {
        if ![payer.base, payer.deductible, payer.entitled, payer.paid].into_iter().all(plausible) {
            return Err(BillError::BadHistory { payer: key.clone() });
        }
    }
    Ok(())
}

/// Codes of the identities that count for this bill, and those held for which the pack has no rule.
fn identities(pack: &Pack, person: &Person, bill: &Bill) -> (Vec<String>, Vec<String>) {
    let (first, last) = match pack.identity_moment {
        IdentityMoment::Stay => (bill.admitted_on, bill.discharged_on),
        IdentityMoment::Admission => (bill.admitted_on, bill.admitted_on),
        IdentityMoment::Settlement => (bill.settled_on, bill.settled_on),
    };
    let loses_aid = bill.referral == Referral::Unreferred && pack.unreferred == Unreferred::AsOrdinary;
    select(pack, person, first, last, loses_aid)
}

/// Held, known to the pack, and by 就高不就低 if the pack counts one identity only.
fn select(
    pack: &Pack,
    person: &Person,
    first: NaiveDate,
    last: NaiveDate,
    loses_aid: bool,
) -> (Vec<String>, Vec<String>) {
    let held = person.held_between(first, last);
    let counted = in_force(pack, &held).into_iter().filter(|key| !(loses_aid && pack.is_aid(key))).collect();
    let known = |key: &String| pack.identities.iter().any(|identity| identity.key == *key);
    let unknown = held.into_iter().filter(|key| !known(key) && key != ORDINARY).collect();
    (counted, unknown)
}

/// Of the identities held, those that count, highest first; one per class where the pack says 单一最高.
pub(crate) fn in_force(pack: &Pack, held: &[String]) -> Vec<String> {
    let mut counted: Vec<String> = Vec::new();
    let mut classes: Vec<bool> = Vec::new();
    for identity in pack.identities.iter().filter(|identity| held.contains(&identity.key)) {
        if pack.multi_identity == MultiIdentity::Highest && classes.contains(&identity.aid) {
            continue;
        }
        classes.push(identity.aid);
        counted.push(identity.key.clone());
    }
    counted
}

/// The register's code for “no aid identity”.
const ORDINARY: &str = "ordinary";

/// The step that says why nothing is paid at all, if so.
fn not_covered(pack: &Pack, bill: &Bill) -> Result<Option<Step>, BillError> {
    let say = |reason: String, citation| {
        Step::new("not_covered", "各支付方支付", format!("不予支付：{reason}"), Fen::ZERO, &[citation])
    };
    if let Some(key) = &bill.cause {
        let cause = pack
            .excluded_causes
            .iter()
            .find(|cause| cause.key == *key)
            .ok_or_else(|| BillError::UnknownCause { cause: key.clone() })?;
        return Ok(Some(say(cause.label.clone(), &cause.citation)));
    }
    let refused = bill.referral == Referral::Unreferred && pack.unreferred == Unreferred::NotCovered;
    Ok(refused.then(|| say("没有按规定转诊、备案".to_owned(), &pack.unreferred_citation)))
}
