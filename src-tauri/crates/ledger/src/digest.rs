//! Additive set digest of the live state: order-free, incrementally maintained, for finding bugs and bit rot.
//! Authenticity comes from the chain, never from this sum.

use mingbai_domain::{FieldId, RecordId, Value};
use sha2::{Digest, Sha256};

use crate::cbor::Writer;
use crate::op::encode_value;

/// `Σ SHA-256(type ‖ record ‖ field ‖ dot ‖ value) mod 2²⁵⁶`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetDigest([u64; 4]);

impl SetDigest {
    /// The digest whose bytes these are.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut limbs = [0; 4];
        for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
            *limb = chunk.iter().fold(0, |sum, b| (sum << 8) | u64::from(*b));
        }
        Self(limbs)
    }

    /// 32 bytes, big-endian limbs, least significant limb first.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (chunk, limb) in bytes.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&limb.to_be_bytes());
        }
        bytes
    }

    /// Adds one live value.
    pub fn add(&mut self, element: &[u8; 32]) {
        let mut carry = false;
        for (limb, other) in self.0.iter_mut().zip(Self::from_bytes(*element).0) {
            let (sum, first) = limb.overflowing_add(other);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = first || second;
        }
    }

    /// Takes one value out again.
    pub fn remove(&mut self, element: &[u8; 32]) {
        let mut borrow = false;
        for (limb, other) in self.0.iter_mut().zip(Self::from_bytes(*element).0) {
            let (difference, first) = limb.overflowing_sub(other);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            *limb = difference;
            borrow = first || second;
        }
    }
}

/// The element of one live value: `dot` is the entry hash and the index of the write in it.
#[must_use]
pub fn element(record_type: u16, record: &RecordId, field: FieldId, dot: (&[u8], u32), value: &Value) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(record_type.to_be_bytes());
    hasher.update(record.as_bytes());
    hasher.update(field.to_be_bytes());
    hasher.update(dot.0);
    hasher.update(dot.1.to_be_bytes());
    let mut writer = Writer::new();
    encode_value(&mut writer, value);
    hasher.update(writer.finish());
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::SetDigest;

    #[test]
    fn the_digest_forgets_order_and_what_was_taken_out() {
        let (a, b, c) = ([0xff; 32], [0x80; 32], [3; 32]);
        let mut one = SetDigest::default();
        let mut two = SetDigest::default();
        [a, b, c].iter().for_each(|x| one.add(x));
        [c, a].iter().for_each(|x| two.add(x));
        assert_ne!(one, two);
        one.remove(&b);
        assert_eq!(one, two);
        assert_eq!(SetDigest::from_bytes(one.to_bytes()), one);
    }

    #[test]
    fn a_value_counted_twice_does_not_cancel_out() {
        let mut twice = SetDigest::default();
        twice.add(&[9; 32]);
        twice.add(&[9; 32]);
        assert_ne!(twice, SetDigest::default());
    }
}
