//! 数据交换: up to the county, down with a receipt, and nothing lost or told to the wrong township on the way.

use std::fs;
use std::path::Path;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use mingbai_tests::rounds::{change, field, head_of, send_down, send_up, settled};
use serde_json::{Value, json};

use crate::imports::{ids, table};
use crate::{filled, joined};

fn export(office: &Office, usb: &Path, area: Option<&str>) -> Value {
    office.call("exchange_export", json!({ "folder": usb, "area": area }))
}

/// The parts of a report or preview that account for the file's entries.
fn parts(view: &Value) -> [i64; 6] {
    ["entries", "new", "duplicate", "held", "deferred", "unapplied"].map(|name| view[name].as_i64().unwrap_or_default())
}

#[track_caller]
fn conserved(report: &Value) {
    let [entries, new, duplicate, held, deferred, unapplied] = parts(report);
    assert_eq!(entries, new + duplicate + held + deferred + unapplied, "{report}");
    let line = format!(
        "文件 {entries} 条 = 新 {new} + 重复 {duplicate} + 暂存 {held} + 待升级 {deferred} + 未采用 {unapplied}"
    );
    assert_eq!(text(&report["conservation"]), line);
}

/// A household's page without what only the office that looks at it knows: its neighbours in the list.
fn page(office: &Office, number: &str) -> Value {
    let mut page = office.household(number);
    for of_the_list in ["previous", "next"] {
        page[of_the_list] = Value::Null;
    }
    page
}

#[test]
fn the_county_sees_who_what_and_how_much_before_it_takes_a_bundle_in() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let own = number(&township.call("exchange_status", json!({}))["own_entries"]);
    let up = export(&township, &place.usb(), None);
    let path = up["files"][0].clone();
    assert_eq!(number(&up["entries"]), own);
    let name = Path::new(text(&path)).file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.is_ascii(), "{name} tells nothing");

    let before = county.entries();
    let seen = county.call("exchange_preview", json!({ "path": path }));
    assert_eq!((&seen["sender"], &seen["number"]), (&json!("青石乡卫生院"), &up["number"]));
    assert_eq!((&seen["entries"], &seen["new"], &seen["bytes"]), (&up["entries"], &up["entries"], &up["bytes"]));
    assert_eq!(seen["by_type"], up["by_type"], "the county counts what the township counted");
    let of = |label: &str| {
        let types = list(&seen["by_type"]);
        types.into_iter().find(|row| row["label"] == *label).map(|row| number(&row["count"]))
    };
    let bills = crate::bills_told(place.told_a());
    let visits: usize = place.told_a().people().map(|(_, person)| person.visits.len()).sum();
    let labelled = |kind| mingbai_domain::catalogue::by_table(kind).unwrap().label;
    assert_eq!(of(labelled("settlement")), Some(bills as i64), "{}", seen["by_type"]);
    assert_eq!(of(labelled("visit")), Some(visits as i64));
    assert_eq!((&seen["already"], &seen["problem"]), (&json!(null), &json!(null)));
    assert_eq!(county.entries(), before, "looking changes nothing");
    assert_eq!(county.population(), [0; 4]);
}

#[test]
fn what_a_township_has_is_at_the_county_after_one_bundle() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let taken = send_up(&place, &county, &township);
    conserved(&taken);
    let [entries, new, ..] = parts(&taken);
    assert_eq!((entries, taken["already"].clone(), number(&taken["conflicts"])), (new, json!(false), 0));
    assert_eq!(county.population(), township.population());
    assert_eq!(county.population(), [136, 478, 167, 632]);
    assert_eq!(county.call("village_list", json!({})), township.call("village_list", json!({})));
    let told = &place.told_a().households;
    for number in told.iter().step_by(10).map(|household| household.number.as_str()).chain([FLAGSHIP]) {
        assert_eq!(page(&county, number), page(&township, number), "{number}");
    }
    assert_eq!(county.bills(false), township.bills(false));
    let table = |office: &Office| office.call("report_view", json!({ "key": "disease_by_village" }));
    assert_eq!(table(&county)["rows"], table(&township)["rows"]);
    let row = &county.call("exchange_status", json!({}))["townships"];
    let row = list(row).into_iter().find(|row| row["area"] == "159901201").unwrap();
    assert_eq!((number(&row["received"]), number(&row["households"]), number(&row["people"])), (entries, 303, 1_110));
    assert_eq!((number(&row["missing"]), number(&row["held"])), (0, 0));
}

