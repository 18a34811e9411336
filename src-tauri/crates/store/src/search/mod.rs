//! One search box for everything: names and their pinyin initials, citizen ids, telephones, household numbers, villages.
//! Keys are kept per record and looked up by prefix.

mod index;
mod keys;

use std::collections::BTreeSet;

use mingbai_domain::RecordId;

use crate::error::Result;
use crate::reading::Reading;
pub(crate) use index::{Due, MOST_DUE, note, reindex};
pub use keys::sound;
use keys::{Keys, keys_of, normalise};
pub use keys::{initials, normalised};

/// By what a record was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitKind {
    /// Name or part of a name.
    Name,
    /// Pinyin or its initials.
    Pinyin,
    /// Citizen id: the beginning, or its last six or four digits.
    CitizenId,
    /// Telephone: the beginning or the last four digits.
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
pub(crate) const BY_KEY: &str = "select record_type, record, kind from search_key where key >= ?1 and key < ?2 order by key, record_type, record, kind";

impl Reading<'_> {
    /// Persons, households and villages that match every word of `text`, closest first.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Hit>> {
        let mut words: Vec<String> = text.split_whitespace().map(normalise).filter(|w| !w.is_empty()).collect();
        // The longest word has the fewest matches.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let Some((first, others)) = words.split_first() else { return Ok(Vec::new()) };
        let mut statement = self.0.prepare_cached(BY_KEY)?;
        let mut rows = statement.query([first.as_str(), &after(first)])?;
        let (mut hits, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some(row) = rows.next()? {
            if hits.len() >= limit {
                break;
            }
            let (record_type, record): (u16, [u8; 16]) = (row.get(0)?, row.get(1)?);
            if !seen.insert((record_type, record)) {
                continue;
            }
            let (record, kind) = (RecordId::from_bytes(record), HitKind::from_code(row.get(2)?));
            if others.is_empty() || has_all(&keys_of(self.0, record_type, &record)?, others) {
                hits.push(Hit { record_type, record, kind });
            }
        }
        Ok(hits)
    }
}

/// Whether every word begins one of the keys.
fn has_all(keys: &Keys, words: &[String]) -> bool {
    words.iter().all(|word| keys.range(word.clone()..).next().is_some_and(|(key, _)| key.starts_with(word)))
}

/// The end of the range of keys that begin with `word`.
fn after(word: &str) -> String {
    format!("{word}\u{10ffff}")
}
