//! Logs this installation writes besides its own: county feeds, one for each recipient scope.

use mingbai_domain::catalogue::SCHEMA;
use mingbai_ledger::{Entry, EntryKind, EntryRef, Genesis, Head, LogId, Op, Origin, Why, chain_hash};

use crate::commit::StoredEntry;
use crate::error::{Result, StoreError};
use crate::ingest::Verdict;
use crate::log::{self, LogRole};
use crate::txn::Txn;

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
        self.hlc = self.hlc.tick(self.author.corrected_millis());
        let entry = Entry {
            hlc: self.hlc,
            wall_delta: self.author.wall_millis as i64 - self.hlc.millis() as i64,
            actor: 0,
            schema: SCHEMA,
            kind: content.kind,
            ops: content.ops,
            why: Why { action: content.action, reason: None },
            refs: content.refs,
            origin: content.origin,
        };
        let bytes = entry.encode();
        let (seq, previous) = (info.head.seq + 1, info.head.hash);
        let hash = chain_hash(feed, seq, &previous, &bytes);
        let id = self.reserve(info.no, seq, &hash, None)?;
        let place = StoredEntry { id, log_no: info.no, seq, previous, hash, origin: None };
        self.settle(&info, place, &bytes, &|_, _, _| Verdict::Apply)?;
        Ok(Head { log: *feed, seq, hash })
    }
}
