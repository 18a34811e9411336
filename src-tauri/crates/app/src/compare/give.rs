//! The flagged list as the other office wants it: in its own columns, with ours behind. Who gave it, how many rows and why
//! stands in the log; a row that would name a restricted disease goes to nobody.

use chrono::NaiveTime;
use mingbai_domain::catalogue::ComparisonDecision;
use mingbai_domain::code;
use mingbai_domain::restricted::gives_away;
use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;
use mingbai_store::Row;

use super::decide::Ledger;
use super::differences::Difference;
use super::mismatch::{cause_words, illness_words};
use super::side::Someone;
use super::view::{about, chosen, group_label};
use super::{Compared, keep_compared, prepared};
use crate::command::Bytes;
use crate::dto::{CompareRunRequest, CompareXlsxRequest};
use crate::error::AppError;
use crate::office::Context;

/// Our columns behind theirs.
const OURS: [&str; 6] = ["比对结果", "不一致的栏目", "卫生院登记", "贵单位名单", "处理", "处理原因"];

/// The file for the other office.
pub(crate) fn xlsx(context: &mut Context<'_>, request: CompareXlsxRequest) -> Result<Bytes, AppError> {
    let reason = request.reason.trim().to_owned();
    if reason.chars().count() < 2 {
        return Err(AppError::invalid("reason", "请写明提供给谁、做什么用"));
    }
    let compared = prepared(context, CompareRunRequest { ours: request.ours, theirs: request.theirs })?;
    let made = make(context, &compared, &request, &reason);
    keep_compared(context, compared)?;
    made
}

fn make(
    context: &mut Context<'_>,
    compared: &Compared,
    request: &CompareXlsxRequest,
    reason: &str,
) -> Result<Bytes, AppError> {
    let ledger = Ledger::read(context.read()?)?;
    let found = chosen(compared, &ledger, request.group.as_deref(), request.state);
    let told = |row: &&Difference| row.at.1.and_then(|j| compared.theirs.people.get(j)).map(|theirs| &theirs.cells);
    let (kept, open): (Vec<&Difference>, Vec<&Difference>) = found.into_iter().partition(|row| {
        let by_cells = told(row).is_some_and(|cells| cells.iter().any(|text| gives_away(text)));
        by_cells || gives_away(&row.ours) || gives_away(&row.theirs)
    });
    let layout = compared.lists[1].as_ref().map(|(_, about)| about.layout.as_slice()).unwrap_or_default();
    let labels: Vec<&str> = layout.iter().map(|column| column.label.as_str()).chain(OURS).collect();
    let mut lines = Vec::with_capacity(open.len());
    for row in &open {
        let mut cells: Vec<Cell> = match row.at.1.and_then(|j| compared.theirs.people.get(j)) {
            Some(theirs) => theirs.cells.iter().map(|text| cell(text)).collect(),
            None => {
                let keys = layout.iter().map(|column| column.key.as_deref().unwrap_or_default());
                keys.map(|key| cell(&filled(about(compared, row), key))).collect()
            }
        };
        cells.resize(layout.len(), Cell::Empty);
        let record = ledger.about(row).1.map(|row| &row.record);
        let decision = record.and_then(|record| record.decision.as_deref()).unwrap_or_default();
        let why = record.and_then(|record| record.reason.clone()).unwrap_or_default();
        let decision = code::label("difference_decision", decision);
        let ours = [group_label(row.group), &row.field, &row.ours, &row.theirs, decision, &why];
        cells.extend(ours.map(cell));
        lines.push(cells);
    }
    let today = context.host.today();
    let theirs = code::label("list_source", &compared.theirs.source);
    let what = request.group.as_deref().map_or("全部差异", group_label);
    let title = format!("{}与{theirs}比对：{what}", context.profile()?.unit_name);
    let left_out = match kept.len() {
        0 => String::new(),
        rows => format!("；另有{rows}行限制查看，没有写入"),
    };
    let note = format!("{today} 提供{}行{left_out}。用途：{reason}", open.len());
    let data = plain_xlsx(&[&title, &note], &labels, &lines, today.and_time(NaiveTime::MIN))?;
    let reported: Vec<Row<ComparisonDecision>> = open
        .iter()
        .filter_map(|row| ledger.about(row).1)
        .filter(|row| row.record.reported_on != Some(today))
        .cloned()
        .collect();
    let told = format!("数据比对 {theirs} {what}：{}行{left_out}", open.len());
    context.commit("compare_xlsx", Some(reason), |txn| {
        txn.note(&told)?;
        for row in &reported {
            let record = ComparisonDecision { reported_on: Some(today), ..row.record.clone() };
            txn.update(row.id, &record)?;
        }
        Ok(())
    })?;
    Ok(Bytes {
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        name: format!("比对_{theirs}_{what}_{}.xlsx", today.format("%Y%m%d")),
        data,
    })
}

fn cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// What we would write into a column of theirs about somebody whom their list does not have.
fn filled(someone: &Someone, key: &str) -> String {
    let or_blank = |words: String| if words == "无" { String::new() } else { words };
    match key {
        "village" => someone.village.clone(),
        "household_number" => someone.number.clone(),
        "name" => someone.name.clone(),
        "birth" => someone.birth.map(|day| day.to_string()).unwrap_or_default(),
        "id" => someone.citizen_id.clone(),
        "status" => code::label("household_status", &someone.status).to_owned(),
        "cause_main" => or_blank(cause_words(&someone.causes)),
        "health" if !gives_away(&someone.health) => someone.health.clone(),
        "illness" => {
            let open = someone
                .illness
                .iter()
                .filter(|illness| !mingbai_domain::restricted::is_restricted(&illness.icd10, &illness.name));
            or_blank(illness_words(&open.cloned().collect()))
        }
        "identity" => {
            let labels: Vec<&str> = someone.identities.iter().map(|code| code::label("aid_identity", code)).collect();
            labels.join("、")
        }
        _ => String::new(),
    }
}
