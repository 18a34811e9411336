//! Where the header is and which column is which, found by labels alone: any order, any row, one or two rows high,
//! whatever else stands around it.

use serde::{Deserialize, Serialize};

use crate::labels::Labels;
use crate::memory::{Mapping, Memory, Source, layout};
use crate::profile::{Need, Profile};
use crate::top::{Text, Top};
use crate::workbook::{Cell, Sheet, column_letters};

/// Among so many rows at the top, the one that looks most like a header is it.
const TOP_ROWS: usize = 20;

/// Where none of them does, the first row that does, down to here: some offices put a page of explanations above.
const ROWS_SEARCHED: usize = 2_000;

/// Fewer matching labels than this are chance.
const FEWEST_LABELS: usize = 3;

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
    /// Which of [`Memory::sources`] the file comes from, if somebody answered for its like before.
    pub source: Option<usize>,
}

impl Header {
    /// The labels of all columns, leftmost first.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        let mapped = self.columns.iter().chain(&self.duplicates).map(|c| (c.index, c.label.as_str()));
        let mut labels: Vec<_> = mapped.chain(self.unknown.iter().map(|c| (c.index, c.label.as_str()))).collect();
        labels.sort_unstable();
        labels.into_iter().map(|(_, label)| label).collect()
    }
}

/// One column of a header under consideration: its label, that of the group above it, if there is one, and its meaning.
struct Labelled<'t> {
    head: &'t str,
    own: &'t str,
    position: Option<usize>,
}

impl Labelled<'_> {
    fn label(&self) -> String {
        format!("{}{}", self.head, self.own)
    }
}

/// A header row or pair of rows under consideration.
struct Candidate<'t> {
    row: usize,
    height: usize,
    columns: Vec<Labelled<'t>>,
}

impl Candidate<'_> {
    /// How many different columns of the profile it names.
    fn score(&self) -> usize {
        let mut positions: Vec<usize> = self.columns.iter().filter_map(|column| column.position).collect();
        positions.sort_unstable();
        positions.dedup();
        positions.len()
    }

    /// Whether one of its labels stands for this column of the profile.
    fn names(&self, position: usize) -> bool {
        self.columns.iter().any(|column| column.position == Some(position))
    }
}

/// What is known of a profile's labels: its own, and what was said about files that came before.
pub(crate) struct Known<'m> {
    plain: Labels,
    sources: Vec<(&'m Source, Labels)>,
}

impl<'m> Known<'m> {
    pub(crate) fn new(profile: &Profile, memory: &'m Memory) -> Self {
        let plain = Labels::new(profile, &Mapping::default());
        let sources = memory.sources.iter().map(|source| (source, Labels::new(profile, &source.mapping))).collect();
        Self { plain, sources }
    }

    /// The labels that hold for a header.
    pub(crate) fn of(&self, header: &Header) -> &Labels {
        header.source.and_then(|at| self.sources.get(at)).map_or(&self.plain, |(_, labels)| labels)
    }

    /// The source whose layout a row has.
    fn source(&self, candidate: &Candidate<'_>) -> Option<usize> {
        let labels: Vec<String> = candidate.columns.iter().map(Labelled::label).collect();
        let labels = layout(labels.iter().map(String::as_str));
        let alike =
            self.sources.iter().enumerate().filter_map(|(at, (source, _))| Some((source.likeness(&labels)?, at)));
        alike.max_by_key(|(percent, _)| *percent).map(|(_, at)| at)
    }
}

/// The rows of a sheet among which its header is looked for.
pub(crate) fn top(sheet: &Sheet) -> Top<'_> {
    Top::new(sheet, ROWS_SEARCHED + 1)
}

