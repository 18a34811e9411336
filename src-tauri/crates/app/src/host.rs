//! What a command needs from whatever is running it. It grows only when a command needs something new.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, NaiveDate};

/// The world outside: clock, randomness, directories, progress.
pub trait Host: Send + Sync {
    /// Local time.
    fn now(&self) -> DateTime<FixedOffset>;

    /// Fills a buffer with randomness fit for keys.
    fn fill(&self, buffer: &mut [u8]);

    /// Where this office's data lies.
    fn data_dir(&self) -> &Path;

    /// A folder of this PC outside every data directory. What is kept there tells a data directory that was restored from
    /// a copy from one that was written last; nothing where there is no such place.
    fn mark_dir(&self) -> Option<PathBuf> {
        None
    }

    /// What the system calls this machine.
    fn machine(&self) -> Option<String> {
        None
    }

    /// Removable drives with room, for 导出 and 导入.
    fn drives(&self) -> Vec<Drive> {
        Vec::new()
    }

    /// A long work has done `done` of `total`.
    fn progress(&self, _label: &str, _done: usize, _total: usize) {}

    /// Whether the clerk asked to stop.
    fn cancelled(&self) -> bool {
        false
    }

    /// Today's date.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// A removable drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drive {
    /// Where it is mounted.
    pub path: PathBuf,
    /// What the clerk calls it.
    pub label: String,
    /// Free bytes, where the system says.
    pub free: u64,
}

/// A PC: system clock, system randomness, one data directory.
#[derive(Clone, Debug)]
pub struct DesktopHost {
    data_dir: PathBuf,
}

impl DesktopHost {
    /// A host over this data directory.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into() }
    }
}

impl Host for DesktopHost {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    fn now(&self) -> DateTime<FixedOffset> {
        chrono::Local::now().fixed_offset()
    }

    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no key is safe; stopping is the only answer, and catch_unwind turns it into an incident.
        assert!(getrandom::fill(buffer).is_ok(), "the system gives no randomness");
    }

    fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    fn mark_dir(&self) -> Option<PathBuf> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if cfg!(windows) {
            return variable("PROGRAMDATA").map(|folder| folder.join("Mingbai").join("marks"));
        }
        let state = variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local/state")));
        state.map(|folder| folder.join("mingbai").join("marks"))
    }

    fn machine(&self) -> Option<String> {
        machine_uid::get().ok()
    }

    fn drives(&self) -> Vec<Drive> {
        removable_drives()
    }
}

/// Drives that can be taken away: what the system says of them, and on Linux whatever was mounted where sticks are.
fn removable_drives() -> Vec<Drive> {
    let Ok(disks) = sysinfo::Disks::new_with_refreshed_list() else { return Vec::new() };
    let mut found = Vec::new();
    for disk in &disks {
        let path = disk.mount_point();
        let where_sticks_are = ["/media", "/run/media"].iter().any(|folder| path.starts_with(folder));
        let the_system = path == Path::new("/") || path.starts_with("/boot");
        if (disk.is_removable() && !the_system) || where_sticks_are {
            let last = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let volume = disk.name().to_string_lossy().into_owned();
            // On Windows a drive has a letter and perhaps a name, elsewhere it is mounted under its name.
            let label = last.unwrap_or_else(|| format!("{volume} {}", path.display()).trim().to_owned());
            found.push(Drive { path: path.to_owned(), label, free: disk.available_space() });
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}
