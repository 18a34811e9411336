//! 数据比对: lists of other offices beside the register, from the file to what is given back to the office.

use mingbai_app::ErrorCode;
use mingbai_sheets::read;
use mingbai_tests::offices::{County, Office, list, number, sources, text};
use serde_json::{Value, json};

use crate::imports::{counts, ids, table};
use crate::{filled, joined};

const ROSTER: [&str; 9] =
    ["村", "户编号", "姓名", "证件号码", "与户主关系", "脱贫属性", "主要致贫原因", "出生日期", "是否享受低保"];

fn take(office: &Office, source: &str, path: &std::path::Path) -> Value {
    office.call("compare_take", json!({ "path": path, "source": source, "as_of": null }))
}

fn run(office: &Office, taken: &Value) -> Value {
    office.call("compare_run", json!({ "ours": null, "theirs": taken["id"] }))
}

fn rows(office: &Office, taken: &Value, group: &str, state: &str) -> Vec<Value> {
    let request =
        json!({ "ours": null, "theirs": taken["id"], "group": group, "state": state, "offset": 0, "limit": 1000 });
    list(&office.call("compare_rows", request)["rows"])
}

#[track_caller]
fn group<'v>(view: &'v Value, key: &str) -> &'v Value {
    let groups = view["groups"].as_array().unwrap();
    groups.iter().find(|group| group["key"] == key).unwrap_or_else(|| panic!("no group {key}: {view}"))
}

fn keys(rows: &[Value]) -> Vec<Value> {
    rows.iter().map(|row| row["key"].clone()).collect()
}

fn decide(office: &Office, taken: &Value, rows: &[Value], decision: &str) -> Value {
    let request = json!({
        "ours": null, "theirs": taken["id"], "keys": keys(rows), "decision": decision, "reason": "入户核实过", "evidence": null,
    });
    office.call("compare_decide", request)
}

/// The first people of the township, one a household: number, name, id.
fn people(place: &County, count: usize) -> Vec<(String, String, String)> {
    let found = ids(place).into_iter().filter(|id| id.get(6..8) == Some("19")).take(count).enumerate();
    let people: Vec<_> =
        found.map(|(at, id)| (format!("15990100090{:02}", at + 1), format!("赵大{}", NAMES[at]), id)).collect();
    assert_eq!(people.len(), count);
    people
}

const NAMES: [char; 25] = [
    '山', '水', '田', '林', '路', '江', '河', '湖', '海', '春', '夏', '秋', '冬', '金', '木', '火', '土', '东', '西',
    '南', '北', '天', '地', '云', '月',
];

/// A township whose register is these people with a cause and, where named, a disease.
fn registered(
    place: &County,
    people: &[(String, String, String)],
    cause: &dyn Fn(usize) -> (&'static str, &'static str),
) -> Office {
    let office = place.township_a();
    let village = place.told_a().villages[0].name.clone();
    let told = people.iter().enumerate().map(|(at, (home, name, id))| {
        vec![village.as_str(), home.as_str(), name.as_str(), id.as_str(), "户主", "已脱贫", cause(at).0, "", ""]
    });
    let path = table(place, "户档案.xlsx", &ROSTER, &told.collect::<Vec<_>>());
    assert_eq!(counts(&office.import("roster", &path, false))[4], 0);
    let ill = people.iter().enumerate().filter(|(at, _)| !cause(*at).1.is_empty());
    let ill: Vec<Vec<&str>> =
        ill.map(|(at, (_, name, id))| vec![name.as_str(), id.as_str(), cause(at).1, "慢病"]).collect();
    if !ill.is_empty() {
        let path = table(place, "筛查.xlsx", &["姓名", "身份证号", "疾病名称", "病类"], &ill);
        assert_eq!(counts(&office.import("screening", &path, false))[4], 0);
    }
    office
}

const POVERTY: [&str; 6] = ["行政村", "户编号", "姓名", "证件号码", "主要致贫原因", "疾病名称"];

#[test]
fn the_303_households_and_1110_people_are_136_and_167_and_478_and_632_on_both_sides() {
    let place = filled();
    let office = place.township_a();
    let roster = place.put(&sources(place.told_a())[1]);
    let taken = take(&office, "poverty", &roster);
    assert_eq!(taken["in_file"], json!(number(&taken["rows"]) + list(&taken["refused"]).len() as i64), "{taken}");
    let view = run(&office, &taken);
    for side in ["ours", "theirs"] {
        let totals = &view[side]["totals"];
        let told = [
            "households",
            "not_lifted_households",
            "lifted_households",
            "people",
            "not_lifted_people",
            "lifted_people",
        ];
        assert_eq!(told.map(|name| number(&totals[name])), [303, 136, 167, 1110, 478, 632], "{side} {view}");
    }
    let [matched, similar] = ["matched", "similar"].map(|name| number(&view[name]));
    for side in ["ours", "theirs"] {
        let people = number(&view[side]["rows"]) - number(&view[side]["repeated"]);
        let alone = number(&view[&format!("only_{side}")]);
        let elsewhere = if side == "theirs" { number(&view["elsewhere"]) } else { 0 };
        assert_eq!(people, matched + similar + alone + elsewhere, "{view}");
    }
    assert!(matched >= 1080, "{view}");
}

