//! Entries that were taken in and turn out later not to count: they leave the tables and are kept with the reason.

use std::collections::BTreeSet;

use mingbai_ledger::{Head, LogId};
use rusqlite::{OptionalExtension, params};

use crate::error::{Result, StoreError};
use crate::log;
use crate::project::Projector;
use crate::schema;
use crate::txn::Txn;

/// In the tables, and not because somebody took it in knowingly.
const STANDS: &str =
    "status = 1 and not exists (select 1 from verdict v where v.entry = entry.id and v.taken = 1 and v.who <> '')";

impl Txn<'_> {
    /// Keeps aside what is in the tables of a log and lies on none of the chains that end with `ends`. An end that is not
    /// here yet speaks for everything before its number. What somebody took in knowingly stays. Gives how many entries left
    /// the tables; when any did, the tables are folded again.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`], [`StoreError::IngestAfterWrites`], or what the database refuses.
    pub fn set_aside(&mut self, log: &LogId, ends: &[Head], reason: &str) -> Result<u64> {
        if self.entry.is_some() {
            return Err(StoreError::IngestAfterWrites);
        }
        let info = log::get(self.conn, log)?;
        let forked = self.read().is_forked(log)?;
        let (mut until, mut good) = (0, BTreeSet::new());
        for end in ends.iter().filter(|end| end.log == *log) {
            if forked && self.read().stands(end)? {
                good.extend(self.read().branch(end, &[])?.into_iter().map(|stored| stored.entry.0));
            } else {
                until = until.max(end.seq);
            }
        }
        let beyond = self
            .conn
            .prepare_cached(&format!("select id from entry where log_no = ?1 and seq > ?2 and {STANDS} order by id"))?
            .query_map(params![info.no, until], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        let beyond: Vec<i64> = beyond.into_iter().filter(|id| !good.contains(id)).collect();
        self.lay_aside(&beyond, reason)
    }

    /// Keeps aside those of these entries that are in the tables, what somebody took in knowingly excepted. Gives how many
    /// left the tables; when any did, the tables are folded again.
    ///
    /// # Errors
    /// [`StoreError::IngestAfterWrites`], or what the database refuses.
    pub fn set_these_aside(&mut self, entries: &[Head], reason: &str) -> Result<u64> {
        if self.entry.is_some() {
            return Err(StoreError::IngestAfterWrites);
        }
        let mut found = Vec::new();
        for head in entries {
            let (half, tail) = head.hash.0.split_at(16);
            let mut statement = self.conn.prepare_cached(&format!(
                "select id from entry where log_no = (select no from log where id = ?1) and seq = ?2 and hash = ?3
                     and tail = ?4 and {STANDS}"
            ))?;
            let name = params![head.log.0, head.seq, half, tail];
            let id: Option<i64> = statement.query_row(name, |row| row.get(0)).optional()?;
            found.extend(id);
        }
        self.lay_aside(&found, reason)
    }

    fn lay_aside(&mut self, entries: &[i64], reason: &str) -> Result<u64> {
        for id in entries {
            self.conn
                .prepare_cached("update entry set status = 4, reason = ?2 where id = ?1")?
                .execute(params![id, reason])?;
        }
        if !entries.is_empty() {
            self.fold_again()?;
        }
        Ok(entries.len() as u64)
    }

    /// Empties the tables and folds every entry that counts into them.
    fn fold_again(&mut self) -> Result<()> {
        for table in schema::tables() {
            self.conn.execute(&format!("delete from {table}"), [])?;
        }
        self.projector = Projector::new(self.conn);
        self.projector.fold_all()?;
        Ok(())
    }
}
