//! A PC whose certificate has ended: what it wrote up to its cut stays good. What is here of it beyond, because the news
//! travelled slower than its bundles, leaves the tables and is kept aside for somebody to look at.

use mingbai_bundle::{Opened, OpenedEntry, OpenedRange, Rejection, Revocation, Role, TrustStore};
use mingbai_ledger::{Entry, Genesis, Head, LogId};
use mingbai_store::{Authority, Ingested, LogInfo, LogRole, Reading, StoreError, Txn, Verdict};

use crate::ends::{Ends, geneses};
use crate::error::SyncError;
use crate::reconsider::reconsider;

/// What is kept with such entries.
pub(crate) const REASON: &str = "这台电脑停用之后写的，不计入，等县里查看";

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
    let counting = if is_handed_on(opened, range) {
        let mut known = geneses(txn.read())?;
        known.extend(opened.ranges.iter().map(|range| range.genesis.clone()));
        Ends::of(&opened.trust, &known, &range.genesis).counting(&range.entries)
    } else {
        all
    };
    let (good, beyond) = range.entries.split_at(counting.min(all));
    let (from, previous) = (range.range.from, range.range.previous);
    let mut sum = txn.ingest(log, from, previous, good.iter().map(bytes), authority)?;
    if !good.is_empty() && txn.read().state(&aside_key(log))?.is_some() {
        // Part of it came before, without its cut.
        reconsider(txn, &opened.trust, true)?;
    }
    if let Some(first) = beyond.first() {
        let previous = good.last().map_or(previous, |last| last.hash);
        let refuse = |_: &LogInfo, _: (&Head, &Entry), _: Reading<'_>| Verdict::Refuse(REASON.to_owned());
        sum.add(&txn.ingest(log, first.seq, previous, beyond.iter().map(bytes), &refuse)?);
        txn.set_state(&aside_key(log), &[])?;
    }
    Ok(sum)
}

/// Whether an entry counts: its PC is in service, or it lies before the end of its log. What cannot be read does not.
pub(crate) fn counts(reading: Reading<'_>, trust: &TrustStore, genesis: &Genesis, entry: &Head) -> bool {
    let known = || geneses(reading).map(|known| Ends::of(trust, &known, genesis));
    let in_service = trust.certificate_of_log(genesis).is_some_and(|pc| trust.revocation(pc.serial).is_none());
    in_service || known().and_then(|ends| ends.include(reading, entry)).unwrap_or(false)
}

/// Whether a log goes on from another of which entries were set aside: its PC has joined anew.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) fn takes_up(reading: Reading<'_>, genesis: &Genesis) -> Result<bool, StoreError> {
    let Some(from) = genesis.continues else { return Ok(false) };
    Ok(reading.state(&aside_key(&from.log))?.is_some())
}

/// What the county refused of a log whose end is not here: it came before the news of the end, and nobody may ever bring what
/// would show that it leads there. Until the county speaks it is believed.
fn unproven(reading: Reading<'_>, log: &LogId, ends: &Ends) -> Result<Vec<Head>, StoreError> {
    let mut found = Vec::new();
    for word in reading.refusals(log)?.into_iter().filter(|word| !word.later) {
        if reading.is_applied(&word.entry)? && !ends.include(reading, &word.entry)? {
            found.push(word.entry);
        }
    }
    Ok(found)
}

/// Sets aside what PCs wrote beyond their ends, and what the county refused of them. What was set aside before is taken in where the PC is certified again, or
/// has told from which entry it goes on (`anew`).
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn apply(txn: &mut Txn<'_>, trust: &TrustStore, anew: bool) -> Result<(), StoreError> {
    if trust.revocations().next().is_none() && trust.former().next().is_none() {
        return Ok(());
    }
    let mut again = anew;
    let known = geneses(txn.read())?;
    let county = txn.read().logs()?.iter().any(|log| log.own && log.role.is_county());
    let mut ended: Vec<(LogId, Ends)> = Vec::new();
    for log in txn.read().logs()?.into_iter().filter(|log| !log.own) {
        let Some(genesis) = log.genesis.filter(|genesis| trust.writer_of_log(genesis).is_some()) else { continue };
        let ends = Ends::of(trust, &known, &genesis);
        // Of a lost county PC's feeds those end that it vouched for.
        if log.role == LogRole::Feed && ends.each().any(<[Head]>::is_empty) {
            continue;
        }
        if !ends.is_open() {
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
        let mut set = 0;
        for ends in ends.each() {
            set += txn.set_aside(&log, ends, REASON)?;
        }
        if !county {
            let refused = unproven(txn.read(), &log, &ends)?;
            set += txn.set_these_aside(&refused, REASON)?;
        }
        let noted = txn.read().state(&aside_key(&log))?.is_some();
        match (noted, set > 0 || txn.read().aside_count(Some(&log))? > 0) {
            (false, true) => txn.set_state(&aside_key(&log), &[])?,
            (true, false) => txn.forget_state(&aside_key(&log))?,
            _ => {}
        }
    }
    Ok(())
}
