//! What several offices wrote that cannot all be so: the same person twice, two homes at once, a record deleted here and
//! edited there, a reference to what has not arrived.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{ALL, Membership, Person, Record, RecordType};
use mingbai_domain::value::Kind;
use mingbai_domain::{FieldId, RecordId, Value};
use rusqlite::params;

use super::{id, text};
use crate::project::deletion;
use crate::project::heads::Dot;
use crate::project::known::{KnownWrite, gather};
use crate::project::parsed::Entries;
use crate::project::row::Row;
use crate::{Reading, StoreError};

/// What kind of doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoubtKind {
    /// Two people with the same citizen id, not found to be one yet.
    Duplicate,
    /// A person with several open stays.
    SeveralHomes,
    /// A record that was deleted by one and edited by another who did not know.
    DeletedAndEdited,
    /// A record that refers to one that is not here.
    Dangling,
}

/// One doubt about one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What kind.
    pub kind: DoubtKind,
    /// Type and id of the record.
    pub record: (u16, RecordId),
    /// The other person of a duplicate.
    pub other: Option<RecordId>,
    /// What they share, or which column refers to nothing.
    pub detail: String,
}

/// Two people found to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedPair {
    /// Who became an alias.
    pub loser: RecordId,
    /// Of whom.
    pub winner: RecordId,
}

