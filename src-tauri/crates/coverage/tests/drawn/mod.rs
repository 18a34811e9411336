//! Random people and their bills, drawn so that every bound of a pack is met from both sides and every way in which bills
//! hang together occurs.

mod bills;
mod chains;
mod people;

use chrono::{Datelike, Days, NaiveDate};
use mingbai_coverage::{Bill, Kind, Person};
use toml::{Table, Value};

use crate::naive::rows::{date, rows, text};

/// `SplitMix64`: a seed is a sequence, on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.next() % u64::try_from(end.max(1)).expect("positive")).expect("below a positive number")
    }

    /// One time in so many.
    pub(crate) fn one_in(&mut self, times: i64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.place(things.len())]
    }

    /// A place in a list of this length.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(i64::try_from(length).expect("few"))).expect("a place")
    }

    /// Fewer days than this.
    fn days(&mut self, end: i64) -> Days {
        Days::new(u64::try_from(self.below(end)).expect("days"))
    }

    /// A day of a year; often one of its last, where years meet.
    fn day_of(&mut self, year: i32) -> NaiveDate {
        let last = self.one_in(8);
        let first = NaiveDate::from_ymd_opt(year, if last { 12 } else { 1 }, if last { 20 } else { 1 });
        first.expect("a date") + self.days(if last { 12 } else { 365 })
    }
}

/// What a pack makes worth drawing.
pub(crate) struct Drawn {
    /// Every amount anywhere in the pack, in fen.
    amounts: Vec<i64>,
    identities: Vec<String>,
    classes: Vec<String>,
    causes: Vec<String>,
    /// Key and kind of care.
    diseases: Vec<(String, Kind)>,
    first: NaiveDate,
    last: NaiveDate,
}

fn amounts(value: &Value, found: &mut Vec<i64>) {
    match value {
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) && text.len() < 9 => {
            found.extend(text.parse::<i64>().map(|yuan| yuan * 100));
        }
        Value::Array(list) => list.iter().for_each(|value| amounts(value, found)),
        Value::Table(table) => table.values().for_each(|value| amounts(value, found)),
        _ => {}
    }
}

fn keys(pack: &Table, list: &str) -> Vec<String> {
    rows(pack, list).into_iter().map(|row| text(row, "key").to_owned()).collect()
}

impl Drawn {
    pub(crate) fn new(pack: &Table) -> Self {
        let mut found = Vec::new();
        pack.values().for_each(|value| amounts(value, &mut found));
        found.retain(|amount| *amount > 0);
        found.sort_unstable();
        found.dedup();
        let first = date(&pack["from"]).expect("a date");
        let far = first + Days::new(4 * 365);
        let disease = |row: &Table| (text(row, "key").to_owned(), Kind::from_code(text(row, "kind")).expect("a kind"));
        Self {
            amounts: found,
            identities: keys(pack, "identity"),
            classes: keys(pack, "item_class"),
            causes: keys(pack, "excluded_cause"),
            diseases: rows(pack, "disease").into_iter().map(disease).collect(),
            first,
            last: date(&pack["until"]).map_or(far, |until| until.min(far)),
        }
    }

    /// A person and the bills of a year or two of the pack.
    pub(crate) fn life(&self, dice: &mut Dice) -> (Person, Vec<Bill>) {
        let years: Vec<i32> = (self.first.year()..=self.last.year()).collect();
        // The first year is the one everything in the pack was written for.
        let year = if dice.one_in(2) { years[0] } else { *dice.pick(&years) };
        let person = self.person(dice, year);
        let most = if dice.one_in(20) { 30 } else { 7 };
        let mut bills: Vec<Bill> = (0..1 + dice.below(most)).map(|_| self.bill(dice, year)).collect();
        // Bills of a year the pack does not know are refused, and that is soon seen.
        if dice.one_in(if years.contains(&(year + 1)) { 3 } else { 30 }) {
            bills.extend((0..1 + dice.below(4)).map(|_| self.bill(dice, year + 1)));
        }
        self.going_on(dice, &mut bills);
        for (number, bill) in bills.iter_mut().enumerate() {
            bill.id = format!("{number:02}");
        }
        self.corrected(dice, &mut bills);
        (person, bills)
    }
}
