//! The payload: zstd, then an envelope of the file's suite, an age v1 file or our own of SM2 and SM4. Opening is bounded
//! in every direction before any of the libraries sees a byte.
//!
//! Both envelopes draw their keys from the operating system; the payload of a bundle is therefore the one part of it
//! that cannot be reproduced from a seed.

mod age_file;
pub(crate) mod sm_envelope;

pub(crate) use age_file::most_len;

use std::io::Read;

use crate::keys::{DecryptionKey, SealingKey};
use crate::rejection::Rejection;
use crate::suite::Suite;

/// Most bytes a payload may inflate to: it is held in memory whole, on PCs that have four GiB.
pub const MAX_PLAIN: u64 = 1 << 30;
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
    /// More than 1 GiB.
    #[error("内容超过1GB，没有生成文件，请分成几份导出。")]
    TooLarge,
    /// A recipient's key is of another suite than the sender's.
    #[error("收件单位与本机使用的密码算法不同，没有生成文件，请核对收件单位。")]
    Suites,
    /// The operating system gave no random numbers.
    #[error("操作系统没有给出随机数，没有生成文件，请重启电脑后再试。")]
    Randomness,
    /// Compression or encryption failed, which only lack of memory can explain.
    #[error("内存不足，没有生成文件，请关闭其他程序后再试。")]
    Library,
}

/// Compresses and encrypts; what would be compressed to fewer bytes than `least` is not compressed.
pub(crate) fn seal(suite: Suite, plain: &[u8], recipients: &[SealingKey], least: usize) -> Result<Vec<u8>, SealError> {
    let mut distinct = recipients.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS || distinct.len() != recipients.len() {
        return Err(SealError::Recipients);
    }
    if recipients.iter().any(|key| key.suite() != suite) {
        return Err(SealError::Suites);
    }
    if plain.len() as u64 > MAX_PLAIN {
        return Err(SealError::TooLarge);
    }
    let mut compressed = zstd::bulk::compress(plain, LEVEL).map_err(|_| SealError::Library)?;
    if within_ratio(plain.len() as u64, compressed.len() as u64).is_err() || compressed.len() < least {
        compressed = store(plain);
    }
    close(suite, &compressed, recipients)
}

/// Puts what is already compressed into the suite's envelope.
pub(crate) fn close(suite: Suite, compressed: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
    match suite {
        Suite::One => age_file::close(compressed, recipients),
        Suite::Two => sm_envelope::close(compressed, recipients),
    }
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
        return Err(Rejection::TooLarge("解开后超过1GB"));
    }
    if plain_len > RATIO_FREE && plain_len / MAX_RATIO > payload_len {
        return Err(Rejection::TooLarge("压缩比异常"));
    }
    Ok(())
}

/// Decrypts and inflates to exactly `plain_len` bytes. Nothing is inflated before the last byte was authenticated.
pub(crate) fn open(
    suite: Suite,
    payload: &[u8],
    recipients: usize,
    plain_len: u64,
    key: &DecryptionKey,
) -> Result<Vec<u8>, Rejection> {
    within_ratio(plain_len, payload.len() as u64)?;
    inflate(&decrypt(suite, payload, recipients, key)?, plain_len)
}

/// Takes what is compressed out of the suite's envelope.
pub(crate) fn decrypt(
    suite: Suite,
    payload: &[u8],
    recipients: usize,
    key: &DecryptionKey,
) -> Result<Vec<u8>, Rejection> {
    match suite {
        Suite::One => age_file::open(payload, recipients, key),
        Suite::Two => sm_envelope::open(payload, recipients, key),
    }
}

/// Inflates exactly one frame without dictionary, with a window of at most 8 MiB, to exactly `plain_len` bytes.
pub(crate) fn inflate(compressed: &[u8], plain_len: u64) -> Result<Vec<u8>, Rejection> {
    const FAULT: Rejection = Rejection::Malformed("压缩数据");
    if content_size(compressed) != Some(plain_len) {
        return Err(FAULT);
    }
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

/// The content size a frame's header announces (RFC 8878 §3.1.1.1), if it has one, no dictionary, and a window within
/// bounds.
pub(crate) fn content_size(frame: &[u8]) -> Option<u64> {
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
    (window <= 1 << MAX_WINDOW_LOG).then_some(size)
}

#[cfg(test)]
mod tests;
