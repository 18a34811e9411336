//! The page of an official table: formats, widths, heads, body, print set-up.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

use super::official::{Head, OfficialTable, OfficialValue, SealLine};
use super::plain::{column_number, display_width, looks_like_formula, row_number};
use crate::error::SheetError;

const BODY_FONT: &str = "宋体";
const HEAD_FONT: &str = "黑体";
/// Widths (in characters) that fill the printed width of A4 landscape at 100 %.
const PAGE_WIDTH: usize = 126;
const NARROWEST: usize = 8;
const WIDEST: usize = 42;
const A4: u8 = 9;

/// One table with its formats and widths.
pub(super) struct Page<'a> {
    table: &'a OfficialTable,
    widths: Vec<usize>,
    cell: Format,
    head: Format,
    loose: Format,
}

impl<'a> Page<'a> {
    pub(super) fn new(table: &'a OfficialTable) -> Self {
        let middle = Format::new().set_font_name(BODY_FONT).set_font_size(11).set_align(FormatAlign::VerticalCenter);
        let cell = middle.clone().set_border(FormatBorder::Thin);
        let head = cell.clone().set_font_name(HEAD_FONT).set_bold().set_align(FormatAlign::Center).set_text_wrap();
        Self { table, widths: widths(table), cell, head, loose: middle }
    }

    fn last_column(&self) -> usize {
        self.widths.len().saturating_sub(1)
    }

    pub(super) fn write(&self, sheet: &mut Worksheet) -> Result<(), SheetError> {
        for (column, width) in self.widths.iter().enumerate() {
            sheet.set_column_width(column_number(column)?, *width as u32)?;
        }
        let last = self.last_column();
        let title = Format::new()
            .set_font_name("方正小标宋简体")
            .set_font_size(20)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        span(sheet, (0, 0), (0, last), &self.table.title, &title)?;
        let fits = self.widths.iter().sum::<usize>() * 11 >= display_width(&self.table.title) * 20;
        sheet.set_row_height(0, if fits { 36 } else { 64 })?;
        self.write_unit_line(sheet, 1)?;
        let depth = self.table.heads.iter().map(Head::depth).max().unwrap_or(1);
        self.write_heads(sheet, 2, depth)?;
        let mut row = 2 + depth;
        sheet.set_freeze_panes(row, 0)?;
        sheet.set_repeat_rows(0, row - 1)?;
        for values in &self.table.rows {
            self.write_values(sheet, row, values, false)?;
            row += 1;
        }
        if let Some(total) = &self.table.total {
            self.write_values(sheet, row, total, true)?;
            row += 1;
        }
        let note = self.loose.clone().set_font_size(10).set_text_wrap().set_align(FormatAlign::Left);
        let page: usize = self.widths.iter().sum();
        for text in &self.table.notes {
            span(sheet, (row, 0), (row, last), text, &note)?;
            sheet.set_row_height(row, 16 * lines(text, page) + 2)?;
            row += 1;
        }
        if let Some(seal) = &self.table.seal {
            self.write_seal(sheet, row, seal)?;
        }
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
        sheet.set_margins(0.5, 0.5, 0.7, 0.7, 0.3, 0.35);
        sheet.set_footer("&C&\"宋体,Regular\"&10第 &P 页，共 &N 页");
        Ok(())
    }

    /// 填报单位 on the left, the date in the middle, the unit of measure on the right.
    fn write_unit_line(&self, sheet: &mut Worksheet, row: u32) -> Result<(), SheetError> {
        let table = self.table;
        let unit = if table.unit.is_empty() { String::new() } else { format!("填报单位：{}", table.unit) };
        let date = table.date.map(|date| format!("制表日期：{}", chinese_date(date))).unwrap_or_default();
        let measure = if table.measure.is_empty() { String::new() } else { format!("单位：{}", table.measure) };
        let parts = [(unit, FormatAlign::Left), (date, FormatAlign::Center), (measure, FormatAlign::Right)];
        self.write_parts(sheet, row, &parts)?;
        sheet.set_row_height(row, 20)?;
        Ok(())
    }

