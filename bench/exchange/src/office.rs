//! A county's and a township's PC with real stores, enrolled as clerks enrol them.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use mingbai_ledger::Genesis;
use mingbai_store::{Author, DatabaseKey, Identity, LogRole, Store, Verdict};
use mingbai_sync::enrol::{self, Applicant};
use mingbai_sync::{CountyKeys, CountyName, DeviceKeys, keys};

use crate::Result;

/// When the invented season begins, milliseconds.
pub(crate) const START: u64 = 1_790_000_000_000;
/// The township.
pub(crate) const AREA: &str = "159901201";

/// One PC.
pub(crate) struct Office {
    pub(crate) store: Store,
    seed: Cell<u64>,
    wall: Cell<u64>,
}

fn key() -> DatabaseKey {
    DatabaseKey::from_bytes([0x5a; 32])
}

/// Invented keys need no secrecy: the same on every run.
fn fill(seed: &Cell<u64>, bytes: &mut [u8]) {
    for byte in bytes {
        seed.set(seed.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        *byte = (seed.get() >> 56) as u8;
    }
}

impl Office {
    fn new(store: Store, seed: u64) -> Self {
        Self { store, seed: Cell::new(seed), wall: Cell::new(START) }
    }

    /// A county with its own PC.
    pub(crate) fn county(file: &Path) -> Result<Self> {
        let seed = Cell::new(1);
        let random = |bytes: &mut [u8]| fill(&seed, bytes);
        let device = DeviceKeys::generate(&random);
        let name = CountyName { area: "159901", county: "云岭县", unit: "云岭县健康扶贫办" };
        let county = CountyKeys::generate(&random, name, &device)?;
        let genesis = Genesis {
            device_key: device.signing.public().log_key(),
            nonce: [1; 16],
            county: county.trust.county().0,
            certificate: county.serial,
            continues: None,
        };
        let mut store = Store::create(file, &key(), &Identity { genesis, role: LogRole::County })?;
        device.save(&mut store)?;
        county.save(&mut store)?;
        Ok(Self::new(store, seed.get()))
    }

    /// A township's PC that has joined.
    pub(crate) fn township(file: &Path, county: &mut Self) -> Result<Self> {
        let seed = Cell::new(2);
        let random = |bytes: &mut [u8]| fill(&seed, bytes);
        let device = DeviceKeys::generate(&random);
        let device_key = device.signing.public().log_key();
        let genesis = Genesis { device_key, nonce: [2; 16], county: [0; 8], certificate: 0, continues: None };
        let mut store = Store::create(file, &key(), &Identity { genesis, role: LogRole::Township })?;
        device.save(&mut store)?;
        let who = Applicant { device: "前台", unit: "云岭镇卫生院", area: AREA };
        let request = enrol::request(&mut store, who, &random)?;
        let (_, membership) = enrol::approve(&mut county.store, &request, &request.words())?;
        let words = keys::known_trust(&county.store)?.words();
        let author = Author { actor: None, wall_millis: county.wall.get(), random: &random };
        enrol::accept(&mut store, &author, &membership, &words)?;
        Ok(Self::new(store, seed.get()))
    }

    /// A PC whose database is a copy of `from`.
    pub(crate) fn copy(from: &Path, to: &Path, seed: u64) -> Result<Self> {
        remove(to)?;
        std::fs::copy(from, to)?;
        Ok(Self::new(Store::open(to, &key())?, seed))
    }

    /// Ends the program, so that the file is whole, and keeps a copy of it.
    pub(crate) fn keep(self, copy: &Path) -> Result<Self> {
        let file = self.store.path().to_owned();
        let Self { store, seed, wall } = self;
        drop(store);
        remove(copy)?;
        std::fs::copy(&file, copy)?;
        Ok(Self { store: Store::open(&file, &key())?, seed, wall })
    }

    /// Ends the program and starts it again: nothing of the database is in its memory any more.
    pub(crate) fn restart(self) -> Result<Self> {
        let file = self.store.path().to_owned();
        let Self { store, seed, wall } = self;
        drop(store);
        Ok(Self { store: Store::open(&file, &key())?, seed, wall })
    }

    /// Does something a second later than the last.
    pub(crate) fn with<T>(&mut self, act: impl FnOnce(&mut Store, &Author<'_>) -> T) -> T {
        self.wall.set(self.wall.get() + 1000);
        let seed = &self.seed;
        let random = |bytes: &mut [u8]| fill(seed, bytes);
        let author = Author { actor: None, wall_millis: self.wall.get(), random: &random };
        act(&mut self.store, &author)
    }

    /// Puts entries at the end of the own log: the season's work of its clerks in one transaction, because a million
    /// separate saves would take hours and are not what is measured.
    pub(crate) fn work(&mut self, entries: &[Vec<u8>]) -> Result<()> {
        let own = self.store.own_log()?;
        let bytes = entries.iter().map(Vec::as_slice);
        self.with(|store, author| {
            store.commit(author, "season", None, |txn| {
                txn.ingest(&own.log, own.seq + 1, own.hash, bytes, &|_, _, _| Verdict::Apply)
            })
        })?;
        Ok(())
    }
}

/// Takes a database and its log away.
pub(crate) fn remove(database: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let part = PathBuf::from(format!("{}{end}", database.display()));
        if part.exists() {
            std::fs::remove_file(part)?;
        }
    }
    Ok(())
}
