//! Working out many households on several threads. What is worked out is derived and of each household by itself, so it
//! does not matter who looks at which, nor in what order it is kept.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use mingbai_domain::RecordId;

use crate::error::StoreError;
use crate::key::DatabaseKey;
use crate::open::{Mode, connect};
use crate::query::HouseholdFile;
use crate::reading::Reading;
use crate::todo::Worked;

/// More would wait for each other's pages and take memory an old PC has not.
const THREADS: usize = 4;
/// Parts that are ready and not yet kept, for each thread: what is kept slowly must not fill the memory.
const READY: usize = 2;

/// Gives what `look` makes of every part of `parts` to `keep`, which runs on this thread. Each thread reads by a connection
/// of its own, all of them what was last committed: whoever calls holds the write lock and has not written what is read.
/// Each has its own `look`, which may remember what it has read.
///
/// # Errors
/// The first that anybody had; the others stop at their next part.
pub(crate) fn side_by_side<E, L>(
    (path, key): (&Path, &DatabaseKey),
    parts: &[&[RecordId]],
    begin: impl Fn() -> L + Sync,
    mut keep: impl FnMut(Vec<Worked>) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<StoreError> + Send,
    L: FnMut(Reading<'_>, &[HouseholdFile]) -> Result<Vec<Worked>, E>,
{
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let next = AtomicUsize::new(0);
    let (ready, taken) = mpsc::sync_channel(threads * READY);
    let work = |ready: &mpsc::SyncSender<Result<Vec<Worked>, E>>| -> Result<(), E> {
        let conn = connect(path, key, Mode::Read)?;
        conn.execute_batch("begin").map_err(StoreError::from)?;
        let reading = Reading(&conn);
        let mut look = begin();
        while let Some(some) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let files = reading.files(some)?;
            if ready.send(Ok(look(reading, &files)?)).is_err() {
                break; // Nobody keeps anything any more: another thread has failed.
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (ready, work) = (ready.clone(), &work);
            scope.spawn(move || {
                if let Err(error) = work(&ready) {
                    // Whoever listens no more has an error already.
                    let _ = ready.send(Err(error));
                }
            });
        }
        drop(ready);
        taken.into_iter().try_for_each(|worked| keep(worked?))
    })
}
