//! Items 1 to 3 and 6 to 10: what is wrong before anything is verified.

use super::super::forge::{frame, header_edited, insider, noise, signed_length, with_header};
use super::super::world::{World, honest};
use super::{Row, row};
use crate::MAGIC;

/// The end of a file, for whatever stands before it.
fn closed(mut file: Vec<u8>) -> Vec<u8> {
    crate::container::put_trailer(&mut file);
    file
}

/// The honest file with its payload cut or lengthened and a trailer that fits the result.
fn resized(world: &World, by: isize) -> Vec<u8> {
    let mut file = honest(world);
    let length = file.len() - 16;
    file.resize(length.saturating_add_signed(by), 0);
    closed(file)
}

fn no_payload(world: &World) -> Vec<u8> {
    let mut file = honest(world);
    file.truncate(signed_length(&file) + 2 + 64);
    closed(file)
}

pub(super) fn rows() -> Vec<Row> {
    const MAX: [u8; 8] = [0xff; 8];
    vec![
        row(1, "random bytes", |_| noise(2000), "NOT_A_BUNDLE", ""),
        row(1, "random bytes behind our magic", |_| [&MAGIC, noise(2000).as_slice()].concat(), "NEEDS_NEWER_APP", ""),
        row(
            1,
            "random bytes behind our magic and version",
            |_| [MAGIC.as_slice(), &[0, 1, 0, 1, 0, 1, 1, 0], &[0; 40], &noise(2000)].concat(),
            "TOO_LARGE",
            "文件头",
        ),
        row(1, "another program's file", |_| b"PK\x03\x04 a spreadsheet".to_vec(), "NOT_A_BUNDLE", ""),
        row(1, "a picture", |_| b"\x89PNG\r\n\x1a\n picture".to_vec(), "NOT_A_BUNDLE", ""),
        row(2, "an empty file", |_| Vec::new(), "INCOMPLETE_COPY", ""),
        row(3, "only the magic", |_| MAGIC.to_vec(), "INCOMPLETE_COPY", ""),
        row(3, "the magic and an end", |_| closed(MAGIC.to_vec()), "NEEDS_NEWER_APP", ""),
        row(
            3,
            "a header without anything behind it, properly ended",
            |world| {
                let mut file = honest(world);
                file.truncate(56);
                closed(file)
            },
            "DAMAGED",
            "文件长度",
        ),
        row(
            3,
            "an end in the middle of the header's numbers",
            |world| {
                let mut file = honest(world);
                file.truncate(24);
                closed(file)
            },
            "DAMAGED",
            "文件长度",
        ),
        row(6, "a byte appended", |world| [honest(world), vec![0]].concat(), "DAMAGED", "文件长度"),
        row(6, "a page appended", |world| [honest(world), vec![0; 4096]].concat(), "DAMAGED", "文件长度"),
        row(6, "a second end appended", |world| closed(honest(world)), "DAMAGED", "文件长度"),
        row(6, "the file twice", |world| [honest(world), honest(world)].concat(), "DAMAGED", "文件长度"),
        row(
            7,
            "the letters of another of our files",
            |world| {
                let mut file = honest(world);
                file[3] = b'Q';
                file
            },
            "NOT_A_BUNDLE",
            "",
        ),
        row(
            7,
            "line ends rewritten to LF",
            |world| honest(world).into_iter().filter(|b| *b != b'\r').collect::<Vec<_>>(),
            "MANGLED",
            "",
        ),
        row(
            7,
            "line ends rewritten to CRLF",
            |world| {
                let crlf = |b: u8| if b == b'\n' { vec![b'\r', b'\n'] } else { vec![b] };
                honest(world).into_iter().flat_map(crlf).collect::<Vec<_>>()
            },
            "MANGLED",
            "",
        ),
        row(
            7,
            "the eighth bit stripped",
            |world| honest(world).iter().map(|b| b & 0x7f).collect::<Vec<_>>(),
            "MANGLED",
            "",
        ),
        row(
            7,
            "read as text",
            |world| String::from_utf8_lossy(&honest(world)).into_owned().into_bytes(),
            "MANGLED",
            "",
        ),
        row(8, "a later container", |world| header_edited(world, 8, &[0, 2]), "NEEDS_NEWER_APP", ""),
        row(8, "a later reader wanted", |world| header_edited(world, 10, &[0, 2]), "NEEDS_NEWER_APP", ""),
        row(8, "a later suite", |world| header_edited(world, 12, &[0, 3]), "NEEDS_NEWER_APP", ""),
        row(8, "a flag of a later version", |world| header_edited(world, 15, &[0x80]), "NEEDS_NEWER_APP", ""),
        row(8, "container zero", |world| header_edited(world, 8, &[0, 0]), "DAMAGED", "版本"),
        row(8, "reader zero wanted", |world| header_edited(world, 10, &[0, 0]), "DAMAGED", "版本"),
        row(8, "suite zero", |world| header_edited(world, 12, &[0, 0]), "DAMAGED", "算法"),
        row(8, "a direction there is not", |world| header_edited(world, 14, &[4]), "DAMAGED", "方向"),
        row(8, "a feature required that we lack", feature, "NEEDS_NEWER_APP", ""),
        row(9, "65535 recipients", |world| header_edited(world, 60, &MAX[..2]), "TOO_LARGE", "文件头"),
        row(9, "65 recipients", |world| lengthened(world, 60, 65, 64 * 8), "TOO_LARGE", "文件头"),
        row(9, "no recipients", |world| header_edited(world, 60, &[0, 0]), "DAMAGED", "文件头"),
        row(9, "65535 features", |world| header_edited(world, 62, &MAX[..2]), "TOO_LARGE", "文件头"),
        row(9, "more features than the file is long", |world| header_edited(world, 62, &[1, 0]), "DAMAGED", "签名长度"),
        row(9, "a payload of 2⁶⁴−1", |world| header_edited(world, 64, &MAX), "TOO_LARGE", "文件头"),
        row(9, "a content of 2⁶⁴−1", |world| header_edited(world, 104, &MAX), "TOO_LARGE", "解开后超过1GB"),
        row(
            9,
            "a content of 1 GiB",
            |world| header_edited(world, 104, &(1u64 << 30).to_be_bytes()),
            "TOO_LARGE",
            "压缩比异常",
        ),
        row(9, "a content a byte longer", |world| plain_claimed(world, 1), "MALFORMED", "压缩数据"),
        row(9, "a content a byte shorter", |world| plain_claimed(world, -1), "MALFORMED", "压缩数据"),
        row(9, "65535 parts", |world| header_edited(world, 58, &MAX[..2]), "TOO_LARGE", "文件头"),
        row(9, "part 2 of 1", |world| header_edited(world, 56, &[0, 2]), "DAMAGED", "文件头"),
        row(9, "part 0", |world| header_edited(world, 56, &[0, 0]), "DAMAGED", "文件头"),
        row(9, "a signature of 65535 bytes", signature_length, "DAMAGED", "签名长度"),
        row(10, "a payload shorter than announced", |world| resized(world, -1), "DAMAGED", "文件长度"),
        row(10, "a payload longer than announced", |world| resized(world, 1), "DAMAGED", "文件长度"),
        row(10, "no payload", no_payload, "DAMAGED", "文件长度"),
        row(10, "an announced payload a byte longer", |world| payload_claimed(world, 1), "DAMAGED", "文件长度"),
        row(10, "an announced payload a byte shorter", |world| payload_claimed(world, -1), "DAMAGED", "文件长度"),
        row(10, "an announced payload of 1 GiB", |world| payload_claimed(world, 1 << 30), "DAMAGED", "文件长度"),
        row(
            10,
            "an end that states another length",
            |world| {
                let mut file = honest(world);
                *file.last_mut().unwrap() ^= 1;
                file
            },
            "DAMAGED",
            "文件长度",
        ),
    ]
}

