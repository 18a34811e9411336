//! Roots, certificates, revocations: what is believed and what is not.

use super::world::{certificate, desk, genesis, root, signing, world, world_at};
use mingbai_ledger::Genesis;

use crate::{
    Certificate, Merged, Rejection, Revocation, Role, Root, Signed, SigningKey, TrustFault, TrustSection, TrustStore,
};

/// A root of three holders of whom two must sign.
fn two_of_three() -> (Root, [SigningKey; 3]) {
    let holders = [signing(1), signing(2), signing(3)];
    let root = Root { root_keys: holders.iter().map(SigningKey::public).collect(), threshold: 2, ..root(10) };
    (root, holders)
}

fn next(of: &Root) -> Root {
    Root { version: of.version + 1, ..of.clone() }
}

fn learn(trust: &TrustStore, root: Signed<Root>) -> Result<usize, Rejection> {
    trust.merge(&TrustSection { roots: vec![root], ..TrustSection::default() }).map(|(_, merged)| merged.roots)
}

fn fault(result: Result<impl std::fmt::Debug, Rejection>) -> TrustFault {
    match result {
        Err(Rejection::Trust(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_of_three_holders_suffice_and_one_does_not() {
    let (root, [a, b, c]) = two_of_three();
    assert!(TrustStore::found(root.clone().sign(&[&a, &c])).is_ok());
    assert_eq!(fault(TrustStore::found(root.clone().sign(&[&b]))), TrustFault::RootUnsigned);
    assert_eq!(fault(TrustStore::found(root.clone().sign(&[&b, &b]))), TrustFault::RootUnsigned);
    assert_eq!(fault(TrustStore::found(root.clone().sign(&[&b, &signing(9)]))), TrustFault::RootUnsigned);
    let mut late = root.sign(&[&b]);
    late.countersign(&a);
    assert!(TrustStore::found(late).is_ok());
}

#[test]
fn a_root_that_contradicts_itself_founds_nothing() {
    let (root, [a, b, c]) = two_of_three();
    let found = |edit: &dyn Fn(&mut Root)| {
        let mut root = root.clone();
        edit(&mut root);
        fault(TrustStore::found(root.sign(&[&a, &b, &c])))
    };
    assert_eq!(found(&|r| r.threshold = 0), TrustFault::RootInvalid);
    assert_eq!(found(&|r| r.threshold = 4), TrustFault::RootInvalid);
    assert_eq!(found(&|r| r.root_keys = vec![a.public(), a.public()]), TrustFault::RootInvalid);
    assert_eq!(found(&|r| r.ops_keys.clear()), TrustFault::RootInvalid);
    assert_eq!(found(&|r| r.version = 2), TrustFault::RootSkipped);
}

#[test]
fn the_next_root_needs_the_old_and_the_new_holders() {
    let (first, [a, b, c]) = two_of_three();
    let trust = TrustStore::found(first.clone().sign(&[&a, &b])).unwrap();
    let fresh = [signing(4), signing(5)];
    let second = Root { root_keys: fresh.iter().map(SigningKey::public).collect(), ..next(&first) };
    let signed = |by: &[&SigningKey]| learn(&trust, second.clone().sign(by));
    assert_eq!(signed(&[&a, &c, &fresh[0], &fresh[1]]), Ok(1));
    assert_eq!(fault(signed(&[&a, &b, &c])), TrustFault::RootUnsigned);
    assert_eq!(fault(signed(&[&fresh[0], &fresh[1]])), TrustFault::RootUnsigned);
    assert_eq!(fault(signed(&[&a, &a, &fresh[0], &fresh[1]])), TrustFault::RootUnsigned);
}

#[test]
fn one_signature_entered_twice_counts_once() {
    let (first, [a, b, c]) = two_of_three();
    let mut section = TrustStore::found(first.clone().sign(&[&a, &b])).unwrap().section();
    section.roots.push(next(&first).sign(&[&c]));
    // The one genuine signature of the second root, entered twice on the wire.
    let once = section.roots[1].signatures()[0].clone();
    let single = [&[0x81, 0x82, 0x48][..], &once.key.0].concat();
    let double =
        [&[0x82, 0x82, 0x48][..], &once.key.0, &[0x58, 0x40], &once.signature, &[0x82, 0x48], &once.key.0].concat();
    let bytes = section.encode();
    let at = bytes.windows(single.len()).position(|window| window == single).unwrap();
    let doubled = [&bytes[..at], &double, &bytes[at + single.len()..]].concat();
    let section = TrustSection::decode(&doubled).unwrap();
    assert_eq!(section.roots[1].signatures().len(), 2);
    assert_eq!(fault(TrustStore::decode(&doubled)), TrustFault::RootUnsigned);
}

#[test]
fn roots_follow_one_by_one_and_never_go_back() {
    let (first, [a, b, _]) = two_of_three();
    let sign = |root: &Root| root.clone().sign(&[&a, &b]);
    let start = TrustStore::found(sign(&first)).unwrap();
    let (second, third) = (next(&first), next(&next(&first)));
    assert_eq!(fault(learn(&start, sign(&third))), TrustFault::RootSkipped);
    let both = TrustSection { roots: vec![sign(&second), sign(&third)], ..TrustSection::default() };
    let (now, merged) = start.merge(&both).unwrap();
    assert_eq!((now.root().version, merged.roots), (3, 2));

    // An old bundle brings old roots: nothing is learned, nothing is lost.
    assert_eq!(now.merge(&start.section()).unwrap().0, now);
    // An old version with other words is an attack.
    let other = Root { county_name: "别处".into(), ..second };
    assert_eq!(fault(learn(&now, sign(&other))), TrustFault::RootConflict);
    let elsewhere = Root { county: crate::CountyId([1; 8]), ..next(&third) };
    assert_eq!(learn(&now, sign(&elsewhere)), Err(Rejection::OtherCounty));
    assert_eq!(now.words(), start.words());
}

#[test]
fn trust_survives_being_written_down() {
    let world = world();
    let kept = TrustStore::decode(&world.trust.encode()).unwrap();
    assert_eq!(kept, world.trust);
    let statement = kept.statement().unwrap();
    assert_eq!((statement.version, statement.certificates, statement.revocations), (3, 3, 0));
    let bytes = world.trust.encode();
    let accepted = (0..bytes.len()).filter(|at| {
        let mut bad = bytes.clone();
        bad[*at] ^= 1;
        TrustStore::decode(&bad).is_ok_and(|trust| trust == world.trust)
    });
    assert_eq!(accepted.count(), 0);
}

#[test]
fn only_an_ops_key_certifies() {
    let world = world();
    let new = |seed| {
        certificate(world.trust.county(), &desk(world.trust.next_serial(), seed), "159901103", &[Role::Township])
    };
    assert_eq!(fault(world.trust.issue(&world.root_key, new(120))), TrustFault::NotOps);
    let trust = world.trust.issue(&world.ops, new(120)).unwrap();
    assert_eq!(trust.certificate(4).unwrap().area, "159901103");
    assert_eq!(trust.next_serial(), 5);
    // A serial is used once.
    let again = Certificate { serial: 4, ..new(130) };
    assert_eq!(fault(trust.issue(&world.ops, again)), TrustFault::Conflict);
    // A certificate for no place cannot be issued, and a township's not for the whole county.
    for area in ["15", "159901"] {
        let wide = Certificate { area: area.into(), ..new(140) };
        assert_eq!(world.trust.issue(&world.ops, wide).unwrap_err().code(), "MALFORMED");
    }
}

#[test]
fn nothing_of_another_county_is_learned() {
    let (ours, theirs) = (world(), world_at(90));
    assert_eq!(fault(ours.trust.merge(&theirs.trust.section())), TrustFault::RootConflict);
    let mut rootless = theirs.trust.section();
    rootless.roots.clear();
    assert_eq!(ours.trust.merge(&rootless).unwrap_err(), Rejection::OtherCounty);
}

fn revocation(trust: &TrustStore, serial: u64) -> Revocation {
    let number = trust.next_revocation();
    Revocation { county: trust.county(), number, serial, cuts: Vec::new(), reason: "换机".into() }
}

#[test]
fn a_revocation_is_never_unlearned_and_cannot_be_held_back() {
    let world = world();
    let after = world.trust.revoke(&world.ops, revocation(&world.trust, 2)).unwrap();
    assert!(after.revocation(2).is_some() && after.revocation(3).is_none());
    // An older section afterwards changes nothing.
    assert_eq!(after.merge(&world.trust.section()).unwrap().0, after);
    // The newest statement without the newest revocation is incomplete.
    let mut held_back = after.section();
    held_back.revocations.clear();
    assert_eq!(fault(world.trust.merge(&held_back)), TrustFault::Incomplete);
    // The complete section brings it.
    let (learned, merged) = world.trust.merge(&after.section()).unwrap();
    assert_eq!((learned, merged.revocations), (after, 1));
}

#[test]
fn a_reissued_key_speaks_again() {
    let world = world();
    let trust = world.trust.revoke(&world.ops, revocation(&world.trust, 2)).unwrap();
    let again = Certificate { serial: 4, ..trust.certificate(2).unwrap().clone() };
    let trust = trust.issue(&world.ops, again).unwrap();
    assert_eq!(trust.signer(world.a.signing.id()).unwrap().serial, 4);
}

#[test]
fn a_new_root_retires_an_ops_key_and_all_it_signed() {
    let world = world();
    let new_ops = signing(77);
    let second = Root { ops_keys: vec![new_ops.public()], ..next(world.trust.root()) }.sign(&[&world.root_key]);
    assert_eq!(fault(world.trust.advance(&world.ops, second.clone())), TrustFault::NotOps);

    // A device that has only the new root knows nobody until the certificates come again.
    let only_root = TrustSection { roots: vec![second.clone()], ..TrustSection::default() };
    let (bare, _) = world.trust.merge(&only_root).unwrap();
    assert_eq!(bare.signer(world.a.signing.id()), None);
    assert_eq!(TrustStore::decode(&bare.encode()).unwrap().statement(), bare.statement());

    let renewed = world.trust.advance(&new_ops, second).unwrap();
    assert_eq!(renewed.signer(world.a.signing.id()).unwrap().serial, 2);
    let (learned, merged) = bare.merge(&renewed.section()).unwrap();
    assert_eq!((learned, merged.certificates), (renewed.clone(), 3));
    assert_eq!(TrustStore::decode(&renewed.encode()).unwrap(), renewed);

    // The retired key certifies nobody any more: its documents are passed over.
    let intruder = certificate(world.trust.county(), &desk(4, 160), "159901101", &[Role::County]);
    let stolen = world.trust.issue(&world.ops, intruder).unwrap();
    let (unmoved, merged) = renewed.merge(&stolen.section()).unwrap();
    assert_eq!((unmoved, merged.outdated), (renewed, 4));
}

#[test]
fn a_leap_of_the_counters_needs_the_root_holders() {
    let world = world();
    let far = Revocation { number: 1, ..revocation(&world.trust, 3) };
    let ahead = (0..4).fold(world.trust.clone(), |trust, step| {
        trust.revoke(&world.ops, Revocation { number: 1 + step, ..far.clone() }).unwrap()
    });
    assert_eq!(ahead.statement().unwrap().version, 7);
    // A statement leaping from 3 to 20 000.
    let mut leaping = ahead.section();
    leaping.statement = Some(super::world::statement_at(&ahead, 20_000, &world.ops));
    assert_eq!(fault(world.trust.merge(&leaping)), TrustFault::CounterJump);
    // The same version with other counters.
    leaping.statement = Some(super::world::statement_at(&ahead, 3, &world.ops));
    assert_eq!(fault(world.trust.merge(&leaping)), TrustFault::Conflict);
}

#[test]
fn a_county_restored_to_before_a_change_of_its_root_goes_on_once_it_has_learnt_of_it() {
    let world = world();
    let (newer, newest) = (signing(60), signing(61));
    let advanced = |trust: &TrustStore, ops: &SigningKey| {
        let root = Root { ops_keys: vec![ops.public()], ..next(trust.root()) };
        trust.advance(ops, root.sign(&[&world.root_key])).unwrap()
    };
    let townships = advanced(&world.trust, &newer);
    // The copy knows nothing of that and certifies more PCs; under the newer root that counts for nothing.
    for issued in 1..4 {
        let pc = |serial, epoch| Certificate {
            serial,
            county_epoch: epoch,
            ..certificate(world.trust.county(), &desk(4, 160), "159901101", &[Role::Township])
        };
        let restored = (0..issued).fold(world.trust.clone(), |trust, _| {
            trust.issue(&world.ops, pc(trust.next_serial(), trust.epoch())).unwrap()
        });
        let (learnt, _) = restored.merge(&townships.section()).unwrap();
        let learnt = TrustStore::decode(&learnt.encode()).unwrap();
        assert_eq!(learnt.signer(desk(4, 160).signing.id()), None);
        let again = advanced(&learnt, &newest);
        assert!(again.epoch() > townships.epoch(), "a change of the root begins another epoch of numbers");
        let again = again.issue(&newest, pc(again.next_serial(), again.epoch())).unwrap();
        let (told, _) = townships.merge(&again.section()).unwrap();
        assert_eq!(told.statement(), again.statement());
        assert!(told.signer(desk(4, 160).signing.id()).is_some());
    }
}

/// A county that was restored to before it certified one more township's PC, and then made a new operations key.
fn forgetful() -> (super::world::World, TrustStore, Certificate, SigningKey) {
    let (world, new_ops) = (world(), signing(77));
    let forgotten =
        certificate(world.trust.county(), &desk(world.trust.next_serial(), 120), "159901101", &[Role::Township]);
    let known = world.trust.issue(&world.ops, forgotten.clone()).unwrap();
    let second = Root { ops_keys: vec![new_ops.public()], ..next(world.trust.root()) }.sign(&[&world.root_key]);
    let restored = world.trust.advance(&new_ops, second).unwrap();
    let (learnt, merged) = restored.merge(&known.section()).unwrap();
    assert_eq!((merged.former, merged.certificates), (1, 0));
    (world, learnt, forgotten, new_ops)
}

#[test]
fn whom_the_county_forgot_when_it_changed_its_key_is_known_by_the_former_key_and_does_not_speak() {
    let (world, learnt, forgotten, new_ops) = forgetful();
    assert!(learnt.former().eq([&forgotten]));
    assert_eq!((learnt.signer(forgotten.signing.id()), learnt.certificate(forgotten.serial)), (None, None));
    let log = Genesis { certificate: 0, ..genesis(&world, &desk(forgotten.serial, 120)) };
    assert_eq!(learnt.certificate_of_log(&log), None);
    assert_eq!(learnt.writer_of_log(&log), Some(&forgotten));
    let other = Genesis { certificate: forgotten.serial + 1, ..log };
    assert_eq!(learnt.writer_of_log(&other), None, "that is another PC");
    assert_eq!(TrustStore::decode(&learnt.encode()).unwrap(), learnt);
    assert_eq!(learnt.merge(&learnt.section()).unwrap(), (learnt.clone(), Merged::default()));

    // Certified again, it speaks.
    let again = Certificate { serial: learnt.next_serial(), ..forgotten.clone() };
    let again = learnt.issue(&new_ops, again).unwrap();
    assert!(again.signer(forgotten.signing.id()).is_some());
    assert_eq!(again.writer_of_log(&log), again.certificate_of_log(&log));
    // The very certificate under the new key takes the place of the former one.
    let same = learnt.issue(&new_ops, forgotten).unwrap();
    assert_eq!(same.former().count(), 0);
}

#[test]
fn of_a_former_key_no_county_pc_is_known_and_no_more_than_a_thousand_others() {
    let (world, learnt, _, _) = forgetful();
    let at = |serial: u64, area: &str, role| certificate(world.trust.county(), &desk(serial, 160), area, &[role]);
    let section = |all: Vec<Certificate>| TrustSection {
        certificates: all.into_iter().map(|pc| Signed::new(pc, &[&world.ops])).collect(),
        ..TrustSection::default()
    };
    let (unmoved, merged) = learnt.merge(&section(vec![at(9, "159901", Role::County)])).unwrap();
    assert_eq!((unmoved, merged.outdated, merged.former), (learnt.clone(), 1, 0));
    let flood = (10..1_100).map(|serial| at(serial, "159901101", Role::Township)).collect();
    let (flooded, merged) = learnt.merge(&section(flood)).unwrap();
    assert_eq!((flooded.former().count(), merged.former, merged.outdated), (1_000, 999, 91));
    // Nor is anybody kept whom no operations key of the county ever signed.
    let stranger = TrustSection {
        certificates: vec![Signed::new(at(9, "159901101", Role::Township), &[&signing(99)])],
        ..TrustSection::default()
    };
    assert_eq!(learnt.merge(&stranger).unwrap().0, learnt);
}

#[test]
fn a_pc_whose_number_was_given_to_another_while_it_was_forgotten_is_known_by_the_former_key() {
    let (world, _, forgotten, new_ops) = forgetful();
    let second = Root { ops_keys: vec![new_ops.public()], ..next(world.trust.root()) }.sign(&[&world.root_key]);
    let another = Certificate {
        serial: forgotten.serial,
        ..certificate(world.trust.county(), &desk(9, 140), "159901102", &[Role::Township])
    };
    let restored = world.trust.issue(&world.ops, another.clone()).unwrap().advance(&new_ops, second).unwrap();
    let known = world.trust.issue(&world.ops, forgotten.clone()).unwrap();
    for (one, other) in [(&known, &restored), (&restored, &known)] {
        let (both, _) = one.merge(&other.section()).unwrap();
        assert_eq!(both.certificate(forgotten.serial), Some(&another));
        assert!(both.former().eq([&forgotten]));
    }
}
