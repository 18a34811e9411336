//! Official tables: title, unit and date, heads of several levels, body, total, notes and the line for seal and
//! signatures, set up for A4. Opens in WPS, Excel and LibreOffice.

use chrono::{NaiveDate, NaiveDateTime};
use mingbai_domain::Fen;
use serde::{Deserialize, Serialize};

use super::official_page::Page;
use super::plain::workbook;
use crate::error::SheetError;

/// A head: a column, or a group of columns with heads below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// What stands in it.
    pub title: String,
    /// Heads below; none for a column.
    pub below: Vec<Self>,
}

impl Head {
    /// A column.
    #[must_use]
    pub fn column(title: impl Into<String>) -> Self {
        Self { title: title.into(), below: Vec::new() }
    }

    /// A group of columns.
    #[must_use]
    pub fn group(title: impl Into<String>, below: Vec<Self>) -> Self {
        Self { title: title.into(), below }
    }

    /// The heads of a table: its first column, then columns with their groups (empty for none); neighbours of one group stand
    /// under one head.
    #[must_use]
    pub fn grouped<'c>(first: &str, columns: impl IntoIterator<Item = (&'c str, &'c str)>) -> Vec<Self> {
        let mut heads = vec![Self::column(first)];
        for (group, name) in columns {
            match heads.last_mut().filter(|head| !group.is_empty() && head.title == group) {
                Some(head) => head.below.push(Self::column(name)),
                None if group.is_empty() => heads.push(Self::column(name)),
                None => heads.push(Self::group(group, vec![Self::column(name)])),
            }
        }
        heads
    }

    pub(super) fn depth(&self) -> u32 {
        1 + self.below.iter().map(Self::depth).max().unwrap_or(0)
    }

    pub(super) fn columns(&self) -> usize {
        if self.below.is_empty() { 1 } else { self.below.iter().map(Self::columns).sum() }
    }

    pub(super) fn leaves<'a>(&'a self, into: &mut Vec<&'a str>) {
        if self.below.is_empty() {
            into.push(&self.title);
        }
        for head in &self.below {
            head.leaves(into);
        }
    }
}

/// A value in an official table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum OfficialValue {
    /// Nothing.
    #[default]
    Empty,
    /// Text; written as text whatever it begins with.
    Text(String),
    /// A number of people, households, times.
    Count(i64),
    /// An amount, shown in yuan with two decimals.
    Money(Fen),
    /// A day, shown as `2026-01-15`.
    Date(NaiveDate),
    /// A share, shown in percent with two decimals, half up; `—` when the whole is zero.
    Percent {
        /// The part.
        part: i64,
        /// The whole.
        whole: i64,
    },
}

/// Who signs, at the foot of the table. Blank names leave room for handwriting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealLine {
    /// 填表人.
    pub filled_by: String,
    /// 审核人.
    pub reviewed_by: String,
    /// 单位（盖章）.
    pub unit: String,
    /// 日期; blank leaves `年 月 日`.
    pub date: Option<NaiveDate>,
}

/// A table as the county office wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficialTable {
    /// Large and centred over the table.
    pub title: String,
    /// The tab's name; at most 31 characters, without `[]:*?/\`.
    pub tab: String,
    /// 填报单位.
    pub unit: String,
    /// 制表日期 or 统计截止.
    pub date: Option<NaiveDate>,
    /// 计量单位, e.g. `人`, `人、元`; blank leaves it out.
    pub measure: String,
    /// The heads, left to right.
    pub heads: Vec<Head>,
    /// The rows; each as wide as the heads.
    pub rows: Vec<Vec<OfficialValue>>,
    /// The total row, under the body in bold.
    pub total: Option<Vec<OfficialValue>>,
    /// Notes under the table, each in a line of its own.
    pub notes: Vec<String>,
    /// The line for signatures and seal.
    pub seal: Option<SealLine>,
}

/// Writes official tables, one sheet each. The same tables and moment give the same bytes.
///
/// # Errors
/// [`SheetError::Write`] for a tab name Excel refuses or a table beyond its bounds.
pub fn official_workbook(tables: &[OfficialTable], created: NaiveDateTime) -> Result<Vec<u8>, SheetError> {
    let mut book = workbook(created);
    for table in tables {
        let sheet = book.add_worksheet();
        if !table.tab.is_empty() {
            sheet.set_name(&table.tab)?;
        }
        Page::new(table).write(sheet)?;
    }
    Ok(book.save_to_buffer()?)
}
