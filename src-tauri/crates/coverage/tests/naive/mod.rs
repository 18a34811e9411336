//! The rules a second time, as slowly and plainly as they can be written.
//!
//! Written from the algorithm of the field (先扣自费、先行自付，再按支付顺序逐个算) and from `assets/packs/README.md`, not
//! from the engine: it looks every switch up in the TOML's own values each time it needs one, works in exact fractions, and
//! keeps no running totals: what a year has come to is added up from its earlier bills whenever it is asked. It expects a
//! pack the engine has accepted, and says of a bill only that it is refused, not why.

pub(crate) mod bills;
pub(crate) mod fraction;

use chrono::{Datelike, NaiveDate};
use fraction::{Fraction, NOTHING};
use mingbai_coverage::{Bill, Person, Referral};
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

/// What a condition can ask about.
#[derive(Clone)]
struct Facts<'a> {
    kind: &'a str,
    level: &'a str,
    area: &'a str,
    referral: &'a str,
    identities: Vec<String>,
    nth: i64,
    total: Fraction,
    age: Option<i64>,
    major: bool,
    /// What the payer at hand looks at.
    base: Option<Fraction>,
    /// 居民人均可支配收入 of the year before.
    income: Option<Fraction>,
    rounding: &'a str,
}

/// One person's year.
pub(crate) struct Year<'a> {
    pack: &'a Table,
    person: &'a Person,
    year: i32,
    past: Vec<Past>,
}

fn text<'v>(table: &'v Table, key: &str) -> &'v str {
    table[key].as_str().expect("text")
}

fn yes(table: &Table, key: &str) -> bool {
    table[key].as_bool().expect("true or false")
}

fn rows<'v>(table: &'v Table, key: &str) -> Vec<&'v Table> {
    let list = table[key].as_array().expect("a list");
    list.iter().map(|row| row.as_table().expect("a row")).collect()
}

fn date(value: &Value) -> Option<NaiveDate> {
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    written.parse().ok()
}

/// Whether an amount can stand on a bill: not negative, not above ten billion yuan.
fn can_be(fen: i64) -> bool {
    (0..=1_000_000_000_000).contains(&fen)
}

fn holds(condition: &Table, facts: &Facts<'_>) -> bool {
    let named = |key: &str, found: &str| {
        condition
            .get(key)
            .is_none_or(|list| list.as_array().expect("a list").iter().any(|word| word.as_str() == Some(found)))
    };
    let any_identity = |key: &str| {
        let list = condition.get(key).and_then(Value::as_array);
        list.map(|list| list.iter().any(|word| facts.identities.iter().any(|held| word.as_str() == Some(held))))
    };
    let amount = |key: &str| condition.get(key).map(|value| Fraction::yuan(value.as_str().expect("an amount")));
    let number = |key: &str| condition.get(key).and_then(Value::as_integer);
    named("kind", facts.kind)
        && named("level", facts.level)
        && named("area", facts.area)
        && named("referral", facts.referral)
        && any_identity("identity") != Some(false)
        && any_identity("without_identity") != Some(true)
        && number("nth_from").is_none_or(|from| facts.nth >= from)
        && number("nth_to").is_none_or(|to| facts.nth <= to)
        && amount("total_over").is_none_or(|over| facts.total > over)
        && amount("total_from").is_none_or(|from| facts.total >= from)
        && amount("total_up_to").is_none_or(|up_to| facts.total <= up_to)
        && number("age_from").is_none_or(|from| facts.age.is_none_or(|age| age >= from))
        && number("age_to").is_none_or(|to| facts.age.is_none_or(|age| age <= to))
        && condition.get("major").is_none_or(|major| major.as_bool() == Some(facts.major))
        // Bills are drawn without a disease.
        && !condition.contains_key("disease")
        && amount("base_over").is_none_or(|over| facts.base.is_none_or(|base| base > over))
        && amount("base_from").is_none_or(|from| facts.base.is_none_or(|base| base >= from))
        && amount("base_up_to").is_none_or(|up_to| facts.base.is_none_or(|base| base <= up_to))
}

/// The first row that holds.
fn row<'v>(table: &'v Table, key: &str, facts: &Facts<'_>) -> Option<&'v Table> {
    rows(table, key).into_iter().find(|row| holds(row, facts))
}

