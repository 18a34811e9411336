//! Taking in sheets: dry run first, every row accounted for.

use super::{Id, dto, words};

words! {
    /// What a sheet holds.
    SheetKind { Roster, Screening, Contracts, Visits, Enrolments, Bills }
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

dto! {
    ImportView {
        kind: SheetKind, file: String, sheet: String, header_row: i64, dry_run: bool, counts: ImportCounts,
        /// Households and people the file holds, told apart by whether lifted (roster only).
        totals: Option<super::Population>,
        rows: Vec<ImportRow>,
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

dto! { UndoRequest { entry: i64 } }
dto! { UndoView { undone: i64 } }
dto! { ImportHistoryRow { entry: i64, at: String, who: String, action: String, detail: String, records: i64, undoable: bool } }
dto! { ImportHistory { rows: Vec<ImportHistoryRow> } }
dto! { VillageRequest { village: Option<Id> } }
