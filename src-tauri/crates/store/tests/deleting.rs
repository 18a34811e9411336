//! A record deleted at one office and edited at another: everybody is asked about it, whatever came first.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Office, person};
use mingbai_domain::catalogue::{Person, Record};
use mingbai_domain::{FieldId, RecordId, Value};
use mingbai_store::LogRole;
use mingbai_store::query::DoubtKind;

fn who() -> RecordId {
    RecordId::from_bytes([0x10; 16])
}

fn field(column: &str) -> FieldId {
    Person::TYPE.column(column).unwrap().id
}

fn set(office: &mut Office, column: &str, value: Value) {
    office.act("record_save", |txn| txn.set_field(Person::TYPE.id, who(), field(column), value)).unwrap();
}

fn dial(office: &mut Office, phone: &str) {
    set(office, "phone", Value::Text(phone.into()));
}

fn delete(office: &mut Office) {
    set(office, "deleted", Value::Bool(true));
}

/// Whether an office is asked about the person.
fn asked(office: &Office) -> bool {
    let doubts = office.store.read().doubts().unwrap();
    doubts.iter().any(|doubt| doubt.kind == DoubtKind::DeletedAndEdited && doubt.record == (Person::TYPE.id, who()))
}

/// Two PCs of townships that have the same person, with a number.
fn two() -> (Office, Office) {
    let (mut first, mut second) = (Office::new(1, LogRole::Township), Office::new(2, LogRole::Township));
    first.act("person_save", |txn| txn.insert(Some(who()), &person("张三"))).unwrap();
    dial(&mut first, "1");
    second.receive(&first, 1);
    (first, second)
}

/// What a county shows that takes these in, in this order.
fn county(senders: [&Office; 2]) -> Office {
    let mut county = Office::new(3, LogRole::County);
    for sender in senders {
        county.receive(sender, 1);
    }
    county
}

#[test]
fn who_was_deleted_while_another_office_changed_them_is_asked_about_whichever_arrives_first() {
    let (mut first, mut second) = two();
    dial(&mut first, "2");
    delete(&mut second);
    let (edited, deleted) = (county([&first, &second]), county([&second, &first]));
    assert!(asked(&edited) && asked(&deleted));
    let shown = |office: &Office| office.store.read().get::<Person>(who()).unwrap().unwrap().record;
    assert_eq!(shown(&edited), shown(&deleted));
    assert_eq!((shown(&edited).deleted, shown(&edited).phone.as_deref()), (Some(true), Some("2")));
    first.receive(&second, 1);
    second.receive(&first, 1);
    assert!(asked(&first) && asked(&second));
    // Whoever deletes again has seen both.
    set(&mut first, "deleted", Value::Bool(false));
    delete(&mut first);
    second.receive(&first, 1);
    assert!(![&first, &second, &county([&first, &second]), &county([&second, &first])].into_iter().any(asked));
    for office in [&mut first, &mut second] {
        let check = office.store.verify().unwrap();
        assert!(check.is_sound(), "{check:?}");
    }
}

#[test]
fn nobody_is_asked_about_a_person_whose_deletion_saw_everything_or_was_the_only_word() {
    let (mut first, mut second) = two();
    dial(&mut first, "2");
    second.receive(&first, 1);
    delete(&mut second);
    first.receive(&second, 1);
    assert!(![&first, &second, &county([&first, &second]), &county([&second, &first])].into_iter().any(asked));
    // Two offices that delete the same person agree, if one of them has seen what there was.
    dial(&mut first, "3");
    assert!(asked(&first), "changed after another office deleted them");
    assert!(asked(&county([&second, &first])));
}

#[test]
fn a_deletion_that_names_the_whole_record_is_no_decision_and_is_taken_back_like_any_action() {
    let (_, mut second) = two();
    let done =
        second.act("record_save", |txn| txn.set_field(Person::TYPE.id, who(), field("deleted"), Value::Bool(true)));
    let entry = done.unwrap().entry.unwrap().entry;
    assert_eq!(second.store.read().decisions(9).unwrap(), []);
    second.undo(entry).unwrap();
    let shown = second.store.read().get::<Person>(who()).unwrap().unwrap().record;
    assert_ne!(shown.deleted, Some(true));
    assert_eq!(shown.phone.as_deref(), Some("1"));
    assert!(!asked(&second));
    assert!(second.store.verify().unwrap().is_sound());
}
