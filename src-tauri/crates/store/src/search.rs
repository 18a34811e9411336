//! One search box for everything: names and their pinyin initials, citizen ids, telephones, household numbers, villages.
//! Keys are kept per record and looked up by prefix.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{Household, Person, Record, RecordType, Village};
use mingbai_domain::{RecordId, Value, region};
use pinyin::ToPinyinMulti;
use rusqlite::{Connection, params};

use crate::error::Result;
use crate::project::known_type;
use crate::project::row::Row;
use crate::reading::Reading;

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

pub(crate) type Keys = BTreeMap<String, HitKind>;

/// The records whose keys begin with a word.
pub(crate) const BY_KEY: &str =
    "select record_type, record, kind from search_key where key >= ?1 and key < ?2 order by key";

/// Readings of one text that are indexed at most.
const READINGS: usize = 8;
/// How many places of a name a search may begin at.
const STARTS: usize = 6;

/// Lower case, half width, without spaces and dots: keys and queries meet here.
fn normalise(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0),
            '·' | '•' | '‧' | '∙' | '・' | '．' | '-' | '－' | '—' => None,
            c if c.is_whitespace() => None,
            c => Some(c),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Adds a key; the first kind that claims it keeps it.
fn add(keys: &mut Keys, key: String, kind: HitKind) {
    if !key.is_empty() {
        keys.entry(key).or_insert(kind);
    }
}

/// Every reading of a text, one syllable (or its initial) per character, at most [`READINGS`] of them.
fn readings(text: &[char], initials: bool) -> Vec<String> {
    let mut all = vec![String::new()];
    for character in text {
        let mut choices: Vec<String> = Vec::new();
        if let Some(multi) = character.to_pinyin_multi() {
            for reading in multi {
                let choice = if initials { reading.first_letter() } else { reading.plain() };
                if !choices.iter().any(|c| c == choice) {
                    choices.push(choice.to_owned());
                }
            }
        } else {
            choices.push(character.to_string());
        }
        let mut next = Vec::with_capacity(all.len() * choices.len());
        for choice in &choices {
            next.extend(all.iter().map(|start| format!("{start}{choice}")));
        }
        // The first reading of every character comes first, so the cap drops only the rarer ones.
        next.truncate(READINGS);
        all = next;
    }
    all
}

fn add_name(keys: &mut Keys, name: &str, kind: HitKind) {
    let name: Vec<char> = normalise(name).chars().collect();
    for start in 0..name.len().min(STARTS) {
        let Some(rest) = name.get(start..) else { continue };
        add(keys, rest.iter().collect(), kind);
        for initials in readings(rest, true) {
            add(keys, initials, HitKind::Pinyin);
        }
    }
    for full in readings(&name, false) {
        add(keys, full, HitKind::Pinyin);
    }
}

/// The whole number, and its last digits where that leaves enough before them.
fn add_number(keys: &mut Keys, number: &str, tails: &[usize], kind: HitKind) {
    let number = normalise(number);
    let digits: Vec<char> = number.chars().collect();
    for tail in tails {
        if digits.len() > *tail
            && let Some(rest) = digits.get(digits.len() - tail..)
        {
            add(keys, rest.iter().collect(), kind);
        }
    }
    add(keys, number, kind);
}

/// The keys of a row, its fields as `value` gives them by their column.
fn keys_of_row<'r>(conn: &Connection, kind: &RecordType, value: impl Fn(&str) -> Option<&'r Value>) -> Result<Keys> {
    let mut keys = Keys::new();
    if value("deleted") == Some(&Value::Bool(true)) {
        return Ok(keys);
    }
    let field = |column| match value(column) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    if kind.id == Person::TYPE.id {
        field("name").inspect(|name| add_name(&mut keys, name, HitKind::Name));
        field("citizen_id").inspect(|id| add_number(&mut keys, id, &[4, 6], HitKind::CitizenId));
        field("phone").inspect(|phone| add_number(&mut keys, phone, &[4], HitKind::Phone));
        field("person_number").inspect(|number| add_number(&mut keys, number, &[], HitKind::Number));
    } else if kind.id == Household::TYPE.id {
        field("number").inspect(|number| add_number(&mut keys, number, &[4], HitKind::Number));
        field("phone").inspect(|phone| add_number(&mut keys, phone, &[4], HitKind::Phone));
        if let Some(Value::Bytes(bytes)) = value("village")
            && let Ok(village) = <[u8; 16]>::try_from(bytes.as_slice())
        {
            let village = Row::load(conn, Village::TYPE, &RecordId::from_bytes(village))?;
            let name = place(Village::TYPE, "name").and_then(|place| village.values.get(place));
            if let Some(Value::Text(name)) = name {
                add_name(&mut keys, region::short_village_name(name), HitKind::Village);
            }
        }
    } else if let Some(name) = field("name") {
        add_name(&mut keys, region::short_village_name(name), HitKind::Name);
        add(&mut keys, normalise(name), HitKind::Name);
    }
    Ok(keys)
}

fn place(kind: &RecordType, column: &str) -> Option<usize> {
    kind.fields.iter().position(|field| field.column == column)
}

fn keys_of(conn: &Connection, record_type: u16, id: &RecordId) -> Result<Keys> {
    let kind = known_type(record_type)?;
    let row = Row::load(conn, kind, id)?;
    keys_of_row(conn, kind, |column| row.values.get(place(kind, column)?))
}

