//! Which logs there are and what state each entry is in.

use mingbai_ledger::{EntryHash, EntryRef, Genesis, Head, LogId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Result, StoreError};

/// Local number of an entry. It means nothing outside this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryNo(pub i64);

/// Whose word a log carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogRole {
    /// A township's PC.
    Township,
    /// The county office's own PC: its writes are the county's word.
    County,
    /// A county feed: written by the county for one recipient scope; its writes are the county's word, and what it
    /// re-states keeps its first author.
    Feed,
    /// Known from references only.
    Unknown,
}

impl LogRole {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Township => "township",
            Self::County => "county",
            Self::Feed => "feed",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        match code {
            "township" => Self::Township,
            "county" => Self::County,
            "feed" => Self::Feed,
            _ => Self::Unknown,
        }
    }

    /// Whether writes of this log are the county's word.
    #[must_use]
    pub fn is_county(self) -> bool {
        matches!(self, Self::County | Self::Feed)
    }
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Known by name only.
    Named,
    /// Projected.
    Applied,
    /// Waits for the entries before it.
    Held,
    /// Waits for a newer version of the program.
    Deferred,
    /// Kept but not applied, with a reason.
    Unapplied,
}

impl Status {
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Named => 0,
            Self::Applied => 1,
            Self::Held => 2,
            Self::Deferred => 3,
            Self::Unapplied => 4,
        }
    }

    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            1 => Self::Applied,
            2 => Self::Held,
            3 => Self::Deferred,
            4 => Self::Unapplied,
            _ => Self::Named,
        }
    }

    /// Whether the entry stands in its chain with everything before it.
    #[must_use]
    pub fn is_chained(self) -> bool {
        matches!(self, Self::Applied | Self::Deferred | Self::Unapplied)
    }
}

/// One log as registered here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogInfo {
    /// Local number.
    pub no: i64,
    /// Its id.
    pub id: LogId,
    /// Whose word it carries.
    pub role: LogRole,
    /// Whether this installation writes it.
    pub own: bool,
    /// Its genesis, once known.
    pub genesis: Option<Genesis>,
    /// The last entry that has everything before it; sequence 0 before the first.
    pub head: Head,
    /// Name of the device, for people.
    pub device: String,
}

/// The genesis of a new database and whose word its log carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Genesis of the own log.
    pub genesis: Genesis,
    /// Township or county.
    pub role: LogRole,
}

const COLUMNS: &str = "no, id, role, own, genesis, head_seq, head_hash, device";

fn from_row(row: &Row<'_>) -> rusqlite::Result<(LogInfo, Option<Vec<u8>>)> {
    let id = LogId(row.get(1)?);
    let hash = EntryHash(row.get::<_, Option<[u8; 32]>>(6)?.unwrap_or_default());
    let info = LogInfo {
        no: row.get(0)?,
        id,
        role: LogRole::from_code(row.get_ref(2)?.as_str()?),
        own: row.get(3)?,
        genesis: None,
        head: Head { log: id, seq: row.get(5)?, hash },
        device: row.get(7)?,
    };
    Ok((info, row.get(4)?))
}

fn with_genesis((mut info, genesis): (LogInfo, Option<Vec<u8>>)) -> Result<LogInfo> {
    if let Some(bytes) = genesis {
        info.genesis = Some(Genesis::decode(&bytes)?);
    }
    Ok(info)
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<LogInfo>> {
    let mut statement = conn.prepare_cached(&format!("select {COLUMNS} from log order by no"))?;
    let rows = statement.query_map([], from_row)?;
    rows.map(|row| with_genesis(row?)).collect()
}

pub(crate) fn find(conn: &Connection, id: &LogId) -> Result<Option<LogInfo>> {
    let mut statement = conn.prepare_cached(&format!("select {COLUMNS} from log where id = ?1"))?;
    statement.query_row([id.0], from_row).optional()?.map(with_genesis).transpose()
}

pub(crate) fn get(conn: &Connection, id: &LogId) -> Result<LogInfo> {
    find(conn, id)?.ok_or(StoreError::NoSuchLog(*id))
}

pub(crate) fn by_no(conn: &Connection, no: i64) -> Result<LogInfo> {
    let mut statement = conn.prepare_cached(&format!("select {COLUMNS} from log where no = ?1"))?;
    with_genesis(statement.query_row([no], from_row)?)
}

/// The log this installation writes now.
pub(crate) fn own(conn: &Connection) -> Result<LogInfo> {
    let no = crate::meta::int(conn, "own_log")?.ok_or(StoreError::Inconsistent("缺少本机日志"))?;
    by_no(conn, no)
}

/// Registers a log, or completes what was known of it.
pub(crate) fn register(conn: &Connection, genesis: &Genesis, role: LogRole, own: bool, device: &str) -> Result<i64> {
    let head = genesis.head();
    conn.prepare_cached(
        "insert into log (id, genesis, role, own, device, head_seq, head_hash) values (?1, ?2, ?3, ?4, ?5, 0, ?6)
         on conflict (id) do update set genesis = excluded.genesis, role = excluded.role,
             own = max(own, excluded.own), device = case excluded.device when '' then device else excluded.device end,
             head_hash = coalesce(head_hash, excluded.head_hash)",
    )?
    .execute(params![head.log.0, genesis.encode(), role.code(), own, device, head.hash.0])?;
    number(conn, &head.log)?.ok_or(StoreError::Inconsistent("日志登记失败"))
}

/// The local number of a log.
pub(crate) fn number(conn: &Connection, id: &LogId) -> Result<Option<i64>> {
    Ok(conn.prepare_cached("select no from log where id = ?1")?.query_row([id.0], |row| row.get(0)).optional()?)
}

pub(crate) fn set_head(conn: &Connection, no: i64, seq: u64, hash: &EntryHash) -> Result<()> {
    conn.prepare_cached("update log set head_seq = ?2, head_hash = ?3 where no = ?1 and head_seq < ?2")?
        .execute(params![no, seq, hash.0])?;
    Ok(())
}

/// The name by which the wire refers to an entry.
pub(crate) fn entry_ref(conn: &Connection, entry: i64) -> Result<EntryRef> {
    let mut statement =
        conn.prepare_cached("select log.id, seq, hash from entry join log on log.no = log_no where entry.id = ?1")?;
    statement
        .query_row([entry], |row| Ok(EntryRef { log: LogId(row.get(0)?), seq: row.get(1)?, hash: row.get(2)? }))
        .optional()?
        .ok_or(StoreError::NoSuchEntry)
}
