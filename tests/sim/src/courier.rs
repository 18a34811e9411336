//! Files on their way, and what happens to them.

use crate::dice::Dice;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    /// A bundle.
    Bundle,
    /// A request for a certificate, from the PC at this place.
    Request(usize),
    /// The county's answer to one.
    Membership,
}

/// A file for one PC.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// For whom it was written: a place in the list of PCs.
    pub(crate) to: usize,
    /// What it is.
    pub(crate) paper: Paper,
    /// The file.
    pub(crate) bytes: Vec<u8>,
}

/// What the courier does to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    Truncate,
    Append,
    Flip,
    ZeroSector,
    LineEnds,
    Splice,
    Empty,
}

pub(crate) const DAMAGES: [(Damage, &str); 7] = [
    (Damage::Truncate, "courier truncates"),
    (Damage::Append, "courier appends"),
    (Damage::Flip, "courier flips a bit"),
    (Damage::ZeroSector, "courier zeroes a sector"),
    (Damage::LineEnds, "courier mangles line ends"),
    (Damage::Splice, "courier splices two files"),
    (Damage::Empty, "courier empties a file"),
];

/// The damaged file; `other` is some other file for splicing. May come out as it was.
pub(crate) fn damaged(damage: Damage, bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(bytes.len());
    let (head, _) = bytes.split_at(at);
    match damage {
        Damage::Truncate => head.to_vec(),
        Damage::Append => [bytes, &dice.roll().to_be_bytes()[..=dice.below(7)]].concat(),
        Damage::Flip => {
            let mut flipped = bytes.to_vec();
            if let Some(byte) = flipped.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
            flipped
        }
        Damage::ZeroSector => {
            let mut zeroed = bytes.to_vec();
            zeroed.iter_mut().skip(at / 512 * 512).take(512).for_each(|byte| *byte = 0);
            zeroed
        }
        Damage::LineEnds => {
            bytes.iter().flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] }).collect()
        }
        Damage::Splice => {
            let header = 200.min(bytes.len()).min(other.len());
            [bytes.get(..header).unwrap_or_default(), other.get(header..).unwrap_or_default()].concat()
        }
        Damage::Empty => Vec::new(),
    }
}
