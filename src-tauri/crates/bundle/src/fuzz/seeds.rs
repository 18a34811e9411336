//! The seed corpus: small files made from the golden ones, and past failures. `examples/corpus.rs` writes them into
//! `tests/corpus`, where they are replayed and mutated by every test run.

use std::collections::BTreeMap;

use mingbai_domain::{RecordId, Value};
use mingbai_ledger::cbor::Writer;
use mingbai_ledger::{
    DotRef, Entry, EntryHash, EntryKind, EntryRef, Genesis, Head, Hlc, LogId, Op, Origin, Why, Write,
};

use super::county::{County, counties, signing};
use crate::container::{self, frame};
use crate::seal;
use crate::section::{self, END_LENGTH, Manifest, Sections, kind};
use crate::trust::Document;
use crate::{Ack, AckLevel, Certificate, Revocation, Root, Statement};

/// A seed: the target it is for, its name there, its bytes.
pub type Seed = (&'static str, String, Vec<u8>);

/// All seeds, in the order of their targets.
#[must_use]
pub fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for county in counties() {
        of_county(county, &mut |target, name: &str, bytes| {
            seeds.push((target, format!("{name}-{}", county.suite.number()), bytes));
        });
    }
    let mut add = |target, name: &str, bytes: &[u8]| seeds.push((target, name.to_owned(), bytes.to_vec()));
    for (name, bytes) in items() {
        add("cbor", name, &bytes);
    }
    add("entry", "every-operation", &every_operation().encode());
    let genesis = Genesis {
        device_key: [1; 32],
        nonce: [2; 16],
        county: [3; 8],
        certificate: 4,
        continues: Some(Head { log: LogId([1; 16]), seq: 900, hash: EntryHash([2; 32]) }),
    };
    add("entry", "genesis", &genesis.encode());
    add("entry", "plain", &Entry { ops: Vec::new(), refs: Vec::new(), origin: None, ..every_operation() }.encode());
    // Steps: issue, follow, revoke, hand over with all holders, follow, the past, half, a thief.
    add("trust_chain", "one-of-three", &[0, 0x00, 0x07, 0x0a, 0x7b, 0x07, 0x04, 0x05, 0x06]);
    add("trust_chain", "three-of-three", &[2, 0x00, 0x08, 0x7b, 0x3b, 0x12, 0x0d, 0x05, 0x0c]);
    add("trust_chain", "suite-2", &[0x81, 0x00, 0x07, 0x0a, 0x7b, 0x05]);
    let mut end_only = container::MAGIC.to_vec();
    container::put_trailer(&mut end_only);
    add("outer", "end-only", &end_only);
    add("words", "said", "打开 田野".as_bytes());
    add("words", "exact", words_of_the_county().as_bytes());
    add("words", "run-together", words_of_the_county().replace(' ', "，").as_bytes());
    seeds
}

fn words_of_the_county() -> String {
    counties()[0].trust.words()
}

