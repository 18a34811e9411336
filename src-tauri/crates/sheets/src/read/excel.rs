//! .xlsx and .xls. Cells are taken one by one, so a wrong dimension tag (common in exports) does not matter.

use std::collections::HashMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, DataType, Dimensions, Reader, SheetType, Xls, XlsError, Xlsx, XlsxError};

use super::{Limits, too_many_cells, too_many_columns, too_many_rows, too_much_memory};
use crate::error::SheetError;
use crate::workbook::{Cell, Format, Merge, Sheet, Workbook};

/// Runs a reader over a foreign file; a panic in it means the file is damaged, not that we stop.
fn guarded<T>(name: &str, work: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(SheetError::Damaged { name: name.to_owned() }))
}

/// Rows that grow as cells arrive, within the bounds.
struct Grid<'a> {
    name: &'a str,
    limits: Limits,
    rows: Vec<Vec<Cell>>,
    taken: &'a mut Taken,
}

/// How much the sheets of one workbook take so far.
#[derive(Default)]
struct Taken {
    cells: usize,
    memory: usize,
}

impl Grid<'_> {
    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), SheetError> {
        if cell == Cell::Empty {
            return Ok(());
        }
        let (row, column) = (row as usize, column as usize);
        if row >= self.limits.rows {
            return Err(too_many_rows(self.name, self.limits));
        }
        if column >= self.limits.columns {
            // Blank text far to the right is formatting debris, not a table that is too wide.
            if cell.is_blank() {
                return Ok(());
            }
            return Err(too_many_columns(self.name, self.limits));
        }
        self.taken.cells += 1;
        if self.taken.cells > self.limits.cells {
            return Err(too_many_cells(self.name, self.limits));
        }
        let width = self.rows.last().map_or(0, Vec::len);
        let before = self.rows.get(row).map_or(0, Vec::len);
        let (rows, places) = ((row + 1).saturating_sub(self.rows.len()), (column + 1).saturating_sub(before));
        self.taken.memory += rows * size_of::<Vec<Cell>>() + places * size_of::<Cell>() + cell.room();
        if self.taken.memory > self.limits.memory {
            return Err(too_much_memory(self.name, self.limits));
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.capacity() == 0 {
                // Most rows are as wide as the one above.
                cells.reserve_exact(width.max(column + 1));
            }
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }
}

pub(super) fn read_xlsx(bytes: &[u8], name: &str, limits: Limits) -> Result<Workbook, SheetError> {
    guarded(name, || {
        std::thread::scope(|scope| {
            // Merges stand behind all cells, and the reader goes through the whole sheet once more for them.
            let merges = scope.spawn(|| merges_of_xlsx(bytes));
            let mut sheets = cells_of_xlsx(bytes, name, limits)?;
            let mut merges = merges.join().map_err(|_| SheetError::Damaged { name: name.to_owned() })?;
            for sheet in &mut sheets {
                sheet.merges = merges.remove(&sheet.name).unwrap_or_default();
            }
            Ok(Workbook { name: name.to_owned(), format: Format::Xlsx, sheets })
        })
    })
}

/// Every worksheet, without its merges.
fn cells_of_xlsx(bytes: &[u8], name: &str, limits: Limits) -> Result<Vec<Sheet>, SheetError> {
    let refuse = |error| refuse_xlsx(&error, name);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refuse)?;
    let mut sheets = Vec::new();
    let mut taken = Taken::default();
    for tab in worksheet_names(book.sheets_metadata()) {
        let mut grid = Grid { name, limits, rows: Vec::new(), taken: &mut taken };
        let mut reader = match book.worksheet_cells_reader(&tab) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(refuse_xlsx(&error, name)),
        };
        while let Some(cell) = reader.next_cell().map_err(refuse)? {
            let (row, column) = cell.get_position();
            grid.put(row, column, from_xlsx(cell.get_value()))?;
        }
        sheets.push(Sheet { name: tab, rows: grid.rows, merges: Vec::new() });
    }
    Ok(sheets)
}

/// The merges of every worksheet that says any and can be read.
fn merges_of_xlsx(bytes: &[u8]) -> HashMap<String, Vec<Merge>> {
    let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) else { return HashMap::new() };
    let names = worksheet_names(book.sheets_metadata()).into_iter();
    names.filter_map(|tab| book.merge_cells_by_sheet_name(&tab).ok().map(|found| (tab, merges(&found)))).collect()
}

pub(super) fn read_xls(bytes: &[u8], name: &str, limits: Limits) -> Result<Workbook, SheetError> {
    guarded(name, || {
        let refuse = |error| match error {
            XlsError::Password => SheetError::Encrypted { name: name.to_owned() },
            _ => SheetError::Damaged { name: name.to_owned() },
        };
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(refuse)?;
        let mut sheets = Vec::new();
        let mut taken = Taken::default();
        for tab in worksheet_names(book.sheets_metadata()) {
            let mut grid = Grid { name, limits, rows: Vec::new(), taken: &mut taken };
            let range = book.worksheet_range(&tab).map_err(refuse)?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let at = |offset: usize, start: u32| start + u32::try_from(offset).unwrap_or(u32::MAX - start);
                grid.put(at(row, top), at(column, left), from_xls(value))?;
            }
            let rows = grid.rows;
            let merges = book.merge_cells_by_sheet_name(&tab).map(|found| merges(&found)).unwrap_or_default();
            sheets.push(Sheet { name: tab, rows, merges });
        }
        Ok(Workbook { name: name.to_owned(), format: Format::Xls, sheets })
    })
}

fn worksheet_names(sheets: &[calamine::Sheet]) -> Vec<String> {
    sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
}

fn refuse_xlsx(error: &XlsxError, name: &str) -> SheetError {
    match error {
        XlsxError::Password => SheetError::Encrypted { name: name.to_owned() },
        _ => SheetError::Damaged { name: name.to_owned() },
    }
}

fn merges(found: &[Dimensions]) -> Vec<Merge> {
    found
        .iter()
        .map(|d| Merge { top: d.start.0, left: d.start.1, bottom: d.end.0, right: d.end.1 })
        .filter(|m| m.top <= m.bottom && m.left <= m.right)
        .collect()
}

fn from_xlsx(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::from_text(text.clone()),
        DataRef::SharedString(text) => Cell::from_text((*text).to_owned()),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => Cell::from_number(*number),
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::DateTime(serial) => from_serial(serial, value),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            value.as_date().map_or_else(|| Cell::from_text(text.clone()), Cell::Date)
        }
    }
}

fn from_xls(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::from_text(text.clone()),
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => Cell::from_number(*number),
        Data::Bool(truth) => Cell::Bool(*truth),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::DateTime(serial) => from_serial(serial, value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            value.as_date().map_or_else(|| Cell::from_text(text.clone()), Cell::Date)
        }
    }
}

/// A cell with a date format. A whole number far outside the calendar (`20260115` in a date column, an id) is a number
/// that happens to be formatted so; a bare time of day is kept as a number too.
fn from_serial(serial: &calamine::ExcelDateTime, value: &impl DataType) -> Cell {
    let days = serial.as_f64();
    if serial.is_datetime()
        && (1.0..2_958_466.0).contains(&days)
        && let Some(date) = value.as_date()
    {
        return Cell::Date(date);
    }
    Cell::from_number(days)
}
