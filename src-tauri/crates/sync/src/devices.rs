//! The PCs of a county: when each last spoke, how far its records are here, and how one is retired.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use mingbai_bundle::{Certificate, Revocation, TrustStore};
use mingbai_domain::catalogue::Device;
use mingbai_ledger::{EntryKind, Genesis, Head, LogId};
use mingbai_store::{Author, Reading, Store, StoreError, Txn};

use crate::ends::{Ends, geneses};
use crate::error::SyncError;
use crate::held::{self, Contact, logs_of};
use crate::keys::{CountyKeys, DeviceKeys, KeyRing, TRUST, known_trust};
use crate::parts;
use crate::summary::unsent;

/// One certified PC.
#[derive(Clone, Debug)]
pub struct Pc {
    /// Its certificate.
    pub certificate: Certificate,
    /// That it was retired, if it was.
    pub revocation: Option<Revocation>,
    /// Whether it is this one.
    pub own: bool,
    /// When it last spoke to this county PC, milliseconds.
    pub contact: Option<u64>,
    /// Entries of it that are here with everything before them.
    pub here: u64,
    /// Entries it had written by its last bundle and that are not here, as far as is known.
    pub missing: u64,
}

/// Every PC the county ever certified, by serial.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn pcs(store: &Store) -> Result<Vec<Pc>, SyncError> {
    let trust = known_trust(store)?;
    let own = DeviceKeys::load(store)?.signing.public();
    let reading = store.read();
    let mut pcs = Vec::new();
    for certificate in trust.certificates() {
        let contact = held::contact(reading, certificate.serial)?;
        let (here, missing) = how_far(reading, certificate, contact.as_ref())?;
        pcs.push(Pc {
            certificate: certificate.clone(),
            revocation: trust.revocation(certificate.serial).cloned(),
            own: certificate.signing == own,
            contact: contact.map(|contact| contact.millis),
            here,
            missing,
        });
    }
    Ok(pcs)
}

/// How many entries of a PC are here with everything before them, and how many more it had written by its last bundle.
fn how_far(reading: Reading<'_>, pc: &Certificate, contact: Option<&Contact>) -> Result<(u64, u64), StoreError> {
    let (mut here, mut missing) = (0, 0);
    for log in logs_of(reading, pc)? {
        let written = contact.iter().flat_map(|contact| &contact.written).find(|(id, _)| *id == log.id);
        here += log.head.seq;
        missing += written.map_or(0, |(_, seq)| seq.saturating_sub(log.head.seq));
    }
    Ok((here, missing))
}

/// Why a PC is retired.
#[derive(Clone, Copy, Debug)]
pub struct Retirement<'a> {
    /// 被盗 or 丢失 rather than 停用 or 报废.
    pub stolen: bool,
    /// In the operator's words.
    pub reason: &'a str,
    /// The PC's name as the operator typed it, asked where it was stolen or where entries of it are known to be missing.
    pub typed: &'a str,
}

/// Retires a PC: what the county has taken in of it stays good, what comes later is kept aside for somebody to look at, and
/// nothing is sealed to it any more.
///
/// # Errors
/// [`SyncError`] when it is no PC of the county, this one, or retired before, when entries of it are known to be missing, or
/// when the operator did not confirm.
pub fn retire(
    store: &mut Store,
    author: &Author<'_>,
    serial: u64,
    why: Retirement<'_>,
    today: NaiveDate,
) -> Result<Certificate, SyncError> {
    let ops = CountyKeys::ops(store)?;
    let trust = known_trust(store)?;
    let pc = trust.certificate(serial).ok_or(SyncError::NoSuchPc)?.clone();
    if pc.signing == DeviceKeys::load(store)?.signing.public() {
        return Err(SyncError::OwnPc);
    }
    if trust.revocation(serial).is_some() {
        return Err(SyncError::AlreadyRetired(pc.device));
    }
    if why.reason.trim().is_empty() {
        return Err(SyncError::NoReason);
    }
    if why.stolen && why.typed.trim() != pc.device {
        return Err(SyncError::NameDiffers(pc.device));
    }
    let (_, missing) = how_far(store.read(), &pc, held::contact(store.read(), serial)?.as_ref())?;
    if missing > 0 && why.typed.trim() != pc.device {
        return Err(SyncError::StillMissing { device: pc.device, missing });
    }
    let reason = format!("{}：{}", if why.stolen { "被盗或丢失" } else { "停用" }, why.reason.trim());
    let cuts = ends_of(store.read(), &pc)?;
    let mut grown = trust.clone();
    // A PC that joined twice has several certificates for the same keys.
    let same = trust.certificates().filter(|c| c.signing == pc.signing && trust.revocation(c.serial).is_none());
    for certificate in same {
        grown = grown.revoke(&ops, revocation(&grown, certificate.serial, cuts.clone(), &reason))?;
    }
    store.commit(author, "device_retire", None, |txn| {
        txn.set_state(TRUST, &grown.encode())?;
        parts::forget_revoked(txn, &grown)?;
        end_record(txn, &pc, today)?;
        txn.note(&format!("停用电脑“{} {}”：{reason}", pc.unit, pc.device))
    })?;
    Ok(pc)
}

