//! Databases as older versions wrote them (`tests/golden/database`): every later version opens them and finds what was in
//! them. A new schema adds one of its own: `WRITE_GOLDEN=1 cargo nextest run -p mingbai-store -E 'binary(golden)'`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Office, household, key, person};
use mingbai_domain::catalogue::{Diagnosis, Membership, Person};
use mingbai_store::{Store, verify_backup};

/// The newest schema; a later one needs a file of its own, `v7.db`.
const NEWEST: u32 = 6;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/database"))
}

/// A small register: a household of two, one of whom is corrected, diagnosed, moved out and undone.
fn register() -> Office {
    let mut office = Office::township();
    let (home, first, second) = office
        .act("roster_import", |txn| {
            let home = txn.insert(None, &household("159901201001"))?;
            let (first, second) = (txn.insert(None, &person("张三"))?, txn.insert(None, &person("李四"))?);
            for who in [first, second] {
                let stay = Membership { household: Some(home), person: Some(who), ..Membership::default() };
                txn.insert(None, &stay)?;
            }
            Ok((home, first, second))
        })
        .unwrap()
        .value;
    let corrected = Person { phone: Some("13900000001".into()), ..person("张山") };
    office.act("record_save", |txn| txn.update(first, &corrected)).unwrap();
    let ill = Diagnosis { person: Some(second), disease: Some("高血压".into()), ..Diagnosis::default() };
    let ill = office.act("record_save", |txn| txn.insert(None, &ill)).unwrap().value;
    office.act("record_save", |txn| txn.amend::<Diagnosis>(ill, None)).unwrap();
    let changed = office.act("record_save", |txn| txn.update(home, &household("159901201002"))).unwrap();
    office.undo(changed.entry.unwrap().entry).unwrap();
    office
}

/// What a person finds in it, one thing a line.
fn told(store: &Store) -> String {
    let reading = store.read();
    let people = reading.all::<Person>().unwrap().into_iter();
    let people = people.map(|row| format!("{} {}", row.record.name.unwrap(), row.record.phone.unwrap_or_default()));
    let mut lines: Vec<String> = people.collect();
    lines.sort();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (table, rows, sum) in reading.digests().unwrap().into_iter().filter(|row| row.1 > 0) {
        lines.push(format!("{table} {rows} {}", hex(&sum.to_bytes())));
    }
    lines.extend(reading.heads().unwrap().iter().map(|head| format!("{} {}", head.seq, hex(&head.hash.0))));
    lines.join("\n") + "\n"
}

/// What was opened, once it was brought to this version.
fn opened(file: &Path) -> String {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("register.db");
    fs::copy(file, &path).unwrap();
    let mut store = Store::open(&path, &key()).unwrap();
    assert!(store.verify().unwrap().is_sound(), "{}", file.display());
    told(&store)
}

#[test]
fn a_database_of_every_schema_ever_released_opens_and_holds_what_was_put_in() {
    for version in 1..=NEWEST {
        let file = folder().join(format!("v{version}.db"));
        assert!(verify_backup(&file, &key()).is_ok(), "{}", file.display());
        assert_eq!(opened(&file), fs::read_to_string(file.with_extension("txt")).unwrap(), "{}", file.display());
    }
    let all = fs::read_dir(folder()).unwrap().flatten();
    let all = all.filter(|entry| entry.path().extension().is_some_and(|end| end == "db"));
    assert_eq!(all.count(), NEWEST as usize, "one a schema");
}

#[test]
fn the_schema_this_version_writes_has_its_golden_file() {
    let newest = folder().join(format!("v{NEWEST}.db"));
    if std::env::var_os("WRITE_GOLDEN").is_some() && !newest.exists() {
        let office = register();
        office.store.backup_to(&newest).unwrap();
        fs::write(newest.with_extension("txt"), told(&office.store)).unwrap();
    }
    // Opened by the version that wrote it, it is not copied first.
    let here = tempfile::tempdir().unwrap();
    let copy = here.path().join("register.db");
    fs::copy(&newest, &copy).unwrap();
    drop(Store::open(&copy, &key()).unwrap());
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 1, "a newer schema than {NEWEST} needs its golden file");
}
