//! Every call by which SQLite changes a file fails once, and the power goes at every one (`sync.md` §3.4): of an import, an
//! export, a save, a new log, the tables folded again, a backup, joining a county, new keys, a new root, and opening what an
//! older version wrote. Afterwards the database opens, its pages and chains are sound, what was being done is there wholly
//! or not at all, and doing it again leads where it would have led.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/mod.rs"]
mod common;

mod keys;
mod upgrade;

use std::path::Path;

use common::{A, Office, exchange, family, person, places};
use mingbai_disk::{Disk, Fault};
use mingbai_domain::catalogue::Person;
use mingbai_ledger::Genesis;
use mingbai_sync::SyncError;

/// Calls from which on a sweep is long.
const LONG: u64 = 150;

/// What is done while the disk fails. Doing it again after it was done changes nothing that is told.
type Act = dyn Fn(&mut Office) -> Result<(), SyncError>;

/// A closed database and what is to be done with it.
struct Case {
    office: Office,
    act: Box<Act>,
    /// Whether doing it a second time leaves one more trace of itself, as an export's note.
    repeats: bool,
}

impl Case {
    fn new(office: &Office, act: impl Fn(&mut Office) -> Result<(), SyncError> + 'static) -> Self {
        Self { office: office.copy(), act: Box::new(act), repeats: false }
    }

    /// The database as it was before, in a folder of its own.
    fn fresh(&self) -> Office {
        self.office.twin()
    }

    /// What there is after it was done without a fault, and how many calls that took until the database was closed.
    fn undisturbed(&self, disk: &Disk) -> (String, u64) {
        let mut office = self.fresh();
        disk.watch(office.directory.path());
        (self.act)(&mut office).unwrap();
        let after = told(&office);
        office.close();
        (after, disk.calls())
    }

    /// Does it with a disk that fails at one call and then works again.
    fn with_a_failing_call(&self, disk: &Disk, at: u64, fault: Fault, (before, after): (&str, &str)) {
        let mut office = self.fresh();
        disk.watch(office.directory.path());
        disk.fail(at, fault);
        let done = (self.act)(&mut office);
        let what = format!("call {at} {fault:?}, answered {:?}", done.as_ref().err().map(ToString::to_string));
        let now = told(&office);
        if done.is_ok() {
            assert_eq!(now, after, "{what}");
        } else {
            assert!(disk.has_failed(), "{what}");
            self.whole_or_not(&now, (before, after), &what);
        }
        disk.mend();
        assert!(office.store.verify().unwrap().is_sound(), "{what}");
        self.again(&mut office, (before, after), &what);
    }

    /// Does it with a disk that loses power at one call; what is left is opened by another process.
    fn with_a_power_loss(&self, disk: &Disk, at: u64, (before, after): (&str, &str)) {
        let mut office = self.fresh();
        disk.watch(office.directory.path());
        disk.fail(at, Fault::PowerLoss);
        let answered = (self.act)(&mut office).is_ok();
        let reopened = office.after_power_loss(|office, left| {
            drop(office);
            let mut chance = chances(at);
            disk.after_power_loss(left, &mut chance);
            disk.mend();
        });
        let mut office = reopened;
        let what = format!("power lost at call {at}, answered {answered}");
        let found = office.store.verify().unwrap();
        assert!(found.is_sound(), "{what}: {found:?}");
        let now = told(&office);
        if answered {
            assert_eq!(now, after, "{what}: what was answered stays");
        }
        self.whole_or_not(&now, (before, after), &what);
        self.again(&mut office, (before, after), &what);
    }

    fn whole_or_not(&self, now: &str, (before, after): (&str, &str), what: &str) {
        assert!(now == before || now == after, "{what}: neither before nor after\n{now}");
    }

    fn again(&self, office: &mut Office, (before, after): (&str, &str), what: &str) {
        let stood = told(office);
        if stood == before {
            office.rewind(&self.office);
        }
        (self.act)(office).unwrap_or_else(|error| panic!("{what}: not a second time: {error}"));
        if stood == before || !self.repeats {
            assert_eq!(told(office), after, "{what}: done again");
        }
        assert!(office.store.verify().unwrap().is_sound(), "{what}: done again");
    }

    /// Once for every call.
    fn sweep(&self) {
        let disk = Disk::claim();
        let before = told(&self.fresh());
        let (after, calls) = self.undisturbed(&disk);
        assert!(calls > 3, "{calls} calls");
        // Of something long every call meets one of the two, or the tests would take minutes.
        let long = calls > LONG;
        for at in 1..=calls {
            if !long || at % 2 == 0 {
                self.with_a_power_loss(&disk, at, (&before, &after));
            }
            if !long || at % 2 == 1 {
                let fault = if at % 4 < 2 { Fault::Full } else { Fault::Broken };
                self.with_a_failing_call(&disk, at, fault, (&before, &after));
            }
        }
        println!("{calls} calls");
    }
}

