//! The log: entries, hash chain, clocks and the merge algebra. Pure: no SQL, no I/O, no clock of its own.
//!
//! An entry is one saved action. Its bytes are deterministic CBOR (RFC 8949 §4.2.1) and are stored, hashed and sent
//! exactly as first written; nothing here ever re-serialises somebody else's entry. The log id, the sequence number and
//! the previous hash are implied by position and enter the hash, not the bytes.

pub mod cbor;
pub mod chain;
pub mod digest;
pub mod entry;
pub mod genesis;
pub mod hex;
mod hlc;
pub mod id;
pub mod merge;
pub mod op;
mod wire;

pub use chain::{chain_hash, checkpoint_message};
pub use digest::SetDigest;
pub use entry::{Entry, EntryError, EntryKind, Origin, Why};
pub use genesis::Genesis;
pub use hex::{from_hex, to_hex};
pub use hlc::{ABSORB_LIMIT_MS, Hlc};
pub use id::{EntryHash, EntryRef, Head, LogId, MAX_SEQ};
pub use op::{DotRef, Op, Write};
