//! A record's history and its open conflicts, read from the log.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::RecordType;
use mingbai_domain::{FieldId, RecordId, Value, Values};
use mingbai_ledger::{EntryKind, Head, Hlc, LogId};
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, params};

use crate::author::Actor;
use crate::error::{Result, StoreError};
use crate::log::{self, EntryNo};
use crate::project::heads::{BODY, Dot};
use crate::project::known::{KnownWrite, KnownWrites, gather};
use crate::project::parsed::Entries;
use crate::project::{known_type, row};
use crate::reading::Reading;

/// Who wrote an entry, where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenBy {
    /// The operator's name at the time; nothing for the program itself or where only the county's re-statement is here.
    pub name: Option<String>,
    /// The operator's role at the time.
    pub role: Option<String>,
    /// The log of the PC.
    pub log: LogId,
    /// Its name, for people.
    pub device: String,
    /// Whether it is the county's word.
    pub county: bool,
    /// Hybrid time; its milliseconds are for display.
    pub when: Hlc,
}

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Field number.
    pub field: FieldId,
    /// What the clerk calls it.
    pub label: &'static str,
    /// The value its author saw; nothing where there was none.
    pub old: Option<Value>,
    /// The value written.
    pub new: Value,
}

/// One action as it touched one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// The entry, for undo.
    pub entry: EntryNo,
    /// Who, where, when.
    pub author: WrittenBy,
    /// Command name.
    pub action: String,
    /// The reason given.
    pub reason: Option<String>,
    /// What changed; empty for merges of people.
    pub changes: Vec<Change>,
    /// Whether it voided a fact.
    pub void: bool,
    /// Whether the county has confirmed applying it.
    pub confirmed: bool,
}

/// One of several values standing side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictValue {
    /// The value of a field; [`Value::Null`] for facts.
    pub value: Value,
    /// The whole body of a fact; nothing for a void and for fields.
    pub body: Option<Values>,
    /// Who wrote it.
    pub author: WrittenBy,
    /// Whether it is the one displayed.
    pub shown: bool,
}

/// A field of a record with several different live values; field 0 is the whole of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Record type number.
    pub record_type: u16,
    /// Which record.
    pub record: RecordId,
    /// Field number; 0 for facts.
    pub field: FieldId,
    /// The values.
    pub values: Vec<ConflictValue>,
}

