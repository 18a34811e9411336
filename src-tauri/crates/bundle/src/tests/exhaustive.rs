//! Items 4 and 5 of the forged inputs, without choosing: every truncation and every flipped bit of a small bundle, and
//! every changed bit and cut of its content behind good seals, hashes and signatures.

use super::forge::{frame, insider, signed_length};
use super::world::{SUITES, World, entries, honest, world_in};
use crate::read::open_inside;
use crate::section::{self, HEADER_LENGTH};
use crate::{Opened, Outer, Rejection, Suite, verify_and_open};

/// The code with which a flip of this bit (0 the lowest) of this byte must be refused: what the clerk is told has to be
/// what happened, wherever the damage is.
fn code_of(file: &[u8], at: usize, bit: usize) -> &'static str {
    let signed = signed_length(file);
    let flipped = |from: usize, length: usize| {
        let number = |bytes: &[u8]| bytes.iter().fold(0u64, |sum, b| sum << 8 | u64::from(*b));
        let mut field = file[from..from + length].to_vec();
        field[at - from] ^= 1 << bit;
        number(&field)
    };
    match at {
        0 if bit == 7 => "MANGLED",
        0..4 => "NOT_A_BUNDLE",
        4..8 => "MANGLED",
        8..14 if flipped(at & !1, 2) == 0 => "DAMAGED",
        8..14 | 15 => "NEEDS_NEWER_APP",
        // 1 is up; 3 is between siblings, which a township may also send.
        14 if flipped(14, 1) == 3 => "BAD_SIGNATURE",
        14 => "DAMAGED",
        24..32 => "UNKNOWN_SENDER",
        56..58 => "DAMAGED",
        58..60 if flipped(58, 2) > 10_000 => "TOO_LARGE",
        58..60 if flipped(58, 2) == 0 => "DAMAGED",
        60..62 if flipped(60, 2) > 64 => "TOO_LARGE",
        60..62 => "DAMAGED",
        62..64 if flipped(62, 2) > 256 => "TOO_LARGE",
        62..64 => "DAMAGED",
        64..72 if flipped(64, 8) > 2 << 30 => "TOO_LARGE",
        64..72 => "DAMAGED",
        104..112 if flipped(104, 8) > 1 << 20 => "TOO_LARGE",
        _ if at < signed => "BAD_SIGNATURE",
        _ if at < signed + 2 => "DAMAGED",
        _ if at < signed + 66 => "BAD_SIGNATURE",
        _ => "DAMAGED",
    }
}

/// Does `work` for every number below `count`, on every thread there is a use for: a check of an SM2 signature takes a
/// good part of a millisecond.
fn shared(count: usize, work: impl Fn(usize) + Sync) {
    std::thread::scope(|scope| {
        for share in 0..4 {
            let work = &work;
            scope.spawn(move || (share..count).step_by(4).for_each(work));
        }
    });
}

#[test]
fn every_flipped_bit_of_a_bundle_is_refused_for_the_reason_of_its_place() {
    for suite in SUITES {
        let world = world_in(suite);
        let file = honest(&world);
        assert!(file.len() < 2200, "kept small: {} bytes, {} flips", file.len(), file.len() * 8);
        shared(file.len() * 8, |flip| {
            let (at, bit) = (flip / 8, flip % 8);
            let mut bad = file.clone();
            bad[at] ^= 1 << bit;
            let read = verify_and_open(&bad, &world.trust, &world.county.opening);
            let got = read.as_ref().map_or_else(Rejection::code, |_| "accepted");
            assert_eq!(got, code_of(&file, at, bit), "bit {bit} of byte {at}, {suite:?}");
        });
        assert!(verify_and_open(&file, &world.trust, &world.county.opening).is_ok());
    }
}

#[test]
fn every_shortened_bundle_is_an_incomplete_copy() {
    for suite in SUITES {
        let world = world_in(suite);
        let file = honest(&world);
        for length in 0..file.len() {
            let rejection = verify_and_open(&file[..length], &world.trust, &world.county.opening).unwrap_err();
            assert_eq!(rejection.code(), "INCOMPLETE_COPY", "{length} of {} bytes, {suite:?}", file.len());
        }
    }
}

/// The content before its end section, with an end section that is right.
fn ended(body: &[u8], of: &[u8]) -> Vec<u8> {
    use sha2::Digest;
    let end = &of[of.len() - section::END_LENGTH..];
    let hash = sha2::Sha256::digest(body);
    [body, &end[..HEADER_LENGTH + 4], hash.as_slice()].concat()
}

/// Reads a content as if it had come sealed and signed for, with its length announced truly.
fn inside(world: &World, outer: &Outer, plain: &[u8]) -> Result<Opened, Rejection> {
    let sender = world.trust.signer(world.a.signing.id()).unwrap().clone();
    open_inside(Outer { plain_len: plain.len() as u64, ..outer.clone() }, plain, &world.trust, sender)
}

#[test]
fn every_changed_bit_behind_good_signatures_is_refused_or_changes_no_entry() {
    for suite in SUITES {
        let world = world_in(suite);
        let file = honest(&world);
        let outer = frame(&file).outer;
        let plain = insider(&world).plain(&file);
        let body = &plain[..plain.len() - section::END_LENGTH];
        assert!(inside(&world, &outer, &ended(body, &plain)).is_ok());
        // The same code reads both suites and only the checkpoint's signature differs: of suite 2, whose signatures are
        // dear, one bit of every byte, another from byte to byte.
        let bits = if suite == Suite::One { 8 } else { 1 };
        shared(body.len() * bits, |flip| {
            let mut bad = body.to_vec();
            bad[flip / bits] ^= 1 << (flip % 8);
            // What the manifest says of clocks, versions and the like is the sender's to say; the entries are the log's.
            if let Ok(opened) = inside(&world, &outer, &ended(&bad, &plain)) {
                let sent: Vec<_> = opened.ranges.iter().flat_map(|r| r.entries.iter().map(|e| &e.bytes)).collect();
                assert_eq!(sent, entries(1, 2).iter().collect::<Vec<_>>(), "bit {flip}, {suite:?}");
                assert_eq!(opened.trust, world.trust);
            }
        });
    }
}

#[test]
fn every_cut_content_behind_good_signatures_is_refused() {
    for suite in SUITES {
        let world = world_in(suite);
        let file = honest(&world);
        let outer = frame(&file).outer;
        let plain = insider(&world).plain(&file);
        for length in 0..plain.len() - section::END_LENGTH {
            let bad = ended(&plain[..length], &plain);
            let code = inside(&world, &outer, &bad).unwrap_err().code();
            assert!(["MALFORMED", "MANIFEST_MISMATCH"].contains(&code), "{code} at {length}, {suite:?}");
        }
    }
}
