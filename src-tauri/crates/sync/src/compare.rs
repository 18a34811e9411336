//! Completeness (sync.md §1.7): every bundle says what its sender's tables looked like. The county folds the entries that
//! sender then held once more and compares. A difference is a fault in a program or a disk; it is never mended by believing
//! either side, only by folding both again from their logs.

use mingbai_bundle::{Certificate, Manifest, StateSummary};
use mingbai_domain::catalogue;
use mingbai_ledger::{LogId, SetDigest};
use mingbai_store::{Mirrored, Reading, Store, StoreError, Txn};

use crate::error::SyncError;
use crate::held;

fn key(serial: u64) -> String {
    format!("said/{serial}")
}

/// A table of which one side has more rows than the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uneven {
    /// Chinese name of the record type.
    pub label: &'static str,
    /// Rows there.
    pub theirs: u64,
    /// Rows as they must be.
    pub ours: u64,
}

/// What came of comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The PC has not sent anything that could be compared.
    Nothing,
    /// Both have the same.
    Agrees,
    /// They differ; no table named means that the numbers of rows are equal and their contents are not.
    Differs(Vec<Uneven>),
    /// Its bundle speaks of entries that are not here yet.
    Later,
    /// It is of another version, or holds what we did not take in.
    Unlike,
}

/// Keeps what a sender says of its tables, until its next bundle.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn note(txn: &mut Txn<'_>, device: &Certificate, manifest: &Manifest) -> Result<(), StoreError> {
    txn.set_state(&key(device.serial), &manifest.encode())
}

/// The summary of tables that a bundle carries.
#[must_use]
pub fn summary(tables: &[(&'static str, u64, SetDigest)]) -> StateSummary {
    let (mut rows, mut digest) = (Vec::new(), SetDigest::default());
    for (table, count, sum) in tables {
        rows.extend(catalogue::by_table(table).map(|kind| (u64::from(kind.id), *count)));
        digest.add(&sum.to_bytes());
    }
    rows.sort_unstable();
    StateSummary { rows, digest }
}

/// The logs a PC wrote under its certificate, and those they go on from: under keys it had before.
fn written_by(reading: Reading<'_>, device: &Certificate) -> Result<Vec<LogId>, StoreError> {
    let mut own = Vec::new();
    let mut next: Vec<LogId> = held::logs_of(reading, device)?.into_iter().map(|log| log.id).collect();
    while let Some(log) = next.pop().filter(|log| !own.contains(log)) {
        let before = reading.log(&log)?.and_then(|log| log.genesis).and_then(|genesis| genesis.continues);
        next.extend(before.map(|head| head.log));
        own.push(log);
    }
    Ok(own)
}

/// Compares what a PC said of its tables in its last bundle with what they must be. Takes as long as folding the entries
/// it holds.
///
/// # Errors
/// [`SyncError`] when the tables could not be folded.
pub fn compare(store: &mut Store, device: &Certificate) -> Result<Compared, SyncError> {
    let Some(said) = store.state(&key(device.serial))? else { return Ok(Compared::Nothing) };
    let manifest = Manifest::decode(&said)?;
    let Some(theirs) = manifest.state else { return Ok(Compared::Nothing) };
    if manifest.schema != u64::from(catalogue::SCHEMA) {
        return Ok(Compared::Unlike);
    }
    let tables = match store.mirror(&manifest.have, &written_by(store.read(), device)?)? {
        Mirrored::Tables(tables) => tables,
        Mirrored::Lacking => return Ok(Compared::Later),
        Mirrored::Unlike => return Ok(Compared::Unlike),
    };
    let ours = summary(&tables);
    if ours == theirs {
        return Ok(Compared::Agrees);
    }
    let rows = |of: &StateSummary, kind: u64| of.rows.iter().find(|(k, _)| *k == kind).map_or(0, |(_, rows)| *rows);
    let uneven = ours.rows.iter().filter_map(|(kind, rows_here)| {
        let there = rows(&theirs, *kind);
        let label = u16::try_from(*kind).ok().and_then(catalogue::by_id).map_or("其他", |kind| kind.label);
        (there != *rows_here).then_some(Uneven { label, theirs: there, ours: *rows_here })
    });
    Ok(Compared::Differs(uneven.collect()))
}
