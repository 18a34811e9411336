//! A county and its townships: real stores in temporary directories, with a clock and randomness that the test decides.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "every test crate uses some of it")]

use std::cell::Cell;

use mingbai_bundle::{EnrolmentRequest, TrustStore};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Membership, Person, Record, Village};
use mingbai_ledger::{EntryKind, Genesis, Op, Origin};
use mingbai_store::{Author, DatabaseKey, FeedEntry, Identity, LogRole, Store, StoreError, Txn};
use mingbai_sync::enrol::{self, Applicant};
use mingbai_sync::{Accepted, CountyKeys, CountyName, DeviceKeys, Exported, SyncError, Target, export, keys, rekey};
use tempfile::TempDir;

/// One PC.
pub struct Office {
    pub directory: TempDir,
    pub store: Store,
    pub area: String,
    pub wall: Cell<u64>,
    counter: Cell<u64>,
    device: u8,
    copies: Cell<u32>,
}

pub fn key() -> DatabaseKey {
    DatabaseKey::from_bytes([0x5a; 32])
}

fn fill(device: u8, counter: &Cell<u64>, bytes: &mut [u8]) {
    for chunk in bytes.chunks_mut(32) {
        counter.set(counter.get() + 1);
        let mut hasher = <sha2::Sha256 as sha2::Digest>::new();
        sha2::Digest::update(&mut hasher, [device]);
        sha2::Digest::update(&mut hasher, counter.get().to_be_bytes());
        let digest: [u8; 32] = sha2::Digest::finalize(hasher).into();
        chunk.copy_from_slice(&digest[..chunk.len()]);
    }
}

impl Office {
    fn create(
        device: u8,
        area: &str,
        role: LogRole,
        genesis: impl FnOnce(&dyn Fn(&mut [u8])) -> (Genesis, Keys),
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let counter = Cell::new(0);
        let (genesis, keys) = genesis(&|bytes: &mut [u8]| fill(device, &counter, bytes));
        let mut store =
            Store::create(&directory.path().join("register.db"), &key(), &Identity { genesis, role }).unwrap();
        keys.0.save(&mut store).unwrap();
        if let Some(county) = keys.1 {
            county.save(&mut store).unwrap();
        }
        let wall = Cell::new(1_790_000_000_000);
        Self { directory, store, area: area.to_owned(), wall, counter, device, copies: Cell::new(0) }
    }

    pub fn county() -> Self {
        Self::create(1, "159901", LogRole::County, |random| {
            let device = DeviceKeys::generate(random);
            let name = CountyName { area: "159901", county: "云岭县", unit: "云岭县健康扶贫办" };
            let county = CountyKeys::generate(random, name, &device).unwrap();
            let genesis = Genesis {
                device_key: device.signing.public().log_key(),
                nonce: [1; 16],
                county: county.trust.county().0,
                certificate: county.serial,
                continues: None,
            };
            (genesis, (device, Some(county)))
        })
    }

    /// A township's PC that has not joined yet.
    pub fn stranger(number: u8, area: &str) -> Self {
        Self::create(number, area, LogRole::Township, |random| {
            let device = DeviceKeys::generate(random);
            let device_key = device.signing.public().log_key();
            let genesis = Genesis { device_key, nonce: [number; 16], county: [0; 8], certificate: 0, continues: None };
            (genesis, (device, None))
        })
    }

