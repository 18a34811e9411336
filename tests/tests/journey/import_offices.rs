//! Lists of other offices taken in as records: 民政's relief, 特慢病证, the crowds of public health, and the sheet a walk through
//! the households fills in (domain D.4).

use mingbai_tests::offices::{Office, list};
use serde_json::{Value, json};

use crate::import_care::{HOME, NAMES, household};
use crate::imports::{counts, said, table};
use crate::joined;

fn member(office: &Office, name: &str) -> Value {
    let members = list(&office.household(HOME)["members"]);
    members.into_iter().find(|member| member["name"] == name).unwrap()
}

fn person(office: &Office, name: &str) -> Value {
    office.call("record_get", json!({ "table": "person", "id": member(office, name)["id"] }))["fields"].clone()
}

fn known(office: &Office, kind: &str, path: &std::path::Path) -> Value {
    office.call("import_look", json!({ "kind": kind, "path": path, "sheet": null, "row": null }))["kinds"][0].clone()
}

#[test]
fn relief_comes_with_its_days_and_the_insurers_mark_and_the_same_list_again_changes_nothing() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = ["姓名", "身份证号", "救助类别", "享受日期", "终止日期", "低保证号", "医保标识"];
    let rows = [
        vec!["赵大山", &ids[0], "低保对象、防止返贫监测对象", "2024-01-01", "", "DB0001", "低保对象"],
        vec!["钱小花", &ids[1], "普通居民", "", "", "", ""],
        vec!["赵小山", &ids[2], "特困供养", "2025-06-01", "2025-01-01", "", ""],
        vec!["赵大山", &ids[0], "低保", "2024-01-01", "", "", ""],
        vec!["路人甲", "", "低保", "", "", "", ""],
    ];
    let path = table(&place, "民政.xlsx", &labels, &rows);
    assert_eq!(known(&office, "aid", &path), "aid");
    let done = office.import("aid", &path, false);
    assert_eq!(counts(&done), [5, 1, 0, 0, 4], "{done}");
    for (row, reason) in [(4, "不是救助对象"), (5, "早于享受日期"), (6, "同一人同一种救助")] {
        assert!(said(&done, row).contains(reason), "{reason}: {}", said(&done, row));
    }
    let held = member(&office, "赵大山");
    assert_eq!(held["identity"]["label"], "低保对象");
    assert!(said(&done, 3).contains("监测对象"), "both are kept: {}", said(&done, 3));
    assert_eq!(counts(&office.import("aid", &path, true)), [5, 0, 0, 1, 4]);
}

#[test]
fn what_ended_is_history_and_a_mark_that_says_no_marks_nobody() {
    let place = joined();
    let (office, ids) = household(&place);
    let person = member(&office, "赵大山")["id"].clone();
    let over = json!({ "person": person, "identity": "subsistence", "since": "2020-01-01", "until": "2023-12-31" });
    let request = json!({ "table": "aid_identity", "id": null, "household": null, "fields": over, "reason": null });
    office.call("record_save", request);
    let insured: Vec<Vec<&str>> = NAMES
        .iter()
        .zip(&ids)
        .map(|((name, _), id)| vec![*name, id.as_str(), "2026", "城乡居民基本医疗保险", "已参保"])
        .collect();
    let labels = ["姓名", "证件号码", "年度", "险种", "参保状态"];
    let done = office.import("enrolments", &table(&place, "参保.xlsx", &labels, &insured), false);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "{done}");
    let labels = ["姓名", "身份证号", "救助类别", "医保标识"];
    let rows = [
        vec!["赵大山", &ids[0], "低保", "否"],
        vec!["钱小花", &ids[1], "低保", "低保对象"],
        vec!["赵小山", &ids[2], "低保", "看不清"],
    ];
    let done = office.import("aid", &table(&place, "低保.xlsx", &labels, &rows), false);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "this year's relief is not the one that ended in 2023: {done}");
    assert!(said(&done, 5).contains("医保标识“看不清”不认识"), "{done}");
    let unmarked = office.call("worklist_get", json!({ "key": "unmarked", "village": null }));
    let names: Vec<&Value> = unmarked["rows"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert!(names.contains(&&json!("赵大山")) && !names.contains(&&json!("钱小花")), "{names:?}");
}

