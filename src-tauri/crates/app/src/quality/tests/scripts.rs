//! The bugs of the scripts from which the rules' titles were taken are not taken over (domain F).

use super::family::{Family, on, said, sound, status};

fn removed(since: &str, removed: &str, mode: &str) -> Family {
    let mut family = sound();
    family.file.statuses[1].record.since = on(since);
    let mut cleared = status(90, "cleared", removed);
    cleared.record.removal_mode = said(mode);
    family.file.statuses.push(cleared);
    // Identified before the year's deadline or not: that is another rule's.
    family.file.people.iter_mut().for_each(|person| person.identities.clear());
    family
}

#[test]
fn six_months_are_asked_between_identification_and_removal_in_every_month_of_the_year() {
    // The script asked for more than two, and looked at no January to March.
    assert!(removed("2022-10-08", "2023-02-20", "natural").numbers().contains("F35"));
    assert!(removed("2022-10-08", "2023-04-07", "natural").numbers().contains("F35"));
    assert!(!removed("2022-10-08", "2023-04-08", "natural").numbers().contains("F35"));
    assert!(!removed("2021-12-08", "2022-03-31", "natural").numbers().contains("F35"), "before 2022-04 nobody asks");
}

#[test]
fn removal_by_help_is_at_fault_in_the_same_month_and_the_next_and_not_in_the_one_after() {
    assert!(removed("2021-05-03", "2021-06-30", "helped").numbers().contains("F35"));
    assert!(!removed("2021-05-03", "2021-07-01", "helped").numbers().contains("F35"));
    assert!(!removed("2021-05-03", "2021-06-30", "natural").numbers().contains("F35"));
}

#[test]
fn whoever_is_lifted_and_insured_is_not_at_fault_and_the_uninsured_of_other_households_are_not_asked() {
    let mut lifted = sound();
    lifted.file.statuses.truncate(1);
    assert!(!lifted.numbers().contains("F15"));
    let mut other = sound();
    other.file.statuses.clear();
    other.wife().enrolments[0].record.critical_illness = Some(false);
    assert!(!other.numbers().contains("F15"));
}

#[test]
fn a_household_is_monitored_by_whichever_of_the_three_names() {
    for kind in ["unstable", "edge", "sudden"] {
        let mut family = sound();
        family.file.statuses[1].record.status = said(kind);
        family.file.measures.clear();
        assert!(family.numbers().contains("F34"), "{kind}");
    }
}

#[test]
fn the_subsidy_is_asked_of_whoever_was_identified_by_the_deadline_and_of_nobody_after() {
    let mut early = sound();
    early.wife().enrolments[0].record.subsidy = None;
    assert!(early.numbers().contains("F17"));
    let mut late = sound();
    late.file.statuses[1].record.since = on("2026-04-01");
    assert!(late.numbers().contains("F18") && !late.numbers().contains("F17"));
}
