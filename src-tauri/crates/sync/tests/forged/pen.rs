//! The tools of a hostile insider: whoever holds an enrolled key can chain, sign and seal anything.

use std::collections::BTreeMap;

use mingbai_bundle::{BundleDraft, Checkpoint, Direction, RangeDraft, SealingKey, write};
use mingbai_domain::catalogue::SCHEMA;
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, Genesis, Head, Hlc, Op, SetDigest, Why, Write};
use mingbai_store::LogInfo;
use mingbai_sync::DeviceKeys;

use crate::common::Office;

/// When everything here is written, unless its clock is the forgery.
pub(crate) const NOW: u64 = 1_790_000_100_000;

/// The keys of one PC, and whom it writes to.
pub(crate) struct Pen {
    keys: DeviceKeys,
    county: mingbai_bundle::CountyId,
    direction: Direction,
    to: Vec<SealingKey>,
}

impl Pen {
    /// A township's PC that writes to the county.
    pub(crate) fn up(office: &Office) -> Self {
        let trust = office.trust();
        let to = vec![trust.root().sealing_key];
        let keys = DeviceKeys::load(&office.store).unwrap();
        Self { keys, county: trust.county(), direction: Direction::Up, to }
    }

    /// The county's PC, or whoever stole its keys, that writes to a township.
    pub(crate) fn down(county: &Office, to: &Office) -> Self {
        let keys = DeviceKeys::load(&county.store).unwrap();
        let to = vec![DeviceKeys::load(&to.store).unwrap().decryption.public()];
        Self { keys, county: county.trust().county(), direction: Direction::Down, to }
    }

    /// The same keys, claiming to write another way.
    pub(crate) fn towards(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    /// Entries after this place of a log, chained and with a good checkpoint.
    pub(crate) fn range(&self, genesis: &Genesis, after: Head, entries: &[Entry]) -> RangeDraft {
        let entries: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
        self.raw_range(genesis, after.seq + 1, after.hash, entries)
    }

    /// The same of any bytes.
    pub(crate) fn raw_range(
        &self,
        genesis: &Genesis,
        from: u64,
        previous: EntryHash,
        entries: Vec<Vec<u8>>,
    ) -> RangeDraft {
        let head = RangeDraft::head_of(genesis, from, previous, &entries);
        let checkpoint = Checkpoint::sign(&self.keys.signing, head, head.seq, SetDigest::default());
        RangeDraft { genesis: genesis.clone(), from, previous, entries, checkpoint }
    }

    /// A sealed and signed file.
    pub(crate) fn file(&self, ranges: Vec<RangeDraft>, edit: impl FnOnce(&mut BundleDraft<'_>)) -> Vec<u8> {
        // As different as its entries, and the same in every run.
        let number = ranges.first().map_or([9; 16], |range| range.checkpoint.head.hash.prefix());
        let mut draft = BundleDraft {
            direction: self.direction,
            county: self.county,
            sender: &self.keys.signing,
            recipients: &self.to,
            bundle_no: 77,
            bundle_id: Some(number),
            part: (1, 1),
            app: "0.1.0",
            schema: SCHEMA.into(),
            wall_ms: NOW as i64,
            hlc: Hlc::at(NOW).0,
            ranges,
            have: Vec::new(),
            acks: Vec::new(),
            trust: None,
            state: None,
            policies: Vec::new(),
            directives: Vec::new(),
            blobs: Vec::new(),
            snapshots: Vec::new(),
        };
        edit(&mut draft);
        write(&draft, &mut |_| {}).unwrap()
    }

    /// Entries put behind what the reader already has of this log.
    pub(crate) fn more(&self, log: &LogInfo, entries: &[Entry]) -> Vec<u8> {
        self.file(vec![self.range(log.genesis.as_ref().unwrap(), log.head, entries)], |_| {})
    }
}

/// One entry of these operations.
pub(crate) fn entry(ops: Vec<Op>) -> Entry {
    Entry {
        hlc: Hlc::at(NOW),
        wall_delta: 0,
        actor: 0,
        schema: SCHEMA,
        kind: EntryKind::Transaction,
        ops,
        why: Why { action: "record_save".into(), reason: None },
        refs: Vec::new(),
        origin: None,
    }
}

pub(crate) fn text(words: &str) -> Value {
    Value::Text(words.into())
}

pub(crate) fn id(record: RecordId) -> Value {
    Value::Bytes(record.as_bytes().to_vec())
}

/// One write of one field.
pub(crate) fn set(record_type: u16, record: RecordId, field: u16, value: Value, base: Vec<DotRef>) -> Op {
    Op::Set { record_type, record, writes: BTreeMap::from([(field, Write { value, base })]) }
}

pub(crate) fn fact(record_type: u16, record: RecordId, body: impl IntoIterator<Item = (u16, Value)>) -> Op {
    Op::Fact { record_type, record, body: Values::from_iter(body) }
}

/// An id nobody has.
pub(crate) fn fresh(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}
