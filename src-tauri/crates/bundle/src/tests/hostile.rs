//! Files damaged on the way, and senders we must not hear.

use super::world::{desk, draft, fill, honest, signing, world, world_at};
use crate::{CountyId, Direction, Rejection, Revocation, inspect, verify_and_open, write};

#[test]
fn every_flipped_bit_of_a_bundle_is_noticed() {
    let world = world();
    let file = honest(&world);
    assert!(file.len() < 2200, "kept small: {} bytes, {} flips", file.len(), file.len() * 8);
    let mut bad = file.clone();
    for bit in 0..file.len() * 8 {
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(verify_and_open(&bad, &world.trust, &world.county.opening).is_err(), "bit {bit} of {}", file.len() * 8);
        bad[bit / 8] = file[bit / 8];
    }
    assert!(verify_and_open(&bad, &world.trust, &world.county.opening).is_ok());
}

#[test]
fn every_shortened_bundle_is_an_incomplete_copy() {
    let world = world();
    let file = honest(&world);
    for length in 0..file.len() {
        let rejection = verify_and_open(&file[..length], &world.trust, &world.county.opening).unwrap_err();
        assert_eq!(rejection.code(), "INCOMPLETE_COPY", "{length} of {} bytes", file.len());
    }
}

#[test]
fn appended_bytes_are_damage() {
    let world = world();
    for tail in [&b"\0"[..], b"MBXEND\r\n", &[0; 4096]] {
        let file = [honest(&world).as_slice(), tail].concat();
        let rejection = verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err();
        assert_eq!(rejection.code(), "DAMAGED");
    }
}

#[test]
fn what_mailers_do_to_a_file_is_told_apart_from_a_wrong_file() {
    let file = honest(&world());
    let without_cr: Vec<u8> = file.iter().copied().filter(|b| *b != b'\r').collect();
    let seven_bit: Vec<u8> = file.iter().map(|b| b & 0x7f).collect();
    let replaced = String::from_utf8_lossy(&file).into_owned().into_bytes();
    let unix_to_dos: Vec<u8> =
        file.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
    for mangled in [without_cr, seven_bit, replaced, unix_to_dos] {
        assert_eq!(inspect(&mangled), Err(Rejection::Mangled));
    }
    for other in [&b"PK\x03\x04 a spreadsheet"[..], b"\x89PNG\r\n\x1a\n", b"MBX", &[0; 512]] {
        assert_eq!(inspect(other), Err(Rejection::NotABundle));
    }
}

#[test]
fn numbers_in_the_header_cannot_make_us_allocate() {
    let good = honest(&world());
    let with = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        inspect(&file).unwrap_err().code()
    };
    assert_eq!(with(60, &[0xff; 2]), "TOO_LARGE"); // recipients
    assert_eq!(with(62, &[0xff; 2]), "TOO_LARGE"); // features
    assert_eq!(with(64, &[0xff; 8]), "TOO_LARGE"); // payload length
    assert_eq!(with(104, &[0xff; 8]), "TOO_LARGE"); // plain length
    assert_eq!(with(104, &(1u64 << 30).to_be_bytes()), "TOO_LARGE"); // ratio
    assert_eq!(with(58, &[0xff; 2]), "TOO_LARGE"); // parts
    assert_eq!(with(60, &[0; 2]), "DAMAGED");
    assert_eq!(with(56, &[0; 2]), "DAMAGED");
    assert_eq!(with(56, &[0, 2]), "DAMAGED");
    assert_eq!(with(14, &[9]), "DAMAGED");
}

#[test]
fn a_later_version_or_suite_is_kept_for_a_newer_app() {
    let good = honest(&world());
    for (at, what) in [(9, "container"), (11, "min_reader"), (13, "suite"), (15, "flags")] {
        let mut file = good.clone();
        file[at] = 3;
        assert_eq!(inspect(&file), Err(Rejection::NeedsNewerApp), "{what}");
    }
}

#[test]
fn a_sender_nobody_certified_is_unknown() {
    let world = world();
    let to = [world.county.opening.public()];
    let stranger = desk(2, 200);
    let file = write(&draft(&world, &stranger, &to, Direction::Up), &mut fill).unwrap();
    let rejection = verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err();
    assert_eq!(rejection, Rejection::UnknownSender(stranger.signing.id()));
}

