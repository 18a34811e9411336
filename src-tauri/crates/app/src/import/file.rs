//! The file that is being taken in: read once, then looked at, tried and taken in from memory.

use std::path::Path;
use std::sync::Arc;

use mingbai_sheets::{Workbook, read};
use sha2::{Digest, Sha256};

use crate::error::AppError;
use crate::office::{Context, read_file};

/// A workbook that was read, and of what bytes.
pub(crate) struct OpenSheet {
    path: String,
    digest: [u8; 32],
    workbook: Arc<Workbook>,
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
    open.sheet = Some(OpenSheet { path: path.to_owned(), digest, workbook: Arc::clone(&workbook) });
    Ok(workbook)
}
