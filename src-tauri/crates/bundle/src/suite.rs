//! The set of algorithms a file names by number. Suite 1 is Ed25519 (strict), age v1 with X25519, SHA-256 and zstd.
//! Suite 2 (SM2, SM4-GCM, SM3, zstd) takes its place here; no field of any file changes for it.

use sha2::{Digest, Sha256};

use crate::keys::{DecryptionKey, SealingKey, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::seal::{self, SealError};

/// Algorithms by suite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Ed25519, age v1 (X25519, ChaCha20-Poly1305 STREAM), SHA-256, zstd.
    One,
}

impl Suite {
    /// The suite a file names; an unknown number needs a newer app.
    pub(crate) const fn from_number(number: u16) -> Result<Self, Rejection> {
        match number {
            1 => Ok(Self::One),
            _ => Err(Rejection::NeedsNewerApp),
        }
    }

    /// Its number in files.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::One => 1,
        }
    }

    /// Bytes of a signature.
    pub(crate) const fn signature_length(self) -> usize {
        match self {
            Self::One => 64,
        }
    }

    pub(crate) fn hash(self, bytes: &[u8]) -> [u8; 32] {
        match self {
            Self::One => Sha256::digest(bytes).into(),
        }
    }

    /// Signs `prefix ‖ bytes`; the prefix keeps a signature for one purpose from serving another.
    pub(crate) fn sign(self, key: &SigningKey, prefix: &[u8], bytes: &[u8]) -> [u8; 64] {
        match self {
            Self::One => key.sign(&[prefix, bytes].concat()),
        }
    }

    pub(crate) fn verify(self, key: &VerifyingKey, prefix: &[u8], bytes: &[u8], signature: &[u8; 64]) -> bool {
        match self {
            Self::One => key.verifies(&[prefix, bytes].concat(), signature),
        }
    }

    /// Compresses, then encrypts to every recipient.
    pub(crate) fn seal(self, plain: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
        match self {
            Self::One => seal::seal(plain, recipients),
        }
    }

    /// Decrypts and inflates to exactly `plain_len` bytes.
    pub(crate) fn open(
        self,
        payload: &[u8],
        recipients: usize,
        plain_len: u64,
        key: &DecryptionKey,
    ) -> Result<Vec<u8>, Rejection> {
        match self {
            Self::One => seal::open(payload, recipients, plain_len, key),
        }
    }
}
