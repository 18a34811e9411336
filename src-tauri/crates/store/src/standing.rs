//! How single entries stand: in which chain, taken into the tables or not, here and at the county.

use mingbai_domain::RecordId;
use mingbai_ledger::{EntryHash, Head, Hlc, LogId};
use rusqlite::params;

use crate::error::Result;
use crate::ingest::forked_key;
use crate::log::{self, LogInfo, Status};
use crate::reading::Reading;

/// An entry that was received and not taken into the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which entry.
    pub entry: Head,
    /// Why, in words.
    pub reason: String,
    /// Whether it waits for a later version of the program instead of being refused for good.
    pub later: bool,
}

/// The county's words on an entry that still stand: not taken back, and not overtaken by a refusal for good.
const STANDING: &str = "r.reason <> '' and not exists (select 1 from refusal o where o.log = r.log and o.seq = r.seq
    and o.hash = r.hash and (o.reason = '' or (o.later = 0 and r.later = 1)))";

impl Reading<'_> {
    /// Whether this very entry stands in its chain here; the empty log always does.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn stands(&self, head: &Head) -> Result<bool> {
        Ok(head.seq == 0 || self.status_of(head)?.is_some_and(Status::is_chained))
    }

    /// Whether this very entry has been taken into the tables here.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn is_applied(&self, head: &Head) -> Result<bool> {
        Ok(self.status_of(head)? == Some(Status::Applied))
    }

    /// Whether this very entry is here, and if so whether it stands in its chain or waits behind a gap.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn is_here(&self, head: &Head) -> Result<Option<bool>> {
        Ok(self.status_of(head)?.map(Status::is_chained))
    }

    fn status_of(&self, head: &Head) -> Result<Option<Status>> {
        let (half, tail) = head.hash.0.split_at(16);
        let mut statement = self.0.prepare_cached(
            "select status from entry join log on log.no = log_no
             where log.id = ?1 and seq = ?2 and hash = ?3 and tail = ?4",
        )?;
        let mut rows = statement.query(params![head.log.0, head.seq, half, tail])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.map(Status::from_code))
    }

    /// Numbers at which a log has several different entries in their chains: a copy was restored and written on.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn forks(&self, log: &LogId) -> Result<Vec<u64>> {
        let mut statement = self.0.prepare_cached(
            "select seq from entry join log on log.no = log_no where log.id = ?1 and status in (1, 3, 4)
             group by seq having count(*) > 1 order by seq",
        )?;
        let rows = statement.query_map([log.0], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a log was ever seen to fork.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn is_forked(&self, log: &LogId) -> Result<bool> {
        Ok(self.state(&forked_key(log))?.is_some())
    }

    /// How many entries of a log wait for those before them.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn waiting(&self, log: &LogId) -> Result<u64> {
        let mut statement = self.0.prepare_cached(
            "select count(*) from entry indexed by entry_status join log on log.no = log_no where log.id = ?1 and status = 2",
        )?;
        Ok(statement.query_row([log.0], |row| row.get(0))?)
    }

    /// The entries of a log that are here and not taken into the tables, in order.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn unadopted(&self, log: &LogId) -> Result<Vec<Refusal>> {
        let mut statement = self.0.prepare_cached(
            "select seq, cast(hash || tail as blob), status = 3, coalesce(entry.reason, '')
             from entry indexed by entry_status join log on log.no = log_no where log.id = ?1 and status in (3, 4) order by seq, hash",
        )?;
        let rows = statement.query_map([log.0], |row| refusal(log, row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What the county says it received of a log and did not take in, in order.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn refusals(&self, log: &LogId) -> Result<Vec<Refusal>> {
        let mut statement = self.0.prepare_cached(&format!(
            "select seq, hash, later, reason from refusal r where log = ?1 and {STANDING} order by seq, hash, reason"
        ))?;
        let rows = statement.query_map([log.0], |row| refusal(log, row))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether the county says so of the entry with this local number.
    pub(crate) fn is_refused(&self, entry: i64) -> Result<bool> {
        let mut statement = self.0.prepare_cached(&format!(
            "select exists (select 1 from refusal r join log on log.id = r.log
                 join entry e on e.log_no = log.no and e.seq = r.seq and e.hash = substr(r.hash, 1, 16)
                 where e.id = ?1 and {STANDING})"
        ))?;
        Ok(statement.query_row([entry], |row| row.get(0))?)
    }

    /// Whether an entry about a record was refused that was written before this time.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn refused_before(&self, record_type: u16, record: RecordId, time: Hlc) -> Result<bool> {
        let mut statement = self.0.prepare_cached(
            "select exists (select 1 from entry_record join entry on entry.id = entry_record.entry
             where record = ?1 and record_type = ?2 and status = 4 and hlc < ?3)",
        )?;
        Ok(statement.query_row(params![record.as_bytes(), record_type, time.0 as i64], |row| row.get(0))?)
    }

    /// The log by whose entry a record came into the tables here; nothing for one that is not in them.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn maker(&self, record_type: u16, record: RecordId) -> Result<Option<LogInfo>> {
        let mut statement = self.0.prepare_cached(
            "select coalesce(origin.log_no, entry.log_no) from entry_record join entry on entry.id = entry_record.entry
             left join entry origin on origin.id = entry.origin
             where record = ?1 and record_type = ?2 and entry.status = 1 order by entry.id limit 1",
        )?;
        let mut rows = statement.query_map(params![record.as_bytes(), record_type], |row| row.get(0))?;
        rows.next().transpose()?.map(|no| log::by_no(self.0, no)).transpose()
    }

    /// The logs that wrote a record, by their entries in the tables.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn writers(&self, record_type: u16, record: RecordId) -> Result<Vec<LogInfo>> {
        let mut statement = self.0.prepare_cached(
            "select distinct log_no from entry_record join entry on entry.id = entry_record.entry
             where record = ?1 and record_type = ?2 and status = 1 order by log_no",
        )?;
        let numbers = statement
            .query_map(params![record.as_bytes(), record_type], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        numbers.into_iter().map(|no| log::by_no(self.0, no)).collect()
    }
}

fn refusal(log: &LogId, row: &rusqlite::Row<'_>) -> rusqlite::Result<Refusal> {
    let entry = Head { log: *log, seq: row.get(0)?, hash: EntryHash(row.get(1)?) };
    Ok(Refusal { entry, later: row.get(2)?, reason: row.get(3)? })
}
