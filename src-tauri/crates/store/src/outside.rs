//! Lists of other offices as they came, kept to be compared. They are nobody's word here: none of them stands in the log
//! and none of them travels.

use chrono::NaiveDate;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::{Result, StoreError};
use crate::meta;
use crate::open::Store;
use crate::query::iso;
use crate::reading::Reading;

/// A list as it is taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOutsideList {
    /// Whose list: a code of `list_source`.
    pub source: String,
    /// The day it speaks of.
    pub as_of: Option<NaiveDate>,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// When it was taken in, milliseconds since 1970.
    pub taken_millis: u64,
    /// What the program keeps about it beside its rows.
    pub about: Vec<u8>,
}

/// A list that is kept here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideList {
    /// Its number on this PC.
    pub id: i64,
    /// Rows kept.
    pub rows: u64,
    /// What was taken in.
    pub list: NewOutsideList,
}

/// One row of a list. Blank text is nothing said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutsidePerson {
    /// 户编号.
    pub household_number: String,
    /// Name, in its one spelling.
    pub name: String,
    /// The name as it sounds (see [`crate::sound`]).
    pub sound: String,
    /// The 18 characters of the citizen id, where what the row says is one.
    pub citizen_id: String,
    /// Birth, as said or from the id.
    pub birth: Option<NaiveDate>,
    /// 村.
    pub village: String,
    /// A code of `household_status`.
    pub status: String,
    /// Codes of `poverty_cause`, with commas between.
    pub causes: String,
    /// 健康状况.
    pub health: String,
    /// Diseases, a line each.
    pub illness: String,
    /// What else the program keeps of the row.
    pub extra: String,
}

fn about_key(list: i64) -> String {
    format!("state.outside.{list}")
}

fn forget(conn: &Connection, list: i64) -> Result<()> {
    conn.execute("delete from outside_person where list = ?1", [list])?;
    conn.execute("delete from outside_list where id = ?1", [list])?;
    meta::remove(conn, &about_key(list))
}

impl Store {
    /// Keeps a list with all its rows or not at all; the same file of the same source taken in again replaces itself. Gives
    /// its number.
    ///
    /// # Errors
    /// What the database refuses; then nothing is kept.
    pub fn keep_outside(&mut self, list: &NewOutsideList, people: &[OutsidePerson]) -> Result<i64> {
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let same: Vec<i64> = transaction
            .prepare("select id from outside_list where source = ?1 and digest = ?2")?
            .query_map(params![list.source, list.digest], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for id in same {
            forget(&transaction, id)?;
        }
        transaction.execute(
            "insert into outside_list (source, as_of, file, digest, taken_at, people) values (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                list.source,
                list.as_of.map(iso),
                list.file,
                list.digest,
                i64::try_from(list.taken_millis).unwrap_or(i64::MAX),
                i64::try_from(people.len()).unwrap_or(i64::MAX)
            ],
        )?;
        let id = transaction.last_insert_rowid();
        meta::set_blob(&transaction, &about_key(id), &list.about)?;
        {
            let mut insert = transaction.prepare(
                "insert into outside_person (list, no, household_number, name, name_key, citizen_id, birth, village,
                     status, causes, health, illness, extra)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?;
            for (no, person) in (1_i64..).zip(people) {
                insert.execute(params![
                    id,
                    no,
                    person.household_number,
                    person.name,
                    person.sound,
                    person.citizen_id,
                    person.birth.map(iso),
                    person.village,
                    person.status,
                    person.causes,
                    person.health,
                    person.illness,
                    person.extra
                ])?;
            }
        }
        transaction.commit()?;
        Ok(id)
    }

    /// Takes a list with all its rows off this PC; what was decided by it stays.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn forget_outside(&mut self, list: i64) -> Result<()> {
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        forget(&transaction, list)?;
        Ok(transaction.commit()?)
    }
}

impl Reading<'_> {
    /// Every list kept here, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn outside_lists(&self) -> Result<Vec<OutsideList>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select l.id, l.source, l.as_of, l.file, l.digest, l.taken_at, l.people, m.value
               from outside_list l left join meta m on m.key = 'state.outside.' || l.id
              order by l.taken_at desc, l.id desc",
        )?;
        let lists = statement.query_map([], |row| {
            let (taken, people): (i64, i64) = (row.get(5)?, row.get(6)?);
            Ok(OutsideList {
                id: row.get(0)?,
                rows: u64::try_from(people).unwrap_or_default(),
                list: NewOutsideList {
                    source: row.get(1)?,
                    as_of: day(row, 2)?,
                    file: row.get(3)?,
                    digest: row.get(4)?,
                    taken_millis: u64::try_from(taken).unwrap_or_default(),
                    about: row.get::<_, Option<Vec<u8>>>(7)?.unwrap_or_default(),
                },
            })
        })?;
        Ok(lists.collect::<rusqlite::Result<_>>()?)
    }

    /// The rows of a list in the order of its file.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn outside_people(&self, list: i64) -> Result<Vec<OutsidePerson>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select household_number, name, name_key, citizen_id, birth, village, status, causes, health, illness, extra
               from outside_person where list = ?1 order by no",
        )?;
        let people = statement.query_map([list], |row| {
            let text = |column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
            Ok(OutsidePerson {
                household_number: text(0)?,
                name: text(1)?,
                sound: text(2)?,
                citizen_id: text(3)?,
                birth: day(row, 4)?,
                village: text(5)?,
                status: text(6)?,
                causes: text(7)?,
                health: text(8)?,
                illness: text(9)?,
                extra: text(10)?,
            })
        })?;
        Ok(people.collect::<rusqlite::Result<_>>()?)
    }
}

fn day(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()))
}
