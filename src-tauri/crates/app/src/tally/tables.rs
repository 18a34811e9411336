//! The tables, and what each column counts.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::Team;
use mingbai_domain::due::periodic;
use mingbai_domain::restricted::is_restricted;
use mingbai_domain::{catalogue, code};
use mingbai_store::query::TodoCell;

use super::{By, Column, Line, Measure, Table};
use crate::error::AppError;
use crate::office::Context;
use crate::restricted;
use crate::todo::items::service_label;

const VISITS: &str = "签约随访";
const CARE: &str = "疾病救治";
const ON_FILE: &str = "在册指户档案中在世的成员；已转出、死亡、删除的不计";
const HIDDEN_NOTE: &str = "“—”限制查看，由负责人打开";

/// Every table.
pub(super) const ALL: [Table; 8] = [
    Table {
        key: "contract_table",
        title: "家庭医生签约情况统计表",
        about: "应签、已签、未签和原因",
        section: VISITS,
        measure: "人",
        by: By::Village,
        items: &["contract_signed", "contract_idle", "uncontracted", "contract_excluded"],
        columns: contracts,
        notes: &[ON_FILE, "应签 = 在册在世 − 可以不签的人；应签 = 已签 + 未签", HIDDEN_NOTE],
    },
    Table {
        key: "service_table",
        title: "家庭医生履约情况统计表",
        about: "签约年度开始到今天，应做的服务做了没有",
        section: VISITS,
        measure: "人",
        by: By::Village,
        items: &["contract_signed", "contract_idle", "service_due"],
        columns: services,
        notes: &["应履约的是属于有随访、体检、产检、产后访视或儿童健康管理要求的签约人", HIDDEN_NOTE],
    },
    Table {
        key: "team_table",
        title: "家庭医生团队工作量统计表",
        about: "每个团队签了多少户、多少人，履约到哪里",
        section: VISITS,
        measure: "人、户",
        by: By::Reason { head: "团队", rows: teams },
        items: &["contract_signed", "contract_idle"],
        columns: team_load,
        notes: &["一户由几个团队签约的，在每个团队各计一户"],
    },
    Table {
        key: "platform_table",
        title: "做了还没有录入平台统计表",
        about: "现行签约和今年的随访、体检、筛查，按平台",
        section: VISITS,
        measure: "人",
        by: By::Village,
        items: &["unentered"],
        columns: platforms,
        notes: &["没有登记录入日期的算没有录入；没有写平台的按规定应录入的平台计"],
    },
    Table {
        key: "exam_table",
        title: "健康体检及甄别情况统计表",
        about: "今年应检、已检、未检和甄别的五类结果",
        section: CARE,
        measure: "人",
        by: By::Village,
        items: &["exam_class", "exam_due", "exam_free"],
        columns: exams,
        notes: &["65岁按今年满65岁计；一人只计在排在前面的一类；几次体检的按最近一次的甄别结果"],
    },
    Table {
        key: "crowd_table",
        title: "重点人群统计表",
        about: "七类重点人群，健康档案和国家系统",
        section: CARE,
        measure: "人",
        by: By::Village,
        items: &["crowd_member", "unfiled"],
        columns: crowds,
        notes: &[ON_FILE, "一人属几类的各计一次；高血压计35岁及以上", HIDDEN_NOTE],
    },
    Table {
        key: "screening_table",
        title: "妇幼筛查服务统计表",
        about: "两癌、新生儿筛查、营养包，产检产访和儿童健康管理",
        section: CARE,
        measure: "人",
        by: By::Village,
        items: &["screening_due", "screening_had", "maternal_due", "child_due"],
        columns: screenings,
        notes: &["两癌筛查按35–64岁、近三个年度计，年龄和间隔各地不同，待核实"],
    },
    Table {
        key: "grant_table",
        title: "十免四补助、两免两减半享受情况统计表",
        about: "每项应享、已享、未享和金额",
        section: CARE,
        measure: "人、元",
        by: By::Reason { head: "项目", rows: items },
        items: &["grant_had", "grant_missing", "grant_beyond", "grant_paid", "grant_waived"],
        columns: grants,
        notes: &[
            "按次减免的项目不列应享，登记了的计在其他已享",
            "包虫病手术补助的金额、资助参保的身份、两免两减半的项目待核实",
            "“—”限制查看，由负责人打开，不计入合计",
        ],
    },
];

