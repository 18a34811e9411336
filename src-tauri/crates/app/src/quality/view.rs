//! 数据核查 as its page and its table show it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveTime};
use mingbai_domain::catalogue::{self, FindingDecision};
use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;
use mingbai_store::Row;
use mingbai_store::query::TodoLine;

use super::standing::{self, Standing};
use super::{About, Limits, Rule, Severity};
use crate::command::Bytes;
use crate::dto::{Empty, QualityRow, QualityRows, QualityRowsRequest, QualityRule, QualitySeverity, QualityView};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::Context;
use crate::restricted;
use crate::todo;

const TITLE: &str = "数据核查发现";
const HEADS: [&str; 15] = [
    "规则",
    "级别",
    "查什么",
    "村",
    "组",
    "户编号",
    "户主",
    "姓名",
    "问题",
    "状态",
    "责任人",
    "期限",
    "豁免至",
    "处理说明",
    "依据",
];

pub(crate) fn get(context: &mut Context<'_>, _: Empty) -> Result<QualityView, AppError> {
    todo::refresh(context)?;
    let today = context.host.today();
    let reading = context.read()?;
    let limits = Limits::read(reading, today)?;
    let numbers: Vec<&str> = super::all().map(|rule| rule.number).collect();
    let mut counts: BTreeMap<String, Vec<(Standing, i64)>> = BTreeMap::new();
    for (number, standing, count) in reading.todo_by_amount(&numbers)? {
        counts.entry(number).or_default().push((Standing::of_number(standing), count));
    }
    let mut view = QualityView::default();
    for rule in super::all() {
        let counted = counts.remove(rule.number).unwrap_or_default();
        let sum = |fits: &dyn Fn(Standing) -> bool| {
            counted.iter().filter(|(standing, _)| fits(*standing)).map(|(_, count)| count).sum::<i64>()
        };
        let unchecked = rule.needs.filter(|key| !limits.knows(key, today.year()));
        let row = QualityRule {
            number: rule.number.to_owned(),
            severity: severity(rule),
            severity_label: severity_label(rule).to_owned(),
            about: about(rule).to_owned(),
            title: rule.title.to_owned(),
            open: sum(&Standing::is_open),
            owned: sum(&|standing| standing == Standing::Owned),
            again: sum(&|standing| standing == Standing::Mended),
            fine: sum(&|standing| standing == Standing::Fine),
            exempt: sum(&|standing| standing == Standing::Exempt),
            unchecked: unchecked.map(|_| format!("{}年的补贴截止日期还没有定，这条没有查", today.year())),
        };
        match rule.severity {
            Severity::Error => view.errors += row.open,
            Severity::Warning => view.warnings += row.open,
        }
        view.fine += row.fine;
        view.exempt += row.exempt;
        view.rules.push(row);
    }
    Ok(view)
}

fn severity(rule: &Rule) -> QualitySeverity {
    match rule.severity {
        Severity::Error => QualitySeverity::Error,
        Severity::Warning => QualitySeverity::Warning,
    }
}

fn severity_label(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
    }
}

fn about(rule: &Rule) -> &'static str {
    match rule.about {
        About::Household => "户",
        About::Person => "人",
        About::Bill => "单",
    }
}

/// The rule that is asked for, or all of them.
fn asked(request: &QualityRowsRequest) -> Result<Vec<&'static Rule>, AppError> {
    match &request.rule {
        None => Ok(super::all().collect()),
        Some(number) => Ok(vec![super::find(number).ok_or_else(|| AppError::not_found("核查规则"))?]),
    }
}

pub(crate) fn rows(context: &mut Context<'_>, request: QualityRowsRequest) -> Result<QualityRows, AppError> {
    let rules = asked(&request)?;
    let title = match rules.as_slice() {
        [rule] => format!("{} {}", rule.number, rule.title),
        _ => TITLE.to_owned(),
    };
    Ok(QualityRows { rows: found(context, &rules, &request)?, rule: request.rule, title })
}

