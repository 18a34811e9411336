#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    mingbai_bundle::fuzz::entry(bytes);
});
