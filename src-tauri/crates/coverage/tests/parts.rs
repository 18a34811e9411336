//! Parts of one admission go on where the one before left off: together they are paid what one bill would have been paid.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use std::collections::BTreeMap;

use chrono::Days;
use common::{day, in_payer, insured, pack_text, stay, yuan};
use mingbai_coverage::{Bill, Continuation, Continues, History, Level, Pack, YearSettlement, settle_year};
use mingbai_domain::Fen;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, proptest};
use proptest::sample::select;

const FLAT: &str =
    "segment_mode = \"flat\"       # 分段：flat 不分段、absolute 按基数本身、excess 按起付线以上（六个必答之一）";
const LEVEL_3: &str = "    { bands = [{ up_to = \"none\", share = \"65%\" }], ref = \"S1 第六条\" },\n";
const CAP: &str = "cap = [{ amount = \"150000\", per = \"year\", ref = \"S1 第六条\" }]";

/// The template with bands, a cap and a rounding of its own for 基本医保, all per admission.
fn per_admission(mode: &str, bands: &str, cap: &str, rounding: &str) -> Pack {
    let (mode, cap) = (format!("segment_mode = \"{mode}\""), format!("cap = [{{ {cap}, ref = \"S1 第六条\" }}]"));
    let level_3 = format!("    {{ bands = {bands}, ref = \"S1 第六条\" }},\n");
    let text = in_payer(&pack_text("template.toml"), "basic", &[(FLAT, &mode), (LEVEL_3, &level_3), (CAP, &cap)]);
    Pack::parse(&text.replacen("rounding = \"half_up_fen\"", &format!("rounding = \"{rounding}\""), 1)).unwrap()
}

/// One stay, billed in so many parts of these totals.
fn in_parts(totals: &[Fen]) -> Vec<Bill> {
    let part = |(place, total): (u64, &Fen)| {
        let first = day(2025, 3, 1) + Days::new(place * 10);
        let last = first + Days::new(9);
        Bill {
            id: place.to_string(),
            total: *total,
            admitted_on: first,
            discharged_on: last,
            settled_on: last,
            continues: place
                .checked_sub(1)
                .map(|before| Continues { bill: before.to_string(), how: Continuation::Period }),
            ..stay(2025, 3, 0)
        }
    };
    (0..).zip(totals).map(part).collect()
}

fn settled(pack: &Pack, bills: &[Bill]) -> YearSettlement {
    let year = settle_year(pack, &insured(), &History::empty(2025), bills);
    assert_eq!(year.refused, []);
    year
}

/// What each payer pays on all of them, and what is left to the person.
fn paid(pack: &Pack, bills: &[Bill]) -> (BTreeMap<String, Fen>, Fen) {
    let mut sums: BTreeMap<String, Fen> = BTreeMap::new();
    let year = settled(pack, bills);
    for payer in year.settlements.iter().flat_map(|settlement| &settlement.payers) {
        *sums.entry(payer.key.clone()).or_default() += payer.amount;
    }
    (sums, year.settlements.iter().map(|settlement| settlement.personal).sum())
}

const BANDS: &str = "[{ up_to = \"10000\", share = \"60.5%\" }, { up_to = \"30000.01\", share = \"70%\" }, { up_to = \"none\", share = \"85%\" }]";

fn packs() -> impl Strategy<Value = Pack> {
    let forms = vec![("flat", "[{ up_to = \"none\", share = \"66.67%\" }]"), ("absolute", BANDS), ("excess", BANDS)];
    let caps = vec![
        "amount = \"none\", per = \"admission\"",
        "amount = \"12345.67\", per = \"admission\"",
        "amount = \"20000\", per = \"year\"",
    ];
    let roundings = vec!["half_up_fen", "half_up_jiao", "half_up_yuan", "down_fen"];
    (select(forms), select(caps), select(roundings))
        .prop_map(|((mode, bands), cap, rounding)| per_admission(mode, bands, cap, rounding))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stay_billed_in_parts_is_paid_to_the_fen_what_it_is_paid_in_one_bill(
        pack in packs(),
        parts in prop::collection::vec(0_i64..3_000_000, 2..6),
        small in any::<bool>(),
    ) {
        let totals: Vec<Fen> = parts.into_iter().map(|fen| Fen(if small { fen / 100 } else { fen })).collect();
        let whole = [totals.iter().copied().sum()];
        assert_eq!(paid(&pack, &in_parts(&totals)), paid(&pack, &in_parts(&whole)));
    }
}

