//! The gate under failing disks, foreign locks, tampering and other builds.

use mingbai_domain::catalogue::Person;
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{DotRef, Entry, EntryKind, Genesis, Hlc, Op, Why, Write};

use crate::author::{Actor, Author};
use crate::error::StoreError;
use crate::ingest::Verdict;
use crate::key::DatabaseKey;
use crate::log::{Identity, LogRole};
use crate::open::Store;

fn store(directory: &tempfile::TempDir) -> Store {
    let genesis = Genesis { device_key: [1; 32], nonce: [1; 16], county: [9; 8], certificate: 0, continues: None };
    let identity = Identity { genesis, role: LogRole::Township };
    Store::create(&directory.path().join("register.db"), &DatabaseKey::from_bytes([7; 32]), &identity).unwrap()
}

fn author() -> Author<'static> {
    Author { actor: None, wall_millis: 1_790_000_000_000, random: &|_| {} }
}

#[test]
fn a_full_disk_refuses_the_whole_action_and_the_next_small_one_succeeds() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let pages: i64 = store.conn.query_row("pragma page_count", [], |row| row.get(0)).unwrap();
    store.conn.query_row(&format!("pragma max_page_count = {}", pages + 4), [], |_| Ok(())).unwrap();
    let before = store.own_log().unwrap();
    let full = store.commit(&author(), "roster_import", None, |txn| {
        for n in 0..2000_u16 {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            let person = Person { name: Some("满".repeat(40)), ..Person::default() };
            txn.insert(Some(RecordId::from_bytes(id)), &person)?;
        }
        Ok::<_, StoreError>(())
    });
    assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
    assert_eq!(store.own_log().unwrap(), before);
    assert_eq!(store.read().counts().unwrap().applied, 0);
    store.conn.query_row("pragma max_page_count = 100000", [], |_| Ok(())).unwrap();
    let person = Person { name: Some("张三".into()), ..Person::default() };
    store.commit(&author(), "person_save", None, |txn| txn.insert(None, &person)).unwrap();
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn another_program_holding_the_file_is_reported_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let other = Store::open(store.path(), &DatabaseKey::from_bytes([7; 32])).unwrap();
    store.conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    other.conn.execute_batch("begin immediate").unwrap();
    let person = Person { name: Some("张三".into()), ..Person::default() };
    let locked = store.commit(&author(), "person_save", None, |txn| txn.insert(None, &person));
    assert!(matches!(locked, Err(StoreError::Locked)), "{locked:?}");
    other.conn.execute_batch("rollback").unwrap();
    store.commit(&author(), "person_save", None, |txn| txn.insert(None, &person)).unwrap();
}

#[test]
fn tampering_with_rows_or_entries_is_found_and_rows_are_mended_from_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let person = Person { name: Some("张三".into()), ..Person::default() };
    store.commit(&author(), "person_save", None, |txn| txn.insert(None, &person)).unwrap();
    store.conn.execute("update person set name = '李四'", []).unwrap();
    let check = store.verify().unwrap();
    let table = check.tables.iter().find(|t| t.table == "person").unwrap();
    assert!(!check.is_sound() && check.chains.is_empty() && table.differences == 2, "{check:?}");
    store.rebuild().unwrap();
    assert!(store.verify().unwrap().is_sound());
    store.conn.execute("update entry set bytes = cast(replace(bytes, '张三', '李四') as blob)", []).unwrap();
    let check = store.verify().unwrap();
    assert!(!check.chains.is_empty() && !check.is_sound(), "{check:?}");
}

#[test]
fn a_newer_file_is_refused_and_a_projection_of_another_build_is_folded_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let person = Person { name: Some("张三".into()), ..Person::default() };
    let id = store.commit(&author(), "person_save", None, |txn| txn.insert(None, &person)).unwrap().value;
    let (path, key) = (store.path().to_owned(), DatabaseKey::from_bytes([7; 32]));
    store.conn.execute_batch("update meta set value = x'00' where key = 'projection'; delete from person").unwrap();
    drop(store);
    let mut store = Store::open(&path, &key).unwrap();
    assert_eq!(store.read().get::<Person>(id).unwrap().unwrap().record, person);
    assert!(store.verify().unwrap().is_sound());
    store.conn.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    assert!(matches!(Store::open(&path, &key), Err(StoreError::DatabaseTooNew { found: 99, .. })));
}

