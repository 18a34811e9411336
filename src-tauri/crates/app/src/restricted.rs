//! Diseases nobody reads over a clerk's shoulder: HIV, tuberculosis and severe mental illness (domain I-8). Pages say that
//! something is there; a card on the wall says nothing.

use mingbai_domain::catalogue::{Diagnosis, Record, RecordType, Visit};
pub(crate) use mingbai_domain::restricted::is_restricted;
use mingbai_domain::value::FieldValue;
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

/// [`hides`] for the stored values of any record; only a diagnosis can be restricted.
pub(crate) fn hides_values(kind: &RecordType, values: &Values) -> bool {
    let text = |column: &str| match kind.column(column).and_then(|field| values.get(&field.id)) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let marked = kind.column("restricted").and_then(|field| values.get(&field.id)) == Some(&true.to_value());
    kind.id == Diagnosis::TYPE.id && (marked || is_restricted(text("icd10"), text("disease")))
}

/// Whether the values of any record name a restricted disease: a diagnosis, or a visit for one.
pub(crate) fn hides_any(kind: &RecordType, values: &Values) -> bool {
    let visit = match kind.column("kind").filter(|_| kind.id == Visit::TYPE.id).and_then(|field| values.get(&field.id))
    {
        Some(Value::Text(code)) => is_restricted("", code::label("visit_kind", code)),
        _ => false,
    };
    visit || hides_values(kind, values)
}

/// Why somebody need not sign, where that says nothing about an illness.
pub(crate) fn unsigned_reason(code: &str) -> Option<&str> {
    let label = code::label("exclusion_reason", code);
    (!is_restricted("", label)).then_some(label)
}
