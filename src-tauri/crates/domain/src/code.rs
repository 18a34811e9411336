//! Code tables (domain dossier B): labels and aliases to codes and back. Imports match by label, never by code,
//! because the systems they come from number the same things differently.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

const SOURCE: &str = include_str!("../../../../assets/codes/codes.tsv");

/// One code of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What is stored.
    pub code: &'static str,
    /// What a clerk reads.
    pub label: &'static str,
    /// Other spellings met in real files.
    pub aliases: Vec<&'static str>,
    /// The table's own yes/no column; for exclusion reasons: takes the person out of 应签.
    pub flag: bool,
}

type Tables = BTreeMap<&'static str, Vec<Code>>;

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = Tables::new();
        for line in SOURCE.lines().skip(1) {
            let mut columns = line.split('\t');
            if let (Some(table), Some(code), Some(label)) = (columns.next(), columns.next(), columns.next()) {
                let aliases = columns.next().unwrap_or_default().split('|').filter(|a| !a.is_empty()).collect();
                let flag = columns.next() == Some("y");
                tables.entry(table).or_default().push(Code { code, label, aliases, flag });
            }
        }
        tables
    })
}

/// The names of all tables.
pub fn names() -> impl Iterator<Item = &'static str> {
    tables().keys().copied()
}

/// The codes of a table in their order; empty when there is no such table.
#[must_use]
pub fn table(name: &str) -> &'static [Code] {
    tables().get(name).map_or(&[], Vec::as_slice)
}

/// The code with this value.
#[must_use]
pub fn find(name: &str, code: &str) -> Option<&'static Code> {
    table(name).iter().find(|c| c.code == code)
}

/// What a clerk reads for a code; the code itself when it is not in the table (a newer neighbour wrote it).
#[must_use]
pub fn label<'a>(name: &str, code: &'a str) -> &'a str {
    find(name, code).map_or(code, |c| c.label)
}

/// By table: the place of the first code that a label or alias stands for.
type Spellings = HashMap<&'static str, HashMap<&'static str, usize>>;

fn spellings() -> &'static Spellings {
    static SPELLINGS: OnceLock<Spellings> = OnceLock::new();
    SPELLINGS.get_or_init(|| {
        let of = |codes: &'static Vec<Code>| {
            let mut places = HashMap::new();
            for (place, code) in codes.iter().enumerate() {
                for spelling in code.aliases.iter().chain([&code.label]) {
                    places.entry(*spelling).or_insert(place);
                }
            }
            places
        };
        tables().iter().map(|(name, codes)| (*name, of(codes))).collect()
    })
}

/// The code for a label or alias as a file spells it: spaces, brackets and a leading number make no difference.
#[must_use]
pub fn resolve(name: &str, text: &str) -> Option<&'static str> {
    let wanted: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = wanted.trim_start_matches(|c: char| c.is_ascii_digit());
    let places = spellings().get(name)?;
    let place = [wanted.as_str(), bare].iter().filter(|w| !w.is_empty()).filter_map(|w| places.get(w)).min()?;
    table(name).get(*place).map(|c| c.code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{find, label, names, resolve, table};
    use crate::catalogue::ALL;
    use crate::value::Kind;

    #[test]
    fn every_coded_field_has_its_table() {
        for record in ALL {
            for field in record.fields {
                if let Kind::Code(name) | Kind::Codes(name) = field.kind {
                    assert!(!table(name).is_empty(), "{}.{} wants the table {name}", record.table, field.column);
                }
            }
        }
    }

    #[test]
    fn codes_are_unique_within_their_table() {
        for name in names() {
            let codes: BTreeSet<_> = table(name).iter().map(|c| c.code).collect();
            assert_eq!(codes.len(), table(name).len(), "{name}");
        }
    }

    #[test]
    fn labels_resolve_as_real_files_spell_them() {
        assert_eq!(resolve("relation", "之子"), Some("20"));
        assert_eq!(resolve("relation", "本人或户主"), Some("02"));
        assert_eq!(resolve("ethnicity", "汉"), resolve("ethnicity", "汉族"));
        assert_eq!(resolve("household_status", "03历史已脱贫"), Some("lifted"));
        assert_eq!(resolve("aid_identity", "最低生活保障对象"), Some("subsistence"));
        assert_eq!(resolve("sex", "男 "), Some("1"));
        assert_eq!(resolve("sex", "甲"), None);
    }

    #[test]
    fn a_code_stands_in_a_list_of_codes_without_being_taken_for_two() {
        for name in names() {
            assert!(table(name).iter().all(|c| !c.code.is_empty() && !c.code.contains(',')), "{name}");
        }
    }

    #[test]
    fn no_label_or_alias_of_a_table_means_two_codes() {
        for name in names() {
            let mut seen = BTreeSet::new();
            for code in table(name) {
                for word in code.aliases.iter().copied().chain([code.label]) {
                    assert!(seen.insert(word) || word == code.label && code.aliases.contains(&word), "{name}: {word}");
                }
            }
        }
    }

    #[test]
    fn relations_keep_their_rank_and_imply_the_sex_they_name() {
        use crate::citizen_id::Sex;
        use crate::relation::implied_sex;
        for (text, code, sex) in [
            ("长子", "22", Some(Sex::Male)),
            ("三女", "34", Some(Sex::Female)),
            ("嫂", "72", Some(Sex::Female)),
            ("外甥女", "96", Some(Sex::Female)),
            ("之兄弟媳妇", "79", Some(Sex::Female)),
            ("非亲属", "99", None),
        ] {
            assert_eq!(resolve("relation", text), Some(code), "{text}");
            assert_eq!(implied_sex(code), sex, "{text}");
        }
    }

    #[test]
    fn unknown_codes_show_themselves() {
        assert_eq!(label("sex", "1"), "男");
        assert_eq!(label("sex", "7"), "7");
    }

    #[test]
    fn exclusions_say_whether_they_shrink_the_denominator() {
        assert!(find("exclusion_reason", "absent").is_some_and(|c| c.flag));
        assert!(find("exclusion_reason", "refused").is_some_and(|c| !c.flag));
    }
}
