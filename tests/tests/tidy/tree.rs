//! The hand-kept files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold products, not sources.
const PRODUCTS: [&str; 6] = [".git", "target", "node_modules", "dist", "gen", "test-results"];

/// One file, by its path from the workspace's folder with `/` on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

impl Source {
    /// The file's text; `None` when it is not text.
    pub(crate) fn text(&self) -> Option<String> {
        let bytes = fs::read(&self.path).unwrap_or_else(|failure| panic!("{}: {failure}", self.name));
        String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
    }

    /// Whether the name ends with one of these endings, given without the dot.
    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.name.ends_with(&format!(".{ending}")))
    }

    /// Whether the file lies below one of these folders.
    pub(crate) fn below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.name.starts_with(&format!("{folder}/")))
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

/// Every hand-kept file, sorted.
pub(crate) fn files() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort();
    assert!(found.len() > 50, "the walk found only {} files below {}", found.len(), root.display());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|failure| panic!("{}: {failure}", folder.display())).flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_symlink() || PRODUCTS.iter().any(|product| name == *product) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let parts: Vec<_> = path.strip_prefix(root).expect("below the root").iter().collect();
            let name = parts.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            found.push(Source { name, path });
        }
    }
}

/// Fails with every fault at once, one a line.
#[track_caller]
pub(crate) fn none(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{rule}:\n  {}", faults.join("\n  "));
}
