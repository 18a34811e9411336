//! The trust section: all roots, certificates, revocations and the newest statement, as sent, kept and stored.

use mingbai_ledger::cbor::Writer;

use super::certificate::{Certificate, Revocation, Statement};
use super::documents::Signed;
use super::root::Root;
use crate::rejection::Rejection;
use crate::section::MAX_ROWS;
use crate::wire;

/// Signed documents, not yet believed: see [`super::TrustStore::merge`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustSection {
    /// All root versions, ascending.
    pub roots: Vec<Signed<Root>>,
    /// Device certificates.
    pub certificates: Vec<Signed<Certificate>>,
    /// Revocations.
    pub revocations: Vec<Signed<Revocation>>,
    /// The newest statement.
    pub statement: Option<Signed<Statement>>,
}

impl TrustSection {
    /// Deterministic bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(3 + usize::from(self.statement.is_some()));
        w.uint(1).array(self.roots.len());
        self.roots.iter().for_each(|signed| signed.write(&mut w));
        w.uint(2).array(self.certificates.len());
        self.certificates.iter().for_each(|signed| signed.write(&mut w));
        w.uint(3).array(self.revocations.len());
        self.revocations.iter().for_each(|signed| signed.write(&mut w));
        if let Some(statement) = &self.statement {
            w.uint(4);
            statement.write(&mut w);
        }
        w.finish()
    }

    /// Reads the documents; their signatures are looked at when they are merged.
    ///
    /// # Errors
    /// [`Rejection`] for anything [`Self::encode`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, Rejection> {
        let (mut roots, mut certificates, mut revocations, mut statement) = (None, None, None, None);
        wire::fields(bytes, |key, d| {
            match key {
                1 => roots = Some(wire::list(d, MAX_ROWS, Signed::read)?),
                2 => certificates = Some(wire::list(d, MAX_ROWS, Signed::read)?),
                3 => revocations = Some(wire::list(d, MAX_ROWS, Signed::read)?),
                4 => statement = Some(Signed::read(d)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Self {
            roots: wire::required(roots)?,
            certificates: wire::required(certificates)?,
            revocations: wire::required(revocations)?,
            statement,
        })
    }
}
