//! 预警: whose year costs too much, who comes near a line, who goes elsewhere.

use super::{Coded, Id, Money, Tone, dto};

dto! { WarningRequest { year: Option<i64>, village: Option<Id> } }

dto! {
    /// A line as the county has it; without an amount it is not known yet.
    WarningLine { key: String, label: String, amount: Option<Money>, source: String }
}
dto! {
    /// A number that opens its list.
    WarningCount { by: String, show: String, label: String, count: i64, money: Option<Money>, tone: Tone }
}
dto! {
    /// Bills together, with the person's share by both denominators in basis points.
    WarningShare {
        key: String, label: String, bills: i64, people: i64, total: Money, in_scope: Money, personal: Money,
        in_scope_personal: Money, of_total: Option<i64>, of_in_scope: Option<i64>,
    }
}
dto! {
    /// Where people were treated.
    WarningRegion { area: Coded, bills: i64, people: i64, total: Money, personal: Money, bills_share: Option<i64>, money_share: Option<i64> }
}
dto! {
    WarningArea {
        year: i64, bills: i64, people: i64, households: i64, lines: Vec<WarningLine>, counts: Vec<WarningCount>,
        shares: Vec<WarningShare>, regions: Vec<WarningRegion>,
        /// What 大病保险 paid of what lay above its line, in basis points.
        critical_rate: Option<i64>,
        /// Limits in percent.
        self_pay_percent: i64, critical_percent: i64, in_region_percent: i64,
        notes: Vec<String>,
    }
}

dto! {
    WarningListRequest {
        year: Option<i64>, village: Option<Id>,
        /// `household`, `person` or `bill`.
        by: String,
        /// `over`, `near`, `tenth`, `next` or `all`.
        show: String,
        /// Bills of one line of the shares: `rule`, `inpatient`, `chronic` or `outpatient`.
        share: Option<String>,
        /// A code of `hospital_area`; `none` where it is not filled in.
        area: Option<String>,
        offset: i64, limit: i64,
    }
}
dto! {
    /// A household, a person or a bill.
    WarningRow {
        key: Id, household: Id, person: Option<Id>, bill: Option<Id>, name: String, village: String, identity: String,
        bills: i64, total: Money, in_scope: Money, personal: Money, in_scope_personal: Money,
        /// Of bills in the county, in hospital or for a chronic illness, in basis points.
        of_total: Option<i64>, of_in_scope: Option<i64>,
        /// In-scope self-pay against the lowest line that counts, in basis points.
        of_line: Option<i64>,
        verdict: String, tone: Tone,
        /// Whether its share passes the limit of self-pay.
        tenth: bool,
        /// The payer that begins next, and what is missing to it.
        next: String, room: Option<Money>,
        /// One line: why.
        told: String,
    }
}
dto! { WarningList { year: i64, rows: Vec<WarningRow>, total: i64, money: Money } }
