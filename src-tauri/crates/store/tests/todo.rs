//! What is to be done, worked out for as many households as a county has.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeSet;

use common::{Office, household};
use mingbai_domain::RecordId;
use mingbai_store::query::HouseholdFile;
use mingbai_store::{Reading, StoreError, TodoRow, Worked};

/// So many that several threads share them.
const HOUSEHOLDS: usize = 2_000;

fn office() -> (Office, BTreeSet<RecordId>) {
    let mut office = Office::township();
    let made = office.act("household_save", |txn| {
        (0..HOUSEHOLDS).map(|number| txn.insert(None, &household(&number.to_string()))).collect()
    });
    (office, made.unwrap().value)
}

fn row(detail: String) -> TodoRow {
    TodoRow { item: "uncontracted", person: None, record: None, detail, due: None, amount: None, severity: 1 }
}

/// Its number, as what is to be done for it.
fn number(_: Reading<'_>, files: &[HouseholdFile]) -> Result<Vec<Worked>, StoreError> {
    let of_one = |file: &HouseholdFile| Worked {
        household: Some(file.id),
        rows: vec![row(file.household.number.clone().unwrap())],
        ..Worked::default()
    };
    Ok(files.iter().map(of_one).collect())
}

fn nothing(_: Reading<'_>) -> Result<Vec<Worked>, StoreError> {
    Ok(Vec::new())
}

#[test]
fn every_household_of_a_county_is_worked_out_once_from_its_own_file() {
    let (mut office, households) = office();
    let looked = office.store.rework("today", || number, nothing).unwrap();
    assert_eq!(looked, HOUSEHOLDS as u64);
    let rows = office.store.read().todo_rows("uncontracted", None).unwrap();
    assert_eq!(rows.len(), HOUSEHOLDS);
    let of: BTreeSet<RecordId> = rows.iter().filter_map(|line| line.household).collect();
    assert_eq!(of, households);
    let numbers: BTreeSet<&str> = rows.iter().map(|line| line.detail.as_str()).collect();
    assert_eq!(numbers.len(), HOUSEHOLDS);
    assert!(rows.iter().all(|line| line.number == line.detail), "a household has another's row");
    assert!(office.store.is_worked_out("today").unwrap());
    // One that is touched is worked out again, the others stay.
    office.act("household_save", |txn| txn.insert(None, &household("另一户"))).unwrap();
    assert_eq!(office.store.rework("today", || number, nothing).unwrap(), 1);
    assert_eq!(office.store.read().todo_rows("uncontracted", None).unwrap().len(), HOUSEHOLDS + 1);
    // A new day works out all of them, as often as one comes.
    for day in ["tomorrow", "the day after"] {
        assert_eq!(office.store.rework(day, || number, nothing).unwrap(), HOUSEHOLDS as u64 + 1);
        assert_eq!(office.store.read().todo_rows("uncontracted", None).unwrap().len(), HOUSEHOLDS + 1);
        assert!(office.store.is_worked_out(day).unwrap());
    }
}

#[test]
fn what_cannot_be_worked_out_for_one_household_leaves_the_lists_of_the_day_before() {
    let (mut office, _) = office();
    office.store.rework("yesterday", || number, nothing).unwrap();
    let refused = office.store.rework(
        "today",
        || {
            |reading: Reading<'_>, files: &[HouseholdFile]| {
                let at_fault = files.iter().any(|file| file.household.number.as_deref() == Some("1234"));
                if at_fault { Err(StoreError::Missing) } else { number(reading, &files[1..]) }
            }
        },
        nothing,
    );
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    assert_eq!(office.store.read().todo_rows("uncontracted", None).unwrap().len(), HOUSEHOLDS);
    assert!(!office.store.is_worked_out("today").unwrap());
    assert!(office.store.is_worked_out("yesterday").unwrap());
}
