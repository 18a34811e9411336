//! A list on paper: who is to be visited this week, whose agreement goes out by post. For the doctor's bag, not for a wall.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::PaperError;
use crate::frames::refuse_boxes;
use crate::glyphs::make_printable;
use crate::press::{Press, Printed};
use crate::world::LIST;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListColumn {
    /// What stands over it.
    pub label: String,
    /// Its share of the width.
    pub width: u32,
}

/// Rows that belong together, under a heading of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListGroup {
    /// What stands over them, a village for instance.
    pub heading: String,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSheet {
    /// Its title.
    pub title: String,
    /// What it lists, beside the title.
    pub note: String,
    /// Who made it.
    pub issuer: String,
    /// What stands at the foot of every page.
    pub footer: String,
    /// Its columns.
    pub columns: Vec<ListColumn>,
    /// Its rows.
    pub groups: Vec<ListGroup>,
}

impl Press {
    /// The list as a PDF. The same list on the same day gives the same bytes.
    ///
    /// # Errors
    /// [`PaperError::NoCards`] for a list without rows; [`PaperError::Template`] with its line.
    pub fn list_pdf(&self, list: &ListSheet, today: NaiveDate) -> Result<Printed, PaperError> {
        if list.groups.iter().all(|group| group.rows.is_empty()) {
            return Err(PaperError::NoCards);
        }
        let mut sheet: Value = json!({
            "title": list.title, "note": list.note, "issuer": list.issuer, "footer": list.footer,
            "printed": today.format("%Y-%m-%d").to_string(), "columns": list.columns, "groups": list.groups,
        });
        let missing = make_printable(&mut sheet, self.workshop.typefaces, "", &list.title);
        let data = sheet.to_string().into_bytes();
        let document = self.workshop.set(LIST, data.clone(), today)?;
        refuse_boxes(&document)?;
        Self::to_pdf(&document, &data, today).map(|(pdf, pages)| Printed { pdf, pages, missing, withheld: Vec::new() })
    }
}

/// [`Press::list_pdf`] with the built-in templates.
///
/// # Errors
/// As [`Press::list_pdf`].
pub fn list_pdf(list: &ListSheet, today: NaiveDate) -> Result<Printed, PaperError> {
    Press::built_in()?.list_pdf(list, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{ListColumn, ListGroup, ListSheet, list_pdf};
    use crate::PaperError;

    fn sheet(rows: usize) -> ListSheet {
        let column = |label: &str, width| ListColumn { label: label.to_owned(), width };
        let row = |number: usize| vec![format!("张{number}"), "139****0001".to_owned(), "高血压".to_owned()];
        ListSheet {
            title: "随访周计划".to_owned(),
            note: "2026-11-23 至 2026-11-29".to_owned(),
            issuer: "示范镇卫生院".to_owned(),
            footer: "王医生".to_owned(),
            columns: vec![column("姓名", 2), column("电话", 3), column("随访", 3)],
            groups: vec![ListGroup { heading: "王庄".to_owned(), rows: (0..rows).map(row).collect() }],
        }
    }

    #[test]
    fn a_long_list_goes_on_over_the_page_and_the_same_list_is_the_same_file() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let (short, long) = (list_pdf(&sheet(3), today).unwrap(), list_pdf(&sheet(80), today).unwrap());
        assert_eq!(short.pages, 1);
        assert!(long.pages > 1);
        assert_eq!(long.pdf, list_pdf(&sheet(80), today).unwrap().pdf);
        assert!(short.missing.is_empty());
    }

    #[test]
    fn a_list_without_anybody_is_not_printed() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(list_pdf(&sheet(0), today).unwrap_err(), PaperError::NoCards);
    }
}
