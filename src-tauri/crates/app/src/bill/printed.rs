//! What a sheet prints beside its amounts (domain D.8): 住院天数, 起付线, 进入医疗救助金额 and 本年累计. No amount is settled by it. It
//! is held against the days of the stay, the pack and the papers on file, and where it differs the clerk is told what that may
//! mean.

use mingbai_coverage::{Cause, Column, Comparison, History, Kind, Settlement as Due};
use mingbai_domain::Fen;
use mingbai_domain::catalogue::Settlement;

use super::judge::Judged;
use super::year_so_far::{Sum, sums};

/// Every difference between what the sheet prints and what can be worked out, in the clerk's words. `all` holds the other
/// papers of the person's year, those included that others took the place of.
pub(super) fn differences(own: &Judged, all: &[Judged]) -> Vec<String> {
    let mut said: Vec<String> = days(&own.line.bill.record).into_iter().collect();
    let year: Vec<&Judged> =
        all.iter().filter(|one| one.line.person == own.line.person && one.year == own.year).collect();
    // Where a bill before this one could not be settled, which admission it is and what is left to pay are ours to mend.
    if let Some((due, comparison)) = own.due.as_ref().filter(|_| own.uncounted == 0) {
        said.extend(deductible(&own.line.bill.record, due, comparison));
        said.extend(aid_base(&own.line.bill.record, due, comparison));
        said.extend(year_deductible(own, &year, due));
    }
    said.extend(sums(own, &year));
    said
}

/// Hospitals count the day of discharge or leave it out; both are the stay.
pub(super) fn days(bill: &Settlement) -> Option<String> {
    let printed = bill.stay_days?;
    let between = (bill.discharged_on? - bill.admitted_on?).num_days();
    if between < 0 || printed == between || printed == between + 1 {
        return None;
    }
    Some(format!("票面住院{printed}天，入院到出院是{between}天，请核对入院、出院日期"))
}

/// Sheets print the standard or what was borne of it. Where the fund paid what is due, whichever it is did no harm.
fn deductible(bill: &Settlement, due: &Due, comparison: &Comparison) -> Option<String> {
    let printed = bill.deductible?;
    let (label, base, borne) = looked_at(due, Column::Basic)?;
    let owed = step(due, Column::Basic, "deductible").unwrap_or(borne);
    let gap = shortfall(comparison, Column::Basic)?;
    // A bill below the deductible bears only what it has; sheets print either.
    if printed == owed || printed == borne || base == Fen::ZERO || gap == Fen::ZERO {
        return None;
    }
    let ours = format!("票面起付线 {printed}，按政策包“{label}”这一次应是 {owed}");
    // Many print the year's or the stay's whole deductible on every bill: it was taken too often only where that explains what
    // is short.
    let own_stay = bill.care_kind.as_deref() == Some(Kind::Inpatient.code()) && bill.continued != Some(true);
    let explains = own_stay && gap > Fen::ZERO && gap <= printed - owed;
    Some(if printed > owed && (explains || comparison.cause == Cause::DeductibleNotWaived) {
        format!("{ours}：多扣的起付线就是少报的钱，请问医保按哪一种身份、第几次住院扣的")
    } else {
        format!("{ours}，请核对身份、医院级别和本年第几次")
    })
}

fn shortfall(comparison: &Comparison, column: Column) -> Option<Fen> {
    comparison.lines.iter().find(|line| line.column == column).map(|line| line.shortfall)
}

/// Where those before it paid what was due: what they paid too little is left to aid, and the sheet says so rightly.
fn aid_base(bill: &Settlement, due: &Due, comparison: &Comparison) -> Option<String> {
    let printed = bill.aid_base?;
    let (label, base, borne) = looked_at(due, Column::Aid)?;
    let before = [Column::Basic, Column::Critical].map(|column| shortfall(comparison, column).unwrap_or_default());
    if printed == base || printed == base - borne || before != [Fen::ZERO; 2] {
        return None;
    }
    Some(format!("票面进入医疗救助的是 {printed}，按政策包“{label}”应是 {base}，请核对前面各方支付和政策范围内"))
}

/// 本年累计起付线 beside what the sheets up to this one print each, or what the pack says was borne.
fn year_deductible(own: &Judged, year: &[&Judged], due: &Due) -> Option<String> {
    let printed = own.line.bill.record.year_deductible?;
    let ours = Sum::of("起付线", printed, own, year, |bill| bill.deductible);
    let borne = |history: &History| -> Fen {
        let basic = due.payers.iter().filter(|payer| payer.column == Column::Basic);
        basic.filter_map(|payer| history.payers.get(&payer.key)).map(|year| year.deductible).sum()
    };
    let (before, after) = (borne(&due.before), borne(&due.after));
    let as_printed = |ours: Sum| ours.blank == 0 && ours.possible.contains(&printed);
    if printed == before || printed == after || ours.is_some_and(as_printed) {
        return None;
    }
    let told = format!("票面本年累计起付线 {printed}，按政策包到这一张累计应是 {after}");
    Some(if printed > after {
        format!("{told}：可能多扣了起付线，也可能有票据没有录入，请对一遍今年每一张扣的起付线")
    } else {
        format!("{told}，请核对身份、医院级别和第几次住院")
    })
}

/// What the first payer of a column looked at on this very bill, and the deductible borne of it.
fn looked_at(due: &Due, column: Column) -> Option<(&str, Fen, Fen)> {
    let payer = due.payers.iter().find(|payer| payer.column == column && payer.applies && !payer.annual)?;
    let of = |history: &History| history.payers.get(&payer.key).copied().unwrap_or_default();
    let (before, after) = (of(&due.before), of(&due.after));
    Some((&payer.label, after.base - before.base, after.deductible - before.deductible))
}

fn step(due: &Due, column: Column, what: &str) -> Option<Fen> {
    let payer = due.payers.iter().find(|payer| payer.column == column && payer.applies && !payer.annual)?;
    let key = format!("{}.{what}", payer.key);
    due.steps.iter().find(|step| step.key == key).map(|step| step.result)
}
