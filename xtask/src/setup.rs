//! The Debian packages the project needs: says what and why, then installs only what is missing.

use std::process::Command;

use crate::stage::{Failure, Outcome, answer, command, present, root, succeed};

/// A reason and the packages it needs.
pub(crate) struct Need {
    reason: &'static str,
    packages: &'static [&'static str],
}

/// Enough for the command line and its journey.
pub(crate) const BUILD: Need = Need {
    reason: "编译 Rust 程序和加密数据库（SQLCipher 自带 OpenSSL，需要 perl 与 make）",
    packages: &["build-essential", "pkg-config", "perl", "make"],
};

/// The window on top of that.
pub(crate) const WINDOW: Need = Need {
    reason: "编译和显示窗口（WebKitGTK），界面上的汉字",
    packages: &["libwebkit2gtk-4.1-dev", "librsvg2-dev", "libssl-dev", "fonts-noto-cjk"],
};

/// What only the tests use.
pub(crate) const TESTS: Need = Need {
    reason: "测试：无显示器时的窗口（xvfb、dbus）、窗口驱动和键盘（xdotool）、浏览器、查看 PDF 与截图",
    packages: &[
        "webkit2gtk-driver",
        "xvfb",
        "xdotool",
        "xauth",
        "dbus-x11",
        "chromium",
        "poppler-utils",
        "fonts-noto-cjk",
        "imagemagick",
    ],
};

/// What only the measurements use.
pub(crate) const BENCH: Need = Need {
    reason: "性能测量：为 SQLite 的 session 扩展生成接口（bindgen）",
    packages: &["libclang-dev"],
};

/// What the peers written in Python use.
pub(crate) const PYTHON: Need =
    Need { reason: "性能测量：openpyxl（在自己的 venv 里）", packages: &["python3", "python3-venv"] };

/// All that running and testing needs.
pub(crate) const EVERYTHING: [&Need; 3] = [&BUILD, &WINDOW, &TESTS];

/// The oldest Node the page can be built with.
const NODE: u32 = 20;

/// Installs what is missing. On a system without `apt-get` it says what is needed and goes on: the packages may be there
/// under other names, and the build will tell.
pub(crate) fn install(needs: &[&Need]) -> Outcome {
    if !present("dpkg-query") || !present("apt-get") {
        println!("  这不是 Debian 系的系统，不会自动安装。请自行准备以下软件（冒号后是 Debian 的包名）：");
        needs.iter().for_each(|need| println!("    {}：{}", need.reason, need.packages.join(" ")));
        return Ok(());
    }
    let mut missing: Vec<&str> = Vec::new();
    for need in needs {
        let absent: Vec<&str> = need.packages.iter().copied().filter(|package| !installed(package)).collect();
        let new: Vec<&str> = absent.into_iter().filter(|package| !missing.contains(package)).collect();
        if !new.is_empty() {
            println!("  将安装：{}\n    用于{}", new.join(" "), need.reason);
            missing.extend(new);
        }
    }
    if missing.is_empty() {
        println!("  所需的 Debian 软件包都已安装");
        return Ok(());
    }
    println!("  apt-get 会同时装上它们依赖的其他软件包。");
    succeed(as_root()?.args(["apt-get", "update", "-qq"]))?;
    succeed(as_root()?.args(["apt-get", "install", "-y", "-qq", "--no-install-recommends"]).args(&missing))
}

/// Checks for a Node that can build the page; it is not installed, because Debian 12's own is too old.
pub(crate) fn node() -> Outcome {
    let version = answer(command("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|digits| digits.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => {
            println!("  Node {version}");
            Ok(())
        }
        Some(_) => Err(Failure::new(format!("Node 版本是 {version}，需要 {NODE} 或更高版本，请升级后重试。"))),
        None => Err(Failure::new(format!("没有找到 Node。构建界面需要 Node {NODE} 或更高版本，请安装后重试。"))),
    }
}

fn installed(package: &str) -> bool {
    let status = answer(command("dpkg-query").args(["-W", "-f=${Status}", package]));
    status.is_some_and(|status| status == "install ok installed")
}

/// `env`, run as root: directly, or through sudo, which may ask for a password and so keeps the terminal's input.
fn as_root() -> Outcome<Command> {
    let root_user = answer(command("id").arg("-u")).is_some_and(|id| id == "0");
    let mut command = if root_user {
        Command::new("env")
    } else if present("sudo") {
        let mut command = Command::new("sudo");
        command.arg("env");
        command
    } else {
        return Err(Failure::new("安装软件包需要 root 权限：请以 root 运行，或先安装 sudo。"));
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").current_dir(root());
    Ok(command)
}
