//! Entry that forgives: drafts, the same person elsewhere, what repeats, look-ups, villages of the official list.

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn draft(subject: &str, doctor: &str) -> Value {
    json!({
        "form": "visit", "subject": subject, "title": "登记随访 · 张福山", "record": null, "person": null,
        "person_name": "张福山", "household": null, "values": { "doctor": doctor, "mode": "2" },
    })
}

fn key(subject: &str) -> Value {
    json!({ "form": "visit", "subject": subject })
}

fn head_of_flagship(office: &Office) -> Value {
    list(&office.household(FLAGSHIP)["members"])[0]["id"].clone()
}

fn log_in_as_clerk(office: &Office) {
    let clerk = json!({ "login": "xiaozhang", "name": "小张", "role": "clerk", "password": "mingbai-demo" });
    office.call("operator_add", clerk);
    office.call("session_lock", json!({}));
    office.call("session_login", json!({ "login": "xiaozhang", "password": "mingbai-demo" }));
}

#[test]
fn a_draft_is_nobody_elses_and_is_gone_once_saved() {
    let place = filled();
    let office = place.township_a();
    let person = head_of_flagship(&office);
    let subject = format!("+{}", text(&person));
    let entries = office.entries();
    office.call("draft_keep", draft(&subject, "王"));
    office.call("draft_keep", draft(&subject, "王建国"));
    assert_eq!(office.entries(), entries, "a draft is no entry of the log");
    let kept = list(&office.call("draft_list", json!({}))["rows"]);
    assert_eq!(kept.len(), 1, "one form about one person is one draft");
    assert_eq!(kept[0]["values"]["doctor"], "王建国");
    assert!(text(&kept[0]["at"]).starts_with("2026-11-21 14:3"), "{}", kept[0]["at"]);

    log_in_as_clerk(&office);
    assert!(list(&office.call("draft_list", json!({}))["rows"]).is_empty());
    assert!(office.call("form_start", key(&subject))["draft"].is_null());
    office.call("draft_drop", key(&subject));
    office.call("session_lock", json!({}));
    office.log_in();
    assert_eq!(office.call("form_start", key(&subject))["draft"]["values"]["doctor"], "王建国");

    let refused = json!({
        "table": "visit", "id": null, "household": null, "relation": null, "reason": null, "form": key(&subject),
        "fields": { "person": person, "kind": "hypertension", "visited_on": "2027-01-01" },
    });
    assert_eq!(office.refused("record_save", refused).code, ErrorCode::Validation);
    assert!(!office.call("form_start", key(&subject))["draft"].is_null(), "what was refused is still there");
    let saved = json!({
        "table": "visit", "id": null, "household": null, "relation": null, "reason": null, "form": key(&subject),
        "fields": { "person": person, "kind": "hypertension", "visited_on": "2026-11-20" },
    });
    office.call("record_save", saved);
    assert!(office.call("form_start", key(&subject))["draft"].is_null());
    assert!(list(&office.call("draft_list", json!({}))["rows"]).is_empty());
}

#[test]
fn the_next_record_repeats_who_when_how_and_where_and_nothing_that_was_found() {
    let place = filled();
    let office = place.township_a();
    let person = head_of_flagship(&office);
    assert_eq!(office.call("form_start", key("+1"))["last"], json!({}));
    let visit = json!({
        "table": "visit", "id": null, "household": null, "relation": null, "reason": null, "form": key("+1"),
        "fields": {
            "person": person, "kind": "hypertension", "visited_on": "2026-11-20", "mode": "2", "doctor": "王建国",
            "systolic": "152", "control": "1", "note": "头晕",
        },
    });
    office.call("record_save", visit);
    let last = json!({ "visited_on": "2026-11-20", "mode": "2", "doctor": "王建国" });
    assert_eq!(office.call("form_start", key("+2"))["last"], last);
    let other = json!({ "form": "exam", "subject": "+2" });
    assert_eq!(office.call("form_start", other)["last"], json!({}), "another form repeats its own records");
}