#[test]
fn a_second_pregnancy_and_a_second_application_stand_beside_the_first() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = ["姓名", "身份证号", "人群分类", "预产期", "分娩日期"];
    let first = [vec!["钱小花", &ids[1], "孕产妇", "2023-05-10", "2023-05-08"]];
    let second = [vec!["钱小花", &ids[1], "孕产妇", "2026-12-20", ""]];
    office.import("crowds", &table(&place, "2023.xlsx", &labels, &first), false);
    let path = table(&place, "2026.xlsx", &labels, &second);
    let done = office.import("crowds", &path, false);
    assert!(said(&done, 3).contains("重点人群 孕产妇") && !said(&done, 3).contains("→"), "{done}");
    assert_eq!(counts(&office.import("crowds", &path, true)), [1, 0, 0, 1, 0]);
    let labels = ["姓名", "身份证号", "门诊特慢病病种", "送审日期", "评审日期", "评审结果"];
    let first = [vec!["赵大山", &ids[0], "糖尿病", "2025-03-20", "2025-03-25", "未通过"]];
    let again = [vec!["赵大山", &ids[0], "糖尿病", "2026-03-20", "", ""]];
    office.import("certificates", &table(&place, "去年.xlsx", &labels, &first), false);
    let done = office.import("certificates", &table(&place, "今年.xlsx", &labels, &again), false);
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
}

#[test]
fn an_application_for_a_certificate_is_followed_from_sheet_to_sheet_and_cannot_run_backwards() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = ["姓名", "身份证号", "门诊特慢病病种", "送审日期", "评审日期", "评审结果", "慢病证号", "有效期至"];
    let first = [
        vec!["赵大山", &ids[0], "高血压", "2026-03-20", "", "", "", ""],
        vec!["钱小花", &ids[1], "糖尿病", "2026-03-20", "2026-03-01", "", "", ""],
    ];
    let path = table(&place, "申报.xlsx", &labels, &first);
    assert_eq!(known(&office, "certificates", &path), "certificates");
    let done = office.import("certificates", &path, false);
    assert_eq!(counts(&done), [2, 1, 0, 0, 1], "{done}");
    assert!(said(&done, 4).contains("评审日期 2026-03-01 早于送审日期"), "{done}");
    let second = [vec!["赵大山", &ids[0], "高血压", "", "2026-03-25", "通过", "MB001", "2029-03-24"]];
    let done = office.import("certificates", &table(&place, "结果.xlsx", &labels, &second), false);
    assert_eq!(counts(&done), [1, 0, 1, 0, 0], "the same application, further on: {done}");
    assert!(said(&done, 3).contains("评审结果") && said(&done, 3).contains("通过"), "{done}");
}

#[test]
fn crowds_of_public_health_are_kept_and_those_of_an_age_are_not_written_down_twice() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = ["姓名", "身份证号", "人群分类", "建卡日期", "责任医生", "健康档案号"];
    let rows = [
        vec!["赵大山", &ids[0], "高血压患者、老年人", "2025-02-01", "李医生", "15990100001"],
        vec!["钱小花", &ids[1], "普通人群", "", "", ""],
        vec!["赵小山", &ids[2], "飞行员", "", "", ""],
    ];
    let path = table(&place, "公卫.xlsx", &labels, &rows);
    assert_eq!(known(&office, "crowds", &path), "crowds");
    let done = office.import("crowds", &path, false);
    assert_eq!(counts(&done), [3, 0, 1, 1, 1], "{done}");
    assert!(said(&done, 3).contains("重点人群 高血压") && said(&done, 3).contains("按出生日期"), "{done}");
    assert!(said(&done, 5).contains("飞行员"), "{done}");
    assert_eq!(person(&office, "赵大山")["health_file"], "15990100001");
    assert_eq!(counts(&office.import("crowds", &path, true)), [3, 0, 0, 2, 1]);
}

#[test]
fn a_walk_through_a_household_fills_in_services_contract_and_what_people_say_of_the_policies() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = [
        "户编号",
        "姓名",
        "身份证号",
        "服务类型",
        "婚姻",
        "健康档案号",
        "有无协议",
        "有无服务手册",
        "签约起始日期",
        "签约截止日期",
        "未签原因",
        "知晓",
        "满意",
        "医务人员",
        "核查日期",
        "测压次数",
        "医疗费用总额",
    ];
    let since = "2026-01-01";
    let rows = [
        vec![
            HOME,
            "赵大山",
            &ids[0],
            "高血压",
            "已婚",
            "HF1",
            "有",
            "有",
            since,
            "2026-12-31",
            "",
            "知道",
            "满意",
            "李医生",
            "2026-05-06",
            "4",
            "12000",
        ],
        vec![HOME, "钱小花", &ids[1], "普通", "", "", "", "", "", "", "拒签", "有听说", "", "", "2026-05-06", "", ""],
        vec![HOME, "赵小山", &ids[2], "普通", "", "", "有", "", "", "", "", "不知道", "", "", "", "", ""],
    ];
    let path = table(&place, "核查.xlsx", &labels, &rows);
    assert_eq!(known(&office, "health_check", &path), "health_check");
    let done = office.import("health_check", &path, false);
    assert_eq!(counts(&done), [3, 0, 2, 1, 0], "{done}");
    for word in ["重点人群 高血压", "签约 2026-01-01", "入户核查 2026-05-06", "婚姻"] {
        assert!(said(&done, 3).contains(word), "{word}: {}", said(&done, 3));
    }
    assert!(said(&done, 4).contains("未签：拒签"), "{done}");
    let warned = said(&done, 5);
    assert!(warned.contains("没有签约起始日期") && warned.contains("没有核查日期"), "{warned}");
    let remarks = done["remarks"].to_string();
    assert!(remarks.contains("测压次数") && remarks.contains("医疗费用总额"), "what is dropped is said: {remarks}");
    assert_eq!(counts(&office.import("health_check", &path, true)), [3, 0, 0, 3, 0]);
}

