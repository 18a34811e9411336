//! Keys that sign: Ed25519 in suite 1, SM2 in suite 2.

use std::fmt;

use ed25519_dalek::Signer;
use zeroize::Zeroizing;

use super::KeyId;
use super::sm2::{self, Point};
use crate::suite::Suite;

/// Public half of a signing key: Ed25519 (RFC 8032), never a weak (small-order) one, or a point of SM2's curve.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyingKey(Public);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Public {
    Ed25519([u8; 32]),
    Sm2(Point),
}

impl VerifyingKey {
    /// The key with these bytes (32 of suite 1, 65 of suite 2), unless they are no point of the curve or a weak one.
    #[must_use]
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Option<Self> {
        let bytes = bytes.as_ref();
        if let Ok(bytes) = <[u8; 32]>::try_from(bytes) {
            let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok()?;
            return (!key.is_weak()).then_some(Self(Public::Ed25519(bytes)));
        }
        Point::from_bytes(bytes).map(|point| Self(Public::Sm2(point)))
    }

    /// The bytes as they stand in certificates: 32 in suite 1, 65 in suite 2.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Public::Ed25519(bytes) => bytes,
            Public::Sm2(point) => point.as_bytes(),
        }
    }

    /// The suite this key signs in.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        match self.0 {
            Public::Ed25519(_) => Suite::One,
            Public::Sm2(_) => Suite::Two,
        }
    }

    /// The 32 bytes by which the genesis of a log names this key: the key itself in suite 1, the SM3 hash of it in
    /// suite 2, whose keys are longer than the field.
    #[must_use]
    pub fn log_key(&self) -> [u8; 32] {
        match &self.0 {
            Public::Ed25519(bytes) => *bytes,
            Public::Sm2(point) => Suite::Two.hash(point.as_bytes()),
        }
    }

    /// The short name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(self.suite(), self.as_bytes())
    }

    /// Whether `signature` is this key's over `message`. Strict: in suite 1 weak keys and malleable signatures are
    /// refused, which plain Ed25519 verification accepts (eprint 2019/526 §7.1).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match &self.0 {
            Public::Ed25519(bytes) => {
                let signature = ed25519_dalek::Signature::from_bytes(signature);
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes);
                key.is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
            }
            Public::Sm2(point) => sm2::verify(point, message, signature),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.id())
    }
}

/// Secret signing key of a device, an ops desk or a root holder.
pub struct SigningKey(Secret);

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    Sm2(sm2::Secret),
}

impl SigningKey {
    /// The suite 1 key grown from 32 random bytes. [`Suite::signing_key`] grows one of either suite.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    pub(crate) fn of_suite(suite: Suite, seed: &[u8; 32]) -> Option<Self> {
        match suite {
            Suite::One => Some(Self::from_seed(seed)),
            Suite::Two => sm2::Secret::from_seed(seed).map(|secret| Self(Secret::Sm2(secret))),
        }
    }

    /// The 32 bytes to keep in the key store, with the suite; wiped when dropped.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        match &self.0 {
            Secret::Ed25519(key) => Zeroizing::new(key.to_bytes()),
            Secret::Sm2(secret) => secret.seed(),
        }
    }

    /// The suite this key signs in.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        match self.0 {
            Secret::Ed25519(_) => Suite::One,
            Secret::Sm2(_) => Suite::Two,
        }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        VerifyingKey(match &self.0 {
            Secret::Ed25519(key) => Public::Ed25519(key.verifying_key().to_bytes()),
            Secret::Sm2(secret) => Public::Sm2(secret.public()),
        })
    }

    /// Short name of the public half.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.public().id()
    }

    /// Signs a message: R ‖ S of Ed25519, r ‖ s of SM2 over SM3(ZA ‖ message) with the default user id. Deterministic in
    /// both suites (RFC 8032; RFC 6979 with SM3).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        match &self.0 {
            Secret::Ed25519(key) => key.sign(message).to_bytes(),
            Secret::Sm2(secret) => sm2::sign(secret, message),
        }
    }

    /// Signs `prefix ‖ bytes`; the prefix keeps a signature for one purpose from serving another.
    pub(crate) fn sign_as(&self, prefix: &[u8], bytes: &[u8]) -> [u8; 64] {
        self.sign(&[prefix, bytes].concat())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_keys_and_points_off_the_curve_verify_nothing() {
        let bytes_of = |first| {
            let mut bytes = [0; 32];
            bytes[0] = first;
            bytes
        };
        // The neutral element of the Edwards curve, and no point at all.
        assert_eq!(VerifyingKey::from_bytes(bytes_of(1)), None);
        assert_eq!(VerifyingKey::from_bytes(bytes_of(2)), None);
        let point = Suite::Two.signing_key(&[7; 32]).unwrap().public();
        assert_eq!(VerifyingKey::from_bytes(point.as_bytes()), Some(point));
        for at in 1..65 {
            let mut off = point.as_bytes().to_vec();
            off[at] ^= 1;
            assert_eq!(VerifyingKey::from_bytes(&off), None, "byte {at}");
        }
    }

    #[test]
    fn a_key_survives_the_key_store_and_never_shows_its_secret() {
        for suite in [Suite::One, Suite::Two] {
            let key = suite.signing_key(&[0xab; 32]).unwrap();
            assert_eq!((key.suite(), key.public().suite()), (suite, suite));
            assert_eq!(suite.signing_key(&key.seed()).unwrap().public(), key.public());
            assert!(!format!("{key:?}").to_lowercase().contains("abab"));
        }
    }

    #[test]
    fn a_log_names_a_long_key_by_its_hash_and_a_short_one_by_itself() {
        let [one, two] = [Suite::One, Suite::Two].map(|suite| suite.signing_key(&[9; 32]).unwrap().public());
        assert_eq!(one.log_key(), one.as_bytes());
        assert_eq!(two.log_key(), Suite::Two.hash(two.as_bytes()));
        assert_eq!(two.log_key()[..8], two.id().0);
    }
}
