//! What is to be done, as it was worked out: counts, lists and shares.

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use rusqlite::{Row as SqlRow, named_params};

use super::{HEAD, blob, date, id, id_maybe, id_or_none, text};
use crate::{Reading, StoreError};

/// How often one item occurs in one village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodoCount {
    /// The item.
    pub item: String,
    /// The village or the reason it was counted by.
    pub part: String,
    /// How many.
    pub count: i64,
}

/// One row of a list with whom it is about.
#[derive(Clone, Debug, Default)]
pub struct TodoLine {
    /// The item.
    pub item: String,
    /// The household; none for what is about a village.
    pub household: Option<RecordId>,
    /// The person.
    pub person: Option<RecordId>,
    /// The record: its type, 0 for none, and its id.
    pub record: Option<(u16, RecordId)>,
    /// Name of the person.
    pub name: String,
    /// The village.
    pub village: Option<RecordId>,
    /// Its name.
    pub village_name: String,
    /// 村民小组.
    pub group: String,
    /// Number of the household.
    pub number: String,
    /// Name of the household's head.
    pub head: String,
    /// Telephone of the person or the household.
    pub phone: String,
    /// A code or text that says why.
    pub detail: String,
    /// When it was or will be due.
    pub due: Option<NaiveDate>,
    /// A number that belongs to it.
    pub amount: Option<i64>,
    /// The smaller, the more pressing.
    pub severity: i64,
}

/// A share of the whole register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareSum {
    /// Which share.
    pub indicator: String,
    /// The numerator.
    pub done: i64,
    /// The denominator.
    pub whole: i64,
    /// Those whom a reason takes out of it.
    pub excluded: i64,
}

impl Reading<'_> {
    /// How often each item occurs, by village.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_by_village(&self) -> Result<Vec<TodoCount>, StoreError> {
        self.todo_counts(
            "select t.item, v.name, t.n from
                 (select item, village, count(*) as n from todo group by item, village) t
               left join village v on v.id = t.village",
        )
    }

    /// How often each item occurs, by its reason.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_by_reason(&self, item: &str) -> Result<Vec<TodoCount>, StoreError> {
        let mut statement =
            self.0.prepare_cached("select item, detail, count(*) from todo where item = ?1 group by detail")?;
        let rows = statement.query_map([item], count)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How often each of these items occurs, by its number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_by_amount(&self, items: &[&str]) -> Result<Vec<(String, i64, i64)>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select item, coalesce(amount, 0) as n, count(*) from todo
              where item in (select value from json_each(?1)) group by item, n order by item, n",
        )?;
        let rows = statement.query_map([json_list(items)], |row| Ok((text(row, 0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn todo_counts(&self, sql: &str) -> Result<Vec<TodoCount>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([], count)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The rows of one item, of one village or all, in village order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_rows(&self, item: &str, village: Option<RecordId>) -> Result<Vec<TodoLine>, StoreError> {
        self.todo_lines("t.item = :item and (:village is null or t.village = :village)", item, village, None)
    }

    /// Everything to be done for one household, the most pressing first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_of_household(&self, household: RecordId) -> Result<Vec<TodoLine>, StoreError> {
        let mut lines = self.todo_lines("t.household = :household", "", None, Some(household))?;
        lines.sort_by_key(|line| line.severity);
        Ok(lines)
    }

    fn todo_lines(
        &self,
        condition: &str,
        item: &str,
        village: Option<RecordId>,
        household: Option<RecordId>,
    ) -> Result<Vec<TodoLine>, StoreError> {
        let sql = format!(
            "select t.item, t.household, t.person, t.record_type, t.record, p.name, v.id, v.name, h.village_group,
                    h.number, {HEAD} as head, coalesce(p.phone, h.phone), t.detail, t.due, t.amount, t.severity
               from todo t left join household h on h.id = t.household
               left join person p on p.id = t.person
               left join village v on v.id = t.village
              where {condition} and :item is :item and :village is :village and :household is :household
              order by v.name, h.village_group, head, p.name, t.due"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let rows = statement.query_map(
            named_params! { ":item": item, ":village": blob(village), ":household": blob(household) },
            |row| {
                let kind: u16 = row.get(3)?;
                Ok(TodoLine {
                    item: text(row, 0)?,
                    household: id_or_none(row, 1)?,
                    person: id_or_none(row, 2)?,
                    record: id_or_none(row, 4)?.map(|record| (kind, record)),
                    name: text(row, 5)?,
                    village: id_maybe(row, 6)?,
                    village_name: text(row, 7)?,
                    group: text(row, 8)?,
                    number: text(row, 9)?,
                    head: text(row, 10)?,
                    phone: text(row, 11)?,
                    detail: text(row, 12)?,
                    due: date(row, 13)?,
                    amount: row.get(14)?,
                    severity: row.get(15)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many of these items each household has, for the households of a village or all.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn todo_per_household(
        &self,
        items: &[&str],
        village: Option<RecordId>,
    ) -> Result<Vec<(RecordId, i64)>, StoreError> {
        let items = json_list(items);
        let mut statement = self.0.prepare_cached(
            "select household, count(*) from todo where item in (select value from json_each(?1))
                and (?2 is null or village = ?2) and household <> x'' group by household",
        )?;
        let rows =
            statement.query_map(rusqlite::params![items, blob(village)], |row| Ok((id(row, 0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every share of the register.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn shares(&self) -> Result<Vec<ShareSum>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached("select indicator, sum(done), sum(whole), sum(excluded) from share group by indicator")?;
        let rows = statement.query_map([], |row| {
            Ok(ShareSum { indicator: text(row, 0)?, done: row.get(1)?, whole: row.get(2)?, excluded: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn count(row: &SqlRow<'_>) -> rusqlite::Result<TodoCount> {
    Ok(TodoCount { item: text(row, 0)?, part: text(row, 1)?, count: row.get(2)? })
}

/// Plain names as a JSON list: they are this program's own keys.
pub(super) fn json_list(items: &[&str]) -> String {
    format!("[{}]", items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(","))
}
