//! Which households must be looked at again. What is to be done is worked out from the register, so whatever changes the
//! register says here whom it touched: in the transaction of the change, that a power failure separates neither.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::{CountyList, Household, Pack, Person, Record, RecordType, Team, Village};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{RecordId, Value};
use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::row::Row;

/// More households than this at once are all of them.
const MOST: usize = 5_000;

/// Everything must be worked out again.
pub(crate) const EVERYTHING: &[u8] = b"";
/// What belongs to a village or an area and to no household must be.
pub(crate) const AREA: &[u8] = b"\0";

/// Whom one transaction touched.
#[derive(Default)]
pub(crate) struct Touched {
    people: BTreeSet<RecordId>,
    households: BTreeSet<RecordId>,
    /// Citizen ids that somebody no longer has: another may now be alone with it.
    given_up: BTreeSet<String>,
    area: bool,
    everything: bool,
}

impl Touched {
    /// Notes that a row is about to be saved: whom it belonged to, and whom it belongs to now.
    pub(crate) fn note(&mut self, record: &RecordType, id: &RecordId, row: &Row) {
        if self.everything {
            return;
        }
        if record.id == Household::TYPE.id {
            self.households.insert(*id);
        } else if record.id == Person::TYPE.id {
            self.people.insert(*id);
            self.note_given_up(record, row);
        } else if [Village::TYPE.id, Team::TYPE.id, Pack::TYPE.id, CountyList::TYPE.id].contains(&record.id) {
            self.everything = true;
        } else if !self.note_owners(record, row) {
            self.area = true;
        }
        self.everything |= self.people.len() + self.households.len() > MOST;
    }

    /// Notes that a person is found to be another, or not to be.
    pub(crate) fn note_person(&mut self, id: &RecordId) {
        self.people.insert(*id);
    }

    fn note_given_up(&mut self, record: &RecordType, row: &Row) {
        let place = record.fields.iter().position(|field| field.column == "citizen_id");
        let before = place.filter(|place| row.differs_at(*place)).and_then(|place| row.in_file(place));
        if let Some(Value::Text(citizen_id)) = before {
            self.given_up.insert(citizen_id.clone());
        }
    }

    fn note_owners(&mut self, record: &RecordType, row: &Row) -> bool {
        let mut owned = false;
        for (place, field) in record.fields.iter().enumerate() {
            let owners = match field.kind {
                Kind::Ref(kind) if kind == Household::TYPE.id => &mut self.households,
                Kind::Ref(kind) if kind == Person::TYPE.id => &mut self.people,
                _ => continue,
            };
            for value in [row.in_file(place), row.values.get(place)].into_iter().flatten() {
                if let Ok(owner) = RecordId::from_value(value) {
                    owners.insert(owner);
                    owned = true;
                }
            }
        }
        owned
    }

    /// Writes down the households behind what was noted: also those somebody lived in before, and those of whoever has
    /// the same citizen id or was found to be the same person.
    pub(crate) fn keep(self, conn: &Connection) -> Result<()> {
        if self.everything {
            return mark(conn, EVERYTHING);
        }
        if !self.area && self.households.is_empty() && self.people.is_empty() {
            return Ok(());
        }
        let mut all = conn.prepare_cached("select exists (select 1 from stale where household = x'')")?;
        if all.query_row([], |row| row.get(0))? {
            return Ok(());
        }
        if self.area {
            mark(conn, AREA)?;
        }
        for household in &self.households {
            mark(conn, household.as_bytes())?;
        }
        let merged: bool = conn.query_row("select exists (select 1 from alias)", [], |row| row.get(0))?;
        let same = if merged {
            "or person in (select b.id from same_person a join same_person b on b.root = a.root where a.id = ?1)
             or person in (select root from same_person where id = ?1)
             or person in (select id from same_person where root = ?1)"
        } else {
            ""
        };
        let mut of_person = conn.prepare_cached(&format!(
            "insert or ignore into stale select household from membership
             where (person = ?1 {same}) and household is not null"
        ))?;
        let mut of_namesakes = conn.prepare_cached(
            "insert or ignore into stale select m.household from person a join person b on b.citizen_id = a.citizen_id
             join membership m on m.person = b.id where a.id = ?1 and b.id <> a.id and m.household is not null",
        )?;
        for person in &self.people {
            of_person.execute([person.as_bytes()])?;
            of_namesakes.execute([person.as_bytes()])?;
        }
        let mut of_citizen = conn.prepare_cached(
            "insert or ignore into stale select m.household from person b join membership m on m.person = b.id
             where b.citizen_id = ?1 and m.household is not null",
        )?;
        for citizen_id in &self.given_up {
            of_citizen.execute([citizen_id])?;
        }
        Ok(())
    }
}

/// Writes one key of what must be worked out again.
pub(crate) fn mark(conn: &Connection, key: &[u8]) -> Result<()> {
    conn.prepare_cached("insert or ignore into stale (household) values (?1)")?.execute(params![key])?;
    Ok(())
}
