use mingbai_ledger::Head;

use super::world::{draft, fill, genesis, honest, range, range_after, world};
use crate::{
    Ack, AckLevel, Direction, RangeDraft, Rejection, StateSummary, WriteError, inspect, verify, verify_and_open, write,
};

#[test]
fn what_a_township_sends_arrives_whole() {
    let world = world();
    let to = [world.county.opening.public(), world.b.opening.public()];
    let genesis = genesis(&world, &world.a);
    let head = Head { seq: 41, ..genesis.head() };
    let mut draft = draft(&world, &world.a, &to, Direction::Up);
    draft.ranges = vec![range(&genesis, &world.a.signing, 300)];
    draft.have = vec![head];
    draft.acks = vec![Ack { head, level: AckLevel::Applied }];
    draft.trust = Some(world.trust.section());
    draft.state =
        Some(StateSummary { rows: vec![(1, 303), (2, 1110)], digest: Default::default(), aside: Some(vec![head]) });
    draft.policies = vec![b"policy".to_vec()];
    draft.directives = vec![b"directive".to_vec()];
    draft.blobs = vec![b"blob".to_vec(), Vec::new()];
    draft.snapshots = vec![b"snapshot".to_vec()];
    let file = write(&draft, &mut fill).unwrap();

    for key in [&world.county.opening, &world.b.opening] {
        let opened = verify_and_open(&file, &world.trust, key).unwrap();
        assert_eq!(opened.outer, inspect(&file).unwrap());
        assert_eq!(opened.outer.bundle_id, [0x5a; 16]);
        assert_eq!((opened.sender.serial, opened.manifest.bundle_no, opened.manifest.schema), (2, 7, 1));
        assert_eq!(
            (opened.manifest.app.as_str(), opened.manifest.wall_ms, opened.manifest.hlc),
            ("0.1.0", 1_700_000_000_000, 9)
        );
        let [range] = opened.ranges.as_slice() else { panic!("one range") };
        assert_eq!((range.range.from, range.range.to, range.device.serial), (1, 300, 2));
        assert!(range.entries.iter().map(|e| &e.bytes).eq(&draft.ranges[0].entries));
        assert!(range.entries.iter().map(|e| e.seq).eq(1..=300));
        assert_eq!(range.entries[299].hash, range.checkpoint.head.hash);
        assert_eq!(
            (&opened.manifest.have, &opened.acks, &opened.manifest.state),
            (&draft.have, &draft.acks, &draft.state)
        );
        assert_eq!((&opened.policies, &opened.directives), (&draft.policies, &draft.directives));
        assert_eq!((&opened.blobs, &opened.snapshots), (&draft.blobs, &draft.snapshots));
        assert_eq!(opened.trust, world.trust);
        assert!(opened.unknown.is_empty());
    }
}

#[test]
fn the_county_answers_with_a_receipt_and_no_entries() {
    let world = world();
    let to = [world.a.opening.public()];
    let mut draft = draft(&world, &world.county, &to, Direction::Down);
    draft.ranges.clear();
    let head = Head { seq: 2, ..genesis(&world, &world.a).head() };
    draft.acks = vec![Ack { head, level: AckLevel::Safe }];
    let file = write(&draft, &mut fill).unwrap();
    let opened = verify_and_open(&file, &world.trust, &world.a.opening).unwrap();
    assert_eq!((opened.acks, opened.ranges.len()), (draft.acks, 0));
}

#[test]
fn anybody_sees_the_outside_and_nobody_without_a_key_the_inside() {
    let world = world();
    let file = honest(&world);
    let outer = inspect(&file).unwrap();
    assert_eq!((outer.direction, outer.sender, outer.bundle_no), (Direction::Up, world.a.signing.id(), 7));
    assert_eq!((outer.part, outer.parts, outer.file_len), (1, 1, file.len() as u64));
    assert_eq!(outer.recipients, [world.county.opening.id()]);
    assert_eq!(verify(&file, &world.trust).unwrap().1.serial, 2);
    assert_eq!(verify_and_open(&file, &world.trust, &world.b.opening).unwrap_err(), Rejection::NotForUs);
}

#[test]
fn a_log_may_travel_in_pieces_and_in_parts() {
    let world = world();
    let to = [world.county.opening.public()];
    let genesis = genesis(&world, &world.a);
    let first = range(&genesis, &world.a.signing, 3);
    let second = range_after(&genesis, &world.a.signing, first.checkpoint.head, 2);
    for (part, range) in [(1, first), (2, second)] {
        let mut draft = draft(&world, &world.a, &to, Direction::Up);
        draft.part = (part, 2);
        draft.bundle_id = Some([9; 16]);
        draft.ranges = vec![range];
        let opened = verify_and_open(&write(&draft, &mut fill).unwrap(), &world.trust, &world.county.opening).unwrap();
        assert_eq!((opened.outer.bundle_id, opened.outer.part, opened.outer.parts), ([9; 16], part, 2));
        assert_eq!(opened.ranges[0].range.from, if part == 1 { 1 } else { 4 });
    }
}

#[test]
fn a_log_begun_before_joining_is_known_by_its_key() {
    let world = world();
    let to = [world.county.opening.public()];
    let mut early = genesis(&world, &world.a);
    (early.certificate, early.county) = (0, [0; 8]);
    let mut draft = draft(&world, &world.a, &to, Direction::Up);
    draft.ranges = vec![range(&early, &world.a.signing, 1)];
    let opened = verify_and_open(&write(&draft, &mut fill).unwrap(), &world.trust, &world.county.opening).unwrap();
    assert_eq!(opened.ranges[0].device.serial, 2);
}

#[test]
fn a_draft_that_contradicts_itself_is_not_written() {
    let world = world();
    let to = [world.county.opening.public()];
    let attempt = |edit: &dyn Fn(&mut RangeDraft), part| {
        let mut draft = draft(&world, &world.a, &to, Direction::Up);
        draft.part = part;
        edit(&mut draft.ranges[0]);
        write(&draft, &mut fill).unwrap_err()
    };
    let whole = (1, 1);
    assert_eq!(attempt(&|_| {}, (0, 1)), WriteError::Part);
    assert_eq!(attempt(&|_| {}, (2, 1)), WriteError::Part);
    assert_eq!(attempt(&|r| r.entries.clear(), whole), WriteError::Range);
    assert_eq!(attempt(&|r| r.entries[0].clear(), whole), WriteError::Range);
    assert_eq!(attempt(&|r| r.from = 0, whole), WriteError::Range);
    assert_eq!(attempt(&|r| r.from = 1 << 48, whole), WriteError::Range);
    assert_eq!(attempt(&|r| r.from = u64::MAX, whole), WriteError::Range);
    assert_eq!(attempt(&|r| r.previous.0[0] ^= 1, whole), WriteError::Range);
    assert_eq!(attempt(&|r| r.entries.truncate(1), whole), WriteError::Checkpoint);
    assert_eq!(attempt(&|r| r.checkpoint.count += 1, whole), WriteError::Checkpoint);
}
