//! Enrolment by file: request → approval over eight spoken words → membership.

use mingbai_bundle::{
    Certificate, EnrolmentRequest, MembershipDraft, Pin, Rejection, RequestFacts, Role, TrustFault, TrustStore,
    open_membership, words, write_membership,
};
use mingbai_domain::region;
use mingbai_ledger::Head;
use mingbai_store::{Author, Store};

use crate::error::SyncError;
use crate::keys::{CountyKeys, KeyRing, TRUST, known_trust, save_trust, trust};
use crate::{cutoff, devices};

/// Where the request this PC is waiting on is kept.
pub(crate) const REQUEST: &str = "enrolment_request";

/// Who asks to join.
#[derive(Clone, Copy, Debug)]
pub struct Applicant<'a> {
    /// Name of the PC.
    pub device: &'a str,
    /// Its unit.
    pub unit: &'a str,
    /// Nine digits.
    pub area: &'a str,
}

/// Makes a request and keeps it, so that only an answer to it is accepted. A PC that changes its keys goes on asking for
/// the new ones.
///
/// # Errors
/// [`SyncError`] when the keys are missing or the names too long.
pub fn request(
    store: &mut Store,
    applicant: Applicant<'_>,
    random: &dyn Fn(&mut [u8]),
) -> Result<EnrolmentRequest, SyncError> {
    let ring = KeyRing::load(store)?;
    let keys = ring.next.unwrap_or(ring.current);
    let mut nonce = [0; 16];
    random(&mut nonce);
    let facts = RequestFacts {
        device: applicant.device.to_owned(),
        area: applicant.area.to_owned(),
        unit: applicant.unit.to_owned(),
        signing: keys.signing.public(),
        sealing: keys.decryption.public(),
        nonce,
    };
    let request = EnrolmentRequest::sign(&facts, &keys.signing)?;
    store.set_state(REQUEST, request.bytes())?;
    Ok(request)
}

/// The county certifies a device whose words were compared, and writes its membership file.
///
/// # Errors
/// [`SyncError::WordsDiffer`] when the words are not those of the request.
pub fn approve(
    store: &mut Store,
    request: &EnrolmentRequest,
    typed_words: &str,
) -> Result<(Certificate, Vec<u8>), SyncError> {
    let ops = CountyKeys::ops(store)?;
    let known = known_trust(store)?;
    if !words::same(typed_words, &request.words()) {
        return Err(SyncError::WordsDiffer);
    }
    let facts = request.facts();
    // A PC for the whole county's code would write for every township of it.
    if !region::contains(&known.root().area, &facts.area) || !region::is_township(&facts.area) {
        return Err(SyncError::OutsideCounty(facts.area.clone()));
    }
    // The same PC asking again, with the same keys for the same area, keeps the certificate it has.
    let standing = known.certificates().find(|c| {
        let same = c.signing == facts.signing && c.sealing == facts.sealing && c.area == facts.area;
        same && c.unit == facts.unit && c.has(Role::Township) && known.revocation(c.serial).is_none()
    });
    let replaced = replaces(&known, request);
    let renewed = match &replaced {
        Some(Replaces::Counts(old)) => Some(renewed(&known, request, old)?),
        // Keys that no longer count, or are not known any more, prove nothing: the PC joins anew by its words. Asked again
        // after a change was granted, there is nothing left to end.
        Some(Replaces::Retired(_) | Replaces::Unknown) | None => None,
    };
    let (certificate, mut grown) = if let Some(certificate) = standing {
        (certificate.clone(), known.clone())
    } else {
        // A number this county does not know it gave: it was restored from a copy. The numbers that follow may all be given.
        let known = if replaced == Some(Replaces::Unknown) { known.begin_epoch(&ops)? } else { known.clone() };
        let certificate = Certificate {
            county: known.county(),
            serial: known.next_serial(),
            device: facts.device.clone(),
            unit: facts.unit.clone(),
            signing: facts.signing,
            sealing: facts.sealing,
            area: facts.area.clone(),
            roles: vec![Role::Township],
            county_epoch: known.epoch(),
            renews: renewed.map(|(old, _)| old.serial),
        };
        (certificate.clone(), known.issue(&ops, certificate)?)
    };
    if let Some((old, closes)) = renewed {
        // What is here already is good, whatever the request says of its end.
        let mut cuts = devices::ends_of(store.read(), old)?;
        cuts.extend(closes.iter().filter(|end| !cuts.contains(end)).copied().collect::<Vec<_>>());
        grown = grown.revoke(&ops, devices::revocation(&grown, old.serial, cuts, "更换密钥"))?;
    }
    let draft = MembershipDraft { trust: &grown, serial: certificate.serial, request, areas: None };
    let file = write_membership(&draft, &ops)?;
    save_trust(store, &grown)?;
    Ok((certificate, file))
}

