//! What a record is looked for by: the keys its columns make.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::RecordType;
use mingbai_domain::{Value, region};
use pinyin::ToPinyinMulti;

use super::HitKind;

pub(super) type Keys = BTreeMap<String, HitKind>;

/// Keys that are no text as it is typed begin with a capital letter, which no query holds: those of one kind stand together.
pub(super) mod space {
    /// A citizen id from its first character.
    pub(in crate::search) const ID: char = 'C';
    /// A citizen id of 18 from the year of birth on.
    pub(in crate::search) const BIRTH: char = 'B';
    /// The same from the month of birth on.
    pub(in crate::search) const MONTH: char = 'D';
    /// Its last four characters.
    pub(in crate::search) const SEQUENCE: char = 'S';
    /// A document of another length, from each of its characters on.
    pub(in crate::search) const OTHER: char = 'F';
    /// Telephones and numbers from their end.
    pub(in crate::search) const BACKWARDS: char = 'R';
}

/// Fewer digits than this are looked for at the beginning only.
pub(super) const FEWEST_DIGITS: usize = 4;
/// Characters of a document of another length that keys begin at.
const OTHER_STARTS: usize = 20;

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

/// What a name is found by.
pub(super) fn name_keys(name: &str, kind: HitKind) -> Keys {
    let mut keys = Keys::new();
    add_name(&mut keys, name, kind);
    keys
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

/// A text beginning at its end.
pub(super) fn backwards(space: char, text: &str) -> String {
    std::iter::once(space).chain(text.chars().rev()).collect()
}

/// A telephone or a number: from its beginning and from its end.
pub(super) fn add_number(keys: &mut Keys, number: &str, kind: HitKind) {
    let number = normalise(number);
    if number.chars().count() >= FEWEST_DIGITS {
        add(keys, backwards(space::BACKWARDS, &number), kind);
    }
    add(keys, number, kind);
}

/// A citizen id: so many of its parts that every piece of it is the beginning of one, once what can stand before the piece
/// (an area somebody is from, a century, a month) is put before it. See [`super::ranges`].
fn add_citizen_id(keys: &mut Keys, id: &str) {
    let id = normalise(id);
    if id.is_empty() {
        return;
    }
    let from = |space: char, start: usize| -> Option<String> {
        let rest = id.get(start..)?;
        Some(std::iter::once(space).chain(rest.chars()).collect())
    };
    let parts = if id.len() == 18 && id.is_ascii() {
        vec![from(space::BIRTH, 6), from(space::MONTH, 10), from(space::SEQUENCE, 14)]
    } else {
        let starts = id.char_indices().map(|(at, _)| at).skip(1).take(OTHER_STARTS);
        starts.filter(|at| id.len() - at >= FEWEST_DIGITS).map(|at| from(space::OTHER, at)).collect()
    };
    for key in parts.into_iter().chain([from(space::ID, 0)]).flatten() {
        add(keys, key, HitKind::CitizenId);
    }
}

/// The columns whose values are looked for. No two of one record type make keys of the same kind, so that each column's
/// keys come and go by themselves.
pub(super) fn keyed(record: &RecordType) -> &'static [&'static str] {
    match record.table {
        "person" => &["name", "citizen_id", "phone", "person_number"],
        "household" => &["number", "phone"],
        "village" => &["name"],
        _ => &[],
    }
}

/// The keys that one column's value makes.
pub(super) fn keys_of_column(record: &RecordType, column: &str, value: Option<&Value>) -> Keys {
    let mut keys = Keys::new();
    let Some(Value::Text(text)) = value else { return keys };
    match (record.table, column) {
        ("person", "name") => add_name(&mut keys, text, HitKind::Name),
        ("person", "citizen_id") => add_citizen_id(&mut keys, text),
        ("person" | "household", "phone") => add_number(&mut keys, text, HitKind::Phone),
        ("person", "person_number") => add(&mut keys, normalise(text), HitKind::Number),
        ("household", "number") => add_number(&mut keys, text, HitKind::Number),
        ("village", "name") => add_village(&mut keys, text, HitKind::Name),
        _ => {}
    }
    keys
}

/// A village by its name, with and without what it is.
pub(super) fn add_village(keys: &mut Keys, name: &str, kind: HitKind) {
    add_name(keys, region::short_village_name(name), kind);
    add(keys, normalise(name), kind);
}

/// Where a column stands among a record's fields; behind the last of them where there is none.
pub(super) fn position(record: &RecordType, column: &str) -> usize {
    record.fields.iter().position(|field| field.column == column).unwrap_or(record.fields.len())
}

pub(super) fn is_deleted(value: Option<&Value>) -> bool {
    value == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::{Keys, add_citizen_id, add_name};
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
    fn a_citizen_id_has_four_keys_and_another_document_one_for_each_place_a_piece_may_begin_at() {
        let mut keys = Keys::new();
        add_citizen_id(&mut keys, "15990119491231002X");
        let found: Vec<&str> = keys.keys().map(String::as_str).collect();
        assert_eq!(found, ["B19491231002x", "C15990119491231002x", "D1231002x", "S002x"]);
        keys.clear();
        add_citizen_id(&mut keys, "E1234567");
        let found: Vec<&str> = keys.keys().map(String::as_str).collect();
        assert_eq!(found, ["Ce1234567", "F1234567", "F234567", "F34567", "F4567"]);
    }
}
