//! What a shipped pack does not have is said or refused; nothing of it is paid as if the county had said nothing was due.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{PACKS, day, holding, insured, one, pack, pack_text, stay, yuan};
use mingbai_coverage::{Area, Bill, BillError, History, Kind, Level, Pack, Person, Referral, settle};
use toml::{Table, Value};

fn rows<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    table[key].as_array().unwrap().iter().map(|row| row.as_table().unwrap()).collect()
}

/// Whether a condition names a kind of care by its code.
fn names(condition: &Table, kind: Kind) -> bool {
    let listed = condition.get("kind").and_then(Value::as_array);
    listed.is_some_and(|kinds| kinds.iter().any(|code| code.as_str() == Some(kind.code())))
}

fn error(pack: &Pack, person: &Person, bill: &Bill) -> BillError {
    let year = bill.discharged_on.format("%Y").to_string().parse().unwrap();
    settle(pack, person, &History::empty(year), bill).unwrap_err()
}

#[test]
fn every_kind_of_care_is_named_by_a_payer_or_refused_by_the_pack_in_every_shipped_pack() {
    for name in PACKS {
        let table: Table = toml::from_str(&pack_text(name)).unwrap();
        let of_payers: Vec<&Table> = rows(&table, "payer")
            .into_iter()
            .filter_map(|payer| payer["when"].as_array())
            .flatten()
            .map(|condition| condition.as_table().unwrap())
            .collect();
        let refusing: Vec<&Table> =
            rows(&table, "partial").into_iter().filter(|row| row["effect"].as_str() == Some("refuse")).collect();
        for &kind in Kind::ALL {
            let paid = of_payers.iter().any(|condition| names(condition, kind));
            let refused = refusing.iter().any(|row| names(row, kind) || !row.contains_key("kind"));
            assert!(paid || refused, "{name} says nothing of {}", kind.label());
        }
    }
}

#[test]
fn a_kind_of_care_whose_rules_were_not_to_be_had_is_refused_and_not_settled_at_nothing() {
    for (name, year, kind) in [
        ("jiamusi-2018.toml", 2018, Kind::Observation),
        ("wulanchabu.toml", 2020, Kind::HomeBed),
        ("nanchang-2025.toml", 2025, Kind::Observation),
        ("shangluo-2023.toml", 2023, Kind::HomeBed),
        ("changshun-2017.toml", 2017, Kind::Observation),
        ("anhui-351-180.toml", 2018, Kind::Outpatient),
        ("beijing.toml", 2023, Kind::TwoDisease),
    ] {
        let refused = error(&pack(name), &insured(), &Bill { kind, level: Level::Level2, ..stay(year, 3, 5_000) });
        assert!(refused.to_string().contains("没有取得"), "{name}: {refused}");
    }
}

#[test]
fn a_chronic_disease_visit_in_nanchang_says_that_list_certificate_and_limit_were_not_checked() {
    let visit = Bill { kind: Kind::ChronicOutpatient, ..stay(2025, 3, 20_000) };
    let settled = one(&pack("nanchang-2025.toml"), &insured(), &visit);
    assert_eq!(settled.paid_by("basic"), yuan(12_000));
    assert!(settled.cautions().iter().any(|caution| caution.contains("各病种年度限额没有取得")));
}

#[test]
fn changshun_says_that_nothing_above_the_last_band_of_its_page_was_counted() {
    let changshun = pack("changshun-2017.toml");
    // 35,000 × 60 % + 35,000 × 70 % + 70,000 × 80 %; the page ends at 140,000 above the 7,000.
    for total in [147_000, 200_000] {
        let settled = one(&changshun, &insured(), &stay(2017, 3, total));
        assert_eq!(settled.paid_by("critical"), yuan(101_500));
        let said = |words: &str| settled.cautions().iter().any(|caution| caution.contains(words));
        assert!(said("大病保险14万元以上的比例和封顶线没有取得"));
    }
}

#[test]
fn a_cap_that_was_not_to_be_had_is_said_on_every_bill_it_could_lower() {
    let aided = one(&pack("changshun-2017.toml"), &holding("registered_poor"), &stay(2017, 3, 17_000));
    assert!(aided.cautions().iter().any(|caution| caution.contains("民政医疗救助的封顶线没有取得")));
    let on = day(2018, 3, 1);
    let visit =
        Bill::new("1", Kind::ChronicOutpatient, Level::Township, Area::County, Referral::None, [on; 3], yuan(1_000));
    let supplemented = one(&pack("anhui-351-180.toml"), &holding("registered_poor"), &visit);
    assert_eq!(supplemented.paid_by("supplement"), yuan(800));
    assert!(supplemented.cautions().iter().any(|caution| caution.contains("补充医保（180）的封顶线")));
}
