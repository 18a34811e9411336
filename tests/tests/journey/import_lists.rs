//! Contracts, visits, enrolments, bills and screenings with what goes wrong in them: words nobody knows, rows twice,
//! impossible measurements and amounts.

use mingbai_tests::offices::{County, Office, list};
use serde_json::{Value, json};

use crate::imports::{counts, ids, said, table};
use crate::joined;

pub(crate) const NUMBER: &str = "1599010009001";
const NAME: &str = "赵大山";

/// A township with one person on its register, and that person's citizen id.
pub(crate) fn one_person(place: &County) -> (Office, String) {
    let (office, id) = (place.township_a(), ids(place).remove(0));
    let labels = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
    let village = place.told_a().villages[0].name.clone();
    let rows = [vec![village.as_str(), NUMBER, NAME, id.as_str(), "户主"]];
    office.import("roster", &table(place, "名单.xlsx", &labels, &rows), false);
    (office, id)
}

fn page(office: &Office) -> Value {
    let id = office.household(NUMBER)["members"][0]["id"].clone();
    office.call("person_get", json!({ "id": id }))
}

/// Takes in rows of the person: name and id stand before what is given.
fn take_in(place: &County, office: &Office, kind: &str, id: &str, labels: &[&str], rows: &[&[&str]]) -> Value {
    let labels: Vec<&str> = ["姓名", "身份证号"].into_iter().chain(labels.iter().copied()).collect();
    let rows: Vec<Vec<&str>> =
        rows.iter().map(|row| [NAME, id].into_iter().chain(row.iter().copied()).collect()).collect();
    office.import(kind, &table(place, &format!("{kind}.xlsx"), &labels, &rows), false)
}

#[test]
fn only_words_that_mean_insured_count_as_insured() {
    let place = joined();
    let (office, id) = one_person(&place);
    let rows: [&[&str]; 8] = [
        &["2019", "城乡居民", "已参保", ""],
        &["2020", "城乡居民", "退保", ""],
        &["2021", "城乡居民", "待缴费", ""],
        &["2022", "城乡居民", "", "外出务工"],
        &["2023", "城乡居民", "", ""],
        &["2024", "城乡居民", "核查中", ""],
        &["2025", "", "", ""],
        &["2019", "城乡居民", "退保", ""],
    ];
    let done = take_in(&place, &office, "enrolments", &id, &["年度", "险种", "参保状态", "未参保原因"], &rows);
    assert_eq!(counts(&done), [8, 5, 0, 0, 3], "{done}");
    assert!(said(&done, 8).contains("参保状态“核查中”不认识"), "{done}");
    assert!(said(&done, 9).contains("不知道是否参保"), "{done}");
    assert!(said(&done, 10).contains("与第3行是同一人同一年"), "{done}");
    let years = list(&page(&office)["enrolments"]);
    let insured: Vec<&Value> = years.iter().filter(|row| row["insured"] == true).map(|row| &row["year"]).collect();
    assert_eq!(insured.len(), 2, "{years:?}");
    assert!(insured.contains(&&json!(2019)) && insured.contains(&&json!(2023)), "{years:?}");
}

#[test]
fn a_contract_that_is_denied_needs_a_reason_and_a_contract_told_twice_is_taken_once() {
    let place = joined();
    let (office, id) = one_person(&place);
    let rows: [&[&str]; 4] = [
        &["否", "2026-01-05", "青石团队", ""],
        &["是", "2026-01-05", "青石团队", ""],
        &["是", "2026-01-05", "青石团队", ""],
        &["也许", "2026-02-05", "青石团队", ""],
    ];
    let done = take_in(&place, &office, "contracts", &id, &["是否签约", "签约日期", "团队", "未签原因"], &rows);
    assert_eq!(counts(&done), [4, 1, 0, 0, 3], "{done}");
    assert!(said(&done, 3).contains("没有未签原因"), "{done}");
    assert!(said(&done, 5).contains("与第4行是同一人"), "{done}");
    assert!(said(&done, 6).contains("“也许”不认识"), "{done}");
}

#[test]
fn a_renewed_contract_counts_and_one_that_is_over_needs_the_day_on_which() {
    let place = joined();
    let (office, id) = one_person(&place);
    let rows: [&[&str]; 5] = [
        &["续约", "2026-01-05", "2026-12-31", ""],
        &["待签约", "2026-02-05", "", ""],
        &["解约", "2025-01-05", "2025-12-31", ""],
        &["解约", "2024-01-05", "2024-12-31", "2024-06-30"],
        &["已到期", "2023-01-05", "", ""],
    ];
    let labels = ["签约状态", "签约日期", "到期日期", "解约日期"];
    let done = take_in(&place, &office, "contracts", &id, &labels, &rows);
    assert_eq!(counts(&done), [5, 2, 0, 0, 3], "{done}");
    assert!(said(&done, 4).contains("没有未签原因"), "{done}");
    assert!(said(&done, 5).contains("没有解约日期"), "{done}");
    assert!(said(&done, 7).contains("没有解约日期或到期日期"), "{done}");
}

