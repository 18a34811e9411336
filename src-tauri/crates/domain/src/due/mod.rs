//! When a patient must be visited again (随访周期): the intervals are a table, what a visit showed chooses the line.
//!
//! Source: 国家基本公共卫生服务规范（第三版, 2017）, the sections on 高血压, 2型糖尿病, 严重精神障碍 and 肺结核.

mod judge;
pub mod periodic;
mod rules;
pub mod schedule;

pub use judge::{Seen, Urgent, judge};
pub use rules::{Case, Interval, Rule, RuleError, Rules};

use chrono::{Datelike, Months, NaiveDate};

/// The kinds of visit that go with a disease, by ICD-10 prefix (domain B.2).
const DISEASES: [(&str, &str); 19] = [
    ("I10", "hypertension"),
    ("I11", "hypertension"),
    ("I12", "hypertension"),
    ("I13", "hypertension"),
    ("I15", "hypertension"),
    ("E10", "diabetes"),
    ("E11", "diabetes"),
    ("E12", "diabetes"),
    ("E13", "diabetes"),
    ("E14", "diabetes"),
    ("A15", "tuberculosis"),
    ("A16", "tuberculosis"),
    ("A17", "tuberculosis"),
    ("A18", "tuberculosis"),
    ("A19", "tuberculosis"),
    ("F20", "mental"),
    ("F22", "mental"),
    ("F25", "mental"),
    ("F31", "mental"),
];

/// Severe mental illness by a code that says it only with words of the name: 癫痫所致精神障碍, 精神发育迟滞伴发精神障碍 (B.1 #29).
const BY_NAME: [(&[&str], &str); 2] =
    [(&["F06", "F09"], "癫痫"), (&["F70", "F71", "F72", "F73", "F74", "F75", "F76", "F77", "F78", "F79"], "精神障碍")];

/// The kind of visit a patient with this disease is owed; nothing for any but the four diseases.
#[must_use]
pub fn kind_of(icd10: &str, name: &str) -> Option<&'static str> {
    let code = icd10.trim().to_ascii_uppercase();
    let told = DISEASES.iter().find(|(prefix, _)| code.starts_with(prefix)).map(|(_, kind)| *kind);
    let named =
        |(codes, word): &(&[&str], &str)| codes.iter().any(|prefix| code.starts_with(prefix)) && name.contains(word);
    told.or_else(|| BY_NAME.iter().any(named).then_some("mental"))
}

/// When the next visit is due and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day on which it is in time.
    pub by: NaiveDate,
    /// The line of the table that says so.
    pub case: Case,
    /// Whether the patient must be referred.
    pub refer: bool,
    /// What makes it urgent.
    pub urgent: Vec<Urgent>,
}

