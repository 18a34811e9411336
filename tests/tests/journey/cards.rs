//! 明白卡: a village's cards in one PDF, previews, issues, and which households need a new one.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;
use crate::year_end::{aided, beijing, under};
use crate::year_end_seen::words;

const VILLAGE: &str = "王庄村";

fn village(office: &Office, name: &str) -> Value {
    let rows = list(&office.call("village_list", json!({}))["rows"]);
    rows.into_iter().find(|row| row["name"] == *name).unwrap()
}

fn cards(office: &Office, village: &Value) -> Vec<Value> {
    list(&office.call("card_household_list", json!({ "village": village }))["rows"])
}

fn print(office: &Office, village: &Value, changed_only: bool) -> Value {
    let request = json!({ "village": village, "household": null, "changed_only": changed_only, "record": true });
    office.call("card_print", request)
}

fn with_state(rows: &[Value], state: &str) -> BTreeSet<String> {
    rows.iter().filter(|row| row["state"] == *state).map(|row| text(&row["number"]).to_owned()).collect()
}

#[test]
fn the_cards_of_a_village_are_one_pdf_with_a_page_for_every_household_and_the_issue_is_recorded() {
    let place = filled();
    let office = place.township_a();
    let told: Vec<_> = place.told_a().households.iter().filter(|h| h.village == 0).collect();
    let village = village(&office, VILLAGE)["id"].clone();
    let before = cards(&office, &village);
    assert_eq!((before.len(), with_state(&before, "未发").len()), (told.len(), told.len()));

    let done = print(&office, &village, false);
    assert_eq!(number(&done["households"]), told.len() as i64);
    assert!(number(&done["pages"]) >= number(&done["households"]), "{done}");
    let pdf = fs::read(text(&done["path"])).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.") && pdf.len() > 50_000, "{} bytes", pdf.len());
    assert!(text(&done["path"]).contains("输出"));

    let after = cards(&office, &village);
    assert_eq!(with_state(&after, "现行").len(), told.len());
    for row in &after {
        assert_eq!((&row["edition"], &row["issued_on"], &row["why"]), (&json!(1), &json!("2026-11-21"), &json!("")));
    }
    let of_village = list(&office.call("card_village_list", json!({}))["rows"]);
    let row = of_village.iter().find(|row| row["name"] == VILLAGE).unwrap();
    assert_eq!((number(&row["current"]), number(&row["stale"]), number(&row["none"])), (told.len() as i64, 0, 0));
    let page = office.household(FLAGSHIP);
    assert_eq!((&page["card"]["edition"], &page["card"]["current"]), (&json!(1), &json!(true)));

    // Where the system can read a PDF's text, every head's name is in it; rare characters are drawn, not replaced.
    if let Ok(read) = Command::new("pdftotext").args([text(&done["path"]), "-"]).output() {
        let words: String = String::from_utf8(read.stdout).unwrap().split_whitespace().collect();
        for household in told {
            assert!(words.contains(&household.members[0].name), "{}", household.members[0].name);
        }
        assert!(words.contains("张䶮"));
    }
}

#[test]
fn a_preview_is_drawn_for_every_household_of_a_village_with_nothing_missing() {
    let place = filled();
    let office = place.township_a();
    let village = village(&office, VILLAGE)["id"].clone();
    let entries = office.entries();
    for row in cards(&office, &village).iter().take(12) {
        let seen = office.call("card_preview", json!({ "household": row["household"] }));
        let pages = list(&seen["pages"]);
        assert!(!pages.is_empty() && pages.iter().all(|page| text(page).starts_with("<svg")), "{}", row["number"]);
        assert_eq!((&seen["edition"], &seen["missing"]), (&json!(1), &json!([])), "{}", row["number"]);
    }
    assert_eq!(office.entries(), entries, "looking issues nothing");
    assert_eq!(with_state(&cards(&office, &village), "现行").len(), 0);
}

