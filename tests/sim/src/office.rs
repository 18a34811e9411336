//! One PC: a real store on disk, its own wrong clock, copies somebody keeps of it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mingbai_ledger::{Genesis, Head};
use mingbai_store::{Author, DatabaseKey, Identity, LogRole, Store, StoreError, Txn};
use mingbai_sync::keys::KeyRing;
use mingbai_sync::{Accepted, Exported, SyncError, Target};

use crate::dice::Dice;
use crate::{Failure, Result};

/// The key of every database here.
pub(crate) fn key() -> DatabaseKey {
    DatabaseKey::from_bytes([0x5a; 32])
}

/// What a PC is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The county's.
    County,
    /// A township's.
    Township,
    /// A township's, in the hands of a thief who goes on writing and sending.
    Stolen,
    /// A township's that nobody works on any more.
    Retired,
}

/// One PC.
pub(crate) struct Office {
    /// Its name in traces.
    pub(crate) name: String,
    /// County or township.
    pub(crate) kind: Kind,
    /// Six or nine digits.
    pub(crate) area: &'static str,
    /// Its database; nothing once the PC is gone.
    pub(crate) store: Option<Store>,
    /// Its clock, milliseconds.
    pub(crate) wall: u64,
    /// Copies of its database.
    pub(crate) copies: Vec<PathBuf>,
    folder: PathBuf,
    files: u32,
    dice: RefCell<Dice>,
}

/// A PC as it was founded, its database in memory.
pub(crate) struct Founded {
    name: String,
    kind: Kind,
    area: &'static str,
    wall: u64,
    database: Vec<u8>,
}

impl Founded {
    /// The PC in a folder of its own, with dice of its own.
    pub(crate) fn open(&self, folder: &Path, dice: Dice) -> Result<Office> {
        let Self { name, kind, area, wall, database } = self;
        let path = folder.join(format!("{name}-0.db"));
        std::fs::write(&path, database)?;
        let (store, dice) = (Some(Store::open(&path, &key())?), RefCell::new(dice));
        let (folder, copies) = (folder.to_owned(), Vec::new());
        Ok(Office { name: name.clone(), kind: *kind, area, store, wall: *wall, copies, folder, files: 0, dice })
    }
}

impl Office {
    /// The PC as it is, for many runs to begin with.
    pub(crate) fn founded(&self) -> Result<Founded> {
        let path = self.folder.join(format!("{}-founded.db", self.name));
        self.store()?.backup_to(&path)?;
        let database = std::fs::read(&path)?;
        Ok(Founded { name: self.name.clone(), kind: self.kind, area: self.area, wall: self.wall, database })
    }

