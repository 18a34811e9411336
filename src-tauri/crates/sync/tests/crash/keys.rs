//! Joining a county, changing the keys of a PC, changing the county's root.

use mingbai_bundle::EnrolmentRequest;
use mingbai_disk::{Disk, Fault};
use mingbai_domain::catalogue::Person;
use mingbai_store::{Cost, Store};
use mingbai_sync::holders::HolderFile;
use mingbai_sync::keys::{CountyKeys, KeyRing, root_key, trust};
use mingbai_sync::mark::{self, Mark};
use mingbai_sync::roots::{self, Change};
use mingbai_sync::{SyncError, enrol, rekey, renew};

use super::{Case, chances};
use crate::common::{A, B, Office, count, family, places};

const PASSWORD: &str = "baoguanren-mima";

/// Which keys a database holds, whom it believes, and what waits for signatures.
pub(crate) fn told(store: &Store) -> String {
    let ring = KeyRing::load(store).unwrap();
    let pair = |keys: &mingbai_sync::DeviceKeys| (keys.signing.public().id(), keys.decryption.id());
    let past: Vec<_> = ring.past.iter().map(pair).collect();
    let trust = trust(store).unwrap().map(|trust| trust.encode());
    let pending = roots::pending(store).unwrap().map(|root| root.to_file());
    let ops = CountyKeys::ops(store).ok().map(|key| key.public().id());
    let root = root_key(store).unwrap().map(|key| key.public().id());
    let list = roots::list(store).unwrap();
    let (current, next) = (pair(&ring.current), ring.next.as_ref().map(pair));
    format!("{current:?} {next:?} {past:?} {ops:?} {root:?} {list:?} {trust:?} {pending:?}")
}

/// A county with the files of two holders to be.
fn with_holders() -> (Office, [HolderFile; 2]) {
    let (mut county, _, _) = places();
    let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    let files = ["主任", "信息科"]
        .map(|name| county.with(|store, author| roots::add_holder(store, author, (name, PASSWORD), cost)).unwrap());
    (county, files)
}

fn sign(office: &mut Office, holder: &HolderFile) -> Result<(), SyncError> {
    let signed = office.with(|store, author| roots::sign(store, author, &holder.bytes, PASSWORD));
    signed.map(drop)
}

/// What was done already is done.
fn unless_done(done: Result<(), SyncError>) -> Result<(), SyncError> {
    match done {
        Err(SyncError::RootPending | SyncError::NoRootPending | SyncError::HolderKnown(_)) => Ok(()),
        other => other,
    }
}

