//! Item 22: CBOR in any spelling but the one, in an entry whose chain and checkpoint are right and in a receipt.

use mingbai_ledger::cbor::Writer;
use mingbai_ledger::{Head, SetDigest};

use super::super::forge::{with_section, written};
use super::super::world::{World, genesis};
use super::{Row, row};
use crate::section::kind;
use crate::{Checkpoint, RangeDraft};

/// Spellings and the reason each must be refused with.
fn spellings() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let nested = |depth| [vec![0x81; depth], vec![0]].concat();
    vec![
        ("an indefinite array", vec![0x9f, 0xff], "含有不允许的数据类型"),
        ("an indefinite map", vec![0xbf, 0xff], "含有不允许的数据类型"),
        ("an indefinite text", vec![0x7f, 0x61, 0x61, 0xff], "含有不允许的数据类型"),
        ("an indefinite byte string", vec![0x5f, 0x41, 0x00, 0xff], "含有不允许的数据类型"),
        ("a number in two bytes that fits one", vec![0x18, 0x17], "数字不是最短写法"),
        ("a number in nine bytes that fits five", vec![0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], "数字不是最短写法"),
        ("a length not the shortest", vec![0x58, 0x01, 0x00], "数字不是最短写法"),
        ("a key twice", vec![0xa2, 0x01, 0x00, 0x01, 0x00], "键未按顺序排列或重复"),
        ("keys descending", vec![0xa2, 0x02, 0x00, 0x01, 0x00], "键未按顺序排列或重复"),
        ("a key that is text", vec![0xa1, 0x61, 0x61, 0x00], "键未按顺序排列或重复"),
        ("a key below zero", vec![0xa1, 0x20, 0x00], "键未按顺序排列或重复"),
        ("nested nine deep", nested(9), "嵌套过深"),
        ("nested 10 000 deep", nested(10_000), "嵌套过深"),
        ("an array of 2⁶⁴−1", vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "数据不完整"),
        ("a map of 2⁶³", vec![0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0], "数据不完整"),
        ("bytes of 2⁶⁴−1", vec![0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "数据不完整"),
        ("a text of 2³²", vec![0x7b, 0, 0, 0, 1, 0, 0, 0, 0], "数据不完整"),
        ("a half float", vec![0xf9, 0x3c, 0x00], "含有不允许的数据类型"),
        ("a single float", vec![0xfa, 0x3f, 0x80, 0, 0], "含有不允许的数据类型"),
        ("a double float", vec![0xfb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], "含有不允许的数据类型"),
        ("invalid UTF-8", vec![0x61, 0xff], "文字编码不规范"),
        ("a surrogate", vec![0x63, 0xed, 0xa0, 0x80], "文字编码不规范"),
        ("text in NFD", vec![0x63, 0x65, 0xcc, 0x81], "文字编码不规范"),
        ("a tag", vec![0xc1, 0x00], "含有不允许的数据类型"),
        ("the undefined value", vec![0xf7], "含有不允许的数据类型"),
        ("a simple value", vec![0xf8, 0xff], "含有不允许的数据类型"),
        ("a break", vec![0xff], "含有不允许的数据类型"),
        ("a reserved length", vec![0x1c], "含有不允许的数据类型"),
        ("a second item", vec![0x00, 0x00], "数据后有多余内容"),
    ]
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, bytes, why) in spellings() {
        let entry = bytes.clone();
        rows.push(row(22, leaked("an entry: ", name), move |world| entry_of(world, &entry), "MALFORMED", why));
        rows.push(row(
            22,
            leaked("a receipt: ", name),
            move |world| with_section(world, kind::ACK, bytes.clone()),
            "MALFORMED",
            why,
        ));
    }
    rows.push(row(22, "a negative sequence number", |world| ack(world, |w| w.int(-1)), "MALFORMED", "内容与格式不符"));
    rows.push(row(22, "a sequence number of 2⁶⁴−1", |world| ack(world, |w| w.uint(u64::MAX)), "MALFORMED", "编号过大"));
    rows.push(row(
        22,
        "a sequence number that is text",
        |world| ack(world, |w| w.text("1")),
        "MALFORMED",
        "内容与格式不符",
    ));
    rows.push(row(22, "2²⁰ + 1 receipts announced", announced, "MALFORMED", "数据不完整"));
    rows.push(row(22, "2²⁰ + 1 receipts sent", |world| sent((1 << 20) + 1, world), "TOO_LARGE", "清单过长"));
    rows
}

/// A name made of two, for as long as the tests run.
fn leaked(before: &str, name: &str) -> &'static str {
    Box::leak(format!("{before}{name}").into_boxed_str())
}

/// A log of one entry with these bytes, in which everything else is right.
fn entry_of(world: &World, bytes: &[u8]) -> Vec<u8> {
    let genesis = genesis(world, &world.a);
    let (previous, entries) = (genesis.head().hash, vec![bytes.to_vec()]);
    let head = RangeDraft::head_of(&genesis, 1, previous, &entries);
    let checkpoint = Checkpoint::sign(&world.a.signing, head, 1, SetDigest::default());
    written(world, |draft| draft.ranges = vec![RangeDraft { genesis, from: 1, previous, entries, checkpoint }])
}

/// A receipt whose sequence number is written by `seq`.
fn ack(world: &World, seq: impl FnOnce(&mut Writer) -> &mut Writer) -> Vec<u8> {
    let Head { log, hash, .. } = genesis(world, &world.a).head();
    let mut w = Writer::new();
    w.array(1).array(4).bytes(&log.0);
    seq(&mut w);
    w.bytes(&hash.0).uint(1);
    with_section(world, kind::ACK, w.finish())
}

fn announced(world: &World) -> Vec<u8> {
    let mut w = Writer::new();
    w.array((1 << 20) + 1);
    with_section(world, kind::ACK, w.finish())
}

/// An array of so many nulls: the limit is refused before anything is made of them.
fn sent(count: usize, world: &World) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(count);
    let body = [w.finish(), vec![0xf6; count]].concat();
    let mut noisy = super::super::forge::noise(1 << 16);
    noisy.truncate(1 << 14);
    super::super::forge::edited(world, |manifest, inside, _| {
        inside.push((kind::ACK, true, body));
        // Something that does not compress keeps the ratio of the whole below suspicion.
        inside.push((kind::BLOB, true, noisy));
        manifest.sections = crate::section::count(inside.iter().map(|(kind, ..)| *kind));
    })
}
