//! Up, down, confirmed, refused: between a county and its townships, copies and restored backups included.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{A, B, Office, count, exchange, family, person, places};
use mingbai_domain::catalogue::{Membership, Person, Record};
use mingbai_ledger::Op;
use mingbai_store::{LogRole, Status};
use mingbai_sync::{DeviceKeys, confirmed, export, held, refused};

/// An operation of a version to come: `[99, 1]`.
fn of_the_future() -> Op {
    Op::Unknown(vec![0x82, 0x18, 0x63, 0x01])
}

#[test]
fn what_the_county_refused_or_kept_for_later_is_told_to_the_township_beside_the_confirmation() {
    let (mut county, mut first, mut second) = places();
    let theirs = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    family(&mut first, A, "张三");
    let stay = first.act(|txn| {
        let stay = Membership { household: Some(theirs.household), ..Membership::default() };
        txn.insert(None, &stay)
    });
    first.forge(vec![of_the_future()], None);
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.counts(), [1, 0, 0, 1, 1]);
    let told = refused(first.store.read()).unwrap();
    let said: Vec<_> = told.iter().map(|word| (word.entry.seq, word.later, word.reason.as_str())).collect();
    assert_eq!(said, [(2, false, "户内成员的户不在该单位辖区内"), (3, true, "含有本版本不认识的操作")]);
    let state = confirmed(first.store.read()).unwrap();
    assert_eq!((state.entries, state.refused, state.pending), (1, 2, 0));
    let history = first.store.read().history(Membership::TYPE.id, stay).unwrap();
    assert!(!history[0].confirmed, "received is not taken in");
    // Once is enough, however often the county is asked.
    exchange(&mut county, &mut first);
    assert_eq!(refused(first.store.read()).unwrap(), told);
    assert!(first.store.verify().unwrap().is_sound() && county.store.verify().unwrap().is_sound());
    let theirs = refused(second.store.read()).unwrap();
    assert_eq!(theirs, [], "another township is told nothing of it");
}

#[test]
fn catching_up_after_an_upgrade_reads_what_was_kept_aside_once_for_every_version() {
    let (mut county, mut first, _) = places();
    first.forge(vec![of_the_future()], None);
    exchange(&mut county, &mut first);
    let again = county.with(mingbai_sync::catch_up).unwrap();
    assert_eq!(again.counts(), [0, 0, 0, 1, 0], "still not readable");
    let again = county.with(mingbai_sync::catch_up).unwrap();
    assert_eq!(again.counts(), [0; 5]);
    assert!(county.store.verify().unwrap().is_sound());
}

#[test]
fn a_county_restored_from_a_backup_gets_everything_again() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let mut restored = county.copy();
    let later = family(&mut first, A, "李四");
    exchange(&mut county, &mut first);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
    // The county's disk dies; from here on the backup is the county. It goes on writing the feed it had.
    restored.wall.set(county.wall.get() + 60_000);
    let down = restored.down(A);
    let taken = first.take(&down);
    assert_eq!(taken.confirmed, 0);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 1, "no longer held by the county");
    let up = first.up();
    restored.take(&up);
    assert_eq!(restored.name(later.person).as_deref(), Some("李四"));
    let down = restored.down(A);
    first.take(&down);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
    assert!(restored.store.verify().unwrap().is_sound() && first.store.verify().unwrap().is_sound());
}

#[test]
fn a_county_restored_from_a_backup_whose_clock_was_set_back_gets_everything_again() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let mut restored = county.copy();
    let later = family(&mut first, A, "李四");
    exchange(&mut county, &mut first);
    // Its bundles look older than the ones before, by its clock and by the length of its feed.
    restored.wall.set(county.wall.get() / 2);
    let down = restored.down(A);
    first.take(&down);
    let up = first.up();
    restored.take(&up);
    assert_eq!(restored.name(later.person).as_deref(), Some("李四"));
}

#[test]
fn an_older_bundle_of_the_county_does_not_take_a_confirmation_back() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let old = county.down(A);
    family(&mut first, A, "李四");
    exchange(&mut county, &mut first);
    first.take(&old);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

/// How many entries the county's one feed has.
fn feed(county: &Office) -> u64 {
    let logs = county.store.read().logs().unwrap();
    logs.into_iter().find(|log| log.own && log.role == LogRole::Feed).unwrap().head.seq
}

#[test]
fn a_feed_position_that_names_another_branch_counts_for_nothing() {
    let (mut county, mut first, _) = places();
    let name = family(&mut first, A, "张三").person;
    exchange(&mut county, &mut first);
    let mut restored = county.copy();
    // Both copies of the county's database go on writing the same feed differently.
    county.act(|txn| txn.update(name, &person("张一")));
    let down = county.down(A);
    first.take(&down);
    restored.act(|txn| txn.update(name, &person("张二")));
    restored.wall.set(county.wall.get() + 60_000);
    restored.down(A);
    let up = first.up();
    restored.take(&up);
    assert_eq!(restored.down(A).entries, feed(&restored), "all of it again");
}

#[test]
fn a_bundle_for_a_unit_of_two_pcs_begins_where_the_slower_one_stands() {
    let (mut county, mut first, _) = places();
    let mut other = Office::township(&mut county, 9, A);
    family(&mut first, A, "张三");
    let up = first.up();
    county.take(&up);
    let down = county.down(A);
    first.take(&down);
    let up = first.up();
    county.take(&up);
    let down = county.down(A);
    assert!(down.entries >= 2, "the other PC has never spoken: {}", down.entries);
    let taken = other.take(&down);
    assert_eq!(taken.ingested.held, 0);
    first.take(&down);
    for office in [&mut first, &mut other] {
        let up = office.up();
        county.take(&up);
    }
    assert_eq!(county.down(A).entries, feed(&county) - down.entries, "only what is new for both");
}

