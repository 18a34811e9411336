//! Conflicts that somebody decided: what stood side by side, what was chosen, by whom and when. They are read from the
//! log, so that a decision can be seen wherever it has travelled to, for as long as the register stands.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::{FieldId, RecordId, Value, Values};
use rusqlite::Row;

use crate::error::Result;
use crate::history::{ConflictValue, WrittenBy};
use crate::project::heads::{BODY, Dot};
use crate::project::known::{KnownWrite, gather};
use crate::project::parsed::Entries;
use crate::reading::Reading;

/// A conflict that was decided; field 0 is the whole of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Record type number.
    pub record_type: u16,
    /// Which record.
    pub record: RecordId,
    /// Field number; 0 for facts.
    pub field: FieldId,
    /// What stood side by side; [`ConflictValue::shown`] marks what was decided for.
    pub values: Vec<ConflictValue>,
    /// What was decided: one of the values or another one; [`Value::Null`] for facts.
    pub value: Value,
    /// The whole body of a fact; nothing for a void and for fields.
    pub body: Option<Values>,
    /// Who decided, where and when.
    pub author: WrittenBy,
}

/// Where a decision is written: the write, the record and the field.
type Place = (Dot, u16, RecordId, FieldId);

impl Reading<'_> {
    /// Up to `limit` decided conflicts, the newest first. Values that were equal needed nobody's decision and are not
    /// among them.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn decisions(&self, limit: u64) -> Result<Vec<Decision>> {
        let mut statement = self.0.prepare_cached(
            "select entry, idx, record_type, record, field from decided order by entry desc, idx desc limit ?1",
        )?;
        let places = statement.query_map([limit], place)?.collect::<rusqlite::Result<Vec<Place>>>()?;
        let mut entries = Entries::new(self.0);
        let mut decisions = Vec::with_capacity(places.len());
        for (dot, record_type, record, field) in places {
            let mut known = gather(self.0, &mut entries, record_type, &record)?;
            let writes = known.remove(&field).unwrap_or_default();
            let Some(decided) = writes.get(&dot) else { continue };
            let stood = replaced_at_once(&writes, decided, field);
            if stood.windows(2).all(|pair| pair[0].known.value == pair[1].known.value) {
                continue;
            }
            let shown = |value: &Value| if field == BODY { Value::Null } else { value.clone() };
            let mut values = Vec::with_capacity(stood.len());
            for write in stood {
                values.push(ConflictValue {
                    value: shown(&write.known.value),
                    body: write.body.clone(),
                    author: self.author_of(write.known.dot.0, write.source)?,
                    shown: write.known.value == decided.known.value,
                });
            }
            decisions.push(Decision {
                record_type,
                record,
                field,
                values,
                value: shown(&decided.known.value),
                body: decided.body.clone(),
                author: self.author_of(dot.0, decided.source)?,
            });
        }
        decisions.sort_by_key(|decision| std::cmp::Reverse(decision.author.when));
        Ok(decisions)
    }
}

/// The writes a decision saw. A fact in several versions is corrected by as many writes of one entry, each naming one.
fn replaced_at_once<'w>(
    writes: &'w BTreeMap<Dot, KnownWrite>,
    decided: &KnownWrite,
    field: FieldId,
) -> Vec<&'w KnownWrite> {
    let entry = decided.known.dot.0;
    let together = writes.values().filter(|write| field == BODY && write.known.dot.0 == entry);
    let seen: BTreeSet<Dot> =
        together.flat_map(|write| &write.known.base).chain(&decided.known.base).copied().collect();
    seen.iter().filter_map(|dot| writes.get(dot)).collect()
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(((row.get(0)?, row.get(1)?), row.get(2)?, RecordId::from_bytes(row.get(3)?), row.get(4)?))
}
