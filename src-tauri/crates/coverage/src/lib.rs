//! The three-tier rule engine: (pack, person, year-to-date history, bill) → settlement with its reasons.
//!
//! Pure: no I/O, no clock, no randomness, no floats. Money is [`mingbai_domain::Fen`], shares are exact [`Ratio`]s, and
//! every payer is rounded once, half-up, to the fen. The vocabulary is the one of the field: 起付线 deductible, 政策范围内
//! in-scope, 支付方 payer, 政策包 pack.

pub mod amount;
pub mod bill;
mod bill_error;
pub mod case;
pub mod compare;
pub mod explain;
pub mod history;
pub mod pack;
pub mod person;
pub mod ratio;
mod said;
mod set;
pub mod settle;
pub mod vocabulary;

pub use bill::{Bill, BillError, BillField, Continues, Item, WholeStay, plausible};
pub use case::{CaseFile, CaseReport, Years, run_case, settle_years};
pub use compare::{
    Cause, Comparison, ComparisonLine, Paid, YearComparison, as_unmarked, compare, compare_beside, compare_year,
};
pub use explain::Step;
pub use history::{DiseaseYear, History, LastStay, PayerYear, StayPayer, Used};
pub use pack::{BenefitLine, Change, Chapter, Disease, Number, Pack, PackError, Premium, Sentence};
pub use person::{Certificate, Enrolment, IdentityPeriod, Person, Uninsured};
pub use ratio::{Ratio, RatioError};
pub use settle::{
    AnnualSettlement, Aside, BillAmounts, IdentityCheck, Moved, PayerAmount, PayerShare, Refused, SetAside, Settlement,
    YearAccount, YearEndDays, YearSettlement, in_turn, moved, settle, settle_annual, settle_year, settle_year_end,
    whole_stays,
};
pub use vocabulary::{Area, Column, Continuation, Kind, Level, Referral};
