//! Certificates on paper: who asks for one, who is given one, whose ends. What people do about them besides the files.

use mingbai_bundle::{Certificate, EnrolmentRequest, Rejection, TrustFault};
use mingbai_sync::devices::{Pc, Retirement, pcs, retire};
use mingbai_sync::keys::{CountyKeys, KeyRing};
use mingbai_sync::roots::{self, Change};
use mingbai_sync::{SyncError, enrol, rekey};

use crate::found::applicant;
use crate::office::{Kind, Office};
use crate::world::World;
use crate::{Failure, Result};

/// The day of every retirement.
const TODAY: Option<chrono::NaiveDate> = chrono::NaiveDate::from_ymd_opt(2026, 11, 21);

/// Whether the county is found to have given one number to two documents.
pub(crate) fn is_conflict(reason: &Rejection) -> bool {
    matches!(reason, Rejection::Trust(TrustFault::Conflict))
}

/// Everything of a store that a paper could change.
fn kept(office: &Office) -> Result<(String, Option<Vec<u8>>)> {
    let store = office.store()?;
    Ok((crate::invariants::fingerprint(store)?, store.state("trust")?))
}

impl World {
    /// The request a PC has to make now, if any: it has not joined, its certificate has ended, or its new keys wait for one.
    pub(crate) fn ask(&mut self, place: usize) -> Result<Option<Vec<u8>>> {
        if self.is_certified(place)? {
            return Ok(None);
        }
        let office = self.office(place)?;
        if office.store()?.state("trust")?.is_some() {
            return Ok(Some(office.with(rekey::request)??.bytes().to_vec()));
        }
        let (name, area) = (office.name.clone(), office.area);
        let asked = office.with(|store, author| enrol::request(store, applicant(&name, area), author.random))??;
        Ok(Some(asked.bytes().to_vec()))
    }

    /// Whether a PC has joined, and the county certifies the keys it writes under.
    pub(crate) fn is_certified(&mut self, place: usize) -> Result<bool> {
        let office = self.office(place)?;
        let (ring, joined) = (KeyRing::load(office.store()?)?, office.store()?.state("trust")?.is_some());
        let trust = self.county_trust()?;
        let known = trust.signer(ring.current.signing.id());
        Ok(joined && ring.next.is_none() && known.is_some_and(|pc| trust.revocation(pc.serial).is_none()))
    }

