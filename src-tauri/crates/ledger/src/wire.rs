//! The bytes of entries and operations.

use std::collections::BTreeMap;

use mingbai_domain::{RecordId, Value, Values, catalogue};
use minicbor::data::Type;

use crate::cbor::{self, CborError, Decoder, Writer};
use crate::entry::{Entry, EntryError, EntryKind, Origin, Why};
use crate::hlc::Hlc;
use crate::id::{EntryHash, EntryRef, Head, LogId, MAX_SEQ};
use crate::op::{DotRef, Op, Write, encode_value};

pub(crate) fn encode(entry: &Entry) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(7 + usize::from(!entry.refs.is_empty()) + usize::from(entry.origin.is_some()));
    w.uint(1).uint(entry.hlc.0).uint(2).int(entry.wall_delta).uint(3).uint(entry.actor.into());
    w.uint(4).uint(entry.schema.into()).uint(5).uint(entry.kind.code().into());
    w.uint(6).array(entry.ops.len());
    entry.ops.iter().for_each(|op| put_op(&mut w, op));
    w.uint(7).array(2).text(&entry.why.action);
    match &entry.why.reason {
        Some(reason) => w.text(reason),
        None => w.null(),
    };
    if !entry.refs.is_empty() {
        w.uint(8).array(entry.refs.len());
        entry.refs.iter().for_each(|r| put_ref(&mut w, r, 3));
    }
    if let Some(origin) = &entry.origin {
        w.uint(9);
        put_ref(&mut w, &origin.entry, 4);
        w.array(origin.indices.len());
        origin.indices.iter().for_each(|i| {
            w.uint((*i).into());
        });
    }
    w.finish()
}

fn put_ref(w: &mut Writer, reference: &EntryRef, items: usize) {
    w.array(items).bytes(&reference.log.0).uint(reference.seq).bytes(&reference.hash);
}

/// `[seq, index]` for the own chain, `[−1 − reference, index]` for another log.
fn put_dot(w: &mut Writer, dot: DotRef) {
    w.array(2);
    match dot {
        DotRef::Own { seq, index } => w.uint(seq).uint(index.into()),
        DotRef::Foreign { reference, index } => w.int(-1 - i64::from(reference)).uint(index.into()),
    };
}

fn put_dots(w: &mut Writer, dots: &[DotRef]) {
    w.array(dots.len());
    dots.iter().for_each(|d| put_dot(w, *d));
}

fn put_values(w: &mut Writer, values: &Values) {
    w.map(values.len());
    for (field, value) in values {
        w.uint((*field).into());
        encode_value(w, value);
    }
}

fn put_op(w: &mut Writer, op: &Op) {
    let start = |w: &mut Writer, items, code, record_type: u16, record: &RecordId| {
        w.array(items).uint(code).uint(record_type.into()).bytes(record.as_bytes());
    };
    match op {
        Op::Set { record_type, record, writes } => {
            start(w, 4, 1, *record_type, record);
            w.map(writes.len());
            for (field, write) in writes {
                w.uint((*field).into()).array(2);
                encode_value(w, &write.value);
                put_dots(w, &write.base);
            }
        }
        Op::Fact { record_type, record, body } => {
            start(w, 4, 2, *record_type, record);
            put_values(w, body);
        }
        Op::Amend { record_type, record, of, body } => {
            start(w, 5, 3, *record_type, record);
            put_dot(w, *of);
            match body {
                Some(values) => put_values(w, values),
                None => {
                    w.null();
                }
            }
        }
        Op::Add { record_type, record, field, element } => {
            start(w, 6, 4, *record_type, record);
            w.uint((*field).into());
            encode_value(w, element);
            w.array(0);
        }
        Op::Remove { record_type, record, field, element, observed } => {
            start(w, 6, 5, *record_type, record);
            w.uint((*field).into());
            encode_value(w, element);
            put_dots(w, observed);
        }
        Op::Merge { loser, winner, evidence } => {
            w.array(4).uint(6).bytes(loser.as_bytes()).bytes(winner.as_bytes()).text(evidence);
        }
        Op::Unmerge { of } => {
            w.array(2).uint(7);
            put_dot(w, *of);
        }
        Op::Blob { sha256, size, mime } => {
            w.array(4).uint(8).bytes(sha256).uint(*size).text(mime);
        }
        Op::Roster { operator, name, role } => {
            w.array(4).uint(9).bytes(operator.as_bytes()).text(name).text(role);
        }
        Op::Import { bundle, file, ranges, counts, after } => {
            w.array(6).uint(20).bytes(bundle).bytes(file).array(ranges.len());
            for (log, from, to, head) in ranges {
                w.array(4).bytes(&log.0).uint(*from).uint(*to).bytes(&head.0);
            }
            w.array(counts.len());
            counts.iter().for_each(|c| {
                w.uint(*c);
            });
            w.array(after.len());
            after.iter().for_each(|h| put_head(w, h));
        }
        Op::Ack { head, level } => {
            w.array(3).uint(21);
            put_head(w, head);
            w.uint((*level).into());
        }
        Op::Refused { entry, reason, later } => {
            w.array(4).uint(22);
            put_head(w, entry);
            w.text(reason).bool(*later);
        }
        Op::Unknown(raw) => {
            w.raw(raw);
        }
    }
}

