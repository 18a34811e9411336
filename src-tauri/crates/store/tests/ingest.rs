//! Entries from elsewhere: gaps, forks, refusals, newer versions, county feeds and confirmations.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::{Office, genesis, person, previous};
use mingbai_domain::catalogue::{Person, Record, SCHEMA};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, Genesis, Head, Hlc, Op, Origin, Why, Write, chain_hash};
use mingbai_store::{EntryNo, FeedEntry, Gap, ImportRecord, Ingested, LogRole, StoreError, Verdict};

fn set(id: RecordId, field: u16, value: Value, base: Vec<DotRef>) -> Op {
    Op::Set { record_type: Person::TYPE.id, record: id, writes: BTreeMap::from([(field, Write { value, base })]) }
}

fn entry(hlc: u64, ops: Vec<Op>) -> Entry {
    Entry {
        hlc: Hlc::at(hlc),
        wall_delta: 0,
        actor: 0,
        schema: 1,
        kind: EntryKind::Transaction,
        ops,
        why: Why { action: "person_save".into(), reason: None },
        refs: vec![],
        origin: None,
    }
}

/// A log written by hand: each entry's bytes with the hash before it.
fn chain(genesis: &Genesis, entries: &[Entry]) -> (Vec<Vec<u8>>, Vec<EntryHash>) {
    let mut hashes = vec![genesis.head().hash];
    let mut bytes = Vec::new();
    for (seq, entry) in (1..).zip(entries) {
        let encoded = entry.encode();
        hashes.push(chain_hash(&genesis.log_id(), seq, hashes.last().unwrap(), &encoded));
        bytes.push(encoded);
    }
    (bytes, hashes)
}

fn ingest(office: &mut Office, genesis: &Genesis, from: u64, prev: EntryHash, bytes: &[Vec<u8>]) -> Ingested {
    office
        .act("bundle_import", |txn| {
            let log = txn.add_log(genesis, LogRole::Township, "邻乡")?;
            txn.ingest(&log, from, prev, bytes.iter().map(Vec::as_slice), &|_, _, _| Verdict::Apply)
        })
        .unwrap()
        .value
}

fn name(office: &Office, id: RecordId) -> Option<String> {
    office.store.read().get::<Person>(id).unwrap().and_then(|row| row.record.name)
}

#[test]
fn entries_behind_a_gap_are_held_and_go_forward_when_it_closes() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let entries: Vec<Entry> = (1..=5_u64)
        .map(|n| {
            let base = if n == 1 { vec![] } else { vec![DotRef::Own { seq: n - 1, index: 0 }] };
            entry(n, vec![set(id, 1, Value::Text(format!("名{n}")), base)])
        })
        .collect();
    let (bytes, hashes) = chain(&other, &entries);
    let held = ingest(&mut office, &other, 4, hashes[3], &bytes[3..]);
    assert_eq!((held.counts(), held.released), ([0, 0, 2, 0, 0], 0));
    assert_eq!(name(&office, id), None);
    assert_eq!(office.store.read().gaps().unwrap(), [Gap { log: other.log_id(), from: 1, to: 3 }]);
    assert_eq!(office.store.read().counts().unwrap().held, 2);
    let first = ingest(&mut office, &other, 1, hashes[0], &bytes[..1]);
    assert_eq!((first.counts(), first.released), ([1, 0, 0, 0, 0], 0));
    assert_eq!(name(&office, id).as_deref(), Some("名1"));
    let closing = ingest(&mut office, &other, 1, hashes[0], &bytes[..3]);
    assert_eq!((closing.counts(), closing.released), ([2, 1, 0, 0, 0], 2));
    assert_eq!(name(&office, id).as_deref(), Some("名5"));
    assert!(office.store.read().gaps().unwrap().is_empty());
    let again = ingest(&mut office, &other, 1, hashes[0], &bytes);
    assert_eq!(again.counts(), [0, 5, 0, 0, 0]);
    assert_eq!(office.store.read().heads().unwrap().last().unwrap().seq, 5);
    let check = office.store.verify().unwrap();
    assert!(check.is_sound(), "{check:?}");
}