#[test]
fn a_revoked_sender_is_held_for_review() {
    let world = world();
    let file = honest(&world);
    let revocation =
        Revocation {
            county: world.trust.county(), number: 1, serial: 2, cuts: Vec::new(), reason: "电脑被盗".into()
        };
    let after = world.trust.revoke(&world.ops, revocation).unwrap();
    assert_eq!(verify_and_open(&file, &after, &world.county.opening).unwrap_err(), Rejection::Revoked("2号机".into()));

    // The revocation may also arrive in the very bundle that the revoked key signed.
    let to = [world.county.opening.public()];
    let mut own = draft(&world, &world.a, &to, Direction::Up);
    own.trust = Some(after.section());
    let file = write(&own, &mut fill).unwrap();
    assert_eq!(verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err().code(), "REVOKED");
}

#[test]
fn another_county_is_told_apart() {
    let (ours, theirs) = (world(), world_at(90));
    let to = [ours.county.opening.public()];
    let file = write(&draft(&theirs, &theirs.a, &to, Direction::Up), &mut fill).unwrap();
    assert_eq!(verify_and_open(&file, &ours.trust, &ours.county.opening).unwrap_err(), Rejection::OtherCounty);
    // Our own device, claiming the other county's number.
    let mut claim = draft(&ours, &ours.a, &to, Direction::Up);
    claim.county = CountyId([90; 8]);
    let file = write(&claim, &mut fill).unwrap();
    assert_eq!(verify_and_open(&file, &ours.trust, &ours.county.opening).unwrap_err(), Rejection::OtherCounty);
}

#[test]
fn a_township_cannot_speak_for_the_county_nor_the_county_for_a_township() {
    let world = world();
    let to = [world.a.opening.public()];
    for (sender, direction) in
        [(&world.b, Direction::Down), (&world.county, Direction::Up), (&world.county, Direction::Sibling)]
    {
        let file = write(&draft(&world, sender, &to, direction), &mut fill).unwrap();
        assert_eq!(verify_and_open(&file, &world.trust, &world.a.opening).unwrap_err().code(), "NOT_AUTHORISED");
    }
}

#[test]
fn a_signature_by_another_enrolled_key_does_not_pass() {
    let world = world();
    let mut file = honest(&world);
    let signed = 112 + 8;
    let message = [b"mbx/outer/1".as_slice(), &file[..signed]].concat();
    for signature in [world.b.signing.sign(&message), signing(99).sign(&message), [0; 64]] {
        file[signed + 2..signed + 66].copy_from_slice(&signature);
        assert_eq!(verify_and_open(&file, &world.trust, &world.county.opening).unwrap_err(), Rejection::BadSignature);
    }
    file[signed + 2..signed + 66].copy_from_slice(&world.a.signing.sign(&message));
    assert!(verify_and_open(&file, &world.trust, &world.county.opening).is_ok());
}

#[test]
fn every_rejection_says_what_happened_and_that_nothing_changed() {
    use crate::TrustFault as T;
    use Rejection as R;
    let log = mingbai_ledger::LogId([0; 16]);
    let all = [
        R::IncompleteCopy { have: 1, expected: None },
        R::NotABundle,
        R::Mangled,
        R::TooLarge("x"),
        R::NeedsNewerApp,
        R::UnknownSender(signing(1).id()),
        R::UnknownDevice(1),
        R::Revoked("x".into()),
        R::NotForUs,
        R::OtherCounty,
        R::BadSignature,
        R::Damaged("x"),
        R::Malformed("x"),
        R::ManifestMismatch("x"),
        R::ChainBroken { log, seq: 1 },
        R::BadCheckpoint { log, seq: 1 },
        R::NotAuthorised("x".into()),
        R::WordsDiffer,
        R::NotOurRequest,
        R::Trust(T::RootSkipped),
        R::Trust(T::RootConflict),
        R::Trust(T::RootUnsigned),
        R::Trust(T::RootInvalid),
        R::Trust(T::BadSignature),
        R::Trust(T::Conflict),
        R::Trust(T::Rollback),
        R::Trust(T::CounterJump),
        R::Trust(T::Incomplete),
        R::Trust(T::NotOps),
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(R::code).collect();
    assert_eq!(codes.len(), all.len());
    for rejection in all {
        let sentence = rejection.to_string();
        assert!(sentence.contains("没有") && sentence.contains('请') && sentence.ends_with('。'), "{sentence}");
        assert!(rejection.code().bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    }
}
