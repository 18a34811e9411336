//! The tables as they must be at another installation that holds just these entries: folded once more beside our own,
//! counted and taken away again. What another installation says its tables are is compared with this, never believed.

use mingbai_ledger::{Head, SetDigest};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::error::Result;
use crate::log::{self, Status};
use crate::open::Store;
use crate::project::Projector;
use crate::reading::Reading;
use crate::schema::{self, Place};

/// What can be said of the tables of an installation from the entries it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mirrored {
    /// Table, rows and digest of the live values.
    Tables(Vec<(&'static str, u64, SetDigest)>),
    /// It holds entries that are not here, or not yet.
    Lacking,
    /// Its tables hold entries of a version that is newer than ours.
    Unlike,
}

/// An entry the other installation does not hold is one it has only heard the name of. What it holds stands in its tables
/// unless it lies aside there, whether we took it in or not.
const AS_HELD: &str = "create temp view entry as
    select e.id, e.log_no, e.seq, e.hash, e.hlc, e.actor, e.action, e.rosters, e.origin, e.reason, e.received_at,
           case when h.id is null then null else e.tail end as tail,
           case when h.id is null then null else e.prev end as prev,
           case when h.id is null then null else e.bytes end as bytes,
           coalesce(h.status, 0) as status
    from main.entry e left join temp.held h on h.id = e.id";

impl Store {
    /// The tables of an installation that holds these ends of logs and everything before them, of which what it names
    /// `aside` stands in none of its tables. Changes nothing.
    ///
    /// # Errors
    /// When the tables could not be folded.
    pub fn mirror(&mut self, held: &[Head], aside: &[Head]) -> Result<Mirrored> {
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch("create temp table held (id integer primary key, status integer not null);")?;
        for head in held.iter().filter(|head| head.seq > 0) {
            if !hold(&transaction, head)? {
                return Ok(Mirrored::Lacking);
            }
        }
        for head in aside {
            leave_aside(&transaction, head)?;
        }
        if unlike(&transaction)? {
            return Ok(Mirrored::Unlike);
        }
        transaction.execute_batch(&schema::create(Place::Shadow))?;
        transaction.execute_batch(AS_HELD)?;
        let mut projector = Projector::new(&transaction);
        projector.fold_all()?;
        projector.finish()?;
        drop(projector);
        let tables = Reading(&transaction).digests()?;
        transaction.rollback()?;
        Ok(Mirrored::Tables(tables))
    }
}

/// Notes everything up to the end of a chain; answers whether it is all here. Where another chain has been before it stops,
/// so that a sender who names every entry of a log makes no more work than one who names the last.
fn hold(conn: &Connection, head: &Head) -> Result<bool> {
    let Some(log_no) = log::number(conn, &head.log)? else { return Ok(false) };
    let (half, tail) = head.hash.0.split_at(16);
    conn.prepare_cached(
        "with recursive chain (id, seq, prev) as (
             select id, seq, prev from main.entry
             where log_no = ?1 and seq = ?2 and hash = ?3 and tail = ?4 and status in (1, 3, 4)
                 and id not in (select id from temp.held)
             union all
             select e.id, e.seq, e.prev from chain c
             join main.entry e on e.log_no = ?1 and e.seq = c.seq - 1 and e.hash = substr(c.prev, 1, 16)
                 and e.tail = substr(c.prev, 17)
             where e.status in (1, 3, 4) and e.id not in (select id from temp.held))
         insert or ignore into temp.held select id, 1 from chain",
    )?
    .execute(params![log_no, head.seq, half, tail])?;
    let begins: Option<i64> = conn
        .prepare_cached(
            "select e.id from temp.held h join main.entry e on e.id = h.id
             where e.log_no = ?1 and e.seq = ?2 and e.hash = ?3",
        )?
        .query_row(params![log_no, head.seq, half], |row| row.get(0))
        .optional()?;
    // A chain is stored from its beginning or held back, so the end stands for all of it.
    Ok(begins.is_some())
}

/// Notes that an entry stands in none of the tables there.
fn leave_aside(conn: &Connection, head: &Head) -> Result<()> {
    let (half, tail) = head.hash.0.split_at(16);
    conn.prepare_cached(
        "update temp.held set status = ?5 where id in (select e.id from main.entry e join log on log.no = e.log_no
             where log.id = ?1 and e.seq = ?2 and e.hash = ?3 and e.tail = ?4)",
    )?
    .execute(params![head.log.0, head.seq, half, tail, Status::Unapplied.code()])?;
    Ok(())
}

/// Whether something stands in the tables there that this version cannot read.
fn unlike(conn: &Connection) -> Result<bool> {
    let mut statement = conn.prepare(
        "select exists (select 1 from temp.held h join main.entry e on e.id = h.id where h.status = 1 and e.status = 3)",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
