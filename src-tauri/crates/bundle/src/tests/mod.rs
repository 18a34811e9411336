//! Whole files, honest and forged.

mod enrolment;
mod forged;
mod golden;
mod hostile;
mod round_trip;
mod trusting;
mod world;