/// The last entries here of the logs a PC wrote under one certificate's key: one for each branch.
pub(crate) fn ends_of(reading: Reading<'_>, pc: &Certificate) -> Result<Vec<Head>, StoreError> {
    let logs: BTreeSet<LogId> = logs_of(reading, pc)?.into_iter().map(|log| log.id).collect();
    Ok(reading.heads()?.into_iter().filter(|head| head.seq > 0 && logs.contains(&head.log)).collect())
}

/// The next revocation of a county.
pub(crate) fn revocation(trust: &TrustStore, serial: u64, cuts: Vec<Head>, reason: &str) -> Revocation {
    let number = trust.next_revocation();
    Revocation { county: trust.county(), number, serial, cuts, reason: reason.to_owned() }
}

/// Writes into the register of PCs that one has ended.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn end_record(txn: &mut Txn<'_>, pc: &Certificate, today: NaiveDate) -> Result<(), StoreError> {
    let key = pc.signing.id().to_string();
    for row in txn.read().all::<Device>()? {
        if row.record.signing_key.as_ref() == Some(&key) && row.record.revoked_on.is_none() {
            txn.update(row.id, &Device { revoked_on: Some(today), ..row.record })?;
        }
    }
    Ok(())
}

/// Writes a certified PC into the register of PCs, once.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn enter_record(txn: &mut Txn<'_>, pc: &Certificate, today: NaiveDate) -> Result<(), StoreError> {
    let record = record(pc, today);
    let known = txn.read().all::<Device>()?.into_iter().any(|row| {
        row.record.certificate_serial == record.certificate_serial && row.record.signing_key == record.signing_key
    });
    if !known {
        txn.insert(None, &record)?;
    }
    Ok(())
}

/// What the register of PCs says of a new certificate.
#[must_use]
pub fn record(pc: &Certificate, today: NaiveDate) -> Device {
    Device {
        name: Some(pc.unit.clone()),
        area: Some(pc.area.clone()),
        signing_key: Some(pc.signing.id().to_string()),
        certificate_serial: i64::try_from(pc.serial).ok(),
        enrolled_on: Some(today),
        revoked_on: None,
    }
}

/// The certificate of this PC.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn own(store: &Store) -> Result<Option<Certificate>, SyncError> {
    let key = DeviceKeys::load(store)?.signing.id();
    Ok(crate::keys::trust(store)?.and_then(|trust| trust.signer(key).cloned()))
}

/// How many saved actions of this PC stand in logs of keys it had before and that the county, restored from a copy, has
/// forgotten: nobody reads them, and they have to be entered again.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn unheard(store: &Store) -> Result<u64, SyncError> {
    let Some(trust) = crate::keys::trust(store)? else { return Ok(0) };
    let past: Vec<[u8; 32]> = KeyRing::load(store)?.past.iter().map(|keys| keys.signing.public().log_key()).collect();
    let mut count = 0;
    for (head, entries) in unsent(store.read())? {
        let genesis = store.read().log(&head.log)?.and_then(|log| log.genesis);
        let forgotten =
            |genesis: &Genesis| past.contains(&genesis.device_key) && trust.writer_of_log(genesis).is_none();
        if genesis.is_some_and(|genesis| forgotten(&genesis)) {
            for entry in entries {
                count += u64::from(entry.decode()?.kind == EntryKind::Transaction);
            }
        }
    }
    Ok(count)
}

/// Whether anything this PC wrote waits for a certificate of new keys.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn waits_for_keys(reading: Reading<'_>, trust: &TrustStore) -> Result<bool, SyncError> {
    let known = geneses(reading)?;
    for genesis in held::own_logs(reading)?.into_iter().filter_map(|log| log.genesis) {
        let goes_on = trust.writer_of_log(&genesis).is_some() && Ends::of(trust, &known, &genesis).last(reading)? > 0;
        if trust.certificate_of_log(&genesis).is_none() && !goes_on {
            return Ok(true);
        }
    }
    Ok(false)
}
