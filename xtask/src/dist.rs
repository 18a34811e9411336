//! Release builds, gathered in one folder. Not an installer and not signed; it says so.

use std::fs;
use std::path::Path;

use crate::stage::{Failure, Outcome, Stages, cargo, root, succeed, target_folder};
use crate::{setup, ui};

const PROGRAMS: [&str; 2] = ["mingbai-desktop", "mingbai"];

/// Builds the window and the command line for this machine's system and copies them to `dist/`.
pub(crate) fn dist() -> Outcome {
    let mut stages = Stages::default();
    stages.run("软件包", || setup::install(&[&setup::BUILD, &setup::WINDOW]))?;
    stages.run("界面", ui::build)?;
    stages.run("发布编译", || {
        succeed(cargo().args([
            "build",
            "--release",
            "--locked",
            "--package",
            "mingbai-cli",
            "--package",
            "mingbai-desktop",
        ]))
    })?;
    stages.run("收集", collect)?;
    stages.report();
    println!(
        "\n以上是本机系统的可执行文件，没有做成安装包，也没有签名；目标电脑需自备 WebKitGTK 4.1（Linux）或 WebView2（Windows）。"
    );
    Ok(())
}

fn collect() -> Outcome {
    let folder = root().join("dist");
    fs::create_dir_all(&folder).map_err(|failure| Failure::new(format!("无法建立 dist：{failure}")))?;
    for program in PROGRAMS {
        let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        copy(&target_folder().join("release").join(&name), &folder.join(&name))?;
    }
    copy(&root().join("LICENSE"), &folder.join("LICENSE"))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    let size = fs::copy(from, to).map_err(|failure| Failure::new(format!("无法写入 {}：{failure}", to.display())))?;
    println!("  {}  {}.{} MB", to.display(), size / 1_000_000, size % 1_000_000 / 100_000);
    Ok(())
}
