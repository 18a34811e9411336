//! 签约、服务与救治 F48–F50, F54, F55, F57, F59: what was said to be done, beside what shows that it was.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{Diagnosis, Record, TreatmentCase, Visit};
use mingbai_domain::disease_list::{self, Illness};
use mingbai_store::Row;
use mingbai_store::query::PersonFile;

use crate::quality::facts::{age, filled, illnesses, label, months_after, months_before, named};
use crate::quality::{About, Case, Faults, Rule, Severity};
use crate::restricted;

pub(super) const RULES: [Rule; 7] = [
    Rule {
        number: "F48",
        severity: Severity::Warning,
        about: About::Person,
        title: "一名医生一天随访超过60人",
        needs: None,
        find: crowded_day,
    },
    Rule {
        number: "F49",
        severity: Severity::Warning,
        about: About::Person,
        title: "签约有效而人已外嫁、迁出、服刑、出国；签约日期晚于生效；两份签约重叠",
        needs: None,
        find: contracts,
    },
    Rule {
        number: "F50",
        severity: Severity::Warning,
        about: About::Person,
        title: "登记长期外出，却月月有门诊、入户随访",
        needs: None,
        find: visited_while_away,
    },
    Rule {
        number: "F54",
        severity: Severity::Warning,
        about: About::Person,
        title: "大病患者已经住院治疗，进度仍是未救治",
        needs: None,
        find: treated_but_untreated,
    },
    Rule {
        number: "F55",
        severity: Severity::Warning,
        about: About::Person,
        title: "病种在28种门诊特慢病里而没有特慢病证，证已过期，或一年没有随访、就诊",
        needs: None,
        find: chronic_certificate,
    },
    Rule {
        number: "F57",
        severity: Severity::Warning,
        about: About::Household,
        title: "纸质（人签）与系统不一致",
        needs: None,
        find: paper,
    },
    Rule {
        number: "F59",
        severity: Severity::Warning,
        about: About::Household,
        title: "户没有现行明白卡，或没有一个联系电话",
        needs: None,
        find: card_and_contact,
    },
];

fn crowded_day(case: &Case<'_>, faults: &mut Faults) {
    let most = case.world.limits.number("visits_per_day", case.world.year).unwrap_or(i64::MAX);
    for person in case.file.people.iter().filter(|person| person.belongs_here) {
        for row in &person.visits {
            let (Some(doctor), Some(day)) = (row.record.doctor.as_deref(), row.record.visited_on) else { continue };
            let visited = case.beyond.visited_by(doctor, day);
            if visited > most {
                faults.of_person(person, row, format!("{doctor}{day}一天随访的人数超过{most}人"));
            }
        }
    }
}

/// Reasons for which nobody keeps a contract here.
const GONE: [&str; 4] = ["married_out", "moved", "prison", "abroad"];

fn contracts(case: &Case<'_>, faults: &mut Faults) {
    let world = case.world;
    for person in case.file.people.iter().filter(|person| person.belongs_here) {
        let said = person.exclusions.iter().find(|row| {
            row.record.reason.as_deref().is_some_and(|reason| GONE.contains(&reason))
                && world.holds(row.record.since, row.record.until)
        });
        let left = person.stay.left_on.is_some()
            && matches!(person.stay.left_reason.as_deref(), Some("02" | "03" | "04" | "08"));
        let gone = match said {
            Some(row) => Some(label("exclusion_reason", row.record.reason.as_deref())),
            None => left.then(|| label("change_reason", person.stay.left_reason.as_deref())),
        };
        let mut open: Vec<_> = person.contracts.iter().filter(|row| row.record.ended_on.is_none()).collect();
        open.sort_by_key(|row| (row.record.since, row.id));
        let mut last: Option<NaiveDate> = None;
        for row in open {
            let record = &row.record;
            if let (Some(gone), true) = (&gone, world.contract_holds(record)) {
                faults.of_person(person, row, format!("人已{gone}，签约仍然有效"));
            }
            let (Some(since), until) = (record.since, record.until) else { continue };
            if let Some(signed) = record.signed_on.filter(|signed| *signed > since) {
                faults.of_person(person, row, format!("{signed}才签约，{since}已经生效"));
            }
            if let Some(last) = last.filter(|last| since <= *last) {
                faults.of_person(person, row, format!("{since}起的签约与到{last}的签约重叠"));
            }
            last = last.max(Some(until.unwrap_or(NaiveDate::MAX)));
        }
    }
}

/// Since when somebody is away for long, while they are.
fn away_since(person: &PersonFile, case: &Case<'_>) -> Option<NaiveDate> {
    let world = case.world;
    let said = person
        .exclusions
        .iter()
        .find(|row| row.record.reason.as_deref() == Some("absent") && world.holds(row.record.since, row.record.until));
    let away = matches!(person.person.away.as_deref(), Some("province" | "outside" | "abroad"));
    said.and_then(|row| row.record.since).or(person.person.away_since.filter(|_| away))
}

fn visited_while_away(case: &Case<'_>, faults: &mut Faults) {
    let least = case.world.limits.number("away_visits", case.world.year).unwrap_or(i64::MAX);
    for person in case.file.residents() {
        let Some(since) = away_since(person, case) else { continue };
        let met = person.visits.iter().filter(|row| matches!(row.record.mode.as_deref(), Some("1" | "2")));
        let days = met.filter_map(|row| row.record.visited_on).filter(|day| *day >= since);
        let months: BTreeSet<(i32, u32)> = days.map(|day| (day.year(), day.month())).collect();
        if i64::try_from(months.len()).is_ok_and(|months| months >= least) {
            faults.person(person, format!("{since}起长期外出，此后还有门诊、入户随访"));
        }
    }
}

