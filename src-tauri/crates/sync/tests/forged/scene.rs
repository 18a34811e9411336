//! A county with two townships, a family in each; one of the townships turns hostile.

use std::fmt::Write;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Person, Record, Visit};
use mingbai_ledger::Head;
use mingbai_store::{LogInfo, LogRole, Status};

use crate::To;
use crate::common::{A, B, Family, Office, exchange, family, places};

pub(crate) struct Scene {
    pub(crate) county: Office,
    /// The hostile one's PC.
    pub(crate) first: Office,
    pub(crate) second: Office,
    pub(crate) ours: Family,
    pub(crate) theirs: Family,
    /// A visit of theirs.
    pub(crate) visit: RecordId,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let (mut county, mut first, mut second) = places();
        let ours = family(&mut first, A, "张三");
        let theirs = family(&mut second, B, "王五");
        let visit = second.act(|txn| {
            let visit = Visit { person: Some(theirs.person), note: Some("血压偏高".into()), ..Visit::default() };
            txn.insert(None, &visit)
        });
        exchange(&mut county, &mut first);
        exchange(&mut county, &mut second);
        Self { county, first, second, ours, theirs, visit }
    }

    /// The same once more, for another row.
    pub(crate) fn again(&self) -> Self {
        let (county, first, second) = (self.county.copy(), self.first.copy(), self.second.copy());
        Self { county, first, second, ours: self.ours, theirs: self.theirs, visit: self.visit }
    }

    pub(crate) fn office(&mut self, which: To) -> &mut Office {
        match which {
            To::County => &mut self.county,
            To::Township => &mut self.first,
        }
    }

    /// The hostile PC's log as the county has it.
    pub(crate) fn log(&self) -> LogInfo {
        let id = self.first.store.own_log().unwrap().log;
        self.county.store.read().log(&id).unwrap().unwrap()
    }

    /// The feed of the hostile PC's township as the county writes it.
    pub(crate) fn feed(&self) -> LogInfo {
        let known = self.first.store.read().logs().unwrap();
        let feed = known.into_iter().find(|log| log.role == LogRole::Feed).unwrap();
        self.county.store.read().log(&feed.id).unwrap().unwrap()
    }

    /// Everything the tables show; at a township also what it believes to be confirmed or refused.
    pub(crate) fn tables(&mut self, of: To) -> String {
        let office = self.office(of);
        let reading = office.store.read();
        let mut told = String::new();
        for (table, rows, sum) in reading.digests().unwrap() {
            writeln!(told, "{table} {rows} {:?}", sum.to_bytes()).unwrap();
        }
        for conflict in reading.conflicts(1000).unwrap() {
            writeln!(told, "{conflict:?}").unwrap();
        }
        for row in reading.all::<Person>().unwrap() {
            writeln!(told, "{:?} is {:?}", row, reading.canonical(row.id).unwrap()).unwrap();
        }
        writeln!(told, "{:?}", reading.state("trust").unwrap()).unwrap();
        if of == To::Township {
            let confirmed = mingbai_sync::confirmed(reading).unwrap();
            writeln!(told, "{:?}", (confirmed.entries, confirmed.refused, confirmed.pending)).unwrap();
            writeln!(told, "{:?}", mingbai_sync::refused(reading).unwrap()).unwrap();
        }
        told
    }

    /// The tables and everything that is kept beside them.
    pub(crate) fn everything(&mut self, of: To) -> String {
        let tables = self.tables(of);
        let reading = self.office(of).store.read();
        let (heads, counts) = (reading.heads().unwrap(), reading.counts().unwrap());
        let (imports, gaps) = (reading.imports(1000).unwrap(), reading.gaps().unwrap());
        format!("{tables}{heads:?} {counts:?} {imports:?} {gaps:?}")
    }

    /// Whether everything that came to the hostile log since `before` stands as this, for this reason.
    pub(crate) fn all_after(&mut self, at: To, before: &[Head], status: Status, reason: &str) -> Result<(), String> {
        let log = self.log().id;
        let from = before.iter().find(|head| head.log == log).map_or(0, |head| head.seq);
        for stored in self.office(at).store.read().entries_after(&log, from, 1 << 20).unwrap() {
            if (stored.status, stored.reason.as_deref()) != (status, Some(reason)) {
                return Err(format!("{:?} because {:?}", stored.status, stored.reason));
            }
        }
        Ok(())
    }

    /// After every row: the database is sound, and what honest people send is taken in as ever.
    pub(crate) fn goes_on(&mut self, of: To) -> Result<(), String> {
        let found = self.office(of).store.verify().unwrap();
        if !found.is_sound() {
            return Err(format!("not sound: {found:?}"));
        }
        let person = match of {
            To::County => {
                let newcomer = family(&mut self.second, B, "赵六").person;
                let up = self.second.up();
                self.county.try_take(&up.bytes).map_err(|error| format!("an honest bundle after it: {error}"))?;
                newcomer
            }
            To::Township => {
                self.county.act(|txn| {
                    let phone = Person { phone: Some("13900000009".into()), ..Person::default() };
                    let name = txn.read().get::<Person>(self.ours.person)?.and_then(|row| row.record.name);
                    txn.update(self.ours.person, &Person { name, ..phone })
                });
                let down = self.county.down(A);
                self.first.try_take(&down.bytes).map_err(|error| format!("an honest bundle after it: {error}"))?;
                self.ours.person
            }
        };
        let row = self.office(of).store.read().get::<Person>(person).unwrap();
        let shown = row.map(|row| row.record);
        let arrived = match of {
            To::County => shown.and_then(|person| person.name).as_deref() == Some("赵六"),
            To::Township => shown.and_then(|person| person.phone).as_deref() == Some("13900000009"),
        };
        if arrived { Ok(()) } else { Err("the next honest bundle did not arrive".to_owned()) }
    }

    /// What stands side by side in a field at the county.
    pub(crate) fn side_by_side(&self, record: RecordId, field: u16) -> usize {
        let conflicts = self.county.store.read().conflicts_of(Person::TYPE.id, record).unwrap();
        conflicts.iter().find(|conflict| conflict.field == field).map_or(0, |conflict| conflict.values.len())
    }
}
