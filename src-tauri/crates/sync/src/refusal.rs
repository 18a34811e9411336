//! What the county received and did not take in: said in the township's feed, and read there.

use mingbai_ledger::{EntryKind, LogId, Op};
use mingbai_store::{FeedEntry, Reading, Refusal, StoreError, Txn};

use crate::held::own_logs;

/// Says in a feed, of every entry of a log, what has changed since the last word: refused, kept for later, or taken in
/// after all. Saying it again says nothing.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn report(txn: &mut Txn<'_>, feed: &LogId, log: &LogId) -> Result<u64, StoreError> {
    let said = txn.read().refusals(log)?;
    let now = txn.read().unadopted(log)?;
    let mut ops = Vec::new();
    for Refusal { entry, reason, later } in &now {
        let known = said.iter().any(|word| word.entry == *entry && word.later == *later);
        if !known {
            let reason = if reason.is_empty() { "未说明原因".to_owned() } else { reason.clone() };
            ops.push(Op::Refused { entry: *entry, reason, later: *later });
        }
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
