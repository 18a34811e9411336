//! 疾病筛查表, 签约名单, 随访登记.

use std::collections::HashMap;

use mingbai_domain::catalogue::{Contract, Diagnosis, Exclusion, Team, Visit};
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::{ContractDraft, ScreeningDraft, VisitDraft};

use super::Planned;
use super::plan::{People, Plan};
use crate::dto::{ImportRow, RowOutcome};
use crate::error::AppError;
use crate::member::disease_name;
use crate::office::Context;
use crate::restricted::is_restricted;

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn coded(table: &str, label: &str) -> Option<String> {
    code::resolve(table, label).map(str::to_owned)
}

/// `c50.9x01` as the classification writes it: upper case, local extensions cut off.
fn normal_icd(text: &str) -> String {
    let upper = text.trim().to_ascii_uppercase();
    upper.split(['X', '+', '†', '*']).next().unwrap_or_default().trim_end_matches('.').to_owned()
}

impl Planned for ScreeningDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(mingbai_domain::RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            let draft = &row.draft;
            let whose = match people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name) {
                Ok(whose) => whose.clone(),
                Err(reason) => {
                    plan.reject(row.row, &draft.name, reason);
                    continue;
                }
            };
            let icd10 = normal_icd(&draft.icd10);
            let wanted = Diagnosis {
                person: Some(whose.person),
                disease: text(&draft.disease),
                icd10: text(&icd10),
                grade: text(&draft.grade),
                risk: text(&draft.risk),
                class: coded("disease_class", &draft.class),
                batch: coded("three_batches", &draft.batch),
                hospital: text(&draft.hospital),
                hospital_level: coded("hospital_level", &draft.hospital_level),
                diagnosed_on: draft.diagnosed_on,
                restricted: is_restricted(&icd10, &draft.disease).then_some(true),
                source: Some("筛查表".to_owned()),
            };
            // One disease of one person is one record: the same code, or the same name where a side has no code.
            let same = |known: &Diagnosis| match (&known.icd10, &wanted.icd10) {
                (Some(a), Some(b)) => a.get(..3) == b.get(..3) && known.disease == wanted.disease,
                _ => known.disease == wanted.disease,
            };
            let key = (whose.person, draft.disease.clone());
            if let Some(first) = seen.insert(key, row.row) {
                plan.reject(row.row, &draft.name, format!("与第{first}行是同一人同一种病"));
                continue;
            }
            let known = reading.rows_where::<Diagnosis>("person", &whose.person)?;
            let existing = known.iter().find(|row| same(&row.record));
            let summary = disease_name(&wanted);
            plan.record(row.row, &whose, existing, wanted.clone(), summary);
        }
        Ok(plan)
    }
}

