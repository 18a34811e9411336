//! The hostile insider: an enrolled key signs files that break the rules inside.

use mingbai_ledger::{EntryHash, SetDigest};
use proptest::prelude::{any, proptest};

use super::world::{World, draft, fill, genesis, honest, opening_in, range, world};
use crate::container::{self, Outer};
use crate::section::{self, Manifest, Sections, kind};
use crate::{
    Checkpoint, Direction, EnrolmentRequest, Rejection, Revocation, Suite, TrustSection, inspect, verify_and_open,
    write,
};

type Inside = Vec<(u8, bool, Vec<u8>)>;

/// Opens A's file, lets `edit` change manifest and sections, and seals and signs it again with A's key.
fn reforge(world: &World, file: &[u8], edit: impl FnOnce(&mut Manifest, &mut Inside, &mut Outer)) -> Vec<u8> {
    let frame = container::frame(file).unwrap();
    let mut outer = frame.outer.clone();
    let plain =
        outer.suite.open(frame.payload, outer.recipients.len(), outer.plain_len, &world.county.opening).unwrap();
    let sections = section::split(&plain).unwrap();
    let mut manifest = Manifest::decode(sections[0].body).unwrap();
    let mut inside: Inside = sections[1..].iter().map(|s| (s.kind, true, s.body.to_vec())).collect();
    edit(&mut manifest, &mut inside, &mut outer);
    // Several rounds settle the length of a payload that states its own length.
    let mut plain = Vec::new();
    for _ in 0..4 {
        let mut all = Sections::new();
        all.push(kind::MANIFEST, true, &manifest.encode()).unwrap();
        inside.iter().for_each(|(kind, critical, body)| all.push(*kind, *critical, body).unwrap());
        plain = all.finish().unwrap();
        manifest.plain_len = plain.len() as u64;
    }
    outer.plain_len = plain.len() as u64;
    sealed(world, &plain, &outer)
}

fn sealed(world: &World, plain: &[u8], outer: &Outer) -> Vec<u8> {
    let payload = outer.suite.seal(plain, &[world.county.opening.public()]).unwrap();
    container::assemble(outer, &world.a.signing, &payload)
}

fn rejected(edit: impl FnOnce(&mut Manifest, &mut Inside, &mut Outer)) -> &'static str {
    let world = world();
    let file = reforge(&world, &honest(&world), edit);
    verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err().code()
}

fn body(inside: &mut Inside, of: u8) -> &mut Vec<u8> {
    &mut inside.iter_mut().find(|(kind, ..)| *kind == of).unwrap().2
}

#[test]
fn reforging_without_a_change_gives_a_good_file() {
    let world = world();
    let file = reforge(&world, &honest(&world), |_, _, _| {});
    assert!(verify_and_open(&file, &world.trust, &world.county.opening).is_ok());
}

#[test]
fn a_payload_under_another_header_is_noticed() {
    assert_eq!(rejected(|_, _, outer| outer.bundle_no += 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|_, _, outer| outer.bundle_id[0] ^= 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|_, _, outer| outer.parts = 2), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|_, _, outer| outer.direction = Direction::Sibling), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| manifest.sender.0[0] ^= 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| manifest.county.0[0] ^= 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| manifest.recipients.clear()), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| manifest.suite = 2), "MANIFEST_MISMATCH");
}

#[test]
fn anothers_sealed_payload_cannot_be_sent_as_ones_own() {
    let world = world();
    let of_b = {
        let to = [world.county.opening.public()];
        write(&draft(&world, &world.b, &to, Direction::Up), &mut fill).unwrap()
    };
    let frame = container::frame(&of_b).unwrap();
    let rewrapped = container::assemble(&frame.outer, &world.a.signing, frame.payload);
    let rejection = verify_and_open(&rewrapped, &world.trust, &world.county.opening).unwrap_err();
    assert_eq!(rejection, Rejection::ManifestMismatch("发送方"));
}

#[test]
fn a_recipient_added_outside_has_no_stanza_inside() {
    let world = world();
    let file = honest(&world);
    let frame = container::frame(&file).unwrap();
    let mut outer = frame.outer.clone();
    outer.recipients.push(world.b.opening.id());
    let edited = container::assemble(&outer, &world.a.signing, frame.payload);
    for key in [&world.county.opening, &world.b.opening] {
        assert_eq!(verify_and_open(&edited, &world.trust, key).unwrap_err().code(), "MALFORMED");
    }
}

#[test]
fn a_required_feature_we_lack_needs_a_newer_app() {
    assert_eq!(rejected(|_, _, outer| outer.features.push(1)), "NEEDS_NEWER_APP");
    assert_eq!(
        rejected(|manifest, inside, _| {
            inside.push((0x40, true, b"later".to_vec()));
            manifest.sections.push((0x40, 1));
        }),
        "NEEDS_NEWER_APP"
    );
}

