//! The set of algorithms a file names by number. A key belongs to one suite; a file is of the suite of the key that
//! signed it, and so are its recipients' keys. Suites never mix: what one verifies or opens, the other does not.
//!
//! The logs themselves (entries, genesis, the end section that hashes a payload) and the eight words people read to
//! each other are the same in both suites and use SHA-256.

use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::keys::{DecryptionKey, SealingKey, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::seal::{self, SealError};

/// Algorithms by suite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// Ed25519 (strict), age v1 (X25519, ChaCha20-Poly1305 STREAM), SHA-256, zstd. What new offices use.
    One,
    /// SM2 signatures and key wrapping (GB/T 32918), SM4-GCM STREAM (GB/T 32907, RFC 8998), SM3 (GB/T 32905), zstd.
    /// Interoperable with other implementations of these standards; not a certified cryptographic product.
    Two,
}

impl Suite {
    /// The suite a file names; an unknown number needs a newer app.
    pub(crate) const fn from_number(number: u16) -> Result<Self, Rejection> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            0 => Err(Rejection::Damaged("算法")),
            _ => Err(Rejection::NeedsNewerApp),
        }
    }

    /// Its number in files.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The signing key of this suite grown from 32 random bytes. `None` for the one seed in 2^32 that is no key of
    /// suite 2; draw another.
    #[must_use]
    pub fn signing_key(self, seed: &[u8; 32]) -> Option<SigningKey> {
        SigningKey::of_suite(self, seed)
    }

    /// The decryption key of this suite made of 32 random bytes. `None` as for [`Self::signing_key`].
    #[must_use]
    pub fn decryption_key(self, seed: &[u8; 32]) -> Option<DecryptionKey> {
        DecryptionKey::of_suite(self, seed)
    }

    /// Bytes of a signature: R ‖ S of Ed25519, r ‖ s of SM2.
    pub(crate) const fn signature_length(self) -> usize {
        match self {
            Self::One | Self::Two => 64,
        }
    }

    pub(crate) fn hash(self, bytes: &[u8]) -> [u8; 32] {
        match self {
            Self::One => Sha256::digest(bytes).into(),
            Self::Two => Sm3::digest(bytes).into(),
        }
    }

    /// Whether `key` signed `prefix ‖ bytes` in this suite. A key of the other suite has signed nothing here.
    pub(crate) fn verify(self, key: &VerifyingKey, prefix: &[u8], bytes: &[u8], signature: &[u8; 64]) -> bool {
        key.suite() == self && key.verifies(&[prefix, bytes].concat(), signature)
    }

    /// Compresses, then encrypts to every recipient.
    pub(crate) fn seal(self, plain: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
        seal::seal(self, plain, recipients, 0)
    }

    /// The same for so many entries that a reader believes them only of a payload of at least `least` bytes.
    pub(crate) fn seal_at_least(
        self,
        plain: &[u8],
        recipients: &[SealingKey],
        least: usize,
    ) -> Result<Vec<u8>, SealError> {
        seal::seal(self, plain, recipients, least)
    }

    /// Decrypts and inflates to exactly `plain_len` bytes.
    pub(crate) fn open(
        self,
        payload: &[u8],
        recipients: usize,
        plain_len: u64,
        key: &DecryptionKey,
    ) -> Result<Vec<u8>, Rejection> {
        seal::open(self, payload, recipients, plain_len, key)
    }
}
