//! What a file is before it is read, and what was said about its like before.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod common;

use std::collections::BTreeMap;

use common::{citizen_id, date, text, workbook, xlsx_of};
use mingbai_sheets::profiles::{ROSTER, RosterDraft};
use mingbai_sheets::{
    Batch, Cell, ColumnState, Mapping, Memory, Sheet, SheetLook, Source, Workbook, extract, look, read,
};

const LABELS: [&str; 7] = ["村", "户编号", "姓名", "证件号码", "与户主关系", "户主手机", "村民代表"];

fn take(workbook: &Workbook, memory: &Memory) -> Batch<RosterDraft> {
    extract::<RosterDraft>(workbook, memory).unwrap()
}

/// The first sheet as a roster.
fn seen(workbook: &Workbook, memory: &Memory) -> SheetLook {
    look(workbook, &ROSTER, memory, None, &["relation", "cause_main"]).remove(0)
}

fn answered(labels: &[&str], said: &[(&str, Option<&str>)]) -> Memory {
    let labels_said = said.iter().map(|(label, key)| ((*label).to_owned(), key.map(str::to_owned)));
    let mapping = Mapping { labels: labels_said.collect() };
    Memory { sources: vec![Source::new(labels.iter().copied(), mapping)], ..Memory::default() }
}

#[test]
fn a_header_below_a_page_of_explanations_is_found() {
    let id = citizen_id(1);
    let mut rows: Vec<Vec<Cell>> =
        (1..=37).map(|line| vec![text(&format!("{line}. 填表说明：逐户逐人核对。"))]).collect();
    rows.push(LABELS.map(text).to_vec());
    rows.push(["上坝村", "5200001", "张三", id.as_str(), "户主", "13900001234", "是"].map(text).to_vec());
    let sheet = Sheet { name: "名单".to_owned(), rows, merges: Vec::new() };
    let book = Workbook { name: "名单.xlsx".to_owned(), sheets: vec![sheet], ..Workbook::default() };
    let batch = take(&book, &Memory::default());
    assert_eq!((batch.headers[0].header.row, batch.rows.len(), batch.rows[0].row), (37, 1, 39));
}

#[test]
fn a_summary_on_top_is_not_taken_for_the_header_that_stands_below_it() {
    let id = citizen_id(1);
    let mut rows: Vec<Vec<Cell>> = vec![["乡镇", "村", "人数", "联系电话"].map(text).to_vec()];
    rows.extend((1..=25).map(|n| ["代化镇", &format!("第{n}村"), "120", "13900001234"].map(text).to_vec()));
    rows.push(LABELS.map(text).to_vec());
    rows.push(["上坝村", "5200001", "张三", id.as_str(), "户主", "", ""].map(text).to_vec());
    let sheet = Sheet { name: "名单".to_owned(), rows, merges: Vec::new() };
    let book = Workbook { name: "名单.xlsx".to_owned(), sheets: vec![sheet], ..Workbook::default() };
    let batch = take(&book, &Memory::default());
    assert_eq!((batch.headers[0].header.row, batch.counts.data), (26, 1));
}

#[test]
fn a_column_mapped_once_is_known_though_its_place_changed_and_another_came() {
    let id = citizen_id(1);
    let memory = answered(&LABELS, &[("户主手机", Some("household_phone")), ("村民代表", None)]);
    let book = workbook(&[
        &["户主手机", "姓名", "与户主关系", "证件号码", "民族", "户编号", "村", "村民代表"],
        &["13900001234", "张三", "户主", &id, "汉族", "5200001", "上坝村", "是"],
    ]);
    assert_eq!(take(&book, &Memory::default()).rows[0].draft.household_phone, "");
    let batch = take(&book, &memory);
    assert_eq!(batch.rows[0].draft.household_phone, "13900001234");
    assert_eq!(batch.headers[0].header.source, Some(0));
    let states = |memory: &Memory| -> Vec<(String, ColumnState, bool)> {
        let columns = seen(&book, memory).columns.into_iter();
        columns.filter(|c| c.state != ColumnState::Mapped || c.told).map(|c| (c.label, c.state, c.told)).collect()
    };
    let said = |label: &str, state, told| (label.to_owned(), state, told);
    assert_eq!(
        states(&memory),
        [said("户主手机", ColumnState::Mapped, true), said("村民代表", ColumnState::Ignored, true)]
    );
    assert_eq!(
        states(&Memory::default()),
        [said("户主手机", ColumnState::Unknown, false), said("村民代表", ColumnState::Unknown, false)]
    );
}

