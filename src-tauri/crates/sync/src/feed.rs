//! The county's feed for one township: confirmations, and what the county wrote about that township's records.

use mingbai_domain::region;
use mingbai_ledger::{EntryKind, Genesis, Head, LogId, Op};
use mingbai_store::{FeedEntry, Reading, Restatement, Store, StoreError, Txn};

use crate::error::SyncError;
use crate::keys::DeviceKeys;
use crate::scope::{self, Scope};
use crate::summary::APPLIED;

/// Where the genesis of a township's feed is kept.
fn feed_key(area: &str) -> String {
    format!("feed/{area}")
}

/// How far the county's own log has been re-stated into a township's feed.
fn restated_key(area: &str) -> String {
    format!("restated/{area}")
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
        Genesis { device_key: *keys.signing.public().as_bytes(), nonce, county, certificate: serial, continues: None };
    store.set_state(&feed_key(area), &genesis.encode())?;
    Ok(genesis)
}

/// Confirms a log in its township's feed, unless it is confirmed that far already.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn confirm(txn: &mut Txn<'_>, feed: &LogId, head: Head) -> Result<bool, StoreError> {
    if head.seq == 0 || txn.read().acked(&head.log, APPLIED)?.is_some_and(|known| known.seq >= head.seq) {
        return Ok(false);
    }
    txn.append(
        feed,
        FeedEntry {
            kind: EntryKind::Ack,
            action: "exchange_confirm".to_owned(),
            ops: vec![Op::Ack { head, level: APPLIED }],
            refs: Vec::new(),
            origin: None,
        },
    )?;
    Ok(true)
}

/// Re-states in a township's feed what the county wrote since the last time: packs, and changes to records of its area.
///
/// # Errors
/// [`SyncError`] when the database refuses.
pub fn restate(
    store: &mut Store,
    author: &mingbai_store::Author<'_>,
    area: &str,
    genesis: &Genesis,
) -> Result<u64, SyncError> {
    let own = store.own_log()?;
    let since = store.state(&restated_key(area))?.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
    let committed = store.commit(author, "exchange_restate", None, |txn| {
        let feed = txn.add_feed(genesis, area)?;
        let mut count = 0;
        for stored in txn.read().entries_after(&own.log, since, u64::MAX >> 1)? {
            let entry = stored.decode()?;
            if entry.kind != EntryKind::Transaction {
                continue;
            }
            let again = concerning(txn.read(), txn.read().restatement(stored.entry)?, area)?;
            if again.ops.is_empty() {
                continue;
            }
            txn.append(
                &feed,
                FeedEntry {
                    kind: EntryKind::Transaction,
                    action: entry.why.action.clone(),
                    ops: again.ops,
                    refs: again.refs,
                    origin: Some(again.origin),
                },
            )?;
            count += 1;
        }
        Ok::<_, StoreError>(count)
    })?;
    store.set_state(&restated_key(area), &own.seq.to_be_bytes())?;
    Ok(committed.value)
}

/// The operations of a re-stated entry that concern one township, each keeping the names of its writes: a township's PC
/// receives only its own area.
fn concerning(reading: Reading<'_>, whole: Restatement, area: &str) -> Result<Restatement, StoreError> {
    let mut part = Restatement { ops: Vec::new(), refs: whole.refs, origin: whole.origin };
    let mut names = std::mem::take(&mut part.origin.indices).into_iter();
    for op in whole.ops {
        let own_names: Vec<u32> = names.by_ref().take(op.dots() as usize).collect();
        let wanted = match op.record() {
            Some((record_type, id)) => match scope::of(reading, record_type, id)? {
                Scope::County => scope::is_county_wide(record_type),
                Scope::Area(place) => region::contains(area, &place),
                Scope::Unknown => false,
            },
            None => false,
        };
        if wanted {
            part.ops.push(op);
            part.origin.indices.extend(own_names);
        }
    }
    Ok(part)
}
