//! What crosses the boundary: requests and views, separate from the domain types. Money is integer fen, dates are ISO
//! text, ids are text. Labels come beside codes so that no screen needs a code table to show a row.

#![allow(missing_docs, reason = "field names are the glossary's own; types say the units")]

mod bill;
mod claim;
mod compare;
mod desk;
mod entry;
mod exchange;
mod grid;
mod household;
mod import;
mod import_look;
mod insured;
mod list;
mod money;
mod pack;
mod paper;
mod quality;
mod resettle;
mod session;
mod system;
mod tally;
mod trust;
mod village;
mod visit;
mod warning;
mod what_if;

pub use bill::*;
pub use claim::*;
pub use compare::*;
pub use desk::*;
pub use entry::*;
pub use exchange::*;
pub use grid::*;
pub use household::*;
pub use import::*;
pub use import_look::*;
pub use insured::*;
pub use list::*;
pub use money::*;
pub use pack::*;
pub use paper::*;
pub use quality::*;
pub use resettle::*;
pub use session::*;
pub use system::*;
pub use tally::*;
pub use trust::*;
pub use village::*;
pub use visit::*;
pub use warning::*;
pub use what_if::*;

/// A record id as text.
pub type Id = String;
/// An amount in fen.
pub type Money = i64;

/// Declares a boundary type with its derives.
macro_rules! dto {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field : $kind),* }
    };
}

/// Declares a set of words that cross the boundary in snake_case.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $(#[$fdoc:meta])* $first:ident $(, $(#[$vdoc:meta])* $word:ident)* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[$fdoc])* #[default] $first $(, $(#[$vdoc])* $word)* }
    };
}

use {dto, words};

dto! {
    /// Nothing asked, nothing answered.
    Empty {}
}

dto! {
    /// One record by id.
    IdRequest { id: Id }
}

dto! {
    /// A code with what a clerk reads.
    Coded { code: String, label: String }
}