#[test]
fn what_was_said_about_one_layout_is_not_said_about_another() {
    let memory =
        answered(&["姓名", "证件号码", "户编号", "与户主关系", "村", "姓名2", "备注"], &[("备注", Some("address"))]);
    let id = citizen_id(1);
    let book = workbook(&[
        &["姓名", "证件号码", "户编号", "与户主关系", "村", "健康状况", "文化程度", "备注"],
        &["张三", &id, "5200001", "户主", "上坝村", "健康", "小学", "低保复核"],
    ]);
    let batch = take(&book, &memory);
    assert_eq!((batch.rows[0].draft.address.as_str(), batch.rows[0].draft.remark.as_str()), ("", "低保复核"));
}

#[test]
fn a_table_whose_labels_nobody_knows_is_guessed_at_and_read_once_its_columns_are_told() {
    let id = citizen_id(1);
    let labels = ["庄子", "门户代码", "人名", "号码", "是户主的什么人"];
    let book = workbook(&[&["贫困人口台账"], &labels, &["上坝村", "5200001", "张三", &id, "户主"]]);
    assert!(extract::<RosterDraft>(&book, &Memory::default()).is_err());
    let guessed = seen(&book, &Memory::default());
    assert_eq!((guessed.known, guessed.header.unwrap().row, guessed.rows), (false, 1, 1));
    assert!(guessed.columns.iter().all(|column| column.state == ColumnState::Unknown));
    assert_eq!(guessed.columns[2].samples, ["张三"]);
    let said = [
        ("庄子", Some("village")),
        ("门户代码", Some("household_number")),
        ("人名", Some("name")),
        ("号码", Some("id")),
        ("是户主的什么人", Some("relation")),
    ];
    let memory = answered(&labels, &said);
    let batch = take(&book, &memory);
    let draft = &batch.rows[0].draft;
    assert_eq!((draft.name.as_str(), draft.village.as_str(), draft.relation.as_str()), ("张三", "上坝村", "户主"));
    assert!(seen(&book, &memory).known);
}

#[test]
fn the_clerk_may_say_in_which_row_the_header_stands() {
    let book = workbook(&[
        &["单位", "联系人", "电话", "邮箱", "地址"],
        &["卫生院", "王芳", "办公室", "没有", "街上"],
        &["庄子", "门户代码", "人名"],
        &["上坝村", "5200001", "张三"],
    ]);
    let told = |row| look(&book, &ROSTER, &Memory::default(), Some(("Sheet1", row)), &[]).remove(0);
    assert_eq!(told(2).columns.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["庄子", "门户代码", "人名"]);
    assert_eq!(told(2).rows, 1);
    assert_eq!(told(9).header.map(|header| header.row), Some(0), "where there is no such row it is guessed at");
}

#[test]
fn columns_are_told_with_samples_and_the_labels_in_them_with_their_numbers() {
    let book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系", "姓名.1", "主要致贫原因", "村民代表"],
        &["上坝村", "1", "张三", &citizen_id(1), "户主", "张三", "因病，因残", "是"],
        &["上坝村", "1", "李四", &citizen_id(2), "内当家", "", "因病", ""],
        &["上坝村", "2", "王五", &citizen_id(3), "内当家", "", "", "否"],
        &["合计", "3人", "", "", "", "", "", ""],
    ]);
    let seen = seen(&book, &Memory::default());
    assert_eq!((seen.rows, seen.known), (3, true), "the line of sums is no data");
    let column = |label: &str| seen.columns.iter().find(|column| column.label == label).unwrap();
    assert_eq!((column("姓名").key.as_deref(), column("姓名").filled), (Some("name"), 3));
    assert_eq!((column("姓名.1").state, column("姓名.1").filled), (ColumnState::Duplicate, 1));
    assert_eq!(column("村民代表").samples, ["是", "否"]);
    let labels = |key: &str| -> Vec<(&str, usize, u32)> {
        seen.labels[key].iter().map(|tally| (tally.text.as_str(), tally.rows, tally.first_row)).collect()
    };
    assert_eq!(labels("relation"), [("内当家", 2, 3), ("户主", 1, 2)]);
    assert_eq!(labels("cause_main"), [("因病", 2, 2), ("因残", 1, 2)]);
}

