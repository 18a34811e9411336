//! The membership file: the county's trust, the device's certificate and, if the county likes, its list of villages,
//! sealed to the device and signed by an ops key.
//!
//! ```text
//! 0   8  magic 89 4D 42 4D 0D 0A 1A 0A      8   2  version = 1     10  2  suite
//! 12  8  county id      20  8  ops key id   28  8  recipient's sealing key id
//! 36  8  payload length 44  32 payload hash 76  8  plain length
//! 84  64 signature over "mbx/member/1" ‖ everything before
//! ..     payload        EOF-16 "MBXEND\r\n" ‖ u64 file length
//! ```
//! The same file, issued again, brings a device a root that its ops key was replaced in: unlike a bundle it needs no
//! key known before, only the first root.

use mingbai_ledger::cbor::Writer;

use crate::container::{check_magic, check_version, cut_short, ends_with_trailer, put_trailer};
use crate::keys::{CountyId, DecryptionKey, KeyId, SigningKey};
use crate::rejection::{Rejection, TrustFault};
use crate::seal::{SealError, within_ratio};
use crate::suite::Suite;
use crate::trust::{Certificate, Signed, TrustSection, TrustStore};
use crate::wire::{self, Fixed};
use crate::words;

use super::request::EnrolmentRequest;

const MAGIC: [u8; 8] = *b"\x89MBM\r\n\x1a\n";
const VERSION: u16 = 1;
const SIGNED_AS: &[u8] = b"mbx/member/1";
/// Most bytes of the file, and of what is inside. Anybody who knows the device's sealing key can make a file that is opened
/// before its signature can be checked, so these stay far below what a bundle may hold.
const MAX_MEMBERSHIP: u64 = 64 << 20;

/// What the county puts into a membership file.
#[derive(Debug)]
pub struct MembershipDraft<'a> {
    /// The county's trust, the new certificate included.
    pub trust: &'a TrustStore,
    /// Serial of the certificate made for the request.
    pub serial: u64,
    /// The request it answers.
    pub request: &'a EnrolmentRequest,
    /// The unit's villages, as their crate encodes them.
    pub areas: Option<&'a [u8]>,
}

/// What a device may see before its clerk has confirmed the county's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The county's name, as the file claims it.
    pub county_name: String,
    /// The unit and device certified.
    pub certificate: Certificate,
    /// The eight words to read to the county over the phone.
    pub words: String,
}

/// Why a device believes the county's first root.
#[derive(Clone, Copy, Debug)]
pub enum Pin<'a> {
    /// The clerk typed these words, or confirmed them on screen, from the county's mouth or printed sheet.
    Words(&'a str),
    /// The device has joined before.
    Known(&'a TrustStore),
}

/// A device that has joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Whom to believe from now on.
    pub trust: TrustStore,
    /// Its certificate.
    pub certificate: Certificate,
    /// The unit's villages, raw.
    pub areas: Option<Vec<u8>>,
}

/// Writes a membership file for the device that made the request.
///
/// # Errors
/// [`Rejection`] when `ops` is not a current ops key or the certificate is not for the request's keys; a
/// [`SealError`] when sealing fails.
pub fn write_membership(draft: &MembershipDraft<'_>, ops: &SigningKey) -> Result<Vec<u8>, MembershipError> {
    let facts = draft.request.facts();
    if !draft.trust.is_ops(&ops.public()) {
        return Err(Rejection::from(TrustFault::NotOps).into());
    }
    let certificate = draft.trust.certificate(draft.serial).ok_or(Rejection::UnknownDevice(draft.serial))?;
    if certificate.signing != facts.signing || certificate.sealing != facts.sealing {
        return Err(Rejection::NotOurRequest.into());
    }
    let mut w = Writer::new();
    w.map(3 + usize::from(draft.areas.is_some()));
    w.uint(1).bytes(&draft.trust.encode()).uint(2).uint(draft.serial).uint(3).bytes(&facts.nonce);
    if let Some(areas) = draft.areas {
        w.uint(4).bytes(areas);
    }
    let plain = w.finish();
    if plain.len() as u64 > MAX_MEMBERSHIP {
        return Err(SealError::TooLarge.into());
    }
    let suite = ops.suite();
    let payload = suite.seal(&plain, &[facts.sealing])?;
    let mut file = MAGIC.to_vec();
    file.extend_from_slice(&VERSION.to_be_bytes());
    file.extend_from_slice(&suite.number().to_be_bytes());
    file.extend_from_slice(&draft.trust.county().0);
    file.extend_from_slice(&ops.id().0);
    file.extend_from_slice(&facts.sealing.id().0);
    file.extend_from_slice(&(payload.len() as u64).to_be_bytes());
    file.extend_from_slice(&suite.hash(&payload));
    file.extend_from_slice(&(plain.len() as u64).to_be_bytes());
    let signature = ops.sign_as(SIGNED_AS, &file);
    file.extend_from_slice(&signature);
    file.extend_from_slice(&payload);
    put_trailer(&mut file);
    if file.len() as u64 > MAX_MEMBERSHIP { Err(SealError::TooLarge.into()) } else { Ok(file) }
}