#[test]
fn a_class_of_disease_nobody_knows_is_told_and_yes_under_大病_is_one() {
    let place = joined();
    let (office, id) = one_person(&place);
    let rows: [&[&str]; 3] = [&["肺癌", "是", "三甲"], &["高血压", "疑难病", "大医院"], &["感冒", "否", ""]];
    let done = take_in(&place, &office, "screening", &id, &["疾病名称", "是否大病", "机构级别"], &rows);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "{done}");
    assert!(said(&done, 4).contains("“疑难病”不认识") && said(&done, 4).contains("“大医院”不认识"), "{done}");
    let shown = list(&page(&office)["diagnoses"]);
    let class = |name: &str| shown.iter().find(|row| row["disease"] == *name).unwrap()["class"]["code"].clone();
    assert_eq!(class("肺癌"), "major", "{shown:?}");
}

#[test]
fn a_known_contract_that_names_a_new_team_registers_the_team() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels = ["签约日期", "团队"];
    let first = take_in(&place, &office, "contracts", &id, &labels, &[&["2026-01-05", ""]]);
    assert_eq!(counts(&first), [1, 1, 0, 0, 0], "{first}");
    let second = take_in(&place, &office, "contracts", &id, &labels, &[&["2026-01-05", "柳树团队"]]);
    assert_eq!(counts(&second), [1, 0, 1, 0, 0], "{second}");
    assert!(said(&second, 3).contains("柳树团队"), "{second}");
    assert_eq!(page(&office)["contracts"][0]["team"], "柳树团队");
    let third = take_in(&place, &office, "contracts", &id, &labels, &[&["2026-01-05", "柳树团队"]]);
    assert_eq!(counts(&third), [1, 0, 0, 1, 0], "{third}");
}

#[test]
fn visits_that_cannot_have_been_are_rejected_each_with_its_sentence() {
    let place = joined();
    let (office, id) = one_person(&place);
    let rows: [(&[&str], &str); 7] = [
        (&["2026-10-01", "高血压", "900/80", "", ""], "收缩压 900"),
        (&["2026-10-02", "高血压", "90/120", "", ""], "舒张压 120 不低于收缩压 90"),
        (&["2026-10-03", "糖尿病", "", "70", ""], "空腹血糖 70.0"),
        (&["2026-10-04", "高血压", "130/80", "", "2026-09-01"], "下次随访日期"),
        (&["1950-10-05", "高血压", "130/80", "", ""], "早于2009年"),
        (&["2026-10-06", "义诊", "130/80", "", ""], "随访类别“义诊”不认识"),
        (&["2026-10-07", "", "130/80", "6.1", "2026-12-01"], "贫困患者随访 2026-10-07"),
    ];
    let labels = ["随访日期", "类型", "血压", "空腹血糖", "下次随访日期"];
    let cells: Vec<&[&str]> = rows.iter().map(|(cells, _)| *cells).collect();
    let done = take_in(&place, &office, "visits", &id, &labels, &cells);
    assert_eq!(counts(&done), [7, 1, 0, 0, 6], "{done}");
    for (row, (_, says)) in (3..).zip(rows) {
        assert!(said(&done, row).contains(says), "{row}: {done}");
    }
    assert!(!said(&done, 9).contains("随访随访"), "{done}");
}

#[test]
fn how_somebody_is_treated_and_takes_their_medicine_is_kept_from_the_sheets_that_say_it() {
    let place = joined();
    let (office, id) = one_person(&place);
    let labels = ["疾病名称", "目前治疗", "定点医院", "筛查日期"];
    let rows: [&[&str]; 2] = [&["胃癌", "住院", "县人民医院", "2026-03-04"], &["肺癌", "住院部", "", ""]];
    let done = take_in(&place, &office, "screening", &id, &labels, &rows);
    assert!(said(&done, 4).contains("目前治疗“住院部”不认识"), "{done}");
    let visit = [&["2026-10-07", "高血压", "间断"][..]];
    take_in(&place, &office, "visits", &id, &["随访日期", "类型", "服药依从性"], &visit);
    let shown = page(&office);
    let stored = |table: &str, row: &Value| {
        office.call("record_get", json!({ "table": table, "id": row["id"] }))["fields"].clone()
    };
    let diagnoses = list(&shown["diagnoses"]);
    let cancer = stored("diagnosis", diagnoses.iter().find(|row| row["disease"] == "胃癌").unwrap());
    let told = ["treatment", "designated_hospital", "screened_on"].map(|column| cancer[column].clone());
    assert_eq!(told, ["inpatient", "县人民医院", "2026-03-04"]);
    assert_eq!(stored("visit", &shown["visits"][0])["drug_compliance"], "2");
}

