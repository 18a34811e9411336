//! The county's feed for one township: its genesis, and the confirmations in it. What it re-states is in [`crate::restate`].

use mingbai_ledger::{EntryKind, Genesis, Head, LogId, Op};
use mingbai_store::{FeedEntry, Store, StoreError, Txn};

use crate::error::SyncError;
use crate::keys::DeviceKeys;
use crate::summary::APPLIED;

/// Where the genesis of a township's feed is kept.
pub(crate) fn feed_key(area: &str) -> String {
    format!("feed/{area}")
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

/// The feed that a township is told by now, if there is one yet.
///
/// # Errors
/// [`SyncError`] when the database refuses.
pub(crate) fn current(store: &Store, area: &str) -> Result<Option<LogId>, SyncError> {
    let Some(bytes) = store.state(&feed_key(area))? else { return Ok(None) };
    Ok(Some(Genesis::decode(&bytes).map_err(|_| StoreError::Inconsistent("县级回执日志"))?.log_id()))
}

/// Begins the next incarnation of a township's feed, if it has one. It tells everything again.
///
/// # Errors
/// [`SyncError`] when the database refuses.
pub(crate) fn renew(store: &mut Store, area: &str, random: &dyn Fn(&mut [u8])) -> Result<(), SyncError> {
    let Some(bytes) = store.state(&feed_key(area))? else { return Ok(()) };
    let old = Genesis::decode(&bytes).map_err(|_| StoreError::Inconsistent("县级回执日志"))?;
    let mut nonce = [0; 16];
    random(&mut nonce);
    let head = store.read().log(&old.log_id())?.map_or_else(|| old.head(), |log| log.head);
    let next = Genesis { nonce, continues: Some(head), ..old };
    Ok(store.set_state(&feed_key(area), &next.encode())?)
}

/// Which heads of a log a feed has confirmed, the newest last. What another feed of the township confirmed may never have
/// reached it.
fn confirmed_key(feed: &LogId, log: &LogId) -> String {
    format!("confirmed/{feed}/{log}")
}

/// Heads kept for each log and feed; an older one that comes again is confirmed again, which does no harm.
const KEPT: usize = 64;

/// Notes that a feed confirms a head; answers whether it had not.
fn note_confirmed(txn: &mut Txn<'_>, feed: &LogId, head: &Head) -> Result<bool, StoreError> {
    let key = confirmed_key(feed, &head.log);
    let known = txn.read().state(&key)?.unwrap_or_default();
    let this: Vec<u8> = head.seq.to_be_bytes().into_iter().chain(head.hash.0).collect();
    let all: Vec<&[u8]> = known.chunks_exact(this.len()).chain([this.as_slice()]).collect();
    if all.iter().rev().skip(1).any(|one| *one == this) {
        return Ok(false);
    }
    let surplus = all.len().saturating_sub(KEPT);
    txn.set_state(&key, &all.into_iter().skip(surplus).collect::<Vec<_>>().concat())?;
    Ok(true)
}

/// Confirms a log in its township's feed up to `head`, where the bundle ends, and up to the last entry that has everything
/// before it here. Only entries that stand in our chain are confirmed, and nothing twice. The end of the bundle is confirmed
/// by itself even where a later entry is: the PC may have been restored and know no later one.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn confirm(txn: &mut Txn<'_>, feed: &LogId, head: Head) -> Result<bool, StoreError> {
    let mut any = false;
    let last = txn.read().log(&head.log)?.map(|log| log.head);
    for head in last.into_iter().chain([head]) {
        if head.seq == 0 || !txn.read().stands(&head)? || !note_confirmed(txn, feed, &head)? {
            continue;
        }
        let action = "exchange_confirm".to_owned();
        let ops = vec![Op::Ack { head, level: APPLIED }];
        let content = FeedEntry { kind: EntryKind::Ack, action, ops, refs: Vec::new(), origin: None, original: None };
        txn.append(feed, content)?;
        any = true;
    }
    Ok(any)
}
