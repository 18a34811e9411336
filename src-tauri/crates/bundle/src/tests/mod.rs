//! Whole files, honest and forged.

mod enrolment;
mod foreign;
mod forged;
mod golden;
mod hostile;
mod round_trip;
mod standards;
mod suites;
mod trusting;
mod world;
