//! Two offices that change the same register without a line between them.

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{County, Office, list, number, save, text};
use mingbai_tests::rounds::{change, field, head_of, send_down, send_up, settled};
use serde_json::{Value, json};

use crate::{A, B, filled, open_conflicts, sound, township_row};

/// The values of a conflict with who wrote them, whatever order they stand in.
fn sides(row: &Value) -> Vec<(String, String)> {
    let side = |value: &Value| (text(&value["value"]).to_owned(), text(&value["by"]).to_owned());
    let mut sides: Vec<_> = list(&row["values"]).iter().map(side).collect();
    sides.sort();
    sides
}

/// Both offices have changed one field of one person apart from each other, and the county another one besides.
fn apart() -> (County, Office, Office, String) {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    settled(&place, &county, &township, A);
    let person = head_of(&township, FLAGSHIP);
    place.world.pass(60);
    change(&county, &person, &json!({ "work_place": "省城工地", "labour": "普通劳动力" }));
    place.world.pass(60);
    change(&township, &person, &json!({ "work_place": "邻县砖厂" }));
    (place, county, township, person)
}

/// Tangerine#2722, #2484: a record was lost, no conflict was listed, and who pressed sync first decided the outcome.
#[test]
fn tangerine_2722_the_result_does_not_depend_on_who_exchanges_first() {
    let outcome = |up_first: bool| {
        let (place, county, township, person) = apart();
        for round in 0..4 {
            if up_first == (round % 2 == 0) {
                send_up(&place, &county, &township);
            } else {
                send_down(&place, &county, &township, A);
            }
        }
        send_up(&place, &county, &township);
        send_down(&place, &county, &township, A);
        let seen = |office: &Office| {
            let open = open_conflicts(office);
            assert_eq!(open.len(), 1, "listed on either side: {open:?}");
            let history = office.call("record_history", json!({ "table": "person", "id": person }));
            let said = list(&history["rows"]).into_iter().filter(|row| row["field"] == "务工所在地");
            let said: Vec<Value> = said.map(|row| json!([row["who"], row["new"]])).collect();
            let shown = [field(office, &person, "work_place"), field(office, &person, "labour")];
            (sides(&open[0]), open[0]["shown"].clone(), shown, said)
        };
        let (at_county, at_township) = (seen(&county), seen(&township));
        assert_eq!(at_county, at_township);
        sound(&county);
        at_county
    };
    let first = outcome(true);
    assert_eq!(first, outcome(false));
    let (sides, shown, [_, other], said) = first;
    assert_eq!(sides.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>(), ["省城工地", "邻县砖厂"]);
    assert_ne!(sides[0].1, sides[1].1, "and who wrote which");
    assert_eq!((shown, other.is_empty()), (json!("邻县砖厂"), false), "the later one is displayed meanwhile");
    assert!(said.len() >= 2, "nothing was lost: {said:?}");
}

