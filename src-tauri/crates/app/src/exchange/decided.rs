//! 已决定: the conflicts somebody decided stay visible: every value, who wrote it, who decided for which and when.

use chrono::NaiveTime;
use mingbai_domain::catalogue;
use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;
use mingbai_store::{Decision, Reading};

use super::conflict::{FACT_LABEL, Subject, shown_values, value_row};
use crate::command::Bytes;
use crate::dto::{DecidedList, DecidedRow, Empty};
use crate::error::AppError;
use crate::office::{Context, local_time};

/// Decisions a screen shows.
const MOST: u64 = 200;
/// Decisions a table takes: Excel has no more rows.
const ALL: u64 = 1_000_000;

const TITLE: &str = "两边不一致已决定的";
const HEADS: [&str; 10] =
    ["决定时间", "决定人", "电脑", "谁", "村", "哪一项", "决定用", "各方填的", "谁填的", "什么时候填的"];

pub(crate) fn decided(context: &mut Context<'_>, _: Empty) -> Result<DecidedList, AppError> {
    Ok(DecidedList { rows: rows(context, MOST)? })
}

/// Every decision as a table, a row for each value that stood.
pub(crate) fn decided_xlsx(context: &mut Context<'_>, _: Empty) -> Result<Bytes, AppError> {
    let mut lines = Vec::new();
    for row in rows(context, ALL)? {
        for value in row.values {
            let whose = if value.device.is_empty() { value.by } else { format!("{} {}", value.by, value.device) };
            let texts = [
                &row.at,
                &row.by,
                &row.device,
                &row.who,
                &row.village,
                &row.field,
                &row.decided,
                &value.value,
                &whose,
                &value.at,
            ];
            lines.push(texts.map(|text| Cell::Text(text.clone())).to_vec());
        }
    }
    let today = context.host.today();
    let data = plain_xlsx(&[TITLE, &context.profile()?.unit_name], &HEADS, &lines, today.and_time(NaiveTime::MIN))?;
    Ok(Bytes {
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        name: format!("{TITLE}_{}.xlsx", today.format("%Y%m%d")),
        data,
    })
}

fn rows(context: &Context<'_>, most: u64) -> Result<Vec<DecidedRow>, AppError> {
    let reading = context.read()?;
    let decisions = reading.decisions(most)?;
    decisions.into_iter().map(|decision| row(context, reading, decision)).collect()
}

fn row(context: &Context<'_>, reading: Reading<'_>, decision: Decision) -> Result<DecidedRow, AppError> {
    let Decision { record_type, record, field, mut values, value, body, author } = decision;
    let kind = catalogue::by_id(record_type).ok_or_else(|| AppError::not_found("待决定"))?;
    let subject = Subject::of(reading, kind, record)?;
    // What was decided is shown beside the values, so that two masked numbers are told apart everywhere alike.
    let author_of_decision = author.clone();
    values.push(mingbai_store::ConflictValue { value, body, author, shown: true });
    let mut shown = shown_values(context, reading, kind, (record, field), &values)?;
    values.pop();
    let decided = shown.pop().unwrap_or_default();
    Ok(DecidedRow {
        at: local_time(context.host, author_of_decision.when.millis()),
        by: author_of_decision.name.unwrap_or_default(),
        device: author_of_decision.device,
        table: kind.table.to_owned(),
        record: record.to_string(),
        who: subject.who,
        village: subject.village,
        field: kind.field(field).map_or_else(|| FACT_LABEL.to_owned(), |f| f.label.to_owned()),
        values: values.iter().zip(shown).map(|(value, text)| value_row(context.host, value, text)).collect(),
        decided,
    })
}
