//! The problem file: the clerk's own rows, the faulty cells coloured, the reasons beside. Corrected, it is imported again
//! as it stands.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::plain::{CellFormats, column_number, display_width, row_number, workbook, write_cell};
use crate::batch::Batch;
use crate::error::SheetError;
use crate::problem::{Problem, Severity};
use crate::workbook::{Cell, Sheet, Workbook, column_letters};

/// Which rows the file holds besides title and header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsShown {
    /// Rows that were rejected: what has to be corrected and imported again.
    Rejected,
    /// Rows with any problem.
    WithProblems,
    /// All rows.
    All,
}

/// Writes the rows of the sheets that were read, with two columns more: 问题说明 and 原表行号.
///
/// # Errors
/// [`SheetError::Write`] beyond Excel's bounds.
pub fn problem_file<D>(
    original: &Workbook,
    batch: &Batch<D>,
    shown: RowsShown,
    created: NaiveDateTime,
) -> Result<Vec<u8>, SheetError> {
    let mut book = workbook(created);
    for (number, found) in batch.headers.iter().enumerate() {
        let Some(sheet) = original.sheets.iter().find(|sheet| sheet.name == found.sheet) else { continue };
        let problems: Vec<&Problem> = batch.problems.iter().filter(|p| p.sheet == sheet.name).collect();
        let page = book.add_worksheet();
        page.set_name(format!("问题{}", number + 1))?;
        write_sheet(page, sheet, found.header.row..found.header.first_data_row, &problems, shown)?;
    }
    if batch.headers.is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

/// Width of the column of reasons, in half-width characters.
const REASON_WIDTH: usize = 66;

fn write_sheet(
    page: &mut rust_xlsxwriter::Worksheet,
    sheet: &Sheet,
    head: std::ops::Range<usize>,
    problems: &[&Problem],
    shown: RowsShown,
) -> Result<(), SheetError> {
    let mut by_row: HashMap<usize, Vec<&Problem>> = HashMap::new();
    for problem in problems {
        by_row.entry((problem.row as usize).saturating_sub(1)).or_default().push(problem);
    }
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
    let (reason_at, row_at) = (column_number(width)?, column_number(width + 1)?);
    let plain = CellFormats::on(&Format::new().set_align(FormatAlign::Top));
    let marked = |color| {
        let base = Format::new()
            .set_background_color(Color::RGB(color))
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::Top);
        CellFormats::on(&base)
    };
    let (red, yellow) = (marked(0xFF_C7_CE), marked(0xFF_EB_9C));
    let label = Format::new().set_bold().set_align(FormatAlign::Center).set_text_wrap();
    let label = CellFormats { text: label.clone(), number: label.clone(), date: label };
    let reason = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_color(Color::RGB(0x9C_00_06));

    for column in 0..width {
        let widest = sheet.rows.iter().take(200).filter_map(|cells| cells.get(column)).map(Cell::text);
        let widest = widest.map(|text| display_width(&text).min(24)).max().unwrap_or(8);
        page.set_column_width(column_number(column)?, widest.max(6) as u32 + 2)?;
    }
    page.set_column_width(reason_at, REASON_WIDTH as u32)?;
    page.set_column_width(row_at, 10)?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);

    let mut at = 0_usize;
    for (row, cells) in sheet.rows.iter().enumerate() {
        let here = by_row.get(&row).map_or(&[][..], Vec::as_slice);
        let data = row >= head.end;
        let wanted = match shown {
            _ if !data => true,
            RowsShown::All => true,
            RowsShown::WithProblems => !here.is_empty(),
            RowsShown::Rejected => here.iter().any(|problem| problem.severity == Severity::Reject),
        };
        if !wanted {
            continue;
        }
        let line = row_number(at)?;
        at += 1;
        for (column, cell) in cells.iter().enumerate() {
            let letters = column_letters(column);
            let worst = here.iter().filter(|p| p.column == letters).map(|p| p.severity).max();
            let formats = match worst {
                _ if head.contains(&row) => &label,
                Some(Severity::Reject) => &red,
                Some(Severity::Warn) => &yellow,
                _ => &plain,
            };
            write_cell(page, line, column_number(column)?, cell, formats)?;
        }
        // A blank cell that must not be blank is coloured too.
        for problem in here.iter().filter(|p| data && p.severity == Severity::Reject && p.value.is_empty()) {
            if let Some(column) = (0..width).find(|&column| column_letters(column) == problem.column) {
                page.write_blank(line, column_number(column)?, &red.text)?;
            }
        }
        if row + 1 == head.end {
            page.write_string_with_format(line, reason_at, "问题说明", &label.text)?;
            page.write_string_with_format(line, row_at, "原表行号", &label.text)?;
            page.set_freeze_panes(row_number(at)?, 0)?;
        } else if data && !here.is_empty() {
            let said: Vec<String> = here.iter().map(|problem| said(problem)).collect();
            let lines: usize = said.iter().map(|text| display_width(text).div_ceil(REASON_WIDTH - 2).max(1)).sum();
            page.set_row_height(line, 15 * row_number(lines.min(20))?)?;
            page.write_string_with_format(line, reason_at, said.join("\n"), &reason)?;
            page.write_number(line, row_at, row_number(row + 1)?)?;
        }
    }
    Ok(())
}

fn said(problem: &Problem) -> String {
    let verdict = if problem.severity == Severity::Reject { "未导入" } else { "请核对" };
    let place = if problem.column.is_empty() { String::new() } else { format!("{}列", problem.column) };
    if problem.header.is_empty() {
        return format!("【{verdict}】{}", problem.message);
    }
    format!("【{verdict}】{place}“{}”：{}", problem.header, problem.message)
}
