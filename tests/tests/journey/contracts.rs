//! 签约 in full: who should sign and has, who is away, what is renewed, what was promised and done, what is in a platform.

use std::fs;
use std::path::Path;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn member(office: &Office, name: &str) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == *name).unwrap()["id"].clone()
}

/// Why somebody stands in a list; nothing when they do not.
fn reasons(office: &Office, key: &str, person: &Value) -> Vec<String> {
    let rows = list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"]);
    let theirs = rows.into_iter().filter(|row| row["person"] == *person);
    theirs.map(|row| text(&row["reason"]).to_owned()).collect()
}

fn table(office: &Office, key: &str) -> Value {
    office.call("tally_get", json!({ "key": key, "village": null }))
}

/// The number in a row (or the total) of a table under a column.
fn cell(view: &Value, row: Option<&str>, column: &str) -> Option<i64> {
    let place = list(&view["columns"]).iter().position(|one| one["key"] == column)?;
    let cells = match row {
        Some(row) => list(&view["rows"]).into_iter().find(|one| one["key"] == row)?["cells"].clone(),
        None => view["total"].clone(),
    };
    cells[place].as_i64()
}

fn indicator(office: &Office, key: &str) -> Value {
    let all = list(&office.call("desk_get", json!({}))["indicators"]);
    all.into_iter().find(|one| one["key"] == *key).unwrap()
}

#[test]
fn those_who_should_sign_are_the_signed_and_the_unsigned_in_every_village_and_in_sum() {
    let place = filled();
    let office = place.township_a();
    let view = table(&office, "contract_table");
    let rows = list(&view["rows"]);
    assert!(rows.len() > 3);
    let keys = rows.iter().map(|row| Some(text(&row["key"]))).chain([None]);
    for row in keys {
        let of = |column: &str| cell(&view, row, column).unwrap();
        assert_eq!(of("whole"), of("signed") + of("unsigned"), "{row:?}");
        assert_eq!(of("all"), of("whole") + of("excluded"), "{row:?}");
        let by_reason = |item: &str| -> i64 {
            let columns = list(&view["columns"]);
            let theirs = columns.iter().filter(|one| text(&one["key"]).starts_with(&format!("{item}:")));
            theirs.map(|one| of(text(&one["key"]))).sum()
        };
        assert_eq!(of("unsigned"), by_reason("uncontracted"), "{row:?}");
        assert_eq!(of("excluded"), by_reason("contract_excluded"), "{row:?}");
    }
    let share = indicator(&office, "contract");
    assert_eq!(
        (cell(&view, None, "signed"), cell(&view, None, "whole")),
        (share["done"].as_i64(), share["of"].as_i64())
    );
    let people = number(&office.call("desk_get", json!({}))["population"]["people"]);
    assert_eq!(cell(&view, None, "all"), Some(people));
}

#[test]
fn every_number_of_every_table_is_the_length_of_the_list_it_opens() {
    let place = filled();
    let office = place.township_a();
    let mut opened = 0;
    for name in list(&office.call("tally_list", json!({}))["rows"]) {
        let view = office.call("tally_get", json!({ "key": name["key"], "village": null }));
        let mut rows = list(&view["rows"]);
        rows.truncate(2);
        rows.push(json!({ "key": null, "cells": view["total"] }));
        for row in rows {
            for (at, column) in list(&view["columns"]).iter().enumerate() {
                let counts_people = column["money"] == false && column["key"] != "households";
                let Some(count) = row["cells"][at].as_i64().filter(|_| counts_people) else { continue };
                let asked = json!({ "key": name["key"], "village": null, "column": column["key"], "row": row["key"] });
                let listed = list(&office.call("tally_people", asked)["rows"]);
                assert_eq!(listed.len() as i64, count, "{} {} {}", name["key"], column["key"], row["key"]);
                opened += i64::from(count > 0);
            }
        }
        let file = office.call("tally_write", json!({ "key": name["key"], "village": null }));
        assert!(fs::read(Path::new(text(&file["path"]))).unwrap().starts_with(b"PK"), "{file}");
    }
    assert!(opened > 60, "{opened}");
}

#[test]
fn a_long_absentee_leaves_the_denominator_on_the_day_of_the_reason_and_comes_back_when_it_ends() {
    let place = filled();
    let office = place.township_a();
    let whole = |office: &Office| cell(&table(office, "contract_table"), None, "whole").unwrap();
    let before = whole(&office);
    let grandson = member(&office, "张小军");
    let away = json!({ "person": grandson, "reason": "absent", "since": "2026-11-23", "until": "2026-11-30" });
    save(&office, "exclusion", None, &away);
    assert_eq!(whole(&office), before, "the reason begins in two days");
    place.world.pass(2 * 86_400);
    assert_eq!(whole(&office), before - 1);
    place.world.pass(8 * 86_400);
    assert_eq!(whole(&office), before);
}

