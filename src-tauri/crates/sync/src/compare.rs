//! Completeness (sync.md §1.7): every bundle says what its sender's tables looked like. The county folds the entries that
//! sender then had in its tables once more and compares: those it holds, without those it says lie aside there. Whether the
//! county itself has taken an entry in does not matter, because neither has to know yet what the other knows. A difference is a fault in a program or a disk; it is never mended by believing
//! either side, only by folding both again from their logs.

use mingbai_bundle::{Certificate, Manifest, StateSummary};
use mingbai_domain::catalogue;
use mingbai_ledger::SetDigest;
use mingbai_store::{Author, Mirrored, Reading, Store, StoreError, Txn};

use crate::error::SyncError;

fn key(serial: u64) -> String {
    format!("said/{serial}")
}

/// Where it is kept what the last comparison with a PC gave.
fn compared_key(serial: u64) -> String {
    format!("compared/{serial}")
}

/// A table of which one side has more rows than the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uneven {
    /// Number of the record type.
    pub kind: u64,
    /// Rows there.
    pub theirs: u64,
    /// Rows as they must be.
    pub ours: u64,
}

impl Uneven {
    /// Chinese name of the record type.
    #[must_use]
    pub fn label(&self) -> &'static str {
        u16::try_from(self.kind).ok().and_then(catalogue::by_id).map_or("其他", |kind| kind.label)
    }
}

/// What came of comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The PC has not sent anything that could be compared.
    Nothing,
    /// Both have the same.
    Agrees,
    /// They differ; no table named means that the numbers of rows are equal and their contents are not.
    Differs(Vec<Uneven>),
    /// Its bundle speaks of entries that are not here yet.
    Later,
    /// It is of another version, or more lies aside there than it could name.
    Unlike,
}

/// Keeps what a sender says of its tables, until its next bundle.
///
/// # Errors
/// [`StoreError`] when the database refuses.
pub(crate) fn note(txn: &mut Txn<'_>, device: &Certificate, manifest: &Manifest) -> Result<(), StoreError> {
    txn.forget_state(&compared_key(device.serial))?;
    txn.set_state(&key(device.serial), &manifest.encode())
}

/// Most entries aside that a bundle names. Whoever has more of them cannot be compared.
const MOST_ASIDE: usize = 1_000;

/// The summary of tables that a bundle carries.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn summary(reading: Reading<'_>) -> Result<StateSummary, StoreError> {
    let (rows, digest) = totals(&reading.digests()?);
    let aside = reading.in_no_table(MOST_ASIDE as u64 + 1)?;
    Ok(StateSummary { rows, digest, aside: Some(aside).filter(|aside| aside.len() <= MOST_ASIDE) })
}

/// Rows of each record type, and one digest of all tables.
fn totals(tables: &[(&'static str, u64, SetDigest)]) -> (Vec<(u64, u64)>, SetDigest) {
    let (mut rows, mut digest) = (Vec::new(), SetDigest::default());
    for (table, count, sum) in tables {
        rows.extend(catalogue::by_table(table).map(|kind| (u64::from(kind.id), *count)));
        digest.add(&sum.to_bytes());
    }
    rows.sort_unstable();
    (rows, digest)
}

/// Compares what a PC said of its tables in its last bundle with what they must be. Takes as long as folding the entries
/// it holds.
///
/// # Errors
/// [`SyncError`] when the tables could not be folded.
pub fn compare(store: &mut Store, device: &Certificate) -> Result<Compared, SyncError> {
    let Some(said) = store.state(&key(device.serial))? else { return Ok(Compared::Nothing) };
    let manifest = Manifest::decode(&said)?;
    let Some(theirs) = manifest.state else { return Ok(Compared::Nothing) };
    let same_version = manifest.schema == u64::from(catalogue::SCHEMA);
    let Some(aside) = theirs.aside.as_ref().filter(|_| same_version) else { return Ok(Compared::Unlike) };
    let (ours, digest) = match store.mirror(&manifest.have, aside)? {
        Mirrored::Tables(tables) => totals(&tables),
        Mirrored::Lacking => return Ok(Compared::Later),
        Mirrored::Unlike => return Ok(Compared::Unlike),
    };
    if (&ours, digest) == (&theirs.rows, theirs.digest) {
        return Ok(Compared::Agrees);
    }
    let uneven = ours.iter().filter_map(|(kind, rows_here)| {
        let there = theirs.rows.iter().find(|(k, _)| k == kind).map_or(0, |(_, rows)| *rows);
        (there != *rows_here).then_some(Uneven { kind: *kind, theirs: there, ours: *rows_here })
    });
    Ok(Compared::Differs(uneven.collect()))
}

/// Compares, and keeps what came of it and when, until the PC's next bundle. The act is noted in the log.
///
/// # Errors
/// As [`compare`].
pub fn check(store: &mut Store, author: &Author<'_>, device: &Certificate) -> Result<Compared, SyncError> {
    let compared = compare(store, device)?;
    let bytes = author.wall_millis.to_be_bytes().into_iter().chain(encoded(&compared)).collect::<Vec<u8>>();
    store.commit(author, "township_compare", None, |txn| {
        txn.set_state(&compared_key(device.serial), &bytes)?;
        txn.note(&format!("核对{} {}", device.unit, device.device))
    })?;
    Ok(compared)
}

/// What the last comparison with a PC gave, and when it was, milliseconds; nothing since its last bundle came.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn checked(reading: Reading<'_>, device: &Certificate) -> Result<Option<(u64, Compared)>, StoreError> {
    let bytes = reading.state(&compared_key(device.serial))?.unwrap_or_default();
    let Some((millis, rest)) = bytes.split_first_chunk::<8>() else { return Ok(None) };
    Ok(decoded(rest).map(|compared| (u64::from_be_bytes(*millis), compared)))
}

fn encoded(compared: &Compared) -> Vec<u8> {
    match compared {
        Compared::Nothing => vec![0],
        Compared::Agrees => vec![1],
        Compared::Later => vec![2],
        Compared::Unlike => vec![3],
        Compared::Differs(uneven) => {
            let numbers = uneven.iter().flat_map(|one| [one.kind, one.theirs, one.ours]);
            std::iter::once(4).chain(numbers.flat_map(u64::to_be_bytes)).collect()
        }
    }
}

fn decoded(bytes: &[u8]) -> Option<Compared> {
    let (code, rest) = bytes.split_first()?;
    let mut numbers = rest.as_chunks::<8>().0.iter().map(|number| u64::from_be_bytes(*number));
    let mut next = || Some(Uneven { kind: numbers.next()?, theirs: numbers.next()?, ours: numbers.next()? });
    let uneven = std::iter::from_fn(&mut next);
    Some(match code {
        0 => Compared::Nothing,
        1 => Compared::Agrees,
        2 => Compared::Later,
        3 => Compared::Unlike,
        4 => Compared::Differs(uneven.collect()),
        _ => return None,
    })
}
