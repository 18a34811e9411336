//! Writing a bundle.

use mingbai_ledger::{EntryHash, Genesis, Head, chain_hash};

use crate::container::{self, Direction, MAX_FILE, MAX_PARTS, Outer};
use crate::keys::{CountyId, SealingKey, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::seal::SealError;
use crate::section::{self, Ack, Checkpoint, Manifest, Range, Sections, StateSummary, kind};
use crate::suite::Suite;
use crate::trust::TrustSection;
use crate::wire::MAX_COUNT;

/// A piece of a log to send, with the checkpoint of its last entry.
#[derive(Clone, Debug)]
pub struct RangeDraft {
    /// The log's genesis.
    pub genesis: Genesis,
    /// Sequence number of the first entry, from 1.
    pub from: u64,
    /// Hash of the entry before it; of the genesis when `from` is 1.
    pub previous: EntryHash,
    /// Exact bytes of the entries.
    pub entries: Vec<Vec<u8>>,
    /// Signed by the key of the log, over the last of these entries.
    pub checkpoint: Checkpoint,
}

impl RangeDraft {
    /// The head these entries lead to: what the checkpoint has to sign.
    #[must_use]
    pub fn head_of(genesis: &Genesis, from: u64, previous: EntryHash, entries: &[Vec<u8>]) -> Head {
        let log = genesis.log_id();
        let mut head = Head { log, seq: from.wrapping_sub(1), hash: previous };
        for entry in entries {
            let seq = head.seq.wrapping_add(1);
            head = Head { log, seq, hash: chain_hash(&log, seq, &head.hash, entry) };
        }
        head
    }
}

/// Everything a bundle says.
#[derive(Debug)]
pub struct BundleDraft<'a> {
    /// Which way it travels.
    pub direction: Direction,
    /// The county.
    pub county: CountyId,
    /// Signs the outside; its suite is the file's.
    pub sender: &'a SigningKey,
    /// Who can open it: 1 to 64 distinct keys of the sender's suite.
    pub recipients: &'a [SealingKey],
    /// Running number of the sender.
    pub bundle_no: u64,
    /// Shared by all parts of one bundle; drawn when absent.
    pub bundle_id: Option<[u8; 16]>,
    /// Part of parts, from 1; `(1, 1)` for a bundle in one file.
    pub part: (u16, u16),
    /// App version, e.g. `0.1.0`.
    pub app: &'a str,
    /// Schema version of the sender.
    pub schema: u64,
    /// Wall clock in milliseconds since 1970.
    pub wall_ms: i64,
    /// Hybrid logical clock.
    pub hlc: u64,
    /// Entries.
    pub ranges: Vec<RangeDraft>,
    /// Heads of all logs the sender holds.
    pub have: Vec<Head>,
    /// Receipts.
    pub acks: Vec<Ack>,
    /// Roots, certificates, revocations.
    pub trust: Option<TrustSection>,
    /// The sender's tables.
    pub state: Option<StateSummary>,
    /// Policy packs and code lists, as their crate encodes them.
    pub policies: Vec<Vec<u8>>,
    /// Directives, as their crate encodes them.
    pub directives: Vec<Vec<u8>>,
    /// Chunks of attachments, as their crate encodes them.
    pub blobs: Vec<Vec<u8>>,
    /// Snapshots, as their crate encodes them.
    pub snapshots: Vec<Vec<u8>>,
}

/// Why a bundle could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Recipients, size or library.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A part outside 1..=parts, or more than 10 000 parts.
    #[error("分份编号不对，没有生成文件，请重新导出。")]
    Part,
    /// A range without entries, one that starts before 1 or before the genesis, or one that ends beyond any log.
    #[error("要导出的记录区间不对，没有生成文件，请检查数据库。")]
    Range,
    /// A checkpoint that is not over the last entry of its range, or not by the log's key as far as the writer knows it.
    #[error("要发出的内容和它的签名对不上，没有生成文件，数据没有丢。请到“系统”里点“开始核对”。")]
    Checkpoint,
    /// The file would pass 2 GiB, a section 4 GiB, or there are more than eight million entries.
    #[error("文件会超过2GB，没有生成文件，请分成几份导出。")]
    TooLarge,
}