#[test]
fn the_second_part_says_how_its_amount_follows_from_both() {
    let pack = per_admission("absolute", BANDS, "amount = \"20000\", per = \"admission\"", "half_up_fen");
    let year = settled(&pack, &in_parts(&[yuan(8_000), yuan(32_000)]));
    let step = |part: usize, key: &str| {
        let steps = &year.settlements[part].steps;
        steps.iter().find(|step| step.key == key).map(|step| (step.formula.clone(), step.result))
    };
    // (8,000 − 800) × 60.5 %.
    assert_eq!(step(0, "basic.amount").unwrap().1, yuan(4_356));
    // Of 40,000: 9,200 × 60.5 % + 20,000.01 × 70 % + 9,999.99 × 85 %, less the 4,356 of the first part.
    let (formula, amount) = step(1, "basic.amount").unwrap();
    assert_eq!(amount, Fen::parse("23710.00").unwrap(), "{formula}");
    assert!(formula.starts_with("同一次住院累计 ") && formula.ends_with(" − 前面各期4,356.00"), "{formula}");
    assert_eq!(step(1, "basic.deductible").unwrap().0, "同一次住院的起付线800.00 − 前面已负担800.00");
    let capped = ("同一次住院封顶20,000.00 − 已支付4,356.00".to_owned(), yuan(15_644));
    assert_eq!(step(1, "basic.cap"), Some(capped));
}

#[test]
fn a_transfer_that_is_one_admission_does_not_open_the_cap_of_an_admission_again() {
    let pack = per_admission(
        "flat",
        "[{ up_to = \"none\", share = \"50%\" }]",
        "amount = \"10000\", per = \"admission\"",
        "half_up_fen",
    );
    let mut bills = in_parts(&[yuan(15_800), yuan(15_000)]);
    bills[1].continues = Some(Continues { bill: "0".to_owned(), how: Continuation::Transfer });
    bills[1].level = Level::Level3;
    let paid: Vec<Fen> =
        settled(&pack, &bills).settlements.iter().map(|settlement| settlement.paid_by("basic")).collect();
    // (15,800 − 800) × 50 %, and of 15,000 × 50 % what 10,000 leave.
    assert_eq!(paid, [yuan(7_500), yuan(2_500)]);
    bills[1].continues = None;
    let paid = settled(&pack, &bills).settlements[1].paid_by("basic");
    // Another admission: (15,000 − 800 less 20 % of it) × 50 %.
    assert_eq!(paid, yuan(7_180));
}

/// A yearly deductible of which the first hospital's, being lower, is borne: what the second one's is higher falls on its part.
#[test]
fn a_deductible_that_a_later_part_still_owes_falls_on_that_part() {
    let same = "repeat = \"same\"";
    let yearly = [
        ("deductible_period = \"admission\"", "deductible_period = \"year\""),
        ("repeat = { minus = \"50\", floor = \"100\", ref = \"S1 第六条\" }", same),
        ("repeat = { times = \"50%\", ref = \"S1 第六条\" }", same),
        ("repeat = { less = [\"20%\", \"40%\"], ref = \"S1 第六条\" }", same),
    ];
    let pack = Pack::parse(&in_payer(&pack_text("template.toml"), "basic", &yearly)).unwrap();
    let mut bills = in_parts(&[yuan(5_000), yuan(5_000)]);
    bills[0].level = Level::Level1;
    bills[1].level = Level::Level3;
    bills[1].continues = Some(Continues { bill: "0".to_owned(), how: Continuation::Transfer });
    let paid: Vec<Fen> =
        settled(&pack, &bills).settlements.iter().map(|settlement| settlement.paid_by("basic")).collect();
    // (5,000 − 400) × 80 %, then (5,000 − the other 400) × 65 %.
    assert_eq!(paid, [yuan(3_680), yuan(2_990)]);
}