#[test]
fn what_is_missing_of_a_second_branch_is_named_although_the_first_goes_past_it() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let entries = |tag: &str| -> Vec<Entry> {
        let first = entry(1, vec![set(id, 1, Value::Text("原".into()), vec![])]);
        let rest = (2..=4_u64).map(|n| {
            let base = vec![DotRef::Own { seq: n - 1, index: 0 }];
            entry(n, vec![set(id, 1, Value::Text(format!("{tag}{n}")), base)])
        });
        std::iter::once(first).chain(rest).collect()
    };
    let (one, hashes) = chain(&other, &entries("左"));
    let (two, others) = chain(&other, &entries("右"));
    ingest(&mut office, &other, 1, hashes[0], &one);
    let gap = |from, to| Gap { log: other.log_id(), from, to };
    let gaps = |office: &Office| office.store.read().gaps().unwrap();
    assert_eq!(ingest(&mut office, &other, 4, others[3], &two[3..]).held, 1);
    assert_eq!(gaps(&office), [gap(3, 3)]);
    ingest(&mut office, &other, 3, others[2], &two[2..3]);
    assert_eq!(gaps(&office), [gap(2, 2)]);
    assert_eq!(ingest(&mut office, &other, 2, others[1], &two[1..2]).released, 2);
    assert_eq!(gaps(&office), []);
}

#[test]
fn entries_chained_to_something_else_never_go_forward() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let (bytes, _) = chain(&other, &[entry(1, vec![set(id, 1, Value::Text("假".into()), vec![])])]);
    let wrong = ingest(&mut office, &other, 1, EntryHash([7; 32]), &bytes);
    assert_eq!(wrong.counts(), [0, 0, 1, 0, 0]);
    assert_eq!(name(&office, id), None);
}

#[test]
fn both_branches_of_a_restored_copy_are_kept_and_what_they_disagree_on_is_a_conflict() {
    let id = RecordId::from_bytes([1; 16]);
    let other = genesis(50);
    let first = entry(1, vec![set(id, 1, Value::Text("原".into()), vec![])]);
    let base = || vec![DotRef::Own { seq: 1, index: 0 }];
    let left = entry(2, vec![set(id, 1, Value::Text("左".into()), base())]);
    let left_after = entry(3, vec![set(id, 1, Value::Text("左左".into()), vec![DotRef::Own { seq: 2, index: 0 }])]);
    let right = entry(9, vec![set(id, 1, Value::Text("右".into()), base())]);
    let right_after = entry(10, vec![set(id, 1, Value::Text("右右".into()), vec![DotRef::Own { seq: 2, index: 0 }])]);
    let (one, hashes) = chain(&other, &[first.clone(), left, left_after]);
    let (two, _) = chain(&other, &[first, right, right_after]);
    let mut shown = Vec::new();
    for (earlier, later) in [(&one, &two), (&two, &one)] {
        let mut office = Office::township();
        assert!(ingest(&mut office, &other, 1, hashes[0], earlier).forks.is_empty());
        let second = ingest(&mut office, &other, 1, hashes[0], later);
        assert_eq!((second.counts(), second.forks), ([2, 1, 0, 0, 0], vec![2, 3]));
        let conflicts = office.store.read().conflicts(10).unwrap();
        let mut values: Vec<_> = conflicts[0].values.iter().map(|v| v.value.clone()).collect();
        values.sort();
        assert_eq!(values, [Value::Text("右右".into()), Value::Text("左左".into())]);
        shown.push((name(&office, id), office.store.read().digests().unwrap()));
        let check = office.store.verify().unwrap();
        assert!(check.is_sound(), "{check:?}");
    }
    assert_eq!(shown[0], shown[1]);
}

