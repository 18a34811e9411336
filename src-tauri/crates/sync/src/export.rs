//! Writing bundles: up, everything the county has not confirmed; down, the feed of one township; across, to the other PCs
//! of the same centre.

use mingbai_bundle::{BundleDraft, Direction, Role, SealingKey, TrustStore, write};
use mingbai_ledger::{Entry, Genesis, to_hex};
use mingbai_store::{Author, ExportRecord, Reading, Store, Stored};
use sha2::{Digest, Sha256};

use crate::compare;
use crate::ends::{Ends, geneses};
use crate::error::SyncError;
use crate::feed;
use crate::held;
use crate::keys::{DeviceKeys, KeyRing, known_trust};
use crate::refill;
use crate::restate::restate;
use crate::split::{self, Load};
use crate::summary::{TypeCount, branches, by_type, unsent};

/// For whom a bundle is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A township writes to its county.
    County,
    /// The county writes to the PCs of this area.
    Township(&'a str),
    /// A PC writes to the others of its own centre.
    Siblings,
}

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// An ASCII file name without personal data.
    pub name: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// A bundle that was written.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The bundle's own id.
    pub bundle: [u8; 16],
    /// The bytes of the only file, or of the first part.
    pub bytes: Vec<u8>,
    /// Its name: ASCII, without personal data.
    pub name: String,
    /// The further parts, in order.
    pub others: Vec<File>,
    /// Running number.
    pub number: u64,
    /// Entries inside.
    pub entries: u64,
    /// What they touch.
    pub by_type: Vec<TypeCount>,
    /// Who can open it, in words.
    pub recipient: String,
}

impl Exported {
    /// All files of the bundle, in order.
    #[must_use]
    pub fn into_files(self) -> Vec<File> {
        let mut files = vec![File { name: self.name, bytes: self.bytes }];
        files.extend(self.others);
        files
    }
}

const NUMBER: &str = "bundle_no";
/// Version of the program, as bundles say it.
pub const APP: &str = env!("CARGO_PKG_VERSION");

/// Everything the county has not confirmed, sealed to the county, in one file.
///
/// # Errors
/// [`SyncError::NotEnrolled`] before enrolment.
pub fn export_up(store: &mut Store, author: &Author<'_>) -> Result<Exported, SyncError> {
    export(store, author, Target::County, None)
}

/// The feed of one township, sealed to its PCs, with the whole of the county's trust, in one file.
///
/// # Errors
/// [`SyncError::NoSuchUnit`] when nobody of that area has joined.
pub fn export_down(store: &mut Store, author: &Author<'_>, area: &str) -> Result<Exported, SyncError> {
    export(store, author, Target::Township(area), None)
}

/// Writes a bundle, in as many files as it takes to keep each within `most` bytes.
///
/// # Errors
/// [`SyncError`] when there is nobody to write to, or one saved action alone is larger than a part may be.
pub fn export(
    store: &mut Store,
    author: &Author<'_>,
    target: Target<'_>,
    most: Option<u64>,
) -> Result<Exported, SyncError> {
    let trust = known_trust(store)?;
    let ring = KeyRing::load(store)?;
    let keys = &ring.current;
    let bundle = match target {
        Target::County => up(store, &trust)?,
        Target::Township(area) => down(store, author, &trust, keys, area)?,
        Target::Siblings => across(store, &trust, keys)?,
    };
    match bundle.write(store, author, &trust, &ring, most) {
        // What others signed cannot be cut and goes with the next stick; it must not keep us from sending ours.
        Err(SyncError::CannotSplit) if bundle.loads.iter().any(|load| matches!(load, Load::Signed(_))) => {
            let loads = bundle.loads.into_iter().filter(|load| matches!(load, Load::Own(..))).collect();
            Outgoing { loads, ..bundle }.write(store, author, &trust, &ring, most)
        }
        other => other,
    }
}

fn up(store: &Store, trust: &TrustStore) -> Result<Outgoing, SyncError> {
    let mut loads: Vec<Load> = refill::lacking(store.read(), trust)?.into_iter().map(Load::Signed).collect();
    for (head, entries) in unsent(store.read())? {
        // What was written under keys the county has not certified yet waits until it has.
        let genesis = store.read().log(&head.log)?.and_then(|log| log.genesis);
        let genesis = genesis.filter(|genesis| trust.writer_of_log(genesis).is_some());
        if let Some(genesis) = genesis {
            loads.push(own_load(store.read(), trust, genesis, entries)?);
        }
    }
    let (recipients, recipient) = (vec![trust.root().sealing_key], trust.root().county_name.clone());
    Ok(Outgoing { direction: Direction::Up, recipients, recipient, loads, area: None })
}

