//! One search box for everything: names and their pinyin initials, citizen ids and pieces of them, telephones, household
//! numbers, villages. Keys are kept per record and looked up by their beginning.

mod answers;
mod index;
mod keys;
mod ranges;

use std::collections::BTreeSet;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Household, Record, Village};
use rusqlite::Connection;

use crate::error::Result;
use crate::reading::Reading;
use answers::Answers;
#[cfg(test)]
pub(crate) use answers::VILLAGERS;
pub(crate) use index::{Due, note, reindex};
use keys::normalise;
pub use keys::sound;
pub use keys::{initials, normalised};
#[cfg(test)]
pub(crate) use ranges::NEXT_ID;

/// By what a record was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitKind {
    /// Name or part of a name.
    Name,
    /// Pinyin or its initials.
    Pinyin,
    /// Citizen id: the beginning, or any four or more of its characters.
    CitizenId,
    /// Telephone: the beginning, or its last four digits or more.
    Phone,
    /// Household or person number.
    Number,
    /// The household's village.
    Village,
}

impl HitKind {
    fn code(self) -> i64 {
        match self {
            Self::Name => 1,
            Self::Pinyin => 2,
            Self::CitizenId => 3,
            Self::Phone => 4,
            Self::Number => 5,
            Self::Village => 6,
        }
    }

    fn from_code(code: i64) -> Self {
        match code {
            1 => Self::Name,
            2 => Self::Pinyin,
            3 => Self::CitizenId,
            4 => Self::Phone,
            5 => Self::Number,
            _ => Self::Village,
        }
    }
}

/// One record found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Person, household or village, by type number.
    pub record_type: u16,
    /// Which record.
    pub record: RecordId,
    /// By what.
    pub kind: HitKind,
}

/// The records whose keys begin with a word.
pub(crate) const BY_KEY: &str = "select key, record_type, record, kind from search_key
     where (key, record_type, record) > (?1, ?3, ?4) and key < ?2 order by key, record_type, record limit 64";
/// The households of a village.
pub(crate) const OF_VILLAGE: &str =
    "select id from household where village = ?1 and coalesce(deleted, 0) = 0 order by village, number, id";

/// A record as a key finds it.
type Found = (u16, RecordId, HitKind);

/// Everything a word finds, one after the other.
struct Ranges {
    beginnings: std::vec::IntoIter<String>,
    end: String,
    /// The place behind which the next page begins.
    at: Option<(String, u16, [u8; 16])>,
    page: std::vec::IntoIter<(String, u16, [u8; 16], i64)>,
    seen: BTreeSet<(u16, RecordId)>,
}

impl Ranges {
    fn of(conn: &Connection, word: &str) -> Result<Self> {
        let beginnings = ranges::beginnings(conn, word)?.into_iter();
        Ok(Self { beginnings, end: String::new(), at: None, page: Vec::new().into_iter(), seen: BTreeSet::new() })
    }

    fn next(&mut self, conn: &Connection) -> Result<Option<Found>> {
        loop {
            for (key, record_type, record, kind) in self.page.by_ref() {
                self.at = Some((key, record_type, record));
                let record = RecordId::from_bytes(record);
                if self.seen.insert((record_type, record)) {
                    return Ok(Some((record_type, record, HitKind::from_code(kind))));
                }
            }
            let (key, record_type, record) = match self.at.take() {
                Some(at) => at,
                None => match self.beginnings.next() {
                    Some(word) => {
                        self.end = after(&word);
                        (word, 0, [0; 16])
                    }
                    None => return Ok(None),
                },
            };
            let mut statement = conn.prepare_cached(BY_KEY)?;
            let rows = statement.query_map(rusqlite::params![key, self.end, record_type, record], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
            self.page = rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter();
        }
    }
}

impl Reading<'_> {
    /// Persons, households and villages that match every word of `text`, closest first. Of words that are all common, the
    /// first so many candidates are looked at and no more.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Hit>> {
        let _whole = self.at_once()?;
        let words: Vec<String> = text.split_whitespace().map(normalise).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(Vec::new()),
            [word] => self.search_word(word, limit),
            words => Answers::new(self.0, words).find(limit),
        }
    }

    fn search_word(&self, word: &str, limit: usize) -> Result<Vec<Hit>> {
        let (mut hits, mut villages) = (Vec::new(), Vec::new());
        let mut ranges = Ranges::of(self.0, word)?;
        while hits.len() < limit
            && let Some((record_type, record, kind)) = ranges.next(self.0)?
        {
            if record_type == Village::TYPE.id {
                villages.push(record);
            }
            hits.push(Hit { record_type, record, kind });
        }
        let mut of_village = self.0.prepare_cached(OF_VILLAGE)?;
        for village in villages {
            let mut rows = of_village.query([village.as_bytes()])?;
            while hits.len() < limit
                && let Some(row) = rows.next()?
            {
                let record = RecordId::from_bytes(row.get(0)?);
                if !ranges.seen.contains(&(Household::TYPE.id, record)) {
                    hits.push(Hit { record_type: Household::TYPE.id, record, kind: HitKind::Village });
                }
            }
        }
        Ok(hits)
    }
}

/// The end of the range of keys that begin with `word`.
fn after(word: &str) -> String {
    format!("{word}\u{10ffff}")
}
