//! Where a person lives and has lived.

use mingbai_domain::RecordId;

use crate::{Reading, StoreError};

/// One stay of a person in a household, and the village that household lies in as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Whether the stay has ended.
    pub left: bool,
    /// The village's division code.
    pub code: Option<String>,
    /// Its township's division code.
    pub township: Option<String>,
}

impl Reading<'_> {
    /// The stays of a person, in the order of their ids. Asked of every entry of a bundle, hence one question.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn homes(&self, person: RecordId) -> Result<Vec<Home>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select m.left_on is not null, v.code, v.township from membership m
             left join household h on h.id = m.household left join village v on v.id = h.village
             where m.person = ?1 order by m.id",
        )?;
        let rows = statement.query_map([person.as_bytes()], |row| {
            Ok(Home { left: row.get(0)?, code: row.get(1)?, township: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
