//! A run: the PCs, the files on their way, what has been promised so far.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use mingbai_bundle::TrustStore;
use mingbai_domain::RecordId;
use mingbai_ledger::Head;
use mingbai_store::Store;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::causes::Causes;
use crate::courier::Letter;
use crate::dice::Dice;
use crate::events::{EVENTS, Event, FORGETTING, SIGNING};
use crate::founded::founded;
use crate::model::Line;
use crate::office::{Kind, Office};
use crate::{Coverage, Failure, Outcome, Result};

/// Stands in every name, so that a file that shows one shows this.
pub(crate) const CANARY: &str = "金丝雀";

/// Stands in every citizen id: a date of birth, a sequence.
pub(crate) const CANARY_ID: &str = "1599012019530412";

/// One household with one person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Family {
    pub(crate) household: RecordId,
    pub(crate) person: RecordId,
    pub(crate) membership: RecordId,
}

/// Whom a PC trusts, and the bytes this was read from.
pub(crate) type Trusted = (Vec<u8>, Rc<TrustStore>);

/// Version of the root and number of certificates, and each revocation with what it ends.
pub(crate) type TrustedSoFar = ((u64, usize), BTreeSet<(u64, u64)>);

/// A county, its townships and the courier between them.
pub(crate) struct World {
    pub(crate) dice: Dice,
    /// What clocks show, where not what they do in the ordinary run of the seed.
    pub(crate) clocks: Option<Dice>,
    pub(crate) offices: Vec<Office>,
    pub(crate) villages: [RecordId; 2],
    pub(crate) families: Vec<Family>,
    pub(crate) visits: Vec<RecordId>,
    pub(crate) mail: Vec<Letter>,
    /// Files that were delivered or dropped, to be found again in a drawer.
    pub(crate) drawer: Vec<Letter>,
    /// Every file that was ever sent.
    pub(crate) sent: Vec<Vec<u8>>,
    /// The head after every save that was answered.
    pub(crate) saved: Vec<Head>,
    /// What the author of every write had seen.
    pub(crate) causes: Causes,
    pub(crate) minted: BTreeSet<String>,
    /// The head after every save of a thief.
    pub(crate) forged: Vec<Head>,
    /// The keys of every PC that was reported stolen or replaced.
    pub(crate) ended: BTreeSet<[u8; 32]>,
    /// The county's eight words, on the sheet every clerk has.
    pub(crate) words: String,
    /// Whether somebody found the county to have given one number to two documents.
    pub(crate) twice: bool,
    /// The root's holders with their passwords, once it was given to them.
    pub(crate) holders: Vec<(Vec<u8>, String)>,
    /// The newest version of the root there ever was: its holders know it.
    pub(crate) root_version: u64,
    /// Whom every PC trusts: reading it checks every signature, so it is read when it changed.
    pub(crate) trusted: BTreeMap<usize, Trusted>,
    /// How far that went when it was looked at last: version of the root, certificates, each revocation and what it ends.
    pub(crate) trusted_so_far: BTreeMap<usize, TrustedSoFar>,
    /// Whether the county was restored from a copy: until it has heard from everybody it may lack what it confirmed.
    pub(crate) forgetful: bool,
    /// Why a file was turned away last, for the report of a failure.
    pub(crate) turned_away: String,
    /// In percent, drawn for the run: damage, loss, repetition, wrong address.
    pub(crate) faults: [u64; 4],
    coverage: Coverage,
    trace: Sha256,
    pub(crate) folder: TempDir,
}

/// Where databases are fast and forgotten: memory, where the system has such a place.
fn folder() -> Result<TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    Ok(made?)
}

