//! The hash chain: each entry's hash covers its place, its predecessor and its exact bytes.

use sha2::{Digest, Sha256};

use crate::digest::SetDigest;
use crate::id::{EntryHash, Head, LogId};

/// `SHA-256("mbx/entry/1" ‖ log ‖ u64 seq ‖ previous hash ‖ u32 length ‖ bytes)`, integers big-endian.
#[must_use]
pub fn chain_hash(log: &LogId, seq: u64, previous: &EntryHash, bytes: &[u8]) -> EntryHash {
    let mut hasher = Sha256::new();
    hasher.update(b"mbx/entry/1");
    hasher.update(log.0);
    hasher.update(seq.to_be_bytes());
    hasher.update(previous.0);
    hasher.update((bytes.len() as u32).to_be_bytes());
    hasher.update(bytes);
    EntryHash(hasher.finalize().into())
}

/// What a checkpoint signature covers: one signature authenticates the whole chain up to `head`.
#[must_use]
pub fn checkpoint_message(head: &Head, count: u64, state: &SetDigest) -> Vec<u8> {
    let mut message = Vec::with_capacity(11 + 16 + 8 + 32 + 8 + 32);
    message.extend_from_slice(b"mbx/ckpt/1");
    message.extend_from_slice(&head.log.0);
    message.extend_from_slice(&head.seq.to_be_bytes());
    message.extend_from_slice(&head.hash.0);
    message.extend_from_slice(&count.to_be_bytes());
    message.extend_from_slice(&state.to_bytes());
    message
}
