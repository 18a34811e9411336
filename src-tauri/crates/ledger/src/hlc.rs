//! Hybrid logical clock: 48 bits of milliseconds, 16 bits of counter (Kulkarni et al. 2014).
//!
//! It orders what is *displayed* among concurrent values. It never decides a merge and never refuses a save: a wrong
//! clock can hide nothing.

/// A point of hybrid logical time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hlc(pub u64);

const COUNTER_BITS: u32 = 16;
/// 24 hours: how far a neighbour's clock may pull ours forward.
pub const ABSORB_LIMIT_MS: u64 = 24 * 60 * 60 * 1000;

impl Hlc {
    /// The point at these milliseconds, counter zero.
    #[must_use]
    pub fn at(millis: u64) -> Self {
        Self((millis & ((1 << 48) - 1)) << COUNTER_BITS)
    }

    /// Its milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn millis(self) -> u64 {
        self.0 >> COUNTER_BITS
    }

    /// The next point for a local event when the wall says `millis`: never equal, never backwards.
    #[must_use]
    pub fn tick(self, millis: u64) -> Self {
        Self::at(millis).max(Self(self.0.saturating_add(1)))
    }

    /// Takes in a neighbour's time, but no further than a day past our own wall and the county's signed time:
    /// a clock set to 2099 next door does not infect ours.
    #[must_use]
    pub fn absorb(self, other: Self, wall_millis: u64, county_millis: u64) -> Self {
        let limit = Self::at(wall_millis.max(county_millis).saturating_add(ABSORB_LIMIT_MS));
        if other <= limit { self.max(other) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_stands_still_or_goes_back_even_when_the_wall_does() {
        let first = Hlc::default().tick(1_000);
        let frozen = first.tick(1_000);
        let backwards = frozen.tick(10);
        assert!(first < frozen && frozen < backwards);
        assert_eq!(backwards.millis(), 1_000);
    }

    #[test]
    fn a_neighbour_living_in_2099_does_not_pull_our_clock_along() {
        let ours = Hlc::at(1_800_000_000_000);
        let theirs = Hlc::at(4_070_908_800_000);
        assert_eq!(ours.absorb(theirs, 1_800_000_000_000, 0), ours);
        let near = Hlc::at(1_800_000_060_000);
        assert_eq!(ours.absorb(near, 1_800_000_000_000, 0), near);
    }
}
