//! 参保 F13–F18: insured once, insured at all, subsidised as the deadline says.

use chrono::Datelike;

use crate::quality::facts::{bill, insurances, label, monitored, standing};
use crate::quality::{About, Case, Faults, Rule, Severity};

/// 城乡居民, 职工.
const RESIDENT: &str = "390";
const EMPLOYEE: &str = "310";
/// The last day on which a contribution is subsidised in a year.
const DEADLINE: &str = "subsidy_deadline";

pub(super) const RULES: [Rule; 6] = [
    Rule {
        number: "F13",
        severity: Severity::Warning,
        about: About::Person,
        title: "居民医保、职工医保都没有参加（应保未保）",
        needs: None,
        find: uninsured,
    },
    Rule {
        number: "F14",
        severity: Severity::Error,
        about: About::Person,
        title: "同一年居民医保、职工医保都参加（重复参保）",
        needs: None,
        find: insured_twice,
    },
    Rule {
        number: "F15",
        severity: Severity::Warning,
        about: About::Person,
        title: "脱贫户、监测户参加了居民医保，大病保险是否或没有填",
        needs: None,
        find: no_critical_illness,
    },
    Rule {
        number: "F16",
        severity: Severity::Warning,
        about: About::Bill,
        title: "没有参保，却享受了大病保险或医疗救助",
        needs: None,
        find: aided_uninsured,
    },
    Rule {
        number: "F17",
        severity: Severity::Warning,
        about: About::Person,
        title: "缴费补贴截止前识别的监测对象没有参保缴费补贴",
        needs: Some(DEADLINE),
        find: not_subsidised,
    },
    Rule {
        number: "F18",
        severity: Severity::Warning,
        about: About::Person,
        title: "缴费补贴截止后识别的监测对象有参保缴费补贴",
        needs: Some(DEADLINE),
        find: subsidised_late,
    },
];

fn uninsured(case: &Case<'_>, faults: &mut Faults) {
    let year = case.world.year;
    for person in case.file.residents().filter(|person| insurances(person, year).is_empty()) {
        faults.person(person, format!("{year}年没有参加居民医保，也没有参加职工医保"));
    }
}

fn insured_twice(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.residents() {
        let mut years: Vec<i64> = person.enrolments.iter().filter_map(|row| row.record.year).collect();
        years.sort_unstable();
        years.dedup();
        for year in years {
            let insured = i32::try_from(year).map(|year| insurances(person, year)).unwrap_or_default();
            if insured.contains(&RESIDENT) && insured.contains(&EMPLOYEE) {
                faults.person(person, format!("{year}年同时参加了居民医保和职工医保"));
            }
        }
    }
}

/// The script's condition (2_12_016) has no brackets and holds anybody a fault who is 脱贫; here whoever is poor or
/// monitored, and insured by 居民医保, is asked for 大病保险. Whoever is not insured at all is F13's.
fn no_critical_illness(case: &Case<'_>, faults: &mut Faults) {
    let standing = standing(case.file);
    if standing.poverty().is_none() && standing.monitored().is_none() {
        return;
    }
    let year = case.world.year;
    for person in case.file.residents() {
        let insured = person.enrolments.iter().filter(|row| {
            let record = &row.record;
            record.year == Some(i64::from(year))
                && record.insured == Some(true)
                && record.insurance.as_deref() == Some(RESIDENT)
        });
        for row in insured.filter(|row| row.record.critical_illness != Some(true)) {
            let said = if row.record.critical_illness.is_none() { "没有填" } else { "是否" };
            faults.of_person(person, row, format!("{year}年居民医保已参保，大病保险{said}"));
        }
    }
}

/// Named by its own number: the script of 3_01_007 reports it as another rule.
fn aided_uninsured(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.people.iter().filter(|person| person.belongs_here) {
        for row in &person.bills {
            let Some(day) = row.record.settled_on else { continue };
            let paid = [("大病保险", row.record.paid_critical), ("医疗救助", row.record.paid_aid)];
            let paid = paid.into_iter().filter_map(|(what, amount)| Some((what, amount.filter(|fen| fen.0 > 0)?)));
            let said: Vec<String> = paid.map(|(what, amount)| format!("{what}支付{amount}元")).collect();
            if !said.is_empty() && insurances(person, day.year()).is_empty() {
                let said = said.join("、");
                faults.of_person(person, row, format!("{}年没有参保，{}{said}", day.year(), bill(&row.record)));
            }
        }
    }
}

/// Residents of a household under monitoring who are insured by 居民医保, by whether they were subsidised this year.
/// `before`: identified by the deadline of the year. The script of 1111_06 looks at those identified after it.
fn of_deadline(case: &Case<'_>, faults: &mut Faults, before: bool) {
    let year = case.world.year;
    let Some(deadline) = case.world.limits.day(DEADLINE, year) else { return };
    let Some(since) = monitored(case.file).and_then(|monitoring| monitoring.since) else { return };
    if (since <= deadline) != before {
        return;
    }
    for person in case.file.residents().filter(|person| insurances(person, year).contains(&RESIDENT)) {
        let of_year = person.enrolments.iter().filter(|row| row.record.year == Some(i64::from(year)));
        let subsidy = of_year.filter_map(|row| row.record.subsidy).filter(|fen| fen.0 > 0).max();
        match (before, subsidy) {
            (true, None) => faults.person(
                person,
                format!(
                    "{since}识别，在{year}年补贴截止（{deadline}）前，{}没有缴费补贴",
                    label("insurance", Some(RESIDENT))
                ),
            ),
            (false, Some(amount)) => faults
                .person(person, format!("{since}识别，在{year}年补贴截止（{deadline}）后，却有缴费补贴{amount}元")),
            _ => {}
        }
    }
}

fn not_subsidised(case: &Case<'_>, faults: &mut Faults) {
    of_deadline(case, faults, true);
}

fn subsidised_late(case: &Case<'_>, faults: &mut Faults) {
    of_deadline(case, faults, false);
}
