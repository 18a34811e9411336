//! Items 18 to 21: envelopes and compressed contents of a sender who keeps no rule, under a good signature.

use mingbai_ledger::SetDigest;

use super::super::forge::{chunks, frame, insider, noise, written};
use super::super::world::{World, honest};
use super::{Row, row};
use crate::{Checkpoint, Outer, RangeDraft, Suite};

const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Frame descriptor: eight bytes of content size, a window byte, nothing else.
const SIZED: u8 = 0b1100_0000;

pub(super) fn rows() -> Vec<Row> {
    let age = |text: fn() -> String| move |world: &World| enveloped_as(world, text().into_bytes());
    vec![
        row(18, "100 000 stanzas", flood, "MALFORMED", "收件人信封").only(Suite::One),
        row(18, "one stanza too many", |world| enveloped_as(world, stanza_twice(world)), "MALFORMED", "收件人信封"),
        row(18, "65535 stanzas", claimed, "MALFORMED", "收件人信封").only(Suite::Two),
        row(18, "a stanza without end", age(|| format!("{AGE}{}", "A".repeat(1 << 20))), "MALFORMED", "收件人信封")
            .only(Suite::One),
        row(
            18,
            "a stanza of endless lines",
            age(|| format!("{AGE}{}", "AAAA\n".repeat(100_000))),
            "MALFORMED",
            "收件人信封",
        )
        .only(Suite::One),
        row(19, "a password stanza", age(|| format!("{}{END}", scrypt())), "MALFORMED", "收件人信封").only(Suite::One),
        row(19, "a password stanza beside ours", beside_ours, "MALFORMED", "收件人信封").only(Suite::One),
        row(19, "a stanza of another kind", age(|| format!("{}{END}", ssh())), "MALFORMED", "收件人信封")
            .only(Suite::One),
        row(19, "the envelope of the other suite", other_envelope, "MALFORMED", "收件人信封"),
        row(20, "chunks exchanged", |world| rechunked(world, &[1, 0, 2, 3]), "DAMAGED", "密文"),
        row(20, "the first chunk dropped", |world| rechunked(world, &[1, 2, 3]), "DAMAGED", "密文"),
        row(20, "a chunk in the middle dropped", |world| rechunked(world, &[0, 2, 3]), "DAMAGED", "密文"),
        row(20, "the last chunk dropped", |world| rechunked(world, &[0, 1, 2]), "DAMAGED", "密文"),
        row(20, "a chunk twice", |world| rechunked(world, &[0, 1, 1, 2, 3]), "DAMAGED", "密文"),
        row(20, "the last chunk twice", |world| rechunked(world, &[0, 1, 2, 3, 3]), "DAMAGED", "密文"),
        row(20, "only the last chunk", |world| rechunked(world, &[3]), "DAMAGED", "密文"),
        row(20, "no chunk at all", |world| rechunked(world, &[]), "DAMAGED", "密文"),
        row(21, "a bomb of 1000 to 1", |world| bomb(world, 32 << 20), "TOO_LARGE", "压缩比异常"),
        row(21, "a bomb that announces a small size", |world| bomb(world, 1000), "MALFORMED", "压缩数据"),
        row(21, "a bomb in a frame without a size", bomb_without_size, "MALFORMED", "压缩数据"),
        row(21, "a window of 2³¹", |world| framed(world, SIZED, Some(21 << 3), 0), "MALFORMED", "压缩数据"),
        row(
            21,
            "a window just over 8 MiB",
            |world| framed(world, SIZED, Some(13 << 3 | 1), 0),
            "MALFORMED",
            "压缩数据",
        ),
        row(21, "a single segment of 1 GiB", segment, "MALFORMED", "压缩数据"),
        row(21, "a dictionary id", |world| framed(world, SIZED | 1, Some(7 << 3), 0), "MALFORMED", "压缩数据"),
        row(21, "a reserved bit", |world| framed(world, SIZED | 8, Some(7 << 3), 0), "MALFORMED", "压缩数据"),
        row(21, "a content size too large", |world| framed(world, SIZED, Some(7 << 3), 1), "MALFORMED", "压缩数据"),
        row(21, "a content size too small", |world| framed(world, SIZED, Some(7 << 3), -1), "MALFORMED", "压缩数据"),
        row(21, "a second frame", |world| packed(world, |good| [good.clone(), good].concat()), "MALFORMED", "压缩数据"),
        row(
            21,
            "a skippable frame behind",
            |world| packed(world, |good| [good, vec![0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]].concat()),
            "MALFORMED",
            "压缩数据",
        ),
        row(
            21,
            "a skippable frame in front",
            |world| packed(world, |good| [vec![0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], good].concat()),
            "MALFORMED",
            "压缩数据",
        ),
        row(
            21,
            "a byte behind the frame",
            |world| packed(world, |good| [good, vec![0]].concat()),
            "MALFORMED",
            "压缩数据",
        ),
        row(
            21,
            "a frame cut off",
            |world| packed(world, |good| good[..good.len() - 1].to_vec()),
            "MALFORMED",
            "压缩数据",
        ),
        row(21, "a hundred thousand entries in a few bytes", flood_of_entries, "TOO_LARGE", "记录过多"),
        row(
            21,
            "content that is not compressed",
            |world| packed(world, |_| b"section".to_vec()),
            "MALFORMED",
            "压缩数据",
        ),
    ]
}

