//! What others wrote and signed, handed on to the county as far as it does not say it has it. A county that was restored from
//! a copy so gets back from its townships what it had told them; and what a PC told another PC of its centre and then lost
//! reaches the county through that one.

use mingbai_bundle::{Checkpoint, Manifest, OpenedRange, RangeDraft, TrustStore};
use mingbai_ledger::{EntryHash, Head, LogId, SetDigest};
use mingbai_store::{LogRole, Reading, Store, StoreError, Txn};

/// Where the signatures of whoever writes a log are kept.
fn signed_key(log: &LogId) -> String {
    format!("signed/{log}")
}

/// Where the signatures of a feed are kept that went into a trust file.
fn vouched_key(log: &LogId) -> String {
    format!("vouched/{log}")
}

/// Where it is kept what of a log the county says it has.
fn has_key(log: &LogId) -> String {
    format!("county_has/{log}")
}

/// Bytes of one signature: number, hash, count, digest of tables, signature.
const SIGNED: usize = 8 + 32 + 8 + 32 + 64;
/// Bytes of one head: number and hash.
const HEAD: usize = 8 + 32;
/// Branches of one feed whose newest signatures are kept.
const BRANCHES: usize = 8;

/// Keeps the signatures under logs that others write.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn keep(txn: &mut Txn<'_>, ranges: &[OpenedRange]) -> Result<(), StoreError> {
    for range in ranges {
        let log = range.range.log;
        let mut kept = signatures(txn.read(), &log)?;
        // Of one branch the newest is enough: it stands for everything before it, back to the oldest that is kept.
        let oldest = kept.iter().map(|old| old.head.seq).min().unwrap_or(u64::MAX);
        let before = txn.read().names_back(&range.checkpoint.head, oldest)?;
        kept.retain(|old| !before.contains(&old.head));
        kept.push(range.checkpoint.clone());
        while kept.len() > BRANCHES {
            kept.remove(least_useful(txn.read(), &kept)?);
        }
        let bytes: Vec<u8> = kept.iter().flat_map(encoded).collect();
        txn.set_state(&signed_key(&log), &bytes)?;
    }
    Ok(())
}

/// Which signature is given up first: the oldest under an entry that waits behind a gap, or else the oldest.
fn least_useful(reading: Reading<'_>, kept: &[Checkpoint]) -> Result<usize, StoreError> {
    for (at, checkpoint) in kept.iter().enumerate() {
        if !reading.stands(&checkpoint.head)? {
            return Ok(at);
        }
    }
    Ok(0)
}

/// Keeps what the county, by its newest bundle, says it has of what could be handed on.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn note(txn: &mut Txn<'_>, manifest: &Manifest) -> Result<(), StoreError> {
    for (log, _) in of_others(txn.read())? {
        let have = manifest.have.iter().filter(|head| head.log == log);
        let bytes: Vec<u8> = have.flat_map(|head| head.seq.to_be_bytes().into_iter().chain(head.hash.0)).collect();
        txn.set_state(&has_key(&log), &bytes)?;
    }
    Ok(())
}

/// What the county told us, and what other PCs of the centre did, as far as the county by its newest bundle has it not.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) fn lacking(reading: Reading<'_>, trust: &TrustStore) -> Result<Vec<RangeDraft>, StoreError> {
    let mut found = Vec::new();
    for (log, role) in of_others(reading)? {
        let has = match reading.state(&has_key(&log))? {
            Some(has) => has,
            // The county has its own feed unless it says otherwise.
            None if role == LogRole::Feed => continue,
            None => Vec::new(),
        };
        let Some(genesis) = reading.log(&log)?.and_then(|log| log.genesis) else { continue };
        // Nobody reads a bundle with a log of a PC that is not certified.
        let Some(device) = trust.writer_of_log(&genesis) else { continue };
        let has: Vec<Head> = has.chunks_exact(HEAD).filter_map(|bytes| head(log, bytes)).collect();
        // What a lost county PC wrote counts up to its last word that the county itself knew of. Of a township's PC the county
        // takes in what counts and keeps the rest aside.
        let ended = trust.revocation(device.serial).filter(|_| role == LogRole::Feed);
        let vouched = match ended {
            Some(_) => kept(reading, &log, &vouched_key(&log))?,
            None => Vec::new(),
        };
        for checkpoint in signatures(reading, &log)?.into_iter().chain(vouched) {
            if ended.is_some_and(|end| end.cuts_of(&log).all(|cut| *cut != checkpoint.head)) {
                continue;
            }
            let branch = reading.branch(&checkpoint.head, &has)?;
            let Some(first) = branch.first() else { continue };
            let (from, previous) = (first.seq, first.prev);
            let entries = branch.into_iter().map(|entry| entry.bytes).collect();
            found.push(RangeDraft { genesis: genesis.clone(), from, previous, entries, checkpoint });
        }
    }
    Ok(found)
}

/// The county's signature over the farthest entry of one of its feeds, noted as given away.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn vouch(store: &mut Store, log: &LogId) -> Result<Option<Checkpoint>, StoreError> {
    let newest = signatures(store.read(), log)?.into_iter().max_by_key(|checkpoint| checkpoint.head.seq);
    if let Some(newest) = &newest {
        let mut all = kept(store.read(), log, &vouched_key(log))?;
        all.retain(|known| known.head != newest.head);
        all.push(newest.clone());
        let surplus = all.len().saturating_sub(BRANCHES);
        let bytes: Vec<u8> = all.iter().skip(surplus).flat_map(encoded).collect();
        store.set_state(&vouched_key(log), &bytes)?;
    }
    Ok(newest)
}

/// The county's feeds and the logs of other PCs of the centre that were received here.
fn of_others(reading: Reading<'_>) -> Result<Vec<(LogId, LogRole)>, StoreError> {
    let received = |log: &mingbai_store::LogInfo| matches!(log.role, LogRole::Feed | LogRole::Township) && !log.own;
    Ok(reading.logs()?.into_iter().filter(received).map(|log| (log.id, log.role)).collect())
}

fn signatures(reading: Reading<'_>, log: &LogId) -> Result<Vec<Checkpoint>, StoreError> {
    kept(reading, log, &signed_key(log))
}

fn kept(reading: Reading<'_>, log: &LogId, key: &str) -> Result<Vec<Checkpoint>, StoreError> {
    let bytes = reading.state(key)?.unwrap_or_default();
    Ok(bytes.chunks_exact(SIGNED).filter_map(|bytes| decoded(*log, bytes)).collect())
}

fn encoded(checkpoint: &Checkpoint) -> Vec<u8> {
    let Checkpoint { head, count, state, signature } = checkpoint;
    [&head.seq.to_be_bytes()[..], &head.hash.0, &count.to_be_bytes(), &state.to_bytes(), signature].concat()
}

fn decoded(log: LogId, bytes: &[u8]) -> Option<Checkpoint> {
    let (named, rest) = bytes.split_at_checked(HEAD)?;
    let (count, rest) = rest.split_at_checked(8)?;
    let (state, signature) = rest.split_at_checked(32)?;
    Some(Checkpoint {
        head: head(log, named)?,
        count: u64::from_be_bytes(count.try_into().ok()?),
        state: SetDigest::from_bytes(state.try_into().ok()?),
        signature: signature.try_into().ok()?,
    })
}

fn head(log: LogId, bytes: &[u8]) -> Option<Head> {
    let (seq, hash) = bytes.split_at_checked(8)?;
    Some(Head { log, seq: u64::from_be_bytes(seq.try_into().ok()?), hash: EntryHash(hash.try_into().ok()?) })
}
