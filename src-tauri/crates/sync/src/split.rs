//! One bundle in several files, each within a limit.

use mingbai_bundle::{Checkpoint, MAX_PARTS, RangeDraft, SigningKey};
use mingbai_ledger::{Genesis, Head, SetDigest};
use mingbai_store::Stored;

use crate::error::SyncError;

/// Entries of one log that go into a bundle, in order.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) genesis: Genesis,
    pub(crate) entries: Vec<Stored>,
    /// What the PC that wrote them signed over the last of them; nothing for an own log, which is signed anywhere.
    pub(crate) signed: Option<Checkpoint>,
}

impl Load {
    /// These entries with the checkpoint of the last; nothing when there are none.
    pub(crate) fn range(&self, key: &SigningKey, state: SetDigest) -> Option<RangeDraft> {
        let (first, last) = (self.entries.first()?, self.entries.last()?);
        let head = Head { log: self.genesis.log_id(), seq: last.seq, hash: last.hash };
        let checkpoint = self.signed.clone().unwrap_or_else(|| Checkpoint::sign(key, head, head.seq, state));
        let entries = self.entries.iter().map(|stored| stored.bytes.clone()).collect();
        Some(RangeDraft { genesis: self.genesis.clone(), from: first.seq, previous: first.prev, entries, checkpoint })
    }
}

/// Writes everything into one file, or into as many as keep each within `most` bytes. How small entries become is known
/// only once they are sealed, so smaller pieces are tried until all of them fit.
pub(crate) fn within(
    loads: &[Load],
    most: Option<u64>,
    write: impl Fn((u16, u16), &[Load]) -> Result<Vec<u8>, SyncError>,
) -> Result<Vec<Vec<u8>>, SyncError> {
    let whole = write((1, 1), loads)?;
    let size = whole.len() as u64;
    let Some(most) = most.filter(|most| size > *most) else { return Ok(vec![whole]) };
    drop(whole);
    let raw: u64 = loads.iter().flat_map(|load| &load.entries).map(weight).sum();
    let mut budget = u64::try_from(u128::from(raw) * u128::from(most) / u128::from(size)).unwrap_or(raw);
    loop {
        let pieces = pieces(loads, budget);
        let parts = u16::try_from(pieces.len()).ok().filter(|parts| *parts <= MAX_PARTS);
        let parts = parts.ok_or(SyncError::CannotSplit)?;
        let mut files = Vec::with_capacity(pieces.len());
        for (part, piece) in (1..=parts).zip(&pieces) {
            let file = write((part, parts), piece)?;
            let fits = file.len() as u64 <= most;
            if !fits && cannot_be_cut(piece) {
                return Err(SyncError::CannotSplit);
            }
            if !fits {
                break;
            }
            files.push(file);
        }
        if files.len() == pieces.len() {
            return Ok(files);
        }
        budget = budget.saturating_mul(3) / 4;
    }
}

fn weight(entry: &Stored) -> u64 {
    entry.bytes.len() as u64 + 4
}

fn cannot_be_cut(piece: &[Load]) -> bool {
    match piece {
        [] => true,
        [load] => load.signed.is_some() || load.entries.len() <= 1,
        _ => false,
    }
}

/// Cuts the entries, in their order, into pieces of at most `budget` bytes, but of one entry at least. What another PC
/// signed stays together.
fn pieces(loads: &[Load], budget: u64) -> Vec<Vec<Load>> {
    let mut pieces: Vec<Vec<Load>> = vec![Vec::new()];
    let mut filled = 0;
    let mut room = |weight: u64, pieces: &mut Vec<Vec<Load>>| {
        if filled > 0 && filled + weight > budget {
            pieces.push(Vec::new());
            filled = 0;
        }
        filled += weight;
    };
    for load in loads {
        if load.signed.is_some() {
            room(load.entries.iter().map(weight).sum(), &mut pieces);
            pieces.last_mut().into_iter().for_each(|piece| piece.push(load.clone()));
            continue;
        }
        for entry in &load.entries {
            room(weight(entry), &mut pieces);
            let Some(piece) = pieces.last_mut() else { continue };
            match piece.last_mut() {
                Some(last) if last.signed.is_none() && last.genesis == load.genesis => last.entries.push(entry.clone()),
                _ => piece.push(Load { entries: vec![entry.clone()], genesis: load.genesis.clone(), signed: None }),
            }
        }
    }
    pieces
}
