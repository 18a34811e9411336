//! What was received and not taken in: asked about again, taken in after all, left out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::{A, B, Family, Office, count, exchange, family, places};
use mingbai_bundle::{BundleDraft, Direction, write};
use mingbai_domain::catalogue::{Household, Membership, Person, Record};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{EntryRef, Head, Op, Origin, Write};
use mingbai_store::{LogRole, Verdict};
use mingbai_sync::aside::{self, Answer};
use mingbai_sync::{DeviceKeys, SyncError, Target, enrol, export, refused};

/// The first township writes a stay of one of its people in a household of the other.
fn overstepping(county: &mut Office, first: &mut Office, second: &mut Office) -> (Family, Family, RecordId) {
    let theirs = family(second, B, "王五");
    exchange(county, second);
    let own = family(first, A, "张三");
    let stay = Membership { household: Some(theirs.household), person: Some(own.person), ..Membership::default() };
    let stay = first.act(|txn| txn.insert(None, &stay));
    assert_eq!(exchange(county, first).ingested.unapplied, 1);
    (own, theirs, stay)
}

fn listed(office: &Office) -> Vec<Head> {
    office.store.read().aside(0, 100).unwrap().into_iter().map(|one| one.head).collect()
}

fn is_sound(office: &mut Office) -> bool {
    office.store.verify().unwrap().is_sound()
}

#[test]
fn what_the_county_takes_in_after_all_goes_to_everybody_whom_it_concerns() {
    let (mut county, mut first, mut second) = places();
    let (own, _, stay) = overstepping(&mut county, &mut first, &mut second);
    let [entry] = listed(&county)[..] else { panic!("one entry lies aside") };
    assert_eq!(refused(first.store.read()).unwrap()[0].entry, entry);
    let no_reason = county.with(|store, author| aside::adopt(store, author, &entry, ("钱", " ")));
    assert!(matches!(no_reason, Err(SyncError::NoReasonGiven)));
    let by_a_township = first.with(|store, author| aside::adopt(store, author, &entry, ("张", "要")));
    assert!(by_a_township.is_err());

    let answer = county.with(|store, author| aside::adopt(store, author, &entry, ("钱", "人已搬去"))).unwrap();
    assert_eq!((answer, listed(&county)), (Answer::Taken, vec![]));
    let note = county.store.read().own_actions("aside_adopt", 1).unwrap().remove(0);
    assert!(note.reason.is_some_and(|reason| reason.starts_with("人已搬去")), "the decision is an entry");
    exchange(&mut county, &mut first);
    assert_eq!(refused(first.store.read()).unwrap(), [], "its author is told");
    exchange(&mut county, &mut second);
    assert_eq!(count::<Membership>(&second), 2, "and the township into which it reaches has it");
    assert_eq!(second.name(own.person).as_deref(), Some("张三"), "with the person who moved in");
    let held = |office: &Office| office.store.read().values(Membership::TYPE.id, stay).unwrap();
    assert_eq!((held(&second), held(&first)), (held(&county), held(&county)));
    for office in [&mut county, &mut first, &mut second] {
        assert!(is_sound(office));
    }
    let again = county.with(|store, author| aside::adopt(store, author, &entry, ("钱", "又")));
    assert!(matches!(again, Err(SyncError::NoSuchAside)), "once is enough");
}

#[test]
fn asking_again_takes_in_what_has_become_allowed_and_says_why_not_otherwise() {
    let (mut county, mut first, mut second) = places();
    let (_, theirs, stay) = overstepping(&mut county, &mut first, &mut second);
    let entry = listed(&county)[0];
    let answer = county.with(|store, author| aside::retry(store, author, &entry)).unwrap();
    assert_eq!(answer, Answer::Aside("户内成员的户不在该单位辖区内".to_owned()));
    assert_eq!(listed(&county), [entry]);
    // The county moves the household into the township that wrote about it too early.
    let home = common::family(&mut first, A, "李四").household;
    exchange(&mut county, &mut first);
    let village = county.store.read().get::<Household>(home).unwrap().unwrap().record.village;
    county.act(|txn| {
        let record = txn.read().get::<Household>(theirs.household)?.unwrap().record;
        txn.update(theirs.household, &Household { village, ..record })
    });
    let answer = county.with(|store, author| aside::retry(store, author, &entry)).unwrap();
    assert_eq!((answer, listed(&county)), (Answer::Taken, vec![]));
    assert!(county.store.read().values(Membership::TYPE.id, stay).unwrap().is_some());
    exchange(&mut county, &mut first);
    assert_eq!(refused(first.store.read()).unwrap(), []);
    assert!(is_sound(&mut county) && is_sound(&mut first));
    let gone = county.with(|store, author| aside::retry(store, author, &entry));
    assert!(matches!(gone, Err(SyncError::NoSuchAside)));
}