    /// Makes the PC's database.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be made.
    pub(crate) fn create(
        folder: &Path,
        (name, kind, area): (&str, Kind, &'static str),
        genesis: &Genesis,
        dice: Dice,
    ) -> Result<Self> {
        let role = if kind == Kind::County { LogRole::County } else { LogRole::Township };
        let path = folder.join(format!("{name}-0.db"));
        let store = Store::create(&path, &key(), &Identity { genesis: genesis.clone(), role })?;
        Ok(Self {
            name: name.to_owned(),
            kind,
            area,
            store: Some(store),
            wall: 1_790_000_000_000,
            copies: Vec::new(),
            folder: folder.to_owned(),
            files: 0,
            dice: RefCell::new(dice),
        })
    }

    /// Another PC started from a copy of this one's database.
    pub(crate) fn clone_from(&mut self, copy: &Path, name: &str, dice: Dice) -> Result<Self> {
        let path = self.next_file();
        std::fs::copy(copy, &path)?;
        let store = Some(Store::open(&path, &key())?);
        let (kind, area, wall, folder) = (self.kind, self.area, self.wall, self.folder.clone());
        let dice = RefCell::new(dice);
        Ok(Self { name: name.to_owned(), kind, area, store, wall, copies: Vec::new(), folder, files: 0, dice })
    }

    fn next_file(&mut self) -> PathBuf {
        self.files += 1;
        self.folder.join(format!("{}-{}.db", self.name, self.files))
    }

    /// Whether the county's or a township's people work on it.
    pub(crate) fn in_service(&self) -> bool {
        matches!(self.kind, Kind::County | Kind::Township)
    }

    /// Under which keys this PC ever wrote.
    pub(crate) fn log_keys(&self) -> Result<BTreeSet<[u8; 32]>> {
        let ring = KeyRing::load(self.store()?)?;
        let all = std::iter::once(&ring.current).chain(&ring.next).chain(&ring.past);
        Ok(all.map(|keys| keys.signing.public().log_key()).collect())
    }

    /// The store of a PC that is there.
    pub(crate) fn store(&self) -> Result<&Store> {
        self.store.as_ref().ok_or_else(|| Failure::new(format!("{} is gone", self.name)))
    }

    /// Does something a second later than the last time.
    pub(crate) fn with<T>(&mut self, act: impl FnOnce(&mut Store, &Author<'_>) -> T) -> Result<T> {
        self.wall = self.wall.saturating_add(1000);
        let dice = &self.dice;
        let random = |bytes: &mut [u8]| dice.borrow_mut().fill(bytes);
        let author = Author { actor: None, wall_millis: self.wall, random: &random };
        let store = self.store.as_mut().ok_or_else(|| Failure::new(format!("{} is gone", self.name)))?;
        Ok(act(store, &author))
    }

    /// Saves; answers the head of the own log after it.
    pub(crate) fn save<T>(&mut self, write: impl FnOnce(&mut Txn<'_>) -> Result<T, StoreError>) -> Result<(T, Head)> {
        let committed = self.with(|store, author| store.commit(author, "record_save", None, write))??;
        Ok((committed.value, self.store()?.own_log()?))
    }

    /// The files of a bundle, each within the limit unless one saved action alone is larger: then it is one file.
    fn export(&mut self, target: Target<'_>, most: Option<u64>) -> Result<Result<Vec<Vec<u8>>, SyncError>> {
        let files = |exported: Exported| exported.into_files().into_iter().map(|file| file.bytes).collect();
        match self.with(|store, author| mingbai_sync::export(store, author, target, most))? {
            Err(SyncError::CannotSplit) => {
                Ok(self.with(|store, author| mingbai_sync::export(store, author, target, None))?.map(files))
            }
            other => Ok(other.map(files)),
        }
    }

    /// For the county; nothing before the PC has joined.
    pub(crate) fn export_up(&mut self, most: Option<u64>) -> Result<Option<Vec<Vec<u8>>>> {
        match self.export(Target::County, most)? {
            Err(SyncError::NotEnrolled) => Ok(None),
            other => Ok(Some(other?)),
        }
    }

    /// For a township; nothing where it has no PC.
    pub(crate) fn export_down(&mut self, area: &str, most: Option<u64>) -> Result<Option<Vec<Vec<u8>>>> {
        match self.export(Target::Township(area), most)? {
            Err(SyncError::NoSuchUnit(_)) => Ok(None),
            other => Ok(Some(other?)),
        }
    }

    /// For the other PCs of the centre; nothing where there is none.
    pub(crate) fn export_across(&mut self, most: Option<u64>) -> Result<Option<Vec<Vec<u8>>>> {
        match self.export(Target::Siblings, most)? {
            Err(SyncError::NoSibling | SyncError::NotEnrolled) => Ok(None),
            other => Ok(Some(other?)),
        }
    }

    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<Result<Accepted, SyncError>> {
        self.with(|store, author| mingbai_sync::accept(store, author, bytes, "x.mbx"))
    }

    /// Keeps a copy of the database as it is.
    pub(crate) fn copy(&mut self) -> Result<()> {
        let path = self.next_file();
        self.store()?.backup_to(&path)?;
        self.copies.push(path);
        Ok(())
    }

    /// Puts a copy in the place of the database. Nobody notices unless somebody continues the log.
    pub(crate) fn restore(&mut self, copy: &Path) -> Result<()> {
        let path = self.next_file();
        std::fs::copy(copy, &path)?;
        self.store = Some(Store::open(&path, &key())?);
        Ok(())
    }

    /// Ends the program as a power cut does, and starts it again.
    pub(crate) fn reopen(&mut self) -> Result<()> {
        // What is on disk is copied while the store is still open, so that nothing of closing it helps.
        let from = self.store()?.path().to_owned();
        let to = self.next_file();
        for end in ["", "-wal"] {
            let part = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
            if part(&from).exists() {
                std::fs::copy(part(&from), part(&to))?;
            }
        }
        self.store = Some(Store::open(&to, &key())?);
        Ok(())
    }

    /// The files of the database, for a look at what can be read in them.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let path = self.store()?.path().display().to_string();
        Ok(["", "-wal"].iter().map(|end| PathBuf::from(format!("{path}{end}"))).filter(|path| path.exists()).collect())
    }
}
