//! 体检、孕产妇与儿童健康管理、两癌筛查: whose turn it is, and what the results were.

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn member(office: &Office, name: &str) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == *name).unwrap()["id"].clone()
}

fn reasons(office: &Office, key: &str, person: &Value) -> Vec<String> {
    let rows = list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"]);
    let theirs = rows.into_iter().filter(|row| row["person"] == *person);
    theirs.map(|row| text(&row["reason"]).to_owned()).collect()
}

fn total(office: &Office, table: &str, column: &str) -> i64 {
    let view = office.call("tally_get", json!({ "key": table, "village": null }));
    let place = list(&view["columns"]).iter().position(|one| one["key"] == column).unwrap();
    number(&view["total"][place])
}

fn born(office: &Office, name: &str, sex: &str, birth: &str) -> Value {
    let request = json!({
        "table": "person", "id": null, "household": office.household(FLAGSHIP)["id"], "relation": "其他亲属",
        "fields": { "name": name, "sex": sex, "birth": birth }, "reason": null,
    });
    office.call("record_save", request)["id"].clone()
}

#[test]
fn whoever_turns_65_in_the_year_is_due_for_an_examination_until_they_had_one() {
    let place = filled();
    let office = place.township_a();
    let older = born(&office, "王满堂", "1", "1961-12-31");
    let younger = born(&office, "王满仓", "1", "1962-01-01");
    assert_eq!(reasons(&office, "exam_due", &older), ["65岁及以上"]);
    assert_eq!(reasons(&office, "exam_due", &younger), Vec::<String>::new());
    assert_eq!(reasons(&office, "exam_free", &younger), ["7–64岁"]);
    save(&office, "exam", None, &json!({ "person": older, "examined_on": "2026-11-20", "result": "geriatric" }));
    assert_eq!(reasons(&office, "exam_due", &older), Vec::<String>::new());
    assert_eq!(reasons(&office, "exam_class", &older), ["老年病"]);
}

#[test]
fn the_five_classes_and_those_without_one_add_up_to_those_examined() {
    let place = filled();
    let office = place.township_a();
    let sheet = office.call("exam_sheet", json!({ "whose": "elder", "village": null }));
    let due: Vec<Value> = list(&sheet["rows"]).into_iter().take(12).collect();
    assert_eq!(due.len(), 12);
    let classes =
        ["1", "2", "健康", "亚健康", "慢性病", "老年病", "患病", "", "healthy", "ill", "chronic", "geriatric"];
    let before = total(&office, "exam_table", "had");
    let line = |(row, class): (&Value, &str)| {
        let mut fields = json!({ "person": row["person"], "kind": "elder", "examined_on": "20261120", "systolic": "138", "diastolic": "82" });
        if !class.is_empty() {
            fields["result"] = json!(class);
        }
        json!({ "fields": fields })
    };
    let rows: Vec<Value> = due.iter().zip(classes).map(line).collect();
    let entries = office.entries();
    let answer = office.call("record_save_many", json!({ "table": "exam", "rows": rows, "reason": null }));
    assert_eq!((number(&answer["saved"]), office.entries()), (10, entries + 1), "1 and 2 are no classes: {answer}");
    let had = total(&office, "exam_table", "had");
    assert_eq!(had, before + 10);
    let classes = ["healthy", "subhealthy", "chronic", "geriatric", "ill", ""];
    let counted: Vec<i64> =
        classes.iter().map(|class| total(&office, "exam_table", &format!("result:{class}"))).collect();
    assert_eq!(counted.iter().sum::<i64>(), had, "{counted:?}");
    assert!(counted[..5].iter().all(|count| *count >= 1), "{counted:?}");
    let left = list(&office.call("exam_sheet", json!({ "whose": "elder", "village": null }))["rows"]);
    assert_eq!(left.len(), list(&sheet["rows"]).len() - 10);
    for whose in ["elder", "chronic", "ages_7_64"] {
        let of = |what: &str| total(&office, "exam_table", &format!("{whose}:{what}"));
        assert_eq!(of("whole"), of("had") + of("due"), "{whose}");
    }
}

#[test]
fn five_antenatal_visits_fall_in_their_weeks_and_two_more_after_the_delivery() {
    let place = filled();
    let office = place.township_a();
    let mother = born(&office, "刘小芳", "2", "1998-04-02");
    // Expected on 2027-05-10: on 2026-11-21 the sixteenth week is over by one day.
    let crowd = json!({ "person": mother, "crowd": "maternal", "since": "2026-09-20", "expected_on": "2027-05-10" });
    let crowd = text(&save(&office, "crowd", None, &crowd)["id"]).to_owned();
    assert_eq!(reasons(&office, "maternal_due", &mother), ["第1次产检（孕13周前）"]);
    place.world.pass(3 * 86_400);
    assert_eq!(reasons(&office, "maternal_due", &mother), ["第2次产检（孕16–20周），前面缺1次"]);
    let visit = json!({ "person": mother, "kind": "antenatal", "done_on": "2026-11-24", "ordinal": "2" });
    save(&office, "screening_event", None, &visit);
    assert_eq!(reasons(&office, "maternal_due", &mother), Vec::<String>::new());
    place.world.pass(170 * 86_400);
    let late = reasons(&office, "maternal_due", &mother);
    assert!(late.contains(&"预产期已过，没有登记分娩".to_owned()), "{late:?}");
    save(&office, "crowd", Some(&crowd), &json!({ "delivered_on": "2027-05-08" }));
    assert_eq!(reasons(&office, "maternal_due", &mother), ["产后访视（3–7天）"]);
}

#[test]
fn a_newborn_is_visited_in_its_first_week_and_a_child_at_its_ages() {
    let place = filled();
    let office = place.township_a();
    let child = born(&office, "张满月", "2", "2026-11-18");
    assert_eq!(reasons(&office, "child_due", &child), ["新生儿访视（出院后7天内）"]);
    assert_eq!(reasons(&office, "screening_due", &child), ["新生儿疾病筛查"]);
    let visit = json!({ "person": child, "kind": "newborn_visit", "done_on": "2026-11-20" });
    save(&office, "screening_event", None, &visit);
    assert_eq!(reasons(&office, "child_due", &child), Vec::<String>::new());
    place.world.pass(26 * 86_400);
    assert_eq!(reasons(&office, "child_due", &child), ["满月健康管理（28–30天）"]);
}

#[test]
fn a_woman_who_should_be_screened_and_was_not_is_named_with_what_and_counted() {
    let place = filled();
    let office = place.township_a();
    let due = total(&office, "screening_table", "cervical:due");
    let woman = born(&office, "赵玉兰", "2", "1980-05-01");
    assert_eq!(reasons(&office, "screening_due", &woman), ["乳腺癌筛查", "宫颈癌筛查"]);
    assert_eq!(total(&office, "screening_table", "cervical:due"), due + 1);
    save(&office, "screening_event", None, &json!({ "person": woman, "kind": "cervical", "done_on": "2024-03-01" }));
    assert_eq!(reasons(&office, "screening_due", &woman), ["乳腺癌筛查"]);
    assert_eq!(total(&office, "screening_table", "cervical:due"), due);
    let man = member(&office, "张福山");
    assert_eq!(reasons(&office, "screening_due", &man), Vec::<String>::new());
}
