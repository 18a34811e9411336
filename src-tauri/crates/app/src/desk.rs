//! 工作台: every count is the length of the list it opens.

use std::collections::BTreeMap;

use mingbai_domain::{catalogue, phone};
use mingbai_store::query::{ShareSum, TodoLine};

use crate::campaign;
use crate::dto::{DeskView, Empty, Indicator, Population, Tone, WorkItem, WorklistRequest, WorklistRow, WorklistView};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id_maybe;
use crate::narrow;
use crate::office::Context;
use crate::todo::{self, Item};

/// What people in several places wrote differently; worked out where it is decided.
const CONFLICTS: Item = Item {
    key: "conflicts",
    label: "两边不一致待决定",
    section: "数据交换",
    tone: Tone::Waiting,
    unit: "处",
    definition: "同一处在几台电脑上改得不一样，每个值都留着，等人决定",
    on_desk: true,
    by_reason: false,
    reason: |line| line.detail.clone(),
    errand: None,
};

/// One share that should be all.
struct Share {
    key: &'static str,
    label: &'static str,
    /// Basis points.
    target: i64,
    definition: &'static str,
    /// The list of whoever it leaves over.
    opens: &'static str,
    /// The list of whom a reason takes out of it.
    excluded: Option<&'static str>,
    /// A share of money that should be no more than its target.
    at_most: bool,
}

const SHARES: [Share; 15] = [
    Share {
        key: "contract",
        label: "家庭医生签约",
        target: 10_000,
        definition: "有效签约 ÷（在册在世 − 可以不签的人）。长期外出、外嫁、服刑、服兵役、出国等不计入",
        opens: "uncontracted",
        excluded: Some("contract_excluded"),
        at_most: false,
    },
    Share {
        key: "fulfilled",
        label: "履约",
        target: 10_000,
        definition: "签约年度开始到今天应做的随访、体检、产检、产后访视和儿童健康管理都做了的有效签约 ÷ 有应做服务的有效签约；没有定期服务要求的签约不计入",
        opens: "contract_unserved",
        excluded: Some("contract_idle"),
        at_most: false,
    },
    Share {
        key: "entered",
        label: "录入平台",
        target: 10_000,
        definition: "全部登记了录入日期的人项 ÷ 现行有效签约与今年的随访、体检、筛查服务的人项（一人一类一个平台算一项）",
        opens: "unentered",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "visit",
        label: "四病随访按期",
        target: 10_000,
        definition: "各类随访都约了下次日期且未到期的患者 ÷ 高血压、糖尿病、结核病、严重精神障碍患者（可以不签的人除外）",
        opens: "visit",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "managed",
        label: "四病管理",
        target: 9_000,
        definition: "在管的高血压、糖尿病、结核病、严重精神障碍患者 ÷ 全部已知患者（可以不签的人除外）；登记为重点人群或一年内随访过算在管",
        opens: "unmanaged",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "face_to_face",
        label: "面对面随访达标",
        target: 10_000,
        definition: "到今天面对面随访次数够的患者 ÷ 高血压、糖尿病患者；全年4次，年中纳入的按月折算，电话随访不算",
        opens: "visit_few",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "treatment",
        label: "大病救治",
        target: 10_000,
        definition: "已救治的大病患者 ÷ 确诊的大病患者；不愿意治疗、在外地治疗的不计入",
        opens: "treatment",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "enrolment",
        label: "参保",
        target: 10_000,
        definition: "今年已参保 ÷ 在册在世",
        opens: "unenrolled",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "in_county",
        label: "县域内就诊",
        target: 9_500,
        definition: "今年县域内就诊的结算单 ÷ 今年全部结算单",
        opens: "in_county",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "self_pay",
        label: "个人支付占比",
        target: 1_000,
        definition: "个人支付合计 ÷ 费用合计，今年县域内住院和慢性病门诊的结算单，没有登记个人支付的不算；不高于10%",
        opens: "high_self_pay",
        excluded: None,
        at_most: true,
    },
    Share {
        key: "published",
        label: "医疗费用公示",
        target: 10_000,
        definition: "费用已公示的人 ÷ 今年有结算单的人",
        opens: "published",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "satisfied",
        label: "群众满意",
        target: 10_000,
        definition: "最近一次回答满意的户 ÷ 今年走访时问过满意度的户",
        opens: "satisfied",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "material",
        label: "宣传资料入户",
        target: 10_000,
        definition: "今年发放过宣传资料的户 ÷ 有人在册在世的户；明白卡不算",
        opens: "no_material",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "aware",
        label: "政策知晓",
        target: 8_000,
        definition: "最近一次回答知道政策的户 ÷ 今年走访时问过的户",
        opens: "aware",
        excluded: None,
        at_most: false,
    },
    Share {
        key: "card",
        label: "明白卡为现行版",
        target: 10_000,
        definition: "持现行政策、现行资料明白卡的户 ÷ 有人在册在世的户",
        opens: "card_stale",
        excluded: None,
        at_most: false,
    },
];

