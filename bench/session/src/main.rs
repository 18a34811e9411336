//! Plain SQL and `sqlite3changeset_apply` over the changes that `bench-exchange` generated. `cargo xtask bench sync` calls
//! it; the results are lines on standard output.
//!
//! `bench-session prepare FOLDER` makes the databases and records the changesets; `round FOLDER` measures once; `loss
//! FOLDER` counts what slips through.

#[path = "../../exchange/src/changes.rs"]
mod changes;
mod loss;
#[path = "../../exchange/src/measure.rs"]
mod measure;
#[path = "../../exchange/src/obey.rs"]
mod obey;
mod plain;
#[path = "../../exchange/src/results.rs"]
mod results;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rusqlite::Connection;
use rusqlite::session::{Changegroup, Changeset, ConflictAction, Session};

use changes::{CHANGES, WEEK};
use measure::measure;
use plain::Table;
use results::{disk, report};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    obey::run(obey)
}

fn obey(words: &[&str]) -> Result<()> {
    match words {
        ["prepare", folder] => Table::BOTH.into_iter().try_for_each(|table| prepare(Path::new(folder), table)),
        ["round", folder] => Table::BOTH.into_iter().try_for_each(|table| round(Path::new(folder), table)),
        ["loss", folder] => loss::find(Path::new(folder)),
        _ => Err("prepare FOLDER | round FOLDER | loss FOLDER".into()),
    }
}

fn base(folder: &Path, table: Table) -> PathBuf {
    folder.join(format!("plain-{}.db", table.name()))
}

fn recorded(folder: &Path, changes: &str) -> PathBuf {
    folder.join(changes).with_extension("changeset")
}

/// Plays a file of changes while a session records, and gives the changeset.
pub(crate) fn record(conn: &mut Connection, file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut session = Session::new(conn)?;
    session.attach(None::<&str>)?;
    conn.execute_batch("begin immediate")?;
    for change in changes::read(file)? {
        plain::apply(conn, &change?)?;
    }
    conn.execute_batch("commit")?;
    session.changeset_strm(&mut bytes)?;
    Ok(bytes)
}

fn prepare(folder: &Path, table: Table) -> Result<()> {
    let file = base(folder, table);
    plain::create(&file, folder, table)?;
    if table == Table::Bare {
        return Ok(());
    }
    let copy = folder.join("recording.db");
    plain::remove(&copy)?;
    std::fs::copy(&file, &copy)?;
    let mut conn = plain::open(&copy)?;
    let (ops, cells) = changes::count(&folder.join(CHANGES))?;
    let (bytes, taken) = measure(|| record(&mut conn, &folder.join(CHANGES)))?;
    report("session", "写入并记录", taken, ops, cells, bytes.len() as u64, 0);
    std::fs::write(recorded(folder, CHANGES), bytes)?;
    std::fs::write(recorded(folder, WEEK), record(&mut conn, &folder.join(WEEK))?)?;
    drop(conn);
    plain::remove(&copy)
}

/// Reads a changeset into the form that is applied from memory.
fn load(file: &Path) -> Result<(Changeset, u64)> {
    let bytes = std::fs::read(file)?;
    let mut group = Changegroup::new()?;
    group.add_stream(&mut bytes.as_slice())?;
    Ok((group.output()?, bytes.len() as u64))
}

fn apply(conn: &mut Connection, changeset: &Changeset, on_conflict: fn() -> ConflictAction) -> Result<()> {
    let transaction = conn.transaction()?;
    transaction.apply(changeset, None::<fn(&str) -> bool>, move |_, _| on_conflict())?;
    transaction.commit()?;
    Ok(())
}

fn round(folder: &Path, table: Table) -> Result<()> {
    let database = folder.join("round.db");
    let fresh = || -> Result<Connection> {
        plain::remove(&database)?;
        std::fs::copy(base(folder, table), &database)?;
        plain::open(&database)
    };
    let (ops, cells) = changes::count(&folder.join(CHANGES))?;
    let label = |work: &str| format!("{work}{}", table.label());

    let mut conn = fresh()?;
    let before = disk(&database);
    let parsed = changes::read(&folder.join(CHANGES))?.collect::<std::io::Result<Vec<_>>>()?;
    let ((), taken) = measure(|| -> Result<()> {
        let transaction = conn.transaction()?;
        parsed.iter().try_for_each(|change| plain::apply(&transaction, change))?;
        Ok(transaction.commit()?)
    })?;
    drop((conn, parsed));
    report("SQL", &label("写入"), taken, ops, cells, 0, disk(&database).saturating_sub(before));

    let mut conn = fresh()?;
    let (changeset, wire) = load(&recorded(folder, CHANGES))?;
    let ((), taken) = measure(|| apply(&mut conn, &changeset, || ConflictAction::SQLITE_CHANGESET_ABORT))?;
    drop(conn);
    report("session", &label("导入"), taken, ops, cells, wire, disk(&database).saturating_sub(before));

    let mut conn = plain::open(&database)?;
    let ((), taken) = measure(|| apply(&mut conn, &changeset, || ConflictAction::SQLITE_CHANGESET_OMIT))?;
    report("session", &label("重复导入"), taken, ops, cells, wire, 0);
    drop((conn, changeset));

    let mut conn = plain::open(&database)?;
    let (ops, cells) = changes::count(&folder.join(WEEK))?;
    let (changeset, wire) = load(&recorded(folder, WEEK))?;
    let ((), taken) = measure(|| apply(&mut conn, &changeset, || ConflictAction::SQLITE_CHANGESET_ABORT))?;
    report("session", &label("一周的包"), taken, ops, cells, wire, 0);
    drop(conn);
    plain::remove(&database)
}