/// `when`: always, or one of the alternatives.
fn applies(table: &Table, facts: &Facts<'_>) -> bool {
    table["when"].as_str() == Some("always") || rows(table, "when").into_iter().any(|condition| holds(condition, facts))
}

/// The same with everything about identities struck out.
fn applies_whoever(table: &Table, facts: &Facts<'_>) -> bool {
    if table["when"].as_str() == Some("always") {
        return true;
    }
    rows(table, "when").into_iter().any(|condition| {
        let mut without = condition.clone();
        without.remove("identity");
        without.remove("without_identity");
        holds(&without, facts)
    })
}

/// The same with nothing but identities left.
fn applies_by_identity(table: &Table, facts: &Facts<'_>) -> bool {
    if table["when"].as_str() == Some("always") {
        return true;
    }
    rows(table, "when").into_iter().any(|condition| {
        let mut identity = condition.clone();
        identity.retain(|key, _| key == "identity" || key == "without_identity");
        holds(&identity, facts)
    })
}

/// The share of one band after 比例提高 and 比例降低, between nothing and everything. Bands are numbered from 1.
fn shifted(payer: &Table, number: i64, share: Fraction, facts: &Facts<'_>) -> Fraction {
    let points = |key: &str| {
        let here = row(payer, key, facts).filter(|row| {
            row["bands"].as_array().is_none_or(|bands| bands.iter().any(|band| band.as_integer() == Some(number)))
        });
        here.map_or(NOTHING, |row| Fraction::share(text(row, "points")))
    };
    let raised = (share + points("bonus")).min(Fraction::whole(1));
    (raised - points("reduction")).max(NOTHING)
}

/// What a payer's bands give on a base above a deductible.
fn banded(payer: &Table, base: Fraction, deductible: Fraction, facts: &Facts<'_>) -> Option<Fraction> {
    let decides = row(payer, "ratio", facts)?;
    if decides["bands"].as_str() == Some("unknown") {
        return None;
    }
    let bands = rows(decides, "bands");
    // The money that is looked at lies between `from` and `to` on the scale of the bounds.
    let (from, to) =
        if text(payer, "segment_mode") == "absolute" { (deductible, base) } else { (NOTHING, base - deductible) };
    let mut lower = NOTHING;
    let mut sum = NOTHING;
    for (number, band) in (1..).zip(bands) {
        let upper = match text(band, "up_to") {
            "none" => to.max(lower),
            bound => Fraction::yuan(bound),
        };
        let inside = (upper.min(to) - lower.max(from)).max(NOTHING);
        sum = sum + inside * shifted(payer, number, Fraction::share(text(band, "share")), facts);
        lower = upper;
    }
    Some(sum.rounded_as(facts.rounding))
}

