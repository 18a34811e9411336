//! What a stolen ops key can prepare before the county retires it.

use super::super::forge::put_signed;
use super::super::world::{World, certificate, desk_in, signing_in, world_in};
use super::SUITES;
use crate::trust::Document;
use crate::{Certificate, Rejection, Role, Root, Signed, SigningKey, TrustFault, TrustSection, TrustStore};
use mingbai_ledger::cbor::Writer;

/// A county device for the thief, signed by the stolen key, and beside it an invented signature in the name of the key
/// that the county will use next.
fn planted(world: &World, next_ops: &SigningKey) -> (Certificate, TrustSection) {
    let thief = certificate(world.trust.county(), &desk_in(world.ops.suite(), 4, 140), "159901", &[Role::County]);
    let bytes = thief.encode();
    let good = world.ops.sign_as(Certificate::SIGNED_AS, &bytes);
    let mut w = Writer::new();
    w.map(3).uint(1).array(0).uint(2).array(1);
    put_signed(&mut w, &bytes, &[(next_ops.id().0, [7; 64]), (world.ops.id().0, good)]);
    w.uint(3).array(0);
    (thief, TrustSection::decode(&w.finish()).unwrap())
}

fn retiring(world: &World, next_ops: &SigningKey) -> Signed<Root> {
    Root { version: 2, ops_keys: vec![next_ops.public()], ..world.trust.root().clone() }.sign(&[&world.root_key])
}

#[test]
fn an_invented_signature_does_not_come_to_life_with_the_key_it_names() {
    for suite in SUITES {
        let world = world_in(suite);
        let next_ops = signing_in(suite, 77);
        let (thief, section) = planted(&world, &next_ops);
        // While the stolen key is in force nobody can tell, and the thief has a device.
        let (fooled, _) = world.trust.merge(&section).unwrap();
        assert_eq!(fooled.signer(thief.signing.id()).map(|c| c.serial), Some(4));
        assert_eq!(fooled.section().certificates[3].signatures().len(), 1, "only what was checked is kept");

        // The new root ends it, even before the certificates have been signed anew.
        let root = TrustSection { roots: vec![retiring(&world, &next_ops)], ..TrustSection::default() };
        let (cured, _) = fooled.merge(&root).unwrap();
        assert_eq!(cured.signer(thief.signing.id()), None);
        // What was kept can still be read, and the county's own serial 4 is not kept out.
        assert_eq!(TrustStore::decode(&cured.encode()).unwrap().root().version, 2);
        let renewed = world.trust.advance(&next_ops, retiring(&world, &next_ops)).unwrap();
        let own = certificate(world.trust.county(), &desk_in(suite, 4, 150), "159901103", &[Role::Township]);
        let renewed = renewed.issue(&next_ops, own.clone()).unwrap();
        let (learned, _) = cured.merge(&renewed.section()).unwrap();
        assert_eq!(learned.certificate(4), Some(&own));
    }
}

#[test]
fn an_invented_signature_of_a_key_in_force_is_refused() {
    for suite in SUITES {
        let world = world_in(suite);
        let next_ops = signing_in(suite, 77);
        let (_, section) = planted(&world, &next_ops);
        let roots = vec![retiring(&world, &next_ops)];
        let refused = world.trust.merge(&TrustSection { roots, ..section }).unwrap_err();
        assert_eq!(refused, Rejection::Trust(TrustFault::BadSignature));
    }
}

#[test]
fn no_serial_is_so_high_that_the_county_has_none_left() {
    for suite in SUITES {
        let world = world_in(suite);
        let device = |serial, seed| {
            let desk = desk_in(suite, serial, seed);
            certificate(world.trust.county(), &desk, "159901103", &[Role::Township])
        };
        let at = |serial| {
            let certificates = vec![Signed::new(device(serial, 140), &[&world.ops])];
            world.trust.merge(&TrustSection { certificates, ..TrustSection::default() })
        };
        let (ahead, _) = at(10_003).unwrap();
        assert_eq!(ahead.next_serial(), 10_004);
        assert!(ahead.issue(&world.ops, device(10_004, 150)).is_ok());
        assert_eq!(at(10_004).unwrap_err(), Rejection::Trust(TrustFault::CounterJump));
    }
}
