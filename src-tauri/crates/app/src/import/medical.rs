//! 疾病筛查表 and 随访登记.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Diagnosis, Visit};
use mingbai_domain::code;
use mingbai_domain::restricted::is_restricted;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::{ScreeningDraft, VisitDraft};

use super::labels::{coded, hospital_level, known as known_code, text};
use super::plan::{People, Plan};
use super::vocabulary::{Labels, Told, of, told};
use super::{Named, Planned};
use crate::error::AppError;
use crate::member::disease_name;
use crate::office::Context;

/// `c50.9x01` as the classification writes it: upper case, local extensions cut off.
pub(super) fn normal_icd(text: &str) -> String {
    let upper = text.trim().to_ascii_uppercase();
    upper.split(['X', '+', '†', '*']).next().unwrap_or_default().trim_end_matches('.').to_owned()
}

impl Planned for ScreeningDraft {
    const TOLD: &'static [Told] = &[
        told("class", Labels::With("disease_class", &["是", "否"])),
        of("batch", &["three_batches"]),
        told("hospital_level", Labels::Levels),
        of("treatment", &["treatment_now"]),
    ];
    const NOT_KEPT: &'static [&'static str] = &["doctor", "remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name).cloned();
            let Some(whose) = plan.sound(found, &draft.name, &draft.household_number) else { continue };
            let icd10 = normal_icd(&draft.icd10);
            let wanted = Diagnosis {
                person: Some(whose.person),
                disease: text(&draft.disease),
                icd10: text(&icd10),
                grade: text(&draft.grade),
                risk: text(&draft.risk),
                class: class(&draft.class).unwrap_or_default(),
                batch: coded("three_batches", &draft.batch),
                hospital: text(&draft.hospital),
                hospital_level: hospital_level(&draft.hospital_level).unwrap_or_default(),
                diagnosed_on: draft.diagnosed_on,
                restricted: is_restricted(&icd10, &draft.disease).then_some(true),
                source: Some("筛查表".to_owned()),
                treatment: coded("treatment_now", &draft.treatment),
                designated_hospital: text(&draft.designated_hospital),
                screened_on: draft.screened_on,
                ..Diagnosis::default()
            };
            // One disease of one person is one record: the same code, or the same name where a side has no code.
            let same = |known: &Diagnosis| match (&known.icd10, &wanted.icd10) {
                (Some(a), Some(b)) => a.get(..3) == b.get(..3) && known.disease == wanted.disease,
                _ => known.disease == wanted.disease,
            };
            let key = (whose.person, draft.disease.clone());
            if let Some(first) = seen.insert(key, row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一种病"));
                continue;
            }
            let known = reading.rows_where::<Diagnosis>("person", &whose.person)?;
            let existing = known.iter().find(|row| same(&row.record));
            let summary = disease_name(&wanted);
            plan.record(&whose, existing, wanted.clone(), summary);
            let batch = known_code("three_batches", "三个一批", &draft.batch);
            let treatment = known_code("treatment_now", "目前治疗", &draft.treatment);
            for said in [class(&draft.class), batch, hospital_level(&draft.hospital_level), treatment] {
                if let Err(unknown) = said {
                    plan.warn(&format!("{unknown}，这一项没有登记"));
                }
            }
        }
        Ok(plan)
    }
}

/// The class of a disease; under `是否大病` a sheet says yes or no.
///
/// # Errors
/// As for [`known_code`].
fn class(label: &str) -> Result<Option<String>, String> {
    match label {
        "是" => Ok(Some("major".to_owned())),
        "否" => Ok(None),
        _ => known_code("disease_class", "病类", label),
    }
}

