//! Where SQLite calls its disk. The system's own layer opens every file; then the functions by which that file is changed
//! are exchanged for ours, which ask [`crate::step`] first and pass on what may go through.
#![allow(unsafe_code, reason = "SQLite knows its disk by C function pointers")]

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use rusqlite::ffi;

use crate::sectors::Change;
use crate::{Answer, Fault, forget, named, step};

/// The system's layer and its functions on files.
struct Below {
    vfs: *mut ffi::sqlite3_vfs,
}

// SAFETY: SQLite registers its layers once and never moves or frees them.
unsafe impl Send for Below {}
// SAFETY: as above; it is only read.
unsafe impl Sync for Below {}

static BELOW: OnceLock<Below> = OnceLock::new();
static OPEN: Mutex<Option<Files>> = Mutex::new(None);

/// The system's functions on an open file, and the same with ours in the place of those that change it.
struct Methods {
    below: ffi::sqlite3_io_methods,
    ours: ffi::sqlite3_io_methods,
}

/// Open files by their address, and the tables of functions that were exchanged by theirs: databases and logs have
/// different ones.
#[derive(Default)]
struct Files {
    open: HashMap<usize, (&'static Methods, Option<PathBuf>)>,
    tables: HashMap<usize, &'static Methods>,
}

fn files<T>(act: impl FnOnce(&mut Files) -> T) -> T {
    let mut files = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    act(files.get_or_insert_default())
}

/// The functions of an open file and its path, if it has one.
fn about(file: *mut ffi::sqlite3_file) -> (&'static Methods, Option<PathBuf>) {
    files(|files| files.open.get(&(file as usize)).cloned()).expect("a file that was opened here")
}

fn code(fault: Fault) -> c_int {
    match fault {
        Fault::Full => ffi::SQLITE_FULL,
        Fault::Broken | Fault::PowerLoss => ffi::SQLITE_IOERR_WRITE,
    }
}

/// Registers the disk as the one SQLite uses unless told otherwise.
pub(crate) fn install() {
    BELOW.get_or_init(|| {
        // SAFETY: a null name asks for the default layer. The copy differs in its name and in two functions of the same
        // shape; it lives as long as the process, as SQLite demands.
        unsafe {
            let below = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!below.is_null(), "SQLite has a default disk");
            let mut ours = std::ptr::read(below);
            ours.pNext = std::ptr::null_mut();
            ours.zName = c"mingbai-test-disk".as_ptr();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            let registered = ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1);
            assert_eq!(registered, ffi::SQLITE_OK, "SQLite takes the disk");
            Below { vfs: below }
        }
    });
}

fn below() -> *mut ffi::sqlite3_vfs {
    BELOW.get().expect("installed before SQLite calls it").vfs
}

unsafe fn path(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite gives a path that ends in zero and stays for the length of the call.
    let name = unsafe { CStr::from_ptr(name) };
    named(Some(PathBuf::from(name.to_string_lossy().into_owned())))
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: every argument is passed on as SQLite gave it; `file` has the size the system's layer asked for, which is
    // ours too. Once it is open its table of functions is exchanged for one of the same length and kind.
    unsafe {
        let below = below();
        let result = (*below).xOpen.expect("xOpen")(below, name, file, flags, out);
        if result == ffi::SQLITE_OK && !(*file).pMethods.is_null() {
            let theirs = (*file).pMethods;
            let methods = files(|files| {
                let methods = *files.tables.entry(theirs as usize).or_insert_with(|| {
                    let below = std::ptr::read(theirs);
                    let mut ours = std::ptr::read(theirs);
                    ours.xClose = Some(close);
                    ours.xWrite = Some(write);
                    ours.xTruncate = Some(truncate);
                    ours.xSync = Some(sync);
                    Box::leak(Box::new(Methods { below, ours }))
                });
                files.open.insert(file as usize, (methods, path(name)));
                methods
            });
            (*file).pMethods = &raw const methods.ours;
        }
        result
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, directory: c_int) -> c_int {
    // SAFETY: passed on as SQLite gave it.
    unsafe {
        if let Some(path) = path(name) {
            if let Answer::Fail(fault) = step(&path, Some(Change::Write { offset: 0, bytes: Vec::new() })) {
                return code(fault);
            }
            forget(&path);
        }
        let below = below();
        (*below).xDelete.expect("xDelete")(below, name, directory)
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let (methods, _) = about(file);
    files(|files| files.open.remove(&(file as usize)));
    // SAFETY: passed on as SQLite gave it.
    unsafe { methods.below.xClose.expect("xClose")(file) }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, length: c_int, offset: i64) -> c_int {
    let (methods, path) = about(file);
    if let (Some(path), Ok(count), Ok(at)) = (path, usize::try_from(length), usize::try_from(offset)) {
        // SAFETY: SQLite hands over `length` bytes to be written.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count) }.to_vec();
        if let Answer::Fail(fault) = step(&path, Some(Change::Write { offset: at, bytes })) {
            return code(fault);
        }
    }
    // SAFETY: passed on as SQLite gave it.
    unsafe { methods.below.xWrite.expect("xWrite")(file, from, length, offset) }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    let (methods, path) = about(file);
    if let (Some(path), Ok(to)) = (path, usize::try_from(length))
        && let Answer::Fail(fault) = step(&path, Some(Change::Truncate(to)))
    {
        return code(fault);
    }
    // SAFETY: passed on as SQLite gave it.
    unsafe { methods.below.xTruncate.expect("xTruncate")(file, length) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let (methods, path) = about(file);
    match path {
        // The test keeps what is safe; the machine's own disk need not be asked.
        Some(path) => match step(&path, None) {
            Answer::Go => ffi::SQLITE_OK,
            Answer::Fail(Fault::Full) => ffi::SQLITE_FULL,
            Answer::Fail(_) => ffi::SQLITE_IOERR_FSYNC,
        },
        // SAFETY: passed on as SQLite gave it.
        None => unsafe { methods.below.xSync.expect("xSync")(file, flags) },
    }
}
