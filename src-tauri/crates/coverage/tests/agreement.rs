//! The engine and a second, naive implementation of the same packs agree to the fen on random years.
//!
//! `MINGBAI_BILLS=1000000 cargo test --release --test agreement` settles a million bills per pack; `cargo xtask bench
//! coverage` runs that. A normal test run draws as many as a few seconds allow.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod beside;
mod common;
mod drawn;
mod naive;
mod turned;

use std::collections::BTreeMap;
use std::time::Instant;

use beside::{Tally, differ, smallest};
use common::pack_text;
use drawn::{Dice, Drawn};
use mingbai_coverage::Pack;
use mingbai_domain::Fen;
use naive::met::Met;
use naive::rows::{rows, text as word_of};
use naive::{Life, Verdict};
use toml::Table;
use turned::{Care, turned, with_care};

/// Bills both implementations settle, per pack, unless `MINGBAI_BILLS` says otherwise.
const BILLS: usize = 10_000;

fn wanted() -> usize {
    std::env::var("MINGBAI_BILLS").map_or(BILLS, |text| text.parse().expect("MINGBAI_BILLS is a number"))
}

/// Settles lives in both until so many bills are settled, or so many drawn where the pack settles none.
fn agree(text: &str, seed: u64, count: usize) -> Result<Tally, String> {
    let pack = Pack::parse(text).unwrap();
    let table: Table = toml::from_str(text).unwrap();
    let drawn = Drawn::new(&table);
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    while tally.settled < count && (tally.settled > 0 || tally.bills() < count) {
        let (person, bills) = drawn.life(&mut dice);
        if differ(&pack, &table, &person, &bills, &mut tally).is_err() {
            return Err(smallest(&pack, &table, &person, bills));
        }
    }
    Ok(tally)
}

/// What the bills of a pack must have met.
fn expected(text: &str) -> Vec<Met> {
    let table: Table = toml::from_str(text).unwrap();
    let mut met = vec![Met::Cancelled, Met::Replaced];
    let word = |key: &str| word_of(&table, key).to_owned();
    let stays = [
        (word("continued_stay") == "once", Met::Period),
        (word("transfer_within_24h") == "one_admission", Met::Transfer),
    ];
    met.extend(stays.into_iter().filter(|(asked, _)| *asked).map(|(_, met)| met));
    for disease in rows(&table, "disease") {
        if word_of(disease, "certificate") == "needed" {
            met.extend([Met::Certified, Met::Uncertified]);
        }
        if word_of(disease, "limit") != "none" {
            met.push(if word_of(disease, "per") == "month" { Met::MonthLimit } else { Met::YearLimit });
        }
    }
    met
}

/// What bills of people with an insurance of their own must have met, where the pack pays anything.
fn of_insurance(text: &str) -> Vec<Met> {
    let table: Table = toml::from_str(text).unwrap();
    let insured_only = table["insured_only"].as_array().is_some_and(|payers| !payers.is_empty());
    let mut met = if insured_only { vec![Met::NotInsured, Met::StraddlesInsurance] } else { Vec::new() };
    met.extend((!rows(&table, "waiting_period").is_empty()).then_some(Met::NothingRegistered));
    met
}

fn in_both(name: &str, text: &str) -> Tally {
    let since = Instant::now();
    match agree(text, 20_221, wanted()) {
        Ok(tally) => {
            tally.print(name, since);
            for met in expected(text).into_iter().chain(of_insurance(text).into_iter().filter(|_| tally.settled > 0)) {
                assert!(tally.times(met) > 0, "{name}: no bill met {met:?}");
            }
            assert!(tally.refused > 0, "{name}: no bill was refused");
            tally
        }
        Err(difference) => panic!("{name}: {difference}"),
    }
}

