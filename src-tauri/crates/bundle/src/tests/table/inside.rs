//! Items 23 to 27: contents that contradict each other, chains that do not link up, logs that are not the sender's.

use mingbai_ledger::{EntryHash, Genesis, Head, LogId, SetDigest, chain_hash};

use super::super::forge::{Insider, body, edited, frame, insider, written};
use super::super::world::{World, draft, fill, genesis, honest, range};
use super::{Hostile, Row, row};
use crate::section::{self, HEADER_LENGTH, Manifest, kind};
use crate::{Checkpoint, Direction, StateSummary, write};

pub(super) fn rows() -> Vec<Row> {
    [contradictions(), ends(), chains(), checkpoints(), logs()].into_iter().flatten().collect()
}

const COUNTS: (&str, &str) = ("MANIFEST_MISMATCH", "段落数");
const RANGES: (&str, &str) = ("MANIFEST_MISMATCH", "记录区间");

fn contradictions() -> Vec<Row> {
    vec![
        row(
            23,
            "a section not announced",
            |w| edited(w, |_, i, _| i.push((kind::POLICY, true, vec![]))),
            COUNTS.0,
            COUNTS.1,
        ),
        row(23, "a section announced and missing", |w| edited(w, |_, i, _| drop(i.pop())), COUNTS.0, COUNTS.1),
        row(
            23,
            "two kinds counted the wrong way round",
            |w| edited(w, |m, _, _| m.sections.reverse()),
            COUNTS.0,
            COUNTS.1,
        ),
        row(23, "a count of 2⁶⁴−1", |w| edited(w, |m, _, _| m.sections[0].1 = u64::MAX), COUNTS.0, COUNTS.1),
        row(23, "no ranges announced", |w| edited(w, |m, _, _| m.ranges.clear()), RANGES.0, RANGES.1),
        row(23, "a range announced twice", |w| edited(w, |m, _, _| m.ranges.push(m.ranges[0])), RANGES.0, RANGES.1),
        row(23, "a range of another log", |w| edited(w, |m, _, _| m.ranges[0].log.0[0] ^= 1), RANGES.0, RANGES.1),
        row(23, "a range longer than its entries", |w| edited(w, |m, _, _| m.ranges[0].to += 1), RANGES.0, RANGES.1),
        row(23, "a range that ends before it begins", |w| edited(w, |m, _, _| m.ranges[0].to = 0), RANGES.0, RANGES.1),
        row(23, "a log in the dictionary without entries", spare_log, RANGES.0, RANGES.1),
        row(
            23,
            "entries of a log that is not in the dictionary",
            |w| edited(w, |_, i, _| body(i, kind::ENTRIES)[3] = 1),
            RANGES.0,
            RANGES.1,
        ),
        row(23, "the dictionary twice", dictionary_twice, "MALFORMED", "段落重复"),
        row(23, "a length stated that is not the length", other_length, "MANIFEST_MISMATCH", "长度"),
        row(23, "a manifest of a later version", later_manifest, "NEEDS_NEWER_APP", ""),
        row(23, "a critical section we do not know", unknown_section, "NEEDS_NEWER_APP", ""),
        row(23, "rows of a state that is none", state, "TOO_LARGE", "清单过长"),
    ]
}

fn ends() -> Vec<Row> {
    let fault = "段落";
    vec![
        row(24, "a wrong hash", |w| end_edited(w, |end| *end.last_mut().unwrap() ^= 1), "MALFORMED", fault),
        row(24, "a wrong count", |w| end_edited(w, |end| end[HEADER_LENGTH + 3] ^= 1), "MALFORMED", fault),
        row(24, "an end that is not critical", |w| end_edited(w, |end| end[1] = 0), "MALFORMED", fault),
        row(24, "an end with a flag of a later version", |w| end_edited(w, |end| end[1] = 3), "MALFORMED", fault),
        row(24, "a byte behind the end", |w| end_edited(w, |end| end.push(0)), "MALFORMED", fault),
        row(24, "an end longer than an end", longer_end, "MALFORMED", fault),
        row(24, "no end", |w| end_edited(w, Vec::clear), "MALFORMED", fault),
        row(24, "two ends", |w| end_edited(w, |end| end.extend_from_within(..)), "MALFORMED", fault),
        row(24, "nothing but an end", |w| plain(w, section::Sections::new().finish().unwrap()), "MALFORMED", fault),
        row(24, "no content", |w| plain(w, Vec::new()), "MALFORMED", fault),
        row(24, "the manifest last", manifest_last, "MALFORMED", fault),
        row(24, "a section of 4 GiB", |w| plain(w, vec![1, 1, 0xff, 0xff, 0xff, 0xff]), "MALFORMED", fault),
        row(24, "100 001 sections", many_sections, "TOO_LARGE", "段落过多"),
    ]
}

