//! The doctor's week: whoever is due until a day, in village order, with telephone numbers on paper.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use mingbai_domain::{code, phone};
use mingbai_paper::{ListColumn, ListGroup, ListSheet, list_pdf};
use mingbai_store::query::TodoLine;

use crate::dto::{ReportFile, VisitDoctor, VisitDueList, VisitDueRequest, VisitDueRow};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id_maybe;
use crate::office::{Context, keep_file};
use crate::restricted;
use crate::todo::{self, items::Plan};

/// The list the weeks are made of.
pub(super) const PLAN: &str = "visit_plan";

/// What is due between two days, and by whom.
struct Week {
    until: NaiveDate,
    lines: Vec<TodoLine>,
    doctors: Vec<VisitDoctor>,
}

fn week(context: &mut Context<'_>, request: &VisitDueRequest) -> Result<Week, AppError> {
    todo::refresh(context)?;
    let today = context.host.today();
    let until = request.until.unwrap_or(today + Days::new(6));
    let village = parse_id_maybe(request.village.as_ref())?;
    let mut lines = context.read()?.todo_rows(PLAN, village)?;
    lines.retain(|line| line.due.is_some_and(|due| due <= until));
    if let Some(kind) = &request.kind {
        super::guard(context, kind)?;
        lines.retain(|line| Plan::of(line).kind == kind);
    }
    let mut doctors: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for line in &lines {
        let (count, late) = doctors.entry(Plan::of(line).doctor.to_owned()).or_default();
        *count += 1;
        *late += i64::from(line.due < Some(today));
    }
    let doctors = doctors.into_iter().map(|(name, (count, late))| VisitDoctor { name, count, late }).collect();
    if let Some(doctor) = &request.doctor {
        lines.retain(|line| Plan::of(line).doctor == doctor);
    }
    Ok(Week { until, lines, doctors })
}

fn row(line: &TodoLine, today: NaiveDate) -> VisitDueRow {
    let plan = Plan::of(line);
    let due = line.due.unwrap_or(today);
    let kind = restricted::shown(code::label("visit_kind", plan.kind));
    VisitDueRow {
        household: line.household.map(|id| id.to_string()).unwrap_or_default(),
        person: line.person.map(|id| id.to_string()).unwrap_or_default(),
        name: line.name.clone(),
        village: line.village_name.clone(),
        group: line.group.clone(),
        head: line.head.clone(),
        phone: phone::mask(&line.phone),
        kind: kind.to_owned(),
        // How somebody with a restricted disease is doing is nobody's business either.
        why: if kind == restricted::HIDDEN { String::new() } else { plan.why() },
        last: plan.last.to_owned(),
        doctor: plan.doctor.to_owned(),
        due,
        days: (due - today).num_days(),
    }
}

pub(crate) fn due(context: &mut Context<'_>, request: VisitDueRequest) -> Result<VisitDueList, AppError> {
    let today = context.host.today();
    let Week { until, lines, doctors } = week(context, &request)?;
    Ok(VisitDueList { from: today, until, rows: lines.iter().map(|line| row(line, today)).collect(), doctors })
}

/// The week on paper. Its telephone numbers are whole, so the log keeps who printed whose list.
pub(crate) fn due_print(context: &mut Context<'_>, request: VisitDueRequest) -> Result<ReportFile, AppError> {
    let today = context.host.today();
    let Week { until, mut lines, .. } = week(context, &request)?;
    // Paper goes from hand to hand: whoever may not see what a visit is for prints the others.
    let mut hidden = Vec::new();
    for line in &lines {
        hidden.push(super::is_hidden(context, Plan::of(line).kind)?);
    }
    let mut hidden = hidden.into_iter();
    lines.retain(|_| hidden.next() != Some(true));
    if lines.is_empty() {
        let message = "这几天没有到期的随访，没有生成文件。请换个日期、村或医生";
        return Err(AppError::new(ErrorCode::NotFound, message));
    }
    let doctor = request.doctor.clone().unwrap_or_else(|| "全部医生".to_owned());
    let profile = context.profile()?;
    let mut groups: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for line in &lines {
        let row = row(line, today);
        let day = row.due.format("%m-%d");
        let late = if row.days < 0 { format!("{day} 超期{}天", -row.days) } else { day.to_string() };
        let cells =
            vec![row.group, row.name, row.head, line.phone.clone(), row.kind, row.why, row.last, late, String::new()];
        groups.entry(row.village).or_default().push(cells);
    }
    let column = |label: &str, width| ListColumn { label: label.to_owned(), width };
    let sheet = ListSheet {
        title: "随访名单".to_owned(),
        note: format!("{doctor}　到 {until} 为止，共 {} 人次", lines.len()),
        issuer: profile.unit_name.clone(),
        footer: "有患者电话，用后收好".to_owned(),
        columns: vec![
            column("组", 3),
            column("姓名", 4),
            column("户主", 4),
            column("电话", 6),
            column("随访", 5),
            column("上次情况", 6),
            column("上次", 6),
            column("最迟", 8),
            column("这次记录", 16),
        ],
        groups: groups
            .into_iter()
            .map(|(village, rows)| ListGroup { heading: format!("{village}　{} 人次", rows.len()), rows })
            .collect(),
    };
    let printed = list_pdf(&sheet, today)?;
    let said = format!("{doctor}的随访名单，到 {until}，{} 人次", lines.len());
    context.commit("visit_list_print", None, |txn| Ok(txn.note(&said)?))?;
    let name = format!("随访名单_{doctor}_{}.pdf", until.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &printed.pdf)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
