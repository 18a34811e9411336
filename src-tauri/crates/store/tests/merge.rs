//! Two and three offices that work apart and exchange their logs in any order.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::{Office, person};
use mingbai_domain::catalogue::{Diagnosis, Person, Record};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::SetDigest;
use mingbai_store::LogRole;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

const PERSONS: usize = 3;
const FACTS: usize = 2;

fn person_id(which: usize) -> RecordId {
    RecordId::from_bytes([0x10 + which as u8; 16])
}

fn fact_id(which: usize) -> RecordId {
    RecordId::from_bytes([0x40 + which as u8; 16])
}

/// One step of a history. Offices and records are taken modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    Write { office: usize, person: usize, field: u16, value: u8 },
    Fact { office: usize, fact: usize, value: u8 },
    Void { office: usize, fact: usize },
    Pass { from: usize, to: usize },
    Clock { office: usize, millis: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let office = 0..3_usize;
    prop_oneof![
        6 => (office.clone(), 0..PERSONS, prop_oneof![Just(1_u16), Just(13), Just(14)], 0..3_u8)
            .prop_map(|(office, person, field, value)| Step::Write { office, person, field, value }),
        2 => (office.clone(), 0..FACTS, 0..3_u8).prop_map(|(office, fact, value)| Step::Fact { office, fact, value }),
        1 => (office.clone(), 0..FACTS).prop_map(|(office, fact)| Step::Void { office, fact }),
        3 => (office.clone(), office.clone()).prop_map(|(from, to)| Step::Pass { from, to }),
        1 => (office, -100_000_000_i64..100_000_000).prop_map(|(office, millis)| Step::Clock { office, millis }),
    ]
}

fn offices() -> Vec<Office> {
    vec![Office::new(1, LogRole::Township), Office::new(2, LogRole::Township), Office::new(3, LogRole::County)]
}

fn write(office: &mut Office, step: &Step) {
    match step {
        Step::Write { person: which, field, value, .. } => {
            let (id, value) = (person_id(*which), Value::Text(format!("值{value}")));
            office
                .act("person_save", |txn| {
                    if txn.read().get::<Person>(id)?.is_none() {
                        txn.insert(Some(id), &person("首"))?;
                    }
                    txn.set_field(Person::TYPE.id, id, *field, value)
                })
                .unwrap();
        }
        Step::Fact { fact, value, .. } => {
            let body = Diagnosis { disease: Some(format!("病{value}")), ..Diagnosis::default() };
            let id = fact_id(*fact);
            office
                .act("diagnosis_save", |txn| match txn.read().get::<Diagnosis>(id)? {
                    None => txn.insert(Some(id), &body).map(|_| ()),
                    Some(_) => txn.amend(id, Some(&body)),
                })
                .unwrap();
        }
        Step::Void { fact, .. } => {
            let id = fact_id(*fact);
            office
                .act("diagnosis_void", |txn| match txn.read().get::<Diagnosis>(id)? {
                    None => Ok(()),
                    Some(_) => txn.amend::<Diagnosis>(id, None),
                })
                .unwrap();
        }
        Step::Pass { .. } | Step::Clock { .. } => {}
    }
}

/// A conflict: type, record, field, and each value with whether it is shown.
type Open = (u16, RecordId, u16, Vec<(Value, bool)>);

