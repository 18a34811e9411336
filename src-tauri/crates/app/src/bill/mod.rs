//! 保障结算: what was paid beside what the pack says was due, and why. What is due is derived at every look.

pub(crate) mod chain;
mod check;
mod class;
mod entry;
mod explain;
mod figures;
pub(crate) mod fit;
mod gate;
mod insured;
mod judge;
mod list;
mod moved;
mod printed;
mod turn;
mod year;
mod year_end;
mod year_so_far;

pub(crate) use check::check;
pub(crate) use entry::{form, save, watch};
pub(crate) use explain::explain;
pub(crate) use fit::certified;
pub(crate) use gate::{Gate, STAY_DAYS, Vouched};
pub(crate) use insured::{Windows, insured, insured_by};
pub(crate) use judge::{Judged, judge, judge_lines, judge_of_year, may_count_in};
pub(crate) use list::{ListedBills, list, of_household, of_person, row, year_filter, year_of};
pub(crate) use moved::{Watch, said as moved_said};
pub(crate) use turn::{Turn, by_year, through};
pub(crate) use year::person_year;
pub(crate) use year_end::{
    EndKey, EndLine, EndPart, JudgedYear, YearEnd, fault as year_end_fault, judge_year, paid_in,
};
pub(crate) use year_so_far::{Unseen, unseen};