fn put_head(w: &mut Writer, head: &Head) {
    w.array(3).bytes(&head.log.0).uint(head.seq).bytes(&head.hash.0);
}

/// Bytes in the deterministic form that do not have our shape are a newer version's when their schema number says so.
pub(crate) fn decode(bytes: &[u8]) -> Result<Entry, EntryError> {
    cbor::check(bytes)?;
    fields(bytes).map_err(|error| {
        let newer = schema_of(bytes).is_some_and(|schema| schema > u64::from(catalogue::SCHEMA));
        if newer { EntryError::Newer } else { error }
    })
}

/// The writer's schema version, read past everything else.
fn schema_of(bytes: &[u8]) -> Option<u64> {
    let mut d = Decoder::new(bytes);
    for _ in 0..d.map().ok()?? {
        if d.u64().ok()? == 4 {
            return d.u64().ok();
        }
        d.skip().ok()?;
    }
    None
}

fn fields(bytes: &[u8]) -> Result<Entry, EntryError> {
    let mut d = Decoder::new(bytes);
    let keys = cbor::map(&mut d)?;
    let mut entry = Entry {
        hlc: Hlc::default(),
        wall_delta: 0,
        actor: 0,
        schema: 0,
        kind: EntryKind::Transaction,
        ops: Vec::new(),
        why: Why::default(),
        refs: Vec::new(),
        origin: None,
    };
    let mut seen = 0;
    for _ in 0..keys {
        let key = d.u64().map_err(CborError::from)?;
        match key {
            1 => entry.hlc = Hlc(d.u64().map_err(CborError::from)?),
            2 => entry.wall_delta = d.i64().map_err(CborError::from)?,
            3 => entry.actor = d.u32().map_err(CborError::from)?,
            4 => entry.schema = d.u32().map_err(CborError::from)?,
            5 => entry.kind = EntryKind::from_code(d.u64().map_err(CborError::from)?).ok_or(EntryError::Newer)?,
            6 => entry.ops = list(&mut d, |d| take_op(d, bytes))?,
            7 => {
                length(&mut d, 2)?;
                entry.why.action = d.str().map_err(CborError::from)?.to_owned();
                entry.why.reason =
                    if cbor::null(&mut d)? { None } else { Some(d.str().map_err(CborError::from)?.to_owned()) };
            }
            8 => entry.refs = list(&mut d, |d| take_ref(d, 3))?,
            9 => {
                let origin = take_ref(&mut d, 4)?;
                let indices = list(&mut d, |d| d.u32().map_err(CborError::from))?;
                entry.origin = Some(Origin { entry: origin, indices });
            }
            _ => return Err(EntryError::Newer),
        }
        seen |= 1 << key;
    }
    if seen & 0b1111_1110 != 0b1111_1110 {
        return Err(CborError::Shape.into());
    }
    let references = entry.refs.len() as u32;
    let sound = |dot: &DotRef| match dot {
        DotRef::Own { seq, .. } => *seq <= MAX_SEQ,
        DotRef::Foreign { reference, .. } => *reference < references,
    };
    let bases_sound = entry.ops.iter().all(|op| match op {
        Op::Set { writes, .. } => writes.values().all(|w| w.base.iter().all(sound)),
        Op::Amend { of, .. } | Op::Unmerge { of } => sound(of),
        Op::Remove { observed, .. } => observed.iter().all(sound),
        Op::Import { ranges, after, .. } => {
            ranges.iter().all(|(_, from, to, _)| from.max(to) <= &MAX_SEQ) && after.iter().all(|h| h.seq <= MAX_SEQ)
        }
        Op::Ack { head, .. } | Op::Refused { entry: head, .. } => head.seq <= MAX_SEQ,
        _ => true,
    });
    let mut named = entry.refs.iter().chain(entry.origin.as_ref().map(|origin| &origin.entry));
    if bases_sound && named.all(|reference| reference.seq <= MAX_SEQ) {
        Ok(entry)
    } else {
        Err(EntryError::BadReference)
    }
}

