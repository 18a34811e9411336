//! A table as a workbook, as the screen shows it.

use chrono::NaiveTime;
use mingbai_domain::Fen;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};

use super::{Measure, Worked, worked};
use crate::dto::{ReportFile, TallyRequest};
use crate::error::AppError;
use crate::office::{Context, keep_file};

pub(crate) fn write(context: &mut Context<'_>, request: TallyRequest) -> Result<ReportFile, AppError> {
    let mut done = worked(context, &request)?;
    withhold(&mut done);
    let today = context.host.today();
    let unit = context.profile()?.unit_name.clone();
    let table = official(&done, &unit, &context.opened()?.operator.name, today);
    let bytes = official_workbook(&[table], today.and_time(NaiveTime::MIN))?;
    let name = format!("{}_{}.xlsx", done.table.title, today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    let said = format!("{} {}行", done.table.title, done.lines.len());
    context.commit("tally_write", Some(&said), |txn| Ok(txn.note(&said)?))?;
    Ok(ReportFile { file, path: path.display().to_string() })
}

/// A file goes from hand to hand: what tells of a restricted illness is not in it, whoever writes it.
fn withhold(done: &mut Worked) {
    for (line, numbers) in done.lines.iter().zip(&mut done.numbers) {
        for (column, number) in done.columns.iter().zip(numbers) {
            if line.restricted || column.restricted {
                *number = None;
            }
        }
    }
    let shown = |place: usize| done.numbers.iter().filter_map(|row| row.get(place).copied().flatten()).sum::<i64>();
    let some_hidden = done.lines.iter().any(|line| line.restricted);
    let total = done.columns.iter().zip(&done.total).enumerate().map(|(place, (column, all))| match column {
        _ if column.restricted => None,
        _ if some_hidden => Some(shown(place)),
        _ => *all,
    });
    done.total = total.collect();
}

fn official(done: &Worked, unit: &str, operator: &str, today: chrono::NaiveDate) -> OfficialTable {
    let columns = done.columns.iter().map(|column| (column.group.as_str(), column.label.as_str()));
    let heads = Head::grouped(done.table.head(), columns);
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
