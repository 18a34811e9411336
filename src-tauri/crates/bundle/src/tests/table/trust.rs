//! Item 34, as far as it is about roots: trust data of a hostile sender, in a bundle that is otherwise good.

use mingbai_ledger::cbor::Writer;

use super::super::forge::{put_signed, with_section, written};
use super::super::world::{World, certificate, desk_in, signing_in, statement_at};
use super::{Hostile, Row, row};
use crate::section::kind;
use crate::trust::Document;
use crate::{Certificate, CountyId, Revocation, Role, Root, Signed, SigningKey, Statement, TrustSection, TrustStore};

pub(super) fn rows() -> Vec<Row> {
    [roots(), documents()].into_iter().flatten().collect()
}

fn roots() -> Vec<Row> {
    vec![
        row(34, "a root version skipped", |w| sent_root(w, |r| r.version = 3, &[&w.root_key]), "ROOT_SKIPPED", ""),
        row(
            34,
            "a root of version 2⁶⁴−1",
            |w| sent_root(w, |r| r.version = u64::MAX, &[&w.root_key]),
            "MALFORMED",
            "编号过大",
        ),
        row(
            34,
            "the first root in other words",
            |w| sent_root(w, |r| (r.version, r.county_name) = (1, "别县".into()), &[&w.root_key]),
            "ROOT_CONFLICT",
            "",
        ),
        row(34, "root version 0", |w| sent_root(w, |r| r.version = 0, &[&w.root_key]), "ROOT_CONFLICT", ""),
        row(34, "a past root in other words", past_root, "ROOT_CONFLICT", ""),
        row(34, "a root nobody signed", |w| sent_root(w, |_| {}, &[]), "ROOT_UNSIGNED", ""),
        row(34, "a root the sender signed", |w| sent_root(w, |_| {}, &[&w.a.signing]), "ROOT_UNSIGNED", ""),
        row(34, "a root by the old holders only", |w| handed_over(w, |old, _| vec![old]), "ROOT_UNSIGNED", ""),
        row(34, "a root by the new holders only", |w| handed_over(w, |_, new| vec![new]), "ROOT_UNSIGNED", ""),
        row(34, "a root with one key's signature twice", signed_twice, "ROOT_UNSIGNED", ""),
        row(
            34,
            "a root that lists one holder twice",
            |w| sent_root(w, |r| r.root_keys.push(r.root_keys[0]), &[&w.root_key]),
            "ROOT_INVALID",
            "",
        ),
        row(
            34,
            "a root without ops keys",
            |w| sent_root(w, |r| r.ops_keys.clear(), &[&w.root_key]),
            "ROOT_INVALID",
            "",
        ),
        row(34, "a threshold of 0", |w| sent_root(w, |r| r.threshold = 0, &[&w.root_key]), "ROOT_INVALID", ""),
        row(
            34,
            "a threshold nobody can meet",
            |w| sent_root(w, |r| r.threshold = 2, &[&w.root_key]),
            "ROOT_INVALID",
            "",
        ),
        row(
            34,
            "a root of the other suite",
            |w| sent_root(w, |r| r.suite = 3 - r.suite, &[&w.root_key]),
            "ROOT_INVALID",
            "",
        ),
        row(34, "a root of suite 0", |w| sent_root(w, |r| r.suite = 0, &[&w.root_key]), "ROOT_INVALID", ""),
        row(
            34,
            "a root of another county",
            |w| sent_root(w, |r| r.county = CountyId([1; 8]), &[&w.root_key]),
            "OTHER_COUNTY",
            "",
        ),
        row(
            34,
            "a root of 33 holders",
            |w| sent_root(w, |r| r.root_keys = vec![r.root_keys[0]; 33], &[&w.root_key]),
            "TOO_LARGE",
            "清单过长",
        ),
    ]
}

