//! Operations that are no field writes: people merged and un-merged, and the county's confirmations.

use mingbai_domain::RecordId;
use mingbai_ledger::{DotRef, Head};
use rusqlite::params;

use super::Projector;
use super::heads::Dot;
use super::parsed::Parsed;
use crate::error::Result;

impl Projector<'_> {
    pub(crate) fn apply_merge(&mut self, dot: Dot, loser: &RecordId, winner: &RecordId, evidence: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "insert or ignore into alias (entry, idx, loser, winner, evidence) values (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![dot.0, dot.1, loser.as_bytes(), winner.as_bytes(), evidence])?;
        self.touched.note_person(loser);
        self.touched.note_person(winner);
        Ok(())
    }

    pub(super) fn apply_unmerge(&mut self, parsed: &Parsed, of: DotRef) -> Result<()> {
        match self.entries.resolve(parsed, of)? {
            Some(dot) => self.take_merge_back(dot),
            None => Ok(()),
        }
    }

    pub(crate) fn take_merge_back(&mut self, (entry, index): Dot) -> Result<()> {
        self.conn
            .prepare_cached("insert or ignore into unmerge (entry, idx) values (?1, ?2)")?
            .execute(params![entry, index])?;
        let mut statement =
            self.conn.prepare_cached("select loser, winner from alias where entry = ?1 and idx = ?2")?;
        let mut rows = statement.query(params![entry, index])?;
        while let Some(row) = rows.next()? {
            self.touched.note_person(&RecordId::from_bytes(row.get(0)?));
            self.touched.note_person(&RecordId::from_bytes(row.get(1)?));
        }
        Ok(())
    }

    pub(crate) fn apply_ack(&self, head: &Head, level: u8) -> Result<()> {
        self.conn
            .prepare_cached("insert or ignore into ack (log, seq, hash, level) values (?1, ?2, ?3, ?4)")?
            .execute(params![head.log.0, head.seq, head.hash.0, level])?;
        Ok(())
    }

    /// Keeps every word of the county on one entry; the last of them stands, whatever order they came in.
    pub(crate) fn apply_refused(&self, said: &Parsed, entry: &Head, (reason, later): (&str, bool)) -> Result<()> {
        let (feed, place, at) = (said.log_no, said.seq, said.entry.hlc.0 as i64);
        self.conn
            .prepare_cached(
                "insert or ignore into refusal (log, seq, hash, feed, place, said, later, reason)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![entry.log.0, entry.seq, entry.hash.0, feed, place, at, later, reason])?;
        Ok(())
    }
}