fn column(key: &str, group: &str, label: &str, takes: impl Fn(&str, &str) -> bool + 'static) -> Column {
    let (key, group, label) = (key.to_owned(), group.to_owned(), label.to_owned());
    Column { key, group, label, measure: Measure::Rows, takes: Box::new(takes), restricted: false }
}

fn of_items(key: &str, label: &str, items: &'static [&'static str]) -> Column {
    column(key, "", label, move |item, _| items.contains(&item))
}

/// The reasons that occur for an item, in the order of their text.
fn reasons(cells: &[TodoCell], item: &str) -> BTreeSet<String> {
    cells.iter().filter(|cell| cell.item == item).map(|cell| cell.detail.clone()).collect()
}

/// A column for each reason why somebody has not signed, in the order of the code table, an unwritten one last.
fn unsigned(cells: &[TodoCell], item: &'static str, group: &str) -> Vec<Column> {
    let known = reasons(cells, item);
    let codes = code::table("exclusion_reason").iter().map(|one| one.code).chain(std::iter::once(""));
    let named = codes.filter(|one| known.contains(*one)).map(|one| {
        let label = match restricted::unsigned_reason(one) {
            _ if one.is_empty() => "没有登记",
            Some(label) => label,
            None => restricted::HIDDEN,
        };
        let hidden = label == restricted::HIDDEN;
        let takes = move |found: &str, detail: &str| found == item && detail == one;
        Column { restricted: hidden, ..column(&format!("{item}:{one}"), group, label, takes) }
    });
    named.collect()
}

fn contracts(cells: &[TodoCell]) -> Vec<Column> {
    let mut columns = vec![
        column("all", "", "在册在世", |_, _| true),
        of_items("excluded", "可以不签", &["contract_excluded"]),
        of_items("whole", "应签", &["contract_signed", "contract_idle", "uncontracted"]),
        of_items("signed", "已签", &["contract_signed", "contract_idle"]),
        of_items("unsigned", "未签", &["uncontracted"]),
    ];
    columns.extend(unsigned(cells, "uncontracted", "未签原因"));
    columns.extend(unsigned(cells, "contract_excluded", "可以不签的原因"));
    columns
}

fn services(cells: &[TodoCell]) -> Vec<Column> {
    let done = |item: &str, detail: &str| item == "contract_signed" && detail.ends_with("|done");
    let open = |item: &str, detail: &str| item == "contract_signed" && detail.ends_with("|open");
    let mut columns = vec![
        of_items("signed", "有效签约", &["contract_signed", "contract_idle"]),
        of_items("idle", "没有定期服务", &["contract_idle"]),
        of_items("whole", "应履约", &["contract_signed"]),
        column("done", "", "已履约", done),
        column("open", "", "未履约", open),
    ];
    for service in reasons(cells, "service_due") {
        let label = service_label(&service).to_owned();
        let hidden = label == restricted::HIDDEN;
        let key = format!("service_due:{service}");
        let takes = move |item: &str, detail: &str| item == "service_due" && detail == service;
        columns.push(Column { restricted: hidden, ..column(&key, "没有做够的服务", &label, takes) });
    }
    columns
}

fn teams(context: &Context<'_>) -> Result<Vec<Line>, AppError> {
    let teams = context.read()?.all::<Team>()?.into_iter();
    let mut lines: Vec<Line> = teams
        .map(|row| Line { key: row.id.to_string(), label: row.record.name.unwrap_or_default(), restricted: false })
        .collect();
    lines.sort_by(|a, b| (&a.label, &a.key).cmp(&(&b.label, &b.key)));
    Ok(lines)
}

fn team_load(cells: &[TodoCell]) -> Vec<Column> {
    let households = of_items("households", "签约户数", &["contract_signed", "contract_idle"]);
    let mut columns = services(cells);
    columns.retain(|one| one.group.is_empty());
    columns.insert(0, Column { measure: Measure::Households, ..households });
    columns
}

fn platforms(cells: &[TodoCell]) -> Vec<Column> {
    let mut columns = vec![of_items("all", "合计人项", &["unentered"])];
    let mut known: Vec<(String, String)> = reasons(cells, "unentered")
        .into_iter()
        .filter_map(|detail| detail.split_once('|').map(|(table, platform)| (platform.to_owned(), table.to_owned())))
        .collect();
    known.sort();
    for (platform, table) in known {
        let label = catalogue::by_table(&table).map_or("", |kind| kind.label);
        let wanted = format!("{table}|{platform}");
        let takes = move |_: &str, detail: &str| detail == wanted;
        columns.push(column(&format!("{table}|{platform}"), &platform, label, takes));
    }
    columns
}

