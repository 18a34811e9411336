//! What a sheet is before it is taken in, what the clerk says about it, and what is remembered of that.

use std::path::Path;

use mingbai_app::ErrorCode;
use mingbai_tests::offices::{County, Office, list, number, sources, text};
use serde_json::{Value, json};

use crate::imports::{counts, ids, said, table};
use crate::{filled, joined};

const HOME: &str = "1599010009001";

fn look(office: &Office, kind: &str, path: &Path) -> Value {
    office.call("import_look", json!({ "kind": kind, "path": path, "sheet": null, "row": null }))
}

fn answer(office: &Office, kind: &str, path: &Path, columns: &Value, labels: &Value) -> Value {
    let sheet = look(office, kind, path)["sheets"][0]["name"].clone();
    let request = json!({
        "kind": kind, "path": path, "sheet": sheet, "row": null, "columns": columns, "labels": labels,
    });
    office.call("import_answer", request)
}

#[track_caller]
fn column(look: &Value, label: &str) -> Value {
    let found = list(&look["sheets"][0]["columns"]).into_iter().find(|column| column["label"] == label);
    found.unwrap_or_else(|| panic!("no column {label}: {look}"))
}

fn village(place: &County) -> String {
    place.told_a().villages[0].name.clone()
}

#[test]
fn a_file_is_looked_at_before_it_is_tried_and_nothing_is_written() {
    let place = joined();
    let office = place.township_a();
    let entries = office.entries();
    for file in &sources(place.told_a()) {
        let path = place.put(file);
        let seen = look(&office, file.profile, &path);
        assert_eq!(seen["ready"], true, "{}: {seen}", file.name);
        assert_eq!(seen["kinds"][0], file.profile, "{}", file.name);
        let sheet = list(&seen["sheets"]).into_iter().find(|sheet| sheet["read"] == true).unwrap();
        let done = office.import(file.profile, &path, true);
        assert_eq!(
            (&sheet["row"], &sheet["data_rows"]),
            (&done["header_row"], &done["counts"]["read"]),
            "{}",
            file.name
        );
        let ids = list(&sheet["columns"]).into_iter().find(|column| column["key"] == "id").unwrap();
        assert!(list(&ids["samples"]).iter().all(|sample| text(sample).contains('*')), "{ids}");
    }
    assert_eq!(office.entries(), entries);
}

#[test]
fn a_column_mapped_once_is_known_next_month_though_its_place_changed() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), village(&place));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系", "家里电话", "村民代表"];
    let row = [village.as_str(), HOME, "赵大山", &ids[0], "户主", "13900001234", "是"];
    let path = table(&place, "本月.xlsx", &labels, &[row.to_vec()]);
    let seen = look(&office, "roster", &path);
    assert_eq!(
        (&column(&seen, "家里电话")["state"], &seen["sheets"][0]["remembered"]),
        (&json!("unknown"), &json!(false))
    );
    assert_eq!(column(&seen, "家里电话")["samples"], json!(["139****1234"]));
    let columns = json!([
        { "label": "家里电话", "key": "household_phone" }, { "label": "村民代表", "key": null },
    ]);
    let told = answer(&office, "roster", &path, &columns, &json!([]));
    let known = column(&told, "家里电话");
    assert_eq!(
        (&known["state"], &known["title"], &known["told"]),
        (&json!("mapped"), &json!("户联系电话"), &json!(true))
    );
    assert_eq!(column(&told, "村民代表")["state"], "ignored");
    office.import("roster", &path, false);
    assert_eq!(office.household(HOME)["phone"], "139****1234");

    // Next month, after the program was closed: the columns stand elsewhere and one more has come.
    drop(office);
    let office = place.township_a();
    let labels = ["家里电话", "民族", "村", "姓名", "证件号码", "户编号", "村民代表", "与户主关系"];
    let row = ["13900005678", "汉族", village.as_str(), "赵大山", &ids[0], HOME, "是", "户主"];
    let path = table(&place, "下月.xlsx", &labels, &[row.to_vec()]);
    assert_eq!(look(&office, "roster", &path)["sheets"][0]["remembered"], true);
    let done = office.import("roster", &path, false);
    assert!(said(&done, 3).contains("139****5678"), "{done}");
    assert!(list(&done["remarks"]).iter().any(|remark| text(remark).contains("以前指定的列对应")), "{done}");
}

