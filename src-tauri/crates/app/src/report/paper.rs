//! The paper copy of a table, for the seal.

use mingbai_paper::{TableHead, TableSheet, table_pdf};

use super::{find, texts};
use crate::dto::{ReportFile, ReportRequest};
use crate::error::AppError;
use crate::office::{Context, keep_file};

/// Writes a table as a PDF that says what the screen and the workbook say.
pub(crate) fn print(context: &mut Context<'_>, request: ReportRequest) -> Result<ReportFile, AppError> {
    let report = find(&request.key)?;
    let (table, today) = ((report.make)(context)?, context.host.today());
    let heads = table
        .heads()
        .into_iter()
        .map(|head| TableHead { title: head.title, below: head.below.into_iter().map(|below| below.title).collect() });
    let sheet = TableSheet {
        title: report.title.to_owned(),
        unit: context.profile()?.unit_name.clone(),
        measure: table.measure.to_owned(),
        heads: heads.collect(),
        rows: table.rows.iter().map(|(name, numbers)| texts(name, numbers)).collect(),
        total: texts("合计", &table.totals()),
        notes: table.remarks.clone(),
        filled_by: context.opened()?.operator.name.clone(),
    };
    let printed = table_pdf(&sheet, today)?;
    let name = format!("{}_{}.pdf", report.title, today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &printed.pdf)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