fn documents() -> Vec<Row> {
    vec![
        row(
            34,
            "a certificate in the ops key's name, signed by the sender",
            certified_by_sender,
            "TRUST_BAD_SIGNATURE",
            "",
        ),
        row(34, "a certificate under a signature of another kind of document", other_kind, "TRUST_BAD_SIGNATURE", ""),
        row(34, "another certificate under a known serial", |w| certified(w, 3), "TRUST_CONFLICT", ""),
        row(34, "a certificate with a serial far ahead", |w| certified(w, 20_000), "TRUST_COUNTER_JUMP", ""),
        row(34, "a certificate with a serial of 2⁶⁴−1", |w| certified(w, u64::MAX), "MALFORMED", "编号过大"),
        row(34, "a revocation with a number far ahead", |w| revoked(w, 20_000), "TRUST_COUNTER_JUMP", ""),
        row(34, "a revocation with a number of 2⁶⁴−1", |w| revoked(w, u64::MAX), "MALFORMED", "编号过大"),
        row(
            34,
            "a statement that counts back",
            |w| stated(w, |s| (s.version, s.certificates) = (4, 2)),
            "TRUST_ROLLBACK",
            "",
        ),
        row(
            34,
            "a statement of an earlier epoch",
            |w| stated(w, |s| (s.version, s.county_epoch) = (4, 0)),
            "TRUST_ROLLBACK",
            "",
        ),
        row(34, "another statement of the same version", |w| stated(w, |s| s.county_epoch = 2), "TRUST_CONFLICT", ""),
        row(34, "a statement far ahead", |w| stated(w, |s| s.version = 20_000), "TRUST_COUNTER_JUMP", ""),
        row(34, "a statement of 2⁶⁴−1", |w| stated(w, |s| s.version = u64::MAX), "MALFORMED", "编号过大"),
        row(
            34,
            "a statement that counts what is not there",
            |w| stated(w, |s| (s.version, s.revocations) = (4, 1)),
            "TRUST_INCOMPLETE",
            "",
        ),
        row(
            34,
            "a statement of a root that is not there",
            |w| stated(w, |s| (s.version, s.root_version) = (4, 2)),
            "TRUST_INCOMPLETE",
            "",
        ),
        row(34, "a statement of another county", |w| stated(w, |s| s.county = CountyId([1; 8])), "OTHER_COUNTY", ""),
        row(34, "a statement signed by the sender", stated_by_sender, "TRUST_BAD_SIGNATURE", ""),
        row(34, "a revocation held back", held_back, "TRUST_INCOMPLETE", ""),
        row(34, "a trust section twice", twice, "MALFORMED", "段落重复"),
    ]
}

/// A's bundle with this trust section.
fn sent(world: &World, section: &TrustSection) -> Vec<u8> {
    with_section(world, kind::TRUST, section.encode())
}

/// The root after the one all know.
fn next(world: &World) -> Root {
    Root { version: 2, ..world.trust.root().clone() }
}

fn sent_root(world: &World, edit: impl FnOnce(&mut Root), holders: &[&SigningKey]) -> Vec<u8> {
    let mut root = next(world);
    edit(&mut root);
    sent(world, &TrustSection { roots: vec![root.sign(holders)], ..TrustSection::default() })
}

/// A reader at root 2 is shown another root 2, signed as well as the first.
fn past_root(world: &World) -> Hostile {
    let second = next(world).sign(&[&world.root_key]);
    let trust = world.trust.advance(&world.ops, second).unwrap();
    let third = Root { version: 3, ..next(world) }.sign(&[&world.root_key]);
    let trust = trust.advance(&world.ops, third).unwrap();
    let file = sent_root(world, |root| root.county_name = "别县".into(), &[&world.root_key]);
    Hostile { file, trust: Some(trust) }
}

/// The root goes from its holder to another.
fn handed_over(world: &World, by: impl FnOnce(SigningKey, SigningKey) -> Vec<SigningKey>) -> Vec<u8> {
    let new = signing_in(world.ops.suite(), 44);
    let heirs = vec![new.public()];
    let old = signing_in(world.ops.suite(), 10);
    assert_eq!(old.public(), world.root_key.public());
    let signers = by(old, new);
    sent_root(world, |root| root.root_keys = heirs, &signers.iter().collect::<Vec<_>>())
}

/// Two must sign the next root; one did, and its signature stands there twice.
fn signed_twice(world: &World) -> Vec<u8> {
    let mut root = next(world);
    root.root_keys.push(signing_in(world.ops.suite(), 44).public());
    root.threshold = 2;
    let signed = root.sign(&[&world.root_key]);
    let once = &signed.signatures()[0];
    let mut w = Writer::new();
    w.map(3).uint(1).array(1);
    put_signed(&mut w, signed.bytes(), &[(once.key.0, once.signature), (once.key.0, once.signature)]);
    w.uint(2).array(0).uint(3).array(0);
    with_section(world, kind::TRUST, w.finish())
}