impl World {
    fn new(seed: u64, clocks: Option<u64>) -> Result<Self> {
        let mut dice = Dice::new(seed);
        let folder = folder()?;
        let (offices, villages, words) = founded(folder.path(), &mut dice)?;
        let faults = [dice.below(30), dice.below(40), dice.below(40), dice.below(15)].map(|percent| percent as u64);
        let mut world = Self {
            dice,
            clocks: clocks.map(Dice::new),
            offices,
            villages,
            families: Vec::new(),
            visits: Vec::new(),
            mail: Vec::new(),
            drawer: Vec::new(),
            sent: Vec::new(),
            saved: Vec::new(),
            causes: Causes::new(),
            minted: BTreeSet::new(),
            forged: Vec::new(),
            ended: BTreeSet::new(),
            words,
            twice: false,
            holders: Vec::new(),
            root_version: 1,
            trusted: BTreeMap::new(),
            trusted_so_far: BTreeMap::new(),
            forgetful: false,
            turned_away: String::new(),
            faults,
            coverage: Coverage::new(),
            trace: Sha256::new(),
            folder,
        };
        for place in 0..world.offices.len() {
            world.set_clock(place)?;
        }
        Ok(world)
    }

    /// Sets the clock of a PC to whatever clocks show in this run.
    pub(crate) fn set_clock(&mut self, place: usize) -> Result<()> {
        let Some(clocks) = &mut self.clocks else { return Ok(()) };
        // Some years to either side, to the millisecond.
        let wall = 1_790_000_000_000 - (5 << 35) + clocks.roll() % (10 << 35);
        self.office(place)?.wall = wall;
        Ok(())
    }

    /// The county's store.
    pub(crate) fn county(&self) -> Result<&Store> {
        self.offices.first().ok_or_else(|| Failure::new("no county"))?.store()
    }

    pub(crate) fn office(&mut self, place: usize) -> Result<&mut Office> {
        self.offices.get_mut(place).ok_or_else(|| Failure::new("no such PC"))
    }

    /// Whom a PC trusts; nobody before it has joined.
    pub(crate) fn trust(&mut self, place: usize) -> Result<Option<Rc<TrustStore>>> {
        let Some(kept) = self.office(place)?.store()?.state("trust")? else { return Ok(None) };
        if let Some((_, trust)) = self.trusted.get(&place).filter(|(known, _)| *known == kept) {
            return Ok(Some(Rc::clone(trust)));
        }
        let trust = Rc::new(TrustStore::decode(&kept)?);
        self.trusted.insert(place, (kept, Rc::clone(&trust)));
        Ok(Some(trust))
    }

    /// Whom the county trusts.
    pub(crate) fn county_trust(&mut self) -> Result<Rc<TrustStore>> {
        self.trust(0)?.ok_or_else(|| Failure::new("the county trusts nobody"))
    }

    /// Counts something that really happened.
    pub(crate) fn count(&mut self, what: &'static str) {
        self.count_many(what, 1);
    }

    pub(crate) fn count_many(&mut self, what: &'static str, times: u64) {
        *self.coverage.entry(what).or_default() += times;
        self.trace.update(what.as_bytes());
        self.trace.update(times.to_be_bytes());
    }

    /// A name nobody has had.
    pub(crate) fn mint(&mut self) -> String {
        let name = format!("{CANARY}{}", self.minted.len());
        self.minted.insert(name.clone());
        name
    }

    /// The places of PCs that are there.
    pub(crate) fn places(&self, wanted: impl Fn(&Office) -> bool) -> Vec<usize> {
        let there = |(_, office): &(usize, &Office)| office.store.is_some() && wanted(office);
        self.offices.iter().enumerate().filter(there).map(|(place, _)| place).collect()
    }

