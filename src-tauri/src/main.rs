//! 明白账: the window around the command table.
//!
//! Knows `mingbai-app` and Tauri, and nothing of the field: no SQL, no rules, no files of its own. It opens one window on
//! one data folder, hands every request of the page to the command table on a worker thread, and lends the page what a
//! browser has not: the system's file dialogs and "open with".

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod frame;
mod graphics;
mod launch;
mod native;
mod rpc;

use mimalloc::MiMalloc;

/// Large lists are millions of short texts.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    graphics::apply_workaround();
    launch::run()
}
