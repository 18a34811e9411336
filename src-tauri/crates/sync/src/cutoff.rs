//! A PC whose certificate has ended: what it wrote up to its cut stays good. What is here of it beyond, because the news
//! travelled slower than its bundles, leaves the tables and is kept aside for somebody to look at.

use mingbai_bundle::{Opened, OpenedEntry, OpenedRange, Rejection, Revocation, Role, TrustStore};
use mingbai_ledger::{Entry, Head, LogId};
use mingbai_store::{Authority, Ingested, LogInfo, LogRole, Reading, StoreError, Txn, Verdict};

use crate::error::SyncError;
use crate::reconsider::reconsider;

/// What is kept with such entries.
const REASON: &str = "这台电脑停用之后写的，不计入，等县里查看";

/// Where it is kept that entries of a log were set aside.
fn aside_key(log: &LogId) -> String {
    format!("aside/{log}")
}

/// Whether a bundle brings the log of another PC, or of this one under older keys: its sender is to be believed, and
/// cannot know whether that PC has been retired.
fn is_handed_on(opened: &Opened, range: &OpenedRange) -> bool {
    !opened.revoked && range.device.has(Role::Township)
}

/// Of a revoked PC only the log counts that leads to its cut, or one that is here already: whoever has its key can write
/// others that are just as short. What another PC hands on is taken in as far as it counts.
///
/// # Errors
/// [`SyncError::Rejected`].
pub(crate) fn ends_at_its_cut(reading: Reading<'_>, opened: &Opened) -> Result<(), SyncError> {
    for range in opened.ranges.iter().filter(|range| !is_handed_on(opened, range)) {
        let head = Head { log: range.range.log, seq: range.range.to, hash: range.range.head };
        let mut revocations = opened.trust.revocations().filter(|revocation| revocation.serial == range.device.serial);
        let elsewhere = |end: &Revocation| end.cuts_of(&head.log).all(|cut| *cut != head);
        if revocations.any(elsewhere) && !reading.stands(&head)? {
            return Err(Rejection::Revoked(range.device.device.clone()).into());
        }
    }
    Ok(())
}

fn bytes(entry: &OpenedEntry) -> &[u8] {
    &entry.bytes
}

/// Takes in a run of entries; those after the cut of their PC are kept unapplied.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn ingest(
    txn: &mut Txn<'_>,
    opened: &Opened,
    (log, range): (&LogId, &OpenedRange),
    authority: &Authority<'_>,
) -> Result<Ingested, StoreError> {
    let all = range.entries.len();
    let counting = if is_handed_on(opened, range) { range.counting(&opened.trust) } else { all };
    let (good, beyond) = range.entries.split_at(counting.min(all));
    let (from, previous) = (range.range.from, range.range.previous);
    let mut sum = txn.ingest(log, from, previous, good.iter().map(bytes), authority)?;
    if !good.is_empty() && txn.read().state(&aside_key(log))?.is_some() {
        // Part of it came before, without its cut.
        reconsider(txn, &opened.trust, true)?;
    }
    if let Some(first) = beyond.first() {
        let previous = good.last().map_or(previous, |last| last.hash);
        let refuse = |_: &LogInfo, _: &Entry, _: Reading<'_>| Verdict::Refuse(REASON.to_owned());
        sum.add(&txn.ingest(log, first.seq, previous, beyond.iter().map(bytes), &refuse)?);
        txn.set_state(&aside_key(log), &[])?;
    }
    Ok(sum)
}

/// Sets aside what PCs wrote beyond their cuts, and takes it in after all where the county has certified the PC again.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn apply(txn: &mut Txn<'_>, trust: &TrustStore) -> Result<(), StoreError> {
    if trust.revocations().next().is_none() {
        return Ok(());
    }
    let mut again = false;
    let mut ended: Vec<(LogId, Vec<&Revocation>)> = Vec::new();
    for log in txn.read().logs()?.into_iter().filter(|log| !log.own && log.role == LogRole::Township) {
        let device = log.genesis.as_ref().and_then(|genesis| trust.certificate_of_log(genesis));
        let Some(device) = device else { continue };
        let ends: Vec<&Revocation> = trust.revocations().filter(|end| end.serial == device.serial).collect();
        if !ends.is_empty() {
            ended.push((log.id, ends));
        } else if txn.read().state(&aside_key(&log.id))?.is_some() {
            txn.forget_state(&aside_key(&log.id))?;
            again = true;
        }
    }
    if again {
        reconsider(txn, trust, true)?;
    }
    for (log, ends) in ended {
        // Every revocation counts: one that knew less may have cut earlier.
        for end in ends {
            let cuts: Vec<Head> = end.cuts_of(&log).copied().collect();
            if txn.set_aside(&log, &cuts, REASON)? > 0 {
                txn.set_state(&aside_key(&log), &[])?;
            }
        }
    }
    Ok(())
}
