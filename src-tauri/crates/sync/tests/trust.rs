//! Revoked PCs and roots, below the command table: what only somebody with a stolen key could write.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use chrono::NaiveDate;
use common::{A, Office, count, exchange, family, places};
use mingbai_bundle::Rejection;
use mingbai_domain::catalogue::{Device, Operator, Person};
use mingbai_sync::devices::{Retirement, enter_record, pcs, retire};
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
    for approved in [&certificate, &twice.0] {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        county.act(|txn| enter_record(txn, approved, today));
    }
    assert_eq!(count::<Device>(&county), 1, "one PC in the register");
    enrol::accept(&mut first.store, &file, "").unwrap();
    let renamed = Operator { name: Some("王玉梅".into()), ..Operator::default() };
    first.act(|txn| txn.update(operator, &renamed));
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.unapplied, 0);
    assert_eq!(county.store.read().get::<Operator>(operator).unwrap().unwrap().record, renamed);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
    let theirs = second.with(rekey::request).unwrap();
    assert_ne!(theirs.renews(), Some(certificate.serial));
}
