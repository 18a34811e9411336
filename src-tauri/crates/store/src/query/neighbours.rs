//! The households before and after one in the order in which they are listed (village, number), each found by a step along
//! an index however many households there are.

use mingbai_domain::RecordId;
use rusqlite::{OptionalExtension, params};

use crate::{Reading, StoreError};

/// A household's place within its village: the number, those without one first, then the id.
type Place = (Option<String>, [u8; 16]);

const ORDERED: [&str; 2] = ["desc", "asc"];

/// The nearest numbered household of a village behind (or before) a number.
pub(super) fn numbered(forward: bool) -> String {
    let (than, order) = (if forward { ">" } else { "<" }, ORDERED[usize::from(forward)]);
    format!(
        "select number, id from household where village is ?1 and (number, id) {than} (?2, ?3)
          and coalesce(deleted, 0) = 0 order by number {order}, id {order} limit 1"
    )
}

/// The nearest household without a number of a village behind (or before) an id.
pub(super) fn unnumbered(forward: bool) -> String {
    let (than, order) = (if forward { ">" } else { "<" }, ORDERED[usize::from(forward)]);
    format!(
        "select number, id from household where village is ?1 and number is null and id {than} ?2
          and coalesce(deleted, 0) = 0 order by id {order} limit 1"
    )
}

/// The next code of a village behind (or before) one.
pub(super) fn next_code(forward: bool) -> String {
    let (than, order) = (if forward { ">" } else { "<" }, ORDERED[usize::from(forward)]);
    format!("select code from village where code {than} ?1 order by code {order} limit 1")
}

impl Reading<'_> {
    /// The households before and after one in village and number order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn household_neighbours(
        &self,
        household: RecordId,
    ) -> Result<(Option<RecordId>, Option<RecordId>), StoreError> {
        let found: Option<(Option<String>, Option<String>)> = self
            .0
            .prepare_cached(
                "select h.number, v.code from household h left join village v on v.id = h.village
                  where h.id = ?1 and coalesce(h.deleted, 0) = 0",
            )?
            .query_row([household.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((number, code)) = found else { return Ok((None, None)) };
        let place: Place = (number, *household.as_bytes());
        Ok((self.beside(code.clone(), &place, false)?, self.beside(code, &place, true)?))
    }

    /// The nearest household on one side: of the same code, or of the next code that has any.
    fn beside(&self, code: Option<String>, place: &Place, forward: bool) -> Result<Option<RecordId>, StoreError> {
        let (mut code, mut from) = (code, Some(place));
        loop {
            if let Some(found) = self.nearest(code.as_deref(), from, forward)? {
                return Ok(Some(RecordId::from_bytes(found.1)));
            }
            from = None;
            // Villages without a code stand before all that have one, with the households of no village.
            code = match (code, forward) {
                (None, false) => return Ok(None),
                (None, true) => match self.code("select min(code) from village", None)? {
                    Some(first) => Some(first),
                    None => return Ok(None),
                },
                (Some(known), _) => match (self.code(&next_code(forward), Some(&known))?, forward) {
                    (Some(next), _) => Some(next),
                    (None, true) => return Ok(None),
                    (None, false) => None,
                },
            };
        }
    }

    fn code(&self, sql: &str, than: Option<&str>) -> Result<Option<String>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| row.get::<_, Option<String>>(0);
        let found = match than {
            Some(than) => statement.query_row([than], read),
            None => statement.query_row([], read),
        };
        Ok(found.optional()?.flatten())
    }

    /// The nearest household among the villages of one code, behind or before a place or from the end.
    fn nearest(&self, code: Option<&str>, from: Option<&Place>, forward: bool) -> Result<Option<Place>, StoreError> {
        let mut of_code = self.0.prepare_cached("select id from village where code is ?1")?;
        let mut villages: Vec<Option<[u8; 16]>> =
            of_code.query_map([code], |row| row.get(0).map(Some))?.collect::<Result<_, _>>()?;
        if code.is_none() {
            villages.push(None);
        }
        let mut best: Option<Place> = None;
        for village in villages {
            let found = self.nearest_of(village, from, forward)?;
            let closer =
                |found: &Place| best.as_ref().is_none_or(|best| if forward { found < best } else { found > best });
            if let Some(found) = found.filter(closer) {
                best = Some(found);
            }
        }
        Ok(best)
    }

    fn nearest_of(
        &self,
        village: Option<[u8; 16]>,
        from: Option<&Place>,
        forward: bool,
    ) -> Result<Option<Place>, StoreError> {
        let (least, most) = ([0; 16], [u8::MAX; 16]);
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let numbered = |number: &str, id: &[u8; 16]| -> Result<Option<Place>, StoreError> {
            let mut statement = self.0.prepare_cached(&numbered(forward))?;
            Ok(statement.query_row(params![village, number, id], read).optional()?)
        };
        let unnumbered = |id: &[u8; 16]| -> Result<Option<Place>, StoreError> {
            let mut statement = self.0.prepare_cached(&unnumbered(forward))?;
            Ok(statement.query_row(params![village, id], read).optional()?)
        };
        let first = match (from, forward) {
            (Some((Some(number), id)), _) => numbered(number, id)?,
            (Some((None, id)), _) => unnumbered(id)?,
            (None, true) => unnumbered(&least)?,
            (None, false) => numbered("\u{10ffff}", &most)?,
        };
        match (first, from, forward) {
            (Some(found), ..) => Ok(Some(found)),
            // Behind those without a number come the others; before the first number come those without.
            (None, Some((None, _)) | None, true) => numbered("", &least),
            (None, Some((Some(_), _)) | None, false) => unnumbered(&most),
            (None, ..) => Ok(None),
        }
    }
}
