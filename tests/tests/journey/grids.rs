//! Lists as somebody keeps them, narrows them, takes them along and says one thing of many of their rows.

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_domain::catalogue::ALL;
use mingbai_domain::value::Kind;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn asked(narrow: &Value, sort: &Value) -> Value {
    json!({ "village": null, "status": null, "text": null, "narrow": narrow, "sort": sort, "offset": 0, "limit": 5000 })
}

fn households(office: &Office, narrow: &Value) -> Vec<Value> {
    list(&office.call("household_list", asked(narrow, &Value::Null))["rows"])
}

fn worklist(office: &Office, key: &str, narrow: &Value) -> Vec<Value> {
    list(&office.call("worklist_get", json!({ "key": key, "village": null, "narrow": narrow }))["rows"])
}

fn named(office: &Office, name: &str) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == *name).unwrap()
}

fn as_clerk(office: &Office) {
    let clerk = json!({ "login": "xiaozhang", "name": "小张", "role": "clerk", "password": "mingbai-demo" });
    office.call("operator_add", clerk);
    office.call("session_lock", json!({}));
    office.call("session_login", json!({ "login": "xiaozhang", "password": "mingbai-demo" }));
}

/// The rows of a written table below its labels, as somebody opening it reads them.
fn rows_of(file: &[u8]) -> Vec<Vec<String>> {
    let sheet = mingbai_sheets::read(file, "x.xlsx").unwrap().sheets.remove(0);
    sheet.rows.iter().map(|row| row.iter().map(mingbai_sheets::Cell::text).collect()).collect()
}

#[test]
fn what_is_exported_is_what_is_shown_masked_as_it_is_shown_and_the_log_says_who_how_many_and_why() {
    let place = filled();
    let office = place.township_a();
    let shown = worklist(&office, "uncontracted", &Value::Null);
    assert!(shown.len() > 3 && shown.iter().any(|row| text(&row["phone"]).contains("****")), "{shown:?}");
    let cells = |row: &Value| ["phone", "name", "reason"].map(|key| text(&row[key]).to_owned()).to_vec();
    let mut rows: Vec<Vec<String>> = shown.iter().map(cells).collect();
    let file = |rows: &Vec<Vec<String>>, reason: &Value| {
        json!({ "list": "worklist", "title": "未签约", "filter": "王庄", "rows": rows, "reason": reason, "columns": [
            { "label": "电话", "numeric": false }, { "label": "姓名", "numeric": false }, { "label": "为什么", "numeric": false },
        ]})
    };
    let entries = office.entries();
    let without = office.app.bytes("list_xlsx", file(&rows, &json!(" "))).unwrap_err();
    assert_eq!(without.fields[0].field, "reason");
    assert_eq!(office.entries(), entries, "what is refused leaves nothing behind");
    let written = rows_of(&office.bytes("list_xlsx", file(&rows, &json!("报县医保局核对"))));
    let labels = ["电话", "姓名", "为什么"].map(str::to_owned);
    let at = written.iter().position(|row| row.starts_with(&labels)).unwrap();
    let below = written[at + 1..].iter().map(|row| row.iter().take(3).cloned().collect::<Vec<_>>());
    assert_eq!(below.collect::<Vec<_>>(), rows);
    assert_eq!(office.entries(), entries + 1);
    let told = list(&office.call("import_history", json!({}))["rows"]).remove(0);
    assert_eq!((text(&told["action"]), &told["undoable"]), ("导出名单", &json!(false)));
    let detail = text(&told["detail"]);
    for said in ["未签约", "王庄", &format!("{}行", rows.len()), "电话、姓名、为什么", "报县医保局核对"]
    {
        assert!(detail.contains(said), "{detail}");
    }
    // Whatever a screen should ever hand over: no whole number, no formula, nobody's restricted disease.
    rows.truncate(1);
    rows.push(["13912345678", "=cmd()", "x"].map(str::to_owned).to_vec());
    rows.push(["", "某某", "限制查看"].map(str::to_owned).to_vec());
    rows.push(["", "某某", "耐多药肺结核"].map(str::to_owned).to_vec());
    let data = office.bytes("list_xlsx", file(&rows, &json!("试一试")));
    let all = rows_of(&data).concat().join("|");
    assert!(all.contains("139****5678") && all.contains("=cmd()") && all.contains("另有2行限制查看"), "{all}");
    assert!(!all.contains("13912345678") && !all.contains("结核") && !all.contains("某某"), "{all}");
    let history = office.call("import_history", json!({}));
    let refused = office.refused("import_undo", json!({ "entry": history["rows"][0]["entry"] }));
    assert_eq!(refused.code, ErrorCode::NotFound);
}

