//! Why the store refused, in a clerk's words: what happened, that nothing was changed, and what to do.

use std::io;

use mingbai_domain::RecordId;
use mingbai_domain::value::ValueError;
use mingbai_ledger::{EntryError, LogId};
use rusqlite::ErrorCode;

/// Everything the store can refuse or fail with. Whenever one of these comes back, the transaction was rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key does not open this file.
    #[error("数据库打不开：钥匙与这个文件不符。文件没有改动，请确认密码，或使用恢复码。")]
    WrongKey,
    /// No database where one was expected, or a file that is not one.
    #[error("这个文件不是明白账的数据库。文件没有改动，请选择正确的文件。")]
    NotADatabase,
    /// There is no file at the path.
    #[error("没有找到数据库文件。请检查数据目录，或从备份恢复。")]
    Missing,
    /// A file already stands where a new database should be made.
    #[error("这里已经有一个数据库，没有覆盖它。请换一个目录。")]
    AlreadyExists,
    /// Written by a newer version of the program.
    #[error("数据库由更新的版本写成（第 {found} 版，本程序认识到第 {known} 版）。数据没有改动，请先升级程序。")]
    DatabaseTooNew {
        /// Version of the file.
        found: i64,
        /// Newest version this build knows.
        known: i64,
    },
    /// No room left on the disk.
    #[error("磁盘空间已满，这次没有保存，原有数据没有改动。请腾出空间后再保存。")]
    DiskFull,
    /// Another program holds the database.
    #[error("数据库正被另一个程序占用，这次没有保存。请关闭另一个窗口后再试。")]
    Locked,
    /// The file can only be read.
    #[error("数据库文件或所在目录不能写入，这次没有保存。请检查磁盘写保护和权限。")]
    ReadOnly,
    /// SQLite found the file damaged.
    #[error("数据库文件已损坏，没有继续写入。请用最近的备份恢复；原文件请保留。")]
    Corrupt,
    /// The file system failed.
    #[error("读写文件时出错（{0}），这次没有保存，原有数据没有改动。请检查磁盘后再试。")]
    Io(#[source] io::Error),
    /// A statement failed in a way no clerk can mend.
    #[error("数据库内部出错（{0}），这次没有保存，原有数据没有改动。请记下这句话联系维护人员。")]
    Sql(rusqlite::Error),
    /// The records of the log and the file disagree.
    #[error("数据库内容前后不一致（{0}），没有继续。请运行“核对数据”，并保留原文件。")]
    Inconsistent(&'static str),
    /// Bytes in the log that do not read back.
    #[error("保存的记录无法读取：{0}。没有改动，请到“系统”里点“开始核对”。")]
    Entry(#[from] EntryError),
    /// A value of another kind than its field.
    #[error("{0}，这次没有保存。请改正后再试。")]
    Value(#[from] ValueError),
    /// A record type or field that the catalogue does not have.
    #[error("没有这种记录或栏目（{record_type}/{field}），这次没有保存。")]
    UnknownField {
        /// Record type number.
        record_type: u16,
        /// Field number; 0 for the type itself.
        field: u16,
    },
    /// The record to be changed does not exist here.
    #[error("没有找到要修改的记录（{record}），这次没有保存。请刷新后再试。")]
    NoSuchRecord {
        /// Which.
        record: RecordId,
    },
    /// A new record with an id that is taken.
    #[error("记录（{record}）已经存在，这次没有保存。")]
    RecordExists {
        /// Which.
        record: RecordId,
    },
    /// A fact treated as a state or the other way round.
    #[error("这种记录不能这样修改（{table}），这次没有保存。")]
    WrongShape {
        /// Table name.
        table: &'static str,
    },
    /// The entry asked for is not here.
    #[error("没有找到这条操作记录，没有改动。")]
    NoSuchEntry,
    /// The log asked for is not here.
    #[error("没有收到这些记录的开头（{0}），没有改动。请先导入它的开头。")]
    NoSuchLog(LogId),
    /// Undo refused: a later save changed the same fields.
    #[error("不能撤销：之后又有人改过{}。没有改动，请直接修改这些栏目。", fields.join("、"))]
    UndoSuperseded {
        /// Labels of the fields changed since.
        fields: Vec<&'static str>,
    },
    /// Undo refused: other records were hung since on what the entry made.
    #[error("不能撤销：之后又在这次写的内容上登记了{}，撤销会让它们没有着落。没有改动，请先处理这些登记。", records.join("、"))]
    UndoBuiltUpon {
        /// Labels of the record types.
        records: Vec<&'static str>,
    },
    /// Undo refused: the entry has nothing that can be taken back.
    #[error("这条操作没有可以撤销的内容，没有改动。")]
    NothingToUndo,
    /// Ingest was asked for after own writes in the same transaction.
    #[error("导入必须在本机写入之前进行，这次没有保存。")]
    IngestAfterWrites,
}

impl StoreError {
    /// A stable code for programs; the sentence is for people.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::NotADatabase => "not_a_database",
            Self::Missing => "database_missing",
            Self::AlreadyExists => "database_exists",
            Self::DatabaseTooNew { .. } => "database_too_new",
            Self::DiskFull => "disk_full",
            Self::Locked => "database_locked",
            Self::ReadOnly => "database_read_only",
            Self::Corrupt => "database_corrupt",
            Self::Io(_) => "io",
            Self::Sql(_) => "database_error",
            Self::Inconsistent(_) => "database_inconsistent",
            Self::Entry(_) => "entry_unreadable",
            Self::Value(_) => "value_kind",
            Self::UnknownField { .. } => "unknown_field",
            Self::NoSuchRecord { .. } => "no_such_record",
            Self::RecordExists { .. } => "record_exists",
            Self::WrongShape { .. } => "wrong_shape",
            Self::NoSuchEntry => "no_such_entry",
            Self::NoSuchLog(_) => "no_such_log",
            Self::UndoSuperseded { .. } => "undo_superseded",
            Self::UndoBuiltUpon { .. } => "undo_built_upon",
            Self::NothingToUndo => "nothing_to_undo",
            Self::IngestAfterWrites => "ingest_after_writes",
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt,
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            _ => Self::Sql(error),
        }
    }
}

impl From<mingbai_ledger::cbor::CborError> for StoreError {
    fn from(error: mingbai_ledger::cbor::CborError) -> Self {
        Self::Entry(error.into())
    }
}

/// The store's result.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
