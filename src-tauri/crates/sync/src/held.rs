//! What the other side says it holds. It is believed only where it names an entry of ours by number and hash: a number
//! alone may mean another branch, or a log that was restored from a copy.

use mingbai_bundle::{Certificate, Manifest, TrustStore, VerifyingKey};
use mingbai_ledger::{Head, LogId};
use mingbai_store::{Author, LogInfo, LogRole, Reading, StoreError, Txn};

use crate::summary::APPLIED;

/// How far ahead of our clock a county's clock may set the mark by which older bundles are told from newer ones.
const AHEAD: u64 = 24 * 3600 * 1000;
/// Time of the newest bundle whose word on our logs was taken, milliseconds.
const SAID: &str = "county_said";
/// The county's clock minus ours when its newest bundle came in, milliseconds.
const OFFSET: &str = "county_offset_millis";

fn device_key(serial: u64) -> String {
    format!("feed_held/{serial}")
}

fn county_key(log: &LogId) -> String {
    format!("county_have/{log}")
}

fn number(bytes: Option<Vec<u8>>) -> Option<u64> {
    bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes)
}

/// How far a sender has a log that we have too: up to the entry it names if that entry is ours, else nothing of it.
fn proven(reading: Reading<'_>, log: &LogId, have: &[Head]) -> Result<u64, StoreError> {
    match have.iter().find(|head| head.log == *log) {
        Some(head) if reading.stands(head)? => Ok(head.seq),
        _ => Ok(0),
    }
}

/// Keeps how far one PC of a township has its feed.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_device(txn: &mut Txn<'_>, device: &Certificate, feed: &LogId, have: &[Head]) -> Result<(), StoreError> {
    let held = proven(txn.read(), feed, have)?;
    txn.set_state(&device_key(device.serial), &held.to_be_bytes())
}

/// The PCs of an area that the county writes to: certified, not revoked, each once, never the county's own.
#[must_use]
pub fn devices<'t>(trust: &'t TrustStore, area: &str, own: &VerifyingKey) -> Vec<&'t Certificate> {
    let mut found: Vec<&Certificate> = Vec::new();
    for certificate in trust.certificates() {
        let valid = certificate.area == area && trust.revocation(certificate.serial).is_none();
        if valid && certificate.signing != *own && found.iter().all(|known| known.sealing != certificate.sealing) {
            found.push(certificate);
        }
    }
    found
}

/// How far every one of these PCs has the feed; nothing of it while one of them has never spoken.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn by_all(reading: Reading<'_>, trust: &TrustStore, devices: &[&Certificate]) -> Result<u64, StoreError> {
    let mut least = None;
    for device in devices {
        // Certificates of the same keys are one PC, whichever of them it last signed under.
        let mut held = 0;
        for certificate in trust.certificates().filter(|c| c.signing == device.signing) {
            held = held.max(number(reading.state(&device_key(certificate.serial))?).unwrap_or(0));
        }
        least = Some(least.map_or(held, |least: u64| least.min(held)));
    }
    Ok(least.unwrap_or(0))
}

/// Keeps how far the county has our own logs, from the newest of its bundles, and how its clock differs from ours.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_county(txn: &mut Txn<'_>, author: &Author<'_>, manifest: &Manifest) -> Result<(), StoreError> {
    let wall = u64::try_from(manifest.wall_ms).unwrap_or_default();
    if number(txn.read().state(SAID)?).is_some_and(|said| wall < said) {
        return Ok(());
    }
    // A county clock that ran ahead once must not make every later bundle look old.
    txn.set_state(SAID, &wall.min(author.wall_millis.saturating_add(AHEAD)).to_be_bytes())?;
    let offset = i64::try_from(wall).unwrap_or(i64::MAX).saturating_sub_unsigned(author.wall_millis);
    txn.set_state(OFFSET, &offset.to_be_bytes())?;
    for log in own_logs(txn.read())? {
        let held = proven(txn.read(), &log.id, &manifest.have)?;
        txn.set_state(&county_key(&log.id), &held.to_be_bytes())?;
    }
    Ok(())
}

/// The county's clock minus ours when its newest bundle came in, milliseconds. A bundle travels for days, so only a
/// positive number says something of our clock: it is slow by at least that much.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn county_offset(reading: Reading<'_>) -> Result<Option<i64>, StoreError> {
    Ok(reading.state(OFFSET)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes))
}

/// The logs this PC ever wrote as itself.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn own_logs(reading: Reading<'_>) -> Result<Vec<LogInfo>, StoreError> {
    Ok(reading.logs()?.into_iter().filter(|log| log.own && log.role != LogRole::Feed).collect())
}

/// Up to which entry of an own log the county has confirmed and, by its newest bundle, still has it. A county restored
/// from a backup says less than it confirmed; then the rest is sent again.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn confirmed_to(reading: Reading<'_>, log: &LogId) -> Result<u64, StoreError> {
    let acked = reading.acked(log, APPLIED)?.map_or(0, |head| head.seq);
    Ok(number(reading.state(&county_key(log))?).map_or(acked, |held| held.min(acked)))
}
