//! 28 and 29: writing about other people's people, and writing what only the county writes.

use mingbai_bundle::Direction;
use mingbai_domain::Value;
use mingbai_domain::catalogue::{
    Activity, AidIdentity, Campaign, CountyList, Device, Household, Membership, Operator, Pack, PackDraft, PackReview,
    Person, Record, Village, Visit,
};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, EntryRef, Head, Op, Origin};

use super::pen::{Pen, entry, fact, fresh, id, set, text};
use super::scene::Scene;
use super::{End, Row, row};
use crate::common::B;

/// One entry of these operations behind what the county has of the hostile log.
pub(crate) fn says(scene: &Scene, ops: Vec<Op>) -> Vec<u8> {
    Pen::up(&scene.first).more(&scene.log(), &[entry(ops)])
}

/// The same, pointing to the second township's first entries under reference 0 and 1.
pub(crate) fn says_of_theirs(scene: &Scene, ops: Vec<Op>) -> Vec<u8> {
    let log = scene.second.store.own_log().unwrap().log;
    let stored = scene.county.store.read().entries_after(&log, 0, 2).unwrap();
    let refs = stored.iter().map(|one| EntryRef { log, seq: one.seq, hash: one.hash.prefix() }).collect();
    Pen::up(&scene.first).more(&scene.log(), &[Entry { refs, ..entry(ops) }])
}

const PERSON: u16 = Person::TYPE.id;
const THEIR_NAME: DotRef = DotRef::Foreign { reference: 0, index: 2 };
const THEIR_VISIT: DotRef = DotRef::Foreign { reference: 1, index: 0 };

