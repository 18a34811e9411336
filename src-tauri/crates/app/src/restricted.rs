//! Diseases nobody reads over a clerk's shoulder: HIV, tuberculosis and severe mental illness (domain I-8). Pages say that
//! something is there; a card on the wall says nothing.

use mingbai_domain::catalogue::{Diagnosis, Field, Privacy, RecordType};
pub(crate) use mingbai_domain::restricted::is_restricted;
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{Value, Values, code};

/// What stands in the place of a restricted disease.
pub(crate) const HIDDEN: &str = "限制查看";

/// A disease, its code or the kind of a visit as a page shows it.
pub(crate) fn shown(text: &str) -> &str {
    if is_restricted(text, text) { HIDDEN } else { text }
}

/// `高血压`, `糖尿病`: what a visit was for; nothing where that would name a restricted disease.
pub(crate) fn visit_name(kind: &str) -> &'static str {
    let label = code::find("visit_kind", kind).map_or("", |kind| kind.label);
    if is_restricted("", label) { "" } else { label.trim_end_matches("随访") }
}

/// Whether a diagnosis is restricted: marked so, or by its code or name although nobody marked it.
pub(crate) fn hides(diagnosis: &Diagnosis) -> bool {
    diagnosis.restricted == Some(true)
        || is_restricted(
            diagnosis.icd10.as_deref().unwrap_or_default(),
            diagnosis.disease.as_deref().unwrap_or_default(),
        )
}

/// The columns that tell what somebody suffers from, by the type they belong to. What a clerk writes freely at a door is
/// not among them: `精神很好` names no illness.
const TELLING: [(&str, &[&str]); 13] = [
    ("diagnosis", &["icd10", "disease"]),
    ("visit", &["kind"]),
    ("crowd", &["crowd"]),
    ("disability", &["kind"]),
    ("treatment_case", &["icd10", "disease", "hospital", "plan"]),
    ("chronic_certificate", &["icd10", "disease", "hospital"]),
    ("exam", &["kind", "suspected"]),
    ("screening_event", &["kind", "detail"]),
    ("benefit_grant", &["item", "evidence"]),
    ("material", &["disease"]),
    ("risk_lead", &["icd10", "disease"]),
    ("comparison_decision", &["said_ours", "said_theirs"]),
    ("settlement", &["disease", "care_disease", "hospital"]),
];

/// Whether the values of any record name a restricted disease: marked so by somebody, by what their telling columns say,
/// or because something is filled in that only the form for such a disease asks.
pub(crate) fn hides_any(kind: &RecordType, values: &Values) -> bool {
    let filled = |field: &Field| values.get(&field.id).filter(|value| **value != Value::Null);
    if kind.column("restricted").and_then(filled) == Some(&true.to_value()) {
        return true;
    }
    if kind.fields.iter().any(|field| field.privacy == Privacy::Restricted && filled(field).is_some()) {
        return true;
    }
    tells(kind, values)
}

/// Whether what a record says names a restricted disease, whoever marked it or not.
pub(crate) fn tells(kind: &RecordType, values: &Values) -> bool {
    let telling = TELLING.iter().find(|(table, _)| *table == kind.table).map_or(&[][..], |(_, columns)| columns);
    telling.iter().filter_map(|column| kind.column(column)).any(|field| match (field.kind, values.get(&field.id)) {
        (Kind::Code(table), Some(Value::Text(code))) => is_restricted("", code::label(table, code)),
        (_, Some(Value::Text(text))) if field.column == "icd10" => is_restricted(text, ""),
        (_, Some(Value::Text(text))) => is_restricted("", text),
        _ => false,
    })
}

/// Whether a field of a record that names a restricted disease is hidden with it: every text somebody wrote, and what only
/// the form for such a disease asks. Dates, numbers and stages of the work say nothing by themselves.
pub(crate) fn goes_with(field: &Field) -> bool {
    field.privacy == Privacy::Restricted || field.kind == Kind::Text
}

/// Why somebody need not sign, where that says nothing about an illness.
pub(crate) fn unsigned_reason(code: &str) -> Option<&str> {
    let label = code::label("exclusion_reason", code);
    (!is_restricted("", label)).then_some(label)
}

#[cfg(test)]
mod tests {
    use mingbai_domain::catalogue::{
        Crowd, Disability, Exam, HomeVisit, Record, RiskLead, TreatmentCase, Visit, by_table,
    };
    use mingbai_domain::value::CodeSet;

    use super::{TELLING, hides_any};

    fn hidden<R: Record>(record: &R) -> bool {
        hides_any(R::TYPE, &record.to_values())
    }

    fn said(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn every_telling_column_is_one_of_the_catalogue() {
        for (table, columns) in TELLING {
            let kind = by_table(table).unwrap();
            assert!(columns.iter().all(|column| kind.column(column).is_some()), "{table}");
        }
    }

    #[test]
    fn whatever_betrays_hiv_tuberculosis_or_mental_illness_is_hidden_and_the_rest_is_not() {
        assert!(hidden(&TreatmentCase { disease: said("耐多药肺结核"), ..TreatmentCase::default() }));
        assert!(hidden(&TreatmentCase { hospital: said("市精神卫生中心"), ..TreatmentCase::default() }));
        assert!(hidden(&TreatmentCase { restricted: Some(true), ..TreatmentCase::default() }));
        assert!(hidden(&Crowd { crowd: said("mental"), ..Crowd::default() }));
        assert!(hidden(&Disability { kind: said("6"), ..Disability::default() }));
        assert!(hidden(&Exam { suspected: said("肺结核"), ..Exam::default() }));
        assert!(hidden(&RiskLead { icd10: said("B20.1"), ..RiskLead::default() }));
        assert!(!hidden(&TreatmentCase { disease: said("胃癌"), icd10: said("C16"), ..TreatmentCase::default() }));
        assert!(!hidden(&Crowd { crowd: said("hypertension"), ..Crowd::default() }));
        assert!(!hidden(&Disability { kind: said("4"), ..Disability::default() }));
        assert!(!hidden(&HomeVisit { problem: said("老人精神很好"), ..HomeVisit::default() }));
    }

    #[test]
    fn a_visit_is_hidden_by_its_form_and_by_any_answer_only_such_a_form_asks_for() {
        assert!(hidden(&Visit { kind: said("tuberculosis"), ..Visit::default() }));
        let answered = Visit { kind: said("poor"), danger: Some(0), ..Visit::default() };
        assert!(hidden(&answered));
        let symptoms: CodeSet = ["1"].into_iter().collect();
        assert!(!hidden(&Visit { kind: said("hypertension"), symptoms: Some(symptoms), ..Visit::default() }));
    }
}
