//! What is kept of a table as a whole, so that nobody has to read all of it: its rows and the digest of its live values.

use std::collections::BTreeMap;

use mingbai_domain::{FieldId, RecordId};
use mingbai_ledger::digest::element;
use mingbai_ledger::{Entry, Op, SetDigest};
use rusqlite::{Connection, OptionalExtension, params};

use super::heads::BODY;
use super::known::body_value;
use crate::error::Result;

/// Fewer operations than this are not worth a second thread.
const FEW: usize = 2_000;
/// Threads that digest one entry.
const THREADS: usize = 4;

/// Which of the entry's writes of guarded fields stand beside what they did not replace, by their place.
type Proposed = BTreeMap<(u16, RecordId, FieldId), u32>;

/// Rows and digest of one table.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) sum: SetDigest,
}

impl Tally {
    pub(crate) fn load(conn: &Connection, record_type: u16) -> Result<Self> {
        let stored: Option<(u64, [u8; 32])> = conn
            .prepare_cached("select rows, sum from digest where record_type = ?1")?
            .query_row([record_type], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(stored.map_or_else(Self::default, |(rows, sum)| Self { rows, sum: SetDigest::from_bytes(sum) }))
    }

    pub(crate) fn save(&self, conn: &Connection, record_type: u16) -> Result<()> {
        conn.prepare_cached(
            "insert into digest (record_type, rows, sum) values (?1, ?2, ?3)
             on conflict (record_type) do update set rows = ?2, sum = ?3",
        )?
        .execute(params![record_type, self.rows, self.sum.to_bytes()])?;
        Ok(())
    }
}

/// The digests of what an entry written here makes live, by table: everything it writes but what is only proposed. A sum
/// takes its parts in any order, so a large entry is digested by several threads.
pub(crate) fn sums(entry: &Entry, name: &[u8; 16], proposed: &Proposed) -> BTreeMap<u16, SetDigest> {
    let ops: Vec<(u32, &Op)> = entry.ops_with_dots().collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    if ops.len() < FEW || threads < 2 {
        return sums_of(&ops, name, proposed);
    }
    let parts: Vec<BTreeMap<u16, SetDigest>> = std::thread::scope(|scope| {
        let part = |ops| scope.spawn(move || sums_of(ops, name, proposed));
        let running: Vec<_> = ops.chunks(ops.len().div_ceil(threads)).map(|ops| (ops, part(ops))).collect();
        // A thread that could not do its part has done nothing: the part is done here.
        running.into_iter().map(|(ops, part)| part.join().unwrap_or_else(|_| sums_of(ops, name, proposed))).collect()
    });
    let mut all = BTreeMap::new();
    for (record_type, sum) in parts.into_iter().flatten() {
        all.entry(record_type).or_insert_with(SetDigest::default).add(&sum.to_bytes());
    }
    all
}

fn sums_of(ops: &[(u32, &Op)], name: &[u8; 16], proposed: &Proposed) -> BTreeMap<u16, SetDigest> {
    let mut sums: BTreeMap<u16, SetDigest> = BTreeMap::new();
    for (first, op) in ops {
        match op {
            Op::Set { record_type, record, writes } => {
                let sum = sums.entry(*record_type).or_default();
                for (index, (field, write)) in (*first..).zip(writes) {
                    if proposed.get(&(*record_type, *record, *field)) != Some(&index) {
                        sum.add(&element(*record_type, record, *field, (name, index), &write.value));
                    }
                }
            }
            Op::Fact { record_type, record, body } => {
                let value = body_value(Some(body));
                sums.entry(*record_type).or_default().add(&element(*record_type, record, BODY, (name, *first), &value));
            }
            Op::Amend { record_type, record, body, .. } => {
                let value = body_value(body.as_ref());
                sums.entry(*record_type).or_default().add(&element(*record_type, record, BODY, (name, *first), &value));
            }
            _ => {}
        }
    }
    sums
}
