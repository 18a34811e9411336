//! The inside of a payload: `type u8 | flags u8 (bit 0 critical) | length u32 BE | body`, the first a manifest, the last
//! an end section that counts and hashes everything before it.

mod checkpoint;
mod entries;
mod manifest;

pub use checkpoint::Checkpoint;
pub(crate) use checkpoint::{decode_checkpoints, encode_checkpoints};
pub(crate) use entries::{decode_dictionary, decode_entries, encode_dictionary, encode_entries};
pub(crate) use manifest::count;
pub use manifest::{Manifest, Range, StateSummary};

use mingbai_ledger::Head;
use mingbai_ledger::cbor::{self, Writer};
use sha2::{Digest, Sha256};

use crate::rejection::Rejection;
use crate::wire::{self, Fixed};

const CRITICAL: u8 = 1;
const MAX_SECTIONS: usize = 100_000;
/// Most entries of one bundle.
pub(crate) const MAX_ENTRIES: usize = 1 << 23;
/// Entries that need no payload to speak of.
const FREE_ENTRIES: usize = 1 << 16;
/// Most rows of any list inside a section.
pub(crate) const MAX_ROWS: u64 = 1 << 20;

/// Most entries a payload of so many bytes may hold: one a byte. Ours take several each, compressed; nothing but a flood of
/// the same entry takes less, and every entry costs its reader a thousand times that.
pub(crate) fn most_entries(payload_len: u64) -> usize {
    usize::try_from(payload_len).unwrap_or(usize::MAX).clamp(FREE_ENTRIES, MAX_ENTRIES)
}

/// Section types of suite-independent meaning.
pub(crate) mod kind {
    pub(crate) const MANIFEST: u8 = 0x01;
    pub(crate) const DICT: u8 = 0x02;
    pub(crate) const ENTRIES: u8 = 0x03;
    pub(crate) const CHECKPOINT: u8 = 0x04;
    pub(crate) const BLOB: u8 = 0x05;
    pub(crate) const TRUST: u8 = 0x06;
    pub(crate) const ACK: u8 = 0x07;
    pub(crate) const SNAPSHOT: u8 = 0x08;
    pub(crate) const POLICY: u8 = 0x09;
    pub(crate) const DIRECTIVE: u8 = 0x0a;
    pub(crate) const END: u8 = 0x7f;

    pub(crate) const fn is_known(kind: u8) -> bool {
        matches!(kind, MANIFEST..=DIRECTIVE | END)
    }
}

/// A section as it stands in the payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section<'b> {
    pub(crate) kind: u8,
    pub(crate) body: &'b [u8],
}

/// A section of a type this version does not know and may keep without understanding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSection {
    /// Type number.
    pub kind: u8,
    /// Body as it came.
    pub body: Vec<u8>,
}

/// Collects sections into a payload.
pub(crate) struct Sections {
    plain: Vec<u8>,
    count: u32,
}

impl Sections {
    pub(crate) const fn new() -> Self {
        Self { plain: Vec::new(), count: 0 }
    }

    /// Adds a section; `None` when its body does not fit a 32-bit length.
    pub(crate) fn push(&mut self, kind: u8, critical: bool, body: &[u8]) -> Option<()> {
        let length = u32::try_from(body.len()).ok()?;
        self.plain.extend_from_slice(&[kind, if critical { CRITICAL } else { 0 }]);
        self.plain.extend_from_slice(&length.to_be_bytes());
        self.plain.extend_from_slice(body);
        self.count += 1;
        Some(())
    }

    /// Closes with the end section.
    pub(crate) fn finish(mut self) -> Option<Vec<u8>> {
        let mut body = self.count.to_be_bytes().to_vec();
        body.extend_from_slice(&Sha256::digest(&self.plain));
        self.push(kind::END, true, &body)?;
        Some(self.plain)
    }
}

/// Bytes of the framing of one section.
pub(crate) const HEADER_LENGTH: usize = 6;
/// Bytes of the whole end section.
pub(crate) const END_LENGTH: usize = HEADER_LENGTH + 4 + 32;

