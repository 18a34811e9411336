//! 疾病救治: a 大病 until it is treated, a 特慢病证 from the evidence to the insurer's mark, and the county's own intervals.

use std::fs;

use mingbai_app::demo::{FLAGSHIP, built_in_pack};
use mingbai_tests::offices::{Office, list, put_in_force, save, text};
use mingbai_tests::rounds::send_down;
use serde_json::{Value, json};

use crate::filled;

fn reasons(office: &Office, key: &str, person: &Value) -> Vec<String> {
    let rows = list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"]);
    let theirs = rows.into_iter().filter(|row| row["person"] == *person);
    theirs.map(|row| text(&row["reason"]).to_owned()).collect()
}

fn member(office: &Office, name: &str) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == *name).unwrap()["id"].clone()
}

fn saved(office: &Office, table: &str, id: Option<&str>, fields: &Value) -> String {
    text(&save(office, table, id, fields)["id"]).to_owned()
}

#[test]
fn somebody_with_a_major_illness_is_listed_after_thirty_days_until_treated_or_unwilling() {
    let place = filled();
    let office = place.township_a();
    let patient = member(&office, "张福山");
    let ill = json!({ "person": patient, "disease": "膀胱恶性肿瘤", "icd10": "C67.900", "diagnosed_on": "2026-11-20" });
    let diagnosis = saved(&office, "diagnosis", None, &ill);
    assert_eq!(reasons(&office, "untreated", &patient), Vec::<String>::new());
    save(&office, "diagnosis", Some(&diagnosis), &json!({ "diagnosed_on": "2026-10-01" }));
    assert_eq!(reasons(&office, "untreated", &patient), ["膀胱恶性肿瘤"]);
    let case = json!({ "person": patient, "disease": "膀胱癌", "wish": "unwilling" });
    let case = saved(&office, "treatment_case", None, &case);
    assert_eq!(reasons(&office, "untreated", &patient), Vec::<String>::new());
    assert_eq!(reasons(&office, "case_planless", &patient), ["没有定点医院、诊疗方案"]);
    save(
        &office,
        "treatment_case",
        Some(&case),
        &json!({ "wish": "willing", "hospital": "市人民医院", "plan": "手术" }),
    );
    assert_eq!(reasons(&office, "untreated", &patient).len(), 1);
    assert_eq!(reasons(&office, "case_planless", &patient), Vec::<String>::new());
    save(&office, "treatment_case", Some(&case), &json!({ "admitted_on": "2026-11-18" }));
    assert_eq!(reasons(&office, "untreated", &patient), Vec::<String>::new());
}

#[test]
fn a_case_is_reported_in_writing_with_the_patients_wish_and_a_batch_is_chased_until_somebody_is_in_hospital() {
    let place = filled();
    let office = place.township_a();
    let patient = member(&office, "张福山");
    let case = json!({
        "person": patient, "disease": "白内障", "batch": "第四批", "window_from": "2026-08-01", "window_until": "2026-10-30",
    });
    let case = saved(&office, "treatment_case", None, &case);
    assert_eq!(reasons(&office, "case_unreported", &patient), ["没有问治疗意愿、没有书面上报"]);
    assert_eq!(reasons(&office, "case_batch", &patient), ["第四批"]);
    save(&office, "treatment_case", Some(&case), &json!({ "wish": "willing", "reported_on": "2026-08-02" }));
    assert_eq!(reasons(&office, "case_unreported", &patient), Vec::<String>::new());
    save(&office, "treatment_case", Some(&case), &json!({ "admitted_on": "2026-09-01" }));
    assert_eq!(reasons(&office, "case_batch", &patient), Vec::<String>::new());
}

#[test]
fn an_endemic_disease_is_managed_as_a_case() {
    let place = filled();
    let office = place.township_a();
    let patient = member(&office, "张福山");
    save(&office, "crowd", None, &json!({ "person": patient, "crowd": "endemic", "since": "2026-01-05" }));
    assert_eq!(reasons(&office, "endemic_case", &patient), ["没有救治个案"]);
    save(&office, "treatment_case", None, &json!({ "person": patient, "disease": "大骨节病", "way": "home" }));
    assert_eq!(reasons(&office, "endemic_case", &patient), Vec::<String>::new());
}

