//! One transaction through the write gate: typed writes become operations of one entry and are projected at once, so
//! that reads inside the transaction see them.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use mingbai_domain::catalogue::{Record, RecordType, Shape};
use mingbai_domain::{FieldId, RecordId, Value, Values};
use mingbai_ledger::{DotRef, EntryHash, EntryRef, Head, Hlc, LogId, Op};
use rusqlite::{Connection, params};
use unicode_normalization::UnicodeNormalization;

use crate::author::Author;
use crate::error::{Result, StoreError};
use crate::log::{self, LogInfo};
use crate::meta;
use crate::open::WideCache;
use crate::project::heads::Dot;
use crate::project::row::{Row, position};
use crate::project::{Projector, shaped};
use crate::reading::Reading;
use crate::write::nfc;

/// What an import was, for the log (see [`Txn::import`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFacts {
    /// The bundle's id.
    pub bundle: [u8; 16],
    /// SHA-256 of the file.
    pub file: [u8; 32],
    /// What it carried: log, from, to, head hash.
    pub ranges: Vec<(LogId, u64, u64, EntryHash)>,
    /// New, duplicate, held, deferred, unapplied.
    pub counts: [u64; 5],
    /// The heads held after it.
    pub after: Vec<Head>,
}

/// Where the county's signed time in the last of its bundles is kept, milliseconds.
pub(crate) const COUNTY_TIME: &str = "county_time";

/// The open transaction. Nothing is kept unless the closure returns `Ok` and the commit succeeds.
pub struct Txn<'t> {
    pub(crate) conn: &'t Connection,
    pub(crate) projector: Projector<'t>,
    pub(crate) author: &'t Author<'t>,
    pub(crate) own: LogInfo,
    pub(crate) hlc: Hlc,
    /// The county's signed time, which bounds how far other clocks may pull ours.
    pub(crate) county_millis: u64,
    /// Local number of the own entry, from the first write on.
    pub(crate) entry: Option<i64>,
    pub(crate) ops: Vec<Op>,
    /// First dot of every operation.
    starts: Vec<u32>,
    pub(crate) dots: u32,
    /// Writes of guarded fields that stay beside what stands there: by their place, which of the entry's writes.
    pub(crate) proposed: BTreeMap<(u16, RecordId, FieldId), u32>,
    pub(crate) refs: Vec<EntryRef>,
    ref_places: HashMap<EntryRef, u32>,
    base_names: HashMap<i64, EntryRef>,
    /// How far the log has come whose entries are being taken in; written when they are.
    pub(crate) reached: Option<(i64, u64, EntryHash)>,
    /// The log whose entries are being taken in, and the last of its numbers that has a row.
    pub(crate) newest: (i64, u64),
    /// The entry written last: its log, its hash, and how many operators its chain has entered.
    pub(crate) last: Option<(i64, EntryHash, u32)>,
    /// From the first bundle taken in on.
    pub(crate) wide: Option<WideCache<'t>>,
    pub(crate) notes: Vec<String>,
    /// What the last id made here counted, in the bits behind its time.
    last_id: Cell<Option<u32>>,
}

/// An action of more operations than this gets more memory for the pages it writes all over the file.
const MANY_OPERATIONS: usize = 5_000;

impl<'t> Txn<'t> {
    pub(crate) fn begin(conn: &'t Connection, author: &'t Author<'t>) -> Result<Self> {
        let hlc = meta::int(conn, "hlc")?.map_or(Hlc::default(), |stored| Hlc(stored as u64));
        let county = meta::int(conn, COUNTY_TIME)?.unwrap_or_default() as u64;
        let hlc = hlc.resume(author.wall_millis, county);
        Ok(Self {
            conn,
            projector: Projector::new(conn),
            author,
            own: log::own(conn)?,
            hlc,
            county_millis: 0,
            entry: None,
            ops: Vec::new(),
            starts: Vec::new(),
            dots: 0,
            proposed: BTreeMap::new(),
            refs: Vec::new(),
            ref_places: HashMap::new(),
            base_names: HashMap::new(),
            reached: None,
            newest: (0, 0),
            last: None,
            wide: None,
            notes: Vec::new(),
            last_id: Cell::new(None),
        })
    }

