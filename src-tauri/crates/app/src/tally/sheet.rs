//! A table as a workbook, as the screen shows it.

use chrono::NaiveTime;
use mingbai_domain::Fen;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};

use super::{Measure, Worked, worked};
use crate::dto::{ReportFile, TallyRequest};
use crate::error::AppError;
use crate::office::{Context, keep_file};

pub(crate) fn write(context: &mut Context<'_>, request: TallyRequest) -> Result<ReportFile, AppError> {
    let done = worked(context, &request)?;
    let today = context.host.today();
    let unit = context.profile()?.unit_name.clone();
    let table = official(&done, &unit, &context.opened()?.operator.name, today);
    let bytes = official_workbook(&[table], today.and_time(NaiveTime::MIN))?;
    let name = format!("{}_{}.xlsx", done.table.title, today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}

fn official(done: &Worked, unit: &str, operator: &str, today: chrono::NaiveDate) -> OfficialTable {
    let mut heads = vec![Head::column(done.table.head())];
    for column in &done.columns {
        match heads.last_mut().filter(|head| !column.group.is_empty() && head.title == column.group) {
            Some(head) => head.below.push(Head::column(&column.label)),
            None if column.group.is_empty() => heads.push(Head::column(&column.label)),
            None => heads.push(Head::group(&column.group, vec![Head::column(&column.label)])),
        }
    }
    let row = |label: &str, numbers: &[Option<i64>]| {
        let cells = numbers.iter().zip(&done.columns).map(|(number, column)| match (number, column.measure) {
            (None, _) => OfficialValue::Text("—".to_owned()),
            (Some(fen), Measure::Money) => OfficialValue::Money(Fen(*fen)),
            (Some(count), _) => OfficialValue::Count(*count),
        });
        std::iter::once(OfficialValue::Text(label.to_owned())).chain(cells).collect::<Vec<_>>()
    };
    let rows = done.lines.iter().zip(&done.numbers).map(|(line, numbers)| row(&line.label, numbers));
    OfficialTable {
        title: done.table.title.to_owned(),
        tab: done.table.title.chars().take(31).collect(),
        unit: unit.to_owned(),
        date: Some(today),
        measure: done.table.measure.to_owned(),
        heads,
        rows: rows.collect(),
        total: Some(row("合计", &done.total)),
        notes: done.table.notes.iter().map(|note| (*note).to_owned()).collect(),
        seal: Some(SealLine { filled_by: operator.to_owned(), unit: unit.to_owned(), ..SealLine::default() }),
    }
}
