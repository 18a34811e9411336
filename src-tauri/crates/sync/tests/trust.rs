//! Revoked PCs and roots, below the command table: what only somebody with a stolen key could write.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use chrono::NaiveDate;
use common::{A, B, Office, count, exchange, family, places, renewed};
use mingbai_bundle::{Rejection, TrustFault};
use mingbai_domain::catalogue::{Operator, Person};
use mingbai_sync::devices::{Retirement, pcs, retire};
use mingbai_sync::roots::{self, Change};
use mingbai_sync::{SyncError, confirmed, enrol, rekey};

fn retired(county: &mut Office, serial: u64) {
    let why = Retirement { stolen: false, reason: "停用", typed: "" };
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    county.with(|store, author| retire(store, author, serial, why, today)).unwrap();
}

fn serial(county: &Office, area: &str) -> u64 {
    county.trust().certificates().find(|pc| pc.area == area).unwrap().serial
}

#[test]
fn a_thief_cannot_slip_another_branch_in_below_the_cut() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    let mut thief = first.copy();
    for name in ["李四", "王五", "赵六"] {
        family(&mut first, A, name);
    }
    let early = first.up();
    exchange(&mut county, &mut first);
    let serial = serial(&county, A);
    retired(&mut county, serial);
    // The copy's log is shorter than the cut, and every entry of it is well signed.
    family(&mut thief, A, "冒名");
    let bundle = thief.up();
    let before = (count::<Person>(&county), county.store.own_log().unwrap());
    let refusal = county.try_take(&bundle.bytes).unwrap_err();
    assert!(matches!(refusal, SyncError::Rejected(Rejection::Revoked(_))), "{refusal}");
    assert_eq!((count::<Person>(&county), county.store.own_log().unwrap()), before);
    assert_eq!(county.store.read().quarantined(10).unwrap()[0].code, "REVOKED");
    // What the real PC had sent before is known, and stays a duplicate.
    let taken = county.take(&early);
    assert_eq!((taken.ingested.new, taken.ingested.duplicate, taken.already), (0, taken.entries, false));
}

#[test]
fn what_a_revoked_pc_says_it_has_is_not_believed() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    let early = first.up();
    let up = first.up();
    county.take(&up);
    let serial = serial(&county, A);
    let spoke = |county: &Office| pcs(&county.store).unwrap().into_iter().find(|pc| pc.certificate.serial == serial);
    let contact = spoke(&county).unwrap().contact;
    assert!(contact.is_some());
    retired(&mut county, serial);
    assert_eq!(county.take(&early).ingested.new, 0);
    assert_eq!(spoke(&county).unwrap().contact, contact);
    assert!(spoke(&county).unwrap().revocation.is_some());
}

#[test]
fn what_the_county_knows_to_be_missing_of_a_pc_is_counted() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let known = county.copy();
    family(&mut first, A, "李四");
    exchange(&mut county, &mut first);
    // Only the later of two bundles arrives at a county restored from a backup.
    let mut restored = known;
    family(&mut first, A, "王五");
    let up = first.up();
    restored.take(&up);
    let pc = pcs(&restored.store).unwrap().into_iter().find(|pc| pc.certificate.area == A).unwrap();
    assert!(pc.missing > 0, "{pc:?}");
}

#[test]
fn a_pc_whose_entries_are_known_to_be_missing_is_retired_once_they_have_come_or_under_its_name() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    let mut restored = county.copy();
    exchange(&mut county, &mut first);
    family(&mut first, A, "李四");
    // It believes the county to have its first family, and hands over the second alone.
    let taken = restored.take(&first.up());
    assert!(taken.ingested.held > 0, "{:?}", taken.ingested);
    let serial = serial(&restored, A);
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let end = |typed| Retirement { stolen: false, reason: "报废", typed };
    let mut named = restored.copy();
    let refusal = restored.with(|store, author| retire(store, author, serial, end(""), today)).unwrap_err();
    assert!(matches!(refusal, SyncError::StillMissing { missing: 1.., .. }), "{refusal}");
    assert!(restored.trust().revocation(serial).is_none());
    let down = restored.down(A);
    first.take(&down);
    restored.take(&first.up());
    retired(&mut restored, serial);
    assert_eq!(count::<Person>(&restored), 2);
    // Of one that is broken nothing more can come.
    named.with(|store, author| retire(store, author, serial, end("前台"), today)).unwrap();
    assert!(named.trust().revocation(serial).is_some());
}

