//! How bundles are carried: on a stick that is noticed, in mails within a limit, straight to the next PC; and what a stick
//! or a mail may do to them on the way.

use std::fs;
use std::path::Path;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{County, Office, join, list, number, save, set_up, text};
use serde_json::{Value, json};

use crate::{filled, joined};

/// Everything is exchanged, then this much is written that does not become smaller by packing.
fn lately_busy(place: &County) -> (Office, Office) {
    let (county, township) = (place.office(), place.township_a());
    let up = township.call("exchange_export", json!({ "folder": place.path("usb"), "area": null }));
    county.call("exchange_import", json!({ "path": up["files"][0] }));
    let area = place.told_a().code.clone();
    let down = county.call("exchange_export", json!({ "folder": place.path("usb"), "area": area }));
    township.call("exchange_import", json!({ "path": down["files"][0] }));
    let household = township.household(FLAGSHIP)["id"].clone();
    let mut dice = 1_u64;
    for _ in 0..24 {
        let remark: String = (0..180)
            .filter_map(|_| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from_digit((dice >> 40) as u32 % 36, 36)
            })
            .collect();
        save(&township, "household", Some(text(&household)), &json!({ "remark": remark }));
    }
    (county, township)
}

fn remark(office: &Office) -> Value {
    let household = office.household(FLAGSHIP)["id"].clone();
    office.call("record_get", json!({ "table": "household", "id": household }))["fields"]["remark"].clone()
}

fn in_parts(office: &Office, folder: &Path, mail: bool) -> Vec<Value> {
    let most = if mail { 24_000 } else { 3_500 };
    let request = json!({ "folder": folder, "area": null, "most_bytes": most, "mail": mail, "mail_to": "" });
    list(&office.call("exchange_export", request)["files"]).clone()
}

#[test]
fn a_stick_says_what_lies_on_it_for_this_office_until_it_was_taken_in() {
    let place = joined();
    let (county, township) = (place.office(), place.township_a());
    for file in fs::read_dir(place.usb()).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let sticks = |office: &Office| list(&office.call("exchange_drives", json!({}))["drives"]).clone();
    assert_eq!(sticks(&county)[0]["bundles"], json!([]));
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    fs::write(place.usb().join("照片.jpg"), b"x").unwrap();
    fs::write(place.usb().join("坏的.mbx"), b"\x89MBX\r\n\x1a\n").unwrap();
    let stick = sticks(&county)[0].clone();
    assert_eq!((&stick["label"], number(&stick["free"]), number(&stick["skipped"])), (&json!("KINGSTON"), 8 << 30, 1));
    let found = list(&stick["bundles"]).clone();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["known"]), (&up["files"][0], &json!(false)));
    let title = text(&found[0]["title"]);
    assert!(title.starts_with(&place.told_a().name) && title.ends_with(&format!("第 {} 号", up["number"])), "{title}");
    assert_eq!(sticks(&township)[0]["bundles"], json!([]), "what it wrote itself is for the county");
    county.call("exchange_import", json!({ "path": found[0]["path"] }));
    assert_eq!(sticks(&county)[0]["bundles"][0]["known"], true);
}

#[test]
fn a_bundle_in_several_files_waits_for_the_last_and_says_what_is_missing() {
    let place = filled();
    let (county, township) = lately_busy(&place);
    let before = remark(&county);
    let files = in_parts(&township, &place.usb(), false);
    assert!(files.len() > 2, "{files:?}");
    let last = files.len();
    for (at, path) in files.iter().enumerate().rev().skip(1) {
        let looked = county.call("exchange_preview", json!({ "path": path }));
        let said = format!("第 {} 份，共 {last} 份；还缺第 ", at + 1);
        assert!(text(&looked["part"]).starts_with(&said), "{looked}");
        let taken = county.call("exchange_import", json!({ "path": path }));
        assert!(text(&taken["part"]).starts_with(&said), "{taken}");
        assert_eq!((number(&taken["entries"]), number(&taken["new"])), (0, 0));
    }
    assert_eq!(remark(&county), before);
    let waiting = list(&county.call("exchange_status", json!({}))["waiting"]).clone();
    assert_eq!(waiting.len(), 1);
    assert!(text(&waiting[0]["text"]).contains(&format!("还缺第 {last} 份")), "{waiting:?}");
    drop(county);
    let county = place.office();
    let looked = county.call("exchange_preview", json!({ "path": files[last - 1] }));
    assert!(text(&looked["part"]).ends_with("各份都齐了"), "{looked}");
    let taken = county.call("exchange_import", json!({ "path": files[last - 1] }));
    assert_eq!((&taken["part"], number(&taken["entries"])), (&Value::Null, number(&taken["new"])));
    assert_eq!(remark(&county), remark(&township));
    assert!(remark(&county).is_string());
    assert_eq!(county.call("exchange_status", json!({}))["waiting"], json!([]));
}

