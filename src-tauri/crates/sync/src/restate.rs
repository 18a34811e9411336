//! What a township's feed tells its PCs besides confirmations: what the county wrote about the township's records, what the
//! township's other PCs wrote, and the whole history of people and households that moved in. Every write keeps its name,
//! its time and its author, so that it is the same write wherever it is read.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_bundle::TrustStore;
use mingbai_domain::RecordId;
use mingbai_ledger::{EntryKind, Genesis, LogId};
use mingbai_store::{EntryNo, FeedEntry, LogInfo, LogRole, Reading, Restatement, Status, Store, StoreError, Txn};

use crate::error::SyncError;
use crate::held::{self, own_logs};
use crate::moves;
use crate::scope::{self, Concern};

/// How far a log has been re-stated into a township's feed. Another feed of the township begins anew.
fn restated_key(feed: &LogId, log: &LogId) -> String {
    format!("restated/{feed}/{log}")
}

/// Which writes of re-stated entries concern nobody known yet.
fn waiting_key(area: &str) -> String {
    format!("waiting/{area}")
}

/// Stands among an entry's waiting writes when all of it waits: for a newer version of the program, or until the county
/// takes in after all what it refused.
const UNREAD: u32 = u32::MAX;

/// What of an entry is due: all of it, some of its writes, or what touches some records.
enum Due {
    Whole,
    Writes(BTreeSet<u32>),
    Records(BTreeSet<(u16, RecordId)>),
}

/// Re-states what a township's PCs have not been told yet. What concerned nobody known then is looked at again.
///
/// # Errors
/// [`SyncError`] when the database refuses.
pub(crate) fn restate(
    store: &mut Store,
    author: &mingbai_store::Author<'_>,
    trust: &TrustStore,
    (area, unit): (&str, &str),
    genesis: &Genesis,
) -> Result<u64, SyncError> {
    let committed = store.commit(author, "exchange_restate", None, |txn| {
        let feed = Feed { log: txn.add_feed(genesis, unit)?, area };
        let mut due: Vec<(EntryNo, Due, bool)> = Vec::new();
        for (entry, writes) in waiting(txn.read(), area)? {
            let part = if writes.contains(&UNREAD) { Due::Whole } else { Due::Writes(writes) };
            let own = txn.read().entry(entry)?.0.own;
            due.push((entry, part, own));
        }
        let (logs, alone) = told_logs(txn.read(), trust, area)?;
        for log in logs {
            let key = restated_key(&feed.log, &log.id);
            let since = txn.read().state(&key)?.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
            // What was lost lies before the end of what was told, and so does the other branch of a fork.
            let lost = held::lost_after(txn.read(), &log.id)?.filter(|_| !log.own);
            let since = match lost {
                Some(lost) if alone => lost,
                Some(lost) => lost.min(since),
                None => since,
            };
            let entries = txn.read().entries_after(&log.id, since, u64::MAX >> 1)?;
            due.extend(entries.into_iter().map(|stored| (stored.entry, Due::Whole, log.own)));
            // The only PC of a township is told what it lost and no more; another that joins later is to be told all of it.
            if lost.is_none() || !alone {
                txn.set_state(&key, &log.head.seq.to_be_bytes())?;
            }
        }
        // What was refused first and taken in later lies before the end of what was told. It is the county's decision.
        for entry in txn.read().taken_after_all()? {
            let (log, _) = txn.read().entry(entry)?;
            let by_the_only_pc = alone && is_of(&log, &keys_of(trust, area));
            if !by_the_only_pc {
                due.push((entry, Due::Whole, true));
            }
        }
        // What the county lost and its townships gave back is here only as a feed once told it.
        for feed_log in txn.read().logs()?.into_iter().filter(|log| log.own && log.role == LogRole::Feed) {
            if feed_log.id != feed.log {
                let orphans = txn.read().orphans(&feed_log.id)?;
                due.extend(orphans.into_iter().map(|entry| (entry, Due::Whole, true)));
            }
        }
        let mut still = BTreeMap::new();
        let mut moved = moves::guests(txn.read(), area)?;
        let mut count = 0;
        for (entry, part, county) in due {
            let mut here = BTreeSet::new();
            count += feed.tell(txn, entry, &part, &mut still, &mut here)?;
            // Nobody but the county moves anybody from one township to another.
            if county {
                moved.extend(here);
            }
        }
        // What is known of them elsewhere comes with people and households that moved in, and what is written there late.
        let closure = moves::closure(txn.read(), area, &mut moved)?;
        moves::keep_guests(txn, area, &moved)?;
        let mut histories: BTreeMap<EntryNo, BTreeSet<(u16, RecordId)>> = BTreeMap::new();
        for (kind, record) in closure {
            for entry in txn.read().entries_of(kind, record)? {
                histories.entry(entry).or_default().insert((kind, record));
            }
        }
        for (entry, records) in histories {
            count += feed.tell(txn, entry, &Due::Records(records), &mut still, &mut BTreeSet::new())?;
        }
        keep_waiting(txn, area, &still)?;
        Ok::<_, StoreError>(count)
    })?;
    Ok(committed.value)
}

