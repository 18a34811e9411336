//! What is found by what somebody types into the search box.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Office, household, person};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Diagnosis, Household, Membership, Person, Record, Village};
use mingbai_store::HitKind;

/// Somebody in a household of a village.
fn live(office: &mut Office, village: RecordId, number: &str, who: Person) -> RecordId {
    let done = office.act("person_save", |txn| {
        let home = txn.insert(None, &Household { village: Some(village), ..household(number) })?;
        let person = txn.insert(None, &who)?;
        txn.insert(None, &Membership { household: Some(home), person: Some(person), ..Membership::default() })?;
        Ok(person)
    });
    done.unwrap().value
}

fn village(office: &mut Office, name: &str) -> RecordId {
    let record = Village { name: Some(name.into()), ..Village::default() };
    office.act("village_save", |txn| txn.insert(None, &record)).unwrap().value
}

fn with_id(name: &str, citizen_id: &str, phone: &str) -> Person {
    Person { citizen_id: Some(citizen_id.into()), phone: Some(phone.into()), ..person(name) }
}

fn found(office: &Office, text: &str) -> Vec<RecordId> {
    office.store.read().search(text, 20).unwrap().into_iter().map(|hit| hit.record).collect()
}

#[test]
fn four_or_more_characters_of_an_id_find_its_owner_wherever_they_stand() {
    let mut office = Office::township();
    let home = village(&mut office, "王庄村");
    let (one, two) = ("15990119491231002X", "152628201503270611");
    let first = live(&mut office, home, "1", with_id("张三", one, "13900000001"));
    let second = live(&mut office, home, "2", with_id("李四", two, "13900000002"));
    for (id, owner) in [(one, first), (two, second)] {
        for start in 0..id.len() {
            for end in start + 4..=id.len() {
                let piece = &id[start..end];
                let owners = found(&office, piece);
                assert!(owners.contains(&owner), "{piece} at {start}");
                let other = if owner == first { (second, two) } else { (first, one) };
                assert_eq!(owners.contains(&other.0), other.1.contains(piece), "{piece} finds whoever has it only");
            }
        }
    }
    assert_eq!(found(&office, "002x"), [first], "a small x is an x");
    assert!(found(&office, "31002").contains(&first) && found(&office, "5262820150").contains(&second));
    assert!(found(&office, "002Y").is_empty());
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn a_document_that_is_no_id_of_eighteen_is_found_by_any_four_of_its_characters() {
    let mut office = Office::township();
    let home = village(&mut office, "王庄村");
    let who = live(&mut office, home, "1", with_id("张三", "E1234567", "13900000001"));
    for text in ["e1234567", "1234", "2345", "4567", "34567"] {
        assert_eq!(found(&office, text), [who], "{text}");
    }
}

#[test]
fn the_end_of_a_telephone_finds_whoever_has_it_from_four_digits_on() {
    let mut office = Office::township();
    let home = village(&mut office, "王庄村");
    let who = live(&mut office, home, "1", with_id("张三", "15990119491231002X", "139-1234-2217"));
    let other = live(&mut office, home, "2", with_id("李四", "152628201503270611", "13912345217"));
    let phone = "13912342217";
    for start in 0..=phone.len() - 4 {
        let hits = office.store.read().search(&phone[start..], 20).unwrap();
        assert!(hits.iter().any(|hit| hit.record == who && hit.kind == HitKind::Phone), "{}", &phone[start..]);
        assert!(hits.iter().all(|hit| hit.record != other), "{}", &phone[start..]);
    }
    assert!(found(&office, "217").is_empty(), "three digits are the end of too many");
}

#[test]
fn a_name_and_a_village_together_find_whom_either_alone_finds_among_others() {
    let mut office = Office::township();
    let (wang, li) = (village(&mut office, "王庄村村民委员会"), village(&mut office, "李家沟村"));
    let here = live(&mut office, wang, "1001", with_id("张三", "15990119491231002X", "13900000001"));
    let there = live(&mut office, li, "2002", with_id("张三", "152628201503270611", "13900000002"));
    assert_eq!(found(&office, "张三").len(), 2);
    for text in ["张三 王庄", "王庄 张三", "zs wz", "张三 王庄村村民委员会", "张三 1001", "三 0001 王"]
    {
        assert_eq!(found(&office, text), [here], "{text}");
    }
    assert_eq!(found(&office, "李家沟 张"), [there]);
    assert_eq!(found(&office, "张三 4912 王庄"), [here], "a piece of the id narrows too");
    assert!(found(&office, "张三 赵家").is_empty());
}

#[test]
fn a_village_finds_its_households_after_itself_in_their_order() {
    let mut office = Office::township();
    let wang = village(&mut office, "王庄村");
    for number in ["3", "1", "2"] {
        live(&mut office, wang, number, person("张三"));
    }
    let hits = office.store.read().search("王庄", 20).unwrap();
    assert_eq!((hits[0].record, hits[0].kind), (wang, HitKind::Name));
    let numbers: Vec<_> = hits[1..]
        .iter()
        .map(|hit| {
            assert_eq!(hit.kind, HitKind::Village);
            office.store.read().get::<Household>(hit.record).unwrap().unwrap().record.number.unwrap()
        })
        .collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert_eq!(office.store.read().search("王庄", 2).unwrap().len(), 2);
}

#[test]
fn nobody_is_found_by_an_illness_or_after_being_deleted() {
    let mut office = Office::township();
    let home = village(&mut office, "王庄村");
    let who = live(&mut office, home, "1", with_id("张三", "15990119491231002X", "13900000001"));
    let ill = Diagnosis {
        person: Some(who),
        disease: Some("艾滋病".into()),
        icd10: Some("B24".into()),
        restricted: Some(true),
        ..Diagnosis::default()
    };
    office.act("diagnosis_save", |txn| txn.insert(None, &ill)).unwrap();
    for text in ["艾滋", "azb", "B24", "张三 艾滋"] {
        assert!(found(&office, text).is_empty(), "{text}");
    }
    let deleted = Person::TYPE.column("deleted").unwrap().id;
    let gone = mingbai_domain::Value::Bool(true);
    office.act("person_delete", |txn| txn.set_field(Person::TYPE.id, who, deleted, gone)).unwrap();
    for text in ["张三", "zs", "4912", "0001 张三", "张三 王庄"] {
        assert!(!found(&office, text).contains(&who), "{text}");
    }
}
