//! 与户主关系 (GB/T 4761): what a relation says about sex and generation.

use crate::citizen_id::Sex;

/// The code of the household head.
pub const HEAD: &str = "02";
/// The code of the head's spouse.
pub const SPOUSE: &str = "10";

/// The sex a relation implies, where it implies one (domain table B.8).
#[must_use]
pub fn implied_sex(code: &str) -> Option<Sex> {
    match code {
        "20" | "28" | "41" | "43" | "47" | "51" | "53" | "55" | "61" | "63" | "93" | "71" | "73" => Some(Sex::Male),
        "30" | "38" | "42" | "44" | "48" | "52" | "54" | "56" | "62" | "64" | "94" | "72" | "74" => Some(Sex::Female),
        _ => None,
    }
}

/// Where a member stands in a household list: head, spouse, then by generation.
#[must_use]
pub fn order(code: &str) -> u8 {
    match code {
        HEAD => 0,
        SPOUSE | "11" | "12" => 1,
        c if c.starts_with('2') || c.starts_with('3') => 2,
        c if c.starts_with('4') => 3,
        c if c.starts_with('5') => 4,
        c if c.starts_with('6') => 5,
        _ => 6,
    }
}
