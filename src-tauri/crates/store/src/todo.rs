//! Keeping what is to be done as the register is. Only rows derived from the register are written here, so none of it is
//! anybody's word and none of it stands in the log: it may be forgotten and worked out again.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::{Result, StoreError};
use crate::meta;
use crate::open::{Store, WideCache};
use crate::query::HouseholdFile;
use crate::reading::Reading;
use crate::side_by_side::side_by_side;
use crate::stale::{AREA, EVERYTHING};

/// How many households are read and worked out at a time.
const AT_A_TIME: usize = 400;

/// From how many parts on other threads are worth their connections.
const MANY: usize = 4;

/// For which day and by which rules everything was last worked out.
const WORKED: &str = "todo.worked";

/// One reason to do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodoRow {
    /// Which list it stands in.
    pub item: &'static str,
    /// About whom, if about one person.
    pub person: Option<RecordId>,
    /// About which record, if about one.
    pub record: Option<(u16, RecordId)>,
    /// A code or a text that says why; what it means depends on the item.
    pub detail: String,
    /// When it was or will be due.
    pub due: Option<NaiveDate>,
    /// A number that belongs to it: fen, a share, days; what it means depends on the item.
    pub amount: Option<i64>,
    /// The smaller, the more pressing.
    pub severity: i64,
}

/// How far one household counts in a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareRow {
    /// Which share.
    pub indicator: &'static str,
    /// The numerator.
    pub done: i64,
    /// The denominator.
    pub whole: i64,
    /// Those whom a reason takes out of the denominator.
    pub excluded: i64,
}

/// What was worked out for one household, or for a village or area where none is named.
#[derive(Clone, Debug, Default)]
pub struct Worked {
    /// The household.
    pub household: Option<RecordId>,
    /// Its village, or the village the rows are about.
    pub village: Option<RecordId>,
    /// What is to be done.
    pub rows: Vec<TodoRow>,
    /// How far it counts.
    pub shares: Vec<ShareRow>,
}

