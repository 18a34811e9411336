//! The demo county's only source of variety: ChaCha8 from a fixed seed. The same seed rolls the same county everywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Dice that fall the same way for the same seed.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice of a seed. `stream` keeps the parts of the county apart, so that one part can grow without changing another.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut bytes = [0_u8; 32];
        for (byte, value) in bytes.iter_mut().zip(seed.to_le_bytes().into_iter().chain(stream.to_le_bytes())) {
            *byte = value;
        }
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// A number below `bound`; 0 when there is no room.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or_default();
        low + i64::try_from(self.below(span)).unwrap_or_default()
    }

    /// True in this many of a hundred throws.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance as usize
    }

    /// One of a list that is never empty.
    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// One of a weighted list that is never empty.
    pub(super) fn weighted<T: Clone>(&mut self, from: &[(u32, T)]) -> T {
        let total: usize = from.iter().map(|(weight, _)| *weight as usize).sum();
        let mut left = self.below(total);
        for (weight, value) in from {
            match left.checked_sub(*weight as usize) {
                None => return value.clone(),
                Some(rest) => left = rest,
            }
        }
        from[0].1.clone()
    }

    /// Puts a list into a random order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last + 1);
            list.swap(last, other);
        }
    }
}
