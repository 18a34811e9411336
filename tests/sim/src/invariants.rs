//! What must hold: after every event, and once everything has been delivered (sync.md §3.3).

use std::collections::BTreeSet;

use mingbai_bundle::{Certificate, Revocation, TrustStore};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Person, Record};
use mingbai_ledger::{Entry, Head, LogId, Op};
use mingbai_store::{Reading, Store};
use mingbai_sync::compare::{self, Compared};
use mingbai_sync::{Accepted, keys, scope};

use crate::causes::sequence_is_no_conflict;
use crate::doubts::{references_are_listed, same_ids_are_listed};
use crate::model::{self, Line};
use crate::office::{Kind, Office};
use crate::world::World;
use crate::{Failure, Result};

/// Whether one of these ends is an entry or has it in its chain.
fn leads_to<'h>(reading: Reading<'_>, mut ends: impl Iterator<Item = &'h Head>, entry: &Head) -> Result<bool> {
    let chain = |end: &Head| reading.branch(end, &[]);
    ends.try_fold(false, |found, end| {
        Ok(found || chain(end)?.iter().any(|before| before.seq == entry.seq && before.hash == entry.hash))
    })
}

/// Everything of a store that an import could change: table digests, heads, how many imports.
pub(crate) fn fingerprint(store: &Store) -> Result<String> {
    let reading = store.read();
    let digests: Vec<_> =
        reading.digests()?.into_iter().map(|(table, rows, sum)| (table, rows, sum.to_bytes())).collect();
    Ok(format!("{digests:?} {:?} {:?} {}", reading.heads()?, reading.counts()?, reading.imports(u64::MAX >> 1)?.len()))
}

/// I24: the entries of a file are all accounted for.
pub(crate) fn conserved(accepted: &Accepted) -> Result<()> {
    let sum: u64 = accepted.ingested.counts().iter().sum();
    if sum == accepted.entries {
        return Ok(());
    }
    Err(Failure::new(format!("I24 {} entries in the file, {:?} accounted for", accepted.entries, accepted.ingested)))
}

/// The records any entry speaks of.
fn records(lines: &[Line]) -> Result<BTreeSet<(u16, RecordId)>> {
    let mut found = BTreeSet::new();
    for line in lines {
        if let Ok(entry) = Entry::decode(&line.bytes) {
            found.extend(entry.ops.iter().filter_map(Op::record));
        }
    }
    Ok(found)
}

/// What a table shows of a record.
fn shown(reading: Reading<'_>, (kind, id): (u16, RecordId)) -> Result<String> {
    let values = reading.values(kind, id)?;
    let conflicts = reading.conflicts_of(kind, id)?;
    let conflicts: Vec<_> = conflicts.iter().map(|conflict| (conflict.field, conflict.values.len())).collect();
    Ok(format!("{values:?} {conflicts:?}"))
}

/// Every entry that touches a record, for the report of a failure.
fn touching(reading: Reading<'_>, record: (u16, RecordId)) -> Result<String> {
    let mut told = String::new();
    for line in model::lines(reading)? {
        let Ok(entry) = Entry::decode(&line.bytes) else { continue };
        for op in entry.ops.iter().filter(|op| op.record() == Some(record)) {
            let origin = entry.origin.as_ref().map(|origin| (origin.entry.log, origin.entry.seq));
            told +=
                &format!("\n    {} {} {:?} {:?} of {origin:?}: {op:?}", line.log, line.seq, line.status, line.reason);
        }
    }
    Ok(told)
}

/// What every PC shows of every record, and how far its own log goes.
pub(crate) fn everything_shown(offices: &[Office]) -> Result<String> {
    let mut told = String::new();
    for store in offices.iter().filter_map(|office| office.store.as_ref()) {
        told += &format!("{}\n", store.own_log()?.seq);
        for record in records(&model::lines(store.read())?)? {
            told += &format!("{record:?} {}\n", shown(store.read(), record)?);
        }
    }
    Ok(told)
}

/// I2, I3: two stores show the same of every record.
pub(crate) fn same_tables(what: &str, one: Reading<'_>, other: Reading<'_>, lines: &[Line]) -> Result<()> {
    for record in records(lines)? {
        let person = record.0 == Person::TYPE.id;
        let merged = |reading: Reading<'_>| if person { reading.canonical(record.1).map(Some) } else { Ok(None) };
        let (here, there) = ((shown(one, record)?, merged(one)?), (shown(other, record)?, merged(other)?));
        if here != there {
            return Err(Failure::new(format!("{what}: record {record:?}\n  {here:?}\n  {there:?}")));
        }
    }
    Ok(())
}

