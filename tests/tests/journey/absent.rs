//! People whom a new roster does not name: listed, decided about once, never deleted.

use std::path::PathBuf;

use mingbai_app::ErrorCode;
use mingbai_tests::offices::{County, Office, list, number, text, today};
use serde_json::{Value, json};

use crate::imports::{ids, table};
use crate::joined;

const LABELS: [&str; 5] = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
const HOME: &str = "1599010009001";
const NAMES: [(&str, &str); 4] = [("赵大山", "户主"), ("钱小花", "配偶"), ("赵小山", "之子"), ("赵小花", "之女")];

/// A roster of one household that names these of its members.
fn roster(place: &County, file: &str, names: &[&str]) -> PathBuf {
    let (ids, village) = (ids(place), place.told_a().villages[0].name.clone());
    let members = NAMES.iter().zip(&ids).filter(|((name, _), _)| names.contains(name));
    let rows: Vec<Vec<&str>> =
        members.map(|((name, relation), id)| vec![village.as_str(), HOME, *name, id.as_str(), *relation]).collect();
    table(place, file, &LABELS, &rows)
}

fn absent(office: &Office, state: &str) -> Value {
    office.call("absent_list", json!({ "state": state }))
}

fn names(list_of: &Value) -> Vec<String> {
    list(&list_of["rows"]).iter().map(|row| text(&row["name"]).to_owned()).collect()
}

#[track_caller]
fn person(office: &Office, name: &str) -> Value {
    let rows = list(&absent(office, "open")["rows"]);
    rows.into_iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} is not on the list"))["person"]
        .clone()
}

fn decision(people: &[Value], decision: &str, on: Option<String>) -> Value {
    json!({ "people": people, "decision": decision, "on": on, "leaving": null, "reason": "村里核实" })
}

/// A household of four taken in, then a roster that names only its head.
fn three_gone(place: &County) -> Office {
    let office = place.township_a();
    office.import("roster", &roster(place, "上月.xlsx", &NAMES.map(|(name, _)| name)), false);
    assert_eq!(absent(&office, "open")["rows"], json!([]));
    let seen = office.import("roster", &roster(place, "本月.xlsx", &["赵大山"]), true);
    assert_eq!((&seen["absent"], &absent(&office, "open")["open"]), (&json!(3), &json!(0)), "a trial lists nobody");
    office.import("roster", &roster(place, "本月.xlsx", &["赵大山"]), false);
    office
}

#[test]
fn an_absent_person_is_decided_about_once() {
    let place = joined();
    let office = three_gone(&place);
    let open = absent(&office, "open");
    assert_eq!(names(&open).len(), 3, "{open}");
    assert_eq!((&open["rows"][0]["head"], &open["rows"][0]["file"]), (&json!("赵大山"), &json!("本月.xlsx")));
    let son = person(&office, "赵小山");
    office.call("absent_decide", decision(&[son], "kept", None));
    let undecided = |office: &Office| names(&absent(office, "open")).contains(&"赵小山".to_owned());
    assert!(!undecided(&office));

    // Next month's roster lacks him again; he was decided about.
    place.world.pass(30 * 86_400);
    office.import("roster", &roster(&place, "下月.xlsx", &["赵大山"]), false);
    assert!(!undecided(&office));
    let decided = absent(&office, "decided");
    let said = &decided["rows"][0];
    assert_eq!((&said["name"], &said["decision"]["decision"]["label"]), (&json!("赵小山"), &json!("保留不改")));
    assert_eq!((&said["decision"]["reason"], &decided["open"]), (&json!("村里核实"), &json!(2)));

    // Named again and then lacking once more is something new.
    office.import("roster", &roster(&place, "再下月.xlsx", &["赵大山", "赵小山"]), false);
    assert_eq!(absent(&office, "decided")["rows"], json!([]));
    place.world.pass(30 * 86_400);
    office.import("roster", &roster(&place, "又下月.xlsx", &["赵大山"]), false);
    assert!(undecided(&office));
}

