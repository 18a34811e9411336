//! Sealing 32 secret bytes under a password or the recovery code.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use mingbai_ledger::{from_hex, to_hex};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::VaultError;

/// What one guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// 64 MiB, three passes: about a fifth of a second.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

/// A file that asks for more than this was made to keep the PC busy.
const MOST: Cost = Cost { memory_kib: 256 * 1024, passes: 16, lanes: 16 };

/// The printed code: 32 characters in groups of four, 160 random bits. Wiped when dropped.
#[derive(Debug)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// As printed: `XXXX-XXXX-…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wrapped {
    cost: Cost,
    salt: String,
    nonce: String,
    sealed: String,
}

/// In the place of a login: no operator can be called this.
pub(super) const RECOVERY: &str = "\u{0}recovery";
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn derive(secret: &[u8], salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| VaultError::Unreadable)?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, out.as_mut_slice())
        .map_err(|_| VaultError::Unreadable)?;
    Ok(out)
}

pub(super) fn wrap(
    key: &[u8; 32],
    who: &str,
    secret: &[u8],
    cost: Cost,
    random: &dyn Fn(&mut [u8]),
) -> Result<Wrapped, VaultError> {
    let (mut salt, mut nonce) = ([0; 16], [0; 12]);
    random(&mut salt);
    random(&mut nonce);
    let wrapping = derive(secret, &salt, cost)?;
    let sealed = ChaCha20Poly1305::new(Key::from_slice(wrapping.as_slice()))
        .encrypt(Nonce::from_slice(&nonce), Payload { msg: key, aad: who.as_bytes() })
        .map_err(|_| VaultError::Unreadable)?;
    Ok(Wrapped { cost, salt: to_hex(&salt), nonce: to_hex(&nonce), sealed: to_hex(&sealed) })
}

pub(super) fn unwrap(wrapped: &Wrapped, who: &str, secret: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let Cost { memory_kib, passes, lanes } = wrapped.cost;
    if memory_kib > MOST.memory_kib || passes > MOST.passes || lanes > MOST.lanes {
        return None;
    }
    let wrapping = derive(secret, &from_hex(&wrapped.salt)?, wrapped.cost).ok()?;
    let (nonce, sealed) = (from_hex(&wrapped.nonce)?, from_hex(&wrapped.sealed)?);
    let nonce: [u8; 12] = nonce.try_into().ok()?;
    let opened = ChaCha20Poly1305::new(Key::from_slice(wrapping.as_slice()))
        .decrypt(Nonce::from_slice(&nonce), Payload { msg: &sealed, aad: who.as_bytes() })
        .ok()?;
    Zeroizing::new(opened).as_slice().try_into().ok().map(Zeroizing::new)
}

pub(super) fn new_recovery(
    key: &[u8; 32],
    cost: Cost,
    random: &dyn Fn(&mut [u8]),
) -> Result<(RecoveryCode, Wrapped), VaultError> {
    let mut bits = Zeroizing::new([0_u8; 32]);
    random(bits.as_mut_slice());
    let mut printed = Zeroizing::new(String::with_capacity(39));
    for (place, byte) in bits.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            printed.push('-');
        }
        // 256 is a multiple of 32: every character is equally likely.
        printed.push(char::from(*ALPHABET.get(usize::from(byte & 31)).unwrap_or(&b'0')));
    }
    let wrapped = wrap(key, RECOVERY, plain_code(&printed).as_bytes(), cost, random)?;
    Ok((RecoveryCode(printed), wrapped))
}

/// The code without its spacing, with the letters people confuse put right.
pub(super) fn plain_code(code: &str) -> Zeroizing<String> {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    Zeroizing::new(plain.collect())
}
