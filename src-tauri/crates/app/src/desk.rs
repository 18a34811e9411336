//! 工作台: every count is the length of the list it opens.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use mingbai_domain::{Fen, code, phone};
use mingbai_store::query::{Gap, GapKind, ShareLine};

use crate::bill;
use crate::card;
use crate::dto::{
    Deadline, DeskView, Empty, Indicator, Population, Tone, WorkItem, WorklistRequest, WorklistRow, WorklistView,
};
use crate::error::AppError;
use crate::office::Context;
use crate::restricted;

/// One row of the desk: its name, its label, where it is done and what it means.
struct Item {
    key: &'static str,
    label: &'static str,
    section: &'static str,
    tone: Tone,
    unit: &'static str,
    definition: &'static str,
    source: Source,
}

/// Where its people come from.
enum Source {
    Gap(GapKind),
    Shortfall,
    Cards,
    Conflicts,
}

const ITEMS: [Item; 10] = [
    Item {
        key: "uncontracted",
        label: "未签约（应签）",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "在册、在世，今天没有有效签约，也没有可以不签的原因（长期外出、外嫁、服刑等）",
        source: Source::Gap(GapKind::Uncontracted),
    },
    Item {
        key: "visit_overdue",
        label: "随访已到期",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人次",
        definition: "最近一次随访约定的下次日期已过；或高血压、糖尿病、结核病、严重精神障碍患者没有约下次日期、还没有随访过（可以不签的人除外）",
        source: Source::Gap(GapKind::VisitOverdue),
    },
    Item {
        key: "undiagnosed",
        label: "健康状况有病、没有诊断",
        section: "疾病救治",
        tone: Tone::Soon,
        unit: "人",
        definition: "名单上健康状况是大病或长期慢性病，但没有登记任何诊断",
        source: Source::Gap(GapKind::Undiagnosed),
    },
    Item {
        key: "shortfall",
        label: "应报未报",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "张",
        definition: "今年的结算单里，各方实际支付少于政策包算出的应付",
        source: Source::Shortfall,
    },
    Item {
        key: "high_self_pay",
        label: "县域内个人支付超过10%",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "张",
        definition: "今年县域内住院和门诊慢特病结算单，个人支付 ÷ 费用总额 超过 10%",
        source: Source::Gap(GapKind::HighSelfPay),
    },
    Item {
        key: "deposit",
        label: "收了住院押金",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "张",
        definition: "今年的结算单里登记了住院押金；先诊疗后付费，住院不应收押金",
        source: Source::Gap(GapKind::DepositTaken),
    },
    Item {
        key: "unenrolled",
        label: "今年未参保",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "人",
        definition: "在册、在世，今年没有参保记录",
        source: Source::Gap(GapKind::Unenrolled),
    },
    Item {
        key: "card_stale",
        label: "明白卡未发或要换",
        section: "明白卡",
        tone: Tone::Soon,
        unit: "户",
        definition: "没有发过卡，或发卡以后政策包更新、卡上的资料有变动、换了年度",
        source: Source::Cards,
    },
    Item {
        key: "no_citizen_id",
        label: "没有身份证号",
        section: "户档案",
        tone: Tone::Soon,
        unit: "人",
        definition: "在册、在世，没有登记公民身份号码",
        source: Source::Gap(GapKind::NoCitizenId),
    },
    Item {
        key: "conflicts",
        label: "两边不一致待决定",
        section: "数据交换",
        tone: Tone::Waiting,
        unit: "处",
        definition: "同一处在几台电脑上改得不一样，每个值都留着，等人决定",
        source: Source::Conflicts,
    },
];

/// What an indicator opens: whoever it leaves over, so that the rows and those done add up to all.
const LEFT_OVER: [Item; 2] = [
    Item {
        key: "visit",
        label: "四病随访未按期",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "高血压、糖尿病、结核病、严重精神障碍患者中，有随访到期、没有约下次日期或还没有随访过的人（可以不签的人除外）",
        source: Source::Gap(GapKind::PatientOverdue),
    },
    Item {
        key: "in_county",
        label: "县域外就诊",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "张",
        definition: "今年的结算单里，就诊地不在县域内",
        source: Source::Gap(GapKind::OutOfCounty),
    },
];

/// The item of the desk that lists what an indicator leaves over.
fn opened_by(key: &str) -> &str {
    match key {
        "contract" => "uncontracted",
        "enrolment" => "unenrolled",
        "card" => "card_stale",
        other => other,
    }
}

