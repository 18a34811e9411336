//! Workbooks and text out: official tables, the problem file, and the layouts that are also read.

mod csv_out;
mod official;
mod official_page;
mod plain;
mod problem_file;
mod roster;

pub use csv_out::plain_csv_gb18030;
pub use official::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};
pub use plain::{plain_xlsx, rows_of};
pub use problem_file::{RowsShown, problem_file};
pub use roster::{ROSTER_COLUMNS, ROSTER_XLSX_COLUMNS, write_roster_csv_gb18030, write_roster_xlsx};
