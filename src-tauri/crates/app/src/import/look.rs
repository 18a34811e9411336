//! A file is looked at before it is tried, and the clerk answers for what nobody knows of it.

use std::collections::BTreeMap;

use mingbai_domain::{citizen_id, phone, restricted};
use mingbai_sheets::profiles::suggest;
use mingbai_sheets::{ColumnLook, ColumnState, Header, Mapping, Profile, SheetLook, Source, Workbook};

use super::Planned;
use super::memory::{self, Aliases};
use crate::dto::{
    ColumnAnswer, ImportAnswers, ImportLook, ImportLookRequest, LookChoices, LookColumn, LookField, LookLabel,
    LookSheet, LookState, SheetKind,
};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

/// Different labels that are told of one column; who has more has taken the wrong column.
const MOST_LABELS: usize = 60;

/// What a file is.
pub(super) fn look<D: Planned>(
    context: &mut Context<'_>,
    request: &ImportLookRequest,
    workbook: &Workbook,
) -> Result<ImportLook, AppError> {
    let (reading, profile) = (context.read()?, D::PROFILE);
    let memory = memory::recall(reading, profile, D::TOLD)?;
    let aliases = memory::aliases(reading, profile)?;
    let row = request.sheet.as_deref().zip(request.row.and_then(|row| usize::try_from(row - 1).ok()));
    let columns: Vec<&str> = D::TOLD.iter().map(|told| told.column).collect();
    let sheets = mingbai_sheets::look(workbook, profile, &memory, row, &columns);
    let labels = labels::<D>(&sheets, &aliases);
    let told = |column: &str| labels.iter().any(|label| label.column == column);
    let choices = D::TOLD.iter().filter(|one| told(one.column));
    Ok(ImportLook {
        kind: request.kind,
        file: workbook.name.clone(),
        kinds: suggest(workbook).into_iter().filter_map(kind_of).collect(),
        ready: sheets.iter().any(|sheet| sheet.known),
        asks: labels.iter().filter(|label| label.code.is_none()).count() as i64,
        choices: choices
            .map(|one| LookChoices { column: one.column.to_owned(), choices: one.labels.choices() })
            .collect(),
        labels,
        fields: profile
            .columns
            .iter()
            .map(|column| LookField {
                key: column.key.to_owned(),
                title: column.title.to_owned(),
                needed: column.need.refuses_without(),
            })
            .collect(),
        sheets: sheets.iter().map(sheet_view::<D>).collect(),
    })
}

/// The kind of sheet that a profile reads.
fn kind_of(profile: &Profile) -> Option<SheetKind> {
    super::KINDS.into_iter().find(|kind| super::profile_of(*kind).key == profile.key)
}

fn title<D: Planned>(key: &str) -> Option<String> {
    D::PROFILE.columns.iter().find(|column| column.key == key).map(|column| column.title.to_owned())
}

/// Labels that nobody knows or that the clerk told before, over all sheets that are read.
fn labels<D: Planned>(sheets: &[SheetLook], aliases: &Aliases) -> Vec<LookLabel> {
    let mut found = Vec::new();
    let any_read = sheets.iter().any(|sheet| sheet.known);
    let sheets: Vec<&SheetLook> = sheets.iter().filter(|sheet| sheet.known || !any_read).collect();
    for one in D::TOLD {
        let said = aliases.get(one.column);
        let code = |label: &str| said.and_then(|said| said.get(label)).cloned();
        let mut tallies: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
        for tally in sheets.iter().filter_map(|sheet| sheet.labels.get(one.column)).flatten() {
            if !one.labels.knows(&tally.text) || code(&tally.text).is_some() {
                tallies.entry(&tally.text).or_insert((0, tally.first_row)).0 += tally.rows;
            }
        }
        let mut tallies: Vec<_> = tallies.into_iter().collect();
        tallies.sort_by_key(|(_, (rows, first))| (std::cmp::Reverse(*rows), *first));
        found.extend(tallies.into_iter().take(MOST_LABELS).map(|(label, (rows, first_row))| LookLabel {
            column: one.column.to_owned(),
            title: title::<D>(one.column).unwrap_or_default(),
            label: label.to_owned(),
            rows: rows as i64,
            first_row: i64::from(first_row),
            code: code(label),
        }));
    }
    found
}

fn sheet_view<D: Planned>(sheet: &SheetLook) -> LookSheet {
    let header = sheet.header.as_ref();
    let missing = D::PROFILE.columns.iter().filter(|column| column.need.refuses_without());
    let lacks = |key: &str| header.is_some_and(|header| header.missing.iter().any(|missing| missing == key));
    LookSheet {
        name: sheet.sheet.clone(),
        row: header.map(|header| header.row as i64 + 1),
        height: header.map_or(1, |header| (header.first_data_row - header.row) as i64),
        read: sheet.known,
        remembered: header.is_some_and(|header| header.source.is_some()),
        data_rows: sheet.rows as i64,
        columns: sheet.columns.iter().map(column_view::<D>).collect(),
        missing: missing.filter(|column| lacks(column.key)).map(|column| column.title.to_owned()).collect(),
    }
}

