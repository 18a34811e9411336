//! What is believed, how it grows, and how the county issues.

use std::collections::BTreeMap;

use mingbai_ledger::Genesis;

use super::certificate::{Certificate, Revocation, Role, Statement};
use super::documents::{Document, Signed};
use super::root::Root;
use super::section::TrustSection;
use crate::keys::{CountyId, KeyId, VerifyingKey};
use crate::rejection::{Rejection, TrustFault};

/// Counters leap no farther at once (TUF's fast-forward attack): one far beyond all others would leave the county none to
/// issue next. They leap by [`OF_AN_EPOCH`] more for every epoch, of which there may be this many at once.
const MAX_JUMP: u64 = 10_000;

/// Numbers an epoch of the county leaves for those before it.
pub(super) const OF_AN_EPOCH: u64 = 1_000;

/// Most certificates of former operations keys that are kept: whoever has such a key can write any number of them.
const MAX_FORMER: usize = 1_000;

/// What a merge added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// New root versions.
    pub roots: usize,
    /// New or re-signed certificates.
    pub certificates: usize,
    /// New revocations.
    pub revocations: usize,
    /// Certificates of former operations keys that are kept as such.
    pub former: usize,
    /// Documents passed over because a newer root no longer knows their signer.
    pub outdated: usize,
}

/// The trust of one installation. Every value of this type has been verified from its first root on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustStore {
    pub(super) first: Signed<Root>,
    pub(super) later: Vec<Signed<Root>>,
    pub(super) certificates: BTreeMap<u64, Signed<Certificate>>,
    /// By number and content: what operations keys of former roots certified and no later one again.
    pub(super) former: BTreeMap<(u64, Vec<u8>), Signed<Certificate>>,
    /// By number and content: a county that was restored may have given one number twice, and every revocation counts.
    pub(super) revocations: BTreeMap<(u64, Vec<u8>), Signed<Revocation>>,
    pub(super) statement: Option<Signed<Statement>>,
}

impl TrustStore {
    /// Starts from a first root the caller has reason to believe: its own, or one whose eight words were confirmed.
    ///
    /// # Errors
    /// [`Rejection`] when the root is not version 1, contradicts itself or lacks its own holders' signatures.
    pub fn found(first: Signed<Root>) -> Result<Self, Rejection> {
        first.check_first()?;
        Ok(Self {
            first,
            later: Vec::new(),
            certificates: BTreeMap::new(),
            former: BTreeMap::new(),
            revocations: BTreeMap::new(),
            statement: None,
        })
    }

