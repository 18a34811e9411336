//! What this PC's own log says of its actions.

use rusqlite::params;

use crate::undo::undone_key;
use crate::{EntryNo, Reading, StoreError};

/// One own action.
#[derive(Clone, Debug)]
pub struct OwnAction {
    /// Local number of its entry, for undo.
    pub entry: i64,
    /// When, milliseconds.
    pub millis: u64,
    /// Who.
    pub who: String,
    /// Command name.
    pub action: String,
    /// The reason given.
    pub reason: Option<String>,
    /// Records it touched.
    pub records: u64,
    /// Whether it was taken back.
    pub undone: bool,
}

impl Reading<'_> {
    /// The newest own actions whose command name begins with `prefix`; what a feed re-states of them does not count.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn own_actions(&self, prefix: &str, limit: u64) -> Result<Vec<OwnAction>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select e.id, (select count(*) from entry_record r where r.entry = e.id)
               from entry e join log l on l.no = e.log_no
              where l.own = 1 and e.origin is null and e.action like ?1 || '%' and e.bytes is not null order by e.hlc desc limit ?2",
        )?;
        let found = statement
            .query_map(params![prefix, limit], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        let mut actions = Vec::with_capacity(found.len());
        for (entry, records) in found {
            let (_, stored) = self.entry(EntryNo(entry))?;
            let decoded = stored.decode()?;
            actions.push(OwnAction {
                entry,
                millis: decoded.hlc.millis(),
                who: self.author_of(entry, entry)?.name.unwrap_or_default(),
                action: decoded.why.action,
                reason: decoded.why.reason,
                records,
                undone: self.state(&undone_key(entry))?.is_some(),
            });
        }
        Ok(actions)
    }

    /// When the newest own entry was written, milliseconds; nothing before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn last_entry_millis(&self) -> Result<Option<u64>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select max(e.hlc) from entry e join log l on l.no = e.log_no where l.own = 1 and e.bytes is not null",
        )?;
        let newest: Option<i64> = statement.query_row([], |row| row.get(0))?;
        Ok(newest.filter(|hlc| *hlc > 0).map(|hlc| (hlc as u64) >> 16))
    }
}
