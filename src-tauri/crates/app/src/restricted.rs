//! Diseases nobody reads over a clerk's shoulder: HIV, tuberculosis and severe mental illness (domain I-8). Pages say that
//! something is there; a card on the wall says nothing.

use mingbai_domain::code;

/// What stands in the place of a restricted disease.
pub(crate) const HIDDEN: &str = "限制查看";

/// Whether a disease is restricted, by ICD-10 or name.
pub(crate) fn is_restricted(icd10: &str, name: &str) -> bool {
    const PREFIXES: [&str; 16] = [
        "A15", "A16", "A17", "A18", "A19", "B20", "B21", "B22", "B23", "B24", "F20", "F22", "F25", "F31", "Z21", "U84",
    ];
    PREFIXES.iter().any(|prefix| icd10.starts_with(prefix))
        || ["艾滋", "结核", "精神分裂", "精神障碍", "双相", "偏执"].iter().any(|word| name.contains(word))
}

/// A disease, its code or the kind of a visit as a page shows it.
pub(crate) fn shown(text: &str) -> &str {
    if is_restricted(text, text) { HIDDEN } else { text }
}

/// `高血压`, `糖尿病`: what a visit was for; nothing where that would name a restricted disease.
pub(crate) fn visit_name(kind: &str) -> &'static str {
    let label = code::find("visit_kind", kind).map_or("", |kind| kind.label);
    if is_restricted("", label) { "" } else { label.trim_end_matches("随访") }
}
