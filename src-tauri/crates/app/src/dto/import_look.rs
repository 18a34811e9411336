//! What a sheet is before it is taken in, and what the clerk says about its columns and labels.

use super::{Coded, SheetKind, dto, words};

dto! {
    ImportLookRequest {
        kind: SheetKind, path: String,
        /// The sheet and the row, as Excel numbers it, in which the clerk says that the header begins.
        sheet: Option<String>, row: Option<i64>,
    }
}

dto! {
    /// What a file is. Nothing is written by looking at it.
    ImportLook {
        kind: SheetKind, file: String,
        /// As what the file could be taken in, the likeliest first.
        kinds: Vec<SheetKind>,
        sheets: Vec<LookSheet>,
        /// What a column may stand for.
        fields: Vec<LookField>,
        /// Labels in the cells that no code table knows, and those the clerk told before.
        labels: Vec<LookLabel>,
        /// What a label may mean, by column.
        choices: Vec<LookChoices>,
        /// Whether it can be tried: some sheet has a header with all it needs.
        ready: bool,
        /// How many labels nobody has told yet.
        asks: i64,
    }
}

dto! {
    LookSheet {
        name: String,
        /// Row of the header as Excel numbers it; none where the sheet is empty.
        row: Option<i64>,
        /// Rows of the header: one or two.
        height: i64,
        /// Whether the sheet is read as it stands. Otherwise its header is a guess, or columns are missing.
        read: bool,
        /// Whether somebody answered for a sheet of this layout before.
        remembered: bool,
        data_rows: i64, columns: Vec<LookColumn>,
        /// Titles of columns that are needed and not there.
        missing: Vec<String>,
    }
}

words! {
    /// What is done with a column of the file.
    LookState {
        /// It is read.
        Mapped,
        /// An earlier column means the same.
        Duplicate,
        /// Nobody knows what it means.
        Unknown,
        /// The clerk said that it is not read.
        Ignored,
        /// It is read, but there is no place for it on the register.
        NotKept,
    }
}

dto! {
    LookColumn {
        letters: String, label: String, state: LookState,
        /// Key and title of the field that it stands for.
        key: Option<String>, title: Option<String>,
        /// Whether the clerk said so.
        told: bool,
        /// Rows that say something in it, and the first different things they say; numbers of people masked.
        filled: i64, samples: Vec<String>,
    }
}

dto! { LookField { key: String, title: String, needed: bool } }

dto! {
    LookLabel {
        /// Key and title of the column.
        column: String, title: String,
        label: String,
        /// In how many rows it stands, and the first of them.
        rows: i64, first_row: i64,
        /// What the clerk said it means.
        code: Option<String>,
    }
}

dto! { LookChoices { column: String, choices: Vec<Coded> } }

dto! {
    /// What the clerk says; it holds for every later file of this layout (columns) and of this kind (labels).
    ImportAnswers {
        kind: SheetKind, path: String,
        /// The sheet, and the row of its header where it is not the one that was found.
        sheet: String, row: Option<i64>,
        columns: Vec<ColumnAnswer>, labels: Vec<LabelAnswer>,
    }
}

dto! {
    ColumnAnswer {
        label: String,
        /// Key of the field it stands for; none to leave it out.
        key: Option<String>,
    }
}

dto! {
    LabelAnswer {
        /// Key of the column.
        column: String, label: String,
        /// What it means; none takes back what was said.
        code: Option<String>,
    }
}
