//! After an upgrade: entries of newer versions that were kept aside are read again.

use mingbai_bundle::TrustStore;
use mingbai_domain::catalogue::SCHEMA;
use mingbai_ledger::{Entry, Genesis};
use mingbai_store::{Author, Ingested, LogInfo, Reading, Store, StoreError, Txn, Verdict};

use crate::cutoff;
use crate::error::SyncError;
use crate::export::APP;
use crate::feed;
use crate::keys::{CountyKeys, trust};
use crate::{refusal, scope};

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
        cutoff::apply(txn, &trust)?;
        if county {
            report(txn, &trust)?;
        }
        txn.set_state(CAUGHT_UP, version.as_bytes())?;
        Ok::<_, StoreError>(ingested)
    })?;
    Ok(committed.value)
}

/// Who may write what, by the certificate a log stands on.
fn authority(trust: &TrustStore) -> impl Fn(&LogInfo, &Entry, Reading<'_>) -> Verdict {
    move |log, entry, reading| match log.genesis.as_ref().and_then(|genesis| trust.certificate_of_log(genesis)) {
        Some(device) => scope::authority(&device.area, log, entry, reading),
        None => Verdict::Refuse("未登记设备的记录".to_owned()),
    }
}

/// Says in the feeds what became of every township's entries.
fn report(txn: &mut Txn<'_>, trust: &TrustStore) -> Result<(), StoreError> {
    for log in txn.read().logs()?.into_iter().filter(|log| !log.own) {
        let Some(device) = log.genesis.as_ref().and_then(|genesis| trust.certificate_of_log(genesis)) else { continue };
        let Some(bytes) = txn.read().state(&feed::feed_key(&device.area))? else { continue };
        let genesis = Genesis::decode(&bytes).map_err(|_| StoreError::Inconsistent("县级回执日志"))?;
        let feed = txn.add_feed(&genesis, &device.unit)?;
        refusal::report(txn, &feed, &log.id)?;
    }
    Ok(())
}

/// A county that got back what it had lost asks again about what it refused meanwhile: a township may have written about
/// people whom the county no longer knew to have moved there.
pub(crate) fn reconsider(txn: &mut Txn<'_>, trust: &TrustStore) -> Result<(), StoreError> {
    txn.retry_refused(&authority(trust))?;
    report(txn, trust)
}