/// Entries of an own log, as far as anybody takes them: what was written after the county retired its keys waits until this
/// PC has joined anew.
fn own_load(
    reading: Reading<'_>,
    trust: &TrustStore,
    genesis: Genesis,
    mut entries: Vec<Stored>,
) -> Result<Load, SyncError> {
    let last = Ends::of(trust, &geneses(reading)?, &genesis).last(reading)?;
    entries.retain(|entry| entry.seq <= last);
    Ok(Load::Own(genesis, entries))
}

fn down(
    store: &mut Store,
    author: &Author<'_>,
    trust: &TrustStore,
    keys: &DeviceKeys,
    area: &str,
) -> Result<Outgoing, SyncError> {
    let devices = held::devices(trust, area, &keys.signing.public());
    let unit = devices.last().map(|c| c.unit.clone()).ok_or_else(|| SyncError::NoSuchUnit(area.to_owned()))?;
    let own = trust.signer(keys.signing.id()).ok_or(SyncError::NotCounty)?.serial;
    let genesis = feed::genesis(store, area, own, trust.county().0, author.random)?;
    restate(store, author, trust, (area, &unit), &genesis)?;
    // What each PC already holds of the feed it said in its last bundle; without one the feed goes whole.
    let held = held::by_all(store.read(), trust, &devices)?;
    let entries = store.read().entries_after(&genesis.log_id(), held, u64::MAX >> 1)?;
    Ok(Outgoing {
        direction: Direction::Down,
        recipients: devices.iter().map(|c| c.sealing).collect(),
        recipient: unit,
        loads: vec![Load::Own(genesis, entries)],
        area: Some(area.to_owned()),
    })
}

/// The own logs, as far as the other PCs of the centre have not said they have them. The county hears of it all the same,
/// and only the county confirms.
fn across(store: &Store, trust: &TrustStore, keys: &DeviceKeys) -> Result<Outgoing, SyncError> {
    let own = trust.signer(keys.signing.id()).filter(|own| own.has(Role::Township)).ok_or(SyncError::NoSibling)?;
    let devices = held::devices(trust, &own.area, &keys.signing.public());
    if devices.is_empty() {
        return Err(SyncError::NoSibling);
    }
    let mut loads = Vec::new();
    for log in held::own_logs(store.read())? {
        let certified = |genesis: &Genesis| trust.writer_of_log(genesis).is_some();
        let Some(genesis) = log.genesis.clone().filter(certified) else { continue };
        let held = held::by_siblings(store.read(), &devices, &log.id)?;
        // Which branches of a log that forks they have they do not say; then it goes whole.
        for (_, entries) in branches(store.read(), &log, held, &[])? {
            loads.push(own_load(store.read(), trust, genesis.clone(), entries)?);
        }
    }
    Ok(Outgoing {
        direction: Direction::Sibling,
        recipients: devices.iter().map(|c| c.sealing).collect(),
        recipient: format!("{}的其他电脑", own.unit),
        loads,
        area: None,
    })
}

/// Whether the county has confirmed everything the writer of an export had written by then.
///
/// # Errors
/// [`SyncError::Store`] when the database cannot be read.
pub fn is_confirmed(reading: Reading<'_>, export: &ExportRecord) -> Result<bool, SyncError> {
    let mut all = false;
    for (id, seq) in export.details.split('|').nth(3).unwrap_or_default().split(',').filter_map(|p| p.split_once(':')) {
        let Some(log) = held::own_logs(reading)?.into_iter().find(|log| log.id.to_string() == id) else {
            return Ok(false);
        };
        if !seq.parse::<u64>().is_ok_and(|seq| held::confirmed_to(reading, &log.id).is_ok_and(|to| to >= seq)) {
            return Ok(false);
        }
        all = true;
    }
    Ok(all)
}

/// Stands behind an export's details when its files could not be written.
const UNWRITTEN: &str = "unwritten";

/// Notes that the files of a bundle could not be written where the clerk wanted them: nobody waits for its confirmation.
///
/// # Errors
/// [`SyncError::Store`] when the database refuses.
pub fn note_unwritten(store: &mut Store, author: &Author<'_>, bundle: &[u8; 16]) -> Result<(), SyncError> {
    let known = store.read().exports(u64::MAX >> 1)?.into_iter().find(|export| export.bundle == *bundle);
    let Some(known) = known else { return Ok(()) };
    store.commit(author, "exchange_export", None, |txn| {
        txn.set_export_details(bundle, &format!("{}|{UNWRITTEN}", known.details))?;
        txn.note(&format!("给{}的数据包没有写成文件", known.recipient))
    })?;
    Ok(())
}

/// Whether the files of an export could not be written.
#[must_use]
pub fn is_unwritten(export: &ExportRecord) -> bool {
    export.details.split('|').nth(4) == Some(UNWRITTEN)
}

