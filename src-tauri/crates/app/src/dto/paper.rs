//! 明白卡 and official tables.

use chrono::NaiveDate;

use super::{Id, dto};

dto! { CardPreviewRequest { household: Id } }
dto! {
    /// One household's card as it would print today.
    CardPreview { pages: Vec<String>, edition: i64, missing: Vec<String>, changed: Vec<String> }
}

dto! {
    /// Cards of one village: how many are current.
    CardVillageRow { village: Id, name: String, households: i64, current: i64, stale: i64, none: i64, last_issued: Option<NaiveDate> }
}
dto! { CardVillageList { rows: Vec<CardVillageRow>, pack: String } }

dto! {
    /// Makes one PDF. With `record` the issue is written into the register.
    CardPrintRequest {
        village: Option<Id>, household: Option<Id>,
        /// Only households without a current card.
        changed_only: bool,
        record: bool,
    }
}
dto! {
    /// What a print made; the bytes follow by `card_pdf`.
    CardPrintView { households: i64, pages: i64, missing: Vec<String>, file: String, path: String }
}
dto! { CardHouseholdRow { household: Id, number: String, head: String, people: i64, state: String, edition: i64, issued_on: Option<NaiveDate>, signed_on: Option<NaiveDate>, why: String } }
dto! { CardHouseholdList { rows: Vec<CardHouseholdRow> } }
dto! { CardSignRequest { household: Id, signed_on: NaiveDate, signed_by: String } }

dto! { ReportRequest { key: String } }
dto! {
    /// A table as it will stand in the file.
    ReportView {
        key: String, title: String, unit: String, on: NaiveDate, columns: Vec<String>, rows: Vec<Vec<String>>, total: Vec<String>,
        remarks: Vec<String>,
    }
}
dto! { ReportFile { file: String, path: String } }
dto! { ReportRow { key: String, title: String, about: String } }
dto! { ReportList { rows: Vec<ReportRow> } }
