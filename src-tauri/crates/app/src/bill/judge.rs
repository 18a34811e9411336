//! What was due on every bill of a person's year, settled in order: derived at every look, so a late or corrected bill
//! settles the rest of the year again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use mingbai_coverage::{
    Area, Bill, Column, Comparison, History, Item, Kind, Level, Paid, Person as Insured, Referral, Settlement,
    as_unmarked, compare_beside, settle,
};
use mingbai_domain::catalogue;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, BillLine};
use mingbai_store::{Reading, Row};

use super::fit;
use super::insured::{Windows, insured_by};
use super::turn::{Turn, by_year, through, under};
use super::year_end::paid_in;
use crate::error::AppError;
use crate::policy::{ActivePack, Packs};
use crate::restricted;

/// One bill with what was due.
pub(crate) struct Judged {
    pub(crate) line: BillLine,
    /// The pack it falls under, which is not always the one in force on the day it was settled; nothing where there is none.
    pub(crate) pack: Option<ActivePack>,
    /// The year it counts in, by that pack; without one, that of its settlement.
    pub(crate) year: Option<i32>,
    /// Its place among its person's bills of the year, in the order in which they are settled.
    pub(crate) turn: usize,
    pub(crate) due: Option<(Settlement, Comparison)>,
    /// Why it could not be settled, in the clerk's words.
    pub(crate) refused: Option<String>,
    /// Bills of the year before this one that could not be settled: what they would have added up is missing here.
    pub(crate) uncounted: usize,
}

impl Judged {
    /// What is short at the payers that paid too little, whatever others paid too much; nothing when it could not be settled.
    pub(crate) fn short(&self) -> Fen {
        self.due.as_ref().map_or(Fen::ZERO, |(_, comparison)| comparison.short)
    }

    /// What was paid beyond what was due, at the payers that paid too much.
    pub(crate) fn over(&self) -> Fen {
        self.due.as_ref().map_or(Fen::ZERO, |(_, comparison)| comparison.over)
    }
}

/// How far a person's year had come after the last of its bills.
pub(super) struct Closing {
    /// The last of its bills, to say whose it is.
    pub(super) line: BillLine,
    /// By the pack's rule, not by the day of settlement.
    pub(super) history: History,
    /// Bills of it that could not be settled: what they would have added up is missing here.
    pub(super) uncounted: usize,
}

/// What was settled of a number of people.
pub(super) struct Settled {
    pub(super) bills: Vec<Judged>,
    /// How far each person's years had come; nothing of that where no pack asks what a year comes to.
    pub(super) closings: Vec<Closing>,
    /// Everybody whose bills were settled, as the register knows them.
    pub(super) insured: BTreeMap<RecordId, Insured>,
}

/// Settles every bill behind a filter and sets each beside what was due, newest first. Of each person's year all that count
/// have to be behind it, so it asks for no first day: of one year's bills there is [`judge_of_year`].
pub(crate) fn judge(reading: Reading<'_>, packs: &Packs, filter: &BillFilter) -> Result<Vec<Judged>, AppError> {
    Ok(settle_years(reading, packs, reading.bills(filter)?)?.bills)
}

/// The bills that count in a year, by the pack each falls under and whatever day they were settled on, with what was due.
pub(crate) fn judge_of_year(
    reading: Reading<'_>,
    packs: &Packs,
    filter: &BillFilter,
    year: i32,
) -> Result<Vec<Judged>, AppError> {
    Ok(settle_year(reading, packs, filter, year)?.bills)
}

/// Every bill behind a filter that may count in a year, under whatever pack: a stay may go on with one of the year before,
/// and what ended in a year may be settled or corrected in any later one. The parts of a stay that goes on beyond the year say
/// who somebody was during it.
pub(crate) fn may_count_in(year: i32, filter: &BillFilter) -> BillFilter {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let (from, begun_before) = (first(year.saturating_sub(1)), first(year.saturating_add(2)));
    BillFilter { from, until: None, begun_before, ..filter.clone() }
}

/// As [`judge_of_year`], with what else came out.
pub(super) fn settle_year(
    reading: Reading<'_>,
    packs: &Packs,
    filter: &BillFilter,
    year: i32,
) -> Result<Settled, AppError> {
    let mut settled = settle_years(reading, packs, reading.bills(&may_count_in(year, filter))?)?;
    settled.bills.retain(|one| one.year == Some(year));
    settled.closings.retain(|closing| closing.history.year == year);
    Ok(settled)
}

/// As [`judge`], of bills at hand. Those that do not count are left without a judgement.
pub(crate) fn judge_lines(reading: Reading<'_>, packs: &Packs, lines: Vec<BillLine>) -> Result<Vec<Judged>, AppError> {
    Ok(settle_years(reading, packs, lines)?.bills)
}

/// The years in which bills count, the newest first.
pub(super) fn years(reading: Reading<'_>, packs: &Packs, lines: &[BillLine]) -> Result<BTreeSet<i32>, AppError> {
    let mut years = BTreeSet::new();
    for line in lines {
        years.extend(under(reading, packs, &line.bill)?.map(|under| under.year));
    }
    Ok(years)
}

