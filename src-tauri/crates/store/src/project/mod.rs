//! The projection: applies entries to tables. Everything here can be forgotten and folded again from the log.

mod crowd;
mod fact;
pub(crate) mod heads;
pub(crate) mod known;
mod other;
pub(crate) mod parsed;
pub(crate) mod row;
mod state;
pub(crate) mod tally;

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{self, RecordType, Shape};
use mingbai_domain::{FieldId, RecordId, Value};
use mingbai_ledger::digest::element;
use mingbai_ledger::{Op, SetDigest};
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::project::heads::Dot;
use crate::project::known::{KnownWrite, KnownWrites};
use crate::project::parsed::{Entries, Parsed};
use crate::project::row::Row;
use crate::project::tally::Tally;
use crate::search;
use crate::stale::Touched;

pub(crate) use state::{Replaced, is_guarded};

/// One transaction's worth of projecting.
pub(crate) struct Projector<'c> {
    pub(crate) conn: &'c Connection,
    pub(crate) entries: Entries<'c>,
    tallies: BTreeMap<u16, Tally>,
    keys_due: search::Due,
    touched: Touched,
    /// How often a record had to be folded again because a write had not seen all that is live.
    disorder: BTreeMap<(u16, RecordId), usize>,
    /// Whether to look at a record before any write.
    pub(crate) wary: bool,
    /// Records that were found to have as many values side by side as can be decided about.
    pub(crate) crowded: BTreeSet<(u16, RecordId)>,
}