#[test]
fn a_batch_on_two_hundred_people_is_one_action_and_one_undo_and_whoever_it_is_not_true_of_is_named() {
    let place = filled();
    let office = place.township_a();
    let before = worklist(&office, "uncontracted", &Value::Null).len();
    let people: Vec<Value> = office
        .households(None)
        .iter()
        .flat_map(|row| list(&office.call("household_get", json!({ "id": row["id"] }))["members"]))
        .take(200)
        .collect();
    assert_eq!(people.len(), 200);
    let mut rows: Vec<Value> = people
        .iter()
        .map(|one| json!({ "id": null, "fields": { "person": one["id"], "reason": "absent", "since": "2026-11-01" } }))
        .collect();
    rows[3]["fields"]["until"] = json!("2026-10-01");
    let entries = office.entries();
    let saved = office.call("record_save_many", json!({ "table": "exclusion", "rows": rows, "reason": null }));
    assert_eq!(number(&saved["saved"]), 199);
    assert_eq!(list(&saved["problems"]).iter().map(|one| number(&one["line"])).collect::<Vec<_>>(), [3]);
    assert_eq!(office.entries(), entries + 1, "one action");
    assert!(worklist(&office, "uncontracted", &Value::Null).len() < before);
    office.call("import_undo", json!({ "entry": saved["entry"] }));
    assert_eq!(worklist(&office, "uncontracted", &Value::Null).len(), before, "one undo");
}

#[test]
fn a_queue_of_certificates_is_submitted_at_once_and_taken_back_at_once() {
    let place = filled();
    let office = place.township_a();
    let people: Vec<Value> = list(&office.household(FLAGSHIP)["members"]).into_iter().take(2).collect();
    for one in &people {
        save(&office, "chronic_certificate", None, &json!({ "person": one["id"], "disease": "慢性肾功能衰竭" }));
    }
    let queue = || worklist(&office, "certificate_batch", &Value::Null);
    let waiting = queue();
    assert!(waiting.len() >= 2 && waiting.iter().all(|row| row["table"] == "chronic_certificate"), "{waiting:?}");
    let rows: Vec<Value> = waiting
        .iter()
        .map(|row| json!({ "id": row["record"], "fields": { "submitted_on": "2026-11-21", "batch": "2026-11" } }))
        .collect();
    let saved =
        office.call("record_save_many", json!({ "table": "chronic_certificate", "rows": rows, "reason": "送审" }));
    assert_eq!((number(&saved["saved"]) as usize, queue().len()), (waiting.len(), 0));
    office.call("import_undo", json!({ "entry": saved["entry"] }));
    assert_eq!(queue().len(), waiting.len());
}

#[test]
fn columns_and_filters_are_there_again_tomorrow_and_each_operator_has_their_own() {
    let place = filled();
    let office = place.township_a();
    let entries = office.entries();
    let kept = json!({
        "columns": [{ "key": "phone", "shown": false }, { "key": "head", "shown": true }],
        "sort": { "column": "people", "down": true },
        "filter": { "cause": "illness" },
        "saved": [{ "name": "王庄大病户", "filter": { "diseases": "30" } }],
    });
    office.call("view_keep", json!({ "list": "households", "view": kept }));
    let none = office.call("view_get", json!({ "list": "worklist" }));
    assert_eq!((&none["columns"], &none["sort"]), (&json!([]), &Value::Null), "each list its own");
    let folder = office.folder.clone();
    drop(office);
    let office = Office::at(&folder, &place.world).unwrap();
    office.log_in();
    assert_eq!(office.call("view_get", json!({ "list": "households" })), kept);
    assert_eq!(office.entries(), entries, "how somebody looks at a list is no entry of the log");
    as_clerk(&office);
    assert_eq!(office.call("view_get", json!({ "list": "households" }))["saved"], json!([]));
    office.refused("view_get", json!({ "list": "something" }));
}

