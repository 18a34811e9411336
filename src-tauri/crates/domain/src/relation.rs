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
        "11" | "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" => Some(Sex::Male),
        "12" | "30" | "31" | "32" | "33" | "34" | "35" | "36" | "37" | "38" | "39" => Some(Sex::Female),
        "41" | "43" | "46" | "47" | "51" | "53" | "55" | "57" | "61" | "63" | "66" => Some(Sex::Male),
        "42" | "44" | "45" | "48" | "52" | "54" | "56" | "58" | "62" | "64" | "67" => Some(Sex::Female),
        "71" | "73" | "76" | "78" | "81" | "83" | "85" | "87" | "89" | "93" | "95" => Some(Sex::Male),
        "72" | "74" | "75" | "77" | "79" | "82" | "84" | "86" | "88" | "90" | "94" | "96" => Some(Sex::Female),
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
