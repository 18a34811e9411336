//! Payers that settle once a year, on what the year's bills have accumulated.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::Serialize;

use super::rule::{Rule, find};
use super::{Assume, PayerAmount, check_history, select};
use crate::bill::BillError;
use crate::explain::Step;
use crate::history::{History, PayerYear};
use crate::pack::Pack;
use crate::pack::condition::{Case, Look};
use crate::pack::payer::{Payer, Settle};
use crate::person::Person;
use crate::said;
use crate::vocabulary::{Area, Kind, Level, Referral};

/// What the annual payers pay on one person's year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnualSettlement {
    /// Calendar year.
    pub year: i32,
    /// Labels of the identities that counted on the day asked for.
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
    check_history(history)?;
    let (identities, _) = select(pack, person, as_of, as_of, false);
    // Rows of annual payers look at identities only (the pack is checked for that), so the rest of the case is idle.
    let case = Case {
        kind: Kind::Inpatient,
        level: Level::Unrated,
        area: Area::County,
        referral: Referral::None,
        identities: &identities,
        nth: 1,
        total: None,
        age: None,
        major: None,
    };
    let mut after = history.clone();
    let mut steps = Vec::new();
    let mut payers = Vec::new();
    for payer in pack.payers.iter().filter(|payer| payer.settle == Settle::Annual) {
        payers.push(pay(pack, payer, &case, &mut after, &mut steps)?);
    }
    let said = said::annual(history.year, &payers, after.in_scope_personal);
    Ok(AnnualSettlement {
        year: history.year,
        identities: identities.iter().map(|key| pack.identity_label(key).to_owned()).collect(),
        payers,
        in_scope_personal: after.in_scope_personal,
        before: history.clone(),
        after,
        steps,
        said,
    })
}

fn pay(
    pack: &Pack,
    payer: &Payer,
    case: &Case<'_>,
    year: &mut History,
    steps: &mut Vec<Step>,
) -> Result<PayerAmount, BillError> {
    let label = format!("{}支付", payer.label);
    if let Some(mismatch) = payer.mismatch(case, Look::OnlyIdentity) {
        let formula = format!("不适用：{}", mismatch.label());
        let key = format!("{}.not_applied", payer.key);
        steps.push(Step::new(key, label, formula, Fen::ZERO, &[payer.cite("when")]));
        return Ok(PayerAmount::of(payer, Fen::ZERO, Fen::ZERO, false));
    }
    let before = year.payer(&payer.key);
    let rule = Rule::find(payer, case, Assume::default())?;
    let whole = rule.amount(before.base, rule.deductible);
    let mut formula = rule.formula(before.base, rule.deductible);
    if before.entitled > Fen::ZERO {
        formula = format!("{formula} − 此前已计{}", before.entitled);
    }
    let mut citations = rule.ratio_citations.clone();
    citations.push(rule.deductible_citation);
    let given = (whole - before.entitled).at_least_zero();
    steps.push(Step::new(format!("{}.amount", payer.key), label, formula, given, &citations));

    let cap = find(&payer.cap, payer, "封顶线", case)?;
    let used = pack.pool_paid(&payer.cap_pool, year);
    let room = cap.value.amount.map_or(given, |amount| (amount - used).at_least_zero());
    // Aid paid on single bills may already have taken part of the accumulated base.
    let preselfpay = if payer.base_includes_preselfpay { year.preselfpay_personal } else { Fen::ZERO };
    let left = year.in_scope_personal + preselfpay;
    let paid = given.min(room).min(left);
    if paid < given {
        steps.push(Step::new(
            format!("{}.cap", payer.key),
            format!("{}限额后支付", payer.label),
            format!("全年限额余{room}，余下个人负担{left}"),
            paid,
            &[&cap.citation],
        ));
    }
    let on_in_scope = paid.min(year.in_scope_personal);
    let on_preselfpay = paid - on_in_scope;
    year.in_scope_personal -= on_in_scope;
    year.preselfpay_personal -= on_preselfpay;
    year.payers.insert(
        payer.key.clone(),
        PayerYear {
            base: before.base,
            deductible: before.base.min(rule.deductible),
            entitled: before.entitled + given,
            paid: before.paid + paid,
        },
    );
    Ok(PayerAmount::of(payer, paid, on_preselfpay, true))
}
