//! `cargo xtask bench sync`: our whole import beside plain SQL, SQLite's session extension and cr-sqlite, over the same
//! changes in the same run. Ratios hold within one run only: the machine is shared with whatever else it does.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Wishes, lines_of, released};
use crate::stage::{Outcome, Stages, cargo, command, root, succeed, target_folder};
use crate::{setup, ui};

/// cr-sqlite runs in the memory of a WebAssembly engine: larger registers are measured without it.
const MOST_FOR_CRSQLITE: u64 = 100_000;

/// One line of measurements; of several rounds the one with the least CPU.
struct Measured {
    peer: String,
    work: String,
    /// CPU and wall microseconds, operations, cells, bytes on the wire, bytes on disk, peak KiB.
    numbers: [u64; 7],
    rounds: u32,
    slowest: u64,
}

/// What slipped through a peer unnoticed.
struct Loss {
    peer: String,
    fault: String,
    accepted: String,
    of: String,
}

#[derive(Default)]
struct Results {
    measured: Vec<Measured>,
    losses: Vec<Loss>,
}

impl Results {
    /// Runs a peer and reads the lines it prints.
    fn run(&mut self, peer: &mut Command) -> Outcome {
        for line in lines_of(peer)? {
            let parts: Vec<&str> = line.split('\t').collect();
            match parts.as_slice() {
                ["measured", peer, work, numbers @ ..] => self.measured(peer, work, numbers),
                ["loss", peer, fault, accepted, of] => {
                    let [peer, fault, accepted, of] = [peer, fault, accepted, of].map(|part| (*part).to_owned());
                    self.losses.push(Loss { peer, fault, accepted, of });
                }
                _ => println!("  {line}"),
            }
        }
        Ok(())
    }

    fn measured(&mut self, peer: &str, work: &str, words: &[&str]) {
        let mut numbers = [0; 7];
        numbers.iter_mut().zip(words).for_each(|(number, word)| *number = word.parse().unwrap_or(0));
        let cpu = numbers[0];
        match self.measured.iter_mut().find(|known| known.peer == peer && known.work == work) {
            Some(known) => {
                known.rounds += 1;
                known.slowest = known.slowest.max(cpu);
                if cpu < known.numbers[0] {
                    known.numbers = numbers;
                }
            }
            None => {
                let (peer, work) = (peer.to_owned(), work.to_owned());
                self.measured.push(Measured { peer, work, numbers, rounds: 1, slowest: cpu });
            }
        }
    }

    fn print(&self) {
        let reference = self.measured.iter().find(|known| known.peer == "session" && known.work == "导入");
        println!(
            "\n| 方法 | 工作 | CPU 毫秒（最慢一轮） | 用时毫秒 | 操作/秒 | 格/秒 | 相对 session 导入 | 线上字节/操作 | 磁盘字节/操作 | 内存峰值 MiB |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|");
        for Measured { peer, work, numbers: [cpu, wall, ops, cells, wire, disk, peak], rounds, slowest } in
            &self.measured
        {
            let a_second = |count: u64| count * 1_000_000 / (*cpu).max(1);
            let an_op = |bytes: u64| if bytes == 0 { "—".to_owned() } else { (bytes / (*ops).max(1)).to_string() };
            let beside = reference
                .filter(|known| known.numbers[2] == *ops)
                .map_or("—".to_owned(), |known| format!("{:.2}×", known.numbers[0] as f64 / (*cpu).max(1) as f64));
            let slow = if *rounds > 1 { format!("（{}）", slowest / 1000) } else { String::new() };
            println!(
                "| {peer} | {work} | {}{slow} | {} | {} | {} | {beside} | {} | {} | {} |",
                cpu / 1000,
                wall / 1000,
                a_second(*ops),
                a_second(*cells),
                an_op(*wire),
                an_op(*disk),
                peak / 1024
            );
        }
        println!("\n| 方法 | 故障 | 没有发觉 | 试了 |\n|---|---|---|---|");
        for Loss { peer, fault, accepted, of } in &self.losses {
            println!("| {peer} | {fault} | {accepted} | {of} |");
        }
    }
}

/// Prepares, measures and prints one table.
pub(super) fn bench(wishes: &Wishes) -> Outcome {
    let folder = target_folder().join("bench").join(wishes.people.to_string());
    let mut stages = Stages::default();
    let mut results = Results::default();
    let outcome = all(wishes, &folder, &mut stages, &mut results);
    stages.report();
    // Databases of a million people take gigabytes, and the same ones are made again in minutes.
    if let Err(failure) = fs::remove_dir_all(&folder) {
        println!("  没能清理 {}：{failure}", folder.display());
    }
    outcome?;
    println!(
        "\n{} 人，{} 轮取 CPU 最少的一轮；CPU 为整个进程。机器同时在做别的事，只有同一次运行里的倍数可以比较。",
        wishes.people, wishes.rounds
    );
    println!("session 与 SQL 的库不加密、没有记录链、没有检索键；明白账的导入从验签到落盘全部计入。");
    results.print();
    Ok(())
}

fn all(wishes: &Wishes, folder: &Path, stages: &mut Stages, results: &mut Results) -> Outcome {
    stages.run("软件包", || setup::install(&[&setup::BUILD, &setup::BENCH]))?;
    let crsqlite = root().join("bench").join("crsqlite");
    stages.run("cr-sqlite", || setup::node().and_then(|()| ui::packages(&crsqlite)))?;
    stages.run("编译（发布方式，第一次要十几分钟）", || {
        succeed(cargo().args(["build", "--release", "--package", "mingbai-bench"]))?;
        let manifest = root().join("bench").join("session").join("Cargo.toml");
        succeed(
            cargo()
                .args(["build", "--release", "--locked", "--manifest-path"])
                .arg(manifest)
                .env("CARGO_TARGET_DIR", target_folder()),
        )
    })?;
    let ours = |verb: &str| {
        let mut run = command(released("bench-exchange"));
        run.arg(verb).arg(folder);
        run
    };
    let session = |verb: &str| {
        let mut run = command(released("bench-session"));
        run.arg(verb).arg(folder);
        run
    };
    let node = || {
        let mut run = command("node");
        run.arg(crsqlite.join("bench.mjs")).arg(folder);
        run
    };
    stages.run("准备", || {
        results.run(ours("register").arg(wishes.people.to_string()))?;
        results.run(&mut session("prepare"))?;
        results.run(&mut ours("prepare"))
    })?;
    for round in 1..=wishes.rounds {
        // Peer beside peer, so that a busy minute slows all of them.
        stages.run(&format!("第 {round} 轮"), || {
            results.run(&mut session("round"))?;
            results.run(&mut ours("round"))?;
            if wishes.people <= MOST_FOR_CRSQLITE { results.run(&mut node()) } else { Ok(()) }
        })?;
    }
    stages.run("损坏与不认识的内容", || {
        results.run(&mut session("loss"))?;
        results.run(&mut ours("loss"))?;
        results.run(node().arg("loss"))
    })
}
