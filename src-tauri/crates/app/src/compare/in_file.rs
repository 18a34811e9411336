//! What a file says of itself: `合计303户1110人` in its title, its total rows and its notes.

use mingbai_sheets::header::MappedColumn;
use mingbai_sheets::value::{half_width, tidy};
use mingbai_sheets::{Batch, Cell, Sheet, Workbook};

use super::totals::{self, Said};

/// What a file says of itself: in its titles, its total rows and its notes.
pub(crate) fn in_file<D>(workbook: &Workbook, batch: &Batch<D>) -> Vec<Said> {
    let mut found = Vec::new();
    for sheet in &workbook.sheets {
        let Some(header) = batch.headers.iter().find(|header| header.sheet == sheet.name) else { continue };
        for row in 0..header.header.row {
            for cell in sheet.rows.get(row).into_iter().flatten() {
                found.extend(totals::read(&cell.text(), &format!("第{}行", row + 1)));
            }
        }
        let of_sheet = batch.ignored.iter().filter(|row| row.sheet == sheet.name);
        for row in of_sheet.filter(|row| ["合计行", "说明行"].contains(&row.reason)) {
            // Sums of a page or a village are not those of the list.
            if ["小计", "本页"].iter().any(|word| row.text.starts_with(word)) {
                continue;
            }
            let place = format!("第{}行", row.row);
            let at = usize::try_from(row.row).unwrap_or_default().saturating_sub(1);
            let cells = sheet.rows.get(at).into_iter().flatten();
            let line = cells.map(Cell::text).collect::<Vec<_>>().join("；");
            found.extend(totals::read(&line, &place));
            if row.reason == "合计行" {
                found.extend(under_heads(sheet, at, &header.header.columns, &place));
            }
        }
    }
    found.dedup();
    found
}

/// Bare numbers of a total row under 户编号 and 姓名 count households and people.
fn under_heads(sheet: &Sheet, row: usize, columns: &[MappedColumn], place: &str) -> Option<Said> {
    let under = |key: &str| {
        let column = columns.iter().find(|column| column.key == key)?;
        let text = half_width(&tidy(&sheet.cell(row, column.index).text())).replace(',', "");
        text.trim_end_matches(".0").parse::<i64>().ok()
    };
    let (households, people) = (under("household_number"), under("name"));
    let any = households.is_some() || people.is_some();
    any.then(|| Said { place: place.to_owned(), whom: totals::Whom::All, households, people })
}
