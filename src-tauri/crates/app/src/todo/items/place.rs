//! 村与单位: what is to be done about a village or the office itself and about no household: instructors, chat groups, rounds
//! of the doctors, days of the resident team, reports, leads (domain ).

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use mingbai_domain::catalogue::{Activity, Campaign, Record, RiskLead, Submission, Village, VillageStaff};
use mingbai_domain::{RecordId, region};
use mingbai_store::{Reading, Row, TodoRow, Worked};

use crate::dto::Tone;
use crate::error::AppError;
use crate::todo::{Item, World};

pub(super) const ITEMS: [Item; 6] = [
    item("few_instructors", "村健康指导员不足", "村", "每村至少1名家庭健康指导员，常住人口超过3000人的村至少3名"),
    item("no_chat_doctor", "村微信群没有医务人员", "村", "每村的群众微信群里要有一名基层医务人员；在村务里登记"),
    item("no_tour", "本月没有巡回医疗", "村", "乡级巡回医疗每月至少一次、覆盖所有村；本月没有登记巡回医疗活动的村"),
    item("few_days", "驻村天数不够", "村", "驻村队员全年驻村不少于220天，按今年已过的日子折算；没有登记天数的不算"),
    Item {
        section: "统计报表",
        tone: Tone::Missing,
        ..item(
            "report_due",
            "报表到期未报",
            "份",
            "期限已过或只剩3天还没有报送的报表和专项；要报纸质盖章件的，盖章件没送出也在内",
        )
    },
    Item {
        section: "数据比对",
        ..item("lead_open", "防返贫线索没有上报", "条", "登记了还没有上报乡村振兴部门、也没有处理结果的线索")
    },
];

const fn item(key: &'static str, label: &'static str, unit: &'static str, definition: &'static str) -> Item {
    Item {
        key,
        label,
        section: "户档案",
        tone: Tone::Soon,
        unit,
        definition,
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: None,
    }
}

/// Population above which a village needs three instructors.
const LARGE: i64 = 3_000;
/// Days a member of the resident team should be in the village in a year.
const RESIDENT_DAYS: i64 = 220;
/// How long before its day a report stands in the list.
const AHEAD: Days = Days::new(3);

/// How many instructors a village needs at least.
pub(crate) fn instructors_needed(village: &Village) -> usize {
    if village.population > Some(LARGE) { 3 } else { 1 }
}

/// What is to be done about villages and the office.
pub(crate) fn of_area(reading: Reading<'_>, world: &World, area: &str) -> Result<Vec<Worked>, AppError> {
    let staff = reading.all::<VillageStaff>()?;
    let rounds: BTreeSet<RecordId> = reading
        .all::<Activity>()?
        .into_iter()
        .filter(|row| row.record.kind.as_deref() == Some("tour"))
        .filter(|row| row.record.held_on.is_some_and(|day| same_month(day, world.today)))
        .filter_map(|row| row.record.village)
        .collect();
    let mut villages: Vec<_> = world.villages.values().filter(|row| row.record.ended_on.is_none()).collect();
    villages.sort_unstable_by_key(|row| row.id);
    let of_village = |village: &&Row<Village>| Worked {
        village: Some(village.id),
        rows: of_village(village, &staff, rounds.contains(&village.id), world),
        ..Worked::default()
    };
    let mut worked: Vec<Worked> = villages.iter().map(of_village).collect();
    worked.push(Worked { rows: reports(reading, world, area)?, ..Worked::default() });
    for lead in reading.all::<RiskLead>()?.into_iter().filter(|row| waits(&row.record)) {
        let why = match lead.record.out_of_pocket {
            Some(paid) => format!("{}：自付 {paid} 元，没有上报", lead.record.name.unwrap_or_default()),
            None => format!("{}：没有上报", lead.record.name.unwrap_or_default()),
        };
        let row = TodoRow { record: Some((RiskLead::TYPE.id, lead.id)), ..row("lead_open", why) };
        worked.push(Worked { village: lead.record.village, rows: vec![row], ..Worked::default() });
    }
    Ok(worked)
}

fn row(item: &'static str, detail: String) -> TodoRow {
    TodoRow { item, person: None, record: None, detail, due: None, amount: None, severity: 5 }
}