fn column_view<D: Planned>(column: &ColumnLook) -> LookColumn {
    let dropped = column.key.as_deref().is_some_and(|key| D::NOT_KEPT.contains(&key));
    LookColumn {
        letters: column.letters.clone(),
        label: column.label.clone(),
        state: match column.state {
            ColumnState::Mapped if dropped => LookState::NotKept,
            ColumnState::Mapped => LookState::Mapped,
            ColumnState::Duplicate => LookState::Duplicate,
            ColumnState::Unknown => LookState::Unknown,
            ColumnState::Ignored => LookState::Ignored,
        },
        title: column.key.as_deref().and_then(title::<D>),
        key: column.key.clone(),
        told: column.told,
        filled: column.filled as i64,
        samples: column.samples.iter().map(|sample| shown(sample)).collect(),
    }
}

/// A value as it may be shown: numbers of people masked, illnesses that are nobody's business not at all.
fn shown(sample: &str) -> String {
    if restricted::gives_away(sample) {
        return "（限制查看）".to_owned();
    }
    match sample.bytes().filter(u8::is_ascii_digit).count() {
        ..11 => sample.chars().take(24).collect(),
        11 | 12 => phone::mask(sample),
        _ => citizen_id::mask(sample),
    }
}

/// Keeps what the clerk says: columns for files of this layout, labels for files of this kind.
pub(super) fn answer<D: Planned>(
    context: &mut Context<'_>,
    answers: &ImportAnswers,
    workbook: &Workbook,
) -> Result<ImportLook, AppError> {
    let profile = D::PROFILE;
    let memory = memory::recall(context.read()?, profile, D::TOLD)?;
    let row = answers.row.and_then(|row| usize::try_from(row - 1).ok());
    let seen = mingbai_sheets::look(workbook, profile, &memory, row.map(|row| (answers.sheet.as_str(), row)), &[]);
    if !answers.columns.is_empty() || row.is_some() {
        let header = seen.iter().find(|sheet| sheet.sheet == answers.sheet).and_then(|sheet| sheet.header.as_ref());
        let Some(header) = header else { return Err(AppError::not_found("工作表或表头")) };
        let before = header.source.and_then(|at| memory.sources.get(at));
        let mut mapping = before.map(|source| source.mapping.clone()).unwrap_or_default();
        say::<D>(&mut mapping, &answers.columns, header)?;
        let source = Source::new(header.labels(), mapping);
        let key = memory::source_key(profile, &source);
        let bytes = memory::source_bytes(source)?;
        context.opened_mut()?.store.set_state(&key, &bytes)?;
    }
    if !answers.labels.is_empty() {
        let mut aliases = memory::aliases(context.read()?, profile)?;
        for said in &answers.labels {
            let told = D::TOLD.iter().find(|told| told.column == said.column);
            let known = said.code.as_ref().is_none_or(|code| {
                told.is_some_and(|told| told.labels.choices().iter().any(|choice| choice.code == *code))
            });
            if told.is_none() || !known {
                return Err(unknown_choice());
            }
            let column = aliases.entry(said.column.clone()).or_default();
            match &said.code {
                Some(code) => column.insert(said.label.clone(), code.clone()),
                None => column.remove(&said.label),
            };
        }
        let bytes = memory::to_bytes(&aliases)?;
        context.opened_mut()?.store.set_state(&memory::aliases_key(profile), &bytes)?;
    }
    let request = ImportLookRequest { kind: answers.kind, path: answers.path.clone(), sheet: None, row: None };
    look::<D>(context, &request, workbook)
}

/// Lays the answers over what was said before. A field that is given to one column is taken from every other.
fn say<D: Planned>(mapping: &mut Mapping, answers: &[ColumnAnswer], header: &Header) -> Result<(), AppError> {
    let labels = header.labels();
    for answer in answers {
        let is_field = |key: &String| D::PROFILE.columns.iter().any(|column| column.key == key);
        if !labels.contains(&answer.label.as_str()) || !answer.key.as_ref().is_none_or(is_field) {
            return Err(unknown_choice());
        }
        if let Some(key) = &answer.key {
            let others = header.columns.iter().chain(&header.duplicates);
            let others = others.filter(|column| column.key == *key && column.label != answer.label);
            mapping.labels.extend(others.map(|column| (column.label.clone(), None)));
            for said in mapping.labels.values_mut().filter(|said| said.as_ref() == Some(key)) {
                *said = None;
            }
        }
        mapping.labels.insert(answer.label.clone(), answer.key.clone());
    }
    Ok(())
}

fn unknown_choice() -> AppError {
    AppError::new(ErrorCode::Validation, "选的列或含义在这张表里没有，没有记住任何内容。请重新打开这张表再选")
}