#[test]
fn a_label_that_was_told_is_read_as_what_it_means_also_beside_others_in_one_cell() {
    let book = workbook(&[
        &["村", "户编号", "姓名", "证件号码", "与户主关系", "主要致贫原因"],
        &["上坝村", "1", "李四", &citizen_id(2), " 内当家 ", "因病;缺人手"],
    ]);
    let told = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(label, reading)| ((*label).to_owned(), (*reading).to_owned())).collect()
    };
    let readings = [("relation", told(&[("内当家", "配偶")])), ("cause_main", told(&[("缺人手", "缺劳动力")]))];
    let readings = readings.into_iter().map(|(key, said)| (key.to_owned(), said)).collect();
    let memory = Memory { readings, ..Memory::default() };
    let draft = &take(&book, &memory).rows[0].draft;
    assert_eq!((draft.relation.as_str(), draft.cause_main.as_str()), ("配偶", "因病、缺劳动力"));
    let labels = &seen(&book, &memory).labels;
    assert_eq!(labels["relation"][0].text, "内当家", "what the file says stays to be seen");
}

#[test]
fn columns_of_one_name_under_different_heads_are_told_apart_by_their_heads() {
    let book = workbook(&[
        &["姓名", "证件号码", "户编号", "与户主关系", "村", "入户", "", "复核", ""],
        &["", "", "", "", "", "日期", "人员", "日期", "人员"],
        &["张三", &citizen_id(1), "1", "户主", "上坝村", "2026-01-05", "王芳", "2026-02-05", "李娟"],
    ]);
    let told = seen(&book, &Memory::default());
    assert_eq!((told.header.unwrap().first_data_row, told.rows), (2, 1));
    let labels: Vec<String> = told.columns.into_iter().map(|column| column.label).collect();
    assert_eq!(labels[5..], ["入户日期", "入户人员", "复核日期", "复核人员"]);
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let memory = answered(&labels, &[("复核日期", Some("person_recognised_on"))]);
    assert_eq!(take(&book, &memory).rows[0].draft.person_recognised_on, Some(date(2026, 2, 5)));
}

#[test]
fn a_formula_in_a_roster_is_read_by_the_value_that_was_last_shown() {
    let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let labels: String = ["A1", "B1", "C1", "D1", "E1", "F1"]
        .into_iter()
        .zip(["村", "户编号", "姓名", "证件号码", "与户主关系", "人均纯收入"])
        .map(|(at, label)| cell(at, label))
        .collect();
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">{labels}</row><row r="2">{}<c r="B2" t="str"><f>"52"&amp;"00001"</f><v>5200001</v></c><c r="C2" t="str"><f>VLOOKUP(B2,X:Y,2,0)</f><v>张三</v></c>{}{}<c r="F2"><f>SUM(G2:H2)/3</f><v>4820.5</v></c></row></sheetData></worksheet>"#,
        cell("A2", "上坝村"),
        cell("D2", &citizen_id(1)),
        cell("E2", "户主"),
    );
    let book = read(&xlsx_of(&sheet, None), "公式.xlsx").unwrap();
    let draft = &take(&book, &Memory::default()).rows[0].draft;
    assert_eq!((draft.household_number.as_str(), draft.name.as_str()), ("5200001", "张三"));
    assert_eq!(draft.income_per_head.map(|income| income.to_string()), Some("4,820.50".to_owned()));
}

#[test]
fn a_birth_date_in_six_spellings_is_one_day() {
    let spellings = ["1966-03-08", "1966/3/8", "1966.3.8", "1966年3月8日", "19660308", "24174"];
    let ids: Vec<String> = (1..=6).map(citizen_id).collect();
    let rows: Vec<Vec<&str>> =
        ids.iter().zip(spellings).map(|(id, day)| vec!["上坝村", "1", "张三", id.as_str(), "户主", day]).collect();
    let header: &[&str] = &["村", "户编号", "姓名", "证件号码", "与户主关系", "出生日期"];
    let all: Vec<&[&str]> = std::iter::once(header).chain(rows.iter().map(Vec::as_slice)).collect();
    let batch = take(&workbook(&all), &Memory::default());
    assert_eq!(batch.rows.len(), 6, "{:?}", batch.problems);
    assert!(batch.rows.iter().all(|row| row.draft.birth == Some(date(1966, 3, 8))), "{:?}", batch.rows);
}
