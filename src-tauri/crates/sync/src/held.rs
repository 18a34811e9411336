//! What the other side says it holds. It is believed only where it names an entry of ours by number and hash: a number
//! alone may mean another branch, or a log that was restored from a copy.

use mingbai_bundle::{Certificate, Manifest, TrustStore, VerifyingKey};
use mingbai_ledger::{EntryHash, Head, LogId};
use mingbai_store::{Author, LogInfo, LogRole, Reading, Store, StoreError, Txn};

use crate::summary::APPLIED;

/// How far ahead of our clock a county's clock may set the mark by which older bundles are told from newer ones.
const AHEAD: u64 = 24 * 3600 * 1000;
/// Time of the newest bundle whose word on our logs was taken, milliseconds.
const SAID: &str = "county_said";
/// How far the feed went in the newest bundle whose word on our logs was taken.
const SAID_FEED: &str = "county_said_feed";
/// The county's epoch in that bundle.
const SAID_EPOCH: &str = "county_said_epoch";
/// The county's clock minus ours when its newest bundle came in, milliseconds.
const OFFSET: &str = "county_offset_millis";

fn device_key(serial: u64) -> String {
    format!("feed_held/{serial}")
}

fn county_key(log: &LogId) -> String {
    format!("county_have/{log}")
}

/// Where it is kept which branches of an own log the county had by the bundle that came last, where the log forks.
fn branches_key(log: &LogId) -> String {
    format!("county_branches/{log}")
}

/// Where it is kept how far the county had an own log by the bundle that came last, be it older or newer than others.
fn last_key(log: &LogId) -> String {
    format!("county_last/{log}")
}

fn number(bytes: Option<Vec<u8>>) -> Option<u64> {
    bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes)
}

/// How far a sender has a log that we have too: up to the farthest entry it names that is ours. It names one for every
/// branch it knows.
fn proven(reading: Reading<'_>, log: &LogId, have: &[Head]) -> Result<u64, StoreError> {
    let mut held = 0;
    for head in have.iter().filter(|head| head.log == *log) {
        if reading.stands(head)? {
            held = held.max(head.seq);
        }
    }
    Ok(held)
}

/// What the county knows of one incarnation of a PC: its log, how far it had the feed, and when it first and last spoke, in
/// entries of the county's own logs.
struct Spoken {
    log: LogId,
    held: u64,
    first: u64,
    last: u64,
}

fn spoken(reading: Reading<'_>, serial: u64) -> Result<Vec<Spoken>, StoreError> {
    let bytes = reading.state(&device_key(serial))?.unwrap_or_default();
    let read = |chunk: &[u8]| {
        let (log, numbers) = chunk.split_at(16);
        let mut numbers = numbers.chunks_exact(8).map(|bytes| number(Some(bytes.to_vec())).unwrap_or_default());
        let mut next = || numbers.next().unwrap_or_default();
        let (held, first, last) = (next(), next(), next());
        Some(Spoken { log: LogId(log.try_into().ok()?), held, first, last })
    };
    Ok(bytes.chunks_exact(40).filter_map(read).collect())
}

/// Keeps how far one PC of a township has its feed. The PC is told from copies of it by the log it writes now, which is the
/// last one in its bundle.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_device(
    txn: &mut Txn<'_>,
    device: &Certificate,
    writes: &LogId,
    feed: &LogId,
    have: &[Head],
) -> Result<(), StoreError> {
    let held = proven(txn.read(), feed, have)?;
    let now = own_logs(txn.read())?.iter().map(|log| log.head.seq).sum();
    let mut all = spoken(txn.read(), device.serial)?;
    match all.iter_mut().find(|known| known.log == *writes) {
        Some(known) => (known.held, known.last) = (held, now),
        None => all.push(Spoken { log: *writes, held, first: now, last: now }),
    }
    let bytes = all.iter().flat_map(|one| {
        let numbers = [one.held, one.first, one.last].into_iter().flat_map(u64::to_be_bytes);
        one.log.0.into_iter().chain(numbers)
    });
    let bytes: Vec<u8> = bytes.collect();
    txn.set_state(&device_key(device.serial), &bytes)
}

