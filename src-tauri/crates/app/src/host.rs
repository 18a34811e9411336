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

/// Mounted removable media: below /media and /run/media on Linux, drive letters from D: on Windows.
fn removable_drives() -> Vec<Drive> {
    let mut found = Vec::new();
    let mut add = |path: PathBuf| {
        if path.is_dir() {
            let label =
                path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            found.push(Drive { path, label, free: 0 });
        }
    };
    if cfg!(windows) {
        ('D'..='Z').for_each(|letter| add(PathBuf::from(format!("{letter}:\\"))));
        return found;
    }
    let children = |dir: &Path| -> Vec<PathBuf> {
        let listed = std::fs::read_dir(dir).into_iter().flatten().flatten();
        listed.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
    };
    for user in children(Path::new("/run/media")).into_iter().chain(children(Path::new("/media"))) {
        let below = children(&user);
        if below.is_empty() {
            continue;
        }
        below.into_iter().for_each(&mut add);
    }
    found
}