/// What an office shows, without anything local to it.
#[derive(Debug, PartialEq)]
struct Shown {
    records: BTreeMap<(u16, RecordId), (Values, bool)>,
    conflicts: Vec<Open>,
    digests: Vec<(&'static str, u64, SetDigest)>,
    found: Vec<RecordId>,
}

fn shown(office: &Office) -> Shown {
    let read = office.store.read();
    let mut records = BTreeMap::new();
    for which in 0..PERSONS {
        if let Some(row) = read.get::<Person>(person_id(which)).unwrap() {
            records.insert((Person::TYPE.id, row.id), (row.record.to_values(), row.conflict));
        }
    }
    for which in 0..FACTS {
        if let Some(row) = read.get::<Diagnosis>(fact_id(which)).unwrap() {
            let mut values = row.record.to_values();
            values.insert(999, Value::Bool(row.void));
            values.insert(998, Value::Int(row.changed.0 as i64));
            records.insert((Diagnosis::TYPE.id, row.id), (values, row.conflict));
        }
    }
    let conflicts = read
        .conflicts(1000)
        .unwrap()
        .into_iter()
        .map(|c| {
            let mut values: Vec<_> = c.values.into_iter().map(|v| (v.value, v.shown)).collect();
            values.sort();
            (c.record_type, c.record, c.field, values)
        })
        .collect();
    let mut found: Vec<_> = read.search("值", 100).unwrap().into_iter().map(|hit| hit.record).collect();
    found.sort_unstable();
    Shown { records, conflicts, digests: read.digests().unwrap(), found }
}

fn pass(offices: &mut [Office], from: usize, to: usize) {
    if from == to {
        return;
    }
    let (left, right) = offices.split_at_mut(from.max(to));
    let (low, high) = (&mut left[from.min(to)], &mut right[0]);
    if from < to {
        high.receive(low, 1)
    } else {
        low.receive(high, 1)
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn offices_that_have_the_same_entries_show_the_same_whatever_the_order(
        steps in proptest::collection::vec(step(), 4..40),
        order in Just([0_usize, 1, 2]).prop_shuffle(),
    ) {
        let mut offices = offices();
        for step in &steps {
            match step {
                Step::Pass { from, to } => pass(&mut offices, *from, *to),
                Step::Clock { office, millis } => {
                    let clock = &offices[*office].wall;
                    clock.set(clock.get().saturating_add_signed(*millis));
                }
                Step::Write { office, .. } | Step::Fact { office, .. } | Step::Void { office, .. } => {
                    write(&mut offices[*office], step);
                }
            }
        }
        for to in 0..3 {
            for from in order {
                pass(&mut offices, from, to);
            }
        }
        let first = shown(&offices[0]);
        for office in &offices[1..] {
            prop_assert_eq!(&shown(office), &first);
        }
        for office in &mut offices {
            let check = office.store.verify().unwrap();
            prop_assert!(check.is_sound(), "{:?}", check);
        }
    }

    #[test]
    fn a_write_that_saw_every_value_closes_the_conflict_everywhere(values in proptest::collection::vec(any::<bool>(), 3)) {
        let mut offices = offices();
        write(&mut offices[0], &Step::Write { office: 0, person: 0, field: 13, value: 9 });
        pass(&mut offices, 0, 1);
        pass(&mut offices, 0, 2);
        for (office, value) in values.iter().enumerate() {
            write(&mut offices[office], &Step::Write { office, person: 0, field: 13, value: u8::from(*value) });
        }
        for from in 0..3 {
            pass(&mut offices, from, 2);
        }
        let differ = values.iter().any(|v| *v != values[0]);
        prop_assert_eq!(offices[2].store.read().conflicts(10).unwrap().len(), usize::from(differ));
        // Writing the value already shown still says that all of them were seen.
        let shown_value = offices[2].store.read().values(Person::TYPE.id, person_id(0)).unwrap().unwrap()[&13].clone();
        let closed =
            offices[2].act("conflict_close", |txn| txn.set_field(Person::TYPE.id, person_id(0), 13, shown_value));
        prop_assert!(closed.unwrap().value);
        for to in 0..2 {
            for from in 0..3 {
                pass(&mut offices, from, to);
            }
        }
        for office in &mut offices {
            prop_assert!(office.store.read().conflicts(10).unwrap().is_empty());
            let check = office.store.verify().unwrap();
            prop_assert!(check.is_sound(), "{:?}", check);
        }
    }
}

#[test]
fn two_offices_that_edit_apart_make_a_conflict_that_says_who_and_when() {
    let mut offices = offices();
    write(&mut offices[0], &Step::Write { office: 0, person: 0, field: 1, value: 0 });
    pass(&mut offices, 0, 2);
    write(&mut offices[2], &Step::Write { office: 2, person: 0, field: 1, value: 2 });
    offices[0].wall.set(offices[0].wall.get() + 50_000);
    write(&mut offices[0], &Step::Write { office: 0, person: 0, field: 1, value: 1 });
    pass(&mut offices, 0, 2);
    pass(&mut offices, 2, 0);
    for office in [&offices[0], &offices[2]] {
        let conflicts = office.store.read().conflicts_of(Person::TYPE.id, person_id(0)).unwrap();
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].field, 1);
        let values: Vec<_> = conflicts[0]
            .values
            .iter()
            .map(|v| (v.value.clone(), v.author.name.clone().unwrap(), v.author.county, v.shown))
            .collect();
        // The name is guarded: the county's word is shown although the township wrote later.
        assert_eq!(
            values,
            [
                (Value::Text("值2".into()), "操作员3".into(), true, true),
                (Value::Text("值1".into()), "操作员1".into(), false, false),
            ]
        );
        assert!(office.store.read().get::<Person>(person_id(0)).unwrap().unwrap().conflict);
    }
}

const NAME: u16 = 1;

fn set_name(office: &mut Office, name: &str) -> mingbai_store::EntryNo {
    let value = Value::Text(name.into());
    let done = office.act("record_save", |txn| txn.set_field(Person::TYPE.id, person_id(0), NAME, value)).unwrap();
    done.entry.unwrap().entry
}

