//! 41, 42, 44 and 45: ids that clash, names of files, words meant for other programs, parts of a bundle.

use mingbai_domain::catalogue::{Household, Membership, Person, Record};
use mingbai_ledger::{Entry, EntryRef};

use super::authority::says;
use super::pen::{Pen, entry, id, set, text};
use super::scene::Scene;
use super::{End, Row, row};
use crate::common::{A, exchange};

const PERSON: u16 = Person::TYPE.id;

/// Words that are commands elsewhere: to a database, a spreadsheet, a shell, a page, a terminal.
const WORDS: [&str; 12] = [
    "'; drop table person; --",
    "\" or 1=1 --",
    "%' union select value from secret --",
    "=HYPERLINK(\"http://198.51.100.7/\",\"点这里\")",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "张\u{202e}三\u{0007}",
    "a\u{0}b",
];

/// Every one of these words as the name of somebody new in the township's own village.
fn named(scene: &mut Scene) -> Vec<u8> {
    for (number, words) in (100..).zip(WORDS) {
        let person = super::pen::fresh(number);
        scene.first.forge(vec![set(PERSON, person, 1, text(words), vec![])], None);
    }
    scene.first.up().bytes
}

/// Taken in under this name, a file is what it is; turned away, it is listed under it. Nothing is opened, made or moved.
const FILE_NAMES: [&str; 9] = [
    "../../../../etc/passwd",
    "..\\..\\Windows\\System32\\x.mbx",
    "/dev/sda",
    "CON",
    "NUL.mbx",
    "COM1.mbx.txt",
    "MBU-\u{202e}xbm.exe",
    "a\u{0}b.mbx",
    "",
];

