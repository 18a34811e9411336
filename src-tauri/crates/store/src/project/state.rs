//! State records: every field a register of concurrent writes.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::{Merge, RecordType};
use mingbai_domain::{FieldId, RecordId, Value};
use mingbai_ledger::Write;
use mingbai_ledger::merge::{live, shown};

use super::heads::Dot;
use super::known::KnownWrite;
use super::parsed::Parsed;
use super::row::{Row, position};
use super::{Projector, deletion};
use crate::error::{Result, StoreError};

/// One field of a row about to be replaced by a write that saw all its live writes.
pub(crate) struct Replaced {
    pub(crate) field: FieldId,
    pub(crate) dot: Dot,
    pub(crate) value: Value,
}

/// Whether the county has the last word about a field.
pub(crate) fn is_guarded(record: &RecordType, field: FieldId) -> bool {
    record.field(field).is_some_and(|field| field.merge == Merge::Guarded)
}

impl Projector<'_> {
    pub(super) fn apply_set(
        &mut self,
        parsed: &Parsed,
        record: &'static RecordType,
        id: &RecordId,
        writes: &BTreeMap<FieldId, Write>,
        first: u32,
    ) -> Result<()> {
        let mut row = Row::load(self.conn, record, id)?;
        let mut replaced = Vec::with_capacity(writes.len());
        let proposes = |field| is_guarded(record, field) && !parsed.by_county();
        if deletion(record).and_then(|deleted| writes.get(&deleted)).is_some_and(|write| write.base.len() > 1) {
            // It names the whole record: what it replaces of its own field is told by folding.
            self.note_disorder(record, id);
            return self.refold_state(record, id, row);
        }
        for (index, (field, write)) in (first..).zip(writes) {
            if write.base.len() > 1 && !proposes(*field) {
                self.put_decided(record, id, *field, parsed.dot(index))?;
            }
        }
        for (index, (field, write)) in (first..).zip(writes) {
            // What its own log wrote is the county's no more than itself.
            if let ([reference], [only]) = (write.base.as_slice(), row.heads.of(*field))
                && (parsed.origin.is_none() || !proposes(*field))
                && self.entries.names_live(parsed, *reference, *only)?
            {
                replaced.push(Replaced { field: *field, dot: parsed.dot(index), value: write.value.clone() });
                continue;
            }
            let mut base = Vec::with_capacity(write.base.len());
            for reference in &write.base {
                base.extend(self.entries.resolve(parsed, *reference)?);
            }
            // Hashes cannot run in circles: a write that saw everything that is live now was not known before, and
            // nothing known replaces it. Everything else is folded again from the record's entries, and so is what may not
            // replace what it saw.
            let heads = row.heads.of(*field);
            if !heads.iter().all(|dot| base.contains(dot)) || (proposes(*field) && !heads.is_empty()) {
                self.note_disorder(record, id);
                return self.refold_state(record, id, row);
            }
            replaced.push(Replaced { field: *field, dot: parsed.dot(index), value: write.value.clone() });
        }
        for one in &replaced {
            self.digest_add((record.id, id), one.field, one.dot, &one.value)?;
        }
        self.replace(&mut row, record, id, replaced)?;
        row.changed = row.changed.max(parsed.entry.hlc.0);
        self.save(record, id, &row)
    }

    /// Puts writes in the place of everything live in their fields. The caller adds the new digest elements (the entry
    /// being written now has no hash yet) and saves the row.
    pub(crate) fn replace(
        &mut self,
        row: &mut Row,
        record: &'static RecordType,
        id: &RecordId,
        replaced: Vec<Replaced>,
    ) -> Result<()> {
        let mut resolved = false;
        for one in replaced {
            let place = position(record, one.field)?;
            match row.heads.of(one.field) {
                [] => {}
                [only] => {
                    let shown = row.values.get(place).ok_or(StoreError::Inconsistent("栏目"))?;
                    self.digest_remove((record.id, id), one.field, *only, shown)?;
                }
                several => {
                    let known = self.gather(record, id)?.remove(&one.field).unwrap_or_default();
                    self.exchange((record.id, id), one.field, several, &[], &known)?;
                    self.clear_conflict(record, id, one.field)?;
                    resolved = true;
                }
            }
            row.put(place, one.value)?;
            row.heads.set(one.field, &[one.dot]);
        }
        if resolved {
            row.conflict = self.has_conflict(record, id)?;
        }
        Ok(())
    }

    /// Folds a state record again from all its entries.
    pub(crate) fn refold_state(&mut self, record: &'static RecordType, id: &RecordId, mut row: Row) -> Result<()> {
        let known = self.gather(record, id)?;
        let before = row.clone();
        let had_conflict = row.conflict;
        row.conflict = false;
        row.changed = 0;
        for (field, writes) in &known {
            let declared =
                record.field(*field).ok_or(StoreError::UnknownField { record_type: record.id, field: *field })?;
            let candidates: Vec<_> = writes.values().map(|w| w.known.clone()).collect();
            let live_writes = live(declared.merge, &candidates);
            let dots: Vec<Dot> = live_writes.iter().map(|w| w.dot).collect();
            let full: Vec<&KnownWrite> = dots.iter().filter_map(|dot| writes.get(dot)).collect();
            if dots != before.heads.of(*field) {
                self.exchange((record.id, id), *field, before.heads.of(*field), &full, writes)?;
            } else if let ([only], Some(old)) = (full.as_slice(), before.values.get(position(record, *field)?))
                && *old != only.known.value
            {
                // Its author's own word has come, and says something else than what was passed on under its name.
                self.digest_remove((record.id, id), *field, only.known.dot, old)?;
                self.digest_add((record.id, id), *field, only.known.dot, &only.known.value)?;
            }
            if had_conflict {
                self.clear_conflict(record, id, *field)?;
            }
            if let Some(shown) = shown(declared.merge, &live_writes) {
                row.put(position(record, *field)?, shown.write.value.clone())?;
                if shown.conflict {
                    row.conflict = true;
                    self.put_conflict((record.id, id), *field, &full, shown.write.dot)?;
                }
            }
            if deletion(record) == Some(*field) {
                let proposed = |write: &KnownWrite| is_guarded(record, *field) && !write.known.county;
                for write in writes.values().filter(|write| write.known.base.len() > 1 && !proposed(write)) {
                    self.put_decided(record, id, *field, write.known.dot)?;
                }
            }
            row.heads.set(*field, &dots);
            row.changed = row.changed.max(writes.values().map(|w| w.when.0).max().unwrap_or(0));
        }
        if !before.exists || row != before {
            self.save(record, id, &row)?;
        }
        Ok(())
    }
}
