//! The file that is being taken in: read once, then looked at, tried and taken in from memory. What was tried is carried
//! out as it was shown, as long as nothing was written in between.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use mingbai_ledger::Head;
use mingbai_sheets::{Memory, Workbook, read};
use sha2::{Digest, Sha256};

use super::Planned;
use super::memory;
use super::plan::Plan;
use crate::dto::{ImportView, SheetKind};
use crate::error::AppError;
use crate::office::{Context, read_file};

/// A workbook that was read, and of what bytes.
pub(crate) struct OpenSheet {
    path: String,
    digest: [u8; 32],
    workbook: Arc<Workbook>,
    tried: Option<Tried>,
}

/// What a plan was made from besides the file.
#[derive(PartialEq)]
pub(super) struct Basis {
    kind: SheetKind,
    today: NaiveDate,
    /// Everything that was written when it was made.
    heads: Vec<Head>,
    /// What the clerk had said of such files.
    memory: Memory,
}

impl Basis {
    pub(super) fn of<D: Planned>(context: &Context<'_>, kind: SheetKind) -> Result<Self, AppError> {
        let reading = context.read()?;
        let memory = memory::recall(reading, D::PROFILE, D::TOLD)?;
        Ok(Self { kind, today: context.host.today(), heads: reading.heads()?, memory })
    }
}

/// A plan that was shown and not carried out.
pub(super) struct Tried {
    pub(super) basis: Basis,
    pub(super) plan: Plan,
    pub(super) view: ImportView,
}

/// The plan that was shown last, if it is what would be made of the file now.
pub(super) fn tried(context: &mut Context<'_>, basis: &Basis) -> Result<Option<Tried>, AppError> {
    let known = context.opened_mut()?.sheet.as_mut().and_then(|sheet| sheet.tried.take());
    Ok(known.filter(|tried| tried.basis == *basis))
}

/// Keeps a plan that was shown.
pub(super) fn keep(context: &mut Context<'_>, tried: Tried) -> Result<(), AppError> {
    if let Some(sheet) = context.opened_mut()?.sheet.as_mut() {
        sheet.tried = Some(tried);
    }
    Ok(())
}

/// The workbook of a file. As long as its bytes are the same it is not read again: what was looked at is what is taken in,
/// and somebody who saved the file in between takes in what stands there now.
pub(super) fn open(context: &mut Context<'_>, path: &str) -> Result<Arc<Workbook>, AppError> {
    let open = context.opened_mut()?;
    let bytes = read_file(Path::new(path))?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    if let Some(known) = open.sheet.as_ref().filter(|known| known.path == path && known.digest == digest) {
        return Ok(Arc::clone(&known.workbook));
    }
    // The old one goes first: two large files need not be held at once.
    open.sheet = None;
    let name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let workbook = Arc::new(read(&bytes, &name)?);
    open.sheet = Some(OpenSheet { path: path.to_owned(), digest, workbook: Arc::clone(&workbook), tried: None });
    Ok(workbook)
}
