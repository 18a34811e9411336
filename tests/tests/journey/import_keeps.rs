//! What a roster says beside the people themselves is kept: certificates, enrolments, measures of help, work abroad.

use mingbai_tests::offices::{Office, list, number};
use serde_json::{Value, json};

use crate::imports::{counts, ids, said, table};
use crate::joined;

const HOME: &str = "1599010009001";
const LABELS: [&str; 14] = [
    "村",
    "户编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "年度",
    "是否参加城乡居民基本医疗保险",
    "是否参加城镇职工基本医疗保险",
    "是否参加大病保险",
    "是否国外务工",
    "残疾类别",
    "健康帮扶",
    "产业帮扶",
    "是否义务教育阶段适龄儿童少年失学辍学",
];

fn records(office: &Office, person: &Value, key: &str) -> Vec<Value> {
    list(&office.call("person_get", json!({ "id": person }))[key])
}

fn person(office: &Office, name: &str) -> Value {
    let members = list(&office.household(HOME)["members"]);
    members.into_iter().find(|member| member["name"] == name).unwrap()["id"].clone()
}

#[test]
fn insurance_help_disability_and_work_abroad_of_a_roster_are_kept_and_the_same_file_again_changes_nothing() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), place.told_a().villages[0].name.clone());
    let certificate = format!("{}43", ids[1]);
    let head = [
        &village,
        HOME,
        "赵大山",
        &ids[0],
        "户主",
        "2025",
        "是",
        "否",
        "是",
        "是",
        "",
        "慢病签约；大病救治",
        "否",
        "否",
    ];
    let wife = [&village, HOME, "钱小花", &certificate, "配偶", "2025", "否", "否", "否", "否", "", "", "", ""];
    let path = table(&place, "名单.xlsx", &LABELS, &[head.to_vec(), wife.to_vec()]);
    let done = office.import("roster", &path, false);
    assert_eq!(counts(&done), [2, 2, 0, 0, 0], "{done}");
    assert_eq!(counts(&office.import("roster", &path, true)), [2, 0, 0, 2, 0]);

    let (him, her) = (person(&office, "赵大山"), person(&office, "钱小花"));
    let enrolled = |person: &Value| records(&office, person, "enrolments");
    assert_eq!((number(&enrolled(&him)[0]["year"]), &enrolled(&him)[0]["insured"]), (2025, &json!(true)));
    assert_eq!(enrolled(&her), Vec::<Value>::new(), "to be in no scheme is no enrolment");
    // What the insurer said since is not overruled by an older roster.
    let labels = ["姓名", "身份证号", "年度", "险种", "参保状态"];
    let insurer = table(&place, "参保.xlsx", &labels, &[vec!["赵大山", &ids[0], "2025", "城乡居民", "退保"]]);
    office.import("enrolments", &insurer, false);
    assert_eq!(counts(&office.import("roster", &path, false)), [2, 0, 0, 2, 0]);
    assert_eq!(enrolled(&him)[0]["insured"], false);

    // One measure more, and a certificate that came to be.
    let head = [
        &village,
        HOME,
        "赵大山",
        &ids[0],
        "户主",
        "",
        "",
        "",
        "",
        "",
        "肢体残疾",
        "慢病签约；大病救治；家庭药箱",
        "",
        "",
    ];
    let next = office.import("roster", &table(&place, "下月.xlsx", &LABELS, &[head.to_vec()]), false);
    let told = said(&next, 3);
    assert!(told.contains("残疾人证 增加 肢体") && told.contains("帮扶措施 增加 健康帮扶 家庭药箱"), "{told}");
    assert!(!told.contains("大病救治"), "{told}");
}

#[test]
fn insurance_without_a_year_is_not_guessed_and_the_clerk_is_told() {
    let place = joined();
    let (office, ids, village) = (place.township_a(), ids(&place), place.told_a().villages[0].name.clone());
    let row = [&village, HOME, "赵大山", &ids[0], "户主", "", "是", "", "", "", "", "", "", ""];
    let done = office.import("roster", &table(&place, "名单.xlsx", &LABELS, &[row.to_vec()]), false);
    assert!(list(&done["remarks"]).iter().any(|said| said.as_str().unwrap().contains("没有年度")), "{done}");
    assert_eq!(records(&office, &person(&office, "赵大山"), "enrolments"), Vec::<Value>::new());
}
