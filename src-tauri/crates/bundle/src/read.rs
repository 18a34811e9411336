//! Reading a bundle: frame, signature, seal, sections, manifest, trust, chains, checkpoints — in this order, and the
//! first failure ends it. What comes out has been verified as far as it can be without a database.

use mingbai_ledger::{EntryHash, Genesis, Head, LogId, chain_hash};

use crate::container::{self, Direction, FEATURES, Frame, Outer};
use crate::keys::{DecryptionKey, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::section::{self, Ack, Checkpoint, Manifest, Range, Section, UnknownSection, kind};
use crate::trust::{Certificate, Merged, Role, TrustSection, TrustStore};

/// An entry with its proven place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedEntry {
    /// Sequence number.
    pub seq: u64,
    /// Hash chained from its predecessor.
    pub hash: EntryHash,
    /// Exact bytes as the author wrote them.
    pub bytes: Vec<u8>,
}

/// A piece of a log whose chain and checkpoint have been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRange {
    /// The log's genesis.
    pub genesis: Genesis,
    /// The device that wrote it.
    pub device: Certificate,
    /// What the manifest announced and the entries proved.
    pub range: Range,
    /// The entries.
    pub entries: Vec<OpenedEntry>,
    /// The signature over the last of them.
    pub checkpoint: Checkpoint,
}

/// A bundle that passed every check.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The outside.
    pub outer: Outer,
    /// The table of contents.
    pub manifest: Manifest,
    /// Who sent it.
    pub sender: Certificate,
    /// Entries, in the order of the manifest.
    pub ranges: Vec<OpenedRange>,
    /// Receipts.
    pub acks: Vec<Ack>,
    /// The trust store with what the bundle taught; the caller keeps it together with the import.
    pub trust: TrustStore,
    /// What it taught.
    pub merged: Merged,
    /// Whether the sender has been revoked. Then everything in the file lies at or before its cuts and nothing else of it
    /// may be believed; whoever keeps a database still has to see that it is the log he knows.
    pub revoked: bool,
    /// Policy packs and code lists, raw.
    pub policies: Vec<Vec<u8>>,
    /// Directives, raw.
    pub directives: Vec<Vec<u8>>,
    /// Chunks of attachments, raw.
    pub blobs: Vec<Vec<u8>>,
    /// Snapshots, raw.
    pub snapshots: Vec<Vec<u8>>,
    /// Sections of later versions, raw.
    pub unknown: Vec<UnknownSection>,
}

/// Verifies and opens one file.
///
/// # Errors
/// [`Rejection`] with the first reason found; nothing of the file may then be used.
pub fn verify_and_open(bytes: &[u8], trust: &TrustStore, key: &DecryptionKey) -> Result<Opened, Rejection> {
    match open_known(bytes, trust, key) {
        Err(unknown @ Rejection::UnknownSender(_)) => {
            let (learned, merged) = introduced(bytes, trust, key)?.ok_or(unknown)?;
            open_known(bytes, &learned, key).map(|opened| Opened { merged, ..opened })
        }
        read => read,
    }
}

/// Most bytes that are opened for somebody unknown.
const MAX_INTRODUCTION: u64 = 64 << 20;

/// A county that had to start again writes with keys nobody knows, and a county that was restored from a copy no longer
/// knows whom it certified since. What proves them travels inside the bundle: roots signed by their holders, certificates
/// by the county itself. Only that is looked at, and the file is then read from its beginning.
fn introduced(
    bytes: &[u8],
    trust: &TrustStore,
    key: &DecryptionKey,
) -> Result<Option<(TrustStore, Merged)>, Rejection> {
    let Some(section) = carried(bytes, trust, key)? else { return Ok(None) };
    match trust.merge(&section) {
        Ok(learned) => Ok(Some(learned)),
        Err(fault @ Rejection::Trust(_)) => Err(fault),
        Err(_) => Ok(None),
    }
}

