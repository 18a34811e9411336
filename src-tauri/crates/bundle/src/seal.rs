//! The payload: zstd, then one age v1 file (<https://c2sp.org/age>). Opening is bounded in every direction before any
//! of the libraries sees a byte.
//!
//! age draws its file key, its ephemeral keys and a meaningless "grease" stanza from the operating system itself; the
//! payload of a bundle is therefore the one part of it that cannot be reproduced from a seed.

use std::io::{Read, Write};

use crate::keys::{DecryptionKey, SealingKey};
use crate::rejection::Rejection;

/// Most bytes a payload may inflate to.
pub const MAX_PLAIN: u64 = 4 << 30;
/// Most recipients of one file.
pub const MAX_RECIPIENTS: usize = 64;
/// Most plain bytes per payload byte, once the plain text exceeds [`RATIO_FREE`].
const MAX_RATIO: u64 = 200;
/// Plain text up to here may be of any ratio.
const RATIO_FREE: u64 = 1 << 20;
/// Largest window a decoder must hold: 8 MiB.
const MAX_WINDOW_LOG: u32 = 23;
const LEVEL: i32 = 9;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Largest block of a zstd frame (RFC 8878 §3.1.1.2.4).
const BLOCK: usize = 128 << 10;

/// Why a payload could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Nobody to seal to, more than 64, or one of them twice.
    #[error("收件人须为1至64个且不重复，没有生成文件，请检查收件单位。")]
    Recipients,
    /// More than 4 GiB.
    #[error("内容超过4GB，没有生成文件，请分成几份导出。")]
    TooLarge,
    /// Compression or encryption failed, which only lack of memory can explain.
    #[error("内存不足，没有生成文件，请关闭其他程序后再试。")]
    Library,
}

/// Compresses and encrypts.
pub(crate) fn seal(plain: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
    let mut distinct = recipients.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS || distinct.len() != recipients.len() {
        return Err(SealError::Recipients);
    }
    if plain.len() as u64 > MAX_PLAIN {
        return Err(SealError::TooLarge);
    }
    let keys = recipients.iter().map(SealingKey::recipient).collect::<Option<Vec<_>>>().ok_or(SealError::Recipients)?;
    let mut compressed = zstd::bulk::compress(plain, LEVEL).map_err(|_| SealError::Library)?;
    if within_ratio(plain.len() as u64, compressed.len() as u64).is_err() {
        compressed = store(plain);
    }
    let encryptor = age::Encryptor::with_recipients(keys.iter().map(|k| k as &dyn age::Recipient))
        .map_err(|_| SealError::Recipients)?;
    let mut writer = encryptor.wrap_output(Vec::new()).map_err(|_| SealError::Library)?;
    writer.write_all(&compressed).map_err(|_| SealError::Library)?;
    writer.finish().map_err(|_| SealError::Library)
}

/// A zstd frame of raw blocks: what a reader's ratio limit would refuse is written uncompressed instead.
fn store(plain: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(plain.len() + plain.len() / BLOCK * 3 + 32);
    frame.extend_from_slice(&ZSTD_MAGIC);
    frame.push(0b1100_0000); // 8-byte content size; window follows; no checksum, no dictionary
    frame.push(7 << 3); // window 2^(10+7) = one block
    frame.extend_from_slice(&(plain.len() as u64).to_le_bytes());
    let mut blocks = plain.chunks(BLOCK).peekable();
    while let Some(block) = blocks.next() {
        let header = (block.len() as u32) << 3 | u32::from(blocks.peek().is_none());
        frame.extend(header.to_le_bytes().into_iter().take(3));
        frame.extend_from_slice(block);
    }
    frame
}

/// Checks the announced sizes against the limits, before anything is allocated.
pub(crate) fn within_ratio(plain_len: u64, payload_len: u64) -> Result<(), Rejection> {
    if plain_len > MAX_PLAIN {
        return Err(Rejection::TooLarge("解压后超过4GB"));
    }
    if plain_len > RATIO_FREE && plain_len / MAX_RATIO > payload_len {
        return Err(Rejection::TooLarge("压缩比异常"));
    }
    Ok(())
}

/// Decrypts and inflates to exactly `plain_len` bytes.
pub(crate) fn open(
    payload: &[u8],
    recipients: usize,
    plain_len: u64,
    key: &DecryptionKey,
) -> Result<Vec<u8>, Rejection> {
    within_ratio(plain_len, payload.len() as u64)?;
    check_stanzas(payload, recipients)?;
    let decryptor = age::Decryptor::new_buffered(payload).map_err(|_| Rejection::Damaged("密封信封"))?;
    let mut reader = decryptor.decrypt(std::iter::once(key.identity() as &dyn age::Identity)).map_err(|e| match e {
        age::DecryptError::NoMatchingKeys => Rejection::NotForUs,
        _ => Rejection::Damaged("密封信封"),
    })?;
    let mut compressed = Vec::with_capacity(payload.len());
    // The end of the stream proves that no chunk is missing; nothing is used before it was reached.
    reader.read_to_end(&mut compressed).map_err(|_| Rejection::Damaged("密文"))?;
    inflate(&compressed, plain_len)
}

/// Looks at age's text header ourselves: exactly one X25519 stanza per recipient and at most one grease stanza, so that
/// neither a password stanza (scrypt, made to be slow) nor a flood of stanzas reaches the library.
fn check_stanzas(payload: &[u8], recipients: usize) -> Result<(), Rejection> {
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

/// Inflates exactly one frame without dictionary, with a window of at most 8 MiB, to exactly `plain_len` bytes.
fn inflate(compressed: &[u8], plain_len: u64) -> Result<Vec<u8>, Rejection> {
    const FAULT: Rejection = Rejection::Malformed("压缩数据");
    check_frame(compressed, plain_len).ok_or(FAULT)?;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(compressed).map_err(|_| FAULT)?.single_frame();
    decoder.window_log_max(MAX_WINDOW_LOG).map_err(|_| FAULT)?;
    // Grows with what really comes out: an untrue length costs the sender, not us.
    let mut plain = Vec::new();
    decoder.by_ref().take(plain_len + 1).read_to_end(&mut plain).map_err(|_| FAULT)?;
    if plain.len() as u64 != plain_len || !decoder.finish().is_empty() {
        return Err(FAULT);
    }
    Ok(plain)
}

/// The frame header (RFC 8878 §3.1.1.1): no dictionary, the announced content size, a window within bounds.
fn check_frame(frame: &[u8], plain_len: u64) -> Option<()> {
    let rest = frame.strip_prefix(ZSTD_MAGIC.as_slice())?;
    let (&descriptor, mut rest) = rest.split_first()?;
    let single_segment = descriptor & 0x20 != 0;
    if descriptor & 0x1b != 0 {
        return None; // dictionary id, reserved or unused bit
    }
    let mut window = 0;
    if !single_segment {
        let (&byte, after) = rest.split_first()?;
        let base = 1u64 << (10 + (byte >> 3));
        window = base + base / 8 * u64::from(byte & 7);
        rest = after;
    }
    let (width, offset) = match descriptor >> 6 {
        0 if single_segment => (1, 0),
        1 => (2, 256),
        2 => (4, 0),
        3 => (8, 0),
        _ => return None,
    };
    let size = rest.get(..width)?.iter().rev().fold(0u64, |sum, b| (sum << 8) | u64::from(*b)).checked_add(offset)?;
    if single_segment {
        window = size;
    }
    (size == plain_len && window <= 1 << MAX_WINDOW_LOG).then_some(())
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
