//! Backups put back, folders copied, another PC: what was written since comes back where somebody else has it, and no copy
//! ever writes over another.

use std::fs;
use std::path::{Path, PathBuf};

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{County, LOGIN, Office, PASSWORD, Pc, copy, list, number, save, text};
use mingbai_tests::rounds::{restore, send_down, send_up, settled};
use serde_json::{Value, json};

use crate::{filled, joined};

const A: &str = "159901201";
const B: &str = "159901101";

/// Everything that belongs to one office on its own PC.
fn pc(place: &County, name: &str) -> Pc {
    Pc { machine: name.to_owned(), marks: place.path(&format!("{name}-marks")) }
}

#[track_caller]
fn opened(place: &County, name: &str, on: &Pc) -> Office {
    let office = Office::on(Some(on.clone()), &place.path(name), &place.world).unwrap();
    office.log_in();
    office
}

fn notice(office: &Office) -> Option<String> {
    office.call("session_get", json!({}))["notice"].as_str().map(str::to_owned)
}

/// Gives a person of the flagship household another telephone number.
fn telephone(office: &Office, digits: &str) {
    let person = office.household(FLAGSHIP)["members"][0]["id"].clone();
    save(office, "person", person.as_str(), &json!({ "phone": digits }));
}

/// The telephone of that person as the form shows it: the middle digits are masked.
fn telephone_of(office: &Office) -> String {
    let person = office.household(FLAGSHIP)["members"][0]["id"].clone();
    let seen = office.call("record_get", json!({ "table": "person", "id": person }));
    text(&seen["fields"]["phone"]).to_owned()
}

/// Logs with entries, as verification counts them.
fn logs(office: &Office) -> i64 {
    let found = office.call("ledger_verify", json!({}));
    assert_eq!((&found["ok"], &found["problems"]), (&json!(true), &json!([])), "{found}");
    number(&found["logs"])
}

#[test]
fn a_restored_township_gets_back_what_the_county_had_received_and_keeps_what_stood_there() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    settled(&place, &county, &township, A);
    let backup = PathBuf::from(text(&township.call("backup_make", json!({ "folder": null }))["path"]));
    place.world.pass(60);
    telephone(&township, "13800000001");
    settled(&place, &county, &township, A);
    place.world.pass(60);
    telephone(&township, "13800000002");

    let before = logs(&township);
    let done = restore(&township, &backup, "青石乡卫生院");
    let kept = PathBuf::from(text(&done["kept"]));
    assert!(kept.join("mingbai.db").is_file() && kept.join("keys.json").is_file(), "{done}");
    assert!(notice(&township).is_some_and(|said| said.contains("已从备份恢复")));
    assert!(!telephone_of(&township).starts_with("138****000"), "what came after the backup is not here yet");
    assert_eq!(logs(&township), before + 1, "it goes on in a new log");

    send_down(&place, &county, &township, A);
    settled(&place, &county, &township, A);
    assert_eq!(telephone_of(&township), "138****0001", "what the county had comes back");
    place.world.pass(60);
    telephone(&township, "13800000003");
    settled(&place, &county, &township, A);
    assert_eq!(telephone_of(&county), "138****0003");
    assert_eq!(list(&county.call("conflict_list", json!({}))["rows"]), Vec::<Value>::new());

    // What was not sent before the restore still lies in the folder that was moved aside.
    restore(&township, &kept.join("mingbai.db"), "青石乡卫生院");
    assert_eq!(telephone_of(&township), "138****0002");
    settled(&place, &county, &township, A);
    send_down(&place, &county, &township, A);
    let open = list(&county.call("conflict_list", json!({}))["rows"]);
    assert_eq!(open.len(), 1, "both numbers are kept, and somebody decides: {open:?}");
    assert_eq!((logs(&township) > before, logs(&county) > 0), (true, true));
}

