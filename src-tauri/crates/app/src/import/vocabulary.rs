//! Which columns of a kind of file hold labels, what they may say, and what a clerk may choose for one that nobody knows.

use mingbai_domain::code;
use mingbai_sheets::value::is_placeholder;

use super::labels::hospital_level;
use crate::dto::Coded;

/// A column whose cells hold labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// Key of the column.
    pub(crate) column: &'static str,
    pub(crate) labels: Labels,
}

/// What labels may stand in a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Labels {
    /// Those of the code tables; the first is the one that is chosen from.
    Of(&'static [&'static str]),
    /// Those of one table and some words besides.
    With(&'static str, &'static [&'static str]),
    /// Levels of hospitals, also with their grade.
    Levels,
    /// Words of our own: each group means the same, and the first of it is what is chosen.
    Words(&'static [&'static [&'static str]]),
}

/// 是 and 否, as people write them.
pub(crate) const YES_OR_NO: Labels = Labels::Words(&[YES, NO]);
pub(crate) const YES: &[&str] = &["是", "享受", "有", "1"];
pub(crate) const NO: &[&str] = &["否", "不享受", "未享受", "无", "没有", "0"];

pub(crate) const fn of(column: &'static str, tables: &'static [&'static str]) -> Told {
    Told { column, labels: Labels::Of(tables) }
}

pub(crate) const fn told(column: &'static str, labels: Labels) -> Told {
    Told { column, labels }
}

impl Labels {
    /// Whether the label is understood as it stands; a blank one needs no understanding.
    pub(crate) fn knows(&self, label: &str) -> bool {
        is_placeholder(label)
            || match self {
                Self::Of(tables) => tables.iter().any(|table| code::resolve(table, label).is_some()),
                Self::With(table, words) => code::resolve(table, label).is_some() || words.contains(&label),
                Self::Levels => hospital_level(label).is_ok(),
                Self::Words(groups) => groups.iter().any(|group| group.contains(&label)),
            }
    }

    /// What may be chosen.
    pub(crate) fn choices(&self) -> Vec<Coded> {
        let table = match self {
            Self::Of(tables) => tables.first().copied().unwrap_or_default(),
            Self::With(table, _) => table,
            Self::Levels => "hospital_level",
            Self::Words(groups) => {
                let words = groups.iter().filter_map(|group| group.first());
                return words.map(|word| Coded { code: (*word).to_owned(), label: (*word).to_owned() }).collect();
            }
        };
        let coded = |code: &code::Code| Coded { code: code.code.to_owned(), label: code.label.to_owned() };
        code::table(table).iter().map(coded).collect()
    }
}