const AGE: &str = "age-encryption.org/v1\n-> X25519 AAAA\n";
const END: &str = "--- AAAA\n";

fn scrypt() -> String {
    "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAA\n".into()
}

fn ssh() -> String {
    "age-encryption.org/v1\n-> ssh-ed25519 AAAA BBBB\nCCCC\n".into()
}

/// Bytes in the place of the payload, correctly hashed and signed for.
fn enveloped_as(world: &World, payload: Vec<u8>) -> Vec<u8> {
    let outer = frame(&honest(world)).outer;
    insider(world).signed(&payload, &outer)
}

/// Everything up to the first stanza, the stanza, and the rest of the honest payload.
fn taken_apart(world: &World) -> [Vec<u8>; 3] {
    let file = honest(world);
    let payload = frame(&file).payload;
    let (start, length) = match world.ops.suite() {
        Suite::One => {
            let start = payload.windows(9).position(|w| w == b"-> X25519").unwrap();
            let lines = payload[start..].iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1);
            (start, lines.take(2).last().unwrap())
        }
        Suite::Two => (10, 121),
    };
    [payload[..start].to_vec(), payload[start..start + length].to_vec(), payload[start + length..].to_vec()]
}

fn flood(world: &World) -> Vec<u8> {
    let [before, stanza, after] = taken_apart(world);
    enveloped_as(world, [before, stanza.repeat(100_000), after].concat())
}

fn stanza_twice(world: &World) -> Vec<u8> {
    let [mut before, stanza, after] = taken_apart(world);
    if world.ops.suite() == Suite::Two {
        before[9] = 2;
    }
    [before, stanza.repeat(2), after].concat()
}

fn claimed(world: &World) -> Vec<u8> {
    let [mut before, stanza, after] = taken_apart(world);
    before[8..10].copy_from_slice(&[0xff; 2]);
    enveloped_as(world, [before, stanza.repeat(65_535), after].concat())
}

fn beside_ours(world: &World) -> Vec<u8> {
    let [before, stanza, after] = taken_apart(world);
    enveloped_as(world, [before, stanza, b"-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAA\n".to_vec(), after].concat())
}

fn other_envelope(world: &World) -> Vec<u8> {
    let payload = match world.ops.suite() {
        Suite::One => b"mbx-sm/1\0\x01".to_vec(),
        Suite::Two => format!("{AGE}{END}").into_bytes(),
    };
    enveloped_as(world, [payload, vec![0; 300]].concat())
}

