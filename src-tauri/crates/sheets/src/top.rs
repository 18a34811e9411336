//! The texts of a sheet's upper rows as labels are compared, each worked out once however many profiles are looked for.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::labels::label_key;
use crate::workbook::Sheet;

/// A cell's text, and the form in which it is compared.
#[derive(Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) key: String,
}

impl Text {
    pub(crate) const NONE: &Self = &Self { text: String::new(), key: String::new() };

    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The rows of a sheet down to one that may be its header.
pub(crate) struct Top<'s> {
    pub(crate) sheet: &'s Sheet,
    covered: HashMap<(u32, u32), (u32, u32)>,
    rows: Vec<OnceCell<Vec<Text>>>,
}

impl<'s> Top<'s> {
    /// The first so many rows of a sheet.
    pub(crate) fn new(sheet: &'s Sheet, rows: usize) -> Self {
        let rows = sheet.rows.len().min(rows);
        Self { sheet, covered: sheet.covered(), rows: std::iter::repeat_with(OnceCell::new).take(rows).collect() }
    }

    /// The cells of a row; none below the last.
    pub(crate) fn row(&self, row: usize) -> &[Text] {
        let Some(known) = self.rows.get(row) else { return &[] };
        known.get_or_init(|| {
            let cells = self.sheet.rows.get(row).map_or(&[][..], Vec::as_slice).iter();
            let text = |text: String| Text { key: label_key(&text), text };
            cells.map(|cell| text(cell.text())).collect()
        })
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> &Text {
        self.row(row).get(column).unwrap_or(Text::NONE)
    }

    /// The cell that holds the value of one that a merge covers.
    pub(crate) fn holder(&self, row: usize, column: usize) -> Option<&Text> {
        let at = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
        let (top, left) = self.covered.get(&at)?;
        Some(self.cell(*top as usize, *left as usize))
    }
}
