//! Joining a county.

use super::world::{World, certificate, desk, opening, signing, world, world_at};
use crate::{
    Certificate, DecryptionKey, EnrolmentRequest, MembershipDraft, MembershipError, Pin, Rejection, RequestFacts, Role,
    Root, TrustFault, TrustStore, open_membership, preview_membership, write_membership,
};

fn facts() -> RequestFacts {
    RequestFacts {
        device: "公卫科1号机".into(),
        area: "159901103".into(),
        unit: "青山镇卫生院".into(),
        signing: signing(120).public(),
        sealing: opening(121).public(),
        nonce: [3; 16],
    }
}

fn request() -> EnrolmentRequest {
    EnrolmentRequest::sign(&facts(), &signing(120)).unwrap()
}

/// The county's trust with the requested device in it, and the file for it.
fn approve(world: &World, request: &EnrolmentRequest) -> (TrustStore, Vec<u8>) {
    let serial = world.trust.next_serial();
    let device = desk(serial, 120);
    let trust = world
        .trust
        .issue(&world.ops, certificate(world.trust.county(), &device, "159901103", &[Role::Township]))
        .unwrap();
    let file =
        write_membership(&MembershipDraft { trust: &trust, serial, request, areas: Some(b"villages") }, &world.ops)
            .unwrap();
    (trust, file)
}

fn own_key() -> DecryptionKey {
    opening(121)
}

#[test]
fn a_device_asks_and_is_taken_in() {
    let world = world();
    let request = request();
    let received = EnrolmentRequest::open(request.bytes()).unwrap();
    assert_eq!((received.facts(), received.words()), (&facts(), request.words()));

    let (trust, file) = approve(&world, &received);
    let preview = preview_membership(&file, &own_key(), &request).unwrap();
    assert_eq!((preview.county_name.as_str(), preview.certificate.serial), ("示范县", 4));
    assert_eq!(preview.words, world.trust.words());
    let joined = open_membership(&file, &own_key(), &request, Pin::Words(&world.trust.words())).unwrap();
    assert_eq!((joined.trust, joined.areas.as_deref()), (trust, Some(b"villages".as_slice())));
    assert_eq!(joined.certificate.area, "159901103");
}

#[test]
fn a_membership_with_other_words_than_the_county_said_is_refused() {
    let (ours, impostor) = (world(), world_at(90));
    let request = request();
    let (_, file) = approve(&impostor, &request);
    let said = ours.trust.words();
    assert_eq!(open_membership(&file, &own_key(), &request, Pin::Words(&said)), Err(Rejection::WordsDiffer));
    assert_eq!(open_membership(&file, &own_key(), &request, Pin::Words("")), Err(Rejection::WordsDiffer));
    assert!(open_membership(&file, &own_key(), &request, Pin::Known(&ours.trust)).is_err());
}

#[test]
fn a_membership_opens_only_where_it_was_asked_for() {
    let world = world();
    let request = request();
    let (_, file) = approve(&world, &request);
    let words = world.trust.words();
    let pin = Pin::Words(&words);
    assert_eq!(open_membership(&file, &opening(55), &request, pin), Err(Rejection::NotForUs));
    let other = |edit: &dyn Fn(&mut RequestFacts)| {
        let mut facts = facts();
        edit(&mut facts);
        let request = EnrolmentRequest::sign(&facts, &signing(120)).unwrap();
        open_membership(&file, &own_key(), &request, pin).unwrap_err()
    };
    assert_eq!(other(&|f| f.nonce = [4; 16]), Rejection::NotOurRequest);
    assert_eq!(other(&|f| f.area = "159901104".into()), Rejection::NotOurRequest);
}

#[test]
fn a_membership_signed_by_no_ops_key_is_not_written() {
    let world = world();
    let request = request();
    let (trust, _) = approve(&world, &request);
    let draft = |serial| MembershipDraft { trust: &trust, serial, request: &request, areas: None };
    let error = write_membership(&draft(4), &world.root_key).unwrap_err();
    assert_eq!(error, MembershipError::Draft(Rejection::Trust(TrustFault::NotOps)));
    // Neither is one with the certificate of another device.
    let error = write_membership(&draft(2), &world.ops).unwrap_err();
    assert_eq!(error, MembershipError::Draft(Rejection::NotOurRequest));
}

#[test]
fn a_membership_issued_again_brings_a_root_that_replaced_the_ops_key() {
    let world = world();
    let request = request();
    let (old, _) = approve(&world, &request);
    let ops = signing(77);
    let root = Root { version: 2, ops_keys: vec![ops.public()], ..old.root().clone() }.sign(&[&world.root_key]);
    let trust = old.advance(&ops, root).unwrap();
    let file =
        write_membership(&MembershipDraft { trust: &trust, serial: 4, request: &request, areas: None }, &ops).unwrap();
    let joined = open_membership(&file, &own_key(), &request, Pin::Known(&old)).unwrap();
    assert_eq!(joined.trust.root().version, 2);
}

