//! 录入平台: what was done and is not yet in the system the county asks for, platform by platform (domain A-02).

use std::collections::BTreeMap;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Contract, Exam, Record, ScreeningEvent, Visit};
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::dto::Tone;
use crate::todo::{Findings, Item, World};

const SOURCE: &str = include_str!("../../../../../../assets/rules/platforms.tsv");

pub(super) const ITEMS: [Item; 1] = [Item {
    key: "unentered",
    label: "做了还没有录入平台",
    section: "签约随访",
    tone: Tone::Soon,
    unit: "人项",
    definition: "现行有效的签约，今年的随访、体检、筛查服务，没有登记录入平台的日期；没有写平台的按规定应录入的平台列",
    on_desk: true,
    by_reason: true,
    reason,
    errand: None,
}];

fn reason(line: &TodoLine) -> String {
    let (table, platform) = line.detail.split_once('|').unwrap_or((&line.detail, ""));
    let label = mingbai_domain::catalogue::by_table(table).map_or("", |kind| kind.label);
    match line.amount {
        Some(times) if times > 1 => format!("{label} {times} 次，没有录入{platform}"),
        _ => format!("{label}，没有录入{platform}"),
    }
}

/// The platform the records of a table go into where nothing else is written.
fn platform_of(table: &str) -> &'static str {
    let mut lines = SOURCE.lines().skip(1).map(|line| line.split('\t'));
    let found = lines.find_map(|mut columns| (columns.next() == Some(table)).then(|| columns.next()).flatten());
    found.unwrap_or_default()
}

/// One record that goes into a platform.
pub(crate) struct Entered<'r> {
    pub(crate) table: &'static str,
    pub(crate) id: RecordId,
    pub(crate) platform: &'r str,
    /// Whether it is in it.
    pub(crate) done: bool,
}

/// What of somebody's records goes into a platform: the contract that holds, and what was done this year.
pub(crate) fn open_records<'p>(person: &'p PersonFile, world: &World) -> Vec<Entered<'p>> {
    let mut records = Vec::new();
    let mut add = |table: &'static str, id, platform: &'p Option<String>, done| {
        let typed = platform.as_deref().map(str::trim).filter(|platform| !platform.is_empty());
        records.push(Entered { table, id, platform: typed.unwrap_or_else(|| platform_of(table)), done });
    };
    if let Some(row) = world.contract(person) {
        add(Contract::TYPE.table, row.id, &row.record.platform, row.record.platform_on.is_some());
    }
    for row in person.visits.iter().filter(|row| world.this_year(row.record.visited_on)) {
        add(Visit::TYPE.table, row.id, &row.record.platform, row.record.platform_on.is_some());
    }
    for row in person.exams.iter().filter(|row| world.this_year(row.record.examined_on)) {
        add(Exam::TYPE.table, row.id, &row.record.platform, row.record.platform_on.is_some());
    }
    for row in person.screenings.iter().filter(|row| world.this_year(row.record.done_on)) {
        add(ScreeningEvent::TYPE.table, row.id, &row.record.platform, row.record.platform_on.is_some());
    }
    records
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let (mut done, mut whole) = (0, 0);
    for person in file.residents() {
        // One of the share is one row of the list: what somebody had of a kind that goes into one platform.
        let mut open: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for record in open_records(person, world) {
            *open.entry((record.table, record.platform)).or_default() += i64::from(!record.done);
        }
        whole += open.len() as i64;
        for ((table, platform), times) in open {
            if times == 0 {
                done += 1;
                continue;
            }
            let row = findings.person("unentered", person, format!("{table}|{platform}"));
            (row.amount, row.severity) = (Some(times), 6);
        }
    }
    findings.share("entered", done, whole, 0);
}
