//! Writing bundles: up, everything the county has not confirmed; down, the feed of one township.

use mingbai_bundle::{BundleDraft, Checkpoint, Direction, RangeDraft, StateSummary, TrustStore, write};
use mingbai_ledger::{Entry, Genesis, Head, SetDigest};
use mingbai_store::{Author, ExportRecord, Reading, Store, Stored};
use sha2::{Digest, Sha256};

use crate::error::SyncError;
use crate::feed;
use crate::held;
use crate::keys::{DeviceKeys, KeyRing, known_trust};
use crate::refill;
use crate::restate::restate;
use crate::summary::{TypeCount, by_type, pending};

/// A bundle that was written.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// An ASCII file name without personal data.
    pub name: String,
    /// Running number.
    pub number: u64,
    /// Entries inside.
    pub entries: u64,
    /// What they touch.
    pub by_type: Vec<TypeCount>,
    /// Who can open it, in words.
    pub recipient: String,
}

const NUMBER: &str = "bundle_no";
/// Version of the program, as bundles say it.
pub const APP: &str = env!("CARGO_PKG_VERSION");

/// Everything the county has not confirmed, sealed to the county.
///
/// # Errors
/// [`SyncError::NotEnrolled`] before enrolment.
pub fn export_up(store: &mut Store, author: &Author<'_>) -> Result<Exported, SyncError> {
    let trust = known_trust(store)?;
    let ring = KeyRing::load(store)?;
    let mut ranges = refill::lacking(store.read(), &trust)?;
    for (head, entries) in pending(store.read())? {
        let Some(log) = store.read().log(&head.log)? else { continue };
        // What was written under keys the county has not certified yet waits until it has.
        if let Some(genesis) = log.genesis.filter(|genesis| trust.certificate_of_log(genesis).is_some()) {
            ranges.extend(range(store.read(), &ring, genesis, entries)?);
        }
    }
    let keys = ring.current;
    let recipient = trust.root().county_name.clone();
    let sealing = trust.root().sealing_key;
    let bundle = Outgoing { direction: Direction::Up, recipients: vec![sealing], recipient, ranges, area: None };
    bundle.write(store, author, &trust, &keys)
}

/// The feed of one township, sealed to its PCs, with the whole of the county's trust.
///
/// # Errors
/// [`SyncError::NoSuchUnit`] when nobody of that area has joined.
pub fn export_down(store: &mut Store, author: &Author<'_>, area: &str) -> Result<Exported, SyncError> {
    let trust = known_trust(store)?;
    let ring = KeyRing::load(store)?;
    let keys = &ring.current;
    let devices = held::devices(&trust, area, &keys.signing.public());
    let unit = devices.last().map(|c| c.unit.clone()).ok_or_else(|| SyncError::NoSuchUnit(area.to_owned()))?;
    let own = trust.signer(keys.signing.id()).ok_or(SyncError::NotCounty)?.serial;
    let genesis = feed::genesis(store, area, own, trust.county().0, author.random)?;
    restate(store, author, &trust, (area, &unit), &genesis)?;
    // What each PC already holds of the feed it said in its last bundle; without one the feed goes whole.
    let held = held::by_all(store.read(), &trust, &devices)?;
    let entries = store.read().entries_after(&genesis.log_id(), held, u64::MAX >> 1)?;
    let ranges = range(store.read(), &ring, genesis, entries)?.into_iter().collect();
    let bundle = Outgoing {
        direction: Direction::Down,
        recipients: devices.iter().map(|c| c.sealing).collect(),
        recipient: unit,
        ranges,
        area: Some(area.to_owned()),
    };
    bundle.write(store, author, &trust, keys)
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

/// The own logs with their last entries, as an export's details keep them.
fn own_heads(reading: Reading<'_>) -> Result<String, SyncError> {
    let heads = held::own_logs(reading)?.into_iter().filter(|log| log.head.seq > 0);
    Ok(heads.map(|log| format!("{}:{}", log.id, log.head.seq)).collect::<Vec<_>>().join(","))
}

/// The range of these entries with its checkpoint; nothing when there are none.
fn range(
    reading: Reading<'_>,
    ring: &KeyRing,
    genesis: Genesis,
    entries: Vec<Stored>,
) -> Result<Option<RangeDraft>, SyncError> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(None) };
    let head = Head { log: genesis.log_id(), seq: last.seq, hash: last.hash };
    let (from, previous) = (first.seq, first.prev);
    let key = ring.signer(&genesis.device_key).ok_or(SyncError::NoKeys)?;
    let checkpoint = Checkpoint::sign(key, head, head.seq, state(reading)?.digest);
    let entries = entries.into_iter().map(|stored| stored.bytes).collect();
    Ok(Some(RangeDraft { genesis, from, previous, entries, checkpoint }))
}