#[test]
fn what_an_authority_refuses_is_kept_with_the_reason_and_not_applied() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let (bytes, hashes) = chain(
        &other,
        &[
            entry(1, vec![set(id, 1, Value::Text("越权".into()), vec![])]),
            entry(2, vec![set(id, 13, Value::Text("1".into()), vec![])]),
        ],
    );
    let log = other.log_id();
    let counts = office
        .act("bundle_import", |txn| {
            txn.add_log(&other, LogRole::Township, "邻乡")?;
            txn.ingest(&log, 1, hashes[0], bytes.iter().map(Vec::as_slice), &|info, entry, _| {
                assert_eq!(info.id, log);
                if entry.1.hlc == Hlc::at(1) { Verdict::Refuse("不属于本乡".into()) } else { Verdict::Apply }
            })
        })
        .unwrap()
        .value
        .counts();
    assert_eq!(counts, [1, 0, 0, 0, 1]);
    let stored = office.store.read().entries_after(&log, 0, 10).unwrap();
    assert_eq!(stored[0].reason.as_deref(), Some("不属于本乡"));
    assert_eq!(name(&office, id), None);
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn a_field_of_a_newer_version_waits_and_everything_else_goes_on() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let (bytes, hashes) = chain(
        &other,
        &[
            entry(1, vec![set(id, 1, Value::Text("甲".into()), vec![])]),
            entry(2, vec![set(id, 900, Value::Text("新栏目".into()), vec![])]),
            entry(3, vec![Op::Unknown(vec![0x82, 0x18, 0x63, 0x00])]),
            entry(4, vec![set(id, 1, Value::Text("乙".into()), vec![DotRef::Own { seq: 1, index: 0 }])]),
            entry(5, vec![set(id, 15, Value::Text("不是数".into()), vec![])]),
            entry(6, vec![set(id, 1, Value::Text("丙".into()), vec![DotRef::Own { seq: 6, index: 0 }])]),
        ],
    );
    let done = ingest(&mut office, &other, 1, hashes[0], &bytes);
    assert_eq!(done.counts(), [2, 0, 0, 2, 2]);
    assert_eq!(name(&office, id).as_deref(), Some("乙"));
    let retried = office.act("deferred_retry", |txn| txn.retry_deferred(&|_, _, _| Verdict::Apply)).unwrap();
    assert_eq!(retried.value.counts(), [0, 0, 0, 2, 0], "still waiting, still here");
    assert!(retried.entry.is_none());
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn ingest_after_own_writes_is_refused_and_nothing_remains() {
    let mut office = Office::township();
    let other = genesis(50);
    let (bytes, hashes) = chain(&other, &[entry(1, vec![])]);
    let before = office.store.own_log().unwrap();
    let refused = office.act("bundle_import", |txn| {
        let log = txn.add_log(&other, LogRole::Township, "")?;
        txn.insert(None, &person("早"))?;
        txn.ingest(&log, 1, hashes[0], bytes.iter().map(Vec::as_slice), &|_, _, _| Verdict::Apply)
    });
    assert!(matches!(refused, Err(StoreError::IngestAfterWrites)));
    assert_eq!(office.store.own_log().unwrap(), before);
    assert_eq!(office.store.read().logs().unwrap().len(), 1);
}

