//! What one row of a roster says, in the catalogue's terms: labels become codes, never codes from other systems.

use chrono::NaiveDate;
use mingbai_domain::CitizenId;
use mingbai_domain::catalogue::{Household, Person};
use mingbai_domain::poverty::{self, Standing};
use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::value::parts;

use super::super::labels::{coded, text};
use super::super::vocabulary::{NO, YES};

pub(super) fn birth(draft: &RosterDraft) -> Option<NaiveDate> {
    let id = draft.id.citizen_id.as_deref().and_then(|id| CitizenId::parse(id).ok());
    draft.birth.or_else(|| id.map(|id| id.birth()))
}

/// A status that a row gives its household, with when it began and how a risk was removed.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) status: String,
    pub(super) since: Option<NaiveDate>,
    pub(super) removal_mode: Option<String>,
}

fn cleared(draft: &RosterDraft) -> bool {
    matches!(draft.risk_removed.as_str(), "是" | "已消除")
}

/// What a row says of its household on both tracks, the oldest first: whether it was lifted, as what it is monitored, that
/// the risk was removed.
pub(super) fn steps(draft: &RosterDraft) -> Vec<Step> {
    let labels = [&draft.status, &draft.household_type, &draft.monitored];
    let said: Vec<String> = labels.into_iter().filter_map(|label| coded("household_status", label)).collect();
    let step = |status: &str, since| Step { status: status.to_owned(), since, removal_mode: None };
    let mut steps = Vec::new();
    if let Some(status) = said.iter().find(|status| poverty::is_of_poverty(status)) {
        let lifted = draft.lifted_on.filter(|_| status == "lifted");
        steps.push(step(status, lifted.or(draft.recognised_on)));
    }
    if let Some(status) = said.iter().find(|status| !poverty::is_of_poverty(status)) {
        steps.push(step(status, draft.monitored_on.or(draft.recognised_on.filter(|_| steps.is_empty()))));
        if cleared(draft) {
            let removal_mode = coded("removal_mode", &draft.removal_mode);
            steps.push(Step { removal_mode, ..step(poverty::CLEARED, draft.removed_on) });
        }
    }
    steps
}

/// Where the household stands by what the row says.
pub(super) fn standing(steps: &[Step]) -> Standing<'_> {
    steps.iter().map(|step| step.status.as_str()).collect()
}

pub(super) fn causes(draft: &RosterDraft) -> Vec<(String, bool)> {
    let said = [&draft.cause_main, &draft.cause_2, &draft.cause_3, &draft.cause_4, &draft.cause_5];
    let mut causes: Vec<(String, bool)> = Vec::new();
    for (place, label) in said.into_iter().enumerate() {
        // Some exports put several causes into one cell.
        for part in parts(label) {
            if let Some(cause) = coded("poverty_cause", part)
                && causes.iter().all(|(known, _)| *known != cause)
            {
                causes.push((cause, place == 0 && causes.is_empty()));
            }
        }
    }
    causes
}

pub(super) fn identities(draft: &RosterDraft, standing: Standing<'_>) -> Vec<&'static str> {
    let yes = |label: &String| YES.contains(&label.as_str());
    let mut found = Vec::new();
    if yes(&draft.destitute) {
        found.push("extreme_poverty");
    }
    if yes(&draft.minimum_living) {
        found.push("subsistence");
    }
    match standing.poverty() {
        Some("returned") => found.push("returned_poverty"),
        Some(_) => found.push("registered_poor"),
        None => {}
    }
    if standing.monitored().is_some() {
        found.push("monitored");
    }
    found
}

/// Identities the row expressly denies; a blank cell denies nothing.
pub(super) fn denied(draft: &RosterDraft) -> Vec<&'static str> {
    let no = |label: &String| NO.contains(&label.as_str());
    let said = [(&draft.destitute, "extreme_poverty"), (&draft.minimum_living, "subsistence")];
    let said = said.into_iter().filter(|(label, _)| no(label)).map(|(_, identity)| identity);
    said.chain(cleared(draft).then_some("monitored")).collect()
}

pub(super) fn yes_or_no(label: &str) -> Option<bool> {
    match label {
        said if YES.contains(&said) => Some(true),
        // 无 is no where a thing is asked for, and nothing at all where an identity is.
        said if NO.contains(&said) || said == "无" => Some(false),
        _ => None,
    }
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
        income_per_head: draft.income_per_head,
        income_year: draft.year.filter(|_| draft.income_per_head.is_some()),
        out_of_pocket: draft.out_of_pocket,
        standard: coded("recognition_standard", &draft.standard),
        no_labour: yes_or_no(&draft.no_labour_household),
        unsafe_house: yes_or_no(&draft.unsafe_house),
        safe_water: yes_or_no(&draft.safe_water),
        dropout: yes_or_no(&draft.dropout),
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
        employer: text(&draft.employer),
        public_job: text(&draft.public_job),
        public_job_months: draft.public_job_months,
        out_of_school_reason: text(&draft.out_of_school_reason),
        recognised_on: draft.person_recognised_on,
        // A no leaves open where else somebody may be.
        away: (yes_or_no(&draft.works_abroad) == Some(true)).then(|| "abroad".to_owned()),
        ..Person::default()
    }
}
