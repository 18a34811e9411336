//! Suite 2 end to end, and the wall between the suites: keys, signatures, certificates and payloads of one are worth
//! nothing in the other.

use super::world::{
    SUITES, World, certificate, desk_in, draft, fill, genesis, honest, opening_in, range, root_in, signing_in, world_in,
};
use crate::container;
use crate::{
    Ack, AckLevel, Direction, EnrolmentRequest, MembershipDraft, Pin, Rejection, RequestFacts, Role, Root, SealError,
    Suite, TrustFault, TrustSection, TrustStore, WriteError, inspect, open_membership, preview_membership,
    verify_and_open, write, write_membership,
};

#[test]
fn what_a_township_sends_in_suite_2_arrives_whole() {
    let world = world_in(Suite::Two);
    let to = [world.county.opening.public(), world.b.opening.public()];
    let genesis = genesis(&world, &world.a);
    let mut draft = draft(&world, &world.a, &to, Direction::Up);
    draft.ranges = vec![range(&genesis, &world.a.signing, 300)];
    draft.acks = vec![Ack { head: genesis.head(), level: AckLevel::Applied }];
    draft.trust = Some(world.trust.section());
    draft.blobs = vec![vec![7; 300_000]];
    let file = write(&draft, &mut fill).unwrap();
    assert_eq!(&file[12..14], [0, 2]);
    for key in [&world.county.opening, &world.b.opening] {
        let opened = verify_and_open(&file, &world.trust, key).unwrap();
        assert_eq!((opened.outer.suite, opened.manifest.suite, opened.sender.serial), (Suite::Two, 2, 2));
        assert!(opened.ranges[0].entries.iter().map(|entry| &entry.bytes).eq(&draft.ranges[0].entries));
        assert_eq!((&opened.acks, &opened.blobs, &opened.trust), (&draft.acks, &draft.blobs, &world.trust));
    }
    assert_eq!(verify_and_open(&file, &world.trust, &world.a.opening).unwrap_err(), Rejection::NotForUs);
}

#[test]
fn the_trust_of_a_suite_2_county_survives_being_written_down() {
    let world = world_in(Suite::Two);
    assert_eq!(TrustStore::decode(&world.trust.encode()).unwrap(), world.trust);
    assert_eq!(world.trust.root().suite, 2);
    // Every bit of what is kept is covered by a signature, or is one.
    let kept = world.trust.encode();
    let mut bad = kept.clone();
    for at in 0..kept.len() {
        bad[at] ^= 1 << (at % 8);
        let read = TrustStore::decode(&bad);
        assert!(read.is_err() || read.is_ok_and(|trust| trust != world.trust), "byte {at} of {}", kept.len());
        bad[at] = kept[at];
    }
}

#[test]
fn a_log_of_suite_2_is_bound_to_its_key_by_hash() {
    let world = world_in(Suite::Two);
    let to = [world.county.opening.public()];
    let mut early = genesis(&world, &world.a);
    (early.certificate, early.county) = (0, [0; 8]);
    for genesis in [genesis(&world, &world.a), early] {
        let mut draft = draft(&world, &world.a, &to, Direction::Up);
        draft.ranges = vec![range(&genesis, &world.a.signing, 1)];
        let file = write(&draft, &mut fill).unwrap();
        let opened = verify_and_open(&file, &world.trust, &world.county.opening).unwrap();
        assert_eq!(opened.ranges[0].device.serial, 2);
    }
    // The name of another key in the genesis: nobody's log.
    let mut other = genesis(&world, &world.a);
    other.device_key = signing_in(Suite::Two, 99).public().log_key();
    let mut draft = draft(&world, &world.a, &to, Direction::Up);
    draft.ranges = vec![range(&other, &world.a.signing, 1)];
    let file = write(&draft, &mut fill).unwrap();
    let rejection = verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err();
    assert_eq!(rejection, Rejection::UnknownDevice(2));
}

#[test]
fn a_checkpoint_of_suite_2_by_another_key_is_not_written_where_the_key_is_known() {
    let world = world_in(Suite::Two);
    let to = [world.county.opening.public()];
    let mut own = draft(&world, &world.a, &to, Direction::Up);
    own.ranges = vec![range(&genesis(&world, &world.a), &world.b.signing, 1)];
    assert_eq!(write(&own, &mut fill).unwrap_err(), WriteError::Checkpoint);
    // Of a neighbour's log the certificates sent along tell, and without them the reader.
    let mut carried = draft(&world, &world.county, &to, Direction::Down);
    carried.ranges = vec![range(&genesis(&world, &world.b), &world.a.signing, 1)];
    let file = write(&carried, &mut fill).unwrap();
    let rejection = verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err();
    assert_eq!(rejection.code(), "BAD_CHECKPOINT");
    carried.trust = Some(world.trust.section());
    assert_eq!(write(&carried, &mut fill).unwrap_err(), WriteError::Checkpoint);
}

