//! After an upgrade: entries of newer versions that were kept aside are read again.

use mingbai_domain::catalogue::SCHEMA;
use mingbai_store::{Author, Ingested, Store, StoreError};

use crate::cutoff;
use crate::error::SyncError;
use crate::export::APP;
use crate::keys::{CountyKeys, trust};
use crate::reconsider::{authority, report};

/// The version that last read what had been kept aside.
const CAUGHT_UP: &str = "caught_up";

/// Reads entries kept for a later version again, once for every version of the program; the county also says in its
/// feeds what became of them. Cheap when there is nothing to do: made to be called at every login.
///
/// # Errors
/// [`SyncError`] when the database refuses; then nothing was changed and the next call tries again.
pub fn catch_up(store: &mut Store, author: &Author<'_>) -> Result<Ingested, SyncError> {
    let version = format!("{APP}|{SCHEMA}");
    if store.state(CAUGHT_UP)?.as_deref() == Some(version.as_bytes()) {
        return Ok(Ingested::default());
    }
    let Some(trust) = trust(store)? else { return Ok(Ingested::default()) };
    let county = CountyKeys::ops(store).is_ok();
    let committed = store.commit(author, "deferred_retry", None, |txn| {
        let ingested = txn.retry_deferred(&authority(&trust))?;
        cutoff::apply(txn, &trust, false)?;
        if county {
            report(txn, &trust)?;
        }
        txn.set_state(CAUGHT_UP, version.as_bytes())?;
        Ok::<_, StoreError>(ingested)
    })?;
    Ok(committed.value)
}
