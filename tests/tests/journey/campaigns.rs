//! 专项, 活动, 报送, 线索: dated work and whom it lacks, tables that add up and go out as files, leads that are told.

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn rows(office: &Office, key: &str) -> Vec<Value> {
    list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"])
}

fn campaign(office: &Office, fields: Value) -> Value {
    save(office, "campaign", None, &fields)["id"].clone()
}

#[test]
fn a_campaign_shows_whom_it_lacks_on_each_day_of_its_window() {
    let place = filled();
    let office = place.township_a();
    let homes = office.households(None);
    let id = campaign(
        &office,
        json!({ "name": "健康进万家", "kind": "visit", "starts_on": "2026-11-01", "due_on": "2026-11-30", "target_percent": "100" }),
    );
    for (home, on) in homes.iter().zip(["2026-10-31", "2026-11-01", "2026-11-10", "2026-11-20"]) {
        save(&office, "home_visit", None, &json!({ "household": home["id"], "visited_on": on, "mode": "visit" }));
    }
    let on = |day: &str| office.call("campaign_get", json!({ "id": id, "on": day, "village": null }));
    let done = |day: &str| number(&on(day)["done"]);
    assert_eq!(
        ["2026-10-31", "2026-11-01", "2026-11-09", "2026-11-10", "2026-11-21"].map(done),
        [0, 1, 1, 2, 3],
        "a visit before the window is none of it"
    );
    let view = on("2026-11-21");
    let lacking = list(&view["lacking"]);
    assert_eq!(number(&view["covered"]), homes.len() as i64);
    assert_eq!(lacking.len() as i64 + number(&view["done"]), number(&view["covered"]));
    assert!(lacking.iter().any(|row| row["household"] == homes[0]["id"]));
    assert!(lacking.iter().all(|row| row["household"] != homes[1]["id"]));
    assert_eq!(number(&view["campaign"]["days"]), 9);
    let by_village = |key: &str| list(&view["villages"]).iter().map(|row| number(&row[key])).sum::<i64>();
    assert_eq!((by_village("covered"), by_village("done")), (number(&view["covered"]), number(&view["done"])));
}

#[test]
fn a_campaign_for_a_crowd_covers_its_people_and_counts_a_follow_up_within_the_window() {
    let place = filled();
    let office = place.township_a();
    let id = campaign(
        &office,
        json!({ "name": "老年人随访", "kind": "visit", "starts_on": "2026-11-01", "due_on": "2026-11-30", "crowds": "elder" }),
    );
    let get = || office.call("campaign_get", json!({ "id": id, "on": null, "village": null }));
    let view = get();
    let old = list(&view["lacking"]);
    assert_eq!(view["unit"], "人");
    assert!(old.len() > 5, "{}", old.len());
    let who = old[0]["person"].clone();
    save(&office, "exam", None, &json!({ "person": who, "examined_on": "2026-11-12" }));
    let after = get();
    assert_eq!(number(&after["done"]), number(&view["done"]) + 1);
    assert!(list(&after["lacking"]).iter().all(|row| row["person"] != who));
}

