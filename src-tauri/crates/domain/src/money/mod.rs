//! Money in integer fen (分). There are no floats anywhere in this system.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

mod words;

/// An amount in fen, 1/100 yuan. May be negative (a correction, a shortfall).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Why a piece of text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing but spaces.
    #[error("金额为空")]
    Empty,
    /// Characters that no amount has.
    #[error("不是金额")]
    NotANumber,
    /// More than two decimals that are not zero: a rounding nobody asked for.
    #[error("金额超过两位小数")]
    TooPrecise,
    /// Larger than the register can hold (about 9.2 × 10¹⁶ yuan).
    #[error("金额过大")]
    TooLarge,
}

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Whole yuan as fen.
    #[must_use]
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// Reads `1,234.5`, `1234.50元`, `¥ 12`, full-width digits; refuses a third significant decimal.
    ///
    /// # Errors
    /// [`MoneyError`] naming what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let mut digits = String::new();
        let mut negative = false;
        for c in text.trim().chars() {
            match c {
                '0'..='9' | '.' => digits.push(c),
                '０'..='９' => digits.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
                '．' => digits.push('.'),
                ',' | '，' | ' ' | '¥' | '￥' | '元' => {}
                '-' | '−' | '－' if digits.is_empty() && !negative => negative = true,
                _ => return Err(MoneyError::NotANumber),
            }
        }
        if digits.is_empty() {
            return Err(MoneyError::Empty);
        }
        let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
        if decimals.contains('.') || (whole.is_empty() && decimals.is_empty()) {
            return Err(MoneyError::NotANumber);
        }
        let (cents, beyond) = decimals.split_at_checked(2).unwrap_or((decimals, ""));
        if beyond.bytes().any(|b| b != b'0') {
            return Err(MoneyError::TooPrecise);
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| MoneyError::TooLarge)? };
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| MoneyError::NotANumber)?;
        let fen = whole.checked_mul(100).and_then(|v| v.checked_add(cents)).ok_or(MoneyError::TooLarge)?;
        Ok(Self(if negative { -fen } else { fen }))
    }

    /// The larger of this and nothing: a payer never pays a negative amount.
    #[must_use]
    pub fn at_least_zero(self) -> Self {
        Self(self.0.max(0))
    }
}

impl fmt::Display for Fen {
    /// `134,025.00`: thousands separators, always two decimals, no unit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Written from its end into a place on the stack: an explanation is full of amounts. The longest has 26 characters.
        let mut text = [0; 26];
        let (mut start, mut rest) = (text.len(), self.0.unsigned_abs());
        let mut digits = 0;
        while digits < 3 || rest > 0 {
            let mark = match digits {
                2 => Some(b'.'),
                5.. if (digits - 2) % 3 == 0 => Some(b','),
                _ => None,
            };
            for character in mark.into_iter().chain([b'0' + (rest % 10) as u8]) {
                start -= 1;
                text[start] = character;
            }
            (rest, digits) = (rest / 10, digits + 1);
        }
        if self.0 < 0 {
            start -= 1;
            text[start] = b'-';
        }
        f.pad(std::str::from_utf8(&text[start..]).map_err(|_| fmt::Error)?)
    }
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Fen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_clerks_write_them() {
        for (text, fen) in [
            ("134025", 13_402_500),
            ("134,025.00", 13_402_500),
            ("￥1,300元", 130_000),
            ("１２．５", 1_250),
            ("-0.01", -1),
            (".5", 50),
            ("3.000", 300),
        ] {
            assert_eq!(Fen::parse(text), Ok(Fen(fen)), "{text}");
        }
    }

    #[test]
    fn amounts_that_would_need_rounding_or_are_not_amounts_are_refused() {
        assert_eq!(Fen::parse("0.005"), Err(MoneyError::TooPrecise));
        assert_eq!(Fen::parse("1.2.3"), Err(MoneyError::NotANumber));
        assert_eq!(Fen::parse("约300"), Err(MoneyError::NotANumber));
        assert_eq!(Fen::parse("  "), Err(MoneyError::Empty));
        assert_eq!(Fen::parse("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn amounts_print_with_thousands_and_two_decimals() {
        assert_eq!(Fen(13_402_500).to_string(), "134,025.00");
        assert_eq!(Fen(-1).to_string(), "-0.01");
        assert_eq!(Fen(99_999).to_string(), "999.99");
        assert_eq!(Fen(100_000_000).to_string(), "1,000,000.00");
        assert_eq!(Fen(0).to_string(), "0.00");
        assert_eq!(Fen(100_000).to_string(), "1,000.00");
        assert_eq!(Fen(i64::MAX).to_string(), "92,233,720,368,547,758.07");
        assert_eq!(Fen(i64::MIN).to_string(), "-92,233,720,368,547,758.08");
        assert_eq!(format!("{:>8}|{:<6}|", Fen(1_234), Fen(5)), "   12.34|0.05  |");
    }
}
