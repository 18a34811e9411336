//! Everybody on the register today with where they live, and what hangs on people, for questions about a whole area.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Record;
use rusqlite::named_params;

use super::list::{standing, typed_row, whole};
use super::{RESIDENT, blob, date, id, id_maybe, root, text};
use crate::{Reading, Row, StoreError};

/// Somebody on the register today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The person.
    pub person: RecordId,
    /// Their name.
    pub name: String,
    /// Their birth date.
    pub birth: Option<NaiveDate>,
    /// Where they live.
    pub household: RecordId,
    /// Its village.
    pub village: Option<RecordId>,
    /// That village's name.
    pub village_name: String,
    /// Village group.
    pub group: String,
}

impl Reading<'_> {
    /// Everybody on the register today, in the order of villages, households and relations; each once.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn residents(&self, village: Option<RecordId>) -> Result<Vec<Resident>, StoreError> {
        let sql = format!(
            "with {RESIDENT} select person, name, birth, household, village, village_name, village_group from resident
              where :village is null or village = :village
              group by person order by village_code, number, relation, birth, person"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let rows = statement.query_map(named_params! { ":village": blob(village) }, |row| {
            Ok(Resident {
                person: id(row, 0)?,
                name: text(row, 1)?,
                birth: date(row, 2)?,
                household: id(row, 3)?,
                village: id_maybe(row, 4)?,
                village_name: text(row, 5)?,
                group: text(row, 6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every standing record of a type by the person it is about; those of people who were merged are the one's who stands
    /// for them.
    ///
    /// # Errors
    /// [`StoreError::UnknownField`] when the type is about no person.
    pub fn by_person<R: Record>(&self) -> Result<HashMap<RecordId, Vec<Row<R>>>, StoreError> {
        if R::TYPE.column("person").is_none() {
            return Err(StoreError::UnknownField { record_type: R::TYPE.id, field: 0 });
        }
        let sql = format!(
            "select {}, {} from {} r where r.person is not null{} order by r.id",
            root("r.person"),
            whole::<R>(),
            R::TYPE.table,
            standing::<R>("and")
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut all: HashMap<RecordId, Vec<Row<R>>> = HashMap::new();
        while let Some(row) = rows.next()? {
            all.entry(id(row, 0)?).or_default().push(typed_row(row, 1)?);
        }
        Ok(all)
    }
}
