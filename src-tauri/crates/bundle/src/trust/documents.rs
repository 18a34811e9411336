//! Signed documents: exact bytes with one or more signatures, each naming its key.

use mingbai_ledger::cbor::{Decoder, Writer};

use crate::keys::{KeyId, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::wire;

/// Most signatures on one document.
const MAX_SIGNATURES: u64 = 64;

/// A signature and the key it claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySignature {
    /// Which key.
    pub key: KeyId,
    /// Its signature over the document's prefix and bytes.
    pub signature: [u8; 64],
}

/// What can be signed on its own.
pub(crate) trait Document: Sized {
    /// Keeps a signature for one kind of document from serving another.
    const SIGNED_AS: &'static [u8];

    fn encode(&self) -> Vec<u8>;
    fn decode(bytes: &[u8]) -> Result<Self, Rejection>;
}

/// A document with the exact bytes that were signed. Signatures are not checked by reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    value: T,
    bytes: Vec<u8>,
    signatures: Vec<KeySignature>,
}

impl<T> Signed<T> {
    /// The document.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The signed bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The signatures it carries.
    #[must_use]
    pub fn signatures(&self) -> &[KeySignature] {
        &self.signatures
    }
}

#[expect(private_bounds, reason = "only this crate decides what can be signed")]
impl<T: Document> Signed<T> {
    pub(crate) fn new(value: T, keys: &[&SigningKey]) -> Self {
        let mut signed = Self { bytes: value.encode(), value, signatures: Vec::new() };
        keys.iter().for_each(|key| signed.add_signature(key));
        signed
    }

    /// Adds one more holder's signature, replacing an earlier one of the same key.
    pub(crate) fn add_signature(&mut self, key: &SigningKey) {
        let signature = key.sign_as(T::SIGNED_AS, &self.bytes);
        self.signatures.retain(|s| s.key != key.id());
        self.signatures.push(KeySignature { key: key.id(), signature });
    }

    /// Takes over the signatures of keys that have not signed yet.
    pub(crate) fn take_signatures(&mut self, copy: &Self) {
        for signature in &copy.signatures {
            if !self.signatures.contains(signature) && self.signatures.len() < MAX_SIGNATURES as usize {
                self.signatures.push(signature.clone());
            }
        }
    }

    /// Whether `key` signed it, in the suite the key belongs to: a signature does not choose its algorithm.
    pub(crate) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let (id, suite) = (key.id(), key.suite());
        self.signatures.iter().any(|s| s.key == id && suite.verify(key, T::SIGNED_AS, &self.bytes, &s.signature))
    }

    /// How many distinct keys of the list signed it. A key counts once, however often it appears.
    pub(crate) fn signers(&self, keys: &[VerifyingKey]) -> usize {
        let mut distinct = keys.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        distinct.iter().filter(|key| self.is_signed_by(key)).count()
    }

    /// The document with one proven signature per key of the list, and no other. A signature nobody could check yet must
    /// not be kept: it would count as checked as soon as its key came into force.
    pub(crate) fn proven_by(&self, keys: &[VerifyingKey]) -> Self
    where
        T: Clone,
    {
        let mut proven = Self { value: self.value.clone(), bytes: self.bytes.clone(), signatures: Vec::new() };
        for key in keys {
            let (id, suite) = (key.id(), key.suite());
            let by_key = |s: &&KeySignature| s.key == id && suite.verify(key, T::SIGNED_AS, &self.bytes, &s.signature);
            if let Some(signature) = self.signatures.iter().find(by_key)
                && !proven.signatures.contains(signature)
            {
                proven.signatures.push(signature.clone());
            }
        }
        proven
    }

    pub(crate) fn names_any(&self, keys: &[VerifyingKey]) -> bool {
        keys.iter().any(|key| self.signatures.iter().any(|s| s.key == key.id()))
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.array(2).bytes(&self.bytes).array(self.signatures.len());
        for s in &self.signatures {
            writer.array(2).bytes(&s.key.0).bytes(&s.signature);
        }
    }

    pub(crate) fn read(d: &mut Decoder<'_>) -> Result<Self, Rejection> {
        wire::row(d, 2)?;
        let bytes = d.bytes()?.to_vec();
        let signatures = wire::list(d, MAX_SIGNATURES, |d| {
            wire::row(d, 2)?;
            Ok(KeySignature { key: KeyId(wire::fixed(d)?), signature: wire::fixed(d)? })
        })?;
        Ok(Self { value: T::decode(&bytes)?, bytes, signatures })
    }
}

pub(crate) fn verifying_key(d: &mut Decoder<'_>) -> Result<VerifyingKey, Rejection> {
    VerifyingKey::from_bytes(d.bytes()?).ok_or(Rejection::Malformed("签名公钥"))
}

pub(crate) fn sealing_key(d: &mut Decoder<'_>) -> Result<crate::keys::SealingKey, Rejection> {
    crate::keys::SealingKey::from_bytes(d.bytes()?).ok_or(Rejection::Malformed("加密公钥"))
}

/// The two keys of a device are of one suite.
pub(crate) fn one_suite(signing: &VerifyingKey, sealing: &crate::keys::SealingKey) -> Result<(), Rejection> {
    if signing.suite() == sealing.suite() { Ok(()) } else { Err(Rejection::Malformed("公钥的密码算法")) }
}
