//! 34 and 37 to 39: what somebody with the county's keys can tell a township, and what a township can tell the county
//! beside its log.

use mingbai_bundle::{Ack, AckLevel, BundleDraft};
use mingbai_domain::catalogue::{Pack, Record};
use mingbai_ledger::cbor::Writer;
use mingbai_ledger::{Entry, EntryHash, EntryKind, Head, LogId, Op};

use super::pen::{Pen, entry, set, text};
use super::scene::Scene;
use super::{End, Row, row};
use crate::common::{A, exchange, family};

/// An entry behind the feed, as the county's keys would sign it.
fn fed(scene: &Scene, ops: Vec<Op>) -> Vec<u8> {
    let (pen, feed) = (Pen::down(&scene.county, &scene.first), scene.feed());
    let said = Entry { kind: EntryKind::Ack, ..entry(ops) };
    let range = pen.range(feed.genesis.as_ref().unwrap(), feed.head, &[said]);
    pen.file(vec![range], |draft| draft.have = scene.county.store.read().heads().unwrap())
}

/// A file of the county's without entries, which says of the township's log what the county really has.
fn beside(scene: &Scene, edit: impl FnOnce(&mut BundleDraft<'_>)) -> Vec<u8> {
    Pen::down(&scene.county, &scene.first).file(Vec::new(), |draft| {
        draft.have = scene.county.store.read().heads().unwrap();
        edit(draft);
    })
}

/// The last own entry of the township.
fn own(scene: &Scene) -> Head {
    scene.first.store.own_log().unwrap()
}

/// Nothing more is confirmed than before, and what waited to be sent waits on.
const STILL_WAITS: End = End::Kept(|scene| {
    let state = mingbai_sync::confirmed(scene.first.store.read()).unwrap();
    assert_eq!((state.entries, state.pending), (1, 1));
    let up = scene.first.up();
    let taken = scene.county.take(&up);
    assert!(taken.ingested.new > 0, "it is sent all the same");
});

/// One save the county has not seen.
fn unsent(scene: &mut Scene) {
    family(&mut scene.first, A, "孙七");
}

/// Asks for everything of a log from its first entry to its 2^60th.
fn resend(log: LogId) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(1).array(3).bytes(&log.0).uint(1).uint(1 << 60);
    w.finish()
}

/// A projection that says our person bears another name, as of a version older than ours, with a signature of noise.
fn snapshot(scene: &Scene) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(3).uint(1).array(1).array(3).bytes(&scene.log().id.0).uint(0).bytes(&[0; 32]);
    w.uint(2).array(1).array(2).bytes(scene.ours.person.as_bytes()).text("张假");
    w.uint(3).bytes(&[0xa5; 64]);
    w.finish()
}

/// What goes out is what is not confirmed, as ever.
const ASKED_FOR_TOO_MUCH: End = End::Kept(|scene| {
    let last = own(scene);
    let confirmed = mingbai_sync::held::confirmed_to(scene.first.store.read(), &last.log).unwrap();
    assert!(confirmed > 1, "{confirmed}");
    assert_eq!(scene.first.up().entries, last.seq - confirmed);
});

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            34,
            "an older policy pack brought by a township",
            |s| {
                let pack = Pack { name: Some("二〇二六".into()), ..Pack::default() };
                let pack = s.county.act(|txn| txn.insert(None, &pack));
                super::authority::says(s, vec![set(Pack::TYPE.id, pack, 1, text("二〇一六"), vec![])])
            },
            End::Refused("政策包只有县里能写"),
        ),
        row(
            37,
            "entries confirmed that were never written",
            |s| {
                unsent(s);
                let head = Head { seq: 900, hash: EntryHash([9; 32]), ..own(s) };
                fed(s, vec![Op::Ack { head, level: 2 }])
            },
            STILL_WAITS,
        )
        .for_a_township(),
        row(
            37,
            "an own entry confirmed under another hash",
            |s| {
                unsent(s);
                let head = Head { hash: EntryHash([9; 32]), ..own(s) };
                fed(s, vec![Op::Ack { head, level: 3 }])
            },
            STILL_WAITS,
        )
        .for_a_township(),
        row(
            37,
            "an own entry refused under another hash",
            |s| {
                unsent(s);
                let entry = Head { hash: EntryHash([9; 32]), ..own(s) };
                fed(s, vec![Op::Refused { entry, reason: "作废".into(), later: false }])
            },
            STILL_WAITS,
        )
        .for_a_township(),
        row(
            37,
            "a receipt beside the feed, where nobody's chain vouches for it",
            |s| {
                unsent(s);
                let ack = Ack { head: own(s), level: AckLevel::Safe };
                beside(s, |draft| draft.acks = vec![ack])
            },
            STILL_WAITS,
        )
        .for_a_township(),
        row(
            37,
            "a county that claims to hold more of our log than we ever wrote",
            |s| {
                unsent(s);
                let have = Head { seq: 1 << 40, hash: EntryHash([9; 32]), ..own(s) };
                Pen::down(&s.county, &s.first).file(Vec::new(), |draft| draft.have = vec![have])
            },
            STILL_WAITS,
        )
        .for_a_township(),
        row(
            37,
            "a township that claims to hold more of its feed than there is",
            |s| {
                let have = Head { log: s.feed().id, seq: 1 << 40, hash: EntryHash([9; 32]) };
                Pen::up(&s.first).file(Vec::new(), |draft| draft.have = vec![have])
            },
            End::Kept(|scene| {
                let given = scene.county.down(A).entries;
                assert_eq!(given, scene.feed().head.seq, "then it gets all of it");
            }),
        ),
        row(
            38,
            "the county asks for more entries than there are",
            |s| {
                unsent(s);
                exchange(&mut s.county, &mut s.first);
                let directive = resend(own(s).log);
                beside(s, |draft| draft.directives = vec![directive])
            },
            ASKED_FOR_TOO_MUCH,
        )
        .for_a_township(),
        row(
            38,
            "a township asks the county for more entries than there are",
            |s| {
                let directive = resend(s.feed().id);
                Pen::up(&s.first).file(Vec::new(), |draft| draft.directives = vec![directive; 1000])
            },
            End::Idle,
        ),
        row(
            39,
            "a snapshot with a signature of noise, by a township",
            |s| {
                let snapshot = snapshot(s);
                Pen::up(&s.first).file(Vec::new(), |draft| draft.snapshots = vec![snapshot])
            },
            End::Idle,
        ),
        row(
            39,
            "a snapshot older than what is here, by the county",
            |s| {
                let snapshot = snapshot(s);
                beside(s, |draft| draft.snapshots = vec![snapshot])
            },
            End::Idle,
        )
        .for_a_township(),
    ]
}
