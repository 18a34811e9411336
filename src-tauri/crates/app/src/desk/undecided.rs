//! Lists of the desk that are worked out where they are decided, not household by household.

use crate::dto::{OfficeKind, Tone, WorklistRow};
use crate::error::AppError;
use crate::office::Context;
use crate::pack;
use crate::todo::Item;

/// One of them.
pub(super) struct Undecided {
    pub(super) item: Item,
    pub(super) rows: fn(&mut Context<'_>) -> Result<Vec<WorklistRow>, AppError>,
    /// What the desk tells its rows apart by.
    pub(super) part: fn(&WorklistRow) -> &str,
}

const fn item(
    key: &'static str,
    label: &'static str,
    section: &'static str,
    unit: &'static str,
    definition: &'static str,
) -> Item {
    Item {
        key,
        label,
        section,
        tone: Tone::Waiting,
        unit,
        definition,
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: None,
    }
}

pub(super) const UNDECIDED: [Undecided; 2] = [
    Undecided {
        item: item(
            "conflicts",
            "两边不一致待决定",
            "数据交换",
            "处",
            "同一处在几台电脑上改得不一样，每个值都留着，等人决定",
        ),
        rows: conflicts,
        part: |row| &row.village,
    },
    Undecided {
        item: item(
            "pack_unread",
            "政策包等我复核",
            "保障结算",
            "份",
            "已经送复核、还没有启用，您还没有对照文件写下意见的政策包草稿；两人复核通过才能启用",
        ),
        rows: unread,
        part: |row| &row.name,
    },
];

/// What people in several places wrote differently.
fn conflicts(context: &mut Context<'_>) -> Result<Vec<WorklistRow>, AppError> {
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

/// Packs that wait for the word of whoever is logged in.
fn unread(context: &mut Context<'_>) -> Result<Vec<WorklistRow>, AppError> {
    if context.profile()?.kind != OfficeKind::County {
        return Ok(Vec::new());
    }
    let waiting = pack::unread(context)?.into_iter().map(|draft| WorklistRow {
        name: format!("{} {}", draft.name, draft.version),
        reason: format!("{}送复核：{}", draft.standing.sent_by, draft.standing.lacking),
        due: draft.standing.sent_on,
        ..WorklistRow::default()
    });
    Ok(waiting.collect())
}
