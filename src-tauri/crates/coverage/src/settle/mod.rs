//! Settling: one bill, a year of bills, and the payers that settle at the end of the year.

mod account;
mod admission;
mod annual;
mod ceiling;
mod chain;
mod enrolment;
mod limit;
mod make_good;
mod moved;
mod pay;
pub(crate) mod rule;
mod running;
mod scope;
mod turns;
mod whole_stay;
mod year;

use mingbai_domain::Fen;
use serde::Serialize;

pub use account::{BillAmounts, YearAccount};
pub use annual::{AnnualSettlement, YearEndDays, settle_annual, settle_year_end};
pub use chain::PayerShare;
pub use moved::{Moved, moved};
pub(crate) use whole_stay::knowing_their_stays;
pub use whole_stay::whole_stays;
pub use year::{Aside, Refused, SetAside, YearSettlement, in_turn, settle_year};
pub(crate) use year::{in_order, set_aside};

use crate::bill::{Bill, BillError};
use crate::explain::Step;
use crate::history::History;
use crate::pack::payer::{Payer, Settle};
use crate::pack::resolved::{Holder, Identity};
use crate::pack::situations::Situations;
use crate::pack::{MultiIdentity, Pack};
use crate::person::Person;
use crate::ratio::Ratio;
use crate::said;
use crate::set::Set;
use crate::vocabulary::Column;
use chain::{Chain, moment};
use running::Running;

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
    /// Settled only when the family applies for it, in the year after.
    pub by_application: bool,
}

impl PayerAmount {
    fn of(payer: &Payer, share: PayerShare) -> Self {
        Self {
            key: payer.key.clone(),
            label: payer.label.clone(),
            column: payer.column,
            amount: share.amount,
            on_preselfpay: share.on_preselfpay,
            applies: share.applies,
            annual: payer.settle.is_annual(),
            by_application: payer.settle == Settle::Application,
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
    /// The three identities of C.1 with this bill's figures.
    pub checks: [IdentityCheck; 3],
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

    /// Who pays a column of the settlement sheet here: the one payer of it that pays, else the one whose conditions hold,
    /// by its own name; where that is nobody or several, the name of the column.
    #[must_use]
    pub fn payer_of(&self, column: Column) -> &str {
        let only = |asked: fn(&PayerAmount) -> bool| {
            let mut found = self.payers.iter().filter(|payer| payer.column == column && asked(payer));
            let first = found.next()?;
            Some(if found.next().is_none() { first.label.as_str() } else { column.label() })
        };
        only(|payer| payer.amount > Fen::ZERO).or_else(|| only(|payer| payer.applies)).unwrap_or(column.label())
    }

    /// What all payers pay together.
    #[must_use]
    pub fn paid(&self) -> Fen {
        self.payers.iter().map(|payer| payer.amount).sum()
    }

    /// What the reader must know though it changed no amount: parts the pack does not cover, facts nobody recorded.
    #[must_use]
    pub fn cautions(&self) -> Vec<&str> {
        let cautions = self.steps.iter().filter(|step| step.key.starts_with("caution."));
        cautions.map(|step| step.formula.as_str()).collect()
    }

    /// The three identities with their figures.
    fn check_identities(&self) -> [IdentityCheck; 3] {
        let on_preselfpay: Fen = self.payers.iter().map(|payer| payer.on_preselfpay).sum();
        let (paid, in_scope_paid) = (self.paid(), self.paid() - on_preselfpay);
        let check = |text, holds| IdentityCheck { text, holds };
        [
            check(
                format!(
                    "总费用 {} = 全自费 {} + 超限价 {} + 先行自付 {} + 政策范围内 {}",
                    self.total, self.ownpay, self.overlimit, self.preselfpay, self.in_scope
                ),
                self.total == self.ownpay + self.overlimit + self.preselfpay + self.in_scope,
            ),
            check(
                format!(
                    "政策范围内 {} = 各支付方 {in_scope_paid} + 范围内个人负担 {}",
                    self.in_scope, self.in_scope_personal
                ),
                self.in_scope == in_scope_paid + self.in_scope_personal,
            ),
            check(
                format!(
                    "个人支付 {} = 总费用 {} − 各支付方 {paid} − 医院承担 {}",
                    self.personal, self.total, self.hospital_borne
                ),
                self.personal == self.total - paid - self.hospital_borne,
            ),
        ]
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

/// One of the three identities of C.1, written out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IdentityCheck {
    /// `总费用 200,000.00 = 全自费 12,000.00 + …`.
    pub text: String,
    /// Whether it holds to the fen.
    pub holds: bool,
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
    let holder = Holder::of(pack, person);
    let chain = Chain { pack, holder: &holder, assume: Assume::Rules };
    let mut running = Running::of(pack, history);
    let (mut shares, mut steps) = (vec![PayerShare::default(); pack.payers.len()], Vec::new());
    let worked = chain.settle(&mut Situations::default(), bill, &mut running, &mut shares, &mut steps)?;
    let (first, last) = moment(pack, bill);
    let without_rule = |code: &String| code != ORDINARY && pack.identity(code).is_none();
    let mut after = history.clone();
    running.write(pack, &mut after);
    let mut settlement = Settlement {
        bill: bill.id.clone(),
        year: running.year,
        identities: labels(pack, worked.identities),
        identities_without_rule: person.held_between(first, last).into_iter().filter(without_rule).collect(),
        total: bill.total,
        ownpay: bill.ownpay,
        overlimit: bill.overlimit,
        preselfpay: worked.preselfpay,
        in_scope: worked.in_scope,
        payers: pack.payers.iter().zip(shares).map(|(payer, share)| PayerAmount::of(payer, share)).collect(),
        hospital_borne: bill.hospital_borne,
        in_scope_personal: worked.in_scope_personal,
        preselfpay_personal: worked.preselfpay_personal,
        personal: worked.personal,
        ratio_of_total: None,
        ratio_in_scope: None,
        before: history.clone(),
        after,
        steps,
        checks: Default::default(),
        said: [String::new(), String::new()],
    };
    let in_scope_paid = settlement.paid() - settlement.payers.iter().map(|payer| payer.on_preselfpay).sum();
    settlement.ratio_of_total = Ratio::between(settlement.paid(), settlement.total);
    settlement.ratio_in_scope = Ratio::between(in_scope_paid, settlement.in_scope);
    settlement.checks = settlement.check_identities();
    settlement.said = said::bill(bill.kind, &settlement);
    Ok(settlement)
}

/// The register's code for “no aid identity”.
const ORDINARY: &str = "ordinary";

fn labels(pack: &Pack, identities: Set<Identity>) -> Vec<String> {
    pack.identities_in(identities).map(|identity| identity.label.clone()).collect()
}

/// Of the identities held, those that count; the highest of each class where the pack says 单一最高.
pub(crate) fn in_force(pack: &Pack, held: Set<Identity>) -> Set<Identity> {
    match pack.multi_identity {
        MultiIdentity::EachRule => held,
        MultiIdentity::Highest => {
            let aid = pack.resolved.aid;
            held.both(aid).first().either(held.without(aid).first())
        }
    }
}
