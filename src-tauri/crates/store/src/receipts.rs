//! What came in, what went out and what was set aside. These rows are this installation's own and never replicated.

use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::ingest::Ingested;
use crate::open::Store;
use crate::reading::Reading;
use crate::txn::Txn;

/// A bundle taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRecord {
    /// The bundle's id.
    pub bundle: [u8; 16],
    /// SHA-256 of the file.
    pub file_hash: [u8; 32],
    /// Who sent it, for people.
    pub sender: String,
    /// When it was taken in, milliseconds since 1970 UTC.
    pub received_millis: u64,
    /// What became of its entries (`forks` and `released` are not kept here).
    pub counts: Ingested,
    /// Anything else worth keeping, as JSON.
    pub details: String,
}

/// A bundle made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRecord {
    /// The bundle's id.
    pub bundle: [u8; 16],
    /// SHA-256 of the file.
    pub file_hash: [u8; 32],
    /// For whom, for people.
    pub recipient: String,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_millis: u64,
    /// Entries in it.
    pub entries: u64,
    /// Bytes.
    pub size: u64,
    /// Anything else worth keeping, as JSON.
    pub details: String,
}

/// A file set aside because it could not be taken in. Only a person retires it, with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Local number; 0 before it is stored.
    pub id: i64,
    /// SHA-256 of the file.
    pub file_hash: [u8; 32],
    /// Its name, for people.
    pub file_name: String,
    /// Who it claims to be from.
    pub sender: String,
    /// When, milliseconds since 1970 UTC.
    pub received_millis: u64,
    /// Stable code of the reason.
    pub code: String,
    /// The reason, in words.
    pub reason: String,
    /// Who retired it and why.
    pub retired: Option<(String, String)>,
}

fn import_row(row: &Row<'_>) -> rusqlite::Result<ImportRecord> {
    Ok(ImportRecord {
        bundle: row.get(0)?,
        file_hash: row.get(1)?,
        sender: row.get(2)?,
        received_millis: row.get::<_, i64>(3)? as u64,
        counts: Ingested {
            new: row.get(4)?,
            duplicate: row.get(5)?,
            held: row.get(6)?,
            deferred: row.get(7)?,
            unapplied: row.get(8)?,
            ..Ingested::default()
        },
        details: row.get(9)?,
    })
}

const IMPORT: &str = "bundle, file_hash, sender, received_at, fresh, duplicate, held, deferred, unapplied, details";

fn export_row(row: &Row<'_>) -> rusqlite::Result<ExportRecord> {
    Ok(ExportRecord {
        bundle: row.get(0)?,
        file_hash: row.get(1)?,
        recipient: row.get(2)?,
        created_millis: row.get::<_, i64>(3)? as u64,
        entries: row.get(4)?,
        size: row.get(5)?,
        details: row.get(6)?,
    })
}

const QUARANTINE: &str = "id, file_hash, file_name, sender, received_at, code, reason, retired_by, retired_reason";

fn quarantine_row(row: &Row<'_>) -> rusqlite::Result<Quarantined> {
    let retired: (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
    Ok(Quarantined {
        id: row.get(0)?,
        file_hash: row.get(1)?,
        file_name: row.get(2)?,
        sender: row.get(3)?,
        received_millis: row.get::<_, i64>(4)? as u64,
        code: row.get(5)?,
        reason: row.get(6)?,
        retired: retired.0.zip(retired.1),
    })
}

impl Txn<'_> {
    /// Keeps the record of an import, in the same transaction as its entries.
    ///
    /// # Errors
    /// What the database refuses; a file is recorded once.
    pub fn record_import(&mut self, record: &ImportRecord) -> Result<()> {
        let counts = &record.counts;
        self.conn
            .prepare_cached(
                "insert into import_log (bundle, file_hash, sender, received_at, entries, fresh, duplicate, held,
                     deferred, unapplied, details) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                record.bundle,
                record.file_hash,
                record.sender,
                record.received_millis as i64,
                counts.counts().iter().sum::<u64>(),
                counts.new,
                counts.duplicate,
                counts.held,
                counts.deferred,
                counts.unapplied,
                record.details
            ])?;
        self.release_quarantined(&record.file_hash, "已导入")
    }

    /// A file that was turned away before has come in after all.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn release_quarantined(&mut self, file: &[u8; 32], why: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "update quarantine set retired_at = ?2, retired_by = '', retired_reason = ?3
                 where file_hash = ?1 and retired_at is null",
            )?
            .execute(params![file, self.author.wall_millis as i64, why])?;
        Ok(())
    }

    /// Keeps the record of an export.
    ///
    /// # Errors
    /// What the database refuses; a bundle is recorded once.
    pub fn record_export(&mut self, record: &ExportRecord) -> Result<()> {
        self.conn
            .prepare_cached(
                "insert into export_log (bundle, file_hash, recipient, created_at, entries, size, details)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                record.bundle,
                record.file_hash,
                record.recipient,
                record.created_millis as i64,
                record.entries,
                record.size,
                record.details
            ])?;
        Ok(())
    }

    /// Changes what is kept besides with the record of an export.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn set_export_details(&mut self, bundle: &[u8; 16], details: &str) -> Result<()> {
        self.conn
            .prepare_cached("update export_log set details = ?2 where bundle = ?1")?
            .execute(params![bundle, details])?;
        Ok(())
    }

    /// A small piece of local state, written in the same transaction.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn set_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        crate::meta::set_blob(self.conn, &format!("state.{key}"), value)
    }

    /// Forgets a small piece of local state, in the same transaction.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn forget_state(&mut self, key: &str) -> Result<()> {
        crate::meta::remove(self.conn, &format!("state.{key}"))
    }

    /// Keeps a secret inside the encrypted file, in the same transaction.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn set_secret(&mut self, name: &str, value: &[u8]) -> Result<()> {
        crate::meta::set_secret(self.conn, name, value)
    }

    /// Wipes a secret.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn forget_secret(&mut self, name: &str) -> Result<()> {
        crate::meta::forget_secret(self.conn, name)
    }

    /// Ends the own log and begins another under a new key, in the same transaction. Nothing may have been written in it
    /// before. As [`Store::rotate_log`].
    ///
    /// # Errors
    /// [`StoreError::IngestAfterWrites`] after own writes.
    pub fn begin_log(&mut self, genesis: &mingbai_ledger::Genesis) -> Result<()> {
        if self.entry.is_some() {
            return Err(StoreError::IngestAfterWrites);
        }
        let no = crate::log::register(self.conn, genesis, self.own.role, true, &self.own.device)?;
        crate::meta::set_int(self.conn, "own_log", no)?;
        self.own = crate::log::by_no(self.conn, no)?;
        Ok(())
    }

    /// Retires a quarantined file by a person's decision.
    ///
    /// # Errors
    /// [`StoreError::NoSuchEntry`] when there is none with this number.
    pub fn retire_quarantined(&mut self, id: i64, who: &str, reason: &str) -> Result<()> {
        let changed = self
            .conn
            .prepare_cached(
                "update quarantine set retired_at = ?2, retired_by = ?3, retired_reason = ?4
                 where id = ?1 and retired_at is null",
            )?
            .execute(params![id, self.author.wall_millis as i64, who, reason])?;
        if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchEntry) }
    }
}