    /// Reads, with the writes of this transaction.
    #[must_use]
    pub fn read(&self) -> Reading<'_> {
        Reading(self.conn)
    }

    /// A new record id from the author's clock and randomness. Ids made in one transaction follow each other (RFC 9562,
    /// 6.2, method 1: 26 counting bits that begin anywhere, 48 random ones): the rows of a large roster then stand one
    /// behind the other in their tables, and are not strewn over them.
    #[must_use]
    pub fn new_id(&self) -> RecordId {
        let mut random = [0; 10];
        (self.author.random)(&mut random);
        let [a, b, c, d, ..] = random;
        let count = match self.last_id.get() {
            Some(last) => last.wrapping_add(1) & 0x3ff_ffff,
            // The highest bit is left for counting on.
            None => (u32::from(a & 7) << 22) | (u32::from(b) << 14) | (u32::from(c & 0x3f) << 8) | u32::from(d),
        };
        self.last_id.set(Some(count));
        let [top, high, middle, low] = [count >> 22, count >> 14, (count >> 8) & 0x3f, count].map(|bits| bits as u8);
        (random[0], random[1], random[2], random[3]) = (top, high, middle, low);
        RecordId::new(self.author.wall_millis.max(self.hlc.millis()), random)
    }

    /// Starts the own entry: takes its number and its time.
    pub(crate) fn start(&mut self) -> Result<i64> {
        if let Some(entry) = self.entry {
            return Ok(entry);
        }
        self.hlc = self.hlc.tick(self.author.wall_millis);
        self.conn
            .prepare_cached("insert into entry (log_no, seq, hash, status) values (?1, ?2, x'', 0)")?
            .execute(params![self.own.no, self.own.head.seq + 1])?;
        let entry = self.conn.last_insert_rowid();
        self.entry = Some(entry);
        Ok(entry)
    }

    pub(crate) fn push(&mut self, op: Op) {
        self.starts.push(self.dots);
        self.dots += op.dots();
        self.ops.push(op);
        if self.ops.len() == MANY_OPERATIONS && self.wide.is_none() {
            // Without it the action is only slower.
            self.wide = WideCache::new(self.conn).ok();
        }
    }

    /// The operation that made a write of this very entry.
    pub(crate) fn pending(&mut self, index: u32) -> Option<&mut Op> {
        let after = self.starts.partition_point(|start| *start <= index);
        self.ops.get_mut(after.checked_sub(1)?)
    }

    /// How an operation refers to a write that is live now.
    pub(crate) fn refer(&mut self, (entry, index): Dot) -> Result<DotRef> {
        let name = match self.base_names.get(&entry) {
            Some(name) => *name,
            None => {
                let name = log::entry_ref(self.conn, entry)?;
                self.base_names.insert(entry, name);
                name
            }
        };
        if name.log == self.own.id && (self.entry == Some(entry) || self.precedes(entry)?) {
            return Ok(DotRef::Own { seq: name.seq, index });
        }
        let next = self.refs.len() as u32;
        let reference = *self.ref_places.entry(name).or_insert(next);
        if reference == next {
            self.refs.push(name);
        }
        Ok(DotRef::Foreign { reference, index })
    }

    /// Whether an entry of the own log stands in the chain the next one continues. After a restore the county gives back
    /// what was lost of the own log, and that is another branch.
    fn precedes(&self, entry: i64) -> Result<bool> {
        let here: bool = self
            .conn
            .prepare_cached("select tail is not null and status in (1, 3, 4) from entry where id = ?1")?
            .query_row([entry], |row| row.get(0))?;
        Ok(here && !self.read().is_forked(&self.own.id)?)
    }

    /// Inserts a record: a state's first writes or a fact, by the type's shape.
    ///
    /// # Errors
    /// [`StoreError::RecordExists`] when the id is taken; anything the database refuses.
    pub fn insert<R: Record>(&mut self, id: Option<RecordId>, record: &R) -> Result<RecordId> {
        self.insert_values(R::TYPE, id, record.to_values())
    }

    /// Inserts a record of a type known only at run time, as editing forms do.
    ///
    /// # Errors
    /// As [`Self::insert`]; [`StoreError::Value`] for a value of another kind than its field.
    pub fn insert_values(
        &mut self,
        kind: &'static RecordType,
        id: Option<RecordId>,
        values: Values,
    ) -> Result<RecordId> {
        let values = nfc(values);
        // An id made here is nobody's yet; were it, the table would refuse it.
        let (id, mut row) = match id {
            None => (self.new_id(), Row::empty(kind)),
            Some(id) => (id, Row::load(self.conn, kind, &id)?),
        };
        if row.exists {
            return Err(StoreError::RecordExists { record: id });
        }
        match kind.shape {
            Shape::State => self.write_fields(kind, id, &mut row, values)?,
            Shape::Fact => self.write_body(kind, id, &mut row, Some(values))?,
        }
        Ok(id)
    }

    /// Changes a state record to what `record` says: writes the fields that differ from what is shown and clears those
    /// that `record` leaves out. Gives whether anything differed.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRecord`], [`StoreError::WrongShape`].
    pub fn update<R: Record>(&mut self, id: RecordId, record: &R) -> Result<bool> {
        let kind = shaped(R::TYPE.id, Shape::State)?;
        let mut row = Row::load(self.conn, kind, &id)?;
        if !row.exists {
            return Err(StoreError::NoSuchRecord { record: id });
        }
        let values = nfc(record.to_values());
        let shown = row.to_values(kind);
        let differing: Values = kind
            .fields
            .iter()
            .filter(|field| values.get(&field.id) != shown.get(&field.id))
            .map(|field| (field.id, values.get(&field.id).cloned().unwrap_or(Value::Null)))
            .collect();
        let changed = !differing.is_empty();
        if changed {
            self.write_fields(kind, id, &mut row, differing)?;
        }
        Ok(changed)
    }

    /// Writes one field of a state record. A field in conflict is written even when the value is the one shown: that
    /// closes the conflict. What a township writes into a guarded field of which it may not take everything out stays
    /// beside it and is seen by reads from the end of the transaction on. Gives whether anything was written.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRecord`], [`StoreError::UnknownField`], [`StoreError::Value`].
    pub fn set_field(&mut self, record_type: u16, id: RecordId, field: FieldId, value: Value) -> Result<bool> {
        let kind = shaped(record_type, Shape::State)?;
        let mut row = Row::load(self.conn, kind, &id)?;
        if !row.exists {
            return Err(StoreError::NoSuchRecord { record: id });
        }
        let values = nfc(Values::from([(field, value)]));
        let place = position(kind, field)?;
        if row.heads.of(field).len() <= 1 && row.values.get(place) == values.get(&field) {
            return Ok(false);
        }
        self.write_fields(kind, id, &mut row, values)?;
        Ok(true)
    }

    /// Replaces a fact by a corrected one, or voids it when there is none.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRecord`], [`StoreError::WrongShape`].
    pub fn amend<R: Record>(&mut self, id: RecordId, corrected: Option<&R>) -> Result<()> {
        self.amend_values(R::TYPE.id, id, corrected.map(Record::to_values))
    }

    /// Replaces a fact of a type known only at run time, or voids it when there is no body.
    ///
    /// # Errors
    /// As [`Self::amend`].
    pub fn amend_values(&mut self, record_type: u16, id: RecordId, body: Option<Values>) -> Result<()> {
        let kind = shaped(record_type, Shape::Fact)?;
        let mut row = Row::load(self.conn, kind, &id)?;
        if !row.exists {
            return Err(StoreError::NoSuchRecord { record: id });
        }
        self.write_body(kind, id, &mut row, body.map(nfc))
    }

    /// Declares two person records to be one person: `loser` is read as `winner` from now on.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn merge(&mut self, loser: RecordId, winner: RecordId, evidence: &str) -> Result<()> {
        let entry = self.start()?;
        let evidence: String = evidence.nfc().collect();
        self.projector.apply_merge((entry, self.dots), &loser, &winner, &evidence)?;
        self.push(Op::Merge { loser, winner, evidence });
        Ok(())
    }

    /// Takes every merge of `loser` back.
    ///
    /// # Errors
    /// [`StoreError::NoSuchRecord`] when the person was not merged.
    pub fn unmerge(&mut self, loser: RecordId) -> Result<()> {
        let merges = self
            .conn
            .prepare_cached("select entry, idx from live_alias where loser = ?1")?
            .query_map([loser.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<Dot>>>()?;
        if merges.is_empty() {
            return Err(StoreError::NoSuchRecord { record: loser });
        }
        self.start()?;
        for dot in merges {
            let of = self.refer(dot)?;
            self.projector.take_merge_back(dot)?;
            self.push(Op::Unmerge { of });
        }
        Ok(())
    }

    /// Leaves a note in the log (a look at masked data, an export, a print), even when nothing else is written.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn note(&mut self, text: &str) -> Result<()> {
        self.start()?;
        self.notes.push(text.to_owned());
        Ok(())
    }

    /// Records that a bundle was taken in.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn import(&mut self, facts: ImportFacts) -> Result<()> {
        self.start()?;
        let ImportFacts { bundle, file, ranges, counts, after } = facts;
        self.push(Op::Import { bundle, file, ranges, counts, after });
        Ok(())
    }
}

/// The records an operation touches, as they are indexed: merged people count as person records.
pub(crate) fn records_of(op: &Op) -> Vec<(u16, RecordId)> {
    match op {
        Op::Merge { loser, winner, .. } => {
            let person = mingbai_domain::catalogue::Person::TYPE.id;
            vec![(person, *loser), (person, *winner)]
        }
        op => op.record().into_iter().collect(),
    }
}
