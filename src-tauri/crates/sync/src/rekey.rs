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

/// Asks the county for a certificate of new keys. Asked again before the county answers, the same request comes back, or,
/// when the PC has joined anew meanwhile, one for the same keys.
///
/// # Errors
/// [`SyncError::NotEnrolled`] when the county does not know this PC, or has retired it.
pub fn request(store: &mut Store, author: &Author<'_>) -> Result<EnrolmentRequest, SyncError> {
    let trust = known_trust(store)?;
    let ring = KeyRing::load(store)?;
    let old = trust.signer(ring.current.signing.id()).filter(|pc| trust.revocation(pc.serial).is_none());
    let old = old.ok_or(SyncError::NotEnrolled)?.clone();
    if let (Some(next), Some(waiting)) = (&ring.next, store.state(REQUEST)?) {
        let request = EnrolmentRequest::open(&waiting)?;
        if request.facts().signing == next.signing.public() && request.renews() == Some(old.serial) {
            return Ok(request);
        }
    }
    // A log that was begun under keys can be signed with no others.
    let begun = ring.next.is_some();
    let next = ring.next.unwrap_or_else(|| DeviceKeys::generate(author.random));
    let (mut nonce, mut log_nonce) = ([0; 16], [0; 16]);
    (author.random)(&mut nonce);
    (author.random)(&mut log_nonce);
    let facts = RequestFacts {
        device: old.device.clone(),
        area: old.area.clone(),
        unit: old.unit.clone(),
        signing: next.signing.public(),
        sealing: next.decryption.public(),
        nonce,
    };
    let closes = devices::ends_of(store.read(), &old)?;
    let request = EnrolmentRequest::renew(&facts, (old.serial, closes), &ring.current.signing, &next.signing)?;
    let genesis = Genesis {
        device_key: next.signing.public().log_key(),
        nonce: log_nonce,
        county: trust.county().0,
        certificate: 0,
        continues: Some(store.own_log()?),
    };
    store.commit(author, "device_renew", None, |txn| {
        if !begun {
            txn.begin_log(&genesis)?;
            KeyRing::keep_next(txn, &next)?;
        }
        txn.set_state(REQUEST, request.bytes())?;
        txn.note("更换本机密钥，等县里批准")?;
        Ok::<_, StoreError>(())
    })?;
    Ok(request)
}
