//! Several words at once: whoever answers to all of them, by what is their own or by where they live. However common the
//! words are, only so many candidates are looked at.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Person, Record, Village};
use rusqlite::{Connection, OptionalExtension, Row};

use super::keys::{FEWEST_DIGITS, Keys, add_village, name_keys, normalise};
use super::{Found, Hit, HitKind, Ranges};
use crate::error::Result;

/// Candidates that are looked at for one search.
const MOST_LOOKS: usize = 600;
/// People that are looked at for where they live.
const MOST_RESIDENTS: usize = 3_000;
/// Villages that a word may mean.
const MOST_VILLAGES: usize = 8;

/// What tells a person `p` in the household `h`.
macro_rules! told_of {
    ($from:literal) => {
        concat!("select p.id, p.name, p.citizen_id, p.phone, p.person_number, h.number, h.phone, h.village ", $from)
    };
}

const OF_PERSON: &str = told_of!(
    "from person p left join membership m on m.person = p.id and m.left_on is null
      left join household h on h.id = m.household
     where p.id = ?1 and coalesce(p.deleted, 0) = 0 order by m.id desc limit 1"
);
const OF_HOUSEHOLD: &str = "select h.id, null, null, null, null, h.number, h.phone, h.village from household h
     where h.id = ?1 and coalesce(h.deleted, 0) = 0";
const OF_VILLAGE: &str = "select id, null, null, null, null, null, null, id from village where id = ?1";
const NAME_OF_VILLAGE: &str = "select name from village where id = ?1";
/// Who lives in a household.
const MEMBERS: &str = told_of!(
    "from household h join membership m on m.household = h.id join person p on p.id = m.person
     where h.id = ?1 and m.left_on is null and coalesce(p.deleted, 0) = 0"
);
/// Who lives in a village, household by household.
pub(crate) const VILLAGERS: &str = told_of!(
    "from household h join membership m on m.household = h.id join person p on p.id = m.person
     where h.village = ?1 and m.left_on is null and coalesce(h.deleted, 0) = 0 and coalesce(p.deleted, 0) = 0"
);

/// What is told of one candidate, in the order in which it is selected.
struct Told {
    id: RecordId,
    name: Option<String>,
    citizen_id: Option<String>,
    /// Telephones and numbers: their own and their household's.
    numbers: [Option<String>; 4],
    village: Option<RecordId>,
}

impl Told {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let text = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.map(|text| normalise(&text)));
        Ok(Self {
            id: RecordId::from_bytes(row.get(0)?),
            name: text(1)?,
            citizen_id: text(2)?,
            numbers: [text(3)?, text(4)?, text(5)?, text(6)?],
            village: row.get::<_, Option<[u8; 16]>>(7)?.map(RecordId::from_bytes),
        })
    }

    /// Whether a word alone would find them, by what is their own.
    fn answers(&self, word: &str) -> bool {
        let is_long = word.chars().count() >= FEWEST_DIGITS;
        let found = |text: &String| text.starts_with(word) || (is_long && text.ends_with(word));
        if self.numbers.iter().flatten().any(found) {
            return true;
        }
        if self.citizen_id.as_ref().is_some_and(|id| if is_long { id.contains(word) } else { id.starts_with(word) }) {
            return true;
        }
        // Pinyin is only asked for where letters are typed.
        self.name.as_ref().is_some_and(|name| {
            name.contains(word) || (word.is_ascii() && is_spelt(&name_keys(name, HitKind::Name), word))
        })
    }
}

fn is_spelt(keys: &Keys, word: &str) -> bool {
    keys.range(word.to_owned()..).next().is_some_and(|(key, _)| key.starts_with(word))
}

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
        let mut hits = Hits { seen: HashSet::new(), order: Vec::new(), limit };
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
                looked += 1;
                self.hold((Person::TYPE.id, HitKind::Name), &Told::read(row)?, hits)?;
            }
        }
        Ok(())
    }

    fn look(&mut self, (record_type, record, kind): Found, hits: &mut Hits) -> Result<()> {
        if hits.are_enough() || hits.seen.contains(&(record_type, record)) {
            return Ok(());
        }
        let sql = match record_type {
            of if of == Person::TYPE.id => OF_PERSON,
            of if of == Household::TYPE.id => OF_HOUSEHOLD,
            _ => OF_VILLAGE,
        };
        let conn = self.conn;
        match conn.prepare_cached(sql)?.query_row([record.as_bytes()], Told::read).optional()? {
            Some(told) => self.hold((record_type, kind), &told, hits),
            None => Ok(()),
        }
    }

    /// Holds all words against a candidate: every one must find them, or the village they are in.
    fn hold(&mut self, (record_type, kind): (u16, HitKind), told: &Told, hits: &mut Hits) -> Result<()> {
        if !hits.seen.insert((record_type, told.id)) {
            return Ok(());
        }
        for word in self.words {
            let at_home = match told.village {
                Some(village) => is_spelt(self.village(village)?, word),
                None => false,
            };
            if !at_home && !told.answers(word) {
                return Ok(());
            }
        }
        hits.order.push(Hit { record_type, record: told.id, kind });
        Ok(())
    }

    fn village(&mut self, id: RecordId) -> Result<&Keys> {
        if let Slot::Vacant(slot) = self.villages.entry(id) {
            let mut keys = Keys::new();
            let mut statement = self.conn.prepare_cached(NAME_OF_VILLAGE)?;
            let name: Option<Option<String>> = statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
            if let Some(Some(name)) = name {
                add_village(&mut keys, &name, HitKind::Village);
            }
            slot.insert(keys);
        }
        Ok(self.villages.entry(id).or_default())
    }
}

/// Records looked at, and those that answered in the order in which they were found.
struct Hits {
    seen: HashSet<(u16, RecordId)>,
    order: Vec<Hit>,
    limit: usize,
}

impl Hits {
    fn are_enough(&self) -> bool {
        self.order.len() >= self.limit
    }
}
