//! The main job from end to end, through the command table: a county is founded, a township's roster, diseases, contracts,
//! visits, enrolments and bills come in, cards and a table come out, and the county is informed.

#![expect(clippy::unwrap_used, reason = "a test that cannot get its data has failed")]

mod absent;
mod aside;
mod bill_gate;
mod bills;
mod campaigns;
mod cards;
mod care;
mod carriers;
mod claim_matters;
mod claims;
mod claims_ended;
mod compare;
mod contracts;
mod doubts;
mod entry;
mod exams;
mod exchange;
mod foresight;
mod founding;
mod grants;
mod grids;
mod import_bills;
mod import_care;
mod import_keeps;
mod import_lists;
mod import_look;
mod import_offices;
mod import_refunds;
mod import_wide;
mod imports;
mod keeping;
mod packs;
mod pages;
mod people;
mod printed;
mod quality;
mod report;
mod resettle;
mod restoring;
mod roster;
mod treatment;
mod trust;
mod turn_of_year;
mod village;
mod visits;
mod worklists;
mod year_end;
mod year_end_seen;

use mingbai_app::demo::DemoTownship;
use mingbai_tests::offices::{County, Stage};

/// Bills of a township that do not contradict themselves.
fn bills_told(told: &DemoTownship) -> usize {
    let all: usize = told.people().map(|(_, person)| person.bills.len()).sum();
    all - told.faults.iter().filter(|fault| fault.rule == "F51").count()
}

/// The townships have joined and know their villages; their registers are empty.
fn joined() -> County {
    County::at(Stage::Joined, env!("CARGO_TARGET_TMPDIR"))
}

/// The townships have taken in everything but the later roster.
fn filled() -> County {
    County::at(Stage::Filled, env!("CARGO_TARGET_TMPDIR"))
}
