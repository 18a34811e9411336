//! The envelope of suite 1: one age v1 file (<https://c2sp.org/age>). age draws its file key, its ephemeral keys and a
//! meaningless "grease" stanza itself.

use std::io::{Read, Write};

use super::SealError;
use crate::keys::{DecryptionKey, SealingKey};
use crate::rejection::Rejection;

pub(super) fn close(compressed: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
    let keys =
        recipients.iter().map(SealingKey::age_recipient).collect::<Option<Vec<_>>>().ok_or(SealError::Recipients)?;
    let encryptor = age::Encryptor::with_recipients(keys.iter().map(|k| k as &dyn age::Recipient))
        .map_err(|_| SealError::Recipients)?;
    let mut writer = encryptor.wrap_output(Vec::new()).map_err(|_| SealError::Library)?;
    writer.write_all(compressed).map_err(|_| SealError::Library)?;
    writer.finish().map_err(|_| SealError::Library)
}

pub(super) fn open(payload: &[u8], recipients: usize, key: &DecryptionKey) -> Result<Vec<u8>, Rejection> {
    let identity = key.age_identity().ok_or(Rejection::NotForUs)?;
    check_stanzas(payload, recipients)?;
    let decryptor = age::Decryptor::new_buffered(payload).map_err(|_| Rejection::Damaged("密封信封"))?;
    let mut reader = decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).map_err(|e| match e {
        age::DecryptError::NoMatchingKeys => Rejection::NotForUs,
        _ => Rejection::Damaged("密封信封"),
    })?;
    let mut compressed = Vec::with_capacity(payload.len());
    // The end of the stream proves that no chunk is missing; nothing is used before it was reached.
    reader.read_to_end(&mut compressed).map_err(|_| Rejection::Damaged("密文"))?;
    Ok(compressed)
}

/// Looks at age's text header ourselves: exactly one X25519 stanza per recipient and at most one grease stanza, so that
/// neither a password stanza (scrypt, made to be slow) nor a flood of stanzas reaches the library.
pub(super) fn check_stanzas(payload: &[u8], recipients: usize) -> Result<(), Rejection> {
    const FAULT: Rejection = Rejection::Malformed("收件人信封");
    let mut lines = payload.split(|b| *b == b'\n');
    if lines.next() != Some(b"age-encryption.org/v1".as_slice()) {
        return Err(FAULT);
    }
    let (mut sealed, mut grease, mut body_lines) = (0, 0, 0);
    for line in lines {
        if line.starts_with(b"--- ") {
            return if sealed == recipients { Ok(()) } else { Err(FAULT) };
        }
        if let Some(arguments) = line.strip_prefix(b"-> ".as_slice()) {
            let tag = arguments.split(|b| *b == b' ').next().unwrap_or_default();
            if tag == b"X25519" {
                sealed += 1;
            } else if tag.ends_with(b"-grease") {
                grease += 1;
            } else {
                return Err(FAULT);
            }
            body_lines = 0;
        } else {
            body_lines += 1;
        }
        // Grease is the longest: a tag and four arguments on one line, 100 bytes in three lines of Base64.
        if sealed > recipients || grease > 1 || body_lines > 3 || line.len() > 128 {
            return Err(FAULT);
        }
    }
    Err(FAULT)
}

/// The longest header of an age file for so many recipients: version line, stanzas, the stanza of random length by which
/// age keeps readers honest, MAC.
const fn longest_header(recipients: u64) -> u64 {
    500 + 110 * recipients
}

/// What a payload for so many recipients takes at most. Two files with the same content differ in the length of their
/// headers; who decides by size must not depend on that.
pub(crate) fn most_len(payload: &[u8], recipients: u64) -> u64 {
    let mac = payload.windows(5).position(|window| window == b"\n--- ");
    let end =
        mac.and_then(|at| payload.iter().skip(at + 5).position(|byte| *byte == b'\n').map(|more| at + 5 + more + 1));
    let header = end.unwrap_or_default() as u64;
    (payload.len() as u64).saturating_sub(header) + header.max(longest_header(recipients))
}