impl Planned for VisitDraft {
    const TOLD: &'static [Told] = &[
        of("kind", &["visit_kind"]),
        of("mode", &["visit_mode"]),
        of("control", &["control_result"]),
        of("compliance", &["drug_compliance"]),
    ];
    const NOT_KEPT: &'static [&'static str] = &[];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: "", name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, Option<NaiveDate>, Option<String>), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), "", &draft.name);
            let said = found.and_then(|whose| {
                plausible(draft, today)?;
                Ok((whose.clone(), known_code("visit_kind", "随访类别", &draft.kind)?))
            });
            let Some((whose, kind)) = plan.sound(said, &draft.name, "") else { continue };
            let pressure = draft.blood_pressure();
            let wanted = Visit {
                person: Some(whose.person),
                kind: kind.or_else(|| Some("poor".to_owned())),
                visited_on: draft.visited_on,
                mode: coded("visit_mode", &draft.mode),
                systolic: pressure.map(|p| p.systolic),
                diastolic: pressure.map(|p| p.diastolic),
                glucose_tenths: draft.glucose_tenths,
                control: coded("control_result", &draft.control),
                doctor: text(&draft.doctor),
                next_on: draft.next_on,
                note: text(&draft.note),
                drug_compliance: coded("drug_compliance", &draft.compliance),
                ..Visit::default()
            };
            let key = (whose.person, wanted.visited_on, wanted.kind.clone());
            if let Some(first) = seen.insert(key, row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一天同一类随访"));
                continue;
            }
            let visits = reading.rows_where::<Visit>("person", &whose.person)?;
            let same = |r: &Visit| r.visited_on == wanted.visited_on && r.kind == wanted.kind;
            let existing = visits.iter().find(|row| same(&row.record));
            let kind = code::label("visit_kind", wanted.kind.as_deref().unwrap_or_default()).trim_end_matches("随访");
            let day = wanted.visited_on.map(|d| d.to_string()).unwrap_or_default();
            plan.record(&whose, existing, wanted.clone(), format!("{kind}随访 {day}"));
            for said in [
                known_code("visit_mode", "随访方式", &draft.mode),
                known_code("control_result", "分类", &draft.control),
                known_code("drug_compliance", "服药依从性", &draft.compliance),
            ] {
                if let Err(unknown) = said {
                    plan.warn(&format!("{unknown}，这一项没有登记"));
                }
            }
        }
        Ok(plan)
    }
}

/// First year of the national public health services that visits belong to.
const FIRST_YEAR: i32 = 2009;

/// Whether something can have been done on this day (F47).
pub(super) fn took_place(label: &str, day: Option<NaiveDate>, today: NaiveDate) -> Result<(), String> {
    match day {
        Some(day) if day > today => Err(format!("{label}在今天以后")),
        Some(day) if day.year() < FIRST_YEAR => Err(format!("{label} {day} 早于{FIRST_YEAR}年，请核对")),
        _ => Ok(()),
    }
}

/// Whether somebody can have been measured so (F45); glucose in tenths of mmol/L.
pub(super) fn measured(upper: Option<i64>, lower: Option<i64>, glucose_tenths: Option<i64>) -> Result<(), String> {
    for (label, value) in [("收缩压", upper), ("舒张压", lower)] {
        if let Some(value) = value.filter(|value| !(40..=260).contains(value)) {
            return Err(format!("{label} {value} 不在40到260之间，请核对"));
        }
    }
    if let (Some(upper), Some(lower)) = (upper, lower)
        && lower >= upper
    {
        return Err(format!("舒张压 {lower} 不低于收缩压 {upper}，请核对"));
    }
    if let Some(tenths) = glucose_tenths.filter(|tenths| !(10..=400).contains(tenths)) {
        return Err(format!("空腹血糖 {}.{} 不在1到40之间，请核对", tenths / 10, tenths % 10));
    }
    Ok(())
}

/// Whether a visit can have been as the row says.
fn plausible(draft: &VisitDraft, today: NaiveDate) -> Result<(), String> {
    took_place("随访日期", draft.visited_on, today)?;
    if let (Some(day), Some(next)) = (draft.visited_on, draft.next_on)
        && next <= day
    {
        return Err(format!("下次随访日期 {next} 不在随访日期 {day} 之后"));
    }
    let pressure = draft.blood_pressure();
    let upper = pressure.map(|p| p.systolic).or(draft.systolic);
    let lower = pressure.map(|p| p.diastolic).or(draft.diastolic);
    measured(upper, lower, draft.glucose_tenths)
}
