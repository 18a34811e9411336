//! 30 and 31: what a write claims to have seen, and when it claims to have been made.

use mingbai_domain::catalogue::{Person, Record, Visit};
use mingbai_ledger::{DotRef, Entry, EntryRef, Hlc, LogId, MAX_SEQ, Op};

use super::authority::says;
use super::pen::{NOW, Pen, entry, fact, fresh, id, set, text};
use super::scene::Scene;
use super::{End, Row, row};
use crate::common::person;

const PERSON: u16 = Person::TYPE.id;
const NOT_YET: End = End::Refused("引用了还不存在的内容");

/// Renames one's own person, claiming to have seen this.
fn renamed(scene: &Scene, seen: DotRef) -> Vec<u8> {
    says(scene, vec![set(PERSON, scene.ours.person, 1, text("张四"), vec![seen])])
}

fn renamed_having_seen(scene: &Scene, seen: EntryRef) -> Vec<u8> {
    let ops = vec![set(PERSON, scene.ours.person, 1, text("张四"), vec![DotRef::Foreign { reference: 0, index: 2 }])];
    Pen::up(&scene.first).more(&scene.log(), &[Entry { refs: vec![seen], ..entry(ops) }])
}

/// The write stands beside the one it did not see.
const BOTH_NAMES: End = End::Kept(|scene| assert_eq!(scene.side_by_side(scene.ours.person, 1), 2));

fn at(scene: &Scene, entry_of: Entry) -> Vec<u8> {
    Pen::up(&scene.first).more(&scene.log(), &[entry_of])
}

/// Ours is renamed by a write that saw the name, at any time.
fn renamed_at(scene: &Scene, hlc: Hlc, wall_delta: i64) -> Vec<u8> {
    let seen = DotRef::Own { seq: 1, index: 2 };
    let ops = vec![set(PERSON, scene.ours.person, 1, text("张四"), vec![seen])];
    at(scene, Entry { hlc, wall_delta, ..entry(ops) })
}

/// The write counts by what it saw; no clock is pulled along, and what is written after it is shown.
const WRITTEN_AND_OVERWRITTEN: End = End::Kept(|scene| {
    let ours = scene.ours.person;
    assert_eq!(scene.county.name(ours).as_deref(), Some("张四"));
    assert_eq!(scene.side_by_side(ours, 1), 0);
    assert!(scene.county.store.clock().unwrap().millis() < NOW + 25 * 3600 * 1000, "the county's clock stands");
    assert_eq!(scene.county.store.read().history(PERSON, ours).unwrap().len(), 2);
    scene.county.act(|txn| txn.update(ours, &person("张五")));
    assert_eq!(scene.county.name(ours).as_deref(), Some("张五"));
    assert_eq!(scene.side_by_side(ours, 1), 0);
});

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(30, "a base in the log's future", |s| renamed(s, DotRef::Own { seq: 900, index: 0 }), NOT_YET),
        row(30, "a base that is the entry itself", |s| renamed(s, DotRef::Own { seq: 2, index: 0 }), NOT_YET),
        row(30, "a base before the first entry", |s| renamed(s, DotRef::Own { seq: 0, index: 0 }), BOTH_NAMES),
        row(30, "a write that entry never made", |s| renamed(s, DotRef::Own { seq: 1, index: 99 }), BOTH_NAMES),
        row(30, "a base that wrote another record", |s| renamed(s, DotRef::Own { seq: 1, index: 0 }), BOTH_NAMES),
        row(
            30,
            "an entry of a log nobody has",
            |s| renamed_having_seen(s, EntryRef { log: LogId([6; 16]), seq: 3, hash: [6; 16] }),
            BOTH_NAMES,
        ),
        row(
            30,
            "an entry of the own log under another hash",
            |s| renamed_having_seen(s, EntryRef { log: s.log().id, seq: 1, hash: [6; 16] }),
            BOTH_NAMES,
        ),
        row(
            30,
            "an entry the county has not written yet",
            |s| {
                let log = s.county.store.own_log().unwrap().log;
                renamed_having_seen(s, EntryRef { log, seq: 1_000_000, hash: [6; 16] })
            },
            BOTH_NAMES,
        ),
        row(
            30,
            "a place no log has",
            |s| renamed_having_seen(s, EntryRef { log: s.log().id, seq: MAX_SEQ + 1, hash: [6; 16] }),
            End::Refused("记录引用了不存在的内容"),
        ),
        row(30, "a reference that is not in the list", |s| renamed(s, DotRef::Foreign { reference: 9, index: 0 }), {
            End::Refused("记录引用了不存在的内容")
        }),
        row(
            30,
            "a visit corrected in the name of another's visit",
            |s| {
                let body = [(1, id(s.ours.person)), (11, text("一"))];
                let log = s.second.store.own_log().unwrap().log;
                let theirs = s.county.store.read().entries_after(&log, 1, 1).unwrap().remove(0);
                let refs = vec![EntryRef { log, seq: theirs.seq, hash: theirs.hash.prefix() }];
                let of = DotRef::Foreign { reference: 0, index: 0 };
                let amend = Op::Amend { record_type: Visit::TYPE.id, record: fresh(8), of, body: None };
                at(s, Entry { refs, ..entry(vec![fact(Visit::TYPE.id, fresh(8), body), amend]) })
            },
            End::Kept(|scene| {
                let visits = scene.county.store.read();
                assert!(!visits.get::<Visit>(scene.visit).unwrap().unwrap().void, "theirs stands");
                assert!(visits.get::<Visit>(fresh(8)).unwrap().unwrap().conflict, "a visit and its void side by side");
            }),
        ),
        row(31, "written in the year 9999", |s| renamed_at(s, Hlc::at(253_402_300_799_000), 0), {
            WRITTEN_AND_OVERWRITTEN
        }),
        row(31, "written at the end of all time", |s| renamed_at(s, Hlc(u64::MAX), i64::MAX), WRITTEN_AND_OVERWRITTEN),
        row(31, "written in 1970", |s| renamed_at(s, Hlc(0), i64::MIN), WRITTEN_AND_OVERWRITTEN),
        row(
            31,
            "a bundle of the year 9999",
            |s| {
                let seen = DotRef::Own { seq: 1, index: 2 };
                let ops = vec![set(PERSON, s.ours.person, 1, text("张四"), vec![seen])];
                let (pen, log) = (Pen::up(&s.first), s.log());
                let late = Entry { hlc: Hlc::at(253_402_300_799_000), ..entry(ops) };
                let range = pen.range(log.genesis.as_ref().unwrap(), log.head, &[late]);
                pen.file(vec![range], |draft| {
                    draft.wall_ms = 253_402_300_799_000;
                    draft.hlc = u64::MAX;
                })
            },
            WRITTEN_AND_OVERWRITTEN,
        ),
    ]
}
