//! Logs of the other PCs of one's own centre: whoever received them hands them on to the county, signed by the PC that
//! wrote them. So what a PC told its neighbour and lost before it reached the county is not lost.

use std::collections::BTreeMap;

use mingbai_bundle::{Checkpoint, OpenedRange};
use mingbai_ledger::{EntryHash, Head, LogId, SetDigest};
use mingbai_store::{LogInfo, LogRole, Reading, StoreError, Stored, Txn};

use crate::held::confirmed_to;
use crate::split::Load;
use crate::summary::APPLIED;

/// Bytes of a kept checkpoint: number, hash, count, digest, signature.
const LINE: usize = 8 + 32 + 8 + 32 + 64;

/// Where it is kept how far a neighbour signed its log, once for every branch.
fn key(log: &LogId) -> String {
    format!("neighbour/{log}")
}

fn encode(checkpoint: &Checkpoint) -> Vec<u8> {
    let (seq, count) = (checkpoint.head.seq.to_be_bytes(), checkpoint.count.to_be_bytes());
    [&seq[..], &checkpoint.head.hash.0, &count, &checkpoint.state.to_bytes(), &checkpoint.signature].concat()
}

fn decode(log: LogId, line: &[u8]) -> Option<Checkpoint> {
    let (seq, rest) = line.split_first_chunk()?;
    let (hash, rest) = rest.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let (state, rest) = rest.split_first_chunk()?;
    let head = Head { log, seq: u64::from_be_bytes(*seq), hash: EntryHash(*hash) };
    let (count, state) = (u64::from_be_bytes(*count), SetDigest::from_bytes(*state));
    Some(Checkpoint { head, count, state, signature: rest.try_into().ok()? })
}

fn kept(reading: Reading<'_>, log: &LogId) -> Result<Vec<Checkpoint>, StoreError> {
    let lines = reading.state(&key(log))?.unwrap_or_default();
    Ok(lines.chunks(LINE).filter_map(|line| decode(*log, line)).collect())
}

/// Keeps how far a neighbour signed its log. What it signed earlier on the same branch is contained in it.
pub(crate) fn keep(txn: &mut Txn<'_>, range: &OpenedRange) -> Result<(), StoreError> {
    let log = range.range.log;
    let mut all = kept(txn.read(), &log)?;
    let since = all.iter().map(|known| known.head.seq).min().unwrap_or(u64::MAX).saturating_sub(1);
    let chain = chain(txn.read(), range.checkpoint.head, |at| Ok(at.seq <= since))?;
    all.retain(|known| chain.iter().all(|entry| entry.hash != known.head.hash));
    all.push(range.checkpoint.clone());
    let lines: Vec<u8> = all.iter().flat_map(encode).collect();
    txn.set_state(&key(&log), &lines)
}

/// The logs of neighbours that were received.
pub(crate) fn logs(reading: Reading<'_>) -> Result<Vec<LogInfo>, StoreError> {
    let mut found = Vec::new();
    for log in reading.logs()? {
        if !log.own && log.role == LogRole::Township && reading.state(&key(&log.id))?.is_some() {
            found.push(log);
        }
    }
    Ok(found)
}

/// What neighbours wrote and the county has not confirmed, every branch by itself.
pub(crate) fn loads(reading: Reading<'_>) -> Result<Vec<Load>, StoreError> {
    let mut loads = Vec::new();
    for log in logs(reading)? {
        let Some(genesis) = log.genesis else { continue };
        let confirmed = confirmed_to(reading, &log.id)?;
        for checkpoint in kept(reading, &log.id)? {
            let told = |at: &Head| Ok(at.seq <= confirmed && reading.is_acked(at, APPLIED)?);
            let entries = chain(reading, checkpoint.head, told)?;
            if !entries.is_empty() {
                loads.push(Load { genesis: genesis.clone(), entries, signed: Some(checkpoint) });
            }
        }
    }
    Ok(loads)
}

/// The entries that lead to a head, in order, from behind the last one of which `is_enough` says so. None where some of
/// them are still missing here.
fn chain(
    reading: Reading<'_>,
    head: Head,
    is_enough: impl Fn(&Head) -> Result<bool, StoreError>,
) -> Result<Vec<Stored>, StoreError> {
    let stored = reading.entries_after(&head.log, 0, u64::MAX >> 1)?;
    let mut by_hash: BTreeMap<EntryHash, Stored> = stored.into_iter().map(|entry| (entry.hash, entry)).collect();
    let mut found: Vec<Stored> = Vec::new();
    let mut at = head;
    while at.seq > 0 && !is_enough(&at)? {
        let Some(entry) = by_hash.remove(&at.hash) else { return Ok(Vec::new()) };
        at = Head { log: at.log, seq: entry.seq.saturating_sub(1), hash: entry.prev };
        found.push(entry);
    }
    found.reverse();
    Ok(found)
}
