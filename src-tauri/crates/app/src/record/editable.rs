//! Which tables an editing form may write, and what a record of each must say to mean anything.

use mingbai_domain::catalogue::RecordType;

use crate::error::{AppError, ErrorCode};

/// Tables an editing form may write, each with the fields without which a record means nothing. Packs, lists, devices,
/// operators, cards and claims have commands of their own, and a comparison is run, not typed.
const EDITABLE: [(&str, &[&str]); 33] = [
    ("household", &["number"]),
    ("person", &["name"]),
    ("village", &["name"]),
    ("team", &["name"]),
    ("diagnosis", &["person", "disease"]),
    ("contract", &["person", "since"]),
    ("exclusion", &["person", "reason"]),
    ("visit", &["person", "kind", "visited_on"]),
    ("enrolment", &["person", "year"]),
    ("aid_identity", &["person", "identity"]),
    ("settlement", &["person", "settled_on", "total"]),
    ("membership", &["household", "person"]),
    ("poverty_cause", &["household", "cause"]),
    ("household_status", &["household", "status"]),
    ("hamlet", &["village", "name"]),
    ("disability", &["person", "kind"]),
    ("crowd", &["person", "crowd"]),
    ("treatment_case", &["person", "disease"]),
    ("chronic_certificate", &["person", "disease"]),
    ("exam", &["person", "examined_on"]),
    ("screening_event", &["person", "kind", "done_on"]),
    ("benefit_grant", &["person", "item"]),
    ("measure", &["household", "kind"]),
    ("home_visit", &["household", "visited_on"]),
    ("issue", &["household", "raised_on", "problem"]),
    ("material", &["household", "issued_on"]),
    ("village_staff", &["village", "role", "name"]),
    ("activity", &["kind", "held_on"]),
    ("campaign", &["name", "due_on"]),
    ("submission", &["name"]),
    ("comparison_decision", &["subject", "difference", "decision"]),
    ("finding_decision", &["subject", "rule", "state"]),
    ("risk_lead", &["name", "disease"]),
];

/// What a record of this table must say.
///
/// # Errors
/// [`ErrorCode::NotPermitted`] where no form writes the table.
pub(super) fn needed(kind: &RecordType) -> Result<&'static [&'static str], AppError> {
    EDITABLE
        .iter()
        .find(|(table, _)| *table == kind.table)
        .map(|(_, needed)| *needed)
        .ok_or_else(|| AppError::new(ErrorCode::NotPermitted, format!("{}不能在这里修改，数据没有变", kind.label)))
}

#[cfg(test)]
mod tests {
    use mingbai_domain::catalogue::{ALL, by_table};

    use super::EDITABLE;

    #[test]
    fn every_table_has_a_form_or_a_command_of_its_own() {
        const COMMANDS: [&str; 9] = [
            "card_issue",
            "operator",
            "device",
            "pack",
            "county_list",
            "comparison_run",
            "pack_draft",
            "pack_review",
            "claim",
        ];
        for kind in ALL {
            let form = EDITABLE.iter().any(|(table, _)| *table == kind.table);
            assert!(form != COMMANDS.contains(&kind.table), "{}", kind.table);
        }
        for (table, needed) in EDITABLE {
            let kind = by_table(table).unwrap();
            assert!(needed.iter().all(|column| kind.column(column).is_some()), "{table}");
        }
    }
}