impl Reading<'_> {
    /// Every doubt, by kind.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn doubts(&self) -> Result<Vec<Doubt>, StoreError> {
        let mut found = self.duplicates()?;
        found.extend(self.several_homes()?);
        found.extend(self.deleted_and_edited()?);
        found.extend(self.dangling()?);
        Ok(found)
    }

    /// Living people with the same citizen id, each beside the first of them. Who was merged into somebody is that one, with
    /// every id the two have.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn duplicates(&self) -> Result<Vec<Doubt>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select p.id, upper(p.citizen_id) as said from person p
              where upper(p.citizen_id) in (
                    select upper(citizen_id) from person where coalesce(citizen_id, '') <> '' and coalesce(deleted, 0) = 0
                     group by upper(citizen_id) having count(*) > 1)
                and coalesce(p.deleted, 0) = 0
              order by said, p.id",
        )?;
        let rows = statement.query_map([], |row| Ok((id(row, 0)?, text(row, 1)?)))?;
        let mut groups: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
        for row in rows {
            let (person, said) = row?;
            groups.entry(said).or_default().insert(self.canonical(person)?);
        }
        let mut found = Vec::new();
        for (said, people) in groups {
            let mut people = people.into_iter();
            let Some(first) = people.next() else { continue };
            found.extend(people.map(|other| Doubt {
                kind: DoubtKind::Duplicate,
                record: (Person::TYPE.id, first),
                other: Some(other),
                detail: said.clone(),
            }));
        }
        Ok(found)
    }

    fn several_homes(&self) -> Result<Vec<Doubt>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select m.person, count(distinct m.household) from membership m
               join person p on p.id = m.person join household h on h.id = m.household
              where m.left_on is null and coalesce(p.deleted, 0) = 0 and p.died_on is null
                and coalesce(h.deleted, 0) = 0 and p.id not in (select loser from live_alias)
              group by m.person having count(distinct m.household) > 1 order by m.person",
        )?;
        let rows = statement.query_map([], |row| {
            let (person, homes): (RecordId, i64) = (id(row, 0)?, row.get(1)?);
            let record = (Person::TYPE.id, person);
            Ok(Doubt { kind: DoubtKind::SeveralHomes, record, other: None, detail: homes.to_string() })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records that are deleted and that another log wrote about without whoever deleted them knowing of it. Whoever
    /// deletes or restores the record again has seen both.
    fn deleted_and_edited(&self) -> Result<Vec<Doubt>, StoreError> {
        let mut entries = Entries::new(self.0);
        let mut found = Vec::new();
        for kind in ALL {
            let Some(deleted) = deletion(kind) else { continue };
            // Where one log alone wrote, nobody wrote beside anybody.
            let sql = format!(
                "select id from {} where deleted = 1 and 1 < (
                     select count(distinct coalesce(o.log_no, e.log_no)) from entry_record r join entry e on e.id = r.entry
                         left join entry o on o.id = e.origin
                     where r.record = {0}.id and r.record_type = {} and e.status = 1)
                 order by id",
                kind.table, kind.id
            );
            let mut statement = self.0.prepare_cached(&sql)?;
            let ids = statement.query_map([], |row| id(row, 0))?.collect::<Result<Vec<_>, _>>()?;
            for record in ids {
                if self.edited_beside(&mut entries, kind, record, deleted)? {
                    let record = (kind.id, record);
                    found.push(Doubt { kind: DoubtKind::DeletedAndEdited, record, other: None, detail: String::new() });
                }
            }
        }
        Ok(found)
    }

    /// Whether something stands in a deleted record that was written in another log than a deletion and that no deletion
    /// saw. The order in which it all arrived says nothing.
    fn edited_beside(
        &self,
        entries: &mut Entries<'_>,
        kind: &'static RecordType,
        record: RecordId,
        deleted: FieldId,
    ) -> Result<bool, StoreError> {
        let known = gather(self.0, entries, kind.id, &record)?;
        let heads = Row::load(self.0, kind, &record)?.heads;
        let live = heads.of(deleted).iter().filter_map(|dot| known.get(&deleted)?.get(dot));
        let deletions: Vec<&KnownWrite> = live.filter(|write| write.known.value == Value::Bool(true)).collect();
        let saw: BTreeSet<Dot> = deletions.iter().flat_map(|write| &write.saw).copied().collect();
        let elsewhere = |dot: &Dot| known.iter().any(|(field, writes)| *field != deleted && writes.contains_key(dot));
        if !saw.iter().any(elsewhere) {
            // Written by a version that named nothing but its own field.
            return self.edited_after(kind.id, record, deleted);
        }
        let mut logs = BTreeSet::new();
        for write in &deletions {
            logs.insert(self.log_of(write.known.dot)?);
        }
        let fields = known.keys().filter(|field| **field != deleted);
        for dot in fields.flat_map(|field| heads.of(*field)).filter(|dot| !saw.contains(dot)) {
            if !logs.contains(&self.log_of(*dot)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The log a write was first made known by.
    fn log_of(&self, (entry, _): Dot) -> Result<i64, StoreError> {
        let mut statement = self.0.prepare_cached("select log_no from entry where id = ?1")?;
        Ok(statement.query_row([entry], |row| row.get(0))?)
    }

    /// Whether the newest word that deletes a record was followed here by another log's word about the record.
    fn edited_after(&self, kind: u16, record: RecordId, deleted: FieldId) -> Result<bool, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select e.id, coalesce(o.log_no, e.log_no) from entry_record r join entry e on e.id = r.entry
               left join entry o on o.id = e.origin
              where r.record = ?1 and r.record_type = ?2 and e.status = 1 order by e.id",
        )?;
        let rows = statement.query_map(params![record.as_bytes(), kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut last: Option<i64> = None;
        let mut after = false;
        for row in rows {
            let (entry, log): (i64, i64) = row?;
            if self.says_deleted(entry, kind, record, deleted)? {
                (last, after) = (Some(log), false);
            } else if last.is_some_and(|by| by != log) {
                after = true;
            }
        }
        Ok(after)
    }

    fn says_deleted(&self, entry: i64, kind: u16, record: RecordId, deleted: FieldId) -> Result<bool, StoreError> {
        let bytes: Vec<u8> = self
            .0
            .prepare_cached("select coalesce(bytes, x'') from entry where id = ?1")?
            .query_row([entry], |row| row.get(0))?;
        let Ok(entry) = mingbai_ledger::Entry::decode(&bytes) else { return Ok(false) };
        Ok(entry.ops.iter().any(|op| match op {
            mingbai_ledger::Op::Set { record_type, record: id, writes } => {
                *record_type == kind
                    && *id == record
                    && writes.get(&deleted).is_some_and(|write| write.value == Value::Bool(true))
            }
            _ => false,
        }))
    }

    fn dangling(&self) -> Result<Vec<Doubt>, StoreError> {
        let mut found = Vec::new();
        for kind in ALL {
            for field in kind.fields {
                let Kind::Ref(target) = field.kind else { continue };
                let Some(target) = mingbai_domain::catalogue::by_id(target) else { continue };
                let gone = if kind.column("deleted").is_some() { "and coalesce(r.deleted, 0) = 0" } else { "" };
                let void = if kind.shape == mingbai_domain::catalogue::Shape::Fact { "and r._void = 0" } else { "" };
                let sql = format!(
                    "select r.id from {} r where r.{column} is not null {gone} {void}
                        and not exists (select 1 from {} t where t.id = r.{column}) order by r.id",
                    kind.table,
                    target.table,
                    column = field.column
                );
                let mut statement = self.0.prepare_cached(&sql)?;
                for record in statement.query_map([], |row| id(row, 0))? {
                    let record = (kind.id, record?);
                    let detail = format!("{}的{}", kind.label, field.label);
                    found.push(Doubt { kind: DoubtKind::Dangling, record, other: None, detail });
                }
            }
        }
        Ok(found)
    }

    /// People found to be one, as it stands now.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn merged(&self) -> Result<Vec<MergedPair>, StoreError> {
        let mut statement =
            self.0.prepare_cached("select distinct loser, winner from live_alias order by loser, winner")?;
        let rows = statement.query_map([], |row| Ok(MergedPair { loser: id(row, 0)?, winner: id(row, 1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether somebody lives somewhere now.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn has_home(&self, person: RecordId) -> Result<bool, StoreError> {
        let homes = self.rows_where::<Membership>("person", &person)?;
        Ok(homes.iter().any(|row| row.record.left_on.is_none()))
    }
}
