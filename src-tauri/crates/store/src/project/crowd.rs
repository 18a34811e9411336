//! How many values of one field may stand side by side. Every PC of a centre may disagree with every other; thousands of
//! values are somebody's attempt to make each next one cost as much as all before it.

use std::collections::BTreeMap;

use mingbai_domain::{FieldId, RecordId};
use mingbai_ledger::{Entry, Op};

use super::heads::BODY;
use super::row::Row;
use super::{Projector, known_type};
use crate::error::Result;

/// Most live writes of one field. Only the county's own writes go beyond it, which decide such a field.
pub(crate) const MOST_LIVE: usize = 256;
/// After so many writes of a transaction that had not seen all that was live, a record is looked at before the next.
const LOOK_AFTER: usize = 16;

impl Projector<'_> {
    /// Whether an entry would let more values of one field stand side by side than can be decided about. Costs nothing
    /// while writes come in the order in which they were made; of an entry that was refused for this before, everything is
    /// looked at.
    pub(crate) fn crowds(&mut self, entry: &Entry) -> Result<bool> {
        if !self.wary && self.disorder.is_empty() && entry.ops.len() <= MOST_LIVE {
            return Ok(false);
        }
        let mut written: BTreeMap<(u16, RecordId), BTreeMap<FieldId, usize>> = BTreeMap::new();
        for op in &entry.ops {
            let Some(record) = op.record() else { continue };
            let fields = written.entry(record).or_default();
            match op {
                Op::Set { writes, .. } => writes.keys().for_each(|field| *fields.entry(*field).or_default() += 1),
                _ => *fields.entry(BODY).or_default() += 1,
            }
        }
        for (record, fields) in written {
            let before = self.disorder.get(&record).copied().unwrap_or_default();
            if !self.wary && before < LOOK_AFTER && fields.values().all(|count| *count <= MOST_LIVE) {
                continue;
            }
            let row = Row::load(self.conn, known_type(record.0)?, &record.1)?;
            if fields.iter().any(|(field, count)| row.heads.of(*field).len() + count > MOST_LIVE) {
                self.crowded.insert(record);
                return Ok(true);
            }
        }
        Ok(false)
    }
}
