//! Taking bundles in: verify and open without touching the database, then everything in one transaction.

use std::collections::BTreeMap;

use mingbai_bundle::{
    Certificate, DecryptionKey, Direction, KeyId, MAX_HEADER, Opened, Outer, Rejection, Role, TrustFault, TrustStore,
    peek, salvage, verify_and_open,
};
use mingbai_domain::{RecordId, Values};
use mingbai_ledger::{Entry, Head, Op};
use mingbai_store::{
    Author, ImportFacts, ImportRecord, Ingested, LogInfo, LogRole, Quarantined, Reading, Store, Verdict,
};
use sha2::{Digest, Sha256};

use crate::authority;
use crate::compare;
use crate::cutoff;
use crate::error::SyncError;
use crate::feed;
use crate::held;
use crate::keys::{CountyKeys, DeviceKeys, KeyRing, TRUST, known_trust, note_renewal, save_trust};
use crate::parts::{self, Gathered};
use crate::reconsider;
use crate::refill;
use crate::refusal;
use crate::renew;
use crate::summary::{TypeCount, by_type};

/// What a bundle would do, before it is accepted.
#[derive(Clone, Debug)]
pub struct Previewed {
    /// Who sent it, as certified.
    pub sender: Certificate,
    /// Running number of the sender.
    pub number: u64,
    /// When it was written by the sender's clock, milliseconds.
    pub written: u64,
    /// Entries in the file.
    pub entries: u64,
    /// Not here yet.
    pub new: u64,
    /// Here already.
    pub duplicate: u64,
    /// Behind a gap.
    pub held: u64,
    /// What the new ones touch.
    pub by_type: Vec<TypeCount>,
    /// Records the new ones touch, with how many changes.
    pub records: BTreeMap<(u16, RecordId), u64>,
    /// What the new ones say, for records that are not here yet: references and names by record.
    pub said: BTreeMap<(u16, RecordId), Values>,
    /// Own entries it confirms, up to.
    pub confirms: Vec<Head>,
    /// When the same file was taken in before, milliseconds.
    pub already: Option<u64>,
    /// Which part of how many the file is.
    pub part: (u16, u16),
    /// Parts that are still missing besides this one; while there are any, the numbers are those of this part alone.
    pub missing: Vec<u16>,
}

/// What became of a bundle. `entries = new + duplicate + held + deferred + unapplied`.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Who sent it.
    pub sender: Certificate,
    /// Running number.
    pub number: u64,
    /// Entries in the file.
    pub entries: u64,
    /// What became of them.
    pub ingested: Ingested,
    /// Own entries confirmed by it.
    pub confirmed: u64,
    /// Whether the same file had been taken in before; then nothing was done.
    pub already: bool,
    /// Which part of how many the file is.
    pub part: (u16, u16),
    /// Parts that are still missing; while there are any, the file only waits.
    pub missing: Vec<u16>,
}