impl WriteError {
    /// The stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Seal(SealError::Recipients) => "BAD_RECIPIENTS",
            Self::Seal(SealError::TooLarge) | Self::TooLarge => "TOO_LARGE",
            Self::Seal(SealError::Suites) => "MIXED_SUITES",
            Self::Seal(SealError::Randomness) => "NO_RANDOMNESS",
            Self::Seal(SealError::Library) => "OUT_OF_MEMORY",
            Self::Part => "BAD_PART",
            Self::Range => "BAD_RANGE",
            Self::Checkpoint => "BAD_CHECKPOINT",
        }
    }
}

/// Writes one file. `fill` draws the bundle id when the draft has none; the seal draws its own keys (see `seal`).
///
/// # Errors
/// [`WriteError`]; nothing is written.
pub fn write(draft: &BundleDraft<'_>, fill: &mut dyn FnMut(&mut [u8])) -> Result<Vec<u8>, WriteError> {
    let (part, parts) = draft.part;
    if part == 0 || part > parts || parts > MAX_PARTS {
        return Err(WriteError::Part);
    }
    let entries = draft.ranges.iter().map(|range| range.entries.len()).sum::<usize>();
    if entries > section::MAX_ENTRIES {
        return Err(WriteError::TooLarge);
    }
    let ranges = draft.ranges.iter().map(|range| check_range(draft, range)).collect::<Result<Vec<_>, _>>()?;
    let bundle_id = draft.bundle_id.unwrap_or_else(|| {
        let mut id = [0; 16];
        fill(&mut id);
        id
    });
    let mut outer = Outer {
        suite: draft.sender.suite(),
        direction: draft.direction,
        county: draft.county,
        sender: draft.sender.id(),
        bundle_id,
        bundle_no: draft.bundle_no,
        part,
        parts,
        recipients: draft.recipients.iter().map(SealingKey::id).collect(),
        features: Vec::new(),
        payload_len: 0,
        payload_hash: [0; 32],
        plain_len: 0,
        file_len: 0,
    };
    let bodies = bodies(draft)?;
    let rest: usize = bodies.iter().map(|(_, _, body)| body.len() + section::HEADER_LENGTH).sum();
    let mut manifest = Manifest {
        bundle_id,
        county: draft.county,
        sender: outer.sender,
        recipients: outer.recipients.clone(),
        part: draft.part,
        direction: draft.direction,
        bundle_no: draft.bundle_no,
        suite: outer.suite.number(),
        app: draft.app.to_owned(),
        schema: draft.schema,
        reads_container: container::VERSION,
        reads_features: container::FEATURES.to_vec(),
        wall_ms: draft.wall_ms,
        hlc: draft.hlc,
        ranges,
        have: draft.have.clone(),
        sections: section::count(bodies.iter().map(|(kind, ..)| *kind)),
        plain_len: 0,
        state: draft.state.clone(),
    };
    let manifest = settle_length(&mut manifest, rest + section::HEADER_LENGTH + section::END_LENGTH);
    let mut sections = Sections::new();
    sections.push(kind::MANIFEST, true, &manifest).ok_or(WriteError::TooLarge)?;
    for (kind, critical, body) in &bodies {
        sections.push(*kind, *critical, body).ok_or(WriteError::TooLarge)?;
    }
    let plain = sections.finish().ok_or(WriteError::TooLarge)?;
    let least = if entries > section::most_entries(0) { entries } else { 0 };
    let payload = outer.suite.seal_at_least(&plain, draft.recipients, least)?;
    outer.plain_len = plain.len() as u64;
    let file = container::assemble(&outer, draft.sender, &payload);
    if file.len() as u64 > MAX_FILE { Err(WriteError::TooLarge) } else { Ok(file) }
}

/// What a file takes at most that has the content of this one: sealing the same again gives a file of another length.
///
/// # Errors
/// [`Rejection`] when it is no bundle.
pub fn most_len(file: &[u8]) -> Result<u64, Rejection> {
    let frame = container::frame(file)?;
    let others = file.len() - frame.payload.len();
    let recipients = frame.outer.recipients.len() as u64;
    Ok(match frame.outer.suite {
        Suite::One => others as u64 + crate::seal::most_len(frame.payload, recipients),
        Suite::Two => file.len() as u64,
    })
}

