//! A county that lost its PC and every backup starts again: from what any township knows of it, and the holders' keys. The
//! townships believe the new PC by its first bundle and send everything they ever wrote once more.

use std::collections::BTreeSet;

use mingbai_bundle::{Certificate, Checkpoint, FeedProof, Role, Root, SigningKey, TrustFile, TrustStore};
use mingbai_ledger::SetDigest;
use mingbai_store::{LogRole, Store};

use crate::devices::revocation;
use crate::error::SyncError;
use crate::holders;
use crate::keys::{CountyKeys, DeviceKeys, KeyRing, grow, known_trust};
use crate::refill;

/// What this PC knows of its county, to be kept for the day the county has lost everything. It notes how far it vouched for
/// each feed, to be able to give back exactly that.
///
/// # Errors
/// [`SyncError::NotEnrolled`] before enrolment.
pub fn trust_file(store: &mut Store) -> Result<Vec<u8>, SyncError> {
    let ring = KeyRing::load(store)?;
    let mut feeds = Vec::new();
    for log in store.read().logs()?.into_iter().filter(|log| log.role == LogRole::Feed && log.head.seq > 0) {
        let Some(genesis) = log.genesis else { continue };
        let proof = match ring.signer(&genesis.device_key).filter(|_| log.own) {
            Some(key) => Some(Checkpoint::sign(key, log.head, log.head.seq, SetDigest::default())),
            None => refill::vouch(store, &log.id)?,
        };
        feeds.extend(proof.map(|checkpoint| FeedProof { genesis, checkpoint }));
    }
    let trust = known_trust(store)?;
    let areas = trust.signer(ring.current.signing.id()).map(|own| own.area.clone()).into_iter().collect();
    Ok(TrustFile { trust, feeds, areas }.write())
}

/// The units none of whose files are among these: what the county told them alone does not come back.
#[must_use]
pub fn silent(known: &TrustFile) -> Vec<String> {
    let spoke = |area: &str| known.areas.contains(area) || known.areas.contains(&known.trust.root().area);
    let counts = |pc: &&Certificate| !pc.has(Role::County) && known.trust.revocation(pc.serial).is_none();
    let units = known.trust.certificates().filter(counts).filter(|pc| !spoke(&pc.area));
    units.map(|pc| pc.unit.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Several trust files together.
///
/// # Errors
/// [`SyncError::NoTrustFile`], or a file that does not verify or contradicts another.
pub fn read_all(files: &[Vec<u8>]) -> Result<TrustFile, SyncError> {
    let mut all: Option<TrustFile> = None;
    for file in files {
        let read = TrustFile::read(file)?;
        all = Some(match all {
            Some(known) => known.join(&read)?,
            None => read,
        });
    }
    all.ok_or(SyncError::NoTrustFile)
}

/// The keys and the trust of a county that starts again.
///
/// # Errors
/// [`SyncError::HoldersMissing`] when too few of the holders' files opened or they are those of an older root; a file that
/// does not open.
pub fn start_again(
    random: &dyn Fn(&mut [u8]),
    known: &TrustFile,
    holder_files: &[(Vec<u8>, &str)],
    unit: &str,
    device: &DeviceKeys,
) -> Result<CountyKeys, SyncError> {
    let old = known.trust.root();
    let mut signers: Vec<SigningKey> = Vec::new();
    for (file, password) in holder_files {
        let (holder, key) = holders::open(file, old.county, password)?;
        if old.root_keys.contains(&holder.key) && signers.iter().all(|known| known.public() != key.public()) {
            signers.push(key);
        }
    }
    let have = signers.len() as u64;
    if have < old.threshold {
        return Err(SyncError::HoldersMissing { have, needed: old.threshold });
    }
    let ops = grow(random, |seed| Some(SigningKey::from_seed(seed)));
    let root = Root {
        version: old.version + 1,
        ops_keys: vec![ops.public()],
        sealing_key: device.decryption.public(),
        ..old.clone()
    };
    let trust = known.trust.advance(&ops, root.sign(&signers.iter().collect::<Vec<_>>()))?;
    let trust = retire_lost(&trust, &ops, known)?;
    let serial = trust.next_serial();
    let certificate = Certificate {
        county: trust.county(),
        serial,
        device: unit.to_owned(),
        unit: unit.to_owned(),
        signing: device.signing.public(),
        sealing: device.decryption.public(),
        area: trust.root().area.clone(),
        roles: vec![Role::County],
        county_epoch: trust.epoch(),
        renews: None,
    };
    Ok(CountyKeys { root: None, trust: trust.issue(&ops, certificate)?, ops, serial })
}

/// Whoever has the lost PC speaks for the county no more. What it wrote stays good up to its last word that is known.
fn retire_lost(trust: &TrustStore, ops: &SigningKey, known: &TrustFile) -> Result<TrustStore, SyncError> {
    let mut grown = trust.clone();
    let lost = trust.certificates().filter(|pc| pc.has(Role::County) && trust.revocation(pc.serial).is_none());
    for pc in lost {
        let key = pc.signing.log_key();
        let of_pc = known.feeds.iter().filter(|feed| feed.genesis.device_key == key);
        let cuts = of_pc.map(|feed| feed.checkpoint.head).collect();
        let revocation = revocation(&grown, pc.serial, cuts, "县级电脑丢失，县里已在新电脑上恢复");
        grown = grown.revoke(ops, revocation)?;
    }
    Ok(grown)
}
