//! A county writes a pack, two of its people read it, it is put in force, ended, and read in the townships.

use mingbai_app::ErrorCode;
use mingbai_app::demo::built_in_pack;
use mingbai_tests::offices::{County, Office, PASSWORD, SECOND, add_second, list, pass_twice, set_up, text};
use serde_json::{Value, json};

use crate::{filled, joined};

/// The demo county's pack for another year.
fn next_year() -> String {
    let text = built_in_pack().unwrap().text.replacen("from = 2019-01-01", "from = 2026-11-10", 1);
    text.replacen("version = \"2019.2\"", "version = \"2026.11\"", 1)
}

fn word(toml: &str, verdict: &str) -> Value {
    json!({ "toml": toml, "verdict": verdict, "remarks": if verdict == "returned" { "第12行和文件不一样" } else { "" } })
}

fn log_in(office: &Office, login: &str) {
    office.call("session_login", json!({ "login": login, "password": PASSWORD }));
}

fn draft(toml: &str) -> Value {
    json!({ "id": null, "toml": toml, "examples": "", "note": "按2026年文件", "base": null, "form": null })
}

#[test]
fn a_pack_is_put_in_force_only_after_two_operators_have_passed_exactly_this_text() {
    let place = joined();
    let county = place.office();
    add_second(&county);
    let toml = next_year();
    let nobody = county.refused("pack_activate", json!({ "toml": toml }));
    assert_eq!(nobody.code, ErrorCode::PackUnreviewed);
    assert!(nobody.message.contains("没有启用") && nobody.message.contains("两名"), "{}", nobody.message);

    let standing = county.call("pack_review", word(&toml, "passed"));
    assert_eq!(standing["ready"], false);
    // The same operator's second word is no second reader.
    county.call("pack_review", word(&toml, "passed"));
    let alone = county.refused("pack_activate", json!({ "toml": toml }));
    assert!(alone.message.contains("赵建国") && alone.message.contains("还缺"), "{}", alone.message);

    log_in(&county, SECOND);
    assert_eq!(county.call("pack_review", word(&toml, "passed"))["ready"], true);
    let changed = toml.replacen("version = \"2026.11\"", "version = \"2026.12\"", 1);
    assert_ne!(changed, toml);
    let other = county.refused("pack_activate", json!({ "toml": changed }));
    assert_eq!(other.code, ErrorCode::PackUnreviewed, "a changed letter is another text");
    let row = county.call("pack_activate", json!({ "toml": toml }));
    assert_eq!((&row["active"], &row["state"]), (&json!(true), &json!("in_force")));
}

#[test]
fn whoever_returned_a_text_keeps_it_out_until_they_pass_it_themselves() {
    let place = joined();
    let county = place.office();
    let toml = next_year();
    pass_twice(&county, &toml);
    log_in(&county, SECOND);
    let why = county.refused("pack_review", json!({ "toml": toml, "verdict": "returned", "remarks": " " }));
    assert_eq!(why.fields[0].field, "remarks", "a text is not returned without a reason");
    county.call("pack_review", word(&toml, "returned"));
    county.log_in();
    let refusal = county.refused("pack_activate", json!({ "toml": toml }));
    assert_eq!(refusal.code, ErrorCode::PackUnreviewed);
    assert!(refusal.message.contains("孙丽华退回") && refusal.message.contains("第12行"), "{}", refusal.message);
    log_in(&county, SECOND);
    assert_eq!(county.call("pack_review", word(&toml, "passed"))["ready"], true);
    assert_eq!(county.call("pack_activate", json!({ "toml": toml }))["active"], true);
}

#[test]
fn a_county_with_one_operator_is_told_to_add_another_and_a_second_login_of_the_same_person_is_none() {
    let place = mingbai_tests::offices::empty_county(61);
    let county = place.at_desk("county").unwrap();
    set_up(&county, "county", &place.told.name, &place.told.office, &place.told.code, "赵建国");
    let toml = next_year();
    let standing = county.call("pack_review", word(&toml, "passed"));
    assert!(text(&standing["lacking"]).contains("系统 → 操作员"), "{standing}");
    let again = json!({ "login": "zjg2", "name": "赵 建国", "role": "county", "password": PASSWORD });
    county.call("operator_add", again);
    log_in(&county, "zjg2");
    let standing = county.call("pack_review", word(&toml, "passed"));
    assert_eq!(standing["ready"], false, "{standing}");
    assert_eq!(county.refused("pack_activate", json!({ "toml": toml })).code, ErrorCode::PackUnreviewed);
}

#[test]
fn a_draft_may_be_faulty_but_is_sent_to_be_read_only_when_it_is_whole_and_its_examples_come_out() {
    let place = joined();
    let county = place.office();
    let shipped = list(&county.call("pack_shipped", json!({}))["rows"]);
    let offer = shipped.iter().find(|offer| offer["head"]["region"] == "北京市").unwrap();
    let right = text(&offer["toml"]);
    let broken = right.replacen("cross_year", "cros_year", 1);
    let kept = county.call("pack_draft_save", draft(&broken));
    let id = kept["id"].clone();
    assert_eq!(kept["name"], "城乡居民三重保障");
    let refusal = county.refused("pack_draft_send", json!({ "id": id }));
    assert_eq!(refusal.code, ErrorCode::PackIncomplete);

    let change = |toml: &str, examples: &Value| {
        let saved = json!({
            "id": id, "toml": toml, "examples": examples, "note": "", "base": null, "form": null,
        });
        county.call("pack_draft_save", saved)
    };
    change(&right.replace("share = \"75%\"", "share = \"76%\""), &offer["examples"]);
    let refusal = county.refused("pack_draft_send", json!({ "id": id }));
    assert!(refusal.message.contains("算例"), "{}", refusal.message);
    change(right, &offer["examples"]);
    let sent = county.call("pack_draft_send", json!({ "id": id }));
    assert_eq!(sent["standing"]["sent_by"], "赵建国");
    assert_eq!(list(&county.call("pack_list", json!({}))["drafts"]).len(), 1);

    // Once its text is in force there is nothing more to write.
    pass_twice(&county, right);
    county.call("pack_activate", json!({ "toml": right }));
    assert_eq!(list(&county.call("pack_list", json!({}))["drafts"]).len(), 0);
}