#[test]
fn what_somebody_left_out_with_a_reason_is_listed_no_more_and_stays_kept() {
    let (mut county, mut first, mut second) = places();
    overstepping(&mut county, &mut first, &mut second);
    let entry = listed(&county)[0];
    let log = entry.log;
    assert_eq!(county.store.read().aside_count(Some(&log)).unwrap(), 1);
    let no_reason = county.with(|store, author| aside::leave_out(store, author, &entry, ("钱", "")));
    assert!(matches!(no_reason, Err(SyncError::NoReasonGiven)));
    county.with(|store, author| aside::leave_out(store, author, &entry, ("钱", "登错了户"))).unwrap();
    assert_eq!((listed(&county), county.store.read().aside_count(None).unwrap()), (vec![], 0));
    let note = county.store.read().own_actions("aside_leave", 1).unwrap().remove(0);
    assert!(note.reason.is_some_and(|reason| reason.starts_with("登错了户；不采用")));
    assert_eq!(county.store.read().unadopted(&log).unwrap().len(), 1, "kept");
    exchange(&mut county, &mut first);
    assert_eq!(refused(first.store.read()).unwrap().len(), 1, "its author still sees it");
    let gone = county.with(|store, author| aside::leave_out(store, author, &entry, ("钱", "再")));
    assert!(matches!(gone, Err(SyncError::NoSuchAside)));
}

#[test]
fn nobody_takes_in_what_is_written_in_anothers_name() {
    let (mut county, mut first, mut second) = places();
    let theirs = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    let log = second.store.own_log().unwrap().log;
    let original = second.store.read().entries_after(&log, 0, 1).unwrap().remove(0);
    let origin = Origin { entry: EntryRef { log, seq: 1, hash: original.hash.prefix() }, indices: vec![2] };
    let write = Write { value: Value::Text("王六".into()), base: Vec::new() };
    let (record_type, record) = (Person::TYPE.id, theirs.person);
    first.forge(vec![Op::Set { record_type, record, writes: BTreeMap::from([(1, write)]) }], Some(origin));
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 1);
    let entry = listed(&county)[0];
    let answer = county.with(|store, author| aside::adopt(store, author, &entry, ("钱", "看着没错")));
    assert!(matches!(answer, Err(SyncError::InAnothersName)), "{answer:?}");
    let again = county.with(|store, author| aside::retry(store, author, &entry)).unwrap();
    assert_eq!(again, Answer::Aside("乡镇不能以别人的名义写内容".to_owned()));
    assert_eq!((listed(&county), county.name(theirs.person).as_deref()), (vec![entry], Some("王五")));
    county.with(|store, author| aside::leave_out(store, author, &entry, ("钱", "冒名"))).unwrap();
    assert_eq!(listed(&county), []);
}

/// How often the county has said something of entries it did not take in.
fn words(county: &Office) -> usize {
    let mut said = 0;
    for log in county.store.read().logs().unwrap().into_iter().filter(|log| log.role == LogRole::Feed) {
        for stored in county.store.read().entries_after(&log.id, 0, 1000).unwrap() {
            said += stored.decode().unwrap().ops.iter().filter(|op| matches!(op, Op::Refused { .. })).count();
        }
    }
    said
}

#[test]
fn what_is_refused_again_after_it_was_taken_in_is_told_again_and_once() {
    let (mut county, mut first, mut second) = places();
    overstepping(&mut county, &mut first, &mut second);
    let entry = listed(&county)[0];
    let told = |office: &Office| refused(office.store.read()).unwrap().len();
    assert_eq!((told(&first), words(&county)), (1, 1));
    county.act(|txn| txn.retry_refused(&|_, _, _| Verdict::Apply));
    exchange(&mut county, &mut first);
    assert_eq!((told(&first), words(&county)), (0, 2));
    let end = Head { seq: entry.seq - 1, ..entry };
    let set = county.act(|txn| txn.set_aside(&entry.log, &[end], "停用之后写的")) as usize;
    for _ in 0..2 {
        exchange(&mut county, &mut first);
        assert_eq!((told(&first), words(&county)), (set, 2 + set));
    }
    county.act(|txn| txn.retry_refused(&|_, _, _| Verdict::Apply));
    exchange(&mut county, &mut first);
    assert_eq!((told(&first), words(&county)), (0, 2 + 2 * set));
}

