//! Items 11 to 17: who signed, what the signature covers, and whose payload it is.

use mingbai_ledger::cbor::Writer;

use super::super::forge::{edited, frame, header_edited, insider, put_signed, signed_length, with_section, written};
use super::super::world::{World, certificate, desk_in, draft, fill, honest, signing_in, world_at, world_in};
use super::{Hostile, Row, row};
use crate::section::kind;
use crate::trust::Document;
use crate::{CountyId, Direction, Revocation, Role, Signed, Suite, TrustStore, write};

/// The order of Ed25519's group, little-endian.
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(11, "a key nobody certified", stranger, "UNKNOWN_SENDER", ""),
        row(11, "the county's ops key, which sends nothing", |world| reworded(world, &world.ops), "UNKNOWN_SENDER", ""),
        row(12, "a neighbour county's township", neighbour, "OTHER_COUNTY", ""),
        row(
            12,
            "our own township in the neighbour's name",
            |world| written(world, |draft| draft.county = CountyId([90; 8])),
            "OTHER_COUNTY",
            "",
        ),
        row(12, "our county's number outside, another inside", county_inside, "MANIFEST_MISMATCH", "县"),
        row(13, "a revoked sender, after the cut", |world| revoked(world, 1), "REVOKED", ""),
        row(13, "a revoked sender of a log without a cut", |world| revoked(world, 0), "REVOKED", ""),
        row(13, "a revoked sender who sends no entries", revoked_and_silent, "REVOKED", ""),
        row(13, "a sender revoked by the very trust it sends", revoked_inside, "REVOKED", ""),
        row(
            14,
            "a signature over another running number",
            |world| {
                let mut file = honest(world);
                file[55] ^= 1;
                file
            },
            "BAD_SIGNATURE",
            "",
        ),
        row(14, "the signature of another file of one's own", another_files, "BAD_SIGNATURE", ""),
        row(
            14,
            "a signature by the neighbour's enrolled key",
            |world| with_signature(world, |_, message| world.b.signing.sign(message)),
            "BAD_SIGNATURE",
            "",
        ),
        row(
            14,
            "a signature over the header under another prefix",
            |world| {
                with_signature(world, |_, message| {
                    let header = message.strip_prefix(b"mbx/outer/1".as_slice()).unwrap();
                    world.a.signing.sign(&[b"mbx/member/1".as_slice(), header].concat())
                })
            },
            "BAD_SIGNATURE",
            "",
        ),
        row(14, "a direction of another role", |world| header_edited(world, 14, &[2]), "NOT_AUTHORISED", ""),
        row(15, "a signature of zeros", |world| with_signature(world, |_, _| [0; 64]), "BAD_SIGNATURE", ""),
        row(15, "a signature of ones", |world| with_signature(world, |_, _| [0xff; 64]), "BAD_SIGNATURE", ""),
        row(
            15,
            "the same signature with S + L",
            |world| with_signature(world, |good, _| plus_order(good)),
            "BAD_SIGNATURE",
            "",
        )
        .only(Suite::One),
        row(
            15,
            "R the neutral point, S zero",
            |world| {
                with_signature(world, |_, _| {
                    let mut signature = [0; 64];
                    signature[0] = 1;
                    signature
                })
            },
            "BAD_SIGNATURE",
            "",
        )
        .only(Suite::One),
        row(15, "r and s exchanged", |world| with_signature(world, |good, _| swapped(good)), "BAD_SIGNATURE", ""),
        row(15, "a certificate of a weak key", |world| certified_key(world, &weak()), "MALFORMED", "签名公钥")
            .only(Suite::One),
        row(
            15,
            "a certificate of the neutral point",
            |world| certified_key(world, &neutral()),
            "MALFORMED",
            "签名公钥",
        )
        .only(Suite::One),
        row(
            15,
            "a certificate of a point off the curve",
            |world| certified_key(world, &[4; 65]),
            "MALFORMED",
            "签名公钥",
        ),
        row(15, "a certificate of a key of no suite", |world| certified_key(world, &[4; 33]), "MALFORMED", "签名公钥"),
        row(16, "a neighbour's sealed payload under one's own name", rewrapped, "MANIFEST_MISMATCH", "发送方"),
        row(16, "the payload under another number", |w| outside(w, |o| o.bundle_no += 1), "MANIFEST_MISMATCH", "序号"),
        row(16, "the payload under another id", |w| outside(w, |o| o.bundle_id[0] ^= 1), "MANIFEST_MISMATCH", "编号"),
        row(16, "the payload as one part of two", |w| outside(w, |o| o.parts = 2), "MANIFEST_MISMATCH", "分份"),
        row(
            16,
            "the payload in another direction",
            |w| outside(w, |o| o.direction = Direction::Sibling),
            "MANIFEST_MISMATCH",
            "方向",
        ),
        row(
            16,
            "a manifest of another sender",
            |w| edited(w, |m, _, _| m.sender.0[0] ^= 1),
            "MANIFEST_MISMATCH",
            "发送方",
        ),
        row(
            16,
            "a manifest of another suite",
            |w| edited(w, |m, _, _| m.suite = 3 - m.suite),
            "MANIFEST_MISMATCH",
            "算法",
        ),
        row(17, "a recipient exchanged", |world| recipients(world, |to, b| to[0] = b), "NOT_FOR_US", ""),
        row(17, "a recipient added", |world| recipients(world, |to, b| to.push(b)), "MALFORMED", "收件人信封"),
        row(17, "a recipient twice", |world| recipients(world, |to, _| to.push(to[0])), "MALFORMED", "收件人信封"),
        row(
            17,
            "a manifest without recipients",
            |w| edited(w, |m, _, _| m.recipients.clear()),
            "MANIFEST_MISMATCH",
            "收件人",
        ),
        row(
            17,
            "a recipient changed under the old signature",
            |world| {
                let mut file = honest(world);
                file[112..120].copy_from_slice(&world.b.opening.id().0);
                file
            },
            "BAD_SIGNATURE",
            "",
        ),
    ]
}

