//! Requests no screen would send.

use mingbai_app::{COMMANDS, ErrorCode};
use serde_json::{Value, json};

use crate::{filled, holds};

#[test]
fn an_unknown_command_is_refused_by_name() {
    let place = filled();
    let office = place.township_a();
    let before = holds(&office);
    for name in ["", "household_delete", "household_get ", "HOUSEHOLD_GET", "desk_get; drop table person"] {
        let refusal = office.refused(name, json!({}));
        assert_eq!(refusal.code, ErrorCode::UnknownCommand);
        assert!(refusal.message.contains(&format!("没有“{name}”这个命令")), "{}", refusal.message);
        assert_eq!(office.app.bytes(name, json!({})).unwrap_err().code, ErrorCode::UnknownCommand);
    }
    assert_eq!(office.app.bytes("desk_get", json!({})).unwrap_err().code, ErrorCode::UnknownCommand, "no file");
    assert_eq!(office.refused("report_xlsx", json!({})).code, ErrorCode::UnknownCommand, "a file");
    assert_eq!(holds(&office), before);
}

#[test]
fn every_command_refuses_requests_of_another_shape_and_fields_it_does_not_know() {
    let place = filled();
    let office = place.township_a();
    let county = place.office();
    let before = holds(&office);
    for command in COMMANDS {
        let shapes = [
            json!(["x"]),
            json!([]),
            json!("text"),
            json!(7),
            json!({ "no_such_field": 1 }),
            json!({ "id": { "a": [] } }),
        ];
        for payload in shapes {
            let desk = if command.permission == mingbai_app::command::Permission::County { &county } else { &office };
            let answer = match command.kind {
                "bytes" => desk.app.bytes(command.name, payload.clone()).map(|_| Value::Null),
                _ => desk.app.rpc(command.name, payload.clone()),
            };
            let refusal = answer.err().unwrap_or_else(|| panic!("{} took {payload}", command.name));
            assert_eq!(refusal.code, ErrorCode::InvalidRequest, "{} {payload}", command.name);
            assert!(refusal.message.contains("没有执行"), "{}", refusal.message);
            assert!(refusal.detail.is_some_and(|detail| !detail.is_empty()), "programs are told which part");
        }
    }
    assert_eq!(holds(&office), before);
}

#[test]
fn ids_of_nothing_are_not_found_and_change_nothing() {
    let place = filled();
    let office = place.township_a();
    let before = holds(&office);
    let nobody = "00000000000000000000000000000000";
    let asked = [
        ("household_get", json!({ "id": nobody })),
        ("household_get", json!({ "id": "x" })),
        ("person_get", json!({ "id": nobody })),
        ("bill_explain", json!({ "id": nobody })),
        ("record_get", json!({ "table": "person", "id": nobody })),
        ("record_get", json!({ "table": "no_such_table", "id": nobody })),
        ("card_preview", json!({ "household": nobody })),
        ("import_undo", json!({ "entry": 999_999 })),
        ("report_view", json!({ "key": "no_such_report" })),
        ("worklist_get", json!({ "key": "no_such_list", "village": null })),
        (
            "record_save",
            json!({
                "table": "person", "id": nobody, "household": null, "fields": { "health": "健康" }, "reason": null,
            }),
        ),
    ];
    for (command, request) in asked {
        let refusal = office.refused(command, request);
        assert_eq!(refusal.code, ErrorCode::NotFound, "{command}: {refusal:?}");
        assert!(refusal.message.starts_with("没有找到") || refusal.message.contains("没有改动"), "{}", refusal.message);
    }
    assert_eq!(holds(&office), before);
}

#[test]
fn a_field_that_the_table_does_not_have_is_named_and_nothing_is_saved() {
    let place = filled();
    let office = place.township_a();
    let before = holds(&office);
    let save = |table: &str, fields: Value| {
        office.refused(
            "record_save",
            json!({
                "table": table, "id": null, "household": null, "fields": fields, "reason": null,
            }),
        )
    };
    let refusal = save("household", json!({ "number": "1599010009999", "colour": "red" }));
    assert_eq!((refusal.code, refusal.fields[0].field.as_str()), (ErrorCode::Validation, "colour"));
    let refusal = save("household", json!({ "address": "某处" }));
    assert_eq!((refusal.code, refusal.fields[0].field.as_str()), (ErrorCode::Validation, "number"));
    let refusal = save("operator", json!({ "login": "me", "role": "county" }));
    assert_eq!(refusal.code, ErrorCode::NotPermitted, "nobody makes themselves an operator through a form");
    let refusal = save("pack", json!({ "name": "my own pack" }));
    assert_eq!(refusal.code, ErrorCode::NotPermitted);
    assert_eq!(holds(&office), before);
}