#[test]
fn a_pc_with_new_keys_still_changes_its_own_operators_and_a_stranger_cannot_ask_for_it() {
    let (mut county, mut first, mut second) = places();
    let operator = first.act(|txn| txn.insert(None, &Operator { name: Some("王".into()), ..Operator::default() }));
    exchange(&mut county, &mut first);
    let request = first.with(rekey::request).unwrap();
    let (certificate, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    assert_eq!(certificate.renews, Some(serial(&county, A)));
    // Asked again after it was granted, the old certificate is no longer there to end.
    let twice = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    assert_eq!(twice.0.serial, certificate.serial, "the same request, the same certificate");
    first.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
    let renamed = Operator { name: Some("王玉梅".into()), ..Operator::default() };
    first.act(|txn| txn.update(operator, &renamed));
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.unapplied, 0);
    assert_eq!(county.store.read().get::<Operator>(operator).unwrap().unwrap().record, renamed);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
    let theirs = second.with(rekey::request).unwrap();
    assert_ne!(theirs.renews(), Some(certificate.serial));
}

#[test]
fn a_county_restored_to_before_a_pc_joined_hears_that_pc_all_the_same() {
    let mut county = Office::county();
    let mut restored = county.copy();
    let mut first = Office::township(&mut county, 2, A);
    let kept = family(&mut first, A, "张三").person;
    let up = first.up();
    assert_eq!(restored.take(&up).ingested.counts()[1..], [0; 4]);
    assert_eq!(restored.name(kept).as_deref(), Some("张三"));
    // It knows the PC from now on, and answers it.
    let down = restored.down(A);
    first.take(&down);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn the_epoch_a_restored_county_begins_while_it_takes_a_bundle_in_lasts() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let mut restored = county.copy();
    // In the time that is lost the county certifies a PC.
    let lost = Office::township(&mut county, 7, A).trust();
    family(&mut first, A, "李四");
    exchange(&mut county, &mut first);
    let epoch = restored.trust().epoch();
    restored.wall.set(county.wall.get() + 60_000);
    first.take(&restored.down(A));
    let up = first.up();
    restored.take(&up);
    assert!(restored.trust().epoch() > epoch);
    // What it certifies now does not meet the number it has forgotten.
    let again = Office::township(&mut restored, 8, B).trust();
    let newest = |trust: &mingbai_bundle::TrustStore| trust.certificates().last().unwrap().serial;
    assert!(newest(&again) > newest(&lost), "{} {}", newest(&again), newest(&lost));
    first.take(&restored.down(A));
}

#[test]
fn however_often_a_county_was_restored_its_townships_still_follow_it() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    for _ in 0..30 {
        county.with(mingbai_sync::renew::renew).unwrap();
    }
    let later = Office::township(&mut county, 9, B);
    assert!(later.trust().certificates().last().unwrap().serial > 20_000);
    first.take(&county.down(A));
    assert_eq!(first.trust(), county.trust());
}

#[test]
fn a_pc_retired_by_mistake_joins_anew_and_goes_on() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let known = serial(&county, A);
    retired(&mut county, known);
    // It writes on and does not know. The county takes nothing of it.
    family(&mut first, A, "李四");
    let refusal = county.try_take(&first.up().bytes).unwrap_err();
    assert!(matches!(refusal, SyncError::Rejected(Rejection::Revoked(_))), "{refusal}");
    let late = family(&mut first, A, "赵六").person;
    // It asks for new keys, and is told apart from a new PC by nothing but its words.
    let asked = first.with(rekey::request).unwrap();
    let waiting = family(&mut first, A, "王五").person;
    let (certificate, file) = enrol::approve(&mut county.store, &asked, &asked.words()).unwrap();
    assert_eq!(certificate.renews, None);
    first.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
    let up = first.up();
    county.take(&up);
    assert_eq!(county.name(waiting).as_deref(), Some("王五"));
    assert_eq!(county.name(late).as_deref(), Some("赵六"), "what it wrote before it heard of it");
    first.take(&county.down(A));
    assert!(county.store.verify().unwrap().is_sound());
}