#[test]
fn a_field_given_to_another_column_is_taken_from_the_one_that_had_it() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), village(&place));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系", "备注", "姓名(核实)"];
    let row = [village.as_str(), HOME, "赵大三", &ids[0], "户主", "", "赵大山"];
    let path = table(&place, "核实.xlsx", &labels, &[row.to_vec()]);
    assert_eq!(column(&look(&office, "roster", &path), "姓名(核实)")["state"], "duplicate");
    let told = answer(&office, "roster", &path, &json!([{ "label": "姓名(核实)", "key": "name" }]), &json!([]));
    assert_eq!(
        (&column(&told, "姓名")["state"], &column(&told, "姓名(核实)")["key"]),
        (&json!("ignored"), &json!("name"))
    );
    assert_eq!(office.import("roster", &path, true)["rows"][0]["who"], "赵大山");
}

#[test]
fn a_label_told_once_is_told_for_ever_and_only_for_this_kind_of_file() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), village(&place));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let rows = [
        vec![village.as_str(), HOME, "赵大山", &ids[0], "户主"],
        vec![village.as_str(), HOME, "钱小花", &ids[1], "内当家"],
    ];
    let path = table(&place, "名单.xlsx", &labels, &rows);
    let seen = look(&office, "roster", &path);
    assert_eq!(seen["asks"], 1);
    let asked = &seen["labels"][0];
    assert_eq!((&asked["label"], &asked["rows"], &asked["first_row"]), (&json!("内当家"), &json!(1), &json!(4)));
    let spouse = json!([{ "column": "relation", "label": "内当家", "code": "10" }]);
    let told = answer(&office, "roster", &path, &json!([]), &spouse);
    assert_eq!((&told["asks"], &told["labels"][0]["code"]), (&json!(0), &json!("10")));
    office.import("roster", &path, false);
    drop(office);

    let office = place.township_a();
    let relation = |name: &str| {
        let members = list(&office.household(HOME)["members"]);
        members.into_iter().find(|member| member["name"] == name).unwrap()["relation"]["code"].clone()
    };
    assert_eq!(relation("钱小花"), "10");
    assert_eq!(counts(&office.import("roster", &path, true)), [2, 0, 0, 2, 0]);

    let labels = ["姓名", "身份证号", "疾病名称", "确诊机构级别"];
    let screening = table(&place, "筛查.xlsx", &labels, &[vec!["赵大山", &ids[0], "高血压病", "中心院"]]);
    let labels = ["姓名", "身份证号", "就医机构", "医院级别", "结算日期", "费用总额"];
    let bill = vec!["赵大山", ids[0].as_str(), "中心卫生院", "中心院", "2026-01-15", "100"];
    let bills = table(&place, "结算.xlsx", &labels, &[bill]);
    let level = json!([{ "column": "hospital_level", "label": "中心院", "code": "township" }]);
    assert_eq!(answer(&office, "screening", &screening, &json!([]), &level)["asks"], 0);
    assert_eq!(look(&office, "bills", &bills)["asks"], 1, "bills were not spoken of");
    // What was said can be taken back.
    let nothing = json!([{ "column": "hospital_level", "label": "中心院", "code": null }]);
    assert_eq!(answer(&office, "screening", &screening, &json!([]), &nothing)["asks"], 1);
}

#[test]
fn an_answer_that_names_no_column_or_no_code_is_refused_and_not_remembered() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), village(&place));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let path = table(&place, "名单.xlsx", &labels, &[vec![village.as_str(), HOME, "赵大山", &ids[0], "当家的"]]);
    let before = look(&office, "roster", &path);
    let none = json!([]);
    for (columns, labels) in [
        (json!([{ "label": "没有这一列", "key": "phone" }]), none.clone()),
        (json!([{ "label": "姓名", "key": "salary" }]), none.clone()),
        (none.clone(), json!([{ "column": "relation", "label": "当家的", "code": "1234" }])),
        (none.clone(), json!([{ "column": "name", "label": "赵大山", "code": "10" }])),
    ] {
        let request = json!({
            "kind": "roster", "path": path, "sheet": before["sheets"][0]["name"], "row": null, "columns": columns, "labels": labels,
        });
        let refusal = office.refused("import_answer", request);
        assert_eq!(refusal.code, ErrorCode::Validation);
        assert!(refusal.message.contains("没有记住任何内容"), "{}", refusal.message);
        assert_eq!(look(&office, "roster", &path), before);
    }
}

