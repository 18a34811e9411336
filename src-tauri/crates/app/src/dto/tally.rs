//! Tables of 签约随访 and 疾病救治 whose every number opens its people; the people who are away; renewals.

use chrono::NaiveDate;

use super::{Id, dto};

dto! { TallyName { key: String, title: String, about: String, section: String } }
dto! { TallyList { rows: Vec<TallyName> } }
dto! { TallyRequest { key: String, village: Option<Id> } }
dto! {
    TallyColumn {
        key: String,
        /// What stands over it and its neighbours; may be empty.
        group: String, label: String,
        /// Its numbers are fen.
        money: bool,
    }
}
dto! {
    /// One row; a cell of nothing is not shown to whoever is logged in.
    TallyRow { key: String, label: String, cells: Vec<Option<i64>> }
}
dto! {
    TallyView {
        key: String, title: String, unit: String, on: NaiveDate,
        /// What stands over the first column.
        head: String,
        columns: Vec<TallyColumn>, rows: Vec<TallyRow>, total: Vec<Option<i64>>, notes: Vec<String>,
    }
}
dto! {
    /// One number of a table; without a row the total.
    TallyCellRequest { key: String, village: Option<Id>, column: String, row: Option<String> }
}

dto! {
    /// Somebody who is away, with how they are reached.
    AwayRow {
        person: Id, household: Id, name: String, village: String, group: String, head: String, phone: String,
        /// 外出状态 or why they have not signed.
        why: String, place: String, address: String,
        /// Whether and until when they have signed.
        contract: String,
        /// The newest contact about it: day, way, by whom.
        contact: String,
        /// What became of the agreement that was sent.
        letter: String,
        /// The record of that letter, where it is not back.
        letter_id: Option<Id>,
    }
}
dto! { AwayList { rows: Vec<AwayRow> } }
dto! {
    /// Agreements for these people over a period.
    AgreementRequest { people: Vec<Id>, since: NaiveDate, until: NaiveDate }
}

dto! {
    /// A contract that ends or has ended, with what would follow it.
    RenewalRow {
        person: Id, household: Id, name: String, village: String, group: String,
        team: Option<Id>, team_name: String, package: String, signer: String, ended: NaiveDate,
        since: NaiveDate, until: NaiveDate,
    }
}
dto! { RenewalList { rows: Vec<RenewalRow> } }

dto! {
    /// These people's records of a table, not yet in a platform, are in it since a day.
    PlatformMarkRequest { people: Vec<Id>, table: String, platform: String, on: NaiveDate }
}

dto! { ExamSheetRequest { whose: String, village: Option<Id> } }
