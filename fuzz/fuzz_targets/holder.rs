#![no_main]

#[path = "../../src-tauri/crates/sync/tests/common/mod.rs"]
mod common;
#[path = "../../src-tauri/crates/sync/tests/targets/mod.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    targets::holder(bytes);
});
