//! What is safe on the disk, and what only the operating system has.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The least a disk writes at once.
const SECTOR: usize = 512;

/// A change of a file that is not synced.
pub(crate) enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Default)]
struct File {
    safe: Vec<u8>,
    unsynced: Vec<Change>,
}

/// All files that are watched.
#[derive(Default)]
pub(crate) struct Medium(HashMap<PathBuf, File>);

impl Medium {
    /// The files of a folder as they are.
    pub(crate) fn of(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).expect("a folder to watch");
        let read = |path: PathBuf| {
            let safe = fs::read(&path).expect("a file to watch");
            (path, File { safe, unsynced: Vec::new() })
        };
        let paths = entries.map(|entry| entry.expect("an entry of the folder").path()).filter(|path| path.is_file());
        Self(paths.map(read).collect())
    }

    pub(crate) fn note(&mut self, path: &Path, change: Change) {
        self.0.entry(path.to_owned()).or_default().unsynced.push(change);
    }

    /// Everything of a file becomes safe.
    pub(crate) fn sync(&mut self, path: &Path) {
        if let Some(file) = self.0.get_mut(path) {
            for change in std::mem::take(&mut file.unsynced) {
                apply(&mut file.safe, change, &mut || true);
            }
        }
    }

    pub(crate) fn forget(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// Writes every file as it is found later.
    pub(crate) fn settle(&mut self, into: &Path, survives: &mut dyn FnMut() -> bool) {
        let mut paths: Vec<PathBuf> = self.0.keys().cloned().collect();
        paths.sort();
        for path in paths {
            let Some(mut file) = self.0.remove(&path) else { continue };
            for change in std::mem::take(&mut file.unsynced) {
                apply(&mut file.safe, change, survives);
            }
            // The shared index of the write-ahead log is memory and goes with the power.
            let name = path.file_name().unwrap_or_default();
            if !name.to_string_lossy().ends_with("-shm") {
                fs::write(into.join(name), file.safe).expect("room for what is left");
            }
        }
    }
}

fn apply(safe: &mut Vec<u8>, change: Change, survives: &mut dyn FnMut() -> bool) {
    match change {
        Change::Truncate(length) => {
            if survives() {
                safe.resize(length, 0);
            }
        }
        Change::Write { offset, bytes } => {
            let mut at = offset;
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                if survives() {
                    if safe.len() < at + piece.len() {
                        safe.resize(at + piece.len(), 0);
                    }
                    safe[at..at + piece.len()].copy_from_slice(piece);
                }
                at += piece.len();
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Medium};
    use std::path::Path;

    #[test]
    fn what_was_synced_stays_and_of_the_rest_any_sector_may_be_missing() {
        let (from, into) = (Path::new("/nowhere/x.db"), std::env::temp_dir().join("mingbai-disk-sectors"));
        std::fs::create_dir_all(&into).expect("a folder");
        let mut medium = Medium::default();
        medium.note(from, Change::Write { offset: 0, bytes: vec![1; 1024] });
        medium.sync(from);
        medium.note(from, Change::Write { offset: 500, bytes: vec![2; 24] });
        let mut number = 0;
        medium.settle(&into, &mut || {
            number += 1;
            number == 2
        });
        let left = std::fs::read(into.join("x.db")).expect("the file");
        assert_eq!((left.len(), left[500], left[511], left[512], left[523], left[524]), (1024, 1, 1, 2, 2, 1));
        std::fs::remove_dir_all(&into).expect("the folder");
    }
}
