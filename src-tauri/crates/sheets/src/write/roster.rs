//! Rosters in the layouts of the official exports: the 47-column CSV (domain D.1) and the .xlsx with its header in row 3
//! (D.3). The demo county and the tests are written with these.

use chrono::NaiveDateTime;

use super::csv_out::encode;
use super::plain::{plain_xlsx, rows_of};
use crate::error::SheetError;
use crate::profiles::RosterDraft;
use crate::workbook::Cell;

/// The 47 labels of the 2020–21 export in their order (domain D.1).
pub const ROSTER_COLUMNS: [&str; 47] = [
    "省",
    "市",
    "县",
    "乡",
    "村",
    "户编号",
    "人口编号",
    "姓名",
    "性别",
    "出生日期",
    "证件类型",
    "证件号码",
    "民族",
    "户联系电话",
    "成员联系电话",
    "年度",
    "与户主关系",
    "文化程度",
    "在校生状况",
    "劳动技能",
    "务工时间（月）",
    "健康状况",
    "政治面貌",
    "务工企业名称",
    "是否享受低保",
    "是否参加城镇职工基本养老保险",
    "是否参加大病保险",
    "是否参加新型农村合作医疗（城乡居民基本医疗保险）",
    "是否参加城乡居民基本养老保险",
    "失学或辍学原因",
    "是否会讲普通话",
    "是否参加商业补充医疗保险",
    "是否国外务工",
    "产业分类",
    "是否接受大病医疗救助",
    "是否接受其他健康扶贫",
    "公益性岗位类型",
    "公益性岗位(月数)",
    "就业渠道",
    "残疾类别",
    "务工所在地",
    "户主姓名",
    "户主证件号码",
    "是否参加城镇职工基本医疗保险",
    "是否特困供养人员",
    "残疾证办证年度",
    "识别标准",
];

/// The labels of the .xlsx, named as the monitoring exports name them (domain D.2, D.3).
pub const ROSTER_XLSX_COLUMNS: [&str; 44] = [
    "省",
    "市",
    "县(市、区、旗)",
    "乡(镇)",
    "行政村",
    "自然村",
    "户编号",
    "监测对象类别",
    "户类型",
    "脱贫属性",
    "人编号",
    "姓名",
    "性别",
    "证件类型",
    "证件号码",
    "出生日期",
    "人数",
    "与户主关系",
    "民族",
    "文化程度",
    "在校生状况",
    "健康状况",
    "劳动技能",
    "务工时间（月）",
    "是否参加大病保险",
    "是否参加城乡居民基本医疗保险",
    "是否参加城镇职工基本医疗保险",
    "享受低保政策情况",
    "享受特困供养政策情况",
    "是否接受医疗救助",
    "致贫/返贫风险1",
    "致贫/返贫风险2",
    "致贫/返贫风险3",
    "风险是否已消除",
    "识别监测时间",
    "消除监测时间",
    "人均纯收入（元）",
    "合规自付支出",
    "户联系电话",
    "家庭成员联系电话",
    "家庭住址",
    "帮扶责任人",
    "帮扶责任人联系电话",
    "备注",
];

/// The 47-column CSV in GB18030: a line of labels, then every cell as `="520…"`, dates as `19900101`.
#[must_use]
pub fn write_roster_csv_gb18030(drafts: &[RosterDraft]) -> Vec<u8> {
    let mut text = ROSTER_COLUMNS.join(",");
    text.push_str("\r\n");
    for cells in rows_of(&ROSTER_COLUMNS, drafts) {
        let line: Vec<String> = cells.iter().map(wrapped).collect();
        text.push_str(&line.join(","));
        text.push_str("\r\n");
    }
    encode(&text)
}

fn wrapped(cell: &Cell) -> String {
    let text = match cell {
        Cell::Date(date) => date.format("%Y%m%d").to_string(),
        cell => cell.text(),
    };
    if text.is_empty() { String::new() } else { format!("=\"{}\"", text.replace('"', "\"\"")) }
}

/// An .xlsx with the title in row 1, a note in row 2 and the header in row 3; dates as text `19900101`, as exported.
///
/// # Errors
/// [`SheetError::Write`] beyond Excel's bounds.
pub fn write_roster_xlsx(
    title: &str,
    note: &str,
    drafts: &[RosterDraft],
    created: NaiveDateTime,
) -> Result<Vec<u8>, SheetError> {
    let mut rows = rows_of(&ROSTER_XLSX_COLUMNS, drafts);
    for cell in rows.iter_mut().flatten() {
        if let Cell::Date(date) = cell {
            *cell = Cell::Text(date.format("%Y%m%d").to_string());
        }
    }
    plain_xlsx(&[title, note], &ROSTER_XLSX_COLUMNS, &rows, created)
}
