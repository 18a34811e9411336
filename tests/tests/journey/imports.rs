//! Rosters as offices really send them: blank relations, moved households, identities that end, namesakes, wrong ids.

use std::fs;
use std::path::PathBuf;

use mingbai_app::ErrorCode;
use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;
use mingbai_tests::offices::{County, Office, list, number, sources, text, today};
use serde_json::{Value, json};

use crate::{filled, joined};

/// A workbook of one sheet with these labels and rows.
pub(crate) fn table(place: &County, name: &str, labels: &[&str], rows: &[Vec<&str>]) -> PathBuf {
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let bytes = plain_xlsx(&["上级下发"], labels, &rows, today().and_hms_opt(8, 0, 0).unwrap()).unwrap();
    let path = place.path(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Valid citizen ids nobody on the register has yet.
pub(crate) fn ids(place: &County) -> Vec<String> {
    place.told_a().people().filter_map(|(_, person)| Some(person.id.as_ref()?.as_str().to_owned())).collect()
}

pub(crate) fn counts(view: &Value) -> [i64; 5] {
    ["read", "new", "changed", "same", "rejected"].map(|name| number(&view["counts"][name]))
}

/// What is said of the row with this number in Excel; the first data row of [`table`] is 3.
#[track_caller]
pub(crate) fn said(view: &Value, row: i64) -> String {
    let found = list(&view["rows"]).into_iter().find(|line| line["row"] == row);
    text(&found.unwrap_or_else(|| panic!("no row {row}: {view}"))["detail"]).to_owned()
}

#[track_caller]
fn member(office: &Office, household: &str, name: &str) -> Value {
    let members = list(&office.household(household)["members"]);
    let found = members.into_iter().find(|member| member["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {household}"))
}

fn entries(office: &Office) -> i64 {
    number(&office.call("exchange_status", json!({}))["own_entries"])
}

const LABELS: [&str; 10] = [
    "村",
    "户编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "户联系电话",
    "是否享受低保",
    "脱贫属性",
    "主要致贫原因",
    "识别时间",
];
const HOME: &str = "1599010009001";
const NEXT: &str = "1599010009002";

/// A row of [`LABELS`]; what is not said is blank.
fn person<'a>(village: &'a str, household: &'a str, name: &'a str, id: &'a str, relation: &'a str) -> Vec<&'a str> {
    vec![village, household, name, id, relation, "", "", "", "", ""]
}

fn with<'a>(mut row: Vec<&'a str>, label: &str, value: &'a str) -> Vec<&'a str> {
    let at = LABELS.iter().position(|known| *known == label).unwrap();
    row[at] = value;
    row
}

/// A household of two in the first village, taken in; then this roster.
fn couple(place: &County, ids: &[String], later: &[Vec<&str>]) -> (Office, Value) {
    let office = place.township_a();
    let village = place.told_a().villages[0].name.clone();
    let rows = [
        with(person(&village, HOME, "赵大山", &ids[0], "户主"), "是否享受低保", "是"),
        person(&village, HOME, "钱小花", &ids[1], "配偶"),
    ];
    let first = office.import("roster", &table(place, "名单一.xlsx", &LABELS, &rows), false);
    assert_eq!(counts(&first), [2, 2, 0, 0, 0], "{first}");
    let path = table(place, "名单二.xlsx", &LABELS, later);
    let (seen, done) = (office.import("roster", &path, true), office.import("roster", &path, false));
    assert_eq!(seen["rows"], done["rows"], "the preview tells what is done");
    (office, done)
}

#[test]
fn a_known_relation_is_kept_where_the_roster_leaves_it_blank_or_writes_what_nobody_knows() {
    let place = joined();
    let ids = ids(&place);
    let rows = [person("", HOME, "赵大山", &ids[0], ""), person("", HOME, "钱小花", &ids[1], "内当家")];
    let (office, done) = couple(&place, &ids, &rows);
    assert_eq!(counts(&done), [2, 0, 0, 2, 0], "{done}");
    assert_eq!(member(&office, HOME, "赵大山")["relation"]["code"], "02");
    assert_eq!(member(&office, HOME, "钱小花")["relation"]["code"], "10");
    assert!(said(&done, 4).contains("“内当家”不在代码表中，仍按“配偶”"), "{done}");
}

#[test]
fn somebody_new_without_a_relation_is_registered_as_other_and_the_clerk_is_told() {
    let place = joined();
    let ids = ids(&place);
    let (office, done) = couple(&place, &ids, &[person("", HOME, "赵小山", &ids[2], "")]);
    assert_eq!((counts(&done), &done["rows"][0]["warning"]), ([1, 1, 0, 0, 0], &json!(true)));
    assert!(said(&done, 3).contains("没有写与户主关系，按“其他”登记"), "{done}");
    assert_eq!(member(&office, HOME, "赵小山")["relation"]["code"], "97");
}

