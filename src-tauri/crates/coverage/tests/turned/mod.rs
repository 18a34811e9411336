//! Packs that use what the shipped ones do not: switches turned at random, or one group of switches turned on.

mod care;

pub(crate) use care::{Care, with_care};

use toml::{Table, Value};

use crate::common::pack_text;
use crate::drawn::Dice;
use care::{asks_for_diseases, other_diseases, with_diseases};

/// Switches of a payer and the words each can have.
const PAYER_WORDS: &[(&str, &[&str])] = &[
    ("base", &["in_scope", "remaining"]),
    ("settle", &["immediate", "annual", "application"]),
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
    ("continued_stay", &["again", "once"]),
    ("transfer_within_24h", &["new_admission", "one_admission"]),
    ("several_diseases", &["each_own", "added_up", "highest"]),
    ("uncertified", &["not_covered", "as_outpatient"]),
];

/// Writes a value as TOML has it.
fn put(table: &mut Table, key: &str, value: &str) {
    let read: Table = toml::from_str(&format!("value = {value}")).unwrap();
    table.insert(key.to_owned(), read["value"].clone());
}

fn turn_one(table: &mut Table, words: &[(&str, &[&str])], dice: &mut Dice) {
    let (key, choices) = dice.pick(words);
    table.insert((*key).to_owned(), Value::String((*dice.pick(choices)).to_owned()));
}

/// A shipped pack with some of its switches turned.
pub(crate) fn turned(name: &str, dice: &mut Dice) -> String {
    let mut table: Table = toml::from_str(&pack_text(name)).unwrap();
    for _ in 0..dice.below(5) {
        turn_one(&mut table, PACK_WORDS, dice);
    }
    if dice.one_in(4) {
        let kinds = *dice.pick(&[
            "[]",
            "[\"inpatient\"]",
            "[\"home_bed\", \"observation\"]",
            "[\"inpatient\", \"chronic_outpatient\"]",
        ]);
        put(&mut table, "admission_kinds", kinds);
    }
    if dice.one_in(4) {
        let long = *dice.pick(&[
            "[{ days = 30, ref = \"E\" }]",
            "[{ days = 7, level = [\"level3\"], ref = \"E\" }, { days = 100, kind = [\"inpatient\"], ref = \"E\" }]",
        ]);
        put(&mut table, "long_stay", long);
    }
    if dice.one_in(2) {
        with_diseases(&mut table, dice);
        other_diseases(&mut table, dice);
    }
    let has_diseases =
        table["disease"].as_array().is_some_and(|diseases| diseases.iter().any(|d| d["key"].as_str() == Some("lupus")));
    let referral = table["referral"].as_table_mut().unwrap();
    if dice.one_in(2) {
        turn_one(referral, &[("unreferred", &["as_usual", "as_ordinary", "not_covered"])], dice);
    }
    let identities: Vec<Value> =
        table["identity"].as_array().unwrap().iter().map(|identity| identity["key"].clone()).collect();
    let payers = table["payer"].as_array_mut().unwrap();
    let keys: Vec<Value> = payers.iter().map(|payer| payer["key"].clone()).collect();
    for _ in 0..1 + dice.below(6) {
        let place = dice.place(payers.len());
        let payer = payers[place].as_table_mut().unwrap();
        if has_diseases && dice.one_in(4) {
            asks_for_diseases(payer, dice);
            continue;
        }
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
                    put(payer, key, &format!("[{{ points = \"{points}\", bands = {bands}, ref = \"E\" }}]"));
                }
            }
            4 => {
                payer.insert("less_compensation".to_owned(), Value::Boolean(dice.one_in(2)));
            }
            5 => put(payer, "deductible_scale", "[{ kind = [\"inpatient\"], share = \"33.33%\", ref = \"E\" }]"),
            _ => turn_one(payer, PAYER_WORDS, dice),
        }
    }
    if dice.one_in(4) {
        per_admission(payers, dice);
    }
    if identities.len() > 1 && dice.one_in(3) {
        let payer = payers[dice.place(keys.len())].as_table_mut().unwrap();
        let both = &identities[dice.place(identities.len() - 1)..];
        let row = format!(
            "[{{ identity_all = [{}, {}], points = \"9.9%\", bands = \"all\", ref = \"E\" }}]",
            both[0], both[1]
        );
        put(payer, "bonus", &row);
    }
    for payer in payers.iter_mut().map(|payer| payer.as_table_mut().unwrap()) {
        let annual = payer["settle"].as_str() != Some("immediate");
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
        let only = *dice.pick(&["", "", "kind = [\"inpatient\", \"outpatient\"], ", "level = [\"level3\"], "]);
        let row = format!(
            "[{{ {only}payers = [{}], applies_to = \"{applies}\", months = {length}, closes = {closes}, newborn_days = {newborn}, straddle = \"{straddle}\", exempt = [], ref = \"E\" }}]",
            dice.pick(&keys)
        );
        put(&mut table, "waiting_period", &row);
        table.insert("insured_only".to_owned(), Value::Array(keys.iter().take(2).cloned().collect()));
    }
    if dice.one_in(3) {
        let (one, other) = (dice.pick(&keys), dice.pick(&keys));
        let cap = format!("[{{ label = \"合用\", payers = [{one}, {other}], amount = \"4321.09\", ref = \"E\" }}]");
        put(&mut table, "joint_cap", &cap);
    }
    if dice.one_in(2) {
        let of = *dice.pick(&["total", "in_scope"]);
        let mut ceiling: Table =
            toml::from_str(&format!("share = \"71.3%\"\nof = \"{of}\"\nwhen = \"always\"\nref = \"E\"")).unwrap();
        ceiling.insert("cut".to_owned(), Value::Array(keys.into_iter().rev().collect()));
        table.insert("ceiling".to_owned(), Value::Table(ceiling));
    }
    if dice.one_in(6) {
        reaching_back(&mut table, dice);
    }
    toml::to_string(&table).unwrap()
}

