//! Every asset has a line in `assets/LICENCES.md` that says whose it is and under which terms it may be shipped.
//!
//! A line covers what it names in backticks: a file (`codes/icd10.tsv`) or a folder (`fonts/`), relative to `assets/`.

use std::fs;

use crate::tree::{files, none, root};

/// The names in backticks, line by line of the table.
fn covered(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| line.trim_start().starts_with('|'));
    rows.flat_map(|row| row.split('`').skip(1).step_by(2).map(str::to_owned)).collect()
}

fn covers(name: &str, file: &str) -> bool {
    name == file || (name.ends_with('/') && file.starts_with(name))
}

#[test]
fn every_asset_has_a_licence_line() {
    let text = fs::read_to_string(root().join("assets/LICENCES.md")).expect("assets/LICENCES.md");
    let names = covered(&text);
    let sources = files();
    let assets: Vec<&str> = sources
        .iter()
        .filter_map(|source| source.name.strip_prefix("assets/"))
        .filter(|name| *name != "LICENCES.md")
        .collect();
    assert!(!assets.is_empty(), "there are no assets");
    let mut faults: Vec<String> = assets
        .iter()
        .filter(|file| !names.iter().any(|name| covers(name, file)))
        .map(|file| format!("assets/{file} has no licence line"))
        .collect();
    let paths = names.iter().filter(|name| name.contains('/'));
    faults.extend(
        paths
            .filter(|name| !assets.iter().any(|file| covers(name, file)))
            .map(|name| format!("assets/LICENCES.md names `{name}`, which is not there")),
    );
    none("Every asset has a licence line", &faults);
}

#[test]
fn a_folder_covers_what_lies_below_it_and_a_file_only_itself() {
    let names = covered("text `not/a/row`\n| `fonts/` | OFL-1.1 |\n| `codes/icd10.tsv`, `codes/area.csv` | MIT |\n");
    assert_eq!(names, ["fonts/", "codes/icd10.tsv", "codes/area.csv"]);
    assert!(covers("fonts/", "fonts/serif.otf"));
    assert!(!covers("codes/icd10.tsv", "codes/icd10.tsv.bak"));
}
