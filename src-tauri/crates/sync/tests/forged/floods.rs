//! 40: fields nobody knows by the million, and one field said a hundred thousand ways.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::{Person, Record, SCHEMA, Visit};
use mingbai_domain::{Value, Values};
use mingbai_ledger::{DotRef, Entry, Op, Write};
use mingbai_store::Status;

use super::pen::{Pen, entry, fact, fresh, id, set, text};
use super::scene::Scene;
use super::{End, Row, row};

const PERSON: u16 = Person::TYPE.id;
/// Entries of a flood of many entries. It takes ten times as long with ten times as many.
const MANY: u32 = 10_000;
/// What one field may say at once.
const MOST: usize = 256;

/// This many entries, each with this many fields of a version to come.
fn unknown(scene: &Scene, entries: u16, fields: u16) -> Vec<u8> {
    let write = Write { value: Value::Bool(true), base: Vec::new() };
    let of = |which: u16| {
        let writes: BTreeMap<u16, Write> = (1000..1000 + fields).map(|field| (field, write.clone())).collect();
        Op::Set { record_type: 1000 + which, record: fresh(9), writes }
    };
    let flood: Vec<Entry> = (0..entries).map(|which| entry(vec![of(which)])).collect();
    Pen::up(&scene.first).more(&scene.log(), &flood)
}

fn disagree(scene: &Scene, each: impl Fn(u32) -> Vec<Op>, entries: u32) -> Vec<u8> {
    let flood: Vec<Entry> = (0..entries).map(|number| entry(each(number))).collect();
    Pen::up(&scene.first).more(&scene.log(), &flood)
}

/// As many as can be decided about are side by side, the rest waits for the county with its reason.
const AS_MANY_AS_CAN_BE_DECIDED: End = End::Kept(|scene| {
    let (log, ours) = (scene.log().id, scene.ours.person);
    let side_by_side = scene.side_by_side(ours, 13);
    assert!((2..=MOST).contains(&side_by_side), "{side_by_side}");
    let kept = scene.county.store.read().entries_after(&log, 1, 1 << 20).unwrap();
    let refused = kept.iter().filter(|entry| entry.status == Status::Unapplied);
    assert!(refused.clone().all(|entry| entry.reason.as_deref() == Some(TOO_MANY)));
    assert!(refused.count() > 0);
    scene.county.act(|txn| txn.set_field(PERSON, ours, 13, text("13900000000")));
    assert_eq!(scene.side_by_side(ours, 13), 0, "the county decides it with one word");
});
const TOO_MANY: &str = "同一栏目并列的不同内容过多，要县里先决定";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(40, "a million fields nobody knows", |s| unknown(s, 64, 16_000), End::Later("含有本版本不认识的记录种类")),
        row(
            40,
            "sixty thousand unknown fields of one person",
            |s| {
                let write = Write { value: Value::Bool(true), base: Vec::new() };
                let writes = (1000..61_000).map(|field| (field, write.clone())).collect();
                super::authority::says(s, vec![Op::Set { record_type: PERSON, record: s.ours.person, writes }])
            },
            End::Later("含有本版本不认识的栏目"),
        ),
        row(
            40,
            "a hundred thousand operations of a version to come",
            |s| {
                let ops = (0..100_000).map(|_| Op::Unknown(vec![0x82, 0x18, 0x63, 0x01])).collect();
                let newer = Entry { schema: SCHEMA + 1, ..entry(ops) };
                Pen::up(&s.first).more(&s.log(), &[newer])
            },
            End::Later("含有本版本不认识的操作"),
        ),
        row(
            40,
            "ten thousand telephone numbers, one entry each",
            |s| disagree(s, |number| vec![set(PERSON, s.ours.person, 13, text(&number.to_string()), vec![])], MANY),
            AS_MANY_AS_CAN_BE_DECIDED,
        ),
        row(
            40,
            "a hundred thousand telephone numbers in one entry",
            |s| {
                let ops = (0..100_000).map(|n: u32| set(PERSON, s.ours.person, 13, text(&n.to_string()), vec![]));
                super::authority::says(s, ops.collect())
            },
            End::Refused(TOO_MANY),
        ),
        row(
            40,
            "ten thousand times the same number, seen by nobody",
            |s| disagree(s, |_| vec![set(PERSON, s.ours.person, 13, text("138"), vec![])], MANY),
            End::Kept(|scene| {
                let phone = scene.county.store.read().get::<Person>(scene.ours.person).unwrap().unwrap().record.phone;
                assert_eq!((phone.as_deref(), scene.side_by_side(scene.ours.person, 13)), (Some("138"), 0));
            }),
        ),
        row(
            40,
            "ten thousand corrections of one visit, none of which saw another",
            |s| {
                let record = fresh(8);
                let first = fact(Visit::TYPE.id, record, [(1, id(s.ours.person))]);
                let of = DotRef::Own { seq: s.log().head.seq + 1, index: 0 };
                let correction = |number: u32| {
                    let body = Values::from([(1, id(s.ours.person)), (11, text(&number.to_string()))]);
                    Op::Amend { record_type: Visit::TYPE.id, record, of, body: Some(body) }
                };
                disagree(s, |number| if number == 0 { vec![first.clone()] } else { vec![correction(number)] }, MANY)
            },
            End::Kept(|scene| {
                let conflicts = scene.county.store.read().conflicts_of(Visit::TYPE.id, fresh(8)).unwrap();
                assert!((2..=MOST).contains(&conflicts[0].values.len()), "{}", conflicts[0].values.len());
            }),
        ),
        row(
            40,
            "ten thousand changes that each saw the last and something that never was",
            |s| {
                let next = s.log().head.seq + 1;
                disagree(
                    s,
                    |number| {
                        let mut seen = vec![DotRef::Own { seq: 1, index: 99 }];
                        if number > 0 {
                            seen.push(DotRef::Own { seq: next + u64::from(number) - 1, index: 0 });
                        }
                        vec![set(PERSON, s.ours.person, 13, text(&number.to_string()), seen)]
                    },
                    MANY,
                )
            },
            End::Kept(|scene| {
                let phone = scene.county.store.read().get::<Person>(scene.ours.person).unwrap().unwrap().record.phone;
                assert_eq!(phone.as_deref(), Some("9999"), "the last word, in linear time");
            }),
        ),
    ]
}