    /// The county reads a request and calls the clerk, who reads the words of what his PC asks for. Gives the answer.
    pub(crate) fn grant(&mut self, to: usize, from: usize, file: &[u8]) -> Result<Option<Vec<u8>>> {
        if self.office(to)?.kind != Kind::County {
            return Ok(None);
        }
        let Ok(request) = EnrolmentRequest::open(file) else { return Ok(None) };
        let asking = self.office(from)?;
        let waiting = asking.store()?.state("enrolment_request")?.filter(|_| asking.kind == Kind::Township);
        let words = waiting.map(|bytes| EnrolmentRequest::open(&bytes)).transpose()?.map(|waiting| waiting.words());
        self.can_sign()?;
        if self.is_behind_its_holders()? {
            return Ok(None);
        }
        let before = kept(self.office(to)?)?;
        let granted = self.office(to)?.with(|store, _| enrol::approve(store, &request, &words.unwrap_or_default()))?;
        match granted {
            Ok((_, file)) => Ok(Some(file)),
            Err(SyncError::WordsDiffer | SyncError::RenewalRefused) if kept(self.office(to)?)? == before => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// A PC reads the county's answer.
    pub(crate) fn join(&mut self, to: usize, file: &[u8]) -> Result<bool> {
        let words = self.words.clone();
        let before = kept(self.office(to)?)?;
        match self.office(to)?.with(|store, author| enrol::accept(store, author, file, &words))? {
            Ok(_) => Ok(true),
            Err(SyncError::Rejected(reason)) if kept(self.office(to)?)? == before => {
                self.twice |= is_conflict(&reason);
                self.turned_away = format!("{}: {reason}", self.office(to)?.name);
                Ok(false)
            }
            Err(SyncError::NoRequest) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// Whatever a PC needs of the county is brought to it by hand. Answers whether anything came of it.
    fn put_in_order(&mut self, place: usize) -> Result<bool> {
        let Some(asked) = self.ask(place)? else { return Ok(false) };
        // A renewal is refused to a PC whose certificate has meanwhile been another: it has to hear of that first.
        let Some(answer) = self.grant(0, place, &asked)? else { return Ok(false) };
        if self.join(place, &answer)? || self.heal()? {
            return Ok(true);
        }
        if self.is_behind_its_holders()? {
            return Ok(false);
        }
        Err(Failure::new(format!("a PC cannot read the county's answer, {}", self.turned_away)))
    }

    /// The county was restored, did not notice, and gave a number out a second time before it heard of the first. It is told
    /// so, makes a new operations key and signs everything again; whom it had forgotten asks once more. Answers whether
    /// that was it.
    pub(crate) fn heal(&mut self) -> Result<bool> {
        if !std::mem::take(&mut self.twice) {
            return Ok(false);
        }
        self.count("the county gave a number twice");
        self.change_root(Change::Operations)
    }

    /// Everybody asks for what he needs, as long as anything comes of it: the answer to one may end another, its copy.
    pub(crate) fn put_all_in_order(&mut self) -> Result<()> {
        for _ in 0..10 {
            let mut answered = false;
            for place in self.places(|office| office.kind == Kind::Township) {
                answered |= self.put_in_order(place)?;
            }
            if !answered {
                return Ok(());
            }
        }
        Err(Failure::new("copies of one PC end each other for ever"))
    }

    /// I20: nobody waits for anything of the county's.
    pub(crate) fn nobody_waits(&mut self) -> Result<()> {
        for place in self.places(|office| office.kind == Kind::Township) {
            if self.ask(place)?.is_some() {
                return Err(Failure::new(format!("I20 {} still waits for its certificate", self.office(place)?.name)));
            }
        }
        Ok(())
    }

    /// The certificates of a PC that count at the county.
    fn certificates(&mut self, keys: &std::collections::BTreeSet<[u8; 32]>) -> Result<Vec<Certificate>> {
        let trust = self.county_trust()?;
        let counts = |pc: &&Certificate| trust.revocation(pc.serial).is_none() && keys.contains(&pc.signing.log_key());
        Ok(trust.certificates().filter(counts).cloned().collect())
    }

    /// How many entries of a PC the county knows to be missing.
    pub(crate) fn lacks_of(&mut self, place: usize) -> Result<u64> {
        let keys = self.office(place)?.log_keys()?;
        let of_it = |pc: &&Pc| keys.contains(&pc.certificate.signing.log_key());
        Ok(pcs(self.county()?)?.iter().filter(of_it).map(|pc| pc.missing).sum())
    }

    /// The county retires a PC. Copies of it, which have its keys, are put away. Answers whether the county knew it.
    pub(crate) fn end(&mut self, place: usize, kind: Kind) -> Result<bool> {
        let mut keys = self.office(place)?.log_keys()?;
        if self.certificates(&keys)?.is_empty() {
            return Ok(false);
        }
        // A copy of a copy may have keys that only the copy shares.
        for _ in 0..self.offices.len() {
            for office in self.offices.iter_mut().filter(|office| office.store.is_some()) {
                let theirs = office.log_keys()?;
                if !theirs.is_disjoint(&keys) {
                    keys.extend(theirs);
                    office.kind = Kind::Retired;
                }
            }
        }
        self.office(place)?.kind = kind;
        self.ended.extend(keys);
        self.retire_again()?;
        Ok(true)
    }

    /// The county retires every PC on its list that it does not know to be retired: after a restore it has forgotten.
    pub(crate) fn retire_again(&mut self) -> Result<()> {
        for pc in self.certificates(&self.ended.clone())? {
            self.can_sign()?;
            let Some(today) = TODAY else { return Ok(()) };
            let why = Retirement { stolen: true, reason: "报失", typed: &pc.device };
            match self.office(0)?.with(|store, author| retire(store, author, pc.serial, why, today))? {
                // Two certificates of one key end together.
                Ok(_) | Err(SyncError::AlreadyRetired(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// Sees to it that the county has an operations key that counts: one restored from a copy may not.
    pub(crate) fn can_sign(&mut self) -> Result<()> {
        let trust = self.county_trust()?;
        if !trust.is_ops(&CountyKeys::ops(self.county()?)?.public()) {
            self.count("the county lost its operations key");
            self.change_root(Change::Operations)?;
        }
        Ok(())
    }

    /// Whether the county was restored to before a change of its root and signs with a key that has been replaced, until it
    /// hears of that.
    pub(crate) fn is_behind_its_holders(&mut self) -> Result<bool> {
        Ok(self.county_trust()?.root().version < self.root_version)
    }

    /// A change of the root that the county told nobody before it was restored is known to its holders alone. Nobody can ever
    /// bring it back, and they go on from the newest root that any PC knows.
    pub(crate) fn forget_untold_roots(&mut self) -> Result<()> {
        let mut newest = 0;
        for place in self.places(Office::in_service) {
            newest = newest.max(self.trust(place)?.map_or(0, |trust| trust.root().version));
        }
        if newest < self.root_version {
            self.count("a change of the root that nobody heard of is forgotten");
            self.root_version = newest;
        }
        Ok(())
    }

    /// The county changes its root and gathers the signatures. Nothing happens while it knows an older root than its
    /// holders do: their paper says so.
    pub(crate) fn change_root(&mut self, change: Change) -> Result<bool> {
        if self.is_behind_its_holders()? {
            return Ok(false);
        }
        let mut progress = self.office(0)?.with(|store, author| roots::propose(store, author, change))??;
        for (file, password) in self.holders.clone() {
            if !progress.in_force {
                progress = self.office(0)?.with(|store, author| roots::sign(store, author, &file, &password))??;
            }
        }
        if !progress.in_force {
            return Err(Failure::new(format!("the root's change does not take force: {progress:?}")));
        }
        self.root_version = progress.version;
        Ok(true)
    }
}
