//! What users of other systems complain of, told as stories with our program in the peer's place. Each test bears the
//! complaint's citation in its name; one line above it says what the peer did.
//!
//! | complaint | where it is answered |
//! |---|---|
//! | a sheet put into restore, success without rows, duplicates, everything typed twice, slow search | [`sheets`] |
//! | lost or hidden conflicts, wrong clocks, one side whole, moves | [`exchange`] |
//! | a restored centre, broken PCs, damaged tables, training data, versions | [`rescue`] |
//! | slow searches and duplicate checks | `mingbai-store`, `query/plans.rs`: no seconds, but what is read from where |

#![expect(clippy::unwrap_used, reason = "a test that cannot get its data has failed")]

mod exchange;
mod rescue;
mod sheets;

use mingbai_tests::offices::{County, Office, Stage, list};
use serde_json::{Value, json};

/// 青石乡 and 白桥镇.
const A: &str = "159901201";
const B: &str = "159901101";

/// The townships have taken in everything but the later roster.
fn filled() -> County {
    County::at(Stage::Filled, env!("CARGO_TARGET_TMPDIR"))
}

/// The townships have joined and know their villages; their registers are empty.
fn joined() -> County {
    County::at(Stage::Joined, env!("CARGO_TARGET_TMPDIR"))
}

/// What waits for a decision.
fn open_conflicts(office: &Office) -> Vec<Value> {
    list(&office.call("conflict_list", json!({}))["rows"])
}

/// The register rebuilt from the log differs nowhere.
#[track_caller]
fn sound(office: &Office) {
    let found = office.call("ledger_verify", json!({}));
    assert_eq!((&found["ok"], &found["problems"]), (&json!(true), &json!([])), "{found}");
}

/// How a township stands at the county.
#[track_caller]
fn township_row(county: &Office, area: &str) -> Value {
    let rows = list(&county.call("exchange_status", json!({}))["townships"]);
    rows.into_iter().find(|row| row["area"] == area).unwrap()
}