/// What the certificate is to the county whose keys a request wants changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replaces<'a> {
    /// It counts; the request has to prove that it comes from that PC.
    Counts(&'a Certificate),
    /// It was retired, and why.
    Retired(&'a str),
    /// The county knows none of this number, or another PC by it: it was restored from a copy, and has not heard from this PC
    /// since.
    Unknown,
}

/// What the certificate a request names is to the county, if it names one. Of a restored county another PC may have its
/// number, or this PC itself, for the very keys it asks about.
#[must_use]
pub fn replaces<'a>(known: &'a TrustStore, request: &EnrolmentRequest) -> Option<Replaces<'a>> {
    let serial = request.renews()?;
    let facts = request.facts();
    let is_it =
        |pc: &Certificate| (&pc.device, &pc.area) == (&facts.device, &facts.area) && pc.signing != facts.signing;
    let anothers = |pc: &&Certificate| request.renewal(pc).is_none() && !is_it(pc);
    let old = known.certificate(serial);
    if old.filter(anothers).is_some() {
        return Some(Replaces::Unknown);
    }
    let ended = known.revocations().find(|ended| ended.serial == serial);
    Some(match (ended, old) {
        (Some(ended), _) => Replaces::Retired(&ended.reason),
        (None, Some(old)) => Replaces::Counts(old),
        (None, None) => Replaces::Unknown,
    })
}

/// The certificate whose keys a PC changes, and where its logs end.
fn renewed<'a>(
    known: &TrustStore,
    request: &'a EnrolmentRequest,
    old: &'a Certificate,
) -> Result<(&'a Certificate, &'a [Head]), SyncError> {
    // Keys that have ended come back only by the eight words: two keys that took each other's place would be nobody's first.
    let ended =
        known.certificates().any(|pc| pc.signing == request.facts().signing && known.revocation(pc.serial).is_some());
    if ended || !old.has(Role::Township) || old.area != request.facts().area {
        return Err(SyncError::RenewalRefused);
    }
    let renewal = request.renewal(old).ok_or(SyncError::RenewalRefused)?;
    Ok((old, &renewal.closes))
}

/// The township accepts its membership after its clerk compared the county's eight words.
///
/// # Errors
/// [`SyncError`] with the first reason found; then nothing is believed.
pub fn accept(
    store: &mut Store,
    author: &Author<'_>,
    file: &[u8],
    county_words: &str,
) -> Result<Certificate, SyncError> {
    let waiting = store.state(REQUEST)?.ok_or(SyncError::NoRequest)?;
    let request = EnrolmentRequest::open(&waiting)?;
    let ring = KeyRing::load(store)?;
    let known = trust(store)?;
    let pin = known.as_ref().map_or(Pin::Words(county_words), Pin::Known);
    let renewing = ring.next.as_ref().filter(|next| next.signing.public() == request.facts().signing);
    let keys = renewing.unwrap_or(&ring.current);
    let open = |pin| open_membership(file, &keys.decryption, &request, pin);
    let joined = match open(pin) {
        // The county had to start again from an older root than ours. People who compare its words may follow it.
        Err(Rejection::Trust(TrustFault::RootConflict)) if !county_words.trim().is_empty() => {
            open(Pin::Words(county_words))?
        }
        other => other?,
    };
    let promoted = renewing.is_some();
    store.commit(author, "enrolment_accept", None, |txn| {
        if promoted {
            ring.promote(txn)?;
        }
        txn.set_state(TRUST, &joined.trust.encode())?;
        // It may be the first this PC hears of another one's end.
        cutoff::apply(txn, &joined.trust, false)
    })?;
    Ok(joined.certificate)
}