/// Forgets how far a PC has its feed, because another feed begins.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn forget_device(store: &mut Store, serial: u64) -> Result<(), StoreError> {
    store.set_state(&device_key(serial), &[])
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
        // Two PCs that are copies of one speak with one voice; what one of them has says nothing of the other.
        if is_copied(reading, device)? {
            return Ok(0);
        }
        // Certificates of the same keys are one PC, whichever of them it last signed under.
        let mut all: Vec<Spoken> = Vec::new();
        for certificate in trust.certificates().filter(|c| c.signing == device.signing) {
            all.extend(spoken(reading, certificate.serial)?);
        }
        let held = all.iter().filter(|one| !is_over(reading, one, &all)).map(|one| one.held).min().unwrap_or(0);
        least = Some(least.map_or(held, |least: u64| least.min(held)));
    }
    Ok(least.unwrap_or(0))
}

/// Whether an incarnation of a PC has been continued by another and not spoken since.
fn is_over(reading: Reading<'_>, one: &Spoken, all: &[Spoken]) -> bool {
    let continues = |other: &Spoken| {
        let genesis = reading.log(&other.log).ok().flatten().and_then(|log| log.genesis);
        genesis.and_then(|genesis| genesis.continues).is_some_and(|head| head.log == one.log)
    };
    all.iter().any(|other| one.last < other.first && continues(other))
}

/// Whether a log of this PC forks: its database was copied and both copies write on.
fn is_copied(reading: Reading<'_>, device: &Certificate) -> Result<bool, StoreError> {
    for log in reading.logs()? {
        if log.genesis.as_ref().is_some_and(|genesis| genesis.device_key == device.signing.log_key())
            && reading.is_forked(&log.id)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Up to where a PC had its own log when it spoke last, if not to the end: it was restored, or is a copy.
fn lost_key(log: &LogId) -> String {
    format!("lost/{log}")
}

/// Notes which of its own logs a PC has not got to their end. Its next bundle may say otherwise: an older bundle that was
/// overtaken on its way says what the PC had then.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_losses(txn: &mut Txn<'_>, device: &Certificate, have: &[Head]) -> Result<(), StoreError> {
    // Where copies of one PC write, what one of them has says nothing of the other.
    let several = spoken(txn.read(), device.serial)?.len() > 1;
    for log in txn.read().logs()? {
        let own = log.genesis.as_ref().is_some_and(|genesis| genesis.device_key == device.signing.log_key());
        // A head that is not here yet waits behind a gap and is ahead of us.
        let ahead = have.iter().any(|head| head.log == log.id && head.seq > log.head.seq);
        let held = proven(txn.read(), &log.id, have)?;
        if own && !ahead && held < log.head.seq {
            txn.set_state(&lost_key(&log.id), &held.to_be_bytes())?;
        } else if own && !several {
            txn.set_state(&lost_key(&log.id), &u64::MAX.to_be_bytes())?;
        }
    }
    Ok(())
}

/// The number after which a PC that wrote this log may lack entries of it: the log forks, another one continues it, or the
/// PC said so.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn lost_after(reading: Reading<'_>, log: &LogId) -> Result<Option<u64>, StoreError> {
    if reading.is_forked(log)? {
        return Ok(Some(0));
    }
    let continued = reading.logs()?.into_iter().filter_map(|other| other.genesis?.continues);
    let continued = continued.filter(|head| head.log == *log).map(|head| head.seq);
    let said = number(reading.state(&lost_key(log))?).filter(|seq| *seq < u64::MAX);
    Ok(continued.chain(said).min())
}

