//! What the page needs of the desktop: choosing files and folders, and opening a finished file.

use std::path::{Path, PathBuf};
use std::process::Command;

use mingbai_app::{AppError, ErrorCode};
use serde::Deserialize;
use tauri::ipc::{self, InvokeBody};
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

use crate::frame;
use crate::rpc::in_background;

/// Kinds of file the program itself makes. Nothing else is handed to the system, so that a path from a page can never
/// start a program.
const OPENABLE: [&str; 6] = ["pdf", "svg", "xlsx", "csv", "txt", "eml"];

/// One line of a file dialog's type list.
#[derive(Debug, Deserialize)]
pub(crate) struct Kind {
    /// What the clerk reads, for example `Excel 表格`.
    name: String,
    /// Endings without the dot.
    extensions: Vec<String>,
}

/// How a dialog is to look. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Request {
    title: Option<String>,
    kinds: Vec<Kind>,
    /// Where the dialog starts.
    folder: Option<PathBuf>,
    /// The name proposed for a file to be written.
    name: Option<String>,
}

/// Asks for one file to read. `None` when the clerk gave up.
#[tauri::command]
pub(crate) async fn pick_file<R: Runtime>(handle: AppHandle<R>, request: Request) -> Result<Option<String>, AppError> {
    in_background(move || chosen(dialog(&handle, request).blocking_pick_file())).await
}

/// Asks for a folder, for example a USB stick. `None` when the clerk gave up.
#[tauri::command]
pub(crate) async fn pick_folder<R: Runtime>(
    handle: AppHandle<R>,
    request: Request,
) -> Result<Option<String>, AppError> {
    in_background(move || chosen(dialog(&handle, request).blocking_pick_folder())).await
}

/// Asks where to write a file; the system asks before replacing one. `None` when the clerk gave up.
#[tauri::command]
pub(crate) async fn save_file<R: Runtime>(handle: AppHandle<R>, request: Request) -> Result<Option<String>, AppError> {
    in_background(move || chosen(dialog(&handle, request).blocking_save_file())).await
}

/// Asks where to keep a file that the page holds, and writes it there. Answers the path, `None` when the clerk gave up.
#[tauri::command]
pub(crate) async fn keep_file<R: Runtime>(
    handle: AppHandle<R>,
    request: ipc::Request<'_>,
) -> Result<Option<String>, AppError> {
    let InvokeBody::Raw(framed) = request.body().clone() else {
        return Err(AppError::new(ErrorCode::InvalidRequest, "没有收到要保存的文件，没有写入"));
    };
    in_background(move || {
        let Some((head, data)) = frame::unpack(&framed) else {
            return Err(AppError::new(ErrorCode::InvalidRequest, "要保存的文件不完整，没有写入"));
        };
        let Some(path) = chosen(handle.dialog().file().set_file_name(head.name).blocking_save_file())? else {
            return Ok(None);
        };
        std::fs::write(&path, data).map_err(|error| AppError::file(Path::new(&path), &error))?;
        Ok(Some(path))
    })
    .await
}

/// Opens a folder, or a file of a kind this program makes, with the system's own program.
#[tauri::command]
pub(crate) async fn open_path(path: PathBuf) -> Result<(), AppError> {
    in_background(move || open(&path)).await
}

fn dialog<R: Runtime>(handle: &AppHandle<R>, request: Request) -> FileDialogBuilder<R> {
    let mut builder = handle.dialog().file();
    if let Some(title) = request.title {
        builder = builder.set_title(title);
    }
    for kind in &request.kinds {
        let extensions: Vec<&str> = kind.extensions.iter().map(String::as_str).collect();
        builder = builder.add_filter(&kind.name, &extensions);
    }
    if let Some(folder) = request.folder {
        builder = builder.set_directory(folder);
    }
    if let Some(name) = request.name {
        builder = builder.set_file_name(name);
    }
    builder
}

fn chosen(answer: Option<FilePath>) -> Result<Option<String>, AppError> {
    let Some(answer) = answer else { return Ok(None) };
    let path = answer.into_path().ok().and_then(|path| path.to_str().map(str::to_owned));
    match path {
        Some(path) => Ok(Some(path)),
        None => Err(refusal("所选位置的名称含有无法识别的字符，没有选用。请改名或另选一个位置")),
    }
}

fn open(path: &Path) -> Result<(), AppError> {
    if !may_open(path) {
        return Err(refusal("找不到这个文件，或它不是表格、卡片或文件夹，没有打开"));
    }
    opener()
        .arg(path)
        .spawn()
        .map(drop)
        .map_err(|_| refusal("系统里没有能打开它的程序，文件没有变。请在文件夹中自行打开"))
}

fn refusal(message: &str) -> AppError {
    AppError::new(ErrorCode::FileUnreadable, message)
}

fn may_open(path: &Path) -> bool {
    let kind = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    path.is_absolute() && (path.is_dir() || (path.is_file() && kind.is_some_and(|kind| OPENABLE.contains(&&*kind))))
}

fn opener() -> Command {
    Command::new(if cfg!(target_os = "windows") {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    })
}

#[cfg(test)]
mod tests {
    use super::may_open;

    #[test]
    fn only_files_this_program_makes_are_handed_to_the_system() {
        let folder = tempfile::tempdir().unwrap();
        for (name, expected) in
            [("明白卡.pdf", true), ("报表.XLSX", true), ("setup.exe", false), ("run.desktop", false)]
        {
            let path = folder.path().join(name);
            std::fs::write(&path, b"x").unwrap();
            assert_eq!(may_open(&path), expected, "{name}");
        }
        assert!(may_open(folder.path()));
        assert!(!may_open(&folder.path().join("没有.pdf")));
        assert!(
            !may_open(std::path::Path::new("Cargo.toml")),
            "a relative path depends on where the program was started"
        );
    }
}
