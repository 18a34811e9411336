//! A PC changes its keys: the recovery sheet was seen by others, or somebody had the PC for a day. The log ends with the old
//! keys and goes on under the new ones from that moment; what was written before still arrives, and what is written after
//! waits for the county's certificate.

use mingbai_bundle::{EnrolmentRequest, RequestFacts};
use mingbai_ledger::Genesis;
use mingbai_store::{Author, Store, StoreError};

use crate::devices;
use crate::enrol::REQUEST;
use crate::error::SyncError;
use crate::keys::{DeviceKeys, KeyRing, known_trust};
use crate::renew::last_written;

/// Asks the county for a certificate of new keys. Asked again before the county answers, the same request comes back. A PC
/// that was retired, perhaps by mistake, asks in the same way to join anew: its words go on in a log of new keys, because
/// the county takes nothing more under the old ones. One whom the county has forgotten asks again with those it has.
///
/// # Errors
/// [`SyncError::NotEnrolled`] when this PC never joined.
pub fn request(store: &mut Store, author: &Author<'_>) -> Result<EnrolmentRequest, SyncError> {
    let trust = known_trust(store)?;
    let ring = KeyRing::load(store)?;
    let waiting = store.state(REQUEST)?.map(|bytes| EnrolmentRequest::open(&bytes)).transpose()?;
    let old = trust.signer(ring.current.signing.id());
    let counts = old.filter(|pc| trust.revocation(pc.serial).is_none());
    // Keys that a log has begun with are never thrown away: nobody else could sign what stands in it.
    if let (Some(next), Some(waiting)) = (&ring.next, &waiting)
        && waiting.facts().signing == next.signing.public()
        && waiting.renews() == counts.map(|old| old.serial)
    {
        return Ok(EnrolmentRequest::open(waiting.bytes())?);
    }
    let [device, area, unit] = match (old, &waiting) {
        (Some(old), _) => [&old.device, &old.area, &old.unit],
        (None, Some(asked)) => [&asked.facts().device, &asked.facts().area, &asked.facts().unit],
        (None, None) => return Err(SyncError::NotEnrolled),
    };
    // A county that was restored and has forgotten this PC has nothing against its keys.
    let forgotten = old.is_none() && ring.next.is_none();
    let fresh = (ring.next.is_none() && !forgotten).then(|| DeviceKeys::generate(author.random));
    let next = ring.next.as_ref().or(fresh.as_ref()).unwrap_or(&ring.current);
    let (mut nonce, mut log_nonce) = ([0; 16], [0; 16]);
    (author.random)(&mut nonce);
    (author.random)(&mut log_nonce);
    let facts = RequestFacts {
        device: device.clone(),
        area: area.clone(),
        unit: unit.clone(),
        signing: next.signing.public(),
        sealing: next.decryption.public(),
        nonce,
    };
    let request = match counts {
        Some(old) => {
            let closes = devices::ends_of(store.read(), old)?;
            EnrolmentRequest::renew(&facts, (old.serial, closes), &ring.current.signing, &next.signing)?
        }
        None => EnrolmentRequest::sign(&facts, &next.signing)?,
    };
    let genesis = Genesis {
        device_key: next.signing.public().log_key(),
        nonce: log_nonce,
        county: trust.county().0,
        certificate: 0,
        continues: Some(last_written(store)?),
    };
    store.commit(author, "device_renew", None, |txn| {
        if let Some(next) = &fresh {
            txn.begin_log(&genesis)?;
            KeyRing::keep_next(txn, next)?;
        }
        txn.set_state(REQUEST, request.bytes())?;
        txn.note(if forgotten {
            "重新申请入网，等县里批准"
        } else {
            "更换本机密钥，等县里批准"
        })?;
        Ok::<_, StoreError>(())
    })?;
    Ok(request)
}