impl World {
    /// What holds at any time: trust never goes back (I14), what is confirmed is held (I12).
    pub(crate) fn always(&mut self) -> Result<()> {
        for place in self.places(|_| true) {
            let Some(trust) = self.trust(place)? else { continue };
            let now = (trust.root().version, trust.certificates().count());
            let ended: BTreeSet<(u64, u64)> = trust.revocations().map(|end| (end.number, end.serial)).collect();
            let lost = |before: &BTreeSet<(u64, u64)>| before.difference(&ended).next().is_some();
            if self.trusted_so_far.get(&place).is_some_and(|(before, known)| now < *before || lost(known)) {
                return Err(Failure::new(format!("I14 {}: trust went back to {now:?}", self.office(place)?.name)));
            }
            self.trusted_so_far.insert(place, (now, ended));
        }
        self.thieves_stay_out(false)?;
        if self.forgetful { Ok(()) } else { self.confirmed_is_held() }
    }

    /// I12: what is confirmed is held by the county.
    fn confirmed_is_held(&self) -> Result<()> {
        for office in self.offices.iter().filter(|office| office.kind == Kind::Township) {
            if let Some(store) = &office.store {
                let county = self.county()?.read();
                for log in store.read().logs()?.into_iter().filter(|log| log.own) {
                    if let Some(head) = store.read().acked(&log.id, 2)?
                        && !county.stands(&head)?
                    {
                        return Err(Failure::new(format!("I12 {}: {head:?} is confirmed and not held", office.name)));
                    }
                }
            }
        }
        Ok(())
    }

    /// I14: what a thief wrote is in the tables of nobody who knows that the PC was retired; at the end of nobody at all. A
    /// retirement that nobody had heard of when the county was restored from a copy is lost: the county takes in again what
    /// that PC sends and retires it anew where it stands then. What came meanwhile lies before every end anybody knows.
    fn thieves_stay_out(&mut self, everybody: bool) -> Result<()> {
        let places = self.places(Office::in_service);
        let mut known = Vec::new();
        for place in &places {
            known.push(self.trust(*place)?);
        }
        let mut taken = Vec::new();
        for (place, trust) in places.into_iter().zip(&known) {
            let office = self.offices.get(place).ok_or_else(|| Failure::new("no such PC"))?;
            let store = office.store()?;
            for (number, head) in self.forged.iter().enumerate() {
                if !store.read().is_applied(head)? {
                    continue;
                }
                let genesis = store.read().log(&head.log)?.and_then(|log| log.genesis);
                let writer = trust.as_ref().zip(genesis).and_then(|(trust, genesis)| {
                    Some((trust.certificate_of_log(&genesis).is_none(), trust.writer_of_log(&genesis)?.serial))
                });
                // At the end what anybody knows is known to all.
                let told = known.iter().flatten().filter(|other| everybody || trust.as_ref() == Some(*other));
                let (mut ended, mut before) = (false, true);
                for end in told.flat_map(|trust| trust.revocations()) {
                    if writer.is_some_and(|(_, serial)| serial == end.serial) {
                        ended = true;
                        before &= leads_to(store.read(), end.cuts_of(&head.log), head)?;
                    }
                }
                let former = writer.is_some_and(|(former, _)| former);
                let came_meanwhile = self.forgetful && ended && before && !former;
                if (everybody || ended || former) && !came_meanwhile {
                    let ends = self.ends_known(writer.map(|(_, serial)| serial), &head.log)?;
                    return Err(Failure::new(format!("I14 {} shows what a thief wrote: {head:?}{ends}", office.name)));
                }
                if everybody && came_meanwhile {
                    taken.push(crate::events::forged_name(number));
                }
            }
        }
        // To everybody these are names like any other.
        self.minted.extend(taken);
        Ok(())
    }

    /// Who knows of which end of a log, for the report of a failure.
    fn ends_known(&self, serial: Option<u64>, log: &LogId) -> Result<String> {
        let mut told = String::new();
        for office in self.offices.iter().filter(|office| office.in_service()) {
            let store = office.store()?;
            let Some(kept) = store.state("trust")? else { continue };
            let trust = TrustStore::decode(&kept)?;
            let ends: Vec<_> = trust.revocations().filter(|end| Some(end.serial) == serial).collect();
            let cuts = |end: &Revocation| end.cuts_of(log).map(|cut| (cut.seq, cut.hash)).collect::<Vec<_>>();
            let ends: Vec<_> = ends.into_iter().map(|end| (end.number, end.reason.clone(), cuts(end))).collect();
            let here = store.read().log(log)?.map(|log| log.head.seq);
            told += &format!("\n  {} of PC {serial:?} to {here:?}, epoch {}: {ends:?}", office.name, trust.epoch());
        }
        Ok(told)
    }

