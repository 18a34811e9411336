//! The engine beside the second implementation: one life in both, and what differs.

mod tally;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mingbai_coverage::{
    Aside, Bill, History, Level, Pack, Person, YearAccount, Years, settle_annual, settle_years, whole_stays,
};
pub(crate) use tally::Tally;
use toml::Table;

use crate::common::day;
use crate::naive::met::Met;
use crate::naive::{Life, Outcome, Verdict};

fn outcome(settlement: &mingbai_coverage::Settlement) -> Outcome {
    Outcome {
        preselfpay: settlement.preselfpay.0,
        in_scope: settlement.in_scope.0,
        payers: settlement.payers.iter().map(|p| (p.key.clone(), p.amount.0, p.on_preselfpay.0)).collect(),
        in_scope_personal: settlement.in_scope_personal.0,
        preselfpay_personal: settlement.preselfpay_personal.0,
        personal: settlement.personal.0,
    }
}

/// What the engine says of each bill, in the order handed in.
fn verdicts(report: &Years, bills: &[Bill]) -> Vec<Verdict> {
    // Numbers of bills are unique in a life here.
    let settled: BTreeMap<&str, Outcome> =
        report.settlements.iter().map(|settlement| (settlement.bill.as_str(), outcome(settlement))).collect();
    let mut verdicts: Vec<Verdict> = bills
        .iter()
        .map(|bill| settled.get(bill.id.as_str()).cloned().map_or(Verdict::Refused, Verdict::Settled))
        .collect();
    for aside in &report.aside {
        let met = if aside.why == Aside::Cancelled { Met::Cancelled } else { Met::Replaced };
        verdicts[aside.index] = Verdict::Aside(met);
    }
    verdicts
}

/// One life in both; what differs, in words.
pub(crate) fn differ(
    pack: &Pack,
    table: &Table,
    person: &Person,
    bills: &[Bill],
    tally: &mut Tally,
) -> Result<(), String> {
    let report = settle_years(pack, person, None, bills);
    if report.settlements.len() + report.refused.len() + report.aside.len() != bills.len() {
        return Err(format!("not every bill has one verdict: {report:#?}"));
    }
    let ours = verdicts(&report, bills);
    let mut plain = Life::new(table, person);
    let theirs = plain.bills(bills);
    for (bill, (ours, theirs)) in bills.iter().zip(ours.iter().zip(&theirs)) {
        if ours != theirs {
            let refused = report.refused.iter().find(|refused| refused.bill == bill.id).map(|refused| &refused.error);
            return Err(format!("bill {}\nengine {ours:?} {refused:?}\nnaive  {theirs:?}", bill.id));
        }
    }
    tally.count(&report, &plain.met);
    if let Some(wrong) = report.settlements.iter().find(|settlement| !settlement.identities_hold()) {
        return Err(format!("the sums do not hold: {wrong:#?}"));
    }
    quick(pack, person, bills, &report)?;
    report.closing.iter().try_for_each(|closing| year(pack, &mut plain, person, closing))
}

/// The account that works out amounts without reasons comes to the same.
fn quick(pack: &Pack, person: &Person, bills: &[Bill], report: &Years) -> Result<(), String> {
    let gone = |place: usize| report.aside.iter().any(|aside| aside.index == place);
    let counted: Vec<&Bill> =
        bills.iter().enumerate().filter(|(place, _)| !gone(*place)).map(|(_, bill)| bill).collect();
    // A year by itself knows nothing of a stay's parts in the year before or after.
    let known = counted.iter().zip(whole_stays(&counted));
    let known: Vec<Bill> = known.map(|(bill, whole_stay)| Bill { whole_stay, ..(*bill).clone() }).collect();
    let mut account = YearAccount::new(pack);
    let mut before: Option<&History> = None;
    for closing in &report.closing {
        let year: Vec<Bill> = known.iter().filter(|bill| pack.year_of(bill) == Ok(closing.year)).cloned().collect();
        let opening = before.map_or_else(|| History::empty(closing.year), |before| before.next(closing.year));
        account.open(person, &opening);
        let mut wrong = None;
        account.settle_all(&year, |place, amounts| {
            let settlement = report.settlements.iter().find(|settlement| settlement.bill == year[place].id);
            let same = match (&amounts, settlement) {
                (Ok(amounts), Some(settlement)) => {
                    let payers = settlement.payers.iter().map(|payer| (payer.amount, payer.on_preselfpay));
                    amounts.payers.iter().map(|payer| (payer.amount, payer.on_preselfpay)).eq(payers)
                        && amounts.preselfpay == settlement.preselfpay
                        && amounts.in_scope == settlement.in_scope
                        && amounts.in_scope_personal == settlement.in_scope_personal
                        && amounts.preselfpay_personal == settlement.preselfpay_personal
                        && amounts.personal == settlement.personal
                }
                (Err(_), None) => true,
                _ => false,
            };
            if !same {
                wrong = Some(format!("bill {}: quickly {amounts:?}, with reasons {settlement:?}", year[place].id));
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        if account.closing() != *closing {
            return Err(format!("quickly {:?}, with reasons {closing:?}", account.closing()));
        }
        before = Some(closing);
    }
    Ok(())
}

/// What a year has come to, and its end.
fn year(pack: &Pack, plain: &mut Life<'_>, person: &Person, closing: &History) -> Result<(), String> {
    plain.turn_to(closing.year);
    let left = (closing.in_scope_personal.0, closing.preselfpay_personal.0);
    if left != plain.left() {
        return Err(format!("left of {}: engine {left:?}, naive {:?}", closing.year, plain.left()));
    }
    for level in Level::ALL {
        let stays = plain.admissions(level.code());
        if usize::try_from(closing.admissions_at(*level)) != Ok(stays) {
            return Err(format!("{closing:?}\nnaive: {stays} stays at {}", level.code()));
        }
    }
    for key in plain.keys() {
        let year = closing.payer(&key);
        let year = [year.base.0, year.deductible.0, year.entitled.0, year.paid.0];
        if year != plain.payer(&key) {
            return Err(format!("{key} in {}: engine {year:?}, naive {:?}", closing.year, plain.payer(&key)));
        }
    }
    end(pack, plain, person, closing, day(closing.year, 12, 31))
}

fn end(pack: &Pack, plain: &Life<'_>, person: &Person, closing: &History, day: NaiveDate) -> Result<(), String> {
    let ours = settle_annual(pack, person, closing, day).ok();
    let ours: Option<Vec<(String, i64)>> =
        ours.map(|annual| annual.payers.iter().map(|payer| (payer.key.clone(), payer.amount.0)).collect());
    let theirs = plain.end(day);
    if ours == theirs { Ok(()) } else { Err(format!("at the year's end: engine {ours:?}, naive {theirs:?}")) }
}

/// Leaves out bills that are not needed to show a difference.
pub(crate) fn smallest(pack: &Pack, table: &Table, person: &Person, mut bills: Vec<Bill>) -> String {
    let differs = |bills: &[Bill]| differ(pack, table, person, bills, &mut Tally::default()).err();
    let mut place = 0;
    while place < bills.len() {
        let mut fewer = bills.clone();
        fewer.remove(place);
        if differs(&fewer).is_some() {
            bills = fewer;
        } else {
            place += 1;
        }
    }
    let difference = differs(&bills).expect("the difference is still there");
    let json = |bill: &Bill| serde_json::to_string(bill).unwrap();
    let (person, bills) = (serde_json::to_string(person).unwrap(), bills.iter().map(json).collect::<Vec<_>>());
    format!("{person}\n{}\n{difference}", bills.join("\n"))
}
