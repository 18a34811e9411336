//! The web twin: the same page over the same command table, on 127.0.0.1, so that a browser can be driven by tests.
//!
//! It differs from the window only where a browser must: files are chosen by uploading them ([`files`]) instead of
//! through the system's dialogs. It answers nobody but pages it served itself: a foreign `Host` (DNS rebinding) or
//! `Origin` (another site in the same browser) is refused before anything runs.

mod files;
mod page;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use mingbai_app::App;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The largest file a test may upload.
const UPLOAD_LIMIT: usize = 256 * 1024 * 1024;

/// What the twin serves.
pub struct Twin {
    /// The command table on its data folder.
    pub app: App,
    /// The data folder: `输出/` below it can be downloaded, `upload/` below it receives files.
    pub data: PathBuf,
    /// The built page.
    pub dist: PathBuf,
}

/// What every handler knows.
struct Site {
    twin: Twin,
    /// The `Host` values that are this server.
    hosts: [String; 2],
    /// The page's content security policy, the same the window enforces.
    policy: String,
}

type Shared = Arc<Site>;

/// Serves until the process ends.
///
/// # Errors
/// When the listener has no address or the server cannot go on.
pub async fn serve(listener: TcpListener, twin: Twin) -> io::Result<()> {
    let port = listener.local_addr()?.port();
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let site: Shared = Arc::new(Site { twin, hosts, policy: page::policy()? });
    let router = Router::new()
        .route("/rpc", post(rpc))
        .route("/bytes", post(bytes))
        .route("/upload/{name}", post(files::upload))
        .route("/out", get(files::out))
        .route("/file/{*path}", get(files::download))
        .fallback(get(page::page))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(from_fn_with_state(Arc::clone(&site), only_own_pages))
        .with_state(site);
    axum::serve(listener, router).await
}

/// One request to the command table.
#[derive(Deserialize)]
struct Call {
    command: String,
    #[serde(default)]
    payload: Value,
}

async fn rpc(State(site): State<Shared>, Json(call): Json<Call>) -> Response {
    in_background(move || match site.twin.app.rpc(&call.command, call.payload) {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    })
    .await
}

async fn bytes(State(site): State<Shared>, Json(call): Json<Call>) -> Response {
    in_background(move || match site.twin.app.bytes(&call.command, call.payload) {
        Ok(file) => {
            let name = format!("attachment; filename*=UTF-8''{}", percent_encoded(&file.name));
            ([(CONTENT_TYPE, file.mime.to_owned()), (CONTENT_DISPOSITION, name)], file.data).into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    })
    .await
}

/// Runs blocking work off the server's threads; a panic becomes a refusal and leaves the twin alive.
async fn in_background(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let broken = || refusal(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "程序内部出错，本次操作没有完成。");
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| broken())
}

async fn only_own_pages(State(site): State<Shared>, request: Request, next: Next) -> Response {
    if site.is_own(request.headers()) {
        next.run(request).await
    } else {
        refusal(StatusCode::FORBIDDEN, "FOREIGN_PAGE", "只接受本机页面自己的请求。")
    }
}

impl Site {
    fn is_own(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(HOST).and_then(|value| value.to_str().ok());
        let own_host = host.is_some_and(|host| self.hosts.iter().any(|own| own == host));
        let own_origin = match headers.get(ORIGIN).map(|value| value.to_str().unwrap_or_default()) {
            Some(origin) => self.hosts.iter().any(|own| origin.strip_prefix("http://") == Some(own)),
            None => true,
        };
        own_host && own_origin
    }
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "code": code, "message": message, "fields": [], "detail": null, "incident": null })))
        .into_response()
}

/// RFC 8187 value characters; everything else as `%XX`.
fn percent_encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