fn exams(_: &[TodoCell]) -> Vec<Column> {
    let mut columns = Vec::new();
    for line in periodic::table().iter().filter(|line| line.service == periodic::Service::Exam) {
        let had = |item: &str, detail: &str| item == "exam_class" && detail.split('|').next() == Some(line.kind);
        let due = |item: &str, detail: &str| match item {
            "exam_due" => line.listed && detail == line.label,
            "exam_free" => !line.listed,
            _ => false,
        };
        let key = |what: &str| format!("{}:{what}", line.kind);
        let both = move |item: &str, detail: &str| had(item, detail) || due(item, detail);
        columns.push(column(&key("whole"), line.label, "应检", both));
        columns.push(column(&key("had"), line.label, "已检", had));
        columns.push(column(&key("due"), line.label, "未检", due));
    }
    columns.push(column("had", "甄别结果", "已检合计", |item, _| item == "exam_class"));
    let results = code::table("exam_result").iter().map(|one| (one.code, one.label));
    for (result, label) in results.chain(std::iter::once(("", "没有填"))) {
        let takes = move |item: &str, detail: &str| {
            item == "exam_class" && detail.split_once('|').map(|(_, found)| found) == Some(result)
        };
        columns.push(column(&format!("result:{result}"), "甄别结果", label, takes));
    }
    columns
}

/// The seven crowds in the words of the policy, and the others that are counted.
const CROWDS: [&str; 10] = [
    "child",
    "elder",
    "hypertension",
    "diabetes",
    "maternal",
    "tuberculosis",
    "mental",
    "copd",
    "arthritis",
    "disabled",
];

fn crowds(_: &[TodoCell]) -> Vec<Column> {
    let mut columns = Vec::new();
    for crowd in CROWDS {
        let label = code::label("crowd", crowd);
        let restricted = is_restricted("", label);
        let is = move |item: &str, detail: &str| item == "crowd_member" && detail.split('|').next() == Some(crowd);
        let unsigned = move |item: &str, detail: &str| is(item, detail) && detail.ends_with("|unsigned");
        columns.push(Column { restricted, ..column(crowd, label, "人数", is) });
        columns.push(Column { restricted, ..column(&format!("{crowd}:unsigned"), label, "未签", unsigned) });
    }
    for (what, label) in [("file", "无健康档案"), ("national", "未入国家系统"), ("card", "无社保卡")] {
        let takes = move |item: &str, detail: &str| item == "unfiled" && detail.split('|').any(|one| one == what);
        columns.push(column(&format!("unfiled:{what}"), "登记", label, takes));
    }
    columns
}

fn screenings(_: &[TodoCell]) -> Vec<Column> {
    let mut columns = Vec::new();
    for line in periodic::table().iter().filter(|line| line.service == periodic::Service::Screening) {
        let had = |item: &str, detail: &str| item == "screening_had" && detail == line.kind;
        let due = |item: &str, detail: &str| item == "screening_due" && detail == line.kind;
        let key = |what: &str| format!("{}:{what}", line.kind);
        let both = move |item: &str, detail: &str| had(item, detail) || due(item, detail);
        columns.push(column(&key("whole"), line.label, "应做", both));
        columns.push(column(&key("had"), line.label, "已做", had));
        columns.push(column(&key("due"), line.label, "未做", due));
    }
    columns.push(Column { group: "到期".to_owned(), ..of_items("maternal", "产检产访", &["maternal_due"]) });
    columns.push(Column { group: "到期".to_owned(), ..of_items("child", "新生儿儿童", &["child_due"]) });
    columns
}

fn items(_: &Context<'_>) -> Result<Vec<Line>, AppError> {
    let line = |one: &code::Code| Line {
        key: one.code.to_owned(),
        label: one.label.to_owned(),
        restricted: is_restricted("", one.label),
    };
    Ok(code::table("benefit_item").iter().map(line).collect())
}

fn grants(_: &[TodoCell]) -> Vec<Column> {
    let money = |key, label, items| Column { measure: Measure::Money, ..of_items(key, label, items) };
    vec![
        of_items("whole", "应享人数", &["grant_had", "grant_missing"]),
        of_items("had", "其中已享", &["grant_had"]),
        of_items("missing", "未享", &["grant_missing"]),
        of_items("beyond", "其他已享", &["grant_beyond"]),
        money("paid", "补助金额（元）", &["grant_paid"]),
        money("waived", "减免金额（元）", &["grant_waived"]),
    ]
}