/// The county takes a township's entry, re-states it in a feed for another township and for the first one.
#[test]
fn a_write_carried_by_a_county_feed_is_the_same_write_everywhere() {
    let mut first = Office::new(1, LogRole::Township);
    let mut second = Office::new(2, LogRole::Township);
    let mut county = Office::new(3, LogRole::County);
    let feed = genesis(90);
    let id = first.act("person_save", |txn| txn.insert(None, &person("张三"))).unwrap().value;
    first.act("person_save", |txn| txn.update(id, &person("张山"))).unwrap();
    county.receive(&first, 1);
    let log = county.act("feed_open", |txn| txn.add_feed(&feed, "发往各乡")).unwrap().value;
    for seq in 1..=2 {
        let stored = &county.store.read().entries_after(&first.log(), seq - 1, 1).unwrap()[0];
        let restated = county.store.read().restatement(stored.entry).unwrap();
        county
            .act("feed_publish", |txn| {
                txn.append(
                    &log,
                    FeedEntry {
                        kind: EntryKind::Transaction,
                        ops: restated.ops,
                        refs: restated.refs,
                        origin: Some(restated.origin),
                        original: Some(restated.original),
                        action: "feed_publish".into(),
                    },
                )
            })
            .unwrap();
    }
    let head = Head { log: first.log(), ..first.store.own_log().unwrap() };
    county
        .act("feed_publish", |txn| {
            let ops = vec![Op::Ack { head, level: 2 }];
            txn.append(
                &log,
                FeedEntry {
                    kind: EntryKind::Ack,
                    ops,
                    refs: vec![],
                    origin: None,
                    original: None,
                    action: "feed_publish".into(),
                },
            )
        })
        .unwrap();
    let bytes: Vec<Vec<u8>> =
        county.store.read().entries_after(&log, 0, 100).unwrap().into_iter().map(|e| e.bytes).collect();
    for office in [&mut first, &mut second] {
        let taken = office
            .act("bundle_import", |txn| {
                let log = txn.add_log(&feed, LogRole::Feed, "县里")?;
                let entries = bytes.iter().map(Vec::as_slice);
                txn.ingest(&log, 1, feed.head().hash, entries, &|_, _, _| Verdict::Apply)
            })
            .unwrap()
            .value;
        assert_eq!(taken.counts(), [3, 0, 0, 0, 0]);
    }
    // The second township answers; its base names the first township's write although it never had that log.
    second.act("person_save", |txn| txn.update(id, &person("张珊"))).unwrap();
    county.receive(&second, 1);
    first.receive(&second, 1);
    for office in [&mut first, &mut second, &mut county] {
        assert_eq!(name(office, id).as_deref(), Some("张珊"));
        assert!(office.store.read().conflicts(10).unwrap().is_empty());
        let check = office.store.verify().unwrap();
        assert!(check.is_sound(), "{check:?}");
    }
    assert_eq!(first.store.read().digests().unwrap(), second.store.read().digests().unwrap());
    assert_eq!(first.store.read().digests().unwrap(), county.store.read().digests().unwrap());
    assert_eq!(first.store.read().acked(&first.log(), 2).unwrap(), Some(head));
    assert_eq!(first.store.read().acked(&first.log(), 3).unwrap(), None);
    let confirmed: Vec<bool> =
        first.store.read().history(Person::TYPE.id, id).unwrap().iter().map(|item| item.confirmed).collect();
    assert_eq!(confirmed, [true, true, false]);
    // A late copy of the first township's own log changes nothing at the second.
    let before = second.store.read().digests().unwrap();
    assert_eq!(second.receive(&first, 1).new, first.store.own_log().unwrap().seq);
    assert_eq!(second.store.read().digests().unwrap(), before);
    assert!(second.store.verify().unwrap().is_sound());
}

#[test]
fn a_feed_that_does_not_say_which_writes_it_restates_is_kept_unapplied() {
    let mut office = Office::township();
    let (feed, id) = (genesis(90), RecordId::from_bytes([1; 16]));
    let mut restated = entry(1, vec![set(id, 1, Value::Text("甲".into()), vec![])]);
    let named = mingbai_ledger::EntryRef { log: genesis(50).log_id(), seq: 1, hash: [4; 16] };
    restated.origin = Some(Origin { entry: named, indices: vec![] });
    let (bytes, hashes) = chain(&feed, &[restated]);
    let done = ingest(&mut office, &feed, 1, hashes[0], &bytes);
    assert_eq!(done.counts(), [0, 0, 0, 0, 1]);
    assert_eq!(name(&office, id), None);
}

