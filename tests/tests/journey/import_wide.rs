//! The export of the monitoring platform as it comes (D.3): 177 columns in any order, the header in the third row, some
//! columns twice, codes for words, several measures in one cell.

use std::fs;

use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;
use mingbai_tests::offices::{County, list, number, text, today};
use serde_json::json;

use crate::imports::{counts, ids};
use crate::joined;

/// Every header the rules of the platform name, in its order.
const NAMED: [&str; 93] = [
    "省(区、市)",
    "市(盟、州)",
    "县(市、区、旗)",
    "乡(镇)",
    "户编号",
    "行政村",
    "自然村",
    "姓名",
    "证件类型",
    "证件号码",
    "与户主关系",
    "性别",
    "监测对象类别",
    "户类型",
    "民族",
    "政治面貌",
    "出生日期",
    "文化程度",
    "健康状况",
    "家庭成员联系电话",
    "户联系电话",
    "家庭人口数",
    "在校生状况",
    "劳动技能",
    "享受低保政策情况",
    "享受特困供养政策情况",
    "是否参加城乡居民基本医疗保险",
    "是否参加城镇职工基本医疗保险",
    "是否参加大病保险",
    "是否参加城乡居民基本养老保险",
    "是否接受医疗救助",
    "是否有家庭成员未参加城乡居民（职工）基本医疗保险",
    "合规自付支出",
    "致贫/返贫风险1",
    "致贫/返贫风险2",
    "致贫/返贫风险3",
    "致贫/返贫风险4",
    "致贫/返贫风险5",
    "整户无劳动能力兜底保障户",
    "风险是否已消除",
    "识别监测时间",
    "消除监测时间",
    "风险消除方式",
    "人均纯收入（元）",
    "工资性收入",
    "转移性收入",
    "生产经营性收入",
    "义务教育阶段未上学原因",
    "是否义务教育阶段适龄儿童少年失学辍学",
    "是否解决安全饮用水",
    "是否危房户",
    "住房面积",
    "是否有卫生厕所",
    "是否通生活用电",
    "入户道路是否硬化",
    "与村主干路距离",
    "耕地面积",
    "林地面积",
    "牧草地面积",
    "水面面积",
    "林果面积",
    "退耕还林面积",
    "产业帮扶",
    "就业帮扶",
    "金融帮扶",
    "健康帮扶",
    "教育帮扶",
    "住房安全保障",
    "饮水安全保障",
    "义务教育保障",
    "搬迁",
    "公益性岗位帮扶",
    "基础设施建设",
    "生产生活条件改善",
    "实施开发式帮扶措施情况",
    "综合保障",
    "社会帮扶",
    "务工所在地",
    "就业渠道（易地搬迁后扶使用）",
    "公益性岗位(月数)",
    "风险消除后是否住房损毁",
    "风险消除后是否饮水设施损毁",
    "风险消除后是否失学辍学",
    "信息采集人",
    "信息采集人联系电话",
    "是否会讲普通话",
    "帮扶责任人",
    "帮扶责任人联系电话",
    "帮扶单位",
    "脱贫年度",
    "是否国外务工",
    "残疾类别",
    "年度",
];
const WIDTH: usize = 177;
const HOME: &str = "1599010009001";

/// The header: what is named, two columns a second time, and whatever else somebody ticked.
fn header() -> Vec<String> {
    let mut header: Vec<String> = NAMED.iter().map(|label| (*label).to_owned()).collect();
    header.extend(["健康状况".to_owned(), "备注".to_owned(), "备注".to_owned()]);
    let more = (header.len()..WIDTH).map(|at| format!("自选指标{at}"));
    header.extend(more.collect::<Vec<_>>());
    header
}

fn line(header: &[String], told: &[(&str, &str)]) -> Vec<Cell> {
    let mut told: Vec<_> = told.to_vec();
    let cells = header.iter().map(|label| {
        let at = told.iter().position(|(of, _)| of == label);
        at.map_or(Cell::Empty, |at| Cell::Text(told.remove(at).1.to_owned()))
    });
    cells.collect()
}

fn export(place: &County, header: &[String], rows: &[Vec<Cell>]) -> std::path::PathBuf {
    let labels: Vec<&str> = header.iter().map(String::as_str).collect();
    let preface = ["（自定义）监测对象信息", "导出时间：2023-12-18"];
    let bytes = plain_xlsx(&preface, &labels, rows, today().and_hms_opt(8, 0, 0).unwrap()).unwrap();
    let path = place.path("（自定义）监测对象信息 (22).xlsx");
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_monitoring_export_of_177_columns_is_taken_in_whole_and_says_what_it_does_not_keep() {
    let place = joined();
    let (office, ids) = (place.township_a(), ids(&place));
    let village = place.told_a().villages[0].name.clone();
    let header = header();
    assert_eq!(header.len(), WIDTH);
    let home =
        [("户编号", HOME), ("行政村", village.as_str()), ("监测对象类别", "边缘易致贫户"), ("户类型", "一般农户")];
    let risk = [("识别监测时间", "202103"), ("风险是否已消除", "否"), ("致贫/返贫风险1", "因病"), ("年度", "2023")];
    let help = [("健康帮扶", "参加大病保险;接受医疗救助;家庭医生签约"), ("是否参加城乡居民基本医疗保险", "是")];
    let him =
        [("姓名", "赵大山"), ("证件号码", &ids[0]), ("性别", "1"), ("与户主关系", "户主"), ("健康状况", "长期慢性病")];
    let her = [("姓名", "钱小花"), ("证件号码", &ids[1]), ("性别", "2"), ("与户主关系", "配偶"), ("健康状况", "健康")];
    let rows = [[&home[..], &risk, &help, &him].concat(), [&home[..], &risk, &her].concat()];
    let rows = rows.map(|told| line(&header, &told));
    let path = export(&place, &header, &rows);

    let seen = office.call("import_look", json!({ "kind": "roster", "path": path, "sheet": null, "row": null }));
    let sheet = &seen["sheets"][0];
    assert_eq!((number(&sheet["row"]), list(&sheet["columns"]).len()), (3, WIDTH), "{sheet}");
    let done = office.import("roster", &path, false);
    assert_eq!(counts(&done), [2, 2, 0, 0, 0], "{done}");
    let page = office.household(HOME);
    assert_eq!(page["status"]["label"], "边缘易致贫户");
    let members = list(&page["members"]);
    let told: Vec<_> = members.iter().map(|one| (text(&one["name"]), text(&one["sex"]["label"]))).collect();
    assert_eq!(told, [("赵大山", "男"), ("钱小花", "女")], "{members:?}");
    let remarks: Vec<String> = list(&done["remarks"]).iter().map(|remark| text(remark).to_owned()).collect();
    assert!(remarks.iter().any(|remark| remark.contains("自选指标100")), "{remarks:?}");
    assert!(remarks.iter().any(|it| it.starts_with("重复的列") && it.contains("健康状况")), "{remarks:?}");
    assert_eq!(counts(&office.import("roster", &path, false)), [2, 0, 0, 2, 0]);
}
