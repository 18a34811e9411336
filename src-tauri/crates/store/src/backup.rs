//! Copies of the database, encrypted with the same key, checked by opening them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::error::{Result, StoreError};
use crate::key::DatabaseKey;
use crate::open::{Mode, Store, connect};

/// What a checked backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupFacts {
    /// Entries in it.
    pub entries: u64,
    /// Its size in bytes.
    pub size: u64,
}

impl Store {
    /// Copies the database to a new file while it stays in use.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when a file stands there; what the disk refuses.
    pub fn backup_to(&self, target: &Path) -> Result<()> {
        if target.exists() {
            return Err(StoreError::AlreadyExists);
        }
        copy(&self.conn, &self.key, target)
    }
}

/// Copies through a file of another name, so that a half-made copy never bears the final one.
pub(crate) fn copy(conn: &Connection, key: &DatabaseKey, target: &Path) -> Result<()> {
    let part = part_path(target);
    if part.exists() {
        std::fs::remove_file(&part)?;
    }
    let copied = copy_pages(conn, key, &part);
    if copied.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    copied?;
    std::fs::OpenOptions::new().write(true).open(&part)?.sync_all()?;
    std::fs::rename(&part, target)?;
    Ok(())
}

fn copy_pages(conn: &Connection, key: &DatabaseKey, part: &Path) -> Result<()> {
    let mut target = connect(part, key, Mode::Create)?;
    Backup::new(conn, &mut target)?.run_to_completion(1000, Duration::ZERO, None)?;
    // Without a write-ahead log, so that the copy is one file and opens from a write-protected stick.
    target.query_row("pragma journal_mode = delete", [], |_| Ok(()))?;
    Ok(())
}

fn part_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Opens a backup, checks every page and counts its entries. The file is not changed.
///
/// # Errors
/// Why the backup could not be restored: [`StoreError::WrongKey`], [`StoreError::Corrupt`] …
pub fn verify_backup(path: &Path, key: &DatabaseKey) -> Result<BackupFacts> {
    let conn = connect(path, key, Mode::Read)?;
    let problems = crate::verify::integrity(&conn)?;
    if !problems.is_empty() {
        return Err(StoreError::Corrupt);
    }
    let entries = conn.query_row("select count(*) from entry where bytes is not null", [], |row| row.get(0))?;
    Ok(BackupFacts { entries, size: std::fs::metadata(path)?.len() })
}
