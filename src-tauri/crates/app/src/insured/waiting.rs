//! 待遇等待期: from which day bills are paid for somebody who enrolled late or after a break (国办发〔2024〕38号: a fixed wait
//! of three months, one month more for every year of the break, one less for every year of it that was paid for afterwards).

use chrono::{Datelike, Months, NaiveDate};
use mingbai_coverage::Uninsured;
use mingbai_domain::catalogue::Enrolment;

/// The first year for which the rule holds.
const SINCE: i64 = 2025;
/// 固定等待期.
const FIXED: u32 = 3;
/// 连续断缴4年及以上: whoever paid for years of so long a break waits at least [`LEAST`] months.
const LONG: u32 = 4;
const LEAST: u32 = 6;
/// 城乡居民: the only insurance the rule is for.
const RESIDENTS: &str = "390";
/// 职工.
const EMPLOYEES: &str = "310";

/// Why somebody waits, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// First day on which bills are paid.
    pub(crate) from: NaiveDate,
    /// Months of waiting; nothing where the insurer's own day is on file.
    pub(crate) months: Option<u32>,
    /// Whole years of the break before this one.
    pub(crate) broken: u32,
    /// Of these, paid for afterwards.
    pub(crate) repaid: u32,
    /// Came over from 职工医保: who does so soon after that ended does not wait, and nobody knows the day it ended.
    pub(crate) unsure: bool,
}

impl Waiting {
    /// In words, for a row.
    pub(crate) fn told(&self) -> String {
        match self.months {
            Some(months) if self.unsure => format!(
                "由职工医保转来、集中参保期后参保：停保不久的不等待，否则等待{months}个月到 {}，请向医保核对，登记待遇起始日期",
                self.from
            ),
            None => format!("{} 起享受待遇（医保登记）", self.from),
            Some(months) if self.broken > 0 => {
                let repaid = if self.repaid > 0 { format!("、补缴{}年", self.repaid) } else { String::new() };
                format!("断保{}年{repaid}，等待{months}个月，{} 起享受待遇（推算）", self.broken, self.from)
            }
            Some(months) => format!("集中参保期后参保，等待{months}个月，{} 起享受待遇（推算）", self.from),
        }
    }
}

/// What the register says of a year's insurance, of whatever kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Insured,
    Uninsured,
    Nothing,
}

fn said(enrolments: &[&Enrolment], year: i64) -> Said {
    let of_year = || enrolments.iter().filter(|one| one.year == Some(year)).filter_map(|one| one.insured);
    match (of_year().any(|insured| insured), of_year().next()) {
        (true, _) => Said::Insured,
        (false, Some(_)) => Said::Uninsured,
        (false, None) => Said::Nothing,
    }
}

/// Whole years right before a year for which the register says that somebody was not insured; nothing where it is silent. A
/// year without a record is no break: nobody has looked.
fn broken_before(enrolments: &[&Enrolment], year: i64, birth: Option<NaiveDate>) -> Option<u32> {
    let since = (SINCE - 1).min(year - 1).max(birth.map_or(i64::MIN, |birth| i64::from(birth.year())));
    let mut broken = 0;
    for before in (since..year).rev() {
        match said(enrolments, before) {
            Said::Insured => break,
            Said::Uninsured => broken += 1,
            Said::Nothing => return (broken > 0).then_some(broken),
        }
    }
    Some(broken)
}

/// Somebody born in the year or the one before enrols with birth and never waits.
fn is_newborn(birth: Option<NaiveDate>, year: i64) -> bool {
    birth.is_some_and(|birth| i64::from(birth.year()) >= year - 1)
}

/// Whether an enrolment is with the residents, as far as it says.
fn with_residents(enrolment: &Enrolment) -> bool {
    enrolment.insurance.as_deref().is_none_or(|insurance| insurance == RESIDENTS)
}

fn new_year(year: i64) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, 1, 1)
}

/// From when somebody who is insured in a year is paid for; nothing where that is the first of January, or where the
/// records of earlier years do not say whether there was a break.
pub(crate) fn waiting(
    enrolments: &[&Enrolment],
    year: i64,
    birth: Option<NaiveDate>,
    deadline: Option<NaiveDate>,
) -> Option<Waiting> {
    let here = enrolments.iter().find(|one| one.year == Some(year) && one.insured == Some(true))?;
    let first = new_year(year)?;
    if let Some(from) = here.entitled_from {
        return (from > first).then_some(Waiting { from, months: None, broken: 0, repaid: 0, unsure: false });
    }
    if year < SINCE || is_newborn(birth, year) || !with_residents(here) {
        return None;
    }
    let broken = broken_before(enrolments, year, birth).unwrap_or_default();
    let late = here.paid_on.zip(deadline).is_some_and(|(paid, deadline)| paid > deadline);
    if broken == 0 && !late {
        return None;
    }
    let repaid = repaid_years(here).min(broken);
    let months = FIXED + broken - repaid;
    let months = if broken >= LONG { months.max(LEAST) } else { months };
    let start = here.paid_on.unwrap_or(first).max(first);
    let from = start.checked_add_months(Months::new(months))?;
    Some(Waiting {
        from,
        months: Some(months),
        broken,
        repaid,
        unsure: broken == 0 && from_employees(enrolments, year),
    })
}