impl Reading<'_> {
    /// Everything that ever happened to a record, oldest first.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] for a type the catalogue does not have.
    pub fn history(&self, record_type: u16, record: RecordId) -> Result<Vec<HistoryItem>> {
        self.history_with(&mut Entries::new(self.0), record_type, record)
    }

    /// [`Self::history`] of several records, in their order. An import touches hundreds of records in one entry, which is
    /// decoded once for all of them.
    ///
    /// # Errors
    /// As [`Self::history`].
    pub fn histories(&self, records: &[(u16, RecordId)]) -> Result<Vec<Vec<HistoryItem>>> {
        let mut entries = Entries::new(self.0);
        records.iter().map(|(kind, record)| self.history_with(&mut entries, *kind, *record)).collect()
    }

    fn history_with(&self, entries: &mut Entries<'_>, record_type: u16, record: RecordId) -> Result<Vec<HistoryItem>> {
        let kind = known_type(record_type)?;
        let known = gather(self.0, entries, record_type, &record)?;
        let mut changes: BTreeMap<i64, (Vec<Change>, bool)> = BTreeMap::new();
        for (field, writes) in &known {
            for write in writes.values() {
                let (list, void) = changes.entry(write.source).or_default();
                if *field == BODY {
                    *void |= write.body.is_none();
                    list.extend(body_changes(kind, writes, write));
                } else if let Some(declared) = kind.field(*field) {
                    let old = replaced(writes, write).map(|before| before.known.value.clone());
                    list.push(Change { field: *field, label: declared.label, old, new: write.known.value.clone() });
                }
            }
        }
        for merge in self.merges_of(record_type, &record)? {
            changes.entry(merge).or_default();
        }
        let mut items = Vec::with_capacity(changes.len());
        for (entry, (changes, void)) in changes {
            let parsed = entries.get(entry)?;
            let author = self.author_of(entry, entry)?;
            // What only a feed tells came from the county.
            let confirmed = author.county
                || parsed.origin.is_some()
                || (self.acked(&author.log, 2)?.is_some_and(|head| head.log == author.log && head.seq >= parsed.seq)
                    && !self.is_refused(entry)?);
            items.push(HistoryItem {
                entry: EntryNo(entry),
                author,
                action: parsed.entry.why.action.clone(),
                reason: parsed.entry.why.reason.clone(),
                changes,
                void,
                confirmed,
            });
        }
        items.sort_by_key(|item| (item.author.when, item.entry));
        Ok(items)
    }

    fn merges_of(&self, record_type: u16, record: &RecordId) -> Result<Vec<i64>> {
        let mut statement = self.0.prepare_cached(
            "select distinct entry_record.entry from entry_record join alias on alias.entry = entry_record.entry
             where record = ?1 and record_type = ?2 and ?1 in (loser, winner)",
        )?;
        let rows = statement.query_map(params![record.as_bytes(), record_type], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Who wrote the entry `named`, as far as the entry `source`, which is here, tells.
    pub(crate) fn author_of(&self, named: i64, source: i64) -> Result<WrittenBy> {
        let mut statement = self
            .0
            .prepare_cached("select seq, hlc, actor, log_no, tail is not null, origin from entry where id = ?1")?;
        let read = |id: i64| -> Result<(u64, i64, u32, i64, bool, Option<i64>)> {
            statement
                .query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))
                .optional()?
                .ok_or(StoreError::NoSuchEntry)
        };
        let mut read = read;
        let (told, hlc, teller, feed, _, origin) = read(source)?;
        // A re-statement has its author in the log it names.
        let named = origin.unwrap_or(named);
        let (seq, own_hlc, actor, log_no, here, _) = read(named)?;
        let info = log::by_no(self.0, log_no)?;
        // Where only the re-statement is here, the feed's own roster names the author.
        let operator = if here { self.operator(log_no, actor, seq)? } else { self.operator(feed, teller, told)? };
        let (name, role) = operator.map(|actor| (actor.name, actor.role)).unzip();
        let when = Hlc(if here { own_hlc } else { hlc } as u64);
        let county = if here { info.role.is_county() } else { self.is_directive(source)? };
        Ok(WrittenBy { name, role, log: info.id, device: info.device, county, when })
    }

    /// Whether an entry of a feed re-states the county's own word.
    fn is_directive(&self, entry: i64) -> Result<bool> {
        Ok(self.entry(EntryNo(entry))?.1.decode()?.kind == EntryKind::Directive)
    }

    /// The operator of an entry; nothing for the program itself.
    pub(crate) fn actor_of(&self, entry: i64) -> Result<Option<Actor>> {
        let mut statement = self.0.prepare_cached("select log_no, actor, seq from entry where id = ?1")?;
        let (log_no, actor, seq) = statement.query_row([entry], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        self.operator(log_no, actor, seq)
    }

    /// Who stands at a place of a log's roster, as of one of its entries.
    fn operator(&self, log_no: i64, actor: u32, seq: u64) -> Result<Option<Actor>> {
        if actor == 0 {
            return Ok(None);
        }
        let mut statement = self.0.prepare_cached(
            "select operator, name, role from roster join entry on entry.id = roster.entry
             where roster.log_no = ?1 and position = ?2 and seq <= ?3 order by seq desc limit 1",
        )?;
        let found = statement.query_row(params![log_no, actor, seq], |row| {
            Ok(Actor { operator: RecordId::from_bytes(row.get(0)?), name: row.get(1)?, role: row.get(2)? })
        });
        Ok(found.optional()?)
    }

    /// How far the county has confirmed a log at this level or better, counting only what is really here.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn acked(&self, id: &LogId, level: u8) -> Result<Option<Head>> {
        let mut statement = self.0.prepare_cached(
            "select ack.seq, ack.hash from ack join log on log.id = ack.log
             join entry on entry.log_no = log.no and entry.seq = ack.seq and entry.hash = substr(ack.hash, 1, 16)
             where ack.log = ?1 and level >= ?2 and entry.status in (1, 3, 4) order by ack.seq desc limit 1",
        )?;
        let found = statement
            .query_row(params![id.0, level], |row| Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?)))
            .optional()?;
        Ok(found.map(|(seq, hash)| Head { log: *id, seq, hash: mingbai_ledger::EntryHash(hash) }))
    }

    /// How many fields are in conflict.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn conflict_count(&self) -> Result<u64> {
        let mut statement =
            self.0.prepare_cached("select count(*) from (select distinct record_type, record, field from conflict)")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Every field in conflict, by record; [`Self::conflict`] gives its values.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn conflict_places(&self) -> Result<Vec<(u16, RecordId, FieldId)>> {
        let mut statement = self.0.prepare_cached(
            "select distinct record_type, record, field from conflict order by record_type, record, field",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, RecordId::from_bytes(row.get(1)?), row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Up to `limit` fields in conflict with their values.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn conflicts(&self, limit: u64) -> Result<Vec<Conflict>> {
        let places = self.conflict_places()?.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
        places.map(|(kind, record, field)| self.conflict(kind, record, field)).collect()
    }

    /// The fields of one record in conflict.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn conflicts_of(&self, record_type: u16, record: RecordId) -> Result<Vec<Conflict>> {
        let mut statement = self.0.prepare_cached(
            "select distinct field from conflict where record_type = ?1 and record = ?2 order by field",
        )?;
        let fields = statement
            .query_map(params![record_type, record.as_bytes()], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<FieldId>>>()?;
        fields.into_iter().map(|field| self.conflict(record_type, record, field)).collect()
    }

    /// The values that stand side by side in one field; none where there is no conflict.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn conflict(&self, record_type: u16, record: RecordId, field: FieldId) -> Result<Conflict> {
        let kind = known_type(record_type)?;
        let bodies = if field == BODY {
            gather(self.0, &mut Entries::new(self.0), record_type, &record)?
        } else {
            KnownWrites::new()
        };
        let mut statement = self.0.prepare_cached(
            "select entry, idx, source, value, shown from conflict where record_type = ?1 and record = ?2 and field = ?3
             order by shown desc, entry, idx",
        )?;
        let mut rows = statement.query(params![record_type, record.as_bytes(), field])?;
        let mut values = Vec::new();
        while let Some(row) = rows.next()? {
            let (entry, index, source): (i64, u32, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let stored: ValueRef<'_> = row.get_ref(3)?;
            let value = match kind.field(field) {
                Some(declared) => row::value_of(declared.kind, stored)?,
                None => Value::Null,
            };
            let body = bodies.get(&BODY).and_then(|w| w.get(&(entry, index))).and_then(|w| w.body.clone());
            values.push(ConflictValue { value, body, author: self.author_of(entry, source)?, shown: row.get(4)? });
        }
        Ok(Conflict { record_type, record, field, values })
    }
}

/// Of the writes that one replaced, the one that was displayed last.
pub(crate) fn replaced<'w>(writes: &'w BTreeMap<Dot, KnownWrite>, write: &KnownWrite) -> Option<&'w KnownWrite> {
    write.known.base.iter().filter_map(|dot| writes.get(dot)).max_by_key(|w| w.known.rank)
}

fn body_changes(kind: &RecordType, writes: &BTreeMap<Dot, KnownWrite>, write: &KnownWrite) -> Vec<Change> {
    let Some(body) = &write.body else { return Vec::new() };
    let before = replaced(writes, write).and_then(|w| w.body.as_ref());
    kind.fields
        .iter()
        .filter_map(|field| {
            let old = before.and_then(|values| values.get(&field.id)).cloned();
            let new = body.get(&field.id).cloned();
            (old != new).then(|| Change { field: field.id, label: field.label, old, new: new.unwrap_or(Value::Null) })
        })
        .collect()
}
