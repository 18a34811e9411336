//! Bundles in several files. Every part is a whole signed bundle of its own; parts wait here, still sealed, until all have
//! come. Then they are verified once more and taken in together, in one transaction, as if they had been one file.

use mingbai_bundle::{KeyId, MAX_FILE, MAX_PLAIN, Opened, Outer, Rejection, TrustStore};
use mingbai_ledger::to_hex;
use mingbai_store::{Author, Quarantined, Reading, Store, StoreError, Txn};

use crate::error::SyncError;
use crate::import::digest;
use crate::keys::known_trust;

/// Which parts wait.
const INDEX: &str = "parts_waiting";
/// Most bytes that wait: of all senders together, of one sender, so that nobody keeps the others from being received, and
/// of one part.
const MOST_WAITING: u64 = 1 << 30;
const MOST_OF_SENDER: u64 = 512 << 20;
const MOST_OF_ONE: u64 = 512 << 20;
/// Bytes of one line of the index.
const LINE: usize = 100;

/// A part that waits for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    sender: KeyId,
    bundle: [u8; 16],
    part: u16,
    parts: u16,
    number: u64,
    file: [u8; 32],
    bytes: u64,
    plain: u64,
    received: u64,
    /// When its sender wrote it, by the sender's hybrid clock: that goes on where the running number starts again.
    written: u64,
}

impl Part {
    fn of(opened: &Opened, file: [u8; 32], received: u64) -> Self {
        let outer = &opened.outer;
        Self {
            sender: outer.sender,
            bundle: outer.bundle_id,
            part: outer.part,
            parts: outer.parts,
            number: outer.bundle_no,
            file,
            bytes: outer.file_len,
            plain: outer.plain_len,
            received,
            written: opened.manifest.hlc,
        }
    }

    /// Only its sender says what belongs to a bundle: another one using the same id spoils nothing.
    fn is_of(&self, outer: &Outer) -> bool {
        self.sender == outer.sender && self.bundle == outer.bundle_id
    }

    /// Names its bundle, for whoever decides about it.
    fn bundle(&self) -> String {
        to_hex(&[&self.sender.0[..], &self.bundle].concat())
    }

    fn key(&self) -> String {
        format!("waiting_part/{}", to_hex(self.file.get(..16).unwrap_or_default()))
    }

    fn encode(&self) -> Vec<u8> {
        let mut line = [&self.sender.0[..], &self.bundle, &self.part.to_be_bytes(), &self.parts.to_be_bytes()].concat();
        line.extend_from_slice(&self.number.to_be_bytes());
        line.extend_from_slice(&self.file);
        [self.bytes, self.plain, self.received, self.written]
            .iter()
            .for_each(|n| line.extend_from_slice(&n.to_be_bytes()));
        line
    }

    fn decode(line: &[u8]) -> Option<Self> {
        let mut rest = line;
        let part = Self {
            sender: KeyId(take(&mut rest)?),
            bundle: take(&mut rest)?,
            part: u16::from_be_bytes(take(&mut rest)?),
            parts: u16::from_be_bytes(take(&mut rest)?),
            number: u64::from_be_bytes(take(&mut rest)?),
            file: take(&mut rest)?,
            bytes: u64::from_be_bytes(take(&mut rest)?),
            plain: u64::from_be_bytes(take(&mut rest)?),
            received: u64::from_be_bytes(take(&mut rest)?),
            written: u64::from_be_bytes(take(&mut rest)?),
        };
        rest.is_empty().then_some(part)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (found, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*found)
}

/// A bundle of which some parts are still missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingBundle {
    /// Names it here.
    pub id: String,
    /// The unit that sent it.
    pub sender: String,
    /// The sender's area.
    pub area: String,
    /// Running number of the sender.
    pub number: u64,
    /// How many parts it has.
    pub parts: u16,
    /// Which of them are missing, ascending.
    pub missing: Vec<u16>,
    /// When the newest part came, milliseconds.
    pub received: u64,
}

fn index(reading: Reading<'_>) -> Result<Vec<Part>, StoreError> {
    let lines = reading.state(INDEX)?.unwrap_or_default();
    Ok(lines.chunks(LINE).filter_map(Part::decode).collect())
}

