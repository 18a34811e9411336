//! What is to be done, counted: the numbers of tables, a cell a village and reason.

use std::collections::BTreeMap;

use mingbai_domain::RecordId;
use rusqlite::params;

use super::todo::json_list;
use super::{blob, id_maybe, text};
use crate::{Reading, StoreError};

/// How often one item occurs in one village for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodoCell {
    /// The item.
    pub item: String,
    /// The village.
    pub village: Option<RecordId>,
    /// Its name.
    pub village_name: String,
    /// The reason, a code or text.
    pub detail: String,
    /// Rows.
    pub rows: i64,
    /// Sum of their numbers.
    pub amount: i64,
}

/// Households by the first part of their reason, each once, and all of them each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodoHomes {
    /// By the first part of the reason.
    pub by_head: BTreeMap<String, i64>,
    /// All of them.
    pub all: i64,
}

impl Reading<'_> {
    /// The households some items name, counted by what stands before `|` in the reason.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_homes(&self, items: &[&str], village: Option<RecordId>) -> Result<TodoHomes, StoreError> {
        const SOME: &str = "from todo where item in (select value from json_each(?1)) and household <> x''
                             and (?2 is null or village = ?2)";
        let mut by_head = self.0.prepare_cached(&format!(
            "select case instr(detail, '|') when 0 then detail else substr(detail, 1, instr(detail, '|') - 1) end as head,
                    count(distinct household) {SOME} group by head"
        ))?;
        let rows =
            by_head.query_map(params![json_list(items), blob(village)], |row| Ok((text(row, 0)?, row.get(1)?)))?;
        let mut all = self.0.prepare_cached(&format!("select count(distinct household) {SOME}"))?;
        let all = all.query_row(params![json_list(items), blob(village)], |row| row.get(0))?;
        Ok(TodoHomes { by_head: rows.collect::<Result<_, _>>()?, all })
    }

    /// Some items counted by village and reason, villages in the order of their codes.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_cells(&self, items: &[&str], village: Option<RecordId>) -> Result<Vec<TodoCell>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select t.item, v.id, v.name, t.detail, t.n, t.amount from
                 (select item, village, detail, count(*) as n, coalesce(sum(amount), 0) as amount
                    from todo where item in (select value from json_each(?1)) and (?2 is null or village = ?2)
                   group by item, village, detail) t
               left join village v on v.id = t.village order by v.code, t.item, t.detail",
        )?;
        let rows = statement.query_map(params![json_list(items), blob(village)], |row| {
            Ok(TodoCell {
                item: text(row, 0)?,
                village: id_maybe(row, 1)?,
                village_name: text(row, 2)?,
                detail: text(row, 3)?,
                rows: row.get(4)?,
                amount: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
