//! Working days and official holidays. The State Council says each year which weekdays are off and which days of a
//! weekend are worked for them; a year it has not spoken about has its weekends only, and every answer says so.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};

const SOURCE: &str = include_str!("../../../../assets/codes/holidays.tsv");

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary day of the working week.
    Workday,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// Off by the year's notice.
    Holiday {
        /// `春节`, `国庆节`.
        name: &'static str,
    },
    /// A Saturday or Sunday that is worked by the year's notice.
    Exchanged {
        /// The holiday it is worked for.
        name: &'static str,
    },
}

impl Kind {
    /// Whether offices are open.
    #[must_use]
    pub fn works(self) -> bool {
        matches!(self, Self::Workday | Self::Exchanged { .. })
    }
}

/// A day found by counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub day: NaiveDate,
    /// The first year on the way without a notice: there only weekends were left out.
    pub unarranged: Option<i32>,
}

struct Calendar {
    days: BTreeMap<NaiveDate, Kind>,
    notices: BTreeMap<i32, &'static str>,
}

fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| {
        let mut calendar = Calendar { days: BTreeMap::new(), notices: BTreeMap::new() };
        for line in SOURCE.lines().skip(1) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (year, day, kind, name, notice) = (next(), next(), next(), next(), next());
            if let (Ok(year), Ok(day)) = (year.parse(), day.parse()) {
                let kind = if kind == "休" { Kind::Holiday { name } } else { Kind::Exchanged { name } };
                calendar.days.insert(day, kind);
                calendar.notices.insert(year, notice);
            }
        }
        calendar
    })
}

/// The number of the State Council's notice on a year's holidays; nothing where this program knows of none.
#[must_use]
pub fn notice(year: i32) -> Option<&'static str> {
    calendar().notices.get(&year).copied()
}

/// The years whose notice this program knows, in order.
pub fn arranged() -> impl Iterator<Item = i32> {
    calendar().notices.keys().copied()
}

/// What a day is, by the notice of its year or, without one, by the week alone.
#[must_use]
pub fn kind(day: NaiveDate) -> Kind {
    let ordinary = if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) { Kind::Weekend } else { Kind::Workday };
    calendar().days.get(&day).copied().unwrap_or(ordinary)
}

/// The working day that many working days later, or earlier for a negative count; the day itself for none. Nothing
/// beyond the ends of the calendar.
#[must_use]
pub fn add(day: NaiveDate, count: i32) -> Option<Counted> {
    let mut at = Counted { day, unarranged: unarranged(day) };
    let mut left = count.unsigned_abs();
    while left > 0 {
        at = step(at, count > 0)?;
        left -= u32::from(kind(at.day).works());
    }
    Some(at)
}

/// The last working day on or before a day: by then it must be done when the office is closed on the day itself.
#[must_use]
pub fn last_on_or_before(day: NaiveDate) -> Counted {
    let mut at = Counted { day, unarranged: unarranged(day) };
    while !kind(at.day).works() {
        match step(at, false) {
            Some(earlier) => at = earlier,
            None => break,
        }
    }
    at
}

fn step(from: Counted, forward: bool) -> Option<Counted> {
    let one = Days::new(1);
    let day = if forward { from.day.checked_add_days(one)? } else { from.day.checked_sub_days(one)? };
    Some(Counted { day, unarranged: from.unarranged.or_else(|| unarranged(day)) })
}

fn unarranged(day: NaiveDate) -> Option<i32> {
    Some(day.year()).filter(|year| notice(*year).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_deadline_on_national_day_is_the_working_day_before() {
        assert_eq!(last_on_or_before(day("2026-10-01")).day, day("2026-09-30"));
        assert_eq!(last_on_or_before(day("2025-10-05")).day, day("2025-09-30"));
        assert_eq!(last_on_or_before(day("2026-02-20")).day, day("2026-02-14"), "the Saturday before is worked");
        assert_eq!(last_on_or_before(day("2026-11-24")), Counted { day: day("2026-11-24"), unarranged: None });
    }

    #[test]
    fn a_saturday_worked_for_a_holiday_is_a_working_day() {
        assert_eq!(kind(day("2026-10-10")), Kind::Exchanged { name: "国庆节" });
        assert!(kind(day("2026-10-10")).works() && !kind(day("2026-10-17")).works());
        assert_eq!(add(day("2026-09-30"), 3).unwrap().day, day("2026-10-10"));
    }

    #[test]
    fn a_year_without_an_official_arrangement_says_so() {
        assert_eq!(notice(2026), Some("国办发明电〔2025〕7号"));
        assert_eq!(notice(2031), None);
        let counted = add(day("2026-12-30"), 2).unwrap();
        assert_eq!(counted, Counted { day: day("2027-01-01"), unarranged: Some(2027) });
        assert_eq!(add(day("2026-12-28"), 2).unwrap().unarranged, None);
    }

    #[test]
    fn days_are_counted_backwards_too() {
        assert_eq!(add(day("2026-10-08"), -1).unwrap().day, day("2026-09-30"));
        assert_eq!(add(day("2026-10-01"), 0).unwrap().day, day("2026-10-01"));
    }

    #[test]
    fn every_year_gives_as_many_days_as_the_law() {
        // 全国年节及纪念日放假办法: 11 days until 2024, 13 from 2025 on.
        for (year, days) in [(2024, 11), (2025, 13), (2026, 13)] {
            let of_year = || calendar().days.iter().filter(|(day, _)| day.year() == year);
            let off = of_year()
                .filter(|(day, kind)| !kind.works() && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
                .count();
            let worked = of_year().filter(|(_, kind)| kind.works()).count();
            assert_eq!(off - worked, days, "{year}");
        }
        assert_eq!(arranged().collect::<Vec<_>>(), [2024, 2025, 2026]);
    }
}
