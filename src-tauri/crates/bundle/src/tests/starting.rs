//! A county that changes hands, loses its PC, or starts again; a PC that changes its keys; a root on its way from holder
//! to holder.

use std::collections::BTreeSet;

use mingbai_ledger::{EntryHash, Head};

use super::world::{certificate, desk, draft, fill, genesis, honest, opening, range, range_after, signing, world};
use crate::{
    Certificate, Checkpoint, Direction, EnrolmentRequest, FeedProof, Rejection, RequestFacts, Revocation, Role, Root,
    Signed, Standing, TrustFault, TrustFile, TrustSection, TrustStore, verify_and_open, write,
};

fn successor(of: &Root) -> Root {
    Root { version: of.version + 1, ..of.clone() }
}

fn names(of: &[&str]) -> Vec<String> {
    of.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_root_goes_from_holder_to_holder_as_a_file_until_enough_have_signed() {
    let world = world();
    let (a, b, c) = (signing(201), signing(202), signing(203));
    let holders = [&a, &b, &c];
    let root = Root {
        root_keys: holders.iter().map(|key| key.public()).collect(),
        holders: names(&["主任", "信息科", "县医保局"]),
        threshold: 2,
        ..successor(world.trust.root())
    };
    let proposed = root.sign(&[&world.root_key]);
    let standing = |root: &Signed<Root>| root.standing(world.trust.root());
    assert_eq!(standing(&proposed), Standing { old: 1, old_needed: 1, new: 0, new_needed: 2 });

    // One holder signs on Monday, another on Friday on a copy of the first file.
    let mut monday = Signed::from_file(&proposed.to_file()).unwrap();
    monday.countersign(&a);
    let mut friday = Signed::from_file(&proposed.to_file()).unwrap();
    friday.countersign(&c);
    friday.countersign(&c);
    assert!(!standing(&friday).is_met(), "one holder twice is one holder");
    // Whoever is no holder may sign as often as he likes; it is not carried along.
    let strangers: Vec<_> = (1..60).map(signing).collect();
    strangers.iter().for_each(|stranger| friday.countersign(stranger));
    monday.gather(&friday, world.trust.root()).unwrap();
    monday.gather(&friday, world.trust.root()).unwrap();
    assert_eq!(standing(&monday), Standing { old: 1, old_needed: 1, new: 2, new_needed: 2 });
    assert!(monday.has_signed(&c.public()) && !monday.has_signed(&b.public()));
    assert_eq!(monday.signatures().len(), 3);

    let trust = world.trust.advance(&world.ops, Signed::from_file(&monday.to_file()).unwrap()).unwrap();
    assert_eq!(trust.root().holder(&b.public()), Some("信息科"));
    assert_eq!(TrustStore::decode(&trust.encode()).unwrap(), trust, "the names are kept");

    let mut other = successor(world.trust.root()).sign(&[&world.root_key]);
    assert_eq!(other.gather(&monday, world.trust.root()), Err(TrustFault::RootConflict.into()));
}

#[test]
fn a_root_file_that_is_cut_or_changed_is_not_read_as_another_root() {
    let world = world();
    let root = successor(world.trust.root()).sign(&[&world.root_key]);
    let file = root.to_file();
    for end in 0..file.len() {
        assert_eq!(Signed::<Root>::from_file(&file[..end]).unwrap_err().code(), "INCOMPLETE_COPY", "{end}");
    }
    for at in 0..file.len() {
        let mut bad = file.clone();
        bad[at] ^= 1;
        let met = |root: Signed<Root>| root.standing(world.trust.root()).is_met();
        assert!(!Signed::<Root>::from_file(&bad).is_ok_and(met), "byte {at}");
    }
}

#[test]
fn holders_whose_names_do_not_match_their_keys_found_no_root() {
    let world = world();
    for holders in [names(&["主任", "信息科"]), names(&["  "]), names(&["主\n任"]), vec!["名".repeat(61)]] {
        let root = Root { holders, ..successor(world.trust.root()) }.sign(&[&world.root_key]);
        let refused = world.trust.advance(&world.ops, root).unwrap_err();
        assert_eq!(refused, TrustFault::RootInvalid.into());
    }
}

/// What township A knows of its county, and the county's last word in A's feed.
fn known_at_a() -> (super::world::World, TrustFile) {
    let world = world();
    let feed = genesis(&world, &world.county);
    let proof = FeedProof { checkpoint: range(&feed, &world.county.signing, 3).checkpoint, genesis: feed };
    let file =
        TrustFile { trust: world.trust.clone(), feeds: vec![proof], areas: BTreeSet::from(["159901201".to_owned()]) };
    (world, file)
}

#[test]
fn a_trust_file_proves_itself_and_holds_no_secret() {
    let (world, known) = known_at_a();
    let file = known.write();
    assert_eq!(TrustFile::read(&file).unwrap(), known);
    for key in [&world.root_key, &world.ops, &world.county.signing] {
        assert!(!file.windows(32).any(|bytes| bytes == key.seed().as_slice()));
    }
    let accepted = (0..file.len()).filter(|at| {
        let mut bad = file.clone();
        bad[*at] ^= 1;
        TrustFile::read(&bad).is_ok_and(|read| read != known)
    });
    assert_eq!(accepted.count(), 0);

    // A head the county did not sign, and a log that is not the county's.
    let mut forged = known.clone();
    forged.feeds[0].checkpoint.head.seq += 1;
    assert_eq!(TrustFile::read(&forged.write()).unwrap_err().code(), "BAD_CHECKPOINT");
    let own = genesis(&world, &world.a);
    forged.feeds[0] = FeedProof { checkpoint: range(&own, &world.a.signing, 1).checkpoint, genesis: own };
    assert_eq!(TrustFile::read(&forged.write()).unwrap_err().code(), "UNKNOWN_DEVICE");
}

#[test]
fn several_trust_files_together_know_what_the_best_of_them_knows() {
    let (world, known) = known_at_a();
    let feed = known.feeds[0].genesis.clone();
    let later = range_after(&feed, &world.county.signing, known.feeds[0].checkpoint.head, 2).checkpoint;
    let issued = certificate(world.trust.county(), &desk(4, 160), "159901103", &[Role::Township]);
    let newer = TrustFile {
        trust: world.trust.issue(&world.ops, issued).unwrap(),
        feeds: vec![FeedProof { genesis: feed, checkpoint: later.clone() }],
        areas: BTreeSet::from(["159901202".to_owned()]),
    };
    for (one, other) in [(&known, &newer), (&newer, &known)] {
        let joined = one.join(other).unwrap();
        assert_eq!(joined.trust.next_serial(), 5);
        assert_eq!(joined.feeds[0].checkpoint, later);
        assert_eq!(joined.areas.len(), known.areas.union(&newer.areas).count());
    }
}

/// The county on a new PC: a new root by the old holders, new keys, the lost PC revoked with the cuts of the trust file.
fn started_again(world: &super::world::World, known: &TrustFile) -> (TrustStore, super::world::Desk) {
    let ops = signing(120);
    let seeds = desk(0, 130);
    let root =
        Root { ops_keys: vec![ops.public()], sealing_key: seeds.opening.public(), ..successor(known.trust.root()) };
    let trust = known.trust.advance(&ops, root.sign(&[&world.root_key])).unwrap();
    let cuts = known.feeds.iter().map(|feed| feed.checkpoint.head).collect();
    let number = trust.next_revocation();
    let revocation =
        Revocation { county: trust.county(), number, serial: 1, cuts, reason: "县级电脑丢失".into() };
    let trust = trust.revoke(&ops, revocation).unwrap();
    let pc = super::world::Desk { serial: trust.next_serial(), ..seeds };
    let new = Certificate { county_epoch: 2, ..certificate(trust.county(), &pc, "159901", &[Role::County]) };
    (trust.issue(&ops, new).unwrap(), pc)
}

#[test]
fn a_township_believes_a_county_that_the_holders_started_again_by_its_first_bundle() {
    let (world, known) = known_at_a();
    let (trust, pc) = started_again(&world, &known);
    let to = [world.a.opening.public()];
    let mut bundle = draft(&world, &pc, &to, Direction::Down);
    bundle.trust = Some(trust.section());
    let file = write(&bundle, &mut fill).unwrap();

    // A knew more than the trust file said: a PC the lost county certified last.
    let issued = certificate(world.trust.county(), &desk(4, 160), "159901103", &[Role::Township]);
    let at_a = world.trust.issue(&world.ops, issued).unwrap();
    let opened = verify_and_open(&file, &at_a, &world.a.opening).unwrap();
    assert_eq!((opened.merged.roots, opened.trust.root().version), (1, 2));
    assert_eq!((opened.sender.serial, opened.revoked), (pc.serial, false));
    assert_eq!(opened.trust.statement().unwrap().county_epoch, 2);

    // Without the holders' signature nobody is believed, whatever the bundle brings.
    let thief = signing(99);
    let root = Root { ops_keys: vec![thief.public()], ..successor(world.trust.root()) };
    let mut section = trust.section();
    section.roots[1] = root.sign(&[&thief]);
    bundle.trust = Some(section);
    let file = write(&bundle, &mut fill).unwrap();
    let refused = verify_and_open(&file, &world.trust, &world.a.opening).unwrap_err();
    assert_eq!(refused, TrustFault::RootUnsigned.into());
    bundle.trust = None;
    let file = write(&bundle, &mut fill).unwrap();
    let refused = verify_and_open(&file, &world.trust, &world.a.opening).unwrap_err();
    assert_eq!(refused, Rejection::UnknownSender(pc.signing.id()));
}

#[test]
fn the_lost_county_pc_is_believed_up_to_its_last_known_word_and_no_further() {
    let (world, known) = known_at_a();
    let (trust, pc) = started_again(&world, &known);
    let feed = &known.feeds[0];
    // Township A gives the new county back what the lost one wrote.
    let send = |count| {
        let to = [pc.opening.public()];
        let mut up = draft(&world, &world.a, &to, Direction::Up);
        up.ranges.insert(0, range(&feed.genesis, &world.county.signing, count));
        let file = write(&up, &mut fill).unwrap();
        verify_and_open(&file, &trust, &pc.opening).map(|opened| opened.ranges.len())
    };
    assert_eq!(send(3), Ok(2));
    assert_eq!(send(4), Err(Rejection::Revoked("1号机".into())));
    // The thief who has it cannot speak for the county any more.
    let to = [world.a.opening.public()];
    let mut down = draft(&world, &world.county, &to, Direction::Down);
    down.ranges = vec![range(&feed.genesis, &world.county.signing, 4)];
    let file = write(&down, &mut fill).unwrap();
    assert_eq!(verify_and_open(&file, &trust, &world.a.opening).unwrap_err().code(), "REVOKED");
}

fn revoked_at(world: &super::world::World, cut: Head) -> TrustStore {
    let cuts = vec![cut];
    let revocation = Revocation { county: world.trust.county(), number: 1, serial: 2, cuts, reason: "停用".into() };
    world.trust.revoke(&world.ops, revocation).unwrap()
}

#[test]
fn the_last_stick_of_a_retired_pc_still_counts_and_nothing_it_says_of_others() {
    let world = world();
    let own = genesis(&world, &world.a);
    let trust = revoked_at(&world, range(&own, &world.a.signing, 2).checkpoint.head);
    let opened = verify_and_open(&honest(&world), &trust, &world.county.opening).unwrap();
    assert_eq!((opened.revoked, opened.ranges.len()), (true, 1));
    let to = [world.county.opening.public()];
    let mut up = draft(&world, &world.a, &to, Direction::Up);
    up.policies = vec![b"policy".to_vec()];
    let file = write(&up, &mut fill).unwrap();
    assert_eq!(verify_and_open(&file, &trust, &world.county.opening).unwrap().policies, Vec::<Vec<u8>>::new());
    let other = revoked_at(&world, Head { seq: 2, hash: EntryHash([1; 32]), ..own.head() });
    assert_eq!(verify_and_open(&honest(&world), &other, &world.county.opening).unwrap_err().code(), "REVOKED");
}

#[test]
fn a_pc_asks_for_new_keys_with_its_old_one_and_names_where_its_logs_end() {
    let world = world();
    let facts = RequestFacts {
        device: "2号机".into(),
        area: "159901101".into(),
        unit: "青山镇卫生院".into(),
        signing: signing(140).public(),
        sealing: opening(141).public(),
        nonce: [3; 16],
    };
    let last = range(&genesis(&world, &world.a), &world.a.signing, 2).checkpoint.head;
    let old = world.trust.certificate(2).unwrap();
    let request = EnrolmentRequest::renew(&facts, (2, vec![last]), &world.a.signing, &signing(140)).unwrap();
    let read = EnrolmentRequest::open(request.bytes()).unwrap();
    assert_eq!((read.renews(), read.facts()), (Some(2), &facts));
    assert_eq!(read.renewal(old).unwrap().closes, [last]);
    assert_eq!(read.renewal(world.trust.certificate(3).unwrap()), None, "another PC's certificate is not its to end");
    let stranger = EnrolmentRequest::renew(&facts, (2, vec![last]), &signing(99), &signing(140)).unwrap();
    assert_eq!(stranger.renewal(old), None);
    let plain = EnrolmentRequest::sign(&facts, &signing(140)).unwrap();
    assert_eq!((plain.renews(), plain.renewal(old)), (None, None));
    assert_ne!(plain.words(), request.words());
}

#[test]
fn a_township_that_missed_two_roots_learns_both_from_one_section() {
    let world = world();
    let (ops2, ops3) = (signing(121), signing(122));
    let second = Root { ops_keys: vec![ops2.public()], ..successor(world.trust.root()) };
    let trust2 = world.trust.advance(&ops2, second.clone().sign(&[&world.root_key])).unwrap();
    let third = Root { ops_keys: vec![ops3.public()], ..successor(&second) };
    let trust3 = trust2.advance(&ops3, third.clone().sign(&[&world.root_key])).unwrap();
    let (learned, merged) = world.trust.merge(&trust3.section()).unwrap();
    assert_eq!((learned, merged.roots, merged.certificates), (trust3, 2, 3));
    let alone = TrustSection { roots: vec![third.sign(&[&world.root_key])], ..TrustSection::default() };
    assert_eq!(world.trust.merge(&alone).unwrap_err(), TrustFault::RootSkipped.into());
}

#[test]
fn a_checkpoint_of_a_lost_feed_is_the_countys_or_nobodys() {
    let (world, mut known) = known_at_a();
    let head = known.feeds[0].checkpoint.head;
    known.feeds[0].checkpoint =
        Checkpoint::sign(&world.a.signing, head, head.seq, mingbai_ledger::SetDigest::default());
    assert_eq!(TrustFile::read(&known.write()).unwrap_err().code(), "BAD_CHECKPOINT");
}