    /// Takes a file in as it is. Answers nothing when it was turned away, which must have changed nothing.
    pub(crate) fn deliver(&mut self, to: usize, bytes: &[u8]) -> Result<Option<mingbai_sync::Accepted>> {
        let before = crate::invariants::fingerprint(self.office(to)?.store()?)?;
        match self.office(to)?.take(bytes)? {
            Ok(accepted) => {
                crate::invariants::conserved(&accepted)?;
                if to == 0 && accepted.number % 2 == 0 {
                    self.tables_compare(&accepted.sender, false)?;
                }
                self.trace.update(accepted.entries.to_be_bytes());
                for fork in &accepted.ingested.forks {
                    self.trace.update(fork.to_be_bytes());
                    self.count("forks seen");
                }
                Ok(Some(accepted))
            }
            Err(mingbai_sync::SyncError::Rejected(reason)) => {
                if crate::invariants::fingerprint(self.office(to)?.store()?)? != before {
                    return Err(Failure::new(format!("I7 a file turned away as {} changed something", reason.code())));
                }
                self.twice |= crate::papers::is_conflict(&reason);
                self.turned_away = format!("{}: {reason}", self.office(to)?.name);
                Ok(None)
            }
            Err(mingbai_sync::SyncError::NotEnrolled) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// Delivers everything to everybody until nothing more is to be told.
    fn settle(&mut self, rounds: usize) -> Result<()> {
        self.mail.clear();
        self.twice = false;
        self.forget_untold_roots()?;
        let mut undisturbed = 0;
        for _ in 0..rounds + 5 {
            undisturbed += usize::from(self.round()?);
            if undisturbed == rounds {
                return Ok(());
            }
        }
        Err(Failure::new(format!("files are turned away again and again, {}", self.turned_away)))
    }

    /// Everybody writes to everybody once. Answers whether it went undisturbed.
    fn round(&mut self) -> Result<bool> {
        self.put_all_in_order()?;
        let mut calm = true;
        for place in self.places(|office| office.kind == Kind::Township) {
            for bundle in self.office(place)?.export_up(None)?.unwrap_or_default() {
                calm &= self.must((place, 0), &bundle)?;
            }
        }
        self.retire_again()?;
        for area in [crate::found::A, crate::found::B] {
            for bundle in self.office(0)?.export_down(area, None)?.unwrap_or_default() {
                for place in self.places(|office| office.kind == Kind::Township && office.area == area) {
                    calm &= self.must((0, place), &bundle)?;
                }
            }
        }
        Ok(calm)
    }

    /// A sound file from an enrolled PC for this one is taken in. Answers no where the county had to sign anew first, or has to
    /// hear of a newer root from others.
    fn must(&mut self, (from, to): (usize, usize), bytes: &[u8]) -> Result<bool> {
        if self.deliver(to, bytes)?.is_some() {
            return Ok(true);
        }
        if self.heal()? || self.is_behind_its_holders()? {
            return Ok(false);
        }
        let reason = self.office(to)?.take(bytes)?.err();
        if self.office(to)?.kind == Kind::Township && !self.is_certified(to)? {
            // Its request could not be answered before the county had heard from the others, or the county has just heard
            // that it gave this PC a number of one that was retired.
            self.count("a PC waits for its certificate while the others exchange");
            return Ok(false);
        }
        if let Some(mingbai_sync::SyncError::Rejected(mingbai_bundle::Rejection::UnknownSender(_))) = reason {
            // Another's bundle has just taught the county a root under which this PC is not certified: it asks again.
            self.count("a county forgets whom it certified under an older root");
            return Ok(false);
        }
        if let Some(mingbai_sync::SyncError::Rejected(mingbai_bundle::Rejection::Revoked(_))) = reason
            && self.office(from)?.kind == Kind::Township
            && !self.is_certified(from)?
        {
            // Another's bundle has just taught the county that this PC's keys had ended before it forgot: it asks again.
            self.count("a county forgets whose keys had ended");
            return Ok(false);
        }
        let reason = reason.map(|error| error.to_string()).unwrap_or_default();
        let (from, to) = (self.office(from)?.name.clone(), self.office(to)?.name.clone());
        Err(Failure::new(format!("{to} turned a sound file of {from} away: {reason}")))
    }

    pub(crate) fn mirror(&mut self, lines: &[Line]) -> Result<()> {
        let mut dice = Dice::new(self.dice.roll());
        crate::mirror::mirrored(self.folder.path(), self.county()?, lines, &mut dice)
    }

    /// How far every PC has written its own log, for traces.
    fn heads(&self) -> Result<String> {
        let mut told = String::new();
        for office in &self.offices {
            if let Some(store) = &office.store {
                let head = store.own_log()?;
                told += &format!("{} {:.4}:{} ", office.name, head.log.to_string(), head.seq);
            }
        }
        Ok(told)
    }

    fn outcome(mut self) -> Result<Outcome> {
        // Hashes are left out: sealing takes the system's own randomness, and an import's entry names the sealed file.
        let told = crate::invariants::everything_shown(&self.offices)?;
        self.trace.update(told);
        let (verdict, entries) = (self.verdict()?, self.saved.len() as u64);
        Ok(Outcome { trace: self.trace.finalize().into(), verdict, coverage: self.coverage, entries })
    }
}

/// Runs one seed and prints its events if asked to: `steps` events, then everything is delivered and everything is checked.
/// In a third of the runs the county signs, in a third it may forget what it knows, and in a third it may do both.
///
/// # Errors
/// [`Failure`] with the first promise broken, after the number of the event.
pub fn run(seed: u64, steps: usize, trace: bool) -> Result<Outcome> {
    run_in(World::new(seed, None)?, steps, trace, false)
}

/// As [`run`], with everything that can happen in this very run: the county may forget whom it certified, retired and named
/// holder of its root.
///
/// # Errors
/// As [`run`].
pub fn run_together(seed: u64, steps: usize, trace: bool) -> Result<Outcome> {
    run_in(World::new(seed, None)?, steps, trace, true)
}

/// I19: runs one seed by so many different clocks more, with everything else as it is, and compares what became of it all.
///
/// # Errors
/// As [`run`], or what differs.
pub fn by_other_clocks(seed: u64, steps: usize, clocks: u64) -> Result<()> {
    let by = |clocks: u64| run_in(World::new(seed, Some(clocks))?, steps, false, false);
    let first = if clocks > 0 { by(0)? } else { return Ok(()) };
    (1..=clocks).try_for_each(|clocks| first.agrees_with(&by(clocks)?))
}

fn run_in(mut world: World, steps: usize, trace: bool, together: bool) -> Result<Outcome> {
    // Every run has a taste of its own; what carries files never stops.
    let never: &[&str] = match (together, world.dice.below(3)) {
        (true, _) | (false, 0) => &[],
        (false, 1) => &FORGETTING,
        (false, _) => &SIGNING,
    };
    let happens = EVENTS.iter().filter(|event| !never.contains(&event.name));
    let weights: Vec<(&Event, usize)> =
        happens.map(|event| (event, event.weight + world.dice.below(event.weight + 2))).collect();
    let register = EVENTS.first().ok_or_else(|| Failure::new("no events"))?;
    let total: usize = weights.iter().map(|(_, weight)| weight).sum();
    // Everybody begins with families that everybody knows, or nobody would ever disagree.
    for _ in 0..3 {
        (register.happen)(&mut world)?;
    }
    world.settle(1)?;
    for step in 0..steps {
        let mut at = world.dice.below(total);
        let event = weights.iter().find(|(_, weight)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        });
        let Some((event, _)) = event else { continue };
        let told = |failure: Failure| Failure::new(format!("event {step} “{}”: {failure}", event.name));
        if (event.happen)(&mut world).map_err(told)? {
            if trace {
                println!("{step:>4} {}: {}", event.name, world.heads()?);
            }
            world.count(event.name);
            world.always().map_err(told)?;
        }
    }
    world.settle(5).map_err(|failure| Failure::new(format!("delivering: {failure}")))?;
    world.finally()?;
    world.outcome()
}
