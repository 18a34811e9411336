//! Names of logs and entries.

use std::fmt;

use crate::hex::to_hex;

/// One append-only chain written by one incarnation of one device database.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(pub [u8; 16]);

/// Largest sequence number anything may name. No log comes near it; beyond it the arithmetic of readers (signed 64 bits in
/// a database, one more than the last) would be the writer's to overflow.
pub const MAX_SEQ: u64 = 1 << 48;

/// SHA-256 of an entry chained to its predecessor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryHash(pub [u8; 32]);

impl EntryHash {
    /// The half that references carry on the wire.
    #[must_use]
    pub fn prefix(&self) -> [u8; 16] {
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(self.0) {
            *to = from;
        }
        half
    }
}

/// The last entry of a log, or any named point of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// Which log.
    pub log: LogId,
    /// Sequence number, from 1; 0 names the genesis.
    pub seq: u64,
    /// Its hash.
    pub hash: EntryHash,
}

/// An entry of another log, as references carry it. The hash keeps it unambiguous across forks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryRef {
    /// Which log.
    pub log: LogId,
    /// Sequence number.
    pub seq: u64,
    /// First half of its hash.
    pub hash: [u8; 16],
}

impl From<Head> for EntryRef {
    fn from(head: Head) -> Self {
        Self { log: head.log, seq: head.seq, hash: head.hash.prefix() }
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}
