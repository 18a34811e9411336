//! Counts that must agree wherever they stand, and pages that must stand whatever the register holds.

use std::collections::BTreeSet;

use mingbai_app::ErrorCode;
use mingbai_app::demo::{FLAGSHIP, built_in_pack};
use mingbai_tests::offices::{Office, list, number, put_in_force, save, text};
use serde_json::{Value, json};

use crate::filled;

fn rows(office: &Office, key: &str) -> Vec<Value> {
    list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"])
}

fn villages(office: &Office) -> Vec<Value> {
    list(&office.call("village_list", json!({}))["rows"])
}

fn cards(office: &Office) -> Vec<Value> {
    list(&office.call("card_household_list", json!({ "village": null }))["rows"])
}

fn member(page: &Value, name: &str) -> Value {
    list(&page["members"]).into_iter().find(|row| row["name"] == *name).unwrap()
}

fn card_state(office: &Office) -> (bool, String) {
    let card = office.household(FLAGSHIP)["card"].clone();
    (card["current"] == true, text(&card["why_stale"]).to_owned())
}

fn issue(office: &Office, household: &Value) -> Value {
    let request = json!({ "village": null, "household": household, "changed_only": false, "record": true });
    office.call("card_print", request)
}

/// Households and people, as each page counts them.
fn counted(office: &Office) -> Vec<(&'static str, i64, i64)> {
    let population = office.population();
    let report = list(&office.call("report_view", json!({ "key": "disease_by_village" }))["total"]);
    let told = |cell: &Value| text(cell).parse::<i64>().unwrap();
    let sum = |rows: &[Value], name: &str| rows.iter().map(|row| number(&row[name])).sum::<i64>();
    let (villages, cards) = (villages(office), cards(office));
    let lived_in: Vec<Value> = office.households(None).into_iter().filter(|row| number(&row["people"]) > 0).collect();
    let of_village = list(&office.call("card_village_list", json!({}))["rows"]);
    let desk = office.call("desk_get", json!({}));
    let indicator = |key: &str| number(&list(&desk["indicators"]).iter().find(|row| row["key"] == *key).unwrap()["of"]);
    vec![
        ("desk", population[0] + population[2], population[1] + population[3]),
        ("report", told(&report[1]), told(&report[2])),
        ("villages", sum(&villages, "households"), sum(&villages, "people")),
        ("households", lived_in.len() as i64, sum(&lived_in, "people")),
        ("cards", cards.len() as i64, sum(&cards, "people")),
        ("card villages", sum(&of_village, "households"), sum(&cards, "people")),
        ("indicators", indicator("card"), indicator("enrolment")),
    ]
}

#[test]
fn the_dead_the_deleted_and_households_nobody_lives_in_count_on_no_page() {
    let place = filled();
    let office = place.township_a();
    for (page, households, people) in counted(&office) {
        assert_eq!((households, people), (303, 1_110), "{page}");
    }
    let page = office.household(FLAGSHIP);
    let gone = list(&page["members"]);
    save(&office, "person", Some(text(&gone[1]["id"])), &json!({ "died_on": "2026-11-20" }));
    save(&office, "person", Some(text(&gone[2]["id"])), &json!({ "deleted": "true" }));
    for (page, households, people) in counted(&office) {
        assert_eq!((households, people), (303, 1_108), "{page}");
    }
    for member in &gone {
        save(&office, "membership", Some(text(&member["membership"])), &json!({ "left_on": "2026-11-21" }));
    }
    for (page, households, people) in counted(&office) {
        assert_eq!((households, people), (302, 1_110 - gone.len() as i64), "{page}");
    }
    assert!(!rows(&office, "card_stale").iter().any(|row| row["household"] == page["id"]));
    let page = office.household(FLAGSHIP);
    assert!(!page["todos"].to_string().contains("明白卡"), "{}", page["todos"]);
}