fn chains() -> Vec<Row> {
    let broken = "CHAIN_BROKEN";
    vec![
        row(
            25,
            "a byte of an entry changed",
            |w| edited(w, |_, i, _| *body(i, kind::ENTRIES).last_mut().unwrap() ^= 1),
            broken,
            "",
        ),
        row(25, "two entries exchanged", exchanged, broken, ""),
        row(25, "another hash before the first", |w| edited(w, |m, _, _| m.ranges[0].previous.0[0] ^= 1), broken, ""),
        row(25, "another hash after the last", |w| edited(w, |m, _, _| m.ranges[0].head.0[0] ^= 1), broken, ""),
        row(
            25,
            "sequence numbers ahead",
            |w| edited(w, |m, _, _| (m.ranges[0].from, m.ranges[0].to) = (5, 6)),
            broken,
            "",
        ),
        row(25, "a sequence number left out", |w| edited(w, |m, _, _| m.ranges[0].from = 2), RANGES.0, RANGES.1),
        row(25, "sequence number 0", |w| edited(w, |m, _, _| m.ranges[0].from = 0), RANGES.0, RANGES.1),
        row(
            25,
            "sequence numbers 0 and 1",
            |w| edited(w, |m, _, _| (m.ranges[0].from, m.ranges[0].to) = (0, 1)),
            RANGES.0,
            RANGES.1,
        ),
        row(25, "a consistent chain at 2⁶⁴−1", |w| far_ahead(w, u64::MAX), "MALFORMED", "编号过大"),
        row(25, "a consistent chain past any log", |w| far_ahead(w, (1 << 48) + 1), "MALFORMED", "编号过大"),
        row(25, "a log that continues another past any", far_continued, "MALFORMED", "编号过大"),
        row(
            25,
            "an entry of no bytes",
            |w| edited(w, |_, i, _| body(i, kind::ENTRIES)[11] = 0),
            "MALFORMED",
            "记录段落",
        ),
        row(
            25,
            "an entry of 4 GiB",
            |w| edited(w, |_, i, _| body(i, kind::ENTRIES)[8] = 0xff),
            "MALFORMED",
            "记录段落",
        ),
        row(
            25,
            "a byte behind the entries",
            |w| edited(w, |_, i, _| body(i, kind::ENTRIES).push(0)),
            "MALFORMED",
            "记录段落",
        ),
        row(
            25,
            "four thousand million entries",
            |w| edited(w, |_, i, _| body(i, kind::ENTRIES)[4] = 0xff),
            "TOO_LARGE",
            "记录过多",
        ),
    ]
}

fn checkpoints() -> Vec<Row> {
    let bad = "BAD_CHECKPOINT";
    vec![
        row(26, "for another sequence number", |w| signed_for(w, |w, h| sign(w, Head { seq: 1, ..h })), bad, ""),
        row(26, "for another hash", |w| signed_for(w, |w, h| sign(w, Head { hash: EntryHash([0; 32]), ..h })), bad, ""),
        row(26, "for another log", |w| signed_for(w, |w, h| sign(w, Head { log: LogId([0; 16]), ..h })), bad, ""),
        row(
            26,
            "by the neighbour's key",
            |w| signed_for(w, |w, h| Checkpoint::sign(&w.b.signing, h, 2, SetDigest::default())),
            bad,
            "",
        ),
        row(
            26,
            "by the county's key",
            |w| signed_for(w, |w, h| Checkpoint::sign(&w.county.signing, h, 2, SetDigest::default())),
            bad,
            "",
        ),
        row(
            26,
            "with another count than signed",
            |w| signed_for(w, |w, h| Checkpoint { count: 3, ..sign(w, h) }),
            bad,
            "",
        ),
        row(
            26,
            "with another state than signed",
            |w| signed_for(w, |w, h| Checkpoint { state: SetDigest::from_bytes([1; 32]), ..sign(w, h) }),
            bad,
            "",
        ),
        row(
            26,
            "with a signature of zeros",
            |w| signed_for(w, |w, h| Checkpoint { signature: [0; 64], ..sign(w, h) }),
            bad,
            "",
        ),
        row(
            26,
            "none",
            |w| edited(w, |_, i, _| *body(i, kind::CHECKPOINT) = section::encode_checkpoints(&[])),
            RANGES.0,
            RANGES.1,
        ),
        row(26, "one too many", checkpoint_twice, RANGES.0, RANGES.1),
    ]
}