#[test]
fn a_sheet_of_maternal_services_takes_people_off_the_lists_they_stood_on() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = ["姓名", "身份证号", "人群分类", "预产期"];
    let pregnant = [vec!["钱小花", ids[1].as_str(), "孕产妇", "2027-03-01"]];
    office.import("crowds", &table(&place, "孕产妇.xlsx", &labels, &pregnant), false);
    let due = |key: &str| {
        let rows = office.call("worklist_get", json!({ "key": key, "village": null }))["rows"].clone();
        rows.as_array().unwrap().iter().any(|row| row["name"] == "钱小花")
    };
    assert!(due("maternal_due"), "in the 26th week her third check is owed");
    let labels = ["孕产妇姓名", "身份证号", "服务项目", "检查日期", "第几次", "检查结果", "检查医生"];
    let rows = [
        vec!["钱小花", &ids[1], "产检", "2026-11-10", "3", "正常", "李医生"],
        vec!["钱小花", &ids[1], "产检", "2026-11-10", "3", "正常", "李医生"],
        vec!["钱小花", &ids[1], "算命", "2026-11-11", "", "", ""],
        vec!["钱小花", &ids[1], "产检", "2026-12-10", "4", "", ""],
    ];
    let path = table(&place, "产检.xlsx", &labels, &rows);
    assert_eq!(known(&office, "services", &path), "services");
    let done = office.import("services", &path, false);
    assert_eq!(counts(&done), [4, 1, 0, 0, 3], "{done}");
    assert!(said(&done, 4).contains("同一项服务") && said(&done, 5).contains("算命"), "{done}");
    assert!(!due("maternal_due"));
    assert_eq!(counts(&office.import("services", &path, true)), [4, 0, 0, 1, 3]);
}

#[test]
fn a_list_of_contracts_brings_their_term_their_papers_and_the_people_of_the_team() {
    let place = joined();
    let (office, ids) = household(&place);
    let labels = [
        "姓名",
        "身份证号",
        "签约状态",
        "家庭代表",
        "协议编号",
        "签约团队",
        "家庭医生",
        "签约医生电话",
        "村医",
        "村医电话",
        "县级专家",
        "县级医院",
        "签约日期",
        "签约周期",
        "人群分类",
        "有无协议",
        "有无服务手册",
        "录入平台",
    ];
    let rows = [
        vec![
            "赵大山",
            &ids[0],
            "已签约",
            "赵大山",
            "XY-001",
            "第一团队",
            "李医生",
            "13900001111",
            "王村医",
            "13900002222",
            "周主任",
            "县医院",
            "2026-03-01",
            "三年",
            "高血压、残疾人",
            "有",
            "无",
            "省平台",
        ],
        vec![
            "钱小花",
            &ids[1],
            "已签约",
            "",
            "",
            "第一团队",
            "",
            "",
            "",
            "",
            "",
            "",
            "2026-03-01",
            "长期",
            "飞行员",
            "",
            "",
            "",
        ],
    ];
    let done = office.import("contracts", &table(&place, "签约.xlsx", &labels, &rows), false);
    assert_eq!(counts(&done), [2, 2, 0, 0, 0], "{done}");
    assert!(said(&done, 4).contains("飞行员") && said(&done, 4).contains("长期"), "{done}");
    let whole = office.call("person_get", json!({ "id": member(&office, "赵大山")["id"] }));
    let contract = whole["contracts"][0].to_string();
    assert!(contract.contains("2029"), "three years from the day it was signed: {contract}");
    let teams = list(&office.call("team_list", json!({}))["rows"]);
    let first = teams.into_iter().find(|team| team["name"] == "第一团队").unwrap();
    let team = office.call("record_get", json!({ "table": "team", "id": first["id"] }))["fields"].clone();
    assert_eq!((&team["county_doctor"], &team["county_hospital"]), (&json!("周主任"), &json!("县医院")), "{team}");
    assert_eq!((&team["township_doctor"], &team["village_doctor"]), (&json!("李医生"), &json!("王村医")), "{team}");
}