/// What somebody becomes in the course of the year counts for all of it, by payers that look at the year.
fn reaching_back(table: &mut Table, dice: &mut Dice) {
    for (key, word) in [("identity_change", "whole_year"), ("ceiling", "none"), ("multi_identity", "each_rule")] {
        table.insert(key.to_owned(), Value::String(word.to_owned()));
    }
    let identities: Vec<Value> =
        table["identity"].as_array().unwrap().iter().map(|identity| identity["key"].clone()).collect();
    for payer in table["payer"].as_array_mut().unwrap().iter_mut().map(|payer| payer.as_table_mut().unwrap()) {
        for (key, word) in [("deductible_period", "year"), ("segment_scope", "year")] {
            payer.insert(key.to_owned(), Value::String(word.to_owned()));
        }
        let poor = dice.pick(&identities);
        // Half of them know nothing but who somebody is.
        if dice.one_in(2) {
            put(payer, "deductible", "[{ amount = \"2000\", repeat = \"same\", ref = \"E\" }]");
            put(payer, "ratio", "[{ bands = [{ up_to = \"none\", share = \"55.5%\" }], ref = \"E\" }]");
            put(
                payer,
                "cap",
                dice.pick::<&str>(&[
                    "[{ amount = \"none\", per = \"year\", ref = \"E\" }]",
                    "[{ amount = \"20000\", per = \"year\", ref = \"E\" }]",
                ]),
            );
            put(payer, "reduction", "[]");
            payer.insert("segment_mode".to_owned(), Value::String("flat".to_owned()));
        }
        put(payer, "deductible_scale", &format!("[{{ identity = [{poor}], share = \"25%\", ref = \"E\" }}]"));
        put(payer, "bonus", &format!("[{{ identity = [{poor}], points = \"30%\", bands = \"all\", ref = \"E\" }}]"));
    }
}

/// Bands and caps of everybody per admission, where parts of one go on.
fn per_admission(payers: &mut [Value], dice: &mut Dice) {
    for payer in payers.iter_mut().map(|payer| payer.as_table_mut().unwrap()) {
        for key in ["deductible_period", "segment_scope"] {
            payer.insert(key.to_owned(), Value::String("admission".to_owned()));
        }
        payer.insert("settle".to_owned(), Value::String("immediate".to_owned()));
        lower_cap(payer, dice);
        let (mode, bands) = *dice.pick(&[
            ("flat", "[{ up_to = \"none\", share = \"66.67%\" }]"),
            ("absolute", BANDS),
            ("excess", BANDS),
        ]);
        payer.insert("segment_mode".to_owned(), Value::String(mode.to_owned()));
        for row in payer["ratio"].as_array_mut().unwrap() {
            put(row.as_table_mut().unwrap(), "bands", bands);
        }
        for key in ["bonus", "reduction"] {
            put(payer, key, "[]");
        }
    }
}

const BANDS: &str = "[{ up_to = \"3000\", share = \"50%\" }, { up_to = \"10000.50\", share = \"77.7%\" }, \
                     { up_to = \"none\", share = \"90%\" }]";

fn lower_cap(payer: &mut Table, dice: &mut Dice) {
    for row in payer["cap"].as_array_mut().unwrap() {
        let row = row.as_table_mut().unwrap();
        row.insert("amount".to_owned(), Value::String((*dice.pick(&["900", "5432.10", "33000"])).to_owned()));
        row.insert("per".to_owned(), Value::String((*dice.pick(&["year", "admission"])).to_owned()));
    }
}
