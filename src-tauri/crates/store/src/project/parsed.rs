//! Entries read back from the log, with what projection needs to know about them, kept for the length of one
//! transaction so that a large entry is decoded once and not once per record it touches.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use mingbai_domain::RecordId;
use mingbai_ledger::{DotRef, Entry, EntryHash, EntryKind, EntryRef, LogId};
use rusqlite::{Connection, OptionalExtension, params};

use super::heads::Dot;
use crate::commit::StoredEntry;
use crate::error::{Result, StoreError};
use crate::log::LogRole;

/// How many operations may be held decoded.
const LIMIT: usize = 200_000;

/// One stored entry.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) id: i64,
    pub(crate) log_no: i64,
    pub(crate) seq: u64,
    pub(crate) prev: [u8; 32],
    pub(crate) entry: Entry,
    /// In a feed: the entry it re-states and whether that one is the county's word.
    pub(crate) origin: Option<(i64, bool)>,
    /// Whether the log it stands in is the county's word.
    pub(crate) county: bool,
    /// First dot and position of every operation, by record; made when first asked for.
    by_record: OnceCell<HashMap<RecordId, Vec<(u32, usize)>>>,
}

impl Parsed {
    /// An entry as it stands at its place. An origin the file names is the entry it re-states.
    pub(crate) fn new(id: i64, place: &StoredEntry, entry: Entry, county: bool) -> Self {
        // Whoever receives a feed may not have the log it re-states: the entry itself says whose word it is. Only in a
        // feed is that believed.
        let origin = place.origin.map(|origin| (origin, county && entry.kind == EntryKind::Directive));
        let (log_no, seq, prev) = (place.log_no, place.seq, place.previous.0);
        Self { id, log_no, seq, prev, entry, origin, county, by_record: OnceCell::new() }
    }

    /// First dot and position of the operations on a record.
    pub(crate) fn operations_on(&self, record: &RecordId) -> &[(u32, usize)] {
        let by_record = self.by_record.get_or_init(|| {
            let mut by_record: HashMap<RecordId, Vec<(u32, usize)>> = HashMap::new();
            for (position, (first, op)) in self.entry.ops_with_dots().enumerate() {
                if let Some((_, record)) = op.record() {
                    by_record.entry(record).or_default().push((first, position));
                }
            }
            by_record
        });
        by_record.get(record).map_or(&[], Vec::as_slice)
    }

    /// The local name of the write with this index: the first author's where the entry re-states another.
    pub(crate) fn dot(&self, index: u32) -> Dot {
        match (&self.origin, &self.entry.origin) {
            (Some((entry, _)), Some(origin)) => (*entry, origin.indices.get(index as usize).copied().unwrap_or(index)),
            _ => (self.id, index),
        }
    }

    /// Whether its writes are the county's word.
    pub(crate) fn by_county(&self) -> bool {
        self.origin.map_or(self.county, |(_, county)| county)
    }
}

/// The cache, and the lookups by which references become local numbers.
pub(crate) struct Entries<'c> {
    conn: &'c Connection,
    cache: HashMap<i64, Rc<Parsed>>,
    operations: usize,
    /// Local number by place, only where there is no fork.
    places: HashMap<(i64, u64), i64>,
    names: HashMap<i64, Name>,
    /// The log asked about last, and whether it is forked.
    forked: Option<(i64, bool)>,
}

/// What is asked of an entry again and again.
#[derive(Clone, Copy)]
struct Name {
    /// Its log and its number there.
    place: (i64, u64),
    /// Half its hash.
    hash: [u8; 16],
    /// Whether it has arrived itself, and is not merely named by others: then its whole hash is known. To ask for its
    /// bytes would read them, and the entry of a roster is as large as its village.
    here: bool,
    /// The entry it re-states, once its bytes are here.
    restates: Option<i64>,
}

