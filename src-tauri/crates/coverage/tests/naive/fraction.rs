//! Exact fractions the way they are taught: a numerator, a denominator, lowest terms.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Sub};

/// A fraction. Amounts are counted in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    above: i128,
    below: i128,
}

pub(crate) const NOTHING: Fraction = Fraction { above: 0, below: 1 };

impl Fraction {
    pub(crate) fn new(above: i128, below: i128) -> Self {
        if below == 1 {
            return Self { above, below };
        }
        let (mut a, mut b) = (above.abs(), below);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let a = a.max(1);
        Self { above: above / a, below: below / a }
    }

    pub(crate) fn whole(number: i64) -> Self {
        Self { above: number.into(), below: 1 }
    }

    /// Reads `12.5` as 125/10.
    fn decimal(text: &str) -> Self {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{part}");
        Self::new(digits.parse().expect("digits"), 10_i128.pow(u32::try_from(part.len()).expect("short")))
    }

    /// Reads an amount of a pack, written in yuan.
    pub(crate) fn yuan(text: &str) -> Self {
        Self::decimal(&text.replace(',', "")) * Self::whole(100)
    }

    /// Reads a share of a pack, `75%` or `0.75`.
    pub(crate) fn share(text: &str) -> Self {
        text.strip_suffix('%').map_or_else(|| Self::decimal(text), |percent| Self::decimal(percent) * Self::new(1, 100))
    }

    pub(crate) fn floor(self) -> Self {
        Self { above: self.above.div_euclid(self.below), below: 1 }
    }

    /// Half-up to the fen.
    pub(crate) fn rounded(self) -> Self {
        (self + Self::new(1, 2)).floor()
    }

    /// As a pack rounds: to the fen, jiao or yuan half-up, or down to the fen.
    pub(crate) fn rounded_as(self, rounding: &str) -> Self {
        let to = |fen: i64| (self * Self::new(1, fen.into())).rounded() * Self::whole(fen);
        match rounding {
            "half_up_fen" => self.rounded(),
            "half_up_jiao" => to(10),
            "half_up_yuan" => to(100),
            "down_fen" => self.floor(),
            other => panic!("the pack rounds as {other}"),
        }
    }

    /// Fen, of an amount without a part of a fen.
    pub(crate) fn fen(self) -> i64 {
        assert_eq!(self.below, 1, "a part of a fen is left");
        i64::try_from(self.above).expect("an amount")
    }
}

impl Add for Fraction {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.above * other.below + other.above * self.below, self.below * other.below)
    }
}

impl Sub for Fraction {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.above * other.below - other.above * self.below, self.below * other.below)
    }
}

impl Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(self.above * other.above, self.below * other.below)
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.above * other.below).cmp(&(other.above * self.below))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::iter::Sum for Fraction {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(NOTHING, Add::add)
    }
}