#[test]
fn a_later_section_that_is_not_critical_is_kept() {
    let world = world();
    let file = reforge(&world, &honest(&world), |manifest, inside, _| {
        inside.push((0x40, false, b"later".to_vec()));
        manifest.sections.push((0x40, 1));
    });
    let opened = verify_and_open(&file, &world.trust, &world.county.opening).unwrap();
    assert_eq!(opened.unknown, [crate::UnknownSection { kind: 0x40, body: b"later".to_vec() }]);
}

#[test]
fn sections_other_than_announced_are_noticed() {
    assert_eq!(rejected(|_, inside, _| inside.push((kind::POLICY, false, Vec::new()))), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|_, inside, _| drop(inside.pop())), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| manifest.ranges.clear()), "MANIFEST_MISMATCH");
    assert_eq!(
        rejected(|manifest, inside, _| {
            let twice = inside[0].clone();
            inside.insert(0, twice);
            manifest.sections[0].1 += 1;
        }),
        "MALFORMED"
    );
}

#[test]
fn ranges_that_lie_about_their_entries_are_noticed() {
    assert_eq!(rejected(|manifest, _, _| manifest.ranges[0].to += 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| manifest.ranges[0].from = 0), "MANIFEST_MISMATCH");
    assert_eq!(
        rejected(|manifest, _, _| (manifest.ranges[0].from, manifest.ranges[0].to) = (u64::MAX, 0)),
        "MANIFEST_MISMATCH"
    );
    assert_eq!(rejected(|manifest, _, _| manifest.ranges[0].log.0[0] ^= 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|manifest, _, _| (manifest.ranges[0].from, manifest.ranges[0].to) = (5, 6)), "CHAIN_BROKEN");
    assert_eq!(rejected(|manifest, _, _| manifest.ranges[0].previous.0[0] ^= 1), "CHAIN_BROKEN");
    assert_eq!(rejected(|manifest, _, _| manifest.ranges[0].head.0[0] ^= 1), "CHAIN_BROKEN");
}

#[test]
fn changed_entries_break_the_chain() {
    assert_eq!(rejected(|_, inside, _| *body(inside, kind::ENTRIES).last_mut().unwrap() ^= 1), "CHAIN_BROKEN");
    // An entry that is not deterministic CBOR.
    assert_eq!(rejected(|_, inside, _| *body(inside, kind::ENTRIES).last_mut().unwrap() = 0xff), "MALFORMED");
    // Another log index, a count that is too large, a byte too many.
    assert_eq!(rejected(|_, inside, _| body(inside, kind::ENTRIES)[3] = 1), "MANIFEST_MISMATCH");
    assert_eq!(rejected(|_, inside, _| body(inside, kind::ENTRIES)[4] = 0xff), "MALFORMED");
    assert_eq!(rejected(|_, inside, _| body(inside, kind::ENTRIES).push(0)), "MALFORMED");
}

#[test]
fn a_rewritten_history_needs_the_key_of_its_log() {
    // A rewrites an entry of its own log consistently, but signs the checkpoint with another key or for another entry.
    let forged = |sign: &dyn Fn(&World, mingbai_ledger::Head) -> Checkpoint| {
        let world = world();
        let genesis = genesis(&world, &world.a);
        let honest_range = range(&genesis, &world.a.signing, 2);
        let checkpoint = sign(&world, honest_range.checkpoint.head);
        let file = reforge(&world, &honest(&world), |_, inside, _| {
            *body(inside, kind::CHECKPOINT) = section::encode_checkpoints(&[checkpoint]);
        });
        verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err().code()
    };
    let state = SetDigest::default();
    assert_eq!(forged(&|w, head| Checkpoint::sign(&w.b.signing, head, 2, state)), "BAD_CHECKPOINT");
    assert_eq!(
        forged(&|w, mut head| {
            head.seq = 1;
            Checkpoint::sign(&w.a.signing, head, 2, state)
        }),
        "BAD_CHECKPOINT"
    );
    assert_eq!(
        forged(&|w, mut head| {
            head.hash = EntryHash([0; 32]);
            Checkpoint::sign(&w.a.signing, head, 2, state)
        }),
        "BAD_CHECKPOINT"
    );
    assert_eq!(
        forged(&|w, head| Checkpoint { count: 3, ..Checkpoint::sign(&w.a.signing, head, 2, state) }),
        "BAD_CHECKPOINT"
    );
}

#[test]
fn a_township_cannot_send_the_log_of_its_neighbour() {
    let world = world();
    let to = [world.county.opening.public()];
    let mut draft = draft(&world, &world.a, &to, Direction::Up);
    draft.ranges = vec![range(&genesis(&world, &world.b), &world.b.signing, 2)];
    let file = write(&draft, &mut fill).unwrap();
    let rejection = verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err();
    assert_eq!(rejection, Rejection::NotAuthorised("2号机".into()));
}