#[test]
fn a_bundle_whose_rest_nobody_waits_for_any_more_is_said_again_by_the_next_one() {
    let place = filled();
    let (county, township) = lately_busy(&place);
    let files = in_parts(&township, &place.usb(), false);
    county.call("exchange_import", json!({ "path": files[0] }));
    let status = county.call("exchange_status", json!({}));
    let row = list(&status["townships"]).into_iter().find(|row| row["area"] == place.told_a().code.as_str()).unwrap();
    assert_eq!(number(&row["waiting"]), 1, "not everything of it is here");
    county.call("waiting_leave", json!({ "id": status["waiting"][0]["id"] }));
    let status = county.call("exchange_status", json!({}));
    assert_eq!(status["waiting"], json!([]));
    let again = county.refused("waiting_leave", json!({ "id": "00" }));
    assert_eq!(again.code, mingbai_app::ErrorCode::NotFound);
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    county.call("exchange_import", json!({ "path": up["files"][0] }));
    assert_eq!(remark(&county), remark(&township));
}

#[test]
fn a_whole_folder_is_taken_in_with_a_line_for_every_file_and_a_bad_one_stops_none_of_the_others() {
    let place = filled();
    let (county, a, b) = (place.office(), place.township_a(), place.township_b());
    let folder = place.path("收上来的");
    fs::create_dir_all(folder.join("白桥")).unwrap();
    let up = |office: &Office, folder: &Path, mail: bool| {
        let request = json!({ "folder": folder, "area": null, "mail": mail, "mail_to": "" });
        text(&office.call("exchange_export", request)["files"][0]).to_owned()
    };
    let first = up(&a, &folder, false);
    up(&b, &folder.join("白桥"), true);
    let known = up(&b, &folder, false);
    county.call("exchange_import", json!({ "path": known }));
    let mut cut = fs::read(&first).unwrap();
    cut.truncate(cut.len() / 2);
    fs::write(folder.join("半截.mbx"), cut).unwrap();
    fs::write(folder.join("没有附件.eml"), "Subject: hello\r\n\r\nhello\r\n").unwrap();
    let down = json!({ "folder": folder, "area": place.told_a().code });
    county.call("exchange_export", down);

    let seen = county.call("exchange_folder", json!({ "folder": folder }));
    let files = list(&seen["files"]);
    let states: Vec<&str> = files.iter().map(|file| text(&file["state"])).collect();
    assert_eq!(states, ["fresh", "fresh", "unread", "unread", "known", "others"], "{seen}");
    assert_eq!(seen["more"], false);
    let mut outcomes = Vec::new();
    for file in files.iter().filter(|file| matches!(text(&file["state"]), "fresh" | "unread")) {
        outcomes.push(match county.app.rpc("exchange_import", json!({ "path": file["path"] })) {
            Ok(report) => format!("{}", report["already"]),
            Err(error) => error.detail.unwrap_or_else(|| format!("{:?}", error.code)),
        });
    }
    outcomes.sort();
    // The mail carries what a later bundle of the same township says again; that it came first does no harm.
    assert_eq!(outcomes, ["FileUnreadable", "INCOMPLETE_COPY", "false", "false"]);
    assert_eq!(county.population().iter().sum::<i64>(), 303 + 1_110 + 211 + 746);
    let refusal = county.refused("exchange_folder", json!({ "folder": place.path("没有这个") }));
    assert_eq!(refusal.fields[0].field, "folder");
}

#[test]
fn mails_saved_whole_are_taken_in_like_the_bundles_in_them() {
    let place = filled();
    let (county, township) = lately_busy(&place);
    let request = json!({ "folder": place.usb(), "area": null, "mail": true, "mail_to": "jkb@yunling.example" });
    let made = township.call("exchange_export", request);
    let path = text(&made["files"][0]);
    assert!(path.ends_with(".eml"));
    let mail = fs::read_to_string(path).unwrap();
    assert!(mail.is_ascii() && mail.contains("X-Unsent: 1") && mail.contains("jkb@yunling.example"));
    assert_eq!(township.call("exchange_status", json!({}))["mail_to"], "jkb@yunling.example", "remembered");
    let refusal = township
        .refused("exchange_export", json!({ "folder": place.usb(), "area": null, "mail": true, "mail_to": "a\r\nb" }));
    assert_eq!(refusal.fields[0].field, "mail_to");
    let looked = county.call("exchange_preview", json!({ "path": path }));
    assert_eq!(looked["number"], made["number"]);
    let taken = county.call("exchange_import", json!({ "path": path }));
    assert_eq!(taken["entries"], made["entries"]);
    assert_eq!(remark(&county), remark(&township));
    assert!(remark(&county).is_string());
    let inspected = county.call("exchange_inspect", json!({ "path": path }));
    assert_eq!(inspected["kind"], "数据包");
}