#[test]
fn who_moved_away_leaves_the_household_and_who_died_is_registered_as_dead_and_nobody_is_deleted() {
    let place = joined();
    let office = three_gone(&place);
    let (wife, son, daughter) = (person(&office, "钱小花"), person(&office, "赵小山"), person(&office, "赵小花"));
    let day = Some(today().to_string());
    office.call("absent_decide", decision(std::slice::from_ref(&wife), "died", day.clone()));
    let moved = json!({
        "people": [daughter], "decision": "moved", "on": day, "leaving": "02", "reason": "",
    });
    office.call("absent_decide", moved);
    office.call("absent_decide", decision(std::slice::from_ref(&son), "later", None));
    let members: Vec<String> =
        list(&office.household(HOME)["members"]).iter().map(|member| text(&member["name"]).to_owned()).collect();
    assert!(!members.contains(&"赵小花".to_owned()) && members.contains(&"赵小山".to_owned()), "{members:?}");
    assert_eq!(office.call("person_get", json!({ "id": wife }))["died_on"], json!(today().to_string()));
    assert_eq!(office.call("person_get", json!({ "id": daughter }))["name"], "赵小花", "she stays on the register");
    // What is still to be found out stays on the list, with what was said of it.
    let open = absent(&office, "open");
    assert_eq!(
        (names(&open), &open["rows"][0]["decision"]["decision"]["code"]),
        (vec!["赵小山".to_owned()], &json!("later"))
    );
    assert_eq!(number(&absent(&office, "decided")["decided"]), 2);

    // A wrong decision is taken back like an import, with all that it wrote.
    let history = list(&office.call("import_history", json!({}))["rows"]);
    let wrong = history.iter().filter(|row| row["action"] == "处理名单里没有的人").nth(1).unwrap();
    assert_eq!(wrong["undoable"], true, "{wrong}");
    office.call("import_undo", json!({ "entry": wrong["entry"] }));
    assert!(names(&absent(&office, "open")).contains(&"赵小花".to_owned()));
    let members = list(&office.household(HOME)["members"]);
    assert!(members.iter().any(|member| member["name"] == "赵小花"), "{members:?}");
}

#[test]
fn a_decision_without_its_day_or_about_somebody_who_is_not_on_the_list_is_refused() {
    let place = joined();
    let office = three_gone(&place);
    let son = person(&office, "赵小山");
    let tomorrow = today().succ_opt().unwrap().to_string();
    for request in [
        decision(std::slice::from_ref(&son), "moved", None),
        decision(std::slice::from_ref(&son), "died", Some(tomorrow)),
        decision(std::slice::from_ref(&son), "theirs", None),
        decision(&[], "kept", None),
    ] {
        let refusal = office.refused("absent_decide", request);
        assert_eq!(refusal.code, ErrorCode::Validation, "{refusal:?}");
    }
    let head = list(&office.household(HOME)["members"])[0]["id"].clone();
    assert_eq!(office.refused("absent_decide", decision(&[head], "kept", None)).code, ErrorCode::NotFound);
    assert_eq!(number(&absent(&office, "open")["open"]), 3);
}

#[test]
fn the_list_of_a_roster_that_is_undone_is_undone_with_it() {
    let place = joined();
    let office = place.township_a();
    office.import("roster", &roster(&place, "上月.xlsx", &NAMES.map(|(name, _)| name)), false);
    let wrong = roster(&place, "拿错了.xlsx", &["赵大山"]);
    let mut rows = mingbai_sheets::read(&std::fs::read(&wrong).unwrap(), "x.xlsx").unwrap().sheets.remove(0).rows;
    // Something changes, so that there is an import to undo.
    let last = rows.pop().unwrap();
    let texts: Vec<String> = last.iter().map(mingbai_sheets::Cell::text).collect();
    let mut labels = LABELS.to_vec();
    labels.push("户联系电话");
    let mut row: Vec<&str> = texts.iter().map(String::as_str).collect();
    row.push("13900001234");
    let done = office.import("roster", &table(&place, "拿错了.xlsx", &labels, &[row]), false);
    assert_eq!(number(&absent(&office, "open")["open"]), 3);
    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(number(&absent(&office, "open")["open"]), 0);
}
