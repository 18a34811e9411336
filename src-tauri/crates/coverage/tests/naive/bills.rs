//! Random people and years of bills, drawn so that every bound of a pack is met from both sides.

use chrono::{Datelike, Days, NaiveDate};
use mingbai_coverage::{Area, Bill, Enrolment, IdentityPeriod, Item, Kind, Level, Person, Referral};
use mingbai_domain::Fen;
use toml::{Table, Value};

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
        let place = self.below(i64::try_from(things.len()).expect("few"));
        &things[usize::try_from(place).expect("a place")]
    }
}

/// What a pack makes worth drawing.
pub(crate) struct Drawn {
    /// Every amount anywhere in the pack, in fen.
    amounts: Vec<i64>,
    identities: Vec<String>,
    classes: Vec<String>,
    causes: Vec<String>,
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
    super::rows::rows(pack, list).into_iter().map(|row| super::rows::text(row, "key").to_owned()).collect()
}

impl Drawn {
    pub(crate) fn new(pack: &Table) -> Self {
        let mut found = Vec::new();
        pack.values().for_each(|value| amounts(value, &mut found));
        found.retain(|amount| *amount > 0);
        found.sort_unstable();
        found.dedup();
        let first = super::rows::date(&pack["from"]).expect("a date");
        let far = first + Days::new(4 * 365);
        Self {
            amounts: found,
            identities: keys(pack, "identity"),
            classes: keys(pack, "item_class"),
            causes: keys(pack, "excluded_cause"),
            first,
            last: super::rows::date(&pack["until"]).map_or(far, |until| until.min(far)),
        }
    }

    /// A person, a calendar year of the pack, and the bills of that year.
    pub(crate) fn year(&self, dice: &mut Dice) -> (Person, i32, Vec<Bill>) {
        let years: Vec<i32> = (self.first.year()..=self.last.year()).collect();
        let year = *dice.pick(&years);
        let person = self.person(dice, year);
        let most = if dice.one_in(20) { 30 } else { 7 };
        let bills = 1 + dice.below(most);
        let bills = (0..bills).map(|number| self.bill(dice, year, number)).collect();
        (person, year, bills)
    }

    fn person(&self, dice: &mut Dice, year: i32) -> Person {
        let mut identities = Vec::new();
        for identity in self.identities.iter().chain(&["monitored".to_owned()]) {
            let periods = if dice.one_in(3) { 1 + dice.below(2) } else { 0 };
            for _ in 0..periods {
                let end = |dice: &mut Dice| dice.one_in(2).then(|| day_of(dice, year));
                let (from, until) = (end(dice), end(dice));
                identities.push(IdentityPeriod { identity: identity.clone(), from, until });
            }
        }
        let age = i32::try_from(dice.below(100)).expect("an age");
        let born = (!dice.one_in(20)).then(|| day_of(dice, year - age));
        let enrolments = if dice.one_in(2) { 0 } else { 1 + dice.below(2) };
        let enrolments = (0..enrolments).map(|_| enrolment(dice, year)).collect();
        Person { identities, born, enrolments, ..Person::default() }
    }

    /// Near a bound of the pack, or anywhere on several scales.
    fn amount(&self, dice: &mut Dice) -> i64 {
        match dice.below(10) {
            0 => dice.below(30_000),
            1..4 => dice.pick(&self.amounts) + dice.below(5) - 2,
            4..7 => dice.below(3_000_000),
            7..9 => dice.below(20_000_000),
            _ if dice.one_in(40) => dice.below(1_100_000_000_000),
            _ => dice.below(80_000_000),
        }
    }

