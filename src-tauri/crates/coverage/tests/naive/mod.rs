//! The rules a second time, as slowly and plainly as they can be written.
//!
//! Written from the algorithm of the field (先扣自费、先行自付，再按支付顺序逐个算) and from `assets/packs/README.md`, not
//! from the engine: it looks every switch up in the TOML's own values each time it needs one, works in exact fractions, and
//! keeps no running totals: what a year has come to is added up from its earlier bills whenever it is asked. It expects a
//! pack the engine has accepted, and says of a bill only that it is refused, not why.

mod bill;
mod corrections;
mod diseases;
pub(crate) mod fraction;
pub(crate) mod met;
mod payers;
pub(crate) mod rows;
mod stays;
mod waiting;

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use fraction::Fraction;
use met::Met;
use mingbai_coverage::{Bill, Person};
use rows::{can_be, date, rows, text};
use toml::Table;

/// What a bill comes to, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) preselfpay: i64,
    pub(crate) in_scope: i64,
    /// Key, amount, the part of it on 先行自付.
    pub(crate) payers: Vec<(String, i64, i64)>,
    pub(crate) in_scope_personal: i64,
    pub(crate) preselfpay_personal: i64,
    pub(crate) personal: i64,
}

/// What becomes of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Settled(Outcome),
    Refused,
    Aside(Met),
}

/// What one payer did with one bill.
#[derive(Clone)]
struct Turn {
    key: String,
    pool: String,
    base: Fraction,
    /// The deductible of the admission, as it is reckoned with this bill.
    full: Fraction,
    borne: Fraction,
    entitled: Fraction,
    paid: Fraction,
    /// What was given beyond what the bill had room for, where that is made good at the year's end.
    short: Fraction,
    on_preselfpay: Fraction,
}

/// A bill that counted.
struct Past<'a> {
    number: String,
    year: i32,
    /// Day of the visit or the admission.
    day: NaiveDate,
    /// Care that can be an admission.
    stay: bool,
    /// The level at which it is an admission of its own.
    admitted_at: Option<&'static str>,
    /// The part of the stay before this one.
    goes_on_from: Option<usize>,
    disease: Option<&'a Table>,
    turns: Vec<Turn>,
    in_scope_left: Fraction,
    preselfpay_left: Fraction,
}

/// One person's years.
pub(crate) struct Life<'a> {
    pack: &'a Table,
    person: &'a Person,
    /// Whether any condition of the pack looks at the age.
    asks_age: bool,
    /// The year at hand.
    year: i32,
    past: Vec<Past<'a>>,
    /// Every bill that counts, settled or not.
    counted: Vec<Bill>,
    /// What the bills met, as often as they did.
    pub(crate) met: Vec<Met>,
}

/// What of a bill nobody has paid yet.
struct Left {
    in_scope: Fraction,
    beyond_caps: Fraction,
    preselfpay: Fraction,
}

impl<'a> Life<'a> {
    pub(crate) fn new(pack: &'a Table, person: &'a Person) -> Self {
        Self {
            pack,
            person,
            asks_age: bill::asks_age(pack),
            year: 0,
            past: Vec::new(),
            counted: Vec::new(),
            met: Vec::new(),
        }
    }

