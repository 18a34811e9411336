//! A sheet of visits: the patients of one kind with what was measured last, and what the next date should be.

use chrono::NaiveDate;
use mingbai_domain::catalogue::{Person, Record, Visit};
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::{Values, code, due};

use crate::dto::{VisitProposal, VisitProposeRequest, VisitSheet, VisitSheetRequest, VisitSheetRow};
use crate::error::AppError;
use crate::household::{parse_id, parse_id_maybe};
use crate::office::{Context, coded};
use crate::record::parse_value;
use crate::todo;
use crate::todo::items::{Plan, seen};
use crate::todo::world::intervals;

pub(crate) fn sheet(context: &mut Context<'_>, request: VisitSheetRequest) -> Result<VisitSheet, AppError> {
    if code::find("visit_kind", &request.kind).is_none() {
        return Err(AppError::invalid("kind", "没有这种随访"));
    }
    super::guard(context, &request.kind)?;
    todo::refresh(context)?;
    let today = context.host.today();
    let village = parse_id_maybe(request.village.as_ref())?;
    let reading = context.read()?;
    let mut rows = Vec::new();
    for line in reading.todo_rows(super::week::PLAN, village)? {
        let plan = Plan::of(&line);
        let Some(person) = line.person.filter(|_| plan.kind == request.kind) else { continue };
        if request.doctor.as_deref().is_some_and(|doctor| doctor != plan.doctor)
            || request.until.is_some_and(|until| line.due > Some(until))
        {
            continue;
        }
        let birth = reading.get::<Person>(person)?.and_then(|row| row.record.birth);
        rows.push(VisitSheetRow {
            person: person.to_string(),
            household: line.household.map(|id| id.to_string()).unwrap_or_default(),
            name: line.name.clone(),
            village: line.village_name.clone(),
            group: line.group.clone(),
            age: birth.map(|birth| i64::from(age_on(birth, today))),
            last: plan.last.to_owned(),
            due: line.due,
            doctor: plan.doctor.to_owned(),
        });
    }
    Ok(VisitSheet { kind: coded("visit_kind", &request.kind), rows })
}

/// When the next visit should be, judged by what is typed so far and by the visits before.
pub(crate) fn propose(context: &mut Context<'_>, request: VisitProposeRequest) -> Result<VisitProposal, AppError> {
    let today = context.host.today();
    let mut values = Values::new();
    for (column, typed) in &request.fields {
        // A field half typed says nothing yet; saving will name it.
        if let Some(field) = Visit::TYPE.column(column)
            && let Ok(value) = parse_value(field, typed)
        {
            values.insert(field.id, value);
        }
    }
    let typed = Visit::from_values(&values).unwrap_or_default();
    let kind = typed.kind.clone().unwrap_or_default();
    super::guard(context, &kind)?;
    let Some(now) = seen(&typed) else { return Ok(VisitProposal::default()) };
    let person = parse_id(&request.person)?;
    let reading = context.read()?;
    let birth = reading.get::<Person>(reading.canonical(person)?)?.and_then(|row| row.record.birth);
    let mut before = reading.rows_where::<Visit>("person", &person)?;
    before.retain(|row| row.record.kind.as_deref() == Some(&kind) && row.record.visited_on < Some(now.on));
    before.sort_by_key(|row| std::cmp::Reverse((row.record.visited_on, row.id)));
    let history: Vec<_> = std::iter::once(now).chain(before.iter().filter_map(|row| seen(&row.record))).collect();
    let age = birth.map(|birth| i64::from(age_on(birth, today)));
    let rules = intervals(reading, today)?;
    let Some(due) = due::next(&rules, &kind, &history, age) else { return Ok(VisitProposal::default()) };
    let span = rules.of(&kind, due.case).map(|rule| rule.interval.label()).unwrap_or_default();
    let refer = if due.refer { "，建议转诊" } else { "" };
    let urgent: Vec<&str> = due.urgent.iter().map(|urgent| urgent.label()).collect();
    Ok(VisitProposal {
        next_on: Some(due.by).filter(|by: &NaiveDate| *by > now.on),
        why: format!("{}，{span}内{refer}", due.case.label()),
        urgent: (!urgent.is_empty()).then(|| format!("{}：今天处理后转诊", urgent.join("、"))),
    })
}