#[test]
fn after_a_change_exactly_that_households_card_is_to_be_replaced_and_the_reprint_holds_no_other() {
    let place = filled();
    let office = place.township_a();
    let village = village(&office, VILLAGE)["id"].clone();
    let all = number(&print(&office, &village, false)["households"]);
    place.world.pass(60);
    let nothing = office.refused(
        "card_print",
        json!({
            "village": village, "household": null, "changed_only": true, "record": true,
        }),
    );
    assert_eq!(nothing.code, mingbai_app::ErrorCode::NotFound);

    let page = office.household(FLAGSHIP);
    let member = &list(&page["members"])[1];
    save(&office, "person", Some(text(&member["id"])), &json!({ "phone": "13900009999" }));
    let rows = cards(&office, &village);
    assert_eq!(with_state(&rows, "要换"), BTreeSet::from([FLAGSHIP.to_owned()]));
    assert_eq!(with_state(&rows, "现行").len() as i64, all - 1);
    let row = rows.iter().find(|row| row["number"] == FLAGSHIP).unwrap();
    assert_eq!((text(&row["why"]), number(&row["edition"])), ("资料有变动", 1));
    let todos = office.household(FLAGSHIP)["todos"].clone();
    assert!(list(&todos).iter().any(|todo| text(&todo["text"]).contains("要换新卡")), "{todos}");

    let again = print(&office, &village, true);
    assert_eq!(number(&again["households"]), 1);
    let rows = cards(&office, &village);
    assert_eq!(with_state(&rows, "现行").len() as i64, all);
    let edition = |row: &Value| number(&row["edition"]);
    assert_eq!(rows.iter().filter(|row| edition(row) == 2).count(), 1);
}

fn words_of_card(office: &Office, household: &Value) -> Option<String> {
    let request = json!({ "village": null, "household": household, "changed_only": false, "record": false });
    words(&office.call("card_print", request)["path"])
}

/// A family of several grown-ups, none of them with an identity of the pack's, none at school, and so many children.
fn plain_family(office: &Office, children: usize) -> (Value, Vec<Value>) {
    let grown = |one: &Value| number(&one["age"]) >= 30;
    let found = office.households(None).into_iter().find_map(|household| {
        let members = list(&office.call("household_get", json!({ "id": household["id"] }))["members"]);
        let small = members.iter().filter(|one| number(&one["age"]) < 15).count();
        let alike = members.iter().all(|one| !aided(one) && one["died_on"].is_null());
        let fits = small == children && members.iter().filter(|one| grown(one)).count() + small == members.len();
        (alike && fits && members.len() >= small + 2).then(|| (household["id"].clone(), members))
    });
    found.unwrap()
}

#[test]
fn a_card_says_what_a_child_of_the_family_pays_first_where_that_is_less() {
    let (place, _) = under(&beijing());
    let office = place.township_a();
    let (household, members) = plain_family(&office, 1);
    let child = members.iter().find(|one| number(&one["age"]) < 15).unwrap();
    let Some(words) = words_of_card(&office, &household) else { return };
    for row in ["一级医院300元", "县医院（二级）800元", "市医院（三级）1,300元"] {
        assert!(words.contains(row), "{row}: {words}");
    }
    let own = format!("{}（学生儿童）住院：", text(&child["name"]));
    let (_, rest) = words.split_once(&own).unwrap_or_else(|| panic!("no word of the child: {words}"));
    let sentence = rest.split('。').next().unwrap();
    for amount in ["先自己出150元", "先自己出400元", "先自己出650元"] {
        assert!(sentence.contains(amount), "{amount}: {sentence}");
    }
}

#[test]
fn a_card_promises_nobody_what_only_another_of_the_family_holds() {
    let (place, _) = under(&beijing());
    let office = place.township_a();
    let (household, members) = plain_family(&office, 0);
    let one = members.last().unwrap();
    let fields = json!({ "person": one["id"], "identity": "subsistence", "since": "2026-01-01" });
    save(&office, "aid_identity", None, &fields);
    let Some(words) = words_of_card(&office, &household) else { return };
    let (family, own) = words.split_once(&format!("{}（低保", text(&one["name"]))).unwrap();
    let (_, family) = family.split_once("看病能报多少").unwrap();
    assert!(!family.contains("低保") && !family.contains("医疗救助"), "{family}");
    assert!(own.contains("医疗救助"), "{own}");
}

