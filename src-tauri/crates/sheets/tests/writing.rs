//! Files we write: official tables, rosters, the problem file.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod common;

use common::{citizen_id, date, moment, text, workbook};
use mingbai_domain::Fen;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::write::{
    Head, OfficialTable, OfficialValue, ROSTER_COLUMNS, RowsShown, SealLine, official_workbook, plain_csv_gb18030,
    plain_xlsx, problem_file, write_roster_csv_gb18030, write_roster_xlsx,
};
use mingbai_sheets::{Cell, Certificate, Format, Memory, Merge, SheetError, extract, read};

fn table() -> OfficialTable {
    let count = OfficialValue::Count;
    let village = |name: &str, people: i64, ill: i64, money: i64| {
        vec![
            OfficialValue::Text(name.to_owned()),
            count(people),
            count(ill),
            OfficialValue::Percent { part: ill, whole: people },
            OfficialValue::Money(Fen(money)),
        ]
    };
    OfficialTable {
        title: "大病慢病人数统计表".to_owned(),
        tab: "大病慢病".to_owned(),
        unit: "某某镇卫生院".to_owned(),
        date: Some(date(2026, 1, 15)),
        measure: "人、元".to_owned(),
        heads: vec![
            Head::column("村"),
            Head::column("人数"),
            Head::group("患病", vec![Head::column("人数"), Head::column("占比")]),
            Head::column("医疗费用"),
        ],
        rows: vec![village("上坝村", 120, 7, 1_234_567), village("=下坝村", 3, 2, 5), village("无人村", 0, 0, 0)],
        total: Some(village("合计", 123, 9, 1_234_572)),
        notes: vec!["注：患病人数按人去重。".to_owned()],
        seal: Some(SealLine { filled_by: "王五".to_owned(), ..SealLine::default() }),
    }
}

#[test]
fn an_official_table_has_title_unit_merged_heads_total_and_seal() {
    let book = read(&official_workbook(&[table()], moment()).unwrap(), "表.xlsx").unwrap();
    let sheet = &book.sheets[0];
    assert_eq!(sheet.name, "大病慢病");
    assert_eq!(sheet.cell(0, 0), &text("大病慢病人数统计表"));
    let unit_line: String = sheet.rows[1].iter().map(Cell::text).collect();
    assert_eq!(unit_line, "填报单位：某某镇卫生院制表日期：2026年1月15日单位：人、元");
    assert_eq!(sheet.cell(2, 2), &text("患病"));
    assert_eq!(sheet.cell(3, 3), &text("占比"));
    for merge in [
        Merge { top: 0, left: 0, bottom: 0, right: 4 },
        Merge { top: 2, left: 0, bottom: 3, right: 0 },
        Merge { top: 2, left: 2, bottom: 2, right: 3 },
    ] {
        assert!(sheet.merges.contains(&merge), "{merge:?}");
    }
    assert_eq!(sheet.cell(4, 1), &Cell::Number("120".to_owned()));
    assert_eq!(sheet.cell(4, 3), &Cell::Number("0.0583".to_owned()));
    assert_eq!(sheet.cell(5, 3), &Cell::Number("0.6667".to_owned()));
    assert_eq!(sheet.cell(6, 3), &text("—"));
    assert_eq!(sheet.cell(7, 0), &text("合计"));
    assert_eq!(sheet.cell(7, 4), &Cell::Number("12345.72".to_owned()));
    assert_eq!(sheet.cell(8, 0), &text("注：患病人数按人去重。"));
    let seal: String = sheet.rows[9].iter().map(Cell::text).collect();
    assert_eq!(seal, "填表人：王五审核人：单位（盖章）：日期：    年    月    日");
}