/// The own logs with their last entries, as an export's details keep them.
fn own_heads(reading: Reading<'_>) -> Result<String, SyncError> {
    let heads = held::own_logs(reading)?.into_iter().filter(|log| log.head.seq > 0);
    Ok(heads.map(|log| format!("{}:{}", log.id, log.head.seq)).collect::<Vec<_>>().join(","))
}

struct Outgoing {
    direction: Direction,
    recipients: Vec<SealingKey>,
    recipient: String,
    loads: Vec<Load>,
    area: Option<String>,
}

impl Outgoing {
    fn write(
        &self,
        store: &mut Store,
        author: &Author<'_>,
        trust: &TrustStore,
        ring: &KeyRing,
        most: Option<u64>,
    ) -> Result<Exported, SyncError> {
        let keys = &ring.current;
        let number = store.state(NUMBER)?.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes) + 1;
        let mut decoded = Vec::new();
        for bytes in self.loads.iter().flat_map(Load::entries) {
            decoded.extend(Entry::decode(bytes).ok());
        }
        let entries = self.loads.iter().flat_map(Load::entries).count() as u64;
        let mut bundle_id = [0; 16];
        (author.random)(&mut bundle_id);
        let state = compare::summary(store.read())?;
        let (have, hlc) = (store.read().heads()?, store.clock()?.0);
        let one = |part: (u16, u16), loads: &[Load]| {
            let mut ranges = Vec::new();
            for load in loads {
                ranges.extend(load.range(ring, state.digest)?);
            }
            let draft = BundleDraft {
                direction: self.direction,
                county: trust.county(),
                sender: &keys.signing,
                recipients: &self.recipients,
                bundle_no: number,
                bundle_id: Some(bundle_id),
                part,
                app: APP,
                schema: mingbai_domain::catalogue::SCHEMA.into(),
                wall_ms: i64::try_from(author.wall_millis).unwrap_or_default(),
                hlc,
                ranges,
                have: have.clone(),
                acks: Vec::new(),
                // Every part can be believed by itself.
                trust: Some(trust.section()),
                state: Some(state.clone()),
                policies: Vec::new(),
                directives: Vec::new(),
                blobs: Vec::new(),
                snapshots: Vec::new(),
            };
            Ok::<_, SyncError>(write(&draft, &mut |buffer| (author.random)(buffer))?)
        };
        let written = split::within(&self.loads, most, one)?;
        let stem = self.stem(keys, number, &bundle_id);
        let parts = written.len();
        let mut files = written.into_iter().enumerate().map(|(at, bytes)| {
            let name = if parts == 1 { format!("{stem}.mbx") } else { format!("{stem}-{:03}.mbx", at + 1) };
            File { name, bytes }
        });
        let first = files.next().ok_or(SyncError::CannotSplit)?;
        let others: Vec<File> = files.collect();
        let size = others.iter().map(|file| file.bytes.len()).sum::<usize>() + first.bytes.len();
        let name = &first.name;
        let by_type = by_type(decoded.iter());
        let record = ExportRecord {
            bundle: bundle_id,
            file_hash: Sha256::digest(&first.bytes).into(),
            recipient: self.recipient.clone(),
            created_millis: author.wall_millis,
            entries,
            size: size as u64,
            details: format!(
                "{number}|{}|{name}|{}",
                self.area.as_deref().unwrap_or_default(),
                own_heads(store.read())?
            ),
        };
        // The number is spent before the file leaves, so that no two files ever carry the same one.
        store.commit(author, "exchange_export", None, |txn| {
            txn.set_state(NUMBER, &number.to_be_bytes())?;
            txn.record_export(&record)?;
            txn.note(&format!("导出数据包 第{number}号 给{}", record.recipient))?;
            Ok::<_, SyncError>(())
        })?;
        let File { name, bytes } = first;
        let recipient = self.recipient.clone();
        Ok(Exported { bundle: bundle_id, bytes, name, others, number, entries, by_type, recipient })
    }

    /// The name of the file or, with its number behind, of each part: ASCII, at most 32 characters with its ending.
    fn stem(&self, keys: &DeviceKeys, number: u64, bundle_id: &[u8; 16]) -> String {
        let letter = match self.direction {
            Direction::Up => 'U',
            Direction::Down => 'D',
            Direction::Sibling => 'S',
        };
        // The running number starts again after a restore; the bundle's own id does not.
        let first = |bytes: &[u8]| to_hex(bytes.get(..3).unwrap_or_default());
        let (tag, own) = (first(&keys.signing.id().0), first(bundle_id));
        format!("MB{letter}-{tag}-{:05}-{own}", number % 100_000)
    }
}
