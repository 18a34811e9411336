//! The request: who we are and which keys are ours.
//!
//! ```text
//! 0   8  magic 89 4D 42 51 0D 0A 1A 0A      8   2  version = 1     10  2  suite
//! 12  4  body length                        16  n  body (CBOR)
//! ..  64 signature over "mbx/request/1" ‖ everything before
//! ..  16 "MBXEND\r\n" ‖ u64 file length
//! ```

use mingbai_domain::region;
use mingbai_ledger::Head;
use mingbai_ledger::cbor::Writer;

use crate::container::{check_magic, check_version, cut_short, ends_with_trailer, put_trailer};
use crate::keys::{SealingKey, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::suite::Suite;
use crate::trust::{Certificate, one_suite, sealing_key, verifying_key};
use crate::wire::{self, Fixed};
use crate::words;

const MAGIC: [u8; 8] = *b"\x89MBQ\r\n\x1a\n";
const VERSION: u16 = 1;
const SIGNED_AS: &[u8] = b"mbx/request/1";
/// Two names and some keys; anything longer is not a request.
const MAX_BODY: usize = 4096;
const MAX_NAME: usize = 60;
/// Logs one PC may have written under one key: one more with every restored backup.
const MAX_LOGS: u64 = 50;
/// Map key of the renewal: a county that does not know it certifies the keys as those of one more PC.
const RENEWAL: u64 = 128;
const RENEWED_AS: &[u8] = b"mbx/renew/1";

/// What a device says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFacts {
    /// Name of the PC, e.g. 公卫科1号机.
    pub device: String,
    /// Division code of its area (6, 9 or 12 digits).
    pub area: String,
    /// Name of the unit, e.g. 青山镇卫生院.
    pub unit: String,
    /// Public signing key.
    pub signing: VerifyingKey,
    /// Public sealing key.
    pub sealing: SealingKey,
    /// Random; the membership file repeats it.
    pub nonce: [u8; 16],
}

/// That the request comes from a PC that is certified already and changes its keys: which certificate is to end, and the
/// last entry of each log written under it. Those logs are closed; what they hold up to there is good whenever it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// Serial of the certificate that ends.
    pub serial: u64,
    /// Last entries of the logs that end with it.
    pub closes: Vec<Head>,
    /// By the key that ends.
    signature: [u8; 64],
}

/// A request whose signature proves that the sender holds the signing key it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentRequest {
    facts: RequestFacts,
    renewal: Option<Renewal>,
    bytes: Vec<u8>,
}

impl EnrolmentRequest {
    /// Writes a request. The names must not be empty nor longer than 60 characters.
    ///
    /// # Errors
    /// [`Rejection::Malformed`] when a name or the area code cannot stand, or `key` is not the one named.
    pub fn sign(facts: &RequestFacts, key: &SigningKey) -> Result<Self, Rejection> {
        Self::write(facts, None, key)
    }

