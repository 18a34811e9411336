//! All known writes of one record, gathered from its entries.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Its base names writes of its own field only.
    pub(crate) known: Known<Dot>,
    /// Everything its author saw: of a deletion the live writes of the whole record.
    pub(crate) saw: Vec<Dot>,
    /// When its first author wrote it, as far as is known here.
    pub(crate) when: Hlc,
    /// The entry that brought it: the first author's own where that one is here.
    pub(crate) source: i64,
    /// The whole body of a fact or an amendment; nothing for a void.
    pub(crate) body: Option<Values>,
    /// Whether what its author wrote is here itself.
    original: bool,
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
    for of_field in writes.values_mut() {
        // What is not here, or stands in another field, cannot be taken out of this one.
        let here = |write: &KnownWrite| {
            let named: BTreeSet<Dot> = write.saw.iter().copied().filter(|dot| of_field.contains_key(dot)).collect();
            named.into_iter().collect()
        };
        let bases: Vec<Vec<Dot>> = of_field.values().map(here).collect();
        of_field.values_mut().zip(bases).for_each(|(write, base)| write.known.base = base);
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
    let mut saw = Vec::with_capacity(base.len());
    for reference in base {
        saw.extend(entries.resolve(from, *reference)?);
    }
    let rank = Rank { time: from.entry.hlc, entry: entries.name(dot.0)?, index: dot.1 };
    let write = KnownWrite {
        known: Known { dot, value, base: Vec::new(), rank, county: from.by_county() },
        saw,
        when: from.entry.hlc,
        source: from.id,
        body: body.cloned(),
        original: from.origin.is_none(),
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
    /// The same write known twice: from its author and re-stated by a county feed, or from two feeds. What the author wrote
    /// is believed before what others say of it, and of two who differ the same one everywhere, whatever came first.
    fn join(&mut self, mut other: Self) {
        let rank = |write: &Self| (!write.original, write.when, write.known.value.clone(), write.source);
        if rank(&other) < rank(self) {
            std::mem::swap(self, &mut other);
        }
        self.known.county |= other.known.county;
        self.saw.extend(other.saw);
    }
}