    fn write_seal(&self, sheet: &mut Worksheet, row: u32, seal: &SealLine) -> Result<(), SheetError> {
        let date = seal.date.map_or_else(|| "    年    月    日".to_owned(), chinese_date);
        let parts = [
            (format!("填表人：{}", seal.filled_by), FormatAlign::Left),
            (format!("审核人：{}", seal.reviewed_by), FormatAlign::Left),
            (format!("单位（盖章）：{}", seal.unit), FormatAlign::Left),
            (format!("日期：{date}"), FormatAlign::Right),
        ];
        self.write_parts(sheet, row, &parts)?;
        sheet.set_row_height(row, 32)?;
        Ok(())
    }

    /// Several texts in one line across the table, each over columns of about its share of the width.
    fn write_parts(&self, sheet: &mut Worksheet, row: u32, parts: &[(String, FormatAlign)]) -> Result<(), SheetError> {
        let columns = self.widths.len();
        if columns < parts.len() {
            let joined: Vec<&str> =
                parts.iter().map(|(text, _)| text.as_str()).filter(|text| !text.is_empty()).collect();
            return span(sheet, (row, 0), (row, self.last_column()), &joined.join("    "), &self.loose);
        }
        let wanted: Vec<usize> = parts.iter().map(|(text, _)| display_width(text).max(6) + 2).collect();
        let (whole, page): (usize, usize) = (wanted.iter().sum(), self.widths.iter().sum());
        let mut first = 0;
        let (mut share, mut filled) = (0, 0);
        for (index, ((text, align), want)) in parts.iter().zip(&wanted).enumerate() {
            share += want;
            let left_over = parts.len() - index - 1;
            let mut end = first;
            filled += self.widths.get(first).copied().unwrap_or(0);
            while end + 1 < columns - left_over && (left_over == 0 || filled * whole < share * page) {
                end += 1;
                filled += self.widths.get(end).copied().unwrap_or(0);
            }
            span(sheet, (row, first), (row, end), text, &self.loose.clone().set_align(*align))?;
            first = end + 1;
        }
        Ok(())
    }

    fn write_heads(&self, sheet: &mut Worksheet, top: u32, depth: u32) -> Result<(), SheetError> {
        let mut column = 0;
        for head in &self.table.heads {
            self.write_head(sheet, head, (top, column), top + depth - 1)?;
            column += head.columns();
        }
        let mut titles = Vec::new();
        for head in &self.table.heads {
            head.leaves(&mut titles);
        }
        let tallest = titles.iter().zip(&self.widths).map(|(title, width)| lines(title, *width)).max().unwrap_or(1);
        for row in top..top + depth {
            // A column without groups may use all rows of the heads.
            let lines = if row + 1 == top + depth { tallest } else { 1 };
            sheet.set_row_height(row, 16 * lines + 8)?;
        }
        Ok(())
    }

    fn write_head(
        &self,
        sheet: &mut Worksheet,
        head: &Head,
        (row, column): (u32, usize),
        last_row: u32,
    ) -> Result<(), SheetError> {
        let bottom = if head.below.is_empty() { last_row } else { row };
        span(sheet, (row, column), (bottom, column + head.columns() - 1), &head.title, &self.head)?;
        let mut at = column;
        for below in &head.below {
            self.write_head(sheet, below, (row + 1, at), last_row)?;
            at += below.columns();
        }
        Ok(())
    }