#[test]
fn a_list_that_does_not_add_up_is_not_compared_and_the_refusal_names_both_numbers() {
    let place = joined();
    let people = people(&place, 3);
    let office = registered(&place, &people, &|_| ("因病", ""));
    let mut lines: Vec<Vec<&str>> =
        people.iter().map(|(home, name, id)| vec!["", home.as_str(), name.as_str(), id.as_str(), "因病", ""]).collect();
    lines.push(vec!["", "", "", "110105194912310021", "因病", ""]);
    lines.push(vec!["合计", "3户", "4人"]);
    let taken = take(&office, "poverty", &table(&place, "乡村振兴.xlsx", &POVERTY, &lines));
    assert_eq!([&taken["in_file"], &taken["rows"]], [&json!(4), &json!(3)], "{taken}");
    assert_eq!(taken["refused"][0]["row"], 6, "{taken}");
    let before = office.entries();
    let refused = office.refused("compare_run", json!({ "ours": null, "theirs": taken["id"] }));
    assert_eq!((refused.code, refused.detail.as_deref()), (ErrorCode::Validation, Some("totals_differ")));
    assert!(refused.message.contains("4人") && refused.message.contains("3人"), "{}", refused.message);
    assert_eq!(office.entries(), before, "nothing is recorded");
}

#[test]
fn five_households_of_each_mismatch_are_planted_and_five_of_each_are_found() {
    let place = joined();
    let people = people(&place, 25);
    // Ours: cause and disease; theirs: cause and disease. The last five agree.
    let planted = |at: usize| match at / 5 {
        0 => ("因病", "", "因病", ""),
        1 => ("缺技术", "高血压", "缺技术", ""),
        2 => ("因病", "高血压", "因病", "胃癌"),
        3 => ("缺技术", "", "缺资金", ""),
        _ => ("因病", "高血压", "因病", "高血压病三级 很高危"),
    };
    let office = registered(&place, &people, &|at| (planted(at).0, planted(at).1));
    let village = place.told_a().villages[0].name.clone();
    let told = people.iter().enumerate().map(|(at, (home, name, id))| {
        vec![village.as_str(), home.as_str(), name.as_str(), id.as_str(), planted(at).2, planted(at).3]
    });
    let taken = take(&office, "poverty", &table(&place, "乡村振兴.xlsx", &POVERTY, &told.collect::<Vec<_>>()));
    let view = run(&office, &taken);
    for (key, first) in [("M1", 0), ("M2", 5), ("M3", 10), ("M4", 15)] {
        let found: Vec<String> =
            rows(&office, &taken, key, "fresh").iter().map(|row| text(&row["household_number"]).to_owned()).collect();
        let wanted: Vec<String> = people[first..first + 5].iter().map(|(home, ..)| home.clone()).collect();
        assert_eq!(found, wanted, "{key} {view}");
    }
    assert_eq!(group(&view, "M2-93")["all"], 0);
    let lists = office.call("compare_lists", json!({}));
    assert!(text(&lists["focus"]).contains("没有下发"), "no list of 93 diseases is made up: {lists}");
}

#[test]
fn a_difference_decided_last_month_does_not_come_again_unless_one_side_changed() {
    let place = joined();
    let people = people(&place, 6);
    let office = registered(&place, &people, &|_| ("缺技术", ""));
    let list_of = |name: &str, changed: &'static str| {
        let told = people.iter().enumerate().map(|(at, (home, name, id))| {
            let cause = if at == 0 { changed } else { "缺资金" };
            vec!["", home.as_str(), name.as_str(), id.as_str(), cause, ""]
        });
        take(&office, "poverty", &table(&place, name, &POVERTY, &told.collect::<Vec<_>>()))
    };
    let october = list_of("十月.xlsx", "缺资金");
    assert_eq!(group(&run(&office, &october), "M4")["fresh"], 6);
    let found = rows(&office, &october, "M4", "fresh");
    assert_eq!(decide(&office, &october, &found[..5], "kept")["decided"], 5);
    decide(&office, &october, &found[5..], "later");
    let view = office.call("compare_get", json!({ "ours": null, "theirs": october["id"] }));
    assert_eq!(["fresh", "waiting", "decided"].map(|key| number(&group(&view, "M4")[key])), [0, 1, 5], "{view}");

    let november = list_of("十一月.xlsx", "因学");
    let view = run(&office, &november);
    assert_eq!(["fresh", "waiting", "decided"].map(|key| number(&group(&view, "M4")[key])), [1, 1, 4], "{view}");
    let back = rows(&office, &november, "M4", "fresh");
    assert_eq!(back[0]["household_number"], json!(people[0].0));
    assert!(text(&back[0]["before"]).contains("保留不改"), "{back:?}");
}

