//! Set-up, logging in, operators.

use super::{Coded, dto, words};

words! {
    /// In which state this PC's data is.
    SetupState {
        /// Nothing set up yet.
        Empty,
        /// Set up; nobody has logged in.
        Locked,
        /// Somebody is logged in.
        Open,
    }
}

words! {
    /// Which office this PC stands in.
    OfficeKind { Township, County }
}

dto! {
    /// What the first screen needs to know.
    SetupStatus { state: SetupState, office: Option<OfficeView>, operators: Vec<OperatorView>, version: String, today: chrono::NaiveDate }
}

dto! {
    /// The office this PC belongs to.
    OfficeView {
        kind: OfficeKind, county_name: String, unit_name: String,
        /// 6 digits for a county, 9 for a township.
        area: String,
        /// Whether the county has enrolled this PC.
        enrolled: bool,
        /// Eight words that name the county's root key, to compare by telephone.
        county_words: Option<String>,
        /// Whether these are the demo's data, which the window shows in a colour of their own.
        training: bool,
    }
}

dto! {
    /// One operator.
    OperatorView { login: String, name: String, role: Coded, disabled: bool }
}

dto! {
    /// First set-up of this PC. `area`: 6 digits county, 9 digits township.
    SetupRequest {
        kind: OfficeKind, county_name: String, unit_name: String, area: String,
        operator_name: String, login: String, password: String,
    }
}

dto! {
    /// What to print and keep after set-up.
    SetupDone {
        /// Opens the data when every password is forgotten. Shown once.
        recovery_code: String,
        county_words: Option<String>,
    }
}

dto! { LoginRequest { login: String, password: String } }

dto! {
    /// Who is logged in where.
    SessionView {
        operator: OperatorView, office: OfficeView,
        /// Something about the data as a whole that the clerk must know, e.g. that they were restored.
        notice: Option<String>,
    }
}

dto! { OperatorAddRequest { login: String, name: String, role: String, password: String } }
dto! { PasswordChangeRequest { old: String, new: String } }
dto! { OperatorList { rows: Vec<OperatorView> } }
dto! {
    /// Forgotten password: the printed recovery code and a new password for one of this PC's operators.
    RecoverRequest { recovery_code: String, login: String, password: String }
}
