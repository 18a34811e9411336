//! The mark a PC keeps outside its data directory: how far it had written. A directory that was restored from a copy or
//! carried to another PC does not agree with it, and must not go on in the same log (sync.md §1.8).

use mingbai_ledger::{EntryHash, Head, LogId, from_hex, to_hex};
use mingbai_store::{Store, StoreError};

/// Where the database notes on which PC and in which directory it is at home.
const HOME: &str = "home";
/// Set while no mark was found at the last opening.
const UNMARKED: &str = "unmarked";
/// Set in a database that a restore puts in place, until its first opening.
const RESTORED: &str = "restored";

/// Why a database has to go on in a new log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It was put in place from a backup by the restore of this program.
    Restored,
    /// It is older than the mark: a copy was put in its place.
    RolledBack,
    /// It was at home on another PC or in another directory.
    Elsewhere,
    /// The mark that should be there is gone.
    Unmarked,
}

/// How far a database had been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub Head);

impl Mark {
    /// One line of text: log, number, hash.
    #[must_use]
    pub fn encode(&self) -> String {
        format!("{} {} {}\n", to_hex(&self.0.log.0), self.0.seq, to_hex(&self.0.hash.0))
    }

    /// Reads the line back; a damaged one is none.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = text.split_ascii_whitespace();
        let (log, seq, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let mark = Self(Head { log: LogId(bytes(log)?), seq: seq.parse().ok()?, hash: EntryHash(bytes(hash)?) });
        // It was written in one spelling; in any other it was not written here.
        Some(mark).filter(|mark| mark.encode() == text)
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    from_hex(hex)?.try_into().ok()
}

/// Whether a database is where it was and as far as it was; otherwise why not. `home` names this PC and directory; `mark` is
/// what was found outside the directory.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn moved(store: &Store, home: &[u8], mark: Option<&Mark>) -> Result<Option<Moved>, StoreError> {
    if is_set(store, RESTORED)? {
        return Ok(Some(Moved::Restored));
    }
    let Some(known) = store.state(HOME)?.filter(|known| !known.is_empty()) else { return Ok(None) };
    if known != home {
        return Ok(Some(Moved::Elsewhere));
    }
    match mark {
        // A PC that loses its marks again and again (a write-protected or restored system disk) would begin a log a day.
        None if is_set(store, UNMARKED)? => Ok(None),
        None => Ok(Some(Moved::Unmarked)),
        Some(mark) if store.read().stands(&mark.0)? => Ok(None),
        Some(_) => Ok(Some(Moved::RolledBack)),
    }
}

fn is_set(store: &Store, key: &str) -> Result<bool, StoreError> {
    Ok(store.state(key)?.is_some_and(|set| !set.is_empty()))
}

fn set(store: &mut Store, key: &str, on: bool) -> Result<(), StoreError> {
    if is_set(store, key)? == on {
        return Ok(());
    }
    store.set_state(key, if on { &[1] } else { &[] })
}

/// Notes that the database is at home here from now on, and whether a mark was found.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn settle(store: &mut Store, home: &[u8], marked: bool) -> Result<(), StoreError> {
    if store.state(HOME)?.as_deref() != Some(home) {
        store.set_state(HOME, home)?;
    }
    set(store, UNMARKED, !marked)?;
    set(store, RESTORED, false)
}

/// Marks a database that a restore is about to put in place.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub fn restored(store: &mut Store) -> Result<(), StoreError> {
    store.set_state(RESTORED, &[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_and_a_damaged_one_is_none() {
        let mark = Mark(Head { log: LogId([7; 16]), seq: 41, hash: EntryHash([0xab; 32]) });
        assert_eq!(Mark::decode(&mark.encode()), Some(mark));
        for damaged in ["", "07 41", mark.encode().get(1..).unwrap(), &mark.encode().replace("41", "-1"), "日 1 志"] {
            assert_eq!(Mark::decode(damaged), None, "{damaged}");
        }
    }
}
