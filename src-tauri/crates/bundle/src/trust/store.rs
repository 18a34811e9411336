//! What is believed, how it grows, and how the county issues.

use std::collections::BTreeMap;

use mingbai_ledger::Genesis;

use super::certificate::{Certificate, Revocation, Statement};
use super::documents::{Document, Signed};
use super::root::Root;
use super::section::TrustSection;
use crate::keys::{CountyId, KeyId, SigningKey, VerifyingKey};
use crate::rejection::{Rejection, TrustFault};

/// A leap of any counter beyond this needs the root holders, who then send a new membership file (TUF fast-forward).
const MAX_JUMP: u64 = 10_000;

/// Numbers an epoch of the county leaves for those before it.
const OF_AN_EPOCH: u64 = 1_000;

/// What a merge added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// New root versions.
    pub roots: usize,
    /// New or re-signed certificates.
    pub certificates: usize,
    /// New revocations.
    pub revocations: usize,
    /// Documents passed over because a newer root no longer knows their signer.
    pub outdated: usize,
}

/// The trust of one installation. Every value of this type has been verified from its first root on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustStore {
    first: Signed<Root>,
    later: Vec<Signed<Root>>,
    certificates: BTreeMap<u64, Signed<Certificate>>,
    revocations: BTreeMap<u64, Signed<Revocation>>,
    statement: Option<Signed<Statement>>,
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
            certificates: self.certificates.values().cloned().collect(),
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

    fn newest(&self, is: impl Fn(&VerifyingKey) -> bool) -> Option<&Certificate> {
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
        for signed in &section.certificates {
            let county = signed.value().county;
            if signed.value().signing.suite().number() != store.root().suite {
                return Err(Rejection::Malformed("证书的密码算法"));
            }
            let serial = signed.value().serial;
            match store.accept(county, signed, store.certificates.get(&serial))? {
                Learned::Known => {}
                Learned::Outdated => merged.outdated += 1,
                Learned::New(proven) => {
                    no_leap(store.certificates.keys(), serial)?;
                    merged.certificates += 1;
                    store.certificates.insert(serial, proven);
                }
            }
        }
        for signed in &section.revocations {
            let county = signed.value().county;
            let number = signed.value().number;
            match store.accept(county, signed, store.revocations.get(&number))? {
                Learned::Known => {}
                Learned::Outdated => merged.outdated += 1,
                Learned::New(proven) => {
                    no_leap(store.revocations.keys(), number)?;
                    merged.revocations += 1;
                    store.revocations.insert(number, proven);
                }
            }
        }
        if let Some(statement) = &section.statement {
            store.learn_statement(statement)?;
        }
        Ok((store, merged))
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

    /// What a document means to this store. Of a new one only what a current ops key really signed is kept.
    fn accept<T: Document + Clone>(
        &self,
        county: CountyId,
        signed: &Signed<T>,
        known: Option<&Signed<T>>,
    ) -> Result<Learned<T>, Rejection> {
        if county != self.county() {
            return Err(Rejection::OtherCounty);
        }
        let ops = &self.root().ops_keys;
        if !signed.names_any(ops) {
            return Ok(Learned::Outdated);
        }
        let proven = signed.proven_by(ops);
        if proven.signatures().is_empty() {
            return Err(TrustFault::BadSignature.into());
        }
        match known {
            None => Ok(Learned::New(proven)),
            Some(known) if known.bytes() == signed.bytes() => {
                // The same words under a newer ops key: take the signature that still counts.
                Ok(if known.names_any(ops) { Learned::Known } else { Learned::New(proven) })
            }
            Some(known) if !known.names_any(ops) => Ok(Learned::New(proven)),
            Some(_) => Err(TrustFault::Conflict.into()),
        }
    }

    /// A statement counts under the ops keys of the root it names. One under an older root is only of use to a store that
    /// has none yet, so that counters survive being written down and read back.
    fn learn_statement(&mut self, signed: &Signed<Statement>) -> Result<(), Rejection> {
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
            if new.version < old.version {
                return Ok(());
            }
            if new.version == old.version {
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
            if lower(counters) || (new.county_epoch == old.county_epoch && lower(counts)) {
                return Err(TrustFault::Rollback.into());
            }
            if pairs.iter().any(|(old, new)| new.saturating_sub(*old) > MAX_JUMP) {
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

/// Serials and numbers (`known` ascending) count up: one far beyond all others would leave the county none to issue next.
fn no_leap<'n>(known: impl Iterator<Item = &'n u64>, new: u64) -> Result<(), Rejection> {
    let newest = known.last().copied().unwrap_or_default();
    if new.saturating_sub(newest) > MAX_JUMP { Err(TrustFault::CounterJump.into()) } else { Ok(()) }
}

/// What the county office does with its ops key.
impl TrustStore {
    /// The serial for the next certificate.
    #[must_use]
    pub fn next_serial(&self) -> u64 {
        self.next_number(self.certificates.keys().next_back())
    }

    /// The number for the next revocation.
    #[must_use]
    pub fn next_revocation(&self) -> u64 {
        self.next_number(self.revocations.keys().next_back())
    }

    /// The number after the last one, and beyond any that an earlier epoch may have given and forgotten.
    fn next_number(&self, last: Option<&u64>) -> u64 {
        last.map_or(1, |number| number + 1).max((self.epoch() - 1) * OF_AN_EPOCH + 1)
    }

    /// The county's epoch: counts from 1.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.statement().map_or(1, |statement| statement.county_epoch.max(1))
    }

    /// Begins another epoch of the county's numbers, after its database was restored from a copy: what it issued in the
    /// time it lost keeps its numbers, and new ones do not meet them.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn begin_epoch(&self, ops: &SigningKey) -> Result<Self, Rejection> {
        self.state(ops, &TrustSection::default(), self.epoch() + 1)
    }

    /// Certifies a device.
    ///
    /// # Errors
    /// [`TrustFault::NotOps`] when the key is not a current ops key; [`TrustFault::Conflict`] for a serial already used.
    pub fn issue(&self, ops: &SigningKey, certificate: Certificate) -> Result<Self, Rejection> {
        let certificate = Certificate::decode(&certificate.encode())?;
        let certificates = vec![Signed::new(certificate, &[ops])];
        self.grow(ops, TrustSection { certificates, ..TrustSection::default() })
    }

    /// Revokes a certificate.
    ///
    /// # Errors
    /// As [`Self::issue`].
    pub fn revoke(&self, ops: &SigningKey, revocation: Revocation) -> Result<Self, Rejection> {
        let revocations = vec![Signed::new(revocation, &[ops])];
        self.grow(ops, TrustSection { revocations, ..TrustSection::default() })
    }

    /// Takes on the next root; every certificate and revocation is signed again, so that a dropped ops key counts for
    /// nothing.
    ///
    /// # Errors
    /// [`Rejection::Trust`] when the root does not follow or `ops` is not one of its keys.
    pub fn advance(&self, ops: &SigningKey, root: Signed<Root>) -> Result<Self, Rejection> {
        let certificates = self.certificates.values().map(|c| Signed::new(c.value().clone(), &[ops])).collect();
        let revocations = self.revocations.values().map(|r| Signed::new(r.value().clone(), &[ops])).collect();
        self.grow(ops, TrustSection { roots: vec![root], certificates, revocations, statement: None })
    }

    /// Merges own documents and counts them in a new statement.
    fn grow(&self, ops: &SigningKey, section: TrustSection) -> Result<Self, Rejection> {
        self.state(ops, &section, self.epoch())
    }

    /// Merges own documents and states them under an epoch.
    fn state(&self, ops: &SigningKey, section: &TrustSection, county_epoch: u64) -> Result<Self, Rejection> {
        let newest = section.roots.last().map_or_else(|| self.root(), Signed::value);
        if !newest.ops_keys.contains(&ops.public()) {
            return Err(TrustFault::NotOps.into());
        }
        let (mut store, _) = self.merge(section)?;
        let old = self.statement();
        let statement = Statement {
            county: store.county(),
            version: old.map_or(1, |s| s.version + 1).max((county_epoch - 1) * OF_AN_EPOCH + 1),
            root_version: store.root().version,
            certificates: store.certificates.len() as u64,
            revocations: store.revocations.len() as u64,
            county_epoch,
        };
        store.learn_statement(&Signed::new(statement, &[ops]))?;
        Ok(store)
    }

    /// Whether this key signs for the county now.
    #[must_use]
    pub fn is_ops(&self, key: &VerifyingKey) -> bool {
        self.root().ops_keys.contains(key)
    }
}
