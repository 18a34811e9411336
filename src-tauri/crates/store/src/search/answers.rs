//! Several words at once: whoever answers to all of them, by what is their own or by where they live. However common the
//! words are, only so many candidates are looked at.

use std::collections::{BTreeMap, HashMap};

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Person, Record, RecordType, Village};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::keys::{FEWEST_DIGITS, Keys, add_village, keys_of_column, space};
use super::{Found, Hit, HitKind, Ranges};
use crate::error::Result;

/// Candidates that are looked at for one search.
const MOST_LOOKS: usize = 2_000;
/// People that are looked at for where they live.
const MOST_RESIDENTS: usize = 4_000;
/// Villages that a word may mean.
const MOST_VILLAGES: usize = 8;

const OF_PERSON: &str = "select p.name, p.citizen_id, p.phone, p.person_number, h.number, h.phone, h.village
      from person p left join membership m on m.person = p.id and m.left_on is null
      left join household h on h.id = m.household
     where p.id = ?1 and coalesce(p.deleted, 0) = 0 order by m.id desc limit 1";
const OF_HOUSEHOLD: &str =
    "select h.number, h.phone, h.village from household h where h.id = ?1 and coalesce(h.deleted, 0) = 0";
const OF_VILLAGE: &str = "select name from village where id = ?1";
/// Who lives in a household.
const MEMBERS: &str = "select person from membership where household = ?1 and left_on is null";
/// Who lives in a village, household by household.
pub(crate) const VILLAGERS: &str = "select m.person from household h join membership m on m.household = h.id
     where h.village = ?1 and coalesce(h.deleted, 0) = 0 and m.left_on is null";

/// What the words of one search are held against.
pub(super) struct Answers<'c> {
    conn: &'c Connection,
    words: &'c [String],
    villages: HashMap<RecordId, Keys>,
}

impl<'c> Answers<'c> {
    pub(super) fn new(conn: &'c Connection, words: &'c [String]) -> Self {
        Self { conn, words, villages: HashMap::new() }
    }

    /// Whoever answers to all words: the candidates of the rarest word, or where all are common the people of the village
    /// that one of them names.
    pub(super) fn find(&mut self, limit: usize) -> Result<Vec<Hit>> {
        let mut rarest: Option<(usize, Vec<Found>)> = None;
        let mut village = Vec::new();
        // Of words that are equally rare the longest says most.
        let mut words: Vec<&String> = self.words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        for word in words {
            let mut found = Vec::new();
            let mut ranges = Ranges::of(self.conn, word)?;
            while found.len() <= MOST_LOOKS
                && let Some(one) = ranges.next(self.conn)?
            {
                found.push(one);
            }
            village.extend(found.iter().filter(|one| one.0 == Village::TYPE.id).map(|one| one.1).take(MOST_VILLAGES));
            if rarest.as_ref().is_none_or(|(fewest, _)| found.len() < *fewest) {
                rarest = Some((found.len(), found));
            }
        }
        let Some((fewest, candidates)) = rarest else { return Ok(Vec::new()) };
        let mut hits = Hits { all: BTreeMap::new(), order: Vec::new(), limit };
        if fewest > MOST_LOOKS {
            self.residents(VILLAGERS, &village, &mut hits)?;
        }
        // Whom a village's name finds are its people, not only itself.
        let named: Vec<RecordId> =
            candidates.iter().filter(|one| one.0 == Village::TYPE.id).map(|one| one.1).take(MOST_VILLAGES).collect();
        let households: Vec<RecordId> =
            candidates.iter().filter(|one| one.0 == Household::TYPE.id).map(|one| one.1).collect();
        for candidate in candidates {
            self.look(candidate, &mut hits)?;
        }
        self.residents(MEMBERS, &households, &mut hits)?;
        self.residents(VILLAGERS, &named, &mut hits)?;
        Ok(hits.order)
    }

    /// Looks at the people of some households or villages.
    fn residents(&mut self, sql: &str, homes: &[RecordId], hits: &mut Hits) -> Result<()> {
        let conn = self.conn;
        let mut statement = conn.prepare_cached(sql)?;
        let mut looked = 0;
        for home in homes {
            let mut rows = statement.query([home.as_bytes()])?;
            while looked < MOST_RESIDENTS
                && !hits.are_enough()
                && let Some(row) = rows.next()?
            {
                let Some(person) = row.get::<_, Option<[u8; 16]>>(0)?.map(RecordId::from_bytes) else { continue };
                looked += 1;
                self.look((Person::TYPE.id, person, HitKind::Name), hits)?;
            }
        }
        Ok(())
    }

