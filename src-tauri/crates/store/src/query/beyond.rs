//! What a check of one household must know of others: who has the same citizen id or telephone, and how many people a
//! doctor visited on a day. One statement for as many households as are asked for.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::RecordId;

use super::files::json_of;
use super::{HouseholdFile, id, iso, text};
use crate::{Reading, StoreError};

/// A household somebody else is found in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elsewhere {
    /// The household.
    pub household: RecordId,
    /// Its number.
    pub number: String,
    /// Name of its village.
    pub village: String,
    /// Who was found; empty for the household itself.
    pub name: String,
}

/// What stands outside the households that are looked at. Days of visits are asked for once, however often it is read.
#[derive(Debug, Default)]
pub struct Beyond {
    people: HashMap<RecordId, Elsewhere>,
    phones: HashMap<String, Vec<Elsewhere>>,
    days: HashSet<NaiveDate>,
    loads: HashMap<(String, NaiveDate), i64>,
}

/// A telephone number as it is looked for.
fn dialled(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Plain texts as one parameter of a statement: digits, dates and ids of this program's own making.
fn json_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let quoted: Vec<String> = texts.into_iter().map(|text| format!("\"{text}\"")).collect();
    format!("[{}]", quoted.join(","))
}

impl Beyond {
    /// Reads what stands outside these households.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn read(&mut self, reading: Reading<'_>, files: &[HouseholdFile]) -> Result<(), StoreError> {
        self.read_people(reading, files)?;
        self.read_phones(reading, files)?;
        self.read_loads(reading, files)
    }

    /// Where somebody lives who has the same citizen id as one of the households' people.
    #[must_use]
    pub fn person(&self, person: &RecordId) -> Option<&Elsewhere> {
        self.people.get(person)
    }

    /// Who else can be reached by a telephone number, in any other household.
    #[must_use]
    pub fn shares(&self, phone: &str, household: RecordId) -> Vec<&Elsewhere> {
        let all = self.phones.get(&dialled(phone)).map_or(&[][..], Vec::as_slice);
        let mut seen = BTreeSet::new();
        all.iter().filter(|one| one.household != household && seen.insert(one.household)).collect()
    }

    /// How many people a doctor visited on a day.
    #[must_use]
    pub fn visited_by(&self, doctor: &str, day: NaiveDate) -> i64 {
        self.loads.get(&(doctor.to_owned(), day)).copied().unwrap_or_default()
    }

    fn read_people(&mut self, reading: Reading<'_>, files: &[HouseholdFile]) -> Result<(), StoreError> {
        self.people.clear();
        let others: BTreeSet<RecordId> = files
            .iter()
            .flat_map(|file| &file.people)
            .flat_map(|person| person.same_citizen_id.iter().copied())
            .collect();
        if others.is_empty() {
            return Ok(());
        }
        let mut statement = reading.0.prepare_cached(
            "select p.id, h.id, h.number, v.name, p.name from person p join membership m on m.person = p.id
               join household h on h.id = m.household left join village v on v.id = h.village
              where p.id in (select unhex(value) from json_each(?1)) and coalesce(h.deleted, 0) = 0
              order by m.left_on is null, m.left_on, m.id",
        )?;
        let mut rows = statement.query([json_of(&others)])?;
        while let Some(row) = rows.next()? {
            self.people.insert(id(row, 0)?, elsewhere(row, 1)?);
        }
        Ok(())
    }

    fn read_phones(&mut self, reading: Reading<'_>, files: &[HouseholdFile]) -> Result<(), StoreError> {
        self.phones.clear();
        let mut asked = BTreeSet::new();
        for file in files {
            asked.extend(file.household.phone.as_deref().map(dialled));
            asked.extend(file.residents().filter_map(|person| person.person.phone.as_deref()).map(dialled));
        }
        asked.remove("");
        if asked.is_empty() {
            return Ok(());
        }
        // Most numbers are one person's in one household, and need no closer look.
        let mut statement = reading.0.prepare_cached(
            "with shared as materialized (
               select key from search_key
                where key in (select value from json_each(?1)) and record_type in (1, 2) and kind = 4
                group by key having count(*) > 1
                  or (select count(*) from membership where person = record and left_on is null) > 1)
             select s.key, h.id, h.number, v.name, '' from shared cross join search_key s on s.key = shared.key
               cross join household h on h.id = s.record left join village v on v.id = h.village
              where s.record_type = 1 and s.kind = 4
                and exists (select 1 from membership m join person p on p.id = m.person
                             where m.household = h.id and m.left_on is null and p.died_on is null)
             union all
             select s.key, h.id, h.number, v.name, p.name from shared cross join search_key s on s.key = shared.key
               cross join person p on p.id = s.record
               cross join membership m on m.person = p.id cross join household h on h.id = m.household
               left join village v on v.id = h.village
              where s.record_type = 2 and s.kind = 4
                and m.left_on is null and p.died_on is null and coalesce(h.deleted, 0) = 0
                and p.id not in (select loser from live_alias)",
        )?;
        let mut rows = statement.query([json_texts(asked.iter().map(String::as_str))])?;
        while let Some(row) = rows.next()? {
            self.phones.entry(text(row, 0)?).or_default().push(elsewhere(row, 1)?);
        }
        self.phones.values_mut().for_each(|all| all.sort_by(|a, b| (&a.number, &a.name).cmp(&(&b.number, &b.name))));
        Ok(())
    }

    fn read_loads(&mut self, reading: Reading<'_>, files: &[HouseholdFile]) -> Result<(), StoreError> {
        let visits = files.iter().flat_map(|file| &file.people).flat_map(|person| &person.visits);
        let days: BTreeSet<NaiveDate> = visits.filter_map(|row| row.record.visited_on).collect();
        let unknown: Vec<NaiveDate> = days.into_iter().filter(|day| self.days.insert(*day)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let mut statement = reading.0.prepare_cached(
            "select doctor, visited_on, count(distinct person) from visit
              where visited_on in (select value from json_each(?1)) and _void = 0 and doctor <> ''
              group by doctor, visited_on",
        )?;
        let asked: Vec<String> = unknown.iter().map(|day| iso(*day)).collect();
        let mut rows = statement.query([json_texts(asked.iter().map(String::as_str))])?;
        while let Some(row) = rows.next()? {
            if let Some(day) = super::date(row, 1)? {
                self.loads.insert((text(row, 0)?, day), row.get(2)?);
            }
        }
        Ok(())
    }
}

fn elsewhere(row: &rusqlite::Row<'_>, from: usize) -> Result<Elsewhere, StoreError> {
    Ok(Elsewhere {
        household: id(row, from)?,
        number: text(row, from + 1)?,
        village: text(row, from + 2)?,
        name: text(row, from + 3)?,
    })
}
