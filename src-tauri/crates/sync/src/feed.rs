//! The county's feed for one township: confirmations, and what the county wrote about that township's records.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_ledger::{EntryKind, Genesis, Head, LogId, Op};
use mingbai_store::{EntryNo, FeedEntry, Reading, Restatement, Store, StoreError, Txn};

use crate::error::SyncError;
use crate::held::own_logs;
use crate::keys::DeviceKeys;
use crate::scope::{self, Concern};
use crate::summary::APPLIED;

/// Where the genesis of a township's feed is kept.
pub(crate) fn feed_key(area: &str) -> String {
    format!("feed/{area}")
}

/// How far a log of the county's has been re-stated into a township's feed.
fn restated_key(area: &str, log: &LogId) -> String {
    format!("restated/{area}/{log}")
}

/// Which writes of re-stated entries concern nobody known yet.
fn waiting_key(area: &str) -> String {
    format!("waiting/{area}")
}

/// The genesis of a township's feed; made at the first bundle from or for it.
///
/// # Errors
/// [`SyncError`] when the keys are missing or the database refuses.
pub fn genesis(
    store: &mut Store,
    area: &str,
    serial: u64,
    county: [u8; 8],
    random: &dyn Fn(&mut [u8]),
) -> Result<Genesis, SyncError> {
    if let Some(bytes) = store.state(&feed_key(area))? {
        return Ok(Genesis::decode(&bytes).map_err(|_| StoreError::Inconsistent("县级回执日志"))?);
    }
    let keys = DeviceKeys::load(store)?;
    let mut nonce = [0; 16];
    random(&mut nonce);
    let genesis =
        Genesis { device_key: keys.signing.public().log_key(), nonce, county, certificate: serial, continues: None };
    store.set_state(&feed_key(area), &genesis.encode())?;
    Ok(genesis)
}

/// Confirms a log in its township's feed up to `head`, and up to the last entry that has everything before it here. Only
/// entries that stand in our chain are confirmed, and nothing twice.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn confirm(txn: &mut Txn<'_>, feed: &LogId, head: Head) -> Result<bool, StoreError> {
    let mut any = false;
    // The farther one first: it usually covers the other.
    let last = txn.read().log(&head.log)?.map(|log| log.head);
    for head in last.into_iter().chain([head]) {
        if head.seq == 0 || !txn.read().stands(&head)? || is_confirmed(txn.read(), &head)? {
            continue;
        }
        let action = "exchange_confirm".to_owned();
        let ops = vec![Op::Ack { head, level: APPLIED }];
        txn.append(feed, FeedEntry { kind: EntryKind::Ack, action, ops, refs: Vec::new(), origin: None })?;
        any = true;
    }
    Ok(any)
}

/// Whether an entry is confirmed by itself, or by a later one where the log has no second branch.
fn is_confirmed(reading: Reading<'_>, head: &Head) -> Result<bool, StoreError> {
    if reading.is_acked(head, APPLIED)? {
        return Ok(true);
    }
    let later = reading.acked(&head.log, APPLIED)?.is_some_and(|known| known.seq >= head.seq);
    Ok(later && reading.forks(&head.log)?.is_empty())
}

/// Re-states in a township's feed what the county wrote since the last time: packs, and changes to records of its area.
/// What concerned nobody known then is looked at again.
///
/// # Errors
/// [`SyncError`] when the database refuses.
pub fn restate(
    store: &mut Store,
    author: &mingbai_store::Author<'_>,
    (area, unit): (&str, &str),
    genesis: &Genesis,
) -> Result<u64, SyncError> {
    let committed = store.commit(author, "exchange_restate", None, |txn| {
        let feed = txn.add_feed(genesis, unit)?;
        let mut due: Vec<(EntryNo, Option<BTreeSet<u32>>)> = Vec::new();
        for (entry, writes) in waiting(txn.read(), area)? {
            due.push((entry, Some(writes)));
        }
        for log in own_logs(txn.read())? {
            let key = restated_key(area, &log.id);
            let since = txn.read().state(&key)?.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
            let entries = txn.read().entries_after(&log.id, since, u64::MAX >> 1)?;
            due.extend(entries.into_iter().map(|stored| (stored.entry, None)));
            txn.set_state(&key, &log.head.seq.to_be_bytes())?;
        }
        let (mut count, mut still) = (0, BTreeMap::new());
        for (entry, only) in due {
            let (_, stored) = txn.read().entry(entry)?;
            let decoded = stored.decode()?;
            if decoded.kind != EntryKind::Transaction {
                continue;
            }
            let whole = txn.read().restatement(entry)?;
            let (part, later) = concerning(txn.read(), whole, area, only.as_ref())?;
            if !later.is_empty() {
                still.insert(entry, later);
            }
            if part.ops.is_empty() {
                continue;
            }
            let Restatement { ops, refs, origin } = part;
            let (kind, action) = (EntryKind::Transaction, decoded.why.action);
            txn.append(&feed, FeedEntry { kind, action, ops, refs, origin: Some(origin) })?;
            count += 1;
        }
        keep_waiting(txn, area, &still)?;
        Ok::<_, StoreError>(count)
    })?;
    Ok(committed.value)
}

/// The operations of a re-stated entry that concern one township, each keeping the names of its writes: a township's PC
/// receives only its own area. Besides, the first writes of the operations of which that is not known yet.
fn concerning(
    reading: Reading<'_>,
    whole: Restatement,
    area: &str,
    only: Option<&BTreeSet<u32>>,
) -> Result<(Restatement, BTreeSet<u32>), StoreError> {
    let mut part = Restatement { ops: Vec::new(), refs: whole.refs, origin: whole.origin };
    let mut later = BTreeSet::new();
    let mut names = std::mem::take(&mut part.origin.indices).into_iter();
    for op in whole.ops {
        let own_names: Vec<u32> = names.by_ref().take(op.dots() as usize).collect();
        let Some(first) = own_names.first().copied() else { continue };
        if only.is_some_and(|only| !only.contains(&first)) {
            continue;
        }
        match scope::concern(reading, area, &op)? {
            Concern::Yes => {
                part.ops.push(op);
                part.origin.indices.extend(own_names);
            }
            Concern::NotYet => {
                later.insert(first);
            }
            Concern::No => {}
        }
    }
    Ok((part, later))
}

fn waiting(reading: Reading<'_>, area: &str) -> Result<BTreeMap<EntryNo, BTreeSet<u32>>, StoreError> {
    let mut found: BTreeMap<EntryNo, BTreeSet<u32>> = BTreeMap::new();
    for pair in reading.state(&waiting_key(area))?.unwrap_or_default().chunks_exact(12) {
        let (entry, write) = pair.split_at(8);
        let number = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| (sum << 8) | i64::from(*byte));
        found.entry(EntryNo(number(entry))).or_default().insert(number(write) as u32);
    }
    Ok(found)
}

fn keep_waiting(txn: &mut Txn<'_>, area: &str, still: &BTreeMap<EntryNo, BTreeSet<u32>>) -> Result<(), StoreError> {
    let pairs = still.iter().flat_map(|(entry, writes)| writes.iter().map(|write| (entry.0, *write)));
    let bytes: Vec<u8> =
        pairs.flat_map(|(entry, write)| entry.to_be_bytes().into_iter().chain(write.to_be_bytes())).collect();
    txn.set_state(&waiting_key(area), &bytes)
}
