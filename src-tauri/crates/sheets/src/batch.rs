//! From sheets to drafts: every row is taken, rejected with a reason, or ignored with a reason, and the numbers add up.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::doubtful;
use crate::error::SheetError;
use crate::header::{Header, Known, find, top};
use crate::labels::Labels;
use crate::memory::Memory;
use crate::problem::{Problem, ProblemCode, Severity};
use crate::profile::{Fault, Kind, Need, Profile, RowReader, SheetDraft};
use crate::value::{half_width, parts, tidy};
use crate::workbook::{Cell, NOTHING, Sheet, Workbook};

/// A row that became a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row<D> {
    /// The sheet's name.
    pub sheet: String,
    /// The row as Excel numbers it, from 1.
    pub row: u32,
    /// What it says.
    pub draft: D,
}

/// A row that is no data: a total, a note, the seal line, a repeated header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IgnoredRow {
    /// The sheet's name.
    pub sheet: String,
    /// The row as Excel numbers it, from 1.
    pub row: u32,
    /// Why it was not taken for data, in Chinese.
    pub reason: &'static str,
    /// How it begins.
    pub text: String,
}

/// The header of one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetHeader {
    /// The sheet's name.
    pub sheet: String,
    /// What was found.
    pub header: Header,
}

/// How many rows went where: `data = accepted + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows with data.
    pub data: usize,
    /// Rows that became drafts.
    pub accepted: usize,
    /// Rows rejected, each with at least one problem of [`Severity::Reject`].
    pub rejected: usize,
    /// Rows that are no data (totals, notes…), each listed.
    pub ignored: usize,
    /// Rows with nothing in them, between header and end.
    pub blank: usize,
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Batch<D> {
    /// The accepted rows in the order of the file.
    pub rows: Vec<Row<D>>,
    /// The rejected rows as far as they could be read: only good for telling whom they speak of.
    pub rejected: Vec<Row<D>>,
    /// Everything wrong, in the order of the file; one row may have several.
    pub problems: Vec<Problem>,
    /// Rows that are no data.
    pub ignored: Vec<IgnoredRow>,
    /// The headers found, by sheet.
    pub headers: Vec<SheetHeader>,
    /// Sheets with content in which no header was found.
    pub skipped_sheets: Vec<String>,
    /// How many rows went where.
    pub counts: Counts,
}

/// Reads every sheet of a workbook that has the profile's header.
///
/// # Errors
/// [`SheetError::NoHeader`] if no sheet has one, [`SheetError::MissingColumns`] if required columns are not in it.
pub fn extract<D: SheetDraft>(workbook: &Workbook, memory: &Memory) -> Result<Batch<D>, SheetError> {
    let profile = D::PROFILE;
    let known = Known::new(profile, memory);
    let mut batch = Batch {
        rows: Vec::new(),
        rejected: Vec::new(),
        problems: Vec::new(),
        ignored: Vec::new(),
        headers: Vec::new(),
        skipped_sheets: Vec::new(),
        counts: Counts::default(),
    };
    let mut incomplete = None;
    for sheet in &workbook.sheets {
        let Some(header) = find(&top(sheet), profile, &known) else {
            if sheet.rows.iter().flatten().any(|cell| !cell.is_blank()) {
                batch.skipped_sheets.push(sheet.name.clone());
            }
            continue;
        };
        let missing = titles(profile, &header);
        if missing.is_empty() {
            SheetReader::new(sheet, profile, &header, known.of(&header), memory).read_into(&mut batch);
            batch.headers.push(SheetHeader { sheet: sheet.name.clone(), header });
        } else {
            batch.skipped_sheets.push(sheet.name.clone());
            incomplete.get_or_insert(missing);
        }
    }
    if !batch.headers.is_empty() {
        return Ok(batch);
    }
    let name = workbook.name.clone();
    Err(match incomplete {
        Some(missing) => SheetError::MissingColumns { name, missing: missing.join("、") },
        None => {
            let expected: Vec<&str> =
                profile.columns.iter().filter(|c| c.need != Need::Optional).map(|c| c.title).collect();
            SheetError::NoHeader { name, profile: profile.title, expected: expected.join("、") }
        }
    })
}

/// Titles of the columns without which the table is refused.
fn titles(profile: &Profile, header: &Header) -> Vec<&'static str> {
    let absent = |key: &str| header.missing.iter().any(|missing| missing == key);
    profile.columns.iter().filter(|c| c.need.refuses_without() && absent(c.key)).map(|c| c.title).collect()
}

/// Reads the rows below one header.
pub(crate) struct SheetReader<'a> {
    sheet: &'a Sheet,
    profile: &'static Profile,
    header: &'a Header,
    labels: &'a Labels,
    covered: HashMap<(u32, u32), (u32, u32)>,
    /// Column of the file by position in the profile.
    places: Vec<Option<usize>>,
    /// By position in the profile, the texts that are read as others.
    readings: HashMap<usize, HashMap<String, Cell>>,
}