impl<'c> Projector<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self {
            conn,
            entries: Entries::new(conn),
            tallies: BTreeMap::new(),
            keys_due: search::Due::default(),
            touched: Touched::default(),
            disorder: BTreeMap::new(),
            wary: false,
            crowded: BTreeSet::new(),
        }
    }

    /// Projects one stored entry, own or foreign. Applying it again changes nothing.
    pub(crate) fn apply(&mut self, parsed: &Parsed) -> Result<()> {
        for (first, op) in parsed.entry.ops_with_dots() {
            match op {
                Op::Set { record_type, record, writes } => {
                    self.apply_set(parsed, known_type(*record_type)?, record, writes, first)?;
                }
                Op::Fact { record_type, record, body } => {
                    self.apply_fact(parsed, known_type(*record_type)?, record, None, Some(body), first)?;
                }
                Op::Amend { record_type, record, of, body } => {
                    self.apply_fact(parsed, known_type(*record_type)?, record, Some(*of), body.as_ref(), first)?;
                }
                Op::Merge { loser, winner, evidence } => {
                    self.apply_merge(parsed.dot(first), loser, winner, evidence)?;
                }
                Op::Unmerge { of } => self.apply_unmerge(parsed, *of)?,
                Op::Ack { head, level } if parsed.county => self.apply_ack(head, *level)?,
                Op::Refused { entry, reason, later } if parsed.county => {
                    self.apply_refused(parsed, entry, (reason, *later))?;
                }
                // Rosters are kept with the log; imports and other logs' confirmations change no table.
                Op::Roster { .. }
                | Op::Import { .. }
                | Op::Ack { .. }
                | Op::Refused { .. }
                | Op::Add { .. }
                | Op::Remove { .. }
                | Op::Blob { .. }
                | Op::Unknown(_) => {}
            }
        }
        Ok(())
    }

    /// Folds every applied entry from the beginning, into empty tables.
    pub(crate) fn fold_all(&mut self) -> Result<u64> {
        let mut statement = self.conn.prepare("select id from entry where status = 1 order by id")?;
        let mut ids = statement.query([])?;
        let mut folded = 0;
        while let Some(row) = ids.next()? {
            let parsed = self.entries.get(row.get(0)?)?;
            self.apply(&parsed)?;
            folded += 1;
        }
        Ok(folded)
    }

    pub(crate) fn gather(&mut self, record: &RecordType, id: &RecordId) -> Result<KnownWrites> {
        known::gather(self.conn, &mut self.entries, record.id, id)
    }

    /// Saves a row; its search keys are changed in time.
    pub(crate) fn save(&mut self, record: &RecordType, id: &RecordId, row: &Row) -> Result<()> {
        search::note(&mut self.keys_due, record, id, row);
        self.touched.note(record, id, row);
        if self.keys_due.is_much() {
            search::reindex(self.conn, std::mem::take(&mut self.keys_due))?;
        }
        if !row.exists {
            self.tally(record.id)?.rows += 1;
        }
        row.save(self.conn, record, id)
    }

    fn note_disorder(&mut self, record: &RecordType, id: &RecordId) {
        *self.disorder.entry((record.id, *id)).or_default() += 1;
    }

    /// Writes what was kept in memory: tallies, search keys and whom it all touched.
    pub(crate) fn finish(&mut self) -> Result<()> {
        for (record_type, tally) in std::mem::take(&mut self.tallies) {
            tally.save(self.conn, record_type)?;
        }
        search::reindex(self.conn, std::mem::take(&mut self.keys_due))?;
        std::mem::take(&mut self.touched).keep(self.conn)
    }

    fn tally(&mut self, record_type: u16) -> Result<&mut Tally> {
        match self.tallies.entry(record_type) {
            Slot::Occupied(known) => Ok(known.into_mut()),
            Slot::Vacant(slot) => Ok(slot.insert(Tally::load(self.conn, record_type)?)),
        }
    }

    pub(crate) fn digest_add(
        &mut self,
        record: (u16, &RecordId),
        field: FieldId,
        (entry, index): Dot,
        value: &Value,
    ) -> Result<()> {
        let name = self.entries.name(entry)?;
        let element = element(record.0, record.1, field, (&name, index), value);
        self.tally(record.0)?.sum.add(&element);
        Ok(())
    }

    /// Adds a sum of live values to a table's digest.
    pub(crate) fn digest_join(&mut self, record_type: u16, sum: &SetDigest) -> Result<()> {
        self.tally(record_type)?.sum.add(&sum.to_bytes());
        Ok(())
    }

    pub(crate) fn digest_remove(
        &mut self,
        record: (u16, &RecordId),
        field: FieldId,
        (entry, index): Dot,
        value: &Value,
    ) -> Result<()> {
        let name = self.entries.name(entry)?;
        let element = element(record.0, record.1, field, (&name, index), value);
        self.tally(record.0)?.sum.remove(&element);
        Ok(())
    }

    /// Exchanges the digest elements of one field: `before` are among the known writes.
    fn exchange(
        &mut self,
        record: (u16, &RecordId),
        field: FieldId,
        before: &[Dot],
        after: &[&KnownWrite],
        known: &BTreeMap<Dot, KnownWrite>,
    ) -> Result<()> {
        for dot in before {
            let write = known.get(dot).ok_or(StoreError::Inconsistent("记录的来源不在日志中"))?;
            self.digest_remove(record, field, *dot, &write.known.value)?;
        }
        for write in after {
            self.digest_add(record, field, write.known.dot, &write.known.value)?;
        }
        Ok(())
    }

    pub(crate) fn clear_conflict(&self, record: &RecordType, id: &RecordId, field: FieldId) -> Result<()> {
        self.conn
            .prepare_cached("delete from conflict where record = ?2 and record_type = ?1 and field = ?3")?
            .execute(params![record.id, id.as_bytes(), field])?;
        Ok(())
    }

    pub(crate) fn has_conflict(&self, record: &RecordType, id: &RecordId) -> Result<bool> {
        let mut statement = self
            .conn
            .prepare_cached("select exists (select 1 from conflict where record = ?2 and record_type = ?1)")?;
        Ok(statement.query_row(params![record.id, id.as_bytes()], |row| row.get(0))?)
    }

    /// Remembers that a write replaced several live ones of a field at once.
    pub(crate) fn put_decided(
        &self,
        record: &RecordType,
        id: &RecordId,
        field: FieldId,
        (entry, index): Dot,
    ) -> Result<()> {
        self.conn
            .prepare_cached(
                "insert or ignore into decided (entry, idx, record_type, record, field) values (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![entry, index, record.id, id.as_bytes(), field])?;
        Ok(())
    }

    /// Shows the live writes of a field side by side.
    fn put_conflict(&self, record: (u16, &RecordId), field: FieldId, live: &[&KnownWrite], shown: Dot) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "insert into conflict (record_type, record, field, entry, idx, source, value, body, shown)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for write in live {
            let (entry, index) = write.known.dot;
            let value = if field == heads::BODY { &Value::Null } else { &write.known.value };
            let body =
                if let (heads::BODY, Value::Bytes(body)) = (field, &write.known.value) { Some(body) } else { None };
            statement.execute(params![
                record.0,
                record.1.as_bytes(),
                field,
                entry,
                index,
                write.source,
                row::Stored(value),
                body,
                write.known.dot == shown
            ])?;
        }
        Ok(())
    }
}

pub(crate) fn known_type(id: u16) -> Result<&'static RecordType> {
    catalogue::by_id(id).ok_or(StoreError::UnknownField { record_type: id, field: 0 })
}

/// The field that says a record was deleted, where the type has one.
pub(crate) fn deletion(record: &RecordType) -> Option<FieldId> {
    record.column("deleted").map(|field| field.id)
}

/// The record type with this number, if records of it have this shape.
pub(crate) fn shaped(id: u16, shape: Shape) -> Result<&'static RecordType> {
    let record = known_type(id)?;
    if record.shape == shape { Ok(record) } else { Err(StoreError::WrongShape { table: record.table }) }
}