fn stranger(world: &World) -> Vec<u8> {
    let (stranger, to) = (desk_in(world.ops.suite(), 2, 200), [world.county.opening.public()]);
    write(&draft(world, &stranger, &to, Direction::Up), &mut fill).unwrap()
}

/// A's file, signed again by a key that is known for something else.
fn reworded(world: &World, key: &crate::SigningKey) -> Vec<u8> {
    let file = honest(world);
    let frame = frame(&file);
    crate::container::assemble(&frame.outer, key, frame.payload)
}

fn neighbour(world: &World) -> Vec<u8> {
    let theirs = match world.ops.suite() {
        Suite::One => world_at(90),
        Suite::Two => {
            let mut theirs = world_in(Suite::Two);
            theirs.a = desk_in(Suite::Two, 2, 130);
            theirs
        }
    };
    let to = [world.county.opening.public()];
    let mut draft = draft(&theirs, &theirs.a, &to, Direction::Up);
    draft.county = CountyId([90; 8]);
    write(&draft, &mut fill).unwrap()
}

fn county_inside(world: &World) -> Vec<u8> {
    edited(world, |manifest, _, _| manifest.county.0[0] ^= 1)
}

/// The reader has learned that A was revoked with its log good up to this entry, or not at all; two are sent.
fn revoked(world: &World, last: u64) -> Hostile {
    let file = honest(world);
    let range = super::super::world::range(&super::super::world::genesis(world, &world.a), &world.a.signing, last);
    let cuts = if last > 0 { vec![range.checkpoint.head] } else { Vec::new() };
    Hostile { file, trust: Some(without_a(world, cuts)) }
}

fn revoked_and_silent(world: &World) -> Hostile {
    let file = written(world, |draft| draft.ranges.clear());
    Hostile { file, trust: Some(without_a(world, Vec::new())) }
}

fn without_a(world: &World, cuts: Vec<mingbai_ledger::Head>) -> TrustStore {
    let revocation = Revocation { county: world.trust.county(), number: 1, serial: 2, cuts, reason: "被盗".into() };
    world.trust.revoke(&world.ops, revocation).unwrap()
}

fn revoked_inside(world: &World) -> Vec<u8> {
    let after = without_a(world, Vec::new());
    written(world, |draft| draft.trust = Some(after.section()))
}

fn another_files(world: &World) -> Vec<u8> {
    let other = written(world, |draft| draft.bundle_no += 1);
    let at = signed_length(&other) + 2;
    let mut file = honest(world);
    file[at..at + 64].copy_from_slice(&other[at..at + 64]);
    file
}