fn keep_index(txn: &mut Txn<'_>, parts: &[Part]) -> Result<(), StoreError> {
    let lines: Vec<u8> = parts.iter().flat_map(Part::encode).collect();
    txn.set_state(INDEX, &lines)
}

fn missing(parts: u16, here: &[u16]) -> Vec<u16> {
    (1..=parts).filter(|part| !here.contains(part)).collect()
}

/// The bundles of which parts are missing, the newest first.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn waiting(store: &Store) -> Result<Vec<WaitingBundle>, SyncError> {
    let all = index(store.read())?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let trust = known_trust(store)?;
    let mut found: Vec<WaitingBundle> = Vec::new();
    for (at, first) in all.iter().enumerate() {
        let same = |other: &&Part| other.sender == first.sender && other.bundle == first.bundle;
        if all.iter().take(at).any(|earlier| same(&earlier)) {
            continue;
        }
        let here: Vec<u16> = all.iter().filter(same).map(|part| part.part).collect();
        let sender = trust.signer(first.sender);
        found.push(WaitingBundle {
            id: first.bundle(),
            sender: sender.map(|sender| sender.unit.clone()).unwrap_or_default(),
            area: sender.map(|sender| sender.area.clone()).unwrap_or_default(),
            number: first.number,
            parts: first.parts,
            missing: missing(first.parts, &here),
            received: all.iter().filter(same).map(|part| part.received).max().unwrap_or_default(),
        });
    }
    found.sort_by_key(|bundle| std::cmp::Reverse(bundle.received));
    Ok(found)
}

/// Whether this part of a bundle waits here.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn waits(reading: Reading<'_>, outer: &Outer) -> Result<bool, StoreError> {
    Ok(index(reading)?.iter().any(|part| part.is_of(outer) && part.part == outer.part))
}

/// A bundle by its sender and its id.
fn name(outer: &Outer) -> String {
    to_hex(&[&outer.sender.0[..], &outer.bundle_id].concat())
}

/// Where it is kept that the parts of a bundle contradict each other.
fn spoilt_key(outer: &Outer) -> String {
    format!("parts_differ/{}", name(outer))
}

/// Where the hashes of the parts of a bundle are kept that was taken in.
fn taken_key(outer: &Outer) -> String {
    format!("parts_taken/{}", name(outer))
}

/// Whether a file is one of the parts that were taken in together.
pub(crate) fn came_together(reading: Reading<'_>, outer: &Outer, file: &[u8; 32]) -> Result<bool, StoreError> {
    let hashes = reading.state(&taken_key(outer))?.unwrap_or_default();
    Ok(hashes.chunks_exact(32).any(|hash| hash == file))
}

/// Verifies and opens a file with what is trusted by then.
type Opening<'a> = dyn Fn(&[u8], &TrustStore) -> Result<Opened, Rejection> + 'a;

/// What a file is, once its parts were looked for.
pub(crate) enum Gathered {
    /// A bundle whole in one file, or the parts of one joined.
    Whole(Box<Opened>),
    /// One part; these are missing besides.
    Part(Box<Opened>, Vec<u16>),
}

