//! The engine and a second, naive implementation of the same packs agree to the fen on random years.
//!
//! `MINGBAI_BILLS=1000000 cargo test --release --test agreement` settles a million bills per pack; `cargo xtask bench
//! coverage` runs that. A normal test run draws as many as a few seconds allow.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;
mod naive;

use chrono::NaiveDate;
use common::{day, pack_text};
use mingbai_coverage::{Bill, History, Pack, Person, YearSettlement, settle_annual, settle_year};
use mingbai_domain::Fen;
use naive::bills::{Dice, Drawn};
use naive::{Outcome, Year};
use toml::{Table, Value};

/// Bills both implementations settle, per pack, unless `MINGBAI_BILLS` says otherwise.
const BILLS: usize = 10_000;

fn wanted() -> usize {
    std::env::var("MINGBAI_BILLS").map_or(BILLS, |text| text.parse().expect("MINGBAI_BILLS is a number"))
}

/// Bills settled and refused.
#[derive(Debug, Default)]
struct Tally {
    settled: usize,
    refused: usize,
}

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

/// One year in both; what differs, in words.
fn differ(
    pack: &Pack,
    table: &Table,
    person: &Person,
    year: i32,
    bills: &[Bill],
    tally: &mut Tally,
) -> Result<(), String> {
    let ours: YearSettlement = settle_year(pack, person, &History::empty(year), bills);
    let mut plain = Year::new(table, person, year);
    let theirs = plain.bills(bills);
    for (place, bill) in bills.iter().enumerate() {
        let refused = ours.refused.iter().find(|refused| refused.index == place);
        // Numbers of bills are unique within a year here.
        let settled = ours.settlements.iter().find(|settlement| settlement.bill == bill.id).map(outcome);
        if settled != theirs[place] {
            let refused = refused.map(|refused| &refused.error);
            return Err(format!("{bill:#?}\nengine {settled:#?} {refused:?}\nnaive {:#?}", theirs[place]));
        }
    }
    tally.settled += ours.settlements.len();
    tally.refused += ours.refused.len();
    if let Some(wrong) = ours.settlements.iter().find(|settlement| !settlement.identities_hold()) {
        return Err(format!("the sums do not hold: {wrong:#?}"));
    }
    let closing = &ours.closing;
    let left = (closing.in_scope_personal.0, closing.preselfpay_personal.0);
    if left != plain.left() {
        return Err(format!("left of the year: engine {left:?}, naive {:?}", plain.left()));
    }
    for payer in ours.settlements.iter().take(1).flat_map(|settlement| &settlement.payers) {
        let year = closing.payer(&payer.key);
        let year = [year.base.0, year.deductible.0, year.entitled.0, year.paid.0];
        if year != plain.payer(&payer.key) {
            return Err(format!("{}: engine {year:?}, naive {:?}", payer.key, plain.payer(&payer.key)));
        }
    }
    end(pack, &plain, person, closing, day(year, 12, 31))
}

fn end(pack: &Pack, plain: &Year<'_>, person: &Person, closing: &History, day: NaiveDate) -> Result<(), String> {
    let ours = settle_annual(pack, person, closing, day).ok();
    let ours: Option<Vec<(String, i64)>> =
        ours.map(|annual| annual.payers.iter().map(|payer| (payer.key.clone(), payer.amount.0)).collect());
    let theirs = plain.end(day);
    if ours == theirs { Ok(()) } else { Err(format!("at the year's end: engine {ours:?}, naive {theirs:?}")) }
}

/// Leaves out bills that are not needed to show a difference.
fn smallest(pack: &Pack, table: &Table, person: &Person, year: i32, mut bills: Vec<Bill>) -> String {
    let differs = |bills: &[Bill]| differ(pack, table, person, year, bills, &mut Tally::default()).err();
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
    format!("{person:?}, {} bills of {year}\n{bills:#?}\n{difference}", bills.len())
}

fn agree(text: &str, seed: u64, count: usize) -> Result<Tally, String> {
    let pack = Pack::parse(text).unwrap();
    let table: Table = toml::from_str(text).unwrap();
    let drawn = Drawn::new(&table);
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    while tally.settled < count {
        let (person, year, bills) = drawn.year(&mut dice);
        if differ(&pack, &table, &person, year, &bills, &mut tally).is_err() {
            return Err(smallest(&pack, &table, &person, year, bills));
        }
    }
    Ok(tally)
}

fn shipped(name: &str) {
    match agree(&pack_text(name), 20_221, wanted()) {
        Ok(tally) => println!("agreed\t{name}\t{}\t{}", tally.settled, tally.refused),
        Err(difference) => panic!("{name}: {difference}"),
    }
}