/// A payload of four chunks, put together from these of them.
fn rechunked(world: &World, order: &[usize]) -> Vec<u8> {
    let file = written(world, |draft| draft.blobs = vec![noise(200_000)]);
    let frame = frame(&file);
    let (header, parts) = chunks(frame.outer.suite, frame.payload);
    assert_eq!(parts.len(), 4);
    let payload = order.iter().fold(header.to_vec(), |mut all, part| {
        all.extend_from_slice(parts[*part]);
        all
    });
    insider(world).signed(&payload, &frame.outer)
}

/// 32 MiB of nothing, announcing this length.
fn bomb(world: &World, announced: u64) -> Vec<u8> {
    let compressed = zstd::bulk::compress(&vec![0; 32 << 20], 9).unwrap();
    let outer = Outer { plain_len: announced, ..frame(&honest(world)).outer };
    insider(world).enveloped(&compressed, &outer)
}

fn bomb_without_size(world: &World) -> Vec<u8> {
    let compressed = zstd::stream::encode_all(vec![0; 32 << 20].as_slice(), 9).unwrap();
    let outer = Outer { plain_len: 1 << 20, ..frame(&honest(world)).outer };
    insider(world).enveloped(&compressed, &outer)
}

/// The honest content in a frame of one raw block, with this descriptor and window and a content size that lies by so much.
fn framed(world: &World, descriptor: u8, window: Option<u8>, lie: i64) -> Vec<u8> {
    let file = honest(world);
    let insider = insider(world);
    let plain = insider.plain(&file);
    let mut compressed = [&ZSTD[..], &[descriptor]].concat();
    compressed.extend(window);
    let size = (plain.len() as u64).saturating_add_signed(lie);
    compressed.extend_from_slice(&size.to_le_bytes());
    compressed.extend((plain.len() as u32 * 8 + 1).to_le_bytes().into_iter().take(3));
    compressed.extend_from_slice(&plain);
    insider.enveloped(&compressed, &frame(&file).outer)
}

/// A frame that is one segment, and so asks for a buffer as long as the content it announces.
fn segment(world: &World) -> Vec<u8> {
    let announced = 1u64 << 30;
    let mut compressed = [&ZSTD[..], &[SIZED | 0x20]].concat();
    compressed.extend_from_slice(&announced.to_le_bytes());
    // Raw blocks enough to make the ratio look harmless.
    compressed.extend(noise(6 << 20));
    let outer = Outer { plain_len: announced, ..frame(&honest(world)).outer };
    insider(world).enveloped(&compressed, &outer)
}

/// The writer would not have compressed it.
fn flood_of_entries(world: &World) -> Vec<u8> {
    let file = written(world, |draft| {
        let entries = vec![vec![0]; 100_000];
        let genesis = draft.ranges[0].genesis.clone();
        let previous = genesis.head().hash;
        let head = RangeDraft::head_of(&genesis, 1, previous, &entries);
        let checkpoint = Checkpoint::sign(&world.a.signing, head, head.seq, SetDigest::default());
        draft.ranges = vec![RangeDraft { genesis, from: 1, previous, entries, checkpoint }];
    });
    assert!(file.len() > 500_000 && crate::verify_and_open(&file, &world.trust, &world.county.opening).is_ok());
    let insider = insider(world);
    let compressed = zstd::bulk::compress(&insider.plain(&file), 9).unwrap();
    insider.enveloped(&compressed, &frame(&file).outer)
}

fn packed(world: &World, edit: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let file = honest(world);
    let insider = insider(world);
    let compressed = zstd::bulk::compress(&insider.plain(&file), 9).unwrap();
    insider.enveloped(&edit(compressed), &frame(&file).outer)
}

#[test]
fn a_frame_made_by_hand_is_a_good_one_when_it_keeps_the_rules() {
    for suite in super::SUITES {
        let world = super::world_in(suite);
        for file in
            [framed(&world, SIZED, Some(7 << 3), 0), packed(&world, |good| good), rechunked(&world, &[0, 1, 2, 3])]
        {
            assert!(crate::verify_and_open(&file, &world.trust, &world.county.opening).is_ok(), "{suite:?}");
        }
    }
}
