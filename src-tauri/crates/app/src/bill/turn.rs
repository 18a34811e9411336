//! Which calendar year each bill of a person counts to, its turn within it, and what one year leaves to the next.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{Bill, History, in_turn, whole_stays};
use mingbai_domain::catalogue::Settlement;
use mingbai_store::{Reading, Row};

use super::judge::to_bill;
use super::{chain, fit};
use crate::error::AppError;
use crate::policy::{ActivePack, Packs};

/// A bill in its turn.
pub(crate) struct Turn<'p> {
    pub(crate) bill: Bill,
    /// The pack it falls under; nothing where none is in force.
    pub(crate) pack: Option<&'p ActivePack>,
    /// Its place among the rows.
    pub(crate) place: usize,
}

/// The pack a paper falls under and the year it counts in.
pub(super) struct Under<'p> {
    pub(super) pack: Option<&'p ActivePack>,
    pub(super) year: i32,
}

/// Where a paper counts; one that only takes another back stands beside that one. Nothing for one nobody says the day of.
pub(super) fn under<'p>(
    reading: Reading<'_>,
    packs: &'p Packs,
    row: &Row<Settlement>,
) -> Result<Option<Under<'p>>, AppError> {
    let taken_back = match row.record.reversal {
        Some(true) => chain::before(reading, row.record.corrects)?.into_iter().next(),
        _ => None,
    };
    let Some(bill) = placed(reading, taken_back.as_ref().unwrap_or(row), &[])? else { return Ok(None) };
    let (pack, year) = counts_in(packs, &bill);
    Ok(Some(Under { pack, year }))
}

fn counts_in<'p>(packs: &'p Packs, bill: &Bill) -> (Option<&'p ActivePack>, i32) {
    let pack = fit::pack_of(packs, bill);
    (pack, pack.map_or(bill.settled_on, |pack| pack.rules.day_of(bill)).year())
}

/// A person's bills by the calendar year each counts to by its pack, every year in the order in which it is settled. A bill
/// nobody says the day of has no turn. The rows are those that count.
pub(crate) fn by_year<'p>(
    reading: Reading<'_>,
    packs: &'p Packs,
    rows: &[&Row<Settlement>],
) -> Result<BTreeMap<i32, Vec<Turn<'p>>>, AppError> {
    let stays = fit::stays(rows.iter().copied());
    let mut bills: Vec<(usize, Bill)> = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        bills.extend(placed(reading, row, &stays)?.map(|bill| (place, bill)));
    }
    // A stay in parts is one stay, also where New Year parts it: who somebody is goes by the whole of it.
    if bills.iter().any(|(_, bill)| bill.continues.is_some()) {
        let whole = whole_stays(&bills.iter().map(|(_, bill)| bill).collect::<Vec<_>>());
        for ((_, bill), whole) in bills.iter_mut().zip(whole) {
            bill.whole_stay = whole;
        }
    }
    let mut years: BTreeMap<i32, Vec<Turn<'p>>> = BTreeMap::new();
    for (place, bill) in bills {
        let (pack, year) = counts_in(packs, &bill);
        years.entry(year).or_default().push(Turn { bill, pack, place });
    }
    for turns in years.values_mut() {
        let order = in_turn(&turns.iter().map(|turn| &turn.bill).collect::<Vec<_>>());
        let mut open: Vec<Option<Turn<'p>>> = turns.drain(..).map(Some).collect();
        turns.extend(order.into_iter().filter_map(|place| open.get_mut(place)?.take()));
    }
    Ok(years)
}

/// Settles years one after the other, each beginning with what the one before leaves to it: a stay that may go on.
pub(crate) fn through<T>(years: impl IntoIterator<Item = (i32, T)>, mut settle: impl FnMut(History, T) -> History) {
    let mut before: Option<History> = None;
    for (year, bills) in years {
        let opening = before.map_or_else(|| History::empty(year), |before| before.next(year));
        before = Some(settle(opening, bills));
    }
}

/// A bill in its turn: one that corrects another counts where that one did, whenever the money came. Nothing for one nobody
/// says the day of.
fn placed(
    reading: Reading<'_>,
    row: &Row<Settlement>,
    stays: &[(NaiveDate, String)],
) -> Result<Option<Bill>, AppError> {
    let Some(turn) = chain::turn(reading, row)? else { return Ok(None) };
    let bill = to_bill(row, stays);
    Ok(Some(Bill { settled_on: turn.max(bill.discharged_on), ..bill }))
}