/// The trust a bundle for us carries, before anything of the bundle is believed.
fn carried(bytes: &[u8], trust: &TrustStore, key: &DecryptionKey) -> Result<Option<TrustSection>, Rejection> {
    let Frame { outer, payload, .. } = &container::frame(bytes)?;
    let ours = outer.county == trust.county() && outer.recipients.contains(&key.id());
    if !ours || outer.plain_len > MAX_INTRODUCTION {
        return Ok(None);
    }
    let Ok(plain) = outer.suite.open(payload, outer.recipients.len(), outer.plain_len, key) else { return Ok(None) };
    let Ok(mut sections) = section::split(&plain).map(Vec::into_iter) else { return Ok(None) };
    let section = sections.find(|section| section.kind == kind::TRUST);
    Ok(section.and_then(|section| TrustSection::decode(section.body).ok()))
}

/// What a county can learn of the trust a bundle carries that it must turn away: see [`TrustStore::salvage`]. Nothing when
/// there is nothing to learn.
#[must_use]
pub fn salvage(bytes: &[u8], trust: &TrustStore, key: &DecryptionKey, ops: &SigningKey) -> Option<TrustStore> {
    let learned = trust.salvage(&carried(bytes, trust, key).ok()??, ops);
    (learned != *trust).then_some(learned)
}

fn open_known(bytes: &[u8], trust: &TrustStore, key: &DecryptionKey) -> Result<Opened, Rejection> {
    let frame = container::frame(bytes)?;
    let sender = verify_outside(&frame, trust)?;
    if !frame.outer.recipients.contains(&key.id()) {
        return Err(Rejection::NotForUs);
    }
    let outer = frame.outer;
    let plain = outer.suite.open(frame.payload, outer.recipients.len(), outer.plain_len, key)?;
    open_inside(outer, &plain, trust, sender)
}

/// Everything after the seal: `outer` and `sender` are proven, `plain` is whatever the sender signed for.
pub(crate) fn open_inside(
    outer: Outer,
    plain: &[u8],
    trust: &TrustStore,
    sender: Certificate,
) -> Result<Opened, Rejection> {
    let mut sections = section::split(plain)?.into_iter();
    let manifest = Manifest::decode(sections.next().map(|first| first.body).unwrap_or_default())?;
    manifest.agrees_with(&outer)?;
    manifest.counts(sections.clone().map(|section| section.kind))?;
    let mut content = Content::read(sections, section::most_entries(outer.payload_len))?;

    let (trust, merged) = match content.trust.take() {
        Some(section) => trust.merge(&section)?,
        None => (trust.clone(), Merged::default()),
    };
    let revoked = trust.revocation(sender.serial).is_some();
    // What a revoked PC wrote before its cut is good; on anything else it has no say, and its silence tells nothing.
    if revoked && manifest.ranges.is_empty() {
        return Err(Rejection::Revoked(sender.device));
    }
    let ranges = verify_ranges(&manifest, &mut content, &trust, &sender)?;
    let content = if revoked { Content::default() } else { content };
    Ok(Opened {
        outer,
        manifest,
        sender,
        ranges,
        acks: content.acks,
        trust,
        merged,
        revoked,
        policies: content.policies,
        directives: content.directives,
        blobs: content.blobs,
        snapshots: content.snapshots,
        unknown: content.unknown,
    })
}

/// Verifies what can be verified without a key to the inside: sender, signature, county, ciphertext.
///
/// # Errors
/// [`Rejection`] with the first reason found.
pub fn verify(bytes: &[u8], trust: &TrustStore) -> Result<(Outer, Certificate), Rejection> {
    let frame = container::frame(bytes)?;
    let sender = verify_outside(&frame, trust)?;
    if trust.revocation(sender.serial).is_some() {
        return Err(Rejection::Revoked(sender.device));
    }
    Ok((frame.outer, sender))
}

/// What a file says of itself, and who signed that, from its first [`crate::MAX_HEADER`] bytes and its length. The rest of
/// the file may still turn out to be damaged.
///
/// # Errors
/// [`Rejection`] with the first reason found.
pub fn peek(first: &[u8], file_length: u64, trust: &TrustStore) -> Result<(Outer, Certificate), Rejection> {
    let frame = container::first_look(first, file_length)?;
    let sender = verify_claims(&frame.outer, verify_sender(&frame, trust)?)?;
    Ok((frame.outer, sender))
}

fn verify_outside(frame: &Frame<'_>, trust: &TrustStore) -> Result<Certificate, Rejection> {
    let sender = verify_sender(frame, trust)?;
    if !frame.payload_is_intact() {
        return Err(Rejection::Damaged("密文"));
    }
    verify_claims(&frame.outer, sender)
}

