//! Official tables: on the screen exactly as in the file and on paper.

mod activity;
mod disease;
mod paper;

use chrono::NaiveDate;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};

use crate::command::Bytes;
use crate::dto::{Empty, ReportFile, ReportList, ReportRequest, ReportRow, ReportView};
use crate::error::AppError;
use crate::office::{Context, keep_file};

pub(crate) use paper::print;

/// A table of counts: a line a village, heads of one or two storeys, a total.
struct Table {
    /// What the first column holds.
    first: &'static str,
    /// Group and column heads; a column without a group stands alone.
    columns: Vec<(&'static str, &'static str)>,
    rows: Vec<(String, Vec<i64>)>,
    remarks: Vec<String>,
    /// The tab's name and the measure, `户、人`.
    tab: &'static str,
    measure: &'static str,
}

/// One table of the list.
struct Report {
    key: &'static str,
    title: &'static str,
    about: &'static str,
    make: fn(&Context<'_>) -> Result<Table, AppError>,
}

const REPORTS: [&Report; 2] = [&disease::REPORT, &activity::REPORT];

pub(crate) fn list(_: &mut Context<'_>, _: Empty) -> Result<ReportList, AppError> {
    let row = |report: &&Report| ReportRow {
        key: report.key.to_owned(),
        title: report.title.to_owned(),
        about: report.about.to_owned(),
    };
    Ok(ReportList { rows: REPORTS.iter().map(row).collect() })
}

fn find(key: &str) -> Result<&'static Report, AppError> {
    REPORTS.into_iter().find(|report| report.key == key).ok_or_else(|| AppError::not_found("报表"))
}

impl Table {
    fn totals(&self) -> Vec<i64> {
        let mut sum = vec![0; self.columns.len()];
        for (_, numbers) in &self.rows {
            sum.iter_mut().zip(numbers).for_each(|(total, number)| *total += number);
        }
        sum
    }

    /// The heads with what stands below each.
    fn heads(&self) -> Vec<Head> {
        Head::grouped(self.first, self.columns.iter().copied())
    }
}

fn texts(name: &str, numbers: &[i64]) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(numbers.iter().map(i64::to_string)).collect()
}

pub(crate) fn view(context: &mut Context<'_>, request: ReportRequest) -> Result<ReportView, AppError> {
    let report = find(&request.key)?;
    let table = (report.make)(context)?;
    let columns = table.columns.iter().map(|(group, name)| format!("{group} {name}").trim_start().to_owned());
    Ok(ReportView {
        key: request.key,
        title: report.title.to_owned(),
        unit: context.profile()?.unit_name.clone(),
        on: context.host.today(),
        columns: std::iter::once(table.first.to_owned()).chain(columns).collect(),
        rows: table.rows.iter().map(|(name, numbers)| texts(name, numbers)).collect(),
        total: texts("合计", &table.totals()),
        remarks: table.remarks,
    })
}

fn official(title: &str, table: &Table, unit: &str, operator: &str, today: NaiveDate) -> OfficialTable {
    let row = |name: &str, numbers: &[i64]| {
        let counts = numbers.iter().copied().map(OfficialValue::Count);
        std::iter::once(OfficialValue::Text(name.to_owned())).chain(counts).collect::<Vec<_>>()
    };
    OfficialTable {
        title: title.to_owned(),
        tab: table.tab.to_owned(),
        unit: unit.to_owned(),
        date: Some(today),
        measure: table.measure.to_owned(),
        heads: table.heads(),
        rows: table.rows.iter().map(|(name, numbers)| row(name, numbers)).collect(),
        total: Some(row("合计", &table.totals())),
        notes: table.remarks.clone(),
        seal: Some(SealLine { filled_by: operator.to_owned(), unit: unit.to_owned(), ..SealLine::default() }),
    }
}

/// The table as it goes out: its file name and its bytes. The same table on the same day is the same file.
pub(crate) fn workbook(context: &Context<'_>, request: &ReportRequest) -> Result<(String, Vec<u8>), AppError> {
    let report = find(&request.key)?;
    let (table, today) = ((report.make)(context)?, context.host.today());
    let operator = &context.opened()?.operator.name;
    let table = official(report.title, &table, &context.profile()?.unit_name, operator, today);
    let bytes = official_workbook(&[table], today.and_time(chrono::NaiveTime::MIN))?;
    Ok((format!("{}_{}.xlsx", report.title, today.format("%Y%m%d")), bytes))
}

pub(crate) fn xlsx(context: &mut Context<'_>, request: ReportRequest) -> Result<Bytes, AppError> {
    let (name, data) = workbook(context, &request)?;
    Ok(Bytes { mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, data })
}

pub(crate) fn write(context: &mut Context<'_>, request: ReportRequest) -> Result<ReportFile, AppError> {
    let (name, bytes) = workbook(context, &request)?;
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
