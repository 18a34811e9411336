//! A wrong password, a folder somebody else has open, and set-up that cannot stand.

use std::fs;

use mingbai_app::ErrorCode;
use mingbai_tests::offices::{LOGIN, empty_county, save};
use serde_json::json;

use crate::{filled, holds, told};

#[test]
fn a_wrong_password_opens_nothing_and_says_what_to_try() {
    let place = filled();
    let office = place.at_desk("township-a").unwrap();
    let refusal = office.refused("session_login", json!({ "login": LOGIN, "password": "mingbai-Demo" }));
    told(&refusal, ErrorCode::WrongPassword, &["没有改动"], &["请再试"]);
    assert_eq!(office.refused("session_get", json!({})).code, ErrorCode::NotLoggedIn);
    assert_eq!(office.call("setup_status", json!({}))["state"], "locked");
    office.log_in();
    assert_eq!(office.population(), [136, 478, 167, 632]);
}

#[test]
fn a_data_folder_that_is_open_in_another_window_is_not_opened_twice() {
    let place = filled();
    let first = place.township_b();
    let before = holds(&first);
    let refusal = place.at_desk("township-b").err().unwrap();
    told(&refusal, ErrorCode::DatabaseLocked, &["数据没有变"], &["切换到那个窗口"]);
    assert_eq!(holds(&first), before);
    drop(first);
    assert!(place.at_desk("township-b").is_ok());
}

#[test]
fn set_up_with_a_short_password_or_a_wrong_area_makes_no_office() {
    let place = empty_county(1);
    let office = place.at_desk("new").unwrap();
    let request = |area: &str, password: &str| {
        json!({
            "kind": "township", "county_name": "示范县", "unit_name": "青石乡卫生院", "area": area,
            "operator_name": "王玉梅", "login": "wang", "password": password,
        })
    };
    for (request, field) in [
        (request("159901201", "short"), "password"),
        (request("159901", "long-enough"), "area"),
        (request("15990120x", "long-enough"), "area"),
    ] {
        let refusal = office.refused("setup_office", request);
        told(&refusal, ErrorCode::Validation, &["没有保存"], &["至少8个字符", "应为9位数字"]);
        assert_eq!(refusal.fields[0].field, field);
    }
    assert_eq!(office.call("setup_status", json!({}))["state"], "empty");
    let left: Vec<_> = fs::read_dir(place.path("new")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"], "nothing but the lock was written");
}

#[test]
fn a_profile_that_was_tampered_with_is_refused_and_left_as_it_is() {
    let place = filled();
    let path = place.path("township-a").join("office.json");
    fs::write(&path, b"{ \"kind\": \"town").unwrap();
    let refusal = place.at_desk("township-a").err().unwrap();
    told(&refusal, ErrorCode::DatabaseDamaged, &["登记数据没有变"], &["备份"]);
    assert_eq!(fs::read(&path).unwrap(), b"{ \"kind\": \"town");
}

#[test]
fn a_set_up_that_was_cut_off_is_put_aside_whole_and_the_next_one_stands() {
    let place = filled();
    let office = place.township_b();
    // As a power cut leaves it: the journal holds what the database does not, and nothing says whose office it is.
    let village = office.call("village_list", json!({}))["rows"][0]["id"].clone();
    save(&office, "village", village.as_str(), &json!({ "clinic": "新卫生室" }));
    let cut = place.path("cut");
    fs::create_dir(&cut).unwrap();
    for name in ["mingbai.db", "mingbai.db-wal", "mingbai.db-shm", "keys.json"] {
        fs::copy(office.folder.join(name), cut.join(name)).unwrap();
    }
    let journal = fs::read(cut.join("mingbai.db-wal")).unwrap();
    assert!(!journal.is_empty());
    let fresh = place.at_desk("cut").unwrap();
    assert_eq!(fresh.call("setup_status", json!({}))["state"], "empty");
    let request = json!({
        "kind": "township", "county_name": "示范县", "unit_name": "青石乡卫生院", "area": "159901201",
        "operator_name": "王玉梅", "login": "wang", "password": "long-enough",
    });
    fresh.call("setup_office", request);
    assert_eq!((fresh.population(), fresh.call("ledger_verify", json!({}))["ok"].clone()), ([0; 4], json!(true)));
    let kept = fs::read_dir(&cut).unwrap().map(|entry| entry.unwrap().path());
    let aside = kept.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("未完成-"));
    let aside: Vec<_> = aside.collect();
    assert_eq!(aside.len(), 4, "{aside:?}");
    let old = aside.iter().find(|path| path.to_string_lossy().ends_with("mingbai.db-wal")).unwrap();
    assert!(fs::read(old).unwrap() == journal, "nothing of it is lost");
}