#[test]
fn an_id_that_somebody_else_has_is_said_before_saving() {
    let place = filled();
    let office = place.township_a();
    let (_, told) = place.told_a().people().find(|(h, p)| h.number == FLAGSHIP && p.name == "张福山").unwrap();
    let id = told.id_text();
    let like = |person: Value, id: &str, name: &str, birth: Value| {
        let request = json!({ "person": person, "citizen_id": id, "name": name, "birth": birth });
        list(&office.call("person_like", request)["rows"])
    };
    let own = head_of_flagship(&office);
    let found = like(Value::Null, &id, "", Value::Null);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["name"], &found[0]["person"], &found[0]["same_id"]), (&json!("张福山"), &own, &json!(true)));
    assert!(text(&found[0]["place"]).contains(FLAGSHIP), "{}", found[0]["place"]);
    assert_eq!(found[0]["household"], office.household(FLAGSHIP)["id"]);
    assert!(!found[0].to_string().contains(&id), "the number stays masked");
    assert!(like(own, &id, "", Value::Null).is_empty(), "nobody is like himself");

    let birth = office.call("person_get", json!({ "id": found[0]["person"] }))["birth"].clone();
    let same = like(Value::Null, "", " 张福山", birth.clone());
    assert_eq!((same.len(), &same[0]["same_id"]), (1, &json!(false)));
    assert!(like(Value::Null, "", "张福", birth).is_empty());
    assert!(like(Value::Null, id.get(..17).unwrap(), "", Value::Null).is_empty(), "half a number is nobody's");

    // What was said while typing is refused at saving, too.
    let new = json!({
        "table": "person", "id": null, "household": office.household(FLAGSHIP)["id"], "relation": "97",
        "reason": null, "fields": { "name": "张福山", "citizen_id": id },
    });
    assert_eq!(office.refused("record_save", new).fields[0].field, "citizen_id");
}

#[test]
fn the_place_where_an_id_was_issued_is_known() {
    let place = filled();
    let office = place.township_a();
    let area = |code: &str| {
        let found = office.call("area_of", json!({ "code": code }));
        (text(&found["name"]).to_owned(), found["known"] == true)
    };
    assert_eq!(area("159901"), ("示范县".to_owned(), true));
    assert_eq!(area("159902"), ("示范县东旗".to_owned(), true));
    assert_eq!(area("150921"), ("内蒙古自治区乌兰察布市卓资县".to_owned(), true));
    assert_eq!(area("110103"), ("北京市".to_owned(), false), "abolished in 2010");
}

#[test]
fn one_box_answers_ids_days_amounts_and_working_days() {
    let place = filled();
    let office = place.township_a();
    let look = |text: &str, on: Value| list(&office.call("quick_look", json!({ "text": text, "on": on }))["rows"]);
    let value = |rows: &[Value], label: &str| {
        let found = rows.iter().find(|row| row["label"] == label);
        found.map(|row| (text(&row["value"]).to_owned(), text(&row["note"]).to_owned())).unwrap_or_default()
    };
    let rows = look("11010519491231002X", json!("2026-12-30"));
    assert_eq!(value(&rows, "周岁"), ("76 周岁".to_owned(), "到 2026-12-30".to_owned()));
    assert_eq!(value(&look("11010519491231002x", json!("2026-12-31")), "周岁").0, "77 周岁");
    assert_eq!(value(&rows, "首次发证地").0, "北京市朝阳区");
    assert_eq!(value(&rows, "性别").0, "女");
    assert_eq!(value(&look("110105194912310021", Value::Null), "证件号码").1, "证件号码校验位不对，应为X");

    assert_eq!(value(&look("100,000.05", Value::Null), "大写金额").0, "壹拾万元零伍分");
    let day = look("2026-10-01", Value::Null);
    assert_eq!(value(&day, "2026-10-01"), ("星期四，国庆节放假".to_owned(), "国办发明电〔2025〕7号".to_owned()));
    assert_eq!(value(&day, "之前最后一个工作日").0, "2026-09-30");
    assert_eq!(value(&look("20260930+3", Value::Null), "2026-09-30 后 3 个工作日").0, "2026-10-10");
    let without = look("20270104+1", Value::Null);
    assert_eq!(
        value(&without, "2027-01-04 后 1 个工作日"),
        ("2027-01-05".to_owned(), "2027 年没有国务院的放假安排，只按周末算".to_owned())
    );
    assert!(look("张三", Value::Null).is_empty());
}

