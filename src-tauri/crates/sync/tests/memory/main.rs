//! How much memory and disk a file takes while it is taken in, whatever it claims and whoever signed it (`sync.md` I22).
//! Bytes are counted, not guessed: the same run takes the same.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../forged/pen.rs"]
#[allow(dead_code, reason = "every test crate uses some of it")]
mod pen;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use common::{A, Office, exchange, family, places};
use mingbai_disk::{Counting, Peak, peak};
use mingbai_domain::Value;
use mingbai_domain::catalogue::{Person, Record, Visit};
use mingbai_ledger::{Entry, Op, Write};
use mingbai_sync::{Accepted, DeviceKeys, SyncError};
use pen::{Pen, entry, fact, fresh, id, set, text};

#[global_allocator]
static COUNTED: Counting = Counting;
/// What SQLite may take for its pages while a bundle is taken in, and a little for everything else.
const PAGES: u64 = (256 << 20) + (16 << 20);
const MIB: u64 = 1 << 20;

/// Memory is counted for the whole program.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A county, and a township whose keys sign anything.
struct Scene {
    county: Office,
    first: Office,
    person: mingbai_domain::RecordId,
}

impl Scene {
    fn new() -> Self {
        let (mut county, mut first, _) = places();
        let person = family(&mut first, A, "张三").person;
        exchange(&mut county, &mut first);
        Self { county, first, person }
    }

    /// A file of these entries.
    fn says(&self, entries: &[Entry]) -> Vec<u8> {
        let own = self.first.store.own_log().unwrap().log;
        Pen::up(&self.first).more(&self.county.store.read().log(&own).unwrap().unwrap(), entries)
    }

    /// An honest file with other bytes at places of its header, signed again.
    fn header(&mut self, edits: &[(usize, &[u8])]) -> Vec<u8> {
        let mut file = self.first.up().bytes;
        let signed = 112 + 8 * usize::from(file[61]);
        for (at, bytes) in edits {
            file[*at..at + bytes.len()].copy_from_slice(bytes);
        }
        let message = [b"mbx/outer/1".as_slice(), &file[..signed]].concat();
        let key = DeviceKeys::load(&self.first.store).unwrap().signing;
        file[signed + 2..signed + 66].copy_from_slice(&key.sign(&message));
        file
    }

    fn bytes_on_disk(&self) -> u64 {
        let files = std::fs::read_dir(self.county.directory.path()).unwrap().flatten();
        files.map(|file| file.metadata().unwrap().len()).sum()
    }

    /// Takes a file in and says what that took.
    fn take(&mut self, what: &str, file: &[u8]) -> Took {
        let before = self.bytes_on_disk();
        let began = Instant::now();
        let (taken, peak) = peak(|| self.county.try_take(file));
        let took = Took { file: file.len() as u64, peak, disk: self.bytes_on_disk().saturating_sub(before), taken };
        let kib = |bytes: u64| bytes / 1024;
        println!(
            "{what}: file {} KiB, memory {} KiB + {} KiB of SQLite, disk {} KiB, {} ms, {}",
            kib(took.file),
            kib(peak.rust),
            kib(peak.sqlite),
            kib(took.disk),
            began.elapsed().as_millis(),
            match &took.taken {
                Ok(taken) => format!("{} entries {:?}", taken.entries, taken.ingested.counts()),
                Err(error) => error.to_string(),
            }
        );
        took
    }
}

/// What taking a file in took.
struct Took {
    file: u64,
    peak: Peak,
    disk: u64,
    taken: Result<Accepted, SyncError>,
}

impl Took {
    #[track_caller]
    fn rejected(&self, code: &str) {
        assert!(matches!(&self.taken, Err(SyncError::Rejected(reason)) if reason.code() == code), "{:?}", self.taken);
    }

    /// At most this much memory for the work, and at most this much disk.
    #[track_caller]
    fn within(&self, memory: u64, disk: u64) {
        assert!(self.peak.rust <= memory, "{} bytes of memory, at most {memory}", self.peak.rust);
        assert!(self.peak.sqlite <= PAGES, "{} bytes of SQLite", self.peak.sqlite);
        assert!(self.disk <= disk, "{} bytes of disk, at most {disk}", self.disk);
    }
}

/// Letters that do not become smaller by packing.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed;
    let letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[(state >> 58) as usize])
    };
    (0..length).map(letter).collect()
}

#[test]
fn a_header_that_lies_about_lengths_costs_no_more_than_the_file() {
    let _alone = alone();
    let mut scene = Scene::new();
    let most = u64::MAX.to_be_bytes();
    let bomb = 32 * MIB;
    for (what, edits, code) in [
        ("payload of 2^64-1", &[(64, &most[..])][..], "TOO_LARGE"),
        ("content of 2^64-1", &[(104, &most[..])], "TOO_LARGE"),
        ("content of 1000 to 1", &[(104, &bomb.to_be_bytes()[..])], "TOO_LARGE"),
        ("less than comes out", &[(104, &[0, 0, 0, 0, 0, 0, 0, 9])], "MALFORMED"),
        ("65535 recipients", &[(60, &[0xff, 0xff])], "TOO_LARGE"),
        ("10000 parts, the last", &[(56, &[0x27, 0x10, 0x27, 0x10])], "MANIFEST_MISMATCH"),
    ] {
        let file = if what == "65535 recipients" {
            let mut file = scene.first.up().bytes;
            file[60..62].copy_from_slice(&[0xff; 2]);
            file
        } else {
            scene.header(edits)
        };
        let took = scene.take(what, &file);
        took.rejected(code);
        took.within(32 * took.file + MIB / 4, MIB / 4);
    }
}

