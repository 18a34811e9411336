//! One entry: who, when, why, and what. The wire format:
//!
//! ```text
//! { 1: hlc, 2: wall − hlc.ms, 3: actor, 4: schema, 5: kind, 6: [op…], 7: [action, reason|null],
//!   8: [[log, seq, hash16]…]            only when other logs are referenced
//!   9: [log, seq, hash16, [index…]]     only in a county feed: the entry these operations re-state
//! }
//! ```

use crate::cbor::CborError;
use crate::hlc::Hlc;
use crate::id::EntryRef;
use crate::op::Op;
use crate::wire;

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A saved action.
    Transaction,
    /// A bundle taken in.
    Import,
    /// Confirmations.
    Ack,
    /// A change of keys.
    Key,
    /// A checkpoint.
    Checkpoint,
    /// The county asks for something.
    Directive,
    /// Evidence of a fork.
    Fork,
    /// A note: a read of restricted data, an export, a print.
    Note,
}

impl EntryKind {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Transaction => 1,
            Self::Import => 2,
            Self::Ack => 3,
            Self::Key => 4,
            Self::Checkpoint => 5,
            Self::Directive => 6,
            Self::Fork => 7,
            Self::Note => 8,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_code(code: u64) -> Option<Self> {
        Some(match code {
            1 => Self::Transaction,
            2 => Self::Import,
            3 => Self::Ack,
            4 => Self::Key,
            5 => Self::Checkpoint,
            6 => Self::Directive,
            7 => Self::Fork,
            8 => Self::Note,
            _ => return None,
        })
    }
}

/// Why an entry was written: the command, and the reason a person gave where one was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// Command name, `noun_verb`.
    pub action: String,
    /// The person's words.
    pub reason: Option<String>,
}

/// In a county feed: the entry of another log that these operations re-state, with the dots they keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The original entry.
    pub entry: EntryRef,
    /// For each write here, its index in the original entry.
    pub indices: Vec<u32>,
}

/// One committed action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Hybrid logical time.
    pub hlc: Hlc,
    /// The machine's own clock minus the HLC's milliseconds: evidence only.
    pub wall_delta: i64,
    /// Index into this log's roster; 0 is the program itself.
    pub actor: u32,
    /// The writer's schema version.
    pub schema: u32,
    /// What it is for.
    pub kind: EntryKind,
    /// What it does.
    pub ops: Vec<Op>,
    /// Why.
    pub why: Why,
    /// Entries of other logs that bases refer to.
    pub refs: Vec<EntryRef>,
    /// What a county feed re-states.
    pub origin: Option<Origin>,
}

/// Why entry bytes were not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not deterministic CBOR, or not of the entry's shape.
    #[error("记录格式不正确：{0}")]
    Cbor(#[from] CborError),
    /// A kind, key or version this build does not know: kept, and read after an upgrade.
    #[error("记录由更新的版本写成，升级后可读")]
    Newer,
    /// A reference to a place no log has, or to a missing reference entry.
    #[error("记录引用了不存在的内容")]
    BadReference,
}

impl Entry {
    /// The exact bytes to store, hash and send.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads entry bytes strictly. Unknown operations are kept as [`Op::Unknown`].
    ///
    /// # Errors
    /// [`EntryError`]; [`EntryError::Newer`] means the bytes are sound but written by a newer version.
    pub fn decode(bytes: &[u8]) -> Result<Self, EntryError> {
        wire::decode(bytes)
    }

