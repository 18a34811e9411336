//! Files that left a PC, kept for ever in `tests/golden/office`, one folder a release: two backups and everything that was
//! carried between the two PCs they are of. The program of today restores the backups, takes each file in as a clerk
//! would, and says of it what was said of it when it was written.
//!
//! `WRITE_GOLDEN=v2 cargo nextest run --workspace -E 'binary(golden) & package(mingbai-tests)'` writes the set of a new
//! release beside the others; nothing that is there is ever written again (`tests/golden/golden.sha256`).

#![expect(clippy::unwrap_used, reason = "a test that cannot get its data has failed")]

mod reading;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};

/// What a set says of itself, one thing a line.
const KNOWN: &str = "known.txt";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/office")
}

#[test]
fn every_file_that_ever_left_a_pc_is_still_taken_in_and_says_what_it_always_said() {
    let mut releases = 0;
    for release in fs::read_dir(folder()).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let known = fs::read_to_string(release.path().join(KNOWN)).unwrap();
        assert_eq!(reading::told(&release.path()), known, "{}", release.path().display());
        releases += 1;
    }
    assert!(releases > 0);
}

#[test]
fn files_written_today_are_taken_in_too_and_can_become_the_set_of_a_release() {
    let fresh = tempfile::tempdir().unwrap();
    writing::write(fresh.path());
    let told = reading::told(fresh.path());
    assert!(told.lines().count() > 20, "{told}");
    if let Some(release) = std::env::var_os("WRITE_GOLDEN") {
        fs::write(fresh.path().join(KNOWN), told).unwrap();
        let target = folder().join(release);
        assert!(!target.exists(), "{} is there and stays as it is", target.display());
        mingbai_tests::offices::copy(fresh.path(), &target).unwrap();
    }
}