#[test]
fn what_builds_on_something_refused_is_refused_whatever_the_clocks_say() {
    let (mut county, mut first, mut second) = places();
    let mut neighbour = Office::township(&mut county, 4, A);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut neighbour);
    let theirs = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    // Its clock is ten years ahead.
    first.wall.set(first.wall.get() + 10 * 365 * 24 * 3600 * 1000);
    let guest = first.act(|txn| {
        let guest = txn.insert(None, &common::person("赵六"))?;
        let stay = Membership { household: Some(theirs.household), person: Some(guest), ..Membership::default() };
        txn.insert(None, &stay)?;
        Ok(guest)
    });
    let across = first.with(|store, author| export(store, author, Target::Siblings, None)).unwrap();
    neighbour.take(&across);
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 1);
    neighbour.act(|txn| txn.update(guest, &Person { phone: Some("13900000001".into()), ..common::person("赵六") }));
    assert_eq!(exchange(&mut county, &mut neighbour).ingested.unapplied, 1);
    assert_eq!(county.store.read().get::<Person>(guest).unwrap(), None, "no nameless person");
    let again = county.act(|txn| txn.retry_refused(&|_, _, _| Verdict::Apply));
    assert_eq!((again.new, county.name(guest).as_deref()), (2, Some("赵六")));
}

/// What a PC sends that says nothing of its own certificate.
fn unintroduced(from: &Office, county: &Office) -> Vec<u8> {
    let (keys, trust) = (DeviceKeys::load(&from.store).unwrap(), county.trust());
    let draft = BundleDraft {
        direction: Direction::Up,
        county: trust.county(),
        sender: &keys.signing,
        recipients: &[trust.root().sealing_key],
        bundle_no: 1,
        bundle_id: Some([7; 16]),
        part: (1, 1),
        app: "0.1.0",
        schema: 1,
        wall_ms: 0,
        hlc: 0,
        ranges: Vec::new(),
        have: Vec::new(),
        acks: Vec::new(),
        trust: None,
        state: None,
        policies: Vec::new(),
        directives: Vec::new(),
        blobs: Vec::new(),
        snapshots: Vec::new(),
    };
    write(&draft, &mut |buffer| buffer.fill(9)).unwrap()
}

#[test]
fn a_file_of_a_sender_nobody_knew_is_one_file_and_is_due_again_once_the_trust_has_changed() {
    let (mut here, _, _) = places();
    let mut stranger = Office::stranger(9, A);
    let bundle = unintroduced(&stranger, &here);
    for _ in 0..2 {
        assert!(here.try_take(&bundle).is_err());
    }
    let rejected = |office: &Office| office.store.read().rejected().unwrap();
    assert_eq!(rejected(&here).len(), 1, "the same file once more is still one file");
    let due = aside::due(&here.store).unwrap().unwrap();
    assert_eq!(due.files.len(), 1);
    aside::tried(&mut here.store, &due).unwrap();
    assert!(aside::due(&here.store).unwrap().is_none(), "nothing has changed since");
    let request = stranger.ask();
    enrol::approve(&mut here.store, &request, &request.words()).unwrap();
    let due = aside::due(&here.store).unwrap().unwrap();
    assert_eq!(due.files.len(), 1);
    here.try_take(&bundle).unwrap();
    assert_eq!(rejected(&here), [], "it came in after all");
    let known = here.store.read().quarantined(10).unwrap();
    assert_eq!(known[0].retired, Some((String::new(), "已导入".to_owned())));

    let mut broken = bundle.clone();
    *broken.last_mut().unwrap() ^= 1;
    assert!(here.try_take(&broken).is_err());
    assert!(aside::due(&here.store).unwrap().unwrap().files.is_empty(), "a damaged file stays damaged");
    let file = rejected(&here)[0].id;
    here.with(|store, author| aside::leave_file_out(store, author, file, ("钱", "已让他们重发"))).unwrap();
    assert_eq!(rejected(&here), []);
}
