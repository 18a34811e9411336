//! 未采用: what was received and not taken in is listed with its reason, and every row can be done with.

use std::fs;

use mingbai_app::ErrorCode;
use mingbai_bundle::{BundleDraft, Direction, write};
use mingbai_ledger::Head;
use mingbai_store::{Store, Vault};
use mingbai_sync::{DeviceKeys, compare, keys};
use mingbai_tests::offices::{County, LOGIN, Office, PASSWORD, join, list, number, save, set_up, text};
use mingbai_tests::rounds::{send_down, send_up, settled};
use serde_json::{Value, json};

use crate::{filled, joined};

const A: &str = "159901201";

fn aside(office: &Office) -> Vec<Value> {
    list(&office.call("aside_list", json!({}))["rows"])
}

fn township(county: &Office) -> Value {
    let rows = list(&county.call("exchange_status", json!({}))["townships"]);
    rows.into_iter().find(|row| row["area"] == A).unwrap()
}

/// A village that lies in the neighbouring township: the office itself refuses it, unless its profile was changed.
fn overstepping(place: &County) -> Office {
    let profile = place.path("township-a").join("office.json");
    let told = fs::read_to_string(&profile).unwrap();
    fs::write(&profile, told.replace(A, "159901202")).unwrap();
    let office = place.township_a();
    save(&office, "village", None, &json!({ "name": "外乡村", "code": "159901202099" }));
    office
}

#[test]
fn the_county_sees_what_was_not_taken_in_and_takes_it_in_for_a_reason() {
    let place = joined();
    let office = overstepping(&place);
    let county = place.office();
    send_up(&place, &county, &office);
    let rows = aside(&county);
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!((&row["kind"], &row["who"], &row["adoptable"]), (&json!("entry"), &json!("青石乡卫生院"), &json!(true)));
    assert!(text(&row["what"]).contains("外乡村"), "{row}");
    assert_eq!(row["reason"], "区划代码159901202099不在该单位辖区内");
    assert_eq!(number(&township(&county)["aside"]), 1, "the township is not 齐");
    let name = json!({ "kind": row["kind"], "id": row["id"] });
    let answer = county.call("aside_retry", name.clone());
    assert_eq!((&answer["taken"], text(&answer["said"]).contains("不在该单位辖区内")), (&json!(false), true));
    let decision = |reason: &str| json!({ "kind": row["kind"], "id": row["id"], "reason": reason });
    assert_eq!(county.refused("aside_adopt", decision(" ")).code, ErrorCode::Validation);
    assert_eq!(office.refused("aside_adopt", decision("要")).code, ErrorCode::NotPermitted);
    assert_eq!(county.call("aside_adopt", decision("飞地，县里核实过"))["taken"], true);
    assert_eq!((aside(&county), number(&township(&county)["aside"])), (vec![], 0));
    send_down(&place, &county, &office, A);
    let status = office.call("exchange_status", json!({}));
    assert!(list(&status["missing"]).iter().all(|line| !text(line).contains("未采用")), "{status}");
    assert_eq!(county.call("ledger_verify", json!({}))["ok"], true);
    assert_eq!(county.refused("aside_retry", name).code, ErrorCode::NotFound);
}

#[test]
fn a_damaged_file_is_one_row_however_often_it_is_pressed_and_goes_with_a_reason() {
    let place = joined();
    let (county, office) = (place.office(), place.township_a());
    let up = office.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let mut bytes = fs::read(text(&up["files"][0])).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let path = place.path("坏了.mbx");
    fs::write(&path, bytes).unwrap();
    for _ in 0..3 {
        place.world.pass(60);
        county.refused("exchange_import", json!({ "path": path }));
    }
    assert_eq!(fs::read_dir(county.folder.join("隔离")).unwrap().count(), 1, "kept once");
    let rows = aside(&county);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((&rows[0]["kind"], &rows[0]["who"]), (&json!("file"), &json!("青石乡卫生院")));
    assert_eq!(rows[0]["code"], "DAMAGED");
    assert_eq!(number(&township(&county)["rejected"]), 1);
    let name = json!({ "kind": "file", "id": rows[0]["id"] });
    assert_eq!(county.call("aside_retry", name)["taken"], false, "its kept bytes are damaged still");
    county.call("aside_leave", json!({ "kind": "file", "id": rows[0]["id"], "reason": "已让他们重发" }));
    assert_eq!((aside(&county), number(&township(&county)["rejected"])), (vec![], 0));
    let log = list(&county.call("exchange_status", json!({}))["log"]);
    let line = log.iter().find(|row| text(&row["outcome"]).starts_with("拒收，不采用：已让他们重发")).unwrap();
    assert_eq!(line["tone"], "neutral");
    // Looked at once more under another name it is a file somebody has to decide about again, and still kept once.
    county.refused("exchange_import", json!({ "path": path }));
    assert_eq!(aside(&county).len(), 1);
    assert_eq!(fs::read_dir(county.folder.join("隔离")).unwrap().count(), 1);
}