/// The findings of some rules: what is open before what is decided, in village order.
fn found(
    context: &mut Context<'_>,
    rules: &[&'static Rule],
    request: &QualityRowsRequest,
) -> Result<Vec<QualityRow>, AppError> {
    todo::refresh(context)?;
    let today = context.host.today();
    let village = parse_id_maybe(request.village.as_ref())?;
    let reading = context.read()?;
    let mut decisions: BTreeMap<String, Vec<Row<FindingDecision>>> = BTreeMap::new();
    for row in reading.all::<FindingDecision>()? {
        decisions.entry(row.record.subject.clone().unwrap_or_default()).or_default().push(row);
    }
    let mut rows = Vec::new();
    for rule in rules {
        for line in reading.todo_rows(rule.number, village)? {
            let Some(subject) = standing::subject_of(&line) else { continue };
            let decided = decisions.get(&subject).and_then(|all| standing::newest(all.iter()));
            let mut row = as_row(rule, line, subject, decided.map(|row| &row.record));
            row.overdue = row.due.is_some_and(|due| due < today);
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| !row.open);
    Ok(rows)
}

fn as_row(rule: &Rule, line: TodoLine, subject: String, decided: Option<&FindingDecision>) -> QualityRow {
    let standing = Standing::of_number(line.amount.unwrap_or_default());
    // A decision that no longer holds says nothing of today but who had it.
    let decided = decided.cloned().unwrap_or_default();
    let text = |text: Option<String>| text.unwrap_or_default();
    QualityRow {
        subject,
        rule: rule.number.to_owned(),
        household: line.household.map(|id| id.to_string()).unwrap_or_default(),
        person: line.person.map(|id| id.to_string()),
        table: line.record.and_then(|(kind, _)| catalogue::by_id(kind)).map(|kind| kind.table.to_owned()),
        record: line.record.map(|(_, id)| id.to_string()),
        name: if line.name.is_empty() { line.head.clone() } else { line.name },
        village: line.village_name,
        group: line.group,
        number: line.number,
        head: line.head,
        reason: line.detail,
        open: standing.is_open(),
        state: standing.label().to_owned(),
        owner: text(decided.owner),
        due: line.due,
        overdue: false,
        decided_on: decided.decided_on,
        why: text(decided.reason),
        evidence: text(decided.evidence),
        exempt_until: decided.exempt_until,
    }
}

/// The findings as a table for whoever is to mend them.
pub(crate) fn xlsx(context: &mut Context<'_>, request: QualityRowsRequest) -> Result<Bytes, AppError> {
    let rules = asked(&request)?;
    let mut found = found(context, &rules, &request)?;
    // A file goes from hand to hand: what would name a restricted disease is not in it.
    let all = found.len();
    found.retain(|row| !row.reason.contains(restricted::HIDDEN));
    let kept = match all - found.len() {
        0 => String::new(),
        rows => format!("；另有{rows}处限制查看，没有写入"),
    };
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let lines: Vec<Vec<Cell>> = found
        .into_iter()
        .filter_map(|row| {
            let rule = super::find(&row.rule)?;
            let texts = [
                row.rule,
                severity_label(rule).to_owned(),
                rule.title.to_owned(),
                row.village,
                row.group,
                row.number,
                row.head,
                row.name,
                row.reason,
                row.state,
                row.owner,
                day(row.due),
                day(row.exempt_until),
                row.why,
                row.evidence,
            ];
            Some(texts.map(Cell::Text).to_vec())
        })
        .collect();
    let today = context.host.today();
    let name = request.rule.unwrap_or_default();
    let data = plain_xlsx(
        &[TITLE, &context.profile()?.unit_name, &format!("{today} 共{}处{kept}", lines.len())],
        &HEADS,
        &lines,
        today.and_time(NaiveTime::MIN),
    )?;
    let told = format!("{TITLE}{name} {}处{kept}", lines.len());
    context.commit("quality_xlsx", None, |txn| Ok(txn.note(&told)?))?;
    Ok(Bytes {
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        name: format!("{TITLE}{name}_{}.xlsx", today.format("%Y%m%d")),
        data,
    })
}
