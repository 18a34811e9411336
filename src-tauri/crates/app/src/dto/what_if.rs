//! 去哪家医院: one person's planned admission at several hospitals side by side.

use chrono::NaiveDate;

use super::{Coded, Id, Money, StepRow, dto};

dto! {
    /// A planned visit. What is not said is taken from the bills on file, and the answer says which.
    PlanRequest {
        person: Id,
        /// A code of `care_kind`.
        kind: String,
        /// What it is expected to cost, everything included.
        total: Money,
        /// Share outside the catalogues, in basis points.
        outside: Option<i64>,
        /// Share of the total that is paid first, in basis points.
        pre_self_pay: Option<i64>,
        /// Where “away” is: `province` or `outside`.
        far: Option<String>,
        /// The day of admission; today when not said.
        on: Option<NaiveDate>,
    }
}

dto! { PlanPayer { column: Coded, label: String, amount: Money } }

dto! {
    /// What a payer adds at the year's end; less than nothing where the visit's own bill already pays what it would have.
    PlanAtEnd { label: String, amount: Money, /** Whether the person has to apply for it. */ applied: bool }
}

dto! {
    /// The same visit at one hospital.
    PlanChoice {
        key: String, place: String, level: Coded, area: Coded, referral: Coded,
        /// Paid by each column of the sheet, in its order, nought included.
        payers: Vec<PlanPayer>,
        /// 起付线 of the first payer.
        deductible: Money,
        /// Outside the catalogues and paid first.
        outside: Money,
        in_scope: Money, paid: Money, personal: Money,
        /// What each payer adds for it at the year's end; not part of `paid`.
        at_end: Vec<PlanAtEnd>,
        /// What the person pays more than at the cheapest, less what comes at the year's end without being applied for.
        more: Money,
        cheapest: bool,
        /// Why it differs from the cheapest, a line each.
        why: Vec<String>,
        /// The identities that counted.
        identity: String,
        /// Why the pack cannot say.
        refused: Option<String>,
        steps: Vec<StepRow>,
    }
}

dto! {
    /// A planned visit side by side.
    PlanView {
        person: Id, household: Id, name: String, village: String, identity: String, pack: String, pack_status: String,
        on: NaiveDate, kind: Coded, far: String, total: Money,
        /// Shares used, in basis points, and where each comes from.
        outside_share: i64, outside_from: String, pre_share: i64, pre_from: String,
        /// The year so far, a line each.
        state: Vec<String>,
        choices: Vec<PlanChoice>,
        /// Two sentences a village doctor can read out.
        said: Vec<String>,
        notes: Vec<String>,
    }
}