#[test]
fn households_are_narrowed_by_what_is_known_of_them_and_a_count_is_the_length_of_its_list() {
    let place = filled();
    let office = place.township_a();
    let all = office.households(None);
    let choices = office.call("narrow_choices", json!({}));
    let labels = |part: &str| {
        let rows = list(&choices[part]);
        rows.iter().map(|row| (text(&row["code"]).to_owned(), text(&row["label"]).to_owned())).collect::<Vec<_>>()
    };
    // A cause is on every row it leaves, and those of another cause are not there.
    for (code, label) in labels("causes") {
        let left = households(&office, &json!({ "cause": code }));
        assert!(left.iter().all(|row| text(&row["causes"]).contains(&label)), "{label}");
        let told = all.iter().filter(|row| text(&row["causes"]).split('、').any(|cause| cause == label)).count();
        assert_eq!(left.len(), told, "{label}");
    }
    // A list of the desk leaves the households of its people.
    let mut met = 0;
    for (key, _) in labels("items") {
        let rows = worklist(&office, &key, &Value::Null);
        let mut theirs: Vec<String> = rows.iter().map(|row| text(&row["household"]).to_owned()).collect();
        theirs.retain(|id| !id.is_empty() && all.iter().any(|row| row["id"] == json!(id)));
        theirs.sort();
        theirs.dedup();
        let mut left: Vec<String> =
            households(&office, &json!({ "item": key })).iter().map(|row| text(&row["id"]).to_owned()).collect();
        left.sort();
        assert_eq!(left, theirs, "{key}");
        met += usize::from(!left.is_empty());
    }
    assert!(met > 3);
    // Somebody away, of a crowd, with an identity and a disease of a list, and only then.
    let patient = named(&office, "张福山");
    let none = json!({ "away": "outside", "crowd": "copd", "identity": "orphan", "diseases": "9" });
    assert_eq!(households(&office, &none).len(), 0);
    save(&office, "person", Some(text(&patient["id"])), &json!({ "away": "outside" }));
    save(&office, "crowd", None, &json!({ "person": patient["id"], "crowd": "copd", "since": "2026-01-01" }));
    save(
        &office,
        "aid_identity",
        None,
        &json!({ "person": patient["id"], "identity": "orphan", "since": "2026-01-01" }),
    );
    let ill =
        json!({ "person": patient["id"], "disease": "食管恶性肿瘤", "icd10": "C15.900", "diagnosed_on": "2026-10-01" });
    save(&office, "diagnosis", None, &ill);
    let left = households(&office, &none);
    assert_eq!(left.iter().map(|row| text(&row["number"])).collect::<Vec<_>>(), [FLAGSHIP]);
    assert!(!households(&office, &json!({ "away": "out" })).is_empty());
    // A list of people is narrowed to the people themselves, not to their households.
    let people = worklist(&office, "untreated", &json!({ "crowd": "copd" }));
    assert!(people.iter().all(|row| row["person"] == patient["id"]) && !people.is_empty(), "{people:?}");
    let whole =
        office.call("worklist_get", json!({ "key": "untreated", "village": null, "narrow": { "crowd": "copd" } }));
    assert!(number(&whole["whole"]) >= people.len() as i64);
    // What would tell who has a restricted disease is nobody's to ask for.
    assert!(labels("crowds").iter().all(|(code, _)| code != "tuberculosis" && code != "mental"));
    assert_eq!(households(&office, &json!({ "crowd": "tuberculosis" })).len(), all.len());
}

#[test]
fn households_stand_in_the_order_of_any_column_page_by_page() {
    let place = filled();
    let office = place.township_a();
    let all = office.households(None).len();
    let page = |column: &str, down: bool, offset: usize, limit: usize| {
        let mut asked = asked(&Value::Null, &json!({ "column": column, "down": down }));
        asked["offset"] = json!(offset);
        asked["limit"] = json!(limit);
        list(&office.call("household_list", asked)["rows"])
    };
    for column in ["head", "village", "group", "number", "people", "status", "causes", "diseases", "phone", "todo"] {
        let whole = page(column, true, 0, 5000);
        assert_eq!(whole.len(), all, "{column}");
        let parts = [page(column, true, 0, 30), page(column, true, 30, 5000)].concat();
        assert_eq!(parts, whole, "{column}");
    }
    let people: Vec<i64> = page("people", true, 0, 5000).iter().map(|row| number(&row["people"])).collect();
    assert!(people.windows(2).all(|two| two[0] >= two[1]) && people[0] > people[people.len() - 1]);
    let todo: Vec<i64> = page("todo", false, 0, 5000).iter().map(|row| number(&row["todo"])).collect();
    assert!(todo.windows(2).all(|two| two[0] <= two[1]));
}

