//! The one door between the page and the command table.
//!
//! JSON travels as it is, bytes (a PDF, a picture, a workbook) in a [`frame`]. A refusal is an [`AppError`] with a `code`
//! to branch on.

use std::sync::Arc;

use mingbai_app::{App, AppError, ErrorCode};
use serde_json::Value;
use tauri::ipc::{Invoke, Response};
use tauri::{Runtime, State};

use crate::{frame, native};

/// The command table as Tauri keeps it.
pub(crate) type Shared = Arc<App>;

/// Every command the page may call; `permissions/commands.toml` names the same ones.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        rpc,
        bytes,
        native::pick_file,
        native::pick_folder,
        native::save_file,
        native::keep_file,
        native::open_path
    ]
}

/// Runs one command of the table.
#[tauri::command]
pub(crate) async fn rpc(app: State<'_, Shared>, command: String, payload: Value) -> Result<Value, AppError> {
    let app = Arc::clone(&app);
    in_background(move || app.rpc(&command, payload)).await
}

/// Runs one command of the table whose answer is a file.
#[tauri::command]
pub(crate) async fn bytes(app: State<'_, Shared>, command: String, payload: Value) -> Result<Response, AppError> {
    let app = Arc::clone(&app);
    in_background(move || app.bytes(&command, payload).map(|file| Response::new(frame::pack(&file)))).await
}

/// Runs blocking work off the window's thread. The command table turns its own defects into refusals; should anything
/// else panic, that too becomes one and the window lives on.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let finished = tauri::async_runtime::spawn_blocking(work).await;
    finished.unwrap_or_else(|failure| {
        let message = "程序出了差错，刚才的操作没有完成，原有数据没有变。请重试，若再次出现请告诉县里";
        Err(AppError::new(ErrorCode::Internal, message).detail(failure.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mingbai_app::{App, DesktopHost};
    use serde_json::{Value, json};
    use tauri::WebviewWindowBuilder;
    use tauri::ipc::{CallbackFn, InvokeBody};
    use tauri::test::{INVOKE_KEY, get_ipc_response, mock_builder, mock_context, noop_assets};
    use tauri::webview::InvokeRequest;

    use super::{Shared, handler, in_background};

    /// Calls a shell command the way the page does, through Tauri's own dispatch, on an empty data folder.
    fn invoke(command: &str, arguments: Value) -> Result<Value, Value> {
        let folder = tempfile::tempdir().unwrap();
        let app: Shared = Arc::new(App::new(DesktopHost::new(folder.path())).unwrap());
        let shell = mock_builder().manage(app).invoke_handler(handler()).build(mock_context(noop_assets())).unwrap();
        let window = WebviewWindowBuilder::new(&shell, "main", Default::default()).build().unwrap();
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: "tauri://localhost".parse().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&window, request).map(|answer| answer.deserialize().unwrap())
    }

    #[test]
    fn the_page_reaches_the_command_table() {
        let status = invoke("rpc", json!({ "command": "setup_status", "payload": {} })).unwrap();
        assert!(status.is_object(), "{status}");
    }

    #[test]
    fn a_refusal_crosses_as_a_code_and_a_sentence() {
        for door in ["rpc", "bytes"] {
            let error = invoke(door, json!({ "command": "no_such_command", "payload": {} })).unwrap_err();
            assert_eq!(error["code"], "UNKNOWN_COMMAND", "{error}");
            assert!(error["message"].as_str().is_some_and(|text| text.contains("no_such_command")), "{error}");
        }
    }

    #[test]
    fn a_panic_outside_the_table_becomes_a_refusal() {
        let outcome = tauri::async_runtime::block_on(in_background(|| -> Result<(), _> { panic!("on purpose") }));
        assert_eq!(serde_json::to_value(outcome.unwrap_err()).unwrap()["code"], "INTERNAL");
    }
}