impl Planned for ContractDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let teams: HashMap<String, mingbai_domain::RecordId> =
            reading.all::<Team>()?.into_iter().filter_map(|row| Some((row.record.name?, row.id))).collect();
        let mut plan = Plan::default();
        for row in &batch.rows {
            let draft = &row.draft;
            let whose = match people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name) {
                Ok(whose) => whose.clone(),
                Err(reason) => {
                    plan.reject(row.row, &draft.name, reason);
                    continue;
                }
            };
            if draft.since.is_none() || !draft.unsigned_reason.is_empty() {
                let Some(reason) = coded("exclusion_reason", &draft.unsigned_reason) else {
                    let said = if draft.unsigned_reason.is_empty() {
                        "没有签约日期，也没有未签原因".to_owned()
                    } else {
                        format!("未签原因“{}”不在代码表中", draft.unsigned_reason)
                    };
                    plan.reject(row.row, &draft.name, said);
                    continue;
                };
                let known = reading.rows_where::<Exclusion>("person", &whose.person)?;
                let existing = known.iter().find(|row| row.record.reason.as_deref() == Some(&reason));
                let summary = format!("未签：{}", code::label("exclusion_reason", &reason));
                let wanted = Exclusion { person: Some(whose.person), reason: Some(reason), ..Exclusion::default() };
                plan.record(row.row, &whose, existing, wanted, summary);
                continue;
            }
            let known = reading.rows_where::<Contract>("person", &whose.person)?;
            let existing = known.iter().find(|row| row.record.since == draft.since);
            let wanted = Contract {
                person: Some(whose.person),
                team: teams.get(&draft.team).copied(),
                since: draft.since,
                until: draft.until,
                package: text(&draft.package),
                ended_on: draft.ended_on,
                ended_reason: coded("contract_end", &draft.ended_reason),
                ..Contract::default()
            };
            if draft.team.is_empty() || wanted.team.is_some() || existing.is_some() {
                plan.record(row.row, &whose, existing, wanted, format!("签约 {}", draft.team));
                continue;
            }
            // A team nobody has registered yet is registered with the first contract that names it.
            let (key, name) = (format!("team {}", draft.team), draft.team.clone());
            let doctor = (text(&draft.village_doctor), text(&draft.doctor));
            plan.write(move |txn, made| {
                let team = match made.get(&key) {
                    Some(team) => team,
                    None => {
                        let record = Team {
                            name: Some(name),
                            village_doctor: doctor.0,
                            township_doctor: doctor.1,
                            ..Team::default()
                        };
                        let id = txn.insert(None, &record)?;
                        made.put(key, id);
                        id
                    }
                };
                txn.insert(None, &Contract { team: Some(team), ..wanted })?;
                Ok(())
            });
            plan.add(ImportRow {
                row: i64::from(row.row),
                outcome: RowOutcome::New,
                who: whose.name,
                household: whose.household,
                detail: format!("签约 {}（新登记的团队）", draft.team),
                warning: false,
            });
        }
        Ok(plan)
    }
}

impl Planned for VisitDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(mingbai_domain::RecordId, Option<chrono::NaiveDate>, Option<String>), u32> =
            HashMap::new();
        for row in &batch.rows {
            let draft = &row.draft;
            let whose = match people.find(draft.id.citizen_id.as_deref(), "", &draft.name) {
                Ok(whose) => whose.clone(),
                Err(reason) => {
                    plan.reject(row.row, &draft.name, reason);
                    continue;
                }
            };
            if draft.visited_on.is_some_and(|day| day > today) {
                plan.reject(row.row, &draft.name, "随访日期在今天以后");
                continue;
            }
            let pressure = draft.blood_pressure();
            let wanted = Visit {
                person: Some(whose.person),
                kind: coded("visit_kind", &draft.kind).or_else(|| Some("poor".to_owned())),
                visited_on: draft.visited_on,
                mode: coded("visit_mode", &draft.mode),
                systolic: pressure.map(|p| p.systolic),
                diastolic: pressure.map(|p| p.diastolic),
                glucose_tenths: draft.glucose_tenths,
                control: coded("control_result", &draft.control),
                doctor: text(&draft.doctor),
                next_on: draft.next_on,
                note: text(&draft.note),
            };
            let key = (whose.person, wanted.visited_on, wanted.kind.clone());
            if let Some(first) = seen.insert(key, row.row) {
                plan.reject(row.row, &draft.name, format!("与第{first}行是同一人同一天同一类随访"));
                continue;
            }
            let known = reading.rows_where::<Visit>("person", &whose.person)?;
            let same = |r: &Visit| r.visited_on == wanted.visited_on && r.kind == wanted.kind;
            let existing = known.iter().find(|row| same(&row.record));
            let kind = code::label("visit_kind", wanted.kind.as_deref().unwrap_or_default()).to_owned();
            let day = wanted.visited_on.map(|d| d.to_string()).unwrap_or_default();
            plan.record(row.row, &whose, existing, wanted.clone(), format!("{kind}随访 {day}"));
        }
        Ok(plan)
    }
}
