//! An official table on paper, for the seal: what goes to the county office beside its electronic copy.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::PaperError;
use crate::frames::refuse_boxes;
use crate::glyphs::make_printable;
use crate::press::{Press, Printed};
use crate::world::TABLE;

/// A head: a column, or a group with columns below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableHead {
    /// What stands in it.
    pub title: String,
    /// Columns below; none for a column.
    pub below: Vec<String>,
}

/// An official table. Rows and total are as wide as the columns of the heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSheet {
    /// Large and centred.
    pub title: String,
    /// 填报单位.
    pub unit: String,
    /// 计量单位.
    pub measure: String,
    /// The heads, left to right.
    pub heads: Vec<TableHead>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// The total row.
    pub total: Vec<String>,
    /// Notes under the table.
    pub notes: Vec<String>,
    /// 填表人.
    pub filled_by: String,
}

impl Press {
    /// The table as a PDF with room for seal and signatures. The same table on the same day gives the same bytes.
    ///
    /// # Errors
    /// [`PaperError::Template`] with its line.
    pub fn table_pdf(&self, table: &TableSheet, today: NaiveDate) -> Result<Printed, PaperError> {
        let mut sheet: Value = json!({
            "title": table.title, "unit": table.unit, "measure": table.measure, "heads": table.heads,
            "rows": table.rows, "total": table.total, "notes": table.notes, "filled_by": table.filled_by,
            "date": today.format("%Y-%m-%d").to_string(),
        });
        let missing = make_printable(&mut sheet, self.workshop.typefaces, "", &table.title);
        let data = sheet.to_string().into_bytes();
        let document = self.workshop.set(TABLE, data.clone(), today)?;
        refuse_boxes(&document)?;
        Self::to_pdf(&document, &data, today).map(|(pdf, pages)| Printed { pdf, pages, missing, withheld: Vec::new() })
    }
}

/// [`Press::table_pdf`] with the built-in templates.
///
/// # Errors
/// As [`Press::table_pdf`].
pub fn table_pdf(table: &TableSheet, today: NaiveDate) -> Result<Printed, PaperError> {
    Press::built_in()?.table_pdf(table, today)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{TableHead, TableSheet, table_pdf};

    fn table(rows: usize) -> TableSheet {
        let head = |title: &str, below: &[&str]| TableHead {
            title: title.to_owned(),
            below: below.iter().map(|&one| one.to_owned()).collect(),
        };
        let row = |name: String| vec![name, "12".to_owned(), "340".to_owned(), "56".to_owned()];
        TableSheet {
            title: "扶贫日活动统计表".to_owned(),
            unit: "示范镇卫生院".to_owned(),
            measure: "场、人".to_owned(),
            heads: vec![head("村", &[]), head("场次", &[]), head("服务", &["人数", "建档立卡"])],
            rows: (0..rows).map(|number| row(format!("村{number}"))).collect(),
            total: row("合计".to_owned()),
            notes: vec!["资料按份计".to_owned()],
            filled_by: "王芳".to_owned(),
        }
    }

    #[test]
    fn a_long_table_goes_on_over_the_page_and_the_same_table_is_the_same_file() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let (short, long) = (table_pdf(&table(3), today).unwrap(), table_pdf(&table(90), today).unwrap());
        assert_eq!(short.pages, 1);
        assert!(long.pages > 1);
        assert_eq!(long.pdf, table_pdf(&table(90), today).unwrap().pdf);
        assert!(short.missing.is_empty());
    }

    #[test]
    fn a_table_of_a_year_without_activities_is_still_a_table() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(table_pdf(&table(0), today).unwrap().pages, 1);
    }
}
