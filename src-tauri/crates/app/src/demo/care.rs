//! Contracts with the family doctor and this year's follow-up visits.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::dice::Dice;
use super::model::{DemoContract, DemoPerson, DemoTeam, DemoVisit};

/// 1 January of the year of a day.
pub(super) fn new_year(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day)
}

/// So many days earlier, or later when negative.
pub(super) fn back(day: NaiveDate, days: i64) -> NaiveDate {
    let span = Days::new(days.unsigned_abs());
    if days < 0 { day + span } else { day - span }
}

/// Signs a person up, or says why not. People who work far away all year must not be forced into a contract.
pub(super) fn contract(dice: &mut Dice, today: NaiveDate, person: &mut DemoPerson) {
    let far = matches!(person.work_place, "县外省内" | "省外");
    person.contract = if far && person.work_months >= 8 && dice.percent(82) {
        DemoContract::Unsigned { reason: "长期外出" }
    } else if person.schooling.starts_with("本科") && dice.percent(70) {
        DemoContract::Unsigned { reason: "外地建档" }
    } else if (19..22).contains(&person.age(today)) && dice.percent(4) {
        DemoContract::Unsigned { reason: "服兵役" }
    } else {
        let elapsed = (today - new_year(today)).num_days();
        let since = back(today, elapsed - dice.between(0, elapsed.min(70)));
        signed(today, person, since)
    };
}

/// A contract of one year from a day on.
pub(super) fn signed(today: NaiveDate, person: &DemoPerson, since: NaiveDate) -> DemoContract {
    let until = since.checked_add_months(Months::new(12)).unwrap_or(since) - Days::new(1);
    DemoContract::Signed { since, until, crowd: crowd(today, person) }
}

fn crowd(today: NaiveDate, person: &DemoPerson) -> &'static str {
    let has = |prefix: &str| person.diseases.iter().any(|disease| disease.icd10.starts_with(prefix));
    match person.age(today) {
        _ if has("F2") || has("F3") => "严重精神障碍",
        _ if has("A16") => "结核病",
        _ if has("I10") && has("E11") => "高血压、糖尿病",
        _ if has("I10") => "高血压",
        _ if has("E11") => "糖尿病",
        _ if person.disability.is_some() => "残疾人",
        ..7 => "0–6岁",
        65.. => "老年人",
        _ => "普通",
    }
}

/// The kind of follow-up a disease asks for.
fn visit_kind(icd10: &str) -> Option<&'static str> {
    match icd10.get(..3)? {
        "I10" => Some("高血压"),
        "E11" => Some("糖尿病"),
        "F20" | "F31" => Some("严重精神障碍"),
        "A16" => Some("肺结核"),
        _ => None,
    }
}

/// Whether somebody who works away all year is out of reach.
fn away(person: &DemoPerson) -> bool {
    matches!(&person.contract, DemoContract::Unsigned { reason } if matches!(*reason, "长期外出" | "外地建档" | "服兵役"))
}

/// This year's visits; roughly one series in ten has fallen behind.
pub(super) fn visits(dice: &mut Dice, today: NaiveDate, team: &DemoTeam, person: &mut DemoPerson) {
    if away(person) {
        return;
    }
    let series: Vec<(&'static str, NaiveDate)> =
        person.diseases.iter().filter_map(|disease| Some((visit_kind(disease.icd10)?, disease.diagnosed_on))).collect();
    for (kind, diagnosed_on) in series {
        let overdue = if dice.percent(10) { dice.between(3, 35) } else { -dice.between(1, 80) };
        series_of_visits(dice, today, team, person, kind, diagnosed_on, overdue);
    }
    person.visits.sort_by_key(|visit| (visit.on, visit.kind));
}

/// Visits every three months, the next one due `overdue` days ago (in the future when negative).
pub(super) fn series_of_visits(
    dice: &mut Dice,
    today: NaiveDate,
    team: &DemoTeam,
    person: &mut DemoPerson,
    kind: &'static str,
    diagnosed_on: NaiveDate,
    overdue: i64,
) {
    let mut due = back(today, overdue);
    let mut on = back(due, dice.between(86, 90)).min(today);
    let from = new_year(today).max(diagnosed_on);
    let mut satisfied = true;
    while on > from {
        let visit = visit(dice, today, team, person, kind, on, due, satisfied);
        person.visits.push(visit);
        // The visit before this one: three months earlier, or two weeks when it had found a bad value.
        satisfied = !dice.percent(12);
        due = on;
        on = if satisfied { back(on, dice.between(80, 92)) } else { back(on, dice.between(12, 14)) };
    }
}

#[allow(clippy::too_many_arguments, reason = "one row of a sheet with everything it depends on")]
fn visit(
    dice: &mut Dice,
    today: NaiveDate,
    team: &DemoTeam,
    person: &DemoPerson,
    kind: &'static str,
    on: NaiveDate,
    next_on: NaiveDate,
    satisfied: bool,
) -> DemoVisit {
    let limit = if person.age(today) >= 65 { 150 } else { 140 };
    let bad_pressure = kind == "高血压" && !satisfied;
    let systolic = if bad_pressure { limit + dice.between(2, 24) } else { limit - dice.between(2, 26) };
    let diastolic = if bad_pressure { dice.between(90, 104) } else { dice.between(68, 88) };
    let glucose_tenths =
        (kind == "糖尿病").then(|| if satisfied { dice.between(51, 69) } else { dice.between(72, 118) });
    let mode = dice.weighted(&[(52, "家庭"), (42, "门诊"), (6, "电话")]);
    let doctor = if mode == "门诊" && dice.percent(40) { &team.township_doctor } else { &team.village_doctor };
    DemoVisit {
        kind,
        on,
        mode,
        pressure: (systolic, diastolic),
        glucose_tenths,
        control: if satisfied { "控制满意" } else { "控制不满意" },
        next_on,
        doctor: doctor.clone(),
    }
}