pub(crate) fn get(context: &mut Context<'_>, _: Empty) -> Result<DeskView, AppError> {
    todo::refresh(context)?;
    let today = context.host.today();
    let area = context.profile()?.area.clone();
    Ok(DeskView {
        today,
        population: population(context)?,
        items: items(context)?,
        indicators: indicators(context)?,
        deadlines: campaign::deadlines(context.read()?, today, &area)?,
    })
}

fn items(context: &Context<'_>) -> Result<Vec<WorkItem>, AppError> {
    let reading = context.read()?;
    let mut counts: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    for one in reading.todo_by_village()? {
        counts.entry(one.item).or_default().push((one.part, one.count));
    }
    let mut items = Vec::new();
    for item in todo::items::all().filter(|item| item.on_desk) {
        let Some(mut parts) = counts.remove(item.key) else { continue };
        let count = parts.iter().map(|(_, count)| count).sum();
        if item.by_reason {
            let reasons = reading.todo_by_reason(item.key)?.into_iter();
            let said = |detail| (item.reason)(&TodoLine { detail, ..TodoLine::default() });
            parts = reasons.map(|one| (said(one.part), one.count)).collect();
        }
        items.push(work_item(item, count, &parts));
    }
    let conflicts = conflicts(context)?;
    if !conflicts.is_empty() {
        let parts: Vec<_> = conflicts.iter().map(|row| (row.village.clone(), 1)).collect();
        items.push(work_item(&CONFLICTS, conflicts.len() as i64, &parts));
    }
    Ok(items)
}

fn work_item(item: &Item, count: i64, parts: &[(String, i64)]) -> WorkItem {
    WorkItem {
        key: item.key.to_owned(),
        label: item.label.to_owned(),
        count,
        unit: item.unit.to_owned(),
        parts: by(parts),
        section: item.section.to_owned(),
        tone: item.tone,
    }
}

/// How the keys of lists end that tell by themselves who has a restricted illness.
const CLOSED: &str = "_closed";

