//! Opening a database an older version wrote: it is copied, its fixed tables are changed, every table is folded again.

use std::path::Path;

use mingbai_disk::{Disk, Fault};
use mingbai_store::{Store, StoreError, verify_backup};
use tempfile::TempDir;

use super::chances;
use crate::common::key;

/// Schema version 1, as its README says.
const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/database/v1.db");
const NAME: &str = "register.db";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(OLD, folder.path().join(NAME)).unwrap();
    folder
}

fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(&folder.join(NAME), &key())
}

fn told(store: &Store) -> String {
    let reading = store.read();
    let digests = reading.digests().unwrap().into_iter().map(|(table, rows, sum)| (table, rows, sum.to_bytes()));
    format!("{:?} {:?}", reading.heads().unwrap(), digests.collect::<Vec<_>>())
}

/// What is found opens, is sound and says what it always said; so does the copy made before, where it bears its name.
fn whole(folder: &Path, known: &str, what: &str) {
    let mut store = open(folder).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(store.verify().unwrap().is_sound(), "{what}");
    assert_eq!(told(&store), known, "{what}");
    drop(store);
    let copy = folder.join(format!("{NAME}.before-upgrade-from-1"));
    if copy.exists() {
        assert!(verify_backup(&copy, &key()).is_ok(), "{what}");
    }
}

#[test]
fn an_upgrade_that_fails_or_loses_power_anywhere_is_done_at_the_next_start_and_nothing_is_lost() {
    let disk = Disk::claim();
    let undisturbed = folder();
    disk.watch(undisturbed.path());
    let store = open(undisturbed.path()).unwrap();
    let known = told(&store);
    drop(store);
    let calls = disk.calls();
    assert!(calls > 50, "{calls} calls");
    assert!(undisturbed.path().join(format!("{NAME}.before-upgrade-from-1")).exists());
    for at in 1..=calls {
        let here = folder();
        disk.watch(here.path());
        // Each call meets one of the two, or the test would take minutes.
        if at % 2 == 0 {
            disk.fail(at, Fault::PowerLoss);
            drop(open(here.path()));
            let left = tempfile::tempdir().unwrap();
            disk.after_power_loss(left.path(), &mut chances(at));
            disk.mend();
            whole(left.path(), &known, &format!("power lost at call {at}"));
        } else {
            disk.fail(at, if at % 4 < 2 { Fault::Full } else { Fault::Broken });
            drop(open(here.path()));
            disk.mend();
            whole(here.path(), &known, &format!("call {at} failed"));
        }
    }
}
