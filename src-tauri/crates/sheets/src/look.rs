//! What a file is, before anything of it is read for good: its sheets, the header found in each, every column with some
//! of what stands below it, and how often each label stands in the columns whose labels are told.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::batch::{SheetReader, excel_row};
use crate::header::{Header, Known, at_row, find, likeliest_row, top};
use crate::labels::label_key;
use crate::memory::Memory;
use crate::profile::Profile;
use crate::value::{parts, tidy};
use crate::workbook::{Cell, Sheet, Workbook};

/// Different values told of a column.
const MOST_SAMPLES: usize = 3;

/// What is done with a column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ColumnState {
    /// It is read.
    Mapped,
    /// An earlier column has its meaning; where the two differ, the earlier one holds.
    Duplicate,
    /// Nobody knows what it means; it is not read.
    Unknown,
    /// The clerk said that it is not read.
    Ignored,
}

/// One column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnLook {
    /// Its letters.
    pub letters: String,
    /// Its label as it stands in the file.
    pub label: String,
    /// What is done with it.
    pub state: ColumnState,
    /// Key of the profile's column that it is.
    pub key: Option<String>,
    /// Whether the clerk said so.
    pub told: bool,
    /// How many rows say something in it.
    pub filled: usize,
    /// The first different values.
    pub samples: Vec<String>,
}

/// A label and how often it stands in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelTally {
    /// The label as it stands in the file.
    pub text: String,
    /// In how many rows.
    pub rows: usize,
    /// The first of them, as Excel numbers it.
    pub first_row: u32,
}

/// One sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetLook {
    /// Its name.
    pub sheet: String,
    /// The header: found, told, or, where `known` says so, merely guessed. None where the sheet is empty.
    pub header: Option<Header>,
    /// Whether the sheet is read as it stands: a header was found and no column is lacking without which it is refused.
    pub known: bool,
    /// Rows with data below the header.
    pub rows: usize,
    /// Its labelled columns, leftmost first.
    pub columns: Vec<ColumnLook>,
    /// By key of the profile's column: the labels in it, the most frequent first.
    pub labels: BTreeMap<String, Vec<LabelTally>>,
}

/// Looks at every sheet as a table of this kind. `row` is the sheet and the zero-based row in which the clerk says that the
/// header begins; `told` are the keys of the columns whose labels are told.
#[must_use]
pub fn look(
    workbook: &Workbook,
    profile: &'static Profile,
    memory: &Memory,
    row: Option<(&str, usize)>,
    told: &[&str],
) -> Vec<SheetLook> {
    let known = Known::new(profile, memory);
    let one = |sheet: &Sheet| {
        let said = row.filter(|(name, _)| *name == sheet.name);
        let found = match said {
            Some((_, row)) => at_row(sheet, row, profile, &known),
            None => find(&top(sheet), profile, &known),
        };
        let lacks = |header: &Header| {
            let is_missing = |key: &str| header.missing.iter().any(|missing| missing == key);
            profile.columns.iter().any(|column| column.need.refuses_without() && is_missing(column.key))
        };
        let complete = found.as_ref().is_some_and(|header| !lacks(header));
        let guess = || likeliest_row(sheet).and_then(|row| at_row(sheet, row, profile, &known));
        let mut look = SheetLook {
            sheet: sheet.name.clone(),
            header: found.or_else(guess),
            known: complete,
            rows: 0,
            columns: Vec::new(),
            labels: BTreeMap::new(),
        };
        if let Some(header) = look.header.clone() {
            let reader = SheetReader::new(sheet, profile, &header, known.of(&header), memory);
            look.read(sheet, &header, &reader, memory, told);
        }
        look
    };
    workbook.sheets.iter().map(one).collect()
}

impl SheetLook {
    fn read(&mut self, sheet: &Sheet, header: &Header, reader: &SheetReader<'_>, memory: &Memory, told: &[&str]) {
        let data: Vec<usize> = (header.first_data_row..sheet.rows.len())
            .filter(|row| {
                let cells = sheet.rows.get(*row).map_or(&[][..], Vec::as_slice);
                !cells.iter().all(Cell::is_blank) && reader.not_data(cells, *row).is_none()
            })
            .collect();
        self.rows = data.len();
        let source = header.source.and_then(|at| memory.sources.get(at));
        let said: BTreeMap<String, &Option<String>> = source
            .map(|source| source.mapping.labels.iter().map(|(label, key)| (label_key(label), key)).collect())
            .unwrap_or_default();
        let answered = |label: &str| said.get(&label_key(label)).copied();
        let mapped = header.columns.iter().map(|c| (c.index, &c.label, ColumnState::Mapped, Some(&c.key)));
        let twice = header.duplicates.iter().map(|c| (c.index, &c.label, ColumnState::Duplicate, Some(&c.key)));
        let unknown = header.unknown.iter().map(|c| {
            let state = if answered(&c.label) == Some(&None) { ColumnState::Ignored } else { ColumnState::Unknown };
            (c.index, &c.label, state, None)
        });
        let mut columns: Vec<_> = mapped.chain(twice).chain(unknown).collect();
        columns.sort_by_key(|(index, ..)| *index);
        for (index, label, state, key) in columns {
            let (filled, samples) = below(sheet, &data, index);
            self.columns.push(ColumnLook {
                letters: crate::workbook::column_letters(index),
                label: label.clone(),
                state,
                key: key.cloned(),
                told: answered(label).is_some(),
                filled,
                samples,
            });
        }
        for column in header.columns.iter().filter(|column| told.contains(&column.key.as_str())) {
            let texts = data.iter().map(|row| (*row, tidy(&reader.in_file(*row, column.position).text())));
            self.labels.insert(column.key.clone(), tally(texts));
        }
    }
}

/// How many rows say something in a column, and the first different things they say.
fn below(sheet: &Sheet, data: &[usize], index: usize) -> (usize, Vec<String>) {
    let (mut filled, mut samples) = (0, Vec::new());
    for cell in data.iter().map(|row| sheet.cell(*row, index)).filter(|cell| !cell.is_blank()) {
        filled += 1;
        if samples.len() < MOST_SAMPLES {
            let text = tidy(&cell.text());
            if !samples.contains(&text) {
                samples.push(text);
            }
        }
    }
    (filled, samples)
}

/// How often each label stands there, the most frequent first; a cell that holds several counts for each.
fn tally(texts: impl Iterator<Item = (usize, String)>) -> Vec<LabelTally> {
    let mut tallies: BTreeMap<String, LabelTally> = BTreeMap::new();
    for (row, text) in texts {
        for part in parts(&text) {
            let new = || LabelTally { text: part.to_owned(), rows: 0, first_row: excel_row(row) };
            tallies.entry(part.to_owned()).or_insert_with(new).rows += 1;
        }
    }
    let mut tallies: Vec<LabelTally> = tallies.into_values().collect();
    tallies.sort_by_key(|tally| (std::cmp::Reverse(tally.rows), tally.first_row));
    tallies
}
