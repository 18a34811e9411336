//! A PC whose certificate has ended: what it wrote up to its cut stays good. What is here of it beyond, because the news
//! travelled slower than its bundles, leaves the tables and is kept aside for somebody to look at.

use mingbai_bundle::{Revocation, TrustStore};
use mingbai_ledger::{Head, LogId};
use mingbai_store::{LogRole, StoreError, Txn};

use crate::upgrade;

/// What is kept with such entries.
const REASON: &str = "这台电脑停用之后写的，不计入，等县里查看";

/// Where it is kept that entries of a log were set aside.
fn aside_key(log: &LogId) -> String {
    format!("aside/{log}")
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
        upgrade::reconsider(txn, trust)?;
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