#[test]
fn a_key_of_one_suite_never_verifies_a_file_of_the_other() {
    let [one, two] = SUITES.map(world_in);
    for (ours, theirs) in [(&one, &two), (&two, &one)] {
        let file = honest(theirs);
        let rejection = verify_and_open(&file, &ours.trust, &ours.county.opening).unwrap_err();
        assert_eq!(rejection, Rejection::UnknownSender(theirs.a.signing.id()));
        // The right sender, whose file claims to be of the other suite, signed by the sender's own key.
        let honest = honest(ours);
        let frame = container::frame(&honest).unwrap();
        let mut outer = frame.outer.clone();
        outer.suite = theirs.a.signing.suite();
        let relabelled = container::assemble(&outer, &ours.a.signing, frame.payload);
        let rejection = verify_and_open(&relabelled, &ours.trust, &ours.county.opening).unwrap_err();
        assert_eq!(rejection, Rejection::BadSignature);
        // The file of one suite as it is, with the number of the other.
        let mut renumbered = honest.clone();
        renumbered[13] = outer.suite.number() as u8;
        let rejection = verify_and_open(&renumbered, &ours.trust, &ours.county.opening).unwrap_err();
        assert_eq!(rejection, Rejection::BadSignature);
    }
}

#[test]
fn signatures_of_one_suite_are_none_in_the_other() {
    let [one, two] = SUITES.map(|suite| signing_in(suite, 5));
    let message = b"mbx/outer/1 message";
    for (key, other) in [(&one, &two), (&two, &one)] {
        let signature = key.sign(message);
        assert!(key.public().suite().verify(&key.public(), b"mbx/outer/1", b" message", &signature));
        assert!(!other.public().suite().verify(&key.public(), b"mbx/outer/1", b" message", &signature));
        assert!(!key.public().suite().verify(&other.public(), b"mbx/outer/1", b" message", &signature));
        assert!(!other.public().verifies(message, &signature));
    }
    assert_ne!(one.id(), two.id());
}

#[test]
fn a_bundle_to_a_recipient_of_the_other_suite_is_not_written() {
    let [one, two] = SUITES.map(world_in);
    for (from, to) in [(&one, &two), (&two, &one)] {
        for to in [vec![to.county.opening.public()], vec![from.county.opening.public(), to.county.opening.public()]] {
            let failure = write(&draft(from, &from.a, &to, Direction::Up), &mut fill).unwrap_err();
            assert_eq!((failure, failure.code()), (WriteError::Seal(SealError::Suites), "MIXED_SUITES"));
        }
    }
}

#[test]
fn a_root_with_a_key_of_another_suite_than_it_names_founds_nothing() {
    for (suite, other) in [(Suite::One, Suite::Two), (Suite::Two, Suite::One)] {
        let (own, alien) = (signing_in(suite, 10), signing_in(other, 10));
        let found = |edit: &dyn Fn(&mut Root)| {
            let mut root = root_in(suite, 10);
            edit(&mut root);
            TrustStore::found(root.sign(&[&own, &alien])).map(drop)
        };
        assert_eq!(found(&|_| {}), Ok(()));
        let invalid = Err(Rejection::Trust(TrustFault::RootInvalid));
        assert_eq!(found(&|r| r.suite = other.number()), invalid);
        assert_eq!(found(&|r| r.root_keys = vec![alien.public()]), invalid);
        assert_eq!(found(&|r| r.root_keys.push(alien.public())), invalid);
        assert_eq!(found(&|r| r.ops_keys.push(alien.public())), invalid);
        assert_eq!(found(&|r| r.sealing_key = opening_in(other, 21).public()), invalid);
        assert_eq!(found(&|r| r.suite = 3), Err(Rejection::NeedsNewerApp));
    }
}

#[test]
fn a_county_does_not_change_its_suite() {
    for (suite, other) in [(Suite::One, Suite::Two), (Suite::Two, Suite::One)] {
        let world = world_in(suite);
        let next = Root { version: 2, ..root_in(other, 10) }.sign(&[&world.root_key, &signing_in(other, 10)]);
        let section = TrustSection { roots: vec![next], ..TrustSection::default() };
        let rejection = world.trust.merge(&section).unwrap_err();
        assert_eq!(rejection, Rejection::Trust(TrustFault::RootInvalid));
    }
}