#[test]
fn a_refusal_stays_on_the_list_with_its_reason_and_patients_come_first() {
    let place = filled();
    let office = place.township_a();
    let head = member(&office, "张福山");
    let contract = list(&office.call("person_get", json!({ "id": head }))["contracts"])[0]["id"].clone();
    save(&office, "contract", Some(text(&contract)), &json!({ "ended_on": "2026-11-20", "ended_reason": "refused" }));
    save(&office, "exclusion", None, &json!({ "person": head, "reason": "refused", "since": "2026-11-20" }));
    assert_eq!(reasons(&office, "uncontracted", &head), ["拒签"]);
    assert_eq!(reasons(&office, "uncontracted_crowd", &head), ["高血压"]);
    let first = list(&office.call("worklist_get", json!({ "key": "uncontracted_crowd", "village": null }))["rows"]);
    let place = first.iter().position(|row| row["reason"] == "高血压").unwrap();
    assert!(first[..place].iter().all(|row| row["reason"] == "高血压"), "{first:?}");
    assert!(cell(&table(&office, "contract_table"), None, "uncontracted:refused").unwrap() >= 1);
}

#[test]
fn a_contract_mailed_and_not_returned_is_chased_until_it_is_back() {
    let place = filled();
    let office = place.township_a();
    let son = member(&office, "张䶮");
    let household = office.household(FLAGSHIP)["id"].clone();
    let listed = |office: &Office| list(&office.call("away_list", json!({ "village": null }))["rows"]);
    let row = |office: &Office| listed(office).into_iter().find(|row| row["person"] == son).unwrap();
    assert_eq!((&row(&office)["why"], &row(&office)["contract"]), (&json!("长期外出"), &json!("不要求（长期外出）")));
    assert!(listed(&office).iter().all(|row| text(&row["phone"]).is_empty() || text(&row["phone"]).contains('*')));
    let sent = json!({ "person": son, "household": household, "visited_on": "2026-11-20", "mode": "post", "purpose": "contract" });
    let batch = json!({ "table": "home_visit", "rows": [{ "fields": sent }], "reason": null });
    assert_eq!(office.call("record_save_many", batch)["saved"], 1);
    assert_eq!(row(&office)["letter"], "2026-11-20 寄出，没有寄回");
    assert_eq!(reasons(&office, "contract_unreturned", &son), Vec::<String>::new());
    place.world.pass(15 * 86_400);
    assert_eq!(reasons(&office, "contract_unreturned", &son), ["寄出 16 天，还没有寄回"]);
    let letter = row(&office)["letter_id"].clone();
    save(&office, "home_visit", Some(text(&letter)), &json!({ "returned_on": "2026-12-05" }));
    assert_eq!(reasons(&office, "contract_unreturned", &son), Vec::<String>::new());
    assert_eq!((&row(&office)["letter"], &row(&office)["letter_id"]), (&json!("2026-12-05 寄回"), &Value::Null));
}

#[test]
fn agreements_for_the_absent_are_printed_one_page_each_and_the_log_says_so() {
    let place = filled();
    let office = place.township_a();
    let people: Vec<Value> = list(&office.call("away_list", json!({ "village": null }))["rows"])
        .iter()
        .map(|row| row["person"].clone())
        .collect();
    assert!(people.len() >= 2);
    let entries = office.entries();
    let asked = json!({ "people": people, "since": "2026-12-01", "until": "2027-11-30" });
    let file = office.call("agreement_print", asked);
    assert!(text(&file["file"]).contains(&format!("{}份", people.len())), "{file}");
    assert!(fs::read(Path::new(text(&file["path"]))).unwrap().starts_with(b"%PDF"));
    let phones = office.call("away_print", json!({ "village": null }));
    assert!(fs::read(Path::new(text(&phones["path"]))).unwrap().starts_with(b"%PDF"));
    assert_eq!(office.entries(), entries + 2);
    office.refused("agreement_print", json!({ "people": people, "since": "2027-12-01", "until": "2027-11-30" }));
    office.refused("agreement_print", json!({ "people": [], "since": "2026-12-01", "until": "2027-11-30" }));
}

#[test]
fn the_contracts_of_a_village_are_renewed_in_one_action_that_one_undo_takes_back() {
    let place = filled();
    let office = place.township_a();
    // By then every contract of the year has ended.
    place.world.pass(120 * 86_400);
    let village = list(&office.call("village_list", json!({}))["rows"]).remove(0)["id"].clone();
    let of_village = |office: &Office| list(&office.call("renewal_list", json!({ "village": village }))["rows"]);
    let due = of_village(&office);
    assert!(due.len() > 10, "{}", due.len());
    let signed = |office: &Office| cell(&table(office, "contract_table"), Some(text(&village)), "signed").unwrap();
    let before = signed(&office);
    let line = |row: &Value| json!({ "fields": { "person": row["person"], "team": row["team"], "since": row["since"], "until": row["until"] } });
    let entries = office.entries();
    let rows: Vec<Value> = due.iter().map(line).collect();
    let answer = office.call("record_save_many", json!({ "table": "contract", "rows": rows, "reason": "续签" }));
    assert_eq!((number(&answer["saved"]), office.entries()), (due.len() as i64, entries + 1), "{answer}");
    assert!(of_village(&office).is_empty());
    assert!(signed(&office) > before);
    let overlapping = list(&office.call("quality_rows", json!({ "rule": "F49", "village": village }))["rows"]);
    assert!(overlapping.iter().all(|row| !row.to_string().contains("重叠")), "{overlapping:?}");
    let done = list(&office.call("import_history", json!({}))["rows"]).remove(0);
    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!((of_village(&office).len(), signed(&office)), (due.len(), before));
}

