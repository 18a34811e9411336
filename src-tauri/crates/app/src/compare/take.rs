//! Taking in another office's list: every row of the file is kept or refused with its reason, and the office's own columns
//! are remembered so that an answer can be given in them.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use mingbai_domain::{CitizenId, code};
use mingbai_sheets::profiles::OutsideDraft;
use mingbai_sheets::value::{half_width, is_placeholder, parts, tidy};
use mingbai_sheets::{Batch, Certificate, Memory, Row, SheetDraft, Workbook, extract, read};
use mingbai_store::{NewOutsideList, OutsidePerson, sound};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::in_file::in_file;
use super::side::{Extra, Has, on_certificate};
use super::totals::Said;
use crate::error::AppError;
use crate::office::read_file;

/// A column of the office's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Layout {
    pub(crate) label: String,
    /// Which column of the profile it is; none for what is only given back.
    pub(crate) key: Option<String>,
}

/// What is kept about a list beside its rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) sheets: String,
    /// Rows with data in the file.
    pub(crate) in_file: usize,
    /// Rows without a name, by their number, with the reason.
    pub(crate) refused: Vec<(i64, String)>,
    pub(crate) has: Has,
    pub(crate) layout: Vec<Layout>,
    /// What the sheet says of itself.
    pub(crate) said: Vec<Said>,
    pub(crate) remarks: Vec<String>,
}

/// A list read from its file.
pub(crate) struct Taken {
    pub(crate) list: NewOutsideList,
    pub(crate) people: Vec<OutsidePerson>,
}

/// Reads a file as a list of this source.
///
/// # Errors
/// What cannot be read as a table with names; [`crate::ErrorCode::Internal`] if a row were lost.
pub(crate) fn take(path: &Path, source: &str, as_of: Option<NaiveDate>, now: u64) -> Result<Taken, AppError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = read_file(path)?;
    let workbook = read(&bytes, &name)?;
    let batch = extract::<OutsideDraft>(&workbook, &Memory::default())?;
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let mut columns = Columns::of(&batch);
    let people: Vec<OutsidePerson> =
        batch.rows.iter().map(|row| person(row, columns.cells(&workbook, row), &mut unknown)).collect();
    let mut refused: Vec<(i64, String)> = Vec::new();
    for row in &batch.rejected {
        let why = batch.problems.iter().find(|p| p.row == row.row && p.sheet == row.sheet);
        refused.push((i64::from(row.row), why.map_or_else(String::new, |problem| problem.message.clone())));
    }
    if batch.counts.data != people.len() + refused.len() {
        let message = "名单的行数对不上，没有收下，原有数据没有变。请把文件交给县里";
        return Err(AppError::new(crate::ErrorCode::Internal, message));
    }
    let about = About {
        sheets: batch.headers.iter().map(|header| header.sheet.as_str()).collect::<Vec<_>>().join("、"),
        in_file: batch.counts.data,
        refused,
        has: columns.has(),
        layout: columns.layout,
        said: in_file(&workbook, &batch),
        remarks: remarks(&batch, &unknown),
    };
    let about = serde_json::to_vec(&about)
        .map_err(|error| AppError::new(crate::ErrorCode::Internal, "名单无法保存").detail(error.to_string()))?;
    let of_rows = batch.rows.iter().find_map(|row| row.draft.as_of);
    let list = NewOutsideList {
        source: source.to_owned(),
        as_of: as_of.or(of_rows),
        file: name,
        digest: Sha256::digest(&bytes).into(),
        taken_millis: now,
        about,
    };
    Ok(Taken { list, people })
}