/// When the visit after the newest of `visits` is due; `visits` are of one kind, the newest first. Nothing where the table
/// has no line, or management has ended.
#[must_use]
pub fn next(rules: &Rules, kind: &str, visits: &[Seen<'_>], age: Option<i64>) -> Option<Due> {
    let newest = visits.first()?;
    if newest.ended {
        return None;
    }
    let (case, urgent) = judge(kind, visits, age);
    let rule = rules.of(kind, case)?;
    Some(Due { by: rule.interval.after(newest.on), case, refer: rule.refer, urgent })
}

/// When somebody who was never visited must be seen first, if the table says so (肺结核: 72 hours).
#[must_use]
pub fn first(rules: &Rules, kind: &str, diagnosed_on: NaiveDate) -> Option<NaiveDate> {
    rules.of(kind, Case::First).map(|rule| rule.interval.after(diagnosed_on))
}

/// How many visits somebody who is managed since a day is owed by `today` in its year: so many of the year's number as
/// parts of the year have passed in full since then.
#[must_use]
pub fn owed(per_year: u32, since: NaiveDate, today: NaiveDate) -> u32 {
    let (Some(year), Some(tomorrow)) = (NaiveDate::from_ymd_opt(today.year(), 1, 1), today.succ_opt()) else {
        return 0;
    };
    owed_from(per_year, since.max(year), tomorrow)
}

/// How many visits of a year's number are owed from a day on until, not including, another within the year after it.
#[must_use]
pub fn owed_from(per_year: u32, start: NaiveDate, until: NaiveDate) -> u32 {
    let months = (0..12).take_while(|passed| start.checked_add_months(Months::new(passed + 1)) <= Some(until));
    let months = u32::try_from(months.count()).unwrap_or_default();
    per_year * months / 12
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Case, Rules, Seen, Urgent, first, kind_of, next, owed};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn pressure(on: &str, systolic: i64, diastolic: i64) -> Seen<'static> {
        Seen { systolic: Some(systolic), diastolic: Some(diastolic), ..Seen::on(day(on)) }
    }

    fn sugar(on: &str, tenths: i64) -> Seen<'static> {
        Seen { glucose_tenths: Some(tenths), ..Seen::on(day(on)) }
    }

    fn due(kind: &str, visits: &[Seen<'_>], age: i64) -> (String, Case, bool) {
        let due = next(Rules::national(), kind, visits, Some(age)).unwrap();
        (due.by.to_string(), due.case, due.refer)
    }

    #[test]
    fn the_four_diseases_are_known_however_their_codes_are_typed() {
        assert_eq!(kind_of(" i10.x02 ", "高血压"), Some("hypertension"));
        assert_eq!(kind_of("F06.801", "癫痫所致精神障碍"), Some("mental"));
        assert_eq!(kind_of("F06.801", "脑外伤后综合征"), None);
        assert_eq!(kind_of("F71", "精神发育迟滞伴发精神障碍"), Some("mental"));
        assert_eq!(kind_of("", "高血压"), None);
    }

    #[test]
    fn a_satisfied_hypertensive_is_due_within_three_months_and_an_unsatisfied_one_within_two_weeks() {
        assert_eq!(
            due("hypertension", &[pressure("2026-11-02", 135, 82)], 50),
            ("2027-02-02".into(), Case::Controlled, false)
        );
        assert_eq!(
            due("hypertension", &[pressure("2026-11-02", 145, 82)], 50),
            ("2026-11-16".into(), Case::OnceBad, false)
        );
    }

    #[test]
    fn after_the_second_unsatisfied_visit_in_a_row_a_referral_is_asked_for() {
        let twice = [pressure("2026-11-16", 150, 95), pressure("2026-11-02", 145, 82)];
        assert_eq!(due("hypertension", &twice, 50), ("2026-11-30".into(), Case::AgainBad, true));
        let better = [pressure("2026-11-16", 130, 80), pressure("2026-11-02", 145, 82)];
        assert_eq!(due("hypertension", &better, 50).1, Case::Controlled);
    }

    #[test]
    fn over_65_the_limit_is_150_over_90() {
        assert_eq!(due("hypertension", &[pressure("2026-11-02", 145, 85)], 65).1, Case::Controlled);
        assert_eq!(due("hypertension", &[pressure("2026-11-02", 145, 92)], 65).1, Case::OnceBad);
        assert_eq!(due("hypertension", &[pressure("2026-11-02", 145, 85)], 64).1, Case::OnceBad);
    }

    #[test]
    fn what_the_doctor_wrote_counts_before_what_the_numbers_say() {
        let said = Seen { control: Some("1"), ..pressure("2026-11-02", 145, 85) };
        assert_eq!(due("hypertension", &[said], 50).1, Case::Controlled);
        let adverse = Seen { control: Some("3"), ..pressure("2026-11-02", 120, 80) };
        assert_eq!(due("hypertension", &[adverse], 50).1, Case::OnceBad);
    }

    #[test]
    fn a_pressure_of_180_over_110_or_a_glucose_of_16_7_or_3_9_is_urgent() {
        for seen in [pressure("2026-11-02", 180, 90), pressure("2026-11-02", 150, 110)] {
            let due = next(Rules::national(), "hypertension", &[seen], Some(50)).unwrap();
            assert_eq!((due.case, due.refer, due.urgent.as_slice()), (Case::Urgent, true, &[Urgent::Pressure][..]));
        }
        for (tenths, urgent) in [(167, true), (166, false), (39, true), (40, false)] {
            let due = next(Rules::national(), "diabetes", &[sugar("2026-11-02", tenths)], Some(50)).unwrap();
            assert_eq!(due.case == Case::Urgent, urgent, "{tenths}");
        }
    }

    #[test]
    fn a_diabetic_with_a_fasting_glucose_of_7_is_seen_again_in_two_weeks() {
        assert_eq!(due("diabetes", &[sugar("2026-11-02", 70)], 50), ("2026-11-16".into(), Case::OnceBad, false));
        assert_eq!(due("diabetes", &[sugar("2026-11-02", 69)], 50), ("2027-02-02".into(), Case::Controlled, false));
    }

    #[test]
    fn tuberculosis_is_first_visited_within_72_hours_then_every_ten_days_then_monthly() {
        assert_eq!(first(Rules::national(), "tuberculosis", day("2026-11-02")), Some(day("2026-11-05")));
        let month = |month| Seen { month: Some(month), ..Seen::on(day("2026-11-02")) };
        assert_eq!(due("tuberculosis", &[month(2)], 50), ("2026-11-12".into(), Case::Intensive, false));
        assert_eq!(due("tuberculosis", &[month(3)], 50), ("2026-12-02".into(), Case::Controlled, false));
        assert_eq!(first(Rules::national(), "hypertension", day("2026-11-02")), None);
    }

    #[test]
    fn a_severe_mental_illness_is_followed_by_its_stability_or_its_danger() {
        let stability = |code| Seen { stability: Some(code), ..Seen::on(day("2026-11-02")) };
        assert_eq!(due("mental", &[stability("1")], 50), ("2026-11-16".into(), Case::Urgent, true));
        assert_eq!(due("mental", &[stability("2")], 50), ("2026-11-16".into(), Case::OnceBad, false));
        assert_eq!(due("mental", &[stability("2"), stability("2")], 50), ("2026-12-02".into(), Case::AgainBad, false));
        assert_eq!(due("mental", &[stability("3")], 50), ("2027-02-02".into(), Case::Controlled, false));
        let dangerous = Seen { danger: Some(3), ..Seen::on(day("2026-11-02")) };
        assert_eq!(due("mental", &[dangerous], 50).1, Case::Urgent);
    }

    #[test]
    fn whoever_left_the_management_or_has_no_line_in_the_table_is_owed_nothing() {
        let ended = Seen { ended: true, ..pressure("2026-11-02", 150, 95) };
        assert_eq!(next(Rules::national(), "hypertension", &[ended], None), None);
        assert_eq!(next(Rules::national(), "poor", &[Seen::on(day("2026-11-02"))], None), None);
    }

    #[test]
    fn somebody_managed_since_july_owes_two_visits_in_the_year_and_somebody_since_january_four() {
        assert_eq!(owed(4, day("2026-07-01"), day("2026-12-31")), 2);
        assert_eq!(owed(4, day("2020-03-01"), day("2026-12-31")), 4);
        assert_eq!(owed(4, day("2020-03-01"), day("2026-06-29")), 1);
        assert_eq!(owed(4, day("2020-03-01"), day("2026-06-30")), 2);
        assert_eq!(owed(4, day("2026-12-30"), day("2026-12-31")), 0);
    }
}
