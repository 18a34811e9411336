//! Opening and making the database file.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mingbai_ledger::{Genesis, Head, Hlc};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior};
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};
use crate::key::DatabaseKey;
use crate::log::{self, Identity};
use crate::project::Projector;
use crate::reading::Reading;
use crate::schema::{self, Place};
use crate::{meta, migrate};

/// The database of one installation. One writer; wrap it in a lock to share it.
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) key: DatabaseKey,
    pub(crate) path: PathBuf,
}

/// Memory for pages of the database in everyday work.
const CACHE_KIB: u32 = 64 << 10;
/// The same while a bundle is taken in or every list is worked out: what is written lies all over the file, and a page that
/// has to go from memory is encrypted, written, read and verified again.
const WIDE_CACHE_KIB: u32 = 256 << 10;

fn set_cache(conn: &Connection, kib: u32) -> rusqlite::Result<()> {
    conn.execute_batch(&format!("pragma cache_size = -{kib};"))
}

/// More memory for pages until this goes.
pub(crate) struct WideCache<'c>(&'c Connection);

impl<'c> WideCache<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Result<Self> {
        set_cache(conn, WIDE_CACHE_KIB)?;
        Ok(Self(conn))
    }
}

impl Drop for WideCache<'_> {
    fn drop(&mut self) {
        // A cache that stays large costs memory and nothing else.
        let _ = set_cache(self.0, CACHE_KIB);
    }
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Create,
    Write,
    Read,
}

/// Opens the file, proves the key and sets the connection up.
pub(crate) fn connect(path: &Path, key: &DatabaseKey, mode: Mode) -> Result<Connection> {
    let flags = match mode {
        Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    if mode != Mode::Create {
        // SQLite takes an empty file for a new database and would write one.
        match std::fs::metadata(path) {
            Ok(about) if about.is_file() && about.len() == 0 => return Err(StoreError::NotADatabase),
            Ok(about) if about.is_file() => {}
            _ => return Err(StoreError::Missing),
        }
    }
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // SQLCipher writes to the terminal what we report ourselves.
    conn.execute_batch("pragma cipher_log_level = none;")?;
    conn.execute_batch(&Zeroizing::new(format!("pragma key = \"{}\";", key.literal().as_str())))?;
    conn.busy_timeout(Duration::from_secs(5))?;
    let first = conn.query_row("select count(*) from sqlite_master", [], |row| row.get::<_, i64>(0));
    if let Err(error) = first {
        // A page that does not decrypt comes back under either code.
        if matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::Unknown)) {
            return Err(if looks_encrypted(path)? { StoreError::WrongKey } else { StoreError::NotADatabase });
        }
        return Err(error.into());
    }
    conn.set_prepared_statement_cache_capacity(256);
    // Sorting and checking must not spill readable data to temporary files.
    conn.execute_batch("pragma temp_store = memory; pragma foreign_keys = off;")?;
    set_cache(&conn, CACHE_KIB)?;
    if mode != Mode::Read {
        conn.query_row("pragma journal_mode = wal", [], |_| Ok(()))?;
        conn.execute_batch("pragma synchronous = full;")?;
    }
    Ok(conn)
}

/// Whether the file could be ours: whole pages that begin with salt, not with SQLite's own heading.
fn looks_encrypted(path: &Path) -> Result<bool> {
    let mut start = [0; 16];
    let mut file = std::fs::File::open(path)?;
    let length = file.metadata()?.len();
    let full = file.read_exact(&mut start).is_ok();
    Ok(full && length > 0 && length % 4096 == 0 && &start != b"SQLite format 3\0")
}

impl Store {
    /// Makes a new database with its own log.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when there is a file; what the disk refuses.
    pub fn create(path: &Path, key: &DatabaseKey, identity: &Identity) -> Result<Self> {
        if path.exists() {
            return Err(StoreError::AlreadyExists);
        }
        // Made under another name first: a crash on the way leaves no half-made database behind.
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let part = PathBuf::from(name);
        if part.exists() {
            std::fs::remove_file(&part)?;
        }
        let mut conn = connect(&part, key, Mode::Create)?;
        migrate::run(&mut conn, &part, key)?;
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        make_projection(&transaction)?;
        let no = log::register(&transaction, &identity.genesis, identity.role, true, "")?;
        meta::set_int(&transaction, "own_log", no)?;
        transaction.commit()?;
        conn.close().map_err(|(_, error)| error)?;
        std::fs::rename(&part, path)?;
        Self::open(path, key)
    }

