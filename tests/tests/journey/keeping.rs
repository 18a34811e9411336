//! What is written stays, can be told from the log alone, and can be taken back.

use std::fs;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{LOGIN, Office, PASSWORD, list, number, save, sources, text};
use mingbai_tests::rounds::settled;
use serde_json::{Value, json};

use crate::claims::{correcting, letter, saved};
use crate::{filled, joined};

#[track_caller]
fn sound(office: &Office) -> Value {
    let found = office.call("ledger_verify", json!({}));
    assert_eq!((&found["ok"], &found["differences"], &found["problems"]), (&json!(true), &json!(0), &json!([])));
    assert_eq!(found["integrity"], "完好");
    for table in list(&found["tables"]) {
        assert_eq!(number(&table["differences"]), 0, "{table}");
    }
    found
}

fn rows(found: &Value, table: &str) -> i64 {
    list(&found["tables"]).iter().find(|row| row["table"] == *table).map(|row| number(&row["rows"])).unwrap()
}

#[test]
fn every_table_of_all_three_offices_can_be_told_again_from_the_log_without_a_difference() {
    let place = filled();
    let (county, a, b) = (place.office(), place.township_a(), place.township_b());
    for (township, area) in [(&a, "159901201"), (&b, "159901101")] {
        let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
        county.call("exchange_import", json!({ "path": up["files"][0] }));
        let down = county.call("exchange_export", json!({ "folder": place.usb(), "area": area }));
        township.call("exchange_import", json!({ "path": down["files"][0] }));
    }
    let (at_a, at_b, at_county) = (sound(&a), sound(&b), sound(&county));
    assert_eq!((rows(&at_a, "person"), rows(&at_b, "person")), (1_110, 746));
    for table in ["household", "person", "diagnosis", "contract", "visit", "enrolment", "settlement"] {
        assert_eq!(rows(&at_county, table), rows(&at_a, table) + rows(&at_b, table), "{table}");
    }
    assert_eq!(number(&at_county["logs"]), 5, "its own, two townships', two feeds");
}

#[test]
fn undoing_the_first_import_leaves_an_empty_register_that_can_be_filled_again() {
    let place = joined();
    let office = place.township_a();
    let files = sources(place.told_a());
    let roster = files.iter().filter(|file| file.profile == "roster").nth(1).unwrap();
    let path = place.put(roster);
    let done = office.import("roster", &path, false);
    assert_eq!(office.population(), [136, 478, 167, 632]);
    place.world.pass(60);
    let undone = office.call("import_undo", json!({ "entry": done["entry"] }));
    assert!(number(&undone["undone"]) >= 303 + 1_110, "{undone}");
    assert_eq!(office.population(), [0; 4]);
    assert_eq!(office.households(None).len(), 0);
    assert_eq!(list(&office.call("search", json!({ "text": "张福山", "limit": 5 }))["hits"]), Vec::<Value>::new());
    sound(&office);
    let history = list(&office.call("import_history", json!({}))["rows"]);
    assert!(history.iter().any(|row| row["entry"] == done["entry"]), "what was done and undone is both told");
    let undoing = history.iter().find(|row| row["action"] == "撤销导入").unwrap();
    assert!(text(&undoing["detail"]).contains(&roster.name) && undoing["undoable"] == false, "{undoing}");

    place.world.pass(60);
    let again = office.import("roster", &path, false);
    assert_eq!(again["counts"], done["counts"], "the undone people do not stand in the way");
    assert_eq!(office.population(), [136, 478, 167, 632]);
    sound(&office);
}

#[test]
fn undoing_a_later_import_puts_everything_back_as_it_was() {
    let place = filled();
    let office = place.township_a();
    let later = sources(place.told_a()).into_iter().find(|file| file.later).unwrap();
    let told = &place.told_a().later;
    let touched: Vec<&str> =
        told.new.iter().map(|(h, _)| h.as_str()).chain(told.changed.iter().map(|(h, ..)| h.as_str())).collect();
    let pages = |office: &Office| -> Vec<Value> {
        touched
            .iter()
            .map(|number| office.household(number))
            .map(|page| json!([page["members"], page["status"], page["main_cause"], page["other_causes"]]))
            .collect()
    };
    let (population, before) = (office.population(), pages(&office));
    let done = office.import("roster", &place.put(&later), false);
    assert_ne!(pages(&office), before);
    place.world.pass(60);
    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(office.population(), population);
    assert_eq!(pages(&office), before);
    sound(&office);
}

