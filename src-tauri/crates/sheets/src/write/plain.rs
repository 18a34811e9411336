//! Plain tables: title rows, one row of labels, rows of cells. The shape in which other systems export.

use chrono::NaiveDateTime;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Workbook, Worksheet};

use crate::error::SheetError;
use crate::labels::Labels;
use crate::memory::Mapping;
use crate::profile::SheetDraft;
use crate::workbook::Cell;

/// A workbook of one sheet: titles in rows of their own, then labels, then rows. Text stays text whatever it begins with.
///
/// # Errors
/// [`SheetError::Write`] beyond Excel's bounds.
pub fn plain_xlsx(
    titles: &[&str],
    headers: &[&str],
    rows: &[Vec<Cell>],
    created: NaiveDateTime,
) -> Result<Vec<u8>, SheetError> {
    let mut book = workbook(created);
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let label = bold.clone().set_align(FormatAlign::Center).set_text_wrap();
    let mut at = 0_u32;
    for title in titles {
        sheet.write_string_with_format(at, 0, *title, &bold)?;
        at += 1;
    }
    for (column, header) in headers.iter().enumerate() {
        sheet.write_string_with_format(at, column_number(column)?, *header, &label)?;
        let width = rows
            .iter()
            .take(200)
            .filter_map(|cells| cells.get(column))
            .map(|cell| display_width(&cell.text()))
            .chain([display_width(header)])
            .max()
            .unwrap_or(8);
        sheet.set_column_width(column_number(column)?, width.clamp(6, 40) as u32 + 2)?;
    }
    at += 1;
    sheet.set_freeze_panes(at, 0)?;
    let formats = CellFormats::plain();
    for cells in rows {
        for (column, cell) in cells.iter().enumerate() {
            write_cell(sheet, at, column_number(column)?, cell, &formats)?;
        }
        at += 1;
    }
    Ok(book.save_to_buffer()?)
}

/// Drafts as the rows of a table with the given labels (titles, synonyms or keys of the profile's columns). A label the
/// profile does not know is an empty column.
#[must_use]
pub fn rows_of<D: SheetDraft>(labels: &[&str], drafts: &[D]) -> Vec<Vec<Cell>> {
    let known = Labels::new(D::PROFILE, &Mapping::default());
    let positions: Vec<Option<usize>> = labels
        .iter()
        .map(|label| known.position(label).or_else(|| D::PROFILE.columns.iter().position(|c| c.key == *label)))
        .collect();
    drafts
        .iter()
        .map(|draft| {
            let cells = draft.cells();
            positions.iter().map(|p| p.and_then(|p| cells.get(p)).cloned().unwrap_or_default()).collect()
        })
        .collect()
}

/// A workbook whose file depends on nothing but its content and the moment given.
pub(super) fn workbook(created: NaiveDateTime) -> Workbook {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_author("明白账").set_creation_datetime(&created));
    book
}

/// Formats by what a cell holds.
pub(super) struct CellFormats {
    pub(super) text: Format,
    pub(super) number: Format,
    pub(super) date: Format,
}

impl CellFormats {
    pub(super) fn plain() -> Self {
        Self::on(&Format::new())
    }

    pub(super) fn on(base: &Format) -> Self {
        Self {
            text: base.clone().set_num_format("@"),
            number: base.clone(),
            date: base.clone().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// Whether Excel would take the text for a formula if somebody edited the cell or opened the text as CSV.
pub(super) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Writes a cell as what it is. Text is always a string, and one that begins like a formula carries the quote prefix so
/// that it stays one when edited.
pub(super) fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &CellFormats,
) -> Result<(), SheetError> {
    match cell {
        Cell::Empty => {}
        Cell::Date(date) => {
            sheet.write_datetime_with_format(row, column, *date, &formats.date)?;
        }
        Cell::Number(text) if text.len() <= 15 && text.parse::<f64>().is_ok() => {
            // The file format stores numbers as floating point; 15 digits survive it.
            sheet.write_number_with_format(row, column, text.parse::<f64>().unwrap_or_default(), &formats.number)?;
        }
        _ => {
            let text = cell.text();
            if looks_like_formula(&text) {
                sheet.write_string_with_format(row, column, text, &formats.text.clone().set_quote_prefix())?;
            } else {
                sheet.write_string_with_format(row, column, text, &formats.text)?;
            }
        }
    }
    Ok(())
}

pub(super) fn column_number(column: usize) -> Result<u16, SheetError> {
    u16::try_from(column).map_err(|_| SheetError::Write { reason: "列数超过Excel上限".to_owned() })
}

pub(super) fn row_number(row: usize) -> Result<u32, SheetError> {
    u32::try_from(row).map_err(|_| SheetError::Write { reason: "行数超过Excel上限".to_owned() })
}

/// Width in half-width characters.
pub(super) fn display_width(text: &str) -> usize {
    text.lines().map(|line| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()).max().unwrap_or(0)
}
