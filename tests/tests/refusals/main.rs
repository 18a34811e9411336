//! Bad input: each refusal is one Chinese sentence that says what happened, that nothing was changed and what to do, under a
//! code for programs; and nothing was changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot get its data has failed")]

mod bundles;
mod database;
mod disk;
mod killed;
mod packs;
mod requests;
mod sessions;
mod sheets;

use mingbai_app::{AppError, ErrorCode};
use mingbai_tests::offices::{County, Office, Stage, number};
use serde_json::json;

/// The townships have taken in everything but the later roster.
fn filled() -> County {
    County::at(Stage::Filled, env!("CARGO_TARGET_TMPDIR"))
}

/// What an office holds, as far as a refusal must leave it alone.
fn holds(office: &Office) -> (i64, [i64; 4]) {
    // A township counts its own entries; the county, which owes nobody any, has them counted by rebuilding.
    let own = written(office);
    (if own > 0 { own } else { office.entries() }, office.population())
}

/// Entries of the office's own log, without rebuilding anything.
fn written(office: &Office) -> i64 {
    number(&office.call("exchange_status", json!({}))["own_entries"])
}

/// The code, and a sentence for the clerk: Chinese, saying that nothing happened and what to do.
#[track_caller]
fn told(refusal: &AppError, code: ErrorCode, unchanged: &[&str], advice: &[&str]) {
    assert_eq!(refusal.code, code, "{refusal:?}");
    let said = refusal.message.as_str();
    assert!(said.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count() > 10, "{said}");
    assert!(unchanged.iter().any(|words| said.contains(words)), "does not say that nothing was changed: {said}");
    assert!(advice.iter().any(|words| said.contains(words)), "does not say what to do: {said}");
    assert!(refusal.incident.is_none(), "a refusal is no defect: {refusal:?}");
    for english in ["Error", "error", "failed", "panicked", "sqlite"] {
        assert!(!said.contains(english), "{said}");
    }
}
