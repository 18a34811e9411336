//! A full disk. `/dev/full` refuses every byte as a full disk does, so each file that is about to be written is made to
//! lead there; nothing needs to be mounted.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{LOGIN, PASSWORD, list, sources, text};
use serde_json::json;

use crate::{filled, holds, told, written};

/// From now on what is written under this name meets a full disk.
fn full(path: &Path) {
    drop(fs::remove_file(path));
    symlink("/dev/full", path).unwrap();
}

fn part_of(path: &str) -> std::path::PathBuf {
    Path::new(&format!("{path}.part")).to_owned()
}

#[test]
fn a_save_that_finds_the_disk_full_changes_nothing_and_succeeds_once_there_is_room() {
    let place = filled();
    let office = place.township_a();
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    let (before, page) = (holds(&office), office.household(FLAGSHIP));
    drop(office);
    let journal = place.path("township-a").join("mingbai.db-wal");
    assert!(!journal.exists(), "closing leaves no journal");
    full(&journal);
    let office = place.at_desk("township-a").unwrap();
    let request = json!({
        "table": "person", "id": person, "household": null, "fields": { "work_place": "邻县工地" }, "reason": null,
    });
    let roster = sources(place.told_a()).into_iter().find(|file| file.later).unwrap();
    let import = json!({ "kind": "roster", "path": place.put(&roster), "dry_run": false });
    office.call("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    for (command, request) in [("record_save", request.clone()), ("import_sheet", import)] {
        let refusal = office.refused(command, request);
        told(&refusal, ErrorCode::DiskFull, &["原有数据没有改动"], &["请腾出空间"]);
    }
    assert_eq!(office.household(FLAGSHIP), page, "reading goes on");
    drop(office);
    drop(fs::remove_file(&journal));
    let office = place.township_a();
    assert_eq!(holds(&office), before);
    office.call("record_save", request);
    assert_eq!(office.call("person_get", json!({ "id": person }))["work_place"], "邻县工地");
    assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);
}

#[test]
fn an_export_to_a_full_stick_leaves_no_half_bundle_and_the_next_one_carries_everything() {
    let place = filled();
    let office = place.township_a();
    let request = json!({ "folder": place.usb(), "area": null });
    let first = office.call("exchange_export", request.clone());
    let path = text(&first["files"][0]).to_owned();
    let next = path.replace("-00001.mbx", "-00002.mbx");
    assert_ne!(path, next);
    full(&part_of(&next));
    let refusal = office.refused("exchange_export", request.clone());
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有变"], &["请腾出空间"]);
    assert!(!Path::new(&next).exists() && !part_of(&next).exists(), "nothing half-written stays");
    let again = office.call("exchange_export", request);
    let county = place.office();
    county.call("exchange_import", json!({ "path": again["files"][0] }));
    assert_eq!(county.population(), office.population());
}

#[test]
fn cards_and_tables_that_find_the_disk_full_are_not_recorded_as_issued() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let out = office.folder.join("输出");
    fs::create_dir_all(&out).unwrap();
    let request = json!({ "village": null, "household": household, "changed_only": false, "record": true });
    full(&out.join("明白卡_张福山_20261121.pdf.part"));
    let before = written(&office);
    let refusal = office.refused("card_print", request.clone());
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有变"], &["请腾出空间"]);
    assert!(refusal.message.contains("明白卡_张福山"), "{}", refusal.message);
    assert_eq!((written(&office), &office.household(FLAGSHIP)["card"]), (before, &json!(null)));

    full(&out.join("建档立卡人口大病、慢性病患病情况统计表_20261121.xlsx.part"));
    let refusal = office.refused("report_write", json!({ "key": "disease_by_village" }));
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有变"], &["请腾出空间"]);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    assert_eq!(office.call("card_print", request)["households"], 1, "with room it is printed");
}
