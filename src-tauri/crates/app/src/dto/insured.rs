//! 参保: who is insured, who pays, who waits, a year at a time. The tables are those of `tally`.

use chrono::NaiveDate;

use super::{Id, Money, Tone, dto};

dto! {
    /// `village`, `category`, `tier` or `reason`, of a year.
    InsuredTableRequest { table: String, year: Option<i64>, village: Option<Id> }
}
dto! {
    /// The people of one number; without a row the total.
    InsuredPeopleRequest { table: String, year: Option<i64>, village: Option<Id>, column: String, row: Option<String> }
}
dto! {
    /// One person's insurance of a year.
    InsuredPerson {
        person: Id, household: Id, name: String, village: String, group: String, identity: String, verdict: String, tone: Tone,
        insurance: String, place: String, own_payment: Money, subsidy: Money,
        /// What the county's list says is to be paid for this person, where it says so.
        due_subsidy: Option<Money>, way: String,
        paid_on: Option<NaiveDate>,
        /// First day on which bills are paid, where that is not the first of the year.
        entitled_from: Option<NaiveDate>,
        /// One line: what is wrong or why.
        told: String,
        /// The record, where there is one.
        record: Option<Id>,
    }
}
dto! { InsuredPeople { label: String, year: i64, rows: Vec<InsuredPerson> } }
dto! { InsuredSheetRequest { year: Option<i64>, village: Option<Id> } }
dto! {
    /// Somebody whose insurance of a year nobody has entered, with what it was the year before and what is due.
    InsuredSheetRow {
        person: Id, household: Id, name: String, village: String, group: String, age: Option<i64>, last: String,
        identity: String, own_payment: Option<Money>, subsidy: Option<Money>,
        /// The record of the year that says uninsured without a reason.
        record: Option<Id>,
    }
}
dto! { InsuredSheet { year: i64, rows: Vec<InsuredSheetRow> } }