    /// What holds once everything has been delivered.
    pub(crate) fn finally(&mut self) -> Result<()> {
        self.nobody_waits()?;
        self.nothing_lost()?;
        self.confirmed_is_held()?;
        self.thieves_stay_out(true)?;
        let lines = model::lines(self.county()?.read())?;
        self.townships_agree(&lines)?;
        self.nothing_leaked()?;
        for office in &mut self.offices {
            let Some(store) = &mut office.store else { continue };
            let found = store.verify()?;
            if !found.is_sound() {
                return Err(Failure::new(format!("I4 {}: {found:?}", office.name)));
            }
        }
        self.shown_as_told()?;
        self.mirror(&lines)?;
        for device in keys::known_trust(self.county()?)?.certificates() {
            self.tables_compare(device, true)?;
        }
        self.nothing_readable()?;
        self.only_minted()
    }

    /// I15 to I18 at every PC: the tables and the lists say what the log does, and no more.
    fn shown_as_told(&mut self) -> Result<()> {
        let (mut open, mut twice, mut nowhere) = (0, 0, 0);
        for office in self.offices.iter().filter(|office| office.in_service()) {
            let Some(store) = &office.store else { continue };
            let told = model::told(&model::lines(store.read())?)?;
            open += model::agrees(&office.name, store.read(), &told)?;
            sequence_is_no_conflict(&office.name, &told, &self.causes)?;
            twice += same_ids_are_listed(&office.name, store.read())?;
            nowhere += references_are_listed(&office.name, store.read(), &told)?;
        }
        self.count_many("conflicts open at the end", open);
        self.count_many("people with one citizen id", twice);
        self.count_many("references that lead nowhere", nowhere);
        Ok(())
    }

    /// I1: every save that was answered is at the county, or no PC has it any more. I20: nothing is left to send or held.
    fn nothing_lost(&mut self) -> Result<()> {
        let (mut destroyed, mut aside) = (0, 0);
        for head in &self.saved {
            if self.county()?.read().stands(head)? {
                continue;
            }
            let mut kept = false;
            for office in &self.offices {
                let Some(store) = office.store.as_ref() else { continue };
                if !store.read().stands(head)? {
                    continue;
                }
                // What a PC had not sent when it was stolen lies on it still; another PC of its centre keeps it aside.
                kept = true;
                if office.in_service() && store.read().is_applied(head)? {
                    let logs = self.how_far(store)?;
                    return Err(Failure::new(format!("I1 {} has {head:?} and the county has not{logs}", office.name)));
                }
            }
            *if kept { &mut aside } else { &mut destroyed } += 1;
        }
        self.count_many("saves of which every copy was destroyed", destroyed);
        self.count_many("saves kept aside with a PC that was retired", aside);
        for office in self.offices.iter().filter(|office| office.kind == Kind::Township) {
            let Some(store) = &office.store else { continue };
            let left = mingbai_sync::confirmed(store.read())?.pending;
            if left > 0 {
                let logs = self.how_far(store)?;
                return Err(Failure::new(format!("I20 {}: {left} saves are still not confirmed{logs}", office.name)));
            }
        }
        self.gaps_are_closed()
    }

    /// I13: whatever could close a gap at the county has done so. What lacks there may be on no PC in service any more: the
    /// county was restored to before it came, and the PC that wrote it was stolen or restored before it heard of that.
    fn gaps_are_closed(&mut self) -> Result<()> {
        let gaps = self.county()?.read().gaps()?;
        let mut lost = 0;
        for gap in &gaps {
            for office in self.offices.iter().filter(|office| office.in_service() && office.kind != Kind::County) {
                let store = office.store()?;
                let Some(log) = store.read().log(&gap.log)?.filter(|log| log.head.seq >= gap.from) else { continue };
                let logs = self.how_far(store)?;
                let told = format!("{gap:?}, of which {} has up to {}{logs}", office.name, log.head.seq);
                return Err(Failure::new(format!("I13 a gap is open at the end: {told}")));
            }
            lost += 1;
        }
        self.count_many("gaps that nobody in service could close", lost);
        Ok(())
    }

    /// What a PC and the county hold of every log, for the report of a failure.
    fn how_far(&self, store: &Store) -> Result<String> {
        let mut logs = String::new();
        for log in store.read().logs()? {
            let acked = store.read().acked(&log.id, 2)?.map(|head| head.seq);
            let held = store.state(&format!("county_have/{}", log.id))?;
            let signed = store.state(&format!("signed/{}", log.id))?.map(|bytes| bytes.len());
            let trust = keys::known_trust(store)?;
            let writer = log.genesis.as_ref().and_then(|genesis| trust.writer_of_log(genesis)).map(|pc| pc.serial);
            logs += &format!(
                "\n  {} {:?} own {} to {}: acked {acked:?}, held {held:?}, of PC {writer:?}, signed {signed:?}, county {:?}",
                log.id,
                log.role,
                log.own,
                log.head.seq,
                self.county()?.read().log(&log.id)?.map(|l| l.head.seq)
            );
        }
        Ok(logs)
    }

