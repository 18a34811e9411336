//! The frame of small files that hold signed documents and no secret: magic, version, length, content, trailer. What is
//! inside proves itself; the frame only tells an incomplete copy from a whole file.

use mingbai_ledger::cbor::{self, Decoder};

use crate::container::{check_magic, check_version, cut_short, ends_with_trailer, put_trailer};
use crate::rejection::Rejection;
use crate::wire::Fixed;

const VERSION: u16 = 1;
/// Most bytes of such a file: the documents of the largest county take a hundredth of it.
const MAX_FILE: usize = 16 << 20;

/// The file of this kind with this content.
pub(super) fn wrap(magic: &[u8; 8], body: &[u8]) -> Vec<u8> {
    let mut file = magic.to_vec();
    file.extend_from_slice(&VERSION.to_be_bytes());
    file.extend_from_slice(&(body.len() as u32).to_be_bytes());
    file.extend_from_slice(body);
    put_trailer(&mut file);
    file
}

/// The content of a file of this kind.
pub(super) fn unwrap<'b>(magic: &[u8; 8], bytes: &'b [u8]) -> Result<&'b [u8], Rejection> {
    check_magic(bytes, magic)?;
    if bytes.len() > MAX_FILE {
        return Err(Rejection::TooLarge("信任文件"));
    }
    let short = || cut_short(bytes);
    let mut at = Fixed::new(bytes);
    at.slice(magic.len()).ok_or_else(short)?;
    check_version(at.u16().ok_or_else(short)?, VERSION)?;
    let length = usize::try_from(at.u32().ok_or_else(short)?).unwrap_or(usize::MAX);
    let body = at.slice(length).ok_or_else(short)?;
    at.slice(16).ok_or_else(short)?;
    if at.position() != bytes.len() || !ends_with_trailer(bytes) {
        return Err(Rejection::Damaged("文件长度"));
    }
    Ok(body)
}

/// One value that is all of `body`.
pub(super) fn whole<'b, T>(
    body: &'b [u8],
    read: impl FnOnce(&mut Decoder<'b>) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    let mut d = cbor::decoder(body)?;
    let value = read(&mut d)?;
    if d.position() == body.len() { Ok(value) } else { Err(cbor::CborError::Trailing.into()) }
}
