//! Excel and CSV, in and out. Pure over bytes: no file system, no clock.
//!
//! In: [`read`] makes a [`Workbook`] of whatever the bytes are; [`extract`] finds the header by its labels and turns every
//! row into a typed draft or a rejection with a reason. Out: [`write`] makes official tables, the problem file and the
//! exchange layouts.

pub mod batch;
pub mod column;
mod doubtful;
pub mod error;
pub mod header;
mod labels;
pub mod look;
pub mod memory;
pub mod problem;
pub mod profile;
pub mod profiles;
pub mod read;
mod top;
pub mod value;
pub mod workbook;
pub mod write;

pub use batch::{Batch, IgnoredRow, Row, extract};
pub use error::SheetError;
pub use header::Header;
pub use labels::label_key;
pub use look::{ColumnLook, ColumnState, LabelTally, SheetLook, look};
pub use memory::{Mapping, Memory, Source};
pub use problem::{Problem, ProblemCode, Severity};
pub use profile::{Column, Kind, Need, Profile, SheetDraft};
pub use read::{Limits, read, read_within};
pub use value::Certificate;
pub use workbook::{Cell, Format, Merge, Sheet, Workbook, column_letters};
