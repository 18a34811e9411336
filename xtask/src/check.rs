//! Everything that judges the sources without running them.

use crate::stage::{Outcome, Stages, cargo, present_in_cargo, succeed};
use crate::{setup, ui};

/// Runs all of them, stopping at the first that fails.
pub(crate) fn check() -> Outcome {
    let mut stages = Stages::default();
    let outcome = stages
        .run("软件包", || setup::install(&[&setup::BUILD, &setup::WINDOW]))
        .and_then(|()| stages.run("界面", ui::build))
        .and_then(|()| stages.run("界面风格", ui::lint))
        .and_then(|()| stages.run("格式", format))
        .and_then(|()| stages.run("依赖许可与来源", dependencies))
        .and_then(|()| stages.run("clippy", clippy));
    stages.report();
    outcome
}

/// rustfmt, changing nothing.
pub(crate) fn format() -> Outcome {
    succeed(cargo().args(["fmt", "--all", "--check"]))
}

/// Clippy over every target, warnings refused.
pub(crate) fn clippy() -> Outcome {
    succeed(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

/// cargo-deny where it is installed; licences, sources and bans need no network, advisories do.
pub(crate) fn dependencies() -> Outcome {
    if !present_in_cargo("deny") {
        println!("  没有安装 cargo-deny，跳过");
        return Ok(());
    }
    succeed(cargo().args(["deny", "--offline", "check", "licenses", "sources", "bans"]))
}
