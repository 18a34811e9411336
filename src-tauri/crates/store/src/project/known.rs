//! All known writes of one record, gathered from its entries.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use mingbai_domain::{FieldId, RecordId, Value, Values};
use mingbai_ledger::cbor::Writer;
use mingbai_ledger::merge::{Known, Rank};
use mingbai_ledger::op::encode_value;
use mingbai_ledger::{DotRef, Hlc, Op};
use rusqlite::{Connection, params};

use super::heads::{BODY, Dot};
use super::parsed::{Entries, Parsed};
use crate::error::Result;

/// One known write with what only the store needs.
#[derive(Clone, Debug)]
pub(crate) struct KnownWrite {
    pub(crate) known: Known<Dot>,
    /// When its first author wrote it, as far as is known here.
    pub(crate) when: Hlc,
    /// The entry that brought it: the first author's own where that one is here.
    pub(crate) source: i64,
    /// The whole body of a fact or an amendment; nothing for a void.
    pub(crate) body: Option<Values>,
    restated: bool,
}

/// Known writes by field; facts have the single field [`BODY`].
pub(crate) type KnownWrites = BTreeMap<FieldId, BTreeMap<Dot, KnownWrite>>;

/// What a fact's body is compared and digested as: its values that hold something, encoded.
pub(crate) fn body_value(body: Option<&Values>) -> Value {
    let Some(values) = body else { return Value::Null };
    let held: Vec<_> = values.iter().filter(|(_, value)| **value != Value::Null).collect();
    let mut writer = Writer::new();
    writer.map(held.len());
    for (field, value) in held {
        writer.uint(u64::from(*field));
        encode_value(&mut writer, value);
    }
    Value::Bytes(writer.finish())
}

/// Gathers every applied write of a record.
pub(crate) fn gather(
    conn: &Connection,
    entries: &mut Entries<'_>,
    record_type: u16,
    record: &RecordId,
) -> Result<KnownWrites> {
    let mut statement = conn.prepare_cached(
        "select entry from entry_record join entry on entry.id = entry_record.entry
         where record = ?1 and record_type = ?2 and status = 1 order by entry",
    )?;
    let ids = statement
        .query_map(params![record.as_bytes(), record_type], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    let mut writes = KnownWrites::new();
    for id in ids {
        let parsed = entries.get(id)?;
        for (first, position) in parsed.operations_on(record) {
            match parsed.entry.ops.get(*position) {
                Some(Op::Set { record_type: of, writes: fields, .. }) if *of == record_type => {
                    for (index, (field, write)) in (*first..).zip(fields) {
                        add(entries, &mut writes, &parsed, (*field, index), &write.base, write.value.clone(), None)?;
                    }
                }
                Some(Op::Fact { record_type: of, body, .. }) if *of == record_type => {
                    let value = body_value(Some(body));
                    add(entries, &mut writes, &parsed, (BODY, *first), &[], value, Some(body))?;
                }
                Some(Op::Amend { record_type: of, of: base, body, .. }) if *of == record_type => {
                    let value = body_value(body.as_ref());
                    add(entries, &mut writes, &parsed, (BODY, *first), &[*base], value, body.as_ref())?;
                }
                _ => {}
            }
        }
    }
    Ok(writes)
}

fn add(
    entries: &mut Entries<'_>,
    writes: &mut KnownWrites,
    from: &Parsed,
    (field, index): (FieldId, u32),
    base: &[DotRef],
    value: Value,
    body: Option<&Values>,
) -> Result<()> {
    let dot = from.dot(index);
    let mut seen = Vec::with_capacity(base.len());
    for reference in base {
        // A base this file has never heard of cannot take anything away.
        seen.extend(entries.resolve(from, *reference)?);
    }
    let rank = Rank { time: from.entry.hlc, entry: entries.name(dot.0)?, index: dot.1 };
    let write = KnownWrite {
        known: Known { dot, value, base: seen, rank, county: from.by_county() },
        when: from.entry.hlc,
        source: from.id,
        body: body.cloned(),
        restated: from.origin.is_some(),
    };
    match writes.entry(field).or_default().entry(dot) {
        Slot::Vacant(slot) => {
            slot.insert(write);
        }
        Slot::Occupied(mut slot) => slot.get_mut().join(write),
    }
    Ok(())
}

impl KnownWrite {
    /// The same write known twice: from its author and re-stated by a county feed, or from two feeds. The county's time
    /// decides the display once it is known; author and time of writing are the first author's.
    fn join(&mut self, other: Self) {
        self.known.county |= other.known.county;
        self.known.base.extend(other.known.base);
        self.known.rank.time = match (self.restated, other.restated) {
            (true, false) => self.known.rank.time,
            (false, true) => other.known.rank.time,
            _ => self.known.rank.time.min(other.known.rank.time),
        };
        if !other.restated {
            self.when = other.when;
            self.source = other.source;
        } else if self.restated {
            self.when = self.when.min(other.when);
            self.source = self.source.min(other.source);
        }
        self.restated |= other.restated;
    }
}
