//! The merge told a second time, naively: every write that is known, minus every write somebody saw and might replace. The
//! store's tables must say the same (sync.md §3.6, F8).

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{self, Merge};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, LogId, Op};
use mingbai_store::{Reading, Status};

use crate::{Failure, Result};

/// A write by the entry that made it.
pub(crate) type Dot = (LogId, [u8; 16], u32);

/// What a field or a whole fact was given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said {
    Field(Value),
    Fact(Option<Values>),
}

/// A field of a record; field 0 is the whole of a fact.
pub(crate) type Place = (u16, RecordId, u16);

/// One entry as its log has it.
pub(crate) struct Line {
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) hash: EntryHash,
    pub(crate) prev: EntryHash,
    pub(crate) status: Status,
    /// Why it was refused.
    pub(crate) reason: Option<String>,
    pub(crate) bytes: Vec<u8>,
    /// Whether its log is the county's word.
    pub(crate) county: bool,
}

/// Every entry a store holds, log by log.
pub(crate) fn lines(reading: Reading<'_>) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for log in reading.logs()? {
        for stored in reading.entries_after(&log.id, 0, u64::MAX >> 1)? {
            let (hash, prev, bytes) = (stored.hash, stored.prev, stored.bytes);
            let (status, reason) = (stored.status, stored.reason);
            let county = log.role.is_county();
            lines.push(Line { log: log.id, seq: stored.seq, hash, prev, status, reason, bytes, county });
        }
    }
    Ok(lines)
}

/// What an entry writes: under which names, where, what. What a feed re-states keeps its first author's names.
pub(crate) fn writes_of(entry: &Entry, log: LogId, hash: [u8; 16]) -> Vec<(Dot, Place, Said)> {
    let name = |index: u32| -> Dot {
        match &entry.origin {
            Some(origin) => {
                let at = origin.indices.get(index as usize).copied().unwrap_or(index);
                (origin.entry.log, origin.entry.hash, at)
            }
            None => (log, hash, index),
        }
    };
    let mut written = Vec::new();
    for (first, op) in entry.ops_with_dots() {
        match op {
            Op::Set { record_type, record, writes } => {
                let fields = (first..).zip(writes);
                written.extend(fields.map(|(index, (field, write))| {
                    (name(index), (*record_type, *record, *field), Said::Field(write.value.clone()))
                }));
            }
            Op::Fact { record_type, record, body } => {
                written.push((name(first), (*record_type, *record, 0), Said::Fact(Some(body.clone()))));
            }
            Op::Amend { record_type, record, body, .. } => {
                written.push((name(first), (*record_type, *record, 0), Said::Fact(body.clone())));
            }
            _ => {}
        }
    }
    written
}

/// What each of these writes saw, in the same order.
fn bases_of(entry: &Entry) -> Vec<Vec<DotRef>> {
    let of = |op: &Op| match op {
        Op::Set { writes, .. } => writes.values().map(|write| write.base.clone()).collect(),
        Op::Fact { .. } => vec![Vec::new()],
        Op::Amend { of, .. } => vec![vec![*of]],
        _ => Vec::new(),
    };
    entry.ops.iter().flat_map(of).collect()
}

/// What the log says, by the naive rule.
#[derive(Default)]
pub(crate) struct Told {
    /// The live writes of every place.
    pub(crate) live: BTreeMap<Place, BTreeMap<Dot, Said>>,
    /// Every write that counts.
    pub(crate) written: BTreeSet<Dot>,
    /// Those of them that are the county's word.
    pub(crate) by_county: BTreeSet<Dot>,
}