pub(crate) fn worklist(context: &mut Context<'_>, request: WorklistRequest) -> Result<WorklistView, AppError> {
    todo::refresh(context)?;
    let village = parse_id_maybe(request.village.as_ref())?;
    let reading = context.read()?;
    let key = SHARES.iter().find(|share| share.key == request.key).map_or(request.key.as_str(), |share| share.opens);
    let mut whole = None;
    let (item, rows) = if key == CONFLICTS.key {
        let mut rows = conflicts(context)?;
        if let Some(village) = village {
            let named = reading.villages()?.into_iter().find(|line| line.id == village);
            let name = named.ok_or_else(|| AppError::not_found("村"))?.name;
            rows.retain(|row| row.village == name);
        }
        (&CONFLICTS, rows)
    } else {
        let item = todo::find(key).ok_or_else(|| AppError::not_found("事项"))?;
        if item.key.ends_with(CLOSED) && crate::tally::is_blind(context)? {
            let message = "这份名单限制查看，没有打开。请由负责人打开";
            return Err(AppError::new(ErrorCode::NotPermitted, message));
        }
        if village.is_some() || request.narrow.is_some() {
            let counts = reading.todo_by_village()?.into_iter();
            whole = Some(counts.filter(|part| part.item == item.key).map(|part| part.count).sum());
        }
        let mut lines = reading.todo_rows(item.key, village)?;
        if request.narrow.is_some() {
            let left = narrow::narrowed(context, request.narrow.as_ref())?;
            lines.retain(|line| left.holds(line.household, line.person));
        }
        (item, rows_of(item, lines))
    };
    Ok(WorklistView {
        key: item.key.to_owned(),
        label: item.label.to_owned(),
        definition: item.definition.to_owned(),
        whole: whole.unwrap_or(rows.len() as i64),
        rows,
    })
}

/// Lines as the screen shows them: the most pressing first, in village order.
pub(crate) fn rows_of(item: &Item, mut lines: Vec<TodoLine>) -> Vec<WorklistRow> {
    lines.sort_by_key(|line| line.severity);
    lines.into_iter().map(|line| row(item, line)).collect()
}

fn row(item: &Item, line: TodoLine) -> WorklistRow {
    let name = [&line.name, &line.head, &line.village_name].into_iter().find(|name| !name.is_empty());
    WorklistRow {
        household: line.household.map(|id| id.to_string()).unwrap_or_default(),
        place: line.village.filter(|_| line.household.is_none() && item.unit == "村").map(|id| id.to_string()),
        person: line.person.map(|id| id.to_string()),
        name: name.cloned().unwrap_or_else(|| "本单位".to_owned()),
        reason: (item.reason)(&line),
        village: line.village_name,
        group: line.group,
        head: line.head,
        phone: phone::mask(&line.phone),
        due: line.due,
        table: line.record.and_then(|(kind, _)| catalogue::by_id(kind)).map(|kind| kind.table.to_owned()),
        record: line.record.map(|(_, id)| id.to_string()),
    }
}

fn conflicts(context: &Context<'_>) -> Result<Vec<WorklistRow>, AppError> {
    let lines = crate::exchange::conflict_rows(context)?.into_iter().map(|line| line.row);
    let rows = lines.map(|row| WorklistRow {
        name: row.who,
        village: row.village,
        reason: format!(
            "{}：{}",
            row.field,
            row.values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join(" / ")
        ),
        ..WorklistRow::default()
    });
    Ok(rows.collect())
}

/// What a count is made of, the largest parts first.
fn by(parts: &[(String, i64)]) -> String {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for (name, count) in parts {
        *counts.entry(if name.is_empty() { "未填" } else { name }).or_default() += count;
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

fn indicators(context: &Context<'_>) -> Result<Vec<Indicator>, AppError> {
    let sums = context.read()?.shares()?;
    let none = |key: &str| ShareSum { indicator: key.to_owned(), done: 0, whole: 0, excluded: 0 };
    // A question nobody was asked yet has no share.
    let asked = |share: &&Share| {
        !["satisfied", "aware"].contains(&share.key) || sums.iter().any(|sum| sum.indicator == share.key)
    };
    let indicators = SHARES.iter().filter(asked).map(|share| {
        let sum = sums.iter().find(|sum| sum.indicator == share.key).cloned().unwrap_or_else(|| none(share.key));
        Indicator {
            key: share.key.to_owned(),
            label: share.label.to_owned(),
            done: sum.done,
            of: sum.whole,
            excluded: sum.excluded,
            excluded_key: share.excluded.map(str::to_owned),
            target: share.target,
            definition: share.definition.to_owned(),
            at_most: share.at_most,
        }
    });
    Ok(indicators.collect())
}