fn listed(scene: &mut Scene) {
    let long = "长".repeat(85);
    for name in FILE_NAMES.into_iter().chain([long.as_str()]) {
        let rubbish = name.as_bytes();
        let before = std::fs::read_dir(scene.county.directory.path()).unwrap().count();
        let refusal = scene.county.with(|store, author| mingbai_sync::accept(store, author, rubbish, name));
        assert!(refusal.is_err());
        assert_eq!(scene.county.store.read().quarantined(1).unwrap()[0].file_name, name);
        assert_eq!(std::fs::read_dir(scene.county.directory.path()).unwrap().count(), before);
    }
    for exported in [scene.county.down(A).name, scene.first.up().name] {
        let plain = exported.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        assert!(plain && exported.len() <= 32 && exported.starts_with("MB"), "{exported}");
    }
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            41,
            "a person registered under the id of another township's",
            |s| {
                let stay = [(1, id(s.ours.household)), (2, id(s.theirs.person))];
                let mut ops = vec![set(PERSON, s.theirs.person, 1, text("张三"), vec![])];
                ops.extend(stay.map(|(f, value)| set(Membership::TYPE.id, super::pen::fresh(8), f, value, vec![])));
                says(s, ops)
            },
            End::Refused("人不在该单位辖区内"),
        ),
        row(
            41,
            "the id of another township's stay",
            |s| says(s, vec![set(Membership::TYPE.id, s.theirs.membership, 2, id(s.ours.person), vec![])]),
            End::Refused("户内成员不在该单位辖区内"),
        ),
        row(
            41,
            "a household under the id of another township's person",
            |s| says(s, vec![set(Household::TYPE.id, s.theirs.person, 3, text("一组"), vec![])]),
            End::Kept(|scene| {
                assert_eq!(scene.county.name(scene.theirs.person).as_deref(), Some("王五"), "two tables, two records");
                let household = scene.county.store.read().get::<Household>(scene.theirs.person).unwrap();
                assert_eq!(household.unwrap().record.village_group.as_deref(), Some("一组"));
            }),
        ),
        row(
            41,
            "two townships draw the same id for somebody who lives nowhere yet",
            |s| {
                let drawn = super::pen::fresh(9);
                s.second.forge(vec![set(PERSON, drawn, 1, text("王七"), vec![])], None);
                exchange(&mut s.county, &mut s.second);
                says(s, vec![set(PERSON, drawn, 1, text("张七"), vec![])])
            },
            End::Refused("人是别的单位登记的，只有它和县里能改"),
        ),
        row(
            41,
            "a later entry that takes the second township's name for its own",
            |s| {
                // Having seen theirs is no right to replace it.
                let log = s.second.store.own_log().unwrap().log;
                let stored = s.county.store.read().entries_after(&log, 0, 1).unwrap().remove(0);
                let refs = vec![EntryRef { log, seq: 1, hash: stored.hash.prefix() }];
                let seen = mingbai_ledger::DotRef::Foreign { reference: 0, index: 2 };
                let ops = vec![set(PERSON, s.ours.person, 1, text("张八"), vec![seen])];
                Pen::up(&s.first).more(&s.log(), &[Entry { refs, ..entry(ops) }])
            },
            End::Kept(|scene| {
                assert_eq!(scene.county.name(scene.theirs.person).as_deref(), Some("王五"));
                assert_eq!(scene.side_by_side(scene.ours.person, 1), 2);
            }),
        ),
        row(42, "names of files that are paths, devices, too long or written backwards", |s| s.first.up().bytes, {
            End::Kept(listed)
        }),
        row(
            44,
            "names that are commands to a database, a spreadsheet or a page",
            named,
            End::Kept(|scene| {
                for (number, words) in (100..).zip(WORDS) {
                    let person = super::pen::fresh(number);
                    assert_eq!(scene.county.name(person).as_deref(), Some(words), "kept letter by letter");
                    let hits = scene.county.store.read().search(words, 100).unwrap();
                    assert!(hits.iter().all(|hit| hit.record != scene.theirs.person), "{words} finds others");
                }
                assert_eq!(scene.county.name(scene.theirs.person).as_deref(), Some("王五"));
            }),
        ),
        row(
            44,
            "the same words where a file says its program, its reason and its operator",
            |s| {
                let (pen, log) = (Pen::up(&s.first), s.log());
                let roster = mingbai_ledger::Op::Roster {
                    operator: super::pen::fresh(7),
                    name: WORDS[0].into(),
                    role: WORDS[3].into(),
                };
                let why = mingbai_ledger::Why { action: WORDS[1].into(), reason: Some(WORDS[8].into()) };
                let seen = mingbai_ledger::DotRef::Own { seq: 1, index: 2 };
                let ops = vec![set(PERSON, s.ours.person, 1, text("张四"), vec![seen]), roster];
                let said = Entry { why, actor: 1, ..entry(ops) };
                let range = pen.range(log.genesis.as_ref().unwrap(), log.head, &[said]);
                pen.file(vec![range], |draft| draft.app = "'; drop table entry; --")
            },
            End::Kept(|scene| {
                let history = scene.county.store.read().history(PERSON, scene.ours.person).unwrap();
                let last = history.iter().find(|item| item.action == WORDS[1]).unwrap();
                assert_eq!((last.author.name.as_deref(), last.reason.as_deref()), (Some(WORDS[0]), Some(WORDS[8])));
            }),
        ),
        row(
            45,
            "the second of two parts, the first of which never comes",
            |s| Pen::up(&s.first).file(Vec::new(), |draft| draft.part = (2, 2)),
            End::Idle,
        ),
        row(
            45,
            "two files that both claim to be the second of two parts",
            |s| {
                let part = |s: &Scene, app: &'static str| {
                    Pen::up(&s.first).file(Vec::new(), |draft| (draft.part, draft.app) = ((2, 2), app))
                };
                let (one, other) = (part(s, "0.1.0"), part(s, "0.1.1"));
                s.county.try_take(&one).unwrap();
                other
            },
            End::TurnedAway("PARTS_DIFFER"),
        ),
    ]
}
