//! The manifest: the outer identity once more (so that nobody can put a signed payload under another header), what the
//! sender can read, what is inside, and what the sender holds.

use mingbai_ledger::cbor::{Decoder, Writer};
use mingbai_ledger::{EntryHash, Head, LogId, SetDigest};

use super::MAX_ROWS;
use crate::container::{Direction, Outer};
use crate::keys::{CountyId, KeyId};
use crate::rejection::Rejection;
use crate::wire;

/// An unbroken piece of one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The log.
    pub log: LogId,
    /// First entry, from 1.
    pub from: u64,
    /// Last entry.
    pub to: u64,
    /// Hash of the entry before the first; of the genesis when `from` is 1.
    pub previous: EntryHash,
    /// Hash of the last entry.
    pub head: EntryHash,
}

/// What the sender's tables looked like, to compare with ours at the same version vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSummary {
    /// Rows per record type.
    pub rows: Vec<(u64, u64)>,
    /// Set digest of all live values.
    pub digest: SetDigest,
    /// The entries the sender holds and that stand in none of its tables: refused, or of a newer version. Nothing where it
    /// does not say.
    pub aside: Option<Vec<Head>>,
}

/// Map key of the entries that stand in no table: a reader that does not know it passes it over.
const ASIDE: u64 = 128;

/// First section of every payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Random name of the bundle.
    pub bundle_id: [u8; 16],
    /// County.
    pub county: CountyId,
    /// Sender's key.
    pub sender: KeyId,
    /// Recipients' sealing keys.
    pub recipients: Vec<KeyId>,
    /// Part of parts.
    pub part: (u16, u16),
    /// Which way.
    pub direction: Direction,
    /// Running number of the sender.
    pub bundle_no: u64,
    /// Suite number.
    pub suite: u16,
    /// Version of the app that wrote it.
    pub app: String,
    /// Schema version of the writer.
    pub schema: u64,
    /// Newest container version the sender can read.
    pub reads_container: u16,
    /// Features the sender can read.
    pub reads_features: Vec<u16>,
    /// Sender's wall clock, milliseconds since 1970. Evidence only.
    pub wall_ms: i64,
    /// Sender's hybrid logical clock.
    pub hlc: u64,
    /// The ranges of entries inside, in the order of their sections.
    pub ranges: Vec<Range>,
    /// The heads of every log the sender holds.
    pub have: Vec<Head>,
    /// How many sections of each type follow, ascending by type, without the end section.
    pub sections: Vec<(u8, u64)>,
    /// Bytes of the whole payload, this section included.
    pub plain_len: u64,
    /// The sender's tables, if it computed them.
    pub state: Option<StateSummary>,
}

