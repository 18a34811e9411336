//! A database that is damaged, gone, somebody else's, or written by a newer version.

use std::fs;
use std::path::Path;

use mingbai_app::{AppError, ErrorCode};
use mingbai_tests::offices::{LOGIN, PASSWORD, copy, empty_county};
use serde_json::json;

use crate::{filled, told};

/// Logging in must be refused; nobody is in afterwards.
#[track_caller]
fn locked_out(place: &mingbai_tests::offices::County, name: &str) -> AppError {
    let office = place.at_desk(name).unwrap();
    let refusal = office.refused("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    assert_eq!(office.refused("desk_get", json!({})).code, ErrorCode::NotLoggedIn);
    refusal
}

#[test]
fn a_database_written_by_a_newer_version_is_left_untouched() {
    let place = empty_county(5);
    // The folder of a township whose database says it is of version 99.
    let newer = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/newer-version");
    copy(&newer, &place.path("newer")).unwrap();
    let before = fs::read(newer.join("mingbai.db")).unwrap();
    let refusal = locked_out(&place, "newer");
    told(&refusal, ErrorCode::DatabaseTooNew, &["数据没有改动"], &["升级程序"]);
    assert!(refusal.message.contains("99"), "{}", refusal.message);
    assert_eq!(fs::read(place.path("newer").join("mingbai.db")).unwrap(), before);
}

#[test]
fn a_damaged_database_is_not_written_to() {
    let place = filled();
    let folder = place.path("township-a");
    let path = folder.join("mingbai.db");
    let good = fs::read(&path).unwrap();
    let mut start = good.clone();
    start[20..200].iter_mut().for_each(|byte| *byte ^= 0x55);
    for (what, bytes) in [
        ("its first page scrambled", start),
        ("cut short inside its first page", good[..2_000].to_vec()),
        ("replaced by a text", "这不是数据库。".repeat(1_000).into_bytes()),
        ("empty", Vec::new()),
    ] {
        fs::write(&path, &bytes).unwrap();
        let refusal = locked_out(&place, "township-a");
        told(&refusal, ErrorCode::DatabaseDamaged, &["没有改动", "没有继续写入"], &["请"]);
        assert_eq!(fs::read(&path).unwrap(), bytes, "{what}");
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(place.township_a().population(), [136, 478, 167, 632], "the good file is as good as before");
}

#[test]
fn damage_in_the_middle_is_told_when_it_is_met_and_verification_finds_it() {
    let place = filled();
    let path = place.path("township-a").join("mingbai.db");
    let mut bytes = fs::read(&path).unwrap();
    for at in (8 * 4096..bytes.len()).step_by(4096) {
        bytes[at + 100] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    let office = place.at_desk("township-a").unwrap();
    let met = office.app.rpc("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    let met = met.and_then(|_| office.app.rpc("ledger_verify", json!({})));
    match met {
        Ok(found) => assert_eq!(found["ok"], false),
        Err(refusal) => told(&refusal, ErrorCode::DatabaseDamaged, &["没有继续", "没有改动"], &["备份", "请"]),
    }
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_database_or_key_file_that_is_gone_is_missed_and_none_is_made_in_its_place() {
    let place = filled();
    let folder = place.path("township-b");
    fs::rename(folder.join("mingbai.db"), place.path("aside.db")).unwrap();
    let refusal = locked_out(&place, "township-b");
    told(&refusal, ErrorCode::DatabaseDamaged, &["没有找到数据库文件"], &["从备份恢复"]);
    assert!(!folder.join("mingbai.db").exists());
    fs::rename(place.path("aside.db"), folder.join("mingbai.db")).unwrap();
    fs::remove_file(folder.join("keys.json")).unwrap();
    let refusal = locked_out(&place, "township-b");
    told(&refusal, ErrorCode::Storage, &["没有找到钥匙文件"], &["从备份恢复"]);
    assert!(!folder.join("keys.json").exists());
}

#[test]
fn another_offices_database_does_not_open_with_this_offices_keys() {
    let place = filled();
    let path = place.path("township-b").join("mingbai.db");
    fs::copy(place.path("township-a").join("mingbai.db"), &path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let refusal = locked_out(&place, "township-b");
    told(&refusal, ErrorCode::DatabaseDamaged, &["文件没有改动"], &["请确认"]);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
