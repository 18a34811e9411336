//! 录入: what a form holds before it is saved, the same person elsewhere, quick look-ups, choices by initials.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Id, dto};

dto! {
    /// One form about one subject: a record that is changed, or whom a new record is for.
    FormKey { form: String, subject: String }
}

dto! {
    /// What a form holds and is not saved yet.
    DraftRequest {
        form: String, subject: String,
        /// What the clerk calls it: `登记随访 · 张三`.
        title: String,
        record: Option<Id>, person: Option<Id>, person_name: String, household: Option<Id>,
        /// By column, as typed.
        values: BTreeMap<String, String>,
    }
}
dto! {
    DraftView {
        form: String, subject: String, title: String, record: Option<Id>, person: Option<Id>, person_name: String,
        household: Option<Id>, values: BTreeMap<String, String>,
        /// Local time of the last change, `2026-11-21 14:32`.
        at: String,
    }
}
dto! { DraftList { rows: Vec<DraftView> } }
dto! {
    /// What a form may begin with.
    FormStart {
        /// What was typed and not saved last time.
        draft: Option<DraftView>,
        /// Who, when, how and where of the last new record of this form, by column.
        last: BTreeMap<String, String>,
    }
}

dto! {
    /// Whoever is being typed in, as far as they are.
    LikeRequest {
        /// The person whose record this is, if there is one already.
        person: Option<Id>,
        citizen_id: String, name: String, birth: Option<NaiveDate>,
    }
}
dto! { LikeList { rows: Vec<LikeRow> } }
dto! {
    /// Somebody on the register who is or may be the same.
    LikeRow {
        person: Id, household: Option<Id>, name: String, relation: String,
        /// Village, group and household number.
        place: String,
        /// Masked.
        citizen_id: String,
        /// The same citizen id; otherwise the same name and birth date.
        same_id: bool,
    }
}

dto! { AreaRequest { code: String } }
dto! {
    /// Where a division code of six digits is.
    AreaView {
        name: String,
        /// Whether today's list has the code.
        known: bool,
    }
}
dto! {
    /// The divisions right below a code of 0, 2, 4, 6 or 9 digits.
    DivisionRequest { parent: String }
}
dto! { DivisionList { rows: Vec<DivisionRow> } }
dto! { DivisionRow { code: String, name: String, initials: Vec<String> } }
dto! {
    /// Villages of the official list, by their codes of twelve digits.
    AdoptRequest { codes: Vec<String> }
}
dto! {
    AdoptView {
        /// Newly registered.
        made: i64,
        /// On the register under this name already, now with the code.
        coded: i64,
        /// On the register with this code already.
        known: i64,
    }
}

dto! { DiseaseRequest { text: String } }
dto! { DiseaseList { rows: Vec<DiseaseRow> } }
dto! {
    DiseaseRow {
        /// ICD-10.
        code: String,
        /// What people call it, where they do not use the official name.
        name: String,
        official: String,
    }
}

dto! {
    /// An application for a certificate as it stands in the form.
    EvidenceRequest {
        disease: String,
        /// 已有材料, as typed.
        evidence: String,
    }
}
dto! {
    /// What the pack in force asks for.
    EvidenceView {
        /// The rule in words; empty where the pack has none for this disease.
        rule: String,
        missing: Vec<String>,
        /// Whose rule it is.
        pack: String,
    }
}

dto! {
    /// A citizen id, a day, an amount, or `+5` and `20260930+5` for working days.
    QuickRequest {
        text: String,
        /// The day on which somebody's age is asked for; today when nothing is said.
        on: Option<NaiveDate>,
    }
}
dto! { QuickView { rows: Vec<QuickRow> } }
dto! { QuickRow { label: String, value: String, note: String } }