impl<'a> SheetReader<'a> {
    pub(crate) fn new(
        sheet: &'a Sheet,
        profile: &'static Profile,
        header: &'a Header,
        labels: &'a Labels,
        memory: &Memory,
    ) -> Self {
        let mut places = vec![None; profile.columns.len()];
        let mut readings = HashMap::new();
        for column in &header.columns {
            if let Some(place) = places.get_mut(column.position) {
                *place = Some(column.index);
            }
            if let Some(said) = memory.readings.get(&column.key) {
                let rows = sheet.rows.get(header.first_data_row..).unwrap_or_default();
                let texts = rows.iter().filter_map(|cells| cells.get(column.index)).map(|cell| tidy(&cell.text()));
                let told = texts.filter_map(|text| Some((read_as(&text, said)?, text)));
                readings.insert(column.position, told.map(|(cell, text)| (text, cell)).collect());
            }
        }
        Self { sheet, profile, header, labels, covered: sheet.covered(), places, readings }
    }

    fn read_into<D: SheetDraft>(&self, batch: &mut Batch<D>) {
        for duplicate in &self.header.duplicates {
            batch.problems.push(Problem {
                sheet: self.sheet.name.clone(),
                row: excel_row(self.header.row),
                column: duplicate.letters.clone(),
                header: duplicate.label.clone(),
                value: String::new(),
                severity: Severity::Warn,
                code: ProblemCode::DuplicateColumn,
                message: format!("“{}”列重复出现，以靠左的一列为准", duplicate.label),
            });
        }
        for row in self.header.first_data_row..self.sheet.rows.len() {
            let Some(cells) = self.sheet.rows.get(row) else { continue };
            if cells.iter().all(Cell::is_blank) {
                batch.counts.blank += 1;
                continue;
            }
            if let Some(reason) = self.not_data(cells, row) {
                let text = cells.iter().find(|cell| !cell.is_blank()).map(Cell::text).unwrap_or_default();
                let text = tidy(&text).chars().take(40).collect();
                batch.ignored.push(IgnoredRow { sheet: self.sheet.name.clone(), row: excel_row(row), reason, text });
                batch.counts.ignored += 1;
                continue;
            }
            self.read_row(row, batch);
        }
        doubtful::reject(batch, &self.sheet.name);
    }

    fn read_row<D: SheetDraft>(&self, row: usize, batch: &mut Batch<D>) {
        let cells = (0..self.places.len()).map(|position| self.value(row, position)).collect();
        let mut reader = RowReader::new(self.profile, cells);
        let draft = D::from_row(&mut reader);
        let key = |position: usize| self.profile.columns.get(position).map_or("", |column| column.key);
        let excused = |fault: &Fault| fault.code == ProblemCode::RequiredMissing && draft.excuses(key(fault.column));
        reader.faults.retain(|fault| !excused(fault));
        let rejected = reader.faults.iter().any(|fault| fault.severity == Severity::Reject);
        batch.problems.extend(reader.faults.into_iter().map(|fault| self.place(row, fault)));
        batch.problems.extend(self.disagreements(row));
        batch.counts.data += 1;
        let row = Row { sheet: self.sheet.name.clone(), row: excel_row(row), draft };
        if rejected {
            batch.counts.rejected += 1;
            batch.rejected.push(row);
        } else {
            batch.counts.accepted += 1;
            batch.rows.push(row);
        }
    }

    /// The cell of a profile's column; a label merged over several rows holds for all of them, an amount does not.
    fn value(&self, row: usize, position: usize) -> &Cell {
        let cell = self.in_file(row, position);
        let told = self.readings.get(&position).and_then(|told| told.get(&tidy(&cell.text())));
        told.unwrap_or(cell)
    }

