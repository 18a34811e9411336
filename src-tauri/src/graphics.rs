//! The blank-window workaround for WebKitGTK on graphics drivers whose DMA-BUF renderer does not work.

/// Kernel modules of drivers on which WebKitGTK is known to draw nothing through DMA-BUF: the closed NVIDIA driver and
/// the two Jingjia (景嘉微) families found in domestic office PCs.
#[cfg(target_os = "linux")]
const AFFECTED_MODULES: [&str; 3] = ["nvidia", "mwv206", "jmgpu"];

#[cfg(target_os = "linux")]
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Starts the program again with the workaround set, on affected machines only and only when the user has not decided.
///
/// It is not set everywhere because with it WebKit's automation never answers a request for a picture. A process cannot
/// safely change its own environment, so it replaces itself; the process id stays the same. Returns when there is
/// nothing to do or the replacement failed (the window may then be blank, which is no worse than before).
#[cfg(target_os = "linux")]
pub(crate) fn apply_workaround() {
    use std::os::unix::process::CommandExt;

    let affected = AFFECTED_MODULES.iter().any(|name| std::path::Path::new("/sys/module").join(name).exists());
    if !affected || std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let failure = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(SWITCH, "1").exec();
        eprintln!("无法以兼容显示方式重新启动：{failure}");
    }
}

/// Other systems draw through their own web view and need nothing.
#[cfg(not(target_os = "linux"))]
pub(crate) fn apply_workaround() {}
