//! The write gate, history, undo and search on one installation.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Office, household, person};
use mingbai_domain::catalogue::{Diagnosis, Household, Membership, Person, Record, Village};
use mingbai_domain::{RecordId, Value};
use mingbai_store::{HitKind, StoreError};

#[test]
fn a_failing_action_leaves_neither_entry_nor_rows() {
    let mut office = Office::township();
    let before = office.store.own_log().unwrap();
    let id = RecordId::from_bytes([3; 16]);
    let failed = office.act("household_save", |txn| {
        txn.insert(Some(id), &household("0001"))?;
        assert!(txn.read().get::<Household>(id)?.is_some(), "the transaction sees its own writes");
        Err::<(), _>(StoreError::NothingToUndo)
    });
    assert!(matches!(failed, Err(StoreError::NothingToUndo)));
    assert_eq!(office.store.own_log().unwrap(), before);
    assert!(office.store.read().get::<Household>(id).unwrap().is_none());
    assert!(office.store.read().search("0001", 10).unwrap().is_empty());
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn an_action_that_writes_nothing_leaves_no_entry() {
    let mut office = Office::township();
    let id = office.act("household_save", |txn| txn.insert(None, &household("0001"))).unwrap().value;
    let head = office.store.own_log().unwrap();
    let done = office.act("household_save", |txn| txn.update(id, &household("0001"))).unwrap();
    assert!(!done.value && done.entry.is_none());
    assert_eq!(office.store.own_log().unwrap(), head);
}

#[test]
fn a_crash_after_the_commit_loses_nothing() {
    let mut office = Office::township();
    let id = office.act("person_save", |txn| txn.insert(None, &person("张三丰"))).unwrap().value;
    let head = office.store.own_log().unwrap();
    // A copy of the files as they lie on the disk while the program still runs is what a power cut leaves.
    let crashed = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(office.directory.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), crashed.path().join(file.file_name())).unwrap();
    }
    let mut after = mingbai_store::Store::open(&crashed.path().join("register.db"), &common::key()).unwrap();
    assert_eq!(after.own_log().unwrap(), head);
    assert_eq!(after.read().get::<Person>(id).unwrap().unwrap().record.name.as_deref(), Some("张三丰"));
    assert!(after.verify().unwrap().is_sound());
    assert_eq!(office.reopen().store.own_log().unwrap(), head);
}

#[test]
fn an_update_writes_only_what_differs_and_clears_what_is_left_out() {
    let mut office = Office::township();
    let first = Household { address: Some("东街".into()), phone: Some("0474-6120000".into()), ..household("0001") };
    let id = office.act("household_save", |txn| txn.insert(None, &first)).unwrap().value;
    let second = Household { address: Some("西街".into()), ..household("0001") };
    office.act("household_save", |txn| txn.update(id, &second)).unwrap();
    let history = office.store.read().history(Household::TYPE.id, id).unwrap();
    assert_eq!(history.len(), 2);
    let changes: Vec<_> = history[1].changes.iter().map(|c| (c.label, c.old.clone(), c.new.clone())).collect();
    assert_eq!(
        changes,
        [
            ("住址", Some(Value::Text("东街".into())), Value::Text("西街".into())),
            ("户联系电话", Some(Value::Text("0474-6120000".into())), Value::Null),
        ]
    );
    assert_eq!(history[1].author.name.as_deref(), Some("操作员1"));
    assert_eq!(history[1].action, "household_save");
    assert!(!history[1].confirmed);
    assert_eq!(office.store.read().get::<Household>(id).unwrap().unwrap().record, second);
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn one_action_may_write_a_field_twice_and_only_the_last_value_is_kept() {
    let mut office = Office::township();
    let id = office
        .act("person_save", |txn| {
            let id = txn.insert(None, &person("李四"))?;
            txn.update(id, &person("李五"))?;
            txn.update(id, &Person { phone: Some("13900001111".into()), ..person("李六") })?;
            Ok(id)
        })
        .unwrap()
        .value;
    let history = office.store.read().history(Person::TYPE.id, id).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].changes[0].new, Value::Text("李六".into()));
    let check = office.store.verify().unwrap();
    assert!(check.is_sound(), "{check:?}");
}

