//! 户档案: list, search, one household's whole story.

use chrono::NaiveDate;

use super::{BillRow, Coded, FormKey, GridSort, Id, Money, NarrowRequest, Tone, dto, words};

dto! {
    /// Which households; in village and number order unless another is asked for.
    HouseholdListRequest {
        village: Option<Id>,
        /// A code of `household_status`.
        status: Option<String>,
        text: Option<String>,
        narrow: Option<NarrowRequest>,
        /// Another order than that of village and number.
        sort: Option<GridSort>,
        offset: i64, limit: i64,
    }
}

dto! {
    /// One row of the list.
    HouseholdRow {
        id: Id, number: String, head: String, village: String, group: String, people: i64,
        status: Option<Coded>, causes: String, diseases: String, phone: String,
        /// Things to do for this household.
        todo: i64,
    }
}

dto! { HouseholdList { rows: Vec<HouseholdRow>, total: i64, people: i64 } }

dto! {
    /// A village with its counts, for filters and batches.
    VillageRow { id: Id, code: String, name: String, doctor: String, households: i64, people: i64 }
}

dto! { VillageList { rows: Vec<VillageRow> } }

dto! {
    /// One thing this household still needs.
    Todo {
        key: String, text: String, tone: Tone, person: Option<Id>, settlement: Option<Id>, due: Option<NaiveDate>,
        /// The year of the person whose end it is about, where it is about one.
        year_end: Option<i64>,
    }
}

dto! {
    /// One member as the household page shows it.
    MemberRow {
        id: Id, membership: Id, name: String, relation: Coded, sex: Coded, age: Option<i64>, birth: Option<NaiveDate>,
        /// Masked unless a reason was given.
        citizen_id: String,
        phone: String, diseases: Vec<DiseaseTag>, identity: Option<Coded>, contract: String, contract_tone: Tone,
        last_visit: String, visit_tone: Tone, enrolment: String, enrolment_tone: Tone, health: String, labour: String,
    }
}

dto! {
    /// A disease in a table cell.
    DiseaseTag { name: String, tag: Option<String>, restricted: bool }
}

dto! {
    /// The year's money of a household.
    YearMoney {
        year: i64, total: Money, paid: Money, personal: Money,
        /// Basis points of the total, and of the in-scope amount.
        personal_of_total: Option<i64>, personal_of_in_scope: Option<i64>,
        shortfall: Money, over: Money,
    }
}

dto! {
    /// The household page: one screen tells the whole story.
    HouseholdView {
        id: Id, number: String, head: String, village: String, group: String, address: String, phone: String,
        status: Option<Coded>, household_type: Option<Coded>, main_cause: Option<Coded>, other_causes: Vec<Coded>,
        helper_name: String, helper_phone: String, recognised_on: Option<NaiveDate>, lifted_on: Option<NaiveDate>,
        remark: String, todos: Vec<Todo>, members: Vec<MemberRow>, bills: Vec<BillRow>, money: YearMoney,
        card: Option<CardState>, previous: Option<Id>, next: Option<Id>,
    }
}

dto! {
    /// The card this household holds.
    CardState { edition: i64, issued_on: NaiveDate, current: bool, why_stale: String, signed_on: Option<NaiveDate> }
}

dto! {
    /// A person with everything kept about them.
    PersonView {
        id: Id, household: Id, household_number: String, name: String, sex: Coded, birth: Option<NaiveDate>, age: Option<i64>,
        citizen_id: String, document_type: Option<Coded>, ethnicity: Option<Coded>, education: Option<Coded>,
        schooling: Option<Coded>, labour: Option<Coded>, health: String, phone: String, work_place: String,
        relation: Coded, village: String, group: String, died_on: Option<NaiveDate>,
        identities: Vec<IdentityRow>, diagnoses: Vec<DiagnosisRow>, contracts: Vec<ContractRow>, visits: Vec<VisitRow>,
        enrolments: Vec<EnrolmentRow>, bills: Vec<BillRow>,
    }
}

dto! { IdentityRow { id: Id, identity: Coded, since: Option<NaiveDate>, until: Option<NaiveDate>, marked: Option<bool> } }
dto! {
    DiagnosisRow {
        id: Id, disease: String, icd10: String, grade: String, risk: String, class: Option<Coded>, batch: Option<Coded>,
        hospital: String, diagnosed_on: Option<NaiveDate>, restricted: bool,
    }
}
dto! { ContractRow { id: Id, team: String, since: Option<NaiveDate>, until: Option<NaiveDate>, state: String, tone: Tone } }
dto! {
    VisitRow {
        id: Id, kind: Coded, visited_on: Option<NaiveDate>, mode: Option<Coded>, systolic: Option<i64>, diastolic: Option<i64>,
        /// Tenths of mmol/L.
        glucose_tenths: Option<i64>, control: Option<Coded>, doctor: String, next_on: Option<NaiveDate>,
    }
}
dto! {
    EnrolmentRow {
        id: Id, year: i64, insurance: Option<Coded>, insured: bool, place: String, own_payment: Option<Money>,
        subsidy: Option<Money>, reason: String,
    }
}