/// Which sectors survive: of one power loss almost all, of the next almost none, of a third every other one.
fn chances(seed: u64) -> impl FnMut() -> bool {
    let percent = [50, 95, 5, 100, 0][(seed % 5) as usize];
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100 < percent
    }
}

/// Everything a person would find: tables, conflicts, logs, imports, exports, keys and whom they are believed by.
fn told(office: &Office) -> String {
    let reading = office.store.read();
    let digests = reading.digests().unwrap().into_iter().filter(|row| row.1 > 0);
    let digests: Vec<_> = digests.map(|(table, rows, sum)| (table, rows, sum.to_bytes())).collect();
    let heads: Vec<_> = reading.heads().unwrap();
    let imports: Vec<_> = reading.imports(1000).unwrap().into_iter().map(|one| (one.bundle, one.counts)).collect();
    let exports: Vec<_> =
        reading.exports(1000).unwrap().into_iter().map(|one| (one.bundle, one.entries, one.recipient)).collect();
    let (conflicts, own) = (reading.conflicts(1000).unwrap(), office.store.own_log().unwrap());
    let confirmed = mingbai_sync::confirmed(reading).unwrap();
    let keys = keys::told(&office.store);
    format!("{digests:?}\n{conflicts:?}\n{heads:?}\n{imports:?}\n{exports:?}\n{own:?}\n{confirmed:?}\n{keys}")
}

#[test]
fn an_import_at_the_county_is_there_wholly_or_not_at_all() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    family(&mut first, A, "李四");
    let up = first.up().bytes;
    Case::new(&county, move |county| county.try_take(&up).map(drop)).sweep();
}

#[test]
fn an_import_at_a_township_is_there_wholly_or_not_at_all() {
    let (mut county, mut first, _) = places();
    let theirs = family(&mut first, A, "张三").person;
    exchange(&mut county, &mut first);
    county.act(|txn| txn.update(theirs, &person("张山")));
    let down = county.down(A).bytes;
    Case::new(&first, move |first| first.try_take(&down).map(drop)).sweep();
}

#[test]
fn an_export_that_fails_spends_no_number_twice_and_the_next_one_carries_everything() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    family(&mut first, A, "李四");
    let case = Case::new(&first, |first| first.with(mingbai_sync::export_up).map(drop));
    Case { repeats: true, ..case }.sweep();
}

#[test]
fn a_save_is_there_wholly_or_not_at_all() {
    let (_, mut first, _) = places();
    let who = family(&mut first, A, "张三").person;
    let save = move |office: &mut Office| {
        let changed = Person { phone: Some("13900000001".into()), ..person("张山") };
        let saved = office
            .with(|store, author| store.commit(author, "record_save", None, |txn| txn.update(who, &changed).map(drop)));
        saved.map(drop).map_err(SyncError::from)
    };
    Case::new(&first, save).sweep();
}

#[test]
fn a_log_is_continued_by_a_new_one_or_goes_on() {
    let (_, mut first, _) = places();
    family(&mut first, A, "张三");
    let old = first.store.own_log().unwrap();
    let genesis = first.store.read().log(&old.log).unwrap().unwrap().genesis.unwrap();
    let next = Genesis { nonce: [77; 16], continues: Some(old), ..genesis };
    Case::new(&first, move |first| Ok(first.store.rotate_log(&next)?)).sweep();
}

#[test]
fn tables_that_are_folded_again_are_always_whole() {
    let (mut county, mut first, _) = places();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    Case::new(&county, |county| Ok(county.store.rebuild().map(drop)?)).sweep();
}

#[test]
fn a_backup_bears_its_name_only_when_it_is_whole_and_never_harms_what_it_copies() {
    let (_, mut first, _) = places();
    family(&mut first, A, "张三");
    let backup = |office: &mut Office| {
        let target = office.directory.path().join("备份.db");
        let check = |target: &Path| {
            let facts = mingbai_store::verify_backup(target, &common::key());
            assert!(facts.is_ok(), "{facts:?}");
        };
        if target.exists() {
            check(&target);
            return Ok(());
        }
        let made = office.store.backup_to(&target);
        assert_eq!(made.is_ok(), target.exists(), "half a backup bears no name");
        Ok(made?)
    };
    Case::new(&first, backup).sweep();
}
