//! The household before and after one, as the list has them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::Office;
use mingbai_domain::catalogue::{Household, Record, Village};
use mingbai_domain::{RecordId, Value};

#[test]
fn going_from_household_to_household_follows_the_list_whatever_villages_and_numbers_lack() {
    let mut office = Office::township();
    let of_code = |code: Option<&str>| Village { code: code.map(Into::into), ..Village::default() };
    let done = office.act("village_save", |txn| {
        let codes = [Some("2"), Some("1"), Some("2"), None, Some("3"), Some("15"), None];
        codes.iter().map(|code| txn.insert(None, &of_code(*code))).collect::<Result<Vec<_>, _>>()
    });
    let villages = done.unwrap().value;
    // Nobody lives in the village of code 15, and some households are in no village or have no number.
    let places = [0, 1, 2, 3, 4, 6].map(|at| Some(villages[at])).into_iter().chain([None]);
    let done = office.act("household_save", |txn| {
        let mut made = Vec::new();
        for (at, village) in places.enumerate() {
            for number in [Some("7"), None, Some("3"), None, Some("7"), Some("12")].iter().skip(at % 3) {
                let number = number.map(str::to_owned);
                made.push(txn.insert(None, &Household { number, village, ..Household::default() })?);
            }
        }
        Ok(made)
    });
    let made: Vec<RecordId> = done.unwrap().value;
    let deleted = Household::TYPE.column("deleted").unwrap().id;
    for gone in [made[3], made[11], *made.last().unwrap()] {
        let gone =
            office.act("household_delete", |txn| txn.set_field(Household::TYPE.id, gone, deleted, Value::Bool(true)));
        assert!(gone.unwrap().value);
    }
    let reading = office.store.read();
    let listed = reading.household_ids().unwrap();
    assert_eq!(listed.len(), made.len() - 3);
    for (at, household) in listed.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| listed[at]);
        assert_eq!(reading.household_neighbours(*household).unwrap(), (before, listed.get(at + 1).copied()), "{at}");
    }
    assert_eq!(reading.household_neighbours(made[3]).unwrap(), (None, None), "deleted");
}
