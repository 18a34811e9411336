//! The one write gate: a closure's writes become one entry of the own log and its projection, together or not at all.

use std::collections::{BTreeSet, HashMap};

use mingbai_domain::RecordId;
use mingbai_ledger::{Entry, EntryHash, EntryKind, Head, LogId, Op, Why, chain_hash};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::author::{Actor, Author, Committed, Written};
use crate::error::{Result, StoreError};
use crate::log::{self, EntryNo, LogInfo, Status};
use crate::meta;
use crate::open::Store;
use crate::project::known_type;
use crate::project::row::Row;
use crate::project::tally::sums;
use crate::txn::{COUNTY_TIME, Txn, records_of};

impl Store {
    /// Runs `write` in one transaction and leaves one entry named `action` in the log. When the closure or the disk
    /// fails, nothing of it remains; when it writes nothing, no entry is made.
    ///
    /// # Errors
    /// Whatever the closure returns, or what the database refuses.
    pub fn commit<T, E: From<StoreError>>(
        &mut self,
        author: &Author<'_>,
        action: &str,
        reason: Option<&str>,
        write: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<Committed<T>, E> {
        let transaction =
            self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let mut txn = Txn::begin(&transaction, author)?;
        let value = write(&mut txn)?;
        let entry = txn.finish(action, reason)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(Committed { value, entry })
    }
}

impl Txn<'_> {
    /// Encodes, chains and stores the own entry; writes what the projector kept in memory.
    pub(crate) fn finish(mut self, action: &str, reason: Option<&str>) -> Result<Option<Written>> {
        let written = match self.entry {
            Some(id) => Some(self.seal(id, action, reason)?),
            None => None,
        };
        self.projector.finish()?;
        meta::set_int(self.conn, "hlc", self.hlc.0 as i64)?;
        if self.county_millis > 0 {
            meta::set_int(self.conn, COUNTY_TIME, i64::try_from(self.county_millis).unwrap_or(i64::MAX))?;
        }
        Ok(written)
    }

    fn seal(&mut self, id: i64, action: &str, reason: Option<&str>) -> Result<Written> {
        let kind = kind_of(&self.ops);
        let actor = self.actor_index()?;
        let reason = match (reason, self.notes.as_slice()) {
            (reason, []) => reason.map(str::to_owned),
            (None, notes) => Some(notes.join("；")),
            (Some(reason), notes) => Some(format!("{reason}；{}", notes.join("；"))),
        };
        let entry = Entry {
            hlc: self.hlc,
            wall_delta: self.author.wall_millis as i64 - self.hlc.millis() as i64,
            actor,
            schema: mingbai_domain::catalogue::SCHEMA,
            kind,
            ops: std::mem::take(&mut self.ops),
            why: Why { action: action.to_owned(), reason },
            refs: std::mem::take(&mut self.refs),
            origin: None,
        };
        let seq = self.own.head.seq + 1;
        let previous = self.own.head.hash;
        let bytes = entry.encode();
        let hash = chain_hash(&self.own.id, seq, &previous, &bytes);
        let stored = StoredEntry { id: Some(id), log_no: self.own.no, seq, previous, hash, origin: None };
        let rosters = rosters_before(self.conn, self.own.no, seq - 1, &previous)?;
        let kept = Kept { status: Status::Applied, reason: None, received_millis: self.author.wall_millis, rosters };
        write_entry(self.conn, &stored, &entry, &bytes, &kept)?;
        log::set_head(self.conn, self.own.no, seq, &hash)?;
        let name = self.projector.entries.name(id)?;
        for (record_type, sum) in sums(&entry, &name, &self.proposed) {
            self.projector.digest_join(record_type, &sum)?;
        }
        self.lay_beside()?;
        let touched: BTreeSet<(u16, RecordId)> = entry.ops.iter().flat_map(records_of).collect();
        Ok(Written {
            entry: EntryNo(id),
            head: Head { log: self.own.id, seq, hash },
            touched: touched.into_iter().collect(),
        })
    }

    /// Shows proposals beside what they did not replace, now that they have names.
    fn lay_beside(&mut self) -> Result<()> {
        let records: BTreeSet<(u16, RecordId)> = self.proposed.keys().map(|(kind, id, _)| (*kind, *id)).collect();
        for (kind, id) in records {
            let kind = known_type(kind)?;
            self.projector.refold_state(kind, &id, Row::load(self.conn, kind, &id)?)?;
        }
        Ok(())
    }

    /// The operator's place in the own log's roster; enters the operator there on the first action or a new role.
    fn actor_index(&mut self) -> Result<u32> {
        actor_index(self.conn, &self.own, self.author.actor.clone(), &mut self.ops)
    }
}

/// The operator's place in a log's roster; 0 for the program itself. One who is not there yet is entered by an operation
/// after the others, which takes no dots.
pub(crate) fn actor_index(conn: &Connection, log: &LogInfo, actor: Option<Actor>, ops: &mut Vec<Op>) -> Result<u32> {
    let Some(Actor { operator, name, role }) = actor else { return Ok(0) };
    let known = conn
        .prepare_cached(
            "select position from roster where log_no = ?1 and operator = ?2 and name = ?3 and role = ?4
             order by position desc limit 1",
        )?
        .query_row(params![log.no, operator.as_bytes(), name, role], |row| row.get(0))
        .optional()?;
    if let Some(position) = known {
        return Ok(position);
    }
    ops.push(Op::Roster { operator, name, role });
    let before: u32 = rosters_before(conn, log.no, log.head.seq, &log.head.hash)?;
    Ok(before + ops.iter().filter(|op| matches!(op, Op::Roster { .. })).count() as u32)
}

