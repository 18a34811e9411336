//! 随访: the doctor's week on screen and paper, and a sheet on which many visits are typed, a line a patient.

mod sheet;
mod week;

pub(crate) use sheet::{propose, sheet};
pub(crate) use week::{due, due_print};
