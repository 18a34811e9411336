//! Reads that serve every table alike, and what the log says about itself.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{ALL, Record, RecordType};
use mingbai_domain::{RecordId, Values};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryRef, Head, Hlc, LogId, Op, Origin, SetDigest, Write};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Result, StoreError};
use crate::feed::Original;
use crate::log::{self, EntryNo, LogInfo, Status};
use crate::project::known_type;
use crate::project::parsed::{Entries, Parsed};
use crate::project::row;
use crate::project::tally::Tally;

/// Read access, from the store or from inside a transaction.
#[derive(Clone, Copy)]
pub struct Reading<'c>(pub(crate) &'c Connection);

/// One record as shown now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<R> {
    /// Its id.
    pub id: RecordId,
    /// Its typed values.
    pub record: R,
    /// The newest entry that touched it.
    pub changed: Hlc,
    /// Whether a field has several different live values.
    pub conflict: bool,
    /// Whether it is a voided fact.
    pub void: bool,
}

/// One stored entry, exactly as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Local number.
    pub entry: EntryNo,
    /// Place in its log.
    pub seq: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: EntryHash,
    /// The hash before it.
    pub prev: EntryHash,
    /// What became of it.
    pub status: Status,
    /// Why, where it was not applied.
    pub reason: Option<String>,
}

/// Missing entries of one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Which log.
    pub log: LogId,
    /// First missing number.
    pub from: u64,
    /// Last missing number.
    pub to: u64,
}

/// How many entries are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// Projected.
    pub applied: u64,
    /// Waiting behind a gap.
    pub held: u64,
    /// Waiting for a newer version.
    pub deferred: u64,
    /// Refused, kept.
    pub unapplied: u64,
}

/// An entry rewritten so that a county feed can carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restatement {
    /// The operations that touch records.
    pub ops: Vec<Op>,
    /// The entries their bases name.
    pub refs: Vec<EntryRef>,
    /// The entry and the writes they keep the names of.
    pub origin: Origin,
    /// When and by whom it was written.
    pub original: Original,
}

/// A state of the register: between two equal ones nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Rows written through this connection.
    own: i64,
    /// What others have committed.
    others: i64,
}

/// While this lives, everything is read as of one moment; see [`Reading::at_once`].
pub struct AtOnce<'c>(#[expect(dead_code, reason = "it is there to be dropped")] Option<rusqlite::Transaction<'c>>);

impl<'c> Reading<'c> {
    /// Everything that is read until the answer goes is read as of one moment, and the file is locked for it once and not
    /// for every question. Inside a transaction that is so already.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn at_once(&self) -> Result<AtOnce<'c>> {
        Ok(AtOnce(if self.0.is_autocommit() { Some(self.0.unchecked_transaction()?) } else { None }))
    }
}

