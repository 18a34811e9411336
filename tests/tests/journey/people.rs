//! Who may do and see what: roles, lock-out, masked numbers and the reason for looking at them.

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{LOGIN, Office, PASSWORD, list, save, text};
use serde_json::{Value, json};

use crate::filled;

fn credentials(login: &str, password: &str) -> Value {
    json!({ "login": login, "password": password })
}

fn head_of_flagship(office: &Office) -> Value {
    list(&office.household(FLAGSHIP)["members"])[0].clone()
}

#[test]
fn an_auditor_reads_everything_and_writes_nothing() {
    let place = filled();
    let office = place.township_a();
    office.call(
        "operator_add",
        json!({
            "login": "shenji", "name": "审计员", "role": "auditor", "password": "shenji-2026",
        }),
    );
    office.call("session_lock", json!({}));
    let session = office.call("session_login", credentials("shenji", "shenji-2026"));
    assert_eq!(session["operator"]["role"]["label"], "审计");
    assert_eq!(office.households(None).len(), 303);
    assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);
    let person = head_of_flagship(&office)["id"].clone();
    let village = office.call("village_list", json!({}))["rows"][0]["id"].clone();
    let entries = office.entries();
    let writing = [
        (
            "record_save",
            json!({
                "table": "person", "id": person, "household": null, "fields": { "phone": "13900001234" }, "reason": null,
            }),
        ),
        ("import_undo", json!({ "entry": 1 })),
        (
            "quality_decide",
            json!({
                "rule": "F07", "subjects": ["x"], "state": "fine", "owner": null, "due": null, "reason": "对的",
                "evidence": null, "until": null,
            }),
        ),
        ("quality_undo", json!({ "entry": 1 })),
        ("card_print", json!({ "village": village, "household": null, "changed_only": false, "record": true })),
        ("exchange_export", json!({ "folder": place.usb(), "area": null })),
        ("exchange_import", json!({ "path": place.usb() })),
        ("person_unmask", json!({ "person": person, "reason": "随便看看" })),
        ("operator_add", json!({ "login": "x", "name": "x", "role": "head", "password": "mingbai-demo" })),
    ];
    for (command, request) in writing {
        let refusal = office.refused(command, request);
        assert_eq!(refusal.code, ErrorCode::NotPermitted, "{command}");
        assert!(refusal.message.contains("数据没有变"), "{command}: {}", refusal.message);
    }
    assert_eq!(office.entries(), entries);
}

#[test]
fn nothing_of_the_register_is_shown_before_somebody_logs_in() {
    let place = filled();
    let office = place.at_desk("township-a").unwrap();
    let status = office.call("setup_status", json!({}));
    assert_eq!((&status["state"], &status["office"]["unit_name"]), (&json!("locked"), &json!("青石乡卫生院")));
    for command in mingbai_app::COMMANDS {
        let answer = match command.kind {
            "bytes" => office.app.bytes(command.name, json!({})).map(|_| ()),
            _ => office.app.rpc(command.name, json!({})).map(|_| ()),
        };
        // Backups name their unit and its operators, as the login screen does; how far a long work has come is a number.
        let open = ["setup_status", "session_lock", "restore_list", "work_get", "work_stop"].contains(&command.name);
        if command.permission != mingbai_app::command::Permission::Anybody {
            assert_eq!(answer.unwrap_err().code, ErrorCode::NotLoggedIn, "{}", command.name);
        } else if !open {
            let refusal = answer.unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidRequest, "{}", command.name);
        }
    }
}

#[test]
fn after_five_wrong_passwords_the_right_one_must_wait() {
    let place = filled();
    let office = place.at_desk("township-b").unwrap();
    for _ in 0..5 {
        let refusal = office.refused("session_login", credentials(LOGIN, "wrong-password"));
        assert_eq!(refusal.code, ErrorCode::WrongPassword);
        assert!(refusal.message.contains("没有改动"), "{}", refusal.message);
    }
    let refusal = office.refused("session_login", credentials(LOGIN, PASSWORD));
    assert_eq!(refusal.code, ErrorCode::LockedOut);
    assert!(refusal.message.contains("秒后再试"), "{}", refusal.message);
    // The count is on disk: starting the program again helps nobody.
    drop(office);
    let office = place.at_desk("township-b").unwrap();
    let refusal = office.refused("session_login", credentials(LOGIN, PASSWORD));
    assert_eq!(refusal.code, ErrorCode::LockedOut);
    place.world.pass(16);
    office.call("session_login", credentials(LOGIN, PASSWORD));
    assert_eq!(office.households(None).len(), 211);
}