#[test]
fn a_bundle_a_mailer_changed_is_refused_in_plain_words_even_inside_its_mail() {
    let place = filled();
    let (county, township) = lately_busy(&place);
    let made = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let whole = fs::read(text(&made["files"][0])).unwrap();
    let unix: Vec<u8> = whole.iter().copied().filter(|byte| *byte != b'\r').collect();
    let seven: Vec<u8> = whole.iter().map(|byte| byte & 0x7f).collect();
    for (name, bytes) in [("unix.mbx", &unix), ("七位.mbx", &seven)] {
        let path = place.path(name);
        fs::write(&path, bytes).unwrap();
        let refusal = county.refused("exchange_import", json!({ "path": path }));
        assert_eq!(refusal.detail.as_deref(), Some("MANGLED"), "{refusal:?}");
        assert!(refusal.message.contains("当作文本改动过") && refusal.message.contains("没有导入任何内容"));
    }
}

#[test]
fn no_file_name_does_anything_but_name_a_file() {
    let place = filled();
    let (county, township) = lately_busy(&place);
    let made = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let whole = fs::read(text(&made["files"][0])).unwrap();
    let long = format!("{}.mbx", "长".repeat(83));
    let names =
        ["CON", "nul.mbx", "COM1.mbx", "工资\u{202e}xbm.exe", "a\nb\t.mbx", "..mbx", "\\..\\..\\x.mbx", long.as_str()];
    for (at, name) in names.into_iter().enumerate() {
        let path = place.path(name);
        // Cut in different places, because the same file under another name is one file.
        fs::write(&path, &whole[..whole.len() - 1 - at]).unwrap();
        let refusal = county.refused("exchange_import", json!({ "path": path }));
        assert_eq!(refusal.detail.as_deref(), Some("INCOMPLETE_COPY"), "{name:?}");
        fs::write(&path, &whole).unwrap();
        let taken = county.call("exchange_import", json!({ "path": path }));
        assert!(text(&taken["sender"]).starts_with(&place.told_a().name), "{name:?}");
    }
    let log = list(&county.call("exchange_status", json!({}))["log"]).clone();
    let shown: Vec<&str> = log.iter().filter_map(|row| row["file"].as_str()).filter(|name| !name.is_empty()).collect();
    assert!(shown.len() >= names.len());
    let harmless = |name: &str| {
        name.len() <= 120
            && !name.chars().any(|one| one.is_control() || matches!(one, '/' | '\\' | ':' | '\u{202a}'..='\u{202e}'))
    };
    assert!(shown.iter().all(|name| harmless(name)), "{shown:?}");
    for folder in ["收件", "隔离"] {
        for file in fs::read_dir(county.folder.join(folder)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(harmless(&name), "{name:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_on_a_stick_is_not_followed_silently() {
    let place = filled();
    let (county, township) = lately_busy(&place);
    let made = township.call("exchange_export", json!({ "folder": place.path("township-a"), "area": null }));
    let link = place.usb().join("包.mbx");
    std::os::unix::fs::symlink(text(&made["files"][0]), &link).unwrap();
    let refusal = county.refused("exchange_import", json!({ "path": link }));
    assert!(refusal.message.contains("链接") && refusal.message.contains("没有导入任何内容"), "{}", refusal.message);
    let sticks = county.call("exchange_drives", json!({}));
    assert!(list(&sticks["drives"][0]["bundles"]).iter().all(|one| one["path"] != json!(link)));
}

#[test]
fn two_pcs_of_one_centre_exchange_directly_and_the_county_still_confirms() {
    let place = filled();
    let (county, first) = lately_busy(&place);
    let told = place.told_a();
    let second = place.at_desk("township-a2").unwrap();
    set_up(&second, "township", &place.told.name, &told.name, &told.code, "李二");
    let refusal = first.refused("exchange_export", json!({ "folder": place.usb(), "area": null, "siblings": true }));
    assert!(refusal.message.contains("没有另一台已入网的电脑"), "{}", refusal.message);
    join(&county, &second, &place.usb());
    let down = county.call("exchange_export", json!({ "folder": place.usb(), "area": told.code }));
    first.call("exchange_import", json!({ "path": down["files"][0] }));
    assert_eq!(number(&first.call("exchange_status", json!({}))["siblings"]), 1);
    let across = first.call("exchange_export", json!({ "folder": place.usb(), "area": null, "siblings": true }));
    let taken = second.call("exchange_import", json!({ "path": across["files"][0] }));
    assert_eq!((number(&taken["unapplied"]), number(&taken["confirmed"])), (0, 0));
    assert_eq!(remark(&second), remark(&first));
    assert!(number(&first.call("exchange_status", json!({}))["pending"]) > 0, "a neighbour confirms nothing");
}
