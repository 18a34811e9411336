//! Test tools that no package carries, kept outside the clone so that a fresh clone finds them.

use std::path::PathBuf;

use crate::stage::{Outcome, answer, cargo, command, root, succeed, target_folder};

/// The driver between WebDriver and the window. 3.x is an alpha for another Tauri.
const DRIVER_VERSION: &str = "2.1.0";

/// Returns the driver's path, building it first when it is missing or of another version.
pub(crate) fn tauri_driver() -> Outcome<PathBuf> {
    let folder = folder().join(format!("tauri-driver-{DRIVER_VERSION}"));
    let program = folder.join("bin").join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX));
    if answer(command(&program).arg("--help")).is_some() {
        return Ok(program);
    }
    println!("  编译 tauri-driver {DRIVER_VERSION}（只在第一次）");
    let work = folder.join("build");
    let installed = succeed(
        cargo()
            .args(["install", "tauri-driver", "--locked", "--debug", "--quiet", "--version", DRIVER_VERSION, "--root"])
            .arg(&folder)
            .env("CARGO_TARGET_DIR", &work),
    );
    if let Err(failure) = std::fs::remove_dir_all(&work) {
        println!("  没能清理 {}：{failure}", work.display());
    }
    installed.map(|()| program)
}

/// Beside the target folder when that is outside the clone, else in the user's cache.
fn folder() -> PathBuf {
    let target = target_folder();
    match target.parent() {
        Some(parent) if !target.starts_with(root()) => parent.join("tools"),
        _ => std::env::home_dir().unwrap_or_else(root).join(".cache").join("mingbai").join("tools"),
    }
}
