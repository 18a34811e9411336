//! What is to be done, counted: the numbers of tables, a cell a village and reason.

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
    /// Households of these rows.
    pub households: i64,
    /// Sum of their numbers.
    pub amount: i64,
}

impl Reading<'_> {
    /// Some items counted by village and reason, villages in the order of their codes.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_cells(&self, items: &[&str], village: Option<RecordId>) -> Result<Vec<TodoCell>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select t.item, v.id, v.name, t.detail, t.n, t.homes, t.amount from
                 (select item, village, detail, count(*) as n, count(distinct household) as homes,
                         coalesce(sum(amount), 0) as amount
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
                households: row.get(5)?,
                amount: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
