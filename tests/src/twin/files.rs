//! Files in and out of the twin, in place of the system's dialogs.
//!
//! Choosing a file to read: `POST /upload/{name}` with its bytes answers `{"path"}`. Choosing where to write: `GET /out`
//! answers the one folder results go to. Looking at a result: `GET /file/{path}`, only below that folder.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{self, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{Shared, Twin, in_background, page, refusal};

/// Each upload gets a folder of its own, so that equal names do not meet.
static UPLOADS: AtomicU32 = AtomicU32::new(0);

/// Stores an uploaded file under the data folder and answers where.
pub(super) async fn upload(State(site): State<Shared>, name: extract::Path<String>, content: Bytes) -> Response {
    in_background(move || match store(&site.twin, &name, &content) {
        Ok(path) => Json(json!({ "path": path })).into_response(),
        Err(failure) => refusal(StatusCode::BAD_REQUEST, "UPLOAD_REFUSED", &format!("文件没有收下：{failure}")),
    })
    .await
}

/// Answers the folder that results are written to.
pub(super) async fn out(State(site): State<Shared>) -> Response {
    in_background(move || match out_folder(&site.twin) {
        Ok(path) => Json(json!({ "path": path })).into_response(),
        Err(failure) => {
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "OUT_MISSING", &format!("没有输出文件夹：{failure}"))
        }
    })
    .await
}

/// Sends a file from below the results' folder; the path may be relative to it or whole.
pub(super) async fn download(State(site): State<Shared>, path: extract::Path<String>) -> Response {
    in_background(move || match read(&site.twin, Path::new(path.as_str())) {
        Ok(content) => ([(CONTENT_TYPE, page::mime(Path::new(path.as_str())))], content).into_response(),
        Err(failure) => refusal(StatusCode::NOT_FOUND, "FILE_MISSING", &format!("没有这个结果文件：{failure}")),
    })
    .await
}

fn store(twin: &Twin, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let mut parts = Path::new(name).components();
    let (Some(Component::Normal(name)), None) = (parts.next(), parts.next()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let folder = twin.data.join("upload").join(UPLOADS.fetch_add(1, Ordering::Relaxed).to_string());
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    fs::write(&path, content)?;
    Ok(path)
}

fn out_folder(twin: &Twin) -> io::Result<PathBuf> {
    let folder = twin.data.join("输出");
    fs::create_dir_all(&folder)?;
    folder.canonicalize()
}

fn read(twin: &Twin, path: &Path) -> io::Result<Vec<u8>> {
    let folder = out_folder(twin)?;
    let whole = folder.join(path).canonicalize()?;
    if whole.starts_with(&folder) { fs::read(whole) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}
