//! What the county office does with its operations key: it certifies, revokes, takes on roots and begins epochs.

use super::certificate::{Certificate, Revocation, Statement};
use super::documents::{Document, Signed};
use super::root::Root;
use super::section::TrustSection;
use super::store::{OF_AN_EPOCH, TrustStore};
use crate::keys::{SigningKey, VerifyingKey};
use crate::rejection::{Rejection, TrustFault};

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
        let (certificates, revocations) = (store.certificates.len() as u64, store.revocations.len() as u64);
        // A county restored to before a change of its root has lost what it issued since, once it learns of that root.
        let fewer = old.is_some_and(|old| certificates < old.certificates || revocations < old.revocations);
        let county_epoch = if fewer { county_epoch.max(self.epoch() + 1) } else { county_epoch };
        let statement = Statement {
            county: store.county(),
            version: old.map_or(1, |s| s.version + 1).max((county_epoch - 1) * OF_AN_EPOCH + 1),
            root_version: store.root().version,
            certificates,
            revocations,
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
