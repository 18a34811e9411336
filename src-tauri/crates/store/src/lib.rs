//! The log and its projection in one encrypted SQLite file.
//!
//! The log is the truth: append-only entries, exactly as first written. Every other table is folded from it and can be
//! forgotten and folded again. One gate writes, [`Store::commit`]: the entry and the rows it changes are saved together
//! or not at all. Entries of other installations go through [`Txn::ingest`] inside the same gate. All SQL of the
//! program lives in this crate; it knows no clock, no randomness, no network and nobody's permissions.

mod aside;
mod author;
mod backup;
mod commit;
mod decision;
mod error;
mod feed;
mod fit;
mod history;
mod ingest;
mod key;
mod log;
mod meta;
mod migrate;
mod mirror;
mod open;
mod outside;
mod project;
pub mod query;
mod reading;
mod receipts;
mod schema;
mod search;
mod side_by_side;
mod stale;
mod standing;
mod todo;
mod txn;
mod undo;
mod vault;
mod verify;
mod withdraw;
mod write;

pub use aside::{Aside, LeftOut};
pub use author::{Actor, Author, Committed, Written};
pub use backup::{BackupFacts, verify_backup};
pub use decision::Decision;
pub use error::{Result, StoreError};
pub use feed::{FeedEntry, Original};
pub use history::{Change, Conflict, ConflictValue, HistoryItem, WrittenBy};
pub use ingest::{Authority, Ingested, Verdict};
pub use key::DatabaseKey;
pub use log::{EntryNo, Identity, LogInfo, LogRole, Status};
pub use mirror::Mirrored;
pub use open::Store;
pub use outside::{NewOutsideList, OutsideList, OutsidePerson};
pub use reading::{AtOnce, Gap, Moment, Reading, Restatement, Row, StatusCounts, Stored};
pub use receipts::{ExportRecord, ImportRecord, Quarantined};
pub use search::{Hit, HitKind, initials, normalised, sound};
pub use standing::Refusal;
pub use todo::{ShareRow, TodoRow, Worked};
pub use txn::{ImportFacts, Txn};
pub use vault::{Cost, KeyFile, RecoveryCode, Vault, VaultError};
pub use verify::{ChainFault, TableCheck, Verification};
