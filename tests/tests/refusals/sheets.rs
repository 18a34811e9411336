//! Files that are no tables, tables of another kind, and rows that cannot stand.

use std::fs;

use mingbai_app::ErrorCode;
use mingbai_sheets::profiles::{BillDraft, RosterDraft};
use mingbai_sheets::write::{plain_xlsx, rows_of, write_roster_csv_gb18030};
use mingbai_sheets::{Certificate, Memory, extract, read};
use mingbai_tests::offices::{list, sources, text, today};
use serde_json::json;

use crate::{filled, holds, told, written};

#[test]
fn a_text_file_that_is_named_xlsx_a_picture_and_a_torn_workbook_are_refused() {
    let place = filled();
    let office = place.township_a();
    let before = holds(&office);
    let whole = sources(place.told_a()).into_iter().find(|file| file.profile == "bills").unwrap().bytes;
    let half = &whole[..whole.len() / 2];
    let picture: &[u8] = b"\x89PNG\r\n\x1a\n0000000000000000";
    let cases: [(&str, &[u8], &str); 5] = [
        ("名册.xlsx", "各位领导：名册随后就到。".as_bytes(), "没有"),
        ("照片.xlsx", picture, "图片"),
        ("断了.xlsx", half, "已损坏或不完整"),
        ("空的.xlsx", b"", "是空的"),
        ("公文.xlsx", b"%PDF-1.7 ...", "PDF"),
    ];
    for (name, bytes, says) in cases {
        let path = place.path(name);
        fs::write(&path, bytes).unwrap();
        for dry_run in [true, false] {
            let request = json!({ "kind": "roster", "path": path, "dry_run": dry_run });
            let refusal = office.refused("import_sheet", request);
            told(&refusal, ErrorCode::NotASheet, &["没有导入任何内容"], &["请"]);
            assert!(refusal.message.contains(name) && refusal.message.contains(says), "{}", refusal.message);
        }
    }
    assert_eq!(holds(&office), before);
}

#[test]
fn a_sheet_of_another_kind_is_refused_with_the_columns_that_are_expected() {
    let place = filled();
    let office = place.township_a();
    let before = written(&office);
    for file in sources(place.told_a()).iter().filter(|file| file.profile != "bills") {
        let path = place.put(file);
        let refusal = office.refused("import_sheet", json!({ "kind": "bills", "path": path, "dry_run": false }));
        told(&refusal, ErrorCode::NotASheet, &["没有导入任何内容"], &["请"]);
        assert!(refusal.message.contains(&file.name), "{}", refusal.message);
    }
    assert_eq!(written(&office), before);
}

#[test]
fn ids_whose_last_digits_excel_destroyed_are_rejected_one_by_one_with_advice() {
    let place = filled();
    let office = place.township_a();
    let source = sources(place.told_a()).into_iter().find(|file| file.profile == "roster").unwrap();
    let workbook = read(&source.bytes, &source.name).unwrap();
    let mut rows: Vec<RosterDraft> =
        extract::<RosterDraft>(&workbook, &Memory::default()).unwrap().rows.into_iter().map(|row| row.draft).collect();
    rows.truncate(40);
    let mut destroyed = 0;
    for row in rows.iter_mut().filter(|row| row.id.text.len() == 18) {
        let kept: String = row.id.text.chars().take(15).collect();
        row.id = Certificate { text: format!("{kept}000"), ..Certificate::default() };
        destroyed += 1;
    }
    let path = place.path("损坏.csv");
    fs::write(&path, write_roster_csv_gb18030(&rows)).unwrap();
    let before = holds(&office);
    let done = office.call("import_sheet", json!({ "kind": "roster", "path": path, "dry_run": false }));
    let rejected: Vec<_> = list(&done["rows"]).into_iter().filter(|row| row["outcome"] == "rejected").collect();
    assert!(destroyed > 30);
    assert_eq!(rejected.len(), destroyed);
    for row in rejected {
        assert!(text(&row["detail"]).contains("被Excel转成数字") && text(&row["detail"]).contains("设为文本"), "{row}");
    }
    assert_eq!((holds(&office), &done["entry"]), (before, &json!(null)), "nobody is duplicated under a broken id");
}

#[test]
fn a_bill_whose_parts_exceed_its_total_is_rejected_with_both_sums() {
    let place = filled();
    let office = place.township_a();
    let source = sources(place.told_a()).into_iter().find(|file| file.profile == "bills").unwrap();
    let workbook = read(&source.bytes, &source.name).unwrap();
    let batch = extract::<BillDraft>(&workbook, &Memory::default()).unwrap();
    let mut bill = batch.rows.into_iter().map(|row| row.draft).find(|bill| bill.total.is_some()).unwrap();
    bill.invoice = "JS-TOO-MUCH".to_owned();
    bill.own_expense = bill.total;
    let labels = [
        "单号",
        "家庭编号",
        "姓名",
        "身份证号",
        "就医机构",
        "医院等级",
        "就诊地",
        "医保就诊类别",
        "入院日期",
        "出院日期",
        "结算日期",
        "医疗费总额",
        "目录外自费",
        "超限价",
        "先行自付",
        "符合医保范围金额",
        "基本医疗基金支出",
        "个人现金支付",
    ];
    let moment = today().and_hms_opt(8, 0, 0).unwrap();
    let bytes = plain_xlsx(&["结算单"], &labels, &rows_of(&labels, &[bill.clone()]), moment).unwrap();
    let path = place.path("多出来的.xlsx");
    fs::write(&path, bytes).unwrap();
    let before = holds(&office);
    let done = office.call("import_sheet", json!({ "kind": "bills", "path": path, "dry_run": false }));
    assert_eq!((&done["counts"]["read"], &done["counts"]["rejected"]), (&json!(1), &json!(1)));
    let reason = text(&done["rows"][0]["detail"]).to_owned();
    assert!(reason.contains("≠ 自费") && reason.contains(&bill.total.unwrap().to_string()), "{reason}");
    assert_eq!(holds(&office), before);
}

#[test]
fn a_form_with_impossible_values_names_every_field_at_fault_and_saves_none() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(mingbai_app::demo::FLAGSHIP);
    let person = household["members"][0]["id"].clone();
    let before = office.call("record_get", json!({ "table": "person", "id": person }));
    let entries = written(&office);
    let request = json!({
        "table": "person", "id": person, "household": null, "reason": null,
        "fields": { "citizen_id": "159901196203180000", "birth": "1962-02-30", "phone": "12", "health": "健康" },
    });
    let refusal = office.refused("record_save", request);
    told(&refusal, ErrorCode::Validation, &["没有保存"], &["应", "请", "不"]);
    let mut fields: Vec<&str> = refusal.fields.iter().map(|problem| problem.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["birth", "citizen_id", "phone"]);
    assert_eq!(
        (office.call("record_get", json!({ "table": "person", "id": person })), written(&office)),
        (before, entries)
    );
}