#[test]
fn an_identity_under_which_the_insurers_list_carries_somebody_is_marked_and_told_once() {
    let place = joined();
    let (office, id) = one_person(&place);
    let person = page(&office)["id"].clone();
    let fields = json!({ "person": person, "identity": "subsistence" });
    let request = json!({ "table": "aid_identity", "id": null, "household": null, "relation": null, "fields": fields, "reason": null });
    office.call("record_save", request);
    let labels = ["年度", "险种", "参保状态", "人员类别"];
    // Whom the list carries as 特困 although nobody holds that here is marked with nothing.
    let other = take_in(&place, &office, "enrolments", &id, &labels, &[&["2026", "城乡居民", "已参保", "特困人员"]]);
    assert!(!said(&other, 3).contains("医保系统已标识"), "{other}");
    assert_ne!(page(&office)["identities"][0]["marked"], true);
    let rows = [&["2026", "城乡居民", "已参保", "低保对象"][..]];
    let done = take_in(&place, &office, "enrolments", &id, &labels, &rows);
    assert!(said(&done, 3).contains("低保对象在医保系统已标识"), "{done}");
    assert_eq!(page(&office)["identities"][0]["marked"], true);
    let again = take_in(&place, &office, "enrolments", &id, &labels, &rows);
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{again}");
}

const BILL: [&str; 9] =
    ["单号", "就医机构", "机构级别", "就诊地", "就诊类别", "转诊", "结算日期", "费用总额", "政策范围内"];

#[test]
fn a_bill_with_a_label_nobody_knows_is_rejected_and_the_label_is_named() {
    let place = joined();
    let (office, id) = one_person(&place);
    let bill = |number, level, area, kind, referral| {
        [number, "某医院", level, area, kind, referral, "2026-05-06", "1000", "1000"]
    };
    let rows = [
        bill("A1", "三级甲等", "北京市", "住院", "是"),
        bill("A2", "大医院", "省外", "住院", "是"),
        bill("A3", "三级甲等", "省外", "美容", "是"),
        bill("A4", "三级甲等", "省外", "住院", "也许"),
        bill("A5", "三甲", "省外", "住院", ""),
        bill("A6", "二级", "县域内", "住院", ""),
    ];
    let cells: Vec<&[&str]> = rows.iter().map(<[&str; 9]>::as_slice).collect();
    let done = take_in(&place, &office, "bills", &id, &BILL, &cells);
    assert_eq!(counts(&done), [6, 2, 0, 0, 4], "{done}");
    for (row, label) in [(3, "就诊地“北京市”"), (4, "机构级别“大医院”"), (5, "就诊类别“美容”"), (6, "转诊“也许”")]
    {
        assert!(said(&done, row).contains(label), "{done}");
    }
    let bills = list(&page(&office)["bills"]);
    let fields = |hospital_area: &str| {
        let values = bills.iter().map(|bill| {
            let request = json!({ "table": "settlement", "id": bill["id"] });
            office.call("record_get", request)["fields"].clone()
        });
        values.into_iter().find(|fields| fields["hospital_area"] == hospital_area).unwrap()
    };
    let home = fields("county")["referral"].clone();
    assert!(home.is_null(), "nobody needs one at home, and none is made up: {home}");
    let away = fields("outside")["referral"].clone();
    assert!(away.is_null() || away == "", "not known, not “none”: {away}");
}

#[test]
fn absurd_and_negative_amounts_are_refused_before_they_are_added_up() {
    let place = joined();
    let (office, id) = one_person(&place);
    let bill =
        |number, total, in_scope| [number, "某医院", "二级", "县域内", "住院", "", "2026-05-06", total, in_scope];
    let rows = [
        bill("B1", "90000000000000000", "90000000000000000"),
        bill("B2", "1000", "-1000"),
        bill("B3", "10000000001", "10000000001"),
        bill("B4", "1000", "1000"),
    ];
    let cells: Vec<&[&str]> = rows.iter().map(<[&str; 9]>::as_slice).collect();
    let done = take_in(&place, &office, "bills", &id, &BILL, &cells);
    assert_eq!(counts(&done), [4, 1, 0, 0, 3], "{done}");
    assert!(said(&done, 3).contains("大得不可能") && said(&done, 5).contains("大得不可能"), "{done}");
    assert!(said(&done, 4).contains("是负数"), "{done}");
}

#[test]
fn a_severe_mental_illness_and_hiv_are_hidden_however_the_sheet_spells_them() {
    let place = joined();
    let (office, id) = one_person(&place);
    let rows: [&[&str]; 4] = [&["重性精神病"], &["hiv感染"], &["躁狂发作"], &["高血压"]];
    let done = take_in(&place, &office, "screening", &id, &["疾病名称"], &rows);
    assert_eq!(counts(&done), [4, 4, 0, 0, 0], "{done}");
    let shown = list(&page(&office)["diagnoses"]);
    assert_eq!(shown.iter().filter(|row| row["restricted"] == true).count(), 3, "{shown:?}");
    assert!(!json!(shown).to_string().contains("躁狂"), "{shown:?}");
}

#[test]
fn somebody_without_an_id_is_not_found_by_name_alone() {
    let place = joined();
    let (office, _) = one_person(&place);
    let done =
        take_in(&place, &office, "enrolments", "999999201501011234", &["年度", "险种"], &[&["2026", "城乡居民"]]);
    assert_eq!(counts(&done)[4], 1, "{done}");
    assert!(said(&done, 3).contains("没有证件号码"), "{done}");
}
