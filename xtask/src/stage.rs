//! Steps that are named, timed and stop the run when they fail.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Why a run stopped, in words for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The result of a step.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// A list of steps with the time each one took.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    taken: Vec<(String, Duration)>,
}

impl Stages {
    /// Runs one step; its failure is returned with the step's name in front.
    pub(crate) fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n▶ {name}");
        let start = Instant::now();
        let outcome = step();
        let taken = start.elapsed();
        println!("  {name}：{}，{}", if outcome.is_ok() { "完成" } else { "失败" }, seconds(taken));
        self.taken.push((name.to_owned(), taken));
        outcome.map_err(|failure| Failure::new(format!("{name}：{failure}")))
    }

    /// Prints what took how long.
    pub(crate) fn report(&self) {
        println!("\n各步用时");
        for (name, taken) in &self.taken {
            println!("  {:>8}  {name}", seconds(*taken));
        }
        println!("  {:>8}  合计", seconds(self.taken.iter().map(|(_, taken)| *taken).sum()));
    }
}

fn seconds(taken: Duration) -> String {
    format!("{}.{} 秒", taken.as_secs(), taken.subsec_millis() / 100)
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    here.and_then(|manifest| manifest.parent().map(Path::to_path_buf)).unwrap_or_else(|| PathBuf::from("."))
}

/// Where Cargo puts what it builds.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program that was built in the one development profile.
pub(crate) fn built(name: &str) -> PathBuf {
    target_folder().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A command in the workspace's folder, without the terminal's input.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The Cargo that started this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command to its end, showing what it prints.
pub(crate) fn succeed(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("{} 没有成功（{status}）", shown(command)))),
        Err(failure) => Err(Failure::new(format!("{} 无法启动：{failure}", shown(command)))),
    }
}

/// Runs a quiet command and returns what it printed; `None` when it is missing or failed.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program is there and answers to `--version`.
pub(crate) fn present(program: &str) -> bool {
    answer(command(program).arg("--version")).is_some()
}

/// Whether Cargo has a subcommand.
pub(crate) fn present_in_cargo(subcommand: &str) -> bool {
    answer(cargo().args([subcommand, "--version"])).is_some()
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
