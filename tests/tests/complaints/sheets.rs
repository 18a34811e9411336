//! What comes in by sheet and form, and what is told of it: once, findable, and never twice.

use std::fs;
use std::path::PathBuf;

use mingbai_app::ErrorCode;
use mingbai_app::demo::{DemoHousehold, DemoPerson, FLAGSHIP};
use mingbai_sheets::Cell;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, official_workbook, plain_xlsx};
use mingbai_tests::offices::{County, Office, list, number, save, sources, text, today};
use mingbai_tests::rounds::{field, head_of, send_down, send_up, settled};
use serde_json::{Value, json};

use crate::{A, filled, joined, sound};

const LABELS: [&str; 5] = ["村", "户编号", "姓名", "证件号码", "与户主关系"];
const HOME: &str = "1599010009001";

fn put(place: &County, name: &str, bytes: &[u8]) -> PathBuf {
    let path = place.path(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// A workbook of one sheet with these labels and rows.
fn book(place: &County, name: &str, labels: &[&str], rows: &[Vec<&str>]) -> PathBuf {
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    put(place, name, &plain_xlsx(&["上级下发"], labels, &rows, today().and_hms_opt(8, 0, 0).unwrap()).unwrap())
}

/// Valid citizen ids nobody on an empty register has yet.
fn ids(place: &County) -> Vec<String> {
    place.told_a().people().filter_map(|(_, person)| Some(person.id.as_ref()?.as_str().to_owned())).collect()
}

/// Some of the digits of an id.
fn part(id: &str, digits: std::ops::Range<usize>) -> &str {
    id.get(digits).unwrap()
}

fn counts(view: &Value) -> [i64; 5] {
    ["read", "new", "changed", "same", "rejected"].map(|name| number(&view["counts"][name]))
}

fn people(office: &Office) -> i64 {
    number(&office.call("desk_get", json!({}))["population"]["people"])
}

/// OpenSID#3332, #8714, OpenDK#123, erpnext#34163: "import successful", nothing imported, the log empty.
#[test]
fn opensid_3332_success_is_said_only_of_rows_that_stand_in_the_register() {
    let place = joined();
    let (office, ids) = (place.township_a(), ids(&place));
    let village = place.told_a().villages[0].name.clone();
    // The rows lie on a sheet of another name, behind a letter, below a title and a date.
    let tab = |name: &str, title: &str, heads: &[&str], rows: &[Vec<&str>]| OfficialTable {
        title: title.to_owned(),
        tab: name.to_owned(),
        unit: "县乡村振兴局".to_owned(),
        date: Some(today()),
        measure: String::new(),
        heads: heads.iter().map(|head| Head::column(*head)).collect(),
        rows: rows.iter().map(|row| row.iter().map(|cell| OfficialValue::Text((*cell).to_owned())).collect()).collect(),
        total: None,
        notes: Vec::new(),
        seal: None,
    };
    let mut broken = ids[2].clone();
    broken.replace_range(15.., "000");
    let rows = [
        vec![village.as_str(), HOME, "赵大山", ids[0].as_str(), "户主"],
        vec![village.as_str(), HOME, "钱小花", ids[1].as_str(), "配偶"],
        vec![village.as_str(), HOME, "孙有田", broken.as_str(), "之子"],
    ];
    let letter = tab("说明", "关于报送名单的说明", &["事项", "内容"], &[vec!["一", "请各乡镇核对"]]);
    let moment = today().and_hms_opt(8, 0, 0).unwrap();
    let bytes = official_workbook(&[letter.clone(), tab("2026秋季", "人口信息", &LABELS, &rows)], moment).unwrap();
    let path = put(&place, "名单.xlsx", &bytes);
    let seen = office.import("roster", &path, true);
    assert_eq!((text(&seen["sheet"]), counts(&seen), people(&office)), ("2026秋季", [3, 2, 0, 0, 1], 0));
    let done = office.import("roster", &path, false);
    assert_eq!((counts(&done), people(&office)), (counts(&seen), 2), "as many as were said to be new");
    assert_eq!(office.household(HOME)["members"].as_array().map(Vec::len), Some(2));
    let told = list(&done["rows"]).into_iter().find(|row| row["outcome"] == "rejected").unwrap();
    assert!(text(&told["detail"]).contains("证件号码"), "{told}");
    let history = list(&office.call("import_history", json!({}))["rows"]);
    assert!(text(&history[0]["detail"]).contains("新增2、变更0、相同0、拒收1"), "{}", history[0]);

    // A workbook without such a sheet is no success of nought rows, and leaves no line that says it was one.
    let entries = office.entries();
    let only = put(&place, "只有说明.xlsx", &official_workbook(&[letter], moment).unwrap());
    for dry_run in [true, false] {
        let request = json!({ "kind": "roster", "path": only, "dry_run": dry_run });
        let refusal = office.refused("import_sheet", request);
        assert_eq!(refusal.code, ErrorCode::NotASheet);
        assert!(refusal.message.contains("没有导入任何内容"), "{}", refusal.message);
    }
    let again = office.import("roster", &path, false);
    assert_eq!((counts(&again), &again["entry"]), ([3, 0, 0, 2, 1], &json!(null)), "the same again is no import");
    assert_eq!((office.entries(), list(&office.call("import_history", json!({}))["rows"]).len()), (entries, 1));
}

/// cht-core#6363, OpenSID#9592, #3417, hmis#16299: the same person twice, an empty id that let everybody in, one member added twice.
#[test]
fn cht_core_6363_duplicates_are_stopped_at_the_form_and_in_the_sheet() {
    let place = joined();
    let (office, ids) = (place.township_a(), ids(&place));
    let village = place.told_a().villages[0].name.clone();
    let row = |name: &'static str, id: &'static str, relation: &'static str| vec![name, id, relation];
    let rows = |own: &[Vec<&'static str>]| -> Vec<Vec<String>> {
        own.iter()
            .map(|row| [village.as_str(), HOME].into_iter().chain(row.iter().copied()).map(str::to_owned).collect())
            .collect()
    };
    let take = |name: &str, rows: &[Vec<String>]| {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        office.import("roster", &book(&place, name, &LABELS, &rows), false)
    };
    let mut first = rows(&[row("赵大山", "", "户主"), row("钱小花", "", "配偶"), row("赵小妹", "", "之女")]);
    first[0][3].clone_from(&ids[0]);
    assert_eq!(counts(&take("一.xlsx", &first)), [3, 3, 0, 0, 0]);
    // The same people again, now one with an id and one still without: nobody is added.
    first[1][3].clone_from(&ids[1]);
    assert_eq!(counts(&take("二.xlsx", &first)), [3, 0, 1, 2, 0]);
    // One citizen id in two rows of a file, and in another household under another name.
    let mut twice = first[..2].to_vec();
    twice[1][3].clone_from(&ids[0]);
    assert_eq!(counts(&take("三.xlsx", &twice)), [2, 0, 0, 1, 1]);
    let mut elsewhere = rows(&[row("周某某", "", "户主")]);
    elsewhere[0][1] = "1599010009002".to_owned();
    elsewhere[0][3].clone_from(&ids[0]);
    assert_eq!(counts(&take("四.xlsx", &elsewhere)), [1, 0, 0, 0, 1]);
    assert_eq!(people(&office), 3);

    // At the form: a wrong check digit, a 15-digit id, an id somebody has.
    let household = office.household(HOME)["id"].clone();
    let enter = |id: &str, reason: Value| {
        json!({
            "table": "person", "id": null, "household": household, "relation": "其他", "reason": reason,
            "fields": { "name": "赵大三", "citizen_id": id },
        })
    };
    let mut wrong = ids[3].clone();
    let last = if wrong.ends_with('0') { "1" } else { "0" };
    wrong.replace_range(17.., last);
    let refusal = office.refused("record_save", enter(&wrong, Value::Null));
    assert_eq!((refusal.code, refusal.fields[0].field.as_str()), (ErrorCode::Validation, "citizen_id"));
    let refusal = office.refused("record_save", enter(&ids[0], Value::Null));
    assert!(refusal.message.contains("已经登记在“赵大山”名下"), "{}", refusal.message);
    // An id of 15 digits is the same person's as its form of 18.
    let old = ids[4..].iter().find(|id| part(id, 6..8) == "19").unwrap();
    let fifteen = format!("{}{}", part(old, 0..6), part(old, 8..17));
    let saved = office.call("record_save", enter(&fifteen, Value::Null));
    let masked = field(&office, text(&saved["id"]), "citizen_id");
    assert_eq!((masked.chars().count(), masked.ends_with(part(old, 14..18))), (18, true), "{masked}");
    assert_eq!(people(&office), 4);
    sound(&office);
}

/// Intelehealth#512, cht-core#6363: two records of one person could not be joined again, or only for ever.
#[test]
fn intelehealth_512_two_records_of_one_person_are_found_joined_everywhere_and_can_be_parted_again() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let person = head_of(&township, FLAGSHIP);
    let id = township.call("person_unmask", json!({ "person": person, "reason": "核对重复" }))["citizen_id"].clone();
    let household = township.household(FLAGSHIP)["id"].clone();
    // Registered a second time on purpose: the reason is in the log.
    let again = json!({
        "table": "person", "id": null, "household": household, "relation": "其他", "reason": "登记了两次，待县里合并",
        "fields": { "name": "张福山", "citizen_id": id },
    });
    let twin = township.call("record_save", again)["id"].clone();
    save(&township, "visit", None, &json!({ "person": twin, "kind": "poor", "visited_on": "2026-11-19" }));
    let people = people(&township);
    settled(&place, &county, &township, A);
    let doubted = |office: &Office| {
        let rows = list(&office.call("doubt_list", json!({}))["rows"]);
        let pair = |row: &Value| [row["person"]["id"].clone(), row["other"]["id"].clone()];
        rows.iter().filter(|row| row["word"] == "duplicate").map(pair).filter(|pair| pair.contains(&twin)).count()
    };
    assert_eq!((doubted(&county), doubted(&township)), (1, 1), "found on either side, and told to look at");

    let merge = json!({ "loser": twin, "winner": person, "reason": "同一公民身份号码" });
    assert_eq!(township.refused("person_merge", merge.clone()).code, ErrorCode::NotPermitted, "the county decides");
    county.call("person_merge", merge);
    send_down(&place, &county, &township, A);
    let visited = |office: &Office| {
        let page = office.call("person_get", json!({ "id": person }));
        list(&page["visits"]).iter().any(|visit| visit["visited_on"] == "2026-11-19")
    };
    for office in [&county, &township] {
        assert_eq!((self::people(office), doubted(office)), (people - 1, 0), "one person in both offices");
        assert!(visited(office), "with what was written of either");
        sound(office);
    }
    // Nothing was thrown away: the merge is taken back, and both stand again, everywhere.
    county.call("person_unmerge", json!({ "loser": twin }));
    send_up(&place, &county, &township);
    send_down(&place, &county, &township, A);
    for office in [&county, &township] {
        assert_eq!((self::people(office), doubted(office), visited(office)), (people, 1, false));
        sound(office);
    }
}

/// fhircore#3543, #2066, cht-core#2126: nobody could be found in time, so the same person was entered once more.
#[test]
fn fhircore_3543_one_box_finds_a_person_by_whatever_the_clerk_has_at_hand() {
    let place = filled();
    let office = place.township_a();
    let (_, told) = place.told_a().people().find(|(h, p)| h.number == FLAGSHIP && p.name == "张福山").unwrap();
    let (id, person) = (told.id_text(), head_of(&office, FLAGSHIP));
    let find = |text: &str| {
        let found = office.call("search", json!({ "text": text, "limit": 50 }));
        list(&found["hits"]).iter().any(|hit| hit["person"] == *person)
    };
    let last_four = part(&id, 14..18);
    let full_width: String = id.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
    for typed in [
        "张福山",
        "福山",
        "zfs",
        "ZFS",
        "zhangfushan",
        " 张 福山 ",
        last_four,
        part(&id, 12..18),
        part(&id, 0..14),
        &full_width,
    ] {
        assert!(find(typed), "{typed}");
    }
    assert!(find(&format!("zfs {last_four}")), "two words that both fit");
    assert!(!find(&format!("zfs {}", if id.ends_with("0000") { "9999" } else { "0000" })), "and not one alone");
    // A list longer than the screen ends there and says so; it never reads everybody.
    let many = office.call("search", json!({ "text": "z", "limit": 5 }));
    assert_eq!((list(&many["hits"]).len(), &many["more"]), (5, &json!(true)));
    // A changed name is found at once, and the old one no longer.
    save(&office, "person", Some(&person), &json!({ "name": "欧阳福山" }));
    assert!(find("oyfs") && find("欧阳") && !find("张福山"));
}

/// gamebaike.com 729761349990626304, bhima#668, OpenSID#3455: forty forms a month with the same data, and no card for the lost one.
#[test]
fn gamebaike_729761349990626304_entered_once_it_is_told_in_every_table_and_card_and_one_or_many_are_reprinted() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    let village =
        list(&office.call("village_list", json!({}))["rows"]).into_iter().find(|v| v["name"] == "王庄村").unwrap();
    let well = |(home, person): &(&DemoHousehold, &DemoPerson)| home.village == 0 && person.diseases.is_empty();
    let (told_home, told) = place.told_a().people().find(well).unwrap();
    let home = told_home.number.as_str();
    let members = list(&office.household(home)["members"]);
    let person = members.iter().find(|member| member["name"] == *told.name).unwrap()["id"].clone();
    save(&office, "person", Some(text(&person)), &json!({ "health": "长期慢性病" }));
    let print = |household: Value, changed_only: bool| {
        let whole = if household.is_null() { village["id"].clone() } else { Value::Null };
        let request = json!({ "village": whole, "household": household, "changed_only": changed_only, "record": true });
        number(&office.call("card_print", request)["households"])
    };
    let cards = || list(&office.call("card_household_list", json!({ "village": village["id"] }))["rows"]);
    let all = print(Value::Null, false);
    assert_eq!(all, cards().len() as i64);
    let waiting = |office: &Office| {
        let request = json!({ "key": "undiagnosed", "village": village["id"] });
        list(&office.call("worklist_get", request)["rows"])
    };
    let hypertension = |office: &Office| {
        let view = office.call("report_view", json!({ "key": "disease_by_village" }));
        let column = list(&view["columns"]).iter().position(|name| text(name).ends_with("高血压")).unwrap();
        text(&view["total"][column]).parse::<i64>().unwrap()
    };
    let (before, counted) = (waiting(&office).len(), hypertension(&office));

    // Once, at the form.
    let diagnosis = json!({ "person": person, "disease": "高血压", "icd10": "I10", "class": "慢病" });
    save(&office, "diagnosis", None, &diagnosis);

    assert!(office.household(home)["members"].to_string().contains("高血压"), "on the household's page");
    assert_eq!(
        (waiting(&office).len(), hypertension(&office)),
        (before - 1, counted + 1),
        "off the list, in the table"
    );
    let stale: Vec<Value> = cards().into_iter().filter(|card| card["state"] == "要换").collect();
    assert_eq!(stale.iter().map(|card| text(&card["number"])).collect::<Vec<_>>(), [home], "one card is out of date");
    // Sent once, the county's table says the same; nobody fills in another form.
    settled(&place, &county, &office, A);
    assert_eq!(hypertension(&county), hypertension(&office));

    // Reprint what changed, then a lost card that did not change, then the whole village.
    assert_eq!(print(Value::Null, true), 1);
    assert_eq!(cards().iter().filter(|card| card["state"] != "现行").count(), 0);
    place.world.pass(60);
    let lost = cards().into_iter().find(|card| card["number"] != home).unwrap();
    assert_eq!(print(lost["household"].clone(), false), 1);
    let edition = |home: &Value| {
        let card = cards().into_iter().find(|card| card["number"] == *home).unwrap();
        number(&card["edition"])
    };
    assert_eq!((edition(&lost["number"]), edition(&json!(home))), (2, 2), "each reprint is an issue of its own");
    assert_eq!(print(Value::Null, false), all);

    // A second table that knows the same people adds nothing: what is there already is recognised.
    let visits = sources(place.told_a()).into_iter().find(|file| file.profile == "visits").unwrap();
    let again = office.import("visits", &place.put(&visits), false);
    let [read, new, changed, same, rejected] = counts(&again);
    assert_eq!((new, changed, read), (0, 0, same + rejected), "{}", again["counts"]);
}
