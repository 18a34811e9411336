//! Where the header is and which column is which, found by labels alone: any order, any row of the first twenty, one or
//! two rows high, whatever else stands around it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::profile::{Need, Profile};
use crate::workbook::{Sheet, column_letters};

/// How far down a header is looked for.
const ROWS_SEARCHED: usize = 20;

/// Fewer matching labels than this are chance.
const FEWEST_LABELS: usize = 3;

/// What the clerk said about labels the profile does not know: label → key of the profile's column, or `None` to ignore
/// the column. Remembered by the app for each source of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Label as it stands in the file → key of the column.
    pub labels: BTreeMap<String, Option<String>>,
}

/// A column of the file that was recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// Zero-based column in the file.
    pub index: usize,
    /// Its letters.
    pub letters: String,
    /// Its label as it stands in the file.
    pub label: String,
    /// Key of the profile's column.
    pub key: String,
    /// Position in [`Profile::columns`].
    pub position: usize,
}

/// A column of the file that no column of the profile answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownColumn {
    /// Zero-based column in the file.
    pub index: usize,
    /// Its letters.
    pub letters: String,
    /// Its label as it stands in the file.
    pub label: String,
}

/// A header that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Zero-based row of the (upper) labels.
    pub row: usize,
    /// Zero-based row after the header.
    pub first_data_row: usize,
    /// Recognised columns, leftmost first; of columns with one meaning, the first is the one read.
    pub columns: Vec<MappedColumn>,
    /// Recognised columns whose meaning an earlier column already has.
    pub duplicates: Vec<MappedColumn>,
    /// Labelled columns nobody asked for; they are not imported.
    pub unknown: Vec<UnknownColumn>,
    /// Keys of columns the profile requires or expects that the file does not have.
    pub missing: Vec<String>,
}

/// The form in which labels are compared: compatibility forms folded, no spaces, no marks around, lower case.
#[must_use]
pub fn label_key(label: &str) -> String {
    let folded: String = label
        .nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '"' | '\'' | '“' | '”' | '\u{feff}' | '\u{200b}'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '【' | '〔' | '[' => '(',
            '】' | '〕' | ']' => ')',
            ',' | '，' | '/' | '／' | '或' => '、',
            c => c,
        })
        .collect();
    // A table program appends .1, .2 to labels that repeat.
    match folded.rsplit_once('.') {
        Some((label, digits))
            if !label.is_empty() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            label.to_owned()
        }
        _ => folded,
    }
}

/// `医疗总费用(元)` without its last bracket, if it has one.
fn without_bracket(key: &str) -> Option<&str> {
    let open = key.strip_suffix(')')?;
    open.rsplit_once('(').map(|(front, _)| front).filter(|front| !front.is_empty())
}

/// Labels of a profile ready for looking up.
pub(crate) struct Labels {
    known: HashMap<String, usize>,
    said: HashMap<String, Option<usize>>,
    needed: Vec<usize>,
}

impl Labels {
    pub(crate) fn new(profile: &Profile, mapping: &Mapping) -> Self {
        let mut known = HashMap::new();
        for (position, column) in profile.columns.iter().enumerate() {
            known.insert(label_key(column.title), position);
        }
        for (position, column) in profile.columns.iter().enumerate() {
            for synonym in column.synonyms {
                known.entry(label_key(synonym)).or_insert(position);
            }
        }
        let said = mapping
            .labels
            .iter()
            .map(|(label, key)| {
                let position = key.as_ref().and_then(|key| profile.columns.iter().position(|c| c.key == key));
                (label_key(label), position)
            })
            .collect();
        let needed = (0..profile.columns.len())
            .filter(|&p| profile.columns.get(p).is_some_and(|c| c.need == Need::Required))
            .collect();
        Self { known, said, needed }
    }

    /// The profile's column a label stands for.
    pub(crate) fn position(&self, label: &str) -> Option<usize> {
        let key = label_key(label);
        if key.is_empty() {
            return None;
        }
        if let Some(said) = self.said.get(&key) {
            return *said;
        }
        self.known.get(&key).or_else(|| self.known.get(without_bracket(&key)?)).copied()
    }
}

/// A header row or pair of rows under consideration.
struct Candidate {
    row: usize,
    height: usize,
    /// Label and meaning by column of the file.
    labels: Vec<(String, Option<usize>)>,
}

