//! Keys of a device and of the county. Secret halves are wiped from memory when dropped; every key is made from 32
//! random bytes the caller draws, so nothing here needs a source of randomness.

use std::fmt;

use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::bech32;

/// A short, pseudonymous name of a public key: the first 8 bytes of its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// The name of these public key bytes.
    #[must_use]
    pub fn of(public_key: &[u8]) -> Self {
        let digest: [u8; 32] = Sha256::digest(public_key).into();
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The county's identity in every file: 8 random bytes drawn when the county is set up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountyId(pub [u8; 8]);

impl fmt::Debug for CountyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// Public half of a signing key (Ed25519, RFC 8032). Never a weak (small-order) key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyingKey([u8; 32]);

impl VerifyingKey {
    /// The key with these bytes, unless they are no point of the curve or a weak one.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Option<Self> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok()?;
        (!key.is_weak()).then_some(Self(bytes))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The short name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.0)
    }

    /// Whether `signature` is this key's over `message`. Strict: weak keys and malleable signatures are refused, which
    /// plain Ed25519 verification accepts (eprint 2019/526 §7.1).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        ed25519_dalek::VerifyingKey::from_bytes(&self.0).is_ok_and(|k| k.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.id())
    }
}

/// Secret signing key of a device, an ops desk or a root holder.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key grown from 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The 32 bytes to keep in the key store; wiped when dropped.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key().to_bytes())
    }

    /// Short name of the public half.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.public().id()
    }

    /// Signs a message. Deterministic (RFC 8032).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id())
    }
}

/// Public half of a decryption key (X25519). Never of small order: sealing to such a point would protect nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealingKey([u8; 32]);

/// The u-coordinates of small order on Curve25519 and their other spellings below 2^255 (RFC 7748 §6.1).
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    bytes_of(1, 0, 0),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    bytes_of(0xec, 0xff, 0x7f),
    bytes_of(0xed, 0xff, 0x7f),
    bytes_of(0xee, 0xff, 0x7f),
];

const fn bytes_of(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

impl SealingKey {
    /// The key with these bytes, unless it is a point of small order.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Option<Self> {
        let mut canonical = bytes;
        canonical[31] &= 0x7f;
        (!SMALL_ORDER.contains(&canonical)).then_some(Self(bytes))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The short name, as recipients are listed in a bundle's header.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.0)
    }

    pub(crate) fn recipient(&self) -> Option<age::x25519::Recipient> {
        bech32::encode("age", &self.0).parse().ok()
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.id())
    }
}

/// Secret key that opens what was sealed to its public half.
pub struct DecryptionKey {
    secret: Zeroizing<[u8; 32]>,
    identity: age::x25519::Identity,
    public: SealingKey,
}

impl DecryptionKey {
    /// The key made of 32 random bytes. `None` only if age refuses its own spelling of them.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let text = Zeroizing::new(bech32::encode("age-secret-key-", seed).to_ascii_uppercase());
        let identity: age::x25519::Identity = text.parse().ok()?;
        let public = SealingKey::from_bytes(bech32::decode("age", &identity.to_public().to_string())?)?;
        Some(Self { secret: Zeroizing::new(*seed), identity, public })
    }

    /// The 32 bytes to keep in the key store; wiped when dropped.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        self.secret.clone()
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> SealingKey {
        self.public
    }

    /// Short name of the public half.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.public.id()
    }

    pub(crate) const fn identity(&self) -> &age::x25519::Identity {
        &self.identity
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecryptionKey({})", self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_small_order_are_no_keys() {
        for point in SMALL_ORDER {
            let mut other_spelling = point;
            other_spelling[31] |= 0x80;
            assert_eq!(SealingKey::from_bytes(point), None);
            assert_eq!(SealingKey::from_bytes(other_spelling), None);
        }
        assert!(DecryptionKey::from_seed(&[7; 32]).is_some());
        // The neutral element of the Edwards curve, and no point at all.
        assert_eq!(VerifyingKey::from_bytes(bytes_of(1, 0, 0)), None);
        assert_eq!(VerifyingKey::from_bytes(bytes_of(2, 0, 0)), None);
    }

    #[test]
    fn a_key_survives_the_key_store_and_never_shows_its_secret() {
        let signing = SigningKey::from_seed(&[0xab; 32]);
        assert_eq!(SigningKey::from_seed(&signing.seed()).public(), signing.public());
        let opening = DecryptionKey::from_seed(&[0xcd; 32]).unwrap();
        assert_eq!(DecryptionKey::from_seed(&opening.seed()).unwrap().public(), opening.public());
        assert!(!format!("{signing:?}{opening:?}").to_lowercase().contains("abab"));
        assert!(!format!("{opening:?}").contains("cdcd"));
    }
}