    /// The same as it stands in the file.
    pub(crate) fn in_file(&self, row: usize, position: usize) -> &'a Cell {
        let Some(Some(column)) = self.places.get(position) else { return NOTHING };
        let cell = self.sheet.cell(row, *column);
        let kind = self.profile.columns.get(position).map(|c| c.kind);
        if !cell.is_blank() || self.covered.is_empty() || !matches!(kind, Some(Kind::Text | Kind::Code | Kind::Phone)) {
            return cell;
        }
        let at = (u32::try_from(row).unwrap_or(u32::MAX), u32::try_from(*column).unwrap_or(u32::MAX));
        match self.covered.get(&at) {
            Some(&(top, left)) if left == at.1 && top as usize >= self.header.first_data_row => {
                self.sheet.cell(top as usize, left as usize)
            }
            _ => cell,
        }
    }

    fn place(&self, row: usize, fault: Fault) -> Problem {
        let mapped = self.header.columns.iter().find(|column| column.position == fault.column);
        let title = self.profile.columns.get(fault.column).map_or("", |column| column.title);
        Problem {
            sheet: self.sheet.name.clone(),
            row: excel_row(row),
            column: mapped.map(|column| column.letters.clone()).unwrap_or_default(),
            header: mapped.map_or_else(|| title.to_owned(), |column| column.label.clone()),
            value: fault.value,
            severity: fault.severity,
            code: fault.code,
            message: fault.message,
        }
    }

    /// Rows in which a repeated column says something else than the one that is read.
    fn disagreements(&self, row: usize) -> Vec<Problem> {
        let differs = |duplicate: &&crate::header::MappedColumn| {
            let Some(Some(first)) = self.places.get(duplicate.position) else { return false };
            let (first, second) = (self.sheet.cell(row, *first).text(), self.sheet.cell(row, duplicate.index).text());
            !tidy(&second).is_empty() && tidy(&first) != tidy(&second)
        };
        self.header
            .duplicates
            .iter()
            .filter(differs)
            .map(|duplicate| Problem {
                sheet: self.sheet.name.clone(),
                row: excel_row(row),
                column: duplicate.letters.clone(),
                header: duplicate.label.clone(),
                value: self.sheet.cell(row, duplicate.index).text(),
                severity: Severity::Warn,
                code: ProblemCode::DuplicateDisagrees,
                message: format!("两个“{}”列内容不一致，以靠左的一列为准", duplicate.label),
            })
            .collect()
    }

    /// Why a row is not data, if it is not. A row that holds something like an id always is.
    pub(crate) fn not_data(&self, cells: &[Cell], row: usize) -> Option<&'static str> {
        // Most rows hold an id as it should be, and need no closer look.
        let is_id = |cell: &Cell| {
            matches!(cell, Cell::Text(text)
                if text.len() <= 24 && text.bytes().filter(u8::is_ascii_digit).count() >= 14)
        };
        if cells.iter().any(is_id) {
            return None;
        }
        let filled: Vec<String> =
            cells.iter().filter(|cell| !cell.is_blank()).map(|cell| half_width(&tidy(&cell.text()))).collect();
        let id_like = |text: &String| {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            digits >= 14 && text.len() <= 24
        };
        if filled.iter().any(id_like) {
            return None;
        }
        let labels = filled.iter().filter(|text| self.labels.position(text).is_some()).count();
        if labels >= 3 && labels * 2 > filled.len() {
            return Some("重复的表头");
        }
        let first: String = filled.first()?.chars().filter(|c| !c.is_whitespace()).collect();
        if ["合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计"].iter().any(|word| first.starts_with(word))
        {
            return Some("合计行");
        }
        let is_seal = |text: &String| {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            SEAL_WORDS.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(':')))
                || (text.contains("盖章") || text.contains("公章")) && text.chars().count() <= 60
        };
        if filled.iter().any(is_seal) {
            return Some("落款行");
        }
        if NOTE_WORDS.iter().any(|word| first.starts_with(word)) && filled.len() <= 3 {
            return Some("说明行");
        }
        let directly_below = row == self.header.first_data_row;
        let ordinal = |(at, text): (usize, &String)| {
            text.parse::<usize>().is_ok_and(|number| number == at + 1)
                || ["甲", "乙", "丙", "丁", "戊"].contains(&text.as_str())
        };
        if directly_below && filled.len() >= 3 && filled.iter().enumerate().all(ordinal) {
            return Some("栏次行");
        }
        // A line across the table, in none of the columns every row must have.
        let needed_blank = self
            .profile
            .columns
            .iter()
            .enumerate()
            .all(|(position, column)| column.need == Need::Optional || self.value(row, position).is_blank());
        (filled.len() == 1 && (needed_blank || filled.iter().any(|text| text.chars().count() > 30))).then_some("说明行")
    }
}

/// What a text is read as: by what was said of the whole of it, or of the labels it is made of.
fn read_as(text: &str, said: &BTreeMap<String, String>) -> Option<Cell> {
    if let Some(reading) = said.get(text) {
        return Some(Cell::Text(reading.clone()));
    }
    let mut told = false;
    let read = parts(text).map(|part| said.get(part).inspect(|_| told = true).map_or(part, String::as_str));
    let read: Vec<&str> = read.collect();
    told.then(|| Cell::Text(read.join("、")))
}

const SEAL_WORDS: [&str; 16] = [
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "审核",
    "复核人",
    "负责人",
    "单位负责人",
    "统计负责人",
    "联系人",
    "联系电话",
    "填报日期",
    "填表日期",
    "报出日期",
    "打印日期",
];

const NOTE_WORDS: [&str; 8] = ["注:", "注1", "备注:", "说明:", "填表说明", "附:", "数据来源", "※"];

/// The row as Excel numbers it.
pub(crate) fn excel_row(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}
