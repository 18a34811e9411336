//! How much memory something takes at its most: what Rust asks for, byte by byte the same in every run, and what SQLite
//! asks for, which counts for itself. What other C libraries ask for is not seen: of zstd at most a window of 8 MiB and of
//! OpenSSL a few contexts.
#![allow(unsafe_code, reason = "memory is given out through pointers")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rusqlite::ffi;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted. A test program makes it its own with `#[global_allocator]`.
pub struct Counting;

fn more(bytes: usize) {
    MOST.fetch_max(NOW.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

fn less(bytes: usize) {
    NOW.fetch_sub(bytes, Relaxed);
}

// SAFETY: every call is passed on to the system's allocator as it came; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        // SAFETY: as it came.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        // SAFETY: as it came.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves, both are there.
        more(size);
        // SAFETY: as it came.
        let moved = unsafe { System.realloc(pointer, layout, size) };
        less(layout.size());
        moved
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        less(layout.size());
        // SAFETY: as it came.
        unsafe { System.dealloc(pointer, layout) };
    }
}

/// The most memory something took, in bytes, beyond what was taken before it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// What Rust asked for.
    pub rust: u64,
    /// What SQLite asked for.
    pub sqlite: u64,
}

/// Runs something and says the most memory it took. Nothing else may run meanwhile.
pub fn peak<T>(act: impl FnOnce() -> T) -> (T, Peak) {
    let before = NOW.load(Relaxed);
    MOST.store(before, Relaxed);
    // SAFETY: two counters of SQLite's own.
    let used = unsafe {
        ffi::sqlite3_memory_highwater(1);
        ffi::sqlite3_memory_used()
    };
    let value = act();
    // SAFETY: as above.
    let sqlite = unsafe { ffi::sqlite3_memory_highwater(0) } - used;
    let rust = MOST.load(Relaxed).saturating_sub(before);
    (value, Peak { rust: rust as u64, sqlite: u64::try_from(sqlite).unwrap_or_default() })
}
