//! 系统: verification, backup, code tables.

use super::session::OperatorView;
use super::{Coded, dto};

dto! { TableCheck { table: String, label: String, rows: i64, differences: i64 } }
dto! {
    /// Every table rebuilt from the log and compared.
    VerifyView { entries: i64, logs: i64, tables: Vec<TableCheck>, differences: i64, integrity: String, ok: bool, problems: Vec<String> }
}
dto! {
    /// Every table folded again from the log, and verified afterwards.
    RebuildView { folded: i64, verified: VerifyView }
}
dto! { BackupRequest { folder: Option<String> } }
dto! { BackupView { path: String, bytes: i64, verified: bool } }
dto! { RestoreListRequest { folder: Option<String> } }
dto! {
    /// A backup, as far as can be said before it is opened.
    RestoreRow {
        path: String,
        /// The folder it lies in.
        place: String,
        unit_name: String, county_name: String, operators: Vec<OperatorView>,
        /// When its database was written last.
        written_at: String,
        bytes: i64,
        /// Whether it is of this PC's unit, or this PC has none yet.
        fits: bool,
    }
}
dto! {
    /// Backups that can be restored, newest first.
    RestoreList {
        rows: Vec<RestoreRow>,
        /// Whether data stand on this PC now, which will be moved aside.
        replaces: bool,
    }
}
dto! {
    /// Puts a backup in the place of this PC's data. `secret`: the operator's password at the time of the backup, or the
    /// printed recovery code. `unit_name`: typed by the clerk, so that nobody does it by mistake.
    RestoreRequest { path: String, login: String, secret: String, recovery: bool, unit_name: String }
}
dto! {
    RestoreDone {
        entries: i64,
        /// The newest entry in the backup.
        saved_at: Option<String>,
        /// Where the data that stood here before are kept.
        kept: Option<String>,
    }
}
dto! { CodeTableRequest { table: String } }
dto! { CodeTableView { rows: Vec<Coded> } }