/// The file with a number in its header grown and as many zeros put in where the list stands.
fn lengthened(world: &World, at: usize, number: u8, zeros: usize) -> Vec<u8> {
    let mut file = honest(world);
    file[at + 1] = number;
    file.truncate(file.len() - 16);
    let list = 112;
    file.splice(list..list, vec![0; zeros]);
    closed(file)
}

fn feature(world: &World) -> Vec<u8> {
    let file = honest(world);
    let frame = frame(&file);
    let mut outer = frame.outer.clone();
    outer.features = vec![1];
    insider(world).signed(frame.payload, &outer)
}

fn plain_claimed(world: &World, by: i64) -> Vec<u8> {
    // Two files with the same content differ in length: sealing draws its own randomness.
    let file = honest(world);
    let claimed = frame(&file).outer.plain_len.saturating_add_signed(by);
    with_header(world, file, 104, &claimed.to_be_bytes())
}

fn payload_claimed(world: &World, by: i64) -> Vec<u8> {
    let file = honest(world);
    let claimed = frame(&file).outer.payload_len.saturating_add_signed(by);
    with_header(world, file, 64, &claimed.to_be_bytes())
}

fn signature_length(world: &World) -> Vec<u8> {
    let mut file = honest(world);
    let at = signed_length(&file);
    file[at..at + 2].copy_from_slice(&[0xff; 2]);
    file
}
