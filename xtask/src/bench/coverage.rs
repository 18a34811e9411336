//! `cargo xtask bench coverage`: the rule engine without and with explanations, a county's year of a million bills, the same
//! rules in Python with decimal and in a spreadsheet that LibreOffice recalculates; all must come to the same amounts. Then
//! the second implementation of the tests settles a million bills per pack beside the engine. Ratios hold within one run.

use std::path::Path;
use std::process::Command;

use super::{lines_of, released};
use crate::setup;
use crate::stage::{Failure, Outcome, Stages, cargo, command, present, root, succeed, target_folder};

/// Bills of each pack measured; bills Python settles; rows of the spreadsheet.
const OF_A_PACK: &str = "200000";
const OF_PYTHON: &str = "100000";
const OF_A_SHEET: &str = "10000";

/// The richest of the shipped packs: four payers one after the other and a ceiling over all.
const PACK: &str = "assets/packs/wulanchabu.toml";

#[derive(Default)]
struct Results {
    /// Who, what, bills, microseconds of CPU and by the clock, peak KiB.
    settled: Vec<[String; 6]>,
    /// Who made the same amounts of how many bills.
    same: Vec<[String; 2]>,
    skipped: Vec<&'static str>,
}

impl Results {
    fn run(&mut self, peer: &mut Command) -> Outcome {
        for line in lines_of(peer)? {
            let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
            match parts.split_first() {
                Some((kind, rest)) if kind == "settled" => self.settled.extend(<[String; 6]>::try_from(rest.to_vec())),
                Some((kind, rest)) if kind == "same" => self.same.extend(<[String; 2]>::try_from(rest.to_vec())),
                _ => println!("  {line}"),
            }
        }
        Ok(())
    }

    fn print(&self) {
        let number = |text: &String| text.parse::<f64>().unwrap_or_default();
        let a_bill = |line: &[String; 6]| number(&line[3]) / number(&line[2]).max(1.0);
        let python = self.settled.iter().find(|line| line[0].starts_with("Python")).map(a_bill);
        println!("\n| 谁 | 做什么 | 张数 | CPU 微秒/张 | 每核每秒 | 用时秒 | 内存峰值 MiB | Python 是几倍 |");
        println!("|---|---|---|---|---|---|---|---|");
        for line in &self.settled {
            let [who, what, bills, _, wall, peak] = line;
            let each = a_bill(line).max(1e-6);
            let beside = python.map_or("—".to_owned(), |python| format!("{:.1}×", python / each));
            let (wall, peak) = (number(wall) / 1e6, number(peak) / 1024.0);
            println!("| {who} | {what} | {bills} | {each:.3} | {:.0} | {wall:.2} | {peak:.0} | {beside} |", 1e6 / each);
        }
        for [who, bills] in &self.same {
            println!("\n{who} 的 {bills} 张与明白账一分不差。");
        }
        for why in &self.skipped {
            println!("\n没有测量：{why}");
        }
    }
}

/// Prepares, measures and prints one table; `bills` is how many of each pack are settled twice over.
pub(super) fn bench(bills: u64) -> Outcome {
    let folder = target_folder().join("bench").join("coverage");
    let mut stages = Stages::default();
    let mut results = Results::default();
    let measured = all(&folder, &mut stages, &mut results);
    results.print();
    let agreed =
        measured.and_then(|()| stages.run(&format!("第二套实现，每个政策包 {bills} 张"), || twice(bills)));
    stages.report();
    agreed
}

fn all(folder: &Path, stages: &mut Stages, results: &mut Results) -> Outcome {
    stages.run("软件包", || setup::install(&[&setup::BUILD]))?;
    stages.run("编译（发布方式）", || {
        succeed(cargo().args(["build", "--release", "--package", "mingbai-bench-coverage"]))
    })?;
    let ours = |words: &[&str]| {
        let mut run = command(released("bench-coverage"));
        run.args(words);
        run
    };
    let place = folder.to_string_lossy().into_owned();
    stages.run("各政策包", || results.run(&mut ours(&["packs", "assets/packs", OF_A_PACK])))?;
    stages.run("全县一年一百万张", || results.run(&mut ours(&["county", PACK, "1000000"])))?;
    stages.run("样本", || results.run(&mut ours(&["sample", PACK, &place, OF_PYTHON])))?;
    let peer = |verb: &str| {
        let mut run = command("python3");
        run.arg(root().join("bench").join("coverage").join("peer.py")).arg(verb).arg(folder);
        run
    };
    if present("python3") {
        stages.run("Python decimal", || {
            results.run(&mut peer("settle"))?;
            results.run(&mut ours(&["same", &place, "python"]))
        })?;
    } else {
        results.skipped.push("没有 python3，Python 和电子表格都没有比。");
    }
    if present("python3") && present("soffice") {
        stages.run("电子表格", || {
            results.run(&mut ours(&["sheet", &place, OF_A_SHEET]))?;
            results.run(&mut peer("sheet"))?;
            results.run(&mut ours(&["same", &place, "sheet"]))
        })?;
    } else {
        results.skipped.push("没有 soffice（LibreOffice），电子表格没有比。");
    }
    Ok(())
}

/// The agreement test of the engine's own tests, in the release profile.
fn twice(bills: u64) -> Outcome {
    let mut run = cargo();
    run.args(["test", "--release", "--package", "mingbai-coverage", "--test", "agreement", "--", "--nocapture"])
        .env("MINGBAI_BILLS", bills.to_string());
    let lines = lines_of(&mut run)?;
    let agreed: Vec<&str> = lines.iter().filter_map(|line| line.split_once("agreed\t")).map(|(_, rest)| rest).collect();
    if agreed.is_empty() {
        return Err(Failure::new("没有一个政策包被比较"));
    }
    println!(
        "\n| 政策包 | 张数 | 两套都结算、一分不差 | 两套都退回 | 两套都作废不计 | 其中遇到 | 秒 |\n|---|---|---|---|---|---|---|"
    );
    for line in agreed {
        println!("| {} |", line.replace('\t', " | "));
    }
    Ok(())
}
