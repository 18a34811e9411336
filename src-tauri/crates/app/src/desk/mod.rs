//! 工作台: every count is the length of the list it opens.

mod shares;
mod undecided;

use std::collections::BTreeMap;

use mingbai_domain::{catalogue, phone};
use mingbai_store::query::{ShareSum, TodoLine};

use crate::campaign;
use crate::dto::{DeskView, Empty, Indicator, Population, WorkItem, WorklistRequest, WorklistRow, WorklistView};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id_maybe;
use crate::narrow;
use crate::office::Context;
use crate::todo::{self, Item};
use shares::{SHARES, Share};
use undecided::UNDECIDED;

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

fn items(context: &mut Context<'_>) -> Result<Vec<WorkItem>, AppError> {
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
    for list in &UNDECIDED {
        let rows = (list.rows)(context)?;
        if !rows.is_empty() {
            let parts: Vec<_> = rows.iter().map(|row| ((list.part)(row).to_owned(), 1)).collect();
            items.push(work_item(&list.item, rows.len() as i64, &parts));
        }
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
    let key = SHARES.iter().find(|share| share.key == request.key).map_or(request.key.as_str(), |share| share.opens);
    let mut whole = None;
    let (item, rows) = if let Some(list) = UNDECIDED.iter().find(|list| list.item.key == key) {
        let mut rows = (list.rows)(context)?;
        if let Some(village) = village {
            let named = context.read()?.villages()?.into_iter().find(|line| line.id == village);
            let name = named.ok_or_else(|| AppError::not_found("村"))?.name;
            rows.retain(|row| row.village == name);
        }
        (&list.item, rows)
    } else {
        let item = todo::find(key).ok_or_else(|| AppError::not_found("事项"))?;
        if item.key.ends_with(CLOSED) && crate::tally::is_blind(context)? {
            let message = "这份名单限制查看，没有打开。请由负责人打开";
            return Err(AppError::new(ErrorCode::NotPermitted, message));
        }
        let reading = context.read()?;
        if village.is_some() || request.narrow.is_some() {
            let counts = reading.todo_by_village()?.into_iter();
            whole = Some(counts.filter(|part| part.item == item.key).map(|part| part.count).sum());
        }
        let mut lines = reading.todo_rows(item.key, village)?;
        if request.narrow.is_some() {
            let left = narrow::narrowed(context, request.narrow.as_ref())?;
            lines.retain(|line| left.holds(line.household, line.person));
        }
        (item, rows_of(context, item, lines)?)
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
pub(crate) fn rows_of(
    context: &Context<'_>,
    item: &Item,
    mut lines: Vec<TodoLine>,
) -> Result<Vec<WorklistRow>, AppError> {
    lines.sort_by_key(|line| line.severity);
    let (reading, today) = (context.read()?, context.host.today());
    let row = |line| Ok(row(item, todo::items::year_end_of(reading, &line, today)?, line));
    lines.into_iter().map(row).collect()
}

fn row(item: &Item, year_end: Option<i64>, line: TodoLine) -> WorklistRow {
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
        year_end,
    }
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