pub(crate) fn get(context: &mut Context<'_>, _: Empty) -> Result<DeskView, AppError> {
    let today = context.host.today();
    let mut items = Vec::new();
    for item in &ITEMS {
        let rows = rows(context, item, today)?;
        if rows.is_empty() {
            continue;
        }
        items.push(WorkItem {
            key: item.key.to_owned(),
            label: item.label.to_owned(),
            count: rows.len() as i64,
            unit: item.unit.to_owned(),
            parts: parts(item, &rows),
            section: item.section.to_owned(),
            tone: item.tone,
        });
    }
    Ok(DeskView {
        today,
        population: population(context)?,
        items,
        indicators: indicators(context, today)?,
        deadlines: deadlines(today),
    })
}

pub(crate) fn worklist(context: &mut Context<'_>, request: WorklistRequest) -> Result<WorklistView, AppError> {
    let today = context.host.today();
    let key = opened_by(&request.key);
    let item = ITEMS.iter().chain(&LEFT_OVER).find(|i| i.key == key).ok_or_else(|| AppError::not_found("事项"))?;
    let mut rows = rows(context, item, today)?;
    if let Some(village) = &request.village {
        let named = context.read()?.villages()?.into_iter().find(|v| v.id.to_string() == *village);
        let name = named.ok_or_else(|| AppError::not_found("村"))?.name;
        rows.retain(|row| row.village == name);
    }
    Ok(WorklistView {
        key: item.key.to_owned(),
        label: item.label.to_owned(),
        definition: item.definition.to_owned(),
        rows,
    })
}

fn rows(context: &mut Context<'_>, item: &Item, today: NaiveDate) -> Result<Vec<WorklistRow>, AppError> {
    let packs = context.packs()?;
    let reading = context.read()?;
    Ok(match &item.source {
        Source::Gap(kind) => reading.gap(*kind, today)?.into_iter().map(|gap| of_gap(*kind, gap)).collect(),
        Source::Shortfall => {
            let bills = bill::short_of_year(reading, &packs, None, today.year())?;
            let short = bills.iter().map(bill::row).map(|row| WorklistRow {
                household: row.household,
                person: Some(row.person),
                name: row.name,
                village: row.village,
                reason: format!("少报 {} 元 · {} · {}", Fen(row.shortfall), row.hospital, row.why),
                due: row.settled_on,
                ..WorklistRow::default()
            });
            short.collect()
        }
        Source::Cards => {
            let stale = card::holders(reading, packs.on(today), None, today)?.stale;
            let rows = stale.into_iter().map(|(line, why)| WorklistRow {
                household: line.household.to_string(),
                name: line.head.clone(),
                head: line.head,
                village: line.village_name,
                reason: why.to_owned(),
                due: line.issued_on,
                ..WorklistRow::default()
            });
            rows.collect()
        }
        Source::Conflicts => crate::exchange::conflict_rows(context)?
            .into_iter()
            .map(|line| line.row)
            .map(|row| WorklistRow {
                name: row.who,
                village: row.village,
                reason: format!(
                    "{}：{}",
                    row.field,
                    row.values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join(" / ")
                ),
                ..WorklistRow::default()
            })
            .collect(),
    })
}

fn of_gap(kind: GapKind, gap: Gap) -> WorklistRow {
    let reason = match kind {
        GapKind::Uncontracted if gap.detail.is_empty() => "没有签约记录".to_owned(),
        GapKind::Uncontracted => restricted::unsigned_reason(&gap.detail).unwrap_or(restricted::HIDDEN).to_owned(),
        GapKind::VisitOverdue | GapKind::PatientOverdue if gap.detail == "never" => "还没有随访过".to_owned(),
        GapKind::VisitOverdue | GapKind::PatientOverdue => {
            restricted::shown(code::label("visit_kind", &gap.detail)).to_owned()
        }
        GapKind::Unenrolled if gap.detail.is_empty() => "原因未填".to_owned(),
        GapKind::Unenrolled | GapKind::Undiagnosed => gap.detail,
        GapKind::NoCitizenId => "没有身份证号".to_owned(),
        GapKind::HighSelfPay => {
            let permille: i64 = gap.detail.parse().unwrap_or_default();
            format!("个人支付占 {}.{}%", permille / 10, permille % 10)
        }
        GapKind::OutOfCounty => restricted::shown(&gap.detail).to_owned(),
        GapKind::DepositTaken => format!("押金 {} 元", Fen(gap.detail.parse().unwrap_or_default())),
    };
    WorklistRow {
        household: gap.household.to_string(),
        person: gap.person.map(|id| id.to_string()),
        name: gap.name,
        village: gap.village_name,
        group: gap.group,
        head: gap.head,
        phone: phone::mask(&gap.phone),
        reason,
        due: gap.due,
    }
}

