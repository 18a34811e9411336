//! One bundle in several files, each within a limit.

use mingbai_bundle::{Checkpoint, MAX_PARTS, RangeDraft, most_len};
use mingbai_ledger::{Genesis, Head, SetDigest};
use mingbai_store::Stored;

use crate::error::SyncError;
use crate::keys::KeyRing;

/// Entries of one log that go into a bundle, in order.
#[derive(Clone, Debug)]
pub(crate) enum Load {
    /// Of an own log, which is signed wherever it is cut.
    Own(Genesis, Vec<Stored>),
    /// Of somebody else's, with the signature that stands under the last of them: it cannot be cut.
    Signed(RangeDraft),
}

impl Load {
    /// The bytes of the entries.
    pub(crate) fn entries(&self) -> Box<dyn Iterator<Item = &[u8]> + '_> {
        match self {
            Self::Own(_, entries) => Box::new(entries.iter().map(|entry| entry.bytes.as_slice())),
            Self::Signed(draft) => Box::new(draft.entries.iter().map(Vec::as_slice)),
        }
    }

    /// These entries with the checkpoint of the last; nothing when there are none.
    pub(crate) fn range(&self, ring: &KeyRing, state: SetDigest) -> Result<Option<RangeDraft>, SyncError> {
        let (genesis, stored) = match self {
            Self::Own(genesis, entries) => (genesis, entries),
            Self::Signed(draft) => return Ok(Some(draft.clone())),
        };
        let (Some(first), Some(last)) = (stored.first(), stored.last()) else { return Ok(None) };
        let head = Head { log: genesis.log_id(), seq: last.seq, hash: last.hash };
        let key = ring.signer(&genesis.device_key).ok_or(SyncError::NoKeys)?;
        let checkpoint = Checkpoint::sign(key, head, head.seq, state);
        let entries = stored.iter().map(|stored| stored.bytes.clone()).collect();
        let (genesis, from, previous) = (genesis.clone(), first.seq, first.prev);
        Ok(Some(RangeDraft { genesis, from, previous, entries, checkpoint }))
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
    let size = most_len(&whole)?;
    let Some(most) = most.filter(|most| size > *most) else { return Ok(vec![whole]) };
    drop(whole);
    let raw: u64 = loads.iter().flat_map(Load::entries).map(weight).sum();
    let mut budget = u64::try_from(u128::from(raw) * u128::from(most) / u128::from(size)).unwrap_or(raw);
    loop {
        let pieces = pieces(loads, budget);
        let parts = u16::try_from(pieces.len()).ok().filter(|parts| *parts <= MAX_PARTS);
        let parts = parts.ok_or(SyncError::CannotSplit)?;
        let mut files = Vec::with_capacity(pieces.len());
        for (part, piece) in (1..=parts).zip(&pieces) {
            let file = write((part, parts), piece)?;
            let fits = most_len(&file)? <= most;
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

fn weight(entry: &[u8]) -> u64 {
    entry.len() as u64 + 4
}

fn cannot_be_cut(piece: &[Load]) -> bool {
    match piece {
        [] => true,
        [Load::Signed(_)] => true,
        [Load::Own(_, entries)] => entries.len() <= 1,
        _ => false,
    }
}

/// Whether an entry follows the last of these: the branches of one log are not signed as one.
fn leads(cut: &[Stored], next: &Stored) -> bool {
    cut.last().is_none_or(|last| last.hash == next.prev)
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
        let Load::Own(genesis, entries) = load else {
            room(load.entries().map(weight).sum(), &mut pieces);
            pieces.last_mut().into_iter().for_each(|piece| piece.push(load.clone()));
            continue;
        };
        for entry in entries {
            room(weight(&entry.bytes), &mut pieces);
            let Some(piece) = pieces.last_mut() else { continue };
            match piece.last_mut() {
                Some(Load::Own(of, cut)) if of == genesis && leads(cut, entry) => cut.push(entry.clone()),
                _ => piece.push(Load::Own(genesis.clone(), vec![entry.clone()])),
            }
        }
    }
    pieces
}