fn same_month(one: NaiveDate, other: NaiveDate) -> bool {
    (one.year(), one.month()) == (other.year(), other.month())
}

/// Whether a lead is still to be told to the office that decides about it.
pub(crate) fn waits(lead: &RiskLead) -> bool {
    lead.reported_on.is_none() && lead.result.as_deref().is_none_or(|result| result == "pending")
}

fn of_village(village: &Row<Village>, staff: &[Row<VillageStaff>], round: bool, world: &World) -> Vec<TodoRow> {
    let here = staff.iter().filter(|row| row.record.village == Some(village.id));
    let here: Vec<_> = here.filter(|row| world.holds(row.record.since, row.record.until)).collect();
    let count = |role: &str| here.iter().filter(|row| row.record.role.as_deref() == Some(role)).count();
    let mut rows = Vec::new();
    let (has, needs) = (count("instructor"), instructors_needed(&village.record));
    if has < needs {
        rows.push(row("few_instructors", format!("有 {has} 名，应有 {needs} 名")));
    }
    if count("chat") == 0 {
        rows.push(row("no_chat_doctor", "没有登记微信群医务人员".to_owned()));
    }
    if !round {
        rows.push(row("no_tour", format!("{}月没有登记巡回医疗", world.today.month())));
    }
    let due = RESIDENT_DAYS * i64::from(world.today.ordinal()) / 365;
    for member in here.iter().filter(|row| row.record.role.as_deref() == Some("team")) {
        if let Some(days) = member.record.days.filter(|days| *days < due) {
            let name = member.record.name.as_deref().unwrap_or_default();
            let detail = format!("{name} 驻村 {days} 天，到今天应有 {due} 天");
            rows.push(TodoRow { record: Some((VillageStaff::TYPE.id, member.id)), ..row("few_days", detail) });
        }
    }
    rows
}

/// Whether a campaign is this office's work: its own, or of the county it lies in.
pub(crate) fn is_ours(campaign: &Campaign, area: &str) -> bool {
    campaign.area.as_deref().is_none_or(|code| region::contains(code, area))
}

/// Reports whose day has come: those announced, and campaigns nothing was reported of.
fn reports(reading: Reading<'_>, world: &World, here: &str) -> Result<Vec<TodoRow>, AppError> {
    let near = |day: Option<NaiveDate>| day.is_some_and(|day| day <= world.today + AHEAD);
    let own = |area: Option<&str>| area.is_none_or(|area| area == here);
    let campaigns = reading.all::<Campaign>()?;
    let mut sent = reading.all::<Submission>()?;
    sent.retain(|row| own(row.record.area.as_deref()));
    let mut rows = Vec::new();
    for report in &sent {
        let about = campaigns.iter().find(|row| Some(row.id) == report.record.campaign).map(|row| &row.record);
        let due = report.record.due_on.or_else(|| about.and_then(|campaign| campaign.due_on));
        let sealed = about.is_some_and(|campaign| campaign.sealed == Some(true));
        let lacking = match (report.record.sent_on, report.record.sealed_on) {
            (None, _) => "没有报送",
            (Some(_), None) if sealed => "盖章件没有送出",
            _ => continue,
        };
        if near(due) {
            let detail = format!("{} {lacking}", report.record.name.as_deref().unwrap_or_default());
            let record = Some((Submission::TYPE.id, report.id));
            rows.push(TodoRow { record, due, severity: 3, ..row("report_due", detail) });
        }
    }
    for campaign in campaigns.iter().filter(|row| row.record.closed_on.is_none() && is_ours(&row.record, here)) {
        let asked = campaign.record.electronic == Some(true) || campaign.record.sealed == Some(true);
        let reported = sent.iter().any(|row| row.record.campaign == Some(campaign.id));
        if asked && !reported && near(campaign.record.due_on) {
            let detail = format!("{} 没有报送", campaign.record.name.as_deref().unwrap_or_default());
            let record = Some((Campaign::TYPE.id, campaign.id));
            rows.push(TodoRow { record, due: campaign.record.due_on, severity: 3, ..row("report_due", detail) });
        }
    }
    Ok(rows)
}