#[test]
fn a_card_printed_without_recording_is_no_issue() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let request = json!({ "village": null, "household": household, "changed_only": false, "record": false });
    let entries = office.entries();
    assert!(office.bytes("card_pdf", request.clone()).starts_with(b"%PDF-"));
    assert_eq!(number(&office.call("card_print", request)["households"]), 1);
    assert_eq!(office.entries(), entries);
    assert_eq!(office.household(FLAGSHIP)["card"], json!(null));
}

#[test]
fn a_signature_stands_with_the_card_and_cannot_be_older_than_it() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let request = json!({ "village": null, "household": household, "changed_only": false, "record": true });
    office.call("card_print", request);
    let sign = |day: &str| json!({ "household": household, "signed_on": day, "signed_by": "张福山" });
    let refusal = office.refused("card_sign", sign("2026-11-20"));
    assert_eq!((refusal.code, refusal.fields[0].field.as_str()), (mingbai_app::ErrorCode::Validation, "signed_on"));
    office.call("card_sign", sign("2026-11-21"));
    let card = office.household(FLAGSHIP)["card"].clone();
    assert_eq!(
        (&card["signed_on"], &card["current"]),
        (&json!("2026-11-21"), &json!(true)),
        "signing replaces no card"
    );
}

#[test]
fn diseases_under_restriction_are_on_no_page_and_no_card() {
    let place = filled();
    let office = place.township_a();
    let named = ["精神", "结核", "艾滋", "双相"];
    let restricted: BTreeSet<&str> = place
        .told_a()
        .people()
        .filter(|(_, person)| person.diseases.iter().any(|d| named.iter().any(|word| d.name.contains(word))))
        .map(|(household, _)| household.number.as_str())
        .collect();
    assert!(restricted.len() >= 8, "the demo has severe mental illness and tuberculosis");
    let silent = |what: &str, written: &str| {
        for word in named {
            assert!(!written.contains(word), "{word} {what}: {written}");
        }
    };
    for number in restricted.into_iter().take(8) {
        let page = office.household(number);
        silent("on a household's page", &page.to_string());
        assert!(page.to_string().contains("限制查看"), "that there is something is said");
        for member in list(&page["members"]) {
            silent("on a person's page", &office.call("person_get", json!({ "id": member["id"] })).to_string());
        }
        let history = office.call("record_history", json!({ "table": "household", "id": page["id"] }));
        silent("in the history", &history["rows"].to_string());
        let request = json!({ "village": null, "household": page["id"], "changed_only": false, "record": false });
        let path = place.path("card.pdf");
        fs::write(&path, office.bytes("card_pdf", request)).unwrap();
        if let Ok(read) = Command::new("pdftotext").arg(&path).arg("-").output() {
            let words: String = String::from_utf8(read.stdout).unwrap().split_whitespace().collect();
            assert!(words.contains(text(&page["head"])), "{words}");
            silent("on a card", &words);
            assert!(!words.contains("限制"), "not even that there is something");
        }
    }
    let lists = [
        office.call(
            "bill_list",
            json!({ "year": null, "village": null, "short_only": false, "offset": 0, "limit": 999 }),
        ),
        office.call("worklist_get", json!({ "key": "visit_overdue", "village": null })),
        office.call("worklist_get", json!({ "key": "shortfall", "village": null })),
        office.call("desk_get", json!({})),
        json!(office.households(None)),
    ];
    for list in &lists {
        // What the desk counts by definition names the diseases; no row of a person does.
        let mut rows = list.clone();
        for general in ["definition", "indicators"] {
            if let Some(fields) = rows.as_object_mut() {
                fields.remove(general);
            }
        }
        silent("in a list", &rows.to_string());
    }
}
