//! 全县重算: every bill of a year under another pack, beside the pack in force.

use super::{Id, Money, dto};

dto! {
    /// Which rules: a draft or a stored pack by id, or the text of a pack. The year's bills under them.
    ResettleRequest { draft: Option<Id>, pack: Option<Id>, path: Option<String>, toml: Option<String>, year: Option<i64> }
}
dto! {
    /// One payer over all bills, before and after.
    ResettlePayer { key: String, label: String, before: Money, after: Money }
}
dto! { ResettleSide { people: i64, households: i64, money: Money } }
dto! {
    /// People or bills that have something in common.
    ResettleGroup {
        key: String, label: String, people: i64, bills: i64, paid_before: Money, paid_after: Money, personal_before: Money,
        personal_after: Money, better: i64, worse: i64,
    }
}
dto! {
    /// Somebody whose year comes out differently; below nought they pay less.
    ResettlePerson {
        person: Id, household: Id, name: String, village: String, identity: String, bills: i64, before: Money, after: Money,
        change: Money,
    }
}
dto! {
    /// A bill that one of the two packs does not settle, or a year whose end cannot be set side by side: in neither sum.
    ResettleRefused { bill: Id, name: String, village: String, settled_on: String, why: String }
}
dto! {
    ResettleView {
        before: String, after: String, year: i64, people: i64, households: i64, bills: i64, total: Money,
        payers: Vec<ResettlePayer>, personal_before: Money, personal_after: Money, better: ResettleSide, worse: ResettleSide,
        same: i64, identities: Vec<ResettleGroup>, levels: Vec<ResettleGroup>, townships: Vec<ResettleGroup>,
        /// The largest changes first; as many as a screen shows, the workbook has all.
        changed: Vec<ResettlePerson>, changed_count: i64, refused: Vec<ResettleRefused>, refused_count: i64, notes: Vec<String>,
    }
}
dto! {
    /// How far the long work has come that runs now; not `running` where there is none.
    WorkState { running: bool, label: String, done: i64, total: i64 }
}
