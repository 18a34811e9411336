//! Keys of a device and of the county. Every key belongs to one suite and is good for that suite only; secret halves
//! are wiped from memory when dropped; every key is made from 32 random bytes the caller draws.
//!
//! A public key is written as its suite writes it, and the lengths tell the suites apart: 32 bytes are Ed25519 or X25519
//! (suite 1), 65 bytes `04 ‖ x ‖ y` a point of SM2's curve (suite 2, GB/T 32918.1 §4.2.9).

mod sealing;
mod signing;
pub(crate) mod sm2;

use std::fmt;

pub use sealing::{DecryptionKey, SealingKey};
pub use signing::{SigningKey, VerifyingKey};

use crate::suite::Suite;

/// A short, pseudonymous name of a public key: the first 8 bytes of its suite's hash of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// The name of these public key bytes.
    #[must_use]
    pub fn of(suite: Suite, public_key: &[u8]) -> Self {
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(suite.hash(public_key)) {
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