/// The honest file with another signature, made from the good one and what it covers.
fn with_signature(world: &World, make: impl Fn([u8; 64], &[u8]) -> [u8; 64]) -> Vec<u8> {
    let mut file = honest(world);
    let at = signed_length(&file);
    let message = [b"mbx/outer/1".as_slice(), &file[..at]].concat();
    let good = file[at + 2..at + 66].try_into().unwrap();
    file[at + 2..at + 66].copy_from_slice(&make(good, &message));
    file
}

/// The second spelling of S that the equation alone would let pass.
fn plus_order(mut signature: [u8; 64]) -> [u8; 64] {
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = ((sum & 0xff) as u8, sum >> 8);
    }
    signature
}

fn swapped(good: [u8; 64]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&good[32..]);
    signature[32..].copy_from_slice(&good[..32]);
    signature
}

/// A point of order 8.
fn weak() -> [u8; 32] {
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ]
}

fn neutral() -> [u8; 32] {
    let mut point = [0; 32];
    point[0] = 1;
    point
}

/// A trust section with a certificate, signed by the county's ops key, for a device whose signing key is these bytes.
fn certified_key(world: &World, key: &[u8]) -> Vec<u8> {
    let device = desk_in(world.ops.suite(), 4, 140);
    let good = certificate(world.trust.county(), &device, "159901103", &[Role::Township]);
    let honest = good.encode();
    let own = device.signing.public();
    let at = honest.windows(own.as_bytes().len()).position(|w| w == own.as_bytes()).unwrap();
    // The head of the byte string is two bytes long for both suites' keys.
    let head = [0x58, key.len() as u8];
    let forged = [&honest[..at - 2], &head, key, &honest[at + own.as_bytes().len()..]].concat();
    let signature = world.ops.sign_as(<crate::Certificate as Document>::SIGNED_AS, &forged);
    let mut w = Writer::new();
    w.map(3).uint(1).array(0).uint(2).array(1);
    put_signed(&mut w, &forged, &[(world.ops.id().0, signature)]);
    w.uint(3).array(0);
    with_section(world, kind::TRUST, w.finish())
}

/// The honest payload under an outside with one thing changed.
fn outside(world: &World, edit: impl FnOnce(&mut crate::Outer)) -> Vec<u8> {
    let file = honest(world);
    let frame = frame(&file);
    let mut outer = frame.outer.clone();
    edit(&mut outer);
    // Directions are roles: a sibling's file may be sent by a township.
    insider(world).signed(frame.payload, &outer)
}

fn rewrapped(world: &World) -> Vec<u8> {
    let to = [world.county.opening.public()];
    let of_b = write(&draft(world, &world.b, &to, Direction::Up), &mut fill).unwrap();
    let frame = frame(&of_b);
    insider(world).signed(frame.payload, &frame.outer)
}

fn recipients(world: &World, edit: impl FnOnce(&mut Vec<crate::KeyId>, crate::KeyId)) -> Vec<u8> {
    outside(world, |outer| edit(&mut outer.recipients, world.b.opening.id()))
}

#[test]
fn the_second_spelling_of_a_signature_is_one_the_equation_would_accept() {
    // The row on S + L would prove nothing if the sum were wrong: taking L away again gives the signature back.
    let key = signing_in(Suite::One, 5);
    let good = key.sign(b"m");
    let second = plus_order(good);
    assert_ne!(second, good);
    let difference = |a: &[u8], b: &[u8]| {
        let mut borrow = 0i16;
        let digits = a.iter().zip(b).map(|(a, b)| {
            let digit = i16::from(*a) - i16::from(*b) - borrow;
            borrow = i16::from(digit < 0);
            digit.rem_euclid(256) as u8
        });
        digits.collect::<Vec<_>>()
    };
    assert_eq!(difference(&second[32..], &good[32..]), L);
    assert!(key.public().verifies(b"m", &good) && !key.public().verifies(b"m", &second));
}

#[test]
fn a_certificate_forged_with_its_own_key_is_a_good_one() {
    // The rows on keys fail because of the keys, not because of how they were put in.
    let world = world_in(Suite::One);
    let device = desk_in(Suite::One, 4, 140);
    let file = certified_key(&world, device.signing.public().as_bytes());
    let opened = crate::verify_and_open(&file, &world.trust, &world.county.opening).unwrap();
    assert_eq!(opened.merged.certificates, 1);
    let kept: &Signed<crate::Certificate> = &opened.trust.section().certificates[3];
    assert_eq!(kept.value().signing, device.signing.public());
}
