//! Entries that were received and not taken into the tables, until somebody decides about them.

use mingbai_ledger::{EntryHash, Head, LogId};
use rusqlite::params;

use crate::error::{Result, StoreError};
use crate::log::EntryNo;
use crate::reading::Reading;
use crate::txn::Txn;

/// An entry that lies aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its local number.
    pub entry: EntryNo,
    /// Which one it is.
    pub head: Head,
    /// The PC that wrote it, for people.
    pub device: String,
    /// When it came, milliseconds since 1970 UTC.
    pub received_millis: u64,
    /// Whether it waits for a later version of the program instead of being refused.
    pub later: bool,
    /// Why it is not in the tables, in words.
    pub reason: String,
}

/// An entry that somebody left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Which one it is.
    pub head: Head,
    /// The PC that wrote it, for people.
    pub device: String,
    /// When it was left out, milliseconds since 1970 UTC.
    pub at_millis: u64,
    /// By whom.
    pub who: String,
    /// Why.
    pub why: String,
}

/// Not in the tables, and nobody has left it out.
const OPEN: &str = "status in (3, 4) and not exists (select 1 from verdict v where v.entry = e.id and v.taken = 0)";

impl Reading<'_> {
    /// Entries that lie aside and that nobody has left out: up to `limit` after the first `offset`, the newest first.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn aside(&self, offset: u64, limit: u64) -> Result<Vec<Aside>> {
        let mut statement = self.0.prepare_cached(&format!(
            "select e.id, log.id, seq, cast(hash || tail as blob), device, received_at, status = 3,
                 coalesce(e.reason, '')
             from entry e join log on log.no = e.log_no where {OPEN} order by e.id desc limit ?2 offset ?1"
        ))?;
        let rows = statement.query_map([offset, limit], |row| {
            Ok(Aside {
                entry: EntryNo(row.get(0)?),
                head: Head { log: LogId(row.get(1)?), seq: row.get(2)?, hash: EntryHash(row.get(3)?) },
                device: row.get(4)?,
                received_millis: row.get::<_, i64>(5)? as u64,
                later: row.get(6)?,
                reason: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many entries lie aside, of one log or of all.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn aside_count(&self, log: Option<&LogId>) -> Result<u64> {
        let mut statement = self.0.prepare_cached(&format!(
            "select count(*) from entry e where {OPEN}
                 and (?1 is null or log_no = (select no from log where log.id = ?1))"
        ))?;
        Ok(statement.query_row([log.map(|log| log.0)], |row| row.get(0))?)
    }

    /// Up to `limit` entries that are here with everything before them and stand in no table: refused, or of a newer version,
    /// whatever was decided about them.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn in_no_table(&self, limit: u64) -> Result<Vec<Head>> {
        let mut statement = self.0.prepare_cached(
            "select log.id, seq, cast(hash || tail as blob) from entry e indexed by entry_status
             join log on log.no = e.log_no where status in (3, 4) limit ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(Head { log: LogId(row.get(0)?), seq: row.get(1)?, hash: EntryHash(row.get(2)?) })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Up to `limit` entries that somebody left out, the latest decision first.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn left_out(&self, limit: u64) -> Result<Vec<LeftOut>> {
        let mut statement = self.0.prepare_cached(
            "select log.id, seq, cast(hash || tail as blob), device, at, who, why
             from verdict v join entry e on e.id = v.entry join log on log.no = e.log_no
             where v.taken = 0 and e.status in (3, 4) order by at desc, e.id desc limit ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(LeftOut {
                head: Head { log: LogId(row.get(0)?), seq: row.get(1)?, hash: EntryHash(row.get(2)?) },
                device: row.get(3)?,
                at_millis: row.get::<_, i64>(4)? as u64,
                who: row.get(5)?,
                why: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Entries that were refused and later taken in after all, in the order in which they came.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn taken_after_all(&self) -> Result<Vec<EntryNo>> {
        let mut statement = self.0.prepare_cached(
            "select entry from verdict join entry e on e.id = entry where taken = 1 and e.status = 1 order by entry",
        )?;
        let rows = statement.query_map([], |row| row.get(0).map(EntryNo))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Txn<'_> {
    /// Leaves an entry out for good: it is no longer listed. It stays stored, and may still be taken in one day.
    ///
    /// # Errors
    /// [`StoreError::NoSuchEntry`] when it does not lie aside.
    pub fn leave_out(&mut self, entry: EntryNo, who: &str, why: &str) -> Result<()> {
        let changed = self
            .conn
            .prepare_cached(&format!(
                "insert or replace into verdict (entry, taken, at, who, why)
                 select e.id, 0, ?2, ?3, ?4 from entry e where e.id = ?1 and {OPEN}"
            ))?
            .execute(params![entry.0, self.author.wall_millis as i64, who, why])?;
        if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchEntry) }
    }

    /// Notes that an entry was refused first and has been taken in since.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn note_taken(&mut self, entry: &Head, who: &str, why: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "insert into verdict (entry, taken, at, who, why)
                 select e.id, 1, ?4, ?5, ?6 from entry e join log on log.no = e.log_no
                 where log.id = ?1 and e.seq = ?2 and e.hash = ?3
                 on conflict (entry) do update set taken = 1, at = excluded.at,
                     who = case excluded.who when '' then who else excluded.who end,
                     why = case excluded.who when '' then why else excluded.why end",
            )?
            .execute(params![entry.log.0, entry.seq, entry.hash.prefix(), self.author.wall_millis as i64, who, why])?;
        Ok(())
    }
}