/// The live writes of every place, by the naive rule.
pub(crate) fn told(lines: &[Line]) -> Result<Told> {
    let chains: BTreeMap<(LogId, EntryHash), &Line> = lines.iter().map(|line| ((line.log, line.hash), line)).collect();
    let mut writes: BTreeMap<Dot, (Place, Said)> = BTreeMap::new();
    let mut bases: BTreeMap<Dot, BTreeSet<Dot>> = BTreeMap::new();
    let mut by_county: BTreeSet<Dot> = BTreeSet::new();
    for line in lines.iter().filter(|line| line.status == Status::Applied) {
        let entry = Entry::decode(&line.bytes)?;
        let seen = |dot: &DotRef| -> Option<Dot> {
            match dot {
                DotRef::Own { seq, index } => {
                    let mut at = line;
                    while at.seq > *seq {
                        at = chains.get(&(at.log, at.prev))?;
                    }
                    Some((at.log, at.hash.prefix(), *index))
                }
                DotRef::Foreign { reference, index } => {
                    let named = entry.refs.get(*reference as usize)?;
                    Some((named.log, named.hash, *index))
                }
            }
        };
        let county = if entry.origin.is_some() { entry.kind == EntryKind::Directive } else { line.county };
        for ((dot, place, said), base) in
            writes_of(&entry, line.log, line.hash.prefix()).into_iter().zip(bases_of(&entry))
        {
            writes.insert(dot, (place, said));
            bases.entry(dot).or_default().extend(base.iter().filter_map(seen));
            if county {
                by_county.insert(dot);
            }
        }
    }
    let mut replaced: BTreeSet<Dot> = BTreeSet::new();
    for (dot, mut base) in bases {
        // A deletion names what stood in the whole record; of another field it takes nothing out, and what is not here
        // cannot be taken out either.
        let place = |dot: &Dot| writes.get(dot).map(|(place, _)| *place);
        base.retain(|seen| place(seen).is_some() && place(seen) == place(&dot));
        let guarded = writes.get(&dot).is_some_and(|((kind, _, field), _)| is_guarded(*kind, *field));
        if !guarded || by_county.contains(&dot) {
            replaced.extend(base);
        } else {
            // Not the county's word: it takes out the one proposal it saw, if it saw one.
            let proposals: Vec<Dot> = base.into_iter().filter(|seen| !by_county.contains(seen)).collect();
            replaced.extend(proposals.first().filter(|_| proposals.len() == 1));
        }
    }
    let mut told = Told { by_county, ..Told::default() };
    for (dot, (place, said)) in writes {
        if !replaced.contains(&dot) {
            told.live.entry(place).or_default().insert(dot, said);
        }
        told.written.insert(dot);
    }
    Ok(told)
}

/// Compares the tables of a store with the naive rule over the same entries.
///
/// # Errors
/// [`Failure`] naming the first place at which they differ.
pub(crate) fn agrees(who: &str, reading: Reading<'_>, told: &Told) -> Result<u64> {
    let mut open = 0;
    for (&(kind, record, field), live) in &told.live {
        let said: BTreeSet<&Said> = live.values().collect();
        let conflicts = reading.conflicts_of(kind, record)?;
        let conflict = conflicts.iter().any(|conflict| conflict.field == field);
        let place = || format!("{who}: type {kind} record {record} field {field}");
        if conflict != (said.len() > 1) {
            return Err(Failure::new(format!("I15 {}: {} values live, conflict {conflict}", place(), said.len())));
        }
        open += u64::from(conflict);
        let values = reading.values(kind, record)?.unwrap_or_default();
        let shown = |said: &&Said| match said {
            Said::Field(value) => values.get(&field).unwrap_or(&Value::Null) == value,
            Said::Fact(Some(body)) => values == present(body),
            // A voided fact still shows what it said.
            Said::Fact(None) => true,
        };
        if !said.iter().any(shown) {
            return Err(Failure::new(format!("I15 {}: the tables show none of {said:?} but {values:?}", place())));
        }
    }
    Ok(open)
}

pub(crate) fn is_guarded(kind: u16, field: u16) -> bool {
    catalogue::by_id(kind).and_then(|kind| kind.field(field)).is_some_and(|field| field.merge == Merge::Guarded)
}

fn present(body: &Values) -> Values {
    body.iter().filter(|(_, value)| **value != Value::Null).map(|(field, value)| (*field, value.clone())).collect()
}
