//! The power goes while a sheet is being taken in.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use mingbai_tests::offices::{County, Office, Stage, list, number, sources};
use serde_json::json;

use crate::holds;

/// Set for the copy of the test that dies, to the folder of the offices in which it does.
const DIES_IN: &str = "MINGBAI_TEST_DIES_IN";
/// Dice thrown before it does: several hundred of the 1,110 people are written by then.
const ROLLS: u64 = 1_500;

#[test]
fn a_program_killed_while_it_takes_a_roster_in_leaves_no_row_of_it_and_takes_it_in_whole_the_next_time() {
    let place = County::at(Stage::Joined, env!("CARGO_TARGET_TMPDIR"));
    let roster = sources(place.told_a()).into_iter().find(|file| file.profile == "roster").unwrap();
    if let Ok(folder) = env::var(DIES_IN) {
        let (folder, world) = (PathBuf::from(folder), Arc::clone(&place.world));
        let office = Office::at(&folder.join("township-a"), &world).unwrap();
        office.log_in();
        // Nobody else tidies up after a process that is killed.
        drop(place);
        world.die_after(ROLLS);
        office.import("roster", &folder.join(&roster.name), false);
        return;
    }
    let path = place.put(&roster);
    let before = holds(&place.township_a());
    let dead = Command::new(env::current_exe().unwrap())
        .args(["--exact", "killed::a_program_killed_while_it_takes_a_roster_in_leaves_no_row_of_it_and_takes_it_in_whole_the_next_time"])
        .env(DIES_IN, path.parent().unwrap())
        .output()
        .unwrap();
    assert!(!dead.status.success(), "it was killed: {}", String::from_utf8_lossy(&dead.stdout));
    assert!(!String::from_utf8_lossy(&dead.stderr).contains("panicked"), "{}", String::from_utf8_lossy(&dead.stderr));

    let office = place.township_a();
    assert_eq!(holds(&office), before);
    assert_eq!(office.households(None).len(), 0);
    assert_eq!(list(&office.call("absent_list", json!({ "state": "open" }))["rows"]).len(), 0);
    assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);
    let done = office.import("roster", &path, false);
    assert_eq!((number(&done["counts"]["new"]), number(&done["counts"]["rejected"])), (1_110, 0));
}
