//! 村务: doors, problems, printed matter and the people of a village; villages joined and parted.

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{County, Office, list, number, save, sources, text};
use mingbai_tests::rounds::{send_down, send_up};
use serde_json::{Value, json};

use crate::{filled, joined};

const A: &str = "159901201";

fn rows(office: &Office, key: &str) -> Vec<Value> {
    list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"])
}

fn villages(office: &Office) -> Vec<Value> {
    list(&office.call("village_list", json!({}))["rows"])
}

fn village(office: &Office, id: &Value) -> Value {
    office.call("village_get", json!({ "id": id }))
}

fn named(office: &Office, name: &Value) -> Value {
    villages(office).into_iter().find(|row| row["name"] == *name).unwrap()
}

#[test]
fn a_village_of_three_thousand_and_one_people_needs_three_instructors_and_one_of_three_thousand_needs_one() {
    let place = filled();
    let office = place.township_a();
    let id = villages(&office)[0]["id"].clone();
    let reason = || {
        let found = rows(&office, "few_instructors").into_iter().find(|row| row["place"] == id);
        found.map(|row| text(&row["reason"]).to_owned())
    };
    assert_eq!(reason().as_deref(), Some("有 0 名，应有 1 名"));
    save(&office, "village_staff", None, &json!({ "village": id, "role": "instructor", "name": "王芳" }));
    save(&office, "village", Some(text(&id)), &json!({ "population": "3000" }));
    assert_eq!(reason(), None);
    save(&office, "village", Some(text(&id)), &json!({ "population": "3001" }));
    assert_eq!(reason().as_deref(), Some("有 1 名，应有 3 名"));
    let page = village(&office, &id);
    assert_eq!((number(&page["instructors"]), number(&page["instructors_needed"])), (1, 3));
    assert_eq!(page["staff"][0]["role"]["label"], "家庭健康指导员");
}

#[test]
fn a_village_without_a_doctor_in_its_chat_group_or_a_round_this_month_is_listed_until_there_is_one() {
    let place = filled();
    let office = place.township_a();
    let all = villages(&office).len();
    let id = villages(&office)[0]["id"].clone();
    assert_eq!([rows(&office, "no_chat_doctor").len(), rows(&office, "no_tour").len()], [all, all]);
    save(&office, "village_staff", None, &json!({ "village": id, "role": "chat", "name": "李医生" }));
    save(&office, "activity", None, &json!({ "village": id, "kind": "tour", "held_on": "2026-11-05", "people": "40" }));
    assert_eq!([rows(&office, "no_chat_doctor").len(), rows(&office, "no_tour").len()], [all - 1, all - 1]);
    assert_eq!(number(&village(&office, &id)["activities"][0]["people"]), 40);
    // Next month it has to be done again.
    place.world.pass(12 * 86_400);
    assert_eq!(rows(&office, "no_tour").len(), all);
}

#[test]
fn an_issue_raised_on_a_visit_is_open_until_somebody_closes_it_with_a_result() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let other = office.households(None).into_iter().find(|row| row["id"] != household).unwrap()["id"].clone();
    let line = |household: &Value, problem: &str, solution: &str| {
        json!({ "fields": {
            "household": household, "visited_on": "20261120", "mode": "visit", "visitor": "王玉梅",
            "problem": problem, "solution": solution,
        } })
    };
    let rows = [
        line(&household, "慢病证没有办下来", ""),
        line(&other, "不会用手机查报销", "当场教会"),
        line(&json!("01980000-0000-7000-8000-000000000000"), "", ""),
    ];
    let batch = json!({ "rows": rows, "owner": "李海", "due_on": "2026-11-20" });
    let saved = office.call("home_visit_save_many", batch);
    assert_eq!(number(&saved["saved"]), 2);
    assert_eq!(saved["problems"][0]["line"], 2, "the line that cannot be is named: {saved}");
    let issues = |open: bool| list(&office.call("issue_list", json!({ "village": null, "open": open }))["rows"]);
    let open = issues(true);
    assert_eq!((open.len(), issues(false).len()), (1, 2), "what was solved at the door is closed");
    assert_eq!(
        (&open[0]["problem"], &open[0]["owner"], &open[0]["days"]),
        (&json!("慢病证没有办下来"), &json!("李海"), &json!(-1))
    );
    assert_eq!(crate::village::rows(&office, "issue_open").len(), 1);
    let id = &open[0]["id"];
    let close = |result: &str| json!({ "id": id, "closed_on": "2026-11-21", "result": result });
    let refused = office.refused("issue_close", close(" "));
    assert!(refused.message.contains("办理结果"), "{refused:?}");
    save(&office, "issue", Some(text(id)), &json!({ "closed_on": "2026-11-21" }));
    assert_eq!(issues(true).len(), 1, "a day without a result closes nothing");
    office.call("issue_close", close("已送审，25日评审"));
    assert_eq!((issues(true).len(), crate::village::rows(&office, "issue_open").len()), (0, 0));
    // The whole sheet is one action, and one undo takes it back.
    let done = list(&office.call("import_history", json!({}))["rows"]).remove(0);
    assert_eq!(done["action"], "成批登记走访");
}

