//! Facts: written once, then amended or voided. The whole body is one register, called [`BODY`].

use std::collections::BTreeMap;

use mingbai_domain::catalogue::{Merge, RecordType};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::merge::{live, shown};
use mingbai_ledger::{DotRef, Op};

use super::Projector;
use super::heads::{BODY, Dot};
use super::known::{KnownWrite, body_value};
use super::parsed::Parsed;
use super::row::Row;
use crate::error::Result;

impl Projector<'_> {
    pub(super) fn apply_fact(
        &mut self,
        parsed: &Parsed,
        record: &'static RecordType,
        id: &RecordId,
        of: Option<DotRef>,
        body: Option<&Values>,
        first: u32,
    ) -> Result<()> {
        let mut row = Row::load(self.conn, record, id)?;
        if of.is_some()
            && let Some(first) = decides(parsed, record, id)
        {
            self.put_decided(record, id, BODY, parsed.dot(first))?;
        }
        let base: Vec<Dot> = match of {
            Some(reference) => self.entries.resolve(parsed, reference)?.into_iter().collect(),
            None => Vec::new(),
        };
        if base != row.heads.of(BODY) {
            self.note_disorder(record, id);
            return self.refold_fact(record, id, row);
        }
        let dot = parsed.dot(first);
        self.replace_body(&mut row, record, id, dot, body)?;
        self.digest_add((record.id, id), BODY, dot, &body_value(body))?;
        row.changed = row.changed.max(parsed.entry.hlc.0);
        self.save(record, id, &row)
    }

    /// Puts a body (or a void) in the place of the one live body. The caller adds the new digest element.
    pub(crate) fn replace_body(
        &mut self,
        row: &mut Row,
        record: &'static RecordType,
        id: &RecordId,
        dot: Dot,
        body: Option<&Values>,
    ) -> Result<()> {
        match row.heads.of(BODY) {
            [] => {}
            [only] => {
                let old = if row.void { Value::Null } else { body_value(Some(&row.to_values(record))) };
                self.digest_remove((record.id, id), BODY, *only, &old)?;
            }
            several => {
                let known = self.gather(record, id)?.remove(&BODY).unwrap_or_default();
                self.exchange((record.id, id), BODY, several, &[], &known)?;
                self.clear_conflict(record, id, BODY)?;
                row.conflict = false;
            }
        }
        if let Some(values) = body {
            row.set_values(record, values)?;
        }
        row.void = body.is_none();
        row.heads.set(BODY, &[dot]);
        Ok(())
    }

    /// Folds a fact again from all its entries.
    fn refold_fact(&mut self, record: &'static RecordType, id: &RecordId, mut row: Row) -> Result<()> {
        let writes = self.gather(record, id)?.remove(&BODY).unwrap_or_default();
        let before = row.clone();
        let candidates: Vec<_> = writes.values().map(|w| w.known.clone()).collect();
        let live_writes = live(Merge::Fact, &candidates);
        let dots: Vec<Dot> = live_writes.iter().map(|w| w.dot).collect();
        let full: Vec<&KnownWrite> = dots.iter().filter_map(|dot| writes.get(dot)).collect();
        if dots != before.heads.of(BODY) {
            self.exchange((record.id, id), BODY, before.heads.of(BODY), &full, &writes)?;
        }
        if before.conflict {
            self.clear_conflict(record, id, BODY)?;
        }
        row.conflict = false;
        if let Some(shown) = shown(Merge::Fact, &live_writes) {
            row.void = shown.write.value == Value::Null;
            // A void over several versions is several writes; what stays readable behind it is the version that was
            // shown, whatever order the writes arrived in.
            let behind = if row.void {
                let versions = live_writes.iter().filter_map(|write| version_behind(&writes, write.dot));
                versions.max_by_key(|version| version.known.rank)
            } else {
                version_behind(&writes, shown.write.dot)
            };
            match behind.and_then(|version| version.body.as_ref()) {
                Some(body) => row.set_values(record, body)?,
                None => row.set_values(record, &Values::new())?,
            }
            if shown.conflict {
                row.conflict = true;
                self.put_conflict((record.id, id), BODY, &full, shown.write.dot)?;
            }
        }
        row.heads.set(BODY, &dots);
        row.changed = writes.values().map(|w| w.when.0).max().unwrap_or(0);
        if !before.exists || row != before {
            self.save(record, id, &row)?;
        }
        Ok(())
    }
}

/// The first of several corrections of one fact in one entry: they replace versions that stood side by side.
fn decides(parsed: &Parsed, record: &RecordType, id: &RecordId) -> Option<u32> {
    let corrects = |place: usize| matches!(parsed.entry.ops.get(place), Some(Op::Amend { record_type, .. }) if *record_type == record.id);
    let mut amends = parsed.operations_on(id).iter().filter(|(_, place)| corrects(*place));
    let (first, _) = amends.next()?;
    amends.next().map(|_| *first)
}

/// The version a write shows: itself, or for a void the one it voided.
fn version_behind(writes: &BTreeMap<Dot, KnownWrite>, mut dot: Dot) -> Option<&KnownWrite> {
    for _ in 0..=writes.len() {
        let write = writes.get(&dot)?;
        if write.body.is_some() {
            return Some(write);
        }
        dot = *write.known.base.first()?;
    }
    None
}
