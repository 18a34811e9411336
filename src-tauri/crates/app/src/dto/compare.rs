//! 数据比对: lists of other offices beside the register, what differs, and what was decided about it.

use chrono::NaiveDate;

use super::{Coded, Id, Population, dto, words};

dto! {
    /// A file and whose list it is.
    CompareTakeRequest {
        path: String,
        /// A code of `list_source` other than the register.
        source: String,
        /// The day the list speaks of, where the file does not say it.
        as_of: Option<NaiveDate>,
    }
}

dto! {
    /// A row of the file that was not taken, with why.
    CompareRefused { row: i64, reason: String }
}

dto! {
    /// A list kept on this PC: rows in the file = rows + refused.
    CompareListRow {
        id: i64, source: Coded, file: String, as_of: Option<NaiveDate>, taken_at: String,
        /// First characters of the file's SHA-256.
        digest: String,
        sheets: String, in_file: i64, rows: i64, refused: Vec<CompareRefused>,
        /// What the sheet says of itself: `第1113行 合计 303户 1110人`.
        said: Vec<String>,
        remarks: Vec<String>,
    }
}

dto! {
    CompareLists {
        rows: Vec<CompareListRow>,
        /// Sources a list can be of.
        sources: Vec<Coded>,
        /// The county's list of focus diseases, or that there is none.
        focus: String,
    }
}

dto! { CompareForgetRequest { list: i64 } }

dto! {
    /// Two lists; ours is the register where none is named.
    CompareRunRequest { ours: Option<i64>, theirs: i64 }
}

dto! {
    /// One side with its control totals: rows = people + repeated.
    CompareSide {
        source: Coded, file: String, as_of: Option<NaiveDate>, rows: i64, repeated: i64, totals: Population,
        without_id: i64,
    }
}

dto! {
    /// One kind of difference: all = fresh + waiting + decided.
    CompareGroup { key: String, label: String, about: String, all: i64, fresh: i64, waiting: i64, decided: i64 }
}

dto! {
    /// Ours = matched + similar + only_ours + out_of_scope; theirs = matched + similar + only_theirs + elsewhere.
    CompareView {
        ours: CompareSide, theirs: CompareSide, ran_at: String,
        matched: i64, by_id: i64, by_birth: i64, by_word: i64, similar: i64, only_ours: i64, only_theirs: i64,
        /// On the register and no business of that list: not on relief, not disabled.
        out_of_scope: i64,
        /// On their list and of a place that is not this office's.
        elsewhere: i64,
        /// Matched people in whom nothing differs.
        agreeing: i64,
        groups: Vec<CompareGroup>, remarks: Vec<String>,
    }
}

words! {
    /// Not yet decided or changed since; put off; decided.
    CompareState { Fresh, Waiting, Decided, All }
}

dto! {
    CompareRowsRequest { ours: Option<i64>, theirs: i64, group: Option<String>, state: CompareState, offset: i64, limit: i64 }
}

dto! {
    CompareRow {
        key: String, group: String, kind: Coded, field: String, state: CompareState,
        name: String, citizen_id: String, birth: Option<NaiveDate>, village: String, household_number: String,
        person: Option<Id>, household: Option<Id>,
        /// The row of their file, as Excel numbers it.
        their_row: Option<i64>,
        ours: String, theirs: String,
        decision: Option<Coded>, reason: String, decided_on: Option<NaiveDate>, reported_on: Option<NaiveDate>,
        /// How it was decided before one side changed.
        before: String,
    }
}

dto! { CompareRows { rows: Vec<CompareRow>, total: i64 } }

dto! {
    CompareDecideRequest {
        ours: Option<i64>, theirs: i64, keys: Vec<String>,
        /// A code of `difference_decision`.
        decision: String, reason: String, evidence: Option<String>,
    }
}

dto! { CompareDecided { decided: i64 } }

dto! {
    /// Which rows go to the other office and why.
    CompareXlsxRequest { ours: Option<i64>, theirs: i64, group: Option<String>, state: CompareState, reason: String }
}