#[test]
fn a_backup_restored_on_a_new_pc_goes_on_where_the_broken_one_stopped() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let stick = place.path("stick");
    fs::create_dir_all(&stick).unwrap();
    settled(&place, &county, &township, A);
    township.call("backup_make", json!({ "folder": stick }));
    let population = township.population();
    drop(township);
    let new = place.at_desk("new-pc").unwrap();
    let found = new.call("restore_list", json!({ "folder": stick }));
    let row = &list(&found["rows"])[0];
    assert_eq!(
        (&row["unit_name"], &row["fits"], &found["replaces"]),
        (&json!("青石乡卫生院"), &json!(true), &json!(false))
    );
    let done = restore(&new, Path::new(text(&row["path"])), "青石乡卫生院");
    assert_eq!(done["kept"], Value::Null, "nothing stood here before");
    assert_eq!(new.population(), population);
    place.world.pass(60);
    telephone(&new, "13800000009");
    settled(&place, &county, &new, A);
    assert_eq!(telephone_of(&county), "138****0009");
}

#[test]
fn what_is_no_backup_of_this_unit_is_refused_in_words_and_nothing_changes() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let sheet = place.path("户名单.xlsx");
    fs::write(&sheet, b"PK\x03\x04\x14\x00").unwrap();
    let text_file = place.path("说明.txt");
    fs::write(&text_file, "这不是备份").unwrap();
    let whole = PathBuf::from(text(&township.call("backup_make", json!({ "folder": null }))["path"]));
    let lonely = place.path("明白账备份_20260101_000000.db");
    fs::copy(&whole, &lonely).unwrap();
    let other = text(&county.call("backup_make", json!({ "folder": null }))["path"]).to_owned();
    let before = (township.entries(), township.population());
    let ask = |path: &Path, unit: &str, secret: &str| {
        let request = json!({ "path": path, "login": LOGIN, "secret": secret, "recovery": false, "unit_name": unit });
        township.refused("restore_office", request)
    };
    for (path, says) in [
        (Path::new(text(&up["files"][0])), "这是数据包"),
        (&sheet, "这是表格"),
        (&text_file, "这不是明白账的备份"),
        (&lonely, "缺“明白账备份_20260101_000000.keys.json”"),
        (Path::new(&other), "不是本机单位的"),
    ] {
        let refusal = ask(path, "青石乡卫生院", PASSWORD);
        assert_eq!(refusal.code, ErrorCode::Validation);
        assert!(refusal.message.contains(says), "{says}: {}", refusal.message);
    }
    assert_eq!(ask(&whole, "白桥镇卫生院", PASSWORD).fields[0].field, "unit_name");
    assert_eq!(ask(&whole, "青石乡卫生院", "不是这个密码").code, ErrorCode::WrongPassword);
    assert_eq!((township.entries(), township.population()), before);
    let left: Vec<_> = fs::read_dir(place.path("township-a")).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("恢复")), "{left:?}");
}

#[test]
fn an_old_copy_of_the_data_folder_put_back_by_hand_is_noticed_before_the_first_write() {
    let place = filled();
    let county = place.office();
    let on = pc(&place, "centre");
    let township = opened(&place, "township-a", &on);
    assert_eq!(notice(&township), None, "the first time there is nothing to compare with");
    settled(&place, &county, &township, A);
    drop(township);
    copy(&place.path("township-a"), &place.path("kept")).unwrap();
    let township = opened(&place, "township-a", &on);
    assert_eq!(notice(&township), None, "nothing was put back");
    place.world.pass(60);
    telephone(&township, "13800000004");
    settled(&place, &county, &township, A);
    drop(township);
    fs::remove_dir_all(place.path("township-a")).unwrap();
    copy(&place.path("kept"), &place.path("township-a")).unwrap();

    let township = opened(&place, "township-a", &on);
    assert!(notice(&township).is_some_and(|said| said.contains("比本机上次用的旧")));
    place.world.pass(60);
    save(&township, "village", None, &json!({ "code": "159901201999", "name": "新村", "township": A }));
    send_up(&place, &county, &township);
    send_down(&place, &county, &township, A);
    settled(&place, &county, &township, A);
    assert_eq!(telephone_of(&township), "138****0004");
    let names: Vec<_> = list(&county.call("village_list", json!({}))["rows"]);
    assert!(names.iter().any(|row| row["name"] == "新村"), "what was written after it is at the county: {names:?}");
    let townships = list(&county.call("exchange_status", json!({}))["townships"]);
    let row = townships.iter().find(|row| row["area"] == A).unwrap();
    assert_eq!(number(&row["missing"]), 0, "no number was used twice: {row}");
}