/// Whether a township gives back what this county once told it in the feed it writes now and no longer has: the county's
/// database was restored from a copy, and nobody noticed.
fn gives_back_more(store: &Store, opened: &Opened) -> Result<bool, SyncError> {
    let current = feed::current(store, &opened.sender.area)?;
    for range in opened.ranges.iter().filter(|range| Some(range.range.log) == current) {
        let end = Head { log: range.range.log, seq: range.range.to, hash: range.range.head };
        if !store.read().stands(&end)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The hash by which a file is known here.
#[must_use]
pub fn digest(file: &[u8]) -> [u8; 32] {
    Sha256::digest(file).into()
}

/// A file that was verified and opened, and what is missing of its bundle.
struct Read {
    opened: Opened,
    part: (u16, u16),
    missing: Vec<u16>,
    /// When this very file was taken in before, milliseconds.
    taken: Option<u64>,
}

fn open(store: &Store, file: &[u8]) -> Result<Read, SyncError> {
    let trust = known_trust(store)?;
    let ring = KeyRing::load(store)?;
    let opened = verify(file, &trust, &ring)?;
    let own = opened.trust.signer(ring.current.signing.id());
    let fits = match opened.outer.direction {
        Direction::Up => own.is_some_and(|own| own.has(Role::County)),
        Direction::Down => true,
        // The other PCs of one's own centre, and nobody else's: their records are none of ours.
        Direction::Sibling => own.is_some_and(|own| own.area == opened.sender.area && !own.has(Role::County)),
    };
    if !fits {
        return Err(Rejection::NotAuthorised(opened.sender.device).into());
    }
    let part = (opened.outer.part, opened.outer.parts);
    if let Some(before) = taken_before(store.read(), &opened, &digest(file))? {
        return Ok(Read { opened, part, missing: Vec::new(), taken: Some(before.received_millis) });
    }
    let again = |bytes: &[u8], trust: &TrustStore| verify(bytes, trust, &ring);
    match parts::gather(store, opened, file, &trust, &again)? {
        Gathered::Whole(whole) => {
            cutoff::ends_at_its_cut(store.read(), &whole)?;
            Ok(Read { opened: *whole, part, missing: Vec::new(), taken: None })
        }
        Gathered::Part(one, missing) => Ok(Read { opened: *one, part, missing, taken: None }),
    }
}

/// Verifies and opens; what was sealed to a key this PC had before is still for it.
fn verify(file: &[u8], trust: &TrustStore, ring: &KeyRing) -> Result<Opened, Rejection> {
    let mut read = Err(Rejection::NotForUs);
    for key in ring.opening() {
        if matches!(read, Err(Rejection::NotForUs)) {
            read = verify_and_open(file, trust, key);
        }
    }
    read
}

/// What a file on a drive is, as far as its first bytes tell.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// Its outside.
    pub outer: Outer,
    /// Who signed it.
    pub sender: Certificate,
    /// Whether it, or its part, was taken in before.
    pub known: bool,
}

/// How many of a file's first bytes a [`Lookout`] wants.
pub const FIRST_BYTES: usize = MAX_HEADER;

/// Looks at many files quickly.
pub struct Lookout<'s> {
    store: &'s Store,
    trust: TrustStore,
    keys: Vec<KeyId>,
}

impl<'s> Lookout<'s> {
    /// A lookout for bundles for this PC.
    ///
    /// # Errors
    /// [`SyncError::NotEnrolled`] before enrolment.
    pub fn new(store: &'s Store) -> Result<Self, SyncError> {
        let keys = KeyRing::load(store)?.opening().map(DecryptionKey::id).collect();
        Ok(Self { store, trust: known_trust(store)?, keys })
    }

    /// Says of a file whether it is a bundle for this PC, from its first bytes and its length; nothing for what is for
    /// others or comes from nobody known. Nothing is opened, and the rest of the file may be damaged.
    ///
    /// # Errors
    /// [`SyncError::Rejected`] for what has no sound header.
    pub fn glimpse(&self, first: &[u8], length: u64) -> Result<Option<Glimpse>, SyncError> {
        Ok(match self.see(first, length)? {
            Seen::Ours(found) => Some(*found),
            Seen::Others | Seen::Stranger => None,
        })
    }

    /// Says of a file for whom it is, as [`Self::glimpse`] does.
    ///
    /// # Errors
    /// [`SyncError::Rejected`] for what has no sound header.
    pub fn see(&self, first: &[u8], length: u64) -> Result<Seen, SyncError> {
        let (outer, sender) = match peek(first, length, &self.trust) {
            Err(Rejection::UnknownSender(_)) => return Ok(Seen::Stranger),
            Err(Rejection::OtherCounty) => return Ok(Seen::Others),
            found => found?,
        };
        if !outer.recipients.iter().any(|recipient| self.keys.contains(recipient)) {
            return Ok(Seen::Others);
        }
        // No file has this hash; the bundle is looked for by its own id.
        let imported = self.store.read().import_of(&[0; 32], Some(&outer.bundle_id))?;
        let imported = imported.is_some_and(|import| import.sender == sender.unit);
        let known = imported || parts::waits(self.store.read(), &outer)?;
        Ok(Seen::Ours(Box::new(Glimpse { outer, sender, known })))
    }
}