/// A stay in hospital after the diagnosis, long enough ago that the list should know.
fn treated_on(person: &PersonFile, from: Option<NaiveDate>, case: &Case<'_>) -> Option<NaiveDate> {
    let months = case.world.limits.number("treated_months", case.world.year).unwrap_or_default();
    let stays = person.bills.iter().filter(|row| row.record.care_kind.as_deref() == Some("inpatient"));
    let days = stays.filter_map(|row| row.record.admitted_on).filter(|day| from.is_none_or(|from| *day >= from));
    days.min().filter(|day| months_after(*day, months) < case.world.today)
}

fn treated_but_untreated(case: &Case<'_>, faults: &mut Faults) {
    for person in case.file.people.iter().filter(|person| person.belongs_here) {
        for row in &person.cases {
            let record = &row.record;
            if !matches!(record.state.as_deref(), Some("confirmed" | "arranged")) {
                continue;
            }
            if let Some(day) = treated_on(person, record.confirmed_on, case) {
                let state = label("treatment_state", record.state.as_deref());
                faults.of_person(person, row, format!("{day}已经住院，{}的进度仍是{state}", name_of(row)));
            }
        }
        // Whoever has no case is judged by the diagnosis.
        let major = illnesses(person).filter(|row| row.record.class.as_deref() == Some("major"));
        for row in major.filter(|row| row.record.treatment.as_deref() == Some("none") && person.cases.is_empty()) {
            if let Some(day) = treated_on(person, row.record.diagnosed_on, case) {
                faults.of_person(person, row, format!("{day}已经住院，{}的目前治疗仍是未治", named(&row.record)));
            }
        }
    }
}

fn name_of(row: &Row<TreatmentCase>) -> String {
    let hidden = restricted::hides_any(TreatmentCase::TYPE, &row.record.to_values());
    if hidden { restricted::HIDDEN.to_owned() } else { row.record.disease.clone().unwrap_or_default() }
}

/// The list of the 28 门诊特慢病.
const CHRONIC: &str = "c28";

/// Three characters name a disease in every classification.
fn stem(icd10: Option<&str>) -> String {
    icd10.unwrap_or_default().trim().to_uppercase().chars().take(3).collect()
}

fn chronic_certificate(case: &Case<'_>, faults: &mut Faults) {
    let (world, today) = (case.world, case.world.today);
    let months = world.limits.number("certificate_visit_months", world.year).unwrap_or_default();
    let since = months_before(today, months);
    for person in case.file.residents() {
        let approved = |row: &&Row<Diagnosis>| {
            let stem = stem(row.record.icd10.as_deref());
            person.certificates.iter().filter(|c| c.record.result.as_deref() == Some("approved")).any(|certificate| {
                certificate.record.diagnosis == Some(row.id)
                    || self::stem(certificate.record.icd10.as_deref()) == stem
                    || certificate.record.disease == row.record.disease
            })
        };
        let eligible = |row: &&Row<Diagnosis>| {
            let illness = Illness {
                icd10: row.record.icd10.as_deref().unwrap_or_default(),
                name: row.record.disease.as_deref().unwrap_or_default(),
                sex: person.person.sex.as_deref(),
                age: age(person, world).map(i64::from),
            };
            disease_list::find(CHRONIC, &illness).is_some()
        };
        for row in illnesses(person).filter(|row| eligible(row) && !approved(row)) {
            faults.of_person(person, row, format!("{}可以办特慢病证，没有登记办理通过", named(&row.record)));
        }
        let seen = |row: &Row<Visit>| row.record.visited_on.is_some_and(|day| day > since);
        let treated = person.bills.iter().any(|row| row.record.settled_on.is_some_and(|day| day > since));
        for row in person.certificates.iter().filter(|row| row.record.result.as_deref() == Some("approved")) {
            if let Some(until) = row.record.valid_until.filter(|until| *until < today) {
                faults.of_person(person, row, format!("特慢病证到{until}，已过期"));
            } else if row.record.issued_on.is_some_and(|day| day <= since)
                && !treated
                && !person.visits.iter().any(seen)
            {
                faults.of_person(person, row, format!("有特慢病证，近{months}个月没有随访，也没有就诊"));
            }
        }
    }
}

fn paper(case: &Case<'_>, faults: &mut Faults) {
    if case.file.household.paper_agrees == Some(false) {
        let on = case.file.household.paper_checked_on.map(|day| format!("{day}核对：")).unwrap_or_default();
        faults.household(format!("{on}纸质与系统不一致"));
    }
}

fn card_and_contact(case: &Case<'_>, faults: &mut Faults) {
    if !case.file.is_lived_in() {
        return;
    }
    if let Some(why) = case.card {
        faults.household(format!("明白卡不是现行的：{why}"));
    }
    let own = case.file.household.phone.as_deref();
    let phones = case.file.residents().map(|person| person.person.phone.as_deref());
    if !phones.chain([own]).any(filled) {
        faults.household("户和家庭成员都没有联系电话");
    }
}