#[test]
fn a_power_failure_around_the_mark_makes_no_other_pc_of_this_one() {
    let place = joined();
    let on = pc(&place, "centre");
    let mark = |name: &str| fs::read_dir(&on.marks).unwrap().flatten().map(|e| e.path()).find(|p| p.ends_with(name));
    drop(opened(&place, "township-a", &on));
    let file = fs::read_dir(&on.marks).unwrap().flatten().next().unwrap().path();
    let old = fs::read(&file).unwrap();
    let township = opened(&place, "township-a", &on);
    save(&township, "village", None, &json!({ "name": "新村", "township": A }));
    let before = logs(&township);
    drop(township);
    assert_ne!(fs::read(&file).unwrap(), old, "the mark keeps step");
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    // After the entry and before the mark; in the middle of the mark; between the mark and its name.
    for part in [None, Some(&old[..7]), Some(&old[..])] {
        fs::write(&file, &old).unwrap();
        if let Some(part) = part {
            fs::write(on.marks.join(format!("{name}.part")), part).unwrap();
        }
        let township = opened(&place, "township-a", &on);
        assert_eq!((notice(&township), logs(&township)), (None, before), "{part:?}");
        drop(township);
    }
    assert!(mark(&format!("{name}.part")).is_none(), "what was left is overwritten");
    // A mark that is gone or damaged says nothing: rather one log too many than one number twice.
    for (at, left) in [None, Some(&b"x"[..])].into_iter().enumerate() {
        fs::remove_file(&file).unwrap();
        left.iter().for_each(|left| fs::write(&file, left).unwrap());
        let township = opened(&place, "township-a", &on);
        assert!(notice(&township).is_some());
        save(&township, "village", None, &json!({ "name": "再新村", "township": A }));
        assert_eq!(logs(&township), before + 1 + at as i64);
        drop(township);
        assert_eq!(notice(&opened(&place, "township-a", &on)), None, "once");
    }
}

#[test]
fn where_no_mark_can_be_written_a_pc_goes_on_in_one_log_and_is_told_nothing() {
    let place = joined();
    let on = pc(&place, "centre");
    fs::write(&on.marks, "no folder").unwrap();
    let mut known = None;
    for _ in 0..3 {
        let township = opened(&place, "township-a", &on);
        assert_eq!(notice(&township), None);
        save(&township, "village", None, &json!({ "name": "新村", "township": A }));
        assert_eq!(*known.get_or_insert(logs(&township)), logs(&township));
    }
    // From the day it can be, it is.
    fs::remove_file(&on.marks).unwrap();
    assert_eq!(notice(&opened(&place, "township-a", &on)), None);
    assert_eq!(notice(&opened(&place, "township-a", &on)), None);
    assert_eq!(fs::read_dir(&on.marks).unwrap().count(), 1);
}

