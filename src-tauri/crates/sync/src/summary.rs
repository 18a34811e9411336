//! What waits to be confirmed, in numbers a clerk reads.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue;
use mingbai_ledger::{Entry, EntryKind, Head, LogId};
use mingbai_store::{LogInfo, Reading, StoreError, Stored};

use crate::held;
use crate::refusal::refused;

/// How many saved changes touch a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeCount {
    /// Chinese name of the type.
    pub label: &'static str,
    /// Records touched, each counted once an entry.
    pub count: u64,
}

/// How far the county has confirmed this PC's own log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Entries the county has taken into its tables.
    pub entries: u64,
    /// Entries the county has received and not taken in; not among `entries`.
    pub refused: u64,
    /// All own entries.
    pub own: u64,
    /// Saved actions not confirmed yet; receipts and notes of the program itself do not count.
    pub pending: u64,
    /// Milliseconds of the newest confirmed entry.
    pub until: Option<u64>,
}

/// Most entries one look reads.
const ALL: u64 = u64::MAX >> 1;
/// Level at which the county has taken an entry into its tables.
pub const APPLIED: u8 = 2;

/// The own entries the county has not confirmed, of every log this PC ever wrote up with: each branch of a log by itself,
/// with what branches share in the first of them.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn pending(reading: Reading<'_>) -> Result<Vec<(Head, Vec<Stored>)>, StoreError> {
    after(reading, held::confirmed_to)
}

/// What goes into the next bundle for the county: the own entries it has not confirmed, or no longer has.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn unsent(reading: Reading<'_>) -> Result<Vec<(Head, Vec<Stored>)>, StoreError> {
    after(reading, held::sent_to)
}

fn after(
    reading: Reading<'_>,
    until: fn(Reading<'_>, &LogId) -> Result<u64, StoreError>,
) -> Result<Vec<(Head, Vec<Stored>)>, StoreError> {
    let mut found = Vec::new();
    for log in held::own_logs(reading)? {
        let until = until(reading, &log.id)?;
        found.extend(branches(reading, &log, until, &held::branches_held(reading, &log.id)?)?);
    }
    Ok(found)
}

/// The entries of a log after number `until`. Of one that forks, each branch back to one of `known`, by its last entry: what
/// is signed together has to be one chain.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) fn branches(
    reading: Reading<'_>,
    log: &LogInfo,
    until: u64,
    known: &[Head],
) -> Result<Vec<(Head, Vec<Stored>)>, StoreError> {
    if !reading.is_forked(&log.id)? {
        return Ok(vec![(log.head, reading.entries_after(&log.id, until, ALL)?)]);
    }
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for tip in reading.tips(log)? {
        let mut branch = reading.branch(&tip, known)?;
        branch.retain(|entry| seen.insert(entry.entry));
        found.push((tip, branch));
    }
    Ok(found)
}

/// How many own entries the county has taken into its tables.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn confirmed_entries(reading: Reading<'_>) -> Result<u64, StoreError> {
    let mut entries = 0;
    for log in held::own_logs(reading)? {
        entries += held::confirmed_to(reading, &log.id)?;
    }
    Ok(entries.saturating_sub(refused(reading)?.len() as u64))
}

/// How far the county has confirmed.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn confirmed(reading: Reading<'_>) -> Result<Confirmed, StoreError> {
    let mut sum = Confirmed { entries: confirmed_entries(reading)?, ..Confirmed::default() };
    for log in held::own_logs(reading)? {
        sum.own += log.head.seq;
        let until = held::confirmed_to(reading, &log.id)?;
        if until == 0 {
            continue;
        }
        if let Some(last) = reading.entries_after(&log.id, until - 1, 1)?.first() {
            sum.until = sum.until.max(Some(last.decode()?.hlc.millis()));
        }
    }
    sum.refused = refused(reading)?.len() as u64;
    for (_, entries) in pending(reading)? {
        for entry in &entries {
            sum.pending += u64::from(entry.decode()?.kind == EntryKind::Transaction);
        }
    }
    Ok(sum)
}

/// Counts the records entries touch by their type, most first.
#[must_use]
pub fn by_type<'e>(entries: impl Iterator<Item = &'e Entry>) -> Vec<TypeCount> {
    let mut counts: BTreeMap<u16, u64> = BTreeMap::new();
    for entry in entries {
        let mut touched: Vec<_> = entry.ops.iter().filter_map(mingbai_ledger::Op::record).collect();
        touched.sort_unstable();
        touched.dedup();
        for (kind, _) in touched {
            *counts.entry(kind).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts
        .into_iter()
        .map(|(kind, count)| TypeCount { label: catalogue::by_id(kind).map_or("其他", |t| t.label), count })
        .collect();
    counts.sort_by_key(|entry| std::cmp::Reverse(entry.count));
    counts
}
