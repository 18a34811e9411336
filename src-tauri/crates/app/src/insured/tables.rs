//! What the tables of 参保 count: every number is a set of people.

use chrono::NaiveDate;
use mingbai_domain::code;

use super::person::{Insured, ORDINARY, State};
use super::standards::Standards;
use crate::member::HIGHEST_FIRST;

/// How much somebody adds to a column: one for being counted, or fen.
type Adds = Box<dyn Fn(&Insured) -> i64>;

/// One column.
pub(super) struct Column {
    pub(super) key: &'static str,
    pub(super) group: &'static str,
    pub(super) label: &'static str,
    pub(super) money: bool,
    pub(super) adds: Adds,
}

/// One table.
pub(super) struct Table {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) head: &'static str,
    pub(super) measure: &'static str,
    pub(super) columns: Vec<Column>,
    /// The row somebody belongs to: its key and its label.
    pub(super) row: fn(&Insured) -> (String, String),
    pub(super) notes: Vec<String>,
}

fn people(
    key: &'static str,
    group: &'static str,
    label: &'static str,
    takes: impl Fn(&Insured) -> bool + 'static,
) -> Column {
    Column { key, group, label, money: false, adds: Box::new(move |one| i64::from(takes(one))) }
}

fn money(
    key: &'static str,
    group: &'static str,
    label: &'static str,
    adds: impl Fn(&Insured) -> i64 + 'static,
) -> Column {
    Column { key, group, label, money: true, adds: Box::new(adds) }
}

const ON_FILE: &str = "在册指户档案中在世的成员；已转出、死亡、删除的不计";
const WAITS: &str = "等待期：医保登记了待遇起始日期的按登记；没有登记的按国办发〔2024〕38号推算（固定3个月，每断保1年加1个月），以医保为准";

/// The table of this name, as of a day.
pub(super) fn find(key: &str, year: i64, today: NaiveDate, standards: &Standards) -> Option<Table> {
    match key {
        "village" => Some(by_village(today)),
        "category" => Some(by_category(year, standards)),
        "tier" => Some(by_tier()),
        "reason" => Some(by_reason()),
        _ => None,
    }
}

fn standing() -> Vec<Column> {
    vec![
        people("all", "", "在册", |_| true),
        people("insured", "", "已参保", Insured::is_insured),
        people("uninsured", "未参保", "写了原因", |one| one.state == State::Uninsured),
        people("unsaid", "未参保", "没有原因", |one| one.state == State::Unsaid),
    ]
}

fn paying() -> Vec<Column> {
    vec![
        people("subsidised", "资助", "人数", |one| one.is_insured() && one.subsidy().0 > 0),
        money("subsidy", "资助", "金额", |one| if one.is_insured() { one.subsidy().0 } else { 0 }),
        money("own", "", "个人缴费", |one| if one.is_insured() { one.own_payment().0 } else { 0 }),
        money("short", "", "应资助未资助", |one| one.short().0),
    ]
}

fn by_village(today: NaiveDate) -> Table {
    let mut columns = standing();
    columns.extend([
        people("elsewhere", "其中", "外地参保", |one| one.state == State::Elsewhere),
        people("twice", "其中", "重复参保", |one| one.state == State::Twice),
        people("waiting", "其中", "等待期内", move |one| one.is_insured() && one.waits_on(today)),
        people("unmarked", "其中", "系统没标识", |one| one.is_insured() && one.unmarked),
    ]);
    columns.extend(paying());
    Table {
        key: "village",
        title: "参保资助情况统计表",
        head: "村",
        measure: "人、元",
        columns,
        row: |one| (one.who.village.map(|id| id.to_string()).unwrap_or_default(), one.who.village_name.clone()),
        notes: vec![ON_FILE.to_owned(), WAITS.to_owned()],
    }
}

fn by_category(year: i64, standards: &Standards) -> Table {
    let mut columns = standing();
    columns.extend(paying());
    let said = standards.of_year(year).into_iter().map(|one| {
        let label = code::label("aid_identity", &one.identity);
        format!("{label}：{}，个人缴{}元，资助{}元（{}）", one.way, one.own_payment, one.subsidy, one.source)
    });
    let mut notes: Vec<String> = said.collect();
    if notes.is_empty() {
        notes.push(format!("县里还没有 {year} 年的“参保资助标准”名单，应资助多少没有算"));
    }
    Table {
        key: "category",
        title: "分类参保资助情况统计表",
        head: "类别",
        measure: "人、元",
        columns,
        row: |one| {
            // Numbered, so that the rows stand in the order of the benefits.
            let place = HIGHEST_FIRST.iter().position(|other| *other == one.category).unwrap_or(HIGHEST_FIRST.len());
            let label =
                if one.category == ORDINARY { "普通居民" } else { code::label("aid_identity", &one.category) };
            (format!("{place}/{}", one.category), label.to_owned())
        },
        notes,
    }
}

fn by_tier() -> Table {
    Table {
        key: "tier",
        title: "分险种参保情况统计表",
        head: "村",
        measure: "人",
        columns: vec![
            people("all", "", "在册", |_| true),
            people("residents", "基本医保", "城乡居民", |one| one.has("390")),
            people("employees", "基本医保", "职工", |one| one.has("310")),
            people("unnamed", "基本医保", "险种没填", |one| {
                one.is_insured() && one.record().and_then(|record| record.insurance.as_deref()).is_none()
            }),
            // Whoever is insured with the residents is insured for 大病 with the same premium unless it is said otherwise.
            people("critical", "", "大病保险", |one| {
                one.has("390") && one.record().is_some_and(|record| record.critical_illness != Some(false))
            }),
            people("aid", "", "医疗救助对象", |one| one.category != ORDINARY),
            people("none", "", "未参保", |one| !one.is_insured()),
        ],
        row: |one| (one.who.village.map(|id| id.to_string()).unwrap_or_default(), one.who.village_name.clone()),
        notes: vec![ON_FILE.to_owned(), "参加城乡居民医保的同时参加大病保险，另有登记的除外".to_owned()],
    }
}

fn by_reason() -> Table {
    Table {
        key: "reason",
        title: "未参保原因统计表",
        head: "原因",
        measure: "人",
        columns: vec![
            people("people", "", "未参保", |one| !one.is_insured()),
            people("aided", "", "其中有救助身份", |one| !one.is_insured() && one.category != ORDINARY),
        ],
        row: |one| {
            let reason = one.reason().trim();
            match one.state {
                State::Uninsured => (reason.to_owned(), reason.to_owned()),
                State::Unsaid if one.records.is_empty() => ("~none".to_owned(), "没有参保记录".to_owned()),
                State::Unsaid => ("~unsaid".to_owned(), "没有写原因".to_owned()),
                _ => (String::new(), String::new()),
            }
        },
        notes: vec![ON_FILE.to_owned()],
    }
}
