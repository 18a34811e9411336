//! What a whole pack says of a situation, looked up once for each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::condition::Look;
use super::partial::Effect;
use super::situation::Situation;
use super::table::{Table, When};
use super::terms::PayerTables;
use super::{Ceiling, Pack};
use crate::ratio::Ratio;

/// A whole pack in one situation.
#[derive(Clone, Debug)]
pub(crate) struct Tables<'p> {
    /// Whether the pack may leave such a bill out altogether.
    pub(crate) may_refuse: bool,
    pub(crate) long_stay: Table<'p, u32>,
    pub(crate) prepay: Table<'p, Ratio>,
    /// The ceiling with its condition.
    pub(crate) ceiling: Option<(&'p Ceiling, When<'p>)>,
    /// In the pack's order.
    pub(crate) payers: Vec<PayerTables<'p>>,
}

impl<'p> Tables<'p> {
    fn of(pack: &'p Pack, situation: &Situation) -> Self {
        let mut gaps = pack.partial.iter().filter(|row| row.value.effect == Effect::Refuse);
        Self {
            may_refuse: gaps.any(|row| row.when.admits(situation)),
            long_stay: Table::of(&pack.stays.long_stay, situation),
            prepay: Table::of(&pack.prepay, situation),
            ceiling: pack.ceiling.as_ref().map(|it| (it, When::of(&it.when, Look::Everything, situation))),
            payers: pack.payers.iter().map(|payer| PayerTables::of(payer, situation)).collect(),
        }
    }
}

/// The situations met so far under one pack.
#[derive(Clone, Debug, Default)]
pub(crate) struct Situations<'p> {
    met: HashMap<(u64, u64), Tables<'p>, BuildHasherDefault<Mixed>>,
}

impl<'p> Situations<'p> {
    /// What the pack, always the same one, says of a situation.
    pub(crate) fn tables(&mut self, pack: &'p Pack, situation: &Situation) -> &Tables<'p> {
        self.met.entry(situation.key()).or_insert_with(|| Tables::of(pack, situation))
    }
}

/// Nobody chooses situations so that they collide, so one multiplication for each half of the key is enough.
#[derive(Clone, Copy, Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = (self.0.rotate_left(32) ^ half).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(32)
    }
}
