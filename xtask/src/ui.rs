//! The page: its packages, its build, its own checks and tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::stage::{Outcome, command, root, succeed};

/// What the built page is made from; anything newer than the build makes it stale.
const SOURCES: [&str; 7] =
    ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"];

/// Installs the page's packages and builds `ui/dist`, each only when stale.
pub(crate) fn build() -> Outcome {
    crate::setup::node()?;
    packages(&folder())?;
    let page = folder().join("dist").join("index.html");
    let built = changed(&page);
    let newest = SOURCES.iter().filter_map(|source| newest(&folder().join(source))).max();
    if built.is_some() && built > newest {
        println!("  ui/dist 是最新的");
        return Ok(());
    }
    succeed(npm(&folder()).args(["run", "build"]))
}

/// Installs exactly what the lock file names, when it changed since the last time.
pub(crate) fn packages(folder: &Path) -> Outcome {
    let installed = changed(&folder.join("node_modules").join(".package-lock.json"));
    if installed.is_some() && installed >= changed(&folder.join("package-lock.json")) {
        return Ok(());
    }
    succeed(npm(folder).args(["ci", "--no-audit", "--no-fund"]))
}

/// The page's style. Its types are checked by every build.
pub(crate) fn lint() -> Outcome {
    succeed(npm(&folder()).args(["run", "lint"]))
}

/// The command that runs the page's unit tests.
pub(crate) fn unit_tests() -> Command {
    let mut command = npm(&folder());
    command.arg("test");
    command
}

fn folder() -> PathBuf {
    root().join("ui")
}

fn npm(folder: &Path) -> Command {
    let mut command = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// The newest change below a file or folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = changed(path);
    let Ok(entries) = path.read_dir() else { return own };
    entries.flatten().filter_map(|entry| newest(&entry.path())).chain(own).max()
}