#[test]
fn what_is_done_and_the_list_an_indicator_opens_add_up() {
    let place = filled();
    let office = place.township_a();
    // A patient whose newest visit agrees on no next day is not on schedule.
    let late = rows(&office, "visit").len();
    let page = office.household(FLAGSHIP);
    let patient = member(&page, "张福山");
    let visit = json!({ "person": patient["id"], "kind": "hypertension", "visited_on": "2026-11-21" });
    save(&office, "visit", None, &visit);
    assert_eq!(rows(&office, "visit").len(), late + 1);
    let todos = office.household(FLAGSHIP)["todos"].to_string();
    assert!(todos.contains("张福山 高血压随访没有约下次日期"), "{todos}");

    issue(&office, &page["id"]);
    let indicators = list(&office.call("desk_get", json!({}))["indicators"]);
    // A share of money counts fen, and opens the bills that raise it.
    for indicator in indicators.iter().filter(|indicator| indicator["at_most"] != json!(true)) {
        let (done, of) = (number(&indicator["done"]), number(&indicator["of"]));
        let left = rows(&office, text(&indicator["key"]));
        assert_eq!(done + left.len() as i64, of, "{}", indicator["key"]);
        assert!(0 <= done && done <= of, "{indicator}");
        let told = ["contract", "visit", "enrolment", "in_county", "card"];
        assert!(0 < done || !told.contains(&text(&indicator["key"])), "{indicator}");
    }
    let late = rows(&office, "visit");
    let people: BTreeSet<&str> = late.iter().map(|row| text(&row["person"])).collect();
    assert_eq!(people.len(), late.len(), "each patient once");
    let listed = rows(&office, "visit_overdue");
    assert!(late.iter().all(|row| listed.iter().any(|other| other["person"] == row["person"])));
}

#[test]
fn the_number_of_things_to_do_beside_a_household_is_the_length_of_its_pages_list() {
    let place = filled();
    let office = place.township_a();
    issue(&office, &office.household(FLAGSHIP)["id"]);
    let mut sum = 0;
    for row in office.households(None) {
        let page = office.call("household_get", json!({ "id": row["id"] }));
        assert_eq!(number(&row["todo"]), list(&page["todos"]).len() as i64, "{}: {}", row["number"], page["todos"]);
        sum += number(&row["todo"]);
    }
    assert!(sum > 303, "{sum}");
}

#[test]
fn a_bill_stands_once_whether_its_patient_lives_in_two_households_or_in_none_any_more() {
    let place = filled();
    let office = place.township_a();
    let before = office.bills(false);
    let page = office.household(FLAGSHIP);
    let patient = member(&page, "王桂英");
    let bill = list(&page["bills"]).into_iter().find(|bill| bill["total"] == 12_000_000).unwrap();
    let explained = |office: &Office| office.call("bill_explain", json!({ "id": bill["id"] }));
    let (said, money) = (explained(&office), page["money"].clone());
    let other = office.households(None).into_iter().find(|row| row["number"] != FLAGSHIP).unwrap();
    let second = json!({ "household": other["id"], "person": patient["id"], "relation": "97" });
    let second = save(&office, "membership", None, &second)["id"].clone();
    assert_eq!(office.bills(false).len(), before.len());
    let judged = |why: &Value| (why["payers"].clone(), why["steps"].clone());
    assert_eq!(judged(&explained(&office)), judged(&said), "nothing of the year counts twice");

    for stay in [&second, &patient["membership"]] {
        save(&office, "membership", Some(text(stay)), &json!({ "left_on": "2026-11-21" }));
    }
    assert_eq!(office.bills(false).len(), before.len());
    assert_eq!(judged(&explained(&office)), judged(&said));
    save(&office, "membership", Some(text(&second)), &json!({ "left_on": "2026-11-19" }));
    assert_eq!(office.household(FLAGSHIP)["money"], money, "the household of the newest stay");
}

#[test]
fn a_card_signed_after_a_change_is_still_to_be_replaced() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let person = member(&office.household(FLAGSHIP), "张福山")["id"].clone();
    issue(&office, &household);
    assert_eq!(card_state(&office), (true, String::new()));
    save(&office, "person", Some(text(&person)), &json!({ "phone": "13900009999" }));
    assert_eq!(card_state(&office), (false, "资料有变动".to_owned()));
    office.call("card_sign", json!({ "household": household, "signed_on": "2026-11-21", "signed_by": "张福山" }));
    assert_eq!(card_state(&office), (false, "资料有变动".to_owned()));
}

