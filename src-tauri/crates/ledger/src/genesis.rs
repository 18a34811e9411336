//! The genesis of a log: which key may sign it, for which county, and what it continues after a restore.

use sha2::{Digest, Sha256};

use crate::cbor::{self, CborError, Writer};
use crate::id::{EntryHash, Head, LogId};

/// The facts a log id is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// Ed25519 (or SM2) public key whose checkpoint signatures authenticate the log.
    pub device_key: [u8; 32],
    /// Random, so that two incarnations of one key differ.
    pub nonce: [u8; 16],
    /// County id.
    pub county: [u8; 8],
    /// Serial of the device certificate; 0 before enrolment.
    pub certificate: u64,
    /// The log this one continues after a restore or a clone.
    pub continues: Option<Head>,
}

impl Genesis {
    /// Deterministic bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.map(4 + usize::from(self.continues.is_some()));
        writer.uint(1).bytes(&self.device_key).uint(2).bytes(&self.nonce).uint(3).bytes(&self.county);
        writer.uint(4).uint(self.certificate);
        if let Some(head) = &self.continues {
            writer.uint(5).array(3).bytes(&head.log.0).uint(head.seq).bytes(&head.hash.0);
        }
        writer.finish()
    }

    /// Reads them back.
    ///
    /// # Errors
    /// [`CborError`] for anything [`Self::encode`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        let mut d = cbor::decoder(bytes)?;
        let entries = cbor::map(&mut d)?;
        let mut genesis = Self { device_key: [0; 32], nonce: [0; 16], county: [0; 8], certificate: 0, continues: None };
        for expected in 1..=entries {
            if d.u64()? != expected {
                return Err(CborError::Shape);
            }
            match expected {
                1 => genesis.device_key = cbor::fixed(&mut d)?,
                2 => genesis.nonce = cbor::fixed(&mut d)?,
                3 => genesis.county = cbor::fixed(&mut d)?,
                4 => genesis.certificate = d.u64()?,
                5 => {
                    if cbor::array(&mut d)? != 3 {
                        return Err(CborError::Shape);
                    }
                    let log = LogId(cbor::fixed(&mut d)?);
                    let seq = d.u64()?;
                    genesis.continues = Some(Head { log, seq, hash: EntryHash(cbor::fixed(&mut d)?) });
                }
                _ => return Err(CborError::Shape),
            }
        }
        if entries < 4 { Err(CborError::Shape) } else { Ok(genesis) }
    }

    /// `SHA-256("mbx/log/1" ‖ genesis bytes)[..16]`.
    #[must_use]
    pub fn log_id(&self) -> LogId {
        let mut hasher = Sha256::new();
        hasher.update(b"mbx/log/1");
        hasher.update(self.encode());
        let full: [u8; 32] = hasher.finalize().into();
        LogId(EntryHash(full).prefix())
    }

    /// What the first entry is chained to: the hash of the genesis bytes, as entry number 0.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { log: self.log_id(), seq: 0, hash: EntryHash(Sha256::digest(self.encode()).into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genesis_reads_back_and_a_continued_log_is_another_log() {
        let first = Genesis { device_key: [1; 32], nonce: [2; 16], county: [3; 8], certificate: 4, continues: None };
        let continued = Genesis { continues: Some(first.head()), ..first.clone() };
        assert_eq!(Genesis::decode(&first.encode()), Ok(first.clone()));
        assert_eq!(Genesis::decode(&continued.encode()), Ok(continued.clone()));
        assert_ne!(first.log_id(), continued.log_id());
    }
}
