//! What a record is looked for by: the keys its columns make.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::{Record, RecordType, Village};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{RecordId, Value, region};
use pinyin::ToPinyinMulti;
use rusqlite::Connection;

use super::HitKind;
use crate::error::Result;
use crate::project::known_type;
use crate::project::row::Row;

pub(super) type Keys = BTreeMap<String, HitKind>;

/// Readings of one text that are indexed at most.
const READINGS: usize = 8;
/// How many places of a name a search may begin at.
const STARTS: usize = 6;

/// Lower case, half width, without spaces and dots: keys and queries meet here.
pub(super) fn normalise(text: &str) -> String {
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

/// What somebody types for a text by the initials of its syllables, in every reading of its characters: `gxy` for 高血压.
/// Everything is as in [`normalised`].
#[must_use]
pub fn initials(text: &str) -> Vec<String> {
    readings(&normalise(text).chars().collect::<Vec<_>>(), true)
}

/// A text as it is looked for: lower case, half width, without spaces and dots.
#[must_use]
pub fn normalised(text: &str) -> String {
    normalise(text)
}

/// A name as it sounds, by the first reading of every character and without tones: 张三 and 章三 are both
/// `zhangsan`. For likening names, never for telling whether two people are one.
#[must_use]
pub fn sound(name: &str) -> String {
    let name: Vec<char> = normalise(name).chars().collect();
    readings(&name, false).into_iter().next().unwrap_or_default()
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

/// The columns whose values are looked for. No two of one record type make keys of the same kind, so that each column's
/// keys come and go by themselves.
pub(super) fn keyed(record: &RecordType) -> &'static [&'static str] {
    match record.table {
        "person" => &["name", "citizen_id", "phone", "person_number"],
        "household" => &["number", "phone", "village"],
        "village" => &["name"],
        _ => &[],
    }
}

/// The keys that one column's value makes.
pub(super) fn keys_of_column(
    conn: &Connection,
    record: &RecordType,
    column: &str,
    value: Option<&Value>,
) -> Result<Keys> {
    let mut keys = Keys::new();
    match (record.table, column, value) {
        ("person", "name", Some(Value::Text(name))) => add_name(&mut keys, name, HitKind::Name),
        ("person", "citizen_id", Some(Value::Text(id))) => add_number(&mut keys, id, &[4, 6], HitKind::CitizenId),
        ("person" | "household", "phone", Some(Value::Text(phone))) => {
            add_number(&mut keys, phone, &[4], HitKind::Phone);
        }
        ("person", "person_number", Some(Value::Text(number))) => add_number(&mut keys, number, &[], HitKind::Number),
        ("household", "number", Some(Value::Text(number))) => add_number(&mut keys, number, &[4], HitKind::Number),
        ("household", "village", Some(village)) => {
            if let Ok(village) = RecordId::from_value(village) {
                let village = Row::load(conn, Village::TYPE, &village)?;
                keys = keys_of_home(village.values.get(position(Village::TYPE, "name")));
            }
        }
        ("village", "name", Some(Value::Text(name))) => {
            add_name(&mut keys, region::short_village_name(name), HitKind::Name);
            add(&mut keys, normalise(name), HitKind::Name);
        }
        _ => {}
    }
    Ok(keys)
}

/// The keys a village's name makes for the households in it.
pub(super) fn keys_of_home(name: Option<&Value>) -> Keys {
    let mut keys = Keys::new();
    if let Some(Value::Text(name)) = name {
        add_name(&mut keys, region::short_village_name(name), HitKind::Village);
    }
    keys
}

/// Where a column stands among a record's fields; behind the last of them where there is none.
pub(super) fn position(record: &RecordType, column: &str) -> usize {
    record.fields.iter().position(|field| field.column == column).unwrap_or(record.fields.len())
}

pub(super) fn is_deleted(value: Option<&Value>) -> bool {
    value == Some(&Value::Bool(true))
}

/// All keys of a record.
pub(super) fn keys_of(conn: &Connection, record_type: u16, id: &RecordId) -> Result<Keys> {
    let record = known_type(record_type)?;
    let row = Row::load(conn, record, id)?;
    let value = |column| row.values.get(position(record, column));
    let mut keys = Keys::new();
    if !is_deleted(value("deleted")) {
        for column in keyed(record) {
            keys_of_column(conn, record, column, value(column))?
                .into_iter()
                .for_each(|(key, kind)| add(&mut keys, key, kind));
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::{Keys, add_name, add_number};
    use crate::search::HitKind;

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