fn settle_years(reading: Reading<'_>, packs: &Packs, lines: Vec<BillLine>) -> Result<Settled, AppError> {
    let blank = |line| Judged { line, pack: None, year: None, turn: 0, due: None, refused: None, uncounted: 0 };
    let mut settled =
        Settled { bills: lines.into_iter().map(blank).collect(), closings: Vec::new(), insured: BTreeMap::new() };
    let judged = &mut settled.bills;
    let mut people: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    for (place, one) in judged.iter_mut().enumerate() {
        if one.line.counts() && !packs.is_empty() {
            people.entry(one.line.person).or_default().push(place);
        } else if let Some(under) = under(reading, packs, &one.line.bill)? {
            (one.pack, one.year) = (under.pack.cloned(), Some(under.year));
        }
    }
    let windows = Windows::default();
    for (person, places) in people {
        let insured = insured_by(reading, &windows, person)?;
        let rows: Vec<_> = places.iter().filter_map(|place| judged.get(*place)).map(|one| &one.line.bill).collect();
        let years = by_year(reading, packs, &rows)?;
        through(years, |history, turns| {
            let year = settle_on(judged, &insured, history, &places, turns);
            if let Some(last) = year.last.filter(|_| packs.have_annual()).and_then(|place| judged.get(place)) {
                let (history, uncounted) = (year.history.clone(), year.uncounted);
                settled.closings.push(Closing { line: last.line.clone(), history, uncounted });
            }
            year.history
        });
        settled.insured.insert(person, insured);
    }
    Ok(settled)
}

/// A year of one person after its bills.
struct After {
    history: History,
    /// Bills of it that could not be settled.
    uncounted: usize,
    /// The place of the last that falls under a pack.
    last: Option<usize>,
}

/// Settles the bills of one year in their order; `places` are those of the person's bills among the judged.
fn settle_on(
    judged: &mut [Judged],
    insured: &Insured,
    history: History,
    places: &[usize],
    turns: Vec<Turn<'_>>,
) -> After {
    let mut unmarked = history.clone();
    let mut year = After { history, uncounted: 0, last: None };
    // What was paid before counts on when another pack comes into force within the year.
    for (turn, Turn { bill, pack, place }) in turns.into_iter().enumerate() {
        let Some(&place) = places.get(place) else { continue };
        let Some(target) = judged.get_mut(place) else { continue };
        (target.year, target.turn, target.pack) = (Some(year.history.year), turn, pack.cloned());
        let Some(pack) = pack else {
            target.refused = Some(format!("{} 没有可用的政策包", bill.settled_on));
            continue;
        };
        year.last = Some(place);
        target.uncounted = year.uncounted;
        let rules = &pack.rules;
        let (insured, bill) = (fit::person(rules, insured), fit::bill(rules, &bill));
        target.refused = fit::blank(&target.line.bill.record);
        if target.refused.is_none() {
            match settle(rules, &insured, &year.history, &bill) {
                Ok(due) => {
                    let paid = paid(&target.line.bill.record);
                    let beside = Some(&unmarked);
                    let comparison = compare_beside(rules, &insured, &year.history, beside, &bill, &due, &paid);
                    year.history = due.after.clone();
                    target.due = Some((due, comparison));
                }
                Err(error) => target.refused = Some(restricted::shown(&error.to_string()).to_owned()),
            }
        }
        year.uncounted += usize::from(target.refused.is_some());
        if let Ok(ordinary) = settle(rules, &as_unmarked(rules, &insured), &unmarked, &bill) {
            unmarked = ordinary.after;
        }
    }
    year
}

/// A bill as the register knows it; `stays` are those its person has left. [`fit::bill`] is how a pack reads it.
pub(super) fn to_bill(row: &Row<catalogue::Settlement>, stays: &[(NaiveDate, String)]) -> Bill {
    let record = &row.record;
    let settled_on = record.settled_on.or(record.discharged_on).or(record.admitted_on).unwrap_or_default();
    let discharged_on = record.discharged_on.unwrap_or(settled_on);
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    let kind = Kind::from_code(&word(&record.care_kind)).unwrap_or(Kind::Inpatient);
    Bill {
        ownpay: record.own_expense.unwrap_or_default(),
        overlimit: record.over_limit.unwrap_or_default(),
        preselfpay: fit::preselfpay(record),
        items: record.items.as_deref().map(items).unwrap_or_default(),
        hospital_borne: record.hospital_borne.unwrap_or_default(),
        cause: record.excluded_cause.clone().filter(|cause| !cause.is_empty()),
        major_disease: record.major_disease == Some(true),
        disease: fit::disease(kind, record),
        continues: fit::continued(row, stays),
        compensated: record.paid_commercial.unwrap_or_default(),
        ..Bill::new(
            row.id.to_string(),
            kind,
            Level::from_code(&word(&record.hospital_level)).unwrap_or(Level::Unrated),
            Area::from_code(&word(&record.hospital_area)).unwrap_or(Area::County),
            Referral::from_code(&word(&record.referral)).unwrap_or(Referral::None),
            [record.admitted_on.unwrap_or(discharged_on), discharged_on, settled_on],
            record.total.unwrap_or_default(),
        )
    }
}

/// Item classes as the register keeps them: `class=amount in yuan`, joined by `;`. What cannot be read is left out.
pub(super) fn items(text: &str) -> Vec<Item> {
    let parts = text.split([';', '；']).filter_map(|part| part.split_once('='));
    let read = parts.filter_map(|(class, amount)| Some((class.trim(), Fen::parse(amount.trim()).ok()?)));
    read.filter(|(_, amount)| *amount > Fen::ZERO)
        .map(|(class, amount)| Item { class: class.to_owned(), amount })
        .collect()
}

fn paid(record: &catalogue::Settlement) -> Paid {
    Column::ALL.iter().map(|column| (*column, paid_in(record, *column))).collect()
}
