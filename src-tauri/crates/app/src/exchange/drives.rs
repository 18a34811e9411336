//! Bundles on removable drives and in folders, seen from their first bytes alone. Nothing is opened, and nothing outside the drive is
//! ever looked at: neither links nor junctions are followed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use mingbai_bundle::Direction;
use mingbai_sync as sync;

use super::mail;
use super::names::safe_name;
use crate::dto::{DriveList, DriveRow, Empty, FolderRequest, FolderView, FoundFile, FoundState, IncomingRow};
use crate::error::{AppError, ErrorCode};
use crate::host::Drive;
use crate::office::Context;

/// Most files and folders of a drive that are looked at, and most bundles that are offered.
const MOST_LOOKED_AT: usize = 5_000;
const MOST_BUNDLES: usize = 200;
/// Most files of a chosen folder that are taken in at once.
const MOST_CHOSEN: usize = 1_000;

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
        let (path, label) = (drive.path.display().to_string(), safe_label(&drive.label));
        let row = DriveRow { path, label, free: i64::try_from(drive.free).unwrap_or(i64::MAX), ..DriveRow::default() };
        rows.push(match &lookout {
            Some(lookout) => found_on(&drive, lookout, row)?,
            None => row,
        });
    }
    Ok(DriveList { drives: rows })
}

fn safe_label(label: &str) -> String {
    if label.ends_with(":\\") { label.trim_end_matches('\\').to_owned() } else { safe_name(label) }
}

fn found_on(drive: &Drive, lookout: &sync::Lookout<'_>, mut row: DriveRow) -> Result<DriveRow, AppError> {
    let (files, cut) = candidates(&drive.path, &["mbx"]);
    row.more = cut;
    for path in files {
        if row.bundles.len() == MOST_BUNDLES {
            row.more = true;
            break;
        }
        let Ok((first, length)) = first_bytes(&path) else {
            row.skipped += 1;
            continue;
        };
        match lookout.glimpse(&first, length) {
            Ok(Some(found)) => row.bundles.push(incoming(&path, &found)),
            Ok(None) => {}
            Err(sync::SyncError::Rejected(_)) => row.skipped += 1,
            Err(other) => return Err(other.into()),
        }
    }
    row.bundles.sort_by(|one, other| (one.known, &one.title).cmp(&(other.known, &other.title)));
    Ok(row)
}

/// What lies in a folder somebody chose, and one folder below it: bundles, and mails that were saved whole.
pub(crate) fn look_into(context: &mut Context<'_>, request: FolderRequest) -> Result<FolderView, AppError> {
    let folder = Path::new(&request.folder);
    if !folder.is_dir() {
        return Err(AppError::invalid("folder", "找不到这个文件夹，请重新选择"));
    }
    let lookout = sync::Lookout::new(&context.opened()?.store)?;
    let (paths, cut) = candidates(folder, &["mbx", "eml"]);
    let mut files = Vec::new();
    for path in paths.iter().take(MOST_CHOSEN) {
        files.push(found(path, &lookout)?);
    }
    files.sort_by(|one, other| (one.state, &one.title).cmp(&(other.state, &other.title)));
    Ok(FolderView { path: request.folder, more: cut || paths.len() > MOST_CHOSEN, files })
}

fn found(path: &Path, lookout: &sync::Lookout<'_>) -> Result<FoundFile, AppError> {
    let is_mail = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
    let name = path.file_name().map(|name| safe_name(&name.to_string_lossy())).unwrap_or_default();
    let unread = |detail: &str| FoundFile {
        path: path.display().to_string(),
        title: name.clone(),
        detail: detail.to_owned(),
        state: FoundState::Unread,
    };
    let read = if is_mail {
        // A mail says nothing with its first bytes.
        let inside = read_chosen(path, &[]).and_then(|bytes| mail::attached(true, &bytes));
        match inside {
            Ok(inside) => inside.map(|(_, bytes)| {
                let length = bytes.len() as u64;
                (bytes.into_iter().take(sync::FIRST_BYTES).collect(), length)
            }),
            Err(error) => return Ok(unread(&error.message)),
        }
    } else {
        first_bytes(path).ok()
    };
    let Some((first, length)) = read else { return Ok(unread("读不出来")) };
    Ok(match lookout.see(&first, length) {
        Ok(sync::Seen::Ours(found)) => {
            let IncomingRow { path, title, detail, known } = incoming(path, &found);
            FoundFile { path, title, detail, state: if known { FoundState::Known } else { FoundState::Fresh } }
        }
        Ok(sync::Seen::Others) => FoundFile { state: FoundState::Others, ..unread("不是给本单位的") },
        Ok(sync::Seen::Stranger) => unread("不认识发送方"),
        Err(sync::SyncError::Rejected(why)) => unread(&why.to_string()),
        Err(other) => return Err(other.into()),
    })
}

fn incoming(path: &Path, found: &sync::Glimpse) -> IncomingRow {
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

/// Files with one of these endings in the root of a drive and one folder below it, and whether there is more than anybody
/// looks at.
fn candidates(root: &Path, ends: &[&str]) -> (Vec<PathBuf>, bool) {
    let mut look = Look { left: MOST_LOOKED_AT, cut: false, files: Vec::new(), ends };
    for folder in look.at(root) {
        look.at(&folder);
    }
    (look.files, look.cut)
}

struct Look<'e> {
    left: usize,
    cut: bool,
    files: Vec<PathBuf>,
    ends: &'e [&'e str],
}

impl Look<'_> {
    /// Looks at what lies in a folder; answers the folders in it.
    fn at(&mut self, folder: &Path) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        // A drive that was pulled out while it is looked at has nothing on it.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if self.left == 0 {
                self.cut = true;
                break;
            }
            self.left -= 1;
            // The kind of the entry itself: a link or junction is neither a file nor a folder here.
            let Ok(kind) = entry.file_type() else { continue };
            let path = entry.path();
            let named = |end: &&str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(end));
            if kind.is_file() && self.ends.iter().any(named) {
                self.files.push(path);
            } else if kind.is_dir() {
                folders.push(path);
            }
        }
        folders
    }
}

/// The first bytes of a file, and its length.
pub(super) fn first_bytes(path: &Path) -> io::Result<(Vec<u8>, u64)> {
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
        assert_eq!(candidates(stick.path(), &["mbx"]), (vec![stick.path().join("真的.MBX")], false));
        let drives = [Drive { path: stick.path().to_owned(), label: "U".to_owned(), free: 0 }];
        for link in ["a.mbx", "folder/secret.mbx", "folder/inside/deep.mbx"] {
            let refusal = read_chosen(&stick.path().join(link), &drives).unwrap_err();
            assert!(refusal.message.contains("链接") && refusal.message.contains("没有导入"), "{}", refusal.message);
        }
        assert_eq!(read_chosen(&stick.path().join("真的.MBX"), &drives).unwrap(), b"x");
        assert!(read_chosen(stick.path(), &drives).unwrap_err().message.contains("不是一个文件"));
    }

    #[test]
    fn a_stick_with_a_hundred_thousand_files_is_not_searched_to_its_end_and_says_so() {
        let stick = tempfile::tempdir().unwrap();
        for number in 0..MOST_LOOKED_AT + 50 {
            fs::write(stick.path().join(format!("{number}.mbx")), b"").unwrap();
        }
        let (files, cut) = candidates(stick.path(), &["mbx"]);
        assert_eq!((files.len(), cut), (MOST_LOOKED_AT, true));
        assert_eq!(candidates(&stick.path().join("gone"), &["mbx"]), (Vec::new(), false));
    }
}