#[test]
fn the_receipt_comes_down_and_the_township_shows_what_is_confirmed() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let status = |office: &Office| office.call("exchange_status", json!({}));
    let before = status(&township);
    assert_eq!((number(&before["confirmed_entries"]), &before["confirmed_until"]), (0, &json!(null)));
    assert!(number(&before["pending"]) > 20, "{}", before["pending"]);
    let sent = send_up(&place, &county, &township);
    assert_eq!(status(&township)["pending"], before["pending"], "sent is not confirmed");
    let outcome = |township: &Office| {
        let log = list(&status(township)["log"]);
        text(&log.iter().find(|row| row["direction"] == "out").unwrap()["outcome"]).to_owned()
    };
    assert_eq!(outcome(&township), "等县里确认");

    let receipt = send_down(&place, &county, &township, "159901201");
    conserved(&receipt);
    assert_eq!(receipt["confirmed"], sent["entries"]);
    let after = status(&township);
    assert_eq!(after["confirmed_entries"], sent["entries"]);
    assert_eq!(number(&after["pending"]), 0);
    assert!(text(&after["confirmed_until"]).starts_with("2026-11-21"), "{}", after["confirmed_until"]);
    assert_eq!(outcome(&township), "已确认");
    let household = township.household(FLAGSHIP)["id"].clone();
    let history = list(&township.call("record_history", json!({ "table": "household", "id": household }))["rows"]);
    assert!(!history.is_empty() && history.iter().all(|row| row["confirmed"] == true));

    place.world.pass(60);
    save(&township, "household", Some(text(&household)), &json!({ "remark": "入户时不在家" }));
    let history = list(&township.call("record_history", json!({ "table": "household", "id": household }))["rows"]);
    assert_eq!((&history[0]["new"], &history[0]["confirmed"]), (&json!("入户时不在家"), &json!(false)));
    let foot = township.call("foot_get", json!({}));
    assert_eq!(foot["unconfirmed"], status(&township)["pending"]);
    assert!(number(&foot["unconfirmed"]) > 0);
}

#[test]
fn the_same_bundle_again_says_so_and_changes_nothing() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let up = export(&township, &place.usb(), None);
    let file = json!({ "path": up["files"][0] });
    county.call("exchange_import", file.clone());
    let (entries, status) = (county.entries(), county.call("exchange_status", json!({})));
    place.world.pass(60);
    assert!(county.call("exchange_preview", file.clone())["already"].is_string());
    let again = county.call("exchange_import", file.clone());
    assert_eq!((&again["already"], &again["duplicate"], &again["new"]), (&json!(true), &again["entries"], &json!(0)));
    conserved(&again);
    // Under another name it is still the same file.
    let renamed = place.path("再发一次.mbx");
    fs::copy(text(&file["path"]), &renamed).unwrap();
    assert_eq!(county.call("exchange_import", json!({ "path": renamed }))["already"], true);
    assert_eq!((county.entries(), county.call("exchange_status", json!({}))), (entries, status));
}

#[test]
fn what_was_not_confirmed_goes_again_and_counts_as_a_repetition() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let first = send_up(&place, &county, &township);
    let household = township.household(FLAGSHIP)["id"].clone();
    save(&township, "household", Some(text(&household)), &json!({ "remark": "八月搬到新居" }));
    let second = send_up(&place, &county, &township);
    conserved(&second);
    let [_, new, duplicate, held, ..] = parts(&second);
    assert_eq!((duplicate, held), (number(&first["entries"]), 0));
    assert!(new >= 1);
    assert_eq!(county.household(FLAGSHIP)["remark"], "八月搬到新居");
    // Once the receipt is there only what came after it goes.
    send_down(&place, &county, &township, "159901201");
    let third = export(&township, &place.usb(), None);
    assert!(number(&third["entries"]) < number(&first["entries"]), "{third}");
}

#[test]
fn a_township_never_receives_another_townships_records() {
    let place = filled();
    let (county, a, b) = (place.office(), place.township_a(), place.township_b());
    send_up(&place, &county, &a);
    send_up(&place, &county, &b);
    let [open, open_people, lifted, lifted_people] = county.population();
    assert_eq!((open + lifted, open_people + lifted_people), (303 + 211, 1_110 + 746));
    let before = [a.population(), b.population()];
    for (office, area) in [(&a, "159901201"), (&b, "159901101")] {
        let receipt = send_down(&place, &county, office, area);
        conserved(&receipt);
        assert_eq!(receipt["confirmed"], office.call("exchange_status", json!({}))["confirmed_entries"]);
    }
    assert_eq!([a.population(), b.population()], before);
    let first = place.told_a().households[0].number.as_str();
    assert_eq!(b.households(Some(first)).len() + b.households(Some(FLAGSHIP)).len(), 0);
    let numbers =
        |office: &Office| office.households(None).iter().map(|row| text(&row["number"]).to_owned()).collect::<Vec<_>>();
    let of_a = numbers(&a);
    assert!(numbers(&b).iter().all(|number| !of_a.contains(number)));
    assert_eq!(list(&b.call("search", json!({ "text": "张福山", "limit": 5 }))["hits"]), Vec::<Value>::new());
    assert_eq!(b.call("ledger_verify", json!({}))["ok"], true);
}