/// Looks whether a part makes its bundle whole, and joins it then.
///
/// # Errors
/// [`SyncError::Rejected`] when parts contradict each other, are too many, or one that waited is no longer good.
pub(crate) fn gather(
    store: &Store,
    opened: Opened,
    file: &[u8],
    trust: &TrustStore,
    open: &Opening<'_>,
) -> Result<Gathered, SyncError> {
    let outer = &opened.outer;
    if outer.parts == 1 {
        return Ok(Gathered::Whole(Box::new(opened)));
    }
    let reading = store.read();
    if reading.state(&spoilt_key(outer))?.is_some() {
        return Err(Rejection::PartsDiffer.into());
    }
    let all = index(reading)?;
    let others: Vec<Part> = all.iter().filter(|part| part.is_of(outer)).copied().collect();
    let hash = digest(file);
    let contradicts = |other: &Part| {
        (other.parts, other.number) != (outer.parts, outer.bundle_no)
            || (other.part == outer.part && other.file != hash)
    };
    if others.iter().any(contradicts) {
        return Err(Rejection::PartsDiffer.into());
    }
    let others: Vec<Part> = others.into_iter().filter(|other| other.part != outer.part).collect();
    if is_too_much(&all, &Part::of(&opened, hash, 0)) {
        return Err(Rejection::TooLarge("等着的各份合计").into());
    }
    let here: Vec<u16> = others.iter().map(|other| other.part).chain([outer.part]).collect();
    let missing = missing(outer.parts, &here);
    if !missing.is_empty() {
        return Ok(Gathered::Part(Box::new(opened), missing));
    }
    let mut trust = trust.clone();
    let mut parts = Vec::with_capacity(here.len());
    for other in &others {
        let bytes = reading.state(&other.key())?.ok_or(StoreError::Inconsistent("分份"))?;
        let part = open(&bytes, &trust)?;
        trust = part.trust.clone();
        parts.push(part);
    }
    parts.push(opened);
    Ok(Gathered::Whole(Box::new(join(parts)?)))
}

/// Whether another part would be more than may wait, of all, of its sender or of its bundle.
fn is_too_much(all: &[Part], one: &Part) -> bool {
    let with = |of: &dyn Fn(&Part) -> u64, counts: &dyn Fn(&&Part) -> bool| {
        let others = all.iter().filter(|part| part.file != one.file).filter(counts);
        others.chain([one]).map(of).fold(0, u64::saturating_add)
    };
    let same = |part: &&Part| part.sender == one.sender && part.bundle == one.bundle;
    one.bytes > MOST_OF_ONE
        || with(&|part| part.bytes, &same) > MAX_FILE
        || with(&|part| part.plain, &same) > MAX_PLAIN
        || with(&|part| part.bytes, &|part| part.sender == one.sender) > MOST_OF_SENDER
        || with(&|part| part.bytes, &|_| true) > MOST_WAITING
}

/// The parts of a bundle as one, in their order.
fn join(mut parts: Vec<Opened>) -> Result<Opened, Rejection> {
    parts.sort_by_key(|part| part.outer.part);
    let mut parts = parts.into_iter();
    let mut whole = parts.next().ok_or(Rejection::PartsDiffer)?;
    for part in parts {
        if part.outer.direction != whole.outer.direction || part.outer.recipients != whole.outer.recipients {
            return Err(Rejection::PartsDiffer);
        }
        (whole.trust, _) = whole.trust.merge(&part.trust.section())?;
        whole.manifest.have = part.manifest.have;
        for range in part.ranges {
            match whole.ranges.last_mut() {
                Some(last) if last.range.log == range.range.log && last.range.head == range.range.previous => {
                    (last.range.to, last.range.head) = (range.range.to, range.range.head);
                    last.entries.extend(range.entries);
                    last.checkpoint = range.checkpoint;
                }
                _ => whole.ranges.push(range),
            }
        }
        whole.acks.extend(part.acks);
        whole.policies.extend(part.policies);
        whole.directives.extend(part.directives);
        whole.blobs.extend(part.blobs);
        whole.snapshots.extend(part.snapshots);
        whole.unknown.extend(part.unknown);
    }
    Ok(whole)
}

/// Keeps a part until the others come. One that waits already is not kept twice.
pub(crate) fn keep(store: &mut Store, author: &Author<'_>, opened: &Opened, file: &[u8]) -> Result<(), SyncError> {
    let part = Part::of(opened, digest(file), author.wall_millis);
    let mut all = index(store.read())?;
    if all.iter().any(|known| known.file == part.file) {
        return Ok(());
    }
    all.push(part);
    store.commit(author, "exchange_part", None, |txn| {
        txn.set_state(&part.key(), file)?;
        txn.release_quarantined(&part.file, "已收好，等其他各份")?;
        keep_index(txn, &all)
    })?;
    Ok(())
}

