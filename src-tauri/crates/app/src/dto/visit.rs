//! 随访: who is due, the doctor's week, a sheet to fill in.

use chrono::NaiveDate;

use super::{Coded, Id, dto};

dto! {
    /// Whose patients, where, and up to which day; without a day to the end of the next seven.
    VisitDueRequest { doctor: Option<String>, village: Option<Id>, kind: Option<String>, until: Option<NaiveDate> }
}
dto! {
    /// One visit that is due.
    VisitDueRow {
        household: Id, person: Id, name: String, village: String, group: String, head: String, phone: String,
        /// What for; a restricted disease is not named.
        kind: String,
        /// What the last visit showed.
        why: String, last: String, doctor: String,
        due: NaiveDate,
        /// Days from today; below zero it is late.
        days: i64,
    }
}
dto! { VisitDoctor { name: String, count: i64, late: i64 } }
dto! {
    VisitDueList {
        from: NaiveDate, until: NaiveDate, rows: Vec<VisitDueRow>,
        /// Every doctor with visits due in these days, wherever.
        doctors: Vec<VisitDoctor>,
    }
}

dto! { VisitSheetRequest { kind: String, village: Option<Id>, doctor: Option<String>, until: Option<NaiveDate> } }
dto! {
    /// One patient of a sheet with what was measured last.
    VisitSheetRow {
        person: Id, household: Id, name: String, village: String, group: String, age: Option<i64>, last: String,
        due: Option<NaiveDate>, doctor: String,
    }
}
dto! { VisitSheet { kind: Coded, rows: Vec<VisitSheetRow> } }

dto! {
    /// One line as typed so far; fields as in `record_save`.
    VisitProposeRequest { person: Id, fields: std::collections::BTreeMap<String, String> }
}
dto! {
    /// When the next visit should be, and why, in words.
    VisitProposal {
        next_on: Option<NaiveDate>, why: String,
        /// What must be done today.
        urgent: Option<String>,
    }
}