#[test]
fn home_care_needs_an_institution_a_doctor_and_a_cadre_and_an_operation_that_is_due_a_referral() {
    let place = filled();
    let office = place.township_a();
    let patient = member(&office, "张福山");
    let home = json!({ "person": patient, "disease": "脑卒中后遗症", "way": "home", "doctor": "王医生" });
    let home = saved(&office, "treatment_case", None, &home);
    assert_eq!(reasons(&office, "home_care", &patient), ["没有责任机构、帮扶干部"]);
    save(&office, "treatment_case", Some(&home), &json!({ "institution": "青石乡卫生院", "cadre": "李书记" }));
    assert_eq!(reasons(&office, "home_care", &patient), Vec::<String>::new());
    let cataract =
        json!({ "person": patient, "disease": "老年性白内障", "icd10": "H25", "surgery_ready_on": "2026-11-20" });
    let cataract = saved(&office, "treatment_case", None, &cataract);
    assert_eq!(reasons(&office, "surgery_ready", &patient).len(), 1);
    save(&office, "treatment_case", Some(&cataract), &json!({ "referred_on": "2026-11-21" }));
    assert_eq!(reasons(&office, "surgery_ready", &patient), Vec::<String>::new());
}

#[test]
fn a_certificate_is_followed_from_the_diagnosis_to_the_mark_at_the_insurer() {
    let place = filled();
    let office = place.township_a();
    let patient = member(&office, "张福山");
    let ill = json!({
        "person": patient, "disease": "系统性红斑狼疮", "icd10": "M32.900", "diagnosed_on": "2026-06-01",
        "hospital_level": "township",
    });
    save(&office, "diagnosis", None, &ill);
    let possible = || reasons(&office, "certificate_possible", &patient);
    assert!(possible().contains(&"系统性红斑狼疮：先到二级以上医院确诊".to_owned()), "{:?}", possible());
    let wanted =
        json!({ "person": patient, "disease": "系统性红斑狼疮", "icd10": "M32.900", "lacking": "二级医院出院小结" });
    let certificate = saved(&office, "chronic_certificate", None, &wanted);
    assert!(!possible().iter().any(|reason| reason.starts_with("系统性")), "{:?}", possible());
    assert_eq!(reasons(&office, "certificate_lacking", &patient), ["系统性红斑狼疮：二级医院出院小结"]);
    save(&office, "chronic_certificate", Some(&certificate), &json!({ "lacking": "" }));
    let batch = list(&office.call("worklist_get", json!({ "key": "certificate_batch", "village": null }))["rows"]);
    let row = batch.iter().find(|row| row["person"] == patient).unwrap();
    assert_eq!(row["due"], "2026-11-25");
    let approved = json!({ "submitted_on": "2026-11-20", "result": "approved" });
    save(&office, "chronic_certificate", Some(&certificate), &approved);
    assert_eq!(reasons(&office, "certificate_batch", &patient), Vec::<String>::new());
    assert_eq!(reasons(&office, "certificate_unmarked", &patient), ["系统性红斑狼疮"]);
    let marked = json!({ "marked_on": "2026-11-21", "valid_until": "2026-12-31" });
    save(&office, "chronic_certificate", Some(&certificate), &marked);
    assert_eq!(reasons(&office, "certificate_unmarked", &patient), Vec::<String>::new());
    assert_eq!(reasons(&office, "certificate_ending", &patient), ["系统性红斑狼疮"]);
}

/// The county's pack with one disease that asks for documents.
fn asking_for_documents() -> String {
    let pack = built_in_pack().unwrap().text.replacen("from = 2019-01-01", "from = 2026-11-10", 1);
    let pack = pack.replacen("version = \"2019.2\"", "version = \"2026.11\"", 1);
    let disease = r#"disease = [{ key = "hypertension", label = "高血压", kind = "two_disease", certificate = "needed",
        evidence = "诊断证明 and (出院记录 or 血压记录 >= 2)", payers = ["basic"], limit = "400", per = "year",
        limit_on = "paid", levels = "any", ratio = "none", ref = "E 县里的认定材料" }]"#;
    pack.replacen("disease = []", disease, 1)
}