/// What stands in the name, the shown value first, and what the table shows.
fn names(office: &Office) -> (Vec<String>, String) {
    let read = office.store.read();
    let conflicts = read.conflicts_of(Person::TYPE.id, person_id(0)).unwrap();
    let mut values: Vec<_> = conflicts.into_iter().flat_map(|conflict| conflict.values).collect();
    values.sort_by_key(|value| (!value.shown, value.value.clone()));
    let text = |value: Value| if let Value::Text(text) = value { text } else { String::new() };
    let shown = read.get::<Person>(person_id(0)).unwrap().unwrap().record.name.unwrap_or_default();
    (values.into_iter().map(|value| text(value.value)).collect(), shown)
}

fn sound(offices: &mut [Office]) {
    for office in offices {
        let check = office.store.verify().unwrap();
        assert!(check.is_sound(), "{check:?}");
    }
}

#[test]
fn what_a_township_writes_over_the_countys_word_stands_beside_it_until_the_county_decides() {
    let mut offices = offices();
    write(&mut offices[0], &Step::Write { office: 0, person: 0, field: NAME, value: 0 });
    pass(&mut offices, 0, 2);
    set_name(&mut offices[2], "县里定的");
    pass(&mut offices, 2, 0);
    offices[0].wall.set(offices[0].wall.get() + 50_000);
    set_name(&mut offices[0], "乡里改的");
    assert_eq!(names(&offices[0]), (vec!["县里定的".into(), "乡里改的".into()], "县里定的".into()));
    // The same office thinks again, twice in one action: its last word is its proposal.
    offices[0]
        .act("record_save", |txn| {
            txn.set_field(Person::TYPE.id, person_id(0), NAME, Value::Text("又改".into()))?;
            txn.set_field(Person::TYPE.id, person_id(0), NAME, Value::Text("乡里再改".into()))
        })
        .unwrap();
    let beside = (vec!["县里定的".to_owned(), "乡里再改".into()], "县里定的".to_owned());
    assert_eq!(names(&offices[0]), beside);
    pass(&mut offices, 0, 2);
    pass(&mut offices, 0, 1);
    pass(&mut offices, 2, 1);
    assert_eq!((names(&offices[1]), names(&offices[2])), (beside.clone(), beside), "in whatever order it arrives");
    assert!(offices.iter().all(|office| office.store.read().decisions(9).unwrap().is_empty()), "nobody has decided");
    sound(&mut offices);
    set_name(&mut offices[2], "乡里再改");
    pass(&mut offices, 2, 0);
    pass(&mut offices, 2, 1);
    for office in &offices {
        assert_eq!(names(office), (vec![], "乡里再改".into()));
        assert_eq!(office.store.read().decisions(9).unwrap().len(), 1);
    }
    sound(&mut offices);
}

#[test]
fn no_township_decides_between_two_proposals_and_townships_correct_each_others_values_before_the_county_speaks() {
    let mut offices = offices();
    write(&mut offices[0], &Step::Write { office: 0, person: 0, field: NAME, value: 0 });
    pass(&mut offices, 0, 1);
    set_name(&mut offices[1], "二院");
    pass(&mut offices, 1, 0);
    assert_eq!(names(&offices[0]), (vec![], "二院".into()), "one after the other");
    set_name(&mut offices[0], "一院再改");
    set_name(&mut offices[1], "二院再改");
    pass(&mut offices, 1, 0);
    set_name(&mut offices[0], "一院想定下来");
    assert_eq!(names(&offices[0]).0.len(), 3);
    pass(&mut offices, 0, 1);
    pass(&mut offices, 1, 2);
    pass(&mut offices, 0, 2);
    assert_eq!((names(&offices[1]), names(&offices[2])), (names(&offices[0]), names(&offices[0])));
    set_name(&mut offices[2], "县里定的");
    assert_eq!(names(&offices[2]), (vec![], "县里定的".into()));
    sound(&mut offices);
}

#[test]
fn a_proposal_is_taken_back_like_any_other_action() {
    let mut offices = offices();
    write(&mut offices[0], &Step::Write { office: 0, person: 0, field: NAME, value: 0 });
    pass(&mut offices, 0, 2);
    set_name(&mut offices[2], "县里定的");
    pass(&mut offices, 2, 0);
    let proposal = set_name(&mut offices[0], "乡里改的");
    offices[0].undo(proposal).unwrap();
    assert_eq!(names(&offices[0]), (vec![], "县里定的".into()));
    // Once the county has said something else, there is nothing to put back.
    let proposal = set_name(&mut offices[0], "乡里又改");
    set_name(&mut offices[2], "县里改定的");
    pass(&mut offices, 2, 0);
    assert!(matches!(offices[0].undo(proposal), Err(mingbai_store::StoreError::UndoSuperseded { .. })));
    assert_eq!(names(&offices[0]), (vec!["县里改定的".into(), "乡里又改".into()], "县里改定的".into()));
    sound(&mut offices);
}
