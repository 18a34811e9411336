//! The same entries once more, in another order, with repetitions, into an empty store: the tables must come out the same
//! (sync.md §3.3, I3).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mingbai_domain::catalogue::{Membership, Record, Visit};
use mingbai_ledger::{Entry, EntryHash, Genesis, LogId, Op};
use mingbai_store::{Author, Identity, LogRole, Reading, Status, Store, Verdict};

use crate::dice::Dice;
use crate::doubts::same_doubts;
use crate::invariants::same_tables;
use crate::model::Line;
use crate::office::key;
use crate::{Failure, Result};

/// A piece of one chain.
struct Piece<'l> {
    log: LogId,
    from: u64,
    prev: EntryHash,
    entries: Vec<&'l Line>,
}

/// The chains of a log from its first entry to each of its ends, cut into pieces.
fn pieces<'l>(lines: &'l [Line], dice: &mut Dice) -> Vec<Piece<'l>> {
    let by_hash: BTreeMap<(LogId, EntryHash), &Line> = lines.iter().map(|line| ((line.log, line.hash), line)).collect();
    let followed: BTreeSet<(LogId, EntryHash)> = lines.iter().map(|line| (line.log, line.prev)).collect();
    let mut found = Vec::new();
    for end in lines.iter().filter(|line| !followed.contains(&(line.log, line.hash))) {
        let mut chain = vec![end];
        while let Some(before) = chain.last().and_then(|line| by_hash.get(&(line.log, line.prev))) {
            chain.push(before);
        }
        chain.reverse();
        let mut rest = chain.as_slice();
        while let Some(first) = rest.first() {
            let (piece, after) = rest.split_at(1 + dice.below(rest.len().min(6)));
            let (from, prev) = (first.seq, first.prev);
            found.push(Piece { log: first.log, from, prev, entries: piece.to_vec() });
            rest = after;
        }
    }
    found
}

/// Takes the entries of `original` into an empty store in an order of its own and compares the tables.
///
/// # Errors
/// [`Failure`] when they differ.
pub(crate) fn mirrored(folder: &Path, original: &Store, lines: &[Line], dice: &mut Dice) -> Result<()> {
    let genesis =
        Genesis { device_key: [0xee; 32], nonce: [0xee; 16], county: [0; 8], certificate: 0, continues: None };
    let path = folder.join(format!("mirror-{:x}.db", dice.roll()));
    let mut mirror = Store::create(&path, &key(), &Identity { genesis, role: LogRole::Township })?;
    let refused: BTreeSet<Vec<u8>> =
        lines.iter().filter(|line| line.status == Status::Unapplied).map(|line| line.bytes.clone()).collect();
    let as_there = |entry: &Entry| {
        if refused.contains(&entry.encode()) { Verdict::Refuse("as there".to_owned()) } else { Verdict::Apply }
    };
    let mut order: Vec<Piece<'_>> = pieces(lines, dice);
    let again = pieces(lines, dice);
    order.extend(again.into_iter().filter(|_| dice.chance(30)));
    dice.shuffle(&mut order);
    let random = |bytes: &mut [u8]| bytes.fill(7);
    let author = Author { actor: None, wall_millis: 1_790_000_000_000, random: &random };
    // I21: an older version keeps aside what it cannot read, and reads it after its upgrade. In one program no catalogue lacks
    // what another has, so a record type is refused instead of deferred: both wait alike and are read again alike.
    let unread = dice.chance(50).then(|| if dice.chance(50) { Visit::TYPE.id } else { Membership::TYPE.id });
    let is_old = |entry: &Entry| entry.ops.iter().filter_map(Op::record).any(|(kind, _)| Some(kind) == unread);
    for piece in &order {
        let log = original.read().log(&piece.log)?.ok_or_else(|| Failure::new("a log without a row"))?;
        let genesis = log.genesis.ok_or_else(|| Failure::new("a log without its genesis"))?;
        mirror.commit(&author, "mirror", None, |txn| {
            txn.add_log(&genesis, log.role, &log.device)?;
            let authority = |_: &_, (_, entry): (&_, &Entry), _: Reading<'_>| {
                if is_old(entry) { Verdict::Refuse("newer".to_owned()) } else { as_there(entry) }
            };
            let bytes = piece.entries.iter().map(|line| line.bytes.as_slice());
            txn.ingest(&piece.log, piece.from, piece.prev, bytes, &authority)?;
            Ok::<_, mingbai_store::StoreError>(())
        })?;
    }
    if unread.is_some() {
        mirror.commit(&author, "mirror", None, |txn| txn.retry_refused(&|_, (_, entry), _| as_there(entry)))?;
        if !mirror.verify()?.is_sound() {
            return Err(Failure::new("I21 the tables are not what the log says after an upgrade"));
        }
        return same_tables("I21 after an upgrade", original.read(), mirror.read(), lines);
    }
    same_tables("I3 another order of arrival", original.read(), mirror.read(), lines)?;
    same_doubts("I3 another order of arrival", original.read(), mirror.read())
}
