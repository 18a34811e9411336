//! Where a bill stands in the list of what is owed. What was asked for on a sheet goes on with every settlement that takes its
//! place, and ends with the last of them: the lists, the desk and whoever saves a correction ask here.

use std::collections::HashMap;

use mingbai_domain::catalogue::{Claim, Settlement};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::BillFilter;
use mingbai_store::{Reading, Row};

use super::{Claims, Instead, PAID, Standing, claim_of, claims, standing};
use crate::bill::{Judged, chain, judge};
use crate::error::AppError;
use crate::policy::Packs;

/// What is left short on bills at hand.
pub(crate) struct Left(HashMap<RecordId, Option<Fen>>);

impl Left {
    pub(crate) fn of(judged: &[Judged]) -> Self {
        let counting = judged.iter().filter(|one| one.line.counts());
        Self(counting.map(|one| (one.line.bill.id, left(one))).collect())
    }
}

/// Nothing when no pack can settle it.
fn left(judged: &Judged) -> Option<Fen> {
    judged.due.is_some().then(|| judged.short())
}

/// The claim a bill stands in the list with, and where.
pub(crate) fn bill_standing<'c>(
    reading: Reading<'_>,
    packs: &Packs,
    claims: &'c Claims,
    left: &Left,
    one: &Judged,
) -> Result<(Option<&'c Row<Claim>>, Standing), AppError> {
    let bill = &one.line.bill;
    if bill.record.reversal == Some(true) {
        return Ok((None, Standing::Out));
    }
    let claim = claim_of(reading, claims, bill)?;
    let hung = claim.is_some_and(|claim| claim.record.settlement == Some(bill.id));
    let standing = match (one.line.successor, hung) {
        (Some(_), false) => Standing::Out,
        (Some(_), true) => {
            let instead = instead(reading, packs, left, bill)?;
            standing(claim.map(|row| &row.record), one.short(), Some(instead))
        }
        // What was paid with this sheet is told on the one that was written for.
        (None, false) if claim.is_some() && one.short() <= Fen::ZERO => Standing::Out,
        (None, _) => standing(claim.map(|row| &row.record), one.short(), None),
    };
    Ok((claim, standing))
}

/// What the last settlement that took a bill's place, which may stand in another year, says of it.
fn instead(reading: Reading<'_>, packs: &Packs, left: &Left, bill: &Row<Settlement>) -> Result<Instead, AppError> {
    let chain = chain::after(reading, bill.id)?;
    let Some(last) = chain.last().filter(|row| row.record.reversal != Some(true)) else { return Ok(Instead::Unclear) };
    let short = match left.0.get(&last.id) {
        Some(short) => *short,
        None => left_on(reading, packs, last)?,
    };
    Ok(match short {
        Some(short) if short > Fen::ZERO => Instead::Short,
        // Figures that agree because the bill was typed anew are no money.
        Some(_) if more_paid(&bill.record, &last.record) => Instead::MadeGood,
        _ => Instead::Unclear,
    })
}

fn left_on(reading: Reading<'_>, packs: &Packs, bill: &Row<Settlement>) -> Result<Option<Fen>, AppError> {
    let filter = BillFilter { person: bill.record.person, ..BillFilter::default() };
    let judged = judge(reading, packs, &filter)?;
    Ok(judged.iter().find(|one| one.line.bill.id == bill.id).and_then(left))
}

/// Whether a payer paid more with a later settlement than with the one before.
fn more_paid(before: &Settlement, later: &Settlement) -> bool {
    let paid = |record: &Settlement| {
        [record.paid_basic, record.paid_critical, record.paid_aid, record.paid_other].map(Option::unwrap_or_default)
    };
    paid(later).iter().zip(paid(before)).any(|(now, was)| *now > was)
}

/// Whether what was written for on a bill, or on one it took the place of, is made good by now.
pub(crate) fn made_good(
    reading: Reading<'_>,
    packs: &Packs,
    judged: &[Judged],
    bill: &Row<Settlement>,
) -> Result<bool, AppError> {
    let all = claims(reading)?;
    let claimed = claim_of(reading, &all, bill)?.and_then(|claim| claim.record.settlement);
    let Some(one) = judged.iter().find(|one| Some(one.line.bill.id) == claimed) else { return Ok(false) };
    Ok(bill_standing(reading, packs, &all, &Left::of(judged), one)?.1 == Standing::In(PAID))
}