/// Keeps how far the county has our own logs, and how its clock differs from ours. What is shown as confirmed follows the
/// newest of its bundles; what is sent begins where the last to arrive says, because a county that was restored and whose
/// clock was set back looks old for as long as it has not caught up with itself. At worst something is sent twice.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_county(
    txn: &mut Txn<'_>,
    author: &Author<'_>,
    trust: &TrustStore,
    manifest: &Manifest,
) -> Result<(), StoreError> {
    let newest = is_newest(txn, author, trust, manifest)?;
    for log in own_logs(txn.read())? {
        let mut held = proven(txn.read(), &log.id, &manifest.have)?;
        // The county has more of our log than we: we were restored from a copy, and its confirmations say the rest.
        if held == 0 && manifest.have.iter().any(|head| head.log == log.id && head.seq > log.head.seq) {
            held = u64::MAX;
        }
        txn.set_state(&last_key(&log.id), &held.to_be_bytes())?;
        if txn.read().is_forked(&log.id)? {
            let mut branches = Vec::new();
            for head in manifest.have.iter().filter(|head| head.log == log.id) {
                if txn.read().stands(head)? {
                    branches.extend(head.seq.to_be_bytes().into_iter().chain(head.hash.0));
                }
            }
            txn.set_state(&branches_key(&log.id), &branches)?;
        }
        if newest {
            txn.set_state(&county_key(&log.id), &held.to_be_bytes())?;
        }
    }
    Ok(())
}

/// Whether this is the newest of the county's bundles so far; then its clock and its feeds are kept, for the next to be
/// compared with.
fn is_newest(
    txn: &mut Txn<'_>,
    author: &Author<'_>,
    trust: &TrustStore,
    manifest: &Manifest,
) -> Result<bool, StoreError> {
    let wall = u64::try_from(manifest.wall_ms).unwrap_or_default();
    // Older by its clock and by its feeds: one of them alone may have been set back, the feed by a restored copy.
    let feeds: Vec<LogId> =
        txn.read().logs()?.into_iter().filter(|log| log.role == LogRole::Feed).map(|l| l.id).collect();
    let feed = written(&feeds, &manifest.have);
    let older =
        |key: &str, now: u64| Ok::<_, StoreError>(number(txn.read().state(key)?).is_some_and(|said| now < said));
    // A county that started again counts from the beginning, whatever its clock says.
    let epoch = trust.epoch();
    let anew = number(txn.read().state(SAID_EPOCH)?).is_none_or(|said| said < epoch);
    if !anew && older(SAID, wall)? && older(SAID_FEED, feed)? {
        return Ok(false);
    }
    txn.set_state(SAID_EPOCH, &epoch.to_be_bytes())?;
    txn.set_state(SAID_FEED, &feed.to_be_bytes())?;
    // A county clock that ran ahead once must not make every later bundle look old.
    txn.set_state(SAID, &wall.min(author.wall_millis.saturating_add(AHEAD)).to_be_bytes())?;
    let offset = i64::try_from(wall).unwrap_or(i64::MAX).saturating_sub_unsigned(author.wall_millis);
    txn.set_state(OFFSET, &offset.to_be_bytes())?;
    Ok(true)
}

/// How much a county has written of the feeds we know: one that began another feed has written more, however short that is.
fn written(feeds: &[LogId], have: &[Head]) -> u64 {
    let longest = |log: &LogId| have.iter().filter(|head| head.log == *log).map(|head| head.seq + (1 << 40)).max();
    feeds.iter().filter_map(longest).sum()
}

/// When a PC last spoke to this county, and how far it then had written each of its logs.
fn contact_key(serial: u64) -> String {
    format!("contact/{serial}")
}

/// What is known of a PC's last bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// When it was taken in, milliseconds.
    pub millis: u64,
    /// How far the PC had written its logs by then.
    pub written: Vec<(LogId, u64)>,
}

