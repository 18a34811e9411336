//! How a transaction's writes become operations: each names the live writes it replaces.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::RecordType;
use mingbai_domain::value::ValueError;
use mingbai_domain::{FieldId, RecordId, Value, Values};
use mingbai_ledger::{Op, Write};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::error::{Result, StoreError};
use crate::project::heads::{BODY, Dot};
use crate::project::row::{Row, position};
use crate::project::{Replaced, deletion, is_guarded};
use crate::txn::Txn;

impl Txn<'_> {
    pub(crate) fn write_fields(
        &mut self,
        kind: &'static RecordType,
        id: RecordId,
        row: &mut Row,
        values: Values,
    ) -> Result<()> {
        for (field, value) in &values {
            admit(kind, *field, value)?;
        }
        let entry = self.start()?;
        let mut writes = BTreeMap::new();
        let mut replaced = Vec::with_capacity(values.len());
        for (field, value) in values {
            if let Some(index) = self.proposed.get(&(kind.id, id, field)).copied() {
                if let Some(Op::Set { writes, .. }) = self.pending(index) {
                    writes.entry(field).and_modify(|write| write.value = value);
                }
                continue;
            }
            let heads = row.heads.of(field).to_vec();
            if let [(own, index)] = heads.as_slice()
                && *own == entry
            {
                // Written before in this very entry: the one write says the last value.
                if let Some(Op::Set { writes, .. }) = self.pending(*index) {
                    writes.entry(field).and_modify(|write| write.value = value.clone());
                    row.put(position(kind, field)?, value)?;
                }
                continue;
            }
            let dot = (entry, self.dots + writes.len() as u32);
            if self.proposes(kind, &id, field, &heads)? {
                self.proposed.insert((kind.id, id, field), dot.1);
            } else {
                if heads.len() > 1 {
                    self.projector.put_decided(kind, &id, field, dot)?;
                }
                replaced.push(Replaced { field, dot, value: value.clone() });
            }
            let mut saw = heads;
            if deletion(kind) == Some(field) {
                // Whoever deletes says of the whole record what stood there, so that what somebody else was writing
                // meanwhile can be told from it.
                let others: Vec<Dot> =
                    row.heads.all().iter().copied().filter(|dot| dot.0 != entry && !saw.contains(dot)).collect();
                saw.extend(others);
            }
            let base = saw.into_iter().map(|dot| self.refer(dot)).collect::<Result<_>>()?;
            writes.insert(field, Write { value, base });
        }
        self.projector.replace(row, kind, &id, replaced)?;
        row.changed = row.changed.max(self.hlc.0);
        self.projector.save(kind, &id, row)?;
        if !writes.is_empty() || !row.exists {
            self.push(Op::Set { record_type: kind.id, record: id, writes });
        }
        Ok(())
    }

    /// Whether a write of ours would leave standing some of what is live in its field.
    fn proposes(&mut self, kind: &'static RecordType, id: &RecordId, field: FieldId, heads: &[Dot]) -> Result<bool> {
        if self.own.role.is_county() || !is_guarded(kind, field) {
            return Ok(false);
        }
        match heads {
            [] => Ok(false),
            [only] if self.projector.entries.is_of(self.own.no, *only)? => Ok(false),
            [only] => {
                let known = self.projector.gather(kind, id)?;
                Ok(known.get(&field).and_then(|writes| writes.get(only)).is_some_and(|write| write.known.county))
            }
            _ => Ok(true),
        }
    }

    pub(crate) fn write_body(
        &mut self,
        kind: &'static RecordType,
        id: RecordId,
        row: &mut Row,
        body: Option<Values>,
    ) -> Result<()> {
        for (field, value) in body.iter().flatten() {
            admit(kind, *field, value)?;
        }
        let entry = self.start()?;
        let heads = row.heads.of(BODY).to_vec();
        row.changed = row.changed.max(self.hlc.0);
        if let Some((_, index)) = heads.iter().find(|(own, _)| *own == entry) {
            // Written before in this very entry: that operation says the last word. A fact never saved cannot be voided.
            match (self.pending(*index), body) {
                (Some(Op::Fact { body: old, .. }), Some(new)) => {
                    row.set_values(kind, &new)?;
                    *old = new;
                }
                (Some(Op::Amend { body: old, .. }), new) if heads.len() == 1 => {
                    row.void = new.is_none();
                    if let Some(values) = &new {
                        row.set_values(kind, values)?;
                    }
                    *old = new;
                }
                _ => return Err(StoreError::WrongShape { table: kind.table }),
            }
            return self.projector.save(kind, &id, row);
        }
        let first = self.dots;
        if heads.len() > 1 {
            self.projector.put_decided(kind, &id, BODY, (entry, first))?;
        }
        self.projector.replace_body(row, kind, &id, (entry, first), body.as_ref())?;
        if heads.is_empty() {
            self.push(Op::Fact { record_type: kind.id, record: id, body: body.unwrap_or_default() });
        } else {
            // Several live versions are each replaced by the same correction, which agrees with itself.
            let mut dots = Vec::with_capacity(heads.len());
            for dot in heads {
                let of = self.refer(dot)?;
                dots.push((entry, self.dots));
                self.push(Op::Amend { record_type: kind.id, record: id, of, body: body.clone() });
            }
            row.heads.set(BODY, &dots);
        }
        self.projector.save(kind, &id, row)
    }
}

fn admit(kind: &RecordType, field: FieldId, value: &Value) -> Result<()> {
    let declared = kind.field(field).ok_or(StoreError::UnknownField { record_type: kind.id, field })?;
    if declared.kind.admits(value) { Ok(()) } else { Err(ValueError { expected: declared.label }.into()) }
}

/// Text as the log will carry it, so that the row and its rebuilt copy agree.
pub(crate) fn nfc(mut values: Values) -> Values {
    for value in values.values_mut() {
        if let Value::Text(text) = value
            && !is_nfc(text)
        {
            *text = text.nfc().collect();
        }
    }
    values
}
