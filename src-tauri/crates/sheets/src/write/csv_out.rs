//! Delimited text in GB18030, as old systems exchange it. Four-byte characters (𬱖, 𠅤) survive.

use crate::error::SheetError;
use crate::workbook::Cell;

use super::plain::looks_like_formula;

/// Lines with CRLF in GB18030. Text that Excel would run as a formula, and digits it would shorten (ids, codes with
/// leading zeros), are written `="…"`.
///
/// # Errors
/// [`SheetError::Write`] if the text cannot be assembled.
pub fn plain_csv_gb18030(headers: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, SheetError> {
    let failed = |reason: &dyn std::fmt::Display| SheetError::Write { reason: reason.to_string() };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    writer.write_record(headers).map_err(|error| failed(&error))?;
    for cells in rows {
        writer.write_record(cells.iter().map(guarded)).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    let text = String::from_utf8(bytes).map_err(|error| failed(&error))?;
    Ok(encode(&text))
}

pub(super) fn encode(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn guarded(cell: &Cell) -> String {
    let text = cell.text();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let shortened = digits && (text.len() > 11 || (text.len() > 1 && text.starts_with('0')));
    let is_text = matches!(cell, Cell::Text(_) | Cell::Error(_));
    if is_text && (looks_like_formula(&text) || shortened) {
        return format!("=\"{}\"", text.replace('"', "\"\""));
    }
    text
}