/// Notes a PC's bundle.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_contact(txn: &mut Txn<'_>, device: &Certificate, millis: u64, have: &[Head]) -> Result<(), StoreError> {
    let mut bytes = millis.to_be_bytes().to_vec();
    for log in logs_of(txn.read(), device)? {
        let written = have.iter().filter(|head| head.log == log.id).map(|head| head.seq).max().unwrap_or_default();
        bytes.extend(log.id.0.into_iter().chain(written.to_be_bytes()));
    }
    txn.set_state(&contact_key(device.serial), &bytes)
}

/// What is known of a PC's last bundle, if it ever sent one.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn contact(reading: Reading<'_>, serial: u64) -> Result<Option<Contact>, StoreError> {
    let Some(bytes) = reading.state(&contact_key(serial))? else { return Ok(None) };
    let Some((millis, rest)) = bytes.split_first_chunk::<8>() else { return Ok(None) };
    let read = |chunk: &[u8]| {
        let (log, seq) = chunk.split_at(16);
        Some((LogId(log.try_into().ok()?), number(Some(seq.to_vec()))?))
    };
    Ok(Some(Contact { millis: u64::from_be_bytes(*millis), written: rest.chunks_exact(24).filter_map(read).collect() }))
}

/// The logs a PC wrote under one certificate's key.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn logs_of(reading: Reading<'_>, device: &Certificate) -> Result<Vec<LogInfo>, StoreError> {
    let key = device.signing.log_key();
    let of_key = |log: &LogInfo| log.genesis.as_ref().is_some_and(|genesis| genesis.device_key == key);
    Ok(reading.logs()?.into_iter().filter(of_key).collect())
}

/// The county's clock minus ours when its newest bundle came in, milliseconds. A bundle travels for days, so only a
/// positive number says something of our clock: it is slow by at least that much.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn county_offset(reading: Reading<'_>) -> Result<Option<i64>, StoreError> {
    Ok(reading.state(OFFSET)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes))
}

/// The ends of the branches of an own log that the county has by its last word; none while it has not spoken of the log
/// since it was seen to fork.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) fn branches_held(reading: Reading<'_>, log: &LogId) -> Result<Vec<Head>, StoreError> {
    let kept = reading.state(&branches_key(log))?.unwrap_or_default();
    let read = |bytes: &[u8]| {
        let (seq, hash) = bytes.split_first_chunk::<8>()?;
        Some(Head { log: *log, seq: u64::from_be_bytes(*seq), hash: EntryHash(hash.try_into().ok()?) })
    };
    Ok(kept.chunks_exact(40).filter_map(read).collect())
}

fn sibling_key(serial: u64, log: &LogId) -> String {
    format!("sibling_held/{serial}/{log}")
}

/// Keeps how far another PC of the same centre has our own logs, as it says itself. That is no confirmation of the county's.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn note_sibling(txn: &mut Txn<'_>, device: &Certificate, have: &[Head]) -> Result<(), StoreError> {
    for log in own_logs(txn.read())? {
        let held = proven(txn.read(), &log.id, have)?;
        txn.set_state(&sibling_key(device.serial, &log.id), &held.to_be_bytes())?;
    }
    Ok(())
}

/// How far every one of these PCs of the same centre has an own log; nothing of it while one of them has never spoken.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn by_siblings(reading: Reading<'_>, devices: &[&Certificate], log: &LogId) -> Result<u64, StoreError> {
    let mut least = u64::MAX;
    for device in devices {
        least = least.min(number(reading.state(&sibling_key(device.serial, log))?).unwrap_or_default());
    }
    Ok(least)
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

/// Up to which entry of an own log nothing need be sent: confirmed, and held by the county's last word.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn sent_to(reading: Reading<'_>, log: &LogId) -> Result<u64, StoreError> {
    let confirmed = confirmed_to(reading, log)?;
    Ok(number(reading.state(&last_key(log))?).map_or(confirmed, |held| held.min(confirmed)))
}