impl Store {
    /// Sets a file aside. Outside any transaction of its own import, which was rolled back. A file that lies there already
    /// is turned away for the newest reason and stays one file.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn quarantine(&mut self, file: &Quarantined) -> Result<i64> {
        let known: Option<i64> = self
            .conn
            .prepare_cached(
                "update quarantine set code = ?2, reason = ?3 where file_hash = ?1 and retired_at is null returning id",
            )?
            .query_row(params![file.file_hash, file.code, file.reason], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        self.conn
            .prepare_cached(
                "insert into quarantine (file_hash, file_name, sender, received_at, code, reason)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                file.file_hash,
                file.file_name,
                file.sender,
                file.received_millis as i64,
                file.code,
                file.reason
            ])?;
        Ok(self.conn.last_insert_rowid())
    }
}

impl Reading<'_> {
    /// The newest imports.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn imports(&self, limit: u64) -> Result<Vec<ImportRecord>> {
        let mut statement =
            self.0.prepare_cached(&format!("select {IMPORT} from import_log order by id desc limit ?1"))?;
        let rows = statement.query_map([limit], import_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The import of this very file or bundle, if it was taken in before.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn import_of(&self, file_hash: &[u8; 32], bundle: Option<&[u8; 16]>) -> Result<Option<ImportRecord>> {
        let mut statement = self.0.prepare_cached(&format!(
            "select {IMPORT} from import_log where file_hash = ?1 or bundle = ?2
                 order by file_hash = ?1 desc, id desc limit 1"
        ))?;
        Ok(statement.query_row(params![file_hash, bundle], import_row).optional()?)
    }

    /// The newest exports.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn exports(&self, limit: u64) -> Result<Vec<ExportRecord>> {
        let mut statement = self.0.prepare_cached(
            "select bundle, file_hash, recipient, created_at, entries, size, details from export_log
             order by id desc limit ?1",
        )?;
        let rows = statement.query_map([limit], export_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Files set aside, the open ones first.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn quarantined(&self, limit: u64) -> Result<Vec<Quarantined>> {
        let mut statement = self.0.prepare_cached(&format!(
            "select {QUARANTINE} from quarantine order by retired_at is not null, id desc limit ?1"
        ))?;
        let rows = statement.query_map([limit], quarantine_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The files set aside that nobody has decided about, the newest first.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn rejected(&self) -> Result<Vec<Quarantined>> {
        let mut statement = self.0.prepare_cached(&format!(
            "select {QUARANTINE} from quarantine where retired_at is null order by id desc"
        ))?;
        let rows = statement.query_map([], quarantine_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// A small piece of local state.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn state(&self, key: &str) -> Result<Option<Vec<u8>>> {
        crate::meta::blob(self.0, &format!("state.{key}"))
    }
    /// The small pieces of local state whose keys begin with `prefix`, by key, the whole key beside each.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn states(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>> {
        crate::meta::blobs(self.0, "state.", prefix)
    }
}