    /// A township's PC that has joined.
    pub fn township(county: &mut Self, number: u8, area: &str) -> Self {
        let mut office = Self::stranger(number, area);
        let request = office.ask();
        let (_, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
        let words = county.trust().words();
        office.with(|store, author| enrol::accept(store, author, &file, &words)).unwrap();
        office
    }

    pub fn ask(&mut self) -> EnrolmentRequest {
        let unit = format!("{}卫生院", self.area);
        let who = Applicant { device: "前台", unit: &unit, area: &self.area };
        let (device, counter) = (self.device, &self.counter);
        enrol::request(&mut self.store, who, &|bytes: &mut [u8]| fill(device, counter, bytes)).unwrap()
    }

    pub fn trust(&self) -> TrustStore {
        keys::known_trust(&self.store).unwrap()
    }

    /// Does something a second later than the last.
    pub fn with<T>(&mut self, act: impl FnOnce(&mut Store, &Author<'_>) -> T) -> T {
        self.wall.set(self.wall.get() + 1000);
        let (device, counter) = (self.device, &self.counter);
        let random = move |bytes: &mut [u8]| fill(device, counter, bytes);
        let author = Author { actor: None, wall_millis: self.wall.get(), random: &random };
        act(&mut self.store, &author)
    }

    pub fn act<T>(&mut self, write: impl FnOnce(&mut Txn<'_>) -> Result<T, StoreError>) -> T {
        self.with(|store, author| store.commit(author, "record_save", None, write)).unwrap().value
    }

    pub fn up(&mut self) -> Exported {
        self.with(mingbai_sync::export_up).unwrap()
    }

    pub fn down(&mut self, area: &str) -> Exported {
        self.with(|store, author| mingbai_sync::export_down(store, author, area)).unwrap()
    }

    pub fn take(&mut self, bundle: &Exported) -> Accepted {
        self.try_take(&bundle.bytes).unwrap()
    }

    pub fn try_take(&mut self, bytes: &[u8]) -> Result<Accepted, SyncError> {
        self.with(|store, author| mingbai_sync::accept(store, author, bytes, "件.mbx"))
    }

    /// The same PC opened from a copy of its database as it is now.
    pub fn copy(&self) -> Self {
        self.copies.set(self.copies.get() + 1);
        let copy = self.twin();
        // What happens at the copy is drawn from other numbers.
        copy.counter.set(self.counter.get() + 1_000_000 * u64::from(self.copies.get()));
        copy
    }

    /// A copy to which the same things happen in the same second with the same numbers drawn.
    pub fn twin(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("register.db");
        self.store.backup_to(&path).unwrap();
        let store = Store::open(&path, &key()).unwrap();
        let (area, wall, counter) = (self.area.clone(), self.wall.clone(), self.counter.clone());
        Self { directory, store, area, wall, counter, device: self.device, copies: Cell::new(0) }
    }

    /// Ends the program as it should be ended.
    pub fn close(self) {
        let Self { directory, store, .. } = self;
        // The folder goes last: SQLite leaves a database alone whose file is gone.
        drop(store);
        drop(directory);
    }

    /// Puts clock and numbers back to where another's stand.
    pub fn rewind(&self, to: &Self) {
        self.wall.set(to.wall.get());
        self.counter.set(to.counter.get());
    }

    /// The same PC started again in a new folder, which `lose` fills with what a power loss left of the old one.
    pub fn after_power_loss(self, lose: impl FnOnce(Store, &std::path::Path)) -> Self {
        let Self { directory, store, area, wall, counter, device, copies } = self;
        let left = tempfile::tempdir().unwrap();
        lose(store, left.path());
        drop(directory);
        let store = Store::open(&left.path().join("register.db"), &key()).unwrap();
        Self { directory: left, store, area, wall, counter, device, copies }
    }

    /// Writes an entry into the own log that the program itself would never write.
    pub fn forge(&mut self, ops: Vec<Op>, origin: Option<Origin>) {
        let own = self.store.own_log().unwrap().log;
        let action = "record_save".to_owned();
        let entry = FeedEntry { kind: EntryKind::Transaction, ops, refs: Vec::new(), origin, original: None, action };
        self.act(|txn| txn.append(&own, entry));
    }

    pub fn name(&self, person: RecordId) -> Option<String> {
        self.store.read().get::<Person>(person).unwrap().and_then(|row| row.record.name)
    }
}

type Keys = (DeviceKeys, Option<CountyKeys>);

pub const A: &str = "159901201";
pub const B: &str = "159901202";

/// A county with two townships.
pub fn places() -> (Office, Office, Office) {
    let mut county = Office::county();
    let first = Office::township(&mut county, 2, A);
    let second = Office::township(&mut county, 3, B);
    (county, first, second)
}

/// Up and down again, all taken in.
pub fn exchange(county: &mut Office, township: &mut Office) -> Accepted {
    let up = township.up();
    let taken = county.take(&up);
    let down = county.down(&township.area);
    township.take(&down);
    taken
}

/// A bundle for the other PCs of the centre.
pub fn across(office: &mut Office) -> Exported {
    office.with(|store, author| export(store, author, Target::Siblings, None)).unwrap()
}

/// A county and two PCs of one centre that know of each other.
pub fn centre() -> (Office, Office, Office) {
    let (mut county, mut first, _) = places();
    let mut second = Office::township(&mut county, 4, A);
    for office in [&mut first, &mut second] {
        exchange(&mut county, office);
    }
    (county, first, second)
}

/// A PC changes its keys, and the county certifies them.
pub fn renewed(county: &mut Office, pc: &mut Office) {
    let request = pc.with(rekey::request).unwrap();
    let (_, file) = enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    pc.with(|store, author| enrol::accept(store, author, &file, "")).unwrap();
}

pub fn person(name: &str) -> Person {
    Person { name: Some(name.into()), ..Person::default() }
}

/// One household with one person in one village of an area.
#[derive(Clone, Copy)]
pub struct Family {
    pub household: RecordId,
    pub person: RecordId,
    pub membership: RecordId,
}

pub fn family(office: &mut Office, area: &str, name: &str) -> Family {
    let code = format!("{area}001");
    office.act(|txn| {
        let village = txn.insert(None, &Village { code: Some(code), ..Village::default() })?;
        let household = txn.insert(None, &Household { village: Some(village), ..Household::default() })?;
        let person = txn.insert(None, &person(name))?;
        let stay = Membership { household: Some(household), person: Some(person), ..Membership::default() };
        let membership = txn.insert(None, &stay)?;
        Ok(Family { household, person, membership })
    })
}

/// How many records of a type are here.
pub fn count<R: Record>(office: &Office) -> u64 {
    office.store.read().digests().unwrap().into_iter().find(|row| row.0 == R::TYPE.table).unwrap().1
}
