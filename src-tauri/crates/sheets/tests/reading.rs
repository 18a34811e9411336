//! What a file is, its content decides; what cannot be read is refused in one sentence.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod common;

use common::{citizen_id, date, moment, text, xlsx_of, zip_of};
use mingbai_sheets::write::{plain_csv_gb18030, plain_xlsx};
use mingbai_sheets::{Cell, Format, Limits, SheetError, read, read_within};

fn refusal(bytes: &[u8], name: &str) -> SheetError {
    let error = read(bytes, name).unwrap_err();
    let said = error.to_string();
    // Every refusal names the file, says that nothing was changed, and what to do.
    assert!(said.contains(name) && said.contains("没有导入任何内容") && said.contains("请"), "{said}");
    assert!(!said.contains('\n'), "{said}");
    error
}

#[test]
fn an_empty_file_is_refused() {
    assert!(matches!(refusal(b"", "空.xlsx"), SheetError::Empty { .. }));
    assert!(matches!(refusal(b" \r\n\r\n", "空.csv"), SheetError::Empty { .. }));
    assert!(matches!(refusal(b",,\r\n,,\r\n", "空.csv"), SheetError::Empty { .. }));
    let blank = plain_xlsx(&[], &[], &[], moment()).unwrap();
    assert!(matches!(refusal(&blank, "空.xlsx"), SheetError::Empty { .. }));
}

#[test]
fn a_text_file_renamed_to_xlsx_is_refused() {
    let prose = "各村卫生室：\n请于本周五前，将名单报来。\n";
    assert!(matches!(refusal(prose.as_bytes(), "通知.xlsx"), SheetError::NotASpreadsheet { found: "纯文本", .. }));
}

#[test]
fn other_kinds_of_files_are_refused_by_what_they_are() {
    let found = |bytes: &[u8], name| match refusal(bytes, name) {
        SheetError::NotASpreadsheet { found, .. } => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(b"%PDF-1.7 ...", "名单.xlsx"), "PDF文档");
    assert_eq!(found(b"<html><table><tr><td>1</td></tr></table></html>", "名单.xls"), "网页");
    assert_eq!(found(b"\x89PNG\r\n\x1a\n....", "名单.xlsx"), "图片");
    assert_eq!(found(&zip_of(&[("word/document.xml", "<w/>")]), "名单.xlsx"), "Word文档");
    assert_eq!(found(&zip_of(&[("照片/1.txt", "x")]), "名单.xlsx"), "普通压缩包");
    assert_eq!(found(b"\x00\x01\x02\x03 binary \x00", "名单.csv"), "无法识别的数据");
    assert_eq!(found(br#"{"a": 1}"#, "名单.csv"), "JSON数据");
}

#[test]
fn a_truncated_workbook_is_refused() {
    let whole = plain_xlsx(&[], &["姓名", "证件号码"], &[vec![text("张三"), text("1")]], moment()).unwrap();
    for keep in [4, 60, whole.len() / 2, whole.len() - 30] {
        let part = whole.get(..keep).unwrap();
        assert!(matches!(refusal(part, "截断.xlsx"), SheetError::Damaged { .. }), "{keep}");
    }
}

#[test]
fn a_workbook_with_flipped_bytes_never_panics() {
    let whole = plain_xlsx(&[], &["姓名", "证件号码"], &[vec![text("张三"), text("1")]], moment()).unwrap();
    let mut refused = 0;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        refused += usize::from(read(&bytes, "坏.xlsx").is_err());
    }
    assert!(refused > whole.len() / 4, "{refused}");
}

#[test]
fn an_encrypted_workbook_is_refused_with_what_to_do() {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    let error = refusal(&bytes, "加密.xlsx");
    assert!(matches!(error, SheetError::Encrypted { .. }));
    assert!(error.to_string().contains("取消密码"));
}

#[test]
fn an_old_workbook_that_is_only_a_beginning_is_refused() {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(512, 0xFF);
    bytes.extend("Workbook".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(matches!(refusal(&bytes, "坏.xls"), SheetError::Damaged { .. }));
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(3_000_000));
    let bomb = xlsx_of(&sheet, None);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let limits = Limits { bytes: 2_000_000, ..Limits::STANDARD };
    assert!(matches!(read_within(&bomb, "大.xlsx", limits), Err(SheetError::TooLarge { .. })));
}

#[test]
fn a_zip_bomb_that_lies_about_its_size_is_refused() {
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(3_000_000));
    let true_size = u32::try_from(sheet.len()).unwrap().to_le_bytes();
    let mut bomb = xlsx_of(&sheet, None);
    let mut changed = 0;
    for at in 0..bomb.len() - 4 {
        if bomb[at..at + 4] == true_size {
            bomb[at..at + 4].copy_from_slice(&500_u32.to_le_bytes());
            changed += 1;
        }
    }
    assert!(changed >= 2, "local header and directory");
    assert!(matches!(refusal(&bomb, "大.xlsx"), SheetError::Damaged { .. }));
}