/// Why a membership file could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MembershipError {
    /// The draft cannot stand.
    #[error(transparent)]
    Draft(#[from] Rejection),
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Shows whom a membership file claims to come from, and the words to compare.
///
/// # Errors
/// [`Rejection`] when the file is not whole, not for this device, or contradicts itself.
pub fn preview_membership(bytes: &[u8], key: &DecryptionKey, request: &EnrolmentRequest) -> Result<Preview, Rejection> {
    let inside = Inside::read(bytes, key)?;
    let trust = TrustStore::from_section(&inside.trust)?;
    let joined = inside.verify(bytes, trust, request)?;
    let words = joined.trust.words();
    Ok(Preview { county_name: joined.trust.root().county_name.clone(), certificate: joined.certificate, words })
}

/// Joins the county, or refreshes the trust in it. `request` is the one this device made and is waiting on.
///
/// # Errors
/// [`Rejection`] with the first reason found; [`Rejection::WordsDiffer`] when the file names another county than the
/// clerk confirmed.
pub fn open_membership(
    bytes: &[u8],
    key: &DecryptionKey,
    request: &EnrolmentRequest,
    pin: Pin<'_>,
) -> Result<Joined, Rejection> {
    let inside = Inside::read(bytes, key)?;
    let trust = match pin {
        Pin::Words(typed) => {
            let first = inside.trust.roots.first().map(Signed::words).unwrap_or_default();
            if !words::same(typed, &first) {
                return Err(Rejection::WordsDiffer);
            }
            TrustStore::from_section(&inside.trust)?
        }
        Pin::Known(trust) => trust.merge(&inside.trust)?.0,
    };
    inside.verify(bytes, trust, request)
}

/// A decrypted file, before anything in it is believed.
struct Inside {
    county: CountyId,
    ops: KeyId,
    suite: Suite,
    signed: usize,
    signature: [u8; 64],
    trust: TrustSection,
    serial: u64,
    nonce: [u8; 16],
    areas: Option<Vec<u8>>,
    own: KeyId,
}

impl Inside {
    fn read(bytes: &[u8], key: &DecryptionKey) -> Result<Self, Rejection> {
        check_magic(bytes, &MAGIC)?;
        let have = bytes.len() as u64;
        if have > MAX_MEMBERSHIP {
            return Err(Rejection::TooLarge("入网文件"));
        }
        let short = || cut_short(bytes);
        let mut at = Fixed::new(bytes);
        at.slice(MAGIC.len()).ok_or_else(short)?;
        check_version(at.u16().ok_or_else(short)?, VERSION)?;
        let suite = Suite::from_number(at.u16().ok_or_else(short)?)?;
        let county = CountyId(at.bytes().ok_or_else(short)?);
        let ops = KeyId(at.bytes().ok_or_else(short)?);
        let recipient = KeyId(at.bytes().ok_or_else(short)?);
        let payload_len = at.u64().ok_or_else(short)?;
        let payload_hash: [u8; 32] = at.bytes().ok_or_else(short)?;
        let plain_len = at.u64().ok_or_else(short)?;
        let signed = at.position();
        let signature = at.bytes().ok_or_else(short)?;
        if payload_len > MAX_MEMBERSHIP || plain_len > MAX_MEMBERSHIP {
            return Err(Rejection::TooLarge("入网文件"));
        }
        let length = usize::try_from(payload_len).map_err(|_| Rejection::TooLarge("入网文件"))?;
        let payload = at.slice(length).ok_or_else(short)?;
        at.slice(16).ok_or_else(short)?;
        if at.position() != bytes.len() || !ends_with_trailer(bytes) {
            return Err(Rejection::Damaged("文件长度"));
        }
        within_ratio(plain_len, payload_len)?;
        if recipient != key.id() {
            return Err(Rejection::NotForUs);
        }
        if suite.hash(payload) != payload_hash {
            return Err(Rejection::Damaged("密文"));
        }
        let plain = suite.open(payload, 1, plain_len, key)?;
        let (mut trust, mut serial, mut nonce, mut areas) = (None, None, None, None);
        wire::fields(&plain, |key, d| {
            match key {
                1 => trust = Some(TrustSection::decode(d.bytes()?)?),
                2 => serial = Some(d.u64()?),
                3 => nonce = Some(wire::fixed(d)?),
                4 => areas = Some(d.bytes()?.to_vec()),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            county,
            ops,
            suite,
            signed,
            signature,
            trust: wire::required(trust)?,
            serial: wire::required(serial)?,
            nonce: wire::required(nonce)?,
            areas,
            own: key.id(),
        })
    }

    /// Checks the outside against the root it led to, and that the certificate is for this device and this request.
    fn verify(self, bytes: &[u8], trust: TrustStore, request: &EnrolmentRequest) -> Result<Joined, Rejection> {
        let ops = trust.root().ops_keys.iter().find(|key| key.id() == self.ops);
        let ops = ops.ok_or(Rejection::UnknownSender(self.ops))?;
        let signed = bytes.get(..self.signed).unwrap_or_default();
        if !self.suite.verify(ops, SIGNED_AS, signed, &self.signature) {
            return Err(Rejection::BadSignature);
        }
        if self.county != trust.county() {
            return Err(Rejection::OtherCounty);
        }
        let certificate = trust.certificate(self.serial).ok_or(Rejection::UnknownDevice(self.serial))?.clone();
        let facts = request.facts();
        let ours = certificate.sealing.id() == self.own && certificate.signing == facts.signing;
        if !ours || certificate.area != facts.area || self.nonce != facts.nonce {
            return Err(Rejection::NotOurRequest);
        }
        if trust.revocation(certificate.serial).is_some() {
            return Err(Rejection::Revoked(certificate.device));
        }
        Ok(Joined { trust, certificate, areas: self.areas })
    }
}
