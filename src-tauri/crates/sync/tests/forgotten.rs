//! A county that was restored from a copy and made a new operations key before it had heard from everybody: whom it forgot
//! is known by what the former key certified, and whoever has that key gains nothing by it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{A, Office, across, centre, exchange, family, renewed};
use mingbai_bundle::{Certificate, Role, TrustStore};
use mingbai_sync::keys::{CountyKeys, save_trust};
use mingbai_sync::roots::{self, Change};
use mingbai_sync::{DeviceKeys, confirmed, devices, enrol, rekey};

fn new_key(county: &mut Office) {
    assert!(county.with(|store, author| roots::propose(store, author, Change::Operations)).unwrap().in_force);
}

/// The PC asks the county for what it needs and is answered.
fn asks(county: &mut Office, pc: &mut Office) {
    let request = pc.with(rekey::request).unwrap();
    let (_, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    pc.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
}

/// A county of which a copy was made before the first PC changed its keys twice, writing something under each.
fn forgetful() -> (Office, Office, Office, [mingbai_domain::RecordId; 2]) {
    let (mut county, mut first, second) = centre();
    let mut restored = county.copy();
    renewed(&mut county, &mut first);
    let early = family(&mut first, A, "张三").person;
    renewed(&mut county, &mut first);
    let late = family(&mut first, A, "李四").person;
    restored.wall.set(county.wall.get() + 60_000);
    new_key(&mut restored);
    (restored, first, second, [early, late])
}

#[test]
fn what_a_pc_wrote_under_keys_the_county_forgot_arrives_once_the_pc_has_joined_anew() {
    let (mut county, mut first, _, people) = forgetful();
    asks(&mut county, &mut first);
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.unapplied, 0);
    assert_eq!(people.map(|person| county.name(person)), ["张三", "李四"].map(|name| Some(name.to_owned())));
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
    assert_eq!(devices::unheard(&first.store).unwrap(), 0);
    assert!(!devices::waits_for_keys(first.store.read(), &first.trust()).unwrap());
    assert!(county.store.verify().unwrap().is_sound());
}

#[test]
fn what_a_neighbour_has_of_a_pc_the_county_forgot_lies_aside_until_that_pc_joins_anew() {
    let (mut county, mut first, mut second, people) = forgetful();
    second.take(&across(&mut first));
    let taken = exchange(&mut county, &mut second);
    assert!(taken.ingested.unapplied >= 2, "{:?}", taken.ingested);
    assert!(county.store.read().aside_count(None).unwrap() >= 2, "kept, for somebody to look at");
    assert_eq!(people.map(|person| county.name(person)), [None, None]);
    exchange(&mut county, &mut second);
    assert_eq!(people.map(|person| second.name(person)), [None, None], "both say the same");

    asks(&mut county, &mut first);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    for office in [&county, &second] {
        assert_eq!(people.map(|person| office.name(person)), ["张三", "李四"].map(|name| Some(name.to_owned())));
    }
    assert_eq!(county.store.read().aside_count(None).unwrap(), 0);
}

#[test]
fn who_stole_the_operations_key_and_certifies_himself_after_it_was_changed_is_not_believed() {
    let (mut county, mut first, mut second) = centre();
    let ops = CountyKeys::ops(&county.store).unwrap();
    let mut thief = Office::stranger(9, A);
    let keys = DeviceKeys::load(&thief.store).unwrap();
    let trust: TrustStore = first.trust();
    let certificate = Certificate {
        county: trust.county(),
        serial: trust.next_serial(),
        device: "前台".into(),
        unit: "卫生院".into(),
        signing: keys.signing.public(),
        sealing: keys.decryption.public(),
        area: A.into(),
        roles: vec![Role::Township],
        county_epoch: trust.epoch(),
        renews: None,
    };
    save_trust(&mut thief.store, &trust.issue(&ops, certificate).unwrap()).unwrap();
    let forged = family(&mut thief, A, "冒名").person;
    // He takes it to a PC of the centre that has not heard of the new key, and it hands it on in good faith.
    new_key(&mut county);
    second.take(&across(&mut thief));
    assert_eq!(second.name(forged).as_deref(), Some("冒名"), "it cannot know yet");
    let up = thief.up();
    assert!(county.try_take(&up.bytes).is_err(), "he does not speak to the county himself");
    exchange(&mut county, &mut second);
    exchange(&mut county, &mut first);
    for office in [&mut county, &mut first, &mut second] {
        assert_eq!(office.name(forged), None);
        assert!(office.store.verify().unwrap().is_sound());
    }
    assert!(county.store.read().aside_count(None).unwrap() > 0, "kept, and counted nowhere");
}

fn reported_stolen(county: &mut Office, serial: u64) {
    let why = devices::Retirement { stolen: true, reason: "被盗", typed: "前台" };
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    county.with(|store, author| devices::retire(store, author, serial, why, today)).unwrap();
}

#[test]
fn a_retirement_nobody_had_heard_of_is_lost_with_the_countys_database_and_made_anew_ends_the_pc_where_it_then_stands() {
    let (mut county, mut first, mut second) = centre();
    let serial = devices::own(&first.store).unwrap().unwrap().serial;
    let mut restored = county.copy();
    reported_stolen(&mut county, serial);
    let meanwhile = family(&mut first, A, "赃一").person;
    let sent = first.up();
    assert!(county.try_take(&sent.bytes).is_err(), "whoever knows of it takes nothing more in");
    restored.take(&sent);
    assert!(restored.name(meanwhile).is_some(), "nobody could tell it");
    reported_stolen(&mut restored, serial);
    let later = family(&mut first, A, "赃二").person;
    second.take(&across(&mut first));
    exchange(&mut restored, &mut second);
    assert!(restored.try_take(&first.up().bytes).is_err());
    for office in [&mut restored, &mut second] {
        assert!(office.name(meanwhile).is_some(), "what was in before the county ended it stays");
        assert_eq!(office.name(later), None, "and nothing after it");
        assert!(office.store.verify().unwrap().is_sound());
    }
}
