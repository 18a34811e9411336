//! The outside of a bundle: a fixed layout that needs no parser, so that nothing of a file is interpreted before its
//! lengths are proven and its signature is checked.
//!
//! ```text
//! off  len  field
//! 0    8    magic 89 4D 42 58 0D 0A 1A 0A
//! 8    2    container version = 1          10  2  min_reader
//! 12   2    suite                          14  1  direction      15  1  flags = 0
//! 16   8    county id                      24  8  sender key id
//! 32   16   bundle id                      48  8  bundle number
//! 56   2+2  part, parts (from 1)           60  2  R recipients   62  2  F features
//! 64   8    payload length                 72  32 payload hash   104 8  plain length
//! 112  8R   recipient key ids (of their sealing keys)
//!  ..  2F   required features
//!  ..  2+S  signature over "mbx/outer/1" ‖ everything before its length field
//!  ..       payload
//! EOF-16    "MBXEND\r\n" ‖ u64 file length
//! ```
//! All integers are big-endian.

use crate::keys::{CountyId, KeyId, SigningKey, VerifyingKey};
use crate::rejection::Rejection;
use crate::seal::{MAX_RECIPIENTS, within_ratio};
use crate::suite::Suite;
use crate::wire::Fixed;

/// First bytes of a bundle; they break visibly under any change of line ends or of the eighth bit.
pub const MAGIC: [u8; 8] = *b"\x89MBX\r\n\x1a\n";
/// Newest container this version reads and the one it writes.
pub const VERSION: u16 = 1;
/// Largest file accepted: 2 GiB.
pub const MAX_FILE: u64 = 2 << 30;
/// Most parts of one bundle.
pub const MAX_PARTS: u16 = 10_000;
const MAX_FEATURES: usize = 256;
/// Features this version understands.
pub(crate) const FEATURES: [u16; 0] = [];
/// Bytes no header is longer than: enough to read for a first look at a file.
pub const MAX_HEADER: usize = 112 + 8 * MAX_RECIPIENTS + 2 * MAX_FEATURES + 2 + 64;
const TRAILER: [u8; 8] = *b"MBXEND\r\n";
const TRAILER_LENGTH: u64 = 16;
const SIGNED_AS: &[u8] = b"mbx/outer/1";

/// Which way a bundle travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Township to county.
    Up,
    /// County to township.
    Down,
    /// Between the PCs of one centre.
    Sibling,
}

impl Direction {
    /// The number in files.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Up => 1,
            Self::Down => 2,
            Self::Sibling => 3,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Up),
            2 => Some(Self::Down),
            3 => Some(Self::Sibling),
            _ => None,
        }
    }
}

/// What a bundle says of itself on the outside. Claims only, until the signature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outer {
    /// Algorithms.
    pub suite: Suite,
    /// Which way it travels.
    pub direction: Direction,
    /// County it belongs to.
    pub county: CountyId,
    /// Key of the sender.
    pub sender: KeyId,
    /// Random name of the bundle, the same in all its parts.
    pub bundle_id: [u8; 16],
    /// Running number of the sender.
    pub bundle_no: u64,
    /// Which part this is, from 1.
    pub part: u16,
    /// How many parts there are.
    pub parts: u16,
    /// Sealing keys it can be opened with.
    pub recipients: Vec<KeyId>,
    /// Capabilities a reader must have.
    pub features: Vec<u16>,
    /// Bytes of ciphertext.
    pub payload_len: u64,
    /// Hash of the ciphertext.
    pub payload_hash: [u8; 32],
    /// Bytes after decryption and decompression.
    pub plain_len: u64,
    /// Bytes of the whole file.
    pub file_len: u64,
}

/// The header of a file and what was read of it besides. Nothing about it is authentic yet.
pub(crate) struct Frame<'b> {
    pub(crate) outer: Outer,
    signed: &'b [u8],
    pub(crate) signature: [u8; 64],
    /// Where the payload begins.
    start: usize,
    /// Empty at a first look.
    pub(crate) payload: &'b [u8],
}

impl Frame<'_> {
    pub(crate) fn signed_by(&self, key: &VerifyingKey) -> bool {
        self.outer.suite.verify(key, SIGNED_AS, self.signed, &self.signature)
    }

    /// How long the whole file has to be.
    const fn file_length(&self) -> u64 {
        self.start as u64 + self.outer.payload_len + TRAILER_LENGTH
    }

    /// Whether the ciphertext is the one the header was signed for.
    pub(crate) fn payload_is_intact(&self) -> bool {
        self.outer.suite.hash(self.payload) == self.outer.payload_hash
    }
}

