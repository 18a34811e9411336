//! The county's root: who may change it, who signs day by day, and where to seal what goes up.

use mingbai_ledger::cbor::Writer;

use super::documents::{Document, Signed, sealing_key, verifying_key};
use super::file;
use crate::keys::{CountyId, SealingKey, SigningKey, VerifyingKey};
use crate::rejection::{Rejection, TrustFault};
use crate::suite::Suite;
use crate::wire;
use crate::words;

const MAX_KEYS: u64 = 32;
const MAX_NAME: usize = 60;
/// Map key of the holders' names: a reader that does not know it passes it over.
const NAMES: u64 = 128;
const MAGIC: [u8; 8] = *b"\x89MBR\r\n\x1a\n";

/// One version of the county's root of trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The county.
    pub county: CountyId,
    /// Counts from 1 without gaps.
    pub version: u64,
    /// The county's name as clerks read it.
    pub county_name: String,
    /// Division code of the county: the area its certificates lie in.
    pub area: String,
    /// Suite number of all its keys and signatures, and of everything in its county.
    pub suite: u16,
    /// Holders of the root.
    pub root_keys: Vec<VerifyingKey>,
    /// How many distinct holders must sign the next version.
    pub threshold: u64,
    /// Keys that sign certificates, revocations and membership files.
    pub ops_keys: Vec<VerifyingKey>,
    /// What goes up is sealed to this key.
    pub sealing_key: SealingKey,
    /// What the holders are called, in the order of their keys; empty where nobody named them.
    pub holders: Vec<String>,
}

/// How many holders have signed a root and how many must: those of the root before, and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Holders of the root before who signed.
    pub old: u64,
    /// How many of them must.
    pub old_needed: u64,
    /// Its own holders who signed.
    pub new: u64,
    /// How many of them must.
    pub new_needed: u64,
}

impl Standing {
    /// Whether nobody else has to sign.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.old >= self.old_needed && self.new >= self.new_needed
    }
}

impl Root {
    /// Signs with the holders' keys. Version N+1 needs a threshold of version N's holders and of its own.
    #[must_use]
    pub fn sign(self, holders: &[&SigningKey]) -> Signed<Self> {
        Signed::new(self, holders)
    }

    /// What the holder of a key is called.
    #[must_use]
    pub fn holder(&self, key: &VerifyingKey) -> Option<&str> {
        let place = self.root_keys.iter().position(|known| known == key)?;
        self.holders.get(place).map(String::as_str)
    }

    /// Whether it can stand at all: distinct holders, a threshold they can meet, somebody to sign certificates, all keys
    /// of the suite it names.
    pub(crate) fn check(&self) -> Result<(), Rejection> {
        let mut distinct = self.root_keys.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let meetable = self.threshold >= 1 && self.threshold <= self.root_keys.len() as u64;
        let sound =
            distinct.len() == self.root_keys.len() && meetable && !self.ops_keys.is_empty() && self.version >= 1;
        if self.suite == 0 {
            return Err(TrustFault::RootInvalid.into());
        }
        let suite = Suite::from_number(self.suite)?;
        let named = self.holders.is_empty() || self.holders.len() == self.root_keys.len();
        let sound = sound && named && self.holders.iter().all(|name| is_name(name));
        let keys = self.root_keys.iter().chain(&self.ops_keys);
        let sound = sound && keys.map(VerifyingKey::suite).all(|s| s == suite) && self.sealing_key.suite() == suite;
        if sound { Ok(()) } else { Err(TrustFault::RootInvalid.into()) }
    }
}

/// Whether people can be called this on a screen.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_NAME && !name.contains(char::is_control)
}

impl Signed<Root> {
    /// Adds the signature of one more holder, on another PC or another day.
    pub fn countersign(&mut self, holder: &SigningKey) {
        self.add_signature(holder);
    }

    /// Takes over what the holders, those of `old` and those it names itself, signed on a copy of this very root. Anybody
    /// else's signature is left where it is.
    ///
    /// # Errors
    /// [`TrustFault::RootConflict`] when the copy is of another root; then nothing is taken over.
    pub fn gather(&mut self, copy: &Self, old: &Root) -> Result<(), Rejection> {
        if copy.bytes() != self.bytes() {
            return Err(TrustFault::RootConflict.into());
        }
        let holders: Vec<VerifyingKey> = old.root_keys.iter().chain(&self.value().root_keys).copied().collect();
        self.take_signatures(&copy.proven_by(&holders));
        Ok(())
    }

