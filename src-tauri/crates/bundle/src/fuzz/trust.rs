//! The reading half of F6: trust sections, and single documents signed by the keys that may sign them.

use mingbai_ledger::cbor::Writer;

use super::county::{County, counties, signing};
use super::inside::one_spelling;
use crate::rejection::Rejection;
use crate::trust::Document;
use crate::{Certificate, Merged, Revocation, Root, Signed, Statement, TrustSection, TrustStore};

/// A trust section from anybody: read, believed from its own first root, and merged into a county that knows better.
pub fn trust_section(bytes: &[u8]) -> bool {
    let signed = signed_documents(bytes);
    one_spelling(bytes, TrustSection::decode, TrustSection::encode);
    let Ok(section) = TrustSection::decode(bytes) else { return signed };
    for county in counties() {
        if let Ok((learned, _)) = county.trust.merge(&section) {
            assert!(learned.root().version >= county.trust.root().version && learned.county() == county.trust.county());
            let same_ops = learned.root().ops_keys == county.trust.root().ops_keys;
            let mut kept = county.trust.certificates().filter(|c| county.trust.certificate(c.serial).is_some());
            assert!(!same_ops || kept.all(|c| learned.certificate(c.serial) == Some(c)));
            assert!(TrustStore::decode(&learned.encode()).is_ok(), "what was learned can be read back");
            ends_with_the_ops_key(county, &learned);
        }
    }
    let Ok(believed) = TrustStore::decode(bytes) else { return signed };
    let again = TrustStore::decode(&believed.encode()).expect("what was believed can be read back");
    assert_eq!(again, believed);
    let (same, merged) = believed.merge(&believed.section()).expect("nobody contradicts himself");
    assert_eq!((same, merged), (believed, Merged::default()));
    true
}

/// The county retires the ops key: nothing learned before speaks until it is signed anew, whoever it claims to be signed by.
fn ends_with_the_ops_key(county: &County, learned: &TrustStore) {
    let (holder, next) = (signing(county.suite, 1), signing(county.suite, 77));
    let root = Root { version: learned.root().version + 1, ops_keys: vec![next.public()], ..learned.root().clone() };
    let roots = vec![root.sign(&[&holder])];
    let Ok((cured, _)) = learned.merge(&TrustSection { roots, ..TrustSection::default() }) else { return };
    assert!(cured.certificates().all(|c| cured.certificate(c.serial).is_none()), "only the new key certifies now");
    assert!(TrustStore::decode(&cured.encode()).is_ok(), "what is kept can still be read");
}

/// The bytes as a document of each kind, signed by a county key that fell into wrong hands. Whatever was learned from it,
/// it can be read back, and the county can go on certifying.
fn signed_documents(bytes: &[u8]) -> bool {
    let mut learned = false;
    for county in counties() {
        let with = |section: Option<TrustSection>| section.is_some_and(|section| survives(county, &section));
        let certificates = signed::<Certificate>(county, 2, bytes);
        learned |= with(certificates.map(|c| TrustSection { certificates: vec![c], ..TrustSection::default() }));
        let revocations = signed::<Revocation>(county, 2, bytes);
        learned |= with(revocations.map(|r| TrustSection { revocations: vec![r], ..TrustSection::default() }));
        let statement = signed::<Statement>(county, 2, bytes);
        learned |= with(statement.map(|s| TrustSection { statement: Some(s), ..TrustSection::default() }));
        let roots = signed::<Root>(county, 1, bytes);
        learned |= with(roots.map(|r| TrustSection { roots: vec![r], ..TrustSection::default() }));
    }
    learned
}

/// These bytes, if they are such a document, with the signature of the key of a seed.
fn signed<T: Document + PartialEq + std::fmt::Debug>(county: &County, seed: u8, bytes: &[u8]) -> Option<Signed<T>> {
    one_spelling(bytes, T::decode, T::encode);
    T::decode(bytes).ok()?;
    let key = signing(county.suite, seed);
    let mut w = Writer::new();
    w.array(2).bytes(bytes).array(1).array(2).bytes(&key.id().0).bytes(&key.sign_as(T::SIGNED_AS, bytes));
    let document = w.finish();
    let read = Signed::read(&mut mingbai_ledger::cbor::Decoder::new(&document));
    Some(read.expect("a document that reads, reads when it is signed"))
}

fn survives(county: &County, section: &TrustSection) -> bool {
    let Ok((learned, merged)) = county.trust.merge(section) else { return false };
    assert!(TrustStore::decode(&learned.encode()).is_ok(), "what was learned can be read back");
    let ops = signing(county.suite, 2);
    if learned.is_ops(&ops.public()) {
        let certificate = county.trust.certificates().next().expect("the golden county has devices").clone();
        let issued = learned.issue(&ops, Certificate { serial: learned.next_serial(), ..certificate });
        assert_eq!(issued.map(drop), Ok::<(), Rejection>(()), "the county can go on");
    }
    merged != Merged::default() || learned != county.trust
}

/// An empty trust section, for the seeds.
pub(super) fn no_trust() -> Vec<u8> {
    let mut w = Writer::new();
    w.map(3).uint(1).array(0).uint(2).array(0).uint(3).array(0);
    w.finish()
}