/// Reads who, to whom, how much and which part, with no key and without opening anything.
///
/// # Errors
/// [`Rejection`] when the file is not a whole bundle this version can read.
pub fn inspect(bytes: &[u8]) -> Result<Outer, Rejection> {
    frame(bytes).map(|frame| frame.outer)
}

/// Checks the magic of one of our kinds of file.
pub(crate) fn check_magic(bytes: &[u8], magic: &[u8; 8]) -> Result<(), Rejection> {
    if bytes.starts_with(magic) {
        return Ok(());
    }
    if magic.starts_with(bytes) {
        return Err(Rejection::IncompleteCopy { have: bytes.len() as u64, expected: None });
    }
    // The three letters survive what mailers do to the bytes around them: the eighth bit stripped, bytes turned into
    // UTF-8 or into replacement characters, line ends rewritten.
    let letters = magic.get(1..4).unwrap_or_default();
    let mangled = [&b"\x89"[..], b"\x09", b"\xc2\x89", b"\xef\xbf\xbd", b"?"]
        .iter()
        .any(|first| bytes.strip_prefix(*first).is_some_and(|rest| rest.starts_with(letters)));
    Err(if mangled { Rejection::Mangled } else { Rejection::NotABundle })
}

/// Checks frame and limits of a whole file: lengths and trailer agree.
pub(crate) fn frame(bytes: &[u8]) -> Result<Frame<'_>, Rejection> {
    let have = bytes.len() as u64;
    let frame = read_header(bytes, have)?;
    let expected = frame.file_length();
    let says_complete = ends_with_trailer(bytes);
    if have < expected && !says_complete {
        return Err(Rejection::IncompleteCopy { have, expected: Some(expected) });
    }
    if have != expected || !says_complete {
        return Err(Rejection::Damaged("文件长度"));
    }
    let length = usize::try_from(frame.outer.payload_len).ok();
    let payload = length.and_then(|length| bytes.get(frame.start..)?.get(..length));
    Ok(Frame { payload: payload.ok_or_else(|| cut_short(bytes))?, ..frame })
}

/// The header of a file of which only the first bytes were read: nothing is allocated that the file merely claims.
pub(crate) fn first_look(first: &[u8], file_length: u64) -> Result<Frame<'_>, Rejection> {
    let frame = read_header(first, file_length)?;
    let expected = frame.file_length();
    match file_length.cmp(&expected) {
        std::cmp::Ordering::Equal => Ok(frame),
        std::cmp::Ordering::Less => Err(Rejection::IncompleteCopy { have: file_length, expected: Some(expected) }),
        std::cmp::Ordering::Greater => Err(Rejection::Damaged("文件长度")),
    }
}

/// What a file claims of itself, from its first [`MAX_HEADER`] bytes and its length. Nobody has to have signed it: good for
/// turning away what is too large before it is read.
///
/// # Errors
/// [`Rejection`] with the first reason found.
pub fn claims(first: &[u8], file_length: u64) -> Result<Outer, Rejection> {
    Ok(first_look(first, file_length)?.outer)
}

/// Reads the header of a file that has `have` bytes in all.
fn read_header(bytes: &[u8], have: u64) -> Result<Frame<'_>, Rejection> {
    check_magic(bytes, &MAGIC)?;
    if have > MAX_FILE {
        return Err(Rejection::TooLarge("文件超过2GB"));
    }
    let short = || cut_short(bytes);
    let mut at = Fixed::new(bytes);
    at.slice(MAGIC.len()).ok_or_else(short)?;
    let version = at.u16().ok_or_else(short)?;
    let min_reader = at.u16().ok_or_else(short)?;
    check_version(version, VERSION)?;
    check_version(min_reader, VERSION)?;
    let suite = Suite::from_number(at.u16().ok_or_else(short)?)?;
    let direction = Direction::from_code(at.u8().ok_or_else(short)?).ok_or(Rejection::Damaged("方向"))?;
    if at.u8().ok_or_else(short)? != 0 {
        return Err(Rejection::NeedsNewerApp);
    }
    let county = CountyId(at.bytes().ok_or_else(short)?);
    let sender = KeyId(at.bytes().ok_or_else(short)?);
    let bundle_id = at.bytes().ok_or_else(short)?;
    let bundle_no = at.u64().ok_or_else(short)?;
    let part = at.u16().ok_or_else(short)?;
    let parts = at.u16().ok_or_else(short)?;
    let recipient_count = usize::from(at.u16().ok_or_else(short)?);
    let feature_count = usize::from(at.u16().ok_or_else(short)?);
    let payload_len = at.u64().ok_or_else(short)?;
    let payload_hash = at.bytes().ok_or_else(short)?;
    let plain_len = at.u64().ok_or_else(short)?;
    if parts > MAX_PARTS || recipient_count > MAX_RECIPIENTS || feature_count > MAX_FEATURES || payload_len > MAX_FILE {
        return Err(Rejection::TooLarge("文件头"));
    }
    if part == 0 || part > parts || recipient_count == 0 {
        return Err(Rejection::Damaged("文件头"));
    }
    within_ratio(plain_len, payload_len)?;
    let mut recipients = Vec::with_capacity(recipient_count);
    for _ in 0..recipient_count {
        recipients.push(KeyId(at.bytes().ok_or_else(short)?));
    }
    let mut features = Vec::with_capacity(feature_count);
    for _ in 0..feature_count {
        features.push(at.u16().ok_or_else(short)?);
    }
    let signed = at.passed();
    if usize::from(at.u16().ok_or_else(short)?) != suite.signature_length() {
        return Err(Rejection::Damaged("签名长度"));
    }
    let signature = at.bytes().ok_or_else(short)?;
    let outer = Outer {
        suite,
        direction,
        county,
        sender,
        bundle_id,
        bundle_no,
        part,
        parts,
        recipients,
        features,
        payload_len,
        payload_hash,
        plain_len,
        file_len: have,
    };
    Ok(Frame { outer, signed, signature, start: at.position(), payload: &[] })
}

