//! Delimited text: its encoding, its separator, its cells. Exports write `="520…"` so that Excel keeps ids whole, and
//! such a cell may hold the separator itself (`="长期慢性病,残疾"`), which a plain CSV reader would split.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{Limits, too_many_cells, too_many_columns, too_many_rows, too_much_memory};
use crate::error::SheetError;
use crate::workbook::{Cell, Format, Sheet, Workbook};

pub(super) fn read(bytes: &[u8], name: &str, limits: Limits) -> Result<Workbook, SheetError> {
    let not_a_table = |found| SheetError::NotASpreadsheet { name: name.to_owned(), found };
    let (text, format) = decode(bytes).ok_or_else(|| not_a_table("无法识别的数据"))?;
    let start = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    if start.is_empty() {
        return Err(SheetError::Empty { name: name.to_owned() });
    }
    if ["<html", "<!doctype", "<table", "<head", "<meta"].iter().any(|tag| start.starts_with(tag)) {
        return Err(not_a_table("网页"));
    }
    if start.starts_with("<?xml") {
        return Err(not_a_table("XML文档"));
    }
    if start.starts_with('{') || start.starts_with("[{") {
        return Err(not_a_table("JSON数据"));
    }
    let separator = separator_of(&text);
    let rows = Splitter { text: text.chars().peekable(), separator, name, limits }.rows()?;
    // A text renamed to .xlsx is prose; a table exported under the wrong extension has rows of the same width.
    let lower = name.to_ascii_lowercase();
    let called_text = [".csv", ".txt", ".tsv"].iter().any(|extension| lower.ends_with(extension));
    if !called_text && !is_tabular(&rows) {
        return Err(not_a_table("纯文本"));
    }
    if !rows.iter().flatten().any(|cell| !cell.is_blank()) {
        return Err(SheetError::Empty { name: name.to_owned() });
    }
    let sheet = Sheet { name: name.to_owned(), rows, merges: Vec::new() };
    Ok(Workbook { name: name.to_owned(), format, sheets: vec![sheet] })
}

/// The text and its encoding: by byte-order mark, then UTF-8 if every byte agrees, then GB18030.
fn decode(bytes: &[u8]) -> Option<(String, Format)> {
    let strict = |encoding: &'static encoding_rs::Encoding, bytes| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
    };
    let (text, format) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (strict(UTF_8, rest)?, Format::CsvUtf8),
        [0xFF, 0xFE, rest @ ..] => (strict(UTF_16LE, rest)?, Format::CsvUtf16),
        [0xFE, 0xFF, rest @ ..] => (strict(UTF_16BE, rest)?, Format::CsvUtf16),
        [0x84, 0x31, 0x95, 0x33, rest @ ..] => (strict(GB18030, rest)?, Format::CsvGb18030),
        _ => match strict(UTF_8, bytes) {
            Some(text) => (text, Format::CsvUtf8),
            None => (strict(GB18030, bytes)?, Format::CsvGb18030),
        },
    };
    let binary = text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{c}' | '\u{1a}'));
    (!binary).then_some((text, format))
}

/// The separator that the first lines use most: comma, tab, semicolon or `|`.
fn separator_of(text: &str) -> char {
    let count = |separator| {
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .take(20)
            .map(|line| line.matches(separator).count())
            .max()
            .unwrap_or(0)
    };
    let most = [',', '\t', ';', '|'].into_iter().rev().max_by_key(|&separator| count(separator));
    most.unwrap_or(',')
}

fn is_tabular(rows: &[Vec<Cell>]) -> bool {
    let widths: Vec<usize> = rows.iter().map(Vec::len).filter(|&width| width > 0).collect();
    let Some(&widest) = widths.iter().max() else { return false };
    let full = widths.iter().filter(|&&width| width * 2 > widest).count();
    widest >= 3 && widths.len() >= 2 && full * 2 > widths.len()
}

/// Splits text into cells. A quote opens a quoted cell at the cell's start or after `=`.
struct Splitter<'a> {
    text: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    name: &'a str,
    limits: Limits,
}

/// What ended a cell.
#[derive(PartialEq)]
enum End {
    Cell,
    Row,
    Text,
}

impl Splitter<'_> {
    fn rows(mut self) -> Result<Vec<Vec<Cell>>, SheetError> {
        let mut rows = Vec::new();
        let mut row = Vec::new();
        let (mut cells, mut memory) = (0, 0);
        loop {
            let (text, end) = self.cell();
            let cell = Cell::from_text(text);
            if row.len() >= self.limits.columns && !cell.is_blank() {
                return Err(too_many_columns(self.name, self.limits));
            }
            if row.len() < self.limits.columns {
                row.push(cell);
            }
            if end == End::Cell {
                continue;
            }
            while row.last() == Some(&Cell::Empty) {
                row.pop();
            }
            // A row of nothing but separators keeps no room.
            if row.capacity() > 2 * row.len() {
                row.shrink_to_fit();
            }
            cells += row.len();
            memory += size_of::<Vec<Cell>>() + row.iter().map(|cell| size_of::<Cell>() + cell.room()).sum::<usize>();
            if memory > self.limits.memory {
                return Err(too_much_memory(self.name, self.limits));
            }
            if cells > self.limits.cells {
                return Err(too_many_cells(self.name, self.limits));
            }
            rows.push(std::mem::take(&mut row));
            if end == End::Text {
                break;
            }
            if rows.len() > self.limits.rows {
                return Err(too_many_rows(self.name, self.limits));
            }
        }
        while rows.last().is_some_and(Vec::is_empty) {
            rows.pop();
        }
        Ok(rows)
    }

    fn cell(&mut self) -> (String, End) {
        let mut text = String::new();
        let formula = self.text.peek() == Some(&'=');
        if formula {
            text.extend(self.text.next());
        }
        if self.text.peek() == Some(&'"') {
            self.text.next();
            let inner = self.quoted();
            if formula {
                text.push('"');
                text.push_str(&inner.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(&inner);
            }
        }
        loop {
            match self.text.next() {
                None | Some('\u{1a}') => return (text, End::Text),
                Some('\n') => return (text, End::Row),
                Some('\r') => {
                    self.text.next_if_eq(&'\n');
                    return (text, End::Row);
                }
                Some(c) if c == self.separator => return (text, End::Cell),
                Some(c) => text.push(c),
            }
        }
    }

    /// Up to the closing quote; a doubled quote is one quote.
    fn quoted(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.text.next() {
            if c == '"' && self.text.next_if_eq(&'"').is_none() {
                break;
            }
            text.push(c);
        }
        text
    }
}
