//! What one row of a roster says, in the catalogue's terms: labels become codes, never codes from other systems.

use chrono::NaiveDate;
use mingbai_domain::CitizenId;
use mingbai_domain::catalogue::{Household, Person};
use mingbai_sheets::profiles::RosterDraft;

use super::super::labels::{coded, text};

pub(super) fn birth(draft: &RosterDraft) -> Option<NaiveDate> {
    let id = draft.id.citizen_id.as_deref().and_then(|id| CitizenId::parse(id).ok());
    draft.birth.or_else(|| id.map(|id| id.birth()))
}

/// The status a row gives its household, and since when. A monitored kind that is not cleared goes before the poverty
/// status.
pub(super) fn status(draft: &RosterDraft) -> Option<(String, Option<NaiveDate>)> {
    let cleared = matches!(draft.risk_removed.as_str(), "是" | "已消除");
    let said = [&draft.status, &draft.household_type].into_iter().find_map(|label| coded("household_status", label));
    let monitored = coded("household_status", &draft.monitored).filter(|_| !cleared);
    let status = said.or(monitored)?;
    let since = if status == "lifted" { draft.lifted_on.or(draft.recognised_on) } else { draft.recognised_on };
    Some((status, since))
}

pub(super) fn causes(draft: &RosterDraft) -> Vec<(String, bool)> {
    let said = [&draft.cause_main, &draft.cause_2, &draft.cause_3, &draft.cause_4, &draft.cause_5];
    let mut causes: Vec<(String, bool)> = Vec::new();
    for (place, label) in said.into_iter().enumerate() {
        // Some exports put several causes into one cell.
        for part in label.split([',', '，', '、', ';', '；']) {
            if let Some(cause) = coded("poverty_cause", part)
                && causes.iter().all(|(known, _)| *known != cause)
            {
                causes.push((cause, place == 0 && causes.is_empty()));
            }
        }
    }
    causes
}

pub(super) fn identities(draft: &RosterDraft, status: Option<&str>) -> Vec<&'static str> {
    let yes = |label: &str| matches!(label, "是" | "享受" | "1");
    let mut found = Vec::new();
    if yes(&draft.destitute) {
        found.push("extreme_poverty");
    }
    if yes(&draft.minimum_living) {
        found.push("subsistence");
    }
    match status {
        Some("not_lifted" | "pre_lifted" | "lifted") => found.push("registered_poor"),
        Some("returned") => found.push("returned_poverty"),
        Some("unstable" | "edge" | "sudden") => found.push("monitored"),
        _ => {}
    }
    found
}

/// Identities the row expressly denies; a blank cell denies nothing.
pub(super) fn denied(draft: &RosterDraft) -> Vec<&'static str> {
    let no = |label: &str| matches!(label, "否" | "不享受" | "未享受" | "0");
    let said = [(&draft.destitute, "extreme_poverty"), (&draft.minimum_living, "subsistence")];
    said.into_iter().filter(|(label, _)| no(label)).map(|(_, identity)| identity).collect()
}

pub(super) fn household_of(draft: &RosterDraft) -> Household {
    Household {
        number: text(&draft.household_number),
        village_group: text(&draft.village_group),
        address: text(&draft.address),
        phone: text(&draft.household_phone),
        household_type: coded("household_type", &draft.household_type),
        helper_name: text(&draft.helper_name),
        helper_phone: text(&draft.helper_phone),
        recognised_on: draft.recognised_on,
        lifted_on: draft.lifted_on,
        ..Household::default()
    }
}

pub(super) fn person_of(draft: &RosterDraft) -> Person {
    let id = draft.id.citizen_id.as_deref().and_then(|id| CitizenId::parse(id).ok());
    Person {
        name: text(&draft.name),
        // The label counts unless it is a bare number, whose meaning differs from system to system.
        sex: id.as_ref().map(|id| id.sex().code().to_owned()).or_else(|| coded("sex", &draft.sex)),
        birth: birth(draft),
        document_type: coded("document_type", &draft.document_type),
        citizen_id: id.map(|id| id.as_str().to_owned()),
        disability_certificate: draft.id.disability_certificate.clone(),
        person_number: text(&draft.person_number),
        ethnicity: coded("ethnicity", &draft.ethnicity),
        education: coded("education", &draft.education),
        schooling: coded("schooling", &draft.schooling),
        labour: coded("labour", &draft.labour),
        health: text(&draft.health),
        phone: text(&draft.phone),
        work_place: text(&draft.work_place),
        work_months: draft.work_months,
        politics: coded("politics", &draft.politics),
        ..Person::default()
    }
}