#[test]
fn what_was_looked_at_and_then_changed_on_the_disk_is_read_anew() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), village(&place));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let rows = |name: &'static str| vec![vec![village.as_str(), HOME, name, ids[0].as_str(), "户主"]];
    let path = table(&place, "名单.xlsx", &labels, &rows("赵大三"));
    assert_eq!(office.import("roster", &path, true)["rows"][0]["who"], "赵大三");
    table(&place, "名单.xlsx", &labels, &rows("赵大山"));
    assert_eq!(office.import("roster", &path, false)["rows"][0]["who"], "赵大山");
}

#[test]
fn the_diff_of_a_household_stands_together_and_adds_up() {
    let place = filled();
    let office = place.township_a();
    for file in &sources(place.told_a()) {
        let done = office.import(file.profile, &place.put(file), true);
        let (homes, rows) = (list(&done["homes"]), list(&done["rows"]));
        let sum = |name: &str| -> i64 { homes.iter().map(|home| number(&home[name])).sum() };
        assert_eq!(["rows", "new", "changed", "same", "rejected"].map(sum), counts(&done), "{}", file.name);
        for home in &homes {
            let own: Vec<&Value> = rows.iter().filter(|row| row["household"] == home["household"]).collect();
            let of = |outcome: &str| own.iter().filter(|row| row["outcome"] == outcome).count() as i64;
            assert_eq!(number(&home["rows"]), own.len() as i64, "{home}");
            let parts = ["new", "changed", "same", "rejected"];
            assert_eq!(parts.map(|name| number(&home[name])), parts.map(of), "{home}");
        }
    }
}

#[test]
fn every_kind_of_file_tells_its_rows_people_households_and_money() {
    let place = filled();
    let (office, told) = (place.township_a(), place.told_a());
    for file in sources(told).iter().filter(|file| !file.later) {
        let done = office.import(file.profile, &place.put(file), true);
        let sum = |label: &str| -> [i64; 2] {
            let found = list(&done["sums"]).into_iter().find(|sum| sum["label"] == label);
            let found = found.unwrap_or_else(|| panic!("{label}: {}", done["sums"]));
            [number(&found["file"]), number(&found["taken"])]
        };
        let [read, .., rejected] = counts(&done);
        assert_eq!(sum("行"), [read, read - rejected], "{}", file.name);
        assert!(sum("户")[0] <= sum("人")[0] && sum("人")[0] <= read, "{}: {}", file.name, done["sums"]);
        match file.profile {
            "roster" => assert_eq!((sum("人"), sum("户")), ([1_110; 2], [303; 2])),
            "bills" => {
                let bills = told.people().flat_map(|(_, person)| &person.bills);
                assert_eq!(sum("费用总额")[0], bills.map(|bill| bill.bill.total.0).sum::<i64>());
                assert_eq!(sum("费用总额")[0] > sum("费用总额")[1], rejected > 0);
            }
            "enrolments" => assert!(sum("个人缴费")[0] > 0),
            _ => {}
        }
    }
}

#[test]
fn what_is_read_and_not_kept_of_a_sheet_is_said_by_the_names_of_its_columns() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), village(&place));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系", "是否会讲普通话", "鞋码"];
    let path = table(&place, "名单.xlsx", &labels, &[vec![&village, HOME, "赵大山", &ids[0], "户主", "是", "42"]]);
    assert_eq!(column(&look(&office, "roster", &path), "是否会讲普通话")["state"], "not_kept");
    let remarks = list(&office.import("roster", &path, true)["remarks"]);
    let says = |start: &str, name: &str| remarks.iter().any(|r| text(r).starts_with(start) && text(r).contains(name));
    assert!(says("认得、但没有登记的列", "是否会讲普通话") && says("没有用到的列", "鞋码"), "{remarks:?}");
}