/// tool-suite-X#109, getodk/central#699: "need to know which data had a conflict and an overwrite", among ten thousands of rows.
#[test]
fn odk_x_109_the_clerk_sees_which_data_conflicted_and_who_decided() {
    let (place, county, township, person) = apart();
    let second = text(&list(&township.household(FLAGSHIP)["members"])[1]["id"]).to_owned();
    change(&county, &second, &json!({ "health": "健康" }));
    change(&township, &second, &json!({ "health": "患有大病" }));
    send_up(&place, &county, &township);
    send_down(&place, &county, &township, A);
    let open = open_conflicts(&township);
    let named: Vec<&str> = open.iter().map(|row| text(&row["field"])).collect();
    assert_eq!(named.len(), 2, "the same field twice, and not what only one side wrote: {named:?}");
    assert_eq!(township.call("conflict_decided", json!({}))["rows"], json!([]));

    // One is decided for what the county wrote, the other for neither.
    let of = |field: &str| open.iter().find(|row| row["field"] == *field).unwrap().clone();
    let (place_row, health) = (of("务工所在地"), of("健康状况"));
    let key = list(&place_row["values"]).iter().find(|v| v["value"] == "省城工地").unwrap()["key"].clone();
    place.world.pass(60);
    township.call("conflict_resolve", json!({ "id": place_row["id"], "key": key, "value": null }));
    place.world.pass(60);
    township.call("conflict_resolve", json!({ "id": health["id"], "key": null, "value": "长期慢性病" }));
    assert_eq!(open_conflicts(&township), Vec::<Value>::new());

    let told = |office: &Office| {
        let rows = list(&office.call("conflict_decided", json!({}))["rows"]);
        let what = |row: &Value| {
            json!([row["at"], row["by"], row["who"], row["village"], row["field"], row["decided"], sides(row)])
        };
        rows.iter().map(what).collect::<Vec<_>>()
    };
    let here = told(&township);
    assert_eq!(here.len(), 2, "{here:?}");
    let [newest, before] = [&here[0], &here[1]];
    assert_eq!((&newest[4], &newest[5], &newest[1]), (&json!("健康状况"), &json!("长期慢性病"), &json!("王玉梅")));
    assert_eq!((&before[4], &before[5], &before[2]), (&json!("务工所在地"), &json!("省城工地"), &json!("张福山")));
    assert_eq!(before[6], json!(sides(&place_row)), "both values stand beside the decision");
    assert!(text(&newest[0]).starts_with("2026-11-21"));

    // The decision travels, with its author; and it can be taken out as a table.
    send_up(&place, &county, &township);
    assert_eq!((open_conflicts(&county), told(&county)), (Vec::new(), here));
    let book = mingbai_sheets::read(&county.bytes("conflict_decided_xlsx", json!({})), "已决定.xlsx").unwrap();
    let cells: Vec<String> =
        book.sheets.iter().flat_map(|sheet| &sheet.rows).flatten().map(mingbai_sheets::Cell::text).collect();
    for said in ["省城工地", "邻县砖厂", "患有大病", "健康", "长期慢性病", "王玉梅", "张福山"]
    {
        assert!(cells.iter().any(|cell| cell == said), "{said}: {cells:?}");
    }
    // A name is the county's to decide, and the township is told by whom.
    change(&county, &second, &json!({ "name": "县里的名字" }));
    change(&township, &second, &json!({ "name": "乡里的名字" }));
    settled(&place, &county, &township, A);
    let row = open_conflicts(&township).remove(0);
    let wish = json!({ "id": row["id"], "key": row["values"][0]["key"], "value": null });
    assert_eq!(township.refused("conflict_resolve", wish.clone()).code, ErrorCode::NotPermitted);
    place.world.pass(60);
    county.call("conflict_resolve", wish);
    settled(&place, &county, &township, A);
    assert_eq!(told(&township), told(&county));
    let newest = told(&township).remove(0);
    assert_eq!((&newest[4], &newest[1]), (&json!("姓名"), &json!("赵建国")), "{newest}");
    // What only repeats the same value was never a conflict and needed nobody.
    for (office, wait) in [(&county, 60), (&township, 60)] {
        place.world.pass(wait);
        change(office, &person, &json!({ "education": "小学" }));
    }
    settled(&place, &county, &township, A);
    change(&county, &person, &json!({ "education": "初中" }));
    assert_eq!(told(&county).len(), 3);
    sound(&county);
    sound(&township);
}

/// SORMAS#403, #399, cht-core#5701: what was not synchronised yet was dropped when its person moved to another unit.
#[test]
fn sormas_403_pending_edits_survive_a_household_moving_to_another_township() {
    let place = filled();
    let (county, old, new) = (place.office(), place.township_a(), place.township_b());
    settled(&place, &county, &old, A);
    settled(&place, &county, &new, B);
    let ([_, of_old, _, lifted_old], whole) = (old.population(), county.population());
    let people = list(&old.household(FLAGSHIP)["members"]).len() as i64;
    let (household, person) = (old.household(FLAGSHIP)["id"].clone(), head_of(&old, FLAGSHIP));
    let village = list(&new.call("village_list", json!({}))["rows"])[0]["id"].clone();

    // The county moves the household; the old township has not heard of it and writes on.
    save(&county, "household", Some(text(&household)), &json!({ "village": village }));
    place.world.pass(60);
    change(&old, &person, &json!({ "phone": "13900004030" }));
    save(&old, "visit", None, &json!({ "person": person, "kind": "poor", "visited_on": "2026-11-20" }));
    send_down(&place, &county, &new, B);
    assert_eq!(head_of(&new, FLAGSHIP), person, "they are there before the last word of the old township");
    let late = send_up(&place, &county, &old);
    assert_eq!((number(&late["unapplied"]), number(&late["deferred"])), (0, 0), "{late}");
    send_down(&place, &county, &old, A);
    send_down(&place, &county, &new, B);

    assert_eq!(field(&new, &person, "phone"), "139****4030");
    let told = |office: &Office| office.call("person_get", json!({ "id": person }));
    for part in ["visits", "bills", "diagnoses", "contracts", "enrolments", "identities"] {
        assert_eq!(told(&new)[part], told(&county)[part], "{part} came along");
    }
    assert!(list(&told(&new)["visits"]).iter().any(|visit| visit["visited_on"] == "2026-11-20"));
    assert_eq!(county.population(), whole, "nobody is counted twice or not at all");
    let [_, open, _, lifted] = old.population();
    let counted = number(&township_row(&county, A)["people"]);
    assert_eq!(counted, of_old + lifted_old - people, "the old township has them no longer");
    assert!(open + lifted >= counted, "and nothing it wrote was deleted on its own PC");
    assert_eq!(old.call("exchange_status", json!({}))["missing"], json!([]));
    assert_eq!(open_conflicts(&county), Vec::<Value>::new());
    for office in [&county, &old, &new] {
        sound(office);
    }
}