fn state(reading: Reading<'_>) -> Result<StateSummary, SyncError> {
    let mut rows = Vec::new();
    let mut digest = SetDigest::default();
    for (table, count, sum) in reading.digests()? {
        if let Some(kind) = mingbai_domain::catalogue::by_table(table) {
            rows.push((u64::from(kind.id), count));
        }
        digest.add(&sum.to_bytes());
    }
    rows.sort_unstable();
    Ok(StateSummary { rows, digest })
}

struct Outgoing {
    direction: Direction,
    recipients: Vec<mingbai_bundle::SealingKey>,
    recipient: String,
    ranges: Vec<RangeDraft>,
    area: Option<String>,
}

impl Outgoing {
    fn write(
        self,
        store: &mut Store,
        author: &Author<'_>,
        trust: &TrustStore,
        keys: &DeviceKeys,
    ) -> Result<Exported, SyncError> {
        let number = store.state(NUMBER)?.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes) + 1;
        let mut decoded = Vec::new();
        for bytes in self.ranges.iter().flat_map(|range| &range.entries) {
            decoded.extend(Entry::decode(bytes).ok());
        }
        let entries = self.ranges.iter().map(|range| range.entries.len() as u64).sum();
        let mut bundle_id = [0; 16];
        (author.random)(&mut bundle_id);
        let draft = BundleDraft {
            direction: self.direction,
            county: trust.county(),
            sender: &keys.signing,
            recipients: &self.recipients,
            bundle_no: number,
            bundle_id: Some(bundle_id),
            part: (1, 1),
            app: APP,
            schema: mingbai_domain::catalogue::SCHEMA.into(),
            wall_ms: i64::try_from(author.wall_millis).unwrap_or_default(),
            hlc: store.clock()?.0,
            ranges: self.ranges,
            have: store.read().heads()?,
            acks: Vec::new(),
            trust: Some(trust.section()),
            state: Some(state(store.read())?),
            policies: Vec::new(),
            directives: Vec::new(),
            blobs: Vec::new(),
            snapshots: Vec::new(),
        };
        let bytes = write(&draft, &mut |buffer| (author.random)(buffer))?;
        let letter = if self.direction == Direction::Up { 'U' } else { 'D' };
        let tag: String = keys.signing.id().0.iter().take(3).map(|b| format!("{b:02x}")).collect();
        // The running number starts again after a restore; the bundle's own id does not.
        let own: String = bundle_id.iter().take(4).map(|b| format!("{b:02x}")).collect();
        let name = format!("MB{letter}-{tag}-{number:05}-{own}.mbx");
        let by_type = by_type(decoded.iter());
        let record = ExportRecord {
            bundle: bundle_id,
            file_hash: Sha256::digest(&bytes).into(),
            recipient: self.recipient.clone(),
            created_millis: author.wall_millis,
            entries,
            size: bytes.len() as u64,
            details: format!("{number}|{}|{name}|{}", self.area.unwrap_or_default(), own_heads(store.read())?),
        };
        // The number is spent before the file leaves, so that no two files ever carry the same one.
        store.commit(author, "exchange_export", None, |txn| {
            txn.set_state(NUMBER, &number.to_be_bytes())?;
            txn.record_export(&record)?;
            txn.note(&format!("导出数据包 第{number}号 给{}", record.recipient))?;
            Ok::<_, SyncError>(())
        })?;
        Ok(Exported { bytes, name, number, entries, by_type, recipient: self.recipient })
    }
}