#[test]
fn two_contracts_that_overlap_are_named() {
    let place = filled();
    let office = place.township_a();
    let head = member(&office, "张福山");
    save(&office, "contract", None, &json!({ "person": head, "since": "2026-11-01", "until": "2027-10-31" }));
    let rows = list(&office.call("quality_rows", json!({ "rule": "F49", "village": null }))["rows"]);
    let theirs: Vec<&Value> = rows.iter().filter(|row| row["person"] == head).collect();
    assert!(theirs.iter().any(|row| row.to_string().contains("重叠")), "{rows:?}");
}

#[test]
fn whoever_signed_is_owed_visits_and_an_examination_and_the_share_leaves_out_whom_nothing_regular_is_owed() {
    let place = filled();
    let office = place.township_a();
    let (head, wife) = (member(&office, "张福山"), member(&office, "李秀兰"));
    assert!(reasons(&office, "service_due", &head).contains(&"体检".to_owned()));
    save(&office, "exam", None, &json!({ "person": head, "examined_on": "2026-11-20" }));
    assert!(!reasons(&office, "service_due", &head).contains(&"体检".to_owned()));
    assert!(reasons(&office, "service_due", &wife).iter().any(|reason| reason.starts_with("体检")));
    let share = indicator(&office, "fulfilled");
    let view = table(&office, "service_table");
    let of = |column| cell(&view, None, column).unwrap();
    assert_eq!(
        (number(&share["done"]), number(&share["of"]), number(&share["excluded"])),
        (of("done"), of("whole"), of("idle"))
    );
    assert_eq!(of("signed"), of("whole") + of("idle"));
    let excluded = office.call("worklist_get", json!({ "key": share["excluded_key"], "village": null }));
    assert_eq!(list(&excluded["rows"]).len() as i64, of("idle"));
}

#[test]
fn the_load_of_the_teams_is_everybody_who_signed() {
    let place = filled();
    let office = place.township_a();
    let view = table(&office, "team_table");
    assert_eq!(cell(&view, None, "signed"), cell(&table(&office, "contract_table"), None, "signed"));
    let rows = list(&view["rows"]);
    let busy = rows.iter().filter(|row| cell(&view, Some(text(&row["key"])), "signed") > Some(0)).count();
    assert!(busy > 1 && rows.iter().all(|row| !text(&row["label"]).is_empty()), "{rows:?}");
}

#[test]
fn what_was_done_and_is_not_in_a_platform_is_listed_until_it_is_marked_all_at_once() {
    let place = filled();
    let office = place.township_a();
    let before = indicator(&office, "entered");
    let view = table(&office, "platform_table");
    let column = list(&view["columns"]).into_iter().find(|one| text(&one["key"]).starts_with("visit|")).unwrap();
    let (kind, platform) = text(&column["key"]).split_once('|').unwrap();
    let cell = json!({ "key": "platform_table", "village": null, "column": column["key"], "row": null });
    let people: Vec<Value> = list(&office.call("tally_people", cell.clone())["rows"])
        .iter()
        .map(|row| row["person"].clone())
        .take(10)
        .collect();
    assert_eq!(people.len(), 10);
    let entries = office.entries();
    let asked = json!({ "people": people, "table": kind, "platform": platform, "on": "2026-11-21" });
    let saved = number(&office.call("platform_mark", asked.clone())["saved"]);
    assert!(saved >= 10 && office.entries() == entries + 1, "{saved}");
    let left = list(&office.call("tally_people", cell)["rows"]);
    assert!(left.iter().all(|row| !people.contains(&row["person"])));
    assert_eq!(
        number(&indicator(&office, "entered")["done"]),
        number(&before["done"]) + 10,
        "ten people, one kind, one platform"
    );
    office.refused("platform_mark", asked);
}

#[test]
fn a_table_shows_a_clerk_no_count_of_a_restricted_illness_and_opens_none() {
    let place = filled();
    let office = place.township_a();
    let seen = table(&office, "crowd_table");
    assert!(cell(&seen, None, "mental").is_some());
    let clerk = json!({ "login": "xiaozhang", "name": "小张", "role": "clerk", "password": "mingbai-demo" });
    office.call("operator_add", clerk);
    office.call("session_lock", json!({}));
    office.call("session_login", json!({ "login": "xiaozhang", "password": "mingbai-demo" }));
    let view = table(&office, "crowd_table");
    assert_eq!((cell(&view, None, "mental"), cell(&view, None, "tuberculosis:unsigned")), (None, None));
    assert_eq!(cell(&view, None, "elder"), cell(&seen, None, "elder"));
    let asked = json!({ "key": "crowd_table", "village": null, "column": "mental", "row": null });
    office.refused("tally_people", asked);
}