/// Who signed the header.
fn verify_sender(frame: &Frame<'_>, trust: &TrustStore) -> Result<Certificate, Rejection> {
    let outer = &frame.outer;
    let Some(sender) = trust.signer(outer.sender) else {
        let foreign = outer.county != trust.county();
        return Err(if foreign { Rejection::OtherCounty } else { Rejection::UnknownSender(outer.sender) });
    };
    if !frame.signed_by(&sender.signing) {
        return Err(Rejection::BadSignature);
    }
    let sender = sender.clone();
    if outer.county != trust.county() {
        return Err(Rejection::OtherCounty);
    }
    Ok(sender)
}

/// Whether this version reads such a file, and this sender may send it.
fn verify_claims(outer: &Outer, sender: Certificate) -> Result<Certificate, Rejection> {
    if outer.features.iter().any(|feature| !FEATURES.contains(feature)) {
        return Err(Rejection::NeedsNewerApp);
    }
    let may = match outer.direction {
        Direction::Up => sender.has(Role::Township),
        Direction::Down => sender.has(Role::County),
        // What a PC may tell the county of its area it may tell the other PCs of that area; they check that it is theirs.
        Direction::Sibling => sender.has(Role::Township) || sender.has(Role::Sibling),
    };
    if may { Ok(sender) } else { Err(Rejection::NotAuthorised(sender.device)) }
}

/// The sections after the manifest, sorted by type.
#[derive(Default)]
struct Content<'b> {
    logs: Vec<Genesis>,
    entries: Vec<(usize, Vec<&'b [u8]>)>,
    checkpoints: Vec<Checkpoint>,
    trust: Option<TrustSection>,
    acks: Vec<Ack>,
    policies: Vec<Vec<u8>>,
    directives: Vec<Vec<u8>>,
    blobs: Vec<Vec<u8>>,
    snapshots: Vec<Vec<u8>>,
    unknown: Vec<UnknownSection>,
}

impl<'b> Content<'b> {
    /// At most so many entries there is `room` for.
    fn read(sections: impl Iterator<Item = Section<'b>>, mut room: usize) -> Result<Self, Rejection> {
        let mut content = Self::default();
        let mut once = [false; 256];
        for Section { kind, body } in sections {
            if matches!(kind, kind::DICT | kind::TRUST) && std::mem::replace(&mut once[usize::from(kind)], true) {
                return Err(Rejection::Malformed("段落重复"));
            }
            match kind {
                kind::DICT => content.logs = section::decode_dictionary(body)?,
                kind::ENTRIES => {
                    let (log, entries) = section::decode_entries(body, room)?;
                    room -= entries.len();
                    content.entries.push((log, entries));
                }
                kind::CHECKPOINT => content.checkpoints.extend(section::decode_checkpoints(body)?),
                kind::TRUST => content.trust = Some(TrustSection::decode(body)?),
                kind::ACK => content.acks.extend(section::decode_acks(body)?),
                kind::POLICY => content.policies.push(body.to_vec()),
                kind::DIRECTIVE => content.directives.push(body.to_vec()),
                kind::BLOB => content.blobs.push(body.to_vec()),
                kind::SNAPSHOT => content.snapshots.push(body.to_vec()),
                _ => content.unknown.push(UnknownSection { kind, body: body.to_vec() }),
            }
        }
        Ok(content)
    }
}