#[test]
fn undoing_bills_and_visits_takes_exactly_those_away() {
    let place = filled();
    let office = place.township_b();
    let history = list(&office.call("import_history", json!({}))["rows"]);
    let entry = |action: &str| history.iter().find(|row| row["action"] == *action).unwrap()["entry"].clone();
    let overdue = |office: &Office| {
        list(&office.call("worklist_get", json!({ "key": "visit_overdue", "village": null }))["rows"]).len()
    };
    let (bills, before) = (office.bills(false).len(), overdue(&office));
    assert!(bills > 40 && before > 0);
    office.call("import_undo", json!({ "entry": entry("导入结算单") }));
    assert_eq!((office.bills(false).len(), overdue(&office)), (0, before));
    let file = sources(place.told_b()).into_iter().find(|file| file.profile == "bills").unwrap();
    let again = office.import("bills", &place.put(&file), false);
    assert_eq!((number(&again["counts"]["new"]), office.bills(false).len()), (bills as i64, bills));
    sound(&office);
}

#[test]
fn an_import_that_somebody_has_corrected_since_is_not_undone_over_their_head() {
    let place = filled();
    let office = place.township_a();
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    save(&office, "person", Some(text(&person)), &json!({ "health": "患有大病" }));
    let history = list(&office.call("import_history", json!({}))["rows"]);
    let first = history.iter().rfind(|row| row["action"] == "导入名单").unwrap();
    let entries = office.entries();
    let refusal = office.refused("import_undo", json!({ "entry": first["entry"] }));
    assert_eq!(refusal.code, mingbai_app::ErrorCode::Conflict);
    assert!(refusal.message.contains("健康状况") && refusal.message.contains("没有改动"), "{}", refusal.message);
    assert_eq!((office.entries(), office.population()), (entries, [136, 478, 167, 632]));
}