#[test]
fn approving_the_same_request_twice_gives_one_certificate_and_leaves_bundles_possible() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    let request = first.ask();
    let before = county.trust().certificates().count();
    let (one, _) = mingbai_sync::enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    let (two, file) = mingbai_sync::enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    assert_eq!((one.serial, county.trust().certificates().count()), (two.serial, before));
    assert_eq!(
        first.with(|store, author| mingbai_sync::enrol::accept(store, author, &file, "")).unwrap().serial,
        one.serial
    );
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 0);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn an_export_that_never_arrived_is_not_shown_as_confirmed() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    let sent = first.up();
    county.take(&sent);
    family(&mut first, A, "李四");
    first.up();
    let down = county.down(A);
    first.take(&down);
    let shown = |office: &Office| {
        let exports = office.store.read().exports(10).unwrap();
        exports.iter().map(|e| export::is_confirmed(office.store.read(), e).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(shown(&first), [false, true], "newest first");
    exchange(&mut county, &mut first);
    assert_eq!(shown(&first), [true, true, true]);
}

#[test]
fn an_export_leaves_a_note_that_does_not_wait_and_a_name_that_tells_nothing() {
    let (_, mut first, _) = places();
    family(&mut first, A, "张三");
    let before = confirmed(first.store.read()).unwrap().pending;
    let (one, two) = (first.up(), first.up());
    assert_eq!(confirmed(first.store.read()).unwrap().pending, before);
    let own = first.store.own_log().unwrap().log;
    let last = first.store.read().entries_after(&own, 0, 100).unwrap().pop().unwrap().decode().unwrap();
    assert_eq!(last.why.reason.as_deref(), Some("导出数据包 第2号 给云岭县"));
    for exported in [&one, &two] {
        assert!(exported.name.is_ascii() && exported.name.len() <= 32, "{}", exported.name);
    }
    let copied = first.copy().up();
    assert_ne!(two.name, copied.name);
}

#[test]
fn what_a_log_had_not_sent_before_it_was_continued_is_still_sent() {
    let (mut county, mut first, _) = places();
    let before = family(&mut first, A, "张三").person;
    let old = first.store.own_log().unwrap();
    let genesis = first.store.read().log(&old.log).unwrap().unwrap().genesis.unwrap();
    let next = mingbai_ledger::Genesis { nonce: [77; 16], continues: Some(old), ..genesis };
    first.store.rotate_log(&next).unwrap();
    let after = family(&mut first, A, "李四").person;
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.counts(), [2, 0, 0, 0, 0]);
    assert_eq!((county.name(before).as_deref(), county.name(after).as_deref()), (Some("张三"), Some("李四")));
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn two_copies_of_one_pc_are_both_kept_and_each_is_confirmed_in_its_own_branch() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let mut copy = first.copy();
    let one = family(&mut first, A, "甲").person;
    let two = family(&mut copy, A, "乙").person;
    family(&mut first, A, "丙");
    let up = first.up();
    assert!(county.take(&up).ingested.forks.is_empty());
    let up = copy.up();
    let taken = county.take(&up);
    assert_eq!(taken.ingested.forks.len() as u64, taken.ingested.new);
    assert_eq!((county.name(one).as_deref(), county.name(two).as_deref()), (Some("甲"), Some("乙")));
    let import = county.store.read().imports(1).unwrap().remove(0);
    assert_eq!(import.details.split('|').nth(2), Some(taken.ingested.forks.len().to_string().as_str()));
    let down = county.down(A);
    for office in [&mut first, &mut copy] {
        assert_eq!(confirmed(office.store.read()).unwrap().pending, if office.name(one).is_some() { 2 } else { 1 });
        // One that learns of the other goes on in a new log; what it wrote before is confirmed in the old one.
        let own = office.store.own_log().unwrap().log;
        office.take(&down);
        let acked = office.store.read().acked(&own, 2).unwrap().unwrap();
        let sent = office.store.read().entries_after(&own, acked.seq - 1, 1).unwrap().remove(0);
        assert_eq!((sent.hash, sent.status), (acked.hash, Status::Applied));
        assert!(acked.seq > 3, "{}", acked.seq);
    }
    assert_eq!(count::<Person>(&county), 4);
}

#[test]
fn a_bundle_says_the_time_of_the_log_it_carries_not_of_the_wall() {
    let (county, mut first, _) = places();
    family(&mut first, A, "张三");
    // The wall clock falls back by a day.
    first.wall.set(first.wall.get() - 86_400_000);
    let clock = first.store.clock().unwrap();
    let up = first.up();
    let keys = DeviceKeys::load(&county.store).unwrap();
    let opened = mingbai_bundle::verify_and_open(&up.bytes, &county.trust(), &keys.decryption).unwrap();
    assert_eq!(opened.manifest.hlc, clock.0);
    assert!(first.store.clock().unwrap() > clock);
}

#[test]
fn the_countys_time_shows_that_our_clock_is_slow() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    county.wall.set(county.wall.get() + 3_600_000);
    assert_eq!(held::county_offset(first.store.read()).unwrap(), None);
    let down = county.down(A);
    first.take(&down);
    let offset = held::county_offset(first.store.read()).unwrap().unwrap();
    assert!((3_590_000..3_610_000).contains(&offset), "{offset}");
}
