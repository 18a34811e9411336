//! The order of a list of households by one of its columns.

use mingbai_domain::RecordId;
use rusqlite::named_params;

use super::households::{FILTERED, among_of, like};
use super::{HEAD, HouseholdFilter, PEOPLE, blob, id, monitored, poverty, shown_status, text};
use crate::{Reading, StoreError};

/// A column of the list that has an order of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HouseholdColumn {
    /// Name of the head.
    Head,
    /// Village and group, then number.
    Group,
    /// 户编号.
    Number,
    /// People living in it.
    People,
    /// Status code today.
    Status,
    /// Its causes, the main one first.
    Causes,
    /// The first disease of its members that is not marked restricted.
    Diseases,
    /// Telephone.
    Phone,
}

impl Reading<'_> {
    /// Every household a filter leaves, page or no page, with what the column says of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn household_column(
        &self,
        filter: &HouseholdFilter,
        column: HouseholdColumn,
    ) -> Result<Vec<(RecordId, String)>, StoreError> {
        let said = match column {
            HouseholdColumn::Head => HEAD.to_owned(),
            HouseholdColumn::Group => "coalesce(v.code, '') || ' ' || coalesce(h.village_group, '')".to_owned(),
            HouseholdColumn::Number => "h.number".to_owned(),
            HouseholdColumn::People => format!("cast({PEOPLE} as text)"),
            HouseholdColumn::Status => shown_status("h.id"),
            HouseholdColumn::Causes => "(select group_concat(c.cause) from (select cause from poverty_cause
                 where household = h.id and coalesce(deleted, 0) = 0 order by main desc, cause) c)"
                .to_owned(),
            HouseholdColumn::Diseases => "(select min(d.disease) from membership m join person p on p.id = m.person
                 join diagnosis d on d.person = m.person
                where m.household = h.id and m.left_on is null and coalesce(p.deleted, 0) = 0
                  and p.died_on is null and d._void = 0 and coalesce(d.restricted, 0) = 0)"
                .to_owned(),
            HouseholdColumn::Phone => "h.phone".to_owned(),
        };
        let sql = format!(
            "select h.id, {said} from household h left join village v on v.id = h.village
              where {FILTERED} and (:status is null or :status in ({}, {}))
              order by v.code, h.number, h.id",
            poverty("h.id"),
            monitored("h.id"),
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let parameters = named_params! {
            ":village": blob(filter.village), ":status": filter.status, ":text": like(filter.text.as_deref()),
            ":among": among_of(filter),
        };
        let rows = statement.query_map(parameters, |row| Ok((id(row, 0)?, text(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