#[test]
fn printed_matter_is_handed_to_a_whole_village_in_one_action_and_one_undo_takes_it_back() {
    let place = filled();
    let office = place.township_a();
    let first = villages(&office).remove(0);
    let here =
        |office: &Office| rows(office, "no_material").iter().filter(|row| row["village"] == first["name"]).count();
    let households = number(&first["households"]);
    assert_eq!(here(&office) as i64, households);
    let share = |office: &Office| {
        let all = list(&office.call("desk_get", json!({}))["indicators"]);
        number(&all.into_iter().find(|one| one["key"] == "material").unwrap()["done"])
    };
    assert_eq!(share(&office), 0);
    let request = json!({
        "village": first["id"], "households": null, "kind": "poster", "title": "健康帮扶政策宣传画",
        "issued_on": "2026-11-20", "issued_by": "王玉梅", "copies": 1, "occasion": "",
    });
    assert_eq!(number(&office.call("material_hand_out", request)["saved"]), households);
    assert_eq!((here(&office), share(&office)), (0, households));
    let done = list(&office.call("import_history", json!({}))["rows"]).remove(0);
    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!((here(&office) as i64, share(&office)), (households, 0));
}

#[test]
fn households_with_fewer_than_four_measures_or_no_visit_this_quarter_are_named() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let listed = |key: &str| rows(&office, key).into_iter().find(|row| row["household"] == household);
    for (kind, until) in [("health", ""), ("industry", ""), ("education", ""), ("housing", "2025-12-31")] {
        save(&office, "measure", None, &json!({ "household": household, "kind": kind, "until": until }));
    }
    let before = text(&listed("few_measures").unwrap()["reason"]).to_owned();
    save(&office, "measure", None, &json!({ "household": household, "kind": "water" }));
    assert_ne!(listed("few_measures").map(|row| text(&row["reason"]).to_owned()), Some(before));
    assert!(listed("not_visited").is_some());
    let call = |mode: &str, on: &str| json!({ "household": household, "visited_on": on, "mode": mode });
    save(&office, "home_visit", None, &call("phone", "2026-11-20"));
    save(&office, "home_visit", None, &call("visit", "2026-09-30"));
    assert_eq!(listed("not_visited").unwrap()["reason"], "上次入户 2026-09-30", "a call by telephone is no visit");
    save(&office, "home_visit", None, &call("visit", "2026-10-01"));
    assert_eq!(listed("not_visited"), None);
}

/// A county that knows its townships' households, with the county's words not yet sent down.
fn told(place: &County) -> (Office, Office) {
    let (county, township) = (place.office(), place.township_a());
    send_up(place, &county, &township);
    (county, township)
}

fn roster(place: &County) -> std::path::PathBuf {
    let files = sources(place.told_a());
    place.put(files.iter().find(|file| file.profile == "roster" && file.name.ends_with(".xlsx")).unwrap())
}

#[test]
fn a_joined_villages_households_and_history_stand_under_the_new_one_and_an_old_roster_still_matches() {
    let place = filled();
    let (county, township) = told(&place);
    let all = villages(&township);
    let (old, new) = (all[0].clone(), all[1].clone());
    save(&township, "activity", None, &json!({ "village": old["id"], "kind": "clinic", "held_on": "2026-11-05" }));
    let before = township.households(None).len();
    let request = json!({ "from": old["id"], "into": new["id"], "on": "2026-11-20" });
    assert_eq!(township.refused("village_join", request.clone()).code, mingbai_app::ErrorCode::NotPermitted);
    let moved = county.call("village_join", request);
    assert_eq!(number(&moved["households"]), list(&village(&township, &old["id"])["homes"]).len() as i64);
    send_down(&place, &county, &township, A);

    let sum = number(&old["households"]) + number(&new["households"]);
    assert_eq!(number(&named(&township, &new["name"])["households"]), sum);
    assert_eq!(number(&named(&township, &old["name"])["households"]), 0);
    let (gone, heir) = (village(&township, &old["id"]), village(&township, &new["id"]));
    assert_eq!((&gone["ended_on"], &gone["successor"]), (&json!("2026-11-20"), &new["name"]));
    assert_eq!(heir["before"], json!([format!("2026-11-20 {}并入", text(&old["name"]))]));
    assert_eq!(heir["activities"][0]["village"], old["name"], "what was done there is the new one's history");
    assert!(rows(&township, "no_tour").iter().all(|row| row["place"] != old["id"]), "nobody goes there any more");
    // The roster of last month names the village that is no more: its people are found, and nobody is moved.
    let view = township.import("roster", &roster(&place), false);
    let changed =
        list(&view["rows"]).into_iter().filter(|row| text(&row["detail"]).contains("村 ")).collect::<Vec<_>>();
    assert_eq!(changed, Vec::<Value>::new());
    assert_eq!(number(&named(&township, &new["name"])["households"]), sum);
    assert_eq!(township.households(None).len(), before);
}

