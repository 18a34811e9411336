//! What is to be done: every count is a list of people, and the lists follow the register and the day.

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn rows(office: &Office, key: &str) -> Vec<Value> {
    list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"])
}

fn counts(office: &Office) -> Vec<(String, i64)> {
    let items = list(&office.call("desk_get", json!({}))["items"]);
    items.iter().map(|item| (text(&item["key"]).to_owned(), number(&item["count"]))).collect()
}

fn person(office: &Office, name: &str) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == *name).unwrap()["id"].clone()
}

#[test]
fn every_count_on_the_desk_is_the_length_of_the_list_it_opens_also_by_village_and_after_a_batch_was_undone() {
    let place = filled();
    let office = place.township_a();
    let villages = list(&office.call("village_list", json!({}))["rows"]);
    let before = counts(&office);
    assert!(before.len() > 10, "{before:?}");
    for (key, count) in &before {
        assert_eq!(rows(&office, key).len() as i64, *count, "{key}");
        let by_village = |village: &Value| {
            let view = office.call("worklist_get", json!({ "key": key, "village": village["id"] }));
            list(&view["rows"]).len() as i64
        };
        assert_eq!(villages.iter().map(by_village).sum::<i64>(), *count, "{key}");
    }
    // Twenty people without a contract are signed at once: the list grows shorter by twenty, and long again with the undo.
    let unsigned: Vec<Value> = rows(&office, "uncontracted").into_iter().take(20).collect();
    let line =
        |row: &Value| json!({ "fields": { "person": row["person"], "since": "2026-11-01", "until": "2027-10-31" } });
    let batch = json!({ "table": "contract", "rows": unsigned.iter().map(line).collect::<Vec<_>>(), "reason": null });
    assert_eq!(office.call("record_save_many", batch)["saved"], unsigned.len());
    let signed = counts(&office);
    let of =
        |counts: &[(String, i64)]| counts.iter().find(|(key, _)| key == "uncontracted").map_or(0, |(_, count)| *count);
    assert_eq!(of(&signed), of(&before) - unsigned.len() as i64);
    let done = list(&office.call("import_history", json!({}))["rows"]).remove(0);
    assert_eq!((&done["action"], &done["undoable"]), (&json!("成批录入"), &json!(true)));
    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(counts(&office), before);
}

#[test]
fn those_signed_those_left_and_those_who_need_not_sign_are_everybody_on_the_register() {
    let place = filled();
    let office = place.township_a();
    let desk = office.call("desk_get", json!({}));
    let contract = list(&desk["indicators"]).into_iter().find(|one| one["key"] == "contract").unwrap();
    let excluded = rows(&office, text(&contract["excluded_key"]));
    assert_eq!(excluded.len() as i64, number(&contract["excluded"]));
    assert!(!excluded.is_empty() && excluded.iter().all(|row| !text(&row["reason"]).is_empty()));
    let left = rows(&office, "uncontracted").len() as i64;
    assert_eq!(number(&contract["done"]) + left, number(&contract["of"]));
    assert_eq!(number(&contract["of"]) + excluded.len() as i64, number(&desk["population"]["people"]));
}

#[test]
fn a_new_day_makes_due_what_becomes_due_without_anybody_saving() {
    let place = filled();
    let office = place.township_a();
    let issue = json!({
        "household": office.household(FLAGSHIP)["id"], "raised_on": "2026-11-20", "problem": "想办慢病证", "due_on": "2026-11-23",
    });
    save(&office, "issue", None, &issue);
    assert_eq!(rows(&office, "issue_open"), Vec::<Value>::new());
    place.world.pass(3 * 86_400);
    let late = rows(&office, "issue_open");
    assert_eq!(late.len(), 1);
    assert_eq!(late[0]["reason"], "想办慢病证");
    let todos = office.household(FLAGSHIP)["todos"].to_string();
    assert!(todos.contains("反映的问题没有办结：想办慢病证"), "{todos}");
}

#[test]
fn somebody_bedridden_whom_nobody_visited_for_a_quarter_is_listed_until_somebody_was_at_the_door() {
    let place = filled();
    let office = place.township_a();
    let patient = person(&office, "张福山");
    save(&office, "person", Some(text(&patient)), &json!({ "bedridden": "true" }));
    let listed = |office: &Office| rows(office, "bedridden").iter().filter(|row| row["person"] == patient).count();
    place.world.pass(100 * 86_400);
    assert_eq!(listed(&office), 1);
    let today = office.call("desk_get", json!({}))["today"].clone();
    let call = json!({ "household": office.household(FLAGSHIP)["id"], "visited_on": today, "mode": "visit" });
    save(&office, "home_visit", None, &call);
    assert_eq!(listed(&office), 0);
}