impl Store {
    /// Whether nothing was touched since everything was worked out on this basis.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn is_worked_out(&self, basis: &str) -> Result<bool> {
        let known = meta::blob(&self.conn, WORKED)?;
        Ok(known.as_deref() == Some(basis.as_bytes()) && self.stale()?.is_empty())
    }

    /// Works out again what is to be done for every household that was touched since it was last worked out, and for all of
    /// them when `basis` (the day and the rules) is another. `begin` makes what is given households a few hundred at a time,
    /// once for every thread that many households are divided among; `of_area` is asked once for what belongs to no
    /// household. Everything of one call is one transaction: after a power failure it is either done or still to do. Gives
    /// how many households were worked out.
    ///
    /// # Errors
    /// What the database refuses or the closures return; nothing is changed then.
    pub fn rework<E, L>(
        &mut self,
        basis: &str,
        begin: impl Fn() -> L + Sync,
        of_area: impl FnOnce(Reading<'_>) -> Result<Vec<Worked>, E>,
    ) -> Result<u64, E>
    where
        E: From<StoreError> + Send,
        L: FnMut(Reading<'_>, &[HouseholdFile]) -> Result<Vec<Worked>, E>,
    {
        let (mut due, mut area, mut everything) = (BTreeSet::new(), false, false);
        for key in self.stale()? {
            match <[u8; 16]>::try_from(key.as_slice()) {
                Ok(id) => drop(due.insert(RecordId::from_bytes(id))),
                Err(_) if key == AREA => area = true,
                Err(_) => everything = true,
            }
        }
        everything |= meta::blob(&self.conn, WORKED)?.as_deref() != Some(basis.as_bytes());
        if !everything && !area && due.is_empty() {
            return Ok(0);
        }
        let transaction =
            self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let reading = Reading(&transaction);
        // All of the table is written: pages that had to go from memory would be written twice. Without it, it is only slower.
        let wide = everything.then(|| WideCache::new(&transaction).ok()).flatten();
        let households = if everything { reading.household_ids()? } else { due.iter().copied().collect() };
        if everything {
            forget_all(&transaction)?;
        }
        if !everything {
            for household in &households {
                forget(&transaction, household.as_bytes())?;
            }
        }
        let parts: Vec<&[RecordId]> = households.chunks(AT_A_TIME).collect();
        let keep_all = |worked: Vec<Worked>| -> Result<(), E> {
            Ok(worked.iter().try_for_each(|worked| keep(&transaction, worked))?)
        };
        if parts.len() < MANY {
            let mut look = begin();
            for some in parts {
                keep_all(look(reading, &reading.files(some)?)?)?;
            }
        } else {
            let indexes = if everything { lay_indexes_down(&transaction)? } else { Vec::new() };
            side_by_side((&self.path, &self.key), &parts, begin, keep_all)?;
            for index in indexes {
                transaction.execute_batch(&index).map_err(StoreError::from)?;
            }
        }
        if everything || area {
            forget(&transaction, EVERYTHING)?;
            for worked in of_area(reading)? {
                keep(&transaction, &worked)?;
            }
        }
        transaction.execute("delete from stale", []).map_err(StoreError::from)?;
        meta::set_blob(&transaction, WORKED, basis.as_bytes())?;
        drop(wide);
        transaction.commit().map_err(StoreError::from)?;
        Ok(households.len() as u64)
    }

    /// Works out again what is to be done for one household, unless that is as it was on this basis: its page needs not
    /// wait until all others are worked out, which stay due. Gives whether it was worked out.
    ///
    /// # Errors
    /// As [`Self::rework`].
    pub fn rework_one<E: From<StoreError>>(
        &mut self,
        basis: &str,
        household: RecordId,
        of_households: impl FnOnce(Reading<'_>, &[HouseholdFile]) -> Result<Vec<Worked>, E>,
    ) -> Result<bool, E> {
        let due: bool = self
            .conn
            .prepare_cached("select exists (select 1 from stale where household in (?1, x''))")
            .and_then(|mut due| due.query_row([household.as_bytes()], |row| row.get(0)))
            .map_err(StoreError::from)?;
        if !due && meta::blob(&self.conn, WORKED)?.as_deref() == Some(basis.as_bytes()) {
            return Ok(false);
        }
        let transaction =
            self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let reading = Reading(&transaction);
        forget(&transaction, household.as_bytes())?;
        let files = reading.files(&[household])?;
        for worked in of_households(reading, &files)? {
            keep(&transaction, &worked)?;
        }
        // Where all of them are due, this one is with the others once more: so is every one before a new day's lists.
        transaction
            .execute("delete from stale where household = ?1", [household.as_bytes()])
            .map_err(StoreError::from)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(true)
    }

    fn stale(&self) -> Result<Vec<Vec<u8>>> {
        let mut statement = self.conn.prepare_cached("select household from stale")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Takes the table's further indexes away while it is filled from nothing, which at its end is cheaper than row by row; gives
/// what makes them again.
fn lay_indexes_down(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare(
        "select name, sql from sqlite_schema where type = 'index' and tbl_name = 'todo' and sql is not null",
    )?;
    let indexes: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    for (name, _) in &indexes {
        conn.execute_batch(&format!("drop index {name}"))?;
    }
    Ok(indexes.into_iter().map(|(_, sql)| sql).collect())
}

fn forget_all(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch("delete from todo; delete from share;")?)
}

fn forget(conn: &Connection, household: &[u8]) -> Result<()> {
    conn.prepare_cached("delete from todo where household = ?1")?.execute([household])?;
    conn.prepare_cached("delete from share where household = ?1")?.execute([household])?;
    Ok(())
}

fn keep(conn: &Connection, worked: &Worked) -> Result<()> {
    let bytes = |id: Option<RecordId>| id.map_or(Vec::new(), |id| id.as_bytes().to_vec());
    let (household, village) = (bytes(worked.household), bytes(worked.village));
    let mut insert = conn.prepare_cached(
        "insert or replace into todo (item, household, person, record_type, record, detail, village, due, amount, severity)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for row in &worked.rows {
        let (record_type, record) = row.record.map_or((0, Vec::new()), |(kind, id)| (kind, id.as_bytes().to_vec()));
        // What is about a village and no household has no other key than the village.
        let person = match (row.person, worked.household) {
            (None, None) => village.clone(),
            (person, _) => bytes(person),
        };
        insert.execute(params![
            row.item,
            household,
            person,
            record_type,
            record,
            row.detail,
            village,
            row.due.map(crate::query::iso),
            row.amount,
            row.severity
        ])?;
    }
    let mut insert = conn.prepare_cached(
        "insert or replace into share (household, indicator, done, whole, excluded) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for share in &worked.shares {
        insert.execute(params![household, share.indicator, share.done, share.whole, share.excluded])?;
    }
    Ok(())
}