#[test]
fn a_screening_sheet_chosen_as_a_roster_is_refused_and_every_household_keeps_its_head() {
    let place = filled();
    let office = place.township_a();
    let before = office.households(None);
    let file = sources(place.told_a()).into_iter().find(|file| file.profile == "screening").unwrap();
    let request = json!({ "kind": "roster", "path": place.put(&file), "dry_run": false });
    let refusal = office.refused("import_sheet", request);
    assert_eq!(refusal.code, ErrorCode::NotASheet);
    assert!(refusal.message.contains("与户主关系"), "{}", refusal.message);
    assert_eq!(office.households(None), before);
}

#[test]
fn a_household_that_moved_to_another_village_is_shown_as_changed_and_moves() {
    let place = joined();
    let (ids, other) = (ids(&place), place.told_a().villages[1].name.clone());
    let rows = [person(&other, HOME, "赵大山", &ids[0], "户主"), person(&other, HOME, "钱小花", &ids[1], "配偶")];
    let (office, done) = couple(&place, &ids, &rows);
    assert_eq!(counts(&done), [2, 0, 1, 1, 0], "{done}");
    assert!(said(&done, 3).contains("村 ") && said(&done, 3).contains(" → "), "{done}");
    assert_eq!(office.household(HOME)["village"], json!(other));
}

#[test]
fn what_a_spouses_row_says_of_the_household_is_shown_before_it_is_written() {
    let place = joined();
    let ids = ids(&place);
    let mut row = person("", HOME, "钱小花", &ids[1], "配偶");
    for (label, value) in [("户联系电话", "13900001234"), ("脱贫属性", "返贫"), ("主要致贫原因", "因灾")]
    {
        row = with(row, label, value);
    }
    let (office, done) = couple(&place, &ids, &[row]);
    let detail = said(&done, 3);
    for part in ["户联系电话 空 → 139****1234", "户属性 空 → 返贫", "致贫原因 增加 因灾"] {
        assert!(detail.contains(part), "{detail}");
    }
    let page = office.household(HOME);
    assert_eq!((&page["status"]["label"], &page["main_cause"]["label"]), (&json!("返贫"), &json!("因灾")));
}

#[test]
fn an_identity_the_roster_denies_ends_today_and_one_that_is_new_begins_today() {
    let place = joined();
    let ids = ids(&place);
    let rows = [
        with(person("", HOME, "赵大山", &ids[0], "户主"), "是否享受低保", "否"),
        with(person("", HOME, "钱小花", &ids[1], "配偶"), "是否享受低保", "是"),
    ];
    let (office, done) = couple(&place, &ids, &rows);
    assert_eq!(counts(&done), [2, 0, 2, 0, 0], "{done}");
    let identity = |name: &str| {
        let id = member(&office, HOME, name)["id"].clone();
        let rows = list(&office.call("person_get", json!({ "id": id }))["identities"]);
        assert_eq!(rows.len(), 1, "{rows:?}");
        (rows[0]["since"].clone(), rows[0]["until"].clone())
    };
    assert_eq!(identity("赵大山"), (json!(null), json!("2026-11-21")));
    assert_eq!(identity("钱小花"), (json!("2026-11-21"), json!(null)));
    // Once more changes nothing.
    let again = office.import("roster", &place.path("名单二.xlsx"), false);
    assert_eq!(counts(&again), [2, 0, 0, 2, 0], "{again}");
}

#[test]
fn somebody_new_holds_an_identity_from_the_day_of_recognition() {
    let place = joined();
    let ids = ids(&place);
    let row = with(person("", NEXT, "孙有田", &ids[2], "户主"), "脱贫属性", "未脱贫");
    let (office, done) = couple(&place, &ids, &[with(row, "识别时间", "2019-05-06")]);
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
    let page = office.call("person_get", json!({ "id": member(&office, NEXT, "孙有田")["id"] }));
    assert_eq!(page["identities"][0]["since"], "2019-05-06");
}

#[test]
fn an_id_that_belongs_to_another_name_in_another_household_moves_and_renames_nobody() {
    let place = joined();
    let ids = ids(&place);
    let (office, done) = couple(&place, &ids, &[person("", NEXT, "孙有田", &ids[0], "户主")]);
    assert_eq!(counts(&done), [1, 0, 0, 0, 1], "{done}");
    assert!(said(&done, 3).contains("证件号码在户档案里是“赵大山”"), "{done}");
    member(&office, HOME, "赵大山");
    assert!(office.households(Some(NEXT)).is_empty(), "no household of rejected rows only");
}

