//! Bundles on removable drives, seen from their first bytes alone. Nothing is opened, and nothing outside the drive is
//! ever looked at: neither links nor junctions are followed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use mingbai_bundle::Direction;
use mingbai_sync as sync;

use super::names::safe_name;
use crate::dto::{DriveList, DriveRow, Empty, IncomingRow};
use crate::error::{AppError, ErrorCode};
use crate::host::Drive;
use crate::office::Context;

/// Most files and folders of a drive that are looked at, and most bundles that are offered.
const MOST_LOOKED_AT: usize = 5_000;
const MOST_BUNDLES: usize = 200;

pub(crate) fn drives(context: &mut Context<'_>, _: Empty) -> Result<DriveList, AppError> {
    let drives = context.host.drives();
    let store = &context.opened()?.store;
    // Before this PC has joined nothing can be for it.
    let lookout = match sync::Lookout::new(store) {
        Ok(lookout) => Some(lookout),
        Err(sync::SyncError::NotEnrolled | sync::SyncError::NoKeys) => None,
        Err(other) => return Err(other.into()),
    };
    let mut rows = Vec::new();
    for drive in drives {
        let (bundles, skipped) = match &lookout {
            Some(lookout) => found_on(&drive, lookout)?,
            None => (Vec::new(), 0),
        };
        let (path, label) = (drive.path.display().to_string(), safe_label(&drive.label));
        rows.push(DriveRow { path, label, free: i64::try_from(drive.free).unwrap_or(i64::MAX), bundles, skipped });
    }
    Ok(DriveList { drives: rows })
}

fn safe_label(label: &str) -> String {
    if label.ends_with(":\\") { label.trim_end_matches('\\').to_owned() } else { safe_name(label) }
}

fn found_on(drive: &Drive, lookout: &sync::Lookout<'_>) -> Result<(Vec<IncomingRow>, i64), AppError> {
    let (mut rows, mut skipped) = (Vec::new(), 0);
    for path in candidates(&drive.path) {
        if rows.len() == MOST_BUNDLES {
            break;
        }
        let Ok((first, length)) = first_bytes(&path) else {
            skipped += 1;
            continue;
        };
        match lookout.glimpse(&first, length) {
            Ok(Some(found)) => rows.push(row(&path, &found)),
            Ok(None) => {}
            Err(sync::SyncError::Rejected(_)) => skipped += 1,
            Err(other) => return Err(other.into()),
        }
    }
    rows.sort_by(|one, other| (one.known, &one.title).cmp(&(other.known, &other.title)));
    Ok((rows, skipped))
}

fn row(path: &Path, found: &sync::Glimpse) -> IncomingRow {
    let outer = &found.outer;
    let part =
        if outer.parts > 1 { format!("，第 {} 份共 {} 份", outer.part, outer.parts) } else { String::new() };
    let from = match outer.direction {
        Direction::Up => "乡镇报来",
        Direction::Down => "县里发来",
        Direction::Sibling => "本单位另一台电脑",
    };
    let name = path.file_name().map(|name| safe_name(&name.to_string_lossy())).unwrap_or_default();
    IncomingRow {
        path: path.display().to_string(),
        title: format!("{} 第 {} 号{part}", found.sender.unit, outer.bundle_no),
        detail: format!("{from} · {} KB · {name}", outer.file_len.div_ceil(1024)),
        known: found.known,
    }
}

/// Files that may be bundles, in the root of a drive and one folder below it.
fn candidates(root: &Path) -> Vec<PathBuf> {
    let mut left = MOST_LOOKED_AT;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    look(root, &mut left, &mut files, Some(&mut folders));
    for folder in folders {
        look(&folder, &mut left, &mut files, None);
    }
    files
}

fn look(folder: &Path, left: &mut usize, files: &mut Vec<PathBuf>, mut folders: Option<&mut Vec<PathBuf>>) {
    // A drive that was pulled out while it is looked at has nothing on it.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        // The kind of the entry itself: a link or junction is neither a file nor a folder here.
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_file() && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("mbx")) {
            files.push(path);
        } else if kind.is_dir()
            && let Some(folders) = &mut folders
        {
            folders.push(path);
        }
    }
}

