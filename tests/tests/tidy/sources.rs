//! Rules about the text of the sources.

use crate::tree::{Source, files, none};

/// The longest a hand-written file may be, and the length from which it is listed.
const LONGEST: usize = 800;
const LONG: usize = 400;

/// Faults of every line of every chosen file.
fn lines(choose: impl Fn(&Source) -> bool, judge: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for source in files().iter().filter(|source| choose(source)) {
        for (number, line) in source.text().unwrap_or_default().lines().enumerate() {
            if let Some(fault) = judge(line) {
                faults.push(format!("{}:{}: {fault}", source.name, number + 1));
            }
        }
    }
    faults
}

/// Rust sources, without these rules themselves.
fn rust(source: &Source) -> bool {
    source.is(&["rs"]) && !source.below(&["tests/tests/tidy"])
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("/*") || line.starts_with('*')
}

/// Whether the line holds a word of these inside or at the start of a string literal, with the literal's own spelling.
fn speaks_sql(line: &str) -> Option<&'static str> {
    const PHRASES: [&str; 10] = [
        "SELECT ",
        "INSERT INTO ",
        "INSERT OR ",
        "UPDATE OR ",
        "DELETE FROM ",
        "CREATE TABLE ",
        "CREATE INDEX ",
        "ALTER TABLE ",
        "DROP TABLE ",
        "PRAGMA ",
    ];
    PHRASES.into_iter().find(|phrase| line.contains(phrase))
}

#[test]
fn sql_lives_in_the_store_alone() {
    // A peer that is measured beside the program speaks its own SQL.
    let outside = |source: &Source| !source.below(&["src-tauri/crates/store", "bench/session"]);
    let mut faults = lines(
        |source| outside(source) && rust(source),
        |line| if is_comment(line) { None } else { speaks_sql(line).map(|phrase| format!("SQL: {phrase}")) },
    );
    faults.extend(lines(
        // The disk for tests stands between SQLite and the files and says no SQL.
        |source| outside(source) && rust(source) && !source.below(&["tests/disk"]),
        |line| line.contains("rusqlite").then(|| "names rusqlite".to_owned()),
    ));
    faults.extend(
        files().iter().filter(|source| outside(source) && source.is(&["sql"])).map(|source| source.name.clone()),
    );
    none("SQL lives only in src-tauri/crates/store", &faults);
}

#[test]
fn tauri_is_spoken_to_in_two_places_alone() {
    let mut faults = lines(
        |source| rust(source) && !source.below(&["src-tauri/src", "xtask"]) && source.name != "src-tauri/build.rs",
        |line| (!is_comment(line) && line.contains("tauri::")).then(|| "uses tauri".to_owned()),
    );
    faults.extend(lines(
        |source| source.below(&["ui/src", "tests/e2e", "tests/smoke"]) && source.name != "ui/src/api/host/tauri.ts",
        |line| line.contains("@tauri-apps/").then(|| "imports @tauri-apps".to_owned()),
    ));
    none("Tauri is known to src-tauri/src and ui/src/api/host/tauri.ts", &faults);
}

#[test]
fn the_page_takes_its_controls_from_our_own_components() {
    let faults = lines(
        |source| source.below(&["ui/src"]) && source.is(&["ts", "vue"]) && !source.below(&["ui/src/components"]),
        |line| {
            let imports = line.contains("'element-plus") || line.contains("\"element-plus");
            imports.then(|| "imports element-plus".to_owned())
        },
    );
    none("Only ui/src/components imports element-plus", &faults);
}

#[test]
fn no_hand_written_file_is_too_long() {
    let written = |source: &Source| source.is(&["rs", "ts", "vue", "mjs", "js", "css", "sql", "typ"]);
    let mut faults = Vec::new();
    for source in files().iter().filter(|source| written(source)) {
        let length = source.text().unwrap_or_default().lines().count();
        if length > LONG {
            println!("{length:>5} lines, aim at {LONG}: {}", source.name);
        }
        if length > LONGEST {
            faults.push(format!("{} has {length} lines", source.name));
        }
    }
    none("A hand-written file has one subject and at most 800 lines", &faults);
}

#[test]
fn nothing_is_left_unfinished_or_skipped() {
    const MARKS: [&str; 6] = ["todo!(", "unimplemented!(", "#[ignore", "it.skip(", "test.skip(", "describe.skip("];
    let faults = lines(
        |source| source.is(&["rs", "ts", "vue", "mjs"]) && !source.below(&["tests/tests/tidy"]),
        |line| MARKS.iter().find(|mark| line.contains(*mark)).map(|mark| format!("{mark}…)")),
    );
    none("Nothing is left unfinished or skipped", &faults);
}

#[test]
fn names_say_what_a_file_holds() {
    const EMPTY: [&str; 6] = ["utils", "util", "helpers", "helper", "manager", "service"];
    let vague = |source: &&Source| {
        let stem = source.name.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        source.is(&["rs", "ts", "vue", "mjs"]) && EMPTY.contains(&stem.to_lowercase().as_str())
    };
    let faults: Vec<String> = files().iter().filter(vague).map(|source| source.name.clone()).collect();
    none("No file is called utils, helpers, manager or service", &faults);
}

/// A path that exists on one machine only, where it does not continue a longer word or address.
fn machine_path(line: &str) -> Option<&'static str> {
    const PLACES: [&str; 4] = ["/work/", "/root/", "/home/", "C:\\Users\\"];
    PLACES.into_iter().find(|place| {
        line.match_indices(place).any(|(at, _)| {
            let before = line.get(..at).and_then(|left| left.chars().next_back());
            before.is_none_or(|letter| !(letter.is_alphanumeric() || "_-.}/*".contains(letter)))
        })
    })
}

#[test]
fn no_text_names_a_place_on_somebodys_machine() {
    let faults = lines(
        |source| !source.below(&["tests/tests/tidy"]),
        |line| machine_path(line).map(|place| format!("names {place}")),
    );
    none("Committed text names no machine's folders", &faults);
}

#[test]
fn lock_files_name_no_registry_address() {
    let faults = lines(
        |source| source.name.ends_with("package-lock.json"),
        |line| line.contains("\"resolved\": \"http").then(|| line.trim().to_owned()),
    );
    none("package-lock.json names no address", &faults);
}

#[test]
fn the_rules_see_what_they_forbid() {
    assert_eq!(speaks_sql(r#"let q = "SELECT id FROM person";"#), Some("SELECT "));
    assert_eq!(speaks_sql("let selected = select(person);"), None);
    assert_eq!(machine_path("see /home/clerk/x"), Some("/home/"));
    assert_eq!(machine_path("ui/home/index.ts and https://example.org/home/a"), None);
    assert!(is_comment("    // SELECT nothing"));
}