#[test]
fn another_name_under_the_same_id_in_the_same_household_is_taken_with_a_warning() {
    let place = joined();
    let ids = ids(&place);
    let (office, done) = couple(&place, &ids, &[person("", HOME, "赵大三", &ids[0], "户主")]);
    assert_eq!((counts(&done), &done["rows"][0]["warning"]), ([1, 0, 1, 0, 0], &json!(true)));
    let detail = said(&done, 3);
    assert!(detail.contains("姓名 赵大山 → 赵大三") && detail.contains("请核对"), "{detail}");
    member(&office, HOME, "赵大三");
}

#[test]
fn members_of_one_name_without_ids_are_never_registered_twice() {
    let place = joined();
    let office = place.township_a();
    let labels = ["户编号", "姓名", "与户主关系", "证件号码", "村", "出生日期"];
    let row = |name, birth| vec![NEXT, name, "之女", "", "", birth];
    let rows = [row("孙丫", "2024-01-02"), row("孙丫", "2025-06-07"), row("孙妞", ""), row("孙妞", "2025-06-07")];
    let path = table(&place, "双胞.xlsx", &labels, &rows);
    let first = office.import("roster", &path, false);
    assert_eq!(counts(&first), [4, 3, 0, 0, 1], "{first}");
    assert!(said(&first, 6).contains("同户同名不止一人，没有证件号码分不清"), "{first}");
    // Their birth dates tell them apart; a row without one does not.
    let again = office.import("roster", &path, false);
    assert_eq!(list(&office.household(NEXT)["members"]).len(), 3, "{again}");
    let unclear = table(&place, "分不清.xlsx", &labels, &[row("孙丫", "")]);
    let unclear = office.import("roster", &unclear, false);
    assert_eq!(counts(&unclear), [1, 0, 0, 0, 1]);
    assert!(said(&unclear, 3).contains("分不清"), "{unclear}");
}

#[test]
fn the_absent_are_named_and_people_of_rejected_rows_are_not_among_them() {
    let place = joined();
    let ids = ids(&place);
    let mut broken = ids[0].clone();
    broken.replace_range(15.., "000");
    let (_, done) = couple(
        &place,
        &ids,
        &[person("", HOME, "赵大山", &broken, "户主"), person("", HOME, "赵小山", &ids[2], "之子")],
    );
    assert_eq!(counts(&done), [2, 1, 0, 0, 1], "{done}");
    assert_eq!(done["absent_people"], json!([format!("{HOME} 赵大山户 钱小花")]));
    assert_eq!(done["absent"], 1);
    let rejected = &done["rows"][0];
    assert_eq!((&rejected["who"], &rejected["household"]), (&json!("赵大山"), &json!(HOME)));
}

#[test]
fn the_problem_file_holds_rows_the_register_refuses_with_their_reason() {
    let place = joined();
    let ids = ids(&place);
    let (office, _) = couple(&place, &ids, &[person("", HOME, "钱小花", &ids[1], "配偶")]);
    let before = entries(&office);
    let rows = [person("", NEXT, "孙有田", &ids[0], "户主"), person("", HOME, "钱小花", &ids[1], "配偶")];
    let path = table(&place, "冒用.xlsx", &LABELS, &rows);
    let file = office.bytes("import_problems", json!({ "kind": "roster", "path": path, "dry_run": true }));
    let book = mingbai_sheets::read(&file, "问题.xlsx").unwrap();
    let shown: Vec<String> = book.sheets.iter().flat_map(|sheet| &sheet.rows).flatten().map(Cell::text).collect();
    assert!(shown.iter().any(|cell| cell.contains("【未导入】证件号码在户档案里是“赵大山”")), "{shown:?}");
    assert!(shown.iter().any(|cell| cell == "孙有田"));
    assert_eq!(entries(&office), before);
}

const TRACKS: [&str; 14] = [
    "村",
    "户编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "户类型",
    "监测对象类别",
    "首次识别时间",
    "识别监测时间",
    "风险是否已消除",
    "消除监测时间",
    "风险消除方式",
    "合规自付支出",
    "是否危房户",
];
const THIRD: &str = "1599010009003";

