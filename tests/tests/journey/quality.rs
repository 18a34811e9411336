//! 数据核查: what inspectors look for is found where it was planted, counted as it is listed, and decided for good.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn rows(office: &Office, rule: Option<&str>) -> Vec<Value> {
    list(&office.call("quality_rows", json!({ "rule": rule, "village": null }))["rows"])
}

fn open(rows: &[Value]) -> i64 {
    rows.iter().filter(|row| row["open"] == true).count() as i64
}

#[test]
fn every_planted_fault_of_the_roster_is_found_in_the_household_it_was_planted_in() {
    let place = filled();
    let office = place.township_a();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(&office, None) {
        found.entry(text(&row["rule"]).to_owned()).or_default().insert(text(&row["number"]).to_owned());
    }
    // A bill that contradicts itself is refused at the door, a contract that ended is no fault of the record, and of two
    // sexes the citizen id's is taken in.
    let told = &place.told_a().faults;
    let told: Vec<_> = told
        .iter()
        .filter(|fault| fault.rule.starts_with('F') && !["F08", "F49", "F51"].contains(&fault.rule))
        .collect();
    let missed: Vec<String> = told
        .iter()
        .filter(|fault| !found.get(fault.rule).is_some_and(|households| households.contains(&fault.household)))
        .map(|fault| format!("{} {} {}: {}", fault.rule, fault.household, fault.name, fault.detail))
        .collect();
    assert!(missed.is_empty() && told.len() >= 20, "{missed:?}");
}

#[test]
fn what_is_counted_is_listed_and_the_desk_counts_the_errors_that_are_open() {
    let place = filled();
    let office = place.township_a();
    let page = office.call("quality_get", json!({}));
    let mut errors = 0;
    for rule in list(&page["rules"]) {
        let listed = rows(&office, Some(text(&rule["number"])));
        assert_eq!(number(&rule["open"]), open(&listed), "{rule}");
        assert_eq!(
            number(&rule["open"]) + number(&rule["fine"]) + number(&rule["exempt"]),
            listed.len() as i64,
            "{rule}"
        );
        if rule["severity"] == "error" {
            errors += number(&rule["open"]);
        }
    }
    assert!(errors > 0);
    assert_eq!(number(&page["errors"]), errors);
    let desk = list(&office.call("desk_get", json!({}))["items"]);
    let item = desk.iter().find(|item| item["key"] == "quality").unwrap();
    assert_eq!(number(&item["count"]), errors);
    let people = list(&office.call("worklist_get", json!({ "key": "quality", "village": null }))["rows"]);
    assert_eq!(people.len() as i64, errors);
    // No number and no restricted disease is written out in a reason.
    for row in rows(&office, None) {
        let reason = text(&row["reason"]);
        assert!(!mingbai_domain::restricted::gives_away(reason), "{reason}");
        assert!(reason.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() < 15), "{reason}");
    }
}

#[test]
fn an_exemption_travels_into_the_table_and_ends_when_the_record_changes() {
    let place = filled();
    let office = place.township_a();
    let before = rows(&office, Some("F07"));
    let row = &before[0];
    let request = |until: &str| {
        json!({
            "rule": "F07", "subjects": [row["subject"]], "state": "exempt", "owner": "赵站长", "due": null,
            "reason": "=户口簿就是这样登记的", "evidence": "户口簿复印件", "until": until,
        })
    };
    assert!(office.refused("quality_decide", request("2026-11-20")).message.contains("豁免"), "a day gone by");
    let decided = office.call("quality_decide", request("2026-12-31"));
    assert_eq!(number(&decided["decided"]), 1);
    assert_eq!(open(&rows(&office, Some("F07"))), open(&before) - 1);
    let table = office.bytes("quality_xlsx", json!({ "rule": "F07", "village": null }));
    let told = mingbai_sheets::read(&table, "核查.xlsx").unwrap();
    let cells: Vec<String> = told.sheets[0].rows.iter().flatten().map(mingbai_sheets::Cell::text).collect();
    for said in ["=户口簿就是这样登记的", "豁免", "户口簿复印件", "2026-12-31"] {
        assert!(cells.iter().any(|cell| cell == said), "{said}: {cells:?}");
    }

    let undone = office.call("quality_undo", json!({ "entry": decided["entry"] }));
    assert_eq!((number(&undone["undone"]), open(&rows(&office, Some("F07")))), (1, open(&before)));
    office.call("quality_decide", request("2026-12-31"));
    let person = text(&row["person"]).to_owned();
    let page = office.call("household_get", json!({ "id": row["household"] }));
    let member = list(&page["members"]).into_iter().find(|member| member["id"] == *person).unwrap();
    save(&office, "membership", Some(text(&member["membership"])), &json!({ "relation": "34" }));
    let now: Vec<Value> = rows(&office, Some("F07")).into_iter().filter(|row| row["person"] == *person).collect();
    assert!(now.iter().all(|row| row["open"] == true), "{now:?}");
}

#[test]
fn a_doctor_who_visited_more_people_on_one_day_than_anybody_can_is_named_with_the_number() {
    let place = filled();
    let office = place.township_a();
    let mut people = Vec::new();
    for household in office.households(None) {
        let page = office.call("household_get", json!({ "id": household["id"] }));
        people.extend(list(&page["members"]).into_iter().map(|member| text(&member["id"]).to_owned()));
        if people.len() > 61 {
            break;
        }
    }
    let visit = |person: &str| {
        let fields =
            json!({ "person": person, "kind": "poor", "visited_on": "2026-11-19", "mode": "2", "doctor": "钱医生" });
        save(&office, "visit", None, &fields);
    };
    people.iter().take(60).for_each(|person| visit(person));
    assert_eq!(rows(&office, Some("F48")), Vec::<Value>::new(), "sixty can be");
    visit(&people[60]);
    let found = rows(&office, Some("F48"));
    assert!(!found.is_empty());
    assert_eq!(found[0]["reason"], "钱医生2026-11-19一天随访的人数超过60人");
}