fn device(world: &World, serial: u64) -> Certificate {
    let desk = desk_in(world.ops.suite(), serial, 140);
    certificate(world.trust.county(), &desk, "159901103", &[Role::Township, Role::County])
}

fn certified(world: &World, serial: u64) -> Vec<u8> {
    let certificates = vec![Signed::new(device(world, serial), &[&world.ops])];
    sent(world, &TrustSection { certificates, ..TrustSection::default() })
}

/// One certificate with a signature that names the ops key.
fn certificate_with(world: &World, signature: impl FnOnce(&[u8]) -> [u8; 64]) -> Vec<u8> {
    let bytes = device(world, 4).encode();
    let mut w = Writer::new();
    w.map(3).uint(1).array(0).uint(2).array(1);
    put_signed(&mut w, &bytes, &[(world.ops.id().0, signature(&bytes))]);
    w.uint(3).array(0);
    with_section(world, kind::TRUST, w.finish())
}

fn certified_by_sender(world: &World) -> Vec<u8> {
    certificate_with(world, |bytes| world.a.signing.sign_as(Certificate::SIGNED_AS, bytes))
}

fn other_kind(world: &World) -> Vec<u8> {
    certificate_with(world, |bytes| world.ops.sign_as(Statement::SIGNED_AS, bytes))
}

fn revocation(world: &World, number: u64) -> Revocation {
    Revocation { county: world.trust.county(), number, serial: 3, cuts: Vec::new(), reason: "换机".into() }
}

fn revoked(world: &World, number: u64) -> Vec<u8> {
    let revocations = vec![Signed::new(revocation(world, number), &[&world.ops])];
    sent(world, &TrustSection { revocations, ..TrustSection::default() })
}

fn stated(world: &World, edit: impl FnOnce(&mut Statement)) -> Vec<u8> {
    let mut statement = world.trust.statement().unwrap().clone();
    edit(&mut statement);
    let statement = Some(Signed::new(statement, &[&world.ops]));
    sent(world, &TrustSection { statement, ..TrustSection::default() })
}

fn stated_by_sender(world: &World) -> Vec<u8> {
    let statement = Some(statement_at(&world.trust, 4, &world.a.signing));
    sent(world, &TrustSection { statement, ..TrustSection::default() })
}

fn held_back(world: &World) -> Vec<u8> {
    let after = world.trust.revoke(&world.ops, revocation(world, 1)).unwrap();
    sent(world, &TrustSection { revocations: Vec::new(), ..after.section() })
}

fn twice(world: &World) -> Vec<u8> {
    let section = world.trust.section();
    let one = written(world, |draft| draft.trust = Some(section.clone()));
    super::super::forge::insider(world).reforge(&one, |manifest, inside, _| {
        inside.push((kind::TRUST, true, section.encode()));
        manifest.sections = crate::section::count(inside.iter().map(|(kind, ..)| *kind));
    })
}

#[test]
fn an_old_bundle_brings_old_trust_and_takes_nothing_back() {
    let world = super::world_in(super::Suite::One);
    let old = written(&world, |draft| draft.trust = Some(world.trust.section()));
    let trust = world.trust.revoke(&world.ops, revocation(&world, 1)).unwrap();
    let trust = trust.advance(&world.ops, next(&world).sign(&[&world.root_key])).unwrap();
    let opened = crate::verify_and_open(&old, &trust, &world.county.opening).unwrap();
    assert_eq!((opened.trust, opened.merged), (trust, crate::Merged::default()));
}

#[test]
fn a_root_handed_over_by_both_holders_is_learned() {
    // The rows on thresholds fail for want of a signature, not because of how the root was made.
    let world = super::world_in(super::Suite::One);
    let file = handed_over(&world, |old, new| vec![old, new]);
    let opened = crate::verify_and_open(&file, &world.trust, &world.county.opening).unwrap();
    assert_eq!((opened.merged.roots, opened.trust.root().version), (1, 2));
    let _: &TrustStore = &opened.trust;
}
