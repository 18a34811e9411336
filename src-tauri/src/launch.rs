//! From a data folder to a window.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use mingbai_app::{App, DesktopHost};
use tauri::{AppHandle, Manager, Runtime, WebviewWindowBuilder};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::rpc;

/// Names the folder to work on instead of the user's own, for the demo county and for tests.
const FOLDER_VARIABLE: &str = "MINGBAI_DATA";

/// Runs until the window is closed.
pub(crate) fn run() -> ExitCode {
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(rpc::handler())
        .setup(|shell| {
            open(shell.handle());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(shell) => ExitCode::from(u8::try_from(shell.run_return(|_, _| {})).unwrap_or(1)),
        Err(failure) => {
            eprintln!("窗口无法打开：{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the data folder and then the window; when either fails the clerk reads why, and the program ends.
fn open<R: Runtime>(handle: &AppHandle<R>) {
    let outcome = open_folder(handle).and_then(|app| {
        handle.manage(Arc::new(app));
        open_window(handle)
    });
    if let Err(message) = outcome {
        eprintln!("{message}");
        let ending = handle.clone();
        handle.dialog().message(message).title("明白账").kind(MessageDialogKind::Error).show(move |_| ending.exit(1));
    }
}

fn open_folder<R: Runtime>(handle: &AppHandle<R>) -> Result<App, String> {
    let folder = match std::env::var_os(FOLDER_VARIABLE) {
        Some(folder) => PathBuf::from(folder),
        None => handle.path().app_data_dir().map_err(|failure| format!("找不到存放数据的文件夹：{failure}"))?,
    };
    App::new(DesktopHost::new(folder)).map_err(|refusal| refusal.to_string())
}

fn open_window<R: Runtime>(handle: &AppHandle<R>) -> Result<(), String> {
    let config = handle.config().app.windows.first().ok_or("窗口的设置缺失，请重新安装本软件。")?;
    let window = WebviewWindowBuilder::from_config(handle, config).and_then(WebviewWindowBuilder::build);
    window.map(drop).map_err(|failure| format!("窗口无法打开：{failure}"))
}
