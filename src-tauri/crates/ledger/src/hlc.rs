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
/// 31 days: what our own clock once ran ahead by less, it catches up with.
const LEFT_BEHIND_MS: u64 = 31 * ABSORB_LIMIT_MS;

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

    /// The time to go on from. What lies more than a month ahead of a clock that agrees with the county's signed time was
    /// dated by a wrong clock that has been set right since, and is left behind. Without the county's word nobody can tell
    /// which of the two is wrong, and time goes on.
    #[must_use]
    pub fn resume(self, wall_millis: u64, county_millis: u64) -> Self {
        let agrees = county_millis > 0 && wall_millis.saturating_add(ABSORB_LIMIT_MS) >= county_millis;
        let limit = Self::at(wall_millis.saturating_add(LEFT_BEHIND_MS));
        if agrees && self > limit { Self::at(wall_millis) } else { self }
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
    fn a_clock_that_stood_in_2099_and_was_set_right_dates_rightly_again_once_the_county_has_spoken() {
        let (right, far) = (1_800_000_000_000, 4_070_908_800_000);
        let ahead = Hlc::at(far).tick(far);
        assert_eq!(ahead.resume(right, 0), ahead, "nobody knows which is wrong");
        assert_eq!(ahead.resume(right, right - 1).tick(right).millis(), right);
        assert_eq!(ahead.resume(right, right + 3_600_000).millis(), right, "a slow clock is no wrong one");
        let dead = 1_262_304_000_000;
        assert_eq!(Hlc::at(right).resume(dead, right - 1), Hlc::at(right), "a clock that fell back to 2010");
        let week = Hlc::at(right + 7 * 86_400_000);
        assert_eq!(week.resume(right, right), week, "it is caught up with");
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