    /// Who has signed it as the successor of `old`, and who must.
    #[must_use]
    pub fn standing(&self, old: &Root) -> Standing {
        let new = self.value();
        Standing {
            old: self.signers(&old.root_keys) as u64,
            old_needed: old.threshold,
            new: self.signers(&new.root_keys) as u64,
            new_needed: new.threshold,
        }
    }

    /// Whether this key's signature on it is good.
    #[must_use]
    pub fn has_signed(&self, key: &VerifyingKey) -> bool {
        self.is_signed_by(key)
    }

    /// The file that goes from holder to holder until enough have signed.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.write(&mut w);
        file::wrap(&MAGIC, &w.finish())
    }

    /// Reads such a file. Its signatures are looked at when it is put in force.
    ///
    /// # Errors
    /// [`Rejection`] for anything [`Self::to_file`] would not have written, and for a root that contradicts itself.
    pub fn from_file(bytes: &[u8]) -> Result<Self, Rejection> {
        let body = file::unwrap(&MAGIC, bytes)?;
        let root = file::whole(body, Self::read)?;
        root.value().check()?;
        Ok(root)
    }

    /// The eight words that name the county: those of its first root.
    #[must_use]
    pub fn words(&self) -> String {
        words::of(self.bytes())
    }

    /// A first root is signed by a threshold of its own holders.
    pub(crate) fn check_first(&self) -> Result<(), Rejection> {
        self.value().check()?;
        if self.value().version != 1 {
            return Err(TrustFault::RootSkipped.into());
        }
        self.check_threshold(self.value())
    }

    /// A successor is signed by a threshold of the old holders and of the new ones.
    pub(crate) fn check_successor_of(&self, old: &Root) -> Result<(), Rejection> {
        let new = self.value();
        new.check()?;
        if old.version.checked_add(1) != Some(new.version) {
            return Err(TrustFault::RootSkipped.into());
        }
        if new.county != old.county {
            return Err(Rejection::OtherCounty);
        }
        // A county stays in its suite: its logs are bound to keys of it. Another suite is another county.
        if new.suite != old.suite {
            return Err(TrustFault::RootInvalid.into());
        }
        self.check_threshold(old)?;
        self.check_threshold(new)
    }

    fn check_threshold(&self, of: &Root) -> Result<(), Rejection> {
        if self.signers(&of.root_keys) as u64 >= of.threshold { Ok(()) } else { Err(TrustFault::RootUnsigned.into()) }
    }
}

impl Document for Root {
    const SIGNED_AS: &'static [u8] = b"mbx/root/1";

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(9 + usize::from(!self.holders.is_empty()))
            .uint(1)
            .bytes(&self.county.0)
            .uint(2)
            .uint(self.version)
            .uint(3)
            .text(&self.county_name);
        w.uint(4).text(&self.area).uint(5).uint(self.suite.into());
        w.uint(6).array(self.root_keys.len());
        for key in &self.root_keys {
            w.bytes(key.as_bytes());
        }
        w.uint(7).uint(self.threshold);
        w.uint(8).array(self.ops_keys.len());
        for key in &self.ops_keys {
            w.bytes(key.as_bytes());
        }
        w.uint(9).bytes(self.sealing_key.as_bytes());
        if !self.holders.is_empty() {
            w.uint(NAMES).array(self.holders.len());
            for name in &self.holders {
                w.text(name);
            }
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        let (mut county, mut version, mut county_name, mut area, mut suite) = (None, None, None, None, None);
        let (mut root_keys, mut threshold, mut ops_keys, mut seal) = (None, None, None, None);
        let mut holders = Vec::new();
        wire::fields(bytes, |key, d| {
            match key {
                1 => county = Some(CountyId(wire::fixed(d)?)),
                2 => version = Some(wire::counter(d)?),
                3 => county_name = Some(d.str()?.to_owned()),
                4 => area = Some(d.str()?.to_owned()),
                5 => suite = Some(d.u16()?),
                6 => root_keys = Some(wire::list(d, MAX_KEYS, verifying_key)?),
                7 => threshold = Some(d.u64()?),
                8 => ops_keys = Some(wire::list(d, MAX_KEYS, verifying_key)?),
                9 => seal = Some(sealing_key(d)?),
                NAMES => holders = wire::list(d, MAX_KEYS, |d| Ok(d.str()?.to_owned()))?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            county: wire::required(county)?,
            version: wire::required(version)?,
            county_name: wire::required(county_name)?,
            area: wire::required(area)?,
            suite: wire::required(suite)?,
            root_keys: wire::required(root_keys)?,
            threshold: wire::required(threshold)?,
            ops_keys: wire::required(ops_keys)?,
            sealing_key: wire::required(seal)?,
            holders,
        })
    }
}