#[test]
fn whoever_is_registered_elsewhere_moves_in_as_one_action_with_the_history_of_both_households() {
    let place = filled();
    let office = place.township_a();
    let from = office.household(FLAGSHIP);
    let mover = list(&from["members"]).into_iter().rev().find(|row| row["relation"]["code"] != "02").unwrap();
    let to = office
        .households(None)
        .into_iter()
        .find(|row| row["number"] != FLAGSHIP && number(&row["people"]) > 0)
        .unwrap();
    let members = |id: &Value| {
        let rows = list(&office.call("household_get", json!({ "id": id }))["members"]);
        rows.iter().filter(|row| row["id"] == mover["id"]).count()
    };
    let request =
        json!({ "person": mover["id"], "household": to["id"], "relation": "其他孙辈", "on": null, "reason": null });
    let without = json!({ "person": mover["id"], "household": to["id"], "relation": "", "on": null, "reason": null });
    assert_eq!(office.refused("member_move", without).fields[0].field, "relation");
    let home = json!({ "person": mover["id"], "household": from["id"], "relation": "20", "on": null, "reason": null });
    office.refused("member_move", home);
    let entries = office.entries();
    let moved = office.call("member_move", request);
    assert_eq!(moved["left"], json!([from["id"]]));
    assert_eq!(office.entries(), entries + 1, "one action");
    assert_eq!((members(&from["id"]), members(&to["id"])), (0, 1));
    let told = |id: &Value| {
        let rows = list(&office.call("record_history", json!({ "table": "household", "id": id }))["rows"]);
        rows.iter().filter(|row| row["action"] == "转入另一户").count()
    };
    assert!(told(&from["id"]) > 0 && told(&to["id"]) > 0);
    office.call("import_undo", json!({ "entry": moved["entry"] }));
    assert_eq!((members(&from["id"]), members(&to["id"])), (1, 0), "one undo");
}

#[test]
fn a_case_chooses_among_the_diagnoses_of_its_patient_and_every_reference_has_its_choices() {
    let place = filled();
    let office = place.township_a();
    let patient = named(&office, "张福山");
    let ill =
        json!({ "person": patient["id"], "disease": "胃恶性肿瘤", "icd10": "C16.900", "diagnosed_on": "2026-10-01" });
    save(&office, "diagnosis", None, &ill);
    let hidden =
        json!({ "person": patient["id"], "disease": "肺结核", "icd10": "A15.000", "diagnosed_on": "2026-10-02" });
    save(&office, "diagnosis", None, &hidden);
    let of = |office: &Office, table: &str, field: &str| {
        let home = office.household(FLAGSHIP)["id"].clone();
        let asked = json!({ "table": table, "field": field, "household": home, "person": patient["id"] });
        list(&office.call("record_choices", asked)["rows"])
    };
    let labels = |rows: &[Value]| rows.iter().map(|row| text(&row["label"]).to_owned()).collect::<Vec<_>>();
    let rows = of(&office, "treatment_case", "diagnosis");
    let cancer = rows.iter().find(|row| text(&row["label"]).starts_with("胃恶性肿瘤")).unwrap();
    assert_eq!(cancer["fills"], json!({ "disease": "胃恶性肿瘤", "icd10": "C16.900" }));
    assert!(labels(&rows).iter().any(|label| label.starts_with("肺结核")));
    let members = labels(&of(&office, "home_visit", "person"));
    assert!(members.iter().any(|label| label.starts_with("张福山")), "{members:?}");
    save(
        &office,
        "home_visit",
        None,
        &json!({ "household": office.household(FLAGSHIP)["id"], "visited_on": "2026-11-02" }),
    );
    assert_eq!(of(&office, "issue", "home_visit").len(), 1);
    for kind in ALL {
        for field in kind.fields.iter().filter(|field| matches!(field.kind, Kind::Ref(_))) {
            of(&office, kind.table, field.column);
        }
    }
    office.refused("record_choices", json!({ "table": "visit", "field": "doctor", "household": null, "person": null }));
    as_clerk(&office);
    assert!(!labels(&of(&office, "treatment_case", "diagnosis")).iter().any(|label| label.contains("结核")));
}
