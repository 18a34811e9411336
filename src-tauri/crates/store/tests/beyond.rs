//! What a check of one household must know of others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Office, household, person};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Membership, Person};
use mingbai_store::query::Beyond;

const PHONE: &str = "13900000001";

/// A household with its telephone, and people with theirs who live in it.
fn home(office: &mut Office, number: &str, phone: Option<&str>, people: &[RecordId]) -> RecordId {
    let home = Household { phone: phone.map(str::to_owned), ..household(number) };
    let made = office.act("household_save", |txn| {
        let home = txn.insert(None, &home)?;
        for who in people {
            txn.insert(None, &Membership { household: Some(home), person: Some(*who), ..Membership::default() })?;
        }
        Ok(home)
    });
    made.unwrap().value
}

fn somebody(office: &mut Office, name: &str) -> RecordId {
    let somebody = Person { phone: Some(PHONE.into()), ..person(name) };
    office.act("person_save", |txn| txn.insert(None, &somebody)).unwrap().value
}

/// In which other households the telephone is known, as one of the first of all is told.
fn known_to(office: &Office, homes: &[RecordId]) -> Vec<String> {
    let reading = office.store.read();
    let mut beyond = Beyond::default();
    beyond.read(reading, &reading.files(homes).unwrap()).unwrap();
    beyond.shares(PHONE, homes[0]).iter().map(|one| format!("{} {}", one.number, one.name)).collect()
}

#[test]
fn a_telephone_of_one_person_and_their_own_household_is_known_nowhere_else() {
    let mut office = Office::township();
    let first = somebody(&mut office, "张三");
    let only = home(&mut office, "0001", Some(PHONE), &[first]);
    home(&mut office, "0002", Some("13900000002"), &[]);
    assert!(known_to(&office, &[only]).is_empty());
}

#[test]
fn a_telephone_two_households_have_is_told_of_the_other_with_the_name_of_who_has_it() {
    let mut office = Office::township();
    let (first, second) = (somebody(&mut office, "张三"), somebody(&mut office, "李四"));
    let asked = home(&mut office, "0001", None, &[first]);
    home(&mut office, "0002", None, &[second]);
    assert_eq!(known_to(&office, &[asked]), ["0002 李四"]);
}

#[test]
fn somebody_registered_in_two_households_at_once_is_found_in_the_other() {
    let mut office = Office::township();
    let both = somebody(&mut office, "张三");
    let asked = home(&mut office, "0001", None, &[both]);
    home(&mut office, "0002", None, &[both]);
    assert_eq!(known_to(&office, &[asked]), ["0002 张三"]);
}
