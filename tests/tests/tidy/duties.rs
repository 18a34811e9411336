//! The table of duties in the README: whole, each once, and naming nothing that is not there.

use std::collections::BTreeSet;
use std::fs;

use mingbai_app::COMMANDS;
use mingbai_domain::catalogue::ALL;

use crate::tree::{files, root};

/// Rows of the table: number, wording, where.
fn duties() -> Vec<[String; 3]> {
    let text = fs::read_to_string(root().join("README.md")).expect("the README");
    let rows = text.lines().filter(|line| line.starts_with("| A-"));
    rows.map(|line| {
        let cells: Vec<String> = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        <[String; 3]>::try_from(cells).unwrap_or_else(|cells| panic!("{cells:?}"))
    })
    .collect()
}

#[test]
fn every_duty_stands_once_in_the_table_of_the_readme() {
    let numbers: Vec<String> = duties().into_iter().map(|[number, ..]| number).collect();
    let expected: Vec<String> = (1..=88).map(|number| format!("A-{number:02}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn every_record_command_list_and_share_the_table_of_duties_names_exists() {
    let mut known: BTreeSet<String> = COMMANDS.iter().map(|command| command.name.to_owned()).collect();
    for kind in ALL {
        known.insert(kind.table.to_owned());
        known.extend(kind.fields.iter().map(|field| field.column.to_owned()));
    }
    // Lists, shares and reports are named by literals of the sources.
    let of_app = files().into_iter().filter(|source| source.below(&["src-tauri/crates/app/src"]) && source.is(&["rs"]));
    let sources: String = of_app.filter_map(|source| source.text()).collect();
    let lists = fs::read_to_string(root().join("assets/lists/diseases.tsv")).expect("the lists of diseases");
    for [number, _, place] in duties() {
        for name in place.split('`').skip(1).step_by(2) {
            let listed = lists.lines().any(|line| {
                let of_line = line.split('\t').next().unwrap_or_default();
                of_line.split(' ').any(|list| list == name)
            });
            let exists = known.contains(name) || listed || sources.contains(&format!("\"{name}\""));
            assert!(exists, "{number} names {name}");
        }
    }
}
