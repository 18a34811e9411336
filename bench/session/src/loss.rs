//! What of a damaged changeset, or of one the target has no table or column for, gets through unnoticed.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use rusqlite::session::{ConflictAction, Session};

use crate::changes::{self, BASE, CHANGES, Change};
use crate::results::{Unnoticed, report_loss};
use crate::{Result, plain};

/// Changes in the small changeset.
const SMALL: usize = 6;

fn people(folder: &Path, file: &str, count: usize) -> Result<Vec<Change>> {
    Ok(changes::read(&folder.join(file))?.take(count).collect::<std::io::Result<_>>()?)
}

/// A register in memory with a few people, made by `create`.
fn register(create: &str, base: &[Change]) -> Result<Connection> {
    let conn = Connection::open_in_memory()?;
    conn.execute_batch(create)?;
    base.iter().try_for_each(|change| plain::apply(&conn, change))?;
    Ok(conn)
}

/// Whether the changeset was applied without an error, and whether a conflict was reported.
fn apply(conn: &Connection, mut bytes: &[u8]) -> (bool, bool) {
    let told = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&told);
    let mut input: &mut dyn Read = &mut bytes;
    let applied = conn.apply_strm(&mut input, None::<fn(&str) -> bool>, move |_, _| {
        heard.store(true, Ordering::Relaxed);
        ConflictAction::SQLITE_CHANGESET_OMIT
    });
    (applied.is_ok(), told.load(Ordering::Relaxed))
}

pub(crate) fn find(folder: &Path) -> Result<()> {
    let whole_table = plain::Table::Bare.create();
    let base = people(folder, BASE, SMALL)?;
    let conn = register(&whole_table, &base)?;
    let mut session = Session::new(&conn)?;
    session.attach(None::<&str>)?;
    let mut fresh = people(folder, CHANGES, 1)?;
    fresh.extend(base.iter().filter_map(|person| match person {
        Change::Enter(id, _) => Some(Change::Set(*id, 8, "13900000000".to_owned())),
        Change::Set(..) => None,
    }));
    fresh.iter().try_for_each(|change| plain::apply(&conn, change))?;
    let mut bytes = Vec::new();
    session.changeset_strm(&mut bytes)?;

    let (mut flips, mut changed, mut cuts) = (Unnoticed::default(), Unnoticed::default(), Unnoticed::default());
    let sound = plain::contents(&conn)?;
    let target = register(&whole_table, &base)?;
    let try_out = |bytes: &[u8]| -> Result<(bool, bool)> {
        target.execute_batch("savepoint fault")?;
        let (accepted, told) = apply(&target, bytes);
        let wrong = accepted && !told && plain::contents(&target)? != sound;
        target.execute_batch("rollback to fault; release fault")?;
        Ok((accepted && !told, wrong))
    };
    let mut flipped = bytes.clone();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            if let Some(byte) = flipped.get_mut(place) {
                *byte ^= 1 << bit;
            }
            let (accepted, wrong) = try_out(&flipped)?;
            flips.count(accepted);
            changed.count(wrong);
            if let Some(byte) = flipped.get_mut(place) {
                *byte ^= 1 << bit;
            }
        }
        cuts.count(try_out(bytes.get(..place).unwrap_or_default())?.0);
    }
    report_loss("session", "一位翻转", flips);
    report_loss("session", "一位翻转，数据变了", changed);
    report_loss("session", "截断", cuts);

    let without_column = whole_table.replace(", work_place text", "");
    for (fault, create) in [("对方没有这张表", ""), ("对方没有这一列", without_column.as_str())] {
        let target = register(create, &[])?;
        let (accepted, told) = apply(&target, &bytes);
        let lost = if accepted && !told { fresh.len() as u64 } else { 0 };
        report_loss("session", fault, Unnoticed { accepted: lost, of: fresh.len() as u64 });
    }
    Ok(())
}
