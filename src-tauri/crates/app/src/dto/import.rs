//! Taking in sheets: dry run first, every row accounted for.

use chrono::NaiveDate;

use super::{Coded, Id, dto, words};

words! {
    /// What a sheet holds.
    SheetKind { Roster, Screening, Contracts, Visits, Enrolments, Bills, Exams, Disabled, Aid, Certificates, Crowds, HealthCheck, Services }
}

dto! {
    ImportRequest {
        kind: SheetKind, path: String,
        /// Only rows of these problems are left out; nothing is written when this is a dry run.
        dry_run: bool,
    }
}

dto! {
    /// Rows read = new + changed + same + rejected, always.
    ImportCounts { read: i64, new: i64, changed: i64, same: i64, rejected: i64 }
}

words! { RowOutcome { New, Changed, Same, Rejected } }

dto! {
    /// What happens with one row.
    ImportRow {
        /// Row number in the file, as Excel shows it.
        row: i64,
        outcome: RowOutcome, who: String, household: String,
        /// `健康状况 健康 → 患有大病`, or why it is rejected.
        detail: String,
        warning: bool,
    }
}

words! {
    /// What a control total counts.
    SumUnit { Rows, People, Households, Money }
}

dto! {
    /// One control total: of the whole file, and of the rows that can be taken in. Money in fen.
    ImportSum { label: String, unit: SumUnit, file: i64, taken: i64 }
}

dto! {
    /// The rows of one household: rows = new + changed + same + rejected.
    ImportHome {
        /// Its number as the file or the register has it; blank for rows of which nobody knows the household.
        household: String,
        /// The household where it is on the register already.
        id: Option<Id>,
        village: String,
        rows: i64, new: i64, changed: i64, same: i64, rejected: i64, warnings: i64,
    }
}

dto! {
    ImportView {
        kind: SheetKind, file: String, sheet: String, header_row: i64, dry_run: bool, counts: ImportCounts,
        /// Households and people the file holds, told apart by whether lifted (roster only).
        totals: Option<super::Population>,
        /// Rows, people, households and, where there is money, the sums of it.
        sums: Vec<ImportSum>,
        rows: Vec<ImportRow>,
        /// The same rows by household, in the order in which the file first names each.
        homes: Vec<ImportHome>,
        /// Columns that were not used, and other remarks.
        remarks: Vec<String>,
        /// On the register but not in this roster: listed, never deleted.
        absent: i64,
        /// Who these are, by household and name; the first 200.
        absent_people: Vec<String>,
        /// The entry that took it in, for undo.
        entry: Option<i64>,
    }
}

words! {
    /// Which of the people whom the last roster does not name.
    AbsentState { Open, Decided }
}

dto! {
    /// Somebody on the register whom a roster did not name.
    AbsentRow {
        person: Id, name: String, age: Option<i64>, household: Option<Id>, number: String, head: String, village: String,
        /// The roster that first lacked them, and the day on which it came.
        file: String, since: NaiveDate,
        decision: Option<AbsentDecided>,
    }
}

dto! { AbsentDecided { decision: Coded, on: Option<NaiveDate>, reason: String } }

dto! {
    AbsentList {
        rows: Vec<AbsentRow>, open: i64, decided: i64,
        /// What may be decided, and for those who left why.
        choices: Vec<Coded>, leaving: Vec<Coded>,
    }
}

dto! { AbsentRequest { state: AbsentState } }

dto! {
    /// One decision about people whom the roster does not name. Who has moved away leaves the household on that day, who has
    /// died is registered as dead; nobody is deleted.
    AbsentDecision {
        people: Vec<Id>,
        /// Of the table difference_decision.
        decision: String,
        /// When they left or died; needed for these two.
        on: Option<NaiveDate>,
        /// Why they left, of the table change_reason; other reasons where none is said.
        leaving: Option<String>,
        reason: String,
    }
}

dto! { AbsentDone { people: i64 } }

dto! { UndoRequest { entry: i64 } }
dto! { UndoView { undone: i64 } }
dto! { ImportHistoryRow { entry: i64, at: String, who: String, action: String, detail: String, records: i64, undoable: bool } }
dto! { ImportHistory { rows: Vec<ImportHistoryRow> } }
dto! { VillageRequest { village: Option<Id> } }