#[test]
fn a_false_count_of_shared_strings_is_refused() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>"#;
    for count in ["18446744073709551615", "4000000000", "99999999999999999999999"] {
        let shared = format!(r#"<sst uniqueCount="{count}"><si><t>甲</t></si></sst>"#);
        let error = refusal(&xlsx_of(sheet, Some(&shared)), "大.xlsx");
        assert!(matches!(error, SheetError::TooLarge { .. }), "{error:?}");
    }
    let honest = xlsx_of(sheet, Some(r#"<sst uniqueCount="1"><si><t>甲</t></si></sst>"#));
    assert_eq!(read(&honest, "小.xlsx").unwrap().sheets[0].cell(0, 0), &text("甲"));
}

#[test]
fn too_many_rows_and_columns_are_refused() {
    let limits = Limits { rows: 5, columns: 3, ..Limits::STANDARD };
    let long = "甲,乙,丙\n".repeat(6);
    let wide = "甲,乙,丙,丁\n";
    assert!(read_within("甲,乙,丙\n".repeat(5).as_bytes(), "表.csv", limits).is_ok());
    let what = |text: &str| match read_within(text.as_bytes(), "表.csv", limits).unwrap_err() {
        SheetError::TooLarge { what, .. } => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(what(&long), "行数");
    assert_eq!(what(wide), "列数");
    let far = r#"<worksheet><sheetData><row r="9"><c r="A9"><v>1</v></c></row></sheetData></worksheet>"#;
    assert!(matches!(read_within(&xlsx_of(far, None), "表.xlsx", limits), Err(SheetError::TooLarge { .. })));
    let right = r#"<worksheet><sheetData><row r="1"><c r="ZZ1"><v>1</v></c></row></sheetData></worksheet>"#;
    assert!(matches!(read_within(&xlsx_of(right, None), "表.xlsx", limits), Err(SheetError::TooLarge { .. })));
}

#[test]
fn a_wrong_dimension_tag_does_not_matter() {
    for reference in ["A1", "A1:A1", "A1:XFD1048576", "B7:C9"] {
        let sheet = format!(
            r#"<worksheet><dimension ref="{reference}"/><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row><row r="3"><c r="B3"><v>5</v></c></row></sheetData></worksheet>"#
        );
        let book = read(&xlsx_of(&sheet, None), "导出.xlsx").unwrap();
        let sheet = &book.sheets[0];
        assert_eq!(sheet.rows.len(), 3);
        assert_eq!(sheet.cell(0, 2), &Cell::Number("3".to_owned()));
        assert_eq!(sheet.cell(2, 1), &Cell::Number("5".to_owned()));
        assert_eq!(sheet.cell(9, 9), &Cell::Empty);
    }
}

#[test]
fn cells_keep_what_they_were() {
    let sheet = r##"<worksheet><sheetData><row r="1">
        <c r="A1"><v>5.20123199001011E+17</v></c><c r="B1" t="str"><v>="520123199001011234"</v></c>
        <c r="C1" t="e"><v>#N/A</v></c><c r="D1" t="b"><v>1</v></c><c r="E1" t="inlineStr"><is><t>１２ 张</t></is></c>
        <c r="F1"><v>0.30000000000000004</v></c></row></sheetData></worksheet>"##;
    let book = read(&xlsx_of(sheet, None), "单元格.xlsx").unwrap();
    let row = &book.sheets[0].rows[0];
    assert_eq!(row[0], Cell::Number("520123199001011000".to_owned()));
    assert_eq!(row[1], text("520123199001011234"));
    assert_eq!(row[2], Cell::Error("#N/A".to_owned()));
    assert_eq!(row[3], Cell::Bool(true));
    assert_eq!(row[4], text("１２ 张"));
    assert_eq!(row[5], Cell::Number("0.3".to_owned()));
}

#[test]
fn dates_survive_a_workbook() {
    let bytes = plain_xlsx(&[], &["日期"], &[vec![Cell::Date(date(2026, 1, 15))]], moment()).unwrap();
    assert_eq!(read(&bytes, "日期.xlsx").unwrap().sheets[0].cell(1, 0), &Cell::Date(date(2026, 1, 15)));
}

#[test]
fn text_is_read_in_whatever_encoding_it_is() {
    let table = "姓名,村,备注\r\n龙䶮,上坝村,甲\r\n";
    let mut bom = vec![0xEF, 0xBB, 0xBF];
    bom.extend(table.as_bytes());
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(table.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes));
    let gb = encoding_rs::GB18030.encode(table).0.into_owned();
    for (bytes, format) in [
        (table.as_bytes().to_vec(), Format::CsvUtf8),
        (bom, Format::CsvUtf8),
        (wide, Format::CsvUtf16),
        (gb, Format::CsvGb18030),
    ] {
        // The extension does not matter: systems export text under .xls.
        for name in ["名单.csv", "名单.xls"] {
            let book = read(&bytes, name).unwrap();
            assert_eq!(book.format, format);
            assert_eq!(book.sheets[0].rows[1], [text("龙䶮"), text("上坝村"), text("甲")]);
        }
    }
}

#[test]
fn rare_characters_and_middle_dots_survive_gb18030() {
    let names = ["龙䶮", "㛃兰", "𬱖之", "李𠅤", "买买提·吐尔逊", "阿卜杜热合曼·艾则孜"];
    let rows: Vec<Vec<Cell>> = names.iter().map(|name| vec![text(name), text(&citizen_id(1))]).collect();
    let bytes = plain_csv_gb18030(&["姓名", "证件号码"], &rows).unwrap();
    assert!(String::from_utf8(bytes.clone()).is_err(), "the file is not UTF-8");
    let book = read(&bytes, "名单.csv").unwrap();
    assert_eq!(book.format, Format::CsvGb18030);
    for (row, name) in book.sheets[0].rows.iter().skip(1).zip(names) {
        assert_eq!(row, &[text(name), text(&citizen_id(1))]);
    }
}

#[test]
fn a_wrapped_cell_may_hold_the_separator_and_line_breaks() {
    let csv = "姓名,健康状况,备注\r\n=\"张三\",=\"长期慢性病,残疾\",\"甲\n\"\"乙\"\"\"\r\n\"=\"\"李四\"\"\",,=\"\"\r\n";
    let book = read(csv.as_bytes(), "名单.csv").unwrap();
    let rows = &book.sheets[0].rows;
    assert_eq!(rows[1], [text("张三"), text("长期慢性病,残疾"), text("甲\n\"乙\"")]);
    assert_eq!(rows[2], [text("李四")]);
}

#[test]
fn an_old_xls_is_read_with_its_merged_cells() {
    let book = read(include_bytes!("fixtures/screening.xls"), "筛查.xls").unwrap();
    assert_eq!(book.format, Format::Xls);
    let sheet = &book.sheets[0];
    assert_eq!(sheet.cell(0, 0), &text("上坝村疾病筛查表"));
    assert_eq!(sheet.cell(2, 5), &Cell::Date(date(2025, 6, 3)));
    assert_eq!(sheet.cell(2, 2), &text(&citizen_id(1)));
    assert!(!sheet.merges.is_empty());
}

/// A sheet with a cell in each of so many rows, as exports write it that fill one column to the end.
fn long_sheet(rows: u32, column: &str, cell: &str) -> Vec<u8> {
    let mut sheet = String::from("<worksheet><sheetData>");
    for row in 1..=rows {
        sheet.push_str(&format!(r#"<row r="{row}"><c r="{column}{row}"{cell}</c></row>"#));
    }
    sheet.push_str("</sheetData></worksheet>");
    xlsx_of(&sheet, Some(&format!("<sst><si><t>{}</t></si></sst>", "长".repeat(200))))
}

#[test]
fn a_sheet_as_long_as_excel_allows_is_read_and_one_row_more_is_refused_by_name() {
    const MOST: u32 = 1_048_576;
    let book = read(&long_sheet(MOST, "A", "><v>1</v>"), "名单.xlsx").unwrap();
    assert_eq!(book.sheets[0].rows.len(), MOST as usize);
    assert_eq!(book.sheets[0].rows.last().unwrap(), &[Cell::Number("1".to_owned())]);
    drop(book);
    let refused = refusal(&long_sheet(MOST + 1, "A", "><v>1</v>"), "名单.xlsx").to_string();
    assert!(refused.contains("名单.xlsx") && refused.contains("1048576行"), "{refused}");
}

#[test]
fn a_small_file_that_would_fill_the_memory_is_refused_by_name_while_it_is_read() {
    let limits = Limits { memory: 10_000_000, ..Limits::STANDARD };
    for (column, cell) in [("AMJ", "><v>1</v>"), ("A", r#" t="s"><v>0</v>"#)] {
        let bytes = long_sheet(30_000, column, cell);
        assert!(bytes.len() < 500_000, "{}", bytes.len());
        let refused = read_within(&bytes, "名单.xlsx", limits).unwrap_err().to_string();
        assert!(refused.contains("名单.xlsx") && refused.contains("读进内存的内容"), "{refused}");
    }
    let wide = format!("{}\n", ",".repeat(1_000)).repeat(1_000) + "1";
    let limits = Limits { memory: 1_000_000, ..Limits::STANDARD };
    let commas = format!("{}1\n", "x,".repeat(1_000)).repeat(1_000);
    assert!(read_within(wide.as_bytes(), "名单.csv", limits).is_ok(), "blank cells at the end of a row take no room");
    assert!(matches!(read_within(commas.as_bytes(), "名单.csv", limits), Err(SheetError::TooLarge { .. })));
}