    fn look(&mut self, (record_type, record, kind): Found, hits: &mut Hits) -> Result<()> {
        if !hits.are_enough() && !hits.all.contains_key(&(record_type, record)) {
            let answers = self.keys(record_type, &record)?.is_some_and(|keys| self.all_answer(&keys));
            hits.put(Hit { record_type, record, kind }, answers);
        }
        Ok(())
    }

    fn all_answer(&self, keys: &[Keys]) -> bool {
        self.words.iter().all(|word| keys.iter().any(|keys| answers(keys, word)))
    }

    /// What a record is found by, and where it belongs; nothing of what is deleted.
    fn keys(&mut self, record_type: u16, record: &RecordId) -> Result<Option<Vec<Keys>>> {
        let conn = self.conn;
        let own = |kind: &RecordType, columns: &[&str], row: &Row<'_>, from: usize| -> rusqlite::Result<Keys> {
            let mut keys = Keys::new();
            for (at, column) in (from..).zip(columns) {
                let value = row.get::<_, Option<String>>(at)?.map(mingbai_domain::Value::Text);
                keys.append(&mut keys_of_column(kind, column, value.as_ref()));
            }
            Ok(keys)
        };
        let village =
            |row: &Row<'_>, at| Ok::<_, rusqlite::Error>(row.get::<_, Option<[u8; 16]>>(at)?.map(RecordId::from_bytes));
        let found = if record_type == Person::TYPE.id {
            conn.prepare_cached(OF_PERSON)?
                .query_row([record.as_bytes()], |row| {
                    let themselves = own(Person::TYPE, &["name", "citizen_id", "phone", "person_number"], row, 0)?;
                    Ok((vec![themselves, own(Household::TYPE, &["number", "phone"], row, 4)?], village(row, 6)?))
                })
                .optional()?
        } else if record_type == Household::TYPE.id {
            conn.prepare_cached(OF_HOUSEHOLD)?
                .query_row([record.as_bytes()], |row| {
                    Ok((vec![own(Household::TYPE, &["number", "phone"], row, 0)?], village(row, 2)?))
                })
                .optional()?
        } else {
            Some((Vec::new(), Some(*record)))
        };
        let Some((mut keys, home)) = found else { return Ok(None) };
        if let Some(home) = home {
            keys.push(self.village(home)?);
        }
        Ok(Some(keys))
    }

    fn village(&mut self, id: RecordId) -> Result<Keys> {
        if let Some(known) = self.villages.get(&id) {
            return Ok(known.clone());
        }
        let mut keys = Keys::new();
        let mut statement = self.conn.prepare_cached(OF_VILLAGE)?;
        let name: Option<Option<String>> = statement.query_row(params![id.as_bytes()], |row| row.get(0)).optional()?;
        if let Some(Some(name)) = name {
            add_village(&mut keys, &name, HitKind::Village);
        }
        self.villages.insert(id, keys.clone());
        Ok(keys)
    }
}

/// Records looked at, and those that answered in the order in which they were found.
struct Hits {
    all: BTreeMap<(u16, RecordId), ()>,
    order: Vec<Hit>,
    limit: usize,
}

impl Hits {
    fn are_enough(&self) -> bool {
        self.order.len() >= self.limit
    }

    fn put(&mut self, hit: Hit, answers: bool) {
        self.all.insert((hit.record_type, hit.record), ());
        if answers {
            self.order.push(hit);
        }
    }
}

/// Whether a word alone would find a record by these keys.
fn answers(keys: &Keys, word: &str) -> bool {
    let begins = |key: &str| keys.range(key.to_owned()..).next().is_some_and(|(found, _)| found.starts_with(key));
    if begins(word) || begins(&format!("{}{word}", space::ID)) {
        return true;
    }
    if word.chars().count() < FEWEST_DIGITS {
        return false;
    }
    let id = keys.range(space::ID.to_string()..).next().map(|(key, _)| key.as_str());
    id.is_some_and(|id| id.starts_with(space::ID) && id.contains(word))
        || begins(&super::keys::backwards(space::BACKWARDS, word))
}
