//! `cargo xtask bench`: measurements in the release profile, peer beside peer in one run.

mod coverage;
mod register;
mod sync;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::stage::{Failure, Outcome, target_folder};

const HELP: &str = "用法：cargo xtask bench sync [--people 人数] [--rounds 轮数]（默认 10000 人、3 轮）
      cargo xtask bench register [--people 人数]（默认 10 万人导入、核查、比对，100 万人检索）
      cargo xtask bench coverage [--bills 张数]（默认每个政策包两套实现各结算 100 万张）";

/// What is to be measured, and how large.
struct Wishes {
    people: u64,
    rounds: u32,
    bills: u64,
}

impl Wishes {
    fn read(words: &[String], people: u64) -> Outcome<Self> {
        let mut wishes = Self { people, rounds: 3, bills: 1_000_000 };
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let number = words.next().and_then(|number| number.parse::<u32>().ok()).filter(|number| *number > 0);
            match (word, number) {
                ("--people", Some(number)) => wishes.people = number.into(),
                ("--rounds", Some(number)) => wishes.rounds = number,
                ("--bills", Some(number)) => wishes.bills = number.into(),
                _ => return Err(Failure::new(HELP)),
            }
        }
        Ok(wishes)
    }
}

/// Prepares, measures and prints one table.
pub(crate) fn bench(words: &[String]) -> Outcome {
    match words.split_first() {
        Some((kind, rest)) if kind == "sync" => sync::bench(&Wishes::read(rest, 10_000)?),
        Some((kind, rest)) if kind == "coverage" => coverage::bench(Wishes::read(rest, 0)?.bills),
        Some((kind, rest)) if kind == "register" => register::bench(&Wishes::read(rest, 1_000_000)?),
        _ => Err(Failure::new(HELP)),
    }
}

/// Runs a peer and gives the lines it prints.
fn lines_of(peer: &mut Command) -> Outcome<Vec<String>> {
    let output = peer
        .stderr(Stdio::inherit())
        .output()
        .map_err(|failure| Failure::new(format!("无法启动测量程序：{failure}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("测量程序没有成功（{}）", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// A program built in the release profile.
fn released(name: &str) -> PathBuf {
    target_folder().join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
