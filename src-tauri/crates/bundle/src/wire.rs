//! Reading maps and lists of deterministic CBOR, and fixed-width big-endian fields.
//!
//! The rule that lets the format grow: in a map, a key below 128 that a reader does not know means it cannot understand
//! the whole ("needs newer app"); a key from 128 on may be passed over.

use mingbai_ledger::cbor::{self, Decoder, Writer};
use mingbai_ledger::{EntryHash, Head, LogId, MAX_SEQ};

use crate::rejection::Rejection;

/// First map key a reader may ignore.
const FIRST_OPTIONAL_KEY: u64 = 128;
/// Largest sequence number, serial or other counter accepted.
pub(crate) const MAX_COUNT: u64 = MAX_SEQ;

impl From<minicbor::decode::Error> for Rejection {
    fn from(error: minicbor::decode::Error) -> Self {
        cbor::CborError::from(error).into()
    }
}

/// A field that must be present, exactly once (the reader already refuses repeated keys).
pub(crate) fn required<T>(field: Option<T>) -> Result<T, Rejection> {
    field.ok_or(Rejection::Malformed("缺少必填内容"))
}

/// Reads one map that is all of `bytes`. `read` takes the value of a key and says whether it knew the key.
pub(crate) fn fields<'b>(
    bytes: &'b [u8],
    mut read: impl FnMut(u64, &mut Decoder<'b>) -> Result<bool, Rejection>,
) -> Result<(), Rejection> {
    let mut d = cbor::decoder(bytes)?;
    for _ in 0..cbor::map(&mut d)? {
        let key = d.u64()?;
        if !read(key, &mut d)? {
            if key < FIRST_OPTIONAL_KEY {
                return Err(Rejection::NeedsNewerApp);
            }
            d.skip()?;
        }
    }
    Ok(())
}

/// Reads an array of at most `limit` items. Memory grows with the items present, never with the announced count.
pub(crate) fn list<'b, T>(
    d: &mut Decoder<'b>,
    limit: u64,
    mut item: impl FnMut(&mut Decoder<'b>) -> Result<T, Rejection>,
) -> Result<Vec<T>, Rejection> {
    let count = cbor::array(d)?;
    if count > limit {
        return Err(Rejection::TooLarge("清单过长"));
    }
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(item(d)?);
    }
    Ok(items)
}

/// The head of an array of exactly `items`.
pub(crate) fn row(d: &mut Decoder<'_>, items: u64) -> Result<(), Rejection> {
    if cbor::array(d)? == items { Ok(()) } else { Err(cbor::CborError::Shape.into()) }
}

/// Exactly `N` bytes.
pub(crate) fn fixed<const N: usize>(d: &mut Decoder<'_>) -> Result<[u8; N], Rejection> {
    Ok(cbor::fixed(d)?)
}

/// A counter within bounds.
pub(crate) fn counter(d: &mut Decoder<'_>) -> Result<u64, Rejection> {
    within_count(d.u64()?)
}

/// Refuses a counter beyond [`MAX_COUNT`].
pub(crate) fn within_count(number: u64) -> Result<u64, Rejection> {
    if number > MAX_COUNT { Err(Rejection::Malformed("编号过大")) } else { Ok(number) }
}

/// Writes log, sequence number and hash as three items.
pub(crate) fn put_head(writer: &mut Writer, head: &Head) {
    writer.bytes(&head.log.0).uint(head.seq).bytes(&head.hash.0);
}

/// Reads what [`put_head`] wrote.
pub(crate) fn head(d: &mut Decoder<'_>) -> Result<Head, Rejection> {
    Ok(Head { log: LogId(fixed(d)?), seq: counter(d)?, hash: EntryHash(fixed(d)?) })
}

/// Walks over fixed-width big-endian fields; never looks past the end.
pub(crate) struct Fixed<'b> {
    all: &'b [u8],
    at: usize,
}

impl<'b> Fixed<'b> {
    pub(crate) const fn new(all: &'b [u8]) -> Self {
        Self { all, at: 0 }
    }

    /// Bytes passed so far.
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// Everything passed so far.
    pub(crate) fn passed(&self) -> &'b [u8] {
        self.all.get(..self.at).unwrap_or_default()
    }

    /// The next `length` bytes, if they are there.
    pub(crate) fn slice(&mut self, length: usize) -> Option<&'b [u8]> {
        let end = self.at.checked_add(length)?;
        let slice = self.all.get(self.at..end)?;
        self.at = end;
        Some(slice)
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.slice(N)?.try_into().ok()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.bytes().map(|[b]| b)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_be_bytes)
    }
}
