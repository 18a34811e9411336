//! Taking one action back by a new action: the log only grows.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::RecordType;
use mingbai_domain::{FieldId, RecordId, Value};
use mingbai_ledger::{Op, Write};

use crate::author::{Author, Committed};
use crate::error::{Result, StoreError};
use crate::history::replaced;
use crate::log::EntryNo;
use crate::open::Store;
use crate::project::heads::{BODY, Dot};
use crate::project::known::KnownWrites;
use crate::project::parsed::Parsed;
use crate::project::row::Row;
use crate::project::{deletion, known_type};
use crate::query::dependents::built_upon;
use crate::txn::Txn;

impl Store {
    /// Puts back what an action changed, unless somebody changed the same fields since, or hung other records on what the
    /// action made.
    ///
    /// # Errors
    /// [`StoreError::UndoSuperseded`] naming the fields, [`StoreError::UndoBuiltUpon`] naming the records, [`StoreError::NothingToUndo`], [`StoreError::NoSuchEntry`].
    pub fn undo(&mut self, author: &Author<'_>, entry: EntryNo, reason: Option<&str>) -> Result<Committed<()>> {
        self.commit(author, "action_undo", reason, |txn| txn.undo(entry))
    }
}

impl Txn<'_> {
    pub(crate) fn undo(&mut self, entry: EntryNo) -> Result<()> {
        let parsed = self.projector.entries.get(entry.0)?;
        let (mut superseded, mut built, mut done) = (Vec::new(), Vec::new(), false);
        for (first, op) in parsed.entry.ops_with_dots() {
            match op {
                Op::Set { record_type, record, writes } => {
                    let kind = known_type(*record_type)?;
                    if self.created(&parsed, kind, *record, writes)? {
                        built.extend(built_upon(self.conn, kind, record, entry)?);
                    }
                    superseded.extend(self.undo_set(&parsed, kind, *record, writes, first)?);
                    done = true;
                }
                Op::Fact { record_type, record, .. } | Op::Amend { record_type, record, .. } => {
                    let kind = known_type(*record_type)?;
                    if matches!(op, Op::Fact { .. }) {
                        built.extend(built_upon(self.conn, kind, record, entry)?);
                    }
                    superseded.extend(self.undo_body(kind, *record, parsed.dot(first))?);
                    done = true;
                }
                Op::Merge { loser, .. } => {
                    self.unmerge(*loser)?;
                    done = true;
                }
                _ => {}
            }
        }
        for labels in [&mut superseded, &mut built] {
            labels.sort_unstable();
            labels.dedup();
        }
        if !superseded.is_empty() {
            Err(StoreError::UndoSuperseded { fields: superseded })
        } else if !built.is_empty() {
            Err(StoreError::UndoBuiltUpon { records: built })
        } else if done {
            // Local knowledge of an own entry: what is taken back is not offered a second time.
            self.set_state(&undone_key(entry.0), &[])
        } else {
            Err(StoreError::NothingToUndo)
        }
    }

    /// Whether these writes made the record.
    fn created(
        &mut self,
        parsed: &Parsed,
        kind: &'static RecordType,
        id: RecordId,
        writes: &BTreeMap<FieldId, Write>,
    ) -> Result<bool> {
        let fresh = writes.values().all(|write| write.base.is_empty());
        Ok(fresh && is_creation(parsed, &self.projector.gather(kind, &id)?))
    }

    /// Gives the labels of fields that were changed since.
    fn undo_set(
        &mut self,
        parsed: &Parsed,
        kind: &'static RecordType,
        id: RecordId,
        writes: &BTreeMap<FieldId, Write>,
        first: u32,
    ) -> Result<Vec<&'static str>> {
        let known = self.projector.gather(kind, &id)?;
        let row = Row::load(self.conn, kind, &id)?;
        let label = |field: FieldId| kind.field(field).map_or(kind.label, |f| f.label);
        let mut superseded = Vec::new();
        let mut before = Vec::with_capacity(writes.len());
        for (index, field) in (first..).zip(writes.keys()) {
            let dot = parsed.dot(index);
            let of_field = known.get(field);
            let write = of_field.and_then(|writes| writes.get(&dot));
            // What its author saw and could not replace stands beside it still.
            let seen = |other: &Dot| write.is_some_and(|write| write.known.base.contains(other));
            let heads = row.heads.of(*field);
            if !heads.contains(&dot) || heads.iter().any(|other| *other != dot && !seen(other)) {
                superseded.push(label(*field));
            }
            let old = of_field.zip(write).and_then(|(writes, write)| replaced(writes, write));
            before.push((*field, old.map_or(Value::Null, |w| w.known.value.clone())));
        }
        let others: Vec<FieldId> = known
            .iter()
            .filter(|(_, writes)| writes.values().any(|w| w.known.dot.0 != parsed.dot(0).0))
            .map(|(field, _)| *field)
            .collect();
        let created = self.created(parsed, kind, id, writes)?;
        if created {
            superseded.extend(others.iter().map(|field| label(*field)));
        }
        if !superseded.is_empty() {
            return Ok(superseded);
        }
        if created && let Some(deleted) = deletion(kind) {
            self.set_field(kind.id, id, deleted, Value::Bool(true))?;
            return Ok(Vec::new());
        }
        for (field, value) in before {
            self.set_field(kind.id, id, field, value)?;
        }
        Ok(Vec::new())
    }

    fn undo_body(&mut self, kind: &'static RecordType, id: RecordId, dot: Dot) -> Result<Vec<&'static str>> {
        let known = self.projector.gather(kind, &id)?.remove(&BODY).unwrap_or_default();
        let row = Row::load(self.conn, kind, &id)?;
        if row.heads.of(BODY) != [dot] {
            return Ok(vec![kind.label]);
        }
        let before = known.get(&dot).and_then(|write| replaced(&known, write)).and_then(|write| write.body.clone());
        self.amend_values(kind.id, id, before)?;
        Ok(Vec::new())
    }
}

/// Where it is kept that an own entry was taken back.
pub(crate) fn undone_key(entry: i64) -> String {
    format!("undone/{entry}")
}

/// Whether no write of the record is older than this entry.
fn is_creation(parsed: &Parsed, known: &KnownWrites) -> bool {
    known.values().flat_map(BTreeMap::values).all(|write| write.when >= parsed.entry.hlc)
}
