//! What the county says in its feeds means the same whichever of them arrives first: its last word on an entry, and what
//! the author of a write wrote.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::{Office, genesis};
use mingbai_domain::catalogue::{Person, Record};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{Entry, EntryHash, EntryKind, EntryRef, Genesis, Head, Hlc, Op, Origin, Why, Write, chain_hash};
use mingbai_store::{LogRole, Mirrored, Verdict};

fn who() -> RecordId {
    RecordId::from_bytes([1; 16])
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

fn named(name: &str) -> Op {
    let write = Write { value: Value::Text(name.into()), base: vec![] };
    Op::Set { record_type: Person::TYPE.id, record: who(), writes: BTreeMap::from([(1, write)]) }
}

/// Takes in a log written by hand; gives the hash of each of its entries.
fn ingest(office: &mut Office, log: (&Genesis, LogRole), entries: &[Entry], verdict: &Verdict) -> Vec<EntryHash> {
    let (genesis, role) = log;
    let (mut at, mut hashes) = (genesis.head().hash, Vec::new());
    let bytes: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
    for (seq, bytes) in (1..).zip(&bytes) {
        at = chain_hash(&genesis.log_id(), seq, &at, bytes);
        hashes.push(at);
    }
    let taken = office.act("bundle_import", |txn| {
        let log = txn.add_log(genesis, role, "别处")?;
        txn.ingest(&log, 1, genesis.head().hash, bytes.iter().map(Vec::as_slice), &|_, _, _| verdict.clone())
    });
    taken.unwrap();
    hashes
}

#[test]
fn of_all_the_county_said_of_an_entry_its_last_word_counts_whichever_feed_arrives_first() {
    let first = Genesis { nonce: [60; 16], ..genesis(9) };
    let one = Head { log: genesis(1).log_id(), seq: 4, hash: EntryHash([4; 32]) };
    let word = |reason: &str, later| Op::Refused { entry: one, reason: reason.into(), later };
    let (waits, no, yes) = (word("待升级", true), word("越界", false), word("", false));
    // A feed, and the one that continues it after the county was restored; its clock may have been set back.
    let cases: [(&[&Op], &[&Op], &[&str]); 6] = [
        (&[&waits], &[], &["待升级"]),
        (&[&waits, &no], &[], &["越界"]),
        (&[&waits, &yes], &[], &[]),
        (&[&no, &yes, &no], &[], &["越界"]),
        (&[&no, &yes, &no, &yes], &[&no], &["越界"]),
        (&[&no], &[&yes], &[]),
    ];
    for (before, after, expected) in cases {
        let said =
            |words: &[&Op]| -> Vec<Entry> { (1..).zip(words).map(|(at, op)| entry(at, vec![(*op).clone()])).collect() };
        for backwards in [false, true] {
            let mut office = Office::township();
            let next = Genesis { nonce: [61; 16], continues: Some(first.head()), ..first.clone() };
            let mut feeds = vec![(&first, said(before)), (&next, said(after))];
            if backwards {
                feeds.reverse();
            }
            for (feed, entries) in feeds {
                ingest(&mut office, (feed, LogRole::Feed), &entries, &Verdict::Apply);
            }
            let told = office.store.read().refusals(&one.log).unwrap();
            assert_eq!(told.into_iter().map(|word| word.reason).collect::<Vec<_>>(), expected);
            assert!(office.store.verify().unwrap().is_sound());
        }
    }
}

#[test]
fn of_two_words_under_one_name_the_authors_own_is_believed_whichever_arrives_first() {
    let (author, liar) = (genesis(50), genesis(51));
    let mut shown = Vec::new();
    for backwards in [false, true] {
        let mut office = Office::township();
        let own = [entry(7, vec![named("张三")])];
        let hash = chain_hash(&author.log_id(), 1, &author.head().hash, &own[0].encode());
        let origin = Origin { entry: EntryRef { log: author.log_id(), seq: 1, hash: hash.prefix() }, indices: vec![0] };
        let other = [Entry { origin: Some(origin), kind: EntryKind::Directive, ..entry(5, vec![named("李四")]) }];
        let mut both = [(&author, own), (&liar, other)];
        if backwards {
            both.reverse();
        }
        for (log, entries) in both {
            ingest(&mut office, (log, LogRole::Township), &entries, &Verdict::Apply);
        }
        let name = office.store.read().get::<Person>(who()).unwrap().unwrap().record.name;
        assert_eq!(name.as_deref(), Some("张三"));
        assert!(
            !office.store.read().history(Person::TYPE.id, who()).unwrap()[0].author.county,
            "no township is the county"
        );
        shown.push(office.store.read().digests().unwrap());
        assert!(office.store.verify().unwrap().is_sound());
    }
    assert_eq!(shown[0], shown[1]);
}

#[test]
fn what_somebody_left_out_stays_out_at_the_county_and_is_only_off_the_list_at_a_township() {
    for (role, taken) in [(LogRole::County, 0), (LogRole::Township, 1)] {
        let mut office = Office::new(1, role);
        let refuse = Verdict::Refuse("越界".into());
        ingest(&mut office, (&genesis(50), LogRole::Township), &[entry(1, vec![named("张三")])], &refuse);
        let aside = office.store.read().aside(0, 9).unwrap().remove(0);
        office.act("aside_leave", |txn| txn.leave_out(aside.entry, "钱", "登错了")).unwrap();
        let again = office.act("bundle_import", |txn| txn.retry_refused(&|_, _, _| Verdict::Apply)).unwrap();
        assert_eq!(again.value.new, taken);
        let known = office.act("bundle_import", |txn| txn.adopt(&[aside.head])).unwrap();
        assert_eq!(known.value.new, 0, "once is enough, and what was left out is left out");
        assert_eq!(office.store.read().aside(0, 9).unwrap(), []);
    }
}

#[test]
fn who_names_every_entry_of_a_log_is_compared_like_one_who_names_the_last() {
    let mut office = Office::new(1, LogRole::County);
    let log = genesis(50);
    let entries: Vec<Entry> = (1..=9).map(|at| entry(at, vec![named(&format!("名{at}"))])).collect();
    let hashes = ingest(&mut office, (&log, LogRole::Township), &entries, &Verdict::Apply);
    let head = |(seq, hash): (u64, &EntryHash)| Head { log: log.log_id(), seq, hash: *hash };
    let mut all: Vec<Head> = (1..).zip(&hashes).map(head).collect();
    let last = [*all.last().unwrap()];
    let tables = office.store.mirror(&last, &[]).unwrap();
    assert!(matches!(&tables, Mirrored::Tables(_)));
    assert_eq!(office.store.mirror(&all, &[]).unwrap(), tables);
    all.reverse();
    assert_eq!(office.store.mirror(&all, &[]).unwrap(), tables);
    all[3].hash = EntryHash([9; 32]);
    assert_eq!(office.store.mirror(&all, &[]).unwrap(), Mirrored::Lacking);
}
