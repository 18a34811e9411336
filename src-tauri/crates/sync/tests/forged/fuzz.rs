//! F7 (`sync.md` §3.6): whole imports of what a hostile insider might sign, drawn at random but in the shape of entries, so
//! that they get past the reader and into the merge. Whatever comes: every entry is accounted for, the database stays
//! sound, the other township's people and the county's trust stay as they were, and honest bundles come in as before.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mingbai_bundle::RangeDraft;
use mingbai_domain::catalogue::{ALL, Membership, Person, Record, SCHEMA, Visit};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, EntryRef, Head, Hlc, LogId, Op, Origin, Why, Write};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use proptest::{collection, option, sample};

use super::pen::Pen;
use super::scene::Scene;
use crate::To;
use crate::common::{Family, Office};

/// Everything an insider knows: keys, logs, ids.
struct Known {
    scene: Scene,
    pen: Pen,
    records: Vec<RecordId>,
    entries: Vec<EntryRef>,
}

thread_local! {
    static KNOWN: LazyLock<Known> = LazyLock::new(|| {
        let scene = Scene::new();
        let family = |of: Family| [of.household, of.person, of.membership];
        let mut records = family(scene.ours).to_vec();
        records.extend(family(scene.theirs));
        records.push(scene.visit);
        records.extend((1..4).map(super::pen::fresh));
        let mut entries = Vec::new();
        for log in scene.county.store.read().logs().unwrap() {
            for stored in scene.county.store.read().entries_after(&log.id, 0, 4).unwrap() {
                entries.push(EntryRef { log: log.id, seq: stored.seq, hash: stored.hash.prefix() });
            }
        }
        entries.push(EntryRef { log: LogId([6; 16]), seq: 1, hash: [6; 16] });
        let pen = Pen::up(&scene.first);
        Known { scene, pen, records, entries }
    });
}

fn with<T>(act: impl FnOnce(&Known) -> T) -> T {
    KNOWN.with(|known| act(known))
}

fn records() -> impl Strategy<Value = RecordId> + Clone {
    sample::select(with(|known| known.records.clone()))
}

fn heads() -> impl Strategy<Value = Head> {
    let all = with(|known| known.scene.county.store.read().heads().unwrap());
    (sample::select(all), 0_u64..9, any::<bool>()).prop_map(|(head, seq, right)| match right {
        true => head,
        false => Head { seq, hash: EntryHash([7; 32]), ..head },
    })
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        sample::select(vec!["张三", "159901202009", "2026-02-31", "=1+1", "', --", "02", "13900000001"])
            .prop_map(|text| Value::Text(text.into())),
        records().prop_map(|id| Value::Bytes(id.as_bytes().to_vec())),
        collection::vec(any::<u8>(), 0..4).prop_map(Value::Bytes),
    ]
}

fn dots() -> impl Strategy<Value = DotRef> {
    prop_oneof![
        (0_u64..6, 0_u32..6).prop_map(|(seq, index)| DotRef::Own { seq, index }),
        (0_u32..3, 0_u32..6).prop_map(|(reference, index)| DotRef::Foreign { reference, index }),
    ]
}

fn types() -> impl Strategy<Value = u16> {
    let mut all: Vec<u16> = ALL.iter().map(|kind| kind.id).collect();
    // What is looked at for who may write where comes up more often than the rest.
    all.extend([1, 2, 2, 2, 3, 3, 15, Visit::TYPE.id, Visit::TYPE.id, Membership::TYPE.id, Person::TYPE.id, 999]);
    sample::select(all)
}

fn ops() -> impl Strategy<Value = Op> {
    let write = || (values(), collection::vec(dots(), 0..3)).prop_map(|(value, base)| Write { value, base });
    let body = || collection::btree_map(1_u16..14, values(), 0..4);
    prop_oneof![
        6 => (types(), records(), collection::btree_map(1_u16..20, write(), 1..4))
            .prop_map(|(record_type, record, writes)| Op::Set { record_type, record, writes }),
        3 => (types(), records(), body()).prop_map(|(record_type, record, body)| Op::Fact { record_type, record, body }),
        3 => (types(), records(), dots(), option::of(body()))
            .prop_map(|(record_type, record, of, body)| Op::Amend { record_type, record, of, body }),
        1 => (types(), records(), 1_u16..20, values())
            .prop_map(|(record_type, record, field, element)| Op::Add { record_type, record, field, element }),
        1 => (records(), records())
            .prop_map(|(loser, winner)| Op::Merge { loser, winner, evidence: "同一人".into() }),
        1 => dots().prop_map(|of| Op::Unmerge { of }),
        1 => records().prop_map(|operator| Op::Roster { operator, name: "某人".into(), role: "county".into() }),
        1 => (heads(), 0_u8..9).prop_map(|(head, level)| Op::Ack { head, level }),
        1 => (heads(), any::<bool>()).prop_map(|(entry, later)| Op::Refused { entry, reason: "作废".into(), later }),
        1 => (heads(), heads()).prop_map(|(one, other)| Op::Import {
            bundle: [1; 16],
            file: [2; 32],
            ranges: vec![(one.log, 1, one.seq, one.hash)],
            counts: [u64::MAX; 5],
            after: vec![other],
        }),
        1 => Just(Op::Unknown(vec![0x82, 0x18, 0x63, 0x01])),
    ]
}