#[test]
fn the_table_of_the_poverty_day_adds_up_and_stands_on_the_screen_in_the_workbook_and_on_paper() {
    let place = filled();
    let office = place.township_a();
    let villages = list(&office.call("village_list", json!({}))["rows"]);
    for (village, people) in [(&villages[0]["id"], 120), (&villages[0]["id"], 30), (&villages[1]["id"], 45)] {
        let activity = json!({
            "village": village, "kind": "poverty_day", "held_on": "2026-09-10", "staff": "6", "households": "20",
            "people": people.to_string(), "poor_people": "15", "exams": "40", "old_exams": "12", "pictures": "8",
        });
        save(&office, "activity", None, &activity);
    }
    save(&office, "activity", None, &json!({ "kind": "poverty_day", "held_on": "2026-09-11", "people": "7" }));
    // Other work and another year are not in it.
    save(
        &office,
        "activity",
        None,
        &json!({ "village": villages[2]["id"], "kind": "clinic", "held_on": "2026-09-10", "people": "900" }),
    );
    save(
        &office,
        "activity",
        None,
        &json!({ "village": villages[2]["id"], "kind": "poverty_day", "held_on": "2025-09-10", "people": "900" }),
    );
    let view = office.call("report_view", json!({ "key": "poverty_day" }));
    let columns: Vec<String> = list(&view["columns"]).iter().map(|one| text(one).to_owned()).collect();
    let at = |column: &str| columns.iter().position(|one| one == column).unwrap();
    let cell = |row: &Value, column: &str| text(&row[at(column)]).parse::<i64>().unwrap();
    let lines = list(&view["rows"]);
    assert_eq!(lines.iter().map(|row| cell(row, "服务 人数")).collect::<Vec<_>>(), [150, 45, 7]);
    assert_eq!(lines[2][0], "本单位");
    for column in columns.iter().skip(1) {
        let sum: i64 = lines.iter().map(|row| cell(row, column)).sum();
        assert_eq!(cell(&view["total"], column), sum, "{column}");
    }
    assert_eq!((cell(&view["total"], "场次"), cell(&view["total"], "图片")), (4, 24));
    let done = office.call("report_write", json!({ "key": "poverty_day" }));
    let file = std::fs::read(text(&done["path"])).unwrap();
    let workbook = mingbai_sheets::read(&file, text(&done["file"])).unwrap();
    let told = format!("{:?}", workbook.sheets);
    assert!(told.contains("扶贫日活动统计表") && told.contains("202"), "{told}");
    let paper = office.call("report_print", json!({ "key": "poverty_day" }));
    assert!(std::fs::read(text(&paper["path"])).unwrap().starts_with(b"%PDF"));
}

#[test]
fn a_report_filed_twice_is_the_same_file_or_says_that_it_is_not() {
    let place = filled();
    let office = place.township_a();
    let deadline = |office: &Office| {
        let all = list(&office.call("desk_get", json!({}))["deadlines"]);
        all.into_iter().find(|one| one["label"] == "健康帮扶月报").map(|one| text(&one["on"]).to_owned())
    };
    assert_eq!(deadline(&office).as_deref(), Some("2026-11-30"));
    let request = json!({
        "report": "disease_by_village", "period": "2026-11", "recipient": "县卫生健康局", "campaign": null, "due_on": null,
    });
    let first = office.call("submission_file", request.clone());
    assert_eq!((&first["same"], &first["differs"]), (&json!(false), &Value::Null));
    assert_eq!(text(&first["digest"]).len(), 64);
    assert_eq!(deadline(&office).as_deref(), Some("2026-12-31"), "what was sent is due again next month");
    let entries = office.entries();
    let again = office.call("submission_file", request.clone());
    assert_eq!((&again["same"], &again["digest"], &again["id"]), (&json!(true), &first["digest"], &first["id"]));
    assert_eq!(office.entries(), entries, "the same file is not sent a second time");
    let person = office.household(FLAGSHIP)["members"][0]["id"].clone();
    save(
        &office,
        "diagnosis",
        None,
        &json!({ "person": person, "disease": "肺癌", "icd10": "C34.900", "class": "major" }),
    );
    let other = office.call("submission_file", request);
    assert_eq!(other["same"], false);
    assert_ne!(other["digest"], first["digest"]);
    assert!(text(&other["differs"]).contains("这次的内容不一样"), "{other}");
    let sent = list(&office.call("submission_list", json!({}))["rows"]);
    assert_eq!(sent.len(), 2);
    office.call("submission_seal", json!({ "id": other["id"], "sealed_on": "2026-11-21" }));
    let sent = list(&office.call("submission_list", json!({}))["rows"]);
    assert_eq!(sent.iter().filter(|row| row["sealed_on"] == "2026-11-21").count(), 1);
}