#[test]
fn a_disease_is_found_by_a_few_letters_with_its_code() {
    let place = filled();
    let office = place.township_a();
    let rows = list(&office.call("disease_find", json!({ "text": " GXY" }))["rows"]);
    assert_eq!((&rows[0]["code"], &rows[0]["name"]), (&json!("I10"), &json!("高血压")));
    assert!(rows.iter().any(|row| row["code"] == "I15"), "{rows:?}");
    assert!(list(&office.call("disease_find", json!({ "text": "qqqq" }))["rows"]).is_empty());
    assert!(list(&office.call("disease_find", json!({ "text": "" }))["rows"]).is_empty());
}

#[test]
fn a_townships_villages_come_from_the_official_list_in_one_action() {
    let place = filled();
    let office = Office::at(&place.path("zhuozi"), &place.world).unwrap();
    let below = |parent: &str| list(&office.call("division_list", json!({ "parent": parent }))["rows"]);
    // Chosen by names before anybody has logged in.
    let by = |parent: &str, initials: &str| {
        let rows = below(parent);
        let fits = |row: &&Value| list(&row["initials"]).iter().any(|one| text(one).starts_with(initials));
        text(&rows.iter().find(fits).unwrap_or_else(|| panic!("{parent} {initials}"))["code"]).to_owned()
    };
    let county = by(&by(&by("", "nmg"), "wlcb"), "zz");
    assert_eq!(county, "150921");
    let township = by(&county, "zzsz");
    assert_eq!(office.refused("division_list", json!({ "parent": "1" })).code, ErrorCode::Validation);

    office.call(
        "setup_office",
        json!({
            "kind": "township", "county_name": "卓资县", "unit_name": "卓资山镇卫生院", "area": township,
            "operator_name": "李梅", "login": "limei", "password": "mingbai-demo",
        }),
    );
    let villages = below(&township);
    let codes: Vec<&str> = villages.iter().map(|row| text(&row["code"])).collect();
    // One is there already, by name alone, as a roster brings it.
    let official = villages.last().map(|row| text(&row["name"])).unwrap();
    let named = format!("{}村", official.trim_end_matches("民委员会").trim_end_matches("委会").trim_end_matches('村'));
    save(&office, "village", None, &json!({ "name": named }));
    let entries = office.entries();
    let elsewhere = office.refused("village_adopt", json!({ "codes": [codes[1], "150922100001"] }));
    assert_eq!((elsewhere.code, office.entries()), (ErrorCode::Validation, entries));
    let adopted = office.call("village_adopt", json!({ "codes": codes }));
    assert_eq!((number(&adopted["made"]), number(&adopted["coded"])), (codes.len() as i64 - 1, 1), "{named}");
    assert_eq!(office.entries(), entries + 1, "all villages are one action");
    let registered = list(&office.call("village_list", json!({}))["rows"]);
    assert_eq!(registered.len(), codes.len());
    assert!(registered.iter().all(|row| codes.contains(&text(&row["code"])) && !text(&row["name"]).contains("委员会")));
    let again = office.call("village_adopt", json!({ "codes": codes }));
    assert_eq!((number(&again["known"]), office.entries()), (codes.len() as i64, entries + 1));
}
