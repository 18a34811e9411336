//! 核查口径: the numbers that change from year to year or from county to county. The shipped table says where each was
//! found; the county's own lists of the kind 核查口径 come after it and count.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::Fen;
use mingbai_store::Reading;

use crate::county_list;
use crate::error::AppError;

/// Columns: year (empty for every year), key, value, source.
const SHIPPED: &str = include_str!("../../../../../assets/rules/quality.tsv");

/// What a rule measures by. A key without a value in its year is not known, and the rule is not applied to that year.
#[derive(Clone, Debug)]
pub(crate) struct Limits(HashMap<(Option<i32>, String), String>);

impl Limits {
    /// A table of limits alone.
    pub(crate) fn of(table: &str) -> Self {
        let mut limits = Self(HashMap::new());
        limits.take(table);
        limits
    }

    /// What is shipped, without a county's own.
    #[cfg(test)]
    pub(crate) fn shipped() -> Self {
        Self::of(SHIPPED)
    }

    /// What is shipped, overridden by the county's lists that are in force on a day.
    pub(crate) fn read(reading: Reading<'_>, today: NaiveDate) -> Result<Self, AppError> {
        Self::with(SHIPPED, reading, "rule", today)
    }

    /// A table, overridden by the county's lists of a kind that are in force on a day.
    pub(crate) fn with(shipped: &str, reading: Reading<'_>, kind: &str, today: NaiveDate) -> Result<Self, AppError> {
        let mut limits = Self::of(shipped);
        for list in county_list::in_force(reading, kind, today)? {
            limits.take(list.body.as_deref().unwrap_or_default());
        }
        Ok(limits)
    }

    /// Why a table of limits cannot be used: the first line that says no value for a key and a year.
    pub(crate) fn check(text: &str) -> Result<(), String> {
        for (number, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
            let said = match columns[..] {
                [year, key, value, ..] => {
                    (year.is_empty() || year.parse::<i32>().is_ok()) && !key.is_empty() && !value.is_empty()
                }
                _ => false,
            };
            if !said {
                return Err(format!("第 {} 行写得不对（应是 年度、项目、数值、依据）：{line}", number + 1));
            }
        }
        Ok(())
    }

    /// Takes a table of limits in, over what is known.
    pub(crate) fn take(&mut self, text: &str) {
        for line in text.lines() {
            let mut columns = line.split('\t').map(str::trim);
            let (Some(year), Some(key), Some(value)) = (columns.next(), columns.next(), columns.next()) else {
                continue;
            };
            let year = match year {
                "" => None,
                // The head of the table is no year.
                year => match year.parse() {
                    Ok(year) => Some(year),
                    Err(_) => continue,
                },
            };
            if !key.is_empty() && !value.is_empty() {
                self.0.insert((year, key.to_owned()), value.to_owned());
            }
        }
    }

    fn text(&self, key: &str, year: i32) -> Option<&str> {
        let of = |year| self.0.get(&(year, key.to_owned()));
        of(Some(year)).or_else(|| of(None)).map(String::as_str)
    }

    /// A number of this year, or of every year.
    pub(crate) fn number(&self, key: &str, year: i32) -> Option<i64> {
        self.text(key, year)?.parse().ok()
    }

    /// A day of this year, or of every year.
    pub(crate) fn day(&self, key: &str, year: i32) -> Option<NaiveDate> {
        self.text(key, year)?.parse().ok()
    }

    /// An amount of this year, or of every year.
    pub(crate) fn money(&self, key: &str, year: i32) -> Option<Fen> {
        Fen::parse(self.text(key, year)?).ok()
    }

    /// Whether anything is known of a key in a year.
    pub(crate) fn knows(&self, key: &str, year: i32) -> bool {
        self.text(key, year).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, SHIPPED};

    #[test]
    fn every_shipped_limit_says_where_it_was_found_and_can_be_read() {
        for line in SHIPPED.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [_, key, value, source] = columns.as_slice() else { panic!("{line}") };
            assert!(!key.is_empty() && !source.is_empty(), "{line}");
            let is_day = value.parse::<chrono::NaiveDate>().is_ok();
            assert!(is_day || value.parse::<i64>().is_ok(), "{line}");
        }
    }

    #[test]
    fn a_limit_of_one_year_says_nothing_of_another_and_the_countys_word_comes_last() {
        let mut limits = Limits::shipped();
        assert!(limits.day("subsidy_deadline", 2024).is_some() && limits.day("subsidy_deadline", 2026).is_none());
        limits.take("2026\tsubsidy_deadline\t2026-02-28\t县医保局通知\n\tvisits_per_day\t40\t县里定的");
        assert_eq!(limits.day("subsidy_deadline", 2026).map(|day| day.to_string()).as_deref(), Some("2026-02-28"));
        assert_eq!(limits.number("visits_per_day", 2026), Some(40));
    }
}
