//! Of the files of a stolen PC what was written before, of later versions what can be kept, and of any bytes a reason.

use proptest::prelude::{any, proptest};

use super::forge::edited;
use super::world::{draft, fill, genesis, opening_in, range, world};
use crate::section::{self, Manifest};
use crate::{Direction, EnrolmentRequest, Revocation, Suite, TrustSection, inspect, verify_and_open, write};

#[test]
fn a_later_section_that_is_not_critical_is_kept() {
    let world = world();
    let file = edited(&world, |manifest, inside, _| {
        inside.push((0x40, false, b"later".to_vec()));
        manifest.sections.push((0x40, 1));
    });
    let opened = verify_and_open(&file, &world.trust, &world.county.opening).unwrap();
    assert_eq!(opened.unknown, [crate::UnknownSection { kind: 0x40, body: b"later".to_vec() }]);
}

#[test]
fn what_a_stolen_pc_wrote_beyond_its_cut_is_read_only_from_another_that_hands_it_on() {
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
    let cuts = vec![super::world::range(&genesis, &world.a.signing, 1).checkpoint.head];
    let revocation = Revocation { county: trust.county(), number: 1, serial: 2, cuts, reason: "被盗".into() };
    let trust = trust.revoke(&world.ops, revocation).unwrap();
    let opened = verify_and_open(&file, &trust, &world.county.opening).unwrap();
    assert_eq!(opened.ranges[0].entries.len(), 2);
    // Sent by itself it is turned away.
    let mut alone = super::world::draft(&world, &world.a, &to, Direction::Up);
    alone.ranges = vec![range];
    let file = write(&alone, &mut fill).unwrap();
    let refused = verify_and_open(&file, &trust, &world.county.opening).unwrap_err();
    assert!(matches!(refused, crate::Rejection::Revoked(_)), "{refused}");
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

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
