//! A log is one incarnation of a database (sync.md §1.8). A database that was restored from a copy, runs on another PC or
//! knows less than others know of it goes on in a new log that continues the old one, begun before its next write: so no
//! number of a log is ever used twice knowingly. Where it happened unknowingly, both branches are kept.

use std::collections::BTreeSet;

use mingbai_ledger::{Genesis, Head};
use mingbai_store::{Author, Store, StoreError};

use crate::error::SyncError;
use crate::keys::{CountyKeys, known_trust, save_trust};
use crate::{feed, held};

/// Begins a new own log that continues the old one; at the county new feeds too, which tell everything again, and a new
/// epoch of its numbers.
///
/// # Errors
/// [`SyncError`] when the keys are missing or the database refuses.
pub fn renew(store: &mut Store, author: &Author<'_>) -> Result<Head, SyncError> {
    // A PC that writes feeds has the county's operations key.
    if let Ok(ops) = CountyKeys::ops(store) {
        let mut trust = known_trust(store)?;
        // Restored to before a change of its operations key it has none that counts. The change that brings one begins an epoch.
        if trust.is_ops(&ops.public()) {
            trust = trust.begin_epoch(&ops)?;
            save_trust(store, &trust)?;
        }
        let areas: BTreeSet<String> = trust.certificates().map(|device| device.area.clone()).collect();
        for area in areas {
            feed::renew(store, &area, author.random)?;
        }
        let serials: Vec<u64> = trust.certificates().map(|device| device.serial).collect();
        for serial in serials {
            held::forget_device(store, serial)?;
        }
    }
    let own = store.read().log(&store.own_log()?.log)?.and_then(|log| log.genesis);
    let own = own.ok_or(StoreError::Inconsistent("缺少本机日志"))?;
    let next = Genesis { nonce: nonce(author), continues: Some(last_written(store)?), ..own };
    // The new log comes last: a crash on the way leaves the old one in place, and all of this is done again.
    store.rotate_log(&next)?;
    Ok(store.own_log()?)
}

/// The entry the next log of this PC goes on from. A log in which nothing was written yet is passed over: it is sent to
/// nobody, and who has never heard of it could not tell from which entry the next one goes on.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) fn last_written(store: &Store) -> Result<Head, StoreError> {
    let mut head = store.own_log()?;
    while head.seq == 0 {
        let genesis = store.read().log(&head.log)?.and_then(|log| log.genesis);
        let Some(before) = genesis.and_then(|genesis| genesis.continues) else { break };
        head = before;
    }
    Ok(head)
}

fn nonce(author: &Author<'_>) -> [u8; 16] {
    let mut nonce = [0; 16];
    (author.random)(&mut nonce);
    nonce
}

/// Whether others know of entries of our own log that are not here, or of another branch of it: this database was restored
/// from a copy, or a copy of it writes on elsewhere. `have` is what they say they hold.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn is_behind(store: &Store, have: &[Head]) -> Result<bool, StoreError> {
    let own = store.own_log()?;
    for head in have.iter().filter(|head| head.log == own.log) {
        if !store.read().stands(head)? {
            return Ok(true);
        }
    }
    Ok(false)
}
