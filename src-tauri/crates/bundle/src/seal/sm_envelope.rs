//! The envelope of suite 2: a random SM4 key, wrapped for every recipient with SM2, and the content under SM4-GCM
//! (GB/T 32907, RFC 8998) in the chunks of a STREAM (eprint 2015/189).
//!
//! ```text
//! 0   8     "mbx-sm/1"
//! 8   2     R recipients, u16 BE, 1..=64, as many as the file's header names
//! 10  121R  per recipient: sealing key id 8 ‖ SM2 ciphertext of the SM4 key: C1 04‖x‖y 65, C3 32, C2 16
//! ..  7     nonce prefix, random
//! ..        chunks: 65 536 bytes of content and a tag of 16; the last one 1 to 65 536 bytes and a tag
//! ```
//! A chunk's nonce is prefix ‖ u32 BE number from 0 ‖ last flag (1 in the last chunk, else 0), and everything before the
//! first chunk is its associated data: chunks cannot be reordered, dropped, cut off or put under another header.
//!
//! Like age, this authenticates nobody; the file's signature does. GCM does not commit to its key: a certified sender
//! could with effort make one file that two recipients read differently, which it could also do with two files.

use aead_stream::{DecryptorBE32, EncryptorBE32};
use aes_gcm::AesGcm;
use aes_gcm::aead::Payload;
use aes_gcm::aead::array::Array;
use aes_gcm::aead::consts::U12;
use sm4::Sm4;
use zeroize::Zeroizing;

use super::SealError;
use crate::keys::{DecryptionKey, KeyId, SealingKey, sm2};
use crate::rejection::Rejection;
use crate::wire::Fixed;

/// The crate names its generic GCM after AES; over SM4 it is the SM4-GCM of RFC 8998 (checked with its vector).
pub(super) type Sm4Gcm = AesGcm<Sm4, U12>;

const MAGIC: [u8; 8] = *b"mbx-sm/1";
const KEY: usize = 16;
const WRAPPED: usize = sm2::OVERHEAD + KEY;
const PREFIX: usize = 7;
const CHUNK: usize = 64 << 10;
const TAG: usize = 16;
const SEALED_CHUNK: usize = CHUNK + TAG;

pub(super) fn close(compressed: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
    let count = u16::try_from(recipients.len()).map_err(|_| SealError::Recipients)?;
    let mut key = Zeroizing::new([0; KEY]);
    sm2::random(key.as_mut_slice()).ok_or(SealError::Randomness)?;
    let mut file = Vec::with_capacity(compressed.len() + compressed.len() / CHUNK * TAG + 1024);
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&count.to_be_bytes());
    for recipient in recipients {
        let point = recipient.sm2_point().ok_or(SealError::Suites)?;
        file.extend_from_slice(&recipient.id().0);
        file.extend_from_slice(&sm2::encrypt(point, key.as_slice()).ok_or(SealError::Randomness)?);
    }
    let mut prefix = [0; PREFIX];
    sm2::random(&mut prefix).ok_or(SealError::Randomness)?;
    file.extend_from_slice(&prefix);

    let header = file.clone();
    let mut stream = EncryptorBE32::<Sm4Gcm>::new(&Array(*key), &Array(prefix));
    let (body, last) = compressed.split_at(last_chunk(compressed.len(), CHUNK));
    for chunk in body.chunks(CHUNK) {
        let sealed = stream.encrypt_next(Payload { msg: chunk, aad: &header }).map_err(|_| SealError::TooLarge)?;
        file.extend_from_slice(&sealed);
    }
    let sealed = stream.encrypt_last(Payload { msg: last, aad: &header }).map_err(|_| SealError::TooLarge)?;
    file.extend_from_slice(&sealed);
    Ok(file)
}

pub(crate) fn open(payload: &[u8], recipients: usize, key: &DecryptionKey) -> Result<Vec<u8>, Rejection> {
    const FAULT: Rejection = Rejection::Malformed("收件人信封");
    const DAMAGED: Rejection = Rejection::Damaged("密文");
    let secret = key.sm2_secret().ok_or(Rejection::NotForUs)?;
    let mut at = Fixed::new(payload);
    if at.bytes() != Some(MAGIC) || at.u16().map(usize::from) != Some(recipients) {
        return Err(FAULT);
    }
    // The count equals the header's, which is at most 64; only our own stanza costs a decryption.
    let mut ours = None;
    for _ in 0..recipients {
        let id = KeyId(at.bytes().ok_or(FAULT)?);
        let wrapped = at.slice(WRAPPED).ok_or(FAULT)?;
        if id == key.id() && ours.replace(wrapped).is_some() {
            return Err(FAULT);
        }
    }
    let prefix = at.bytes::<PREFIX>().ok_or(FAULT)?;
    let header = at.passed();
    let unwrapped = sm2::decrypt(secret, ours.ok_or(Rejection::NotForUs)?).ok_or(Rejection::Damaged("密封信封"))?;
    let key = Zeroizing::new(<[u8; KEY]>::try_from(unwrapped.as_slice()).map_err(|_| FAULT)?);

    let sealed = payload.get(header.len()..).ok_or(FAULT)?;
    let mut stream = DecryptorBE32::<Sm4Gcm>::new(&Array(*key), &Array(prefix));
    let (body, last) = sealed.split_at(last_chunk(sealed.len(), SEALED_CHUNK));
    // The writer never leaves the last chunk empty: the same content in two spellings would be one too many.
    if last.len() <= TAG {
        return Err(DAMAGED);
    }
    let mut compressed = Vec::with_capacity(sealed.len());
    for chunk in body.chunks(SEALED_CHUNK) {
        compressed.extend(stream.decrypt_next(Payload { msg: chunk, aad: header }).map_err(|_| DAMAGED)?);
    }
    compressed.extend(stream.decrypt_last(Payload { msg: last, aad: header }).map_err(|_| DAMAGED)?);
    Ok(compressed)
}

/// Where the last of the chunks begins: all before it are whole, it is whole or shorter.
const fn last_chunk(length: usize, chunk: usize) -> usize {
    length.saturating_sub(1) / chunk * chunk
}

#[cfg(test)]
#[path = "sm_envelope_tests.rs"]
mod tests;