#[test]
fn a_clock_in_the_year_2099_is_taken_in_but_does_not_move_ours() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let (bytes, hashes) =
        chain(&other, &[entry(4_102_444_800_000, vec![set(id, 1, Value::Text("未来".into()), vec![])])]);
    ingest(&mut office, &other, 1, hashes[0], &bytes);
    assert_eq!(name(&office, id).as_deref(), Some("未来"));
    let done = office.act("person_save", |txn| txn.update(id, &person("现在"))).unwrap();
    let entry = office.store.read().entry(done.entry.unwrap().entry).unwrap().1.decode().unwrap();
    assert!(entry.hlc.millis() <= office.wall.get());
    assert_eq!(name(&office, id).as_deref(), Some("现在"));
    assert!(matches!(office.store.read().entry(EntryNo(999)), Err(StoreError::NoSuchEntry)));
}

#[test]
fn an_import_is_recorded_with_its_entries_or_not_at_all() {
    let mut office = Office::township();
    let record = ImportRecord {
        bundle: [1; 16],
        file_hash: [2; 32],
        sender: "县卫健局".into(),
        received_millis: 5,
        counts: Ingested { new: 3, ..Ingested::default() },
        details: "{}".into(),
    };
    let failed = office.act("bundle_import", |txn| {
        txn.record_import(&record)?;
        Err::<(), _>(StoreError::NothingToUndo)
    });
    assert!(failed.is_err() && office.store.read().imports(10).unwrap().is_empty());
    office.act("bundle_import", |txn| txn.record_import(&record)).unwrap();
    assert_eq!(office.store.read().import_of(&[2; 32], None).unwrap().as_ref(), Some(&record));
    assert_eq!(office.store.read().import_of(&[0; 32], Some(&[1; 16])).unwrap(), Some(record));
    assert!(office.store.read().import_of(&[0; 32], None).unwrap().is_none());
    assert_eq!(previous(&office.store, &office.log(), 1), genesis(1).head().hash);
}

#[test]
fn what_does_not_fit_under_a_newer_schema_waits_and_under_ours_is_refused() {
    for (schema, counts) in [(SCHEMA, [0, 0, 0, 0, 1]), (SCHEMA + 1, [0, 0, 0, 1, 0])] {
        let mut office = Office::township();
        let other = genesis(50);
        // A name that is a number: what a later version may make of the field.
        let mut strange = entry(1, vec![set(RecordId::from_bytes([1; 16]), 1, Value::Int(7), vec![])]);
        strange.schema = schema;
        let (bytes, hashes) = chain(&other, &[strange]);
        assert_eq!(ingest(&mut office, &other, 1, hashes[0], &bytes).counts(), counts);
    }
}

#[test]
fn operators_are_counted_past_an_entry_that_cannot_be_read() {
    let mut office = Office::township();
    let other = genesis(50);
    let roster =
        |n| Op::Roster { operator: RecordId::from_bytes([n; 16]), name: format!("员{n}"), role: "clerk".into() };
    let id = RecordId::from_bytes([9; 16]);
    let mut longer = entry(2, vec![Op::Unknown(vec![0x83, 0x15, 0x01, 0x02])]);
    longer.schema = SCHEMA + 1;
    let mut last = entry(3, vec![roster(2), set(id, 1, Value::Text("名".into()), vec![])]);
    last.actor = 2;
    let (bytes, hashes) = chain(&other, &[entry(1, vec![roster(1)]), longer, last]);
    assert_eq!(ingest(&mut office, &other, 1, hashes[0], &bytes).counts(), [2, 0, 0, 1, 0]);
    let history = office.store.read().history(Person::TYPE.id, id).unwrap();
    assert_eq!(history[0].author.name.as_deref(), Some("员2"));
    let check = office.store.verify().unwrap();
    assert!(check.is_sound(), "{check:?}");
}

