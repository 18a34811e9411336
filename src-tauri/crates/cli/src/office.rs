//! One data directory, opened for the operator the environment names.

use std::path::Path;

use mingbai_app::{App, AppError, DesktopHost, ErrorCode};
use serde_json::{Value, json};

/// Opens the directory without logging in.
pub(crate) fn open(data: &Path) -> Result<App, AppError> {
    App::new(DesktopHost::new(data))
}

/// Opens the directory and logs in with `MINGBAI_LOGIN` and `MINGBAI_PASSWORD`.
pub(crate) fn log_in(data: &Path) -> Result<App, AppError> {
    let app = open(data)?;
    enter(&app, &password()?)?;
    Ok(app)
}

/// The password the environment gives.
pub(crate) fn password() -> Result<String, AppError> {
    std::env::var("MINGBAI_PASSWORD").map_err(|_| {
        AppError::new(ErrorCode::NotLoggedIn, "没有密码，没有执行。请把密码放进环境变量 MINGBAI_PASSWORD 再运行")
    })
}

/// Logs in; without `MINGBAI_LOGIN` as the first operator.
pub(crate) fn enter(app: &App, password: &str) -> Result<(), AppError> {
    let status = app.rpc("setup_status", json!({}))?;
    let first = || status["operators"][0]["login"].as_str().map(str::to_owned);
    let login = std::env::var("MINGBAI_LOGIN")
        .ok()
        .or_else(first)
        .ok_or_else(|| AppError::new(ErrorCode::NotSetUp, "这个目录还没有设置单位，没有执行。请先运行 mingbai init"))?;
    app.rpc("session_login", json!({ "login": login, "password": password }))?;
    Ok(())
}

/// Field by field text of an answer; nothing where it has none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
