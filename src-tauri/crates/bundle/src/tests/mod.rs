//! Whole files, honest and forged.

mod corpus;
mod draw;
mod enrolment;
mod exhaustive;
mod foreign;
mod forge;
mod forged;
mod golden;
mod hostile;
mod round_trip;
mod standards;
mod starting;
mod suites;
mod table;
mod trusting;
mod world;
