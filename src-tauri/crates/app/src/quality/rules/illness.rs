//! 病情与随访 F43–F47: diseases that fit the person, visits that can have been.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::Visit;
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::code;
use mingbai_store::Row;
use mingbai_store::query::PersonFile;

use crate::member::followed_kind;
use crate::quality::facts::{ILLNESS, born, has_cause, illnesses, is_below, label, months_before, named};
use crate::quality::{About, Case, Faults, Rule, Severity};
use crate::restricted;

pub(super) const RULES: [Rule; 5] = [
    Rule {
        number: "F43",
        severity: Severity::Error,
        about: About::Household,
        title: "户内有大病患者，原因里没有因病",
        needs: None,
        find: illness_is_no_cause,
    },
    Rule {
        number: "F44",
        severity: Severity::Error,
        about: About::Person,
        title: "疾病与性别、年龄不符",
        needs: None,
        find: impossible,
    },
    Rule {
        number: "F45",
        severity: Severity::Error,
        about: About::Person,
        title: "随访在确诊、签约以前或今天以后，同一天两次，连续两次数值完全相同",
        needs: None,
        find: visits,
    },
    Rule {
        number: "F46",
        severity: Severity::Warning,
        about: About::Person,
        title: "近一年随访不足4次、全是电话，或没有体检",
        needs: None,
        find: neglected,
    },
    Rule {
        number: "F47",
        severity: Severity::Warning,
        about: About::Person,
        title: "血压、心率、血糖或体重指数不可能",
        needs: None,
        find: values,
    },
];

fn illness_is_no_cause(case: &Case<'_>, faults: &mut Faults) {
    if has_cause(case.file, ILLNESS) || case.file.causes.is_empty() {
        return;
    }
    for person in case.file.residents() {
        for row in illnesses(person).filter(|row| row.record.class.as_deref() == Some("major")) {
            let said = format!("{}的大病诊断（{}），致贫（返贫）原因里没有因病", person.name(), named(&row.record));
            faults.of_person(person, row, said);
        }
    }
}

/// Cancers of the womb and the ovaries; hypospadias and the prostate.
const OF_WOMEN: [&str; 3] = ["C53", "C56", "D06"];
const OF_MEN: [&str; 5] = ["Q54", "C61", "N40", "N41", "N42"];
/// A child's disease is one of somebody under 15 (domain B.1).
const CHILD: i32 = 14;
/// From 12 to 55 somebody may be with child (F44).
const FERTILE: std::ops::RangeInclusive<i32> = 12..=55;

fn impossible(case: &Case<'_>, faults: &mut Faults) {
    for person in &case.file.people {
        let sex = person.person.sex.as_deref();
        let age_at = |day: Option<NaiveDate>| Some(age_on(person.person.birth?, day.unwrap_or(case.world.today)));
        for row in illnesses(person) {
            let (record, icd10) = (&row.record, row.record.icd10.as_deref());
            let name = named(record);
            let wrong_sex =
                is_below(icd10, &OF_WOMEN) && sex == Some("1") || is_below(icd10, &OF_MEN) && sex == Some("2");
            if wrong_sex {
                faults.of_person(person, row, format!("性别{}，诊断是{name}", label("sex", sex)));
            }
            let grown = age_at(record.diagnosed_on).is_some_and(|age| age > CHILD);
            if grown && record.disease.as_deref().unwrap_or_default().starts_with("儿童") {
                let on = record.diagnosed_on.map(|day| format!("{day}确诊")).unwrap_or_default();
                faults.of_person(person, row, format!("{}，{on}{name}时已满{}岁", born(person), CHILD + 1));
            }
        }
        for row in person.crowds.iter().filter(|row| row.record.crowd.as_deref() == Some("maternal")) {
            if sex == Some("1") {
                faults.of_person(person, row, "性别男，登记为孕产妇");
            } else if let Some(day) = row.record.since.or(row.record.delivered_on).or(row.record.expected_on)
                && age_at(Some(day)).is_some_and(|age| !FERTILE.contains(&age))
            {
                faults.of_person(person, row, format!("{}，{day}登记为孕产妇", born(person)));
            }
        }
    }
}

