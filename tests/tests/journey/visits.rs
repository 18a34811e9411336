//! 随访: the doctor's week, and many visits typed as one action.

use std::fs;
use std::path::Path;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, text};
use serde_json::{Value, json};

use crate::filled;

fn patient(office: &Office) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == "张福山").unwrap()["id"].clone()
}

fn propose(office: &Office, fields: &Value) -> Value {
    let mut fields = fields.clone();
    fields["kind"] = json!("hypertension");
    fields["visited_on"] = json!("2026-11-21");
    office.call("visit_propose", json!({ "person": patient(office), "fields": fields }))
}

#[test]
fn twenty_visits_typed_at_once_are_one_action_that_one_undo_takes_back_and_a_line_that_cannot_be_is_named() {
    let place = filled();
    let office = place.township_a();
    let sheet =
        office.call("visit_sheet", json!({ "kind": "hypertension", "village": null, "doctor": null, "until": null }));
    let patients: Vec<Value> = list(&sheet["rows"]).into_iter().take(20).collect();
    assert_eq!(patients.len(), 20);
    let visits = |person: &Value| list(&office.call("person_get", json!({ "id": person }))["visits"]).len();
    let before: Vec<usize> = patients.iter().map(|row| visits(&row["person"])).collect();
    let mut lines: Vec<Value> = patients
        .iter()
        .map(|row| {
            json!({ "fields": {
                "person": row["person"], "kind": "hypertension", "visited_on": "20261121", "mode": "2", "systolic": "135",
                "diastolic": "82", "control": "1", "next_on": "2027-02-21",
            }})
        })
        .collect();
    lines[7]["fields"]["visited_on"] = json!("2026-12-31");
    lines[9]["fields"]["systolic"] = json!("一百三");
    let entries = office.entries();
    let answer = office.call("record_save_many", json!({ "table": "visit", "rows": lines, "reason": null }));
    assert_eq!(answer["saved"], 18);
    let problems = list(&answer["problems"]);
    assert_eq!(problems.iter().map(|one| number(&one["line"])).collect::<Vec<_>>(), [7, 9]);
    assert_eq!((&problems[0]["field"], &problems[1]["field"]), (&json!("visited_on"), &json!("systolic")));
    assert_eq!(office.entries(), entries + 1, "one action");
    let gained = |office: &Office| {
        let now =
            patients.iter().map(|row| list(&office.call("person_get", json!({ "id": row["person"] }))["visits"]).len());
        now.zip(&before).map(|(now, before)| now - before).collect::<Vec<_>>()
    };
    let expected: Vec<usize> = (0..20).map(|line| usize::from(line != 7 && line != 9)).collect();
    assert_eq!(gained(&office), expected);
    let done = list(&office.call("import_history", json!({}))["rows"]).remove(0);
    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(gained(&office), vec![0; 20]);
}

#[test]
fn the_next_date_is_proposed_with_its_reason_and_a_dangerous_value_says_what_to_do_today() {
    let place = filled();
    let office = place.township_a();
    let good = propose(&office, &json!({ "systolic": "128", "diastolic": "78" }));
    assert_eq!((&good["next_on"], &good["urgent"]), (&json!("2027-02-21"), &Value::Null));
    assert!(text(&good["why"]).contains("3个月内"), "{good}");
    let bad = propose(&office, &json!({ "systolic": "165", "diastolic": "78" }));
    assert_eq!(bad["next_on"], "2026-12-05");
    let urgent = propose(&office, &json!({ "systolic": "182", "diastolic": "78" }));
    assert!(text(&urgent["urgent"]).contains("血压≥180/110"), "{urgent}");
    let nothing = propose(&office, &json!({ "systolic": "高" }));
    assert!(nothing["urgent"].is_null(), "{nothing}");
}

#[test]
fn the_doctors_week_is_printed_with_whole_telephone_numbers_and_the_log_says_so() {
    let place = filled();
    let office = place.township_a();
    let asked = json!({ "doctor": null, "village": null, "kind": null, "until": "2026-12-31" });
    let week = office.call("visit_due", asked.clone());
    let rows = list(&week["rows"]);
    assert!(!rows.is_empty());
    let doctors: i64 = list(&week["doctors"]).iter().map(|one| number(&one["count"])).sum();
    assert_eq!(doctors, rows.len() as i64);
    assert!(rows.iter().filter(|row| !text(&row["phone"]).is_empty()).all(|row| text(&row["phone"]).contains('*')));
    let names: Vec<&str> = rows.iter().map(|row| text(&row["kind"])).collect();
    assert!(!names.iter().any(|name| name.contains("精神") || name.contains("结核")), "{names:?}");
    let entries = office.entries();
    let file = office.call("visit_due_print", asked);
    assert!(fs::read(Path::new(text(&file["path"]))).unwrap().starts_with(b"%PDF"));
    assert_eq!(office.entries(), entries + 1);
    let nobody = json!({ "doctor": "没有这位医生", "village": null, "kind": null, "until": null });
    office.refused("visit_due_print", nobody);
}
