//! The rules a second time, as slowly and plainly as they can be written.
//!
//! Written from the algorithm of the field (先扣自费、先行自付，再按支付顺序逐个算) and from `assets/packs/README.md`, not
//! from the engine: it looks every switch up in the TOML's own values each time it needs one, works in exact fractions, and
//! keeps no running totals: what a year has come to is added up from its earlier bills whenever it is asked. It expects a
//! pack the engine has accepted, and says of a bill only that it is refused, not why.

pub(crate) mod bills;
pub(crate) mod fraction;
mod payers;
mod rows;
mod waiting;

use chrono::{Datelike, NaiveDate};
use fraction::{Fraction, NOTHING};
use mingbai_coverage::{Bill, Person, Referral};
use rows::{Facts, applies, can_be, date, holds, row, rows, text, yes};
use toml::{Table, Value};

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

/// What one payer did with one bill.
#[derive(Clone)]
struct Turn {
    key: String,
    pool: String,
    base: Fraction,
    borne: Fraction,
    entitled: Fraction,
    paid: Fraction,
    on_preselfpay: Fraction,
}

/// A bill of the year that counted.
struct Past {
    stay_at: Option<&'static str>,
    turns: Vec<Turn>,
    in_scope_left: Fraction,
    preselfpay_left: Fraction,
}

/// One person's year.
pub(crate) struct Year<'a> {
    pack: &'a Table,
    person: &'a Person,
    year: i32,
    past: Vec<Past>,
}

/// What of a bill nobody has paid yet.
struct Left {
    in_scope: Fraction,
    beyond_caps: Fraction,
    preselfpay: Fraction,
}

impl<'a> Year<'a> {
    pub(crate) fn new(pack: &'a Table, person: &'a Person, year: i32) -> Self {
        Self { pack, person, year, past: Vec::new() }
    }

    /// Settles bills in the order they are settled in; `None` for one that is refused. In the order handed in.
    pub(crate) fn bills(&mut self, bills: &[Bill]) -> Vec<Option<Outcome>> {
        let mut order: Vec<usize> = (0..bills.len()).collect();
        order.sort_by_key(|&place| {
            let bill = &bills[place];
            (bill.settled_on, bill.discharged_on, bill.admitted_on, bill.id.clone())
        });
        // A stay that goes on with one that comes later waits for it.
        let mut at = 0;
        for _ in 0..bills.len() * bills.len() {
            let named = |place: usize| bills[place].continues.as_ref().map(|continues| continues.bill.clone());
            let Some(&place) = order.get(at) else { break };
            let later = order.iter().skip(at + 1).position(|&other| named(place) == Some(bills[other].id.clone()));
            match later {
                Some(later) => {
                    order.remove(at);
                    order.insert(at + 1 + later, place);
                }
                None => at += 1,
            }
        }
        let mut outcomes = vec![None; bills.len()];
        for place in order {
            outcomes[place] = self.bill(&bills[place]);
        }
        outcomes
    }

    fn sum(&self, key: &str, what: impl Fn(&Turn) -> Fraction) -> Fraction {
        self.past.iter().flat_map(|past| &past.turns).filter(|turn| turn.key == key).map(what).sum()
    }

    /// Base, deductible borne, entitled and paid of one payer this year, in fen.
    pub(crate) fn payer(&self, key: &str) -> [i64; 4] {
        let parts: [fn(&Turn) -> Fraction; 4] =
            [|turn| turn.base, |turn| turn.borne, |turn| turn.entitled, |turn| turn.paid];
        parts.map(|part| self.sum(key, part).fen())
    }

    /// In-scope money and 先行自付 left to the person this year, in fen.
    pub(crate) fn left(&self) -> (i64, i64) {
        let in_scope: Fraction = self.past.iter().map(|past| past.in_scope_left).sum();
        let preselfpay: Fraction = self.past.iter().map(|past| past.preselfpay_left).sum();
        (in_scope.fen(), preselfpay.fen())
    }

