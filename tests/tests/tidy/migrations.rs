//! A migration that has been released is history: `migrations.sha256` pins every one of them.

use std::collections::BTreeMap;
use std::fs;

use sha2::{Digest, Sha256};

use crate::tree::{none, root};

#[test]
fn no_migration_ever_changes() {
    let folder = root().join("src-tauri/crates/store/migrations");
    let list = folder.join("migrations.sha256");
    let pinned = fs::read_to_string(&list).unwrap_or_else(|failure| panic!("{}: {failure}", list.display()));
    let mut pinned: BTreeMap<String, String> = pinned
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, name)| (name.trim().to_owned(), sum.to_owned()))
        .collect();
    let mut faults = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(&folder).expect("the migrations").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".sql") {
            continue;
        }
        seen += 1;
        let sum: String =
            Sha256::digest(fs::read(entry.path()).expect(&name)).iter().map(|byte| format!("{byte:02x}")).collect();
        match pinned.remove(&name) {
            Some(pin) if pin == sum => {}
            Some(_) => faults.push(format!("{name} differs from its pinned sum; write a new migration instead")),
            None => faults.push(format!("{name} is not pinned; when it is final add the line: {sum}  {name}")),
        }
    }
    faults.extend(pinned.into_keys().map(|name| format!("{name} is pinned and gone")));
    none("Migrations never change", &faults);
    assert!(seen > 0, "no migration in {}", folder.display());
}