fn entries() -> impl Strategy<Value = Entry> {
    let kinds = [EntryKind::Transaction, EntryKind::Directive, EntryKind::Ack, EntryKind::Note, EntryKind::Fork];
    let refs = collection::vec(sample::select(with(|known| known.entries.clone())), 3);
    let origin = (sample::select(with(|known| known.entries.clone())), collection::vec(0_u32..6, 0..4));
    let origin = option::weighted(0.1, origin.prop_map(|(entry, indices)| Origin { entry, indices }));
    let clock = (prop_oneof![Just(super::pen::NOW << 16), any::<u64>()], any::<i64>(), 0_u32..3);
    let shape = (prop_oneof![8 => Just(SCHEMA), 1 => Just(SCHEMA + 1)], sample::select(kinds.to_vec()));
    (collection::vec(ops(), 0..4), refs, origin, clock, shape).prop_map(
        |(ops, refs, origin, (hlc, wall_delta, actor), (schema, kind))| Entry {
            hlc: Hlc(hlc),
            wall_delta,
            actor,
            schema,
            kind,
            ops,
            why: Why { action: "record_save".into(), reason: None },
            refs,
            origin,
        },
    )
}

/// A piece of the insider's log: how far past what the county has, the entries, and which byte of which is changed.
type Piece = (u64, Vec<Entry>, Option<(usize, usize, u8)>);

fn pieces() -> impl Strategy<Value = Piece> {
    let damage = option::weighted(0.1, (any::<usize>(), any::<usize>(), any::<u8>()));
    (prop_oneof![6 => Just(0_u64), 1 => 1_u64..3], collection::vec(entries(), 1..4), damage)
}

fn range(known: &Known, after: Head, entries: &[Entry], damage: Option<(usize, usize, u8)>) -> RangeDraft {
    let mut bytes: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
    if let Some((which, at, to)) = damage {
        let which = which % bytes.len();
        let at = at % bytes[which].len();
        bytes[which][at] = to;
    }
    let genesis = known.scene.log().genesis.unwrap();
    known.pen.raw_range(&genesis, after.seq + 1, after.hash, bytes)
}

/// Everything the county shows of the second township's people.
fn theirs(county: &Office, scene: &Scene) -> String {
    let reading = county.store.read();
    let Family { household, person, membership } = scene.theirs;
    let records = [(1, household), (2, person), (3, membership), (Visit::TYPE.id, scene.visit)];
    let shown: BTreeMap<_, _> = records.map(|(kind, id)| (id, reading.values(kind, id).unwrap())).into();
    format!("{shown:?} {:?} {:?}", reading.canonical(person).unwrap(), reading.state("trust").unwrap())
}

/// Takes one insider's files in and asks what must hold; gives what became of the entries.
fn hold(known: &Known, bundles: &[Piece]) -> [u64; 5] {
    let mut scene = known.scene.again();
    let before = theirs(&scene.county, &scene);
    let clock = scene.county.store.clock().unwrap().millis();
    let mut after = scene.log().head;
    let mut became = [0; 5];
    for (skipped, entries, damage) in bundles {
        let from = Head { seq: after.seq + skipped, ..after };
        let draft = range(known, from, entries, *damage);
        let head = draft.checkpoint.head;
        let file = known.pen.file(vec![draft], |_| {});
        match scene.county.try_take(&file) {
            Ok(taken) => {
                let counts = taken.ingested.counts();
                assert_eq!(counts.iter().sum::<u64>(), taken.entries, "all accounted for");
                became.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
                after = head;
            }
            Err(mingbai_sync::SyncError::Rejected(_)) => assert!(damage.is_some(), "only damage is turned away"),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(theirs(&scene.county, &scene), before);
    assert!(scene.county.store.clock().unwrap().millis() < clock + 26 * 3600 * 1000);
    for record in &known.records {
        for kind in ALL {
            scene.county.store.read().history(kind.id, *record).unwrap();
        }
    }
    scene.goes_on(To::County).unwrap();
    became
}

#[test]
fn whatever_an_insider_signs_is_accounted_for_and_touches_nobody_elses_people() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let sum = std::cell::Cell::new([0; 5]);
    let ran = runner.run(&collection::vec(pieces(), 1..4), |bundles| {
        let became = with(|known| hold(known, &bundles));
        sum.set(std::array::from_fn(|at| sum.get()[at] + became[at]));
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
    let [applied, _, held, deferred, refused] = sum.get();
    assert!(applied > 0 && held > 0 && deferred > 0 && refused > 0, "all of it came up: {:?}", sum.get());
}
