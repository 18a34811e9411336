//! Long works: how far one has come, and stopping it. A command holds the office while it runs, so what looks at it or stops
//! it is answered beside the office, never waiting for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, FixedOffset};

use crate::dto::{Empty, WorkState};
use crate::error::{AppError, ErrorCode};
use crate::host::{Drive, Host};

/// What runs now.
#[derive(Default)]
pub struct Work {
    stop: AtomicBool,
    state: Mutex<Option<WorkState>>,
}

impl Work {
    fn state(&self) -> std::sync::MutexGuard<'_, Option<WorkState>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A command begins or has ended: nobody asked to stop the next one.
    pub(crate) fn clear(&self) {
        *self.state() = None;
        self.stop.store(false, Ordering::Release);
    }
}

/// How far the work has come; `running` is false where nothing long runs.
pub(crate) fn get(work: &Work, _: Empty) -> Result<WorkState, AppError> {
    Ok(work.state().clone().unwrap_or_default())
}

/// Asks the work that runs to stop; it does at its next step. Whatever it wrote so far it takes back itself.
pub(crate) fn stop(work: &Work, _: Empty) -> Result<WorkState, AppError> {
    let state = work.state().clone().unwrap_or_default();
    if state.running {
        work.stop.store(true, Ordering::Release);
    }
    Ok(state)
}

/// Tells how far a work has come and refuses to go on where the clerk asked to stop.
pub(crate) fn step(host: &dyn Host, label: &str, done: usize, total: usize) -> Result<(), AppError> {
    host.progress(label, done, total);
    if host.cancelled() {
        let message = format!("{label}已经停下，没有做完；没有任何改动。要结果请重新开始");
        return Err(AppError::new(ErrorCode::Cancelled, message));
    }
    Ok(())
}

/// The host as a command sees it: how far it has come is kept for whoever looks.
pub(crate) struct Watched<'a> {
    pub(crate) host: &'a dyn Host,
    pub(crate) work: &'a Work,
}

impl Host for Watched<'_> {
    fn now(&self) -> DateTime<FixedOffset> {
        self.host.now()
    }

    fn fill(&self, buffer: &mut [u8]) {
        self.host.fill(buffer);
    }

    fn data_dir(&self) -> &Path {
        self.host.data_dir()
    }

    fn mark_dir(&self) -> Option<PathBuf> {
        self.host.mark_dir()
    }

    fn machine(&self) -> Option<String> {
        self.host.machine()
    }

    fn drives(&self) -> Vec<Drive> {
        self.host.drives()
    }

    fn progress(&self, label: &str, done: usize, total: usize) {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let (done_so_far, all) = (count(done), count(total));
        *self.work.state() = Some(WorkState { running: true, label: label.to_owned(), done: done_so_far, total: all });
        self.host.progress(label, done, total);
    }

    fn cancelled(&self) -> bool {
        self.work.stop.load(Ordering::Acquire) || self.host.cancelled()
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, OnceLock, Weak};

    use chrono::{DateTime, FixedOffset};
    use serde_json::json;

    use crate::error::ErrorCode;
    use crate::{App, Host};

    /// A PC at which somebody presses “stop” as soon as anything tells how far it has come, while that still runs.
    struct Impatient {
        folder: PathBuf,
        app: Arc<OnceLock<Weak<App>>>,
    }

    impl Host for Impatient {
        fn now(&self) -> DateTime<FixedOffset> {
            DateTime::from_timestamp_millis(1_795_242_720_000).unwrap().fixed_offset()
        }

        fn fill(&self, buffer: &mut [u8]) {
            buffer.iter_mut().enumerate().for_each(|(place, byte)| *byte = place as u8 + 1);
        }

        fn data_dir(&self) -> &Path {
            &self.folder
        }

        fn progress(&self, _: &str, _: usize, _: usize) {
            let Some(app) = self.app.get().and_then(Weak::upgrade) else { return };
            let pressed = std::thread::spawn(move || app.rpc("work_stop", json!({})));
            let seen = pressed.join().unwrap().unwrap();
            assert_eq!(seen["running"], true);
        }
    }

    #[test]
    fn whoever_asks_to_stop_stops_the_calculation_that_runs_and_not_the_next_command() {
        let folder = tempfile::tempdir().unwrap();
        let known = Arc::new(OnceLock::new());
        let host = Impatient { folder: folder.path().to_owned(), app: Arc::clone(&known) };
        let app = Arc::new(App::new(host).unwrap());
        let request = json!({
            "kind": "county", "county_name": "示范县", "unit_name": "示范县卫健局", "area": "159901",
            "operator_name": "王玉梅", "login": "demo", "password": "mingbai-demo",
        });
        app.rpc("setup_office", request).unwrap();
        known.set(Arc::downgrade(&app)).unwrap();
        let pack = crate::demo::built_in_pack().unwrap().text;
        let asked = json!({ "draft": null, "pack": null, "path": null, "toml": pack, "year": null });
        let stopped = app.rpc("pack_resettle", asked).unwrap_err();
        assert_eq!(stopped.code, ErrorCode::Cancelled);
        assert!(
            stopped.message.contains("已经停下") && stopped.message.contains("没有任何改动"),
            "{}",
            stopped.message
        );
        assert_eq!(app.rpc("work_get", json!({})).unwrap()["running"], false);
        app.rpc("desk_get", json!({})).unwrap();
    }
}