/// actualbudget/actual#3786: a PC clock five minutes off stopped all synchronisation, without a reason.
#[test]
fn actual_3786_a_wrong_clock_never_stops_the_exchange() {
    const YEARS: i64 = 3 * 365 * 86_400;
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    settled(&place, &county, &township, A);
    let person = head_of(&township, FLAGSHIP);
    // The township's clock falls back by years, and within the day by hours.
    place.world.pass(-YEARS);
    change(&township, &person, &json!({ "work_place": "第一次填的" }));
    place.world.pass(-7_200);
    change(&township, &person, &json!({ "work_place": "第二次填的" }));
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    place.world.pass(YEARS + 7_200);
    let taken = county.call("exchange_import", json!({ "path": up["files"][0] }));
    for part in ["held", "deferred", "unapplied", "conflicts"] {
        assert_eq!(number(&taken[part]), 0, "{taken}");
    }
    assert_eq!(
        field(&county, &person, "work_place"),
        "第二次填的",
        "what was written later stands, whatever the clock said"
    );

    // The county's clock runs years ahead, and the township takes that too.
    place.world.pass(YEARS);
    change(&county, &person, &json!({ "education": "初中" }));
    let down = county.call("exchange_export", json!({ "folder": place.usb(), "area": A }));
    place.world.pass(-2 * YEARS);
    let taken = township.call("exchange_import", json!({ "path": down["files"][0] }));
    assert_eq!((number(&taken["held"]), number(&taken["unapplied"])), (0, 0), "{taken}");
    assert_eq!(field(&township, &person, "education"), field(&county, &person, "education"));
    // It is told of its clock, and why; and it goes on.
    let lines = list(&township.call("exchange_status", json!({}))["missing"]);
    let warned = lines.iter().map(text).any(|line| line.contains("时钟比县里慢") && line.contains("请核对"));
    assert!(warned, "{lines:?}");
    change(&township, &person, &json!({ "work_place": "第三次填的" }));
    settled(&place, &county, &township, A);
    assert_eq!(field(&county, &person, "work_place"), "第三次填的");
    assert_eq!(open_conflicts(&county), Vec::<Value>::new());
    sound(&county);
    sound(&township);
}

/// Anki-Android#13872, #3180: after a difference everybody had to choose "upload" or "download", and the other side was lost.
#[test]
fn ankidroid_13872_nobody_is_ever_asked_to_choose_one_side_whole() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    settled(&place, &county, &township, A);
    // Weeks apart: either side changes six households of its own, and both the same one.
    let homes: Vec<String> = place
        .told_a()
        .households
        .iter()
        .filter(|home| home.number != FLAGSHIP)
        .map(|home| home.number.clone())
        .collect();
    let remark = |office: &Office, home: &str, said: &str| {
        let id = office.household(home)["id"].clone();
        save(office, "household", Some(text(&id)), &json!({ "remark": said }));
    };
    for (mine, theirs) in homes[..6].iter().zip(&homes[6..12]) {
        remark(&county, mine, "县里核过");
        remark(&township, theirs, "乡里走访过");
    }
    remark(&county, FLAGSHIP, "县里说");
    place.world.pass(60);
    remark(&township, FLAGSHIP, "乡里说");
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let seen = county.call("exchange_preview", json!({ "path": up["files"][0] }));
    assert_eq!(list(&seen["households"]).len(), 7, "every household it changes is named before it is taken in");
    let refusal = county.refused("exchange_import", json!({ "path": up["files"][0], "side": "theirs" }));
    assert_eq!(refusal.code, ErrorCode::InvalidRequest, "there is nothing to choose");
    let taken = county.call("exchange_import", json!({ "path": up["files"][0] }));
    assert_eq!(number(&taken["conflicts"]), 1, "{taken}");
    send_down(&place, &county, &township, A);

    for office in [&county, &township] {
        for (mine, theirs) in homes[..6].iter().zip(&homes[6..12]) {
            assert_eq!(office.household(mine)["remark"], "县里核过");
            assert_eq!(office.household(theirs)["remark"], "乡里走访过");
        }
        let open = open_conflicts(office);
        assert_eq!(open.len(), 1, "only what really differs waits, and both values stand: {open:?}");
        assert_eq!(sides(&open[0]).iter().map(|(v, _)| v.as_str()).collect::<Vec<_>>(), ["乡里说", "县里说"]);
        sound(office);
    }
    // The file that brought it all is kept as it came.
    let kept: Vec<_> = std::fs::read_dir(county.folder.join("收件")).unwrap().flatten().collect();
    let bytes = std::fs::read(text(&up["files"][0])).unwrap();
    assert!(kept.iter().any(|file| std::fs::read(file.path()).unwrap() == bytes));
}
