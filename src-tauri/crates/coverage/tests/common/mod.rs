//! What several test files share: the shipped packs and a bill to vary.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::PathBuf;

use chrono::NaiveDate;
use mingbai_coverage::{Area, Bill, Kind, Level, Pack, Referral};
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

pub(crate) fn packs_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../assets/packs")
}

pub(crate) fn pack_text(name: &str) -> String {
    std::fs::read_to_string(packs_dir().join(name)).unwrap()
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