/// Three households of one: lifted and hit by an accident, on the edge and never poor, lifted and no longer at risk.
fn monitored<'a>(village: &'a str, ids: &'a [String], removed: &'a str) -> [Vec<&'a str>; 3] {
    let row = |household, name, id: &'a String| vec![village, household, name, id.as_str(), "户主"];
    let rest =
        |kind, monitored, first, since, removed, on, mode| vec![kind, monitored, first, since, removed, on, mode];
    let [mut first, mut edge, mut cleared] =
        [row(HOME, "赵大山", &ids[0]), row(NEXT, "钱小花", &ids[1]), row(THIRD, "孙有田", &ids[2])];
    let (yes, day) = if removed.is_empty() { ("否", "") } else { ("是", removed) };
    first.extend(rest("脱贫户", "突发严重困难户", "2015-06-01", "2022-03-01", yes, day, "帮扶消除"));
    edge.extend(rest("一般农户", "边缘易致贫户", "", "2021-05-01", "否", "", ""));
    cleared.extend(rest("脱贫户", "脱贫不稳定户", "2014-01-01", "2021-01-15", "是", "2023-06-30", "自然消除"));
    [[first, vec!["3200.50", "否"]].concat(), [edge, vec!["", ""]].concat(), [cleared, vec!["", ""]].concat()]
}

#[test]
fn a_monitored_household_on_the_edge_is_neither_lifted_nor_not_lifted_and_a_lifted_one_stays_lifted() {
    let place = joined();
    let (office, ids) = (place.township_a(), ids(&place));
    let village = place.told_a().villages[0].name.clone();
    let path = table(&place, "监测.xlsx", &TRACKS, &monitored(&village, &ids, ""));
    let done = office.import("roster", &path, false);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "{done}");
    let totals = |of: &Value| ["households", "lifted_households", "other_households"].map(|name| number(&of[name]));
    assert_eq!(totals(&done["totals"]), [3, 2, 1]);
    assert_eq!(office.population(), [0, 0, 2, 2]);
    assert_eq!(totals(&office.call("desk_get", json!({}))["population"]), [3, 2, 1]);
    let status = |number: &str| office.household(number)["status"]["label"].clone();
    assert_eq!([status(HOME), status(NEXT), status(THIRD)], ["突发严重困难户", "边缘易致贫户", "已脱贫"]);
    let filtered = |status: &str| {
        let request = json!({ "village": null, "status": status, "text": null, "offset": 0, "limit": 10 });
        number(&office.call("household_list", request)["total"])
    };
    assert_eq!([filtered("lifted"), filtered("edge"), filtered("cleared")], [2, 1, 1]);
    // The same list once more says nothing new.
    assert_eq!(counts(&office.import("roster", &path, false)), [3, 0, 0, 3, 0]);
}

#[test]
fn a_risk_that_was_removed_is_taken_down_with_its_day_and_its_way_and_ends_the_identity() {
    let place = joined();
    let (office, ids) = (place.township_a(), ids(&place));
    let village = place.told_a().villages[0].name.clone();
    office.import("roster", &table(&place, "监测.xlsx", &TRACKS, &monitored(&village, &ids, "")), false);
    let later = table(&place, "消除.xlsx", &TRACKS, &monitored(&village, &ids, "2024-12-20"));
    let done = office.import("roster", &later, false);
    assert_eq!(counts(&done), [3, 0, 1, 2, 0], "{done}");
    assert!(said(&done, 3).contains("户属性 突发严重困难户 → 风险已消除"), "{done}");
    let page = office.household(HOME);
    let history = list(&office.call("record_history", json!({ "table": "household", "id": page["id"] }))["rows"]);
    let told = |field: &str, new: &str| history.iter().any(|row| row["field"] == field && row["new"] == new);
    assert!(told("风险消除方式", "帮扶消除") && told("起", "2024-12-20"), "{history:?}");
    assert!(told("合规自付支出", "3,200.50") && told("危房户", "否"), "what else the list says is kept: {history:?}");
    let person = office.call("person_get", json!({ "id": member(&office, HOME, "赵大山")["id"] }));
    let held = list(&person["identities"]);
    let of = |code: &str| held.iter().find(|row| row["identity"]["code"] == code).unwrap();
    assert_eq!(of("monitored")["until"], "2024-12-20");
    assert_eq!(of("registered_poor")["until"], json!(null));
}

#[test]
fn a_roster_whose_own_totals_do_not_agree_says_so_before_anything_is_taken_in() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), place.told_a().villages[0].name.clone());
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let person = |at: usize, name: &'static str, relation: &'static str| {
        vec![village.as_str(), "1599010009001", name, ids[at].as_str(), relation]
    };
    let told =
        |sum: &'static str| vec![person(0, "赵大山", "户主"), person(1, "钱小花", "配偶"), vec![sum, "", "", "", ""]];
    let wrong = office.import("roster", &table(&place, "名单.xlsx", &labels, &told("合计1户3人")), true);
    let remarks = wrong["remarks"].to_string();
    assert!(remarks.contains("F61") && remarks.contains("3人") && remarks.contains("2人"), "{remarks}");
    let right = office.import("roster", &table(&place, "名单2.xlsx", &labels, &told("合计1户2人")), true);
    assert!(!right["remarks"].to_string().contains("F61"), "{right}");
}