/// Manifest, entries and checkpoints must say the same, one range each, in the same order.
fn verify_ranges(
    manifest: &Manifest,
    content: &mut Content<'_>,
    trust: &TrustStore,
    sender: &Certificate,
) -> Result<Vec<OpenedRange>, Rejection> {
    let logs = std::mem::take(&mut content.logs);
    let entries = std::mem::take(&mut content.entries);
    let checkpoints = std::mem::take(&mut content.checkpoints);
    if entries.len() != manifest.ranges.len() || checkpoints.len() != manifest.ranges.len() {
        return Err(Rejection::ManifestMismatch("记录区间"));
    }
    let mut named = vec![false; logs.len()];
    let mut opened = Vec::with_capacity(entries.len());
    for ((range, (index, entries)), checkpoint) in manifest.ranges.iter().zip(entries).zip(checkpoints) {
        let genesis = logs.get(index).ok_or(Rejection::ManifestMismatch("记录区间"))?;
        if let Some(named) = named.get_mut(index) {
            *named = true;
        }
        if genesis.log_id() != range.log {
            return Err(Rejection::ManifestMismatch("记录区间"));
        }
        let device = device_of(genesis, trust, sender)?;
        let former = trust.certificate_of_log(genesis).is_none();
        let entries = verify_chain(genesis, range, &entries)?;
        verify_checkpoint(range, &checkpoint, &device)?;
        // What a township hands on of another PC's log it cannot know to have ended; its own words are good all the same.
        let hands_on = trust.revocation(sender.serial).is_none() && device.has(Role::Township);
        if !hands_on && former {
            return Err(Rejection::Revoked(sender.device.clone()));
        }
        if !hands_on {
            verify_cut(trust, &device, &range.log, &entries)?;
        }
        opened.push(OpenedRange { genesis: genesis.clone(), device, range: *range, entries, checkpoint });
    }
    if named.contains(&false) { Err(Rejection::ManifestMismatch("记录区间")) } else { Ok(opened) }
}

/// The device behind a log: certified, be it by a former key, of this county, and in the area the sender may speak for. A township gives a county
/// that started again back what the county's lost PC had written: nobody else can.
fn device_of(genesis: &Genesis, trust: &TrustStore, sender: &Certificate) -> Result<Certificate, Rejection> {
    // A log begun before its device joined a county names none.
    let before_joining = genesis.certificate == 0 && genesis.county == [0; 8];
    if genesis.county != trust.county().0 && !before_joining {
        return Err(Rejection::OtherCounty);
    }
    let device = trust.writer_of_log(genesis).ok_or(Rejection::UnknownDevice(genesis.certificate))?;
    // A township gives the county back what the county itself has signed.
    if sender.covers(&device.area) || device.has(Role::County) {
        Ok(device.clone())
    } else {
        Err(Rejection::NotAuthorised(sender.device.clone()))
    }
}

fn verify_chain(genesis: &Genesis, range: &Range, entries: &[&[u8]]) -> Result<Vec<OpenedEntry>, Rejection> {
    let broken = Rejection::ChainBroken { log: range.log, seq: range.to };
    let length = range.to.checked_sub(range.from).and_then(|n| n.checked_add(1));
    if range.from == 0 || length != Some(entries.len() as u64) {
        return Err(Rejection::ManifestMismatch("记录区间"));
    }
    if range.from == 1 && range.previous != genesis.head().hash {
        return Err(broken);
    }
    let mut hash = range.previous;
    let mut chained = Vec::with_capacity(entries.len());
    for (seq, bytes) in (range.from..=range.to).zip(entries) {
        mingbai_ledger::cbor::check(bytes)?;
        hash = chain_hash(&range.log, seq, &hash, bytes);
        chained.push(OpenedEntry { seq, hash, bytes: bytes.to_vec() });
    }
    if hash == range.head { Ok(chained) } else { Err(broken) }
}

fn verify_checkpoint(range: &Range, checkpoint: &Checkpoint, device: &Certificate) -> Result<(), Rejection> {
    let head = checkpoint.head;
    let key: &VerifyingKey = &device.signing;
    let fits = head.log == range.log && head.seq == range.to && head.hash == range.head;
    if fits && checkpoint.verifies(key) {
        Ok(())
    } else {
        Err(Rejection::BadCheckpoint { log: range.log, seq: head.seq })
    }
}

/// Of a revoked device, entries up to its cut remain good; a bundle that goes further is held for review.
fn verify_cut(trust: &TrustStore, device: &Certificate, log: &LogId, entries: &[OpenedEntry]) -> Result<(), Rejection> {
    let beyond = |cut: &Head| {
        entries.iter().any(|entry| entry.seq > cut.seq || (entry.seq == cut.seq && entry.hash != cut.hash))
    };
    // A county that learns more revokes again with an earlier cut: every revocation counts, not only the first.
    let mut revocations = trust.revocations().filter(|revocation| revocation.serial == device.serial);
    if revocations.any(|revocation| revocation.cuts_of(log).all(beyond)) {
        return Err(Rejection::Revoked(device.device.clone()));
    }
    Ok(())
}
