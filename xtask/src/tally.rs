//! Counts passed and failed tests from what the runners themselves print.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::stage::{Failure, Outcome};

/// Tests that ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Runs a test runner, showing what it prints and counting. A runner that ran no test has not succeeded.
    pub(crate) fn count(&mut self, runner: &mut Command) -> Outcome {
        runner.env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
        let cannot = |failure: std::io::Error| Failure::new(format!("测试程序无法运行：{failure}"));
        let mut child = runner.spawn().map_err(cannot)?;
        let (lines, heard) = channel();
        let ears = [
            child.stdout.take().map(|stream| listen(stream, lines.clone())),
            child.stderr.take().map(|stream| listen(stream, lines.clone())),
        ];
        drop(lines);
        let mut own = Self::default();
        for line in heard {
            println!("{line}");
            own.add(Self::read(&line));
        }
        let _ = std::io::stdout().flush();
        for ear in ears.into_iter().flatten() {
            ear.join().map_err(|_| Failure::new("测试输出无法读取"))?;
        }
        let status = child.wait().map_err(cannot)?;
        self.add(own);
        match (status.success(), own) {
            (true, Self { passed: 1.., failed: 0 }) => Ok(()),
            (true, Self { passed: 0, failed: 0 }) => Err(Failure::new("一个测试也没有运行")),
            (_, Self { failed, .. }) => Err(Failure::new(format!("{failed} 个测试没有通过（{status}）"))),
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Reads one closing line of nextest, cargo test, node's runner or Vitest; any other line counts nothing.
    fn read(line: &str) -> Self {
        let line = line.trim();
        if line.starts_with("Summary [") && line.contains(" run: ") {
            let timed_out = before(line, " timed out");
            return Self { passed: before(line, " passed"), failed: before(line, " failed") + timed_out };
        }
        if line.starts_with("test result: ") {
            return Self { passed: before(line, " passed"), failed: before(line, " failed") };
        }
        if line.starts_with("Tests ") {
            return Self { passed: before(line, " passed"), failed: before(line, " failed") };
        }
        for mark in ["# ", "ℹ "] {
            if let Some(rest) = line.strip_prefix(mark) {
                let number = |name: &str| rest.strip_prefix(name).and_then(|digits| digits.trim().parse().ok());
                return Self { passed: number("pass ").unwrap_or(0), failed: number("fail ").unwrap_or(0) };
            }
        }
        Self::default()
    }
}

/// The number that stands directly before a word.
fn before(line: &str, word: &str) -> u64 {
    let digits = line.split_once(word).and_then(|(left, _)| left.rsplit([' ', '|']).next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn listen(stream: impl Read + Send + 'static, lines: Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if lines.send(text).is_err() {
                break;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn the_closing_lines_of_every_runner_are_counted() {
        let cases = [
            ("     Summary [  12.341s] 210 tests run: 208 passed (1 slow), 1 failed, 1 timed out, 3 skipped", 208, 2),
            ("     Summary [   0.012s] 1 test run: 1 passed, 0 skipped", 1, 0),
            ("test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s", 7, 2),
            ("      Tests  2 failed | 41 passed (43)", 41, 2),
            ("ℹ pass 12", 12, 0),
            ("# fail 3", 0, 3),
        ];
        for (line, passed, failed) in cases {
            assert_eq!(Tally::read(line), Tally { passed, failed }, "{line}");
        }
    }

    #[test]
    fn lines_that_only_look_like_counts_are_not_counted() {
        for line in [
            "test a_bundle_that_passed ... ok",
            " Test Files  3 passed (3)",
            "# tests 9",
            "3 passed over",
            "ℹ suites 1",
        ] {
            assert_eq!(Tally::read(line), Tally::default(), "{line}");
        }
    }
}
