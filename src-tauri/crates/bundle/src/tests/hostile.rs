//! Who may send which way, and what every refusal tells the clerk.

use super::world::{draft, fill, signing, world};
use crate::{Direction, Rejection, verify_and_open, write};

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
        R::PartsDiffer,
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