#[test]
fn certificates_of_20_and_22_characters_match_by_their_first_18_and_old_ids_of_15_by_conversion() {
    let place = joined();
    let people = people(&place, 4);
    let office = registered(&place, &people, &|_| ("因残", ""));
    let written = |at: usize| match (at, people[at].2.as_str()) {
        (0, id) => format!("{id}43"),
        (1, id) => format!("{id}12B1"),
        (2, id) => format!("{}{}", id.get(..6).unwrap(), id.get(8..17).unwrap()),
        (_, id) => id.to_owned(),
    };
    let numbers: Vec<String> = (0..4).map(written).collect();
    let told: Vec<Vec<&str>> =
        people.iter().zip(&numbers).map(|((_, name, _), number)| vec![name.as_str(), number.as_str(), ""]).collect();
    let taken = take(&office, "disabled", &table(&place, "残联.xlsx", &["残疾人姓名", "残疾人证号", "备注"], &told));
    let view = run(&office, &taken);
    assert_eq!(["matched", "by_id", "only_theirs"].map(|key| number(&view[key])), [4, 4, 0], "{view}");
    let said = rows(&office, &taken, "field", "fresh");
    let told = said.iter().find(|row| row["name"] == json!(people[0].1) && row["field"] == "残疾类别等级");
    assert_eq!(
        told.map(|row| [&row["ours"], &row["theirs"]]),
        Some([&json!("没有登记"), &json!("肢体三级")]),
        "{said:?}"
    );
}

#[test]
fn people_without_an_id_are_listed_apart_and_a_name_alone_makes_nobody_the_same() {
    let place = joined();
    let people = people(&place, 2);
    let office = registered(&place, &people, &|_| ("因病", ""));
    let village = place.told_a().villages[0].name.clone();
    let like = people[0].1.replace('赵', "照");
    let told = [
        vec![village.as_str(), "", "李秀英", "999999196001010012", "", ""],
        vec![village.as_str(), "", "李秀英", "", "", ""],
        vec![village.as_str(), "", like.as_str(), "", "", ""],
        vec![village.as_str(), people[1].0.as_str(), people[1].1.as_str(), people[1].2.as_str(), "", ""],
    ];
    let taken = take(&office, "poverty", &table(&place, "乡村振兴.xlsx", &POVERTY, &told));
    let view = run(&office, &taken);
    assert_eq!(["matched", "similar", "only_theirs"].map(|key| number(&view[key])), [1, 1, 2], "{view}");
    let apart = rows(&office, &taken, "no_id", "fresh");
    assert_eq!(apart.iter().map(|row| text(&row["name"])).collect::<Vec<_>>(), ["李秀英", "李秀英"], "{apart:?}");
    let alike = rows(&office, &taken, "similar", "fresh");
    assert!(text(&alike[0]["theirs"]).contains("同音"), "{alike:?}");

    decide(&office, &taken, &alike, "ours");
    let view = office.call("compare_get", json!({ "ours": null, "theirs": taken["id"] }));
    assert_eq!(["matched", "by_word", "similar"].map(|key| number(&view[key])), [2, 1, 0], "{view}");
}

#[test]
fn a_county_list_taken_in_at_one_township_tells_its_own_people_from_those_of_other_places() {
    let place = joined();
    let people = people(&place, 2);
    let office = registered(&place, &people, &|_| ("因病", ""));
    let ours = &place.told_a().villages[0].name;
    let labels = ["乡镇", "行政村", "姓名", "证件号码"];
    let strangers: Vec<String> = ids(&place).into_iter().filter(|id| people.iter().all(|own| own.2 != *id)).collect();
    let told = [
        vec!["", ours.as_str(), people[0].1.as_str(), people[0].2.as_str()],
        vec!["", ours.as_str(), "钱大一", strangers[0].as_str()],
        vec!["", "远山深处村", "钱大二", strangers[1].as_str()],
        vec!["", "", "钱大三", strangers[2].as_str()],
    ];
    let taken = take(&office, "poverty", &table(&place, "全县.xlsx", &labels, &told));
    let view = run(&office, &taken);
    let told = ["matched", "only_theirs", "elsewhere"].map(|key| number(&view[key]));
    assert_eq!(told, [1, 2, 1], "a row that names no place may be ours: {view}");
    let elsewhere = rows(&office, &taken, "elsewhere", "fresh");
    assert_eq!(elsewhere.iter().map(|row| text(&row["name"])).collect::<Vec<_>>(), ["钱大二"], "nobody is hidden");
}

