//! The exchange between townships and county: export, verification, import, receipts, enrolment.
//!
//! A township's log travels up whole and stays whole: everything the county has not confirmed is in every bundle, so a
//! lost stick needs no recovery. The county answers each township with a feed of its own, signed by the county, that
//! carries confirmations and re-states what the county and the township's other PCs wrote about that township's records. An import is one
//! transaction: all of a file or nothing of it.

pub mod aside;
mod authority;
pub mod compare;
mod cutoff;
pub mod devices;
mod ends;
pub mod enrol;
pub mod error;
pub mod export;
pub mod feed;
pub mod held;
pub mod holders;
pub mod import;
pub mod keys;
pub mod mark;
mod moves;
pub mod parts;
mod reconsider;
pub mod recover;
mod refill;
pub mod refusal;
pub mod rekey;
pub mod renew;
mod restate;
pub mod roots;
pub mod scope;
mod split;
pub mod summary;
pub mod upgrade;

pub use error::SyncError;
pub use export::{Exported, File, Target, export, export_down, export_up};
pub use import::{Accepted, FIRST_BYTES, Glimpse, Lookout, Previewed, Seen, accept, digest, preview};
pub use keys::{CountyKeys, CountyName, DeviceKeys};
pub use parts::{WaitingBundle, waiting};
pub use refusal::refused;
pub use summary::{Confirmed, TypeCount, confirmed, pending};
pub use upgrade::catch_up;
