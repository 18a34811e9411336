//! A sound family of which nothing is said, and for every rule what breaks it.

mod family;
mod keeping;
mod rules;
mod scripts;