fn of_county(county: &County, add: &mut dyn FnMut(&'static str, &str, Vec<u8>)) {
    let whole = frame(county.bundle).ok();
    let outer = whole.as_ref().map(|frame| frame.outer.clone());
    let (Some(frame), Some(outer)) = (whole, outer) else { return };
    add("outer", "whole", county.bundle.to_vec());
    add("outer", "header", county.bundle.iter().copied().take(200).collect());
    // Past failures: version zero was a newer one, and a signed header could ask for a reader of version zero.
    for (name, at) in [("container-zero", 9), ("reader-zero", 11), ("suite-zero", 13)] {
        let mut file = county.bundle.to_vec();
        file.iter_mut().skip(at).take(1).for_each(|byte| *byte = 0);
        add("outer", name, file);
    }
    add("envelope", "payload", frame.payload.to_vec());
    add("enrolment", "request", county.request.bytes().to_vec());
    let body = county.request.bytes().len() - 64 - 16;
    add("enrolment", "body", county.request.bytes().get(16..body).unwrap_or_default().to_vec());
    add("enrolment", "membership", county.membership.to_vec());
    // Past failure: a whole file whose payload length lies was called an incomplete copy.
    let mut lying = county.membership.to_vec();
    lying.iter_mut().skip(41).take(1).for_each(|byte| *byte ^= 1);
    add("enrolment", "lying-length", lying);
    add("trust_section", "whole", county.section.to_vec());
    add("trust_section", "empty", super::trust::no_trust());
    add("trust_section", "planted", planted(county));
    let trust = &county.trust;
    if let (Some(device), Some(statement)) = (trust.certificates().last(), trust.statement()) {
        add("trust_section", "certificate", Certificate { serial: trust.next_serial(), ..device.clone() }.encode());
        let statement = Statement { version: statement.version + 1, ..statement.clone() };
        add("trust_section", "statement", statement.encode());
        let cuts = vec![Head { log: LogId([1; 16]), seq: 9, hash: EntryHash([2; 32]) }];
        let (county, serial) = (trust.county(), device.serial);
        let revocation = Revocation { county, number: 1, serial, cuts, reason: "电脑被盗".into() };
        add("trust_section", "revocation", revocation.encode());
        let root = Root { version: trust.root().version + 1, ..trust.root().clone() };
        add("trust_section", "root", root.encode());
    }

    let Ok(compressed) = seal::decrypt(county.suite, frame.payload, 1, &county.office) else { return };
    let Ok(plain) = seal::inflate(&compressed, outer.plain_len) else { return };
    add("inflated", "content", compressed);
    let body = plain.get(..plain.len() - END_LENGTH).unwrap_or_default();
    add("section_stream", "content", body.to_vec());
    for part in section::split(&plain).unwrap_or_default() {
        if part.kind != kind::ENTRIES && part.kind < kind::SNAPSHOT {
            add("cbor", &format!("section-{:02}", part.kind), part.body.to_vec());
        }
    }
    if let Some(Ok(mut manifest)) =
        section::split(&plain).ok().and_then(|parts| Some(Manifest::decode(parts.first()?.body)))
    {
        // Past failure: a sequence number next to which there is no other.
        manifest.ranges.iter_mut().for_each(|range| (range.from, range.to) = (u64::MAX - 2, u64::MAX));
        add("section_stream", "far-ahead", with_manifest(&plain, &manifest.encode()));
    }
    let acks = [Ack { head: Head { log: LogId([1; 16]), seq: 9, hash: EntryHash([2; 32]) }, level: AckLevel::Safe }];
    let mut later = Sections::new();
    if let Some(manifest) = section::split(&plain).unwrap_or_default().first() {
        let pushed = later
            .push(kind::MANIFEST, true, manifest.body)
            .and_then(|()| later.push(kind::ACK, false, &section::encode_acks(&acks)))
            .and_then(|()| later.push(0x40, false, b"later"));
        if pushed.is_some() {
            let all = later.finish().unwrap_or_default();
            add("section_stream", "later", all.get(..all.len() - END_LENGTH).unwrap_or_default().to_vec());
        }
    }
}

/// The sections of a payload without the end, under another manifest.
fn with_manifest(plain: &[u8], manifest: &[u8]) -> Vec<u8> {
    let mut all = Sections::new();
    for (at, part) in section::split(plain).unwrap_or_default().iter().enumerate() {
        let body = if at == 0 { manifest } else { part.body };
        let _ = all.push(part.kind, true, body);
    }
    let mut all = all.finish().unwrap_or_default();
    all.truncate(all.len().saturating_sub(END_LENGTH));
    all
}

/// Past failure: a certificate of a stolen ops key with an invented signature in the name of the key to come.
fn planted(county: &County) -> Vec<u8> {
    let (ops, next) = (signing(county.suite, 2), signing(county.suite, 77));
    let Some(known) = county.trust.certificates().last() else { return Vec::new() };
    let bytes = Certificate { serial: county.trust.next_serial(), ..known.clone() }.encode();
    let good = ops.sign_as(Certificate::SIGNED_AS, &bytes);
    let mut w = Writer::new();
    w.map(3).uint(1).array(0).uint(2).array(1).array(2).bytes(&bytes).array(2);
    w.array(2).bytes(&next.id().0).bytes(&[7; 64]).array(2).bytes(&ops.id().0).bytes(&good);
    w.uint(3).array(0);
    w.finish()
}

/// One of every kind of item, nested to the limit.
fn items() -> Vec<(&'static str, Vec<u8>)> {
    let mut every = Writer::new();
    every.map(4).uint(1).text("䶮·𠅤").uint(30).array(5).int(-500).bytes(&[7; 30]).bool(true).null().int(i64::MIN);
    every.uint(300).uint(u64::MAX).uint(70_000).map(0);
    vec![
        ("every-kind", every.finish()),
        ("deepest", [vec![0x81; 8], vec![0]].concat()),
        ("lowest", vec![0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("indefinite", vec![0x9f, 0xff]),
        ("not-shortest", vec![0x18, 0x05]),
        ("key-twice", vec![0xa2, 0x01, 0x00, 0x01, 0x00]),
        ("not-nfc", vec![0x63, 0x65, 0xcc, 0x81]),
        ("huge-array", vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    ]
}

fn every_operation() -> Entry {
    let record = RecordId::from_bytes([7; 16]);
    let (own, foreign) = (DotRef::Own { seq: 3, index: 1 }, DotRef::Foreign { reference: 0, index: 2 });
    let head = Head { log: LogId([1; 16]), seq: 900, hash: EntryHash([2; 32]) };
    let entry = EntryRef { log: LogId([8; 16]), seq: 5, hash: [9; 16] };
    let values = BTreeMap::from([(1, Value::Text("䶮".into())), (24, Value::Int(-5)), (300, Value::Null)]);
    let writes = BTreeMap::from([(13, Write { value: Value::Bool(true), base: vec![own, foreign] })]);
    Entry {
        hlc: Hlc::at(1_790_000_000_000),
        wall_delta: -12,
        actor: 2,
        schema: 1,
        kind: EntryKind::Transaction,
        ops: vec![
            Op::Set { record_type: 1, record, writes },
            Op::Fact { record_type: 13, record, body: values },
            Op::Amend { record_type: 13, record, of: foreign, body: None },
            Op::Add { record_type: 2, record, field: 9, element: Value::Bytes(vec![1, 2]) },
            Op::Remove { record_type: 2, record, field: 9, element: Value::Int(1), observed: vec![own] },
            Op::Merge { loser: record, winner: record, evidence: "同一人".into() },
            Op::Unmerge { of: own },
            Op::Blob { sha256: [3; 32], size: 70_000, mime: "image/png".into() },
            Op::Roster { operator: record, name: "王玉梅".into(), role: "clerk".into() },
            Op::Import {
                bundle: [4; 16],
                file: [5; 32],
                ranges: vec![(LogId([6; 16]), 1, 9, EntryHash([7; 32]))],
                counts: [9, 0, 0, 0, 0],
                after: vec![head],
            },
            Op::Ack { head, level: 2 },
            Op::Refused { entry: head, reason: "户不在该单位辖区内".into(), later: true },
            Op::Unknown(vec![0x83, 0x18, 0x63, 0x41, 0x07, 0xf5]),
        ],
        why: Why { action: "household_save".into(), reason: Some("更正".into()) },
        refs: vec![entry],
        origin: Some(Origin { entry, indices: vec![0, 1, 4] }),
    }
}