fn repaid_years(enrolment: &Enrolment) -> u32 {
    enrolment.repaid_years.and_then(|years| u32::try_from(years).ok()).unwrap_or_default()
}

/// Whether somebody is insured with 职工医保 in a year.
fn with_employees(enrolments: &[&Enrolment], year: i64) -> bool {
    let mut of_year = enrolments.iter().filter(|one| one.year == Some(year) && one.insured == Some(true));
    of_year.any(|one| one.insurance.as_deref() == Some(EMPLOYEES))
}

/// Whether whoever is with the residents in a year came over from 职工医保 in it or at its beginning.
fn from_employees(enrolments: &[&Enrolment], year: i64) -> bool {
    with_employees(enrolments, year) || with_employees(enrolments, year - 1)
}

/// What a register says of somebody's insurance, for packs.
pub(crate) struct Facts {
    /// With the residents.
    pub(crate) enrolments: Vec<mingbai_coverage::Enrolment>,
    /// Not insured at all.
    pub(crate) uninsured: Vec<Uninsured>,
    /// Years with 职工医保.
    pub(crate) employees: Vec<i32>,
}

/// The insurance of somebody as packs look at it: what is on file and nothing else. What the rules make of a break or of a late
/// payment is the pack's to say; `late` tells it where the county, not the pack, names the year's closing day.
pub(crate) fn facts(
    enrolments: &[&Enrolment],
    birth: Option<NaiveDate>,
    late: impl Fn(i64, NaiveDate) -> Option<bool>,
) -> Facts {
    let insured = enrolments.iter().filter(|one| one.insured == Some(true) && with_residents(one));
    let fact = |one: &&Enrolment| {
        let year = one.year?;
        let (first, next) = (new_year(year)?, new_year(year + 1)?);
        let late = one.paid_on.and_then(|paid| late(year, paid));
        // Whoever pays in time is insured from New Year, whoever pays in the course of the year from then on.
        let paid = one.paid_on.filter(|_| late != Some(false)).map_or(first, |paid| paid.max(first));
        Some(mingbai_coverage::Enrolment {
            from: one.entitled_from.map_or(paid, |entitled| paid.min(entitled.max(first))),
            until: next.pred_opt(),
            paid_on: one.paid_on,
            late,
            gap_years: broken_before(enrolments, year, birth),
            repaid_years: repaid_years(one),
            entitled_from: one.entitled_from,
            special: false,
            from_employees: from_employees(enrolments, year),
        })
    };
    let mut years: Vec<i64> = enrolments.iter().filter_map(|one| one.year).collect();
    years.sort_unstable();
    years.dedup();
    let out = years.iter().copied().filter(|year| said(enrolments, *year) == Said::Uninsured);
    let period = |year: i64| Some(Uninsured { from: new_year(year)?, until: new_year(year + 1)?.pred_opt()? });
    let employees = years.iter().filter(|year| with_employees(enrolments, **year));
    Facts {
        enrolments: insured.filter_map(fact).collect(),
        employees: employees.filter_map(|year| i32::try_from(*year).ok()).collect(),
        uninsured: out.filter_map(period).collect(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use mingbai_domain::catalogue::Enrolment;

    use super::{Facts, facts, waiting};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn year(year: i64, insured: bool) -> Enrolment {
        Enrolment {
            year: Some(year),
            insured: Some(insured),
            insurance: Some("390".to_owned()),
            ..Enrolment::default()
        }
    }

    fn of(enrolments: &[Enrolment], of_year: i64) -> Option<super::Waiting> {
        waiting(&enrolments.iter().collect::<Vec<_>>(), of_year, None, Some(day("2026-02-28")))
    }

    #[test]
    fn whoever_was_insured_the_year_before_and_paid_in_time_waits_for_nothing() {
        assert_eq!(of(&[year(2025, true), year(2026, true)], 2026), None);
        assert_eq!(of(&[year(2026, true)], 2026), None, "nothing on file says that there was a break");
    }

    #[test]
    fn every_year_of_a_break_adds_a_month_to_the_three() {
        let one = of(&[year(2024, true), year(2025, false), year(2026, true)], 2026).unwrap();
        assert_eq!((one.months, one.broken, one.from), (Some(4), 1, day("2026-05-01")));
        let two = of(&[year(2024, true), year(2025, false), year(2026, false), year(2027, true)], 2027).unwrap();
        assert_eq!((two.months, two.broken), (Some(5), 2));
        let said = of(&[year(2025, false), year(2026, true)], 2026).unwrap();
        assert_eq!(said.broken, 1);
        assert_eq!(of(&[year(2024, true), year(2026, true)], 2026), None, "of 2025 nobody has recorded anything");
    }

    #[test]
    fn every_year_of_a_break_that_was_paid_for_afterwards_takes_a_month_off_and_never_the_fixed_three() {
        let broken = |years: i64, repaid: i64| {
            let mut all: Vec<Enrolment> = (2031 - years..2031).map(|gap| year(gap, false)).collect();
            all.insert(0, year(2030 - years, true));
            all.push(Enrolment { repaid_years: Some(repaid), ..year(2031, true) });
            of(&all, 2031).unwrap()
        };
        assert_eq!([0, 1, 2, 9].map(|repaid| broken(2, repaid).months), [Some(5), Some(4), Some(3), Some(3)]);
        // A break of four years and more: never fewer than six months.
        assert_eq!([0, 2, 5].map(|repaid| broken(5, repaid).months), [Some(8), Some(6), Some(6)]);
        assert!(broken(2, 1).told().contains("断保2年、补缴1年，等待4个月"), "{}", broken(2, 1).told());
    }

    #[test]
    fn whoever_pays_after_the_time_for_it_waits_three_months_from_that_day() {
        let late = Enrolment { paid_on: Some(day("2026-03-10")), ..year(2026, true) };
        let waits = of(&[year(2025, true), late], 2026).unwrap();
        assert_eq!((waits.months, waits.from), (Some(3), day("2026-06-10")));
    }

    #[test]
    fn whoever_comes_over_from_employees_insurance_is_no_sure_waiter_and_its_year_is_no_break_and_no_silence() {
        let employee = |of| Enrolment { insurance: Some("310".to_owned()), ..year(of, true) };
        let late = Enrolment { paid_on: Some(day("2026-03-10")), ..year(2026, true) };
        let over = of(&[employee(2025), late.clone()], 2026).unwrap();
        assert!(over.unsure && over.told().contains("由职工医保转来"), "{}", over.told());
        assert!(!of(&[year(2025, true), late.clone()], 2026).unwrap().unsure);
        assert_eq!(of(&[employee(2025), year(2026, true)], 2026), None, "who paid in time waits for nothing");
        let broken = of(&[employee(2024), year(2025, false), late.clone()], 2026).unwrap();
        assert!(!broken.unsure && broken.broken == 1, "a year without any insurance is a break all the same");

        let all = [employee(2025), late];
        let all: Vec<&Enrolment> = all.iter().collect();
        let told = facts(&all, None, |_, _| Some(true));
        assert_eq!((told.employees.as_slice(), told.uninsured.len()), ([2025].as_slice(), 0));
        assert_eq!((told.enrolments[0].from_employees, told.enrolments[0].gap_years), (true, Some(0)));
    }

    #[test]
    fn the_insurers_own_day_counts_before_anything_worked_out_and_a_newborn_never_waits() {
        let said = Enrolment { entitled_from: Some(day("2026-04-01")), ..year(2026, true) };
        assert_eq!(of(&[year(2024, true), said], 2026).unwrap().from, day("2026-04-01"));
        let born = [year(2024, true), year(2026, true)];
        let born: Vec<&Enrolment> = born.iter().collect();
        assert_eq!(waiting(&born, 2026, Some(day("2025-11-11")), None), None);
    }

    #[test]
    fn a_pack_is_told_what_is_on_file_and_of_a_silent_year_nothing() {
        let employee = Enrolment { insurance: Some("310".to_owned()), ..year(2026, true) };
        let all = [year(2023, true), year(2025, false), year(2026, true), employee];
        let all: Vec<&Enrolment> = all.iter().collect();
        let Facts { enrolments: told, uninsured: out, employees } = facts(&all, None, |_, _| None);
        assert_eq!(employees, [2026]);
        assert_eq!(told.iter().map(|one| one.gap_years).collect::<Vec<_>>(), [None, Some(1)]);
        assert!(told[1].covers(day("2026-12-31")) && !told[1].covers(day("2027-01-01")));
        assert_eq!(
            out.iter().map(|one| (one.from, one.until)).collect::<Vec<_>>(),
            [(day("2025-01-01"), day("2025-12-31"))]
        );
        assert!(facts(&[], None, |_, _| None).uninsured.is_empty(), "nothing on file is not the same as not insured");
    }

    #[test]
    fn the_days_on_file_reach_the_pack() {
        let here =
            Enrolment { paid_on: Some(day("2026-02-10")), entitled_from: Some(day("2026-05-10")), ..year(2026, true) };
        let told = facts(&[&here], Some(day("2025-12-20")), |_, _| None).enrolments;
        assert_eq!((told[0].from, told[0].paid_on), (day("2026-02-10"), here.paid_on));
        assert_eq!((told[0].entitled_from, told[0].special), (here.entitled_from, false));
        let in_time = facts(&[&here], None, |_, paid| Some(paid > day("2026-02-28"))).enrolments;
        assert_eq!((in_time[0].from, in_time[0].late), (day("2026-01-01"), Some(false)));
    }
}