/// The manifest states the length of a payload it is part of: repeat until the number no longer grows.
fn settle_length(manifest: &mut Manifest, others: usize) -> Vec<u8> {
    loop {
        let body = manifest.encode();
        let total = (others + body.len()) as u64;
        if manifest.plain_len == total {
            return body;
        }
        manifest.plain_len = total;
    }
}

fn check_range(bundle: &BundleDraft<'_>, draft: &RangeDraft) -> Result<Range, WriteError> {
    let last = draft.from.checked_add(draft.entries.len() as u64).and_then(|end| end.checked_sub(1));
    let starts_right = draft.from > 1 || (draft.from == 1 && draft.previous == draft.genesis.head().hash);
    let last = last.filter(|to| *to <= MAX_COUNT);
    let (Some(to), true, false) = (last, starts_right, draft.entries.iter().any(Vec::is_empty)) else {
        return Err(WriteError::Range);
    };
    if draft.entries.is_empty() {
        return Err(WriteError::Range);
    }
    let head = RangeDraft::head_of(&draft.genesis, draft.from, draft.previous, &draft.entries);
    if draft.checkpoint.head != head || !checkpoint_stands(bundle, draft) {
        return Err(WriteError::Checkpoint);
    }
    Ok(Range { log: head.log, from: draft.from, to, previous: draft.previous, head: head.hash })
}

/// Whether the checkpoint is by the key of its log. A genesis of suite 1 holds that key, one of suite 2 only its hash: of
/// those the writer can check its own and the ones whose certificates it sends along; the others the reader checks, who
/// has all certificates.
fn checkpoint_stands(bundle: &BundleDraft<'_>, draft: &RangeDraft) -> bool {
    match bundle.sender.suite() {
        Suite::One => {
            VerifyingKey::from_bytes(draft.genesis.device_key).is_some_and(|key| draft.checkpoint.verifies(&key))
        }
        Suite::Two => {
            let certified = bundle.trust.iter().flat_map(|trust| &trust.certificates).map(|c| c.value().signing);
            let mut known = std::iter::once(bundle.sender.public()).chain(certified);
            let key = known.find(|key| key.log_key() == draft.genesis.device_key);
            key.is_none_or(|key| draft.checkpoint.verifies(&key))
        }
    }
}

type Body = (u8, bool, Vec<u8>);

/// The sections after the manifest, in order of their types.
fn bodies(draft: &BundleDraft<'_>) -> Result<Vec<Body>, WriteError> {
    let mut bodies: Vec<Body> = Vec::new();
    if !draft.ranges.is_empty() {
        let mut logs: Vec<Genesis> = Vec::new();
        let mut entries = Vec::new();
        for range in &draft.ranges {
            let index = logs.iter().position(|known| *known == range.genesis).unwrap_or_else(|| {
                logs.push(range.genesis.clone());
                logs.len() - 1
            });
            entries.push(section::encode_entries(index, &range.entries).ok_or(WriteError::TooLarge)?);
        }
        let checkpoints: Vec<Checkpoint> = draft.ranges.iter().map(|range| range.checkpoint.clone()).collect();
        bodies.push((kind::DICT, true, section::encode_dictionary(&logs)));
        bodies.extend(entries.into_iter().map(|body| (kind::ENTRIES, true, body)));
        bodies.push((kind::CHECKPOINT, true, section::encode_checkpoints(&checkpoints)));
    }
    bodies.extend(draft.blobs.iter().map(|body| (kind::BLOB, false, body.clone())));
    bodies.extend(draft.trust.iter().map(|trust| (kind::TRUST, true, trust.encode())));
    if !draft.acks.is_empty() {
        bodies.push((kind::ACK, false, section::encode_acks(&draft.acks)));
    }
    bodies.extend(draft.snapshots.iter().map(|body| (kind::SNAPSHOT, false, body.clone())));
    bodies.extend(draft.policies.iter().map(|body| (kind::POLICY, false, body.clone())));
    bodies.extend(draft.directives.iter().map(|body| (kind::DIRECTIVE, false, body.clone())));
    Ok(bodies)
}