#[test]
fn keys_that_a_log_has_begun_with_are_never_thrown_away() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let renewal = first.with(rekey::request).unwrap();
    let waiting = family(&mut first, A, "李四").person;
    // The county retires the PC meanwhile, and the clerk asks in every way there is.
    let known = serial(&county, A);
    retired(&mut county, known);
    let plain = first.ask();
    assert_eq!(plain.facts().signing, renewal.facts().signing);
    let again = first.with(rekey::request).unwrap();
    assert_eq!(again.facts().signing, renewal.facts().signing);
    let (_, file) = enrol::approve(&mut county.store, &again, &again.words()).unwrap();
    first.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
    county.take(&first.up());
    assert_eq!(county.name(waiting).as_deref(), Some("李四"));
}

#[test]
fn a_pc_that_asks_for_the_whole_county_is_not_let_in_as_a_township() {
    let (mut county, mut first, _) = places();
    for area in ["159901", "159902201"] {
        first.area = area.to_owned();
        let request = first.ask();
        let asked = enrol::approve(&mut county.store, &request, &request.words());
        assert!(matches!(&asked, Err(SyncError::OutsideCounty(said)) if said == area), "{asked:?}");
    }
}

#[test]
fn a_county_restored_to_before_a_change_of_its_key_takes_in_what_its_townships_bring() {
    let (mut county, mut first, _) = places();
    exchange(&mut county, &mut first);
    let mut restored = county.copy();
    county.with(|store, author| roots::propose(store, author, Change::Operations)).unwrap();
    let kept = family(&mut first, A, "张三").person;
    exchange(&mut county, &mut first);
    restored.wall.set(county.wall.get() + 60_000);
    for _ in 0..2 {
        exchange(&mut restored, &mut first);
    }
    assert_eq!(restored.name(kept).as_deref(), Some("张三"));
    assert_eq!(restored.trust().root().version, 2);
}

#[test]
fn a_county_that_gave_one_number_to_two_pcs_knows_both_once_it_has_made_a_new_key() {
    let (mut county, mut first, _) = places();
    exchange(&mut county, &mut first);
    let mut restored = county.copy();
    let lost = Office::township(&mut county, 7, A);
    exchange(&mut county, &mut first);
    let other = Office::township(&mut restored, 8, B);
    let up = first.up();
    let refusal = restored.try_take(&up.bytes).unwrap_err();
    assert!(matches!(refusal, SyncError::Rejected(Rejection::Trust(TrustFault::Conflict))), "{refusal}");
    restored.with(|store, author| roots::propose(store, author, Change::Operations)).unwrap();
    let up = first.up();
    restored.take(&up);
    restored.wall.set(county.wall.get() + 60_000);
    first.take(&restored.down(A));
    for pc in [&lost, &other] {
        let key = mingbai_sync::DeviceKeys::load(&pc.store).unwrap().signing.id();
        assert!(restored.trust().signer(key).is_some() && first.trust().signer(key).is_some());
    }
}

#[test]
fn a_county_asked_about_a_number_it_has_forgotten_gives_one_that_nobody_had() {
    let (mut county, mut first, _) = places();
    let mut restored = county.copy();
    renewed(&mut county, &mut first);
    renewed(&mut county, &mut first);
    let request = first.with(rekey::request).unwrap();
    let (given, file) = enrol::approve(&mut restored.store, &request, &request.words()).unwrap();
    assert!(first.trust().certificates().all(|known| known.serial < given.serial), "{given:?}");
    let (again, _) = enrol::approve(&mut restored.store, &request, &request.words()).unwrap();
    assert_eq!(again, given, "asked once more, it has not forgotten again");
    first.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
    let person = family(&mut first, A, "张三").person;
    assert_eq!(exchange(&mut restored, &mut first).ingested.unapplied, 0);
    assert_eq!(restored.name(person).as_deref(), Some("张三"));
}
