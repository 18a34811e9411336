//! `cargo xtask bench register`: the register at the size of a county. Searching and opening households among all people;
//! one roster of up to 100,000 rows and 47 columns looked at, tried and taken in beside openpyxl that merely reads it; all
//! checks; two lists side by side. Ratios hold within one run only.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Wishes, lines_of, released};
use crate::setup;
use crate::stage::{Outcome, Stages, cargo, command, root, succeed, target_folder};

/// People of the roster that is taken in by itself; of the lists; of the checks.
const A_ROSTER: u64 = 100_000;

#[derive(Default)]
struct Results {
    /// Who, what, goes, p50, p99 and longest in microseconds.
    goes: Vec<[String; 6]>,
    /// Who, what, milliseconds by the clock and of CPU, peak KiB.
    once: Vec<[String; 5]>,
}

impl Results {
    fn run(&mut self, peer: &mut Command) -> Outcome {
        for line in lines_of(peer)? {
            let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
            match parts.split_first() {
                Some((kind, rest)) if kind == "goes" => self.goes.extend(<[String; 6]>::try_from(rest.to_vec())),
                Some((kind, rest)) if kind == "once" => self.once.extend(<[String; 5]>::try_from(rest.to_vec())),
                _ => println!("  {line}"),
            }
        }
        Ok(())
    }

    fn print(&self) {
        let number = |text: &String| text.parse::<f64>().unwrap_or_default();
        println!(
            "\n| 谁 | 做什么 | 次数 | p50 毫秒 | p99 毫秒 | 最长 | LIKE 是几倍（p50） |\n|---|---|---|---|---|---|---|"
        );
        for [who, what, goes, p50, p99, longest] in &self.goes {
            let like = self.goes.iter().find(|other| other[0] == "LIKE" && other[1] == *what && who != "LIKE");
            let beside =
                like.map_or("—".to_owned(), |like| format!("{:.0}×", number(&like[3]) / number(p50).max(1.0)));
            let [p50, p99, longest] = [p50, p99, longest].map(|text| format!("{:.2}", number(text) / 1000.0));
            println!("| {who} | {what} | {goes} | {p50} | {p99} | {longest} | {beside} |");
        }
        let openpyxl = self.once.iter().find(|one| one[0] == "openpyxl").map(|one| number(&one[2]));
        println!("\n| 谁 | 做什么 | 用时秒 | CPU 秒 | 内存峰值 MiB | openpyxl 只读是几倍 |\n|---|---|---|---|---|---|");
        for [who, what, wall, cpu, peak] in &self.once {
            let beside = openpyxl.map_or("—".to_owned(), |read| format!("{:.2}×", read / number(wall).max(1.0)));
            let (wall, cpu) = (number(wall) / 1000.0, number(cpu) / 1000.0);
            println!("| {who} | {what} | {wall:.2} | {cpu:.2} | {:.0} | {beside} |", number(peak) / 1024.0);
        }
    }
}

/// Prepares, measures and prints one table.
pub(super) fn bench(wishes: &Wishes) -> Outcome {
    let folder = target_folder().join("bench").join(format!("register-{}", wishes.people));
    let mut stages = Stages::default();
    let mut results = Results::default();
    let outcome = all(wishes, &folder, &mut stages, &mut results);
    stages.report();
    // A register of a million people takes gigabytes.
    if let Err(failure) = fs::remove_dir_all(&folder) {
        println!("  没能清理 {}：{failure}", folder.display());
    }
    outcome?;
    println!("\n检索和打开户：{} 人；导入、核查、比对：{} 人。", wishes.people, wishes.people.min(A_ROSTER));
    println!("LIKE 扫的是内存里一张不加密的小表，只有要找的几栏；只有同一次运行里的倍数可以比较。");
    results.print();
    Ok(())
}

fn all(wishes: &Wishes, folder: &Path, stages: &mut Stages, results: &mut Results) -> Outcome {
    stages.run("软件包", || setup::install(&[&setup::BUILD, &setup::PYTHON]))?;
    let venv = target_folder().join("bench").join("venv");
    let python = venv.join("bin").join("python");
    stages.run("openpyxl", || {
        if !python.exists() {
            succeed(command("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        succeed(command(&python).args(["-m", "pip", "install", "--quiet", "openpyxl==3.1.5"]))
    })?;
    stages.run("编译（发布方式，第一次要十几分钟）", || {
        succeed(cargo().args(["build", "--release", "--package", "mingbai-bench-register"]))
    })?;
    let (people, roster) = (wishes.people.to_string(), wishes.people.min(A_ROSTER).to_string());
    let small = folder.join("small");
    let ours = |words: &[&str], folder: &Path, people: &[&String]| {
        let mut run = command(released("bench-register"));
        run.args(words).arg(folder).args(people);
        run
    };
    let peer = |verb: &str, of: &Path| {
        let mut run = command(&python);
        run.arg(root().join("bench").join("register").join("peer.py")).arg(verb).arg(of);
        run
    };
    stages.run("写名单", || results.run(&mut ours(&["sheets"], &small, &[&roster])))?;
    let sheet = small.join("roster-0.xlsx");
    stages.run("读一份名单", || {
        results.run(&mut peer("read", &sheet))?;
        results.run(&mut ours(&["bare"], &sheet, &[]))
    })?;
    stages.run("导入一份名单", || results.run(&mut ours(&["import"], &small, &[])))?;
    stages.run("全部核查", || results.run(&mut ours(&["rules"], &small, &[&roster])))?;
    stages.run("比对两份名单", || results.run(&mut ours(&["lists"], &small, &[])))?;
    stages.run("登记全部人口", || {
        results.run(&mut ours(&["sheets"], folder, &[&people]))?;
        results.run(&mut ours(&["build"], folder, &[&people]))
    })?;
    stages.run("检索、打开户", || {
        results.run(&mut ours(&["register"], folder, &[&people]))?;
        results.run(&mut peer("like", folder))
    })
}
