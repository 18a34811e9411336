//! Values and vocabulary of the register: money, ids, citizen ids, dates, code tables and the record catalogue.
//!
//! Everything here is pure: no I/O, no clock, no randomness. Other crates parse into these types and stop worrying.

pub mod benefit;
pub mod catalogue;
pub mod citizen_id;
pub mod code;
pub mod disease_list;
pub mod division;
pub mod due;
pub mod icd10;
pub mod id;
pub mod money;
pub mod name;
pub mod phone;
pub mod poverty;
pub mod region;
pub mod relation;
pub mod restricted;
pub mod value;
pub mod workday;

pub use citizen_id::CitizenId;
pub use id::RecordId;
pub use money::Fen;
pub use value::{FieldId, Value, Values};
