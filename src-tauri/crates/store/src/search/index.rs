//! Keeping the search keys as the rows are.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{ALL, RecordType};
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
struct Change {
    before: Keys,
    after: Keys,
}

/// What is to be changed.
#[derive(Default)]
pub(crate) struct Due {
    /// Keys of records that were not there before.
    fresh: Vec<KeyChange>,
    /// The others, by record and the place of the column among its fields.
    changes: BTreeMap<(u16, RecordId, usize), Change>,
}

impl Due {
    /// Whether so much is gathered that it is to be written.
    pub(crate) fn is_much(&self) -> bool {
        self.changes.len() >= MOST_DUE || self.fresh.len() >= BATCH
    }
}

/// How many changes are gathered before they are written.
const MOST_DUE: usize = 1 << 16;

/// The columns of a record type that are looked for, with their places, and the place that says that it is deleted.
type Places = (Vec<(&'static str, usize)>, usize);

static PLACES: LazyLock<HashMap<u16, Places>> = LazyLock::new(|| {
    let keyed = ALL.iter().filter(|record| !keyed(record).is_empty());
    let places = |record: &RecordType| keyed_places(record);
    keyed.map(|record| (record.id, places(record))).collect()
});

fn keyed_places(record: &RecordType) -> Places {
    (keyed(record).iter().map(|column| (*column, position(record, column))).collect(), position(record, "deleted"))
}

/// Notes that a row is about to be saved: the keys of a column change with its value, and all of them when the record is
/// deleted or comes back.
pub(crate) fn note(due: &mut Due, record: &RecordType, id: &RecordId, row: &Row) {
    let Some((columns, deletion)) = PLACES.get(&record.id) else { return };
    let (was_gone, is_gone) = (is_deleted(row.in_file(*deletion)), is_deleted(row.values.get(*deletion)));
    for (column, place) in columns {
        if !row.differs_at(*place) && was_gone == is_gone {
            continue;
        }
        let keys = |gone: bool, value| if gone { Keys::new() } else { keys_of_column(record, column, value) };
        let after = keys(is_gone, row.values.get(*place));
        if !row.exists {
            due.fresh.extend(after.into_iter().map(|(key, kind)| (key, record.id, *id, kind, true)));
            continue;
        }
        match due.changes.entry((record.id, *id, *place)) {
            Slot::Occupied(mut known) => known.get_mut().after = after,
            Slot::Vacant(slot) => {
                slot.insert(Change { before: keys(was_gone, row.in_file(*place)), after });
            }
        }
    }
}

/// Changes the keys that are due: first those of new records, which may have changed since they were made.
pub(crate) fn reindex(conn: &Connection, due: Due) -> Result<()> {
    let mut batch = Batch { conn, keys: due.fresh };
    batch.write()?;
    for ((record_type, record, _), Change { before, mut after }) in due.changes {
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
