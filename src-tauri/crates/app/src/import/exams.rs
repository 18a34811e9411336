//! 体检登记.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Exam;
use mingbai_domain::code;
use mingbai_domain::restricted::gives_away;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::ExamDraft;

use super::labels::{coded, known, text};
use super::medical::{measured, took_place};
use super::plan::{People, Plan};
use super::vocabulary::{Told, of};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

impl Planned for ExamDraft {
    const TOLD: &'static [Told] =
        &[of("kind", &["exam_kind"]), of("result", &["exam_result"]), of("self_care", &["self_care"])];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: "", name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, Option<NaiveDate>), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), "", &draft.name);
            let said = found.and_then(|whose| plausible(draft, today).map(|()| whose.clone()));
            let Some(whose) = plan.sound(said, &draft.name, "") else { continue };
            if let Some(first) = seen.insert((whose.person, draft.examined_on), row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一天的体检"));
                continue;
            }
            let kind = coded("exam_kind", &draft.kind);
            let pressure = draft.blood_pressure();
            let tells = [&draft.findings, &draft.suspected, &draft.tests, &draft.advice];
            let wanted = Exam {
                person: Some(whose.person),
                examined_on: draft.examined_on,
                kind: kind.clone(),
                place: text(&draft.place),
                doctor: text(&draft.doctor),
                height_tenths: draft.height_tenths,
                weight_tenths: draft.weight_tenths,
                waist_tenths: draft.waist_tenths,
                systolic: pressure.map(|p| p.systolic),
                diastolic: pressure.map(|p| p.diastolic),
                heart_rate: draft.heart_rate,
                glucose_tenths: draft.glucose_tenths,
                ecg: text(&draft.ecg),
                auscultation: text(&draft.auscultation),
                tests: text(&draft.tests),
                findings: text(&draft.findings),
                result: coded("exam_result", &draft.result),
                suspected: text(&draft.suspected),
                advice: text(&draft.advice),
                self_care: coded("self_care", &draft.self_care),
                platform: text(&draft.platform),
                platform_on: draft.platform_on,
                source: Some("体检表".to_owned()),
                restricted: tells.into_iter().any(|said| gives_away(said)).then_some(true),
            };
            let exams = reading.rows_where::<Exam>("person", &whose.person)?;
            let existing = exams.iter().find(|row| row.record.examined_on == draft.examined_on);
            let day = draft.examined_on.map(|day| day.to_string()).unwrap_or_default();
            let kind = kind.map(|kind| code::label("exam_kind", &kind).to_owned()).unwrap_or_default();
            plan.record(&whose, existing, wanted, format!("体检 {day} {kind}").trim_end().to_owned());
            for said in [
                known("exam_kind", "体检类别", &draft.kind),
                known("exam_result", "甄别结果", &draft.result),
                known("self_care", "生活自理", &draft.self_care),
            ] {
                if let Err(unknown) = said {
                    plan.warn(&format!("{unknown}，这一项没有登记"));
                }
            }
        }
        Ok(plan)
    }
}

/// Whether an examination can have been as the row says.
fn plausible(draft: &ExamDraft, today: NaiveDate) -> Result<(), String> {
    took_place("体检日期", draft.examined_on, today)?;
    let pressure = draft.blood_pressure();
    let upper = pressure.map(|p| p.systolic).or(draft.systolic);
    let lower = pressure.map(|p| p.diastolic).or(draft.diastolic);
    measured(upper, lower, draft.glucose_tenths)?;
    let bounds = [
        ("身高", draft.height_tenths, 300..=2_500),
        ("体重", draft.weight_tenths, 20..=3_000),
        ("腰围", draft.waist_tenths, 200..=2_500),
    ];
    for (label, value, range) in bounds {
        if let Some(tenths) = value.filter(|tenths| !range.contains(tenths)) {
            return Err(format!("{label} {}.{} 不可能，请核对单位", tenths / 10, tenths % 10));
        }
    }
    match draft.heart_rate.filter(|rate| !(20..=250).contains(rate)) {
        Some(rate) => Err(format!("心率 {rate} 不在20到250之间，请核对")),
        None => Ok(()),
    }
}
