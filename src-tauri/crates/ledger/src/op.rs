//! Operations: what one entry does to records. Numbers are for ever; see the wire format in [`crate::entry`].

use std::collections::BTreeMap;

use mingbai_domain::{FieldId, RecordId, Value, Values};

use crate::cbor::Writer;
use crate::id::{EntryHash, Head, LogId};

/// Names one field write: an entry and the index of the write within it. Content-addressed through the entry hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DotRef {
    /// An earlier entry of the same log, resolved along the author's own chain.
    Own {
        /// Sequence number in this log.
        seq: u64,
        /// Which write of that entry.
        index: u32,
    },
    /// An entry of another log, named in the entry's reference list.
    Foreign {
        /// Position in [`crate::Entry::refs`].
        reference: u32,
        /// Which write of that entry.
        index: u32,
    },
}

/// One field write with the writes its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The new value.
    pub value: Value,
    /// The live writes this one replaces; a concurrent write is one that is not here.
    pub base: Vec<DotRef>,
}

/// One operation of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Writes fields of a state record (op 1).
    Set {
        /// Record type number.
        record_type: u16,
        /// Which record.
        record: RecordId,
        /// Writes by field.
        writes: BTreeMap<FieldId, Write>,
    },
    /// Inserts an immutable fact (op 2).
    Fact {
        /// Record type number.
        record_type: u16,
        /// Which record.
        record: RecordId,
        /// Its values.
        body: Values,
    },
    /// Corrects a fact, or voids it when there is no body (op 3).
    Amend {
        /// Record type number.
        record_type: u16,
        /// Which record.
        record: RecordId,
        /// The fact or amendment this replaces.
        of: DotRef,
        /// The whole corrected fact, or nothing.
        body: Option<Values>,
    },
    /// Adds an element to a set field (op 4).
    Add {
        /// Record type number.
        record_type: u16,
        /// Which record.
        record: RecordId,
        /// Which set.
        field: FieldId,
        /// What is added.
        element: Value,
    },
    /// Removes an element from a set field: only the additions seen (op 5).
    Remove {
        /// Record type number.
        record_type: u16,
        /// Which record.
        record: RecordId,
        /// Which set.
        field: FieldId,
        /// What is removed.
        element: Value,
        /// The additions its author saw.
        observed: Vec<DotRef>,
    },
    /// One person registered twice: `loser` is read as `winner` from now on (op 6).
    Merge {
        /// The record that becomes an alias.
        loser: RecordId,
        /// The record that stays.
        winner: RecordId,
        /// Why, in words.
        evidence: String,
    },
    /// Undoes a merge (op 7).
    Unmerge {
        /// The merge.
        of: DotRef,
    },
    /// Registers an attachment by content (op 8).
    Blob {
        /// SHA-256 of the bytes.
        sha256: [u8; 32],
        /// Length in bytes.
        size: u64,
        /// Media type.
        mime: String,
    },
    /// Enters an operator into this log's roster; actors are indices into it, 0 being the program itself (op 9).
    Roster {
        /// The operator record.
        operator: RecordId,
        /// Name at that time, so that the audit trail reads without the register.
        name: String,
        /// Role code at that time.
        role: String,
    },
    /// A bundle was imported (op 20).
    Import {
        /// The bundle's id.
        bundle: [u8; 16],
        /// SHA-256 of the file.
        file: [u8; 32],
        /// What it carried: log, from, to, head hash.
        ranges: Vec<(LogId, u64, u64, EntryHash)>,
        /// Entries in the file = new + duplicate + held + deferred + unapplied.
        counts: [u64; 5],
        /// The heads held after it: the causal context of every later entry of this log.
        after: Vec<Head>,
    },
    /// The county confirms entries of a township's log up to `head` (op 21).
    Ack {
        /// Up to which entry.
        head: Head,
        /// 1 received, 2 applied, 3 in a verified backup.
        level: u8,
    },
    /// The county received an entry and did not take it into its tables (op 22). Standing beside an [`Op::Ack`] that
    /// covers the entry, it takes that one entry out of the confirmation.
    Refused {
        /// Which entry.
        entry: Head,
        /// Why, in words; empty once the county has taken the entry in after all.
        reason: String,
        /// Whether the county keeps it for a later version of its program instead of refusing it for good.
        later: bool,
    },
    /// Written by a newer version; kept and replayed after an upgrade.
    Unknown(Vec<u8>),
}

/// Writes a field value.
pub fn encode_value(writer: &mut Writer, value: &Value) {
    match value {
        Value::Null => writer.null(),
        Value::Bool(yes) => writer.bool(*yes),
        Value::Int(number) => writer.int(*number),
        Value::Text(text) => writer.text(text),
        Value::Bytes(bytes) => writer.bytes(bytes),
    };
}

impl Op {
    /// How many field writes this operation makes, which is how many dots it takes.
    #[must_use]
    pub fn dots(&self) -> u32 {
        match self {
            Self::Set { writes, .. } => writes.len() as u32,
            Self::Fact { .. }
            | Self::Amend { .. }
            | Self::Add { .. }
            | Self::Remove { .. }
            | Self::Merge { .. }
            | Self::Unmerge { .. } => 1,
            Self::Blob { .. }
            | Self::Roster { .. }
            | Self::Import { .. }
            | Self::Ack { .. }
            | Self::Refused { .. }
            | Self::Unknown(_) => 0,
        }
    }

    /// The record it touches, if it touches one.
    #[must_use]
    pub fn record(&self) -> Option<(u16, RecordId)> {
        match self {
            Self::Set { record_type, record, .. }
            | Self::Fact { record_type, record, .. }
            | Self::Amend { record_type, record, .. }
            | Self::Add { record_type, record, .. }
            | Self::Remove { record_type, record, .. } => Some((*record_type, *record)),
            _ => None,
        }
    }
}