    /// Reads what [`Self::encode`] kept, verifying everything again.
    ///
    /// # Errors
    /// [`Rejection`] when anything does not verify.
    pub fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        Self::from_section(&TrustSection::decode(bytes)?)
    }

    pub(crate) fn from_section(section: &TrustSection) -> Result<Self, Rejection> {
        let first = section.roots.first().ok_or(TrustFault::RootInvalid)?;
        Ok(Self::found(first.clone())?.merge(section)?.0)
    }

    /// The bytes to keep.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.section().encode()
    }

    /// Everything, as it travels in a bundle.
    #[must_use]
    pub fn section(&self) -> TrustSection {
        TrustSection {
            roots: self.roots().cloned().collect(),
            certificates: self.certificates.values().chain(self.former.values()).cloned().collect(),
            revocations: self.revocations.values().cloned().collect(),
            statement: self.statement.clone(),
        }
    }

    /// All roots, from the first.
    pub fn roots(&self) -> impl Iterator<Item = &Signed<Root>> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The newest root.
    #[must_use]
    pub fn root(&self) -> &Root {
        self.later.last().unwrap_or(&self.first).value()
    }

    /// The county.
    #[must_use]
    pub fn county(&self) -> CountyId {
        self.root().county
    }

    /// The eight words by which people know this county's first root.
    #[must_use]
    pub fn words(&self) -> String {
        self.first.words()
    }

    /// The newest statement, if the county has made one.
    #[must_use]
    pub fn statement(&self) -> Option<&Statement> {
        self.statement.as_ref().map(Signed::value)
    }

    /// All certificates, by serial, revoked ones too.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.values().map(Signed::value)
    }

    /// What former operations keys certified of townships' PCs and the county never certified again: it was restored from a
    /// copy and had forgotten them when it changed its key. Whoever has stolen that key can certify likewise, so such a
    /// certificate makes nobody speak; it only tells whose log it is that somebody certified goes on from or vouches for.
    pub fn former(&self) -> impl Iterator<Item = &Certificate> {
        self.former.values().map(Signed::value)
    }

    /// All revocations, by number.
    pub fn revocations(&self) -> impl Iterator<Item = &Revocation> {
        self.revocations.values().map(Signed::value)
    }

    /// The certificate with this serial, if a current ops key stands behind it.
    #[must_use]
    pub fn certificate(&self, serial: u64) -> Option<&Certificate> {
        let signed = self.certificates.get(&serial)?;
        signed.names_any(&self.root().ops_keys).then(|| signed.value())
    }

    /// The revocation of a certificate.
    #[must_use]
    pub fn revocation(&self, serial: u64) -> Option<&Revocation> {
        self.revocations().find(|revocation| revocation.serial == serial)
    }

    /// The newest certificate of a signing key; an unrevoked one before a revoked one.
    #[must_use]
    pub fn signer(&self, key: KeyId) -> Option<&Certificate> {
        self.newest(|signing| signing.id() == key)
    }

    pub(super) fn newest(&self, is: impl Fn(&VerifyingKey) -> bool) -> Option<&Certificate> {
        let of_key = || {
            let serials = self.certificates.keys().rev();
            serials.filter_map(|serial| self.certificate(*serial)).filter(|c| is(&c.signing))
        };
        of_key().find(|c| self.revocation(c.serial).is_none()).or_else(|| of_key().next())
    }

    /// The certificate a log stands on: the one its genesis names, or, for a log begun before enrolment, the one of its
    /// key. `None` when there is none or its key is another.
    #[must_use]
    pub fn certificate_of_log(&self, genesis: &Genesis) -> Option<&Certificate> {
        let certificate = match genesis.certificate {
            0 => self.newest(|signing| signing.log_key() == genesis.device_key),
            serial => self.certificate(serial),
        };
        certificate.filter(|c| c.signing.log_key() == genesis.device_key)
    }

    /// The PC that wrote a log, be it by a former certificate.
    #[must_use]
    pub fn writer_of_log(&self, genesis: &Genesis) -> Option<&Certificate> {
        let wrote = |pc: &&Certificate| {
            let named = genesis.certificate == 0 || genesis.certificate == pc.serial;
            named && pc.signing.log_key() == genesis.device_key
        };
        self.certificate_of_log(genesis).or_else(|| self.former().filter(wrote).last())
    }

    /// Learns what is new. The result contains everything known before; an older section changes nothing.
    ///
    /// # Errors
    /// [`Rejection::Trust`] with the fault; then nothing is learned.
    pub fn merge(&self, section: &TrustSection) -> Result<(Self, Merged), Rejection> {
        let mut store = self.clone();
        let mut merged = Merged::default();
        for root in &section.roots {
            merged.roots += usize::from(store.learn_root(root)?);
        }
        let span = store.span(section.statement.as_ref());
        let ops = store.root().ops_keys.clone();
        let ended = store.certificates.extract_if(.., |_, known| !known.names_any(&ops));
        let mut outdated: Vec<_> = ended.map(|(_, known)| known).collect();
        for signed in &section.certificates {
            let county = signed.value().county;
            if signed.value().signing.suite().number() != store.root().suite {
                return Err(Rejection::Malformed("证书的密码算法"));
            }
            let serial = signed.value().serial;
            match store.accept(county, signed, &store.root().ops_keys, store.certificates.get(&serial))? {
                Learned::Known => {}
                Learned::Outdated => outdated.push(signed.clone()),
                Learned::New(proven) => {
                    no_leap(store.certificates.keys(), serial, span)?;
                    merged.certificates += 1;
                    store.former.remove(&(serial, signed.bytes().to_vec()));
                    store.certificates.insert(serial, proven);
                }
            }
        }
        for signed in outdated {
            match store.keep_former(&signed) {
                Some(new) => merged.former += usize::from(new),
                None => merged.outdated += 1,
            }
        }
        for signed in &section.revocations {
            let county = signed.value().county;
            let number = signed.value().number;
            let name = (number, signed.bytes().to_vec());
            match store.accept(county, signed, &store.ops_keys_ever(), store.revocations.get(&name))? {
                Learned::Known => {}
                Learned::Outdated => merged.outdated += 1,
                Learned::New(proven) => {
                    no_leap(store.revocations.keys().map(|(number, _)| number), number, span)?;
                    merged.revocations += usize::from(store.revocations.insert(name, proven).is_none());
                }
            }
        }
        if let Some(statement) = &section.statement {
            store.learn_statement(statement)?;
        }
        Ok((store, merged))
    }

    /// The first number of the newest epoch, and how many epochs have begun that this store had not heard of.
    fn span(&self, statement: Option<&Signed<Statement>>) -> (u64, u64) {
        let counts = statement.filter(|signed| signed.signers(&self.root().ops_keys) > 0);
        let newest = counts.map_or(0, |signed| signed.value().county_epoch);
        ((self.epoch() - 1).saturating_mul(OF_AN_EPOCH), newest.saturating_sub(self.epoch()))
    }

    fn learn_root(&mut self, root: &Signed<Root>) -> Result<bool, Rejection> {
        let version = root.value().version;
        if version <= self.root().version {
            let known = self.roots().find(|known| known.value().version == version);
            let same = known.is_some_and(|known| known.bytes() == root.bytes());
            return if same { Ok(false) } else { Err(TrustFault::RootConflict.into()) };
        }
        root.check_successor_of(self.root())?;
        self.later.push(root.clone());
        Ok(true)
    }

    /// The ops keys of every root so far. What they certified ends with them, what they ended stays ended: a county that
    /// forgot whom it had revoked could not say it again under a new key, and a thief would be believed once more.
    fn ops_keys_ever(&self) -> Vec<VerifyingKey> {
        self.roots().flat_map(|root| root.value().ops_keys.iter().copied()).collect()
    }

    /// Keeps what a former operations key certified, unless a current one has certified the same again. Of the county's own
    /// PCs nothing is kept: they are not known by such a key alone. Answers whether it is new; nothing where it is not kept.
    fn keep_former(&mut self, signed: &Signed<Certificate>) -> Option<bool> {
        let pc = signed.value();
        let name = (pc.serial, signed.bytes().to_vec());
        if self.former.contains_key(&name) {
            return Some(false);
        }
        let again = self.certificates.get(&pc.serial).is_some_and(|known| known.bytes() == signed.bytes());
        let proven = signed.proven_by(&self.ops_keys_ever());
        let of_township = pc.has(Role::Township) && !pc.has(Role::County);
        if again || !of_township || proven.signatures().is_empty() || self.former.len() >= MAX_FORMER {
            return None;
        }
        self.former.insert(name, proven);
        Some(true)
    }

    /// What a document means to this store. Of a new one only what one of the `keys` that count really signed is kept.
    fn accept<T: Document + Clone>(
        &self,
        county: CountyId,
        signed: &Signed<T>,
        keys: &[VerifyingKey],
        known: Option<&Signed<T>>,
    ) -> Result<Learned<T>, Rejection> {
        if county != self.county() {
            return Err(Rejection::OtherCounty);
        }
        let ops = &self.root().ops_keys;
        if !signed.names_any(keys) {
            return Ok(Learned::Outdated);
        }
        let proven = signed.proven_by(keys);
        if proven.signatures().is_empty() {
            return Err(TrustFault::BadSignature.into());
        }
        match known {
            None => Ok(Learned::New(proven)),
            Some(known) if known.bytes() == signed.bytes() => {
                // The same words under a newer ops key: take the signature that still counts.
                Ok(if known.names_any(ops) || !proven.names_any(ops) { Learned::Known } else { Learned::New(proven) })
            }
            Some(known) if !known.names_any(ops) => Ok(Learned::New(proven)),
            Some(_) => Err(TrustFault::Conflict.into()),
        }
    }

    /// A statement counts under the ops keys of the root it names. One under an older root is only of use to a store that
    /// has none yet, so that counters survive being written down and read back.
    pub(super) fn learn_statement(&mut self, signed: &Signed<Statement>) -> Result<(), Rejection> {
        let new = signed.value();
        if new.county != self.county() {
            return Err(Rejection::OtherCounty);
        }
        let root = self.roots().find(|root| root.value().version == new.root_version).ok_or(TrustFault::Incomplete)?;
        if signed.signers(&root.value().ops_keys) == 0 {
            return Err(TrustFault::BadSignature.into());
        }
        let current_root = new.root_version == self.root().version;
        if !current_root && self.statement.is_some() {
            return Ok(());
        }
        if let Some(old) = self.statement() {
            // One under a newer root stands over whatever a county restored to before that root has said since.
            let newer = new.root_version > old.root_version;
            if new.version < old.version || (newer && new.county_epoch < old.county_epoch) {
                return Ok(());
            }
            if new.version == old.version && !newer {
                return if new == old { Ok(()) } else { Err(TrustFault::Conflict.into()) };
            }
            let pairs = [
                (old.version, new.version),
                (old.root_version, new.root_version),
                (old.county_epoch, new.county_epoch),
                (old.certificates, new.certificates),
                (old.revocations, new.revocations),
            ];
            // A county that was restored from a copy begins another epoch and may not know of what it issued last; what
            // was learnt of that stays known here.
            let (counters, counts) = pairs.split_at(3);
            let lower = |pairs: &[(u64, u64)]| pairs.iter().any(|(old, new)| new < old);
            let higher = |pairs: &[(u64, u64)]| pairs.iter().any(|(old, new)| new > old);
            let of_one_epoch = new.county_epoch == old.county_epoch && !newer;
            // In one epoch less of one and more of the other: the county was restored from a copy, and nobody noticed.
            if !lower(counters) && of_one_epoch && lower(counts) && higher(counts) {
                return Err(TrustFault::Conflict.into());
            }
            if lower(counters) || of_one_epoch && lower(counts) {
                return Err(TrustFault::Rollback.into());
            }
            let room = room(new.county_epoch.saturating_sub(old.county_epoch));
            if pairs.iter().any(|(old, new)| new.saturating_sub(*old) > room) {
                return Err(TrustFault::CounterJump.into());
            }
        }
        let certified = self.certificates.keys().filter(|serial| self.certificate(**serial).is_some()).count() as u64;
        let complete = certified >= new.certificates && self.revocations.len() as u64 >= new.revocations;
        if current_root && !complete {
            return Err(TrustFault::Incomplete.into());
        }
        self.statement = Some(signed.clone());
        Ok(())
    }
}

/// What a document means to a store.
enum Learned<T> {
    /// Already there.
    Known,
    /// Signed by a key that no longer counts.
    Outdated,
    /// To be taken in, like this.
    New(Signed<T>),
}

/// How far a counter may leap when so many epochs have begun.
fn room(epochs: u64) -> u64 {
    MAX_JUMP + epochs.min(MAX_JUMP) * OF_AN_EPOCH
}

/// Serials and numbers (`known` ascending) count up, each epoch from numbers of its own.
fn no_leap<'n>(known: impl Iterator<Item = &'n u64>, new: u64, (own, epochs): (u64, u64)) -> Result<(), Rejection> {
    let newest = known.last().copied().unwrap_or_default().max(own);
    if new.saturating_sub(newest) > room(epochs) { Err(TrustFault::CounterJump.into()) } else { Ok(()) }
}