/// What a count is made of: by reason where the reasons are few, otherwise by village.
fn parts(item: &Item, rows: &[WorklistRow]) -> String {
    let by_reason = matches!(
        item.source,
        Source::Gap(GapKind::VisitOverdue | GapKind::Unenrolled | GapKind::Undiagnosed) | Source::Cards
    );
    if matches!(item.source, Source::Shortfall) {
        return by(rows.iter().map(|row| row.village.as_str()));
    }
    by(rows.iter().map(|row| if by_reason { row.reason.as_str() } else { row.village.as_str() }))
}

fn by<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(if name.is_empty() { "未填" } else { name }).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let shown: Vec<_> = counts.iter().take(5).map(|(name, count)| format!("{name} {count}")).collect();
    let more = if counts.len() > 5 { " …" } else { "" };
    format!("{}{more}", shown.join(" · "))
}

pub(crate) fn population(context: &Context<'_>) -> Result<Population, AppError> {
    let [not_lifted_households, not_lifted_people, lifted_households, lifted_people, other_households, other_people] =
        context.read()?.population(None)?;
    Ok(Population {
        households: not_lifted_households + lifted_households + other_households,
        people: not_lifted_people + lifted_people + other_people,
        not_lifted_households,
        not_lifted_people,
        lifted_households,
        lifted_people,
        other_households,
        other_people,
    })
}

fn indicators(context: &mut Context<'_>, today: NaiveDate) -> Result<Vec<Indicator>, AppError> {
    let pack = context.pack()?;
    let reading = context.read()?;
    let card::Holders { stale, households } = card::holders(reading, pack.as_ref(), None, today)?;
    let indicator = |key: &str, label: &str, share: ShareLine, target, definition: &str| Indicator {
        key: key.to_owned(),
        label: label.to_owned(),
        done: share.done,
        of: share.of,
        target,
        definition: definition.to_owned(),
    };
    let cards = ShareLine { done: (households - stale.len()) as i64, of: households as i64 };
    Ok(vec![
        indicator(
            "contract",
            "家庭医生签约",
            reading.contract_share(today)?,
            10_000,
            "有效签约 ÷（在册在世 − 可以不签的人）。长期外出、外嫁、服刑、服兵役、出国等不计入",
        ),
        indicator(
            "visit",
            "四病随访按期",
            reading.visit_share(today)?,
            10_000,
            "各类随访都约了下次日期且未到期的患者 ÷ 高血压、糖尿病、结核病、严重精神障碍患者（可以不签的人除外）",
        ),
        indicator("enrolment", "参保", reading.enrolment_share(today)?, 10_000, "今年已参保 ÷ 在册在世"),
        indicator(
            "in_county",
            "县域内就诊",
            reading.in_county_share(today)?,
            9_500,
            "今年县域内就诊的结算单 ÷ 今年全部结算单",
        ),
        indicator("card", "明白卡为现行版", cards, 10_000, "持现行政策、现行资料明白卡的户 ÷ 有人在册在世的户"),
    ])
}

/// Dates every health centre of the source documents has: the monthly review of chronic certificates on the 25th
/// (domain A-38) and the monthly report at the month's end.
fn deadlines(today: NaiveDate) -> Vec<Deadline> {
    let next_month = today.with_day(1).and_then(|d| d.checked_add_months(chrono::Months::new(1)));
    let month_end = next_month.and_then(|d| d.checked_sub_days(Days::new(1)));
    let review = today.with_day(25).filter(|d| *d >= today).or_else(|| next_month.and_then(|d| d.with_day(25)));
    let year_end = NaiveDate::from_ymd_opt(today.year(), 12, 31);
    let mut dates: Vec<_> = [
        (review, "慢性病证材料送评审".to_owned()),
        (month_end, "健康帮扶月报".to_owned()),
        (year_end, format!("{}年居民医保缴费截止", today.year() + 1)),
    ]
    .into_iter()
    .filter_map(|(on, label)| Some(Deadline { on: on?, label, days: (on? - today).num_days() }))
    .collect();
    dates.sort_by_key(|deadline| deadline.on);
    dates
}