/// Splits a payload and proves its end section. The manifest comes first and once; sections of unknown type are
/// returned too unless they are critical.
pub(crate) fn split(plain: &[u8]) -> Result<Vec<Section<'_>>, Rejection> {
    const FAULT: Rejection = Rejection::Malformed("段落");
    let mut at = Fixed::new(plain);
    let mut sections = Vec::new();
    let mut newer = false;
    loop {
        let start = at.position();
        let kind = at.u8().ok_or(FAULT)?;
        let flags = at.u8().ok_or(FAULT)?;
        let length = at.u32().ok_or(FAULT)?;
        let body = usize::try_from(length).ok().and_then(|n| at.slice(n)).ok_or(FAULT)?;
        newer |= flags & !CRITICAL != 0 || (flags & CRITICAL != 0 && !kind::is_known(kind));
        if kind == kind::END {
            let mut end = Fixed::new(body);
            let (count, hash) = (end.u32().ok_or(FAULT)?, end.bytes::<32>().ok_or(FAULT)?);
            let before = plain.get(..start).ok_or(FAULT)?;
            let proven = Sha256::digest(before).as_slice() == hash.as_slice();
            if !proven || flags != CRITICAL || end.position() != body.len() || at.position() != plain.len() {
                return Err(FAULT);
            }
            if usize::try_from(count).ok() != Some(sections.len()) {
                return Err(FAULT);
            }
            break;
        }
        if (kind == kind::MANIFEST) != sections.is_empty() {
            return Err(FAULT);
        }
        if sections.len() == MAX_SECTIONS {
            return Err(Rejection::TooLarge("段落过多"));
        }
        sections.push(Section { kind, body });
    }
    if sections.is_empty() {
        return Err(FAULT);
    }
    if newer { Err(Rejection::NeedsNewerApp) } else { Ok(sections) }
}

/// How far the receiver has got with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AckLevel {
    /// Stored.
    Received,
    /// Taken into the tables.
    Applied,
    /// In a verified backup on another machine.
    Safe,
}

/// A receipt: the log up to this entry is held at this level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// Up to which entry.
    pub head: Head,
    /// How safely.
    pub level: AckLevel,
}

pub(crate) fn encode_acks(acks: &[Ack]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(acks.len());
    for ack in acks {
        writer.array(4);
        wire::put_head(&mut writer, &ack.head);
        writer.uint(match ack.level {
            AckLevel::Received => 1,
            AckLevel::Applied => 2,
            AckLevel::Safe => 3,
        });
    }
    writer.finish()
}

pub(crate) fn decode_acks(body: &[u8]) -> Result<Vec<Ack>, Rejection> {
    wire::list(&mut cbor::decoder(body)?, MAX_ROWS, |d| {
        wire::row(d, 4)?;
        let head = wire::head(d)?;
        let level = match d.u64()? {
            1 => AckLevel::Received,
            2 => AckLevel::Applied,
            3 => AckLevel::Safe,
            _ => return Err(Rejection::NeedsNewerApp),
        };
        Ok(Ack { head, level })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(sections: &[(u8, bool, &[u8])]) -> Vec<u8> {
        let mut all = Sections::new();
        for (kind, critical, body) in sections {
            all.push(*kind, *critical, body).unwrap();
        }
        all.finish().unwrap()
    }

    #[test]
    fn what_we_do_not_know_is_kept_unless_it_is_critical() {
        let kept = payload(&[(kind::MANIFEST, true, b"m"), (0x40, false, b"later")]);
        assert_eq!(split(&kept).unwrap().last().map(|s| (s.kind, s.body)), Some((0x40, b"later".as_slice())));
        let refused = payload(&[(kind::MANIFEST, true, b"m"), (0x40, true, b"later")]);
        assert_eq!(split(&refused).unwrap_err(), Rejection::NeedsNewerApp);
    }

    #[test]
    fn the_end_section_notices_every_changed_byte() {
        let good = payload(&[(kind::MANIFEST, true, b"m"), (kind::ACK, false, b"\x80")]);
        assert_eq!(split(&good).unwrap().len(), 2);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(split(&bad).is_err(), "byte {at}");
            assert!(split(&good[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_manifest_comes_first_and_once() {
        assert!(split(&payload(&[(kind::ACK, false, b""), (kind::MANIFEST, true, b"")])).is_err());
        assert!(split(&payload(&[(kind::MANIFEST, true, b""), (kind::MANIFEST, true, b"")])).is_err());
        assert!(split(&payload(&[])).is_err());
    }
}
