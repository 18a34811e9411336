//! F9: the files of bundles in several parts, delivered by a program of two bytes a step: which file (0 to 7 of one bundle,
//! 8 to 15 of the next, 16 to 31 forged), and what happens to it on the way. Honest parts of two bundles, the same part written twice, parts an enrolled key signed with numbers of
//! its own, another sender's file under the same id; whole, with a flipped bit, cut short, after the program was started
//! again.
//!
//! Whatever comes: nothing of a bundle is in the tables before every part of it has come, every entry taken in is
//! accounted for, what waits is what is missing, the database stays sound, and the next honest bundle brings everything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use mingbai_bundle::{KeyId, inspect};
use mingbai_domain::catalogue::Person;
use mingbai_store::Store;
use mingbai_sync::{Exported, SyncError, Target, export, waiting};

use super::pen::{Pen, entry, fact, fresh, id, text};
use crate::common::{A, Office, count, exchange, family, places};

/// Small enough for several parts of so many families.
const MOST: u64 = 3_000;
/// Steps of one program; what comes after is not looked at.
const STEPS: usize = 20;

/// The county before anything comes, every file that may come, and what brings everything.
struct Known {
    county: Office,
    files: Vec<Vec<u8>>,
    /// How many parts the first bundle has, and how many the next; the other files are forged.
    honest: [usize; 2],
    last: Exported,
    people: u64,
    /// What the tables say when only that last one comes.
    after: String,
}

fn tables(store: &Store) -> String {
    let digests = store.read().digests().unwrap().into_iter();
    format!("{:?}", digests.map(|(table, rows, sum)| (table, rows, sum.to_bytes())).collect::<Vec<_>>())
}

fn in_parts(office: &mut Office) -> Vec<Vec<u8>> {
    let exported = office.with(|store, author| export(store, author, Target::County, Some(MOST))).unwrap();
    exported.into_files().into_iter().map(|file| file.bytes).collect()
}

fn register(office: &mut Office, names: &str) {
    for name in names.chars() {
        family(office, A, &name.to_string());
    }
}

thread_local! {
    static KNOWN: LazyLock<Known> = LazyLock::new(|| {
        let (mut county, mut first, mut second) = places();
        family(&mut first, A, "张三");
        exchange(&mut county, &mut first);
        exchange(&mut county, &mut second);
        let log = county.store.read().log(&first.store.own_log().unwrap().log).unwrap().unwrap();
        register(&mut first, "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥");
        let mut copy = first.copy();
        copy.rewind(&first);
        let one = in_parts(&mut first);
        register(&mut first, "天地");
        let other = in_parts(&mut first);
        let honest = [one.len(), other.len()];
        assert!(honest.iter().all(|parts| (3..=8).contains(parts)), "{honest:?}");
        let mut files = [one.clone(), other].concat();
        // The same number and id, drawn again by a copy of the PC.
        files.extend(in_parts(&mut copy).into_iter().take(2));
        // What an enrolled key signs: another number, more parts, fewer, a part of nobody's, the id of a sibling of it.
        let outer = inspect(&one[0]).unwrap();
        let (pen, stranger) = (Pen::up(&first), Pen::up(&second));
        let visit = fact(13, fresh(3), [(1, id(fresh(4))), (11, text("冒名"))]);
        let forged = |pen: &Pen, number: u64, part: (u16, u16)| {
            let range = pen.range(log.genesis.as_ref().unwrap(), log.head, &[entry(vec![visit.clone()])]);
            pen.file(vec![range], |draft| {
                (draft.bundle_id, draft.bundle_no, draft.part) = (Some(outer.bundle_id), number, part);
            })
        };
        files.push(forged(&pen, outer.bundle_no, (2, outer.parts)));
        files.push(forged(&pen, outer.bundle_no, (2, outer.parts + 1)));
        files.push(forged(&pen, outer.bundle_no, (10_000, 10_000)));
        files.push(forged(&pen, outer.bundle_no + 1, (1, outer.parts)));
        files.push(forged(&pen, outer.bundle_no, (1, 1)));
        files.push(pen.file(Vec::new(), |draft| {
            (draft.bundle_id, draft.bundle_no, draft.part) = (Some(outer.bundle_id), outer.bundle_no, (3, outer.parts));
        }));
        files.push(stranger.file(Vec::new(), |draft| {
            (draft.bundle_id, draft.bundle_no, draft.part) = (Some(outer.bundle_id), outer.bundle_no, (1, outer.parts));
        }));
        let last = first.up();
        let mut alone = county.copy();
        alone.take(&last);
        let (people, after) = (count::<Person>(&alone), tables(&alone.store));
        Known { county, files, honest, last, people, after }
    });
}