#[test]
fn a_new_pc_of_the_centre_is_believed_by_what_its_bundle_carries_before_the_county_has_spoken_of_it() {
    let place = joined();
    let (county, first) = (place.office(), place.township_a());
    let told = place.told_a();
    let second = place.at_desk("township-a2").unwrap();
    set_up(&second, "township", &place.told.name, &told.name, &told.code, "李二");
    join(&county, &second, &place.usb());
    let id =
        text(&save(&second, "village", None, &json!({ "name": "新立村", "code": format!("{A}098") }))["id"]).to_owned();
    let across = second.call("exchange_export", json!({ "folder": place.usb(), "area": null, "siblings": true }));
    first.call("exchange_import", json!({ "path": across["files"][0] }));
    let record = first.call("record_get", json!({ "table": "village", "id": id }));
    assert_eq!(record["fields"]["name"], "新立村");
}

/// A bundle of this township, just after it sent everything, that says its tables have one household more than they have.
fn lying(place: &County) -> std::path::PathBuf {
    let folder = place.path("township-a");
    let mut vault = Vault::open(&folder.join("keys.json")).unwrap();
    let key = vault.unlock(LOGIN, PASSWORD, 0).unwrap();
    let store = Store::open(&folder.join("mingbai.db"), &key).unwrap();
    let (own, trust) = (DeviceKeys::load(&store).unwrap(), keys::known_trust(&store).unwrap());
    let mut state = compare::summary(store.read()).unwrap();
    // The export itself is an entry the county does not have yet.
    let last = store.own_log().unwrap();
    let sent = store.read().entries_after(&last.log, last.seq - 2, 1).unwrap().remove(0);
    let mut have = store.read().heads().unwrap();
    have.retain(|head| head.log != last.log);
    have.push(Head { log: last.log, seq: sent.seq, hash: sent.hash });
    let household = u64::from(mingbai_domain::catalogue::by_table("household").unwrap().id);
    state.rows.iter_mut().filter(|(kind, _)| *kind == household).for_each(|(_, rows)| *rows += 1);
    let draft = BundleDraft {
        direction: Direction::Up,
        county: trust.county(),
        sender: &own.signing,
        recipients: &[trust.root().sealing_key],
        bundle_no: 900,
        bundle_id: Some([9; 16]),
        part: (1, 1),
        app: "0",
        schema: mingbai_domain::catalogue::SCHEMA.into(),
        wall_ms: 1_795_250_000_000,
        hlc: store.clock().unwrap().0,
        ranges: Vec::new(),
        have,
        acks: Vec::new(),
        trust: Some(trust.section()),
        state: Some(state),
        policies: Vec::new(),
        directives: Vec::new(),
        blobs: Vec::new(),
        snapshots: Vec::new(),
    };
    let path = place.path("说错了.mbx");
    fs::write(&path, write(&draft, &mut |buffer: &mut [u8]| buffer.fill(7)).unwrap()).unwrap();
    path
}

#[test]
fn the_county_checks_whether_a_township_has_the_same_tables_and_says_what_differs() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    let check = |county: &Office| list(&county.call("township_compare", json!({ "area": A }))["pcs"]);
    assert_eq!(check(&county)[0]["said"], "暂时不能核对", "it has never sent anything");
    settled(&place, &county, &office, A);
    assert_eq!(township(&county)["compared"], Value::Null, "its bundle has made the old answer worthless");
    let found = check(&county);
    assert_eq!(
        (found.len(), &found[0]["said"], &found[0]["tone"]),
        (1, &json!("两边一致"), &json!("done")),
        "{found:?}"
    );
    let kept = township(&county)["compared"].clone();
    assert_eq!((&kept["said"], text(&kept["at"]).get(..10)), (&json!("两边一致"), Some("2026-11-21")));

    send_up(&place, &county, &office);
    drop(office);
    county.call("exchange_import", json!({ "path": lying(&place) }));
    assert_eq!(township(&county)["compared"], Value::Null);
    let found = check(&county);
    assert_eq!((&found[0]["said"], &found[0]["tone"]), (&json!("两边不一致"), &json!("missing")));
    let detail = text(&found[0]["detail"]);
    assert!(detail.starts_with("户对方 ") && detail.contains("核对与备份"), "{detail}");
    assert_eq!(township(&county)["compared"]["said"], "两边不一致");
    assert_eq!(county.refused("township_compare", json!({ "area": "159901999" })).code, ErrorCode::NotFound);
}

#[test]
fn what_somebody_left_out_and_who_sent_what_was_turned_away_can_be_looked_up_in_the_exchange_log() {
    let place = joined();
    let office = overstepping(&place);
    let county = place.office();
    send_up(&place, &county, &office);
    let row = aside(&county).remove(0);
    county.call("aside_leave", json!({ "kind": row["kind"], "id": row["id"], "reason": "外乡的村，登错了" }));
    let up = office.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let mut bytes = fs::read(text(&up["files"][0])).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let path = place.path("坏了.mbx");
    fs::write(&path, bytes).unwrap();
    county.refused("exchange_import", json!({ "path": path }));
    let log = list(&county.call("exchange_status", json!({}))["log"]);
    let left = log.iter().find(|row| text(&row["outcome"]).starts_with("不采用第 ")).unwrap();
    assert_eq!(left["peer"], "青石乡卫生院");
    assert!(text(&left["outcome"]).contains("外乡的村，登错了"), "{left}");
    let away = log.iter().find(|row| row["file"] == "坏了.mbx").unwrap();
    assert_eq!(away["peer"], "青石乡卫生院", "a unit, and no key");
}
