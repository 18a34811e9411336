//! What several test files share: the shipped packs and a bill to vary.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::PathBuf;

use chrono::NaiveDate;
use mingbai_coverage::{
    Area, Bill, CaseFile, Enrolment, History, Kind, Level, Pack, Person, Referral, Settlement, settle,
};
use mingbai_domain::Fen;

pub(crate) const PACKS: &[&str] = &[
    "beijing.toml",
    "wulanchabu.toml",
    "jiamusi-2018.toml",
    "changshun-2017.toml",
    "nanchang-2025.toml",
    "shangluo-2023.toml",
    "anhui-351-180.toml",
    "chongqing-2025.toml",
];

/// Those that settle at least some bills: 重庆's numbers were not all to be had.
pub(crate) const SETTLING: &[&str] = PACKS.split_at(7).0;

pub(crate) fn packs_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../assets/packs")
}

pub(crate) fn pack_text(name: &str) -> String {
    std::fs::read_to_string(packs_dir().join(name)).unwrap()
}

/// The worked examples, by the names of their files.
pub(crate) fn examples() -> Vec<(String, CaseFile)> {
    let mut found: Vec<(String, CaseFile)> = std::fs::read_dir(packs_dir().join("examples"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let case = serde_json::from_str(&std::fs::read_to_string(&path).unwrap());
            (path.display().to_string(), case.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

pub(crate) fn pack(name: &str) -> Pack {
    Pack::parse(&pack_text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A stay in a level 3 hospital of the city, everything in scope.
pub(crate) fn stay(year: i32, month: u32, total_yuan: i64) -> Bill {
    let days = [day(year, month, 1), day(year, month, 20), day(year, month, 20)];
    Bill::new(
        format!("{year}-{month:02}"),
        Kind::Inpatient,
        Level::Level3,
        Area::City,
        Referral::None,
        days,
        Fen::from_yuan(total_yuan),
    )
}

pub(crate) fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

pub(crate) fn changed(name: &str, changes: &[(&str, &str)]) -> Pack {
    let mut text = pack_text(name);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    Pack::parse(&text).unwrap()
}

pub(crate) fn enrolled(enrolment: Enrolment) -> Person {
    Person { born: Some(day(1980, 1, 1)), enrolments: vec![enrolment], ..Person::default() }
}

pub(crate) fn since(year: i32, month: u32, date: u32) -> Enrolment {
    let from = day(year, month, date);
    Enrolment { late: Some(false), gap_years: Some(0), ..Enrolment::since(from) }
}

pub(crate) fn insured() -> Person {
    enrolled(since(2020, 1, 1))
}

pub(crate) fn holding(identity: &str) -> Person {
    Person { identities: Person::holding(&[identity]).identities, ..insured() }
}

pub(crate) fn one(pack: &Pack, person: &Person, bill: &Bill) -> Settlement {
    settle(pack, person, &History::empty(bill.discharged_on.format("%Y").to_string().parse().unwrap()), bill).unwrap()
}

pub(crate) fn deductible(settlement: &Settlement, payer: &str) -> Fen {
    let key = format!("{payer}.deductible");
    settlement.steps.iter().find(|step| step.key == key).unwrap().result
}

/// A pack's text with one of its payers changed.
pub(crate) fn in_payer(text: &str, payer: &str, changes: &[(&str, &str)]) -> String {
    let begins = text.find(&format!("[[payer]]\nkey = \"{payer}\"")).unwrap();
    let (before, rest) = text.split_at(begins);
    let ends = rest.match_indices("[[payer]]").nth(1).map_or(rest.len(), |(at, _)| at);
    let (own, after) = rest.split_at(ends);
    let mut own = own.to_owned();
    for (from, to) in changes {
        assert!(own.contains(from), "{payer}: {from}");
        own = own.replacen(from, to, 1);
    }
    format!("{before}{own}{after}")
}