fn kind_of(ops: &[Op]) -> EntryKind {
    let any = |wanted: fn(&Op) -> bool| ops.iter().any(wanted);
    if any(|op| matches!(op, Op::Import { .. })) {
        EntryKind::Import
    } else if any(|op| op.dots() > 0) {
        EntryKind::Transaction
    } else if any(|op| matches!(op, Op::Ack { .. })) {
        EntryKind::Ack
    } else {
        EntryKind::Note
    }
}

/// Where an entry stands.
pub(crate) struct StoredEntry {
    /// Its row, if it has one: others named it, or its place was reserved.
    pub(crate) id: Option<i64>,
    pub(crate) log_no: i64,
    pub(crate) seq: u64,
    pub(crate) previous: EntryHash,
    pub(crate) hash: EntryHash,
    pub(crate) origin: Option<i64>,
}

impl StoredEntry {
    /// Its name, in the log with this id.
    pub(crate) fn head(&self, log: LogId) -> Head {
        Head { log, seq: self.seq, hash: self.hash }
    }
}

/// What is kept with an entry besides its own words.
pub(crate) struct Kept<'k> {
    pub(crate) status: Status,
    pub(crate) reason: Option<&'k str>,
    pub(crate) received_millis: u64,
    /// How many operators the chain before it has entered.
    pub(crate) rosters: u32,
}

/// How many operators the chain up to this entry has entered into the roster.
pub(crate) fn rosters_before(conn: &Connection, log_no: i64, seq: u64, hash: &EntryHash) -> Result<u32> {
    if seq == 0 {
        return Ok(0);
    }
    let mut statement =
        conn.prepare_cached("select rosters from entry where log_no = ?1 and seq = ?2 and hash = ?3")?;
    Ok(statement.query_row(params![log_no, seq, hash.prefix()], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Numbers the operators of a log again, once an entry has become readable that was not before.
pub(crate) fn recount_rosters(conn: &Connection, log_no: i64) -> Result<()> {
    conn.prepare_cached("delete from roster where log_no = ?1")?.execute([log_no])?;
    let mut counts: HashMap<[u8; 32], u32> = HashMap::new();
    let mut select = conn.prepare_cached(
        "select id, cast(hash || tail as blob), prev, bytes from entry where log_no = ?1 and bytes is not null and status <> 2
         order by seq",
    )?;
    let mut rows = select.query([log_no])?;
    while let Some(row) = rows.next()? {
        let (id, hash, previous): (i64, [u8; 32], [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mut position = counts.get(&previous).copied().unwrap_or(0);
        if let Ok(entry) = Entry::decode(row.get_ref(3)?.as_blob().unwrap_or_default()) {
            position = enter_operators(conn, (log_no, id), &entry, position)?;
        }
        conn.prepare_cached("update entry set rosters = ?2 where id = ?1")?.execute(params![id, position])?;
        counts.insert(hash, position);
    }
    Ok(())
}

/// Enters the operators an entry names, after the `position` ones before it; gives how many there are then.
fn enter_operators(conn: &Connection, (log_no, id): (i64, i64), entry: &Entry, mut position: u32) -> Result<u32> {
    for op in &entry.ops {
        if let Op::Roster { operator, name, role } = op {
            position += 1;
            conn.prepare_cached(
                "insert or ignore into roster (log_no, position, entry, operator, name, role)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![log_no, position, id, operator.as_bytes(), name, role])?;
        }
    }
    Ok(position)
}

/// Stores a decoded entry with its index and the operators it enters. Gives its number, and how many operators there are
/// with it.
pub(crate) fn write_entry(
    conn: &Connection,
    place: &StoredEntry,
    entry: &Entry,
    bytes: &[u8],
    kept: &Kept<'_>,
) -> Result<(i64, u32)> {
    let entered = entry.ops.iter().filter(|op| matches!(op, Op::Roster { .. })).count() as u32;
    let position = kept.rosters + entered;
    let (half, tail) = place.hash.0.split_at(16);
    let mut statement = conn.prepare_cached(match place.id {
        Some(_) => {
            "update entry set hash = ?4, tail = ?5, prev = ?6, hlc = ?7, actor = ?8, action = ?9, rosters = ?10,
                 origin = ?11, status = ?12, reason = ?13, received_at = ?14, bytes = ?15
             where id = ?1 and log_no = ?2 and seq = ?3"
        }
        None => {
            "insert into entry (id, log_no, seq, hash, tail, prev, hlc, actor, action, rosters, origin, status, reason,
                 received_at, bytes)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
        }
    })?;
    statement.execute(params![
        place.id,
        place.log_no,
        place.seq,
        half,
        tail,
        place.previous.0,
        entry.hlc.0 as i64,
        entry.actor,
        entry.why.action,
        position,
        place.origin,
        kept.status.code(),
        kept.reason,
        kept.received_millis as i64,
        bytes
    ])?;
    let id = place.id.unwrap_or_else(|| conn.last_insert_rowid());
    if entered > 0 {
        enter_operators(conn, (place.log_no, id), entry, kept.rosters)?;
    }
    let mut statement =
        conn.prepare_cached("insert or ignore into entry_record (record, record_type, entry) values (?1, ?2, ?3)")?;
    // In the order of their tree.
    let touched: BTreeSet<(RecordId, u16)> =
        entry.ops.iter().flat_map(records_of).map(|(record_type, record)| (record, record_type)).collect();
    for (record, record_type) in touched {
        statement.execute(params![record.as_bytes(), record_type, id])?;
    }
    Ok((id, position))
}

#[cfg(test)]
mod tests;
