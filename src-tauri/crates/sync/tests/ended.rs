//! PCs whose certificate has ended: what others have of them, what lies on several branches of their logs, what waits for
//! new keys. Most of it was first met by the simulator.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use chrono::NaiveDate;
use common::{A, Office, across, centre, count, exchange, family, person, places, renewed};
use mingbai_domain::catalogue::Person;
use mingbai_sync::devices::{Retirement, retire};
use mingbai_sync::roots::{self, Change};
use mingbai_sync::{aside, confirmed, enrol, rekey, renew};

/// The county retires the PC that writes under this key.
fn stolen(county: &mut Office, pc: &Office) {
    let key = mingbai_sync::DeviceKeys::load(&pc.store).unwrap().signing.id();
    let serial = county.trust().signer(key).unwrap().serial;
    let why = Retirement { stolen: true, reason: "被盗", typed: "前台" };
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    county.with(|store, author| retire(store, author, serial, why, today)).unwrap();
}

fn joined(county: &mut Office, pc: &mut Office) {
    let request = pc.ask();
    let (_, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    pc.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
}

#[test]
fn what_a_thief_gave_another_pc_leaves_its_tables_when_it_hears_of_the_theft_and_is_kept() {
    let (mut county, mut first, mut second) = centre();
    let known = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    stolen(&mut county, &first);
    let forged = family(&mut first, A, "冒名");
    first.act(|txn| txn.update(known.person, &person("李鬼")));
    let bundle = across(&mut first);
    second.take(&bundle);
    assert_eq!(second.name(forged.person).as_deref(), Some("冒名"), "it cannot know yet");
    let down = county.down(A);
    second.take(&down);
    assert_eq!(second.name(forged.person), None);
    assert_eq!(second.name(known.person).as_deref(), Some("张三"));
    assert!(second.store.read().counts().unwrap().unapplied >= 2, "kept for somebody to look at");
    assert!(second.store.verify().unwrap().is_sound());
    // The same when the news comes with its own certificate.
    let mut third = Office::township(&mut county, 5, A);
    exchange(&mut county, &mut third);
    assert_eq!(count::<Person>(&third), 1);
}

#[test]
fn a_pc_that_hands_on_what_a_thief_gave_it_is_heard_all_the_same() {
    let (mut county, mut first, mut second) = centre();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    stolen(&mut county, &first);
    let forged = family(&mut first, A, "冒名");
    let bundle = across(&mut first);
    second.take(&bundle);
    let own = family(&mut second, A, "李四");
    let taken = exchange(&mut county, &mut second);
    assert_eq!(taken.ingested.counts().iter().sum::<u64>(), taken.entries);
    assert!(taken.ingested.new > 0 && taken.ingested.unapplied > 0, "{:?}", taken.ingested);
    assert_eq!(county.name(own.person).as_deref(), Some("李四"));
    assert_eq!((county.name(forged.person), second.name(forged.person)), (None, None));
    assert_eq!(confirmed(second.store.read()).unwrap().pending, 0);
    // It was no thief after all: the county certifies the PC again, and everybody has what it wrote.
    joined(&mut county, &mut first);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    assert_eq!(county.name(forged.person).as_deref(), Some("冒名"));
    assert_eq!(second.name(forged.person).as_deref(), Some("冒名"));
    assert!(county.store.verify().unwrap().is_sound() && second.store.verify().unwrap().is_sound());
}

#[test]
fn every_branch_of_a_restored_log_arrives_after_its_pc_changed_its_keys() {
    let (mut county, mut first, _) = centre();
    family(&mut first, A, "张三");
    let mut restored = first.copy();
    for name in ["李四", "王五", "赵六"] {
        family(&mut first, A, name);
    }
    exchange(&mut county, &mut first);
    // The PC is put back to the copy unnoticed, goes on in the same log and changes its keys before it sends.
    let late = family(&mut restored, A, "钱七");
    renewed(&mut county, &mut restored);
    let up = restored.up();
    county.take(&up);
    assert_eq!(county.name(late.person).as_deref(), Some("钱七"), "the other branch was longer");
    exchange(&mut county, &mut restored);
    assert_eq!(confirmed(restored.store.read()).unwrap().pending, 0);
    assert_eq!(count::<Person>(&county), 5);
}

#[test]
fn keys_a_log_was_begun_under_are_those_the_pc_joins_anew_with() {
    let (mut county, mut first, _) = centre();
    let asked = first.with(rekey::request).unwrap();
    let waiting = family(&mut first, A, "张三");
    // A copy of the PC was faster, and ended the certificate both had.
    let mut copy = first.copy();
    let (_, file) = enrol::approve(&mut county.store, &asked, &asked.words()).unwrap();
    copy.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
    joined(&mut county, &mut first);
    exchange(&mut county, &mut first);
    assert_eq!(county.name(waiting.person).as_deref(), Some("张三"));
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn a_pc_put_back_to_a_copy_that_joins_anew_before_it_writes_again_loses_nothing() {
    let (mut county, mut first, _) = centre();
    let unsent = family(&mut first, A, "张三");
    stolen(&mut county, &first);
    // It was not stolen: its database is put back, which begins a log, and asks to join before anything stands in that log.
    first.with(renew::renew).unwrap();
    renewed(&mut county, &mut first);
    exchange(&mut county, &mut first);
    assert_eq!(county.name(unsent.person).as_deref(), Some("张三"));
    assert_eq!(county.store.read().counts().unwrap().unapplied, 0);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn of_two_who_have_the_old_keys_only_the_one_that_joined_anew_is_heard() {
    let (mut county, mut first, mut second) = centre();
    let known = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    // Somebody has a copy of the disk. The county retires the PC; both write on under the keys they have.
    let mut thief = first.copy();
    stolen(&mut county, &first);
    let forged = family(&mut thief, A, "冒名");
    thief.act(|txn| txn.update(known.person, &person("李鬼")));
    let bundle = across(&mut thief);
    second.take(&bundle);
    exchange(&mut county, &mut second);
    let late = family(&mut first, A, "李四");
    renewed(&mut county, &mut first);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    for pc in [&mut county, &mut first, &mut second] {
        assert_eq!(pc.name(late.person).as_deref(), Some("李四"));
        assert_eq!((pc.name(forged.person), pc.name(known.person).as_deref()), (None, Some("张三")));
        assert!(pc.store.verify().unwrap().is_sound());
    }
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn what_lay_aside_is_taken_in_once_its_pc_says_that_it_goes_on_from_there() {
    let (mut county, mut first, mut second) = centre();
    stolen(&mut county, &first);
    let late = family(&mut first, A, "李四");
    let bundle = across(&mut first);
    second.take(&bundle);
    exchange(&mut county, &mut second);
    assert_eq!(county.name(late.person), None, "a thief may have written it");
    renewed(&mut county, &mut first);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    assert_eq!(county.name(late.person).as_deref(), Some("李四"));
    assert_eq!(second.name(late.person).as_deref(), Some("李四"));
    // Stolen once more, and now in earnest: what the county had by then stays.
    stolen(&mut county, &first);
    exchange(&mut county, &mut second);
    assert_eq!(county.name(late.person).as_deref(), Some("李四"));
    assert_eq!(second.name(late.person).as_deref(), Some("李四"));
}

#[test]
fn what_the_county_took_in_knowingly_stays_whatever_comes_later() {
    let (mut county, mut first, mut second) = centre();
    stolen(&mut county, &first);
    let late = family(&mut first, A, "李四");
    let bundle = across(&mut first);
    second.take(&bundle);
    exchange(&mut county, &mut second);
    for one in county.store.read().aside(0, 100).unwrap().into_iter().rev() {
        county.with(|store, author| aside::adopt(store, author, &one.head, ("王主任", "本人确认"))).unwrap();
    }
    assert_eq!(county.name(late.person).as_deref(), Some("李四"));
    family(&mut second, A, "张三");
    exchange(&mut county, &mut second);
    assert_eq!(county.name(late.person).as_deref(), Some("李四"));
    assert_eq!(second.name(late.person).as_deref(), Some("李四"), "it is the county's word now");
}

#[test]
fn who_has_the_citizen_id_of_somebody_merged_is_still_listed_beside_the_one() {
    let (mut county, ..) = places();
    let id = |id: &str| Person { citizen_id: Some(id.into()), ..Person::default() };
    let add = |county: &mut Office, person: Person| county.act(|txn| txn.insert(None, &person));
    let (one, wrong, third) = (
        add(&mut county, id("159901195304120016")),
        add(&mut county, id("15990119530412002x")),
        add(&mut county, id("15990119530412002X")),
    );
    assert_eq!(county.store.read().duplicates().unwrap().len(), 1);
    county.act(|txn| txn.merge(wrong, one, "同一人"));
    let listed = county.store.read().duplicates().unwrap();
    let pair = [listed[0].record.1, listed[0].other.unwrap()];
    assert!(listed.len() == 1 && pair.contains(&one) && pair.contains(&third), "{listed:?}");
    county.act(|txn| txn.merge(third, one, "同一人"));
    assert_eq!(county.store.read().duplicates().unwrap(), []);
}

#[test]
fn what_a_stolen_pc_had_sent_comes_back_to_a_restored_county_from_its_neighbour() {
    let (mut county, mut first, mut second) = centre();
    let mut restored = county.copy();
    let kept = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let beyond = family(&mut first, A, "李四");
    let bundle = across(&mut first);
    second.take(&bundle);
    stolen(&mut county, &first);
    exchange(&mut county, &mut second);
    restored.wall.set(county.wall.get() + 60_000);
    for _ in 0..2 {
        exchange(&mut restored, &mut second);
    }
    for pc in [&mut restored, &mut second] {
        assert_eq!(pc.name(kept.person).as_deref(), Some("张三"));
        assert_eq!(pc.name(beyond.person), None, "written after the theft was told");
        assert!(pc.store.verify().unwrap().is_sound());
    }
}

#[test]
fn a_county_that_forgot_a_theft_hears_of_it_again_whatever_key_it_has_made_since() {
    let (mut county, first, mut second) = centre();
    let mut restored = county.copy();
    stolen(&mut county, &first);
    exchange(&mut county, &mut second);
    let key = mingbai_sync::DeviceKeys::load(&first.store).unwrap().signing.id();
    restored.wall.set(county.wall.get() + 60_000);
    restored.with(|store, author| roots::propose(store, author, Change::Operations)).unwrap();
    assert!(restored.trust().revocations().next().is_none());
    exchange(&mut restored, &mut second);
    for pc in [&restored, &second] {
        let trust = pc.trust();
        assert_eq!(trust.root().version, 2);
        assert!(trust.revocation(trust.signer(key).unwrap().serial).is_some(), "the thief is not believed again");
    }
}

#[test]
fn where_the_end_of_old_keys_never_arrives_the_neighbour_follows_the_county_and_both_take_it_in_once_it_does() {
    let (mut county, mut first, mut second) = centre();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let told = family(&mut first, A, "李四").person;
    second.take(&across(&mut first));
    let last = family(&mut first, A, "王五").person;
    // The county certifies new keys and hears where the old ones end, but not what was written up to there.
    renewed(&mut county, &mut first);
    for _ in 0..2 {
        exchange(&mut county, &mut second);
    }
    assert_eq!((county.name(told), second.name(told)), (None, None), "nothing shows yet that it leads to that end");
    for office in [&mut county, &mut second] {
        assert!(office.store.read().aside_count(None).unwrap() > 0, "kept for somebody to look at");
        assert!(office.store.verify().unwrap().is_sound());
    }
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    for person in [told, last] {
        assert!(county.name(person).is_some());
        assert_eq!(county.name(person), second.name(person));
    }
    assert!(second.store.verify().unwrap().is_sound());
}