#[test]
fn an_application_waits_for_the_documents_the_pack_asks_for_and_then_goes_to_the_next_review() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    put_in_force(&county, &asking_for_documents());
    send_down(&place, &county, &office, &place.told_a().code);
    let patient = member(&office, "张福山");
    let wanted = json!({ "person": patient, "disease": "高血压病", "evidence": "县医院诊断证明、血压记录" });
    let certificate = saved(&office, "chronic_certificate", None, &wanted);
    assert_eq!(reasons(&office, "certificate_lacking", &patient), ["高血压病：缺出院记录，或者血压记录2份"]);
    assert_eq!(reasons(&office, "certificate_batch", &patient), Vec::<String>::new());
    let typed = json!({ "disease": "高血压病", "evidence": "县医院诊断证明、血压记录2份" });
    let said = office.call("certificate_evidence", typed);
    assert_eq!(said["rule"], "诊断证明，并且（出院记录，或者血压记录2份）");
    assert_eq!(said["missing"], json!([]));
    save(&office, "chronic_certificate", Some(&certificate), &json!({ "evidence": "县医院诊断证明、血压记录2份" }));
    assert_eq!(reasons(&office, "certificate_lacking", &patient), Vec::<String>::new());
    assert_eq!(reasons(&office, "certificate_batch", &patient), ["高血压病"]);
}

#[test]
fn a_restricted_illness_is_named_on_no_list_of_treatment() {
    let place = filled();
    let office = place.township_a();
    for key in
        ["untreated", "treatment", "certificate_possible", "unclassified", "unmanaged", "visit_few", "visit_urgent"]
    {
        let rows = list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"]);
        for row in rows {
            let reason = text(&row["reason"]);
            assert!(
                !["结核", "精神分裂", "精神障碍", "精神病", "艾滋"].iter().any(|word| reason.contains(word)),
                "{key}: {reason}"
            );
        }
    }
}

#[test]
fn a_countys_own_intervals_hold_until_they_are_withdrawn_and_a_table_that_cannot_be_read_is_refused() {
    let place = filled();
    let county = place.office();
    let file = place.path("随访间隔.tsv");
    let put = |text: &str| {
        fs::write(&file, text).unwrap();
        json!({
            "path": file.display().to_string(), "kind": "interval", "name": "随访间隔", "version": "2026",
            "effective_from": "2026-01-01", "effective_until": null, "source": "县卫健局〔2026〕1号", "unverified": false,
        })
    };
    let refused =
        county.refused("county_list_put", put("kind\tcase\twithin\trefer\nhypertension\tcontrolled\t三个月\tn"));
    assert!(refused.message.contains("第 2 行"), "{}", refused.message);
    assert_eq!(list(&county.call("county_list_get", json!({}))["rows"]), Vec::<Value>::new());

    // Somebody of whom no visit is on file yet.
    let person = "01900000-0000-7000-8000-000000000001";
    let next = || {
        let fields =
            json!({ "kind": "hypertension", "visited_on": "2026-11-01", "systolic": "120", "diastolic": "70" });
        county.call("visit_propose", json!({ "person": person, "fields": fields }))["next_on"].clone()
    };
    assert_eq!(next(), "2027-02-01");
    county.call("county_list_put", put("kind\tcase\twithin\trefer\nhypertension\tcontrolled\t1m\tn"));
    assert_eq!(next(), "2026-12-01");
    let row = list(&county.call("county_list_get", json!({}))["rows"]).remove(0);
    assert_eq!((&row["active"], &row["lines"]), (&json!(true), &json!(1)));
    county.call("county_list_withdraw", json!({ "id": row["id"] }));
    assert_eq!(next(), "2027-02-01");
}