/// Three writes of one field by another log, the second with status `deferred`.
#[test]
fn an_entry_deferred_by_an_older_build_is_applied_later_and_does_not_clobber_newer_values() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let genesis = Genesis { device_key: [5; 32], nonce: [5; 16], county: [9; 8], certificate: 0, continues: None };
    let id = RecordId::from_bytes([3; 16]);
    let (mut bytes, mut seq) = (Vec::new(), 0);
    for name in ["甲", "乙", "丙"] {
        let base = if seq == 0 { vec![] } else { vec![DotRef::Own { seq, index: 0 }] };
        let write = Write { value: Value::Text(name.into()), base };
        seq += 1;
        let entry = Entry {
            hlc: Hlc::at(seq),
            wall_delta: 0,
            actor: 0,
            schema: 1,
            kind: EntryKind::Transaction,
            ops: vec![Op::Set { record_type: 2, record: id, writes: [(1, write)].into() }],
            why: Why::default(),
            refs: vec![],
            origin: None,
        };
        bytes.push(entry.encode());
    }
    store
        .commit(&author(), "bundle_import", None, |txn| {
            let log = txn.add_log(&genesis, LogRole::Township, "")?;
            let entries = bytes.iter().map(Vec::as_slice);
            txn.ingest(&log, 1, genesis.head().hash, entries, &|_, _, _| Verdict::Apply)
        })
        .unwrap();
    let digests = store.read().digests().unwrap();
    store.conn.execute("update entry set status = 3 where seq = 2 and bytes is not null", []).unwrap();
    store.rebuild().unwrap();
    assert_ne!(store.read().digests().unwrap(), digests);
    let retried =
        store.commit(&author(), "deferred_retry", None, |txn| txn.retry_deferred(&|_, _, _| Verdict::Apply)).unwrap();
    assert_eq!(retried.value.counts(), [1, 0, 0, 0, 0]);
    assert_eq!(store.read().digests().unwrap(), digests);
    assert_eq!(store.read().get::<Person>(id).unwrap().unwrap().record.name.as_deref(), Some("丙"));
    assert!(store.read().conflicts(1).unwrap().is_empty());
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn a_log_that_turns_out_to_be_the_countys_is_shown_first_from_then_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let genesis = Genesis { device_key: [5; 32], nonce: [5; 16], county: [9; 8], certificate: 0, continues: None };
    let id = RecordId::from_bytes([3; 16]);
    let write = Write { value: Value::Text("县里写的".into()), base: vec![] };
    let entry = Entry {
        hlc: Hlc::at(1),
        wall_delta: 0,
        actor: 0,
        schema: 1,
        kind: EntryKind::Transaction,
        ops: vec![Op::Set { record_type: 2, record: id, writes: [(1, write)].into() }],
        why: Why::default(),
        refs: vec![],
        origin: None,
    };
    let bytes = entry.encode();
    let person = Person { name: Some("乡里写的".into()), ..Person::default() };
    store.commit(&author(), "person_save", None, |txn| txn.insert(Some(id), &person)).unwrap();
    let name = |store: &Store| store.read().get::<Person>(id).unwrap().unwrap().record.name.unwrap();
    for (role, shown) in [(LogRole::Township, "乡里写的"), (LogRole::County, "县里写的")] {
        store
            .commit(&author(), "bundle_import", None, |txn| {
                let log = txn.add_log(&genesis, role, "")?;
                txn.ingest(&log, 1, genesis.head().hash, [bytes.as_slice()], &|_, _, _| Verdict::Apply)
            })
            .unwrap();
        assert_eq!(name(&store), shown);
        assert!(store.verify().unwrap().is_sound());
    }
}

#[test]
fn what_is_copied_from_an_entry_beside_it_is_checked_against_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    let actor = Actor { operator: RecordId::from_bytes([3; 16]), name: "王玉梅".into(), role: "clerk".into() };
    let author = Author { actor: Some(actor), ..author() };
    let person = Person { name: Some("张三".into()), ..Person::default() };
    store.commit(&author, "person_save", None, |txn| txn.insert(None, &person)).unwrap();
    assert!(store.verify().unwrap().is_sound());
    for (tampered, back) in [
        ("update entry set action = 'x'", "update entry set action = 'person_save'"),
        ("update entry set hlc = hlc + 1", "update entry set hlc = hlc - 1"),
        ("update entry set actor = 0", "update entry set actor = 1"),
        ("update entry set rosters = 0", "update entry set rosters = 1"),
        ("update roster set name = '别人'", "update roster set name = '王玉梅'"),
    ] {
        store.conn.execute_batch(tampered).unwrap();
        assert_eq!(store.verify().unwrap().chains.len(), 1, "{tampered}");
        store.conn.execute_batch(back).unwrap();
    }
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn local_state_is_found_by_how_its_keys_begin_and_forgotten_by_one() {
    let directory = tempfile::tempdir().unwrap();
    let mut store = store(&directory);
    for (key, value) in [("mapping/roster/b", "2"), ("mapping/roster/a", "1"), ("mapping/roster%", "3"), ("mail", "4")]
    {
        store.set_state(key, value.as_bytes()).unwrap();
    }
    let kept = |store: &Store| store.read().states("mapping/roster/").unwrap();
    let pair = |key: &str, value: &str| (key.to_owned(), value.as_bytes().to_vec());
    assert_eq!(kept(&store), [pair("mapping/roster/a", "1"), pair("mapping/roster/b", "2")]);
    store.forget_state("mapping/roster/a").unwrap();
    assert_eq!(kept(&store), [pair("mapping/roster/b", "2")]);
    assert_eq!(store.state("mail").unwrap(), Some(b"4".to_vec()));
}
