//! `cargo xtask test`: every check and every test, each timed, the counts at the end.

use std::process::Command;

use crate::stage::{Failure, Outcome, Stages, built, cargo, command, present_in_cargo, root, succeed};
use crate::tally::Tally;
use crate::{check, setup, ui, window};

/// Runs everything, or with words only the Rust tests whose names contain one of them.
pub(crate) fn test(words: &[String]) -> Outcome {
    let mut tally = Tally::default();
    let mut stages = Stages::default();
    let outcome =
        if words.is_empty() { everything(&mut stages, &mut tally) } else { named(words, &mut stages, &mut tally) };
    stages.report();
    if let Err(failure) = &outcome {
        println!("\n没有通过：{failure}");
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    outcome
}

/// The Rust tests whose names contain one of the words. Built with the same features as everything else.
fn named(words: &[String], stages: &mut Stages, tally: &mut Tally) -> Outcome {
    stages.run("软件包", || setup::install(&[&setup::BUILD, &setup::WINDOW]))?;
    stages.run("界面", ui::build)?;
    stages.run("Rust 测试", || tally.count(rust_runner().args(["--workspace", "--"]).args(words)))
}

/// What later steps need must succeed; the judging steps all run, so that one report names every fault.
fn everything(stages: &mut Stages, tally: &mut Tally) -> Outcome {
    stages.run("软件包", || setup::install(&setup::EVERYTHING))?;
    stages.run("界面", ui::build)?;
    let mut outcomes = vec![
        stages.run("界面风格", ui::lint),
        stages.run("界面单元测试", || tally.count(&mut ui::unit_tests())),
        stages.run("格式", check::format),
        stages.run("依赖许可与来源", check::dependencies),
    ];
    let compiled = stages.run("编译", || succeed(cargo().args(["build", "--workspace", "--all-targets"])));
    if compiled.is_ok() {
        outcomes.extend(judge_the_build(stages, tally));
    }
    outcomes.push(compiled);
    let faults: Vec<String> = outcomes.into_iter().filter_map(Result::err).map(|failure| failure.to_string()).collect();
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("；"))) }
}

fn judge_the_build(stages: &mut Stages, tally: &mut Tally) -> Vec<Outcome> {
    let mut outcomes = vec![
        stages.run("clippy", check::clippy),
        stages.run("Rust 测试", || tally.count(rust_runner().arg("--workspace"))),
    ];
    if present_in_cargo("nextest") {
        // nextest leaves the examples in the documentation out; Cargo's own runner would have run them.
        outcomes.push(stages.run("文档示例", || succeed(cargo().args(["test", "--workspace", "--doc", "--quiet"]))));
    }
    outcomes.push(stages.run("浏览器测试", || {
        ui::packages(&root().join("tests").join("e2e"))?;
        tally.count(&mut browser_tests())
    }));
    outcomes.push(stages.run("窗口测试", || tally.count(&mut window::smoke_tests()?)));
    outcomes
}

/// nextest where it is installed, else Cargo's own runner.
fn rust_runner() -> Command {
    let mut runner = cargo();
    if present_in_cargo("nextest") {
        runner.args(["nextest", "run", "--no-fail-fast", "--status-level", "fail"]);
    } else {
        runner.args(["test", "--no-fail-fast"]);
    }
    runner
}

fn browser_tests() -> Command {
    let mut run = command("node");
    run.arg(root().join("tests").join("e2e").join("run.mjs"));
    window::programs(run)
}

/// The simulator of the exchange, for longer than the tests run it.
pub(crate) fn simulate(wishes: &[String]) -> Outcome {
    // The shape everything else is built in, so that nothing is compiled twice.
    succeed(cargo().args(["build", "--workspace", "--bins"]))?;
    succeed(command(built("simulate")).args(wishes))
}
