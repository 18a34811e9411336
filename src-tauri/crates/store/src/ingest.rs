//! Entries of other logs. Nothing received is ever dropped:
//! an entry is applied, held behind a gap, deferred to a newer version, or kept unapplied with a reason.

use std::collections::BTreeSet;

use mingbai_ledger::{Entry, EntryError, EntryHash, EntryRef, Genesis, Head, LogId, Op, chain_hash};
use rusqlite::{OptionalExtension, params};

use crate::commit::{Kept, StoredEntry, rosters_before, write_entry};
use crate::error::{Result, StoreError};
use crate::fit::{Fit, fit};
use crate::log::{self, LogInfo, LogRole, Status};
use crate::open::WideCache;
use crate::project::parsed::{Entries, Parsed};
use crate::reading::Reading;
use crate::txn::Txn;

/// What an authority decides about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The log may write this.
    Apply,
    /// It may not; the reason, in words, is kept with the entry.
    Refuse(String),
}

/// Decides whether a log may write what an entry of it says. Reads see everything applied so far.
pub type Authority<'a> = dyn Fn(&LogInfo, (&Head, &Entry), Reading<'_>) -> Verdict + 'a;

/// What became of a run of entries: the five counts add up to the entries given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Applied now.
    pub new: u64,
    /// Here already.
    pub duplicate: u64,
    /// Kept until the entries before them arrive.
    pub held: u64,
    /// Kept until a newer version of the program reads them.
    pub deferred: u64,
    /// Kept, not applied.
    pub unapplied: u64,
    /// Entries held earlier that this run let go forward; not part of the sum.
    pub released: u64,
    /// Sequence numbers at which the log has two different entries: evidence of a restored copy.
    pub forks: Vec<u64>,
}

impl Ingested {
    /// The five counts in the order of the log's import operation.
    #[must_use]
    pub fn counts(&self) -> [u64; 5] {
        [self.new, self.duplicate, self.held, self.deferred, self.unapplied]
    }

    /// Adds another run.
    pub fn add(&mut self, other: &Self) {
        self.new += other.new;
        self.duplicate += other.duplicate;
        self.held += other.held;
        self.deferred += other.deferred;
        self.unapplied += other.unapplied;
        self.released += other.released;
        self.forks.extend(&other.forks);
    }

    fn count(&mut self, status: Status) {
        match status {
            Status::Applied => self.new += 1,
            Status::Held | Status::Named => self.held += 1,
            Status::Deferred => self.deferred += 1,
            Status::Unapplied => self.unapplied += 1,
        }
    }
}

/// Where it is kept that a log was seen to fork.
pub(crate) fn forked_key(log: &LogId) -> String {
    format!("forked/{log}")
}

/// Where it is kept that entries were refused because a field had too many values, and which entries.
const CROWDED: &str = "crowded";

fn crowded_key(entry: i64) -> String {
    format!("{CROWDED}/{entry}")
}

/// A held entry: number, both halves of its hash, bytes.
type Waiting = (i64, [u8; 16], [u8; 16], Vec<u8>);

