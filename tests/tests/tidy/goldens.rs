//! A file that was released is history: `tests/golden/golden.sha256` pins every one of them.

use std::collections::BTreeMap;
use std::fs;

use sha2::{Digest, Sha256};

use crate::tree::{files, none, root};

/// What explains the files and what makes or checks them may still become better.
const ABOUT: [&str; 3] = ["README.md", "suite2.py", "golden.sha256"];

#[test]
fn no_golden_file_ever_changes() {
    let list = root().join("tests/golden/golden.sha256");
    let pinned = fs::read_to_string(&list).unwrap_or_else(|failure| panic!("{}: {failure}", list.display()));
    let mut pinned: BTreeMap<&str, &str> =
        pinned.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name, sum)).collect();
    let mut faults = Vec::new();
    let golden = |name: &str| name.starts_with("tests/golden/") || name.starts_with("src-tauri/crates/ledger/golden/");
    for source in files() {
        let about = ABOUT.iter().any(|about| source.name.ends_with(&format!("/{about}")));
        if about || !golden(&source.name) {
            continue;
        }
        let bytes = fs::read(&source.path).unwrap_or_else(|failure| panic!("{}: {failure}", source.name));
        let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        match pinned.remove(source.name.as_str()) {
            Some(pin) if pin == sum => {}
            Some(_) => faults.push(format!("{} is not what was released; add a file beside it", source.name)),
            None => faults.push(format!("{} is not pinned; add the line: {sum}  {}", source.name, source.name)),
        }
    }
    faults.extend(pinned.into_keys().map(|name| format!("{name} is pinned and gone")));
    none("Golden files never change", &faults);
}
