//! Tables that are counted from what is to be done: every number is a set of rows, and opens the people of these rows.
//!
//! To add a table: one [`Table`] in `tables`, named in [`tables::ALL`].

mod sheet;
mod tables;

pub(crate) use sheet::write;

use std::collections::BTreeSet;

use mingbai_store::query::TodoCell;

use crate::dto::{
    Empty, TallyCellRequest, TallyColumn, TallyList, TallyName, TallyRequest, TallyRow, TallyView, WorklistView,
};
use crate::error::{AppError, ErrorCode};
use crate::household::{parse_id, parse_id_maybe};
use crate::office::Context;
use crate::{desk, todo};

/// What a column adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Rows: people, or people and what they lack.
    Rows,
    /// Households of these rows.
    Households,
    /// Money, in fen.
    Money,
}

/// Which rows a column counts, by their item and reason.
type Takes = Box<dyn Fn(&str, &str) -> bool>;

/// One column.
struct Column {
    key: String,
    group: String,
    label: String,
    measure: Measure,
    takes: Takes,
    /// It tells of an illness that not everybody may read.
    restricted: bool,
}

/// A row of a table: its key, its label, and whether it tells of an illness that not everybody may read.
struct Line {
    key: String,
    label: String,
    restricted: bool,
}

/// What the rows of a table are.
#[derive(Clone, Copy)]
enum By {
    Village,
    /// What the reason of a row begins with, with the rows in their order.
    Reason {
        head: &'static str,
        rows: fn(&Context<'_>) -> Result<Vec<Line>, AppError>,
    },
}

/// One table.
pub(crate) struct Table {
    key: &'static str,
    title: &'static str,
    about: &'static str,
    section: &'static str,
    measure: &'static str,
    by: By,
    items: &'static [&'static str],
    columns: fn(&[TodoCell]) -> Vec<Column>,
    notes: &'static [&'static str],
}

fn find(key: &str) -> Result<&'static Table, AppError> {
    tables::ALL.iter().find(|table| table.key == key).ok_or_else(|| AppError::not_found("表"))
}

/// The row a reason belongs to.
fn row_of(detail: &str) -> &str {
    detail.split('|').next().unwrap_or_default()
}

impl Table {
    fn key_of(&self, cell: &TodoCell) -> String {
        match self.by {
            By::Village => cell.village.map(|id| id.to_string()).unwrap_or_default(),
            By::Reason { .. } => row_of(&cell.detail).to_owned(),
        }
    }

    fn head(&self) -> &'static str {
        match self.by {
            By::Village => "村",
            By::Reason { head, .. } => head,
        }
    }

    /// The rows in their order; those that only the cells know come last.
    fn lines(&self, context: &Context<'_>, cells: &[TodoCell]) -> Result<Vec<Line>, AppError> {
        let mut lines = match self.by {
            By::Reason { rows, .. } => rows(context)?,
            By::Village => {
                let villages = context.read()?.villages()?.into_iter();
                villages.map(|one| Line { key: one.id.to_string(), label: one.name, restricted: false }).collect()
            }
        };
        for cell in cells {
            let key = self.key_of(cell);
            if !lines.iter().any(|line| line.key == key) {
                lines.push(Line { key, label: "没有填写".to_owned(), restricted: false });
            }
        }
        Ok(lines)
    }
}

impl Column {
    fn of(&self, cell: &TodoCell) -> i64 {
        match self.measure {
            _ if !(self.takes)(&cell.item, &cell.detail) => 0,
            Measure::Rows => cell.rows,
            // Counted by themselves: a family of three is one household.
            Measure::Households => 0,
            Measure::Money => cell.amount,
        }
    }
}

/// Whether whoever is logged in may not read counts of restricted illnesses.
pub(crate) fn is_blind(context: &Context<'_>) -> Result<bool, AppError> {
    Ok(matches!(context.opened()?.operator.role.code.as_str(), "clerk" | "auditor"))
}

/// A table worked out.
struct Worked {
    table: &'static Table,
    columns: Vec<Column>,
    lines: Vec<Line>,
    /// Row by row.
    numbers: Vec<Vec<Option<i64>>>,
    total: Vec<Option<i64>>,
}