#[test]
fn a_data_folder_copied_to_a_second_pc_writes_a_log_of_its_own_and_both_reach_the_county() {
    let place = filled();
    let county = place.office();
    let (first, second) = (pc(&place, "first"), pc(&place, "second"));
    let here = opened(&place, "township-a", &first);
    settled(&place, &county, &here, A);
    drop(here);
    copy(&place.path("township-a"), &place.path("copied")).unwrap();
    let there = opened(&place, "copied", &second);
    assert!(notice(&there).is_some_and(|said| said.contains("别的电脑")));
    let here = opened(&place, "township-a", &first);
    assert_eq!(notice(&here), None);
    place.world.pass(60);
    telephone(&here, "13800000005");
    save(&there, "village", None, &json!({ "code": "159901201998", "name": "另一村", "township": A }));
    for _ in 0..2 {
        for office in [&here, &there] {
            send_up(&place, &county, office);
            send_down(&place, &county, office, A);
        }
    }
    for office in [&county, &here, &there] {
        assert_eq!(telephone_of(office), "138****0005");
        let rows = list(&office.call("village_list", json!({}))["rows"]);
        assert!(rows.iter().any(|row| row["name"] == "另一村"), "{rows:?}");
    }
}

#[test]
fn a_county_restored_from_a_backup_is_filled_again_by_its_townships() {
    let place = filled();
    let (county, first, second) = (place.office(), place.township_a(), place.township_b());
    settled(&place, &county, &second, B);
    let backup = PathBuf::from(text(&county.call("backup_make", json!({ "folder": null }))["path"]));
    place.world.pass(60);
    settled(&place, &county, &first, A);
    let person = county.household(FLAGSHIP)["members"][0]["id"].clone();
    // The county's own word, which exists nowhere else but in the bundle that told the township.
    let identity = json!({ "person": person, "identity": "subsistence", "since": "2026-01-01" });
    save(&county, "aid_identity", None, &identity);
    let told = |office: &Office| {
        let page = office.call("person_get", json!({ "id": person }));
        page.to_string().matches("subsistence").count()
    };
    let known = told(&county);
    send_down(&place, &county, &first, A);
    assert_eq!(told(&first), known);
    let full = county.population();

    let done = restore(&county, &backup, text(&county.call("session_get", json!({}))["office"]["unit_name"]));
    assert!(number(&done["entries"]) > 0);
    assert_ne!(county.population(), full, "what came after the backup is gone");
    // The townships hear from a county that has less than it confirmed, and send it all again.
    for (office, area) in [(&first, A), (&second, B), (&first, A), (&second, B)] {
        send_down(&place, &county, office, area);
        send_up(&place, &county, office);
    }
    for (office, area) in [(&first, A), (&second, B)] {
        send_down(&place, &county, office, area);
        assert_eq!(office.call("foot_get", json!({}))["unconfirmed"], json!(0));
    }
    assert_eq!(county.population(), full);
    assert_eq!(told(&county), known, "the county's own word came back from the township");
    assert_eq!(list(&county.call("conflict_list", json!({}))["rows"]), Vec::<Value>::new());
    logs(&county);
}

#[test]
fn a_county_restored_from_a_backup_gives_no_number_of_a_certificate_twice() {
    let place = joined();
    let county = place.office();
    let backup = PathBuf::from(text(&county.call("backup_make", json!({ "folder": null }))["path"]));
    let enrol = |name: &str, area: &str, unit: &str| {
        let office = place.at_desk(name).unwrap();
        mingbai_tests::offices::set_up(&office, "township", "云岭县", unit, area, "新人");
        mingbai_tests::offices::join(&county, &office, &place.usb());
        office
    };
    place.world.pass(60);
    let early = enrol("early", "159901202", "早入网的卫生院");
    let unit = county.call("session_get", json!({}))["office"]["unit_name"].clone();
    restore(&county, &backup, text(&unit));
    place.world.pass(60);
    let late = enrol("late", "159901203", "后入网的卫生院");
    // The one the county forgot has to ask again; what it wrote meanwhile is still there.
    save(&early, "village", None, &json!({ "code": "159901202001", "name": "早村", "township": "159901202" }));
    mingbai_tests::offices::join(&county, &early, &place.usb());
    send_up(&place, &county, &early);
    send_up(&place, &county, &late);
    let rows = list(&county.call("village_list", json!({}))["rows"]);
    assert!(rows.iter().any(|row| row["name"] == "早村"), "{rows:?}");
    send_down(&place, &county, &early, "159901202");
    send_down(&place, &county, &late, "159901203");
}