#[test]
fn an_import_on_which_diagnoses_and_visits_were_hung_since_is_not_undone_under_them() {
    let place = joined();
    let office = place.township_a();
    let roster = sources(place.told_a()).into_iter().filter(|file| file.profile == "roster").nth(1).unwrap();
    let done = office.import("roster", &place.put(&roster), false);
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    save(&office, "diagnosis", None, &json!({ "person": person, "disease": "高血压" }));
    save(&office, "visit", None, &json!({ "person": person, "kind": "poor", "visited_on": "2026-11-20" }));
    let entries = office.entries();
    let refusal = office.refused("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(refusal.code, mingbai_app::ErrorCode::Conflict);
    for hung in ["诊断、随访", "没有改动"] {
        assert!(refusal.message.contains(hung), "{hung}: {}", refusal.message);
    }
    assert_eq!((office.entries(), office.population()), (entries, [136, 478, 167, 632]));
}

#[test]
fn an_import_of_bills_stays_while_a_letter_or_a_correction_stands_on_one_of_them() {
    let place = filled();
    let office = place.township_a();
    let history = list(&office.call("import_history", json!({}))["rows"]);
    let import = history.iter().find(|row| row["action"] == "导入结算单").unwrap()["entry"].clone();
    let refused = |office: &Office| {
        let (entries, bills) = (office.entries(), office.bills(false).len());
        let refusal = office.refused("import_undo", json!({ "entry": import }));
        assert_eq!((refusal.code, office.entries()), (mingbai_app::ErrorCode::Conflict, entries));
        assert_eq!(office.bills(false).len(), bills);
        refusal.message
    };
    let short = office.bills(true).remove(0);
    let sent = letter(&office, &[&short["id"]], "2026-11-20");
    assert!(refused(&office).contains("追办"), "{}", refused(&office));
    office.call("import_undo", json!({ "entry": sent["entry"] }));

    saved(&office, None, &correcting(&office, &short["id"], 0));
    assert!(refused(&office).contains("登记了结算"), "{}", refused(&office));
    sound(&office);
}

#[test]
fn an_import_is_taken_back_once_and_then_no_longer_offered() {
    let place = filled();
    let office = place.township_b();
    let bills = |office: &Office| {
        let rows = list(&office.call("import_history", json!({}))["rows"]);
        rows.into_iter().find(|row| row["action"] == "导入结算单").unwrap()
    };
    assert_eq!(bills(&office)["undoable"], true);
    office.call("import_undo", json!({ "entry": bills(&office)["entry"] }));
    assert_eq!(bills(&office)["undoable"], false);
    let entries = office.entries();
    let refusal = office.refused("import_undo", json!({ "entry": bills(&office)["entry"] }));
    assert!(refusal.message.contains("早就撤销"), "{}", refusal.message);
    assert_eq!(office.entries(), entries);
}

#[test]
fn history_says_who_when_and_what_it_was_before_and_after() {
    let place = filled();
    let office = place.township_a();
    let member = list(&office.household(FLAGSHIP)["members"])[0].clone();
    place.world.pass(3_600);
    office.call(
        "record_save",
        json!({
            "table": "person", "id": member["id"], "household": null, "reason": "入户核实",
            "fields": { "health": "患有大病", "phone": "13900008888" },
        }),
    );
    let household = office.household(FLAGSHIP)["id"].clone();
    let history = list(&office.call("record_history", json!({ "table": "household", "id": household }))["rows"]);
    let of = |field: &str| history.iter().find(|row| row["field"] == *field).unwrap();
    let health = of("健康状况");
    assert_eq!((&health["old"], &health["new"]), (&json!("长期慢性病"), &json!("患有大病")));
    assert_eq!(
        (&health["who"], &health["action"], &health["reason"]),
        (&json!("王玉梅"), &json!("修改"), &json!("入户核实"))
    );
    assert!(text(&health["record"]).starts_with("张福山"), "{health}");
    assert!(text(&health["at"]).starts_with("2026-11-21 15:3"), "{health}");
    let imported = history.iter().rfind(|row| row["action"] == "导入名单").unwrap();
    assert!(text(&imported["at"]).starts_with("2026-11-21 08:3"), "{imported}");
    assert!(text(&imported["reason"]).contains("建档立卡人口信息"), "{imported}");
}

#[test]
fn everything_is_still_there_after_the_program_was_closed_and_opened() {
    let place = filled();
    let office = place.township_a();
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    save(&office, "person", Some(text(&person)), &json!({ "work_place": "邻县工地" }));
    let (page, entries) = (office.household(FLAGSHIP), office.entries());
    drop(office);
    let office = place.township_a();
    assert_eq!((office.household(FLAGSHIP), office.entries()), (page, entries));
    assert_eq!(office.call("person_get", json!({ "id": person }))["work_place"], "邻县工地");
    sound(&office);
}

#[test]
fn a_backup_is_verified_encrypted_and_opens_as_the_same_register() {
    let place = filled();
    let office = place.township_b();
    let done = office.call("backup_make", json!({ "folder": null }));
    assert_eq!(done["verified"], true);
    assert_eq!(office.call("foot_get", json!({}))["backup_verified"], true);
    let bytes = fs::read(text(&done["path"])).unwrap();
    let name = place.told_b().households[0].members[0].name.as_bytes();
    assert!(!bytes.windows(name.len()).any(|window| window == name), "no name can be read from the file");
    let population = office.population();
    let path = done["path"].clone();
    drop(office);
    for old in ["mingbai.db", "mingbai.db-wal", "mingbai.db-shm"] {
        drop(fs::remove_file(place.path("township-b").join(old)));
    }
    fs::copy(text(&path), place.path("township-b").join("mingbai.db")).unwrap();
    let restored = place.township_b();
    assert_eq!(restored.population(), population);
    sound(&restored);
}

#[test]
fn a_pc_whose_clock_stood_in_another_century_says_so_at_login_and_dates_rightly_what_is_saved_afterwards() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    settled(&place, &county, &township, "159901201");
    let household = township.household(FLAGSHIP)["id"].clone();
    let household = text(&household);
    let years = 73 * 365 * 24 * 3600;
    let newest = || {
        let history = list(&township.call("record_history", json!({ "table": "household", "id": household }))["rows"]);
        text(&history.iter().find(|row| row["new"] == "改过钟").unwrap()["at"]).to_owned()
    };
    place.world.pass(years);
    save(&township, "household", Some(household), &json!({ "remark": "钟错了" }));
    place.world.pass(60 - years);
    let session = township.call("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    let notice = text(&session["notice"]).to_owned();
    assert!(notice.contains("没有丢") && notice.contains("请核对电脑的日期和时间"), "{notice}");
    save(&township, "household", Some(household), &json!({ "remark": "改过钟" }));
    assert!(newest().starts_with("2026-"), "{}", newest());
    let session = township.call("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    assert_eq!(session["notice"], json!(null), "it is said while it is so");
    assert_eq!(township.call("ledger_verify", json!({}))["ok"], true);
}