/// The logs of which a township is told everything that concerns it: the county's own, and those of its own PCs where
/// there are several or where one has lost entries of its own. Besides, whether the township has one PC alone.
fn told_logs(reading: Reading<'_>, trust: &TrustStore, area: &str) -> Result<(Vec<LogInfo>, bool), StoreError> {
    let mut logs = own_logs(reading)?;
    let keys = keys_of(trust, area);
    let alone = keys.len() <= 1;
    for log in reading.logs()?.into_iter().filter(|log| !log.own && is_of(log, &keys)) {
        if !alone || held::lost_after(reading, &log.id)?.is_some() {
            logs.push(log);
        }
    }
    Ok((logs, alone))
}

/// The keys of a township's PCs.
fn keys_of(trust: &TrustStore, area: &str) -> BTreeSet<[u8; 32]> {
    let ever = trust.certificates().chain(trust.former());
    ever.filter(|device| device.area == area).map(|device| device.signing.log_key()).collect()
}

/// Whether a log was written under one of these keys.
fn is_of(log: &LogInfo, keys: &BTreeSet<[u8; 32]>) -> bool {
    log.genesis.as_ref().is_some_and(|genesis| keys.contains(&genesis.device_key))
}

struct Feed<'a> {
    log: LogId,
    area: &'a str,
}

impl Feed<'_> {
    /// Re-states the due part of an entry, as far as it concerns the township and was not re-stated before. Notes the
    /// first writes of operations of which that is not known yet, and the records that move in. Answers how many entries
    /// the feed grew by.
    fn tell(
        &self,
        txn: &mut Txn<'_>,
        entry: EntryNo,
        due: &Due,
        still: &mut BTreeMap<EntryNo, BTreeSet<u32>>,
        moved: &mut BTreeSet<(u16, RecordId)>,
    ) -> Result<u64, StoreError> {
        let (log, stored) = txn.read().entry(entry)?;
        if matches!(stored.status, Status::Deferred | Status::Unapplied) {
            still.entry(entry).or_default().insert(UNREAD);
        }
        if stored.status != Status::Applied {
            return Ok(0);
        }
        let decoded = stored.decode()?;
        let given_back = decoded.origin.is_some() && log.own && log.role == LogRole::Feed;
        if decoded.kind != EntryKind::Transaction && !given_back {
            return Ok(0);
        }
        let told = txn.read().restated(&self.log, txn.read().origin_of(entry)?)?;
        if !given_back && told.len() as u64 >= decoded.ops.iter().map(|op| u64::from(op.dots())).sum() {
            return Ok(0);
        }
        let whole = txn.read().restatement(entry)?;
        let (part, later) = self.concerning(txn.read(), whole, due, &told)?;
        if !later.is_empty() {
            still.entry(entry).or_default().extend(later);
        }
        if part.ops.is_empty() {
            return Ok(0);
        }
        for op in &part.ops {
            moved.extend(moves::moved_by(op));
        }
        let Restatement { ops, refs, origin, original } = part;
        // The county's own word is a directive: who receives it cannot tell from the name of a log.
        let kind = match (given_back, log.role.is_county()) {
            (true, _) => decoded.kind,
            (false, true) => EntryKind::Directive,
            (false, false) => EntryKind::Transaction,
        };
        let action = decoded.why.action;
        let content = FeedEntry { kind, action, ops, refs, origin: Some(origin), original: Some(original) };
        txn.append(&self.log, content)?;
        Ok(1)
    }

    /// The operations of an entry that concern the township, each keeping the names of its writes: a township's PC
    /// receives only its own area.
    fn concerning(
        &self,
        reading: Reading<'_>,
        whole: Restatement,
        due: &Due,
        told: &BTreeSet<u32>,
    ) -> Result<(Restatement, BTreeSet<u32>), StoreError> {
        let mut part = Restatement { ops: Vec::new(), ..whole.clone() };
        let mut later = BTreeSet::new();
        let mut names = std::mem::take(&mut part.origin.indices).into_iter();
        for op in whole.ops {
            let own_names: Vec<u32> = names.by_ref().take(op.dots() as usize).collect();
            let Some(first) = own_names.first().copied() else { continue };
            let wanted = match due {
                Due::Whole => true,
                Due::Writes(writes) => writes.contains(&first),
                Due::Records(records) => op.record().is_some_and(|record| records.contains(&record)),
            };
            if !wanted || told.contains(&first) {
                continue;
            }
            match scope::concern(reading, self.area, &op, &whole.refs)? {
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
