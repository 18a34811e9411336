//! F8 (`sync.md` §3.6): histories drawn at random, of three logs that fork, with clocks that say anything, each write having
//! seen any of the writes before it. The tables must show what the naive merge of `model` says, whatever the order in
//! which the entries came.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use mingbai_domain::catalogue::{Person, Record, SCHEMA, Visit};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, EntryRef, Genesis, Hlc, Op, Why, Write, chain_hash};
use mingbai_sim::merged_as_told;
use mingbai_store::{Author, DatabaseKey, Identity, LogRole, Store, StoreError, Verdict};
use proptest::collection;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestRunner};

/// One write: by which log, of what, having seen which of the earlier writes of it.
#[derive(Clone, Debug)]
struct Step {
    log: usize,
    record: u8,
    field: u16,
    value: i64,
    /// One bit for each earlier write of the same place, newest first.
    seen: u8,
    hlc: u64,
    /// How many of the log's newest entries its author had lost: 0 in most cases.
    lost: usize,
    fact: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let place = (0_usize..3, 1_u8..4, 0_usize..3, any::<bool>());
    let said = (0_i64..3, any::<u8>(), any::<u64>(), 0_usize..12);
    let step = (place, said).prop_map(|((log, record, field, fact), (value, seen, hlc, lost))| Step {
        log,
        record,
        field: [1, 13, 15][field],
        value,
        // The newest is seen by most, as by people who look before they write.
        seen: if hlc % 3 == 0 { seen } else { 1 },
        hlc,
        lost: if lost < 10 { 0 } else { lost - 9 },
        fact,
    });
    collection::vec(step, 1..40)
}

/// An entry that was made: where it stands and what it wrote.
struct Made {
    log: usize,
    seq: u64,
    prev: EntryHash,
    hash: EntryHash,
    parent: Option<usize>,
    bytes: Vec<u8>,
    place: (bool, u8, u16),
}

fn genesis(log: usize) -> Genesis {
    let device_key = [log as u8 + 1; 32];
    Genesis { device_key, nonce: [log as u8 + 1; 16], county: [0; 8], certificate: 0, continues: None }
}

/// What a step does, given the writes it saw.
fn op(step: &Step, seen: Vec<DotRef>) -> Op {
    let record = RecordId::from_bytes([step.record; 16]);
    if !step.fact {
        let value = if step.field == 15 { Value::Int(step.value) } else { Value::Text(step.value.to_string()) };
        let writes = BTreeMap::from([(step.field, Write { value, base: seen })]);
        return Op::Set { record_type: Person::TYPE.id, record, writes };
    }
    let body = Values::from([(11, Value::Text(step.value.to_string()))]);
    let record_type = Visit::TYPE.id;
    match seen.first() {
        None => Op::Fact { record_type, record, body },
        Some(of) => Op::Amend { record_type, record, of: *of, body: (step.value > 0).then_some(body) },
    }
}

fn history(steps: &[Step]) -> Vec<Made> {
    let mut all: Vec<Made> = Vec::new();
    for step in steps {
        let own: Vec<usize> = (0..all.len()).filter(|at| all[*at].log == step.log).collect();
        let parent = own.len().checked_sub(step.lost + 1).map(|at| own[at]);
        let mut chain = Vec::new();
        let mut at = parent;
        while let Some(before) = at {
            chain.push(before);
            at = all[before].parent;
        }
        let place = (step.fact, step.record, if step.fact { 0 } else { step.field });
        let before = (0..all.len()).rev().filter(|at| all[*at].place == place).take(8).enumerate();
        let mut refs = Vec::new();
        let mut seen = Vec::new();
        for (bit, at) in before {
            if step.seen >> bit & 1 == 0 {
                continue;
            }
            let Made { log, seq, hash, .. } = &all[at];
            if chain.contains(&at) {
                seen.push(DotRef::Own { seq: *seq, index: 0 });
            } else {
                seen.push(DotRef::Foreign { reference: refs.len() as u32, index: 0 });
                refs.push(EntryRef { log: genesis(*log).log_id(), seq: *seq, hash: hash.prefix() });
            }
        }
        let entry = Entry {
            hlc: Hlc(step.hlc),
            wall_delta: 0,
            actor: 0,
            schema: SCHEMA,
            kind: EntryKind::Transaction,
            ops: vec![op(step, seen)],
            why: Why { action: "record_save".into(), reason: None },
            refs,
            origin: None,
        };
        let bytes = entry.encode();
        let seq = parent.map_or(1, |at| all[at].seq + 1);
        let prev = parent.map_or(genesis(step.log).head().hash, |at| all[at].hash);
        let hash = chain_hash(&genesis(step.log).log_id(), seq, &prev, &bytes);
        // The same words after the same entry are one entry.
        if all.iter().all(|made| made.hash != hash) {
            all.push(Made { log: step.log, seq, prev, hash, parent, bytes, place });
        }
    }
    all
}

/// Takes everything into a new store and compares; gives how many conflicts and forks there were.
fn compare(steps: &[Step]) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::from_bytes([0x5a; 32]);
    let identity = Identity { genesis: genesis(200), role: LogRole::Township };
    let mut store = Store::create(&folder.path().join("register.db"), &key, &identity).unwrap();
    let random = |bytes: &mut [u8]| bytes.fill(7);
    let author = Author { actor: None, wall_millis: 1_790_000_000_000, random: &random };
    let mut forks = 0;
    let taken = store.commit(&author, "exchange_import", None, |txn| {
        for made in history(steps) {
            let role = if made.log == 0 { LogRole::County } else { LogRole::Township };
            let log = txn.add_log(&genesis(made.log), role, "")?;
            let done = txn.ingest(&log, made.seq, made.prev, [made.bytes.as_slice()], &|_, _, _| Verdict::Apply)?;
            assert_eq!(done.new, 1, "{done:?}");
            forks += done.forks.len() as u64;
        }
        Ok::<_, StoreError>(())
    });
    taken.unwrap();
    let conflicts = merged_as_told(folder.path(), &store, steps.len() as u64).unwrap_or_else(|told| panic!("{told}"));
    assert!(store.verify().unwrap().is_sound());
    (conflicts, forks)
}

#[test]
fn the_tables_show_what_the_naive_merge_says_in_any_order_of_arrival() {
    let mut runner = TestRunner::new(Config { cases: 80, failure_persistence: None, ..Config::default() });
    let sum = std::cell::Cell::new((0, 0));
    let ran = runner.run(&steps(), |steps| {
        let (conflicts, forks) = compare(&steps);
        sum.set((sum.get().0 + conflicts, sum.get().1 + forks));
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
    let (conflicts, forks) = sum.get();
    assert!(conflicts > 10 && forks > 10, "both really happened: {conflicts} conflicts, {forks} forks");
}