impl<'c> Entries<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self { conn, cache: HashMap::new(), operations: 0, places: HashMap::new(), names: HashMap::new(), forked: None }
    }

    /// The stored entry with this number, decoded.
    pub(crate) fn get(&mut self, id: i64) -> Result<Rc<Parsed>> {
        if let Some(parsed) = self.cache.get(&id) {
            return Ok(Rc::clone(parsed));
        }
        let mut statement = self.conn.prepare_cached(
            "select log_no, seq, prev, bytes, origin, role from entry join log on log.no = log_no where entry.id = ?1",
        )?;
        let row = statement
            .query_row([id], |row| {
                let place: (i64, u64) = (row.get(0)?, row.get(1)?);
                let (prev, bytes): (Option<[u8; 32]>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
                Ok((place, prev, bytes, row.get::<_, Option<i64>>(4)?, row.get::<_, String>(5)?))
            })
            .optional()?;
        let Some(((log_no, seq), Some(prev), Some(bytes), origin, role)) = row else {
            return Err(StoreError::NoSuchEntry);
        };
        let entry = Entry::decode(&bytes)?;
        let county = LogRole::from_code(&role).is_county();
        let hash = EntryHash([0; 32]);
        let place = StoredEntry { id: Some(id), log_no, seq, previous: EntryHash(prev), hash, origin };
        let parsed = Rc::new(Parsed::new(id, &place, entry, county));
        self.operations += parsed.entry.ops.len();
        if self.operations > LIMIT {
            self.cache.clear();
            self.operations = parsed.entry.ops.len();
        }
        self.cache.insert(id, Rc::clone(&parsed));
        Ok(parsed)
    }

    /// Half the hash of an entry.
    pub(crate) fn name(&mut self, id: i64) -> Result<[u8; 16]> {
        Ok(self.named(id)?.hash)
    }

    fn named(&mut self, id: i64) -> Result<Name> {
        if let Some(name) = self.names.get(&id) {
            return Ok(*name);
        }
        let name = self
            .conn
            .prepare_cached(
                "select log_no, seq, hash, tail is not null, case when tail is not null then origin end
                 from entry where id = ?1",
            )?
            .query_row([id], |row| {
                Ok(Name {
                    place: (row.get(0)?, row.get(1)?),
                    hash: row.get(2)?,
                    here: row.get(3)?,
                    restates: row.get(4)?,
                })
            })
            .optional()?
            .ok_or(StoreError::NoSuchEntry)?;
        self.remember(id, name);
        Ok(name)
    }

    fn remember(&mut self, id: i64, name: Name) {
        if self.names.len() > LIMIT {
            self.names.clear();
        }
        self.names.insert(id, name);
    }

    fn remember_place(&mut self, place: (i64, u64), id: i64) {
        if self.places.len() > LIMIT {
            self.places.clear();
        }
        self.places.insert(place, id);
    }

    /// Takes note of an entry that was stored just now. `alone` when its log has no other entry of this number.
    pub(crate) fn learn(&mut self, id: i64, place: &StoredEntry, alone: bool) {
        let at = (place.log_no, place.seq);
        self.remember(id, Name { place: at, hash: place.hash.prefix(), here: true, restates: place.origin });
        if alone {
            self.remember_place(at, id);
        }
    }

    /// Forgets places: a fork may have made them ambiguous.
    pub(crate) fn forget_places(&mut self) {
        self.forked = None;
        self.places.clear();
    }

    /// The local number of an entry named by a reference.
    pub(crate) fn find(&self, reference: &EntryRef) -> Result<Option<i64>> {
        let mut statement = self.conn.prepare_cached(
            "select entry.id from entry join log on log.no = log_no where log.id = ?1 and seq = ?2 and hash = ?3",
        )?;
        Ok(statement.query_row(params![reference.log.0, reference.seq, reference.hash], |row| row.get(0)).optional()?)
    }

    /// Whether a reference names the write `dot`, which is live. Most often it does, and asking the one entry costs less
    /// than finding it by its place. What `from` refers to has arrived, because its chain has; where no fork was seen, one
    /// entry of that number has arrived. In every other case the answer is no, and [`Self::resolve`] finds the write.
    pub(crate) fn names_live(&mut self, from: &Parsed, reference: DotRef, dot: Dot) -> Result<bool> {
        let DotRef::Own { seq, index } = reference else { return Ok(false) };
        if seq >= from.seq || dot.1 != index || self.is_forked(from.log_no)? {
            return Ok(false);
        }
        let name = self.named(dot.0)?;
        Ok(name.here && name.place == (from.log_no, seq) && name.restates.is_none())
    }

    /// Whether a write was first made known by this log.
    pub(crate) fn is_of(&mut self, log_no: i64, dot: Dot) -> Result<bool> {
        let name = self.named(dot.0)?;
        Ok(name.here && name.place.0 == log_no && name.restates.is_none())
    }

    /// Whether two entries of this log were seen to have one number.
    fn is_forked(&mut self, log_no: i64) -> Result<bool> {
        if let Some((known, forked)) = self.forked
            && known == log_no
        {
            return Ok(forked);
        }
        let id = self.conn.prepare_cached("select id from log where no = ?1")?.query_row([log_no], |row| row.get(0))?;
        let forked =
            crate::meta::blob(self.conn, &format!("state.{}", crate::ingest::forked_key(&LogId(id))))?.is_some();
        self.forked = Some((log_no, forked));
        Ok(forked)
    }

    /// The local name of a write that `from` refers to; nothing when this file has never heard of it.
    pub(crate) fn resolve(&mut self, from: &Parsed, dot: DotRef) -> Result<Option<Dot>> {
        let (target, index) = match dot {
            DotRef::Own { seq, index } if seq == from.seq => return Ok(Some(from.dot(index))),
            DotRef::Own { seq, index } => (self.ancestor(from, seq)?, index),
            DotRef::Foreign { reference, index } => match from.entry.refs.get(reference as usize) {
                Some(reference) => (self.find(reference)?, index),
                None => (None, index),
            },
        };
        let Some(target) = target else { return Ok(None) };
        match self.named(target)?.restates {
            Some(_) => Ok(Some(self.get(target)?.dot(index))),
            None => Ok(Some((target, index))),
        }
    }

    /// The entry number `seq` on the branch that leads to `from`.
    fn ancestor(&mut self, from: &Parsed, seq: u64) -> Result<Option<i64>> {
        if let Some(id) = self.places.get(&(from.log_no, seq)) {
            return Ok(Some(*id));
        }
        let mut statement = self.conn.prepare_cached(
            "select id, hash, tail is not null, case when tail is not null then origin end from entry
             where log_no = ?1 and seq = ?2 limit 2",
        )?;
        let found = statement
            .query_map(params![from.log_no, seq], |row| {
                let place = (from.log_no, seq);
                Ok((row.get(0)?, Name { place, hash: row.get(1)?, here: row.get(2)?, restates: row.get(3)? }))
            })?
            .collect::<rusqlite::Result<Vec<(i64, Name)>>>()?;
        match found.as_slice() {
            [] => Ok(None),
            [(one, name)] => {
                self.remember(*one, *name);
                self.remember_place((from.log_no, seq), *one);
                Ok(Some(*one))
            }
            _ => self.walk_back(from, seq),
        }
    }

    /// Follows the chain itself, which is unambiguous across forks.
    fn walk_back(&self, from: &Parsed, seq: u64) -> Result<Option<i64>> {
        let (mut at, mut prev) = (from.seq, from.prev);
        let mut statement = self
            .conn
            .prepare_cached("select id, prev from entry where log_no = ?1 and seq = ?2 and hash = ?3 and tail = ?4")?;
        while at > seq.max(1) {
            at -= 1;
            let (half, tail) = prev.split_at(16);
            let found: Option<(i64, [u8; 32])> = statement
                .query_row(params![from.log_no, at, half, tail], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            match found {
                Some((id, _)) if at == seq => return Ok(Some(id)),
                Some((_, before)) => prev = before,
                None => return Ok(None),
            }
        }
        Ok(None)
    }
}