#[test]
fn a_pc_has_joined_wholly_or_not_at_all() {
    let mut county = Office::county();
    let mut newcomer = Office::stranger(2, A);
    family(&mut newcomer, A, "张三");
    let request = newcomer.ask();
    let (_, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    let words = county.trust().words();
    Case::new(&newcomer, move |pc| pc.with(|store, author| enrol::accept(store, author, &file, &words)).map(drop))
        .sweep();
}

#[test]
fn a_pc_is_certified_wholly_or_not_at_all() {
    let mut county = Office::county();
    let request = Office::stranger(2, A).ask();
    let approve = |request: EnrolmentRequest| {
        move |county: &mut Office| enrol::approve(&mut county.store, &request, &request.words()).map(drop)
    };
    Case::new(&county, approve(request)).sweep();
    let mut first = Office::township(&mut county, 3, B);
    family(&mut first, B, "王五");
    let up = first.up();
    county.take(&up);
    let renewal = first.with(rekey::request).unwrap();
    Case::new(&county, approve(renewal)).sweep();
}

#[test]
fn a_pc_that_asks_for_new_keys_has_them_and_a_log_for_them_or_neither() {
    let (_, mut first, _) = places();
    family(&mut first, A, "张三");
    Case::new(&first, |first| first.with(rekey::request).map(drop)).sweep();
}

#[test]
fn new_keys_take_the_place_of_the_old_wholly_or_not_at_all_and_none_of_either_is_lost() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    let request = first.with(rekey::request).unwrap();
    family(&mut first, A, "李四");
    let (_, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    Case::new(&first, move |first| first.with(|store, author| enrol::accept(store, author, &file, "")).map(drop))
        .sweep();
}

#[test]
fn a_change_of_the_root_is_drawn_up_wholly_or_not_at_all() {
    let (county, _) = with_holders();
    let propose = |change| {
        move |county: &mut Office| {
            unless_done(county.with(|store, author| roots::propose(store, author, change)).map(drop))
        }
    };
    Case::new(&county, propose(Change::Holders(2))).sweep();
}

#[test]
fn a_change_of_the_root_that_needs_no_other_signature_is_in_force_or_was_never_drawn_up() {
    let (county, _, _) = places();
    let change =
        |county: &mut Office| county.with(|store, author| roots::propose(store, author, Change::Operations)).map(drop);
    let case = Case::new(&county, change);
    Case { repeats: true, ..case }.sweep();
}

#[test]
fn the_last_signature_under_a_new_root_counts_wholly_or_not_at_all() {
    let (mut county, [one, other]) = with_holders();
    county.with(|store, author| roots::propose(store, author, Change::Holders(2))).unwrap();
    let early = county.copy();
    sign(&mut county, &one).unwrap();
    let (last, passed) = (other.clone(), roots::pending(&county.store).unwrap().unwrap().to_file());
    Case::new(&county, move |county| unless_done(sign(county, &last))).sweep();

    // The same, signed on another PC and brought back.
    let (signed, _) = roots::countersign(&passed, &other.bytes, PASSWORD).unwrap();
    let gather = move |county: &mut Office| {
        unless_done(county.with(|store, author| roots::gather(store, author, &signed)).map(drop))
    };
    Case::new(&county, gather).sweep();
    let given_up = Case::new(&early, |county| county.with(roots::give_up));
    Case { repeats: true, ..given_up }.sweep();
}

#[test]
fn a_holder_is_listed_wholly_or_not_at_all() {
    let (county, _) = with_holders();
    let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    let add = move |county: &mut Office| {
        let who = ("县医保局", PASSWORD);
        unless_done(county.with(|store, author| roots::add_holder(store, author, who, cost)).map(drop))
    };
    Case::new(&county, add).sweep();
}

#[test]
fn a_restored_pc_goes_on_in_a_new_log_however_often_the_power_fails_while_it_begins() {
    let (_, mut first, _) = places();
    family(&mut first, A, "张三");
    mark::restored(&mut first.store).unwrap();
    let old = first.store.own_log().unwrap();
    let begin = |pc: &mut Office| {
        if mark::moved(&pc.store, b"here", None)?.is_some() {
            pc.with(renew::renew)?;
        }
        Ok::<_, SyncError>(mark::settle(&mut pc.store, b"here", true)?)
    };
    let disk = Disk::claim();
    let mut at = 0;
    loop {
        at += 1;
        let mut pc = first.twin();
        disk.watch(pc.directory.path());
        disk.fail(at, Fault::PowerLoss);
        let _ = begin(&mut pc);
        let failed = disk.has_failed();
        let mut pc = pc.after_power_loss(|store, left| {
            drop(store);
            disk.after_power_loss(left, &mut chances(at));
            disk.mend();
        });
        begin(&mut pc).unwrap();
        let own = pc.store.own_log().unwrap();
        assert_ne!(own.log, old.log, "call {at}");
        assert_eq!(mark::moved(&pc.store, b"here", Some(&Mark(own))).unwrap(), None, "call {at}");
        assert!(pc.store.read().stands(&old).unwrap() && pc.store.verify().unwrap().is_sound(), "call {at}");
        assert_eq!(count::<Person>(&pc), 1, "call {at}");
        if !failed {
            break;
        }
    }
    assert!(at > 4, "{at} calls");
}
