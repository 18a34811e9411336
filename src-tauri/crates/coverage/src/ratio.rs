//! Exact shares: parts per ten thousand (万分比). `75%`, `0.5`, `12.5%`; never a float.

use std::fmt;

use mingbai_domain::Fen;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pack::Rounding;

/// A share between 0 and 100 %, in parts per 10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(u16);

/// Why a piece of text is not a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatioError {
    /// Neither `75%` nor `0.75`.
    #[error("不是比例，应写成“75%”或“0.75”")]
    NotARatio,
    /// Finer than 0.01 %.
    #[error("比例太细，最多精确到万分之一")]
    TooPrecise,
    /// Above 100 %.
    #[error("比例超过100%")]
    TooLarge,
}

/// The whole, in the unit of [`Ratio::basis_points`].
const WHOLE: i64 = 10_000;

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(10_000);

    /// A share given in parts per 10,000; more than the whole is refused.
    ///
    /// # Errors
    /// [`RatioError::TooLarge`] above 10,000.
    pub const fn from_basis_points(parts: u16) -> Result<Self, RatioError> {
        if parts > 10_000 { Err(RatioError::TooLarge) } else { Ok(Self(parts)) }
    }

    /// Parts per 10,000.
    #[must_use]
    pub const fn basis_points(self) -> u16 {
        self.0
    }

    /// Reads `75%`, `75 ％`, `0.75`, `1`.
    ///
    /// # Errors
    /// [`RatioError`] naming what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, RatioError> {
        let text = text.trim();
        let (number, places) = match text.strip_suffix(['%', '％']) {
            Some(number) => (number.trim_end(), 2),
            None => (text, 4),
        };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(RatioError::NotARatio);
        }
        let (kept, beyond) = decimals.split_at_checked(places).unwrap_or((decimals, ""));
        if beyond.bytes().any(|b| b != b'0') {
            return Err(RatioError::TooPrecise);
        }
        let parts: u64 = format!("{whole}{kept:0<places$}").parse().map_err(|_| RatioError::TooLarge)?;
        let parts = u16::try_from(parts).map_err(|_| RatioError::TooLarge)?;
        Self::from_basis_points(parts)
    }

    /// This share moved up by percentage points, never above the whole.
    #[must_use]
    pub fn raised_by(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).min(10_000))
    }

    /// This share moved down by percentage points, never below nothing.
    #[must_use]
    pub fn lowered_by(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// This share of an amount, unrounded: parts per 10,000 of a fen. Exact up to some 900 trillion fen, far above anything
    /// a bill or a year can hold.
    #[must_use]
    pub(crate) fn exact_of(self, amount: Fen) -> i64 {
        amount.0.saturating_mul(i64::from(self.0))
    }

    /// This share of an amount, half-up to the fen.
    #[must_use]
    pub fn of(self, amount: Fen) -> Fen {
        match amount.0.checked_mul(i64::from(self.0)) {
            Some(exact) => round_half_up(exact),
            // Never more than the amount itself.
            None => {
                let (exact, whole) = (i128::from(amount.0) * i128::from(self.0), i128::from(WHOLE));
                Fen(i64::try_from((exact + whole / 2).div_euclid(whole)).unwrap_or(i64::MAX))
            }
        }
    }

    /// What share `part` is of `whole`, half-up to 0.01 %; `None` when there is no whole, or no share between 0 and 100 %.
    #[must_use]
    pub fn between(part: Fen, whole: Fen) -> Option<Self> {
        if whole.0 <= 0 || part.0 < 0 || part > whole {
            return None;
        }
        let (part, whole) = (i128::from(part.0), i128::from(whole.0));
        u16::try_from((2 * part * i128::from(WHOLE) + whole) / (2 * whole)).ok().map(Self)
    }
}

/// Parts per 10,000 of a fen → fen, half-up (amounts here are never negative).
pub(crate) fn round_half_up(exact: i64) -> Fen {
    round(exact, Rounding::HalfUpFen)
}

/// Parts per 10,000 of a fen → an amount, as the pack rounds.
#[inline]
pub(crate) fn round(exact: i64, rounding: Rounding) -> Fen {
    // What nearly every pack says needs no table of cases.
    if rounding == Rounding::HalfUpFen {
        return Fen(whole_parts::<WHOLE>(exact.saturating_add(WHOLE / 2)));
    }
    Fen(match rounding {
        Rounding::HalfUpFen => whole_parts::<WHOLE>(exact.saturating_add(WHOLE / 2)),
        Rounding::HalfUpJiao => whole_parts::<{ 10 * WHOLE }>(exact.saturating_add(5 * WHOLE)) * 10,
        Rounding::HalfUpYuan => whole_parts::<{ 100 * WHOLE }>(exact.saturating_add(50 * WHOLE)) * 100,
        Rounding::DownFen => whole_parts::<WHOLE>(exact),
    })
}

/// How many whole parts of one size there are, rounded down. Nearly everything is positive, where that is one multiplication.
#[inline]
fn whole_parts<const SIZE: i64>(exact: i64) -> i64 {
    if exact >= 0 { (exact.cast_unsigned() / SIZE.cast_unsigned()).cast_signed() } else { exact.div_euclid(SIZE) }
}

impl fmt::Display for Ratio {
    /// `75%`, `97.84%`, `0.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        if rest == 0 {
            write!(f, "{whole}%")
        } else if rest.is_multiple_of(10) {
            write!(f, "{whole}.{}%", rest / 10)
        } else {
            write!(f, "{whole}.{rest:02}%")
        }
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_and_print_exactly() {
        for (text, parts, shown) in [
            ("75%", 7_500, "75%"),
            ("0.5", 5_000, "50%"),
            ("1", 10_000, "100%"),
            ("12.5 ％", 1_250, "12.5%"),
            ("97.84%", 9_784, "97.84%"),
            ("0.0005", 5, "0.05%"),
        ] {
            let ratio = Ratio::parse(text).unwrap();
            assert_eq!(ratio.basis_points(), parts, "{text}");
            assert_eq!(ratio.to_string(), shown);
        }
    }

    #[test]
    fn shares_that_are_not_exact_or_not_shares_are_refused() {
        assert_eq!(Ratio::parse("33.333%"), Err(RatioError::TooPrecise));
        assert_eq!(Ratio::parse("101%"), Err(RatioError::TooLarge));
        assert_eq!(Ratio::parse("99999999999999999999%"), Err(RatioError::TooLarge));
        for text in ["", "%", "-5%", "七成", "1e2", "."] {
            assert_eq!(Ratio::parse(text), Err(RatioError::NotARatio), "{text}");
        }
    }

    #[test]
    fn half_a_fen_rounds_up() {
        assert_eq!(Ratio::parse("85%").unwrap().of(Fen(2_597_255)), Fen(2_207_667));
        assert_eq!(Ratio::parse("50%").unwrap().of(Fen(1)), Fen(1));
        assert_eq!(Ratio::parse("49.99%").unwrap().of(Fen(1)), Fen(0));
        assert_eq!(Ratio::ALL.of(Fen(i64::MAX)), Fen(i64::MAX));
    }

    #[test]
    fn a_share_between_amounts_is_in_basis_points() {
        assert_eq!(Ratio::between(Fen(17_610_412), Fen(20_000_000)).unwrap().to_string(), "88.05%");
        assert_eq!(Ratio::between(Fen(1), Fen(0)), None);
        assert_eq!(Ratio::between(Fen(2), Fen(1)), None);
    }
}