/// `高血压随访`, or `随访` where the kind would name a restricted disease.
fn visit_of(kind: &str) -> String {
    format!("{}随访", restricted::visit_name(kind))
}

/// What was measured on a visit.
fn measured(visit: &Visit) -> Vec<i64> {
    let all = [
        visit.systolic,
        visit.diastolic,
        visit.glucose_tenths,
        visit.post_glucose_tenths,
        visit.weight_tenths,
        visit.waist_tenths,
        visit.heart_rate,
    ];
    all.into_iter().map(|value| value.unwrap_or_default()).collect()
}

/// Visits by their kind, the oldest first.
fn by_kind(person: &PersonFile) -> BTreeMap<&str, Vec<&Row<Visit>>> {
    let mut kinds: BTreeMap<&str, Vec<&Row<Visit>>> = BTreeMap::new();
    for row in person.visits.iter().rev().filter(|row| row.record.visited_on.is_some()) {
        kinds.entry(row.record.kind.as_deref().unwrap_or_default()).or_default().push(row);
    }
    kinds
}

fn visits(case: &Case<'_>, faults: &mut Faults) {
    let renewal = case.world.limits.number("renewal_days", case.world.year).unwrap_or_default();
    for person in &case.file.people {
        let signed = person.contracts.iter().filter_map(|row| row.record.since).min();
        for (kind, rows) in by_kind(person) {
            let what = visit_of(kind);
            let found = person.diagnoses.iter().filter(|row| followed_kind(&row.record) == Some(kind));
            let diagnosed = found.filter_map(|row| row.record.diagnosed_on).min();
            let mut before: Option<&Row<Visit>> = None;
            for row in rows {
                let Some(day) = row.record.visited_on else { continue };
                if day > case.world.today {
                    faults.of_person(person, row, format!("{day}的{what}在登记时还没有到"));
                }
                if let Some(diagnosed) = diagnosed.filter(|diagnosed| day < *diagnosed) {
                    faults.of_person(person, row, format!("{day}{what}，{diagnosed}才确诊"));
                }
                // The contract of the year before may never have been taken in, and renewals take their time.
                let unsigned = |signed: &NaiveDate| day.year() == signed.year() && (*signed - day).num_days() > renewal;
                if let Some(signed) = signed.filter(unsigned) {
                    faults.of_person(person, row, format!("{day}{what}，{signed}才签约"));
                }
                if let Some(before) = before {
                    of_two(person, before, row, &what, faults);
                }
                before = Some(row);
            }
        }
    }
}

/// What is said of two visits that follow each other.
fn of_two(person: &PersonFile, before: &Row<Visit>, row: &Row<Visit>, what: &str, faults: &mut Faults) {
    let (Some(first), Some(second)) = (before.record.visited_on, row.record.visited_on) else { return };
    if first == second {
        faults.of_person(person, row, format!("{second}有两次{what}"));
    } else if measured(&row.record).iter().any(|value| *value != 0) && measured(&before.record) == measured(&row.record)
    {
        faults.of_person(person, row, format!("{first}和{second}的{what}测得的数值完全相同"));
    }
}

/// Patients of the diseases that are visited by plan, from a year after the diagnosis on.
fn neglected(case: &Case<'_>, faults: &mut Faults) {
    const YEAR: i64 = 12;
    let (world, year_ago) = (case.world, months_before(case.world.today, YEAR));
    let least = world.limits.number("visits_per_year", world.year).unwrap_or_default();
    for person in case.file.residents().filter(|person| world.exclusion(person).is_none()) {
        let mut is_patient = false;
        for kind in code::table("visit_kind") {
            let ill = illnesses(person).filter(|row| followed_kind(&row.record) == Some(kind.code));
            let Some(since) = ill.map(|row| row.record.diagnosed_on).min() else { continue };
            if since.is_some_and(|since| since > year_ago) {
                continue;
            }
            is_patient = true;
            let of_kind = person.visits.iter().filter(|row| row.record.kind.as_deref() == Some(kind.code));
            let recent: Vec<_> =
                of_kind.filter(|row| row.record.visited_on.is_some_and(|day| day > year_ago)).collect();
            let what = visit_of(kind.code);
            if i64::try_from(recent.len()).unwrap_or(i64::MAX) < least {
                faults.person(person, format!("近一年{what}不足{least}次"));
            } else if recent.iter().all(|row| row.record.mode.as_deref() == Some("3")) {
                faults.person(person, format!("近一年{what}全是电话"));
            }
        }
        let examined = person.exams.iter().any(|row| row.record.examined_on.is_some_and(|day| day > year_ago));
        if is_patient && !examined {
            faults.person(person, "近一年没有体检");
        }
    }
}