#[test]
fn a_fact_is_amended_and_voided_but_its_history_stays() {
    let mut office = Office::township();
    let who = RecordId::from_bytes([8; 16]);
    let fact = |disease: &str| Diagnosis { person: Some(who), disease: Some(disease.into()), ..Diagnosis::default() };
    let id = office.act("diagnosis_save", |txn| txn.insert(None, &fact("高血压"))).unwrap().value;
    office.act("diagnosis_amend", |txn| txn.amend(id, Some(&fact("高血压2级")))).unwrap();
    let voided = office.act("diagnosis_void", |txn| txn.amend::<Diagnosis>(id, None)).unwrap();
    let row = office.store.read().get::<Diagnosis>(id).unwrap().unwrap();
    assert!(row.void && row.record.disease.as_deref() == Some("高血压2级"));
    let history = office.store.read().history(Diagnosis::TYPE.id, id).unwrap();
    assert_eq!(history.iter().map(|h| h.void).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(history[1].changes[0].old, Some(Value::Text("高血压".into())));
    office.undo(voided.entry.unwrap().entry).unwrap();
    assert!(!office.store.read().get::<Diagnosis>(id).unwrap().unwrap().void);
    let check = office.store.verify().unwrap();
    assert!(check.is_sound(), "{check:?}");
    assert!(matches!(
        office.act("diagnosis_save", |txn| txn.update(id, &fact("x"))),
        Err(StoreError::WrongShape { .. })
    ));
}

#[test]
fn undo_puts_values_back_and_refuses_when_somebody_changed_the_field_since() {
    let mut office = Office::township();
    let created = office.act("person_save", |txn| txn.insert(None, &person("王五"))).unwrap();
    let id = created.value;
    let named = office.act("person_save", |txn| txn.update(id, &person("王伍"))).unwrap().entry.unwrap().entry;
    let phoned = office
        .act("person_save", |txn| txn.update(id, &Person { phone: Some("13900001111".into()), ..person("王伍") }))
        .unwrap();
    office.undo(named).unwrap();
    let row = office.store.read().get::<Person>(id).unwrap().unwrap().record;
    assert_eq!((row.name.as_deref(), row.phone.as_deref()), (Some("王五"), Some("13900001111")));
    match office.undo(named) {
        Err(StoreError::UndoSuperseded { fields }) => assert_eq!(fields, ["姓名"]),
        other => panic!("undone twice: {other:?}"),
    }
    match office.undo(created.entry.unwrap().entry) {
        Err(StoreError::UndoSuperseded { fields }) => assert_eq!(fields, ["姓名", "联系电话"]),
        other => panic!("creation undone under later work: {other:?}"),
    }
    office.undo(phoned.entry.unwrap().entry).unwrap();
    assert_eq!(office.store.read().get::<Person>(id).unwrap().unwrap().record.phone, None);
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn undoing_an_import_of_many_people_marks_them_all_deleted() {
    let mut office = Office::township();
    let done = office
        .act("roster_import", |txn| {
            (0..300).map(|n| txn.insert(None, &person(&format!("赵{n}")))).collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    office.undo(done.entry.unwrap().entry).unwrap();
    for id in done.value {
        assert_eq!(office.store.read().get::<Person>(id).unwrap().unwrap().record.deleted, Some(true));
    }
    assert!(office.store.read().search("赵", 10).unwrap().is_empty());
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn people_and_households_are_found_by_initials_number_phone_and_village() {
    let mut office = Office::township();
    let (village, home, who) = office
        .act("person_save", |txn| {
            let home_without_village = household("1599011010001");
            let home = txn.insert(None, &home_without_village)?;
            let village = txn.insert(None, &Village { name: Some("王庄村村民委员会".into()), ..Village::default() })?;
            txn.update(home, &Household { village: Some(village), ..home_without_village })?;
            let who = txn.insert(
                None,
                &Person {
                    citizen_id: Some("15990119491231002X".into()),
                    phone: Some("13912342217".into()),
                    ..person("张三丰")
                },
            )?;
            txn.insert(None, &Membership { household: Some(home), person: Some(who), ..Membership::default() })?;
            Ok((village, home, who))
        })
        .unwrap()
        .value;
    let found = |office: &Office, text: &str| {
        office.store.read().search(text, 10).unwrap().into_iter().map(|hit| (hit.record, hit.kind)).collect::<Vec<_>>()
    };
    for (text, kind) in [
        ("zsf", HitKind::Pinyin),
        ("ZSF", HitKind::Pinyin),
        ("三丰", HitKind::Name),
        ("zhangsan", HitKind::Pinyin),
        ("159901194912", HitKind::CitizenId),
        ("002X", HitKind::CitizenId),
        ("2217", HitKind::Phone),
        ("１３９１２３４", HitKind::Phone),
        ("张 2217", HitKind::Phone),
    ] {
        assert_eq!(found(&office, text), [(who, kind)], "{text}");
    }
    assert_eq!(found(&office, "0001"), [(home, HitKind::Number)]);
    let by_village: Vec<_> = found(&office, "wz").into_iter().map(|(record, _)| record).collect();
    assert!(by_village.contains(&home) && by_village.contains(&village));
    office.act("village_save", |txn| txn.set_field(Village::TYPE.id, village, 2, Value::Text("李庄".into()))).unwrap();
    assert!(found(&office, "王庄").is_empty());
    assert_eq!(found(&office, "lz").len(), 2, "a village's new name is its households' new name");
    assert!(found(&office, "  ").is_empty());
    office.act("person_delete", |txn| txn.set_field(Person::TYPE.id, who, 18, Value::Bool(true))).unwrap();
    assert!(found(&office, "zsf").is_empty());
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn merged_people_are_read_as_one_until_unmerged() {
    let mut office = Office::township();
    let (one, two) = office
        .act("person_save", |txn| Ok((txn.insert(None, &person("钱六"))?, txn.insert(None, &person("钱陆"))?)))
        .unwrap()
        .value;
    office.act("person_merge", |txn| txn.merge(two, one, "同一证件")).unwrap();
    assert_eq!(office.store.read().canonical(two).unwrap(), one);
    let actions: Vec<_> =
        office.store.read().history(Person::TYPE.id, two).unwrap().into_iter().map(|h| h.action).collect();
    assert_eq!(actions, ["person_save", "person_merge"]);
    office.act("person_unmerge", |txn| txn.unmerge(two)).unwrap();
    assert_eq!(office.store.read().canonical(two).unwrap(), two);
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn a_thousand_people_in_one_action_are_one_entry_and_rebuild_to_the_same_tables() {
    let mut office = Office::township();
    let names = ["张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵敏"];
    let done = office
        .act("roster_import", |txn| {
            for n in 0..1110 {
                let home = txn.insert(None, &household(&format!("{n:06}")))?;
                let who = txn.insert(
                    None,
                    &Person { person_number: Some(format!("{n:08}")), ..person(names[n % names.len()]) },
                )?;
                txn.insert(None, &Membership { household: Some(home), person: Some(who), ..Membership::default() })?;
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(done.entry.unwrap().head.seq, 1);
    let check = office.store.verify().unwrap();
    assert!(check.is_sound(), "{check:?}");
    assert!(check.tables.iter().any(|t| t.table == "person" && t.rows == 1110));
    assert_eq!(office.store.read().search("ww", 10).unwrap().len(), 0);
    assert_eq!(office.store.read().search("wf", 5).unwrap().len(), 5);
    let digests = office.store.read().digests().unwrap();
    assert_eq!(office.store.rebuild().unwrap(), 1);
    assert_eq!(office.store.read().digests().unwrap(), digests);
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn a_note_is_an_entry_of_its_own() {
    let mut office = Office::township();
    let done = office.act("citizen_id_unmask", |txn| txn.note("查看 张三丰 的身份证号")).unwrap();
    let entry = done.entry.unwrap();
    let (_, stored) = office.store.read().entry(entry.entry).unwrap();
    let decoded = stored.decode().unwrap();
    assert_eq!(decoded.kind, mingbai_ledger::EntryKind::Note);
    assert_eq!(decoded.why.reason.as_deref(), Some("查看 张三丰 的身份证号"));
}
