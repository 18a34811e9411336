//! `cargo xtask run`: from a fresh clone to a window on the demo township, or to a printed journey.

use std::path::PathBuf;

use crate::stage::{Failure, Outcome, Stages, built, cargo, command, succeed, target_folder};
use crate::{setup, ui, window};

/// What the caller asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    headless: bool,
    data: Option<PathBuf>,
}

impl Wishes {
    /// Reads `[--headless] [--data DIR]`.
    pub(crate) fn read(arguments: &[String]) -> Outcome<Self> {
        let mut wishes = Self::default();
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            match word.as_str() {
                "--headless" => wishes.headless = true,
                "--data" => {
                    let folder = rest.next().ok_or_else(|| Failure::new("--data 后面要写一个目录。"))?;
                    let folder =
                        std::path::absolute(folder).map_err(|_| Failure::new("--data 后面的目录无法识别。"))?;
                    wishes.data = Some(folder);
                }
                other => return Err(Failure::new(format!("cargo xtask run 不认识“{other}”。"))),
            }
        }
        Ok(wishes)
    }

    /// The caller's folder, else one of that name among the build products.
    fn folder(&self, otherwise: &str) -> PathBuf {
        self.data.clone().unwrap_or_else(|| target_folder().join(otherwise))
    }
}

/// Prepares, builds, and opens the window or runs the journey.
pub(crate) fn run(wishes: &Wishes) -> Outcome {
    let with_window = !wishes.headless && window::screen();
    if !wishes.headless && !with_window {
        println!("没有显示器，改为运行完整流程并打印结果（等同 --headless）。");
    }
    let mut stages = Stages::default();
    let outcome = build(&mut stages)
        .and_then(|()| if with_window { open_window(wishes, &mut stages) } else { journey(wishes, &mut stages) });
    stages.report();
    outcome
}

/// Builds every program, window included even when only the journey is wanted: with one set of features for all, what is
/// built here serves `cargo xtask test` too, and Typst is compiled once.
fn build(stages: &mut Stages) -> Outcome {
    stages.run("软件包", || setup::install(&[&setup::BUILD, &setup::WINDOW]))?;
    stages.run("界面", ui::build)?;
    stages.run("编译", || succeed(cargo().args(["build", "--workspace", "--bins"])))
}

fn open_window(wishes: &Wishes, stages: &mut Stages) -> Outcome {
    let folder = wishes.folder("demo");
    let township = folder.join("township-a");
    if township.exists() {
        println!("\n使用已有的演示县：{}", folder.display());
    } else {
        stages.run("演示县", || succeed(command(built("mingbai")).arg("demo").arg(&folder)))?;
    }
    println!("\n打开窗口：{}", township.display());
    window::open(&township)
}

fn journey(wishes: &Wishes, stages: &mut Stages) -> Outcome {
    let folder = wishes.folder("journey");
    if wishes.data.is_none() && folder.exists() {
        // The last run's own products; a folder the caller named is never emptied.
        std::fs::remove_dir_all(&folder).map_err(|failure| Failure::new(format!("无法清理上一次的结果：{failure}")))?;
    }
    stages.run("流程", || succeed(command(built("mingbai")).arg("demo").arg(&folder).arg("--journey")))
}

#[cfg(test)]
mod tests {
    use super::Wishes;

    fn read(words: &[&str]) -> Result<Wishes, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Wishes::read(&words).map_err(|failure| failure.to_string())
    }

    #[test]
    fn both_wishes_are_read_in_any_order() {
        let wishes = read(&["--data", "/tmp/county", "--headless"]).unwrap();
        assert!(wishes.headless);
        assert_eq!(wishes.folder("demo"), std::path::Path::new("/tmp/county"));
    }

    #[test]
    fn a_misspelt_wish_is_refused_by_name() {
        assert!(read(&["--headles"]).unwrap_err().contains("--headles"));
        assert!(read(&["--data"]).unwrap_err().contains("目录"));
    }
}