#[test]
fn a_pack_sent_to_be_read_stands_on_the_desk_of_whoever_has_not_said_a_word_yet() {
    let place = joined();
    let county = place.office();
    add_second(&county);
    let waiting = || {
        let items = list(&county.call("desk_get", json!({}))["items"]);
        items.into_iter().find(|item| item["key"] == "pack_unread").map(|item| item["count"].clone())
    };
    let kept = county.call("pack_draft_save", draft(&next_year()));
    assert_eq!(waiting(), None, "what is still being written is nobody's to read");
    county.call("pack_draft_send", json!({ "id": kept["id"] }));
    assert_eq!(waiting(), Some(json!(1)));
    county.call("pack_review", word(&next_year(), "passed"));
    assert_eq!(waiting(), None);
    log_in(&county, SECOND);
    let rows = list(&county.call("worklist_get", json!({ "key": "pack_unread", "village": null }))["rows"]);
    assert!(text(&rows[0]["reason"]).contains("还缺另一名"), "{rows:?}");
    county.call("pack_review", word(&next_year(), "passed"));
    assert_eq!(waiting(), None);
}

#[test]
fn a_pack_with_a_last_day_leaves_later_bills_to_another() {
    let place = joined();
    let county = place.office();
    let row = county.call("pack_list", json!({}))["rows"][0].clone();
    let early = county.refused("pack_end", json!({ "id": row["id"], "until": "2018-12-31" }));
    assert_eq!(early.fields[0].field, "until");
    county.call("pack_end", json!({ "id": row["id"], "until": "2026-10-31" }));
    let ended = county.call("pack_list", json!({}))["rows"][0].clone();
    assert_eq!((&ended["active"], &ended["state"]), (&json!(false), &json!("ended")));
    county.call("pack_end", json!({ "id": row["id"], "until": null }));
    assert_eq!(county.call("pack_list", json!({}))["rows"][0]["state"], "in_force");
}

#[test]
fn the_term_two_people_have_read_is_shortened_by_one_of_them_and_never_made_longer() {
    let place = joined();
    let county = place.office();
    let toml = next_year().replacen("until = \"none\"", "until = 2027-06-30", 1);
    pass_twice(&county, &toml);
    let id = county.call("pack_activate", json!({ "toml": toml }))["id"].clone();
    let end = |until: Value| json!({ "id": id, "until": until });
    for longer in [json!("2027-07-01"), json!(null)] {
        let refusal = county.refused("pack_end", end(longer));
        assert!(
            refusal.message.contains("2027-06-30") && refusal.message.contains("重新送两人复核"),
            "{}",
            refusal.message
        );
    }
    county.call("pack_end", end(json!("2027-03-31")));
    county.call("pack_end", end(json!("2027-06-30")));
}

/// What a township may not even try.
fn refused_in(township: &Office, toml: &str) {
    let tried = [
        ("pack_draft_save", draft(toml)),
        ("pack_review", word(toml, "passed")),
        ("pack_activate", json!({ "toml": toml })),
        ("pack_shipped", json!({})),
    ];
    for (command, request) in tried {
        assert_eq!(township.refused(command, request).code, ErrorCode::NotPermitted, "{command}");
    }
    for table in ["pack", "pack_draft", "pack_review"] {
        let typed = json!({
            "table": table, "id": null, "household": null, "fields": { "name": "我们自己的" }, "reason": null,
        });
        assert_eq!(township.refused("record_save", typed).code, ErrorCode::NotPermitted, "{table}");
    }
}

fn carry(place: &County, county: &Office, township: &Office) {
    let area = township.call("session_get", json!({}))["office"]["area"].clone();
    let sent = county.call("exchange_export", json!({ "folder": place.usb(), "area": area }));
    township.call("exchange_import", json!({ "path": sent["files"][0] }));
}

#[test]
fn a_township_reads_the_pack_in_force_and_what_it_changed_but_writes_drafts_and_reads_none() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let toml = next_year().replacen("amount = \"160000\"", "amount = \"170000\"", 1);
    assert_ne!(toml, next_year());
    refused_in(&township, &toml);
    county.call("pack_draft_save", draft(&toml.replacen("2026.11", "2027.1", 1)));
    pass_twice(&county, &toml);
    county.call("pack_activate", json!({ "toml": toml }));
    carry(&place, &county, &township);

    let packs = township.call("pack_list", json!({}));
    assert_eq!(packs["drafts"], json!([]), "drafts stay in the county");
    assert_eq!(list(&packs["rows"]).len(), 2);
    let now = list(&packs["rows"]).into_iter().find(|row| row["active"] == true).unwrap();
    let view = township.call("pack_get", json!({ "id": now["id"] }));
    assert_eq!(view["standing"]["opinions"], json!([]), "and so do the readers' words");
    let sentences = list(&view["check"]["sentences"]);
    assert!(sentences.iter().any(|it| text(&it["text"]).contains("支付")), "{view}");
    let changes = list(&view["check"]["changes"]);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(text(&changes[0]["before"]).contains("16万") && text(&changes[0]["after"]).contains("17万"), "{changes:?}");
}