#[test]
fn every_flip_and_every_cut_of_a_membership_is_noticed() {
    let world = world();
    let request = request();
    let (trust, file) = approve(&world, &request);
    let open = |bytes: &[u8]| open_membership(bytes, &own_key(), &request, Pin::Known(&trust));
    assert!(open(&file).is_ok());
    let mut bad = file.clone();
    // One bit of every byte, another from byte to byte: every bit position of every field is met.
    for at in 0..file.len() {
        bad[at] ^= 1 << (at % 8);
        assert!(open(&bad).is_err(), "byte {at} of {}", file.len());
        bad[at] = file[at];
        assert_eq!(open(&file[..at]).unwrap_err().code(), "INCOMPLETE_COPY");
    }
    bad.push(0);
    assert_eq!(open(&bad).unwrap_err().code(), "DAMAGED");
}

#[test]
fn every_flipped_bit_and_every_cut_of_a_request_is_noticed() {
    let file = request().bytes().to_vec();
    let mut bad = file.clone();
    for bit in 0..file.len() * 8 {
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(EnrolmentRequest::open(&bad).is_err(), "bit {bit} of {}", file.len() * 8);
        bad[bit / 8] = file[bit / 8];
    }
    for length in 0..file.len() {
        assert_eq!(EnrolmentRequest::open(&file[..length]).unwrap_err().code(), "INCOMPLETE_COPY");
    }
    bad.push(0);
    assert_eq!(EnrolmentRequest::open(&bad).unwrap_err().code(), "DAMAGED");
}

#[test]
fn a_request_without_names_or_with_anothers_key_is_refused() {
    let attempt = |edit: &dyn Fn(&mut RequestFacts)| {
        let mut facts = facts();
        edit(&mut facts);
        EnrolmentRequest::sign(&facts, &signing(120)).unwrap_err().code()
    };
    assert_eq!(attempt(&|f| f.device = "  ".into()), "MALFORMED");
    assert_eq!(attempt(&|f| f.unit = "院".repeat(61)), "MALFORMED");
    assert_eq!(attempt(&|f| f.unit = "青山\n镇".into()), "MALFORMED");
    assert_eq!(attempt(&|f| f.area = "1599011".into()), "MALFORMED");
    assert_eq!(attempt(&|f| f.signing = signing(5).public()), "BAD_SIGNATURE");
}

#[test]
fn other_files_of_ours_are_not_a_request() {
    let world = world();
    let (_, membership) = approve(&world, &request());
    assert_eq!(EnrolmentRequest::open(&membership).unwrap_err(), Rejection::NotABundle);
    assert_eq!(crate::inspect(request().bytes()).unwrap_err(), Rejection::NotABundle);
    let kept: &Certificate = world.trust.certificate(1).unwrap();
    assert!(kept.has(Role::County) && kept.covers("159901101203") && !kept.covers("159902101"));
}

#[test]
fn enrolment_files_that_lie_about_their_lengths_are_not_called_incomplete_copies() {
    let world = world();
    let request = request();
    let (trust, file) = approve(&world, &request);
    let membership = |at: usize, bytes: &[u8]| {
        let mut bad = file.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        open_membership(&bad, &own_key(), &request, Pin::Known(&trust)).unwrap_err()
    };
    let length = |by: u64| (u64::from_be_bytes(file[36..44].try_into().unwrap()) + by).to_be_bytes();
    assert_eq!(membership(36, &length(1)), Rejection::Damaged("文件长度"));
    assert_eq!(membership(36, &length(1 << 20)), Rejection::Damaged("文件长度"));
    // Nothing of this size is opened, let alone inflated: the file is not authentic before it has been.
    assert_eq!(membership(36, &[0xff; 8]), Rejection::TooLarge("入网文件"));
    assert_eq!(membership(76, &[0xff; 8]), Rejection::TooLarge("入网文件"));
    assert_eq!(membership(76, &((64 << 20) + 1u64).to_be_bytes()), Rejection::TooLarge("入网文件"));
    assert_eq!(membership(76, &(64u64 << 20).to_be_bytes()), Rejection::TooLarge("压缩比异常"));
    assert_eq!(membership(8, &[0, 0]), Rejection::Damaged("版本"));
    assert_eq!(membership(8, &[0, 2]), Rejection::NeedsNewerApp);

    let asked = |at: usize, bytes: &[u8]| {
        let mut bad = request.bytes().to_vec();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        EnrolmentRequest::open(&bad).unwrap_err()
    };
    assert_eq!(asked(12, &[0, 0, 16, 0]), Rejection::Damaged("文件长度"));
    assert_eq!(asked(12, &[0, 0, 16, 1]), Rejection::TooLarge("入网申请"));
    assert_eq!(asked(12, &[0xff; 4]), Rejection::TooLarge("入网申请"));
    assert_eq!(asked(8, &[0, 0]), Rejection::Damaged("版本"));
    assert_eq!(asked(10, &[0, 0]), Rejection::Damaged("算法"));
    assert_eq!(asked(10, &[0, 3]), Rejection::NeedsNewerApp);
}

#[test]
fn a_membership_that_no_reader_would_take_is_not_written() {
    let world = world();
    let request = request();
    let (trust, _) = approve(&world, &request);
    let areas = vec![0; 64 << 20];
    let draft = MembershipDraft { trust: &trust, serial: 4, request: &request, areas: Some(&areas) };
    assert_eq!(write_membership(&draft, &world.ops), Err(MembershipError::Seal(crate::SealError::TooLarge)));
}
