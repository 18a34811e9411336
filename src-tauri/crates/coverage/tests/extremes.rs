//! Nothing anybody can write down makes the engine fall over: absurd bills, absurd years so far, mangled packs.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use common::{PACKS, pack, pack_text};
use mingbai_coverage::{
    Area, Bill, Column, History, IdentityPeriod, Item, Kind, Level, Pack, PackError, Paid, PayerYear, Person, Referral,
    compare_year, settle, settle_annual,
};
use mingbai_domain::Fen;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};

static SHIPPED: LazyLock<Vec<Pack>> = LazyLock::new(|| PACKS.iter().map(|name| pack(name)).collect());

/// Any amount, and more often the ones at which something ends.
fn money() -> impl Strategy<Value = Fen> {
    let edges = vec![i64::MIN, i64::MIN + 1, -1, 0, 1, 999_999_999_999, 1_000_000_000_000, 1_000_000_000_001, i64::MAX];
    prop_oneof![2 => select(edges), 1 => any::<i64>(), 4 => 0_i64..100_000_000].prop_map(Fen)
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    let usual = (2016_i32..2026, 1_u32..366).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).unwrap());
    prop_oneof![1 => select(vec![NaiveDate::MIN, NaiveDate::MAX]), 9 => usual]
}

/// Three dates, mostly in order.
fn three_dates() -> impl Strategy<Value = (NaiveDate, NaiveDate, NaiveDate)> {
    (dates(), dates(), dates(), 0..9).prop_map(|(a, b, c, order)| match order {
        0 => (a, b, c),
        1..4 => {
            let mut sorted = [a, b, c];
            sorted.sort_unstable();
            (sorted[0], sorted[1], sorted[2])
        }
        _ => (a, a, a),
    })
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![Just("class_b".to_owned()), Just("third_party".to_owned()), Just(String::new()), any::<String>()]
}

fn bills() -> impl Strategy<Value = Bill> {
    let place = (select(Kind::ALL), select(Level::ALL), select(Area::ALL), select(Referral::ALL));
    let amounts = (money(), money(), money(), of(money()), money());
    let items = vec((words(), money()), 0..3);
    (place, amounts, three_dates(), items, of(words()), any::<bool>(), 0..4).prop_map(
        |(
            (kind, level, area, referral),
            (total, ownpay, overlimit, preselfpay, borne),
            dates,
            items,
            cause,
            major,
            small,
        )| {
            // Three times in four everything but the total is small enough for the bill to come further than the door.
            let part = |amount: Fen| if small > 0 { Fen(amount.0.rem_euclid(total.0.max(4) / 4)) } else { amount };
            Bill {
                ownpay: part(ownpay),
                overlimit: part(overlimit),
                preselfpay: preselfpay.map(part),
                items: items.into_iter().map(|(class, amount)| Item { class, amount: part(amount) }).collect(),
                hospital_borne: if small > 1 { Fen::ZERO } else { part(borne) },
                cause: cause.filter(|_| small == 0),
                major_disease: major,
                ..Bill::new("", kind, level, area, referral, [dates.0, dates.1, dates.2], total)
            }
        },
    )
}

fn people() -> impl Strategy<Value = Person> {
    let known: Vec<String> = SHIPPED.iter().flat_map(|pack| pack.identities.iter().map(|i| i.key.clone())).collect();
    let period = (prop_oneof![9 => select(known), 1 => any::<String>()], of(dates()), of(dates()));
    let periods = vec(period.prop_map(|(identity, from, until)| IdentityPeriod { identity, from, until }), 0..5);
    (periods, of(dates())).prop_map(|(identities, born)| Person { identities, born, ..Person::default() })
}