#[test]
fn a_bundle_for_one_township_cannot_be_opened_by_the_other() {
    let place = filled();
    let (county, b) = (place.office(), place.township_b());
    let down = export(&county, &place.usb(), Some("159901201"));
    let entries = b.entries();
    let refusal = b.refused("exchange_import", json!({ "path": down["files"][0] }));
    assert_eq!((refusal.code, refusal.detail.as_deref()), (mingbai_app::ErrorCode::BundleRejected, Some("NOT_FOR_US")));
    assert_eq!(b.entries(), entries);
}

#[test]
fn what_the_county_corrects_comes_down_to_its_township_and_to_no_other() {
    let place = filled();
    let (county, a, b) = (place.office(), place.township_a(), place.township_b());
    send_up(&place, &county, &a);
    send_up(&place, &county, &b);
    place.world.pass(3_600);
    let household = county.household(FLAGSHIP)["id"].clone();
    save(&county, "household", Some(text(&household)), &json!({ "helper_name": "钱县长" }));
    let down = send_down(&place, &county, &a, "159901201");
    assert!(number(&down["new"]) >= 1);
    assert_eq!(a.household(FLAGSHIP)["helper_name"], "钱县长");
    let entries = number(&send_down(&place, &county, &b, "159901101")["entries"]);
    assert!(entries >= 1, "its own receipt");
    let refusal = b.refused("record_get", json!({ "table": "household", "id": household }));
    assert_eq!(refusal.code, mingbai_app::ErrorCode::NotFound);
    let page = |office: &Office| page(office, FLAGSHIP);
    assert_eq!(page(&a), page(&county));
}

#[test]
fn what_the_county_received_and_refused_is_shown_to_the_township_with_its_reason() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    // A village that lies in the neighbouring township: the office itself refuses it, unless its profile was changed.
    drop(township);
    let profile = place.path("township-a").join("office.json");
    let told = fs::read_to_string(&profile).unwrap();
    fs::write(&profile, told.replace("159901201", "159901202")).unwrap();
    let township = place.township_a();
    save(&township, "village", None, &json!({ "name": "外乡村", "code": "159901202099" }));
    let taken = send_up(&place, &county, &township);
    conserved(&taken);
    assert_eq!(number(&taken["unapplied"]), 1);
    send_down(&place, &county, &township, "159901201");
    let status = township.call("exchange_status", json!({}));
    let missing = list(&status["missing"]);
    let line = missing.iter().map(text).find(|line| line.starts_with("县里收到、未采用：本机第 ")).unwrap();
    assert!(line.contains("村") && line.ends_with("，原因：区划代码159901202099不在该单位辖区内"), "{line}");
    assert_eq!(number(&status["confirmed_entries"]), number(&taken["entries"]) - 1);
    assert_eq!(number(&status["pending"]), 0);
}

#[test]
fn a_roster_that_names_villages_without_codes_still_counts_for_its_township() {
    let place = joined();
    let (county, township) = (place.office(), place.township_a());
    let id = ids(&place).remove(0);
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let rows = [vec!["新立村", "1599010009001", "赵大山", id.as_str(), "户主"]];
    township.import("roster", &table(&place, "名单.xlsx", &labels, &rows), false);
    send_up(&place, &county, &township);
    let row = list(&county.call("exchange_status", json!({}))["townships"]);
    let row = row.into_iter().find(|row| row["area"] == "159901201").unwrap();
    assert_eq!((number(&row["households"]), number(&row["people"])), (1, 1), "{row}");
    place.world.pass(3_600);
    let household = county.household("1599010009001")["id"].clone();
    save(&county, "household", Some(text(&household)), &json!({ "helper_name": "钱县长" }));
    send_down(&place, &county, &township, "159901201");
    assert_eq!(township.household("1599010009001")["helper_name"], "钱县长");
}

