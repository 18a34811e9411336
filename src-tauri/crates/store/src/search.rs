//! One search box for everything: names and their pinyin initials, citizen ids, telephones, household numbers, villages.
//! Keys are kept per record and looked up by prefix.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{Household, Person, Record, Village};
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

type Keys = BTreeMap<String, HitKind>;

/// The records whose keys begin with a word, and whether a record has another key that begins with a word.
pub(crate) const BY_KEY: &str =
    "select record_type, record, kind from search_key where key >= ?1 and key < ?2 order by key";
pub(crate) const HAS_KEY: &str =
    "select exists (select 1 from search_key where record = ?3 and record_type = ?4 and key >= ?1 and key < ?2)";

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

fn text<'r>(row: &'r Row, kind: &mingbai_domain::catalogue::RecordType, column: &str) -> Option<&'r str> {
    let place = kind.fields.iter().position(|f| f.column == column)?;
    match row.values.get(place) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn flag(row: &Row, kind: &mingbai_domain::catalogue::RecordType, column: &str) -> bool {
    let place = kind.fields.iter().position(|f| f.column == column);
    place.and_then(|place| row.values.get(place)) == Some(&Value::Bool(true))
}

fn keys_of(conn: &Connection, record_type: u16, id: &RecordId) -> Result<Keys> {
    let kind = known_type(record_type)?;
    let row = Row::load(conn, kind, id)?;
    let mut keys = Keys::new();
    if !row.exists || flag(&row, kind, "deleted") {
        return Ok(keys);
    }
    let field = |column| text(&row, kind, column);
    if record_type == Person::TYPE.id {
        field("name").inspect(|name| add_name(&mut keys, name, HitKind::Name));
        field("citizen_id").inspect(|id| add_number(&mut keys, id, &[4, 6], HitKind::CitizenId));
        field("phone").inspect(|phone| add_number(&mut keys, phone, &[4], HitKind::Phone));
        field("person_number").inspect(|number| add_number(&mut keys, number, &[], HitKind::Number));
    } else if record_type == Household::TYPE.id {
        field("number").inspect(|number| add_number(&mut keys, number, &[4], HitKind::Number));
        field("phone").inspect(|phone| add_number(&mut keys, phone, &[4], HitKind::Phone));
        let place = kind.fields.iter().position(|f| f.column == "village");
        if let Some(Value::Bytes(bytes)) = place.and_then(|place| row.values.get(place))
            && let Ok(village) = <[u8; 16]>::try_from(bytes.as_slice())
        {
            let village_row = Row::load(conn, Village::TYPE, &RecordId::from_bytes(village))?;
            if let Some(name) = text(&village_row, Village::TYPE, "name") {
                add_name(&mut keys, region::short_village_name(name), HitKind::Village);
            }
        }
    } else if let Some(name) = field("name") {
        add_name(&mut keys, region::short_village_name(name), HitKind::Name);
        add(&mut keys, normalise(name), HitKind::Name);
    }
    Ok(keys)
}

/// Makes the keys of the touched records anew; a village's name is also its households'.
pub(crate) fn reindex(conn: &Connection, touched: &BTreeSet<(u16, RecordId)>) -> Result<()> {
    let searchable = [Person::TYPE.id, Household::TYPE.id, Village::TYPE.id];
    let mut due: BTreeSet<(u16, RecordId)> =
        touched.iter().copied().filter(|(record_type, _)| searchable.contains(record_type)).collect();
    let mut households = conn.prepare_cached("select id from household where village = ?1")?;
    for (_, village) in touched.iter().filter(|(record_type, _)| *record_type == Village::TYPE.id) {
        let found = households.query_map([village.as_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        for household in found {
            due.insert((Household::TYPE.id, RecordId::from_bytes(household?)));
        }
    }
    let mut select = conn.prepare_cached("select key, kind from search_key where record = ?1 and record_type = ?2")?;
    let mut remove =
        conn.prepare_cached("delete from search_key where key = ?1 and record_type = ?2 and record = ?3")?;
    let mut insert =
        conn.prepare_cached("insert into search_key (key, record_type, record, kind) values (?1, ?2, ?3, ?4)")?;
    for (record_type, record) in due {
        // Most changes touch no key: what stays is left alone.
        let mut keys = keys_of(conn, record_type, &record)?;
        let mut gone = Vec::new();
        let mut rows = select.query(params![record.as_bytes(), record_type])?;
        while let Some(row) = rows.next()? {
            let (key, kind): (String, i64) = (row.get(0)?, row.get(1)?);
            if keys.get(&key).is_some_and(|wanted| wanted.code() == kind) {
                keys.remove(&key);
            } else {
                gone.push(key);
            }
        }
        for key in gone {
            remove.execute(params![key, record_type, record.as_bytes()])?;
        }
        for (key, kind) in keys {
            insert.execute(params![key, record_type, record.as_bytes(), kind.code()])?;
        }
    }
    Ok(())
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
        let mut has = self.0.prepare_cached(HAS_KEY)?;
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
            let mut all = true;
            for word in others {
                all &= has.query_row(params![word, after(word), record, record_type], |row| row.get::<_, bool>(0))?;
            }
            if all {
                let kind = HitKind::from_code(row.get(2)?);
                hits.push(Hit { record_type, record: RecordId::from_bytes(record), kind });
            }
        }
        Ok(hits)
    }
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
