//! The table of intervals: the national one is built in, a county may put its own in force (县级名单与规则, 随访周期).

use std::str::FromStr;
use std::sync::OnceLock;

use chrono::{Days, Months, NaiveDate};

const NATIONAL: &str = include_str!("../../../../../assets/rules/visits.tsv");

/// What a visit showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// Nobody visited yet.
    First,
    /// 控制满意, 病情稳定, 继续期.
    Controlled,
    /// 第一次控制不满意 or 不良反应; 基本稳定.
    OnceBad,
    /// The second time in a row, or a new complication.
    AgainBad,
    /// A value beyond the threshold of danger; 不稳定.
    Urgent,
    /// The first two months of treating tuberculosis (强化期).
    Intensive,
}

impl Case {
    /// Its name in the table.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Controlled => "controlled",
            Self::OnceBad => "once_bad",
            Self::AgainBad => "again_bad",
            Self::Urgent => "urgent",
            Self::Intensive => "intensive",
        }
    }

    /// The case of this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::First, Self::Controlled, Self::OnceBad, Self::AgainBad, Self::Urgent, Self::Intensive]
            .into_iter()
            .find(|case| case.code() == code)
    }

    /// What a clerk reads.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "首次随访",
            Self::Controlled => "控制满意",
            Self::OnceBad => "控制不满意",
            Self::AgainBad => "连续两次不满意",
            Self::Urgent => "指标危急",
            Self::Intensive => "强化期",
        }
    }
}

/// A span of time as the standards write it: days or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// So many days.
    Days(u16),
    /// So many months.
    Months(u16),
}

impl Interval {
    /// The last day of the span that begins on a day.
    #[must_use]
    pub fn after(self, day: NaiveDate) -> NaiveDate {
        let end = match self {
            Self::Days(days) => day.checked_add_days(Days::new(days.into())),
            Self::Months(months) => day.checked_add_months(Months::new(months.into())),
        };
        end.unwrap_or(NaiveDate::MAX)
    }

    /// `14天`, `3个月`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Days(days) => format!("{days}天"),
            Self::Months(months) => format!("{months}个月"),
        }
    }
}

impl FromStr for Interval {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |end| text.strip_suffix(end).and_then(|number| number.parse().ok());
        let times = |end, each: u16| number(end).and_then(|number: u16| number.checked_mul(each));
        let days = number('d').or(times('w', 7)).map(Self::Days);
        days.or(number('m').or(times('y', 12)).map(Self::Months)).ok_or(())
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kind of visit, a code of `visit_kind`.
    pub kind: String,
    /// What the last visit showed.
    pub case: Case,
    /// How long the next one may wait.
    pub interval: Interval,
    /// Whether the patient must be referred.
    pub refer: bool,
}

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    rules: Vec<Rule>,
    per_year: Vec<(String, u32)>,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("随访周期第 {line} 行写得不对：{text}")]
pub struct RuleError {
    /// Which line, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

impl Rules {
    /// The national standards.
    #[must_use]
    pub fn national() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Self::parse(NATIONAL).unwrap_or_default())
    }

    /// Reads a table: kind, case, within (`14d`, `3m`; for `per_year` a number), refer (`y`/`n`), source, separated by tabs
    /// under a heading.
    ///
    /// # Errors
    /// [`RuleError`] with the first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let mut rules = Self::default();
        for (number, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = || RuleError { line: number + 1, text: line.to_owned() };
            let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [kind, case, within, refer, ..] = columns[..] else { return Err(wrong()) };
            if crate::code::find("visit_kind", kind).is_none() {
                return Err(wrong());
            }
            if case == "per_year" {
                rules.per_year.push((kind.to_owned(), within.parse().map_err(|_| wrong())?));
                continue;
            }
            let case = Case::from_code(case).ok_or_else(wrong)?;
            let interval = within.parse().map_err(|()| wrong())?;
            let refer = match refer {
                "y" => true,
                "n" | "" => false,
                _ => return Err(wrong()),
            };
            rules.rules.push(Rule { kind: kind.to_owned(), case, interval, refer });
        }
        Ok(rules)
    }

    /// These lines over those of another table: what only the other has stays in force.
    #[must_use]
    pub fn over(mut self, other: &Self) -> Self {
        let known = |rule: &&Rule| self.of(&rule.kind, rule.case).is_none();
        let rules: Vec<Rule> = other.rules.iter().filter(known).cloned().collect();
        let known = |line: &&(String, u32)| self.per_year(&line.0).is_none();
        let per_year: Vec<(String, u32)> = other.per_year.iter().filter(known).cloned().collect();
        self.rules.extend(rules);
        self.per_year.extend(per_year);
        self
    }

    /// The line for a kind of visit and what the last one showed.
    #[must_use]
    pub fn of(&self, kind: &str, case: Case) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.kind == kind && rule.case == case)
    }

    /// How often a year a patient must be seen face to face.
    #[must_use]
    pub fn per_year(&self, kind: &str) -> Option<u32> {
        self.per_year.iter().find(|(known, _)| known == kind).map(|(_, times)| *times)
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, NATIONAL, Rules};

    #[test]
    fn the_built_in_table_is_read_whole() {
        let rules = Rules::parse(NATIONAL).unwrap();
        assert_eq!(rules.rules.len() + rules.per_year.len(), NATIONAL.lines().count() - 1);
        assert_eq!(rules.per_year("diabetes"), Some(4));
    }

    #[test]
    fn a_county_that_changes_one_line_keeps_all_the_others() {
        let own = Rules::parse("kind\tcase\twithin\trefer\nhypertension\tcontrolled\t1m\tn").unwrap();
        let rules = own.over(Rules::national());
        let label = |kind, case| rules.of(kind, case).unwrap().interval.label();
        assert_eq!(label("hypertension", Case::Controlled), "1个月");
        assert_eq!(
            (label("hypertension", Case::OnceBad), label("diabetes", Case::Controlled)),
            ("14天".into(), "3个月".into())
        );
        assert_eq!(rules.per_year("mental"), Some(4));
        assert_eq!(rules.rules.len(), Rules::national().rules.len());
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for line in [
            "hypertension\tcontrolled\t3m\t是",
            "hypertension\tcontrolled\tsoon\tn",
            "gout\tcontrolled\t3m\tn",
            "hypertension\tbad\t3m\tn",
            "x",
        ] {
            let error = Rules::parse(&format!("kind\tcase\twithin\trefer\n{line}")).unwrap_err();
            assert_eq!((error.line, error.text.as_str()), (2, line));
        }
    }
}