    /// Writes the request of a certified PC for new keys, signed by the old key too.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn renew(
        facts: &RequestFacts,
        (serial, closes): (u64, Vec<Head>),
        old: &SigningKey,
        key: &SigningKey,
    ) -> Result<Self, Rejection> {
        let signature = old.sign(&renewal_message(facts, serial, &closes));
        Self::write(facts, Some(&Renewal { serial, closes, signature }), key)
    }

    fn write(facts: &RequestFacts, renewal: Option<&Renewal>, key: &SigningKey) -> Result<Self, Rejection> {
        let body = encode(facts, renewal);
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_be_bytes());
        bytes.extend_from_slice(&key.suite().number().to_be_bytes());
        bytes.extend_from_slice(&(body.len() as u32).to_be_bytes());
        bytes.extend_from_slice(&body);
        let signature = key.sign_as(SIGNED_AS, &bytes);
        bytes.extend_from_slice(&signature);
        put_trailer(&mut bytes);
        Self::open(&bytes)
    }

    /// Reads and verifies a request.
    ///
    /// # Errors
    /// [`Rejection`] when it is not whole, or not signed by the key it names.
    pub fn open(bytes: &[u8]) -> Result<Self, Rejection> {
        check_magic(bytes, &MAGIC)?;
        let short = || cut_short(bytes);
        let mut at = Fixed::new(bytes);
        at.slice(MAGIC.len()).ok_or_else(short)?;
        check_version(at.u16().ok_or_else(short)?, VERSION)?;
        let suite = Suite::from_number(at.u16().ok_or_else(short)?)?;
        let length = usize::try_from(at.u32().ok_or_else(short)?).unwrap_or(usize::MAX);
        if length > MAX_BODY {
            return Err(Rejection::TooLarge("入网申请"));
        }
        let body = at.slice(length).ok_or_else(short)?;
        let signed = at.passed();
        let signature = at.bytes::<64>().ok_or_else(short)?;
        at.slice(16).ok_or_else(short)?;
        if at.position() != bytes.len() || !ends_with_trailer(bytes) {
            return Err(Rejection::Damaged("文件长度"));
        }
        let (facts, renewal) = decode(body)?;
        if !suite.verify(&facts.signing, SIGNED_AS, signed, &signature) {
            return Err(Rejection::BadSignature);
        }
        Ok(Self { facts, renewal, bytes: bytes.to_vec() })
    }

    /// What it says.
    #[must_use]
    pub const fn facts(&self) -> &RequestFacts {
        &self.facts
    }

    /// The certificate it asks to end, once that is seen to be the one whose key signed so.
    #[must_use]
    pub fn renewal(&self, old: &Certificate) -> Option<&Renewal> {
        let renewal = self.renewal.as_ref().filter(|renewal| renewal.serial == old.serial)?;
        let message = renewal_message(&self.facts, renewal.serial, &renewal.closes);
        old.signing.verifies(&message, &renewal.signature).then_some(renewal)
    }

    /// Serial of the certificate it claims to renew.
    #[must_use]
    pub fn renews(&self) -> Option<u64> {
        self.renewal.as_ref().map(|renewal| renewal.serial)
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The eight words both sides compare before the county approves.
    #[must_use]
    pub fn words(&self) -> String {
        words::of(&self.bytes)
    }
}

/// What the old key signs: the new keys with everything else the request says.
fn renewal_message(facts: &RequestFacts, serial: u64, closes: &[Head]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(3).bytes(&encode(facts, None)).uint(serial).array(closes.len());
    for head in closes {
        w.array(3);
        wire::put_head(&mut w, head);
    }
    [RENEWED_AS, &w.finish()].concat()
}

fn encode(facts: &RequestFacts, renewal: Option<&Renewal>) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(6 + usize::from(renewal.is_some()))
        .uint(1)
        .text(&facts.device)
        .uint(2)
        .text(&facts.area)
        .uint(3)
        .text(&facts.unit);
    w.uint(4).bytes(facts.signing.as_bytes()).uint(5).bytes(facts.sealing.as_bytes()).uint(6).bytes(&facts.nonce);
    if let Some(renewal) = renewal {
        w.uint(RENEWAL).array(3).uint(renewal.serial).array(renewal.closes.len());
        for head in &renewal.closes {
            w.array(3);
            wire::put_head(&mut w, head);
        }
        w.bytes(&renewal.signature);
    }
    w.finish()
}

fn decode(body: &[u8]) -> Result<(RequestFacts, Option<Renewal>), Rejection> {
    let (mut device, mut area, mut unit, mut signing, mut sealing, mut nonce) = (None, None, None, None, None, None);
    let mut renewal = None;
    let name = |text: &str| -> Option<String> {
        let fits = !text.trim().is_empty() && text.chars().count() <= MAX_NAME && !text.contains(char::is_control);
        fits.then(|| text.to_owned())
    };
    wire::fields(body, |key, d| {
        match key {
            1 => device = name(d.str()?),
            2 => area = Some(d.str()?.to_owned()).filter(|code| region::is_code(code)),
            3 => unit = name(d.str()?),
            4 => signing = Some(verifying_key(d)?),
            5 => sealing = Some(sealing_key(d)?),
            6 => nonce = Some(wire::fixed(d)?),
            RENEWAL => {
                wire::row(d, 3)?;
                let serial = wire::counter(d)?;
                let closes = wire::list(d, MAX_LOGS, |d| {
                    wire::row(d, 3)?;
                    wire::head(d)
                })?;
                renewal = Some(Renewal { serial, closes, signature: wire::fixed(d)? });
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (signing, sealing) = (wire::required(signing)?, wire::required(sealing)?);
    one_suite(&signing, &sealing)?;
    let facts = RequestFacts {
        device: device.ok_or(Rejection::Malformed("设备名称"))?,
        area: area.ok_or(Rejection::Malformed("区划代码"))?,
        unit: unit.ok_or(Rejection::Malformed("单位名称"))?,
        signing,
        sealing,
        nonce: wire::required(nonce)?,
    };
    Ok((facts, renewal))
}
