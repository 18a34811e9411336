//! Bytes in, a [`Workbook`] out. What a file is, its content decides; its name only helps the message.

mod container;
mod delimited;
mod excel;

use crate::error::SheetError;
use crate::workbook::Workbook;

/// Bounds on what is read, so that a mistaken or hostile file cannot take the computer down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after decompression, all parts together.
    pub bytes: u64,
    /// Rows of one sheet.
    pub rows: usize,
    /// Columns of one sheet.
    pub columns: usize,
    /// Cells of all sheets that are not empty.
    pub cells: usize,
    /// Bytes of memory for all rows and cells. A small file can say one long text in every row, or something far to the
    /// right in each.
    pub memory: usize,
}

impl Limits {
    /// 200 MB, Excel's own 1,048,576 rows, 1,024 columns, 20 million cells, 500 MB of memory.
    pub const STANDARD: Self = Self {
        bytes: 200 * 1024 * 1024,
        rows: 1_048_576,
        columns: 1_024,
        cells: 20_000_000,
        memory: 500 * 1024 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Reads a table from a file's bytes: .xlsx, .xls, or delimited text in UTF-8, UTF-16 or GB18030.
///
/// # Errors
/// [`SheetError`] when the content is none of these, is empty, damaged, encrypted or beyond [`Limits::STANDARD`].
pub fn read(bytes: &[u8], name: &str) -> Result<Workbook, SheetError> {
    read_within(bytes, name, Limits::STANDARD)
}

/// [`read`] with other bounds.
///
/// # Errors
/// As [`read`].
pub fn read_within(bytes: &[u8], name: &str, limits: Limits) -> Result<Workbook, SheetError> {
    let named = || name.to_owned();
    if bytes.is_empty() {
        return Err(SheetError::Empty { name: named() });
    }
    if bytes.len() as u64 > limits.bytes {
        return Err(too_many_bytes(name, limits));
    }
    let not_a_table = |found| Err(SheetError::NotASpreadsheet { name: named(), found });
    let workbook = match bytes {
        [b'P', b'K', 3, 4, ..] => {
            container::check_zip(bytes, name, limits)?;
            excel::read_xlsx(bytes, name, limits)?
        }
        [b'P', b'K', 5, 6, ..] => return not_a_table("空的压缩包"),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => {
            container::check_compound(bytes, name)?;
            excel::read_xls(bytes, name, limits)?
        }
        [b'%', b'P', b'D', b'F', ..] => return not_a_table("PDF文档"),
        [b'R', b'a', b'r', b'!', ..] => return not_a_table("RAR压缩包"),
        [b'7', b'z', 0xBC, 0xAF, ..] => return not_a_table("7z压缩包"),
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => return not_a_table("图片"),
        _ => delimited::read(bytes, name, limits)?,
    };
    if workbook.sheets.iter().all(|sheet| sheet.rows.iter().flatten().all(crate::workbook::Cell::is_blank)) {
        return Err(SheetError::Empty { name: named() });
    }
    Ok(workbook)
}

fn too_many_bytes(name: &str, limits: Limits) -> SheetError {
    let limit = format!("{}MB", limits.bytes / (1024 * 1024));
    SheetError::TooLarge { name: name.to_owned(), what: "解压后的内容", limit }
}

fn too_many_rows(name: &str, limits: Limits) -> SheetError {
    SheetError::TooLarge { name: name.to_owned(), what: "行数", limit: format!("{}行", limits.rows) }
}

fn too_many_columns(name: &str, limits: Limits) -> SheetError {
    SheetError::TooLarge { name: name.to_owned(), what: "列数", limit: format!("{}列", limits.columns) }
}

fn too_many_cells(name: &str, limits: Limits) -> SheetError {
    SheetError::TooLarge { name: name.to_owned(), what: "单元格数", limit: format!("{}个", limits.cells) }
}

fn too_much_memory(name: &str, limits: Limits) -> SheetError {
    let limit = format!("{}MB", limits.memory / (1024 * 1024));
    SheetError::TooLarge { name: name.to_owned(), what: "读进内存的内容", limit }
}