fn deductible(payer: &Table, facts: &Facts<'_>) -> Option<Fraction> {
    let decides = row(payer, "deductible", facts)?;
    let first = match &decides["amount"] {
        Value::Table(table) => (facts.income? * Fraction::share(text(table, "of_income"))).rounded(),
        amount if amount.as_str() == Some("unknown") => return None,
        amount => Fraction::yuan(amount.as_str().expect("an amount")),
    };
    let first = match row(payer, "deductible_scale", facts) {
        Some(scale) => (first * Fraction::share(text(scale, "share"))).rounded(),
        None => first,
    };
    let Some(repeat) = decides["repeat"].as_table() else { return Some(first) };
    if facts.nth < 2 {
        return Some(first);
    }
    if let Some(less) = repeat.get("less") {
        let less = less.as_array().expect("a list");
        let place = usize::try_from(facts.nth - 2).expect("a repeat").min(less.len() - 1);
        let off = (first * Fraction::share(less[place].as_str().expect("a share"))).rounded();
        return Some(first - off);
    }
    Some(match repeat.get("times") {
        Some(times) => (first * Fraction::share(times.as_str().expect("a share"))).rounded(),
        None => {
            let less = Fraction::yuan(text(repeat, "minus")) * Fraction::whole(facts.nth - 1);
            (first - less).max(Fraction::yuan(text(repeat, "floor")))
        }
    })
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
        let (in_scope_before, preselfpay_before) = self.left();
        let keys: Vec<String> =
            rows(self.pack, "payer").into_iter().map(|payer| text(payer, "key").to_owned()).collect();
        let year_can_be = can_be(in_scope_before)
            && can_be(preselfpay_before)
            && keys.iter().flat_map(|key| self.payer(key)).all(can_be);
        if !amounts.into_iter().chain(items).all(can_be) || !in_order || !year_can_be || !self.belongs_here(bill) {
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
        let mut left = Left { in_scope, beyond_caps: NOTHING, preselfpay };
        let mut turns = Vec::new();
        let covered = bill.cause.is_none() && unreferred != Some("not_covered");
        if covered {
            for payer in rows(self.pack, "payer") {
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
            let stay_at = self.is_stay(bill.kind.code()).then(|| bill.level.code());
            self.past.push(Past { stay_at, turns, in_scope_left, preselfpay_left: left.preselfpay });
        }
        Some(outcome)
    }

    /// One payer's turn at a bill; nothing when it does not apply, a refusal when the pack is silent.
    fn turn(
        &self,
        payer: &Table,
        facts: &Facts<'_>,
        in_scope: Fraction,
        compensated: Fraction,
        left: &mut Left,
        before: &[Turn],
    ) -> Option<Option<Turn>> {
        let key = text(payer, "key");
        let mut facts = facts.clone();
        if self.is_stay(facts.kind) {
            let any = text(payer, "admission_count") == "any_level";
            let stays = self.past.iter().filter_map(|past| past.stay_at).filter(|level| any || *level == facts.level);
            facts.nth = 1 + i64::try_from(stays.count()).expect("few stays");
        }
        let also = if yes(payer, "base_includes_preselfpay") { left.preselfpay } else { NOTHING };
        let of_scope = if text(payer, "base") == "in_scope" { in_scope } else { left.in_scope };
        let off = if yes(payer, "less_compensation") { compensated } else { NOTHING };
        let base = (of_scope + also - off).max(NOTHING);
        facts.base = Some(base);
        let mut turn = Turn {
            key: key.to_owned(),
            pool: text(payer, "cap_pool").to_owned(),
            base,
            borne: NOTHING,
            entitled: NOTHING,
            paid: NOTHING,
            on_preselfpay: NOTHING,
        };
        if text(payer, "settle") == "annual" {
            return Some(applies_whoever(payer, &facts).then_some(turn));
        }
        if !applies(payer, &facts) {
            return Some(None);
        }

        let full = deductible(payer, &facts)?;
        let (base_before, borne_before) = (self.sum(key, |turn| turn.base), self.sum(key, |turn| turn.borne));
        let still_owed =
            if text(payer, "deductible_period") == "year" { (full - borne_before).max(NOTHING) } else { full };
        let given = if text(payer, "segment_scope") == "year" {
            let so_far = base_before + turn.base;
            let whole = banded(payer, so_far, full, &facts)?;
            let already = if text(self.pack, "identity_change") == "whole_year" {
                self.sum(key, |turn| turn.entitled)
            } else {
                banded(payer, base_before, full, &facts)?
            };
            (whole - already).max(NOTHING)
        } else {
            banded(payer, turn.base, still_owed, &facts)?
        };
        // However it is reckoned, what of the deductible falls on this bill is what of it was still owed.
        turn.borne = still_owed.min(turn.base);
        turn.entitled = given.min((left.in_scope + also - off).max(NOTHING));

        let cap = row(payer, "cap", &facts)?;
        let room = match (text(cap, "amount"), text(cap, "per")) {
            ("none", _) => turn.entitled,
            ("unknown", _) => return None,
            (amount, "admission") => Fraction::yuan(amount),
            (amount, _) => {
                let year = self.past.iter().flat_map(|past| &past.turns).chain(before);
                let used: Fraction = year.filter(|other| other.pool == turn.pool).map(|other| other.paid).sum();
                (Fraction::yuan(amount) - used).max(NOTHING)
            }
        };
        let year = self.past.iter().flat_map(|past| &past.turns).chain(before);
        turn.paid = turn.entitled.min(room).min(self.joint_room(key, &facts, year).unwrap_or(room));
        let on_scope = turn.paid.min(left.in_scope);
        turn.on_preselfpay = turn.paid - on_scope;
        left.in_scope = left.in_scope - on_scope;
        left.preselfpay = left.preselfpay - turn.on_preselfpay;
        if text(payer, "above_cap") == "stays_personal" {
            let stays = (turn.entitled - turn.paid).min(left.in_scope);
            left.in_scope = left.in_scope - stays;
            left.beyond_caps = left.beyond_caps + stays;
        }
        Some(Some(turn))
    }

    /// 总报销比例上限: what is above it goes back to the person, from the payers the pack names, in its order.
    fn ceiling(&self, facts: &Facts<'_>, in_scope: Fraction, left: &mut Left, turns: &mut [Turn]) {
        let Some(ceiling) = self.pack["ceiling"].as_table() else { return };
        if !applies(ceiling, facts) {
            return;
        }
        let whole = if text(ceiling, "of") == "total" { facts.total } else { in_scope };
        let limit = (whole * Fraction::share(text(ceiling, "share"))).floor();
        for key in ceiling["cut"].as_array().expect("a list") {
            let paid: Fraction = turns.iter().map(|turn| turn.paid).sum();
            let Some(turn) = turns.iter_mut().find(|turn| key.as_str() == Some(&turn.key)) else { continue };
            let cut = (paid - limit).max(NOTHING).min(turn.paid);
            let of_preselfpay = cut.min(turn.on_preselfpay);
            turn.paid = turn.paid - cut;
            turn.on_preselfpay = turn.on_preselfpay - of_preselfpay;
            left.preselfpay = left.preselfpay + of_preselfpay;
            left.in_scope = left.in_scope + (cut - of_preselfpay);
        }
    }

    /// What is left under the caps a payer shares with others on top of its own.
    fn joint_room<'t>(
        &self,
        key: &str,
        facts: &Facts<'_>,
        year: impl Iterator<Item = &'t Turn> + Clone,
    ) -> Option<Fraction> {
        let caps = rows(self.pack, "joint_cap").into_iter().filter(|cap| holds(cap, facts));
        let named = |cap: &Table, key: &str| {
            cap["payers"].as_array().expect("a list").iter().any(|payer| payer.as_str() == Some(key))
        };
        let room = caps.filter(|cap| named(cap, key)).map(|cap| {
            let used: Fraction = year.clone().filter(|turn| named(cap, &turn.key)).map(|turn| turn.paid).sum();
            (Fraction::yuan(text(cap, "amount")) - used).max(NOTHING)
        });
        room.min()
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

    /// What the payers that settle once a year pay, by key; `None` where the pack is silent.
    pub(crate) fn end(&self, day: NaiveDate) -> Option<Vec<(String, i64)>> {
        let facts = Facts {
            kind: "",
            level: "",
            area: "",
            referral: "",
            identities: self.identities(day, day, false),
            nth: 1,
            total: NOTHING,
            age: None,
            major: false,
            base: None,
            income: self.income(),
            rounding: text(self.pack, "rounding"),
        };
        let (in_scope, preselfpay) = self.left();
        let (mut in_scope, mut preselfpay) = (Fraction::whole(in_scope), Fraction::whole(preselfpay));
        let mut paid: Vec<(String, String, Fraction)> = Vec::new();
        for payer in rows(self.pack, "payer").into_iter().filter(|payer| text(payer, "settle") == "annual") {
            let (key, pool) = (text(payer, "key"), text(payer, "cap_pool"));
            let mut amount = NOTHING;
            if applies_by_identity(payer, &facts) {
                let whole = banded(payer, self.sum(key, |turn| turn.base), deductible(payer, &facts)?, &facts)?;
                let open = if yes(payer, "base_includes_preselfpay") { in_scope + preselfpay } else { in_scope };
                amount = whole.min(open);
                let cap = row(payer, "cap", &facts)?;
                if text(cap, "amount") == "unknown" {
                    return None;
                }
                if text(cap, "amount") != "none" {
                    let bills = self.past.iter().flat_map(|past| &past.turns).filter(|turn| turn.pool == pool);
                    let bills: Fraction = bills.map(|turn| turn.paid).sum();
                    let others: Fraction = paid.iter().filter(|other| other.1 == pool).map(|other| other.2).sum();
                    amount = amount.min((Fraction::yuan(text(cap, "amount")) - bills - others).max(NOTHING));
                }
                let on_scope = amount.min(in_scope);
                in_scope = in_scope - on_scope;
                preselfpay = preselfpay - (amount - on_scope);
            }
            paid.push((key.to_owned(), pool.to_owned(), amount));
        }
        Some(paid.into_iter().map(|(key, _, amount)| (key, amount.fen())).collect())
    }
}