#[test]
fn a_campaign_that_asks_for_a_report_stands_in_the_list_until_its_file_and_its_sealed_copy_are_out() {
    let place = filled();
    let office = place.township_a();
    let id = campaign(
        &office,
        json!({
            "name": "扶贫日", "kind": "activity", "starts_on": "2026-11-01", "due_on": "2026-11-23",
            "recipient": "县卫健局基层妇幼科", "electronic": "true", "sealed": "true",
        }),
    );
    let reasons =
        || -> Vec<String> { rows(&office, "report_due").iter().map(|row| text(&row["reason"]).to_owned()).collect() };
    assert_eq!(reasons(), ["扶贫日 没有报送"]);
    let deadlines = list(&office.call("desk_get", json!({}))["deadlines"]);
    assert_eq!((&deadlines[0]["label"], &deadlines[0]["days"]), (&json!("扶贫日"), &json!(2)));
    let request = json!({
        "report": "poverty_day", "period": "2026", "recipient": "县卫健局基层妇幼科", "campaign": id, "due_on": null,
    });
    let sent = office.call("submission_file", request);
    assert_eq!(reasons(), ["扶贫日活动统计表 盖章件没有送出"]);
    office.call("submission_seal", json!({ "id": sent["id"], "sealed_on": "2026-11-21" }));
    assert_eq!(reasons(), Vec::<String>::new());
    let listed = list(&office.call("campaign_list", json!({}))["rows"]);
    assert_eq!(listed[0]["reported"], true);
    let view = office.call("campaign_get", json!({ "id": id, "on": null, "village": null }));
    assert_eq!(list(&view["submissions"]).len(), 1);
}

#[test]
fn a_lead_stands_in_the_list_until_it_was_told_and_its_file_names_no_restricted_illness() {
    let place = filled();
    let office = place.township_a();
    let lead = |name: &str, disease: &str| {
        let fields = json!({
            "name": name, "disease": disease, "citizen_id": "", "out_of_pocket": "32000", "found_on": "2026-11-10", "people": "4",
        });
        save(&office, "risk_lead", None, &fields)["id"].clone()
    };
    let ids = [lead("孙立", "肺癌"), lead("周平", "严重精神障碍")];
    assert_eq!(rows(&office, "lead_open").len(), 2);
    let refused = office.refused("lead_report", json!({ "leads": ids, "recipient": "" }));
    assert_eq!(refused.fields[0].field, "recipient");
    let made = office.call("lead_report", json!({ "leads": ids, "recipient": "乡村振兴办" }));
    let file = std::fs::read(text(&made["path"])).unwrap();
    let told = format!("{:?}", mingbai_sheets::read(&file, text(&made["file"])).unwrap().sheets);
    assert!(told.contains("孙立") && told.contains("肺癌") && told.contains("32000"), "{told}");
    assert!(told.contains("周平") && !told.contains("精神"), "{told}");
    assert_eq!(rows(&office, "lead_open"), Vec::<Value>::new());
    let listed = list(&office.call("lead_list", json!({}))["rows"]);
    assert!(listed.iter().all(|row| row["reported_on"] == "2026-11-21" && row["result"]["code"] == "pending"));
    save(&office, "risk_lead", Some(text(&ids[0])), &json!({ "result": "monitored" }));
    let listed = list(&office.call("lead_list", json!({}))["rows"]);
    assert!(listed.iter().any(|row| row["result"]["label"] == "纳入监测"));
}

#[test]
fn households_that_paid_more_than_the_countys_line_are_proposed_as_leads_once() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    let none = office.call("lead_list", json!({}));
    assert!(list(&none["proposals"]).is_empty() && text(&none["line"]).contains("没有写"), "{none}");
    let path = place.path("line.tsv");
    std::fs::write(&path, "year\tkey\tvalue\tsource\n\tlead_line\t1000\t县乡村振兴局通知\n").unwrap();
    county.call(
        "county_list_put",
        json!({
            "kind": "rule", "name": "线索口径", "version": "1", "effective_from": "2026-01-01", "effective_until": null,
            "path": path, "source": "县乡村振兴局通知", "unverified": false,
        }),
    );
    mingbai_tests::rounds::send_down(&place, &county, &office, "159901201");
    let proposed = list(&office.call("lead_list", json!({}))["proposals"]);
    assert!(!proposed.is_empty());
    assert!(proposed.iter().all(|one| number(&one["out_of_pocket"]) > 100_000), "{proposed:?}");
    let keys: Vec<&Value> = proposed.iter().map(|one| &one["key"]).collect();
    assert_eq!(number(&office.call("lead_take", json!({ "keys": keys }))["taken"]), proposed.len() as i64);
    let after = office.call("lead_list", json!({}));
    assert_eq!((list(&after["proposals"]).len(), list(&after["rows"]).len()), (0, proposed.len()));
    assert_eq!(rows(&office, "lead_open").len(), proposed.len());
}
