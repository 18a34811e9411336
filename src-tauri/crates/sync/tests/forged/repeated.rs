//! 32, 33, 35 and 36: the same number again, an old file again, a log that goes back, a log that says two things.

use mingbai_domain::catalogue::{Person, Record};
use mingbai_ledger::{DotRef, Entry, Head};
use mingbai_store::Status;

use super::pen::{Pen, entry, set, text};
use super::scene::Scene;
use super::{End, Row, row};
use crate::common::{A, Office, exchange, family};

const PERSON: u16 = Person::TYPE.id;

fn phone(scene: &Scene, number: &str) -> Entry {
    entry(vec![set(PERSON, scene.ours.person, 13, text(number), vec![])])
}

/// A file of the hostile PC under a number.
fn numbered(scene: &Scene, number: [u8; 16], phone_number: &str) -> Vec<u8> {
    let (pen, log) = (Pen::up(&scene.first), scene.log());
    let range = pen.range(log.genesis.as_ref().unwrap(), log.head, &[phone(scene, phone_number)]);
    pen.file(vec![range], |draft| draft.bundle_id = Some(number))
}

fn number_of(file: &[u8]) -> [u8; 16] {
    mingbai_bundle::inspect(file).unwrap().bundle_id
}

/// Puts a file into the county's hands before the row is played.
fn before(office: &mut Office, file: &[u8]) {
    office.try_take(file).unwrap();
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            32,
            "the number of an own bundle with other content",
            |s| {
                let file = numbered(s, [5; 16], "138");
                before(&mut s.county, &file);
                numbered(s, [5; 16], "139")
            },
            End::TurnedAway("NUMBER_TAKEN"),
        ),
        row(
            32,
            "the number of a bundle that another township is about to bring",
            |s| {
                let newcomer = family(&mut s.second, crate::common::B, "孙七").person;
                let honest = s.second.up();
                let hostile = numbered(s, number_of(&honest.bytes), "138");
                before(&mut s.county, &hostile);
                s.visit = newcomer;
                honest.bytes
            },
            // The honest one is not mistaken for the hostile one: all of it comes in.
            End::Kept(|scene| assert_eq!(scene.county.name(scene.visit).as_deref(), Some("孙七"))),
        ),
        row(
            33,
            "the very same file again",
            |s| {
                let file = numbered(s, [5; 16], "138");
                before(&mut s.county, &file);
                file
            },
            End::Idle,
        ),
        row(
            33,
            "an older bundle after newer ones",
            |s| {
                let old = s.second.up().bytes;
                family(&mut s.second, crate::common::B, "孙七");
                exchange(&mut s.county, &mut s.second);
                old
            },
            End::Idle,
        ),
        row(
            33,
            "a bundle from before the PC was revoked",
            |s| {
                let file = numbered(s, [5; 16], "138");
                revoke(&mut s.county, &s.first);
                file
            },
            End::TurnedAway("REVOKED"),
        ),
        row(
            33,
            "the county's bundle from before another PC was revoked",
            |s| {
                let old = s.county.down(A).bytes;
                revoke(&mut s.county, &s.second);
                let new = s.county.down(A);
                s.first.take(&new);
                assert_eq!(s.first.trust().revocations().count(), 1);
                old
            },
            End::Kept(|scene| assert_eq!(scene.first.trust().revocations().count(), 1, "stays revoked")),
        )
        .for_a_township(),
        row(
            35,
            "the feed as it was a while ago",
            |s| {
                let old = s.county.down(A).bytes;
                family(&mut s.first, A, "孙七");
                exchange(&mut s.county, &mut s.first);
                old
            },
            End::Idle,
        )
        .for_a_township(),
        row(
            35,
            "the feed goes back and on another way",
            |s| {
                let mut restored = s.county.copy();
                s.county.act(|txn| txn.update(s.ours.person, &crate::common::person("张甲")));
                exchange(&mut s.county, &mut s.first);
                restored.act(|txn| txn.update(s.ours.person, &crate::common::person("张乙")));
                restored.wall.set(s.county.wall.get() + 60_000);
                restored.down(A).bytes
            },
            End::Kept(|scene| {
                let reading = scene.first.store.read();
                let feed = scene.feed().id;
                assert!(!reading.forks(&feed).unwrap().is_empty(), "it was noticed");
                let heads: Vec<Head> = reading.heads().unwrap().into_iter().filter(|head| head.log == feed).collect();
                assert_eq!(heads.len(), 2, "both branches are kept");
                let names = reading.conflicts_of(PERSON, scene.ours.person).unwrap().remove(0).values;
                let names: Vec<_> = names.into_iter().map(|one| one.value).collect();
                assert!(names.contains(&text("张甲")) && names.contains(&text("张乙")), "{names:?}");
            }),
        )
        .for_a_township(),
        row(
            36,
            "two different entries under one place",
            |s| {
                let (pen, log) = (Pen::up(&s.first), s.log());
                let one = pen.more(&log, &[phone(s, "138")]);
                let other = pen.more(&log, &[phone(s, "139"), phone_again(s, "137")]);
                before(&mut s.county, &one);
                other
            },
            End::Kept(|scene| {
                let log = scene.log().id;
                let reading = scene.county.store.read();
                assert_eq!(reading.forks(&log).unwrap(), [2], "it was noticed");
                let kept = reading.entries_after(&log, 1, 10).unwrap();
                let kept: Vec<_> = kept.iter().map(|entry| (entry.seq, entry.status)).collect();
                assert_eq!(kept, [(2, Status::Applied), (2, Status::Applied), (3, Status::Applied)]);
                assert_eq!(reading.heads().unwrap().iter().filter(|head| head.log == log).count(), 2);
                assert_eq!(scene.side_by_side(scene.ours.person, 13), 2, "138 and 137, which replaced its own 139");
            }),
        ),
    ]
}

/// Replaces the write of the entry before it in its own branch.
fn phone_again(scene: &Scene, number: &str) -> Entry {
    let seen = DotRef::Own { seq: 2, index: 0 };
    entry(vec![set(PERSON, scene.ours.person, 13, text(number), vec![seen])])
}

/// The county revokes a PC as far as it has its log.
fn revoke(county: &mut Office, office: &Office) {
    let (trust, keys) = (county.trust(), mingbai_sync::DeviceKeys::load(&office.store).unwrap());
    let log = office.store.own_log().unwrap().log;
    let revocation = mingbai_bundle::Revocation {
        county: trust.county(),
        number: trust.next_revocation(),
        serial: trust.signer(keys.signing.id()).unwrap().serial,
        cuts: vec![county.store.read().log(&log).unwrap().unwrap().head],
        reason: "被盗".into(),
    };
    let ops = mingbai_sync::CountyKeys::ops(&county.store).unwrap();
    let trust = trust.revoke(&ops, revocation).unwrap();
    mingbai_sync::keys::save_trust(&mut county.store, &trust).unwrap();
}