    fn bill(&self, dice: &mut Dice, year: i32, number: i64) -> Bill {
        let mut admitted_on = day_of(dice, year);
        if dice.one_in(30) {
            admitted_on = admitted_on - Days::new(40);
        }
        let stay = u64::try_from(if dice.one_in(15) { dice.below(200) } else { dice.below(15) }).expect("days");
        let wait = u64::try_from(dice.below(4)).expect("days");
        let mut discharged_on = admitted_on + Days::new(stay);
        let mut settled_on = discharged_on + Days::new(wait);
        if dice.one_in(200) {
            std::mem::swap(&mut admitted_on, &mut discharged_on);
        }
        if dice.one_in(200) {
            settled_on = settled_on - Days::new(7);
        }
        let kind = if dice.one_in(2) { Kind::Inpatient } else { *dice.pick(Kind::ALL) };
        let level = if dice.one_in(2) { Level::Level3 } else { *dice.pick(Level::ALL) };
        let mut total = self.amount(dice);
        let share = |dice: &mut Dice, most: i64| {
            if dice.one_in(2) { 0 } else { total / 100 * dice.below(most) + dice.below(3) }
        };
        let (ownpay, overlimit) = (share(dice, 30), share(dice, 10));
        let mut preselfpay = Some(share(dice, 30)).filter(|_| !dice.one_in(40));
        let mut items = Vec::new();
        if !self.classes.is_empty() && dice.one_in(3) {
            for _ in 0..dice.below(4) {
                let class = if dice.one_in(60) { "unheard_of".to_owned() } else { dice.pick(&self.classes).clone() };
                items.push(Item { class, amount: Fen(total / 100 * dice.below(25) + dice.below(100)) });
            }
            preselfpay = preselfpay.filter(|_| dice.one_in(10));
        }
        let hospital_borne = if dice.one_in(8) { total / 100 * dice.below(20) } else { 0 };
        // The in-scope amount on the bound, not the total.
        if dice.one_in(3) {
            total += ownpay + overlimit + preselfpay.unwrap_or_default();
        }
        let cause = dice.one_in(25).then(|| match self.causes.as_slice() {
            [] => "unheard_of".to_owned(),
            causes => dice.pick(causes).clone(),
        });
        let sign = if dice.one_in(300) { -1 } else { 1 };
        let area = *dice.pick(Area::ALL);
        let referral = if dice.one_in(2) { Referral::None } else { *dice.pick(Referral::ALL) };
        let days = [admitted_on, discharged_on, settled_on];
        Bill {
            ownpay: Fen(ownpay * sign),
            overlimit: Fen(overlimit),
            preselfpay: preselfpay.map(Fen),
            items,
            hospital_borne: Fen(hospital_borne),
            cause,
            major_disease: dice.one_in(2),
            compensated: Fen(if dice.one_in(4) { total / 100 * dice.below(40) } else { 0 }),
            ..Bill::new(format!("{number:02}"), kind, level, area, referral, days, Fen(total))
        }
    }
}

fn day_of(dice: &mut Dice, year: i32) -> NaiveDate {
    let days = u64::try_from(dice.below(365)).expect("days");
    NaiveDate::from_ymd_opt(year, 1, 1).expect("a date") + Days::new(days)
}

fn enrolment(dice: &mut Dice, year: i32) -> Enrolment {
    let from = if dice.one_in(2) { day_of(dice, year) } else { day_of(dice, year - 1) };
    let mut years = |most: i64| u32::try_from(dice.below(most)).expect("years");
    let (gap_years, repaid_years) = (years(6), years(4));
    Enrolment {
        from,
        until: dice.one_in(4).then(|| from + Days::new(u64::try_from(dice.below(500)).expect("days"))),
        paid_on: dice.one_in(3).then_some(from),
        late: (!dice.one_in(4)).then(|| dice.one_in(3)),
        gap_years: (!dice.one_in(5)).then(|| if dice.one_in(2) { 0 } else { gap_years }),
        entitled_from: dice.one_in(6).then(|| from + Days::new(u64::try_from(dice.below(120)).expect("days"))),
        repaid_years,
        special: dice.one_in(10),
    }
}