#[test]
fn the_county_is_offered_no_undo_of_what_it_only_passed_on() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    send_up(&place, &county, &township);
    let later = mingbai_tests::offices::sources(place.told_a()).into_iter().find(|file| file.later).unwrap();
    county.import("roster", &place.put(&later), false);
    send_down(&place, &county, &township, "159901201");
    let history = list(&county.call("import_history", json!({}))["rows"]);
    assert_eq!(history.iter().filter(|row| row["action"] == "导入名单").count(), 1, "{history:?}");
}

#[test]
fn what_the_county_has_decided_stays_shown_until_it_decides_again_and_the_clerk_is_told_so() {
    const AREA: &str = "159901201";
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let person = head_of(&township, FLAGSHIP);
    let request = |fields: Value| json!({ "table": "person", "id": person, "household": null, "relation": null, "fields": fields, "reason": null });
    let name = |office: &Office| field(office, &person, "name");
    // Before the county has said anything a name is corrected as everything else.
    let saved = township.call("record_save", request(json!({ "name": "张福三" })));
    assert_eq!((&saved["notice"], name(&township).as_str()), (&json!(null), "张福三"));
    settled(&place, &county, &township, AREA);
    change(&county, &person, &json!({ "name": "张富山" }));
    send_down(&place, &county, &township, AREA);

    place.world.pass(60);
    let saved = township.call("record_save", request(json!({ "name": "张福善", "phone": "13900005555" })));
    let notice = "姓名是县里定过的，先照县里的显示；您改的已记下，导出后由县里决定";
    assert_eq!((&saved["notice"], &saved["changed"]), (&json!(notice), &json!(2)));
    assert_eq!((name(&township).as_str(), field(&township, &person, "phone").as_str()), ("张富山", "139****5555"));
    let waiting = list(&township.call("conflict_list", json!({}))["rows"]);
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!((&waiting[0]["field"], &waiting[0]["decidable"]), (&json!("姓名"), &json!(false)));
    // A second word on it waits too; what is left as it is shown is none.
    let refusal = township.refused("record_save", request(json!({ "name": "张福扇" })));
    assert!(refusal.message.contains("姓名有几种写法待决定，由县里决定"), "{}", refusal.message);
    assert_eq!(refusal.fields.iter().map(|said| said.field.as_str()).collect::<Vec<_>>(), ["name"]);
    township.call("record_save", request(json!({ "name": "张富山", "health": "健康" })));
    assert_eq!(list(&township.call("conflict_list", json!({}))["rows"]).len(), 1);

    let taken = send_up(&place, &county, &township);
    assert_eq!((number(&taken["unapplied"]), number(&taken["conflicts"])), (0, 1), "{taken}");
    assert_eq!(name(&county), "张富山");
    let open = list(&county.call("conflict_list", json!({}))["rows"]).remove(0);
    let theirs = list(&open["values"]).into_iter().find(|value| value["value"] == "张福善").unwrap();
    county.call("conflict_resolve", json!({ "id": open["id"], "key": theirs["key"], "value": null }));
    settled(&place, &county, &township, AREA);
    for office in [&county, &township] {
        assert_eq!(name(office), "张福善");
        assert_eq!(office.call("conflict_list", json!({}))["rows"], json!([]));
        assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);
    }
}

#[test]
fn a_township_imports_a_roster_over_what_the_county_has_decided_and_takes_the_import_back() {
    let place = joined();
    let (county, township) = (place.office(), place.township_a());
    let id = ids(&place).remove(0);
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let row = |name: &'static str| [vec!["新立村", "1599010009001", name, id.as_str(), "户主"]];
    township.import("roster", &table(&place, "名单.xlsx", &labels, &row("赵大山")), false);
    settled(&place, &county, &township, "159901201");
    let person = head_of(&county, "1599010009001");
    change(&county, &person, &json!({ "name": "赵太山" }));
    send_down(&place, &county, &township, "159901201");
    place.world.pass(60);
    for _ in 0..2 {
        township.import("roster", &table(&place, "又一份.xlsx", &labels, &row("赵大山")), false);
        assert_eq!(field(&township, &person, "name"), "赵太山");
        let open = list(&township.call("conflict_list", json!({}))["rows"]);
        assert_eq!((open.len(), list(&open[0]["values"]).len()), (1, 2), "{open:?}");
    }
    let last = list(&township.call("import_history", json!({}))["rows"]).remove(0);
    township.call("import_undo", json!({ "entry": last["entry"] }));
    send_up(&place, &county, &township);
    assert_eq!(field(&county, &person, "name"), "赵太山");
    for office in [&county, &township] {
        assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);
    }
}
