//! What became of every row, and what else there is to say about a file.

use std::collections::HashMap;

use mingbai_sheets::{Batch, Problem, ProblemCode, Severity, SheetDraft};

use super::Planned;
use super::plan::{Plan, append};
use crate::dto::{ImportRow, RowOutcome};

/// Every row of the file in its order: the planned ones, then those that could not be read, with the remarks of reading.
pub(super) fn rows<D: SheetDraft>(plan: &Plan, batch: &Batch<D>) -> Vec<ImportRow> {
    let mut rows: Vec<(String, ImportRow)> = plan.rows().to_vec();
    mark_warnings(&mut rows, batch);
    rows.extend(unread(batch));
    let order = |sheet: &String| batch.headers.iter().position(|header| header.sheet == *sheet);
    rows.sort_by_key(|(sheet, row)| (order(sheet), row.row));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Rows that were rejected while reading, each with all its reasons and whom it speaks of as far as that could be read.
fn unread<D: SheetDraft>(batch: &Batch<D>) -> Vec<(String, ImportRow)> {
    let mut reasons: HashMap<(&str, u32), Vec<&str>> = HashMap::new();
    for problem in batch.problems.iter().filter(|problem| problem.severity == Severity::Reject) {
        reasons.entry((&problem.sheet, problem.row)).or_default().push(&problem.message);
    }
    let told = batch.rejected.iter().map(|row| {
        let reasons = reasons.get(&(row.sheet.as_str(), row.row)).map_or(&[][..], Vec::as_slice);
        let line = ImportRow {
            row: i64::from(row.row),
            outcome: RowOutcome::Rejected,
            who: row.draft.said("name"),
            household: row.draft.said("household_number"),
            detail: reasons.join("；"),
            warning: false,
        };
        (row.sheet.clone(), line)
    });
    told.collect()
}

fn mark_warnings<D>(rows: &mut [(String, ImportRow)], batch: &Batch<D>) {
    let mut warnings: HashMap<(&str, i64), Vec<&Problem>> = HashMap::new();
    for problem in batch.problems.iter().filter(|problem| problem.severity == Severity::Warn) {
        warnings.entry((&problem.sheet, i64::from(problem.row))).or_default().push(problem);
    }
    for (sheet, row) in rows.iter_mut().filter(|(_, row)| row.outcome != RowOutcome::Rejected) {
        for problem in warnings.get(&(sheet.as_str(), row.row)).into_iter().flatten() {
            row.warning = true;
            append(&mut row.detail, &format!("{}：{}", problem.header, problem.message));
        }
    }
}

/// The batch with the rows the plan rejects among its problems, as the problem file tells them.
pub(super) fn with_rejections<D>(mut batch: Batch<D>, plan: &Plan) -> Batch<D> {
    let rejected = plan.rows().iter().filter(|(_, row)| row.outcome == RowOutcome::Rejected);
    batch.problems.extend(rejected.map(|(sheet, row)| Problem {
        sheet: sheet.clone(),
        row: u32::try_from(row.row).unwrap_or(u32::MAX),
        column: String::new(),
        header: String::new(),
        value: String::new(),
        severity: Severity::Reject,
        code: ProblemCode::NotTaken,
        message: row.detail.clone(),
    }));
    batch
}

/// Columns and rows that were not used, by name.
pub(super) fn remarks<D: Planned>(batch: &Batch<D>) -> Vec<String> {
    let mut remarks = Vec::new();
    for header in &batch.headers {
        if header.header.source.is_some() {
            remarks.push(format!("工作表“{}”按您以前指定的列对应来读", header.sheet));
        }
        let dropped = header.header.columns.iter().filter(|column| D::NOT_KEPT.contains(&column.key.as_str()));
        let dropped: Vec<&str> = dropped.map(|column| column.label.as_str()).collect();
        if !dropped.is_empty() {
            remarks.push(format!("认得、但没有登记的列：{}", dropped.join("、")));
        }
        let unknown: Vec<&str> = header.header.unknown.iter().map(|c| c.label.as_str()).collect();
        if !unknown.is_empty() {
            remarks.push(format!("没有用到的列：{}", unknown.join("、")));
        }
        let twice: Vec<&str> = header.header.duplicates.iter().map(|c| c.label.as_str()).collect();
        if !twice.is_empty() {
            remarks.push(format!("重复的列以靠左的为准：{}", twice.join("、")));
        }
    }
    if !batch.skipped_sheets.is_empty() {
        remarks.push(format!("没有表头、没有读的工作表：{}", batch.skipped_sheets.join("、")));
    }
    if !batch.ignored.is_empty() {
        let kinds: Vec<String> =
            batch.ignored.iter().take(5).map(|r| format!("第{}行（{}）", r.row, r.reason)).collect();
        remarks.push(format!("不是数据、没有读的行：{}", kinds.join("、")));
    }
    remarks
}
