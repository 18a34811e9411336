//! Logs this installation writes besides its own: county feeds, one for each recipient scope.

use std::collections::BTreeSet;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::SCHEMA;
use mingbai_ledger::{Entry, EntryKind, EntryRef, Genesis, Head, Hlc, LogId, Op, Origin, Why, chain_hash};
use rusqlite::params;

use crate::author::Actor;
use crate::commit::{StoredEntry, actor_index};
use crate::error::{Result, StoreError};
use crate::ingest::Verdict;
use crate::log::{self, EntryNo, LogRole};
use crate::reading::Reading;
use crate::txn::Txn;

/// When and by whom a re-stated entry was written: the display must not depend on who passed a value on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Hybrid time of the original.
    pub hlc: Hlc,
    /// The operator, if the original had one.
    pub actor: Option<Actor>,
}

/// An entry for a log this installation writes besides its own: a county feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// What it is for.
    pub kind: EntryKind,
    /// What it says.
    pub ops: Vec<Op>,
    /// Entries of other logs its bases refer to.
    pub refs: Vec<EntryRef>,
    /// The entry it re-states.
    pub origin: Option<Origin>,
    /// When and by whom that was written.
    pub original: Option<Original>,
    /// Command name.
    pub action: String,
}

impl Txn<'_> {
    /// Registers a log that this installation writes besides its own: a county feed.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn add_feed(&mut self, genesis: &Genesis, name: &str) -> Result<LogId> {
        log::register(self.conn, genesis, LogRole::Feed, true, name)?;
        Ok(genesis.log_id())
    }

    /// Writes an entry into another log of this installation, a county feed.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`] when it is not a log of ours, [`StoreError::IngestAfterWrites`] after own writes.
    pub fn append(&mut self, feed: &LogId, content: FeedEntry) -> Result<Head> {
        if self.entry.is_some() {
            return Err(StoreError::IngestAfterWrites);
        }
        let info = log::get(self.conn, feed)?;
        if !info.own {
            return Err(StoreError::NoSuchLog(*feed));
        }
        let mut ops = content.ops;
        let (hlc, actor) = match content.original {
            Some(Original { hlc, actor }) => (hlc, actor_index(self.conn, &info, actor, &mut ops)?),
            None => {
                self.hlc = self.hlc.tick(self.author.wall_millis);
                (self.hlc, 0)
            }
        };
        let entry = Entry {
            hlc,
            wall_delta: self.author.wall_millis as i64 - hlc.millis() as i64,
            actor,
            schema: SCHEMA,
            kind: content.kind,
            ops,
            why: Why { action: content.action, reason: None },
            refs: content.refs,
            origin: content.origin,
        };
        let bytes = entry.encode();
        let (seq, previous) = (info.head.seq + 1, info.head.hash);
        let hash = chain_hash(feed, seq, &previous, &bytes);
        let place = StoredEntry { id: None, log_no: info.no, seq, previous, hash, origin: None };
        let (_, parsed) = self.decide(&info, place, &bytes, &|_, _, _| Verdict::Apply)?;
        // What is re-stated stands in the tables already, under the very names it has here.
        if let Some(parsed) = parsed.filter(|parsed| parsed.origin.is_none()) {
            self.projector.apply(&parsed)?;
        }
        self.set_reached()?;
        Ok(Head { log: *feed, seq, hash })
    }
}

impl Reading<'_> {
    /// Which writes of an entry a feed has re-stated already.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn restated(&self, feed: &LogId, original: EntryNo) -> Result<BTreeSet<u32>> {
        let mut statement = self.0.prepare_cached(
            "select bytes from entry join log on log.no = log_no where log.id = ?1 and origin = ?2 and bytes is not null",
        )?;
        let mut rows = statement.query(params![feed.0, original.0])?;
        let mut writes = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let entry = Entry::decode(row.get_ref(0)?.as_blob().unwrap_or_default())?;
            writes.extend(entry.origin.into_iter().flat_map(|origin| origin.indices));
        }
        Ok(writes)
    }

    /// The entries in the tables that touch a record, oldest first; what only re-states others is left out.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn entries_of(&self, record_type: u16, record: RecordId) -> Result<Vec<EntryNo>> {
        let mut statement = self.0.prepare_cached(
            "select entry from entry_record join entry on entry.id = entry
             where record = ?1 and record_type = ?2 and status = 1 and origin is null order by entry",
        )?;
        let rows = statement.query_map(params![record.as_bytes(), record_type], |row| row.get(0).map(EntryNo))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The two people an entry's write merged: who became an alias, and of whom.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn merged_by(&self, entry: &EntryRef, index: u32) -> Result<Option<(RecordId, RecordId)>> {
        let mut statement = self.0.prepare_cached(
            "select loser, winner from alias join entry on entry.id = alias.entry join log on log.no = log_no
             where log.id = ?1 and seq = ?2 and hash = ?3 and idx = ?4",
        )?;
        let mut rows = statement.query(params![entry.log.0, entry.seq, entry.hash, index])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some((RecordId::from_bytes(row.get(0)?), RecordId::from_bytes(row.get(1)?))))
    }
}
