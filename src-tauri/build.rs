//! Embeds the built page and the window's configuration. Refuses early, in words, when the page has not been built.

fn main() {
    println!("cargo::rerun-if-changed=../ui/dist");
    if std::path::Path::new("../ui/dist/index.html").is_file() {
        tauri_build::build();
    } else {
        println!(
            "cargo::error=界面还没有构建：缺少 ui/dist/index.html。请先运行 cargo xtask ui（或直接运行 cargo xtask run），再编译窗口程序。"
        );
    }
}
