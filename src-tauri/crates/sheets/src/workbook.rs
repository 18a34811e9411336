//! A workbook as it was read: every cell's text kept, and what kind of cell it was.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One cell. Text is kept as it stands in the file, apart from the unwrapping of `="520…"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing there.
    #[default]
    Empty,
    /// Text, every character as in the file.
    Text(String),
    /// A cell that was numeric in Excel: its decimal text at 15 significant digits, which is all Excel keeps. An
    /// 18-digit id in such a cell is destroyed.
    Number(String),
    /// A cell formatted as a date; the time of day is dropped.
    Date(NaiveDate),
    /// 是/否 from a logical cell.
    Bool(bool),
    /// `#N/A`, `#REF!`, …
    Error(String),
}

impl Cell {
    /// What the clerk sees in the cell: dates as `2026-01-15`, logical cells as 是/否.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Number(text) | Self::Error(text) => text.clone(),
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
        }
    }

    /// Bytes of memory that the cell takes besides its place in the row.
    pub(crate) fn room(&self) -> usize {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Error(text) => text.capacity(),
            _ => 0,
        }
    }

    /// Whether nothing, or nothing but spaces, stands in the cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            // Most cells begin with something that is no space.
            Self::Text(text) => text.chars().all(char::is_whitespace),
            _ => false,
        }
    }

    /// A cell of text as CSV and Excel write it: `="520…"` becomes `520…`, a leading apostrophe goes, `#N/A` is an error.
    #[must_use]
    pub(crate) fn from_text(text: String) -> Self {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return if text.is_empty() { Self::Empty } else { Self::Text(text) };
        }
        if let Some(inner) = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
            return if inner.is_empty() { Self::Empty } else { Self::Text(inner.replace("\"\"", "\"")) };
        }
        if let Some(inner) = trimmed.strip_prefix('\'')
            && !inner.is_empty()
            && !inner.contains('\'')
        {
            return Self::Text(inner.to_owned());
        }
        match trimmed {
            "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NULL!" | "#NUM!" | "#GETTING_DATA" => {
                Self::Error(trimmed.to_owned())
            }
            _ => Self::Text(text),
        }
    }

    /// A numeric cell's value as Excel would show it in full.
    #[must_use]
    pub(crate) fn from_number(value: f64) -> Self {
        Self::Number(decimal_text(value))
    }
}

/// The decimal text of a numeric cell at 15 significant digits: `0.1 + 0.2` is `0.3`, 520123199001011234 is
/// `520123199001011000`. Only from about 10²¹ on is scientific notation kept.
fn decimal_text(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{:.14e}", value.abs());
    let sign = if value < 0.0 { "-" } else { "" };
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return value.to_string() };
    let Ok(exponent) = exponent.parse::<i32>() else { return value.to_string() };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if !(-20..=20).contains(&exponent) {
        return format!("{value:E}");
    }
    let point = exponent + 1;
    let text = if point <= 0 {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else {
        let whole = point.unsigned_abs() as usize;
        if digits.len() <= whole {
            format!("{digits}{}", "0".repeat(whole - digits.len()))
        } else {
            digits.chars().enumerate().fold(String::new(), |mut text, (i, c)| {
                if i == whole {
                    text.push('.');
                }
                text.push(c);
                text
            })
        }
    };
    format!("{sign}{text}")
}

/// A merged range, zero-based and inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

/// One sheet. Row 0 of `rows` is row 1 in Excel: empty rows above the content are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The tab's name; the file name for CSV.
    pub name: String,
    /// Rows of cells; a row ends at its last cell that is not empty.
    pub rows: Vec<Vec<Cell>>,
    /// Merged ranges, as the file declares them.
    pub merges: Vec<Merge>,
}

/// A cell where nothing is.
pub(crate) const NOTHING: &Cell = &Cell::Empty;

/// More covered cells than this are not indexed: such merges are decoration, not data.
const MOST_COVERED_CELLS: u64 = 2_000_000;

impl Sheet {
    /// The cell at a zero-based row and column; empty outside the sheet.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(NOTHING)
    }

    /// For every cell covered by a merge, the cell that holds its value. Clerks merge 村 and 户编号 over a household.
    #[must_use]
    pub(crate) fn covered(&self) -> HashMap<(u32, u32), (u32, u32)> {
        let mut covered = HashMap::new();
        let mut budget = MOST_COVERED_CELLS;
        let last = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        for merge in &self.merges {
            let bottom = merge.bottom.min(last);
            let height = u64::from(bottom.saturating_sub(merge.top)) + 1;
            let area = height * (u64::from(merge.right.saturating_sub(merge.left)) + 1);
            let Some(left) = budget.checked_sub(area) else { break };
            budget = left;
            for row in merge.top..=bottom {
                for column in merge.left..=merge.right {
                    if (row, column) != (merge.top, merge.left) {
                        covered.insert((row, column), (merge.top, merge.left));
                    }
                }
            }
        }
        covered
    }
}

/// Everything a file held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workbook {
    /// The file's name as chosen, for messages.
    pub name: String,
    /// What the content was.
    pub format: Format,
    /// The sheets in their order; hidden ones too.
    pub sheets: Vec<Sheet>,
}

/// What a file turned out to be, whatever its name says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Excel 2007 and later.
    #[default]
    Xlsx,
    /// Excel 97–2003.
    Xls,
    /// Text with separators in UTF-8.
    CsvUtf8,
    /// Text with separators in GB18030 (of which GBK and GB2312 are parts).
    CsvGb18030,
    /// Text with separators in UTF-16, Excel's “Unicode 文本”.
    CsvUtf16,
}

/// The letters of a zero-based column: 0 is `A`, 26 is `AA`, 176 is `FU`.
#[must_use]
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, column_letters};

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (46, "AU"), (176, "FU"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn numeric_cells_show_the_fifteen_digits_excel_keeps() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (134_025.1, "134025.1"),
            (-0.05, "-0.05"),
            (46_037.0, "46037"),
            (13_912_345_678.0, "13912345678"),
            (520_123_199_001_011_234.0, "520123199001011000"),
            (110_105_491_231_002.0, "110105491231002"),
            (0.0, "0"),
        ] {
            assert_eq!(Cell::from_number(value), Cell::Number(text.to_owned()));
        }
    }

    #[test]
    fn text_wrapped_as_a_formula_is_unwrapped() {
        assert_eq!(Cell::from_text("=\"520123\"".to_owned()), Cell::Text("520123".to_owned()));
        assert_eq!(Cell::from_text("=\"\"".to_owned()), Cell::Empty);
        assert_eq!(Cell::from_text("'0123".to_owned()), Cell::Text("0123".to_owned()));
        assert_eq!(Cell::from_text(" 张三 ".to_owned()), Cell::Text(" 张三 ".to_owned()));
        assert_eq!(Cell::from_text("#N/A".to_owned()), Cell::Error("#N/A".to_owned()));
    }
}
