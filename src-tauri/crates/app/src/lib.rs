//! Use cases: the one command table, permissions, boundary types and error codes. Knows every library crate and nothing
//! of any window: the shell, the command line and the web twin all call [`App::rpc`] and [`App::bytes`].

pub mod command;
pub mod demo;
pub mod dto;
pub mod error;
pub mod host;
pub mod typescript;

mod bill;
mod campaign;
mod card;
mod certificate;
mod claim;
mod compare;
mod contract;
mod county_list;
mod desk;
mod disease;
mod division;
mod draft;
mod enrolment;
mod exchange;
mod grid;
mod household;
mod import;
mod insured;
mod kept;
mod lead;
mod member;
mod member_move;
mod narrow;
mod office;
mod pack;
mod person;
mod person_like;
mod policy;
mod quality;
mod quick;
mod record;
mod report;
mod resettle;
mod restore;
mod restricted;
mod search;
mod session;
mod standing;
mod submission;
mod system;
mod tally;
mod threshold;
mod todo;
mod trust;
mod village_change;
mod village_work;
mod visit;
mod warning;
mod what_if;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

pub use command::{Bytes, COMMANDS, Command};
pub use error::{AppError, ErrorCode};
pub use host::{DesktopHost, Host};
use office::{Context, Office};
use work::{Watched, Work};

/// One running program over one data directory.
pub struct App {
    host: Box<dyn Host>,
    office: Mutex<Office>,
    work: Work,
}

impl App {
    /// A program over the host's data directory; opens nothing yet.
    ///
    /// # Errors
    /// [`ErrorCode::DatabaseLocked`] when another window holds the directory; [`ErrorCode::Storage`] when it cannot be
    /// made.
    pub fn new(host: impl Host + 'static) -> Result<Self, AppError> {
        let office = Office::at(host.data_dir())?;
        Ok(Self { host: Box::new(host), office: Mutex::new(office), work: Work::default() })
    }

    /// Runs one command.
    ///
    /// # Errors
    /// What the command refuses, in the clerk's words with a stable code; a defect becomes [`ErrorCode::Internal`] with
    /// an incident number.
    pub fn rpc(&self, command: &str, payload: Value) -> Result<Value, AppError> {
        if let Some(Command { run: command::Run::Beside(run), .. }) = command::find(command) {
            return run(&self.work, payload);
        }
        self.run(command, |found, context| match found.run {
            command::Run::Json(run) => run(context, payload),
            command::Run::Bytes(_) | command::Run::Beside(_) => Err(AppError::unknown_command(command)),
        })
    }

    /// Runs one command that answers with a file.
    ///
    /// # Errors
    /// As [`Self::rpc`].
    pub fn bytes(&self, command: &str, payload: Value) -> Result<Bytes, AppError> {
        self.run(command, |found, context| match found.run {
            command::Run::Bytes(run) => run(context, payload),
            command::Run::Json(_) | command::Run::Beside(_) => Err(AppError::unknown_command(command)),
        })
    }

    /// The host this program runs on.
    #[must_use]
    pub fn host(&self) -> &dyn Host {
        self.host.as_ref()
    }

    fn run<T>(
        &self,
        name: &str,
        body: impl FnOnce(&'static Command, &mut Context<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let found = command::find(name).ok_or_else(|| AppError::unknown_command(name))?;
        let mut office = self.office.lock().unwrap_or_else(PoisonError::into_inner);
        self.work.clear();
        let host = Watched { host: self.host.as_ref(), work: &self.work };
        let mut context = Context::new(&host, &mut office);
        context.permit(found.permission)?;
        // Every write is one SQLite transaction, so a defect half-way leaves the data as it was.
        let answer = catch_unwind(AssertUnwindSafe(|| body(found, &mut context)))
            .unwrap_or_else(|_| Err(AppError::incident(self.host.as_ref(), name)));
        standing::keep(&mut context);
        self.work.clear();
        answer
    }
}
