//! Bundles that are torn, foreign, tampered with or nothing of the kind. Each is kept aside and told of.

use std::fs;
use std::path::{Path, PathBuf};

use mingbai_app::{AppError, ErrorCode};
use mingbai_tests::offices::{County, Office, empty_county, join, list, set_up, text};
use serde_json::json;

use crate::{filled, holds, told};

/// The first township's bundle for the county.
fn bundle(place: &County) -> Vec<u8> {
    let up = place.township_a().call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    fs::read(text(&up["files"][0])).unwrap()
}

fn put(place: &County, name: &str, bytes: &[u8]) -> PathBuf {
    let path = place.path(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// The county refuses the file, keeps it whole in 隔离, enters it into 交换记录 and is otherwise as before.
#[track_caller]
fn turned_away(county: &Office, path: &Path, reason: &str) -> AppError {
    let before = holds(county);
    let looked = county.refused("exchange_preview", json!({ "path": path }));
    assert_eq!(looked.detail.as_deref(), Some(reason));
    let refusal = county.refused("exchange_import", json!({ "path": path }));
    told(&refusal, ErrorCode::BundleRejected, &["没有导入任何内容"], &["请", "文件已留存"]);
    assert_eq!(refusal.detail.as_deref(), Some(reason), "{refusal:?}");
    assert_eq!(holds(county), before);
    let kept: Vec<PathBuf> =
        fs::read_dir(county.folder.join("隔离")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let bytes = fs::read(path).unwrap();
    assert!(kept.iter().any(|kept| fs::read(kept).unwrap() == bytes), "kept whole: {kept:?}");
    let log = list(&county.call("exchange_status", json!({}))["log"]);
    let name = path.file_name().unwrap().to_str().unwrap();
    let row = log.iter().find(|row| row["file"] == *name).unwrap();
    assert!(text(&row["outcome"]).contains("拒收，已隔离保存"), "{row}");
    assert!(text(&row["outcome"]).contains(refusal.message.as_str()), "{row}");
    refusal
}

#[test]
fn a_bundle_that_was_not_copied_to_its_end_is_refused_at_every_length() {
    let place = filled();
    let whole = bundle(&place);
    let county = place.office();
    for (name, length) in [("a.mbx", whole.len() - 1), ("b.mbx", whole.len() / 2), ("c.mbx", 300)] {
        let path = put(&place, name, &whole[..length]);
        let refusal = turned_away(&county, &path, "INCOMPLETE_COPY");
        assert!(
            refusal.message.contains("没有拷贝完整") && refusal.message.contains("重新拷贝"),
            "{}",
            refusal.message
        );
    }
    // The whole of it is welcome afterwards.
    let path = put(&place, "whole.mbx", &whole);
    assert_eq!(county.call("exchange_import", json!({ "path": path }))["already"], false);
    assert_eq!(county.population(), [136, 478, 167, 632]);
}

#[test]
fn a_bundle_with_one_changed_byte_is_refused_wherever_the_byte_is() {
    let place = filled();
    let whole = bundle(&place);
    let county = place.office();
    for place_of_byte in [whole.len() / 3, whole.len() - 40] {
        let mut bytes = whole.clone();
        bytes[place_of_byte] ^= 1;
        let path = put(&place, &format!("{place_of_byte}.mbx"), &bytes);
        let before = holds(&county);
        let refusal = county.refused("exchange_import", json!({ "path": path }));
        told(&refusal, ErrorCode::BundleRejected, &["没有导入任何内容"], &["请"]);
        let reason = refusal.detail.unwrap();
        assert!(["DAMAGED", "BAD_SIGNATURE", "MALFORMED"].contains(&reason.as_str()), "{reason}");
        assert_eq!(holds(&county), before);
    }
}

#[test]
fn a_bundle_of_another_county_is_refused() {
    let place = filled();
    let foreign = empty_county(2);
    let office = foreign.at_desk("county").unwrap();
    set_up(&office, "county", "别县", "别县办公室", "159902", "孙某");
    let township = foreign.at_desk("township").unwrap();
    set_up(&township, "township", "别县", "别乡卫生院", "159902201", "李某");
    join(&office, &township, &foreign.usb());
    let up = township.call("exchange_export", json!({ "folder": foreign.usb(), "area": null }));
    let county = place.office();
    let refusal = turned_away(&county, Path::new(text(&up["files"][0])), "OTHER_COUNTY");
    assert!(refusal.message.contains("另一个县"), "{}", refusal.message);
}

#[test]
fn garbage_is_refused_kept_in_quarantine_and_entered_into_the_exchange_log() {
    let place = filled();
    let county = place.office();
    let path = put(&place, "垃圾.mbx", "这不是数据包".repeat(200).as_bytes());
    let refusal = turned_away(&county, &path, "NOT_A_BUNDLE");
    assert!(refusal.message.contains("不是明白账的数据文件"), "{}", refusal.message);
    let log = list(&county.call("exchange_status", json!({}))["log"]);
    let row = log.iter().find(|row| row["file"] == "垃圾.mbx").unwrap();
    assert_eq!((text(&row["peer"]), text(&row["direction"])), ("身份不明", "in"));
    let inspected = county.refused("exchange_inspect", json!({ "path": path }));
    assert_eq!(inspected.code, ErrorCode::BundleRejected);
}

#[test]
fn an_empty_file_and_a_file_that_is_gone_are_told_apart() {
    let place = filled();
    let county = place.office();
    let before = holds(&county);
    let empty = put(&place, "空.mbx", b"");
    let refusal = county.refused("exchange_import", json!({ "path": empty }));
    told(&refusal, ErrorCode::BundleRejected, &["没有导入任何内容"], &["请"]);
    let refusal = county.refused("exchange_import", json!({ "path": place.path("没有.mbx") }));
    told(&refusal, ErrorCode::FileUnreadable, &["数据没有变"], &["重新选择"]);
    assert!(refusal.message.contains("没有.mbx"), "{}", refusal.message);
    assert_eq!(holds(&county), before);
}

#[cfg(unix)]
#[test]
fn a_link_on_the_stick_is_not_followed_and_leaves_what_it_leads_to_alone() {
    let place = filled();
    let whole = bundle(&place);
    let county = place.office();
    let elsewhere = put(&place, "别处的文件.mbx", &whole);
    let (before, nowhere) = (holds(&county), place.path("没有这里"));
    let leads =
        [("县里来的.mbx", elsewhere.as_path()), ("文件夹.mbx", county.folder.as_path()), ("断了.mbx", &nowhere)];
    for (name, to) in leads {
        let link = place.path(name);
        std::os::unix::fs::symlink(to, &link).unwrap();
        for command in ["exchange_preview", "exchange_import", "exchange_inspect"] {
            let refusal = county.refused(command, json!({ "path": link }));
            told(&refusal, ErrorCode::FileUnreadable, &["没有导入任何内容"], &["请选那个文件本身"]);
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "the link stays where it was");
    }
    assert_eq!(fs::read(&elsewhere).unwrap(), whole);
    assert_eq!(holds(&county), before);
    county.call("exchange_import", json!({ "path": elsewhere }));
}

#[test]
fn an_enrolment_file_is_no_bundle_and_a_bundle_is_no_enrolment() {
    let place = filled();
    let whole = bundle(&place);
    let county = place.office();
    let path = put(&place, "bundle.mbx", &whole);
    let before = holds(&county);
    let refusal = county.refused("enrolment_inspect", json!({ "path": path }));
    assert_eq!(refusal.code, ErrorCode::BundleRejected, "{refusal:?}");
    let mut files = std::fs::read_dir(place.usb()).unwrap().map(|file| file.unwrap().path());
    let request = files.find(|file| file.extension().is_some_and(|end| end == "mbq")).unwrap();
    let refusal = county.refused("exchange_import", json!({ "path": request }));
    told(&refusal, ErrorCode::BundleRejected, &["没有导入任何内容"], &["请"]);
    assert_eq!(holds(&county), before);
}

#[test]
fn a_township_cannot_write_for_an_area_it_does_not_have() {
    let place = filled();
    let county = place.office();
    let refusal = county.refused("exchange_export", json!({ "folder": place.usb(), "area": "159901999" }));
    told(&refusal, ErrorCode::NotFound, &["没有生成文件"], &["入网申请"]);
    let township = place.township_a();
    let refusal = township.refused("exchange_export", json!({ "folder": place.path("没有这个目录"), "area": null }));
    told(&refusal, ErrorCode::Validation, &["没有保存"], &["重新选择U盘"]);
}

#[test]
fn a_file_that_is_larger_than_a_pc_can_hold_is_turned_away_before_it_is_read_and_fills_no_disk() {
    let place = filled();
    let mut claims = bundle(&place);
    // How long the content is once it is opened.
    claims[104..112].copy_from_slice(&(2_u64 << 30).to_be_bytes());
    let claims = put(&place, "大.mbx", &claims);
    let nothing = place.path("空.mbx");
    fs::File::create(&nothing).unwrap().set_len(100 << 20).unwrap();
    let county = place.office();
    for (path, reason, said) in [(claims, "TOO_LARGE", "超过1GB"), (nothing, "NOT_A_BUNDLE", "不是明白账")] {
        for act in ["exchange_preview", "exchange_import"] {
            let refusal = county.refused(act, json!({ "path": path }));
            assert_eq!((refusal.code, refusal.detail.as_deref()), (ErrorCode::BundleRejected, Some(reason)));
            assert!(refusal.message.contains(said) && refusal.message.contains("没有导入任何内容"), "{refusal:?}");
        }
    }
    assert!(!county.folder.join("隔离").exists());
}

#[test]
fn the_exchange_log_lists_the_newest_two_hundred_and_says_that_there_are_older_ones() {
    let place = filled();
    let county = place.office();
    let status = || county.call("exchange_status", json!({}));
    for number in 0..=200 {
        place.world.pass(60);
        let path = put(&place, &format!("{number}.mbx"), &[b'x', number]);
        county.refused("exchange_import", json!({ "path": path }));
        if number == 5 {
            assert_eq!(status()["log_older"], false);
        }
    }
    let log = list(&status()["log"]);
    assert_eq!((log.len(), &status()["log_older"]), (200, &json!(true)));
    assert_eq!(log[0]["file"], "200.mbx");
}