/// Lets go of the parts of a bundle that was taken in whole, in the same transaction, and of those that its sender wrote
/// before it: whatever of them was not taken in, a newer one says again.
pub(crate) fn forget(txn: &mut Txn<'_>, opened: &Opened) -> Result<(), StoreError> {
    let (outer, written) = (&opened.outer, opened.manifest.hlc);
    let gone = let_go(txn, |part| part.is_of(outer) || (part.sender == outer.sender && part.written < written))?;
    let together: Vec<u8> = gone.iter().filter(|part| part.is_of(outer)).flat_map(|part| part.file).collect();
    if !together.is_empty() {
        txn.set_state(&taken_key(outer), &together)?;
    }
    Ok(())
}

/// Lets go of the parts of a retired PC: what they would complete goes past its cut.
pub(crate) fn forget_revoked(txn: &mut Txn<'_>, trust: &TrustStore) -> Result<(), StoreError> {
    let ended = |part: &Part| trust.signer(part.sender).is_some_and(|pc| trust.revocation(pc.serial).is_some());
    let_go(txn, ended).map(drop)
}

/// Waits no longer for the rest of a bundle. Nothing of it was taken in, and its sender's next bundle says it again.
///
/// # Errors
/// [`SyncError::NoSuchAside`] when no such bundle waits.
pub fn give_up(store: &mut Store, author: &Author<'_>, id: &str) -> Result<(), SyncError> {
    let bundle = waiting(store)?.into_iter().find(|bundle| bundle.id == id).ok_or(SyncError::NoSuchAside)?;
    store.commit(author, "exchange_part_leave", None, |txn| {
        let_go(txn, |part| part.bundle() == id)?;
        txn.note(&format!("不再等{}第{}号数据包的其余各份", bundle.sender, bundle.number))
    })?;
    Ok(())
}

/// Takes parts away; answers which.
fn let_go(txn: &mut Txn<'_>, over: impl Fn(&Part) -> bool) -> Result<Vec<Part>, StoreError> {
    let (gone, kept): (Vec<Part>, Vec<Part>) = index(txn.read())?.into_iter().partition(over);
    for part in &gone {
        txn.forget_state(&part.key())?;
    }
    if !gone.is_empty() {
        keep_index(txn, &kept)?;
    }
    Ok(gone)
}

/// The parts of a bundle contradict each other: none of them is believed any more. Those that waited are entered into
/// quarantine beside the one that showed it; their files the caller has kept.
pub(crate) fn spoil(store: &mut Store, author: &Author<'_>, outer: &Outer) -> Result<(), SyncError> {
    let waited: Vec<Part> = index(store.read())?.into_iter().filter(|part| part.is_of(outer)).collect();
    store.commit(author, "exchange_part", None, |txn| {
        let_go(txn, |part| part.is_of(outer))?;
        txn.set_state(&spoilt_key(outer), &[])
    })?;
    for part in waited {
        store.quarantine(&Quarantined {
            id: 0,
            file_hash: part.file,
            file_name: format!("第{}份", part.part),
            sender: part.sender.to_string(),
            received_millis: part.received,
            code: Rejection::PartsDiffer.code().to_owned(),
            reason: Rejection::PartsDiffer.to_string(),
            retired: None,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{KeyId, MOST_OF_ONE, Part, is_too_much};

    fn part(sender: u8, file: u8, bytes: u64) -> Part {
        let (sender, bundle, file) = (KeyId([sender; 8]), [file; 16], [file; 32]);
        Part { sender, bundle, part: 1, parts: 2, number: 1, file, bytes, plain: 1, received: 0, written: 0 }
    }

    #[test]
    fn one_sender_cannot_fill_all_the_room_for_waiting_parts() {
        let quarter = 256 << 20;
        let first = [part(1, 1, quarter), part(1, 2, quarter)];
        assert!(is_too_much(&first, &part(1, 3, 1)), "its own half is full");
        assert!(!is_too_much(&first, &part(1, 2, quarter)), "the same part again takes no more room");
        assert!(!is_too_much(&first, &part(2, 3, quarter)), "another sender has room");
        let all = [first[0], first[1], part(2, 3, quarter), part(3, 4, quarter)];
        assert!(is_too_much(&all, &part(4, 5, 1)), "all together");
        assert!(is_too_much(&[], &part(5, 6, MOST_OF_ONE + 1)), "one alone");
    }
}
