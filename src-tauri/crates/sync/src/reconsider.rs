//! A county that was restored and gets back what it had lost asks again about what it refused meanwhile: it no longer knew
//! who had moved where, and meets what townships wrote before such a move after the move itself.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_bundle::TrustStore;
use mingbai_ledger::{Entry, Genesis, Head, LogId, Op};
use mingbai_store::{LogInfo, LogRole, Reading, StoreError, Txn, Verdict};

use crate::ends::{Ends, follows, geneses};
use crate::summary::APPLIED;
use crate::{authority, cutoff, feed, refusal};

/// Who may write what, by the certificate a log stands on and by where it ends.
pub(crate) fn authority(trust: &TrustStore) -> impl Fn(&LogInfo, (&Head, &Entry), Reading<'_>) -> Verdict {
    move |log, (head, entry), reading| {
        let stands_on = |genesis| trust.writer_of_log(genesis).map(|device| (genesis, device));
        match log.genesis.as_ref().and_then(stands_on) {
            None => Verdict::Refuse("未登记设备的记录".to_owned()),
            Some((genesis, _)) if !cutoff::counts(reading, trust, genesis, head) => {
                Verdict::Refuse(cutoff::REASON.to_owned())
            }
            Some((_, device)) => authority::verdict(trust, &device.area, log, (head, entry), reading),
        }
    }
}

/// Says in the feeds what became of every township's entries.
pub(crate) fn report(txn: &mut Txn<'_>, trust: &TrustStore) -> Result<(), StoreError> {
    for log in txn.read().logs()?.into_iter().filter(|log| !log.own) {
        let Some(device) = log.genesis.as_ref().and_then(|genesis| trust.writer_of_log(genesis)) else { continue };
        let Some(bytes) = txn.read().state(&feed::feed_key(&device.area))? else { continue };
        let genesis = Genesis::decode(&bytes).map_err(|_| StoreError::Inconsistent("县级回执日志"))?;
        let feed = txn.add_feed(&genesis, &device.unit)?;
        refusal::report(txn, &feed, &log.id)?;
    }
    Ok(())
}

/// Takes in what this county had taken in before it lost its memory, what waited for a decision that has been made, and asks
/// again about everything else that was refused if something of its own words has come back.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn reconsider(txn: &mut Txn<'_>, trust: &TrustStore, given_back: bool) -> Result<(), StoreError> {
    let decided = txn.retry_crowded(&authority(trust))?.new > 0;
    let known = taken_in_before(txn.read(), trust)?;
    if known.is_empty() && !given_back {
        return if decided { report(txn, trust) } else { Ok(()) };
    }
    txn.adopt(&known)?;
    if given_back {
        txn.retry_refused(&authority(trust))?;
    }
    report(txn, trust)
}

/// What a branch of one of the county's feeds said of townships' entries.
#[derive(Default)]
struct Words {
    confirmed: BTreeMap<LogId, Vec<Head>>,
    refused: BTreeSet<Head>,
}

impl Words {
    fn of(reading: Reading<'_>, end: &Head) -> Result<Self, StoreError> {
        let mut words = Self::default();
        for stored in reading.branch(end, &[])? {
            for op in stored.decode()?.ops {
                match op {
                    Op::Ack { head, level } if level >= APPLIED => {
                        words.confirmed.entry(head.log).or_default().push(head);
                    }
                    Op::Refused { entry, reason, .. } if reason.is_empty() => {
                        words.refused.remove(&entry);
                    }
                    Op::Refused { entry, .. } => {
                        words.refused.insert(entry);
                    }
                    _ => {}
                }
            }
        }
        Ok(words)
    }

    /// Whether it confirmed an entry, or a later one of its chain, and did not except it.
    fn took_in(&self, reading: Reading<'_>, entry: &Head) -> Result<bool, StoreError> {
        if self.refused.contains(entry) {
            return Ok(false);
        }
        for head in self.confirmed.get(&entry.log).into_iter().flatten().filter(|head| head.seq >= entry.seq) {
            let after = if head == entry { true } else { follows(reading, head, entry)? };
            if after {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Refused entries that a feed this county no longer writes had confirmed. While the county was never restored there is no
/// such feed.
fn taken_in_before(reading: Reading<'_>, trust: &TrustStore) -> Result<Vec<Head>, StoreError> {
    let mut current = BTreeSet::new();
    for device in trust.certificates() {
        let genesis = reading.state(&feed::feed_key(&device.area))?.and_then(|bytes| Genesis::decode(&bytes).ok());
        current.extend(genesis.map(|genesis| genesis.log_id()));
    }
    let logs = reading.logs()?;
    let past: BTreeSet<LogId> =
        logs.iter().filter(|log| log.role == LogRole::Feed && !current.contains(&log.id)).map(|log| log.id).collect();
    if past.is_empty() {
        return Ok(Vec::new());
    }
    let mut refused = Vec::new();
    let known = geneses(reading)?;
    for log in logs.iter().filter(|log| log.role == LogRole::Township) {
        // What lies beyond the end of a retired PC stays aside, whatever was said of it before.
        let Some(ends) = log.genesis.as_ref().map(|genesis| Ends::of(trust, &known, genesis)) else { continue };
        for word in reading.unadopted(&log.id)?.into_iter().filter(|word| !word.later) {
            if ends.include(reading, &word.entry)? {
                refused.push(word.entry);
            }
        }
    }
    let mut known = Vec::new();
    if refused.is_empty() {
        return Ok(known);
    }
    for end in reading.heads()?.into_iter().filter(|head| past.contains(&head.log)) {
        let words = Words::of(reading, &end)?;
        for entry in &refused {
            if !known.contains(entry) && words.took_in(reading, entry)? {
                known.push(*entry);
            }
        }
    }
    Ok(known)
}