#[test]
fn whom_the_insurer_has_not_marked_and_whom_it_does_not_have_are_told() {
    let place = joined();
    let people = people(&place, 3);
    let office = place.township_a();
    let village = place.told_a().villages[0].name.clone();
    let told = people.iter().map(|(home, name, id)| {
        vec![village.as_str(), home.as_str(), name.as_str(), id.as_str(), "户主", "已脱贫", "因病", "", "是"]
    });
    office.import("roster", &table(&place, "户档案.xlsx", &ROSTER, &told.collect::<Vec<_>>()), false);
    let labels = ["姓名", "证件号码", "人员类别"];
    let told = [
        vec![people[0].1.as_str(), people[0].2.as_str(), "低保对象"],
        vec![people[1].1.as_str(), people[1].2.as_str(), "普通居民"],
    ];
    let taken = take(&office, "insurer", &table(&place, "医保.xlsx", &labels, &told));
    run(&office, &taken);
    let unmarked = rows(&office, &taken, "field", "fresh");
    assert_eq!(unmarked.len(), 1, "{unmarked:?}");
    assert_eq!(unmarked[0]["name"], json!(people[1].1));
    assert_eq!([&unmarked[0]["field"], &unmarked[0]["theirs"]], ["医保标识", "未标识"]);
    let lacking = rows(&office, &taken, "only_ours", "fresh");
    assert_eq!(lacking.iter().map(|row| &row["name"]).collect::<Vec<_>>(), [&json!(people[2].1)], "{lacking:?}");
}

#[test]
fn what_is_given_back_stands_in_the_other_offices_columns_and_names_no_restricted_disease() {
    let place = joined();
    let people = people(&place, 3);
    let office =
        registered(&place, &people, &|at| ("缺技术", ["高血压", "肺结核", ""].get(at).copied().unwrap_or_default()));
    let labels = ["序号", "行政村", "户编号", "姓名", "证件号码", "主要致贫原因", "备注"];
    let told: Vec<Vec<&str>> = people
        .iter()
        .map(|(home, name, id)| vec!["1", "", home.as_str(), name.as_str(), id.as_str(), "缺技术", "=1+1"])
        .collect();
    let taken = take(&office, "poverty", &table(&place, "乡村振兴.xlsx", &labels, &told));
    assert_eq!(group(&run(&office, &taken), "M2")["all"], 2);
    let shown = rows(&office, &taken, "M2", "all");
    assert!(shown.iter().all(|row| !row.to_string().contains("结核")), "{shown:?}");
    let request =
        |reason: &str| json!({ "ours": null, "theirs": taken["id"], "group": "M2", "state": "all", "reason": reason });
    assert_eq!(office.app.bytes("compare_xlsx", request(" ")).unwrap_err().code, ErrorCode::Validation);
    decide(&office, &taken, &shown, "theirs");
    let before = office.entries();
    let book = read(&office.bytes("compare_xlsx", request("提供县乡村振兴局核对")), "比对.xlsx").unwrap();
    assert_eq!(office.entries(), before + 1, "the log says that it was given");
    let sheet = &book.sheets[0];
    let line = |row: usize| sheet.rows[row].iter().map(mingbai_sheets::Cell::text).collect::<Vec<_>>();
    assert!(
        line(1)[0].contains("提供1行；另有1行限制查看") && line(1)[0].contains("提供县乡村振兴局核对"),
        "{:?}",
        line(1)
    );
    assert_eq!(line(2)[..7], labels);
    assert_eq!(line(2)[7..9], ["比对结果", "不一致的栏目"]);
    let row = line(3);
    assert_eq!([&row[3], &row[4], &row[6]], [&people[0].1, &people[0].2, "=1+1"], "text stays text");
    assert!(row[9].contains("高血压") && row[11] == "以对方为准", "{row:?}");
    assert_eq!(sheet.rows.len(), 4, "{sheet:?}");
    let given = rows(&office, &taken, "M2", "all");
    assert_eq!(given.iter().filter(|row| !row["reported_on"].is_null()).count(), 1, "{given:?}");
}
