//! SM2 (GB/T 32918-2016, GM/T 0003-2012) as suite 2 uses it: the recommended curve, signatures with the default user
//! id, public-key encryption in the order C1 ‖ C3 ‖ C2. All arithmetic is the `sm2` crate's.
//!
//! That crate is written to run in constant time but has not been audited, and its own key types do not wipe
//! themselves. Secrets are therefore kept here as bytes that do, and turned into such a type for one operation at a time.

use sm2::dsa::signature::{Signer, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::common::getrandom::SysRng;
use sm2::elliptic_curve::rand_core::TryRng;
use sm2::pke::{DecryptingKey, EncryptingKey};
use sm2::{PublicKey, Scalar, SecretKey};
use zeroize::Zeroizing;

/// The default user id of GM/T 0009-2012 §10, hashed into every signature by way of ZA.
const USER_ID: &str = "1234567812345678";
/// Bytes of an uncompressed point.
pub(crate) const POINT: usize = 65;
/// First byte of an uncompressed point. Compressed and hybrid spellings are refused, so that a key has one name and a
/// ciphertext one form.
const UNCOMPRESSED: u8 = 4;
/// Bytes that encryption adds: the ephemeral point C1 and the SM3 hash C3.
pub(crate) const OVERHEAD: usize = POINT + 32;

/// A point of the curve other than infinity, as `04 ‖ x ‖ y`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Point([u8; POINT]);

impl Point {
    /// `None` unless they are 65 bytes, which only the uncompressed spelling has, of a point on the curve.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let point = Self(bytes.try_into().ok()?);
        point.key().map(|_| point)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn key(&self) -> Option<PublicKey> {
        PublicKey::from_sec1_bytes(&self.0).ok()
    }
}

/// A secret number in [1, n-2] (GB/T 32918.1 §6.1), big-endian; wiped when dropped.
pub(crate) struct Secret {
    bytes: Zeroizing<[u8; 32]>,
    public: Point,
}

impl Secret {
    /// `None` for the one seed in 2^32 that is outside the range; the caller then draws another.
    pub(crate) fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let key = SecretKey::from_slice(seed).ok()?;
        let scalar = Zeroizing::new(*key.to_nonzero_scalar());
        // n-1 is a number but no key: signing divides by 1+d.
        if bool::from((*scalar + Scalar::ONE).is_zero()) {
            return None;
        }
        let public = Point::from_bytes(&key.public_key().to_sec1_bytes())?;
        Some(Self { bytes: Zeroizing::new(*seed), public })
    }

    pub(crate) fn seed(&self) -> Zeroizing<[u8; 32]> {
        self.bytes.clone()
    }

    pub(crate) const fn public(&self) -> Point {
        self.public
    }

    fn key(&self) -> Option<SecretKey> {
        SecretKey::from_slice(self.bytes.as_slice()).ok()
    }
}

/// r ‖ s over SM3(ZA ‖ message). The number k is derived by RFC 6979 with SM3, so that no bad day of a random generator
/// can give the key away. The standard's "start again with another k" has a probability near 2^-255 and is not
/// implemented by the crate; should it ever come, zeros are returned, which verify under no key.
pub(crate) fn sign(secret: &Secret, message: &[u8]) -> [u8; 64] {
    let signature = secret.key().and_then(|key| SigningKey::new(USER_ID, &key).ok()?.try_sign(message).ok());
    signature.map_or([0; 64], |signature: Signature| signature.to_bytes().into())
}

/// Whether r ‖ s is the signature over `message` by the owner of `point`; r and s lie in [1, n-1].
pub(crate) fn verify(point: &Point, message: &[u8], signature: &[u8; 64]) -> bool {
    let key = point.key().and_then(|key| VerifyingKey::new(USER_ID, key).ok());
    let signature = Signature::from_slice(signature).ok();
    key.zip(signature).is_some_and(|(key, signature)| key.verify(message, &signature).is_ok())
}

/// C1 ‖ C3 ‖ C2: the message and [`OVERHEAD`] bytes more. `None` when the operating system gives no random numbers or
/// the message is empty.
pub(crate) fn encrypt(point: &Point, message: &[u8]) -> Option<Vec<u8>> {
    EncryptingKey::new(point.key()?).encrypt(&mut SysRng, message).ok()
}