#[test]
fn beijing_comes_out_the_same_twice() {
    shipped("beijing.toml");
}

#[test]
fn wulanchabu_comes_out_the_same_twice() {
    shipped("wulanchabu.toml");
}

#[test]
fn jiamusi_comes_out_the_same_twice() {
    shipped("jiamusi-2018.toml");
}

#[test]
fn changshun_comes_out_the_same_twice() {
    shipped("changshun-2017.toml");
}

#[test]
fn nanchang_comes_out_the_same_twice() {
    shipped("nanchang-2025.toml");
}

#[test]
fn shangluo_comes_out_the_same_twice() {
    shipped("shangluo-2023.toml");
}

#[test]
fn anhui_comes_out_the_same_twice() {
    shipped("anhui-351-180.toml");
}

/// Switches of a payer and the words each can have.
const PAYER_WORDS: &[(&str, &[&str])] = &[
    ("base", &["in_scope", "remaining"]),
    ("settle", &["immediate", "annual"]),
    ("admission_count", &["same_level", "any_level"]),
    ("deductible_period", &["admission", "year"]),
    ("segment_mode", &["flat", "absolute", "excess"]),
    ("segment_scope", &["admission", "year"]),
    ("above_cap", &["enters_next", "stays_personal"]),
    ("cap_pool", &["one", "two"]),
];

const PACK_WORDS: &[(&str, &[&str])] = &[
    ("year_of", &["admission", "discharge", "settlement"]),
    ("cross_year", &["whole", "split"]),
    ("multi_identity", &["each_rule", "highest"]),
    ("identity_moment", &["stay", "admission", "settlement"]),
    ("identity_change", &["later_bills", "whole_year"]),
    ("rounding", &["half_up_fen", "half_up_jiao", "half_up_yuan", "down_fen"]),
];

fn turn_one(table: &mut Table, words: &[(&str, &[&str])], dice: &mut Dice) {
    let (key, choices) = dice.pick(words);
    table.insert((*key).to_owned(), Value::String((*dice.pick(choices)).to_owned()));
}

/// A shipped pack with some of its switches turned.
fn turned(name: &str, dice: &mut Dice) -> String {
    let mut table: Table = toml::from_str(&pack_text(name)).unwrap();
    for _ in 0..dice.below(3) {
        turn_one(&mut table, PACK_WORDS, dice);
    }
    let referral = table["referral"].as_table_mut().unwrap();
    if dice.one_in(2) {
        turn_one(referral, &[("unreferred", &["as_usual", "as_ordinary", "not_covered"])], dice);
    }
    let payers = table["payer"].as_array_mut().unwrap();
    let keys: Vec<Value> = payers.iter().map(|payer| payer["key"].clone()).collect();
    for _ in 0..1 + dice.below(6) {
        let place = usize::try_from(dice.below(i64::try_from(payers.len()).unwrap())).unwrap();
        let payer = payers[place].as_table_mut().unwrap();
        match dice.below(10) {
            0 => {
                payer.insert("base_includes_preselfpay".to_owned(), Value::Boolean(dice.one_in(2)));
            }
            1 => lower_cap(payer, dice),
            2 => {
                let rows = payer["deductible"].as_array_mut().unwrap();
                let repeat = [
                    "repeat = { times = \"33.33%\", ref = \"E\" }",
                    "repeat = { minus = \"70.07\", floor = \"150\", ref = \"E\" }",
                    "repeat = { less = [\"12.5%\", \"40.01%\"], ref = \"E\" }",
                ];
                let repeat: Table = toml::from_str::<Table>(dice.pick::<&str>(&repeat)).unwrap();
                for row in rows {
                    row.as_table_mut().unwrap().extend(repeat.clone());
                }
            }
            3 => {
                for key in ["bonus", "reduction"] {
                    let points = *dice.pick(&["12.34%", "60%"]);
                    let bands = *dice.pick(&["\"all\"", "[1]", "[2, 1]"]);
                    let row = format!("row = [{{ points = \"{points}\", bands = {bands}, ref = \"E\" }}]");
                    let rows: Table = toml::from_str(&row).unwrap();
                    payer.insert(key.to_owned(), rows["row"].clone());
                }
            }
            4 => {
                payer.insert("less_compensation".to_owned(), Value::Boolean(dice.one_in(2)));
            }
            5 => {
                let row = "row = [{ kind = [\"inpatient\"], share = \"33.33%\", ref = \"E\" }]";
                let rows: Table = toml::from_str(row).unwrap();
                payer.insert("deductible_scale".to_owned(), rows["row"].clone());
            }
            _ => turn_one(payer, PAYER_WORDS, dice),
        }
    }
    for payer in payers.iter_mut().map(|payer| payer.as_table_mut().unwrap()) {
        let annual = payer["settle"].as_str() == Some("annual");
        let base = if annual { *dice.pick(&["in_turn", "after_immediate"]) } else { "none" };
        payer.insert("annual_base".to_owned(), Value::String(base.to_owned()));
    }
    if dice.one_in(3) {
        let length = *dice.pick(&[
            "\"year_end\"",
            "{ fixed = 3, per_gap_year = 1, per_repaid_year = 1, least = { gap_years = 4, months = 6 } }",
            "{ fixed = 2, per_gap_year = 2, per_repaid_year = 0, least = \"none\" }",
        ]);
        let applies = *dice.pick(&["late", "gap", "late_or_gap"]);
        let straddle = *dice.pick(&["split", "by_admission"]);
        let closes = *dice.pick(&[
            "\"asked\"",
            "{ year = \"before\", day = \"11-30\" }",
            "{ year = \"same\", day = \"02-28\" }",
        ]);
        let newborn = *dice.pick(&[0, 90]);
        let row = format!(
            "row = [{{ payers = [{}], applies_to = \"{applies}\", months = {length}, closes = {closes}, newborn_days = {newborn}, straddle = \"{straddle}\", exempt = [], ref = \"E\" }}]",
            keys[0]
        );
        let rows: Table = toml::from_str(&row).unwrap();
        table.insert("waiting_period".to_owned(), rows["row"].clone());
        table.insert("insured_only".to_owned(), Value::Array(keys.iter().take(2).cloned().collect()));
    }
    if dice.one_in(3) {
        let cap =
            format!("row = [{{ label = \"合用\", payers = [{}, {0}], amount = \"4321.09\", ref = \"E\" }}]", keys[0]);
        let rows: Table = toml::from_str(&cap).unwrap();
        table.insert("joint_cap".to_owned(), rows["row"].clone());
    }
    if dice.one_in(2) {
        let of = *dice.pick(&["total", "in_scope"]);
        let mut ceiling: Table =
            toml::from_str(&format!("share = \"71.3%\"\nof = \"{of}\"\nwhen = \"always\"\nref = \"E\"")).unwrap();
        ceiling.insert("cut".to_owned(), Value::Array(keys.into_iter().rev().collect()));
        table.insert("ceiling".to_owned(), Value::Table(ceiling));
    }
    toml::to_string(&table).unwrap()
}

