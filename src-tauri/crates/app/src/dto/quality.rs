//! 数据核查: rules, what they found, what was decided about it.

use chrono::NaiveDate;

use super::{Id, dto, words};

words! {
    /// How bad a finding is; always shown with words.
    QualitySeverity { Error, Warning }
}

dto! {
    /// One rule with what it found.
    QualityRule {
        /// `F07`.
        number: String,
        severity: QualitySeverity, severity_label: String,
        /// 户, 人 or 单.
        about: String,
        title: String,
        /// Nobody decided that it is right, and it is not exempt today; `owned` of them have somebody who looks into it.
        open: i64, owned: i64,
        /// Said to be mended and still found; part of `open`.
        again: i64,
        fine: i64, exempt: i64,
        /// Why the rule is not applied this year, if it is not.
        unchecked: Option<String>,
    }
}

dto! { QualityView { errors: i64, warnings: i64, fine: i64, exempt: i64, rules: Vec<QualityRule> } }

dto! {
    /// The findings of one rule, or of all where none is named; of one village or all.
    QualityRowsRequest { rule: Option<String>, village: Option<Id> }
}

dto! {
    /// One finding with what was decided about it.
    QualityRow {
        /// Names the finding for `quality_decide`; another once the values behind it change.
        subject: String,
        rule: String,
        household: Id, person: Option<Id>,
        /// The record at fault, where it is one of its own.
        table: Option<String>, record: Option<Id>,
        name: String, village: String, group: String, number: String, head: String,
        reason: String,
        open: bool, state: String, owner: String, due: Option<NaiveDate>, overdue: bool,
        decided_on: Option<NaiveDate>, why: String, evidence: String, exempt_until: Option<NaiveDate>,
    }
}

dto! { QualityRows { rule: Option<String>, title: String, rows: Vec<QualityRow> } }

dto! {
    /// One word on any number of findings of one rule.
    QualityDecideRequest {
        rule: String, subjects: Vec<String>,
        /// A code of `finding_state`.
        state: String,
        owner: Option<String>, due: Option<NaiveDate>, reason: Option<String>,
        /// Needed for an exemption, with the day until which it holds.
        evidence: Option<String>, until: Option<NaiveDate>,
    }
}

dto! {
    /// How many findings were decided, and the action that `quality_undo` takes back.
    QualityDecided { decided: i64, entry: Option<i64> }
}
