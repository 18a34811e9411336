//! What is kept of a table as a whole, so that nobody has to read all of it: its rows and the digest of its live values.

use mingbai_ledger::SetDigest;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

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