fn shipped(name: &str) {
    let tally = in_both(name, &pack_text(name));
    assert!(tally.settled >= wanted(), "{name} settles bills");
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

#[test]
fn chongqing_whose_numbers_were_not_to_be_had_refuses_every_bill_twice() {
    let tally = in_both("chongqing-2025.toml", &pack_text("chongqing-2025.toml"));
    assert_eq!(tally.settled, 0);
}

#[test]
fn the_template_comes_out_the_same_twice() {
    let tally = in_both("template.toml", &pack_text("template.toml"));
    assert!(tally.settled >= wanted());
}

/// The shipped packs do not use every switch; packs with switches turned at random do.
#[test]
fn packs_with_switches_turned_at_random_come_out_the_same_twice() {
    let since = Instant::now();
    let mut dice = Dice::new(7);
    let mut all = Tally::default();
    let (mut packs, mut not_packs) = (0, 0);
    while all.settled < wanted() {
        let name = if dice.one_in(8) { "template.toml" } else { *dice.pick(common::SETTLING) };
        let text = turned(name, &mut dice);
        if Pack::parse(&text).is_err() {
            not_packs += 1;
            continue;
        }
        packs += 1;
        match agree(&text, dice.next(), 100) {
            Ok(tally) => all.add(&tally),
            Err(difference) => panic!("{text}\n{difference}"),
        }
    }
    assert!(packs > wanted() / 200, "{packs} packs were tried, {not_packs} were none");
    all.print(&format!("{packs} turned packs"), since);
    for met in Met::ALL {
        assert!(all.times(met) > 0, "no bill of them met {met:?}");
    }
}

/// Every shipped pack with diseases of every form and these answers.
fn with(name: &str, care: &Care, also: &[Met]) {
    let since = Instant::now();
    let mut all = Tally::default();
    for (seed, pack) in (1..).zip(common::SETTLING) {
        let text = with_care(&pack_text(pack), care);
        match agree(&text, seed, wanted().div_ceil(common::SETTLING.len())) {
            Ok(tally) => all.add(&tally),
            Err(difference) => panic!("{text}\n{pack}: {difference}"),
        }
    }
    all.print(name, since);
    let always = [Met::Certified, Met::Uncertified, Met::OwnRatio, Met::OtherLevel, Met::YearLimit, Met::MonthLimit];
    for met in always.iter().chain(also) {
        assert!(all.times(*met) > 0, "{name}: no bill met {met:?}");
    }
}

#[test]
fn limits_used_each_on_its_own_and_stays_that_go_on_as_one_come_out_the_same_twice() {
    let care = Care {
        several_diseases: "each_own",
        uncertified: "not_covered",
        continued_stay: "once",
        transfer_within_24h: "one_admission",
        year_of: "settlement",
    };
    with("limits of each disease", &care, &[Met::Period, Met::Transfer, Met::OverNewYear]);
}

#[test]
fn limits_added_up_and_parts_of_a_stay_that_bear_one_deductible_come_out_the_same_twice() {
    let care = Care {
        several_diseases: "added_up",
        uncertified: "as_outpatient",
        continued_stay: "once",
        transfer_within_24h: "new_admission",
        year_of: "admission",
    };
    with("limits added up", &care, &[Met::SeveralDiseases, Met::Period, Met::OverNewYear]);
}

#[test]
fn the_highest_limit_of_several_and_transfers_that_are_one_admission_come_out_the_same_twice() {
    let care = Care {
        several_diseases: "highest",
        uncertified: "as_outpatient",
        continued_stay: "again",
        transfer_within_24h: "one_admission",
        year_of: "discharge",
    };
    with("the highest limit", &care, &[Met::SeveralDiseases, Met::Transfer]);
}

/// So that both are not wrong alike. One example begins in the middle of a year, which this implementation cannot.
#[test]
fn the_second_implementation_knows_the_worked_examples() {
    let whole = || common::examples().into_iter().filter(|(_, case)| case.history.is_none());
    assert_eq!(whole().count(), 20);
    for (name, case) in whole() {
        let table: Table = toml::from_str(&pack_text(case.pack.as_deref().unwrap())).unwrap();
        for (bill, verdict) in case.bills.iter().zip(Life::new(&table, &case.person).bills(&case.bills)) {
            let Verdict::Settled(outcome) = verdict else { panic!("{name}: {verdict:?}") };
            let expected = &case.expect[&bill.id];
            let paid = outcome.payers.into_iter().filter(|payer| payer.1 != 0).map(|payer| (payer.0, Fen(payer.1)));
            let due = expected.payers.iter().map(|(key, yuan)| (key.clone(), Fen::parse(yuan).unwrap()));
            assert_eq!(paid.collect::<BTreeMap<_, _>>(), due.collect(), "{name}");
            assert_eq!(Fen(outcome.in_scope_personal), expected.in_scope_personal, "{name}");
            assert!(expected.personal.is_none_or(|personal| personal == Fen(outcome.personal)), "{name}");
        }
    }
}