fn lower_cap(payer: &mut Table, dice: &mut Dice) {
    for row in payer["cap"].as_array_mut().unwrap() {
        let row = row.as_table_mut().unwrap();
        row.insert("amount".to_owned(), Value::String((*dice.pick(&["900", "5432.10", "33000"])).to_owned()));
        row.insert("per".to_owned(), Value::String((*dice.pick(&["year", "admission"])).to_owned()));
    }
}

/// The shipped packs do not use every switch; packs with switches turned at random do.
#[test]
fn packs_with_switches_turned_at_random_come_out_the_same_twice() {
    let mut dice = Dice::new(7);
    let (mut packs, mut settled, mut refused) = (0, 0, 0);
    while settled < wanted() {
        let name = *dice.pick(common::SETTLING);
        let text = turned(name, &mut dice);
        if Pack::parse(&text).is_err() {
            refused += 1;
            continue;
        }
        packs += 1;
        match agree(&text, dice.next(), 100) {
            Ok(tally) => settled += tally.settled,
            Err(difference) => panic!("{text}\n{difference}"),
        }
    }
    assert!(packs > wanted() / 200, "{packs} packs were tried");
    println!("agreed\t{packs} turned packs, {refused} refused\t{settled}\t0");
}

#[test]
fn the_second_implementation_knows_the_first_worked_example() {
    // E1: 134,025 + 20,002.45 + 22,076.67 of 180,000 in scope.
    let table: Table = toml::from_str(&pack_text("beijing.toml")).unwrap();
    let person = Person::holding(&["subsistence"]);
    let bill = Bill {
        total: Fen::from_yuan(200_000),
        ownpay: Fen::from_yuan(12_000),
        preselfpay: Some(Fen::from_yuan(8_000)),
        ..common::stay(2023, 3, 0)
    };
    let outcome = Year::new(&table, &person, 2023).bills(&[bill])[0].clone().unwrap();
    let paid: Vec<i64> = outcome.payers.iter().map(|payer| payer.1).filter(|amount| *amount > 0).collect();
    assert_eq!(paid, [13_402_500, 2_000_245, 2_207_667]);
    assert_eq!(outcome.personal, 2_389_588);
}