fn logs() -> Vec<Row> {
    vec![
        row(27, "the neighbour's log by a township", |w| log_of(w, genesis(w, &w.b), 3), "NOT_AUTHORISED", ""),
        row(27, "a township's log written by the county", written_by_county, "BAD_CHECKPOINT", ""),
        row(
            27,
            "one's own log under the neighbour's certificate",
            |w| own_log(w, |g| g.certificate = 3),
            "UNKNOWN_DEVICE",
            "",
        ),
        row(
            27,
            "one's own log under a certificate there is not",
            |w| own_log(w, |g| g.certificate = 99),
            "UNKNOWN_DEVICE",
            "",
        ),
        row(
            27,
            "one's own log under a certificate of 2⁶⁴−1",
            |w| own_log(w, |g| g.certificate = u64::MAX),
            "MALFORMED",
            "编号过大",
        ),
        row(27, "one's own log of another county", |w| own_log(w, |g| g.county = [1; 8]), "OTHER_COUNTY", ""),
        row(
            27,
            "a log of no county under one's certificate",
            |w| own_log(w, |g| g.county = [0; 8]),
            "OTHER_COUNTY",
            "",
        ),
        row(27, "a log of a key nobody certified", |w| own_log(w, |g| g.device_key = [9; 32]), "UNKNOWN_DEVICE", ""),
    ]
}

fn spare_log(world: &World) -> Vec<u8> {
    edited(world, |_, inside, _| {
        let logs = [genesis(world, &world.a), genesis(world, &world.b)];
        *body(inside, kind::DICT) = section::encode_dictionary(&logs);
    })
}

fn dictionary_twice(world: &World) -> Vec<u8> {
    edited(world, |manifest, inside, _| {
        let twice = inside[0].clone();
        inside.insert(0, twice);
        manifest.sections[0].1 += 1;
    })
}

fn unknown_section(world: &World) -> Vec<u8> {
    super::super::forge::with_section(world, 0x40, b"later".to_vec())
}

fn state(world: &World) -> Vec<u8> {
    edited(world, |manifest, inside, _| {
        manifest.state =
            Some(StateSummary { rows: vec![(0, 0); (1 << 20) + 1], digest: SetDigest::default(), aside: None });
        // Something that does not compress keeps the ratio of the whole below suspicion.
        inside.push((kind::BLOB, true, super::super::forge::noise(1 << 15)));
    })
}

/// The content as it is, without the settling of lengths that [`Insider::reforge`] does.
fn plain(world: &World, plain: Vec<u8>) -> Vec<u8> {
    insider(world).sealed(&plain, &frame(&honest(world)).outer)
}

fn later_manifest(world: &World) -> Vec<u8> {
    let content = insider(world).plain(&honest(world));
    let parts = section::split(&content).unwrap();
    let mut sections = section::Sections::new();
    // The honest map with one entry more, under a key this version does not know and may not pass over.
    let body = [&[parts[0].body[0] + 1], &parts[0].body[1..], &[0x18, 0x7f, 0x00]].concat();
    sections.push(kind::MANIFEST, true, &body).unwrap();
    parts[1..].iter().for_each(|part| sections.push(part.kind, true, part.body).unwrap());
    plain(world, sections.finish().unwrap())
}

fn other_length(world: &World) -> Vec<u8> {
    let content = insider(world).plain(&honest(world));
    let parts = section::split(&content).unwrap();
    let manifest = Manifest::decode(parts[0].body).unwrap();
    let mut sections = section::Sections::new();
    sections.push(kind::MANIFEST, true, &Manifest { plain_len: manifest.plain_len + 1, ..manifest }.encode()).unwrap();
    parts[1..].iter().for_each(|part| sections.push(part.kind, true, part.body).unwrap());
    plain(world, sections.finish().unwrap())
}

/// The content with something done to the end section.
fn end_edited(world: &World, edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut content = insider(world).plain(&honest(world));
    let mut end = content.split_off(content.len() - section::END_LENGTH);
    edit(&mut end);
    plain(world, [content, end].concat())
}

fn longer_end(world: &World) -> Vec<u8> {
    end_edited(world, |end| {
        end[HEADER_LENGTH - 1] += 1;
        end.push(0);
    })
}

fn manifest_last(world: &World) -> Vec<u8> {
    let content = insider(world).plain(&honest(world));
    let parts = section::split(&content).unwrap();
    let mut sections = section::Sections::new();
    parts.iter().rev().for_each(|part| sections.push(part.kind, true, part.body).unwrap());
    plain(world, sections.finish().unwrap())
}

fn many_sections(world: &World) -> Vec<u8> {
    edited(world, |_, inside, _| {
        inside.extend(vec![(kind::BLOB, true, Vec::new()); 100_000]);
    })
}