    /// Opens an existing database: upgrades its fixed tables (after copying the file) and folds the projection again
    /// if this build describes it differently.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::WrongKey`], [`StoreError::NotADatabase`], [`StoreError::DatabaseTooNew`].
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self> {
        let mut conn = connect(path, key, Mode::Write)?;
        migrate::run(&mut conn, path, key)?;
        let current = meta::blob(&conn, "projection")?;
        if current.as_deref() != Some(&schema::fingerprint()[..]) {
            rebuild_projection(&mut conn)?;
        }
        log::own(&conn)?;
        Ok(Self { conn, key: key.clone(), path: path.to_owned() })
    }

    /// Folds every table again from the log. Gives how many entries were folded.
    ///
    /// # Errors
    /// What the database refuses; nothing is changed then.
    pub fn rebuild(&mut self) -> Result<u64> {
        rebuild_projection(&mut self.conn)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads.
    #[must_use]
    pub fn read(&self) -> Reading<'_> {
        Reading(&self.conn)
    }

    /// The last entry of the own log.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn own_log(&self) -> Result<Head> {
        Ok(log::own(&self.conn)?.head)
    }

    /// Where the hybrid clock stands: that of the newest entry written or taken in.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn clock(&self) -> Result<Hlc> {
        Ok(meta::int(&self.conn, "hlc")?.map_or(Hlc::default(), |stored| Hlc(stored as u64)))
    }

    /// Starts a new own log, after a restore or a clone. The old one stays an own log: what it wrote and the county has
    /// not confirmed still waits to be sent.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn rotate_log(&mut self, genesis: &Genesis) -> Result<()> {
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let old = log::own(&transaction)?;
        let no = log::register(&transaction, genesis, old.role, true, &old.device)?;
        meta::set_int(&transaction, "own_log", no)?;
        transaction.commit()?;
        Ok(())
    }

    /// A secret of this installation: a signing or decryption key.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let mut statement = self.conn.prepare_cached("select value from secret where name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?.map(Zeroizing::new))
    }

    /// Keeps a secret inside the encrypted file.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn set_secret(&mut self, name: &str, value: &[u8]) -> Result<()> {
        meta::set_secret(&self.conn, name, value)
    }

    /// Wipes a secret.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn forget_secret(&mut self, name: &str) -> Result<()> {
        meta::forget_secret(&self.conn, name)
    }

    /// A small piece of local state that is never replicated.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn state(&self, key: &str) -> Result<Option<Vec<u8>>> {
        meta::blob(&self.conn, &format!("state.{key}"))
    }

    /// Keeps a small piece of local state.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn set_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        meta::set_blob(&self.conn, &format!("state.{key}"), value)
    }

    /// Forgets a small piece of local state.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn forget_state(&mut self, key: &str) -> Result<()> {
        meta::remove(&self.conn, &format!("state.{key}"))
    }
}

fn make_projection(conn: &Connection) -> Result<()> {
    conn.execute_batch(&schema::create(Place::File))?;
    meta::set_blob(conn, "projection", &schema::fingerprint())?;
    let names: Vec<&str> = schema::tables().collect();
    meta::set_blob(conn, "projection_tables", names.join(" ").as_bytes())
}

fn rebuild_projection(conn: &mut Connection) -> Result<u64> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let names = meta::blob(&transaction, "projection_tables")?.unwrap_or_default();
    transaction.execute_batch(&schema::drop(&String::from_utf8_lossy(&names)))?;
    make_projection(&transaction)?;
    let mut projector = Projector::new(&transaction);
    let folded = projector.fold_all()?;
    projector.finish()?;
    drop(projector);
    crate::stale::mark(&transaction, crate::stale::EVERYTHING)?;
    transaction.commit()?;
    Ok(folded)
}
