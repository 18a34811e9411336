//! 体检登记 and 残联名单: what is kept of them and what is refused.

use mingbai_tests::offices::{County, Office, list, today};
use serde_json::{Value, json};

use crate::imports::{counts, ids, said, table};
use crate::joined;

pub(crate) const HOME: &str = "1599010009001";
pub(crate) const NAMES: [(&str, &str); 3] = [("赵大山", "户主"), ("钱小花", "配偶"), ("赵小山", "之子")];

/// A township with one household of three on its register, and their citizen ids.
pub(crate) fn household(place: &County) -> (Office, Vec<String>) {
    let (office, ids, village) = (place.township_a(), ids(place), place.told_a().villages[0].name.clone());
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let members = NAMES.iter().zip(&ids);
    let rows: Vec<Vec<&str>> =
        members.map(|((name, relation), id)| vec![village.as_str(), HOME, *name, id.as_str(), *relation]).collect();
    office.import("roster", &table(place, "名单.xlsx", &labels, &rows), false);
    (office, ids)
}

fn person(office: &Office, name: &str) -> Value {
    let members = list(&office.household(HOME)["members"]);
    members.into_iter().find(|member| member["name"] == name).unwrap()["id"].clone()
}

#[test]
fn examinations_are_kept_measured_within_reason_and_the_same_sheet_again_changes_nothing() {
    let place = joined();
    let (office, ids) = household(&place);
    let tomorrow = today().succ_opt().unwrap().to_string();
    let labels = ["姓名", "身份证号", "体检日期", "体检类别", "血压", "空腹血糖", "身高", "体检结论", "异常情况"];
    let rows = [
        vec!["赵大山", &ids[0], "2026-03-05", "老年人体检", "150/95", "7.2", "168.5", "慢性病", "心律不齐"],
        vec!["钱小花", &ids[1], "2026年3月5日", "义诊", "", "", "", "很好", ""],
        vec!["赵小山", &ids[2], tomorrow.as_str(), "其他", "", "", "", "", ""],
        vec!["赵小山", &ids[2], "2026-03-05", "其他", "95/150", "", "", "", ""],
        vec!["赵小山", &ids[2], "2026-03-06", "其他", "", "", "1.68", "", ""],
        vec!["赵大山", &ids[0], "2026-03-05", "义诊", "", "", "", "", ""],
    ];
    let path = table(&place, "体检.xlsx", &labels, &rows);
    let seen = office.call("import_look", json!({ "kind": "exams", "path": path, "sheet": null, "row": null }));
    assert_eq!((&seen["kinds"][0], &seen["asks"]), (&json!("exams"), &json!(1)), "{seen}");
    let done = office.import("exams", &path, false);
    assert_eq!(counts(&done), [6, 2, 0, 0, 4], "{done}");
    assert!(said(&done, 4).contains("甄别结果“很好”不认识"), "{done}");
    let reasons = [(5, "在今天以后"), (6, "舒张压 150 不低于收缩压 95"), (7, "身高 1.7 不可能"), (8, "同一人同一天")];
    for (row, reason) in reasons {
        assert!(said(&done, row).contains(reason), "{reason}: {}", said(&done, row));
    }
    assert_eq!(counts(&office.import("exams", &path, false)), [6, 0, 0, 2, 4]);
}

#[test]
fn certificates_are_kept_with_the_guardian_and_a_number_that_contradicts_its_row_is_refused() {
    let place = joined();
    let (office, ids) = household(&place);
    let numbers: Vec<String> = ids.iter().map(|id| format!("{id}43")).collect();
    let labels = ["姓名", "残疾证号", "残疾类别", "残疾等级", "发证日期", "有效期至", "监护人", "监护人电话"];
    let rows = [
        vec!["赵大山", &numbers[0], "肢体", "三级", "20200105", "20300105", "", ""],
        vec!["钱小花", &numbers[1], "", "", "", "", "赵大山", "13900001234"],
        vec!["赵小山", &numbers[2], "视力", "三级", "", "", "", ""],
    ];
    let path = table(&place, "残联.xlsx", &labels, &rows);
    let done = office.import("disabled", &path, false);
    assert_eq!(counts(&done), [3, 2, 0, 0, 1], "{done}");
    assert!(said(&done, 5).contains("残疾类别写的是“视力”，证号末尾是“肢体”"), "{done}");
    assert!(said(&done, 4).contains("监护人 空 → 赵大山"), "{done}");
    let guardian = office.call("record_get", json!({ "table": "person", "id": person(&office, "钱小花") }));
    assert_eq!(guardian["fields"]["guardian"], "赵大山");
    assert_eq!(counts(&office.import("disabled", &path, true)), [3, 0, 0, 2, 1]);
}
