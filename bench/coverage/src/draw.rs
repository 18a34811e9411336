//! Invented people and bills, the same ones on every machine.

use chrono::{Datelike, Days, NaiveDate};
use mingbai_coverage::{Area, Bill, History, Kind, Level, Pack, Person, Referral, settle};
use mingbai_domain::Fen;

/// `SplitMix64`.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }

    fn pick<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[usize::try_from(self.below(things.len() as u64)).unwrap_or_default()]
    }
}

/// One person's year.
pub(crate) struct Year {
    pub(crate) person: Person,
    pub(crate) bills: Vec<Bill>,
}

/// Years of people under a pack until they hold so many bills. Stays only, or every kind of care the pack settles; no years
/// at all when it settles none.
pub(crate) fn years(pack: &Pack, bills: usize, stays_only: bool) -> Vec<Year> {
    let mut dice = Dice::new(20_221);
    let mut years = Vec::new();
    let mut kinds = settled_kinds(pack);
    if stays_only {
        kinds.truncate(1);
    }
    let mut drawn = 0;
    while drawn < bills && !kinds.is_empty() {
        let mut year = year(pack, &mut dice, &kinds);
        year.bills.truncate(bills - drawn);
        drawn += year.bills.len();
        years.push(year);
    }
    years
}

/// Kinds of care of which the pack does not say that its rules were not to be had, stays first.
fn settled_kinds(pack: &Pack) -> Vec<Kind> {
    let first = pack.from.with_ordinal(1).unwrap_or(pack.from);
    let person = Person { born: first.with_year(first.year() - 40), ..Person::ordinary() };
    let settles = |kind: &Kind| {
        let bill = Bill::new("", *kind, Level::Level3, Area::City, Referral::None, [first; 3], Fen::from_yuan(100));
        settle(pack, &person, &History::empty(first.year()), &bill).is_ok()
    };
    Kind::ALL.iter().copied().filter(settles).collect()
}

fn year(pack: &Pack, dice: &mut Dice, kinds: &[Kind]) -> Year {
    let first = pack.from.with_ordinal(1).unwrap_or(pack.from);
    let aid: Vec<&str> = pack.identities.iter().filter(|i| i.aid).map(|i| i.key.as_str()).collect();
    let held = if dice.below(10) < 6 && !aid.is_empty() { vec![*dice.pick(&aid)] } else { Vec::new() };
    let born = first.with_year(first.year() - 20 - i32::try_from(dice.below(70)).unwrap_or_default());
    let person = Person { born, ..Person::holding(&held) };
    let count = 1 + dice.below(6);
    // One after the other, so that the order of the list is the order of settlement.
    let bills = (0..count).map(|number| bill(dice, first, number, kinds)).collect();
    Year { person, bills }
}

fn bill(dice: &mut Dice, first: NaiveDate, number: u64, kinds: &[Kind]) -> Bill {
    let admitted_on = first + Days::new(number * 60 + dice.below(30));
    let discharged_on = admitted_on + Days::new(1 + dice.below(25));
    let total = match dice.below(10) {
        0..5 => 50_000 + dice.below(2_000_000),
        5..9 => 300_000 + dice.below(8_000_000),
        _ => dice.below(60_000_000),
    };
    let total = i64::try_from(total).unwrap_or_default();
    let mut part = |most: u64| total / 100 * i64::try_from(dice.below(most)).unwrap_or_default();
    let (ownpay, overlimit, preselfpay) = (Fen(part(15)), Fen(part(4)), Fen(part(12)));
    let kind = if dice.below(10) < 7 { Kind::Inpatient } else { *dice.pick(kinds) };
    let area = if dice.below(10) < 6 { Area::City } else { *dice.pick(Area::ALL) };
    let referral = match (area, dice.below(10)) {
        (Area::County | Area::City, _) => Referral::None,
        (_, 0) => Referral::Unreferred,
        _ => Referral::Referred,
    };
    let days = [admitted_on, discharged_on, discharged_on];
    Bill {
        ownpay,
        overlimit,
        preselfpay: Some(preselfpay),
        major_disease: dice.below(4) == 0,
        ..Bill::new(format!("{number:02}"), kind, Level::Level3, area, referral, days, Fen(total))
    }
}