/// Values nobody lives with (domain F47): mmHg, beats a minute, mmol/L × 10.
const PRESSURE: std::ops::RangeInclusive<i64> = 40..=260;
const PULSE: std::ops::RangeInclusive<i64> = 30..=220;
const GLUCOSE: std::ops::RangeInclusive<i64> = 10..=400;
/// BMI × 10.
const BODY: std::ops::RangeInclusive<i64> = 100..=600;

/// What was measured, of a visit and of an exam alike.
struct Measured {
    day: Option<NaiveDate>,
    systolic: Option<i64>,
    diastolic: Option<i64>,
    pulse: Option<i64>,
    glucose: Option<i64>,
    height: Option<i64>,
    weight: Option<i64>,
}

impl Measured {
    /// What cannot be, in words.
    fn wrong(&self) -> Option<String> {
        let outside =
            |value: Option<i64>, range: &std::ops::RangeInclusive<i64>| value.filter(|value| !range.contains(value));
        let tenths = |value: i64| format!("{}.{}", value / 10, value % 10);
        let mut said = Vec::new();
        for (what, value) in [("收缩压", self.systolic), ("舒张压", self.diastolic)] {
            said.extend(outside(value, &PRESSURE).map(|value| format!("{what}{value}")));
        }
        if let (Some(high), Some(low)) = (self.systolic, self.diastolic)
            && low >= high
        {
            said.push(format!("血压{high}/{low}"));
        }
        said.extend(outside(self.pulse, &PULSE).map(|value| format!("心率{value}")));
        said.extend(outside(self.glucose, &GLUCOSE).map(|value| format!("空腹血糖{}", tenths(value))));
        if let (Some(height), Some(weight)) = (self.height.filter(|height| *height > 0), self.weight) {
            // Tenths of kilograms over tenths of centimetres squared, to tenths of kg/m².
            let index = weight.saturating_mul(1_000_000).checked_div(height.saturating_mul(height));
            said.extend(outside(index, &BODY).map(|index| format!("体重指数{}", tenths(index))));
        }
        let day = self.day.map(|day| day.to_string()).unwrap_or_default();
        (!said.is_empty()).then(|| format!("{day}{}", said.join("、")))
    }
}

fn values(case: &Case<'_>, faults: &mut Faults) {
    for person in &case.file.people {
        for row in &person.visits {
            let visit = &row.record;
            let measured = Measured {
                day: visit.visited_on,
                systolic: visit.systolic,
                diastolic: visit.diastolic,
                pulse: visit.heart_rate,
                glucose: visit.glucose_tenths,
                height: visit.height_tenths,
                weight: visit.weight_tenths,
            };
            if let Some(said) = measured.wrong() {
                faults.of_person(person, row, format!("随访 {said}"));
            }
        }
        for row in &person.exams {
            let exam = &row.record;
            let measured = Measured {
                day: exam.examined_on,
                systolic: exam.systolic,
                diastolic: exam.diastolic,
                pulse: exam.heart_rate,
                glucose: exam.glucose_tenths,
                height: exam.height_tenths,
                weight: exam.weight_tenths,
            };
            if let Some(said) = measured.wrong() {
                faults.of_person(person, row, format!("体检 {said}"));
            }
        }
    }
}
