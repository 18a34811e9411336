//! One error shape for every caller: a stable code for programs, one Chinese sentence for the clerk (what happened, that
//! nothing was lost, what to do), the fields at fault, and for defects an incident number. Nobody matches on the text.

use serde::{Deserialize, Serialize};

use crate::host::Host;

/// What kind of refusal this is. Only codes that a caller uses exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The payload does not have the request's shape.
    InvalidRequest,
    /// No such command.
    UnknownCommand,
    /// Nothing is set up on this PC yet.
    NotSetUp,
    /// Set-up was done before.
    AlreadySetUp,
    /// Nobody is logged in.
    NotLoggedIn,
    /// Login or password is wrong.
    WrongPassword,
    /// Too many wrong passwords; wait.
    LockedOut,
    /// The operator's role does not allow it.
    NotPermitted,
    /// This PC is not enrolled with the county.
    NotEnrolled,
    /// No such record.
    NotFound,
    /// A field's value cannot stand.
    Validation,
    /// Somebody changed the same thing since.
    Conflict,
    /// A file cannot be read or written.
    FileUnreadable,
    /// Not a spreadsheet, or not one of this kind.
    NotASheet,
    /// The policy pack leaves a choice open or contradicts itself.
    PackIncomplete,
    /// The policy pack has not been read by two people.
    PackUnreviewed,
    /// The bill's figures cannot be.
    BillImpossible,
    /// No policy pack is in force.
    NoPack,
    /// The bundle was refused and kept aside; the reason is the detail.
    BundleRejected,
    /// The eight words differ.
    WordsDiffer,
    /// The database was written by a newer version.
    DatabaseTooNew,
    /// Another window has the data open.
    DatabaseLocked,
    /// The file is no database of ours or is damaged.
    DatabaseDamaged,
    /// No room on the disk.
    DiskFull,
    /// The disk refused for another reason.
    Storage,
    /// A card or form template is faulty.
    Template,
    /// The clerk asked a long work to stop.
    Cancelled,
    /// A defect of the program.
    Internal,
}

/// One field at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FieldProblem {
    /// Column or request field.
    pub field: String,
    /// What is wrong with it, for the clerk.
    pub message: String,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ts_rs::TS)]
#[error("{message}")]
pub struct AppError {
    /// For programs.
    pub code: ErrorCode,
    /// For the clerk.
    pub message: String,
    /// Fields at fault.
    pub fields: Vec<FieldProblem>,
    /// A finer reason of the refusing library, such as a bundle's `BAD_SIGNATURE`.
    pub detail: Option<String>,
    /// For the log, when it is a defect.
    pub incident: Option<String>,
}

impl AppError {
    /// A refusal with a code and a sentence.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: Vec::new(), detail: None, incident: None }
    }

    /// The same with a field at fault.
    #[must_use]
    pub fn field(mut self, field: &str, message: impl Into<String>) -> Self {
        self.fields.push(FieldProblem { field: field.to_owned(), message: message.into() });
        self
    }

    /// The same with a finer reason.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// No such record.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("没有找到这条{what}，可能已被更正或合并，请返回列表刷新"))
    }

    /// A value that cannot stand in a field.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new(ErrorCode::Validation, format!("没有保存：{message}")).field(field, message)
    }

    pub(crate) fn unknown_command(name: &str) -> Self {
        Self::new(ErrorCode::UnknownCommand, format!("没有“{name}”这个命令"))
    }

    pub(crate) fn incident(host: &dyn Host, command: &str) -> Self {
        let incident = format!("{}-{command}", host.now().format("%Y%m%d%H%M%S"));
        let message = "程序出了差错，刚才的操作没有写入，原有数据没有变。请记下编号告诉县里";
        Self { incident: Some(incident), ..Self::new(ErrorCode::Internal, message) }
    }

    /// A file that cannot be read or written.
    #[must_use]
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::new(ErrorCode::DiskFull, format!("磁盘已满，“{name}”没有写成，原有数据没有变。请腾出空间后再试"))
            }
            std::io::ErrorKind::NotFound => {
                Self::new(ErrorCode::FileUnreadable, format!("找不到文件“{name}”，数据没有变。请重新选择文件"))
            }
            std::io::ErrorKind::PermissionDenied => Self::new(
                ErrorCode::FileUnreadable,
                format!("没有权限读写“{name}”（可能正被别的程序打开），数据没有变。请关闭后再试"),
            ),
            _ => {
                Self::new(ErrorCode::FileUnreadable, format!("读写“{name}”时出错，数据没有变。请换一个U盘或文件夹再试"))
            }
        }
    }
}
