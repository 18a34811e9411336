//! The county's trust file: what any township's PC knows of its county, for the day the county has lost everything. It
//! holds signed documents and the county's last signature over each of its feeds; no key and nothing about anybody.

use std::collections::BTreeSet;

use mingbai_ledger::Genesis;
use mingbai_ledger::cbor::Writer;
use sha2::{Digest, Sha256};

use super::certificate::Role;
use super::file;
use super::section::TrustSection;
use super::store::TrustStore;
use crate::rejection::Rejection;
use crate::section::{Checkpoint, decode_checkpoints, decode_dictionary, encode_checkpoints, encode_dictionary};
use crate::wire;

const MAGIC: [u8; 8] = *b"\x89MBT\r\n\x1a\n";

/// Nobody signs who wrote a file, and nothing depends on it but a warning; this tells damage.
fn proof(areas: &str) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(areas).into();
    std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default())
}

/// How far the county had written one of its feeds, by its own signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedProof {
    /// The feed.
    pub genesis: Genesis,
    /// The county's signature over its last entry known.
    pub checkpoint: Checkpoint,
}

/// What a trust file says, all of it verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFile {
    /// Whom the writer believed.
    pub trust: TrustStore,
    /// How far the county's feeds went as far as the writer knew.
    pub feeds: Vec<FeedProof>,
    /// The areas of those who wrote it: whose feeds are surely among these.
    pub areas: BTreeSet<String>,
}

impl TrustFile {
    /// The file's bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let logs: Vec<Genesis> = self.feeds.iter().map(|feed| feed.genesis.clone()).collect();
        let checkpoints: Vec<Checkpoint> = self.feeds.iter().map(|feed| feed.checkpoint.clone()).collect();
        let mut w = Writer::new();
        w.map(4).uint(1).bytes(&self.trust.encode()).uint(2).bytes(&encode_dictionary(&logs));
        let areas = self.areas.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        w.uint(3).bytes(&encode_checkpoints(&checkpoints)).uint(4).array(2).text(&areas).bytes(&proof(&areas));
        file::wrap(&MAGIC, &w.finish())
    }

    /// Reads a file and verifies it from its first root on. Whether that root is the county's, people say by its eight
    /// words and holders by their keys.
    ///
    /// # Errors
    /// [`Rejection`] with the first reason found.
    pub fn read(bytes: &[u8]) -> Result<Self, Rejection> {
        let (mut trust, mut logs, mut checkpoints, mut areas) = (None, None, None, Vec::new());
        wire::fields(file::unwrap(&MAGIC, bytes)?, |key, d| {
            match key {
                1 => trust = Some(TrustStore::from_section(&TrustSection::decode(d.bytes()?)?)?),
                2 => logs = Some(decode_dictionary(d.bytes()?)?),
                3 => checkpoints = Some(decode_checkpoints(d.bytes()?)?),
                4 => {
                    wire::row(d, 2)?;
                    let text = d.str()?;
                    areas.extend(text.split(' ').filter(|area| !area.is_empty()).map(str::to_owned));
                    if d.bytes()? != proof(text) {
                        return Err(Rejection::Damaged("信任文件"));
                    }
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let (trust, logs) = (wire::required(trust)?, wire::required(logs)?);
        let checkpoints = wire::required(checkpoints)?;
        if logs.len() != checkpoints.len() {
            return Err(Rejection::ManifestMismatch("县级回执"));
        }
        let mut feeds = Vec::new();
        for (genesis, checkpoint) in logs.into_iter().zip(checkpoints) {
            let county = trust.certificate_of_log(&genesis).filter(|device| device.has(Role::County));
            let county = county.ok_or(Rejection::UnknownDevice(genesis.certificate))?;
            let (log, seq) = (genesis.log_id(), checkpoint.head.seq);
            if checkpoint.head.log != log || !checkpoint.verifies(&county.signing) {
                return Err(Rejection::BadCheckpoint { log, seq });
            }
            feeds.push(FeedProof { genesis, checkpoint });
        }
        Ok(Self { trust, feeds, areas: areas.into_iter().collect() })
    }

    /// Two files together: the newest of the trust and the farthest of each feed.
    ///
    /// # Errors
    /// [`Rejection`] when they are of two counties or contradict each other.
    pub fn join(&self, other: &Self) -> Result<Self, Rejection> {
        let (trust, _) = self.trust.merge(&other.trust.section())?;
        let mut feeds = self.feeds.clone();
        for feed in &other.feeds {
            match feeds.iter_mut().find(|known| known.genesis == feed.genesis) {
                Some(known) if known.checkpoint.head.seq < feed.checkpoint.head.seq => *known = feed.clone(),
                Some(_) => {}
                None => feeds.push(feed.clone()),
            }
        }
        let areas = self.areas.union(&other.areas).cloned().collect();
        Ok(Self { trust, feeds, areas })
    }
}