fn worked(context: &mut Context<'_>, request: &TallyRequest) -> Result<Worked, AppError> {
    todo::refresh(context)?;
    let table = find(&request.key)?;
    let village = parse_id_maybe(request.village.as_ref())?;
    let cells = context.read()?.todo_cells(table.items, village)?;
    let columns = (table.columns)(&cells);
    let mut lines = table.lines(context, &cells)?;
    if let (By::Village, Some(village)) = (table.by, village) {
        lines.retain(|line| line.key == village.to_string());
    }
    let blind = is_blind(context)?;
    let homes = context.read()?.todo_homes(table.items, village)?;
    let mut numbers = Vec::with_capacity(lines.len());
    for line in &lines {
        let mine: Vec<&TodoCell> = cells.iter().filter(|cell| table.key_of(cell) == line.key).collect();
        let number = |column: &Column| {
            let hidden = blind && (line.restricted || column.restricted);
            (!hidden).then(|| match column.measure {
                Measure::Households => homes.by_head.get(&line.key).copied().unwrap_or_default(),
                _ => mine.iter().map(|cell| column.of(cell)).sum(),
            })
        };
        numbers.push(columns.iter().map(number).collect());
    }
    let sum = |place: usize| {
        if columns[place].measure == Measure::Households {
            return Some(homes.all);
        }
        let shown = numbers.iter().filter_map(|row: &Vec<Option<i64>>| row.get(place).copied().flatten());
        (!(blind && columns[place].restricted)).then(|| shown.sum())
    };
    let total = (0..columns.len()).map(sum).collect();
    Ok(Worked { table, columns, lines, numbers, total })
}

pub(crate) fn list(_: &mut Context<'_>, _: Empty) -> Result<TallyList, AppError> {
    let name = |table: &Table| TallyName {
        key: table.key.to_owned(),
        title: table.title.to_owned(),
        about: table.about.to_owned(),
        section: table.section.to_owned(),
    };
    Ok(TallyList { rows: tables::ALL.iter().map(name).collect() })
}

pub(crate) fn get(context: &mut Context<'_>, request: TallyRequest) -> Result<TallyView, AppError> {
    let Worked { table, columns, lines, numbers, total } = worked(context, &request)?;
    let column = |column: Column| TallyColumn {
        key: column.key,
        group: column.group,
        label: column.label,
        money: column.measure == Measure::Money,
    };
    let rows = lines.into_iter().zip(numbers).map(|(line, cells)| TallyRow { key: line.key, label: line.label, cells });
    Ok(TallyView {
        key: table.key.to_owned(),
        title: table.title.to_owned(),
        unit: context.profile()?.unit_name.clone(),
        on: context.host.today(),
        head: table.head().to_owned(),
        columns: columns.into_iter().map(column).collect(),
        rows: rows.collect(),
        total,
        notes: table.notes.iter().map(|note| (*note).to_owned()).collect(),
    })
}

/// The people of one number.
pub(crate) fn people(context: &mut Context<'_>, request: TallyCellRequest) -> Result<WorklistView, AppError> {
    let whole = TallyRequest { key: request.key, village: request.village };
    let Worked { table, columns, lines, .. } = worked(context, &whole)?;
    let column = columns.iter().find(|one| one.key == request.column).ok_or_else(|| AppError::not_found("这一栏"))?;
    let line = match &request.row {
        Some(row) => Some(lines.iter().find(|line| line.key == *row).ok_or_else(|| AppError::not_found("这一行"))?),
        None => None,
    };
    let blind = is_blind(context)?;
    if blind && (column.restricted || line.is_some_and(|line| line.restricted)) {
        let message = "这一栏限制查看，没有打开名单。请由负责人打开";
        return Err(AppError::new(ErrorCode::NotPermitted, message));
    }
    let mut village = parse_id_maybe(whole.village.as_ref())?;
    if let (By::Village, Some(line)) = (table.by, line.filter(|line| !line.key.is_empty())) {
        village = Some(parse_id(&line.key)?);
    }
    let reading = context.read()?;
    let mut rows = Vec::new();
    for item in table.items {
        let Some(found) = todo::find(item) else { continue };
        let mut some = reading.todo_rows(item, village)?;
        some.retain(|one| {
            let of_line = |line: &Line| match table.by {
                By::Village => one.village.map(|id| id.to_string()).unwrap_or_default() == line.key,
                By::Reason { .. } => row_of(&one.detail) == line.key,
            };
            // What is hidden in its row is not opened by the total either.
            let hidden = blind && lines.iter().any(|line| line.restricted && of_line(line));
            !hidden && (column.takes)(item, &one.detail) && line.is_none_or(of_line)
        });
        rows.extend(desk::rows_of(context, found, some)?);
    }
    if column.measure == Measure::Households {
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert(row.household.clone()));
    }
    let place = line.map_or("合计", |line| line.label.as_str());
    let name = [column.group.as_str(), column.label.as_str()].into_iter().filter(|text| !text.is_empty());
    let label = std::iter::once(place).chain(name).collect::<Vec<_>>().join(" · ");
    let key = format!("{}/{}", table.key, column.key);
    let whole = rows.len() as i64;
    Ok(WorklistView { key, label, definition: table.about.to_owned(), rows, whole })
}