#[test]
fn a_file_that_becomes_two_hundred_times_as_large_takes_a_few_times_what_it_becomes() {
    let _alone = alone();
    let mut scene = Scene::new();
    // As much nothing as is allowed beside a little noise.
    let padded: Vec<u8> =
        (0..384).flat_map(|n| [noise(n, 480).into_bytes(), vec![0; (64 << 10) - 480]].concat()).collect();
    let plain = padded.len() as u64;
    let own = scene.first.store.own_log().unwrap().log;
    let log = scene.county.store.read().log(&own).unwrap().unwrap();
    let pen = Pen::up(&scene.first);
    let range = pen.range(log.genesis.as_ref().unwrap(), log.head, &[entry(Vec::new())]);
    let file = pen.file(vec![range], |draft| draft.blobs = vec![padded]);
    let took = scene.take("200 to 1", &file);
    assert!(took.taken.is_ok() && plain > 100 * took.file, "{} of {}", took.file, plain);
    took.within(4 * plain + 4 * took.file + MIB, MIB);
}

#[test]
fn entries_of_one_byte_take_a_kilobyte_each_and_the_next_bundle_is_taken_in_as_ever() {
    const MANY: u64 = 100_000;
    let _alone = alone();
    let mut scene = Scene::new();
    let own = scene.first.store.own_log().unwrap().log;
    let log = scene.county.store.read().log(&own).unwrap().unwrap();
    let pen = Pen::up(&scene.first);
    let genesis = log.genesis.unwrap();
    let tiny = vec![vec![0]; MANY as usize];
    let range = pen.raw_range(&genesis, log.head.seq + 1, log.head.hash, tiny);
    let (head, file) = (range.checkpoint.head, pen.file(vec![range], |_| {}));
    // So many entries are not compressed: a small file holds few.
    assert!(file.len() as u64 > MANY * 5, "{}", file.len());
    let took = scene.take("10^5 entries of one byte", &file);
    assert_eq!(took.taken.as_ref().unwrap().ingested.unapplied, MANY);
    took.within(MANY * 1024, MANY * 2048);
    // What was refused before is not gone through once more for each of what is said of it.
    let next = pen.file(vec![pen.range(&genesis, head, &[entry(Vec::new())])], |_| {});
    let took = scene.take("the bundle after it", &next);
    assert_eq!(took.taken.as_ref().unwrap().ingested.new, 1);
    took.within(MANY * 1024, MANY * 2048);
}

#[test]
fn a_million_unknown_fields_wait_in_no_more_memory_than_a_few_times_their_bytes() {
    let _alone = alone();
    let mut scene = Scene::new();
    let write = Write { value: Value::Bool(true), base: Vec::new() };
    let of = |which: u16| {
        let writes: BTreeMap<u16, Write> = (1000..17_000).map(|field| (field, write.clone())).collect();
        Op::Set { record_type: 1000 + which, record: fresh(9), writes }
    };
    let flood: Vec<Entry> = (0..63).map(|which| entry(vec![of(which)])).collect();
    let plain: u64 = flood.iter().map(|entry| entry.encode().len() as u64).sum();
    let file = scene.says(&flood);
    drop(flood);
    let took = scene.take("10^6 unknown fields", &file);
    assert_eq!(took.taken.as_ref().unwrap().ingested.deferred, 63);
    took.within(6 * plain + 4 * took.file + MIB, 3 * plain + MIB);
}

#[test]
fn a_hundred_thousand_conflicts_on_one_field_take_no_more_than_as_many_different_changes() {
    let _alone = alone();
    let person = Person::TYPE.id;
    let mut scene = Scene::new();
    let who = scene.person;
    let said = |number: u32| entry(vec![set(person, who, 13, text(&number.to_string()), vec![])]);
    let flood: Vec<Entry> = (0..100_000).map(said).collect();
    let plain: u64 = flood.iter().map(|entry| entry.encode().len() as u64).sum();
    let file = scene.says(&flood);
    drop(flood);
    let took = scene.take("10^5 conflicts", &file);
    assert_eq!(took.taken.as_ref().unwrap().entries, 100_000);
    took.within(20 * plain + MIB, 20 * plain + MIB);
}

#[test]
fn a_sound_bundle_of_fifty_megabytes_is_taken_in_with_a_few_times_its_size() {
    let _alone = alone();
    let mut scene = Scene::new();
    let who = scene.person;
    let visit = |number: u64| {
        let mut record = [0; 16];
        record[..8].copy_from_slice(&number.to_be_bytes());
        let record = mingbai_domain::RecordId::from_bytes(record);
        entry(vec![fact(Visit::TYPE.id, record, [(1, id(who)), (11, text(&noise(number, 16 << 10)))])])
    };
    let all: Vec<Entry> = (1..=4_250).map(visit).collect();
    let plain: u64 = all.iter().map(|entry| entry.encode().len() as u64).sum();
    let file = scene.says(&all);
    drop(all);
    let took = scene.take("50 MB", &file);
    assert!(took.file > 50 * MIB && took.taken.as_ref().unwrap().ingested.counts()[0] == 4_250, "{}", took.file);
    took.within(5 * plain, 5 * plain);
}