#[test]
fn a_device_of_another_suite_is_not_certified() {
    for (suite, other) in [(Suite::One, Suite::Two), (Suite::Two, Suite::One)] {
        let world = world_in(suite);
        let of = |desk| certificate(world.trust.county(), &desk, "159901103", &[Role::Township]);
        let issue = |certificate| world.trust.issue(&world.ops, certificate).map(drop);
        assert_eq!(issue(of(desk_in(suite, 4, 120))), Ok(()));
        assert_eq!(issue(of(desk_in(other, 4, 120))), Err(Rejection::Malformed("证书的密码算法")));
        // Nor one that signs in one suite and is sealed to in the other.
        let mut mixed = of(desk_in(suite, 4, 120));
        mixed.sealing = opening_in(other, 121).public();
        assert_eq!(issue(mixed), Err(Rejection::Malformed("公钥的密码算法")));
    }
}

fn facts(suite: Suite) -> RequestFacts {
    RequestFacts {
        device: "公卫科1号机".into(),
        area: "159901103".into(),
        unit: "青山镇卫生院".into(),
        signing: signing_in(suite, 120).public(),
        sealing: opening_in(suite, 121).public(),
        nonce: [3; 16],
    }
}

/// Certifies the device of the request and answers it.
fn approve(world: &World, suite: Suite, request: &EnrolmentRequest) -> (TrustStore, Vec<u8>) {
    let serial = world.trust.next_serial();
    let device = certificate(world.trust.county(), &desk_in(suite, serial, 120), "159901103", &[Role::Township]);
    let trust = world.trust.issue(&world.ops, device).unwrap();
    let draft = MembershipDraft { trust: &trust, serial, request, areas: Some(b"villages") };
    let file = write_membership(&draft, &world.ops).unwrap();
    (trust, file)
}

#[test]
fn a_device_joins_a_suite_2_county() {
    let world = world_in(Suite::Two);
    let request = EnrolmentRequest::sign(&facts(Suite::Two), &signing_in(Suite::Two, 120)).unwrap();
    let received = EnrolmentRequest::open(request.bytes()).unwrap();
    assert_eq!((received.facts(), received.words()), (&facts(Suite::Two), request.words()));
    let (trust, file) = approve(&world, Suite::Two, &received);
    let key = opening_in(Suite::Two, 121);
    let preview = preview_membership(&file, &key, &request).unwrap();
    assert_eq!((preview.certificate.serial, preview.words), (4, world.trust.words()));
    let joined = open_membership(&file, &key, &request, Pin::Words(&world.trust.words())).unwrap();
    assert_eq!((joined.trust, joined.areas.as_deref()), (trust.clone(), Some(b"villages".as_slice())));
    // One bit of every byte, another from byte to byte.
    let mut bad = file.clone();
    for at in 0..file.len() {
        bad[at] ^= 1 << (at % 8);
        assert!(open_membership(&bad, &key, &request, Pin::Known(&trust)).is_err(), "byte {at} of {}", file.len());
        bad[at] = file[at];
    }
}

#[test]
fn every_flipped_bit_of_a_suite_2_request_is_noticed() {
    let file = EnrolmentRequest::sign(&facts(Suite::Two), &signing_in(Suite::Two, 120)).unwrap().bytes().to_vec();
    let mut bad = file.clone();
    for bit in 0..file.len() * 8 {
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(EnrolmentRequest::open(&bad).is_err(), "bit {bit} of {}", file.len() * 8);
        bad[bit / 8] = file[bit / 8];
    }
}

#[test]
fn a_request_with_keys_of_two_suites_is_refused() {
    for (suite, other) in [(Suite::One, Suite::Two), (Suite::Two, Suite::One)] {
        let sealing = RequestFacts { sealing: opening_in(other, 121).public(), ..facts(suite) };
        let refused = EnrolmentRequest::sign(&sealing, &signing_in(suite, 120)).unwrap_err();
        assert_eq!(refused, Rejection::Malformed("公钥的密码算法"));
        let refused = EnrolmentRequest::sign(&facts(suite), &signing_in(other, 120)).unwrap_err();
        assert_eq!(refused, Rejection::BadSignature);
    }
}

#[test]
fn the_outside_tells_the_suite_to_anybody() {
    for suite in SUITES {
        assert_eq!(inspect(&honest(&world_in(suite))).unwrap().suite, suite);
    }
}
