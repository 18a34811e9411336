//! 县级名单与规则.

use chrono::NaiveDate;

use super::{Coded, dto};

dto! {
    /// One list the county keeps for everybody.
    CountyListRow {
        id: String, kind: Coded, name: String, version: String, effective_from: Option<NaiveDate>,
        effective_until: Option<NaiveDate>, source: String, unverified: bool,
        /// Lines below its heading.
        lines: i64,
        active: bool, withdrawn: bool,
        /// Why it cannot be used.
        problem: Option<String>,
    }
}
dto! { CountyListView { rows: Vec<CountyListRow> } }
dto! {
    /// A list from a file of separated text with a heading.
    CountyListPutRequest {
        path: String, kind: String, name: String, version: String, effective_from: NaiveDate,
        effective_until: Option<NaiveDate>, source: String, unverified: bool,
    }
}