/// Whether a row shows another value than the file in a field its keys are made of.
fn are_keys_due(record: &RecordType, row: &Row) -> bool {
    let columns: &[&str] = match record.table {
        "person" => &["name", "citizen_id", "phone", "person_number", "deleted"],
        "household" => &["number", "phone", "village", "deleted"],
        "village" => &["name"],
        _ => return false,
    };
    record.fields.iter().enumerate().any(|(place, field)| row.differs_at(place) && columns.contains(&field.column))
}

/// How many keys are written or taken away at a time.
const BATCH: usize = 1 << 18;

/// One key to be written with its kind, or to be taken away.
type KeyChange = (String, u16, RecordId, Option<HitKind>);

/// Changes of keys in the order of their tree: a large import would otherwise jump through all of it for every record.
struct Batch<'c> {
    conn: &'c Connection,
    keys: Vec<KeyChange>,
}

impl Batch<'_> {
    fn add(&mut self, change: KeyChange) -> Result<()> {
        self.keys.push(change);
        if self.keys.len() < BATCH { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> Result<()> {
        // Of one key that changes its kind, "to be taken away" comes first.
        self.keys.sort_unstable();
        let mut remove =
            self.conn.prepare_cached("delete from search_key where key = ?1 and record_type = ?2 and record = ?3")?;
        let mut insert = self
            .conn
            .prepare_cached("insert into search_key (key, record_type, record, kind) values (?1, ?2, ?3, ?4)")?;
        for (key, record_type, record, kind) in self.keys.drain(..) {
            match kind {
                Some(kind) => insert.execute(params![key, record_type, record.as_bytes(), kind.code()])?,
                None => remove.execute(params![key, record_type, record.as_bytes()])?,
            };
        }
        Ok(())
    }
}

/// Records whose keys are due, with the keys they have in the file: none where a record is new.
pub(crate) type Due = BTreeMap<(u16, RecordId), Keys>;

/// Notes that a row is about to be saved: its keys as they stand are those of what the file has. A village's name is also
/// its households'.
pub(crate) fn note(conn: &Connection, due: &mut Due, record: &RecordType, id: &RecordId, row: &Row) -> Result<()> {
    if !are_keys_due(record, row) {
        return Ok(());
    }
    if let Slot::Vacant(slot) = due.entry((record.id, *id)) {
        slot.insert(keys_of_row(conn, record, |column| row.in_file(place(record, column)?))?);
    }
    if record.id == Village::TYPE.id {
        let mut households = conn.prepare_cached("select id from household where village = ?1")?;
        let found = households.query_map([id.as_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        for household in found {
            let household = RecordId::from_bytes(household?);
            if let Slot::Vacant(slot) = due.entry((Household::TYPE.id, household)) {
                slot.insert(keys_of(conn, Household::TYPE.id, &household)?);
            }
        }
    }
    Ok(())
}

/// Makes the keys of the records anew that are due.
pub(crate) fn reindex(conn: &Connection, due: Due) -> Result<()> {
    let mut batch = Batch { conn, keys: Vec::new() };
    for ((record_type, record), before) in due {
        let mut keys = keys_of(conn, record_type, &record)?;
        // Most changes touch few keys: what stays is left alone.
        for (key, kind) in before {
            if keys.get(&key) == Some(&kind) {
                keys.remove(&key);
            } else {
                batch.add((key, record_type, record, None))?;
            }
        }
        for (key, kind) in keys {
            batch.add((key, record_type, record, Some(kind)))?;
        }
    }
    batch.write()
}

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

#[cfg(test)]
mod tests {
    use super::{HitKind, Keys, add_name, add_number};

    #[test]
    fn a_name_is_found_by_any_of_its_characters_and_by_initials() {
        let mut keys = Keys::new();
        add_name(&mut keys, "张三丰", HitKind::Name);
        for key in ["张三丰", "三丰", "丰", "zsf", "sf", "zhangsanfeng"] {
            assert!(keys.contains_key(key), "{key}: {keys:?}");
        }
    }

    #[test]
    fn a_family_name_of_several_readings_is_found_by_each() {
        let mut keys = Keys::new();
        add_name(&mut keys, "单雄信", HitKind::Name);
        assert!(keys.contains_key("sxx") && keys.contains_key("dxx"), "{keys:?}");
        keys.clear();
        add_name(&mut keys, "曾小贤", HitKind::Name);
        assert!(keys.contains_key("zxx") && keys.contains_key("cxx"), "{keys:?}");
    }

    #[test]
    fn rare_characters_without_a_known_reading_and_long_names_stay_findable() {
        let mut keys = Keys::new();
        add_name(&mut keys, "𠅤·阿依古丽•买买提", HitKind::Name);
        assert!(keys.contains_key("𠅤阿依古丽买买提") && keys.contains_key("阿依古丽买买提"), "{keys:?}");
        assert!(keys.len() < 200);
    }

    #[test]
    fn citizen_ids_are_found_from_the_front_and_by_their_last_digits() {
        let mut keys = Keys::new();
        add_number(&mut keys, "15990119491231002X", &[4, 6], HitKind::CitizenId);
        let found: Vec<&str> = keys.keys().map(String::as_str).collect();
        assert_eq!(found, ["002x", "15990119491231002x", "31002x"]);
    }
}