fn list<T>(
    d: &mut Decoder<'_>,
    mut take: impl FnMut(&mut Decoder<'_>) -> Result<T, CborError>,
) -> Result<Vec<T>, CborError> {
    let items = cbor::array(d)?;
    (0..items).map(|_| take(d)).collect()
}

fn length(d: &mut Decoder<'_>, items: u64) -> Result<(), CborError> {
    if cbor::array(d)? == items { Ok(()) } else { Err(CborError::Shape) }
}

fn take_ref(d: &mut Decoder<'_>, items: u64) -> Result<EntryRef, CborError> {
    length(d, items)?;
    Ok(EntryRef { log: LogId(cbor::fixed(d)?), seq: d.u64()?, hash: cbor::fixed(d)? })
}

fn take_head(d: &mut Decoder<'_>) -> Result<Head, CborError> {
    length(d, 3)?;
    Ok(Head { log: LogId(cbor::fixed(d)?), seq: d.u64()?, hash: EntryHash(cbor::fixed(d)?) })
}

fn take_dot(d: &mut Decoder<'_>) -> Result<DotRef, CborError> {
    length(d, 2)?;
    let place = d.i64()?;
    let index = d.u32()?;
    if let Ok(seq) = u64::try_from(place) {
        return Ok(DotRef::Own { seq, index });
    }
    let reference = u32::try_from(-1 - place).map_err(|_| CborError::Shape)?;
    Ok(DotRef::Foreign { reference, index })
}

fn take_record(d: &mut Decoder<'_>) -> Result<RecordId, CborError> {
    Ok(RecordId::from_bytes(cbor::fixed(d)?))
}

fn take_value(d: &mut Decoder<'_>) -> Result<Value, CborError> {
    Ok(match d.datatype()? {
        Type::Null => {
            d.null()?;
            Value::Null
        }
        Type::Bool => Value::Bool(d.bool()?),
        Type::String => Value::Text(d.str()?.to_owned()),
        Type::Bytes => Value::Bytes(d.bytes()?.to_vec()),
        _ => Value::Int(d.i64()?),
    })
}

fn take_values(d: &mut Decoder<'_>) -> Result<Values, CborError> {
    let fields = cbor::map(d)?;
    (0..fields).map(|_| Ok((d.u16()?, take_value(d)?))).collect()
}

fn take_op(d: &mut Decoder<'_>, bytes: &[u8]) -> Result<Op, CborError> {
    let start = d.position();
    let items = cbor::array(d)?;
    let code = d.u64()?;
    let known = match (code, items) {
        (1..=5, _) => {
            let record_type = d.u16()?;
            let record = take_record(d)?;
            match (code, items) {
                (1, 4) => {
                    let fields = cbor::map(d)?;
                    let writes = (0..fields)
                        .map(|_| {
                            let field = d.u16()?;
                            length(d, 2)?;
                            let value = take_value(d)?;
                            Ok((field, Write { value, base: list(d, take_dot)? }))
                        })
                        .collect::<Result<BTreeMap<_, _>, CborError>>()?;
                    Some(Op::Set { record_type, record, writes })
                }
                (2, 4) => Some(Op::Fact { record_type, record, body: take_values(d)? }),
                (3, 5) => {
                    let of = take_dot(d)?;
                    let body = if cbor::null(d)? { None } else { Some(take_values(d)?) };
                    Some(Op::Amend { record_type, record, of, body })
                }
                (4 | 5, 6) => {
                    let field = d.u16()?;
                    let element = take_value(d)?;
                    let observed = list(d, take_dot)?;
                    Some(if code == 4 {
                        if !observed.is_empty() {
                            return Err(CborError::Shape);
                        }
                        Op::Add { record_type, record, field, element }
                    } else {
                        Op::Remove { record_type, record, field, element, observed }
                    })
                }
                _ => return Err(CborError::Shape),
            }
        }
        (6, 4) => Some(Op::Merge { loser: take_record(d)?, winner: take_record(d)?, evidence: d.str()?.to_owned() }),
        (7, 2) => Some(Op::Unmerge { of: take_dot(d)? }),
        (8, 4) => Some(Op::Blob { sha256: cbor::fixed(d)?, size: d.u64()?, mime: d.str()?.to_owned() }),
        (9, 4) => Some(Op::Roster { operator: take_record(d)?, name: d.str()?.to_owned(), role: d.str()?.to_owned() }),
        (20, 6) => {
            let bundle = cbor::fixed(d)?;
            let file = cbor::fixed(d)?;
            let ranges = list(d, |d| {
                length(d, 4)?;
                Ok((LogId(cbor::fixed(d)?), d.u64()?, d.u64()?, EntryHash(cbor::fixed(d)?)))
            })?;
            let counts = list(d, |d| Ok(d.u64()?))?.try_into().map_err(|_| CborError::Shape)?;
            Some(Op::Import { bundle, file, ranges, counts, after: list(d, take_head)? })
        }
        (21, 3) => Some(Op::Ack { head: take_head(d)?, level: d.u8()? }),
        (22, 4) => Some(Op::Refused { entry: take_head(d)?, reason: d.str()?.to_owned(), later: d.bool()? }),
        (6..=9 | 20..=22, _) => return Err(CborError::Shape),
        _ => None,
    };
    if let Some(op) = known {
        return Ok(op);
    }
    d.set_position(start);
    d.skip()?;
    bytes.get(start..d.position()).map(|raw| Op::Unknown(raw.to_vec())).ok_or(CborError::Truncated)
}