#[test]
fn a_new_team_doctor_a_new_exclusion_and_a_new_village_name_each_ask_for_a_new_card() {
    let place = filled();
    let office = place.township_a();
    let page = office.household(FLAGSHIP);
    let person = member(&page, "张福山")["id"].clone();
    let teams = list(&office.call("team_list", json!({}))["rows"]);
    let contract = office.call("person_get", json!({ "id": person }))["contracts"][0]["team"].clone();
    let team = teams.iter().find(|team| team["name"] == contract).unwrap()["id"].clone();
    let village = villages(&office).into_iter().find(|row| row["name"] == page["village"]).unwrap()["id"].clone();
    let exclusion = json!({ "person": person, "reason": "absent", "since": "2026-11-21" });
    let changes = [
        ("team", team, json!({ "village_doctor": "新村医" })),
        ("exclusion", Value::Null, exclusion),
        ("village", village, json!({ "clinic": "新卫生室" })),
    ];
    for (table, id, fields) in changes {
        issue(&office, &page["id"]);
        assert_eq!(card_state(&office), (true, String::new()), "before {table}");
        save(&office, table, id.as_str(), &fields);
        assert_eq!(card_state(&office), (false, "资料有变动".to_owned()), "{table}");
    }
}

#[test]
fn a_card_of_last_year_is_to_be_replaced() {
    let place = filled();
    let office = place.township_a();
    issue(&office, &office.household(FLAGSHIP)["id"]);
    place.world.pass(40 * 86_400);
    assert_eq!(card_state(&office), (true, String::new()), "in December it still holds");
    place.world.pass(10 * 86_400);
    assert_eq!(card_state(&office), (false, "新年度".to_owned()));
}

#[test]
fn cards_of_two_heads_of_one_name_are_two_files_and_no_name_leaves_the_folder() {
    let place = filled();
    let office = place.township_a();
    let pages: Vec<Value> =
        office.households(None).iter().take(2).map(|row| office.household(text(&row["number"]))).collect();
    let files: BTreeSet<String> = pages
        .iter()
        .map(|page| {
            let head = list(&page["members"]).into_iter().find(|row| row["name"] == page["head"]).unwrap();
            save(&office, "person", Some(text(&head["id"])), &json!({ "name": "../张·伟" }));
            let made = issue(&office, &page["id"]);
            assert!(std::fs::metadata(text(&made["path"])).unwrap().len() > 1_000);
            text(&made["file"]).to_owned()
        })
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for (file, page) in files.iter().zip(&pages) {
        assert!(file.starts_with("明白卡_") && file.contains("张伟") && !file.contains('/'), "{file}");
        assert!(files.iter().any(|file| file.contains(text(&page["number"]))), "{files:?}");
    }
}

#[test]
fn a_card_printed_twice_on_one_day_leaves_the_first_file_as_it_was() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let first = issue(&office, &household);
    let bytes = std::fs::read(text(&first["path"])).unwrap();
    let second = issue(&office, &household);
    assert_ne!(first["path"], second["path"]);
    assert_eq!(std::fs::read(text(&first["path"])).unwrap(), bytes);
    assert!(text(&second["path"]).ends_with(text(&second["file"])) && text(&second["file"]).ends_with(".pdf"));
}

#[test]
fn grade_and_hospital_of_a_restricted_disease_and_a_stay_in_a_psychiatric_hospital_stand_nowhere() {
    let place = filled();
    let office = place.township_a();
    let person = member(&office.household(FLAGSHIP), "张小军")["id"].clone();
    let diagnosis = json!({
        "person": person, "disease": "重性精神病", "grade": "三级特征", "risk": "高风险", "hospital": "示范市安康院",
        "source": "专科转来",
    });
    save(&office, "diagnosis", None, &diagnosis);
    let bill = json!({
        "person": person, "settled_on": "2026-11-20", "total": "100.00", "hospital": "某市安定医院", "disease": "癔症",
    });
    save(&office, "settlement", None, &bill);
    let contract = office.call("person_get", json!({ "id": person }))["contracts"][0]["id"].clone();
    save(&office, "contract", Some(text(&contract)), &json!({ "ended_on": "2026-11-20" }));
    let exclusion = json!({ "person": person, "reason": "institution", "since": "2026-01-01" });
    save(&office, "exclusion", None, &exclusion);
    let page = office.household(FLAGSHIP);
    assert_eq!(member(&page, "张小军")["contract"], "不要求签约");
    let shown = [
        page.clone(),
        office.call("person_get", json!({ "id": person })),
        office.call("record_history", json!({ "table": "household", "id": page["id"] })),
        json!(office.households(Some(FLAGSHIP))),
        json!(office.bills(false)),
    ];
    for (place, page) in shown.iter().enumerate() {
        let page = page.to_string();
        for word in ["精神", "三级特征", "高风险", "安康院", "专科转来", "安定", "癔症", "康复医院"]
        {
            assert!(!page.contains(word), "{word} on {place}: {page}");
        }
    }
}

