//! The register as a plain SQLite file: the program's person table without its log, its merging and its encryption.

use std::path::Path;

use rusqlite::Connection;

use crate::Result;
use crate::changes::{self, BASE, COLUMNS, Change};

/// Whether the table has the two indexes the program's has, or nothing but its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Indexed,
    Bare,
}

impl Table {
    pub(crate) const BOTH: [Self; 2] = [Self::Indexed, Self::Bare];

    /// The ending of its files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Indexed => "indexed",
            Self::Bare => "bare",
        }
    }

    /// What the reader of the results sees.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Indexed => "",
            Self::Bare => "（表无索引）",
        }
    }

    pub(crate) fn create(self) -> String {
        let mut sql =
            format!("create table person (id blob primary key, {} text) without rowid;", COLUMNS.join(" text, "));
        if self == Self::Indexed {
            sql.push_str(
                "create index person_citizen_id on person (citizen_id); create index person_name on person (name);",
            );
        }
        sql
    }
}

/// Opens a file as the program opens its own, but for the encryption.
pub(crate) fn open(file: &Path) -> Result<Connection> {
    let conn = Connection::open(file)?;
    conn.execute_batch("pragma temp_store = memory; pragma foreign_keys = off; pragma cache_size = -65536;")?;
    conn.query_row("pragma journal_mode = wal", [], |_| Ok(()))?;
    conn.execute_batch("pragma synchronous = full;")?;
    Ok(conn)
}

/// Makes the register before the changes.
pub(crate) fn create(file: &Path, folder: &Path, table: Table) -> Result<()> {
    remove(file)?;
    let mut conn = open(file)?;
    conn.execute_batch(&table.create())?;
    let transaction = conn.transaction()?;
    for change in changes::read(&folder.join(BASE))? {
        apply(&transaction, &change?)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Applies one change by plain SQL.
pub(crate) fn apply(conn: &Connection, change: &Change) -> Result<()> {
    match change {
        Change::Enter(id, values) => {
            let mut insert = conn.prepare_cached("insert into person values (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")?;
            insert.raw_bind_parameter(1, id.as_slice())?;
            for (place, value) in values.iter().enumerate() {
                insert.raw_bind_parameter(place + 2, value)?;
            }
            insert.raw_execute()?;
        }
        Change::Set(id, column, value) => {
            let column = COLUMNS.get(*column).ok_or("no such column")?;
            let mut update = conn.prepare_cached(&format!("update person set {column} = ?2 where id = ?1"))?;
            update.raw_bind_parameter(1, id.as_slice())?;
            update.raw_bind_parameter(2, value)?;
            update.raw_execute()?;
        }
    }
    Ok(())
}

/// Everything in the table, for a look at what a fault did to it.
pub(crate) fn contents(conn: &Connection) -> Result<Vec<String>> {
    let mut select = conn.prepare(
        "select hex(id) || ' ' || hex(name) || ' ' || hex(phone) || ' ' || hex(health) from person order by id",
    )?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes a database and its log away.
pub(crate) fn remove(file: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let part = std::path::PathBuf::from(format!("{}{end}", file.display()));
        if part.exists() {
            std::fs::remove_file(part)?;
        }
    }
    Ok(())
}
