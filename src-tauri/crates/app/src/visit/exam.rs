//! A sheet of examinations: whoever was not examined this year, a line a person, with what was measured last.

use mingbai_domain::catalogue::{Exam, Person};
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::code;
use mingbai_domain::due::periodic::{self, Service};

use crate::dto::{ExamSheetRequest, VisitSheet, VisitSheetRow};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::{Context, coded};
use crate::todo;

pub(crate) fn exam_sheet(context: &mut Context<'_>, request: ExamSheetRequest) -> Result<VisitSheet, AppError> {
    let wanted = periodic::table().iter().filter(|line| line.service == Service::Exam);
    let line = wanted.into_iter().find(|line| line.kind == request.whose);
    let line = line.ok_or_else(|| AppError::invalid("whose", "没有这类体检对象"))?;
    todo::refresh(context)?;
    let today = context.host.today();
    let village = parse_id_maybe(request.village.as_ref())?;
    let reading = context.read()?;
    let mut lines = reading.todo_rows(if line.listed { "exam_due" } else { "exam_free" }, village)?;
    lines.retain(|one| !line.listed || one.detail == line.label);
    let mut rows = Vec::new();
    for one in lines {
        let Some(person) = one.person else { continue };
        let birth = reading.get::<Person>(person)?.and_then(|row| row.record.birth);
        let exams = reading.rows_where::<Exam>("person", &person)?;
        let newest = exams.iter().max_by_key(|row| (row.record.examined_on, row.id)).map(|row| &row.record);
        rows.push(VisitSheetRow {
            person: person.to_string(),
            household: one.household.map(|id| id.to_string()).unwrap_or_default(),
            name: one.name,
            village: one.village_name,
            group: one.group,
            age: birth.map(|birth| i64::from(age_on(birth, today))),
            last: newest.map(last).unwrap_or_default(),
            due: None,
            doctor: newest.and_then(|exam| exam.doctor.clone()).unwrap_or_default(),
        });
    }
    Ok(VisitSheet { kind: coded("exam_kind", line.kind), rows })
}

/// `2025-06-01 138/82 慢性病`.
fn last(exam: &Exam) -> String {
    let day = exam.examined_on.map(|day| day.to_string()).unwrap_or_default();
    let pressure = exam.systolic.zip(exam.diastolic).map(|(upper, lower)| format!(" {upper}/{lower}"));
    let result = exam.result.as_deref().map(|result| format!(" {}", code::label("exam_result", result)));
    [day, pressure.unwrap_or_default(), result.unwrap_or_default()].concat()
}