#[test]
fn joining_villages_is_one_action_that_one_undo_takes_back() {
    let place = filled();
    let (county, _) = told(&place);
    let all = villages(&county);
    let (old, new) = (&all[0], &all[1]);
    county.call("village_join", json!({ "from": old["id"], "into": new["id"], "on": "2026-11-20" }));
    assert_eq!(number(&named(&county, &old["name"])["households"]), 0);
    let again = county.refused("village_join", json!({ "from": old["id"], "into": new["id"], "on": "2026-11-20" }));
    assert!(again.message.contains("已经撤并"), "{again:?}");
    let done = list(&county.call("import_history", json!({}))["rows"]).remove(0);
    assert_eq!(done["action"], "并村");
    county.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(villages(&county), all);
    assert_eq!(village(&county, &new["id"])["before"], json!([]));
    assert_eq!(village(&county, &old["id"])["ended_on"], Value::Null);
}

#[test]
fn groups_parted_from_a_village_keep_their_households_and_a_roster_made_before_does_not_bring_them_back() {
    let place = filled();
    let (county, township) = told(&place);
    let old = villages(&township).remove(0);
    let hamlets = list(&village(&township, &old["id"])["hamlets"]);
    let group = hamlets.iter().find(|row| number(&row["households"]) > 0).unwrap();
    let code = format!("{A}399");
    let request = |code: &str| json!({ "from": old["id"], "code": code, "name": "新桥", "groups": [group["name"]], "on": "2026-11-20" });
    assert!(county.refused("village_split", request("159901101399")).message.contains(A), "another township's code");
    assert_eq!(county.call("village_split", request(&code))["households"], group["households"]);
    send_down(&place, &county, &township, A);
    let new = named(&township, &json!("新桥"));
    assert_eq!(new["households"], group["households"]);
    let page = village(&township, &new["id"]);
    assert_eq!(page["before"], json!([format!("2026-11-20 从{}分出", text(&old["name"]))]));
    assert_eq!(list(&page["hamlets"]).len(), 1);
    township.import("roster", &roster(&place), false);
    assert_eq!(named(&township, &json!("新桥"))["households"], group["households"]);
}

#[test]
fn a_village_that_says_of_itself_that_it_became_part_of_another_moves_nobody() {
    let place = filled();
    let (county, township) = told(&place);
    let (mine, theirs) = (villages(&township).remove(0), &place.told_b().villages[0]);
    let forged = json!({ "ended_on": "2026-11-01", "successor": theirs.code });
    save(&township, "village", Some(text(&mine["id"])), &forged);
    send_up(&place, &county, &township);
    for office in [&township, &county] {
        assert_eq!(number(&named(office, &mine["name"])["households"]), number(&mine["households"]));
    }
    let view = township.import("roster", &roster(&place), false);
    assert_eq!(number(&named(&township, &mine["name"])["households"]), number(&mine["households"]));
    assert!(list(&view["rows"]).iter().all(|row| !text(&row["detail"]).contains("村 ")));
}

#[test]
fn a_roster_registers_the_hamlets_it_names_once() {
    let place = joined();
    let office = place.township_a();
    let path = roster(&place);
    office.import("roster", &path, false);
    let hamlets = |office: &Office| -> Vec<Value> {
        villages(office).iter().flat_map(|row| list(&village(office, &row["id"])["hamlets"])).collect()
    };
    let first = hamlets(&office);
    assert!(first.len() > villages(&office).len(), "{first:?}");
    assert_eq!(first.iter().map(|row| number(&row["households"])).sum::<i64>(), office.households(None).len() as i64);
    office.import("roster", &path, false);
    assert_eq!(hamlets(&office), first);
}
