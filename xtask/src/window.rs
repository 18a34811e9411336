//! The window with a person in front of it, and without one.

use std::path::Path;
use std::process::Command;

use crate::stage::{Outcome, built, command, root, succeed};
use crate::tools;

/// Whether there is a screen to open a window on.
pub(crate) fn screen() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Opens the window on one data folder and waits until it is closed.
pub(crate) fn open(data: &Path) -> Outcome {
    succeed(command(built("mingbai-desktop")).env("MINGBAI_DATA", data))
}

/// The command that drives the real window under a virtual screen.
///
/// The WebKit workaround variables must not be set: with them WebKit's automation stops answering.
pub(crate) fn smoke_tests() -> Outcome<Command> {
    let driver = tools::tauri_driver()?;
    let mut run = command("xvfb-run");
    run.args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--", "node"])
        .arg(root().join("tests").join("smoke").join("run.mjs"))
        .env("MINGBAI_DRIVER", driver)
        .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
        .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE")
        .env_remove("WAYLAND_DISPLAY");
    Ok(programs(run))
}

/// Tells a test runner where the programs under test are.
pub(crate) fn programs(mut run: Command) -> Command {
    run.env("MINGBAI_CLI", built("mingbai"))
        .env("MINGBAI_WINDOW", built("mingbai-desktop"))
        .env("MINGBAI_WEBTWIN", built("webtwin"))
        .env("MINGBAI_DIST", root().join("ui").join("dist"));
    run
}
