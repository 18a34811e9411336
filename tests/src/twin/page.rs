//! The built page, served as the window serves it: same files, same content security policy.

use std::fs;
use std::io;
use std::path::{Component, Path};

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{Shared, in_background, refusal};

/// The window's own configuration, read for its policy so that the twin cannot drift from it.
const WINDOW: &str = include_str!("../../../src-tauri/tauri.conf.json");

/// The content security policy of the window.
pub(super) fn policy() -> io::Result<String> {
    let window: Value = serde_json::from_str(WINDOW)?;
    let policy = window.pointer("/app/security/csp").and_then(Value::as_str);
    policy.map(str::to_owned).ok_or_else(|| io::Error::other("tauri.conf.json 没有 csp"))
}

/// Sends a file of the page; any path that is no file is a route of the page and gets its entry.
pub(super) async fn page(State(site): State<Shared>, uri: Uri) -> Response {
    in_background(move || {
        let wanted = Path::new(uri.path().trim_start_matches('/'));
        let inside = wanted.components().all(|part| matches!(part, Component::Normal(_)));
        let file = site.twin.dist.join(wanted);
        let file = if inside && file.is_file() { file } else { site.twin.dist.join("index.html") };
        match fs::read(&file) {
            Ok(content) => {
                let headers = [
                    (CONTENT_TYPE, mime(&file).to_owned()),
                    (CONTENT_SECURITY_POLICY, site.policy.clone()),
                    (CACHE_CONTROL, "no-store".to_owned()),
                ];
                (headers, content).into_response()
            }
            Err(_) => refusal(StatusCode::NOT_FOUND, "PAGE_MISSING", "界面还没有构建，请先运行 cargo xtask ui。"),
        }
    })
    .await
}

/// The media type by the name's ending.
pub(super) fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("pdf") => "application/pdf",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