fn head(scene: &Scene) -> Head {
    scene.log().head
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            29,
            "an empty policy pack",
            |s| {
                let (record_type, writes) = (Pack::TYPE.id, std::collections::BTreeMap::new());
                says(s, vec![Op::Set { record_type, record: fresh(8), writes }])
            },
            End::Refused("政策包只有县里能写"),
        ),
        row(
            28,
            "another township's person renamed, having seen the name",
            |s| says_of_theirs(s, vec![set(PERSON, s.theirs.person, 1, text("王六"), vec![THEIR_NAME])]),
            End::Refused("人不在该单位辖区内"),
        ),
        row(
            28,
            "another township's person written blindly",
            |s| says(s, vec![set(PERSON, s.theirs.person, 13, text("139"), vec![])]),
            End::Refused("人不在该单位辖区内"),
        ),
        row(
            28,
            "another township's person deleted",
            |s| says(s, vec![set(PERSON, s.theirs.person, 18, Value::Bool(true), vec![])]),
            End::Refused("人不在该单位辖区内"),
        ),
        row(
            28,
            "a good write and one about another township's person in one entry",
            |s| {
                let good = set(PERSON, s.ours.person, 13, text("138"), vec![]);
                says(s, vec![good, set(PERSON, s.theirs.person, 13, text("139"), vec![])])
            },
            End::Refused("人不在该单位辖区内"),
        ),
        row(
            28,
            "another township's household renumbered",
            |s| says(s, vec![set(Household::TYPE.id, s.theirs.household, 1, text("0001"), vec![])]),
            End::Refused("户不在该单位辖区内"),
        ),
        row(
            28,
            "a visit to another township's person",
            |s| says(s, vec![fact(Visit::TYPE.id, fresh(8), [(1, id(s.theirs.person))])]),
            End::Refused("随访的人不在该单位辖区内"),
        ),
        row(
            28,
            "another township's visit voided",
            |s| {
                let record_type = Visit::TYPE.id;
                says_of_theirs(s, vec![Op::Amend { record_type, record: s.visit, of: THEIR_VISIT, body: None }])
            },
            End::Refused("随访不在该单位辖区内"),
        ),
        row(
            28,
            "another township's visit rewritten to be about one's own person",
            |s| {
                let body = Some([(1, id(s.ours.person)), (11, text("无"))].into());
                says_of_theirs(
                    s,
                    vec![Op::Amend { record_type: Visit::TYPE.id, record: s.visit, of: THEIR_VISIT, body }],
                )
            },
            End::Refused("随访不在该单位辖区内"),
        ),
        row(
            28,
            "an aid identity for another township's person",
            |s| says(s, vec![set(AidIdentity::TYPE.id, fresh(8), 1, id(s.theirs.person), vec![])]),
            End::Refused("救助身份的人不在该单位辖区内"),
        ),
        row(
            28,
            "another township's person put into one's own household",
            |s| {
                let stay = [(1, id(s.ours.household)), (2, id(s.theirs.person))];
                let ops = stay.map(|(field, value)| set(Membership::TYPE.id, fresh(8), field, value, vec![]));
                says(s, ops.into())
            },
            End::Refused("户内成员的人不在该单位辖区内"),
        ),
        row(
            28,
            "one's own person put into another township's household",
            |s| says(s, vec![set(Membership::TYPE.id, s.ours.membership, 1, id(s.theirs.household), vec![])]),
            End::Refused("户内成员的户不在该单位辖区内"),
        ),
        row(
            28,
            "a village of another township made up",
            |s| says(s, vec![set(Village::TYPE.id, fresh(8), 1, text("159901202009"), vec![])]),
            End::Refused("区划代码159901202009不在该单位辖区内"),
        ),
        row(
            29,
            "two people merged by a township",
            |s| {
                let (loser, winner) = (s.theirs.person, s.ours.person);
                says(s, vec![Op::Merge { loser, winner, evidence: "同一人".into() }])
            },
            End::Refused("乡镇不能写只有县里能写的内容"),
        ),
        row(
            29,
            "a merge taken back by a township",
            |s| says(s, vec![Op::Unmerge { of: DotRef::Own { seq: 1, index: 0 } }]),
            End::Refused("乡镇不能写只有县里能写的内容"),
        ),
        row(
            29,
            "a township confirms its own log",
            |s| says(s, vec![Op::Ack { head: head(s), level: 3 }]),
            End::Refused("乡镇不能写只有县里能写的内容"),
        ),
        row(
            29,
            "a township refuses another's entry",
            |s| {
                let log = s.second.store.own_log().unwrap().log;
                let entry = Head { log, seq: 1, hash: EntryHash([7; 32]) };
                says(s, vec![Op::Refused { entry, reason: "作废".into(), later: false }])
            },
            End::Refused("乡镇不能写只有县里能写的内容"),
        ),
        row(
            29,
            "a policy pack put in force by a township",
            |s| says(s, vec![set(Pack::TYPE.id, fresh(8), 1, text("全额报销"), vec![])]),
            End::Refused("政策包只有县里能写"),
        ),
        row(
            28,
            "another township's activity written under its code",
            |s| says(s, vec![set(Activity::TYPE.id, fresh(8), 1, text(B), vec![])]),
            End::Refused("区划代码159901202不在该单位辖区内"),
        ),
        row(
            28,
            "an activity in another township's village",
            |s| {
                let read =
                    |household| s.county.store.read().get::<Household>(household).unwrap().unwrap().record.village;
                let there = read(s.theirs.household).unwrap();
                says(s, vec![set(Activity::TYPE.id, fresh(8), 2, id(there), vec![])])
            },
            End::Refused("活动的村不在该单位辖区内"),
        ),
        row(
            28,
            "another township's campaign closed",
            |s| {
                let theirs = Campaign { area: Some(B.into()), ..Campaign::default() };
                let campaign = s.county.act(|txn| txn.insert(None, &theirs));
                says(s, vec![set(Campaign::TYPE.id, campaign, 12, text("2026-10-20"), vec![])])
            },
            End::Refused("专项工作不在该单位辖区内"),
        ),
        row(
            28,
            "the whole county's campaign closed by one township",
            |s| {
                let all = Campaign { area: Some("159901".into()), ..Campaign::default() };
                let campaign = s.county.act(|txn| txn.insert(None, &all));
                says(s, vec![set(Campaign::TYPE.id, campaign, 12, text("2026-10-20"), vec![])])
            },
            End::Refused("专项工作不在该单位辖区内"),
        ),
        row(
            29,
            "a list of the county's written by a township",
            |s| says(s, vec![set(CountyList::TYPE.id, fresh(8), 2, text("30种大病"), vec![])]),
            End::Refused("县级名单与规则只有县里能写"),
        ),
        row(
            29,
            "a pack drafted by a township",
            |s| says(s, vec![set(PackDraft::TYPE.id, fresh(9), 3, text("region = \"我们自己的\""), vec![])]),
            End::Refused("政策包草稿只有县里能写"),
        ),
        row(
            29,
            "a pack's second reader invented by a township",
            |s| says(s, vec![set(PackReview::TYPE.id, fresh(10), 6, text("passed"), vec![])]),
            End::Refused("政策包复核只有县里能写"),
        ),
        row(
            29,
            "a device registered by a township",
            |s| says(s, vec![set(Device::TYPE.id, fresh(8), 1, text("后门"), vec![])]),
            End::Refused("设备只有县里能写"),
        ),
        row(
            29,
            "another PC's operator made head",
            |s| {
                let login = Operator { login: Some("xian".into()), ..Operator::default() };
                let head = s.county.act(|txn| txn.insert(None, &login));
                says(s, vec![set(Operator::TYPE.id, head, 3, text("county"), vec![])])
            },
            End::Refused("不能改别的电脑上的操作员"),
        ),
        row(
            29,
            "words put into another township's mouth",
            |s| {
                let log = s.second.store.own_log().unwrap().log;
                let original = s.county.store.read().entries_after(&log, 0, 1).unwrap().remove(0);
                let origin = Origin {
                    entry: EntryRef { log, seq: original.seq, hash: original.hash.prefix() },
                    indices: vec![2],
                };
                // A directive is how a feed says that the original is the county's own word.
                let kind = EntryKind::Directive;
                let ops = vec![set(PERSON, s.theirs.person, 1, text("王六"), vec![])];
                Pen::up(&s.first).more(&s.log(), &[Entry { origin: Some(origin), kind, ..entry(ops) }])
            },
            End::Refused("乡镇不能以别人的名义写内容"),
        ),
        row(
            29,
            "a household taken back that the county moved away",
            |s| {
                let read = |s: &Scene, household| {
                    s.county.store.read().get::<Household>(household).unwrap().unwrap().record.village
                };
                let (home, there) = (read(s, s.ours.household), read(s, s.theirs.household));
                let moved = Household { village: there, ..Household::default() };
                s.county.act(|txn| txn.update(s.ours.household, &moved));
                says(s, vec![set(Household::TYPE.id, s.ours.household, 2, id(home.unwrap()), vec![])])
            },
            End::Refused("户由县里转到了别处，只有县里能再转"),
        ),
        row(
            29,
            "a township writes a bundle as the county does",
            |s| {
                let ops = vec![set(PERSON, s.ours.person, 13, text("138"), vec![])];
                Pen::up(&s.first).towards(Direction::Down).more(&s.log(), &[entry(ops)])
            },
            End::TurnedAway("NOT_AUTHORISED"),
        ),
    ]
}