impl Candidate {
    /// How many different columns of the profile it names.
    fn score(&self) -> usize {
        let mut positions: Vec<usize> = self.labels.iter().filter_map(|(_, position)| *position).collect();
        positions.sort_unstable();
        positions.dedup();
        positions.len()
    }
}

/// Finds the header of a sheet; `None` if no row of the first twenty looks like one.
pub(crate) fn find(sheet: &Sheet, profile: &Profile, labels: &Labels) -> Option<Header> {
    let covered = sheet.covered();
    let mut best: Option<(usize, Candidate)> = None;
    for row in 0..sheet.rows.len().min(ROWS_SEARCHED) {
        let single = one_row(sheet, row, labels);
        // Two rows are one header only if together they say more than either: a title above is none.
        let alone = single.score().max(one_row(sheet, row + 1, labels).score());
        let double = two_rows(sheet, row, &single, labels, &covered).filter(|double| double.score() > alone);
        for candidate in [Some(single), double].into_iter().flatten() {
            let score = candidate.score();
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, candidate));
            }
        }
    }
    let (score, candidate) = best?;
    let has_needed = labels.needed.iter().all(|needed| candidate.labels.iter().any(|(_, p)| *p == Some(*needed)));
    let enough = if has_needed { labels.needed.len().clamp(2, FEWEST_LABELS) } else { FEWEST_LABELS };
    (score >= enough).then(|| settle(candidate, profile))
}

fn one_row(sheet: &Sheet, row: usize, labels: &Labels) -> Candidate {
    let width = sheet.rows.get(row).map_or(0, Vec::len);
    let labels = (0..width)
        .map(|column| {
            let label = sheet.cell(row, column).text();
            let position = labels.position(&label);
            (label, position)
        })
        .collect();
    Candidate { row, height: 1, labels }
}

/// A header of two rows: group heads above, labels below, columns without a group merged over both. Under a label of the
/// upper row the lower cell must be empty, or it is data.
fn two_rows(
    sheet: &Sheet,
    row: usize,
    upper: &Candidate,
    labels: &Labels,
    covered: &HashMap<(u32, u32), (u32, u32)>,
) -> Option<Candidate> {
    let below = sheet.rows.get(row + 1)?;
    let width = below.len().max(upper.labels.len());
    let mut joined = Vec::with_capacity(width);
    let mut group = String::new();
    for column in 0..width {
        let low = sheet.cell(row + 1, column).text();
        let above = sheet.cell(row, column).text();
        let position_above = upper.labels.get(column).and_then(|(_, position)| *position);
        if low.trim().is_empty() {
            group = above.clone();
            joined.push((above, position_above));
            continue;
        }
        let same = label_key(&low) == label_key(&above);
        let at = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
        let head = match covered.get(&at) {
            Some(&(top, left)) => sheet.cell(top as usize, left as usize).text(),
            None if above.trim().is_empty() => group.clone(),
            None => above.clone(),
        };
        group.clone_from(&head);
        // "血压" over "收缩压" is 收缩压; "确诊" over "日期" is 确诊日期.
        let position = labels.position(&format!("{head}{low}")).or_else(|| labels.position(&low));
        if position_above.is_some() && !same && position.is_none() {
            return None;
        }
        joined.push((low, position));
    }
    Some(Candidate { row, height: 2, labels: joined })
}

fn settle(candidate: Candidate, profile: &Profile) -> Header {
    let mut columns: Vec<MappedColumn> = Vec::new();
    let (mut duplicates, mut unknown) = (Vec::new(), Vec::new());
    for (index, (label, position)) in candidate.labels.into_iter().enumerate() {
        let label = crate::value::tidy(&label);
        let letters = column_letters(index);
        let found = position.and_then(|p| profile.columns.get(p).map(|column| (p, column)));
        match found {
            Some((position, column)) => {
                let mapped = MappedColumn { index, letters, label, key: column.key.to_owned(), position };
                if columns.iter().any(|earlier| earlier.position == position) {
                    duplicates.push(mapped);
                } else {
                    columns.push(mapped);
                }
            }
            None if label.is_empty() => {}
            None => unknown.push(UnknownColumn { index, letters, label }),
        }
    }
    let missing = profile
        .columns
        .iter()
        .enumerate()
        .filter(|(position, column)| column.need != Need::Optional && !columns.iter().any(|c| c.position == *position))
        .map(|(_, column)| column.key.to_owned())
        .collect();
    Header {
        row: candidate.row,
        first_data_row: candidate.row + candidate.height,
        columns,
        duplicates,
        unknown,
        missing,
    }
}
