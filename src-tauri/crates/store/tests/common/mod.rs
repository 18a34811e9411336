//! Stores in temporary directories, with a clock and randomness that the test decides.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "every test crate uses some of it")]

use std::cell::Cell;
use std::path::{Path, PathBuf};

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Person};
use mingbai_ledger::{Genesis, Head, LogId};
use mingbai_store::{Actor, Author, DatabaseKey, Identity, Ingested, LogRole, Store, StoreError, Verdict};
use tempfile::TempDir;

pub fn key() -> DatabaseKey {
    DatabaseKey::from_bytes([0x5a; 32])
}

pub fn genesis(device: u8) -> Genesis {
    Genesis { device_key: [device; 32], nonce: [device; 16], county: [9; 8], certificate: 0, continues: None }
}

/// One installation.
pub struct Office {
    pub directory: TempDir,
    pub path: PathBuf,
    pub store: Store,
    pub device: u8,
    pub wall: Cell<u64>,
    counter: Cell<u64>,
}

impl Office {
    pub fn new(device: u8, role: LogRole) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("register.db");
        let store = Store::create(&path, &key(), &Identity { genesis: genesis(device), role }).unwrap();
        Self { directory, path, store, device, wall: Cell::new(1_790_000_000_000), counter: Cell::new(0) }
    }

    pub fn township() -> Self {
        Self::new(1, LogRole::Township)
    }

    /// Runs one action as this office's clerk, a second later than the last.
    pub fn act<T>(
        &mut self,
        action: &str,
        write: impl FnOnce(&mut mingbai_store::Txn<'_>) -> Result<T, StoreError>,
    ) -> Result<mingbai_store::Committed<T>, StoreError> {
        self.wall.set(self.wall.get() + 1000);
        let (device, counter) = (self.device, &self.counter);
        let random = move |bytes: &mut [u8]| fill(device, counter, bytes);
        let actor = Actor {
            operator: RecordId::from_bytes([self.device; 16]),
            name: format!("操作员{}", self.device),
            role: "clerk".into(),
        };
        let author = Author { actor: Some(actor), wall_millis: self.wall.get(), random: &random };
        self.store.commit(&author, action, None, write)
    }

    pub fn undo(&mut self, entry: mingbai_store::EntryNo) -> Result<(), StoreError> {
        self.wall.set(self.wall.get() + 1000);
        let author = Author { actor: None, wall_millis: self.wall.get(), random: &|_: &mut [u8]| {} };
        self.store.undo(&author, entry, Some("录错了")).map(|_| ())
    }

    pub fn reopen(self) -> Self {
        let Self { directory, path, store, device, wall, counter } = self;
        drop(store);
        let store = Store::open(&path, &key()).unwrap();
        Self { directory, path, store, device, wall, counter }
    }

    pub fn log(&self) -> LogId {
        genesis(self.device).log_id()
    }

    /// Takes in everything `other` has written that is not here, or all of it again.
    pub fn receive(&mut self, other: &Office, from: u64) -> Ingested {
        let log = other.log();
        let prev = previous(&other.store, &log, from);
        let entries = other.store.read().entries_after(&log, from - 1, 1_000_000).unwrap();
        let info = other.store.read().log(&log).unwrap().unwrap();
        self.act("bundle_import", |txn| {
            txn.add_log(info.genesis.as_ref().unwrap(), info.role, &format!("电脑{}", other.device))?;
            txn.ingest(&log, from, prev, entries.iter().map(|e| e.bytes.as_slice()), &|_, _, _| Verdict::Apply)
        })
        .unwrap()
        .value
    }
}

fn fill(device: u8, counter: &Cell<u64>, bytes: &mut [u8]) {
    counter.set(counter.get() + 1);
    let seed = counter.get().to_be_bytes();
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = seed[place % 8] ^ device.rotate_left(place as u32 % 8);
    }
    if let Some(last) = bytes.last_mut() {
        *last = device;
    }
}

/// The hash before entry number `from`.
pub fn previous(store: &Store, log: &LogId, from: u64) -> mingbai_ledger::EntryHash {
    let Head { hash, .. } = store.read().log(log).unwrap().unwrap().genesis.unwrap().head();
    if from == 1 {
        return hash;
    }
    store.read().entries_after(log, from - 2, 1).unwrap()[0].hash
}

pub fn household(number: &str) -> Household {
    Household { number: Some(number.into()), ..Household::default() }
}

pub fn person(name: &str) -> Person {
    Person { name: Some(name.into()), ..Person::default() }
}

/// Every byte of the database directory.
pub fn all_bytes(directory: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(directory).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    bytes
}

pub fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
