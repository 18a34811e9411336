//! The merge told a second time, naively: every write that is known, minus every write somebody saw and might replace. The
//! store's tables must say the same (sync.md §3.6, F8).

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{self, Merge};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, LogId, Op};
use mingbai_store::{Reading, Status};

use crate::{Failure, Result};

/// A write by the entry that made it.
type Dot = (LogId, [u8; 16], u32);

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

/// The live values of every place, by the naive rule.
pub(crate) fn told(lines: &[Line]) -> Result<BTreeMap<Place, BTreeSet<Said>>> {
    let chains: BTreeMap<(LogId, EntryHash), &Line> = lines.iter().map(|line| ((line.log, line.hash), line)).collect();
    let mut writes: BTreeMap<Dot, (Place, Said)> = BTreeMap::new();
    let mut bases: BTreeMap<Dot, BTreeSet<Dot>> = BTreeMap::new();
    let mut by_county: BTreeSet<Dot> = BTreeSet::new();
    for line in lines.iter().filter(|line| line.status == Status::Applied) {
        let entry = Entry::decode(&line.bytes)?;
        let name = |index: u32| -> Dot {
            match &entry.origin {
                Some(origin) => {
                    let at = origin.indices.get(index as usize).copied().unwrap_or(index);
                    (origin.entry.log, origin.entry.hash, at)
                }
                None => (line.log, line.hash.prefix(), index),
            }
        };
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
        let mut say = |index: u32, place: Place, said: Said, base: &[DotRef]| {
            writes.insert(name(index), (place, said));
            bases.entry(name(index)).or_default().extend(base.iter().filter_map(seen));
            if county {
                by_county.insert(name(index));
            }
        };
        for (first, op) in entry.ops_with_dots() {
            match op {
                Op::Set { record_type, record, writes: fields } => {
                    for (index, (field, write)) in (first..).zip(fields) {
                        let place = (*record_type, *record, *field);
                        say(index, place, Said::Field(write.value.clone()), &write.base);
                    }
                }
                Op::Fact { record_type, record, body } => {
                    say(first, (*record_type, *record, 0), Said::Fact(Some(body.clone())), &[]);
                }
                Op::Amend { record_type, record, of, body } => {
                    say(first, (*record_type, *record, 0), Said::Fact(body.clone()), &[*of]);
                }
                _ => {}
            }
        }
    }
    let mut replaced: BTreeSet<Dot> = BTreeSet::new();
    for (dot, base) in bases {
        let guarded = writes.get(&dot).is_some_and(|((kind, _, field), _)| is_guarded(*kind, *field));
        if !guarded || by_county.contains(&dot) {
            replaced.extend(base);
        } else {
            // Not the county's word: it takes out the one proposal it saw, if it saw one.
            let proposals: Vec<Dot> = base.into_iter().filter(|seen| !by_county.contains(seen)).collect();
            replaced.extend(proposals.first().filter(|_| proposals.len() == 1));
        }
    }
    let mut live: BTreeMap<Place, BTreeSet<Said>> = BTreeMap::new();
    for (dot, (place, said)) in writes {
        if !replaced.contains(&dot) {
            live.entry(place).or_default().insert(said);
        }
    }
    Ok(live)
}

/// Compares the tables of a store with the naive rule over the same entries.
///
/// # Errors
/// [`Failure`] naming the first place at which they differ.
pub(crate) fn agrees(who: &str, reading: Reading<'_>, lines: &[Line]) -> Result<u64> {
    let mut open = 0;
    for ((kind, record, field), said) in told(lines)? {
        let conflicts = reading.conflicts_of(kind, record)?;
        let conflict = conflicts.iter().any(|conflict| conflict.field == field);
        let place = || format!("{who}: type {kind} record {record} field {field}");
        if conflict != (said.len() > 1) {
            return Err(Failure::new(format!("I15 {}: {} values live, conflict {conflict}", place(), said.len())));
        }
        open += u64::from(conflict);
        let values = reading.values(kind, record)?.unwrap_or_default();
        let shown = |said: &Said| match said {
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

fn is_guarded(kind: u16, field: u16) -> bool {
    catalogue::by_id(kind).and_then(|kind| kind.field(field)).is_some_and(|field| field.merge == Merge::Guarded)
}

fn present(body: &Values) -> Values {
    body.iter().filter(|(_, value)| **value != Value::Null).map(|(field, value)| (*field, value.clone())).collect()
}