#[test]
fn a_deposit_that_was_taken_is_on_the_desk() {
    let place = filled();
    let office = place.township_a();
    let planted = rows(&office, "deposit").len();
    let person = member(&office.household(FLAGSHIP), "张福山")["id"].clone();
    let bill = json!({ "person": person, "settled_on": "2026-11-20", "total": "3000.00", "deposit": "500.00" });
    save(&office, "settlement", None, &bill);
    let found = rows(&office, "deposit");
    assert_eq!(found.len(), planted + 1);
    let row = found.iter().find(|row| row["person"] == person).unwrap();
    assert_eq!((text(&row["reason"]), &row["due"]), ("押金 500.00 元", &json!("2026-11-20")));
    let desk = office.call("desk_get", json!({}));
    let item = list(&desk["items"]).into_iter().find(|item| item["key"] == "deposit").unwrap();
    assert_eq!((text(&item["label"]), number(&item["count"])), ("收了住院押金", found.len() as i64));
}

#[test]
fn a_year_no_bill_can_be_of_is_refused() {
    let place = filled();
    let office = place.township_a();
    for year in [99_999_999, -1, 0, i64::from(i32::MAX), i64::MAX] {
        let request = json!({ "year": year, "village": null, "short_only": false, "offset": 0, "limit": 10 });
        let refusal = office.refused("bill_list", request);
        assert_eq!((refusal.code, refusal.fields[0].field.as_str()), (ErrorCode::Validation, "year"), "{year}");
    }
}

#[test]
fn every_bar_of_a_bill_has_a_step_that_tells_of_it_and_every_payers_step_has_its_bar() {
    let place = filled();
    let office = place.township_a();
    let bills = list(&office.household(FLAGSHIP)["bills"]);
    let bill = bills.iter().find(|bill| bill["total"] == 12_000_000).unwrap();
    let why = office.call("bill_explain", json!({ "id": bill["id"] }));
    let key = |row: &Value| text(&row["key"]).to_owned();
    let (bars, steps) = (list(&why["bars"]), list(&why["steps"]));
    let named: BTreeSet<String> = bars.iter().filter(|bar| bar["payer"] == true).map(key).collect();
    let told: BTreeSet<String> = steps.iter().filter_map(|step| step["payer"].as_str().map(str::to_owned)).collect();
    assert!(named.len() > 2 && named.is_subset(&told), "{named:?} of {told:?}");
    let told: BTreeSet<String> = steps.iter().map(key).collect();
    for bar in bars.iter().filter(|bar| bar["payer"] == false).map(key) {
        assert!(told.contains(&bar), "{bar} of {told:?}");
    }
}

#[test]
fn each_bill_is_judged_by_the_pack_in_force_on_its_own_day() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    let verdicts = |office: &Office| -> Vec<(Value, Value, Value)> {
        let of = |bill: &Value| (bill["id"].clone(), bill["verdict"].clone(), bill["shortfall"].clone());
        office.bills(false).iter().map(of).collect()
    };
    let before = verdicts(&office);
    let newer = built_in_pack().unwrap().text.replacen("from = 2019-01-01", "from = 2026-11-10", 1);
    put_in_force(&county, &newer.replacen("2019.2", "2026.11", 1));
    let area = office.call("session_get", json!({}))["office"]["area"].clone();
    let sent = county.call("exchange_export", json!({ "folder": place.usb(), "area": area }));
    office.call("exchange_import", json!({ "path": sent["files"][0] }));
    assert_eq!(verdicts(&office), before, "the same rules under another number change no verdict");
    let mut packs: BTreeSet<(bool, String)> = BTreeSet::new();
    for bill in office.bills(false).iter().filter(|bill| bill["verdict"] != "不能核对") {
        let why = office.call("bill_explain", json!({ "id": bill["id"] }));
        packs.insert((text(&bill["settled_on"]) >= "2026-11-10", text(&why["pack"]).to_owned()));
    }
    let seen: Vec<(bool, bool)> = packs.iter().map(|(late, pack)| (*late, pack.contains("2026.11"))).collect();
    assert_eq!(seen, [(false, false), (true, true)], "{packs:?}");
}
