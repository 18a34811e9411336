//! Small facts about the file itself, and small local state that is never replicated.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

pub(crate) fn blob(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>> {
    Ok(conn.prepare_cached("select value from meta where key = ?1")?.query_row([key], |row| row.get(0)).optional()?)
}

/// What is kept under keys that begin with `space` and then `prefix`, by key, told without `space`.
pub(crate) fn blobs(conn: &Connection, space: &str, prefix: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let begins = format!("{space}{prefix}");
    let mut statement =
        conn.prepare_cached("select key, value from meta where substr(key, 1, length(?1)) = ?1 order by key")?;
    let rows = statement.query_map([begins], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let rows: Vec<(String, Vec<u8>)> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(rows.into_iter().map(|(key, value)| (key.get(space.len()..).unwrap_or_default().to_owned(), value)).collect())
}

pub(crate) fn set_blob(conn: &Connection, key: &str, value: &[u8]) -> Result<()> {
    conn.prepare_cached("insert into meta (key, value) values (?1, ?2) on conflict (key) do update set value = ?2")?
        .execute(params![key, value])?;
    Ok(())
}

pub(crate) fn remove(conn: &Connection, key: &str) -> Result<()> {
    conn.prepare_cached("delete from meta where key = ?1")?.execute([key])?;
    Ok(())
}

pub(crate) fn int(conn: &Connection, key: &str) -> Result<Option<i64>> {
    Ok(blob(conn, key)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes))
}

pub(crate) fn set_int(conn: &Connection, key: &str, value: i64) -> Result<()> {
    set_blob(conn, key, &value.to_be_bytes())
}

pub(crate) fn set_secret(conn: &Connection, name: &str, value: &[u8]) -> Result<()> {
    conn.prepare_cached(
        "insert into secret (name, value) values (?1, ?2) on conflict (name) do update set value = ?2",
    )?
    .execute(params![name, value])?;
    Ok(())
}

pub(crate) fn forget_secret(conn: &Connection, name: &str) -> Result<()> {
    conn.prepare_cached("delete from secret where name = ?1")?.execute([name])?;
    Ok(())
}