/// Finds the header of a sheet; `None` if no row looks like one.
pub(crate) fn find(top: &Top<'_>, profile: &Profile, known: &Known<'_>) -> Option<Header> {
    let down = top.sheet.rows.len().min(ROWS_SEARCHED);
    if !known.sources.is_empty() {
        // What somebody answered for is known by all its labels, however few of them the profile knows.
        let told = (0..down).find_map(|row| {
            let candidates = candidates(top, row, &known.plain);
            candidates.iter().find_map(|candidate| Some((known.source(candidate)?, row)))
        });
        if let Some((source, row)) = told {
            let labels = known.sources.get(source).map_or(&known.plain, |(_, labels)| labels);
            let candidate = best_at(top, row, labels)?;
            return Some(Header { source: Some(source), ..settle(&candidate, profile) });
        }
    }
    let labels = &known.plain;
    let mut best: Option<(usize, Candidate<'_>)> = None;
    for row in 0..down {
        if row >= TOP_ROWS && best.as_ref().is_some_and(|(_, candidate)| is_whole(candidate, profile, labels)) {
            break;
        }
        for candidate in candidates(top, row, labels) {
            let score = candidate.score();
            let better = best.as_ref().is_none_or(|(most, _)| score > *most);
            if better && (row < TOP_ROWS || is_whole(&candidate, profile, labels)) {
                best = Some((score, candidate));
            }
        }
    }
    let (score, candidate) = best?;
    let has_needed = labels.needed.iter().all(|needed| candidate.names(*needed));
    let enough = if has_needed { labels.needed.len().clamp(2, FEWEST_LABELS) } else { FEWEST_LABELS };
    (score >= enough).then(|| settle(&candidate, profile))
}

/// The header that begins in this row because the clerk says so, whatever its labels.
pub(crate) fn at_row(sheet: &Sheet, row: usize, profile: &Profile, known: &Known<'_>) -> Option<Header> {
    let top = Top::new(sheet, row + 2);
    let candidate = best_at(&top, row, &known.plain)?;
    if candidate.columns.iter().all(|column| column.label().trim().is_empty()) {
        return None;
    }
    let source = known.source(&candidate);
    let candidate = source.and_then(|at| best_at(&top, row, &known.sources.get(at)?.1)).unwrap_or(candidate);
    Some(Header { source, ..settle(&candidate, profile) })
}

/// The row near the top in which most cells hold text: the best guess where no label is known.
pub(crate) fn likeliest_row(sheet: &Sheet) -> Option<usize> {
    let texts = |cells: &Vec<Cell>| {
        let words = cells.iter().filter(|cell| matches!(cell, Cell::Text(_)) && !cell.is_blank());
        words.filter(|cell| !cell.text().bytes().any(|b| b.is_ascii_digit())).count()
    };
    let rows = sheet.rows.iter().take(TOP_ROWS).enumerate().map(|(row, cells)| (texts(cells), row));
    // Of rows with as many, the uppermost.
    rows.filter(|(texts, _)| *texts >= 2)
        .max_by_key(|(texts, row)| (*texts, std::cmp::Reverse(*row)))
        .map(|(_, row)| row)
}

/// Whether a row has every column without which the table is refused.
fn is_whole(candidate: &Candidate<'_>, profile: &Profile, labels: &Labels) -> bool {
    let refuses = |(_, column): &(usize, &crate::profile::Column)| column.need.refuses_without();
    candidate.score() >= labels.needed.len().clamp(2, FEWEST_LABELS)
        && profile.columns.iter().enumerate().filter(refuses).all(|(position, _)| candidate.names(position))
}

/// The row as a header of one row or, where they belong together, with the next as a header of two.
fn candidates<'t>(top: &'t Top<'_>, row: usize, labels: &Labels) -> Vec<Candidate<'t>> {
    let single = one_row(top, row, labels);
    let (upper, lower) = (single.score(), one_row(top, row + 1, labels).score());
    // Two rows are one header if together they say more than either, a title above being none; or if the lower one names
    // parts of columns of which the upper one has only the heads, and is no data: it is blank below every known label.
    let Some(double) = two_rows(top, row, &single, labels) else { return vec![single] };
    let more = double.score() > upper.max(lower);
    let parts = top.row(row + 1).iter().filter(|cell| !cell.is_blank()).count();
    let heads = upper >= FEWEST_LABELS && double.score() >= upper && lower < upper && parts >= 2;
    match (more, heads) {
        (_, true) => vec![double],
        (true, false) => vec![single, double],
        (false, false) => vec![single],
    }
}

/// The header that says most among those that may begin in this row.
fn best_at<'t>(top: &'t Top<'_>, row: usize, labels: &Labels) -> Option<Candidate<'t>> {
    candidates(top, row, labels).into_iter().max_by_key(Candidate::score)
}

fn one_row<'t>(top: &'t Top<'_>, row: usize, labels: &Labels) -> Candidate<'t> {
    let column = |cell: &'t Text| Labelled { head: "", own: &cell.text, position: labels.of_key(&cell.key) };
    Candidate { row, height: 1, columns: top.row(row).iter().map(column).collect() }
}

/// A header of two rows: group heads above, labels below, columns without a group merged over both. Under a label of the
/// upper row the lower cell must be empty, or it is data.
fn two_rows<'t>(top: &'t Top<'_>, row: usize, upper: &Candidate<'t>, labels: &Labels) -> Option<Candidate<'t>> {
    if row + 1 >= top.sheet.rows.len() {
        return None;
    }
    let width = top.row(row + 1).len().max(upper.columns.len());
    let mut columns = Vec::with_capacity(width);
    let mut group = Text::NONE;
    for column in 0..width {
        let (above, low) = (top.cell(row, column), top.cell(row + 1, column));
        let position_above = upper.columns.get(column).and_then(|column| column.position);
        if low.is_blank() {
            group = above;
            columns.push(Labelled { head: "", own: &above.text, position: position_above });
            continue;
        }
        let same = low.key == above.key;
        let head = match top.holder(row, column) {
            Some(holder) => holder,
            None if above.is_blank() => group,
            None => above,
        };
        group = head;
        // "血压" over "收缩压" is 收缩压; "确诊" over "日期" is 确诊日期.
        let own = labels.of_key(&low.key);
        let position = if same { own } else { labels.of_both(head, low) };
        if position_above.is_some() && !same && position.or(own).is_none() {
            return None;
        }
        // Below several heads stand columns of one name; with its head each has a name of its own.
        let alone = same || position.is_none() && own.is_some();
        columns.push(Labelled {
            head: if alone { "" } else { &head.text },
            own: &low.text,
            position: position.or(own),
        });
    }
    Some(Candidate { row, height: 2, columns })
}

fn settle(candidate: &Candidate<'_>, profile: &Profile) -> Header {
    let mut columns: Vec<MappedColumn> = Vec::new();
    let (mut duplicates, mut unknown) = (Vec::new(), Vec::new());
    for (index, labelled) in candidate.columns.iter().enumerate() {
        let label = crate::value::tidy(&labelled.label());
        let letters = column_letters(index);
        let found = labelled.position.and_then(|p| profile.columns.get(p).map(|column| (p, column)));
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
        source: None,
    }
}
