//! A clerk at a PC of their own: everything goes through the command table, as from the window.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use mingbai_app::App;
use mingbai_app::host::Host;
use serde_json::{Value, json};

use crate::Result;

const PASSWORD: &str = "mingbai-bench";

/// A PC whose clock stands still, so that a run over midnight measures the same.
struct Still {
    data: PathBuf,
}

impl Host for Still {
    fn now(&self) -> DateTime<FixedOffset> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default().fixed_offset()
    }

    fn fill(&self, buffer: &mut [u8]) {
        // Keys of invented data: without randomness they are merely weak.
        if getrandom::fill(buffer).is_err() {
            buffer.fill(7);
        }
    }

    fn data_dir(&self) -> &Path {
        &self.data
    }
}

/// The program, with somebody logged in.
pub(crate) struct Clerk(App);

impl Clerk {
    /// A township's PC over this folder; set up where nothing is there yet.
    pub(crate) fn at(data: &Path) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        let app = App::new(Still { data: data.to_owned() })?;
        let status = app.rpc("setup_status", json!({}))?;
        let clerk = Self(app);
        if status["state"] == "empty" {
            clerk.ask(
                "setup_office",
                json!({
                    "kind": "township", "county_name": "示范县", "unit_name": "青石乡卫生院", "area": "159901201",
                    "operator_name": "测量", "login": "bench", "password": PASSWORD
                }),
            )?;
        } else {
            clerk.ask("session_login", json!({ "login": "bench", "password": PASSWORD }))?;
        }
        Ok(clerk)
    }

    pub(crate) fn ask(&self, command: &str, payload: Value) -> Result<Value> {
        self.0.rpc(command, payload).map_err(|error| format!("{command}: {error:?}").into())
    }

    pub(crate) fn roster(&self, file: &Path, dry_run: bool) -> Result<Value> {
        self.ask("import_sheet", json!({ "kind": "roster", "path": file, "dry_run": dry_run }))
    }
}
