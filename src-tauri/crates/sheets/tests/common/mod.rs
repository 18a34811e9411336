//! What several tests write their files with.
#![allow(dead_code, reason = "each test uses its share")]

use std::io::{Cursor, Write};

use chrono::{NaiveDate, NaiveDateTime};
use mingbai_domain::CitizenId;
use mingbai_sheets::{Cell, Sheet, Workbook};

/// A fixed moment.
pub(crate) fn moment() -> NaiveDateTime {
    date(2026, 1, 15).and_hms_opt(9, 30, 0).unwrap()
}

pub(crate) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A citizen id of an area that was never allocated, with a right check digit.
pub(crate) fn citizen_id(sequence: u16) -> String {
    CitizenId::compose("159901", date(1966, 3, 8), sequence).unwrap().as_str().to_owned()
}

pub(crate) fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// A workbook of one sheet as if it had been read.
pub(crate) fn workbook(rows: &[&[&str]]) -> Workbook {
    let rows = rows.iter().map(|cells| cells.iter().map(|cell| text(cell)).collect()).collect();
    let sheet = Sheet { name: "Sheet1".to_owned(), rows, merges: Vec::new() };
    Workbook { name: "测试.xlsx".to_owned(), sheets: vec![sheet], ..Workbook::default() }
}

/// A zip of parts.
pub(crate) fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An .xlsx made by hand around the XML of one sheet.
pub(crate) fn xlsx_of(sheet: &str, shared: Option<&str>) -> Vec<u8> {
    let mut parts = vec![
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    if let Some(shared) = shared {
        parts.push(("xl/sharedStrings.xml", shared));
    }
    zip_of(&parts)
}