/// The message, if it was encrypted to this key and its hash C3 is right.
pub(crate) fn decrypt(secret: &Secret, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if ciphertext.first() != Some(&UNCOMPRESSED) {
        return None;
    }
    DecryptingKey::new(secret.key()?).decrypt(ciphertext).ok().map(Zeroizing::new)
}

/// Fills `bytes` from the operating system; `None` when it refuses.
pub(crate) fn random(bytes: &mut [u8]) -> Option<()> {
    SysRng.try_fill_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order n of the group (GB/T 32918.5-2017 §2), minus `less`.
    fn order_minus(less: u8) -> [u8; 32] {
        let mut bytes = [0xff; 32];
        bytes[3] = 0xfe;
        bytes[16..].copy_from_slice(&[
            0x72, 0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x23,
        ]);
        bytes[31] -= less;
        bytes
    }

    #[test]
    fn secrets_lie_between_1_and_n_minus_2() {
        let mut one = [0; 32];
        one[31] = 1;
        for (seed, good) in [
            ([0; 32], false),
            (one, true),
            (order_minus(2), true),
            (order_minus(1), false),
            (order_minus(0), false),
            ([0xff; 32], false),
        ] {
            assert_eq!(Secret::from_seed(&seed).is_some(), good, "{seed:02x?}");
        }
        let largest = Secret::from_seed(&order_minus(2)).unwrap();
        assert!(verify(&largest.public(), b"m", &sign(&largest, b"m")));
    }

    #[test]
    fn only_the_uncompressed_spelling_of_a_point_is_a_key() {
        let point = Secret::from_seed(&[7; 32]).unwrap().public();
        assert_eq!(Point::from_bytes(point.as_bytes()).map(|p| p.0), Some(point.0));
        let compressed = [&[2 | (point.0[64] & 1)], &point.0[1..33]].concat();
        assert!(PublicKey::from_sec1_bytes(&compressed).is_ok());
        assert!(Point::from_bytes(&compressed).is_none());
        let mut hybrid = point.0;
        hybrid[0] = 6 | (point.0[64] & 1);
        assert!(Point::from_bytes(&hybrid).is_none());
        assert!(Point::from_bytes(&[0]).is_none() && Point::from_bytes(&[0; POINT]).is_none());
    }

    #[test]
    fn numbers_outside_the_range_are_no_signature() {
        let secret = Secret::from_seed(&[7; 32]).unwrap();
        let good = sign(&secret, b"m");
        assert!(verify(&secret.public(), b"m", &good));
        assert!(!verify(&secret.public(), b"n", &good));
        for (at, number) in [(0, [0; 32]), (32, [0; 32]), (0, order_minus(0)), (32, order_minus(0)), (0, [0xff; 32])] {
            let mut bad = good;
            bad[at..at + 32].copy_from_slice(&number);
            assert!(!verify(&secret.public(), b"m", &bad));
        }
        assert!(!verify(&secret.public(), b"m", &[0; 64]));
    }

    #[test]
    fn a_changed_cut_or_respelled_ciphertext_is_noticed() {
        let secret = Secret::from_seed(&[7; 32]).unwrap();
        let ciphertext = encrypt(&secret.public(), &[0x5a; 16]).unwrap();
        assert_eq!(ciphertext.len(), OVERHEAD + 16);
        assert_eq!(decrypt(&secret, &ciphertext).unwrap().as_slice(), [0x5a; 16]);
        let mut bad = ciphertext.clone();
        for bit in 0..ciphertext.len() * 8 {
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(decrypt(&secret, &bad).is_none(), "bit {bit}");
            bad[bit / 8] = ciphertext[bit / 8];
        }
        for cut in 0..ciphertext.len() {
            assert!(decrypt(&secret, &ciphertext[..cut]).is_none(), "cut at {cut}");
        }
        assert!(decrypt(&Secret::from_seed(&[8; 32]).unwrap(), &ciphertext).is_none());
        let compressed = [&[2 | (ciphertext[64] & 1)], &ciphertext[1..33], &ciphertext[POINT..]].concat();
        assert!(DecryptingKey::new(secret.key().unwrap()).decrypt(&compressed).is_ok());
        assert!(decrypt(&secret, &compressed).is_none());
    }
}
