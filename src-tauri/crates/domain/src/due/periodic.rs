//! Services owed at certain ages or to certain patients, once or every so many years: examinations, 两癌筛查, 营养包. Who
//! and how often is a table; what nobody could show in print is marked as not verified.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};

use super::Interval;

const SOURCE: &str = include_str!("../../../../../assets/rules/periodic.tsv");

/// What kind of record proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Any examination (体检).
    Exam,
    /// A screening or service of this kind.
    Screening,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periodic {
    /// What proves it.
    pub service: Service,
    /// A code of `exam_kind` or `screening_kind`.
    pub kind: &'static str,
    sex: Option<&'static str>,
    from: Option<Interval>,
    to: Option<Interval>,
    every: i32,
    who: Vec<&'static str>,
    /// Whether a list of the desk asks for it; otherwise only the table of examinations does.
    pub listed: bool,
    /// What a clerk calls those it is for, or what it is.
    pub label: &'static str,
    /// Its ages or its interval are not confirmed by a published text.
    pub unverified: bool,
}

/// Somebody as far as the table asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Whom<'w> {
    /// A code of `sex`.
    pub sex: Option<&'w str>,
    /// The birth date.
    pub birth: Option<NaiveDate>,
    /// Codes of `crowd` they belong to.
    pub crowds: &'w [&'w str],
}

/// The table.
#[must_use]
pub fn table() -> &'static [Periodic] {
    static TABLE: OnceLock<Vec<Periodic>> = OnceLock::new();
    TABLE.get_or_init(|| SOURCE.lines().skip(1).filter_map(line).collect())
}

fn line(line: &'static str) -> Option<Periodic> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [service, kind, sex, from, to, every, who, listed, label, unverified, _source] = columns[..] else {
        return None;
    };
    let age = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    Some(Periodic {
        service: match service {
            "exam" => Service::Exam,
            "screening" => Service::Screening,
            _ => return None,
        },
        kind,
        sex: Some(sex).filter(|sex| !sex.is_empty()),
        from: age(from)?,
        to: age(to)?,
        every: every.parse().ok()?,
        who: who.split_whitespace().collect(),
        listed: listed == "y",
        label,
        unverified: unverified == "y",
    })
}

impl Periodic {
    /// Whether it is for somebody on a day. Years of age are counted by the calendar: whoever turns 65 in a year is 65 in it.
    #[must_use]
    pub fn is_for(&self, whom: &Whom<'_>, today: NaiveDate) -> bool {
        let fits_sex = self.sex.is_none_or(|sex| whom.sex == Some(sex));
        let fits_crowd = self.who.is_empty() || self.who.iter().any(|crowd| whom.crowds.contains(crowd));
        fits_sex && fits_crowd && self.fits_age(whom.birth, today)
    }

    fn fits_age(&self, birth: Option<NaiveDate>, today: NaiveDate) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let Some(birth) = birth else { return false };
        let years = u16::try_from(today.year() - birth.year()).unwrap_or_default();
        let old = self.from.is_none_or(|from| match from {
            Interval::Months(months) if months % 12 == 0 && months > 24 => years >= months / 12,
            from => from.after(birth) <= today,
        });
        let young = self.to.is_none_or(|to| match to {
            Interval::Months(months) if months % 12 == 0 && months > 24 => years <= months / 12,
            to => today <= to.after(birth),
        });
        old && young && birth <= today
    }

    /// Whether the newest time it was had still counts on a day.
    #[must_use]
    pub fn is_done(&self, newest: Option<NaiveDate>, today: NaiveDate) -> bool {
        newest.is_some_and(|newest| self.every == 0 || newest.year() > today.year() - self.every)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Periodic, SOURCE, Service, Whom, table};
    use crate::code;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn of(kind: &str) -> &'static Periodic {
        table().iter().find(|line| line.kind == kind).unwrap()
    }

    fn born(birth: &str) -> Whom<'static> {
        Whom { birth: Some(day(birth)), sex: Some("2"), crowds: &[] }
    }

    #[test]
    fn the_table_is_read_whole_and_every_kind_is_one_of_the_code_tables() {
        assert_eq!(table().len(), SOURCE.lines().count() - 1);
        for line in table() {
            let codes = if line.service == Service::Exam { "exam_kind" } else { "screening_kind" };
            assert!(code::find(codes, line.kind).is_some(), "{}", line.kind);
            assert!(line.who.iter().all(|crowd| code::find("crowd", crowd).is_some()), "{:?}", line.who);
        }
    }

    #[test]
    fn whoever_turns_65_in_the_year_is_due_from_its_first_day() {
        let elder = of("elder");
        assert!(elder.is_for(&born("1961-12-31"), day("2026-01-01")));
        assert!(!elder.is_for(&born("1962-01-01"), day("2026-12-31")));
        assert!(!elder.is_for(&Whom::default(), day("2026-12-31")), "nobody without a birth date");
    }

    #[test]
    fn an_examination_counts_for_its_calendar_year_and_a_screening_for_three() {
        let (today, elder, cervical) = (day("2026-11-22"), of("elder"), of("cervical"));
        assert!(elder.is_done(Some(day("2026-01-02")), today) && !elder.is_done(Some(day("2025-12-30")), today));
        assert!(cervical.is_done(Some(day("2024-01-02")), today) && !cervical.is_done(Some(day("2023-12-30")), today));
        assert!(!cervical.is_done(None, today));
    }

    #[test]
    fn women_of_35_to_64_are_screened_and_men_are_not() {
        let cervical = of("cervical");
        let woman = born("1980-05-01");
        assert!(cervical.is_for(&woman, day("2026-11-22")));
        assert!(!cervical.is_for(&Whom { sex: Some("1"), ..woman }, day("2026-11-22")));
        assert!(!cervical.is_for(&born("2000-05-01"), day("2026-11-22")));
    }

    #[test]
    fn children_of_6_to_24_months_get_their_packs_and_patients_their_examination_at_any_age() {
        let pack = of("nutrition");
        let at = |today: &str| pack.is_for(&born("2026-01-15"), day(today));
        assert_eq!(
            (at("2026-07-14"), at("2026-07-15"), at("2028-01-15"), at("2028-01-16")),
            (false, true, true, false)
        );
        let patient = Whom { crowds: &["diabetes"], ..Whom::default() };
        assert!(of("chronic").is_for(&patient, day("2026-11-22")));
        assert!(!of("chronic").is_for(&Whom::default(), day("2026-11-22")));
    }
}
