//! Keys that open what was sealed to them: X25519 (age) in suite 1, SM2 in suite 2.

use std::fmt;

use zeroize::Zeroizing;

use super::KeyId;
use super::sm2::{self, Point};
use crate::bech32;
use crate::suite::Suite;

/// Public half of a decryption key: X25519, never of small order, because sealing to such a point would protect
/// nothing; or a point of SM2's curve, which has no points of small order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealingKey(Public);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Public {
    X25519([u8; 32]),
    Sm2(Point),
}

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
    /// The key with these bytes (32 of suite 1, 65 of suite 2), unless they are a point of small order or none at all.
    #[must_use]
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Option<Self> {
        let bytes = bytes.as_ref();
        if let Ok(bytes) = <[u8; 32]>::try_from(bytes) {
            let mut canonical = bytes;
            canonical[31] &= 0x7f;
            return (!SMALL_ORDER.contains(&canonical)).then_some(Self(Public::X25519(bytes)));
        }
        Point::from_bytes(bytes).map(|point| Self(Public::Sm2(point)))
    }

    /// The bytes as they stand in certificates: 32 in suite 1, 65 in suite 2.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Public::X25519(bytes) => bytes,
            Public::Sm2(point) => point.as_bytes(),
        }
    }

    /// The suite of what is sealed to this key.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        match self.0 {
            Public::X25519(_) => Suite::One,
            Public::Sm2(_) => Suite::Two,
        }
    }

    /// The short name, as recipients are listed in a bundle's header.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(self.suite(), self.as_bytes())
    }

    /// The key as age takes it; `None` for a key of suite 2.
    pub(crate) fn age_recipient(&self) -> Option<age::x25519::Recipient> {
        match &self.0 {
            Public::X25519(bytes) => bech32::encode("age", bytes).parse().ok(),
            Public::Sm2(_) => None,
        }
    }

    /// The key as SM2 takes it; `None` for a key of suite 1.
    pub(crate) const fn sm2_point(&self) -> Option<&Point> {
        match &self.0 {
            Public::X25519(_) => None,
            Public::Sm2(point) => Some(point),
        }
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.id())
    }
}

/// Secret key that opens what was sealed to its public half.
pub struct DecryptionKey {
    secret: Secret,
    public: SealingKey,
}

enum Secret {
    X25519 { seed: Zeroizing<[u8; 32]>, identity: age::x25519::Identity },
    Sm2(sm2::Secret),
}

impl DecryptionKey {
    /// The suite 1 key made of 32 random bytes. `None` only if age refuses its own spelling of them.
    /// [`Suite::decryption_key`] makes one of either suite.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let text = Zeroizing::new(bech32::encode("age-secret-key-", seed).to_ascii_uppercase());
        let identity: age::x25519::Identity = text.parse().ok()?;
        let public = SealingKey::from_bytes(bech32::decode("age", &identity.to_public().to_string())?)?;
        Some(Self { secret: Secret::X25519 { seed: Zeroizing::new(*seed), identity }, public })
    }

    pub(crate) fn of_suite(suite: Suite, seed: &[u8; 32]) -> Option<Self> {
        match suite {
            Suite::One => Self::from_seed(seed),
            Suite::Two => {
                let secret = sm2::Secret::from_seed(seed)?;
                let public = SealingKey(Public::Sm2(secret.public()));
                Some(Self { secret: Secret::Sm2(secret), public })
            }
        }
    }

    /// The 32 bytes to keep in the key store, with the suite; wiped when dropped.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        match &self.secret {
            Secret::X25519 { seed, .. } => seed.clone(),
            Secret::Sm2(secret) => secret.seed(),
        }
    }

    /// The suite of what this key opens.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.public.suite()
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

    /// The key as age takes it; `None` for a key of suite 2.
    pub(crate) const fn age_identity(&self) -> Option<&age::x25519::Identity> {
        match &self.secret {
            Secret::X25519 { identity, .. } => Some(identity),
            Secret::Sm2(_) => None,
        }
    }

    /// The key as SM2 takes it; `None` for a key of suite 1.
    pub(crate) const fn sm2_secret(&self) -> Option<&sm2::Secret> {
        match &self.secret {
            Secret::X25519 { .. } => None,
            Secret::Sm2(secret) => Some(secret),
        }
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
    }

    #[test]
    fn a_key_survives_the_key_store_and_never_shows_its_secret() {
        for suite in [Suite::One, Suite::Two] {
            let key = suite.decryption_key(&[0xcd; 32]).unwrap();
            assert_eq!((key.suite(), key.public().suite()), (suite, suite));
            assert_eq!(suite.decryption_key(&key.seed()).unwrap().public(), key.public());
            assert_eq!(SealingKey::from_bytes(key.public().as_bytes()), Some(key.public()));
            assert!(!format!("{key:?}").to_lowercase().contains("cdcd"));
        }
    }
}
