//! What the county received and did not take in: said in the township's feed, and read there.

use std::collections::BTreeSet;

use mingbai_ledger::{EntryKind, Head, LogId, Op};
use mingbai_store::{FeedEntry, Reading, Refusal, StoreError, Txn};

use crate::held::own_logs;

/// Words said at once. After a flood the rest is said with the bundles that follow; all of it is kept here meanwhile.
const AT_ONCE: usize = 10_000;

/// Says in a feed, of every entry of a log, what has changed since the last word: refused, kept for later, or taken in
/// after all. Saying it again says nothing.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn report(txn: &mut Txn<'_>, feed: &LogId, log: &LogId) -> Result<u64, StoreError> {
    let said = txn.read().refusals(log)?;
    let now = txn.read().unadopted(log)?;
    let known: BTreeSet<(Head, bool)> = said.iter().map(|word| (word.entry, word.later)).collect();
    let mut ops = Vec::new();
    let unsaid = now.into_iter().filter(|word| !known.contains(&(word.entry, word.later)));
    for Refusal { entry, reason, later } in unsaid.take(AT_ONCE) {
        let reason = if reason.is_empty() { "未说明原因".to_owned() } else { reason };
        ops.push(Op::Refused { entry, reason, later });
    }
    for word in said {
        if txn.read().is_applied(&word.entry)? {
            if !word.later {
                txn.note_taken(&word.entry, "", "")?;
            }
            ops.push(Op::Refused { entry: word.entry, reason: String::new(), later: false });
        }
    }
    let count = ops.len() as u64;
    if count > 0 {
        let action = "exchange_refuse".to_owned();
        txn.append(
            feed,
            FeedEntry { kind: EntryKind::Ack, action, ops, refs: Vec::new(), origin: None, original: None },
        )?;
    }
    Ok(count)
}

/// What the county says it received from this PC and did not take in.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn refused(reading: Reading<'_>) -> Result<Vec<Refusal>, StoreError> {
    let mut found = Vec::new();
    for log in own_logs(reading)? {
        for word in reading.refusals(&log.id)? {
            if reading.stands(&word.entry)? {
                found.push(word);
            }
        }
    }
    Ok(found)
}