fn exchanged(world: &World) -> Vec<u8> {
    edited(world, |_, inside, _| {
        let entries = super::super::world::entries(1, 2);
        *body(inside, kind::ENTRIES) = section::encode_entries(0, &[entries[1].clone(), entries[0].clone()]).unwrap();
    })
}

/// One entry of A's own log at `seq`, with a chain and a checkpoint that are right.
fn far_ahead(world: &World, seq: u64) -> Vec<u8> {
    edited(world, |manifest, inside, _| {
        let entry = super::super::world::entries(1, 1);
        let range = &mut manifest.ranges[0];
        (range.from, range.to, range.previous) = (seq, seq, EntryHash([7; 32]));
        range.head = chain_hash(&range.log, seq, &range.previous, &entry[0]);
        let head = Head { log: range.log, seq, hash: range.head };
        *body(inside, kind::ENTRIES) = section::encode_entries(0, &entry).unwrap();
        let checkpoint = Checkpoint::sign(&world.a.signing, head, seq, SetDigest::default());
        *body(inside, kind::CHECKPOINT) = section::encode_checkpoints(&[checkpoint]);
    })
}

fn far_continued(world: &World) -> Vec<u8> {
    let before = Head { seq: u64::MAX, ..genesis(world, &world.a).head() };
    own_log(world, |genesis| genesis.continues = Some(before))
}

fn sign(world: &World, head: Head) -> Checkpoint {
    Checkpoint::sign(&world.a.signing, head, 2, SetDigest::default())
}

/// The honest file with another checkpoint for the head it has.
fn signed_for(world: &World, make: impl FnOnce(&World, Head) -> Checkpoint) -> Vec<u8> {
    let honest_range = range(&genesis(world, &world.a), &world.a.signing, 2);
    let checkpoint = make(world, honest_range.checkpoint.head);
    edited(world, |_, inside, _| *body(inside, kind::CHECKPOINT) = section::encode_checkpoints(&[checkpoint]))
}

fn checkpoint_twice(world: &World) -> Vec<u8> {
    let honest_range = range(&genesis(world, &world.a), &world.a.signing, 2);
    let both = [honest_range.checkpoint.clone(), honest_range.checkpoint];
    edited(world, |_, inside, _| *body(inside, kind::CHECKPOINT) = section::encode_checkpoints(&both))
}

/// A sends a log that is not its own, signed by whom it belongs to: it was copied from a stick.
fn log_of(world: &World, genesis: Genesis, serial: u64) -> Vec<u8> {
    let owner = [&world.county, &world.a, &world.b].into_iter().find(|desk| desk.serial == serial).unwrap();
    written(world, |draft| draft.ranges = vec![range(&genesis, &owner.signing, 2)])
}

/// A's own log under another genesis. The writer refuses some of these, so it is put in by hand.
fn own_log(world: &World, edit: impl FnOnce(&mut Genesis)) -> Vec<u8> {
    let mut genesis = genesis(world, &world.a);
    edit(&mut genesis);
    let range = range(&genesis, &world.a.signing, 2);
    edited(world, |manifest, inside, _| {
        let announced = &mut manifest.ranges[0];
        (announced.log, announced.previous) = (genesis.log_id(), range.previous);
        announced.head = range.checkpoint.head.hash;
        *body(inside, kind::DICT) = section::encode_dictionary(std::slice::from_ref(&genesis));
        *body(inside, kind::CHECKPOINT) = section::encode_checkpoints(std::slice::from_ref(&range.checkpoint));
    })
}

/// The county, which may carry everybody's logs, writes one in a township's name: here to itself, as if from its feed.
fn written_by_county(world: &World) -> Hostile {
    let to = [world.county.opening.public()];
    let mut draft = draft(world, &world.county, &to, Direction::Down);
    draft.ranges = vec![range(&genesis(world, &world.a), &world.a.signing, 2)];
    let honest = write(&draft, &mut fill).unwrap();
    let head = draft.ranges[0].checkpoint.head;
    let forged = Checkpoint::sign(&world.county.signing, head, 2, SetDigest::default());
    let county = Insider { from: &world.county, to: &world.county };
    let file = county
        .reforge(&honest, |_, inside, _| *body(inside, kind::CHECKPOINT) = section::encode_checkpoints(&[forged]));
    file.into()
}

#[test]
fn the_room_for_entries_is_counted_over_all_sections() {
    let body = section::encode_entries(0, &super::super::world::entries(1, 3)).unwrap();
    assert_eq!(section::decode_entries(&body, 3).unwrap().1.len(), 3);
    assert_eq!(section::decode_entries(&body, 2).unwrap_err(), crate::Rejection::TooLarge("记录过多"));
}
