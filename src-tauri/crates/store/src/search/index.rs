//! Keeping the search keys as the rows are.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::RecordType;
use rusqlite::{Connection, params};

use super::HitKind;
use super::keys::{Keys, is_deleted, keyed, keys_of_column, position};
use crate::error::Result;
use crate::project::row::Row;

/// How many keys are written or taken away at a time.
const BATCH: usize = 1 << 18;

/// One key that is taken away or, if so, written.
type KeyChange = (String, u16, RecordId, HitKind, bool);

/// Changes of keys in the order of their tree: a large import would otherwise jump through all of it for every record.
struct Batch<'c> {
    conn: &'c Connection,
    keys: Vec<KeyChange>,
}

impl Batch<'_> {
    fn add(&mut self, change: KeyChange) -> Result<()> {
        self.keys.push(change);
        if self.keys.len() < BATCH { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> Result<()> {
        self.keys.sort_unstable();
        let mut remove = self.conn.prepare_cached(
            "delete from search_key where key = ?1 and record_type = ?2 and record = ?3 and kind = ?4",
        )?;
        let mut insert = self
            .conn
            .prepare_cached("insert into search_key (key, record_type, record, kind) values (?1, ?2, ?3, ?4)")?;
        for (key, record_type, record, kind, written) in self.keys.drain(..) {
            let statement = if written { &mut insert } else { &mut remove };
            statement.execute(params![key, record_type, record.as_bytes(), kind.code()])?;
        }
        Ok(())
    }
}

/// The keys that one column of a record has in the file, and those it is to have.
pub(crate) struct Change {
    before: Keys,
    after: Keys,
}

/// What is to be changed, by record and the place of the column among its fields.
pub(crate) type Due = BTreeMap<(u16, RecordId, usize), Change>;

/// How many changes are gathered before they are written.
pub(crate) const MOST_DUE: usize = 1 << 16;

/// Notes that a row is about to be saved: the keys of a column change with its value, and all of them when the record is
/// deleted or comes back.
pub(crate) fn note(due: &mut Due, record: &RecordType, id: &RecordId, row: &Row) {
    let columns = keyed(record);
    let deletion = position(record, "deleted");
    let (was_gone, is_gone) = (is_deleted(row.in_file(deletion)), is_deleted(row.values.get(deletion)));
    for column in columns {
        let place = position(record, column);
        if !row.differs_at(place) && was_gone == is_gone {
            continue;
        }
        let keys = |gone: bool, value| if gone { Keys::new() } else { keys_of_column(record, column, value) };
        let after = keys(is_gone, row.values.get(place));
        match due.entry((record.id, *id, place)) {
            Slot::Occupied(mut known) => known.get_mut().after = after,
            Slot::Vacant(slot) => {
                slot.insert(Change { before: keys(was_gone, row.in_file(place)), after });
            }
        }
    }
}

/// Changes the keys that are due.
pub(crate) fn reindex(conn: &Connection, due: Due) -> Result<()> {
    let mut batch = Batch { conn, keys: Vec::new() };
    for ((record_type, record, _), Change { before, mut after }) in due {
        // What stays is left alone.
        for (key, kind) in before {
            if after.get(&key) == Some(&kind) {
                after.remove(&key);
            } else {
                batch.add((key, record_type, record, kind, false))?;
            }
        }
        for (key, kind) in after {
            batch.add((key, record_type, record, kind, true))?;
        }
    }
    batch.write()
}
