//! 保障结算: what was paid beside what was due, and why.

use chrono::NaiveDate;

use super::{Coded, Id, Money, Tone, dto};

dto! {
    /// One payer of one bill: what the policy pack says and what was paid.
    PayerRow { key: String, label: String, due: Money, paid: Money, shortfall: Money, cause: String }
}

dto! {
    /// One bill in a table.
    BillRow {
        id: Id, person: Id, household: Id, name: String, village: String, settled_on: Option<NaiveDate>, hospital: String,
        level: Option<Coded>, reason: String, total: Money, basic: Money, critical: Money, aid: Money, other: Money,
        in_scope: Money, personal: Money, verdict: String, tone: Tone,
        /// What the payers that paid too little still owe; 0 when each paid in full.
        shortfall: Money,
        /// What others paid too much on the same bill: beside it, never set off.
        over: Money,
        /// One line: why.
        why: String,
        /// Whether its money counts: neither replaced by another nor a mere reversal.
        counts: bool,
        /// The one it takes the place of.
        corrects: Option<Id>,
        /// The one that has taken its place.
        successor: Option<Id>,
    }
}

dto! {
    BillListRequest {
        year: Option<i64>, village: Option<Id>,
        /// Only bills that were paid too little.
        short_only: bool,
        offset: i64, limit: i64,
    }
}
dto! {
    BillList { rows: Vec<BillRow>, total: i64, bills_amount: Money, personal: Money, shortfall: Money, over: Money }
}

dto! {
    /// One step of the explanation.
    StepRow { key: String, label: String, formula: String, amount: Money, article: String, payer: Option<String> }
}

dto! {
    /// One bar of the waterfall.
    Bar { key: String, label: String, from: Money, to: Money, amount: Money, payer: bool }
}

dto! {
    /// Why this amount?
    BillExplanation {
        bill: BillRow, identity: Coded, pack: String, pack_status: String, payers: Vec<PayerRow>, steps: Vec<StepRow>, bars: Vec<Bar>,
        /// Two sentences a village doctor can read out.
        said: Vec<String>,
        /// The identity of C.1, with its numbers.
        identity_check: String,
        personal_of_total: Option<i64>, personal_of_in_scope: Option<i64>,
        personal_due: Money,
        /// What the bill's own figures contradict, when they do.
        problems: Vec<String>,
        /// Where 住院天数, 起付线, 本年累计 of the sheet differ from what can be worked out.
        printed: Vec<String>,
    }
}

dto! {
    /// A pure settlement: no database. `bills` as in the pack examples.
    SettleRequest { pack: String, bills: serde_json::Value }
}
dto! { SettleView { result: serde_json::Value } }