/// The parts of a written workbook as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn an_official_table_is_set_up_for_printing_on_a4() {
    let bytes = official_workbook(&[table()], moment()).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"paperSize="9""#) && sheet.contains(r#"orientation="landscape""#), "{sheet}");
    assert!(sheet.contains(r#"fitToHeight="0""#) && sheet.contains("fitToPage"), "{sheet}");
    assert!(sheet.contains("第 &amp;P 页"), "{sheet}");
    assert!(part(&bytes, "xl/workbook.xml").contains("$1:$4"), "heads repeat on every page");
}

#[test]
fn text_that_begins_like_a_formula_is_never_a_formula() {
    let evil = ["=1+1", "=cmd|'/c calc'!A1", "+8613900000000", "-1+2", "@SUM(A1)", "\t=1"];
    let mut official = table();
    official.title = "=HYPERLINK(\"x\")".to_owned();
    official.rows = evil.iter().map(|cell| vec![OfficialValue::Text((*cell).to_owned())]).collect();
    let rows: Vec<Vec<Cell>> = evil.iter().map(|cell| vec![text(cell), text("甲"), text("乙")]).collect();
    for bytes in [
        official_workbook(&[official], moment()).unwrap(),
        plain_xlsx(&["=1"], &["=2", "乙", "丙"], &rows, moment()).unwrap(),
    ] {
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
        let found = read(&bytes, "表.xlsx").unwrap();
        let first: Vec<String> = found.sheets[0].rows.iter().map(|row| row[0].text()).collect();
        assert!(evil.iter().all(|cell| first.iter().any(|text| text == cell)), "{first:?}");
    }
    let csv = plain_csv_gb18030(&["甲", "乙", "丙"], &rows).unwrap();
    let lines = encoding_rs::GB18030.decode(&csv).0.into_owned();
    for line in lines.lines().skip(1) {
        assert!(line.starts_with("\"=\"\"") || line.starts_with("=\""), "{line}");
    }
    let found = read(&csv, "表.csv").unwrap();
    assert_eq!(found.sheets[0].cell(2, 0), &text("=cmd|'/c calc'!A1"));
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    assert_eq!(official_workbook(&[table()], moment()).unwrap(), official_workbook(&[table()], moment()).unwrap());
    let people = people();
    let roster = || write_roster_xlsx("名单", "", &people, moment()).unwrap();
    assert_eq!(roster(), roster());
    let later = moment() + chrono::Duration::days(1);
    assert_ne!(official_workbook(&[table()], later).unwrap(), official_workbook(&[table()], moment()).unwrap());
}

#[test]
fn a_tab_name_that_excel_refuses_is_an_error() {
    let mut bad = table();
    bad.tab = "一/二".to_owned();
    assert!(matches!(official_workbook(&[bad], moment()), Err(SheetError::Write { .. })));
}

fn people() -> Vec<RosterDraft> {
    let person = |number: u16, name: &str, relation: &str| RosterDraft {
        province: "某省".to_owned(),
        city: "某市".to_owned(),
        county: "某县".to_owned(),
        township: "某某镇".to_owned(),
        village: "上坝村".to_owned(),
        household_number: "0520012345678901".to_owned(),
        person_number: format!("05200123456789{number:04}"),
        name: name.to_owned(),
        sex: "男".to_owned(),
        birth: Some(date(1966, 3, 8)),
        document_type: "居民身份证".to_owned(),
        id: Certificate::parse(&citizen_id(number)).unwrap(),
        ethnicity: "汉族".to_owned(),
        household_phone: "13912345678".to_owned(),
        relation: relation.to_owned(),
        health: "长期慢性病,残疾".to_owned(),
        work_months: Some(6),
        minimum_living: "是".to_owned(),
        ..RosterDraft::default()
    };
    vec![
        person(1, "龙䶮", "户主"),
        person(2, "㛃兰", "配偶"),
        person(3, "𬱖之", "之子"),
        person(4, "李𠅤", "之女"),
        person(5, "买买提·吐尔逊", "其他"),
    ]
}

#[test]
fn a_roster_as_csv_in_47_columns_reads_back_the_same() {
    let people = people();
    let bytes = write_roster_csv_gb18030(&people);
    let lines = encoding_rs::GB18030.decode(&bytes).0.into_owned();
    assert_eq!(lines.lines().next().unwrap().split(',').count(), 47);
    assert!(lines.contains(&format!("=\"{}\"", citizen_id(1))) && lines.contains("=\"0520012345678901\""));
    assert!(lines.contains("=\"19660308\""));
    let book = read(&bytes, "名单.csv").unwrap();
    assert_eq!(book.format, Format::CsvGb18030);
    let batch = extract::<RosterDraft>(&book, &Memory::default()).unwrap();
    assert!(batch.problems.is_empty() && batch.headers[0].header.unknown.is_empty(), "{batch:?}");
    assert_eq!(batch.headers[0].header.columns.len(), ROSTER_COLUMNS.len());
    assert_eq!(batch.rows.into_iter().map(|row| row.draft).collect::<Vec<_>>(), people);
}

#[test]
fn the_same_people_as_xlsx_with_the_header_in_row_three_read_back_the_same() {
    let people = people();
    let bytes = write_roster_xlsx("（自定义）监测对象信息", "导出时间：2026-01-15", &people, moment()).unwrap();
    let book = read(&bytes, "（自定义）监测对象信息 (22).xlsx").unwrap();
    let batch = extract::<RosterDraft>(&book, &Memory::default()).unwrap();
    assert_eq!(batch.headers[0].header.row, 2);
    assert!(batch.problems.is_empty() && batch.headers[0].header.unknown.is_empty(), "{batch:?}");
    assert_eq!(batch.rows.into_iter().map(|row| row.draft).collect::<Vec<_>>(), people);
}

#[test]
fn the_problem_file_shows_the_reasons_and_imports_again_once_corrected() {
    let book = workbook(&[
        &["某某镇名单"],
        &["村", "户编号", "姓名", "证件号码", "与户主关系"],
        &["上坝村", "1", "张三", &citizen_id(1), "户主"],
        &["上坝村", "1", "李四", "5.20123E+17", "配偶"],
        &["上坝村", "", "王五", &citizen_id(3), "之子"],
    ]);
    let batch = extract::<RosterDraft>(&book, &Memory::default()).unwrap();
    assert_eq!(batch.counts.rejected, 2);
    let bytes = problem_file(&book, &batch, RowsShown::Rejected, moment()).unwrap();
    let mut again = read(&bytes, "问题.xlsx").unwrap();
    let sheet = &mut again.sheets[0];
    assert_eq!(sheet.cell(1, 5), &text("问题说明"));
    assert_eq!(sheet.rows.len(), 4, "title, header and the two rejected rows");
    assert!(sheet.cell(2, 5).text().contains("证件号码被Excel转成数字"), "{:?}", sheet.cell(2, 5));
    assert_eq!(sheet.cell(2, 6), &Cell::Number("4".to_owned()));
    assert!(sheet.cell(3, 5).text().contains("“户编号”不能为空"), "{:?}", sheet.cell(3, 5));
    assert!(part(&bytes, "xl/styles.xml").contains("FFFFC7CE"), "faulty cells are red");
    sheet.rows[2][3] = text(&citizen_id(2));
    sheet.rows[3][1] = text("1");
    let corrected = extract::<RosterDraft>(&again, &Memory::default()).unwrap();
    assert_eq!((corrected.counts.accepted, corrected.counts.rejected), (2, 0));
    let all = read(&problem_file(&book, &batch, RowsShown::All, moment()).unwrap(), "全部.xlsx").unwrap();
    assert_eq!(all.sheets[0].rows.len(), 5);
}
