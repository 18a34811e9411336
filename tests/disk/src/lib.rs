//! A disk for tests. It stands between SQLite and the file system of this process and counts every call that changes a
//! file; at the one it is told to it fails, or the power goes. After a power loss a file holds what was synced and, of
//! what was written since, any of the 512-byte sectors, whatever their order: what a real disk may leave.
//!
//! One process has one disk: tests that use it run one to a process, as `cargo nextest` does, or hold [`Disk::claim`].
//!
//! Beside the disk, the other thing a PC runs out of: [`Counting`] counts memory.

mod memory;
mod sectors;
mod vfs;

pub use memory::{Counting, Peak, peak};

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sectors::{Change, Medium};

/// What happens at the chosen call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No room for this call; the next one finds room again.
    Full,
    /// The call fails for no reason given; the next one succeeds.
    Broken,
    /// The power goes: neither this call nor any later one reaches the disk.
    PowerLoss,
}

#[derive(Default)]
struct State {
    calls: u64,
    plan: Option<(u64, Fault)>,
    medium: Medium,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);
static CLAIM: Mutex<()> = Mutex::new(());

fn with<T>(act: impl FnOnce(&mut State) -> T) -> T {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    act(state.get_or_insert_default())
}

/// The disk of this process.
pub struct Disk {
    _alone: MutexGuard<'static, ()>,
}

impl Disk {
    /// Puts the disk under SQLite, for as long as the process lives, and keeps other tests of the process away from it.
    ///
    /// # Panics
    /// When SQLite does not take it.
    #[must_use]
    pub fn claim() -> Self {
        let alone = CLAIM.lock().unwrap_or_else(PoisonError::into_inner);
        vfs::install();
        Self { _alone: alone }
    }

    /// From now on counts calls and keeps what is not synced; what the files of a folder hold now is safe.
    ///
    /// # Panics
    /// When the folder cannot be read.
    pub fn watch(&self, folder: &Path) {
        let medium = Medium::of(folder);
        with(|state| *state = State { medium, ..State::default() });
    }

    /// The call, counted from 1, at which this is to happen.
    pub fn fail(&self, at: u64, fault: Fault) {
        with(|state| state.plan = Some((at, fault)));
    }

    /// Nothing more fails.
    pub fn mend(&self) {
        with(|state| state.plan = None);
    }

    /// Calls that changed a file since [`Self::watch`].
    #[must_use]
    pub fn calls(&self) -> u64 {
        with(|state| state.calls)
    }

    /// Whether the planned fault has happened.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        with(|state| state.plan.is_some_and(|(at, _)| state.calls >= at))
    }

    /// Writes what is found after the power comes back into another folder. `survives` decides about every sector that
    /// was written and not synced.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn after_power_loss(&self, into: &Path, survives: &mut dyn FnMut() -> bool) {
        with(|state| state.medium.settle(into, survives));
    }
}

/// What SQLite's call is answered with.
enum Answer {
    Go,
    Fail(Fault),
}

/// Counts a call and says whether it reaches the disk. Under a power loss its change may still reach it in part.
fn step(path: &Path, change: Option<Change>) -> Answer {
    with(|state| {
        state.calls += 1;
        let failing =
            state.plan.filter(|(at, fault)| state.calls == *at || (*fault == Fault::PowerLoss && state.calls > *at));
        let goes = match failing {
            None => true,
            Some((at, Fault::PowerLoss)) => state.calls == at,
            Some(_) => false,
        };
        match change {
            Some(change) if goes => state.medium.note(path, change),
            None if failing.is_none() => state.medium.sync(path),
            _ => {}
        }
        match failing {
            Some((_, fault)) => Answer::Fail(fault),
            None => Answer::Go,
        }
    })
}

/// A file was deleted.
fn forget(path: &Path) {
    with(|state| state.medium.forget(path));
}

/// The files this disk has to do with: those named, not temporary ones.
fn named(path: Option<PathBuf>) -> Option<PathBuf> {
    path.filter(|path| !path.as_os_str().is_empty())
}