impl Reading<'_> {
    /// The state of the register now.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn moment(&self) -> Result<Moment> {
        let own = self.0.query_row("select total_changes()", [], |row| row.get(0))?;
        let others = self.0.query_row("pragma data_version", [], |row| row.get(0))?;
        Ok(Moment { own, others })
    }

    /// A record as shown now.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn get<R: Record>(&self, id: RecordId) -> Result<Option<Row<R>>> {
        let row = row::Row::load(self.0, R::TYPE, &id)?;
        if !row.exists {
            return Ok(None);
        }
        let record = R::from_values(&row.to_values(R::TYPE))?;
        Ok(Some(Row { id, record, changed: Hlc(row.changed), conflict: row.conflict, void: row.void }))
    }

    /// A record's values as shown now.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] for a type the catalogue does not have.
    pub fn values(&self, record_type: u16, id: RecordId) -> Result<Option<Values>> {
        let kind = known_type(record_type)?;
        let row = row::Row::load(self.0, kind, &id)?;
        Ok(row.exists.then(|| row.to_values(kind)))
    }

    /// The record that stands for this one after merges of people.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn canonical(&self, id: RecordId) -> Result<RecordId> {
        // Of several, one that every installation chooses, whatever came first.
        let mut statement = self.0.prepare_cached(
            "select winner from live_alias join entry on entry.id = live_alias.entry
             where loser = ?1 order by entry.hash desc, idx limit 1",
        )?;
        let (mut at, mut seen) = (id, BTreeSet::new());
        while seen.insert(at) {
            let next: Option<[u8; 16]> = statement.query_row([at.as_bytes()], |row| row.get(0)).optional()?;
            match next {
                Some(winner) => at = RecordId::from_bytes(winner),
                None => return Ok(at),
            }
        }
        // Merges in a circle: the smallest id stands for all, wherever one started.
        Ok(seen.into_iter().min().unwrap_or(id))
    }

    /// Every registered log.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn logs(&self) -> Result<Vec<LogInfo>> {
        log::all(self.0)
    }

    /// One log.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn log(&self, id: &LogId) -> Result<Option<LogInfo>> {
        log::find(self.0, id)
    }

    /// The last chained entry of every log whose genesis is known; of a log that forks, the last one of every branch.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn heads(&self) -> Result<Vec<Head>> {
        let mut heads = Vec::new();
        for log in log::all(self.0)?.into_iter().filter(|log| log.genesis.is_some()) {
            if self.is_forked(&log.id)? {
                heads.extend(self.tips(&log)?);
            } else {
                heads.push(log.head);
            }
        }
        Ok(heads)
    }

    /// The chained entries of a log that no other chained entry follows.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn tips(&self, log: &LogInfo) -> Result<Vec<Head>> {
        let mut statement = self.0.prepare_cached(
            "select seq, cast(hash || tail as blob) from entry e where log_no = ?1 and status in (1, 3, 4)
                and not exists (select 1 from entry n where n.log_no = ?1 and n.seq = e.seq + 1
                                and n.prev = cast(e.hash || e.tail as blob) and n.status in (1, 3, 4))
             order by seq, hash",
        )?;
        let rows = statement
            .query_map([log.no], |row| Ok(Head { log: log.id, seq: row.get(0)?, hash: EntryHash(row.get(1)?) }))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Up to `limit` chained entries of a log after number `seq`, in order; both branches of a fork.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`].
    pub fn entries_after(&self, id: &LogId, seq: u64, limit: u64) -> Result<Vec<Stored>> {
        let log_no = log::number(self.0, id)?.ok_or(StoreError::NoSuchLog(*id))?;
        let mut statement = self.0.prepare_cached(
            "select id, seq, bytes, cast(hash || tail as blob), prev, status, reason from entry
             where log_no = ?1 and seq > ?2 and status in (1, 3, 4) order by seq, hash limit ?3",
        )?;
        let rows = statement.query_map(params![log_no, seq, limit], stored)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The chain that ends with an entry, oldest first, back to the first of `known` or to the beginning of the log;
    /// nothing when the entry is not here or part of its chain is missing.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`].
    pub fn branch(&self, end: &Head, known: &[Head]) -> Result<Vec<Stored>> {
        let log_no = log::number(self.0, &end.log)?.ok_or(StoreError::NoSuchLog(end.log))?;
        let mut statement = self.0.prepare_cached(
            "select id, seq, bytes, cast(hash || tail as blob), prev, status, reason from entry
             where log_no = ?1 and seq = ?2 and hash = ?3 and status in (1, 3, 4)",
        )?;
        let mut chain: Vec<Stored> = Vec::new();
        let (mut seq, mut hash) = (end.seq, end.hash);
        while seq > 0 && !known.iter().any(|head| head.log == end.log && head.seq == seq && head.hash == hash) {
            let found = statement.query_row(params![log_no, seq, hash.prefix()], stored).optional()?;
            let Some(entry) = found.filter(|entry| entry.hash == hash) else { return Ok(Vec::new()) };
            (seq, hash) = (seq - 1, entry.prev);
            chain.push(entry);
        }
        chain.reverse();
        Ok(chain)
    }

    /// The names of an entry and of those before it in its chain, back to number `oldest`; nothing when one of them is not
    /// here.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`].
    pub fn names_back(&self, end: &Head, oldest: u64) -> Result<BTreeSet<Head>> {
        let log_no = log::number(self.0, &end.log)?.ok_or(StoreError::NoSuchLog(end.log))?;
        let mut statement = self.0.prepare_cached(
            "select prev from entry where log_no = ?1 and seq = ?2 and hash = ?3 and tail = ?4 and status in (1, 3, 4)",
        )?;
        let (mut at, mut names) = (*end, BTreeSet::new());
        while at.seq >= oldest.max(1) {
            let (half, tail) = at.hash.0.split_at(16);
            let prev = statement.query_row(params![log_no, at.seq, half, tail], |row| row.get(0)).optional()?;
            let Some(prev) = prev else { return Ok(BTreeSet::new()) };
            names.insert(at);
            at = Head { seq: at.seq - 1, hash: EntryHash(prev), ..at };
        }
        Ok(names)
    }

    /// The entries in the tables by which a log re-states what is not in them itself: its first author lost it, or it came
    /// here later and was refused.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn orphans(&self, id: &LogId) -> Result<Vec<EntryNo>> {
        let mut statement = self.0.prepare_cached(
            "select e.id from entry o indexed by entry_status cross join entry e on e.origin = o.id
             where o.status in (0, 2, 3, 4) and e.status = 1 and e.log_no = (select no from log where id = ?1) order by e.id",
        )?;
        let rows = statement.query_map([id.0], |row| row.get(0).map(EntryNo))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The entry that this one re-states, or itself.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn origin_of(&self, entry: EntryNo) -> Result<EntryNo> {
        let mut statement = self.0.prepare_cached("select coalesce(origin, id) from entry where id = ?1")?;
        Ok(statement.query_row([entry.0], |row| row.get(0).map(EntryNo))?)
    }

    /// One stored entry and its log.
    ///
    /// # Errors
    /// [`StoreError::NoSuchEntry`].
    pub fn entry(&self, entry: EntryNo) -> Result<(LogInfo, Stored)> {
        let mut statement = self.0.prepare_cached(
            "select id, seq, bytes, cast(hash || tail as blob), prev, status, reason, log_no from entry
             where id = ?1 and bytes is not null",
        )?;
        let (stored, log_no) = statement
            .query_row([entry.0], |row| Ok((stored(row)?, row.get(7)?)))
            .optional()?
            .ok_or(StoreError::NoSuchEntry)?;
        Ok((log::by_no(self.0, log_no)?, stored))
    }

    /// Entries missing before those that are held: one gap before every run of them, of each branch where a log forks. Where
    /// another branch stands in the place of what is missing, at least the entry before the run is.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn gaps(&self) -> Result<Vec<Gap>> {
        let mut statement = self.0.prepare_cached(
            "select distinct log.id, e.seq, coalesce((select max(b.seq) from entry b
                 where b.log_no = e.log_no and b.seq < e.seq and b.status in (1, 2, 3, 4)), 0)
             from entry e join log on log.no = e.log_no
             where e.status = 2 and not exists (select 1 from entry p where p.log_no = e.log_no and p.seq = e.seq - 1
                 and p.hash = substr(e.prev, 1, 16) and p.tail = substr(e.prev, 17) and p.status in (1, 2, 3, 4))
             order by e.log_no, e.seq",
        )?;
        let rows = statement.query_map([], |row| {
            let (log, seq, before): (LogId, u64, u64) = (LogId(row.get(0)?), row.get(1)?, row.get(2)?);
            Ok(Gap { log, from: (before + 1).min(seq - 1).max(1), to: (seq - 1).max(1) })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many entries are in which state.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn counts(&self) -> Result<StatusCounts> {
        let count = |status: Status| -> Result<u64> {
            let mut statement =
                self.0.prepare_cached("select count(*) from entry where status = ?1 and bytes is not null")?;
            Ok(statement.query_row([status.code()], |row| row.get(0))?)
        };
        Ok(StatusCounts {
            applied: count(Status::Applied)?,
            held: count(Status::Held)?,
            deferred: count(Status::Deferred)?,
            unapplied: count(Status::Unapplied)?,
        })
    }

    /// Table, rows and digest of the live values, for comparing two installations.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn digests(&self) -> Result<Vec<(&'static str, u64, SetDigest)>> {
        ALL.iter().map(|record| self.digest_of(record)).collect()
    }

    fn digest_of(&self, record: &RecordType) -> Result<(&'static str, u64, SetDigest)> {
        let Tally { rows, sum } = Tally::load(self.0, record.id)?;
        Ok((record.table, rows, sum))
    }

    /// Rewrites an entry's record operations so that another log can carry them: every base names its entry in full.
    ///
    /// # Errors
    /// [`StoreError::NoSuchEntry`]; [`StoreError::Entry`] for bytes of a newer version.
    pub fn restatement(&self, entry: EntryNo) -> Result<Restatement> {
        let mut entries = Entries::new(self.0);
        let parsed = entries.get(entry.0)?;
        let mut refs = References { entries, refs: Vec::new(), places: BTreeMap::new(), conn: self.0 };
        let (mut ops, mut indices) = (Vec::new(), Vec::new());
        for (first, op) in parsed.entry.ops_with_dots() {
            let Some(op) = refs.restate(&parsed, op)? else { continue };
            indices.extend((first..first + op.dots()).map(|index| parsed.dot(index).1));
            ops.push(op);
        }
        let origin = match &parsed.entry.origin {
            Some(origin) => origin.entry,
            None => log::entry_ref(self.0, entry.0)?,
        };
        let original = Original { hlc: parsed.entry.hlc, actor: self.actor_of(entry.0)? };
        Ok(Restatement { ops, refs: refs.refs, origin: Origin { entry: origin, indices }, original })
    }
}

fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        entry: EntryNo(row.get(0)?),
        seq: row.get(1)?,
        bytes: row.get(2)?,
        hash: EntryHash(row.get(3)?),
        prev: EntryHash(row.get(4)?),
        status: Status::from_code(row.get(5)?),
        reason: row.get(6)?,
    })
}

/// Decodes what [`Reading::entries_after`] gave.
impl Stored {
    /// The entry in these bytes.
    ///
    /// # Errors
    /// [`StoreError::Entry`].
    pub fn decode(&self) -> Result<Entry> {
        Ok(Entry::decode(&self.bytes)?)
    }
}

/// Bases being rewritten into references.
struct References<'c> {
    conn: &'c Connection,
    entries: Entries<'c>,
    refs: Vec<EntryRef>,
    places: BTreeMap<i64, u32>,
}

impl References<'_> {
    fn restate(&mut self, from: &Parsed, op: &Op) -> Result<Option<Op>> {
        Ok(Some(match op {
            Op::Set { record_type, record, writes } => {
                let mut restated = BTreeMap::new();
                for (field, write) in writes {
                    let mut base = Vec::with_capacity(write.base.len());
                    for dot in &write.base {
                        base.extend(self.refer(from, *dot)?);
                    }
                    restated.insert(*field, Write { value: write.value.clone(), base });
                }
                Op::Set { record_type: *record_type, record: *record, writes: restated }
            }
            Op::Amend { record_type, record, of, body } => {
                let Some(of) = self.refer(from, *of)? else { return Ok(None) };
                Op::Amend { record_type: *record_type, record: *record, of, body: body.clone() }
            }
            Op::Unmerge { of } => {
                let Some(of) = self.refer(from, *of)? else { return Ok(None) };
                Op::Unmerge { of }
            }
            Op::Fact { .. } | Op::Merge { .. } => op.clone(),
            _ => return Ok(None),
        }))
    }

    fn refer(&mut self, from: &Parsed, dot: DotRef) -> Result<Option<DotRef>> {
        let Some((entry, index)) = self.entries.resolve(from, dot)? else { return Ok(None) };
        if let Some(reference) = self.places.get(&entry) {
            return Ok(Some(DotRef::Foreign { reference: *reference, index }));
        }
        let reference = self.refs.len() as u32;
        self.refs.push(log::entry_ref(self.conn, entry)?);
        self.places.insert(entry, reference);
        Ok(Some(DotRef::Foreign { reference, index }))
    }
}