/// Chooses which entries are asked about again, by name, local number and bytes.
type Wanted<'w, 't> = dyn FnMut(&Txn<'t>, &Head, (i64, &[u8])) -> Result<bool> + 'w;

impl<'t> Txn<'t> {
    /// Registers another log by its genesis. Doing it again changes nothing but role and name.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn add_log(&mut self, genesis: &Genesis, role: LogRole, device: &str) -> Result<LogId> {
        let id = genesis.log_id();
        let before = log::find(self.conn, &id)?;
        let no = log::register(self.conn, genesis, role, false, device)?;
        if before.is_some_and(|log| log.role.is_county() != role.is_county()) {
            self.reconsider(no)?;
        }
        Ok(id)
    }

    /// Folds again what a log wrote, once it turns out to be (or not to be) the county's word.
    fn reconsider(&mut self, log_no: i64) -> Result<()> {
        self.projector.entries = Entries::new(self.conn);
        let entries = self
            .conn
            .prepare(
                "select id from entry where status = 1
                     and (log_no = ?1 or origin in (select id from entry where log_no = ?1)) order by id",
            )?
            .query_map([log_no], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        for id in entries {
            let parsed = self.projector.entries.get(id)?;
            self.projector.apply(&parsed)?;
        }
        Ok(())
    }

    /// The county's signed time of the bundle being imported, which bounds how far its clocks may pull ours. It is kept: a
    /// clock that agrees with it is believed before the times we once wrote ourselves.
    pub fn absorb(&mut self, county_millis: u64) {
        self.county_millis = self.county_millis.max(county_millis);
    }

    /// Takes in a run of entries: number `from` is chained to `prev`, each next one to the one before.
    ///
    /// # Errors
    /// [`StoreError::NoSuchLog`], [`StoreError::IngestAfterWrites`], or what the database refuses.
    pub fn ingest<'e>(
        &mut self,
        log: &LogId,
        from: u64,
        prev: EntryHash,
        entries: impl IntoIterator<Item = &'e [u8]>,
        authority: &Authority<'_>,
    ) -> Result<Ingested> {
        if self.entry.is_some() {
            return Err(StoreError::IngestAfterWrites);
        }
        let info = log::get(self.conn, log)?;
        let mut ingested = Ingested::default();
        let (mut seq, mut previous) = (from, prev);
        let mut chained = None;
        let waits = self.anything_waits(info.no)?;
        if self.wide.is_none() {
            self.wide = Some(WideCache::new(self.conn)?);
        }
        self.newest = (info.no, self.newest_of(info.no)?);
        for bytes in entries {
            let hash = chain_hash(log, seq, &previous, bytes);
            // Beyond the last number that has a row there is nothing to look for.
            let beyond = seq > self.newest.1;
            let known = if beyond { None } else { self.stored(info.no, seq, &hash)? };
            if let Some((_, Some(status))) = known {
                ingested.duplicate += 1;
                chained = Some(Status::from_code(status).is_chained());
            } else {
                if !beyond && self.forks_at(info.no, seq, &hash)? {
                    ingested.forks.push(seq);
                    self.set_state(&forked_key(log), &[])?;
                    self.projector.entries.forget_places();
                }
                let joins = match chained {
                    Some(joins) => joins,
                    None => self.joins(&info, seq, &previous)?,
                };
                let id = known.map(|(id, _)| id);
                let place = StoredEntry { id, log_no: info.no, seq, previous, hash, origin: None };
                let status =
                    if joins { self.settle(&info, place, bytes, authority)? } else { self.hold(place, bytes)? };
                self.newest.1 = self.newest.1.max(seq);
                ingested.count(status);
                chained = Some(joins);
                if joins && waits {
                    ingested.released += self.release(&info, seq + 1, hash, authority)?;
                }
            }
            previous = hash;
            seq += 1;
        }
        self.set_reached()?;
        if info.no == self.own.no {
            // Our own entries came back after a restore: go on from the last of them.
            self.own = log::own(self.conn)?;
        }
        Ok(ingested)
    }

    fn anything_waits(&self, log_no: i64) -> Result<bool> {
        let mut statement = self.conn.prepare_cached(
            "select exists (select 1 from entry indexed by entry_status where status = 2 and log_no = ?1)",
        )?;
        Ok(statement.query_row([log_no], |row| row.get(0))?)
    }

    /// The last number of a log that has a row.
    fn newest_of(&self, log_no: i64) -> Result<u64> {
        let mut statement = self.conn.prepare_cached("select coalesce(max(seq), 0) from entry where log_no = ?1")?;
        Ok(statement.query_row([log_no], |row| row.get(0))?)
    }

    /// Notes how far a log has come with everything before it.
    fn reach(&mut self, place: &StoredEntry) -> Result<()> {
        match self.reached {
            Some((log_no, seq, _)) if log_no == place.log_no && seq >= place.seq => return Ok(()),
            Some((log_no, ..)) if log_no != place.log_no => self.set_reached()?,
            _ => {}
        }
        self.reached = Some((place.log_no, place.seq, place.hash));
        Ok(())
    }

    /// Writes how far it has come.
    pub(crate) fn set_reached(&mut self) -> Result<()> {
        match self.reached.take() {
            Some((log_no, seq, hash)) => log::set_head(self.conn, log_no, seq, &hash),
            None => Ok(()),
        }
    }

    /// How many operators the chain before an entry has entered.
    fn rosters_of(&self, place: &StoredEntry) -> Result<u32> {
        match self.last {
            Some((log_no, hash, rosters)) if log_no == place.log_no && hash == place.previous => Ok(rosters),
            _ => rosters_before(self.conn, place.log_no, place.seq.saturating_sub(1), &place.previous),
        }
    }

    /// The row of an entry: its number, and its status unless others merely named it.
    fn stored(&self, log_no: i64, seq: u64, hash: &EntryHash) -> Result<Option<(i64, Option<i64>)>> {
        let mut statement = self.conn.prepare_cached(
            "select id, case when tail is null then null else status end from entry
             where log_no = ?1 and seq = ?2 and hash = ?3",
        )?;
        Ok(statement.query_row(params![log_no, seq, hash.prefix()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    fn forks_at(&self, log_no: i64, seq: u64, hash: &EntryHash) -> Result<bool> {
        let mut statement = self.conn.prepare_cached(
            "select exists (select 1 from entry where log_no = ?1 and seq = ?2 and hash <> ?3 and tail is not null)",
        )?;
        Ok(statement.query_row(params![log_no, seq, hash.prefix()], |row| row.get(0))?)
    }

    /// Whether the entry before stands in its chain here.
    fn joins(&self, info: &LogInfo, seq: u64, previous: &EntryHash) -> Result<bool> {
        if seq == 1 {
            return Ok(info.genesis.as_ref().is_some_and(|genesis| genesis.head().hash == *previous));
        }
        let (half, tail) = previous.0.split_at(16);
        let mut statement = self.conn.prepare_cached(
            "select exists (select 1 from entry where log_no = ?1 and seq = ?2 and hash = ?3 and tail = ?4
                 and status in (1, 3, 4))",
        )?;
        Ok(statement.query_row(params![info.no, seq.saturating_sub(1), half, tail], |row| row.get(0))?)
    }

    fn keep(&mut self, place: &StoredEntry, bytes: &[u8], status: Status, reason: Option<&str>) -> Result<Status> {
        let (half, tail) = place.hash.0.split_at(16);
        // An entry that cannot be read enters nobody: those after it go on counting operators from the one before.
        let rosters = match status {
            Status::Held => 0,
            _ => self.rosters_of(place)?,
        };
        let mut statement = self.conn.prepare_cached(match place.id {
            Some(_) => {
                "update entry set hash = ?4, tail = ?5, prev = ?6, status = ?7, reason = ?8, received_at = ?9, bytes = ?10,
                     rosters = ?11 where id = ?1 and log_no = ?2 and seq = ?3"
            }
            None => {
                "insert into entry (id, log_no, seq, hash, tail, prev, status, reason, received_at, bytes, rosters)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
            }
        })?;
        statement.execute(params![
            place.id,
            place.log_no,
            place.seq,
            half,
            tail,
            place.previous.0,
            status.code(),
            reason,
            self.author.wall_millis as i64,
            bytes,
            rosters
        ])?;
        Ok(status)
    }

    fn hold(&mut self, place: StoredEntry, bytes: &[u8]) -> Result<Status> {
        self.keep(&place, bytes, Status::Held, None)
    }

    /// Decides what becomes of an entry that has everything before it, and applies it if it may be. The caller writes how
    /// far its log has come ([`Self::set_reached`]).
    pub(crate) fn settle(
        &mut self,
        info: &LogInfo,
        place: StoredEntry,
        bytes: &[u8],
        authority: &Authority<'_>,
    ) -> Result<Status> {
        let (status, parsed) = self.decide(info, place, bytes, authority)?;
        if let Some(parsed) = parsed {
            self.projector.apply(&parsed)?;
        }
        Ok(status)
    }

    /// Decides and keeps as [`Self::settle`] does; gives the entry that is to be projected, if it may be.
    pub(crate) fn decide(
        &mut self,
        info: &LogInfo,
        mut place: StoredEntry,
        bytes: &[u8],
        authority: &Authority<'_>,
    ) -> Result<(Status, Option<Parsed>)> {
        self.reach(&place)?;
        let entry = match Entry::decode(bytes) {
            Ok(entry) => entry,
            Err(EntryError::Newer) => {
                return Ok((self.keep(&place, bytes, Status::Deferred, Some("由更新的版本写成"))?, None));
            }
            Err(error) => return Ok((self.keep(&place, bytes, Status::Unapplied, Some(&error.to_string()))?, None)),
        };
        self.hlc = self.hlc.absorb(entry.hlc, self.author.wall_millis, self.county_millis);
        for reference in &entry.refs {
            self.name(reference)?;
        }
        if let Some(origin) = &entry.origin {
            place.origin = Some(self.name(&origin.entry)?);
        }
        let mut crowds = false;
        let (status, reason) = match fit(&entry, place.seq) {
            Fit::Newer(why) => (Status::Deferred, Some(why.to_owned())),
            Fit::Unfit(why) => (Status::Unapplied, Some(why.to_owned())),
            Fit::Fine => match authority(info, (&place.head(info.id), &entry), Reading(self.conn)) {
                Verdict::Apply if !info.role.is_county() && self.projector.crowds(&entry)? => {
                    crowds = true;
                    (Status::Unapplied, Some("同一栏目并列的不同内容过多，要县里先决定".to_owned()))
                }
                Verdict::Apply => (Status::Applied, None),
                Verdict::Refuse(why) => (Status::Unapplied, Some(why)),
            },
        };
        let (reason, received_millis) = (reason.as_deref(), self.author.wall_millis);
        let kept = Kept { status, reason, received_millis, rosters: self.rosters_of(&place)? };
        // Only an entry beyond every known number of its log is certainly alone there.
        let alone = place.id.is_none() && place.log_no == self.newest.0 && place.seq > self.newest.1;
        let (id, rosters) = write_entry(self.conn, &place, &entry, bytes, &kept)?;
        self.last = Some((place.log_no, place.hash, rosters));
        self.projector.entries.learn(id, &place, alone);
        if crowds {
            self.set_state(CROWDED, &[1])?;
            self.set_state(&crowded_key(id), &[])?;
        }
        let applies = status == Status::Applied;
        Ok((status, applies.then(|| Parsed::new(id, &place, entry, info.role.is_county()))))
    }

    /// The local number of an entry that others refer to; makes a place for it when it has not arrived.
    fn name(&mut self, reference: &EntryRef) -> Result<i64> {
        if let Some(id) = self.projector.entries.find(reference)? {
            return Ok(id);
        }
        self.conn
            .prepare_cached("insert or ignore into log (id, role) values (?1, 'unknown')")?
            .execute([reference.log.0])?;
        let log_no = log::number(self.conn, &reference.log)?.ok_or(StoreError::NoSuchLog(reference.log))?;
        self.conn
            .prepare_cached("insert into entry (log_no, seq, hash, status) values (?1, ?2, ?3, 0)")?
            .execute(params![log_no, reference.seq, reference.hash])?;
        let id = self.conn.last_insert_rowid();
        if log_no == self.newest.0 {
            self.newest.1 = self.newest.1.max(reference.seq);
        }
        Ok(id)
    }

    /// Lets held entries go forward whose predecessor has arrived: every branch of them where the log forks.
    fn release(&mut self, info: &LogInfo, seq: u64, previous: EntryHash, authority: &Authority<'_>) -> Result<u64> {
        let mut released = 0;
        let mut ends = vec![(seq, previous)];
        while let Some((seq, previous)) = ends.pop() {
            let next = self
                .conn
                .prepare_cached(
                    "select id, hash, tail, bytes from entry
                     where status = 2 and log_no = ?1 and seq = ?2 and prev = ?3 order by hash",
                )?
                .query_map(params![info.no, seq, previous.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?
                .collect::<rusqlite::Result<Vec<Waiting>>>()?;
            for (id, half, tail, bytes) in next {
                let mut hash = EntryHash([0; 32]);
                hash.0.iter_mut().zip(half.into_iter().chain(tail)).for_each(|(to, from)| *to = from);
                let place = StoredEntry { id: Some(id), log_no: info.no, seq, previous, hash, origin: None };
                self.settle(info, place, &bytes, authority)?;
                released += 1;
                ends.push((seq + 1, hash));
            }
        }
        Ok(released)
    }

    /// Reads deferred entries again, after an upgrade.
    ///
    /// # Errors
    /// [`StoreError::IngestAfterWrites`], or what the database refuses.
    pub fn retry_deferred(&mut self, authority: &Authority<'_>) -> Result<Ingested> {
        self.retry(Status::Deferred, &mut |_, _, _| Ok(true), authority)
    }

    /// Asks again about entries that were refused: what they were refused for may have been missing here only.
    ///
    /// # Errors
    /// As [`Self::retry_deferred`].
    pub fn retry_refused(&mut self, authority: &Authority<'_>) -> Result<Ingested> {
        self.retry(Status::Unapplied, &mut |_, _, _| Ok(true), authority)
    }

    /// Asks again about entries that were refused because a field had too many values, as far as somebody has decided.
    ///
    /// # Errors
    /// As [`Self::retry_deferred`].
    pub fn retry_crowded(&mut self, authority: &Authority<'_>) -> Result<Ingested> {
        if self.read().state(CROWDED)?.is_none_or(|left| left.is_empty()) {
            return Ok(Ingested::default());
        }
        self.projector.wary = true;
        let mut left = false;
        let mut crowded = |txn: &Self, _: &Head, place: (i64, &[u8])| {
            if txn.read().state(&crowded_key(place.0))?.is_none() {
                return Ok(false);
            }
            // Where one was refused just now the next need not be asked.
            let full = |op: &Op| op.record().is_some_and(|record| txn.projector.crowded.contains(&record));
            let waits = Entry::decode(place.1)?.ops.iter().any(full);
            left |= waits;
            Ok(!waits)
        };
        let ingested = self.retry(Status::Unapplied, &mut crowded, authority);
        self.projector.wary = false;
        let ingested = ingested?;
        if !left && ingested.unapplied == 0 {
            self.set_state(CROWDED, &[])?;
        }
        Ok(ingested)
    }

    /// Takes refused entries in after all, because it is known that they once were.
    ///
    /// # Errors
    /// As [`Self::retry_deferred`].
    pub fn adopt(&mut self, entries: &[Head]) -> Result<Ingested> {
        self.retry(Status::Unapplied, &mut |_, head, _| Ok(entries.contains(head)), &|_, _, _| Verdict::Apply)
    }

    /// Asks again about one entry that is not in the tables, refused or kept for a newer version; answers what became of it.
    ///
    /// # Errors
    /// As [`Self::retry_deferred`]; [`StoreError::NoSuchEntry`] when it is not one of those.
    pub fn retry_one(&mut self, entry: &Head, authority: &Authority<'_>) -> Result<Status> {
        for status in [Status::Unapplied, Status::Deferred] {
            match self.retry(status, &mut |_, head, _| Ok(head == entry), authority)?.counts() {
                [0, 0, 0, 0, 0] => {}
                [1, ..] => return Ok(Status::Applied),
                [.., 0] => return Ok(Status::Deferred),
                _ => return Ok(Status::Unapplied),
            }
        }
        Err(StoreError::NoSuchEntry)
    }

    /// What the county left out for a reason stays out; a township only takes it off its list.
    fn retry(&mut self, status: Status, wanted: &mut Wanted<'_, 't>, authority: &Authority<'_>) -> Result<Ingested> {
        if self.entry.is_some() {
            return Err(StoreError::IngestAfterWrites);
        }
        type Deferred = (i64, i64, u64, [u8; 16], [u8; 16], [u8; 32], Vec<u8>);
        let waiting = self
            .conn
            .prepare(
                "select id, log_no, seq, hash, tail, prev, bytes from entry where status = ?1
                     and (?2 or not exists (select 1 from verdict v where v.entry = entry.id and v.taken = 0))
                 order by log_no, seq, id",
            )?
            .query_map(params![status.code(), !self.own.role.is_county()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
            })?
            .collect::<rusqlite::Result<Vec<Deferred>>>()?;
        let mut ingested = Ingested::default();
        let mut log_numbers = BTreeSet::new();
        for (id, log_no, seq, half, tail, previous, bytes) in waiting {
            let info = log::by_no(self.conn, log_no)?;
            let mut hash = EntryHash([0; 32]);
            hash.0.iter_mut().zip(half.into_iter().chain(tail)).for_each(|(to, from)| *to = from);
            if !wanted(self, &Head { log: info.id, seq, hash }, (id, &bytes))? {
                continue;
            }
            let place = StoredEntry { id: Some(id), log_no, seq, previous: EntryHash(previous), hash, origin: None };
            ingested.count(self.settle(&info, place, &bytes, authority)?);
            log_numbers.insert(log_no);
        }
        self.set_reached()?;
        for log_no in log_numbers {
            crate::commit::recount_rosters(self.conn, log_no)?;
        }
        Ok(ingested)
    }
}