fn years() -> impl Strategy<Value = History> {
    let payer = (money(), money(), money(), money(), money())
        .prop_map(|(base, deductible, entitled, paid, short)| PayerYear { base, deductible, entitled, paid, short });
    let keys: Vec<String> = ["basic", "basic_inpatient", "critical", "aid", "aid_inpatient", "illness_aid", "nobody"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    let payers = btree_map(select(keys), payer, 0..3);
    let stays = btree_map(select(Level::ALL), prop_oneof![Just(u32::MAX), 0_u32..9], 0..3);
    (prop_oneof![Just(i32::MIN), Just(i32::MAX), 2016..2026], money(), money(), stays, payers).prop_map(
        |(year, in_scope_personal, preselfpay_personal, admissions, payers)| History {
            year,
            in_scope_personal,
            preselfpay_personal,
            admissions,
            payers,
            ..History::default()
        },
    )
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn whatever_a_bill_and_the_year_so_far_say_the_sums_hold_or_the_bill_is_refused(
        bill in bills(), person in people(), history in years(), pick in any::<Index>(), as_of in dates(), same_year in 0..4,
    ) {
        let pack = pick.get(&SHIPPED);
        let year = pack.year_of(&bill).ok().filter(|_| same_year > 0);
        let history = if same_year > 1 { History::empty(0) } else { history };
        let history = History { year: year.unwrap_or(history.year), ..history };
        match settle(pack, &person, &history, &bill) {
            Ok(settlement) => {
                assert!(settlement.identities_hold(), "{settlement:?}");
                assert!(settlement.personal >= Fen::ZERO && settlement.in_scope >= Fen::ZERO);
                assert!(settlement.payers.iter().all(|payer| payer.amount >= payer.on_preselfpay));
                assert!(settlement.payers.iter().all(|payer| payer.on_preselfpay >= Fen::ZERO));
                // What came out can be taken up again, or is refused again: it is never taken for a smaller year.
                let again = settle(pack, &person, &settlement.after, &bill);
                assert!(again.is_err() || again.unwrap().after.in_scope_personal >= settlement.after.in_scope_personal);
            }
            Err(error) => assert!(!error.to_string().is_ascii(), "{error:?} is said in Chinese"),
        }
        if let Ok(annual) = settle_annual(pack, &person, &history, as_of) {
            assert!(annual.in_scope_personal >= Fen::ZERO);
            assert!(annual.payers.iter().all(|payer| payer.amount >= Fen::ZERO));
        }
    }

    #[test]
    fn comparing_absurd_bills_with_absurd_payments_ends_in_a_cause(
        bill in bills(), person in people(), paid in money(), pick in any::<Index>(),
    ) {
        let pack = pick.get(&SHIPPED);
        let opening = History::empty(pack.year_of(&bill).unwrap_or(2020));
        // A sum of money beyond what a bill can hold is refused where it is typed in.
        let paid = Fen(paid.0.clamp(-1_000_000_000_000, 1_000_000_000_000));
        let paid = Paid::from([(Column::Basic, paid), (Column::Aid, Fen(1))]);
        let year = compare_year(pack, &person, &opening, &[(bill.clone(), paid.clone()), (bill, paid)]);
        assert_eq!(year.comparisons.len(), year.due.settlements.len());
        for comparison in &year.comparisons {
            assert!(!comparison.cause_text.is_empty());
        }
    }
}

/// One small act of carelessness with a text editor.
fn mangled(text: &str, what: u8, at: Index, other: Index, piece: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (line, from) = (at.index(lines.len()), other.index(lines.len()));
    match what {
        0 => {
            lines.remove(line);
        }
        1 => lines.insert(line, lines[from].clone()),
        2 => lines.swap(line, from),
        3 => lines[line] = piece.to_owned(),
        4 => {
            let chars: Vec<char> = lines[line].chars().collect();
            let cut = other.index(chars.len() + 1);
            lines[line] = chars[..cut].iter().chain(piece.chars().collect::<Vec<_>>().iter()).collect();
        }
        5 => {
            // A value in the wrong place.
            let value = lines[from].split_once(" = ").map_or(String::new(), |(_, value)| value.to_owned());
            if let Some((key, _)) = lines[line].clone().split_once(" = ") {
                lines[line] = format!("{key} = {value}");
            }
        }
        _ => lines[line] = lines[line].replace(|c: char| c.is_ascii_digit(), piece.get(..1).unwrap_or("9")),
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn a_mangled_pack_is_refused_with_the_place_named_or_still_settles(
        name in select(PACKS),
        mistakes in vec((0_u8..7, any::<Index>(), any::<Index>(), pieces()), 1..4),
        bill in bills(),
        person in people(),
    ) {
        let mut text = pack_text(name);
        for (what, at, other, piece) in mistakes {
            text = mangled(&text, what, at, other, &piece);
        }
        match Pack::parse(&text) {
            Ok(pack) => {
                let year = pack.year_of(&bill).unwrap_or(2020);
                let _ = settle(&pack, &person, &History::empty(year), &bill).map(|s| assert!(s.identities_hold(), "{text}\n{s:?}"));
                let keys: Vec<String> = pack.identities.iter().map(|identity| identity.key.clone()).collect();
                assert!(pack.benefit_lines(&keys).iter().all(|line| !line.text.is_empty()));
            }
            Err(PackError::NotToml { line, .. }) => assert!(line >= 1 && line <= text.lines().count() + 1, "line {line}"),
            Err(error) => assert!(!error.to_string().is_ascii(), "{error:?} is said in Chinese"),
        }
    }
}

/// What hands slip in: other words of the format, numbers too large, bits of syntax, anything.
fn pieces() -> impl Strategy<Value = String> {
    let usual = [
        "[",
        "]]",
        "\"",
        "none",
        "\"none\"",
        "[]",
        "{}",
        "= ",
        "\"1e9\"",
        "\"99999999999999999999\"",
        "\"-1\"",
        "\"100.01%\"",
        "true",
        "0",
        "2023-02-30",
        "\"year\"",
        "identity = [\"nobody\"]",
        "[[payer]]",
        "rounding = \"up\"",
        "\u{0}",
        "﻿",
        "第",
    ];
    prop_oneof![3 => select(usual.map(str::to_owned).to_vec()), 1 => any::<String>()]
}

#[test]
fn an_empty_and_an_endless_pack_are_refused() {
    assert!(matches!(Pack::parse(""), Err(PackError::MissingSwitch { .. })));
    let deep = format!("x = {}", "[".repeat(100_000));
    assert!(matches!(Pack::parse(&deep), Err(PackError::NotToml { .. })));
    let identities: String =
        (0..65).map(|n| format!("[[identity]]\nkey = \"i{n}\"\nlabel = \"身份\"\nclass = \"aid\"\n")).collect();
    let crowded = pack_text("jiamusi-2018.toml").replacen("[[identity]]", &format!("{identities}[[identity]]"), 1);
    assert!(Pack::parse(&crowded).unwrap_err().to_string().contains("64"));
}

/// Amounts read from a file that nobody checked.
#[test]
fn amounts_beyond_every_bill_are_refused_when_a_case_file_is_read() {
    let history = r#"{"year": 2023, "payers": {"critical": {"base": "99999999999999999999"}}}"#;
    assert!(serde_json::from_str::<History>(history).is_err());
    let history: History = serde_json::from_str(&history.replace("99999999999999999999", "90000000000000000")).unwrap();
    let bill = common::stay(2023, 3, 100);
    let error = settle(&pack("beijing.toml"), &Person::ordinary(), &history, &bill).unwrap_err();
    assert_eq!(error.field(), mingbai_coverage::BillField::History);
    let stays = BTreeMap::from([(Level::Level3, u32::MAX), (Level::Level2, u32::MAX)]);
    let history = History { admissions: stays, ..History::empty(2023) };
    let settled = settle(&pack("beijing.toml"), &Person::ordinary(), &history, &bill).unwrap();
    assert_eq!(settled.after.admissions_at(Level::Level3), u32::MAX);
}