    fn keys(&self) -> Vec<String> {
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

    fn belongs_here(&self, bill: &Bill) -> bool {
        let day = match text(self.pack, "year_of") {
            "admission" => bill.admitted_on,
            "discharge" => bill.discharged_on,
            _ => bill.settled_on,
        };
        let begun = day >= date(&self.pack["from"]).expect("a date");
        let ended = date(&self.pack["until"]).is_some_and(|until| day > until);
        let crosses = bill.admitted_on.year() != bill.discharged_on.year();
        begun && !ended && day.year() == self.year && !(crosses && text(self.pack, "cross_year") == "split")
    }

    /// 先行自付 as printed, or from the items; `None` when neither is there or they contradict each other.
    fn preselfpay(&self, bill: &Bill) -> Option<Fraction> {
        let printed = bill.preselfpay.map(|printed| Fraction::whole(printed.0));
        if bill.items.is_empty() {
            return printed;
        }
        let (mut all, mut first) = (NOTHING, NOTHING);
        for item in &bill.items {
            let class = rows(self.pack, "item_class").into_iter().find(|class| text(class, "key") == item.class)?;
            all = all + Fraction::whole(item.amount.0);
            first = first + Fraction::whole(item.amount.0) * Fraction::share(text(class, "prepay"));
        }
        let in_catalogue = Fraction::whole(bill.total.0 - bill.ownpay.0 - bill.overlimit.0);
        let derived = first.rounded();
        (all <= in_catalogue && printed.is_none_or(|printed| printed == derived)).then_some(derived)
    }

    fn age_on(&self, day: NaiveDate) -> Option<i64> {
        let born = self.person.born?;
        let before_birthday = (day.month(), day.day()) < (born.month(), born.day());
        let age = i64::from(day.year()) - i64::from(born.year()) - i64::from(before_birthday);
        (age >= 0).then_some(age)
    }

    /// Whether any condition of the pack looks at the age.
    fn asks_age(&self) -> bool {
        fn inside(value: &Value) -> bool {
            match value {
                Value::Table(table) => table.iter().any(|(key, value)| key.starts_with("age_") || inside(value)),
                Value::Array(list) => list.iter().any(inside),
                _ => false,
            }
        }
        self.pack.values().any(inside)
    }

    fn bill(&mut self, bill: &Bill) -> Option<Outcome> {
        let printed = bill.preselfpay.map_or(0, |printed| printed.0);
        let amounts =
            [bill.total.0, bill.ownpay.0, bill.overlimit.0, printed, bill.hospital_borne.0, bill.compensated.0];
        let items = bill.items.iter().map(|item| item.amount.0);
        let in_order = bill.admitted_on <= bill.discharged_on && bill.discharged_on <= bill.settled_on;
        let keys = self.keys();
        if !amounts.into_iter().chain(items).all(can_be) || !in_order || !self.can_be() || !self.belongs_here(bill) {
            return None;
        }
        if self.asks_age() && self.age_on(bill.admitted_on).is_none() {
            return None;
        }
        let referral = self.pack["referral"].as_table().expect("a table");
        let unreferred = (bill.referral == Referral::Unreferred).then(|| text(referral, "unreferred"));
        let (first, last) = match text(self.pack, "identity_moment") {
            "stay" => (bill.admitted_on, bill.discharged_on),
            "admission" => (bill.admitted_on, bill.admitted_on),
            _ => (bill.settled_on, bill.settled_on),
        };
        let total = Fraction::whole(bill.total.0);
        let facts = Facts {
            kind: bill.kind.code(),
            level: bill.level.code(),
            area: bill.area.code(),
            referral: bill.referral.code(),
            identities: self.identities(first, last, unreferred == Some("as_ordinary")),
            nth: 1,
            total,
            age: self.age_on(bill.admitted_on),
            major: bill.major_disease,
            base: None,
            income: self.income(),
            rounding: text(self.pack, "rounding"),
        };
        if self.not_in_the_pack(bill, &facts) {
            return None;
        }
        let compensated = Fraction::whole(bill.compensated.0);

        // 政策范围内 = 总费用 − 全自费 − 超限价 − 先行自付, then what a referral takes first.
        let mut preselfpay = self.preselfpay(bill)?;
        let outside = Fraction::whole(bill.ownpay.0) + Fraction::whole(bill.overlimit.0);
        let mut in_scope = total - outside - preselfpay;
        if in_scope < NOTHING {
            return None;
        }
        if let Some(row) = row(referral, "prepay", &facts) {
            let taken = (in_scope * Fraction::share(text(row, "share"))).rounded();
            preselfpay = preselfpay + taken;
            in_scope = in_scope - taken;
        }

        if let Some(cause) = &bill.cause {
            rows(self.pack, "excluded_cause").into_iter().find(|listed| text(listed, "key") == cause)?;
        }
        let unpaid = self.unpaid(bill, &facts)?;
        let mut insured_stay = true;
        let mut left = Left { in_scope, beyond_caps: NOTHING, preselfpay };
        let mut turns = Vec::new();
        let covered = bill.cause.is_none() && unreferred != Some("not_covered");
        if covered {
            for payer in rows(self.pack, "payer") {
                if unpaid.iter().any(|key| key == text(payer, "key")) {
                    // A stay the basic fund must not look at is no admission of its year.
                    insured_stay &= text(payer, "column") != "basic" || !applies(payer, &facts);
                    continue;
                }
                let turn = self.turn(payer, &facts, in_scope, compensated, &mut left, &turns)?;
                turns.extend(turn);
            }
            self.ceiling(&facts, in_scope, &mut left, &mut turns);
            for payer in rows(self.pack, "payer") {
                let last = text(payer, "annual_base") == "after_immediate";
                if let Some(turn) = turns.iter_mut().find(|turn| last && turn.key == text(payer, "key")) {
                    let also = if yes(payer, "base_includes_preselfpay") { left.preselfpay } else { NOTHING };
                    let off = if yes(payer, "less_compensation") { compensated } else { NOTHING };
                    turn.base = (left.in_scope + also - off).max(NOTHING);
                }
            }
        }

        let in_scope_left = left.in_scope + left.beyond_caps;
        let personal = outside + left.preselfpay + in_scope_left - Fraction::whole(bill.hospital_borne.0);
        if personal < NOTHING {
            return None;
        }
        let paid = |key: &String| {
            let turn = turns.iter().find(|turn| turn.key == *key);
            turn.map_or((key.clone(), 0, 0), |turn| (key.clone(), turn.paid.fen(), turn.on_preselfpay.fen()))
        };
        let outcome = Outcome {
            preselfpay: preselfpay.fen(),
            in_scope: in_scope.fen(),
            payers: keys.iter().map(paid).collect(),
            in_scope_personal: in_scope_left.fen(),
            preselfpay_personal: left.preselfpay.fen(),
            personal: personal.fen(),
        };
        if covered {
            let stay_at = (insured_stay && self.is_stay(bill.kind.code())).then(|| bill.level.code());
            self.past.push(Past { stay_at, turns, in_scope_left, preselfpay_left: left.preselfpay });
        }
        Some(outcome)
    }

    fn is_stay(&self, kind: &str) -> bool {
        let kinds = self.pack["admission_kinds"].as_array().expect("a list");
        kinds.iter().any(|word| word.as_str() == Some(kind))
    }

    fn income(&self) -> Option<Fraction> {
        let before = i64::from(self.year) - 1;
        let given = rows(self.pack, "income").into_iter().find(|row| row["year"].as_integer() == Some(before));
        given.map(|row| Fraction::yuan(text(row, "amount")))
    }

    /// Parts the pack says it leaves out, stays it wants in parts, diseases it has to be told.
    fn not_in_the_pack(&self, bill: &Bill, facts: &Facts<'_>) -> bool {
        let left_out = rows(self.pack, "partial");
        let refuses = left_out.into_iter().any(|gap| text(gap, "effect") == "refuse" && holds(gap, facts));
        let days = (bill.discharged_on - bill.admitted_on).num_days();
        let long = row(self.pack, "long_stay", facts)
            .is_some_and(|row| self.is_stay(facts.kind) && row["days"].as_integer().is_some_and(|most| days > most));
        let untold = rows(self.pack, "disease").into_iter().any(|disease| {
            let free = text(disease, "limit") == "none" && text(disease, "ratio") == "none";
            text(disease, "kind") == facts.kind && !(free && disease["levels"].as_str() == Some("any"))
        });
        refuses || long || untold
    }
}