dto! {
    /// Shows what is masked; the reason is kept in the log.
    UnmaskRequest { person: Id, reason: String }
}
dto! { UnmaskView { citizen_id: String, phone: String } }

dto! {
    /// Saves one record: fields by column name as text (dates ISO, money in yuan `1,234.50`, codes or labels for coded
    /// fields, `""` clears). Without an id a new record is made. `household` is needed for a new person.
    RecordSaveRequest {
        /// Table name: household, person, diagnosis, contract, visit, enrolment, aid_identity, exclusion, team …
        table: String,
        id: Option<Id>,
        household: Option<Id>,
        /// 与户主关系 of a new person, code or label.
        relation: Option<String>,
        fields: std::collections::BTreeMap<String, String>,
        reason: Option<String>,
        /// The form it was typed into: with the record its draft is gone.
        form: Option<FormKey>,
    }
}
dto! {
    /// Saves many records of one table, a line each, as one action that one undo takes back.
    RecordBatchRequest { table: String, rows: Vec<RecordBatchRow>, reason: Option<String> }
}
dto! {
    /// One line: fields by column name as text, as in `RecordSaveRequest`; of the record that is changed, or of a new one.
    RecordBatchRow { id: Option<Id>, fields: std::collections::BTreeMap<String, String> }
}
dto! {
    /// A line that was not saved, counted from 0, and why.
    LineProblem { line: i64, field: Option<String>, message: String }
}
dto! {
    /// What was saved, and the action that `import_undo` takes back.
    RecordBatchSaved { saved: i64, problems: Vec<LineProblem>, entry: Option<i64> }
}
dto! {
    RecordSaved {
        id: Id, changed: i64,
        /// What the clerk must know of it: the county's value is shown until the county decides.
        notice: Option<String>,
    }
}

dto! { RecordRequest { table: String, id: Id } }
dto! {
    /// The stored values of one record, for an editing form: column name to text.
    RecordValues { table: String, id: Id, fields: std::collections::BTreeMap<String, String> }
}
dto! { HistoryView { rows: Vec<HistoryRow> } }
dto! {
    /// One change of one field, or one event.
    HistoryRow {
        /// Local time `2026-11-21 14:32`.
        at: String,
        who: String, device: String, action: String, reason: String, record: String, field: String, old: String, new: String,
        confirmed: bool,
    }
}

words! {
    /// What the search matched.
    HitKind { Person, Household, Village }
}
dto! { SearchRequest { text: String, limit: i64 } }
dto! {
    SearchHit {
        kind: HitKind, household: Option<Id>, person: Option<Id>, village: Option<Id>, title: String, detail: String,
        /// Which token matched, as shown.
        matched: String,
    }
}
dto! { SearchView { hits: Vec<SearchHit>, more: bool } }

dto! {
    /// The two people or values behind a conflict.
    ConflictRow {
        /// Names the record and the field, whatever else is decided meanwhile.
        id: String, record: Id, table: String, who: String, village: String, field: String, values: Vec<ConflictValue>, shown: String,
        /// Whether this office may decide; otherwise the county does.
        decidable: bool,
        /// Whether a value of its own may be typed.
        fillable: bool,
    }
}
dto! {
    ConflictValue {
        /// Names the write; the argument of `conflict_resolve`.
        key: String, value: String, by: String, device: String, at: String, county: bool,
    }
}
dto! {
    /// A stretch of everything that waits to be decided: how much that is, and how much of it is decided in this office.
    ConflictList { rows: Vec<ConflictRow>, total: i64, decidable: i64 }
}
dto! {
    /// A conflict that somebody decided, with every value that stood.
    DecidedRow {
        at: String, by: String, device: String, table: String, record: Id, who: String, village: String, field: String,
        values: Vec<ConflictValue>,
        /// What it was decided to be: one of the values or another.
        decided: String,
    }
}
dto! {
    /// The newest first.
    DecidedList { rows: Vec<DecidedRow> }
}
dto! {
    /// Closes a conflict with one of its values (by key) or a third (as typed).
    ConflictResolveRequest { id: String, key: Option<String>, value: Option<String> }
}
dto! {
    /// One family-doctor team.
    TeamRow { id: Id, name: String, village_doctor: String, township_doctor: String, township_phone: String }
}
dto! { TeamList { rows: Vec<TeamRow> } }