impl Known {
    /// The file a byte means.
    fn which(&self, byte: u8) -> usize {
        let [one, other] = self.honest;
        match usize::from(byte & 31) {
            part @ 0..8 => part % one,
            part @ 8..16 => one + part % other,
            forged => one + other + forged % (self.files.len() - one - other),
        }
    }

    fn is_forged(&self, which: usize) -> bool {
        which >= self.honest.iter().sum()
    }
}

/// A bundle as its files name it.
type Name = (KeyId, [u8; 16], u64, u16);

/// Delivers what the bytes say.
pub fn parts(bytes: &[u8]) -> bool {
    KNOWN.with(|known| deliver(known, bytes))
}

fn deliver(known: &Known, program: &[u8]) -> bool {
    let mut county = known.county.copy();
    let empty = tables(&county.store);
    let mut came: BTreeMap<Name, BTreeSet<u16>> = BTreeMap::new();
    let (mut whole, mut forged) = (false, false);
    for step in program.chunks_exact(2).take(STEPS) {
        let (which, way) = (known.which(step[0]), step[1]);
        let mut file = known.files[which].clone();
        let at = usize::from(way >> 2) * file.len() / 64;
        match way & 3 {
            0 => {}
            1 => file[at] ^= 1 << (step[0] >> 5),
            2 => file.truncate(at),
            _ => county = county.copy(),
        }
        let damaged = file != known.files[which];
        let outer = inspect(&known.files[which]).unwrap();
        forged |= !damaged && known.is_forged(which);
        let taken = county.try_take(&file);
        assert!(!damaged || matches!(taken, Err(SyncError::Rejected(_))), "step {step:?}: {taken:?}");
        if !damaged {
            let name = (outer.sender, outer.bundle_id, outer.bundle_no, outer.parts);
            came.entry(name).or_default().insert(outer.part);
        }
        match taken {
            Ok(taken) => {
                let waits = !taken.missing.is_empty();
                let counts = taken.ingested.counts().iter().sum::<u64>();
                assert_eq!(counts, taken.entries, "step {step:?}: all accounted for");
                whole |= !waits && !taken.already && outer.parts > 1;
            }
            Err(SyncError::Rejected(_)) => {}
            Err(other) => panic!("step {step:?}: {other}"),
        }
        if !came.iter().any(|((.., parts), here)| here.len() == usize::from(*parts)) {
            assert_eq!(tables(&county.store), empty, "step {step:?}: a part counts only with all the others");
        }
        for bundle in waiting(&county.store).unwrap() {
            let missing = bundle.missing.len();
            assert!(missing > 0 && missing < usize::from(bundle.parts), "step {step:?}: {bundle:?}");
        }
    }
    let taken = county.take(&known.last);
    assert_eq!(taken.ingested.counts().iter().sum::<u64>(), taken.entries);
    assert_eq!(count::<Person>(&county), known.people, "the next honest bundle brings everybody");
    if !forged {
        assert_eq!(tables(&county.store), known.after, "in whatever order it came");
        assert!(waiting(&county.store).unwrap().is_empty(), "nobody waits for what is here");
    }
    assert!(county.store.verify().unwrap().is_sound());
    whole
}

/// Programs that lead somewhere.
pub(super) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let plain = |order: &mut dyn Iterator<Item = u8>| order.flat_map(|which| [which, 0]).collect::<Vec<u8>>();
    vec![
        ("in-order", plain(&mut (0..8))),
        ("backwards", plain(&mut (0..8).rev())),
        ("twice", plain(&mut (0..8).flat_map(|part| [part, part]))),
        ("two-mixed", plain(&mut (0..8).flat_map(|part| [part, part + 8]))),
        ("newer-first", plain(&mut (8..16).chain(0..8))),
        ("started-again", (0..8).flat_map(|part| [part, 3]).collect()),
        ("flipped-then-whole", (0..8).flat_map(|part| [part, 0x41, part, 0]).collect()),
        ("cut-then-whole", (0..8).flat_map(|part| [part, 0x82, part, 0]).collect()),
        ("same-part-twice-written", plain(&mut [0, 16, 17, 1, 2].into_iter())),
        ("forged-first", plain(&mut (16..28).chain(0..8))),
        ("forged-last", plain(&mut (0..2).chain(16..28))),
        ("forged-between", plain(&mut (0..8).flat_map(|part| [part, part + 18]))),
        ("nothing", Vec::new()),
    ]
}