fn person(row: &Row<OutsideDraft>, cells: Vec<String>, unknown: &mut BTreeMap<String, usize>) -> OutsidePerson {
    let draft = &row.draft;
    let mut coded = |table: &str, column: &str, label: &str| {
        let found = code::resolve(table, label);
        if found.is_none() && !is_placeholder(label) {
            *unknown.entry(format!("{column}“{label}”")).or_default() += 1;
        }
        found.map(str::to_owned)
    };
    let certificate = Certificate::parse(&draft.id).ok();
    let citizen_id = certificate.as_ref().and_then(|certificate| certificate.citizen_id.clone()).unwrap_or_default();
    let mut causes = Vec::new();
    for cell in [&draft.cause_main, &draft.cause_2, &draft.cause_3, &draft.cause_4, &draft.cause_5] {
        causes.extend(parts(cell).filter_map(|label| coded("poverty_cause", "致贫原因", label)));
    }
    causes.sort_unstable();
    causes.dedup();
    let lifted = match draft.lifted.as_str() {
        "是" => Some("lifted".to_owned()),
        "否" => Some("not_lifted".to_owned()),
        _ => None,
    };
    let status = coded("household_status", "脱贫属性", &draft.status)
        .or_else(|| code::resolve("household_status", &draft.household_type).map(str::to_owned))
        .or(lifted)
        .or_else(|| code::resolve("household_status", &draft.monitored).map(str::to_owned));
    let identity_unread = parts(&draft.identity).any(|label| code::resolve("aid_identity", label).is_none());
    let identities = parts(&draft.identity).filter_map(|label| coded("aid_identity", "救助类别", label));
    let identities: Vec<String> = identities.filter(|code| code != "ordinary").collect();
    let class = code::resolve("disability_kind", &draft.disability_kind);
    let grade = code::resolve("disability_grade", &draft.disability_grade).unwrap_or_default();
    let disability = class.map(|kind| super::side::disability_words(kind, grade)).or_else(|| on_certificate(&draft.id));
    let illness: Vec<&str> = parts(&draft.illness).chain(parts(&draft.illness_2)).collect();
    let extra = Extra {
        row: i64::from(row.row),
        wrong_id: if citizen_id.is_empty() && !is_placeholder(&draft.id) { draft.id.clone() } else { String::new() },
        identity: identities.join(","),
        identity_unread,
        disability: disability.unwrap_or_default(),
        township: draft.township.clone(),
        cells,
    };
    let born = CitizenId::parse(&citizen_id).ok().map(|id| id.birth());
    OutsidePerson {
        household_number: number(&draft.household_number),
        sound: sound(&draft.name),
        name: draft.name.clone(),
        citizen_id,
        birth: draft.birth.or(born),
        village: draft.village.clone(),
        status: status.unwrap_or_default(),
        causes: causes.join(","),
        health: if is_placeholder(&draft.health) { String::new() } else { draft.health.clone() },
        illness: illness.join("\n"),
        // Strings and numbers always become JSON.
        extra: serde_json::to_string(&extra).unwrap_or_default(),
    }
}

/// 户编号 as text; one that Excel made a number of other digits is none.
fn number(text: &str) -> String {
    let text = half_width(&tidy(text));
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text.contains("E+") || is_placeholder(text) { String::new() } else { text.to_owned() }
}

/// The columns of all sheets of a file under their labels, in order.
struct Columns {
    layout: Vec<Layout>,
    /// For every sheet: where its columns stand in the layout.
    places: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Columns {
    fn of(batch: &Batch<OutsideDraft>) -> Self {
        let mut columns = Self { layout: Vec::new(), places: BTreeMap::new() };
        for sheet in &batch.headers {
            let header = &sheet.header;
            let known = header.columns.iter().map(|c| (c.index, &c.label, Some(&c.key)));
            let others = header.duplicates.iter().map(|c| (c.index, &c.label, None));
            let mut all: Vec<_> =
                known.chain(others).chain(header.unknown.iter().map(|c| (c.index, &c.label, None))).collect();
            all.sort_unstable();
            let mut used = vec![false; columns.layout.len()];
            for (index, label, key) in all {
                let place = (0..used.len()).find(|at| !used[*at] && columns.layout[*at].label == *label);
                let place = place.unwrap_or_else(|| {
                    columns.layout.push(Layout { label: label.clone(), key: key.cloned() });
                    used.push(false);
                    used.len() - 1
                });
                used[place] = true;
                columns.places.entry(sheet.sheet.clone()).or_default().push((index, place));
            }
        }
        columns
    }

    /// A row's cells in the order of the layout. What stands merged over several rows is said in each.
    fn cells(&mut self, workbook: &Workbook, row: &Row<OutsideDraft>) -> Vec<String> {
        let mut cells = vec![String::new(); self.layout.len()];
        let sheet = workbook.sheets.iter().find(|sheet| sheet.name == row.sheet);
        for (index, place) in self.places.get(&row.sheet).into_iter().flatten() {
            let at = usize::try_from(row.row).unwrap_or_default().saturating_sub(1);
            let text = sheet.map(|sheet| sheet.cell(at, *index).text()).unwrap_or_default();
            let key = self.layout[*place].key.as_deref().filter(|_| text.trim().is_empty());
            cells[*place] = key.map_or(text, |key| row.draft.said(key));
        }
        cells
    }

    fn has(&self) -> Has {
        let any = |keys: &[&str]| self.layout.iter().any(|c| c.key.as_deref().is_some_and(|key| keys.contains(&key)));
        Has {
            number: any(&["household_number"]),
            status: any(&["status", "household_type", "lifted"]),
            causes: any(&["cause_main", "cause_2", "cause_3", "cause_4", "cause_5"]),
            illness: any(&["illness", "illness_2"]),
            identity: any(&["identity"]),
            disability: any(&["disability_kind"]) || self.layout.iter().any(|c| c.label.contains("残疾")),
        }
    }
}

fn remarks(batch: &Batch<OutsideDraft>, unknown: &BTreeMap<String, usize>) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for sheet in &batch.skipped_sheets {
        remarks.push(format!("工作表“{sheet}”里没有姓名一列的表头，没有读"));
    }
    for (label, rows) in unknown.iter().take(20) {
        remarks.push(format!("{label}不认识，{rows}行没有按它比对"));
    }
    let dates = batch.problems.iter().filter(|p| p.code == mingbai_sheets::ProblemCode::DateInvalid).count();
    if dates > 0 {
        remarks.push(format!("{dates}处日期读不懂，没有按它比对"));
    }
    remarks
}