    /// Settles bills year by year in the order they are settled in. What becomes of each, in the order handed in.
    pub(crate) fn bills(&mut self, bills: &[Bill]) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Refused; bills.len()];
        let mut order: Vec<(i32, usize)> = Vec::new();
        self.counted = bills.iter().filter(|bill| corrections::aside(bill, bills).is_none()).cloned().collect();
        for (place, bill) in bills.iter().enumerate() {
            if let Some(met) = corrections::aside(bill, bills) {
                self.met.push(met);
                verdicts[place] = Verdict::Aside(met);
            } else if let Some(year) = self.year_of(bill) {
                order.push((year, place));
            }
        }
        order.sort_by_key(|&(year, place)| {
            let bill = &bills[place];
            (year, bill.settled_on, bill.discharged_on, bill.admitted_on, bill.id.clone())
        });
        let order = Self::one_after_another(bills, order);
        for (year, place) in order {
            self.year = year;
            if let Some(outcome) = self.bill(&bills[place]) {
                verdicts[place] = Verdict::Settled(outcome);
            }
        }
        verdicts
    }

    /// The same bills, each only after the one of its year whose stay it goes on with: those that nobody holds up go first,
    /// by their days. Whoever leads back to itself by going from name to name is held up by nobody.
    fn one_after_another(bills: &[Bill], mut left: Vec<(i32, usize)>) -> Vec<(i32, usize)> {
        let mut holds: HashMap<usize, usize> = HashMap::new();
        for &(year, place) in &left {
            let Some(continues) = &bills[place].continues else { continue };
            let its = |&&(of, other): &&(i32, usize)| of == year && other != place && bills[other].id == continues.bill;
            holds.extend(left.iter().find(its).map(|&(_, other)| (place, other)));
        }
        let comes_back = |from: usize| {
            let mut at = from;
            for _ in 0..bills.len() {
                match holds.get(&at) {
                    Some(&next) if next == from => return true,
                    Some(&next) => at = next,
                    None => return false,
                }
            }
            false
        };
        let free: HashSet<usize> =
            bills.iter().enumerate().map(|(place, _)| place).filter(|&at| comes_back(at)).collect();
        let mut order: Vec<(i32, usize)> = Vec::new();
        while !left.is_empty() {
            let ready = |&(_, place): &(i32, usize)| {
                let held = holds.get(&place).filter(|_| !free.contains(&place));
                held.is_none_or(|of| order.iter().any(|(_, done)| done == of))
            };
            let next = left.iter().position(ready).expect("somebody is ready");
            order.push(left.remove(next));
        }
        order
    }

    /// Looks at this year from now on.
    pub(crate) fn turn_to(&mut self, year: i32) {
        self.year = year;
    }

    /// The calendar year a bill belongs to; `None` outside the pack's years and for a stay that has to come in two parts.
    fn year_of(&self, bill: &Bill) -> Option<i32> {
        let day = match text(self.pack, "year_of") {
            "admission" => bill.admitted_on,
            "discharge" => bill.discharged_on,
            _ => bill.settled_on,
        };
        let begun = day >= date(&self.pack["from"]).expect("a date");
        let ended = date(&self.pack["until"]).is_some_and(|until| day > until);
        let crosses = bill.admitted_on.year() != bill.discharged_on.year();
        (begun && !ended && !(crosses && text(self.pack, "cross_year") == "split")).then(|| day.year())
    }

    fn this_year(&self) -> impl Iterator<Item = &Past<'a>> + Clone {
        self.past.iter().filter(|past| past.year == self.year)
    }

    fn sum(&self, key: &str, what: impl Fn(&Turn) -> Fraction) -> Fraction {
        self.this_year().flat_map(|past| &past.turns).filter(|turn| turn.key == key).map(what).sum()
    }

    /// Base, deductible borne, entitled and paid of one payer this year, in fen.
    pub(crate) fn payer(&self, key: &str) -> [i64; 4] {
        let parts: [fn(&Turn) -> Fraction; 4] =
            [|turn| turn.base, |turn| turn.borne, |turn| turn.entitled, |turn| turn.paid];
        parts.map(|part| self.sum(key, part).fen())
    }

    /// In-scope money and 先行自付 left to the person this year, in fen.
    pub(crate) fn left(&self) -> (i64, i64) {
        let in_scope: Fraction = self.this_year().map(|past| past.in_scope_left).sum();
        let preselfpay: Fraction = self.this_year().map(|past| past.preselfpay_left).sum();
        (in_scope.fen(), preselfpay.fen())
    }

    /// Admissions of this year at a level.
    pub(crate) fn admissions(&self, level: &str) -> usize {
        self.this_year().filter(|past| past.admitted_at == Some(level)).count()
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        rows(self.pack, "payer").into_iter().map(|payer| text(payer, "key").to_owned()).collect()
    }

    /// Whether every sum of the year is one a year can have.
    fn can_be(&self) -> bool {
        let (in_scope, preselfpay) = self.left();
        can_be(in_scope) && can_be(preselfpay) && self.keys().iter().flat_map(|key| self.payer(key)).all(can_be)
    }

    fn identities(&self, first: NaiveDate, last: NaiveDate, lost: bool) -> Vec<String> {
        let mut counted: Vec<String> = Vec::new();
        let mut classes: Vec<&str> = Vec::new();
        for known in rows(self.pack, "identity") {
            let (key, class) = (text(known, "key"), text(known, "class"));
            let held = self.person.identities.iter().any(|period| {
                let begun = period.from.is_none_or(|from| from <= last);
                let going_on = period.until.is_none_or(|until| until >= first);
                period.identity == key && begun && going_on
            });
            let better = text(self.pack, "multi_identity") == "highest" && classes.contains(&class);
            if held {
                classes.push(class);
            }
            if held && !better && !(lost && class == "aid") {
                counted.push(key.to_owned());
            }
        }
        counted
    }

    fn income(&self) -> Option<Fraction> {
        let before = i64::from(self.year) - 1;
        let given = rows(self.pack, "income").into_iter().find(|row| row["year"].as_integer() == Some(before));
        given.map(|row| Fraction::yuan(text(row, "amount")))
    }
}
