//! Lists as each operator keeps them, what they are narrowed to, and their rows as a file.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Id, dto};

dto! {
    /// A column and the direction somebody sorted by.
    GridSort { column: String, down: bool }
}
dto! {
    /// A column in the place somebody gave it.
    GridColumn { key: String, shown: bool }
}
dto! {
    /// A filter under a name of the operator's own.
    GridFilter { name: String, filter: BTreeMap<String, String> }
}
dto! {
    /// How one operator keeps one list. Empty is as the program brings it.
    GridView {
        columns: Vec<GridColumn>, sort: Option<GridSort>, filter: BTreeMap<String, String>, saved: Vec<GridFilter>,
    }
}
dto! { ViewRequest { list: String } }
dto! { ViewKeepRequest { list: String, view: GridView } }

dto! {
    /// A column of the file, in the order of the screen.
    ListColumn {
        label: String,
        /// Its cells are numbers or amounts.
        numeric: bool,
    }
}
dto! {
    /// The rows of a list as the screen shows them.
    ListFileRequest {
        list: String, title: String,
        /// What the list is narrowed to, in words.
        filter: String,
        columns: Vec<ListColumn>, rows: Vec<Vec<String>>,
        /// For whom and what for; needed where the list holds personal data.
        reason: Option<String>,
    }
}

dto! {
    /// Whom a list is narrowed to; what is not asked for narrows nothing.
    NarrowRequest {
        /// A code of `poverty_cause`.
        cause: Option<String>,
        /// A list of diseases: `9`, `30`, `c28` …
        diseases: Option<String>,
        /// A code of `aid_identity`.
        identity: Option<String>,
        /// A code of `crowd`; restricted ones narrow nothing.
        crowd: Option<String>,
        /// A code of `away`, or `out` for any but at home.
        away: Option<String>,
        /// A list of the desk.
        item: Option<String>,
    }
}

dto! {
    /// A choice with what stands behind its code.
    NarrowChoice { code: String, label: String }
}
dto! {
    /// What lists may be narrowed by.
    NarrowChoices {
        causes: Vec<NarrowChoice>, diseases: Vec<NarrowChoice>, identities: Vec<NarrowChoice>, crowds: Vec<NarrowChoice>,
        away: Vec<NarrowChoice>, items: Vec<NarrowChoice>,
    }
}

dto! {
    /// What a reference field of a form may point to: of this person, or else of this household.
    ChoicesRequest { table: String, field: String, household: Option<Id>, person: Option<Id> }
}
dto! {
    RecordChoice {
        id: Id, label: String,
        /// What other fields of the form it fills when they are empty, by column.
        fills: BTreeMap<String, String>,
    }
}
dto! { RecordChoices { rows: Vec<RecordChoice> } }

dto! {
    /// Ends whatever stay somebody has elsewhere and begins one in this household, on one day.
    MemberMoveRequest {
        person: Id, household: Id,
        /// 与户主关系 there, code or label.
        relation: String,
        on: Option<NaiveDate>, reason: Option<String>,
    }
}
dto! {
    /// The households that were left, and the action that `import_undo` takes back.
    MemberMoved { left: Vec<Id>, entry: Option<i64> }
}