#[test]
fn held_entries_of_both_branches_go_forward_when_what_both_of_them_follow_arrives() {
    let id = RecordId::from_bytes([1; 16]);
    let other = genesis(50);
    let base = |seq| vec![DotRef::Own { seq, index: 0 }];
    let first = entry(1, vec![set(id, 1, Value::Text("原".into()), vec![])]);
    let left = entry(2, vec![set(id, 1, Value::Text("左".into()), base(1))]);
    let left_after = entry(3, vec![set(id, 1, Value::Text("左左".into()), base(2))]);
    let right = entry(9, vec![set(id, 1, Value::Text("右".into()), base(1))]);
    let (one, hashes) = chain(&other, &[first.clone(), left, left_after]);
    let (two, _) = chain(&other, &[first, right]);
    let mut office = Office::township();
    ingest(&mut office, &other, 2, hashes[1], &two[1..]);
    ingest(&mut office, &other, 3, hashes[2], &one[2..]);
    // The run that brings the rest of one branch passes the place where the other begins.
    let rest = ingest(&mut office, &other, 1, hashes[0], &one[..2]);
    assert_eq!((rest.counts(), rest.released), ([2, 0, 0, 0, 0], 2));
    assert_eq!(office.store.read().counts().unwrap().held, 0);
    let conflicts = office.store.read().conflicts(10).unwrap();
    assert_eq!(conflicts.iter().map(|conflict| conflict.values.len()).collect::<Vec<_>>(), [2]);
    assert_eq!(office.store.read().heads().unwrap().iter().filter(|head| head.log == other.log_id()).count(), 2);
    assert!(office.store.verify().unwrap().is_sound());
}

#[test]
fn a_number_in_conflict_stays_the_text_it_was_written_as() {
    let id = RecordId::from_bytes([1; 16]);
    let phone = Person::TYPE.column("phone").unwrap().id;
    let mut office = Office::township();
    for (device, number) in [(50, "047412345678"), (51, "13900000002")] {
        let other = genesis(device);
        let (bytes, hashes) = chain(&other, &[entry(1, vec![set(id, phone, Value::Text(number.into()), vec![])])]);
        ingest(&mut office, &other, 1, hashes[0], &bytes);
    }
    let conflict = office.store.read().conflicts(10).unwrap().remove(0);
    let mut values: Vec<_> = conflict.values.iter().map(|value| value.value.clone()).collect();
    values.sort();
    assert_eq!(values, [Value::Text("047412345678".into()), Value::Text("13900000002".into())]);
    let chosen = conflict.values[0].value.clone();
    office.act("conflict_resolve", |txn| txn.set_field(Person::TYPE.id, id, phone, chosen)).unwrap();
    assert!(office.store.read().conflicts(10).unwrap().is_empty());
}

#[test]
fn what_is_set_aside_leaves_the_tables_and_comes_back_when_it_is_asked_about_again() {
    let mut office = Office::township();
    let (other, id) = (genesis(50), RecordId::from_bytes([1; 16]));
    let (bytes, hashes) = chain(
        &other,
        &[
            entry(1, vec![set(id, 1, Value::Text("甲".into()), vec![])]),
            entry(2, vec![set(id, 1, Value::Text("乙".into()), vec![DotRef::Own { seq: 1, index: 0 }])]),
        ],
    );
    ingest(&mut office, &other, 1, hashes[0], &bytes);
    let digests = office.store.read().digests().unwrap();
    let end = Head { log: other.log_id(), seq: 1, hash: hashes[1] };
    let set = |office: &mut Office, ends: &[Head]| {
        office.act("bundle_import", |txn| txn.set_aside(&other.log_id(), ends, "停用之后")).unwrap().value
    };
    assert_eq!(set(&mut office, &[end]), 1);
    assert_eq!(set(&mut office, &[end]), 0, "once is enough");
    assert_eq!(name(&office, id).as_deref(), Some("甲"));
    assert!(office.store.verify().unwrap().is_sound());
    let again = office.act("bundle_import", |txn| txn.retry_refused(&|_, _, _| Verdict::Apply)).unwrap();
    assert_eq!(again.value.new, 1);
    assert_eq!(office.store.read().digests().unwrap(), digests);
    assert_eq!(set(&mut office, &[]), 2, "a log without an end has nothing good");
    assert_eq!(name(&office, id), None);
    assert!(office.store.verify().unwrap().is_sound());
}