    /// Each operation with the index of its first dot.
    pub fn ops_with_dots(&self) -> impl Iterator<Item = (u32, &Op)> {
        self.ops.iter().scan(0, |next, op| {
            let first = *next;
            *next += op.dots();
            Some((first, op))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mingbai_domain::{RecordId, Value};
    use proptest::prelude::{any, proptest};
    use proptest::{collection, prop_assert, prop_assert_eq};

    use super::{Entry, EntryError, EntryKind, Origin, Why};
    use crate::cbor::CborError;
    use crate::hlc::Hlc;
    use crate::id::{EntryHash, EntryRef, Head, LogId, MAX_SEQ};
    use crate::op::{DotRef, Op, Write};

    fn every_operation() -> Entry {
        let record = RecordId::from_bytes([7; 16]);
        let own = DotRef::Own { seq: 3, index: 1 };
        let foreign = DotRef::Foreign { reference: 0, index: 2 };
        let head = Head { log: LogId([1; 16]), seq: 900, hash: EntryHash([2; 32]) };
        let values = BTreeMap::from([(1, Value::Text("䶮".into())), (24, Value::Int(-5)), (300, Value::Null)]);
        Entry {
            hlc: Hlc::at(1_790_000_000_000),
            wall_delta: -12,
            actor: 2,
            schema: 1,
            kind: EntryKind::Transaction,
            ops: vec![
                Op::Set {
                    record_type: 1,
                    record,
                    writes: BTreeMap::from([
                        (1, Write { value: Value::Text("0214".into()), base: vec![] }),
                        (13, Write { value: Value::Bool(true), base: vec![own, foreign] }),
                    ]),
                },
                Op::Fact { record_type: 13, record, body: values.clone() },
                Op::Amend { record_type: 13, record, of: own, body: Some(values) },
                Op::Amend { record_type: 13, record, of: foreign, body: None },
                Op::Add { record_type: 2, record, field: 9, element: Value::Bytes(vec![1, 2]) },
                Op::Remove { record_type: 2, record, field: 9, element: Value::Int(1), observed: vec![own] },
                Op::Merge { loser: record, winner: record, evidence: "同一人".into() },
                Op::Unmerge { of: own },
                Op::Blob { sha256: [3; 32], size: 70_000, mime: "image/png".into() },
                Op::Roster { operator: record, name: "王玉梅".into(), role: "clerk".into() },
                Op::Import {
                    bundle: [4; 16],
                    file: [5; 32],
                    ranges: vec![(LogId([6; 16]), 1, 9, EntryHash([7; 32]))],
                    counts: [9, 0, 0, 0, 0],
                    after: vec![head],
                },
                Op::Ack { head, level: 2 },
                Op::Refused { entry: head, reason: "户不在该单位辖区内".into(), later: true },
            ],
            why: Why { action: "household_save".into(), reason: Some("更正".into()) },
            refs: vec![EntryRef { log: LogId([8; 16]), seq: 5, hash: [9; 16] }],
            origin: Some(Origin {
                entry: EntryRef { log: LogId([8; 16]), seq: 6, hash: [1; 16] },
                indices: vec![0, 1, 4],
            }),
        }
    }

    #[test]
    fn every_operation_reads_back_as_written_and_encodes_to_the_same_bytes() {
        let entry = every_operation();
        let bytes = entry.encode();
        let read = Entry::decode(&bytes).unwrap();
        assert_eq!(read, entry);
        assert_eq!(read.encode(), bytes);
    }

    #[test]
    fn the_bytes_of_an_entry_are_fixed_for_ever() {
        let hex: String = every_operation().encode().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, include_str!("../golden/every-operation.hex").trim());
    }

    #[test]
    fn an_operation_of_a_newer_version_is_kept_byte_for_byte() {
        let mut entry = every_operation();
        let raw = vec![0x83, 0x18, 0x63, 0x41, 0x07, 0xf5];
        entry.ops.push(Op::Unknown(raw.clone()));
        let bytes = entry.encode();
        let read = Entry::decode(&bytes).unwrap();
        assert_eq!(read.ops.last(), Some(&Op::Unknown(raw)));
        assert_eq!(read.encode(), bytes);
    }

    #[test]
    fn a_known_operation_grown_longer_is_newer_only_under_a_newer_schema() {
        let ours = mingbai_domain::catalogue::SCHEMA;
        for (schema, expected) in [(ours, EntryError::Cbor(CborError::Shape)), (ours + 1, EntryError::Newer)] {
            let mut entry = every_operation();
            entry.schema = schema;
            // An ack with a fourth member, and a set whose value is an array.
            let head = [vec![0x83, 0x50], vec![1; 16], vec![0x01, 0x58, 0x20], vec![2; 32]].concat();
            let longer = [vec![0x84, 0x15], head, vec![0x02, 0xf5]].concat();
            let listed = [vec![0x84, 0x01, 0x01, 0x50], vec![7; 16], vec![0xa1, 0x01, 0x82, 0x81, 0x01, 0x80]].concat();
            for raw in [longer, listed] {
                let mut entry = entry.clone();
                entry.ops.push(Op::Unknown(raw));
                assert_eq!(Entry::decode(&entry.encode()), Err(expected));
            }
        }
    }

    #[test]
    fn a_base_that_names_no_reference_is_refused() {
        let mut entry = every_operation();
        entry.refs.clear();
        assert_eq!(Entry::decode(&entry.encode()), Err(EntryError::BadReference));
    }

    #[test]
    fn a_place_no_log_has_is_refused_wherever_it_is_named() {
        let far = u64::MAX;
        let head = Head { log: LogId([1; 16]), seq: far, hash: EntryHash([2; 32]) };
        let import = |ranges, after| Op::Import { bundle: [4; 16], file: [5; 32], ranges, counts: [0; 5], after };
        let refused = |edit: &dyn Fn(&mut Entry)| {
            let mut entry = every_operation();
            edit(&mut entry);
            Entry::decode(&entry.encode())
        };
        assert!(refused(&|e| e.refs[0].seq = MAX_SEQ).is_ok());
        for (edit, what) in [
            (&(|e: &mut Entry| e.refs[0].seq = MAX_SEQ + 1) as &dyn Fn(&mut Entry), "a reference just past"),
            (&|e| e.refs[0].seq = far, "a reference"),
            (&|e| e.origin.as_mut().unwrap().entry.seq = far, "an origin"),
            (&|e| e.ops.push(Op::Unmerge { of: DotRef::Own { seq: i64::MAX as u64, index: 0 } }), "a base"),
            (&|e| e.ops.push(Op::Ack { head, level: 1 }), "a receipt"),
            (&|e| e.ops.push(Op::Refused { entry: head, reason: String::new(), later: false }), "a refusal"),
            (&|e| e.ops.push(import(vec![(head.log, 1, far, head.hash)], vec![])), "the end of a range"),
            (&|e| e.ops.push(import(vec![(head.log, far, 1, head.hash)], vec![])), "the start of a range"),
            (&|e| e.ops.push(import(vec![], vec![head])), "a head held"),
        ] {
            assert_eq!(refused(edit), Err(EntryError::BadReference), "{what}");
        }
    }

    proptest! {
        #[test]
        fn bytes_that_decode_encode_to_themselves(noise in collection::vec(any::<u8>(), 0..200)) {
            if let Ok(entry) = Entry::decode(&noise) {
                prop_assert_eq!(entry.encode(), noise);
            }
        }

        #[test]
        fn one_changed_byte_never_reads_as_two_meanings(at in 0_usize..900, to in any::<u8>()) {
            let mut bytes = every_operation().encode();
            let at = at % bytes.len();
            bytes[at] = to;
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode(), bytes);
            }
        }

        #[test]
        fn truncated_entries_are_refused(cut in 0_usize..900) {
            let bytes = every_operation().encode();
            prop_assert!(Entry::decode(&bytes[..cut % bytes.len()]).is_err());
        }
    }
}
