//! The year's end: who pays on what once the year is over.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{day, in_payer, pack_text, stay, yuan};
use mingbai_coverage::{History, Pack, Person, settle_annual, settle_year};
use mingbai_domain::Fen;

/// 京医保发〔2023〕9号 三: aid is for what is left “扣除基本医疗保险、大病保险…后”, also where 大病保险 settles once a year.
#[test]
fn a_payer_of_the_years_end_works_on_what_the_one_before_it_has_left() {
    let yearly = in_payer(
        &pack_text("beijing.toml"),
        "critical",
        &[("settle = \"immediate\"", "settle = \"annual\""), ("annual_base = \"none\"", "annual_base = \"in_turn\"")],
    );
    let pack = Pack::parse(&yearly).unwrap();
    let person = Person::holding(&["illness_poverty"]);
    // 基本医保 pays its 200,000 of 300,000.
    let year = settle_year(&pack, &person, &History::empty(2023), &[stay(2023, 3, 300_000)]);
    assert_eq!(year.closing.in_scope_personal, yuan(100_000));
    let end = settle_annual(&pack, &person, &year.closing, day(2024, 3, 1)).unwrap();
    // 大病保险: 50,000 × 60 % + (100,000 − 30,404 − 50,000) × 70 %.
    // 救助: on 100,000 − 43,717.20 = 56,282.80: 30,000 × 30 % + 20,000 × 40 % + 6,282.80 × 50 %.
    let paid: Vec<Fen> = end.payers.iter().map(|payer| payer.amount).collect();
    assert_eq!(paid, [Fen(4_371_720), Fen(2_014_140)]);
    assert_eq!(end.in_scope_personal, Fen(10_000_000 - 4_371_720 - 2_014_140));
    let twice = settle_annual(&pack, &person, &end.after, day(2024, 3, 1)).unwrap();
    assert!(twice.payers.iter().all(|payer| payer.amount == Fen::ZERO), "settled once");
}