#[test]
fn an_unknown_login_is_answered_like_a_wrong_password() {
    let place = filled();
    let office = place.at_desk("township-b").unwrap();
    let wrong = office.refused("session_login", credentials(LOGIN, "wrong-password"));
    let unknown = office.refused("session_login", credentials("nobody", "wrong-password"));
    assert_eq!((wrong.code, wrong.message), (unknown.code, unknown.message));
}

#[test]
fn numbers_are_masked_on_every_page_until_a_reason_is_given_and_the_reason_is_in_the_log() {
    let place = filled();
    let office = place.township_a();
    let (_, told) = place.told_a().people().find(|(h, p)| h.number == FLAGSHIP && p.name == "张福山").unwrap();
    let row = head_of_flagship(&office);
    let (id, household) = (row["id"].clone(), office.household(FLAGSHIP)["id"].clone());
    let shown = [
        office.household(FLAGSHIP),
        office.call("person_get", json!({ "id": id })),
        office.call("search", json!({ "text": told.id_text(), "limit": 5 })),
        office.call("record_history", json!({ "table": "household", "id": household })),
        office.call(
            "household_list",
            json!({
                "village": null, "status": null, "text": FLAGSHIP, "offset": 0, "limit": 5,
            }),
        ),
        office.call("worklist_get", json!({ "key": "visit_overdue", "village": null })),
    ];
    for page in &shown {
        let written = page.to_string();
        for (_, person) in place.told_a().people().filter(|(h, _)| h.number == FLAGSHIP) {
            assert!(!written.contains(&person.id_text()), "{}", person.name);
            assert!(person.phone.is_empty() || !written.contains(&person.phone), "{}", person.name);
        }
    }
    assert_eq!(list(&shown[2]["hits"]).len(), 1, "found by the whole number, shown without it");
    assert!(text(&row["citizen_id"]).contains('*'), "{row}");

    let entries = office.entries();
    let refusal = office.refused("person_unmask", json!({ "person": id, "reason": " " }));
    assert_eq!((refusal.code, refusal.fields[0].field.as_str()), (ErrorCode::Validation, "reason"));
    assert_eq!(office.entries(), entries);
    let seen = office.call("person_unmask", json!({ "person": id, "reason": "办理慢病证" }));
    assert_eq!(seen["citizen_id"], told.id_text());
    assert_eq!(office.entries(), entries + 1, "looking is an entry of the log");
    let history = office.call("record_history", json!({ "table": "person", "id": id }));
    let looked = list(&history["rows"]).into_iter().find(|row| row["reason"] == "办理慢病证");
    let looked = looked.unwrap_or_else(|| panic!("the reason is not in the history: {history}"));
    assert_eq!((&looked["who"], &looked["action"]), (&json!("王玉梅"), &json!("查看号码")));
}

#[test]
fn a_changed_password_opens_and_the_old_one_no_longer_does() {
    let place = filled();
    let office = place.township_b();
    office.call("password_change", json!({ "old": PASSWORD, "new": "mingbai-2027" }));
    office.call("session_lock", json!({}));
    let refusal = office.refused("session_login", credentials(LOGIN, PASSWORD));
    assert_eq!(refusal.code, ErrorCode::WrongPassword);
    office.call("session_login", credentials(LOGIN, "mingbai-2027"));
    assert_eq!(office.households(None).len(), 211);
}

#[test]
fn a_clerk_neither_opens_nor_rewrites_a_restricted_diagnosis() {
    let place = filled();
    let office = place.township_a();
    let found = office.call("search", json!({ "text": FLAGSHIP, "limit": 1 }))["hits"][0].clone();
    assert!(!found.is_null());
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    let fields = json!({ "person": person, "disease": "肺结核", "hospital": "县医院" });
    let diagnosis = save(&office, "diagnosis", None, &fields)["id"].clone();
    office
        .call("operator_add", json!({ "login": "clerk", "name": "小张", "role": "clerk", "password": "mingbai-demo" }));
    office.call("session_lock", json!({}));
    office.call("session_login", credentials("clerk", "mingbai-demo"));
    let refusal = office.refused("record_get", json!({ "table": "diagnosis", "id": diagnosis }));
    assert_eq!(refusal.code, ErrorCode::NotPermitted);
    let change = json!({
        "table": "diagnosis", "id": diagnosis, "household": null, "fields": { "restricted": "false" }, "reason": null,
    });
    assert_eq!(office.refused("record_save", change).code, ErrorCode::NotPermitted);
    office.call("session_lock", json!({}));
    office.log_in();
    let read = office.call("record_get", json!({ "table": "diagnosis", "id": diagnosis }));
    assert_eq!((&read["fields"]["disease"], &read["fields"]["restricted"]), (&json!("肺结核"), &json!("true")));
}