    /// I2: what lies in a township's area is the same at the county and on every PC of the township.
    fn townships_agree(&self, lines: &[Line]) -> Result<()> {
        let county = self.county()?.read();
        for office in self.offices.iter().filter(|office| office.kind == Kind::Township) {
            let Some(store) = &office.store else { continue };
            for record in records(lines)? {
                if !scope::of(county, record.0, record.1)?.touches(office.area) {
                    continue;
                }
                let (here, there) = (shown(county, record)?, shown(store.read(), record)?);
                if here != there {
                    let (ours, theirs) = (touching(county, record)?, touching(store.read(), record)?);
                    let told = format!("{record:?}\n  {here}{ours}\n  {there}{theirs}");
                    return Err(Failure::new(format!("I2 county and {}: {told}", office.name)));
                }
            }
        }
        Ok(())
    }

    /// No township has been told of a record of which nothing ever lay in its area. What its own people wrote and the county
    /// refused told nobody anything: they were told of the record by a county that has forgotten it.
    fn nothing_leaked(&self) -> Result<()> {
        let county = self.county()?.read();
        for office in self.offices.iter().filter(|office| office.kind == Kind::Township) {
            let Some(store) = &office.store else { continue };
            for (kind, id) in records(&model::lines(store.read())?)? {
                let elsewhere = scope::of(county, kind, id)?.is_outside(office.area);
                if elsewhere && !scope::ever_in(county, office.area, kind, id)? && self.was_told(store, (kind, id))? {
                    let (ours, theirs) = (touching(county, (kind, id))?, touching(store.read(), (kind, id))?);
                    return Err(Failure::new(format!(
                        "{} has been told of {kind} {id}, which never was there{ours}\n  and{theirs}",
                        office.name
                    )));
                }
            }
        }
        Ok(())
    }

    /// Whether a PC has an entry that touches a record and that the county has in its tables, or wrote itself.
    fn was_told(&self, store: &Store, record: (u16, RecordId)) -> Result<bool> {
        for line in model::lines(store.read())? {
            let touches =
                Entry::decode(&line.bytes).is_ok_and(|entry| entry.ops.iter().any(|op| op.record() == Some(record)));
            let head = Head { log: line.log, seq: line.seq, hash: line.hash };
            if touches && (line.county || self.county()?.read().is_applied(&head)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a PC says of its tables is what the county makes of the same entries.
    pub(crate) fn tables_compare(&mut self, device: &Certificate, at_the_end: bool) -> Result<()> {
        let county = self.office(0)?.store.as_mut().ok_or_else(|| Failure::new("no county"))?;
        match compare::compare(county, device)? {
            Compared::Agrees => self.count("tables compared and the same"),
            Compared::Differs(tables) => {
                let unit = &device.device;
                return Err(Failure::new(format!("I2 the county and {unit} differ in their tables: {tables:?}")));
            }
            // What a PC holds of a retired one beyond its cut the county need not have.
            Compared::Later if at_the_end && self.county_trust()?.revocations().next().is_none() => {
                return Err(Failure::new(format!("I20 {} cannot be compared", device.device)));
            }
            Compared::Unlike => self.count("tables that cannot be compared"),
            Compared::Later | Compared::Nothing => {}
        }
        Ok(())
    }

    /// I9: no name and no citizen id can be read in any file that left a PC, nor in the databases themselves.
    fn nothing_readable(&self) -> Result<()> {
        let canaries = [crate::world::CANARY, crate::world::CANARY_ID].map(str::as_bytes);
        let shows = |bytes: &[u8], canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
        let found = |bytes: &[u8]| canaries.iter().any(|canary| shows(bytes, canary));
        for office in self.offices.iter().filter(|office| office.store.is_some()) {
            for file in office.files()? {
                if found(&std::fs::read(&file)?) {
                    return Err(Failure::new(format!("I9 a name can be read in {}", file.display())));
                }
            }
        }
        if self.sent.iter().any(|bytes| found(bytes)) {
            return Err(Failure::new("I9 a name can be read in a bundle"));
        }
        Ok(())
    }

    /// I8: nobody bears a name that no honest PC wrote.
    fn only_minted(&self) -> Result<()> {
        for office in self.offices.iter().filter(|office| office.in_service()) {
            let Some(store) = &office.store else { continue };
            for row in store.read().all::<Person>()? {
                let name = row.record.name.unwrap_or_default();
                if !name.is_empty() && !self.minted.contains(&name) {
                    let who = touching(store.read(), (Person::TYPE.id, row.id))?;
                    return Err(Failure::new(format!("I8 {}: {name} was never written{who}", office.name)));
                }
            }
        }
        Ok(())
    }
}