/// For whom a file is, as far as its first bytes tell.
#[derive(Clone, Debug)]
pub enum Seen {
    /// For this PC.
    Ours(Box<Glimpse>),
    /// For another PC, or of another county.
    Others,
    /// From nobody known here.
    Stranger,
}

/// The import of this very file, if it was taken in before. A number drawn at random that comes a second time from one
/// sender with another content says that one of the two is not what it seems; another sender's number proves nothing.
fn taken_before(reading: Reading<'_>, opened: &Opened, file: &[u8; 32]) -> Result<Option<ImportRecord>, SyncError> {
    let known = reading.import_of(file, Some(&opened.outer.bundle_id))?;
    match known {
        Some(known) if known.file_hash == *file || parts::came_together(reading, &opened.outer, file)? => {
            Ok(Some(known))
        }
        Some(known) if known.sender == opened.sender.unit => Err(Rejection::NumberTaken.into()),
        _ => Ok(None),
    }
}

/// Verifies and opens a bundle and says what it would do. Writes nothing.
///
/// # Errors
/// [`SyncError::Rejected`] with the first reason found.
pub fn preview(store: &Store, file: &[u8]) -> Result<Previewed, SyncError> {
    let Read { opened, part, missing, taken } = open(store, file)?;
    let reading = store.read();
    let (mut new, mut duplicate, mut held) = (0, 0, 0);
    let mut fresh = Vec::new();
    let mut confirms = Vec::new();
    for range in &opened.ranges {
        let log = range.range.log;
        // By hash, not by number: where the log forks, another entry of the same number is no repetition.
        let before = Head { log, seq: range.range.from.saturating_sub(1), hash: range.range.previous };
        let mut joins = reading.stands(&before)?;
        for entry in &range.entries {
            let head = Head { log, seq: entry.seq, hash: entry.hash };
            if let Some(chained) = reading.is_here(&head)? {
                (duplicate, joins) = (duplicate + 1, chained);
                continue;
            }
            if joins {
                new += 1;
            } else {
                held += 1;
            }
            if let Ok(decoded) = Entry::decode(&entry.bytes) {
                confirms.extend(decoded.ops.iter().filter_map(|op| match op {
                    Op::Ack { head, .. } => Some(*head),
                    _ => None,
                }));
                fresh.push(decoded);
            }
        }
    }
    let mut said: BTreeMap<(u16, RecordId), Values> = BTreeMap::new();
    for op in fresh.iter().flat_map(|entry| &entry.ops) {
        let Some(record) = op.record() else { continue };
        match op {
            Op::Set { writes, .. } => {
                let values = writes.iter().map(|(field, write)| (*field, write.value.clone()));
                said.entry(record).or_default().extend(values);
            }
            Op::Fact { body, .. } => said.entry(record).or_default().extend(body.clone()),
            _ => {}
        }
    }
    let mut records = BTreeMap::new();
    for record in fresh.iter().flat_map(|entry| &entry.ops).filter_map(Op::record) {
        *records.entry(record).or_default() += 1;
    }
    Ok(Previewed {
        sender: opened.sender,
        number: opened.outer.bundle_no,
        written: u64::try_from(opened.manifest.wall_ms).unwrap_or_default(),
        entries: new + duplicate + held,
        new,
        duplicate,
        held,
        by_type: by_type(fresh.iter()),
        records,
        said,
        confirms,
        already: taken,
        part,
        missing,
    })
}

