//! Checkpoints: one signature of the device's key over a log up to one entry.

use mingbai_ledger::cbor::{self, Writer};
use mingbai_ledger::{Head, SetDigest, checkpoint_message};

use super::MAX_ROWS;
use crate::keys::{SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::wire;

/// The signature, by the log's key and in its suite, over `"mbx/ckpt/1" ‖ log ‖ seq ‖ hash ‖ count ‖ state digest`:
/// authenticates the whole chain up to `head`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The entry signed.
    pub head: Head,
    /// Entries of the log up to there.
    pub count: u64,
    /// Digest of the tables the device computed from what it then held.
    pub state: SetDigest,
    /// By the key in the log's genesis.
    pub signature: [u8; 64],
}

impl Checkpoint {
    /// Signs a head with the key of its log.
    #[must_use]
    pub fn sign(key: &SigningKey, head: Head, count: u64, state: SetDigest) -> Self {
        let signature = key.sign(&checkpoint_message(&head, count, &state));
        Self { head, count, state, signature }
    }

    /// The bytes to keep.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode_checkpoints(std::slice::from_ref(self))
    }

    /// Reads what [`Self::to_bytes`] kept.
    ///
    /// # Errors
    /// [`Rejection`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Rejection> {
        decode_checkpoints(bytes)?.pop().ok_or(Rejection::Malformed("签名"))
    }

    /// Whether it is `key`'s.
    #[must_use]
    pub fn verifies(&self, key: &VerifyingKey) -> bool {
        key.verifies(&checkpoint_message(&self.head, self.count, &self.state), &self.signature)
    }
}

pub(crate) fn encode_checkpoints(checkpoints: &[Checkpoint]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(checkpoints.len());
    for checkpoint in checkpoints {
        writer.array(6);
        wire::put_head(&mut writer, &checkpoint.head);
        writer.uint(checkpoint.count).bytes(&checkpoint.state.to_bytes()).bytes(&checkpoint.signature);
    }
    writer.finish()
}

pub(crate) fn decode_checkpoints(body: &[u8]) -> Result<Vec<Checkpoint>, Rejection> {
    wire::list(&mut cbor::decoder(body)?, MAX_ROWS, |d| {
        wire::row(d, 6)?;
        Ok(Checkpoint {
            head: wire::head(d)?,
            count: d.u64()?,
            state: SetDigest::from_bytes(wire::fixed(d)?),
            signature: wire::fixed(d)?,
        })
    })
}
