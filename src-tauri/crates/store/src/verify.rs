//! Proof that the file is whole: pages, chains, and every table folded again from the log and compared row by row.

use std::collections::HashMap;

use mingbai_domain::catalogue::ALL;
use mingbai_ledger::{Entry, EntryHash, Hlc, LogId, Op, chain_hash};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::Result;
use crate::log;
use crate::open::Store;
use crate::project::Projector;
use crate::schema::{self, Place};

/// An entry that is not what its place in the chain says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFault {
    /// Which log.
    pub log: LogId,
    /// Where.
    pub seq: u64,
    /// What is wrong, for people.
    pub what: &'static str,
}

/// One table compared with its rebuilt copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCheck {
    /// Table name.
    pub table: &'static str,
    /// Rows in the file.
    pub rows: u64,
    /// Rows that stand in only one of the two.
    pub differences: u64,
    /// Whether the digest kept along the way equals the rebuilt one (always true for tables without digest).
    pub digest_agrees: bool,
}

/// The report of [`Store::verify`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Entries read.
    pub entries: u64,
    /// Broken chains.
    pub chains: Vec<ChainFault>,
    /// Every projection table.
    pub tables: Vec<TableCheck>,
    /// What SQLite and SQLCipher find wrong with the pages.
    pub integrity: Vec<String>,
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.integrity.is_empty()
            && self.chains.is_empty()
            && self.tables.iter().all(|t| t.differences == 0 && t.digest_agrees)
    }
}

impl Store {
    /// Checks pages and chains, folds every table from the log into temporary ones and compares. Changes nothing.
    ///
    /// # Errors
    /// When the check itself could not run; damage found is in the report.
    pub fn verify(&mut self) -> Result<Verification> {
        // SQLCipher reads the pages of the file past the write-ahead log. After a power loss pages there may be torn whose
        // whole copies stand in the log: they are no damage, and are put back first.
        self.conn.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))?;
        let integrity = integrity(&self.conn)?;
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (entries, chains) = check_chains(&transaction)?;
        // Temporary tables hide those of the same name in the file, so the very same code folds into them; rolling
        // back takes them away again.
        transaction.execute_batch(&schema::create(Place::Shadow))?;
        let mut projector = Projector::new(&transaction);
        projector.fold_all()?;
        projector.finish()?;
        drop(projector);
        let tables = schema::tables().map(|table| compare(&transaction, table)).collect::<Result<_>>()?;
        transaction.rollback()?;
        Ok(Verification { entries, chains, tables, integrity })
    }
}

/// What is wrong with the pages; nothing when all is well.
pub(crate) fn integrity(conn: &Connection) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for check in ["pragma integrity_check", "pragma cipher_integrity_check"] {
        let mut statement = conn.prepare(check)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                problems.push(line);
            }
        }
    }
    Ok(problems)
}

fn check_chains(conn: &Connection) -> Result<(u64, Vec<ChainFault>)> {
    let (mut entries, mut faults) = (0, Vec::new());
    for info in log::all(conn)? {
        let genesis = info.genesis.as_ref().map(|genesis| genesis.head().hash);
        // Hashes of the number before, several where the log forks, and how many operators each chain has entered.
        let (mut before, mut here): (HashMap<EntryHash, u32>, HashMap<EntryHash, u32>) = Default::default();
        let mut at = 0;
        let mut highest = 0;
        let mut statement = conn.prepare_cached(
            "select seq, cast(hash || tail as blob), prev, bytes, status, hlc, actor, action, rosters, id from entry
             where log_no = ?1 and bytes is not null order by seq",
        )?;
        let mut rows = statement.query([info.no])?;
        while let Some(row) = rows.next()? {
            entries += 1;
            let seq: u64 = row.get(0)?;
            let (hash, previous) = (EntryHash(row.get(1)?), EntryHash(row.get(2)?));
            let fault = |what| ChainFault { log: info.id, seq, what };
            if seq != at {
                before = if seq == at + 1 { std::mem::take(&mut here) } else { HashMap::new() };
                here.clear();
                at = seq;
            }
            let rosters: u32 = row.get(8)?;
            here.insert(hash, rosters);
            let bytes = row.get_ref(3)?.as_blob().unwrap_or_default();
            if chain_hash(&info.id, seq, &previous, bytes) != hash {
                faults.push(fault("内容与校验值不符"));
            }
            if row.get::<_, i64>(4)? == log::Status::Held.code() {
                continue;
            }
            let earlier = if seq == 1 { Some(0) } else { before.get(&previous).copied() };
            let agrees = match Entry::decode(bytes) {
                Ok(entry) => {
                    let copied = (Hlc(row.get::<_, i64>(5)? as u64), row.get(6)?, row.get::<_, String>(7)?);
                    copied == (entry.hlc, entry.actor, entry.why.action.clone())
                        && entered(conn, (info.no, row.get(9)?), &entry, earlier)? == Some(rosters)
                }
                Err(_) => earlier == Some(rosters),
            };
            if !agrees {
                faults.push(fault("登记的时间、经办人或操作与内容不符"));
            }
            highest = highest.max(seq);
            let joined = if seq == 1 { genesis == Some(previous) } else { before.contains_key(&previous) };
            if !joined {
                faults.push(fault("与上一条不相连"));
            }
        }
        if highest != info.head.seq {
            faults.push(ChainFault { log: info.id, seq: info.head.seq, what: "末尾与登记的不符" });
        }
    }
    Ok((entries, faults))
}

/// How many operators a chain has entered after an entry, if each of this entry's stands in the roster as it says.
fn entered(conn: &Connection, place: (i64, i64), entry: &Entry, earlier: Option<u32>) -> Result<Option<u32>> {
    let Some(mut position) = earlier else { return Ok(None) };
    for op in &entry.ops {
        let Op::Roster { operator, name, role } = op else { continue };
        position += 1;
        let stands: bool = conn
            .prepare_cached(
                "select exists (select 1 from roster where log_no = ?1 and position = ?2 and entry = ?3 and operator = ?4
                     and name = ?5 and role = ?6)",
            )?
            .query_row(params![place.0, position, place.1, operator.as_bytes(), name, role], |row| row.get(0))?;
        if !stands {
            return Ok(None);
        }
    }
    Ok(Some(position))
}

fn compare(conn: &Connection, table: &'static str) -> Result<TableCheck> {
    let count = |sql: String| -> Result<u64> { Ok(conn.query_row(&sql, [], |row| row.get(0))?) };
    let rows = count(format!("select count(*) from main.{table}"))?;
    let lost = count(format!("select count(*) from (select * from temp.{table} except select * from main.{table})"))?;
    let extra = count(format!("select count(*) from (select * from main.{table} except select * from temp.{table})"))?;
    let digest_agrees = match ALL.iter().find(|record| record.table == table) {
        None => true,
        Some(record) => {
            let sum = |place: &str| -> Result<Option<Vec<u8>>> {
                let sql = format!("select (select sum from {place}.digest where record_type = {})", record.id);
                Ok(conn.query_row(&sql, [], |row| row.get(0))?)
            };
            sum("main")? == sum("temp")?
        }
    };
    Ok(TableCheck { table, rows, differences: lost + extra, digest_agrees })
}