/// Takes a bundle in. A file that is turned away is entered into quarantine with its reason; the caller keeps its bytes.
///
/// # Errors
/// [`SyncError`]; then nothing of the file was taken in.
pub fn accept(store: &mut Store, author: &Author<'_>, file: &[u8], name: &str) -> Result<Accepted, SyncError> {
    let Read { mut opened, part, missing, taken } = match open(store, file) {
        Ok(read) => read,
        Err(SyncError::Rejected(rejection)) => {
            hear_of_the_lost(store, file, &rejection)?;
            return Err(turn_away(store, author, file, name, rejection));
        }
        Err(other) => return Err(other),
    };
    let waits = !missing.is_empty();
    let entries: u64 = opened.ranges.iter().map(|range| range.entries.len() as u64).sum();
    let mut accepted = Accepted {
        sender: opened.sender.clone(),
        number: opened.outer.bundle_no,
        entries: if waits { 0 } else { entries },
        ingested: Ingested::default(),
        confirmed: 0,
        already: taken.is_some(),
        part,
        missing,
    };
    if accepted.already {
        accepted.ingested.duplicate = entries;
        return Ok(accepted);
    }
    if waits {
        parts::keep(store, author, &opened, file)?;
        return Ok(accepted);
    }
    let county = CountyKeys::ops(store).is_ok();
    let told_more = opened.sender.has(Role::County) && !opened.revoked;
    if (told_more && renew::is_behind(store, &opened.manifest.have)?) || (county && gives_back_more(store, &opened)?) {
        // The epoch this begins comes after everything the bundle knows of.
        save_trust(store, &opened.trust)?;
        renew::renew(store, author)?;
        opened.trust = known_trust(store)?;
    }
    let feed = if county && opened.outer.direction == Direction::Up {
        let own = opened.trust.signer(DeviceKeys::load(store)?.signing.id()).ok_or(SyncError::NotCounty)?.serial;
        Some(feed::genesis(store, &opened.sender.area, own, opened.trust.county().0, author.random)?)
    } else {
        None
    };
    let before = crate::summary::confirmed_entries(store.read())?;
    let committed = store.commit(author, "exchange_import", None, |txn| {
        let mut sum = Ingested::default();
        let (mut given_back, mut anew) = (false, false);
        let county_speaks = opened.sender.has(Role::County) && !opened.revoked;
        if county_speaks {
            txn.absorb(u64::try_from(opened.manifest.wall_ms).unwrap_or_default());
        }
        for range in &opened.ranges {
            let role = if range.device.has(Role::County) { LogRole::Feed } else { LogRole::Township };
            let log = if county && role == LogRole::Feed {
                txn.add_feed(&range.genesis, &opened.sender.unit)?
            } else {
                txn.add_log(&range.genesis, role, &range.device.unit)?
            };
            note_renewal(txn, &opened.trust, &range.device)?;
            let area = range.device.area.clone();
            let authority = |log: &LogInfo, entry: (&Head, &Entry), reading: Reading<'_>| -> Verdict {
                authority::verdict(&opened.trust, &area, log, entry, reading)
            };
            let ingested = cutoff::ingest(txn, &opened, (&log, range), &authority)?;
            given_back |= county && role == LogRole::Feed && ingested.new > 0;
            anew |= ingested.new > 0 && cutoff::takes_up(txn.read(), &range.genesis)?;
            sum.add(&ingested);
        }
        if county {
            reconsider::reconsider(txn, &opened.trust, given_back)?;
        }
        cutoff::apply(txn, &opened.trust, anew)?;
        if let Some(genesis) = &feed {
            let feed = txn.add_feed(genesis, &opened.sender.unit)?;
            for range in opened.ranges.iter().filter(|range| !range.device.has(Role::County)) {
                let sent = Head { log: range.range.log, seq: range.range.to, hash: range.range.head };
                feed::confirm(txn, &feed, sent)?;
                refusal::report(txn, &feed, &sent.log)?;
            }
        }
        let ranges = opened.ranges.iter().map(|r| (r.range.log, r.range.from, r.range.to, r.range.head)).collect();
        let after = txn.read().heads()?;
        txn.import(ImportFacts {
            bundle: opened.outer.bundle_id,
            file: digest(file),
            ranges,
            counts: sum.counts(),
            after,
        })?;
        txn.record_import(&ImportRecord {
            bundle: opened.outer.bundle_id,
            file_hash: digest(file),
            sender: opened.sender.unit.clone(),
            received_millis: author.wall_millis,
            counts: sum.clone(),
            details: format!("{}|{}|{}", opened.outer.bundle_no, opened.sender.area, sum.forks.len()),
        })?;
        parts::forget(txn, &opened)?;
        parts::forget_revoked(txn, &opened.trust)?;
        // What the bundle taught and what the sender holds count from this very transaction on.
        txn.set_state(TRUST, &opened.trust.encode())?;
        if let Some(genesis) = feed.as_ref().filter(|_| !opened.revoked) {
            held::note_contact(txn, &opened.sender, author.wall_millis, &opened.manifest.have)?;
            if let Some(last) = opened.ranges.iter().rfind(|range| range.device.signing == opened.sender.signing) {
                held::note_device(txn, &opened.sender, &last.range.log, &genesis.log_id(), &opened.manifest.have)?;
            }
            held::note_losses(txn, &opened.sender, &opened.manifest.have)?;
            compare::note(txn, &opened.sender, &opened.manifest)?;
        }
        let sibling_speaks = opened.outer.direction == Direction::Sibling && !opened.revoked;
        if opened.outer.direction != Direction::Up {
            // Also of a bundle that a newer one has overtaken, or whose sender changed its keys meanwhile: what it brought may
            // have to be given back.
            refill::keep(txn, &opened.ranges)?;
        }
        if county_speaks {
            held::note_county(txn, author, &opened.trust, &opened.manifest)?;
            refill::note(txn, &opened.manifest)?;
        }
        if sibling_speaks {
            held::note_sibling(txn, &opened.sender, &opened.manifest.have)?;
        }
        Ok::<_, SyncError>(sum)
    })?;
    accepted.ingested = committed.value;
    // A county restored from a backup says less than it said before.
    accepted.confirmed = crate::summary::confirmed_entries(store.read())?.saturating_sub(before);
    Ok(accepted)
}