    fn write_values(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        values: &[OfficialValue],
        total: bool,
    ) -> Result<(), SheetError> {
        let base = if total { self.cell.clone().set_bold() } else { self.cell.clone() };
        // `_ ` in a number format leaves the width of a space between the figure and the line.
        let right = base.clone().set_align(FormatAlign::Right);
        let mut tallest = 1;
        for (index, width) in self.widths.iter().enumerate() {
            let column = column_number(index)?;
            match values.get(index).unwrap_or(&OfficialValue::Empty) {
                OfficialValue::Empty => {
                    sheet.write_blank(row, column, &base)?;
                }
                OfficialValue::Text(text) => {
                    // Short labels stand in the middle, sentences on the left.
                    let short = display_width(text) + 2 <= *width && display_width(text) <= 16;
                    let align = if short { FormatAlign::Center } else { FormatAlign::Left };
                    let mut format = base.clone().set_align(align).set_text_wrap();
                    if !short {
                        format = format.set_indent(1);
                    }
                    if looks_like_formula(text) {
                        format = format.set_quote_prefix();
                    }
                    sheet.write_string_with_format(row, column, text, &format)?;
                    tallest = tallest.max(lines(text, *width));
                }
                OfficialValue::Count(count) => {
                    write_number(sheet, row, column, *count, 1, &right.clone().set_num_format("#,##0_ "))?;
                }
                OfficialValue::Money(amount) => {
                    write_number(sheet, row, column, amount.0, 100, &right.clone().set_num_format("#,##0.00_ "))?;
                }
                OfficialValue::Date(date) => {
                    let format = base.clone().set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd");
                    sheet.write_datetime_with_format(row, column, *date, &format)?;
                }
                OfficialValue::Percent { part, whole } => match basis_points(*part, *whole) {
                    Some(points) => {
                        write_number(sheet, row, column, points, 10_000, &right.clone().set_num_format("0.00%_ "))?;
                    }
                    None => {
                        sheet.write_string_with_format(row, column, "—", &right.clone().set_indent(1))?;
                    }
                },
            }
        }
        sheet.set_row_height(row, (15 * tallest + 5).max(21))?;
        Ok(())
    }
}

/// Writes an exact number; the file format keeps numbers as floating point, which holds 15 digits.
fn write_number(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    number: i64,
    divisor: i32,
    format: &Format,
) -> Result<(), SheetError> {
    sheet.write_number_with_format(row, column, number as f64 / f64::from(divisor), format)?;
    Ok(())
}

/// Hundredths of a percent, half up.
fn basis_points(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * 20_000 + whole).div_euclid(2 * whole)).ok()
}

fn chinese_date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Lines a text takes in a column of a width.
fn lines(text: &str, width: usize) -> u32 {
    let room = width.saturating_sub(1).max(1);
    let count: usize = text.split('\n').map(|line| display_width(line).div_ceil(room).max(1)).sum();
    u32::try_from(count.min(20)).unwrap_or(20)
}

/// Widths of the columns: as wide as their content, spread to fill the page when the table is narrow.
fn widths(table: &OfficialTable) -> Vec<usize> {
    let mut titles = Vec::new();
    for head in &table.heads {
        head.leaves(&mut titles);
    }
    let mut widths: Vec<usize> = titles.iter().map(|title| display_width(title).min(14) + 2).collect();
    for values in table.rows.iter().chain(&table.total) {
        for (width, value) in widths.iter_mut().zip(values) {
            *width = (*width).max(value_width(value) + 3);
        }
    }
    for width in &mut widths {
        *width = (*width).clamp(NARROWEST, WIDEST);
    }
    let sum: usize = widths.iter().sum::<usize>().max(1);
    if sum < PAGE_WIDTH {
        for width in &mut widths {
            *width = (*width * PAGE_WIDTH / sum).min(WIDEST);
        }
    }
    widths
}

fn value_width(value: &OfficialValue) -> usize {
    match value {
        OfficialValue::Empty => 0,
        OfficialValue::Text(text) => display_width(text),
        OfficialValue::Count(count) => count.to_string().len() * 4 / 3,
        OfficialValue::Money(amount) => amount.to_string().len(),
        OfficialValue::Date(_) => 10,
        OfficialValue::Percent { .. } => 7,
    }
}

/// Writes a text over a range, merged when it is more than one cell. Always as a string.
fn span(
    sheet: &mut Worksheet,
    (top, left): (u32, usize),
    (bottom, right): (u32, usize),
    text: &str,
    format: &Format,
) -> Result<(), SheetError> {
    let format = if looks_like_formula(text) { &format.clone().set_quote_prefix() } else { format };
    let (left, right) = (column_number(left)?, column_number(right)?);
    row_number(bottom as usize)?;
    if (top, left) == (bottom, right) {
        sheet.write_string_with_format(top, left, text, format)?;
    } else {
        sheet.merge_range(top, left, bottom, right, "", format)?;
        sheet.write_string_with_format(top, left, text, format)?;
    }
    Ok(())
}