impl Manifest {
    /// The bytes of the section.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        let aside = self.state.as_ref().and_then(|state| state.aside.as_ref());
        w.map(18 + usize::from(self.state.is_some()) + usize::from(aside.is_some()));
        w.uint(1).bytes(&self.bundle_id);
        w.uint(2).bytes(&self.county.0);
        w.uint(3).bytes(&self.sender.0);
        w.uint(4).array(self.recipients.len());
        for id in &self.recipients {
            w.bytes(&id.0);
        }
        w.uint(5).array(2).uint(self.part.0.into()).uint(self.part.1.into());
        w.uint(6).uint(self.direction.code().into());
        w.uint(7).uint(self.bundle_no);
        w.uint(8).uint(self.suite.into());
        w.uint(9).text(&self.app);
        w.uint(10).uint(self.schema);
        w.uint(11).uint(self.reads_container.into());
        w.uint(12).array(self.reads_features.len());
        for feature in &self.reads_features {
            w.uint((*feature).into());
        }
        w.uint(13).int(self.wall_ms);
        w.uint(14).uint(self.hlc);
        w.uint(15).array(self.ranges.len());
        for range in &self.ranges {
            w.array(5).bytes(&range.log.0).uint(range.from).uint(range.to);
            w.bytes(&range.previous.0).bytes(&range.head.0);
        }
        put_heads(w.uint(16), &self.have);
        w.uint(17).array(self.sections.len());
        for (kind, count) in &self.sections {
            w.array(2).uint((*kind).into()).uint(*count);
        }
        w.uint(18).uint(self.plain_len);
        if let Some(state) = &self.state {
            w.uint(19).array(2).array(state.rows.len());
            for (table, rows) in &state.rows {
                w.array(2).uint(*table).uint(*rows);
            }
            w.bytes(&state.digest.to_bytes());
        }
        if let Some(aside) = aside {
            put_heads(w.uint(ASIDE), aside);
        }
        w.finish()
    }

    /// Reads the section back.
    ///
    /// # Errors
    /// [`Rejection`] naming the rule that is broken.
    pub fn decode(body: &[u8]) -> Result<Self, Rejection> {
        let (mut bundle_id, mut county, mut sender, mut recipients, mut part) = (None, None, None, None, None);
        let (mut direction, mut bundle_no, mut suite, mut app, mut schema) = (None, None, None, None, None);
        let (mut reads_container, mut reads_features, mut wall_ms, mut hlc) = (None, None, None, None);
        let (mut ranges, mut have, mut sections, mut plain_len) = (None, None, None, None);
        let (mut state, mut aside) = (None::<StateSummary>, None);
        wire::fields(body, |key, d| {
            match key {
                1 => bundle_id = Some(wire::fixed(d)?),
                2 => county = Some(CountyId(wire::fixed(d)?)),
                3 => sender = Some(KeyId(wire::fixed(d)?)),
                4 => recipients = Some(wire::list(d, MAX_ROWS, |d| Ok(KeyId(wire::fixed(d)?)))?),
                5 => {
                    wire::row(d, 2)?;
                    part = Some((d.u16()?, d.u16()?));
                }
                6 => direction = Direction::from_code(d.u8()?),
                7 => bundle_no = Some(d.u64()?),
                8 => suite = Some(d.u16()?),
                9 => app = Some(d.str()?.to_owned()),
                10 => schema = Some(d.u64()?),
                11 => reads_container = Some(d.u16()?),
                12 => reads_features = Some(wire::list(d, MAX_ROWS, |d| Ok(d.u16()?))?),
                13 => wall_ms = Some(d.i64()?),
                14 => hlc = Some(d.u64()?),
                15 => {
                    ranges = Some(wire::list(d, MAX_ROWS, |d| {
                        wire::row(d, 5)?;
                        let log = LogId(wire::fixed(d)?);
                        let (from, to) = (wire::counter(d)?, wire::counter(d)?);
                        let (previous, head) = (EntryHash(wire::fixed(d)?), EntryHash(wire::fixed(d)?));
                        Ok(Range { log, from, to, previous, head })
                    })?);
                }
                16 => have = Some(heads(d)?),
                17 => {
                    sections = Some(wire::list(d, MAX_ROWS, |d| {
                        wire::row(d, 2)?;
                        Ok((d.u8()?, d.u64()?))
                    })?);
                }
                18 => plain_len = Some(d.u64()?),
                19 => {
                    wire::row(d, 2)?;
                    let rows = wire::list(d, MAX_ROWS, |d| {
                        wire::row(d, 2)?;
                        Ok((d.u64()?, d.u64()?))
                    })?;
                    state = Some(StateSummary { rows, digest: SetDigest::from_bytes(wire::fixed(d)?), aside: None });
                }
                ASIDE => aside = Some(heads(d)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            bundle_id: wire::required(bundle_id)?,
            county: wire::required(county)?,
            sender: wire::required(sender)?,
            recipients: wire::required(recipients)?,
            part: wire::required(part)?,
            direction: wire::required(direction)?,
            bundle_no: wire::required(bundle_no)?,
            suite: wire::required(suite)?,
            app: wire::required(app)?,
            schema: wire::required(schema)?,
            reads_container: wire::required(reads_container)?,
            reads_features: wire::required(reads_features)?,
            wall_ms: wire::required(wall_ms)?,
            hlc: wire::required(hlc)?,
            ranges: wire::required(ranges)?,
            have: wire::required(have)?,
            sections: wire::required(sections)?,
            plain_len: wire::required(plain_len)?,
            state: state.map(|state| StateSummary { aside, ..state }),
        })
    }

    /// Compares with the signed outside: stops a payload from being taken out of one file and put into another.
    pub(crate) fn agrees_with(&self, outer: &Outer) -> Result<(), Rejection> {
        for (same, what) in [
            (self.bundle_id == outer.bundle_id, "编号"),
            (self.county == outer.county, "县"),
            (self.sender == outer.sender, "发送方"),
            (self.recipients == outer.recipients, "收件人"),
            (self.part == (outer.part, outer.parts), "分份"),
            (self.direction == outer.direction, "方向"),
            (self.bundle_no == outer.bundle_no, "序号"),
            (self.suite == outer.suite.number(), "算法"),
            (self.plain_len == outer.plain_len, "长度"),
        ] {
            if !same {
                return Err(Rejection::ManifestMismatch(what));
            }
        }
        Ok(())
    }

    /// Compares the counts with the sections really there (their types, in order, without the manifest).
    pub(crate) fn counts(&self, kinds: impl Iterator<Item = u8>) -> Result<(), Rejection> {
        if count(kinds) == self.sections { Ok(()) } else { Err(Rejection::ManifestMismatch("段落数")) }
    }
}

fn put_heads(w: &mut Writer, heads: &[Head]) {
    w.array(heads.len());
    for head in heads {
        w.array(3);
        wire::put_head(w, head);
    }
}

fn heads(d: &mut Decoder<'_>) -> Result<Vec<Head>, Rejection> {
    wire::list(d, MAX_ROWS, |d| {
        wire::row(d, 3)?;
        wire::head(d)
    })
}

/// How many of each type, ascending.
pub(crate) fn count(kinds: impl Iterator<Item = u8>) -> Vec<(u8, u64)> {
    let mut counts = std::collections::BTreeMap::new();
    kinds.for_each(|kind| *counts.entry(kind).or_insert(0) += 1);
    counts.into_iter().collect()
}