/// A county that was restored from a copy, did not notice and gave a number twice has to make a new operations key. It can
/// only under the newest root, and what it has forgotten by then is forgotten for good: it hears of both in the very file it
/// turns away.
fn hear_of_the_lost(store: &mut Store, file: &[u8], rejection: &Rejection) -> Result<(), SyncError> {
    let Ok(ops) = CountyKeys::ops(store) else { return Ok(()) };
    if *rejection != Rejection::Trust(TrustFault::Conflict) {
        return Ok(());
    }
    let (trust, ring) = (known_trust(store)?, KeyRing::load(store)?);
    if let Some(learned) = ring.opening().find_map(|key| salvage(file, &trust, key, &ops)) {
        save_trust(store, &learned)?;
    }
    Ok(())
}

/// Enters a file that was turned away into quarantine; answers the refusal.
fn turn_away(store: &mut Store, author: &Author<'_>, file: &[u8], name: &str, rejection: Rejection) -> SyncError {
    let outer = mingbai_bundle::inspect(file).ok();
    let quarantined = Quarantined {
        id: 0,
        file_hash: digest(file),
        file_name: name.to_owned(),
        sender: outer.as_ref().map(|outer| outer.sender.to_string()).unwrap_or_default(),
        received_millis: author.wall_millis,
        code: rejection.code().to_owned(),
        reason: rejection.to_string(),
        retired: None,
    };
    if let Err(error) = store.quarantine(&quarantined) {
        return error.into();
    }
    if rejection == Rejection::PartsDiffer
        && let Some(outer) = outer
        && let Err(error) = parts::spoil(store, author, &outer)
    {
        return error;
    }
    rejection.into()
}