fn first_bytes(path: &Path) -> io::Result<(Vec<u8>, u64)> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut first = Vec::new();
    file.take(sync::FIRST_BYTES as u64).read_to_end(&mut first)?;
    Ok((first, length))
}

/// Reads a file somebody chose, once and whole. A link is not followed silently, and on a drive nothing outside it is
/// reached through a folder that is one.
pub(super) fn read_chosen(path: &Path, drives: &[Drive]) -> Result<Vec<u8>, AppError> {
    /// A mail around the largest bundle.
    const MOST: u64 = mingbai_bundle::MAX_FILE / 2 * 3;
    let name = || path.file_name().map(|name| safe_name(&name.to_string_lossy())).unwrap_or_default();
    let refused = |why: &str| AppError::new(ErrorCode::FileUnreadable, format!("“{}”{why}，没有导入任何内容", name()));
    let fail = |error: &io::Error| AppError::file(path, error);
    let kind = fs::symlink_metadata(path).map_err(|error| fail(&error))?;
    if kind.is_symlink() {
        return Err(refused("只是一个指向别处的链接，不是文件本身。请选那个文件本身"));
    }
    for drive in drives.iter().filter(|drive| path.starts_with(&drive.path)) {
        let root = fs::canonicalize(&drive.path).map_err(|error| fail(&error))?;
        if !fs::canonicalize(path).map_err(|error| fail(&error))?.starts_with(&root) {
            return Err(refused("不在这个U盘上，而是通过链接指向别处。请选那个文件本身"));
        }
    }
    if !kind.is_file() {
        return Err(refused("不是一个文件。请重新选择"));
    }
    if kind.len() > MOST {
        return Err(refused("超过2GB，不会是数据包。请确认选对了文件"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| fail(&error))?;
    file.take(MOST).read_to_end(&mut bytes).map_err(|error| fail(&error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_on_a_stick_are_neither_listed_nor_followed_into_the_pc() {
        use std::os::unix::fs::symlink;
        let (pc, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = pc.path().join("secret.mbx");
        fs::write(&secret, b"secret").unwrap();
        fs::create_dir(pc.path().join("inside")).unwrap();
        fs::write(pc.path().join("inside/deep.mbx"), b"secret").unwrap();
        symlink(&secret, stick.path().join("a.mbx")).unwrap();
        symlink(pc.path(), stick.path().join("folder")).unwrap();
        symlink(stick.path(), stick.path().join("loop")).unwrap();
        fs::write(stick.path().join("真的.MBX"), b"x").unwrap();
        assert_eq!(candidates(stick.path()), [stick.path().join("真的.MBX")]);
        let drives = [Drive { path: stick.path().to_owned(), label: "U".to_owned(), free: 0 }];
        for link in ["a.mbx", "folder/secret.mbx", "folder/inside/deep.mbx"] {
            let refusal = read_chosen(&stick.path().join(link), &drives).unwrap_err();
            assert!(refusal.message.contains("链接") && refusal.message.contains("没有导入"), "{}", refusal.message);
        }
        assert_eq!(read_chosen(&stick.path().join("真的.MBX"), &drives).unwrap(), b"x");
        assert!(read_chosen(stick.path(), &drives).unwrap_err().message.contains("不是一个文件"));
    }

    #[test]
    fn a_stick_with_a_hundred_thousand_files_is_not_searched_to_its_end() {
        let stick = tempfile::tempdir().unwrap();
        for number in 0..MOST_LOOKED_AT + 50 {
            fs::write(stick.path().join(format!("{number}.mbx")), b"").unwrap();
        }
        assert_eq!(candidates(stick.path()).len(), MOST_LOOKED_AT);
        assert!(candidates(&stick.path().join("gone")).is_empty());
    }
}
