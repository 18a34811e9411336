//! How single entries stand: in which chain, taken into the tables or not, here and at the county.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::RecordId;
use mingbai_ledger::{EntryHash, Head, LogId};
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

/// A word of the county's on an entry.
struct Word {
    on: Refusal,
    /// The feed it was said in, by its local number, and where in it.
    feed: i64,
    place: u64,
    said: u64,
}

impl Word {
    /// Which of two words of one feed is the later.
    fn order(&self) -> (u64, bool, &str) {
        (self.place, !self.on.later, &self.on.reason)
    }
}

/// When a feed was written: under which of the county's certificates, and as which of the feeds that continue one another.
type Turn = (u64, usize);

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

    /// What the county says it received of a log and did not take in, in order: of everything it said of an entry its last
    /// word, unless that took the others back.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn refusals(&self, log: &LogId) -> Result<Vec<Refusal>> {
        let mut statement = self.0.prepare_cached(
            "select seq, hash, later, reason, feed, place, said from refusal where log = ?1 order by seq, hash",
        )?;
        let rows = statement.query_map([log.0], |row| word(log, row))?;
        self.last_words(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether the county says so of the entry with this local number.
    pub(crate) fn is_refused(&self, entry: i64) -> Result<bool> {
        let mut statement = self.0.prepare_cached(
            "select r.seq, r.hash, later, r.reason, feed, place, said, r.log from refusal r join log on log.id = r.log
             join entry e on e.log_no = log.no and e.seq = r.seq and e.hash = substr(r.hash, 1, 16) where e.id = ?1",
        )?;
        let rows = statement.query_map([entry], |row| word(&LogId(row.get(7)?), row))?;
        Ok(!self.last_words(rows.collect::<rusqlite::Result<_>>()?)?.is_empty())
    }

    /// Of the words on each entry the last, where it still says no. Of one feed that is the farthest; the next feed is later
    /// than the one it continues, and those of a new county PC later than those of the one before.
    fn last_words(&self, words: Vec<Word>) -> Result<Vec<Refusal>> {
        let mut of_each: BTreeMap<(Head, i64), Word> = BTreeMap::new();
        for word in words {
            match of_each.entry((word.on.entry, word.feed)) {
                Slot::Vacant(slot) => drop(slot.insert(word)),
                Slot::Occupied(mut slot) if word.order() > slot.get().order() => drop(slot.insert(word)),
                Slot::Occupied(_) => {}
            }
        }
        let mut turns: BTreeMap<i64, Turn> = BTreeMap::new();
        let mut last: BTreeMap<Head, ((Turn, u64), Word)> = BTreeMap::new();
        for ((entry, feed), word) in of_each {
            let turn = match turns.entry(feed) {
                Slot::Occupied(known) => *known.get(),
                Slot::Vacant(slot) => *slot.insert(self.turn(feed)?),
            };
            let rank = (turn, word.said);
            match last.entry(entry) {
                Slot::Vacant(slot) => drop(slot.insert((rank, word))),
                Slot::Occupied(mut slot) if rank > slot.get().0 => drop(slot.insert((rank, word))),
                Slot::Occupied(_) => {}
            }
        }
        let standing = last.into_values().map(|(_, word)| word.on);
        Ok(standing.filter(|word| !word.reason.is_empty()).collect())
    }

    fn turn(&self, feed: i64) -> Result<Turn> {
        let genesis = log::by_no(self.0, feed)?.genesis;
        let certificate = genesis.as_ref().map_or(0, |genesis| genesis.certificate);
        let (mut before, mut seen) = (genesis.and_then(|genesis| genesis.continues), BTreeSet::new());
        while let Some(head) = before.filter(|head| seen.insert(head.log)) {
            before = log::find(self.0, &head.log)?.and_then(|log| log.genesis).and_then(|genesis| genesis.continues);
        }
        Ok((certificate, seen.len()))
    }

    /// Whether an entry about a record goes on from one that was refused here: an earlier one of its log, or one of another
    /// log that came before it or that it names (what is named has its place here from then on). No clock is asked.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn refused_before(&self, record_type: u16, record: RecordId, entry: &Head) -> Result<bool> {
        let mut statement = self.0.prepare_cached(
            "select exists (select 1 from entry_record r join entry e on e.id = r.entry join log on log.no = e.log_no
             where r.record = ?1 and r.record_type = ?2 and e.status = 4 and case when log.id = ?3 then e.seq < ?4
                 else e.id < coalesce((select t.id from entry t join log l on l.no = t.log_no
                                       where l.id = ?3 and t.seq = ?4 and t.hash = ?5), e.id + 1) end)",
        )?;
        let name = params![record.as_bytes(), record_type, entry.log.0, entry.seq, entry.hash.prefix()];
        Ok(statement.query_row(name, |row| row.get(0))?)
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

fn word(log: &LogId, row: &rusqlite::Row<'_>) -> rusqlite::Result<Word> {
    let said = row.get::<_, i64>(6)? as u64;
    Ok(Word { on: refusal(log, row)?, feed: row.get(4)?, place: row.get(5)?, said })
}