#[test]
fn a_log_of_an_uncertified_key_or_of_another_county_is_refused() {
    let world = world();
    let to = [world.county.opening.public()];
    let send = |edit: &dyn Fn(&mut mingbai_ledger::Genesis)| {
        let mut genesis = genesis(&world, &world.a);
        edit(&mut genesis);
        let mut draft = draft(&world, &world.a, &to, Direction::Up);
        draft.ranges = vec![range(&genesis, &world.a.signing, 1)];
        let file = write(&draft, &mut fill).unwrap();
        verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err().code()
    };
    assert_eq!(send(&|g| g.certificate = 99), "UNKNOWN_DEVICE");
    assert_eq!(send(&|g| g.certificate = 3), "UNKNOWN_DEVICE");
    assert_eq!(send(&|g| g.county = [1; 8]), "OTHER_COUNTY");
}

#[test]
fn of_a_stolen_pc_the_entries_up_to_the_cut_stay_good() {
    let world = world();
    // A second PC of the same centre carries the log of the stolen one.
    let second = super::world::desk(4, 150);
    let certificate = super::world::certificate(world.trust.county(), &second, "159901101", &[crate::Role::Township]);
    let genesis = genesis(&world, &world.a);
    let range = range(&genesis, &world.a.signing, 2);
    let trust = world.trust.issue(&world.ops, certificate).unwrap();
    let to = [world.county.opening.public()];
    let mut draft = draft(&world, &second, &to, Direction::Up);
    draft.ranges = vec![range.clone()];
    let file = write(&draft, &mut fill).unwrap();
    let after = |cuts| {
        let revocation = Revocation { county: trust.county(), number: 1, serial: 2, cuts, reason: "被盗".into() };
        let trust = trust.revoke(&world.ops, revocation).unwrap();
        verify_and_open(&file, &trust, &world.county.opening).map(|opened| opened.ranges.len())
    };
    let head = range.checkpoint.head;
    let revoked = Err(Rejection::Revoked("2号机".into()));
    assert_eq!(after(vec![head]), Ok(1));
    assert_eq!(after(vec![mingbai_ledger::Head { seq: 1, ..head }]), revoked);
    assert_eq!(after(vec![mingbai_ledger::Head { hash: EntryHash([1; 32]), ..head }]), revoked);
    assert_eq!(after(Vec::new()), revoked);
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

    /// An insider's payload with any one byte changed and everything re-hashed, re-sealed and re-signed either fails
    /// with a reason or opens; it never panics, and never yields other entries than the checkpoint covers.
    #[test]
    fn a_changed_byte_behind_good_signatures_does_no_harm(at in any::<usize>(), value in any::<u8>()) {
        let world = world();
        let file = honest(&world);
        let frame = container::frame(&file).unwrap();
        let plain = frame.outer.suite.open(frame.payload, 1, frame.outer.plain_len, &world.county.opening).unwrap();
        let mut body = plain[..plain.len() - section::END_LENGTH].to_vec();
        let at = at % body.len();
        body[at] = value;
        use sha2::Digest;
        let hash = sha2::Sha256::digest(&body);
        let mut end = plain[plain.len() - section::END_LENGTH..].to_vec();
        end[section::HEADER_LENGTH + 4..].copy_from_slice(&hash);
        body.extend_from_slice(&end);
        let forged = sealed(&world, &body, &frame.outer);
        if let Ok(opened) = verify_and_open(&forged, &world.trust, &world.county.opening) {
            let sent: Vec<_> = opened.ranges.iter().flat_map(|r| r.entries.iter().map(|e| e.bytes.clone())).collect();
            proptest::prop_assert_eq!(sent, super::world::entries(1, 2));
        }
    }

    /// Whatever the bytes, readers answer with a reason.
    #[test]
    fn readers_survive_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), keep in 0usize..16) {
        let with_magic = |magic: &[u8]| [&magic[..keep.min(magic.len())], &bytes].concat();
        let start = *b"\x89MBX\r\n\x1a\n\0\x01\0\x01\0\x01\x01\0";
        proptest::prop_assert!(inspect(&with_magic(&start)).is_err());
        proptest::prop_assert!(EnrolmentRequest::open(&with_magic(b"\x89MBQ\r\n\x1a\n\0\x01\0\x01")).is_err());
        let mut suite_2 = start;
        suite_2[13] = 2;
        proptest::prop_assert!(inspect(&with_magic(&suite_2)).is_err());
        let envelope = [b"mbx-sm/1\0\x01".as_slice(), &bytes].concat();
        proptest::prop_assert!(Suite::Two.open(&envelope, 1, 100, &opening_in(Suite::Two, 7)).is_err());
        proptest::prop_assert!(TrustSection::decode(&bytes).is_err());
        proptest::prop_assert!(Manifest::decode(&bytes).is_err());
        proptest::prop_assert!(section::split(&bytes).is_err());
    }
}
