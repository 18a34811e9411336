//! 系统: verification, backup, code tables.

use super::{Coded, dto};

dto! { TableCheck { table: String, label: String, rows: i64, differences: i64 } }
dto! {
    /// Every table rebuilt from the log and compared.
    VerifyView { entries: i64, logs: i64, tables: Vec<TableCheck>, differences: i64, integrity: String, ok: bool, problems: Vec<String> }
}
dto! { BackupRequest { folder: Option<String> } }
dto! { BackupView { path: String, bytes: i64, verified: bool } }
dto! { CodeTableRequest { table: String } }
dto! { CodeTableView { rows: Vec<Coded> } }