/// Versions count from 1: a number this version does not know is a later one, and zero is none.
pub(crate) fn check_version(version: u16, known: u16) -> Result<(), Rejection> {
    match version {
        0 => Err(Rejection::Damaged("版本")),
        _ if version == known => Ok(()),
        _ => Err(Rejection::NeedsNewerApp),
    }
}

/// The reason when a field would lie past the end: a file that has its own end was not cut off, so its lengths lie and
/// copying it again would not help.
pub(crate) fn cut_short(bytes: &[u8]) -> Rejection {
    if ends_with_trailer(bytes) {
        return Rejection::Damaged("文件长度");
    }
    Rejection::IncompleteCopy { have: bytes.len() as u64, expected: None }
}

/// Whether the last 16 bytes state the length of the file.
pub(crate) fn ends_with_trailer(bytes: &[u8]) -> bool {
    let Some((rest, length)) = bytes.split_last_chunk::<8>() else { return false };
    rest.ends_with(&TRAILER) && u64::from_be_bytes(*length) == bytes.len() as u64
}

/// Writes header, signature, payload and trailer. The lengths and the hash in `outer` are taken from `payload`.
pub(crate) fn assemble(outer: &Outer, sender: &SigningKey, payload: &[u8]) -> Vec<u8> {
    let outer = Outer {
        sender: sender.id(),
        payload_len: payload.len() as u64,
        payload_hash: outer.suite.hash(payload),
        ..outer.clone()
    };
    let mut file = header(&outer);
    file.reserve(payload.len() + 128);
    let signature = sender.sign_as(SIGNED_AS, &file);
    file.extend_from_slice(&(signature.len() as u16).to_be_bytes());
    file.extend_from_slice(&signature);
    file.extend_from_slice(payload);
    put_trailer(&mut file);
    file
}

/// The bytes that are signed, exactly as `outer` says.
pub(crate) fn header(outer: &Outer) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    for number in [VERSION, VERSION, outer.suite.number()] {
        file.extend_from_slice(&number.to_be_bytes());
    }
    file.extend_from_slice(&[outer.direction.code(), 0]);
    file.extend_from_slice(&outer.county.0);
    file.extend_from_slice(&outer.sender.0);
    file.extend_from_slice(&outer.bundle_id);
    file.extend_from_slice(&outer.bundle_no.to_be_bytes());
    for number in [outer.part, outer.parts, outer.recipients.len() as u16, outer.features.len() as u16] {
        file.extend_from_slice(&number.to_be_bytes());
    }
    file.extend_from_slice(&outer.payload_len.to_be_bytes());
    file.extend_from_slice(&outer.payload_hash);
    file.extend_from_slice(&outer.plain_len.to_be_bytes());
    outer.recipients.iter().for_each(|id| file.extend_from_slice(&id.0));
    outer.features.iter().for_each(|feature| file.extend_from_slice(&feature.to_be_bytes()));
    file
}

/// Closes a file with its own length, so that an incomplete copy can be told from a corrupt one.
pub(crate) fn put_trailer(file: &mut Vec<u8>) {
    file.extend_from_slice(&TRAILER);
    let length = file.len() as u64 + 8;
    file.extend_from_slice(&length.to_be_bytes());
}
