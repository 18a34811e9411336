//! Files that came in, kept whole and found again by what is in them: those taken in, and those turned away.

use std::fs;
use std::path::{Path, PathBuf};

use mingbai_ledger::to_hex;
use mingbai_sync::digest;

use super::bundle::write_proven;
use super::drives::read_chosen;
use crate::error::AppError;
use crate::office::Context;

/// Where a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    /// What was taken in, or waits for its other parts.
    Taken,
    /// What was turned away.
    Rejected,
}

impl Folder {
    fn path(self, context: &Context<'_>) -> Result<PathBuf, AppError> {
        context.office.folder(match self {
            Self::Taken => "收件",
            Self::Rejected => "隔离",
        })
    }
}

/// The copy of a file that is being taken in.
pub(super) struct Copy {
    path: PathBuf,
    /// Whether it was written for this import.
    new: bool,
}

impl Copy {
    /// Takes away a copy that was written for nothing.
    pub(super) fn forget(self) {
        if self.new {
            drop(fs::remove_file(self.path));
        }
    }

    /// Moves it to where it belongs. Where that cannot be it stays: it is found in either place.
    pub(super) fn belongs(self, context: &Context<'_>, folder: Folder) {
        if let (Ok(folder), Some(name)) = (folder.path(context), self.path.file_name())
            && !self.path.starts_with(&folder)
        {
            drop(fs::rename(&self.path, folder.join(name)));
        }
    }
}

/// What the name of a kept file says of its content.
fn mark(hash: &[u8; 32]) -> String {
    to_hex(hash.get(..4).unwrap_or_default())
}

/// Keeps a file that is about to be taken in; one that is kept already is not kept twice.
pub(super) fn keep(context: &Context<'_>, name: &str, bytes: &[u8]) -> Result<Copy, AppError> {
    let hash = digest(bytes);
    if let Some((path, _)) = look(context, &hash)? {
        return Ok(Copy { path, new: false });
    }
    let stamp = context.host.now().format("%Y%m%d%H%M%S");
    let path = vacant(&Folder::Taken.path(context)?, &format!("{stamp}-{}-{name}", mark(&hash)));
    write_proven(&path, bytes)?;
    Ok(Copy { path, new: true })
}

/// The bytes of a kept file.
pub(super) fn find(context: &Context<'_>, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, AppError> {
    Ok(look(context, hash)?.map(|(_, bytes)| bytes))
}

fn look(context: &Context<'_>, hash: &[u8; 32]) -> Result<Option<(PathBuf, Vec<u8>)>, AppError> {
    let mark = mark(hash);
    let marked = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(&mark));
    for folder in [Folder::Rejected, Folder::Taken] {
        let entries = fs::read_dir(folder.path(context)?).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()).filter(|path| marked(path)) {
            // A file that cannot be read, or is another one, is not the one looked for.
            if let Ok(bytes) = read_chosen(&path, &[])
                && digest(&bytes) == *hash
            {
                return Ok(Some((path, bytes)));
            }
        }
    }
    Ok(None)
}

/// A place in a folder under this name where no file lies yet.
fn vacant(folder: &Path, name: &str) -> PathBuf {
    let numbered = (2_u32..).map(|n| folder.join(format!("{n}-{name}")));
    std::iter::once(folder.join(name)).chain(numbered).find(|path| !path.exists()).unwrap_or_else(|| folder.join(name))
}
