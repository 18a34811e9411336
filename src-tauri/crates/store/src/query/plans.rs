//! Why searching and looking for duplicates stay quick however large the register grows: what they read comes from an
//! index, and a register twenty times as large costs them no further step. Seconds are `cargo xtask bench`'s, on a named
//! machine; here the structure is proved.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{ALL, Household, Membership, Person, Record};
use mingbai_domain::value::Kind;
use mingbai_ledger::Genesis;

use super::BillFilter;
use super::list::by_column;
use super::neighbours::{next_code, numbered, unnumbered};
use crate::author::Author;
use crate::error::StoreError;
use crate::key::DatabaseKey;
use crate::log::{Identity, LogRole};
use crate::open::Store;
use crate::search::{BY_KEY, NEXT_ID, OF_VILLAGE, VILLAGERS};

const FEW: u32 = 150;
const MANY: u32 = 3_000;

fn name(number: u32) -> String {
    let of = |place: u32| ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈"][(number / place % 10) as usize];
    format!("{}{}{}{}", of(1_000), of(100), of(10), of(1))
}

fn citizen_id(number: u32) -> String {
    format!("1599011985{number:08}")
}

fn id(kind: u8, number: u32) -> RecordId {
    let mut bytes = [kind; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    RecordId::from_bytes(bytes)
}

/// Puts one person with a household into the register, as a roster's row does: first asks who is there already.
fn take_in(store: &mut Store, numbers: std::ops::Range<u32>) {
    let author = Author { actor: None, wall_millis: 1_790_000_000_000, random: &|_| {} };
    let done = store.commit(&author, "import_roster", None, |txn| {
        for number in numbers {
            let (person, household) = (id(1, number), id(2, number));
            if !txn.read().rows_where::<Person>("citizen_id", &citizen_id(number))?.is_empty() {
                continue;
            }
            let whose = Household { number: Some(format!("{number:013}")), ..Household::default() };
            txn.insert(Some(household), &whose)?;
            let who = Person {
                name: Some(name(number)),
                citizen_id: Some(citizen_id(number)),
                phone: Some(format!("139{number:08}")),
                ..Person::default()
            };
            txn.insert(Some(person), &who)?;
            let stay = Membership { household: Some(household), person: Some(person), ..Membership::default() };
            txn.insert(Some(id(3, number)), &stay)?;
        }
        Ok::<_, StoreError>(())
    });
    done.unwrap();
}

fn register(directory: &tempfile::TempDir, people: u32) -> Store {
    let genesis = Genesis { device_key: [1; 32], nonce: [1; 16], county: [9; 8], certificate: 0, continues: None };
    let identity = Identity { genesis, role: LogRole::Township };
    let path = directory.path().join(format!("{people}.db"));
    let mut store = Store::create(&path, &DatabaseKey::from_bytes([7; 32]), &identity).unwrap();
    take_in(&mut store, 0..people);
    // As after the lists of the desk were worked out: whatever comes now is noted household by household.
    store.conn.execute("delete from stale", []).unwrap();
    store
}

/// Steps of SQLite's own machine that something takes.
fn steps<T>(store: &mut Store, what: impl FnOnce(&mut Store) -> T) -> (u64, T) {
    let counted = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&counted);
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    store.conn.progress_handler(1, Some(count)).unwrap();
    let answer = what(store);
    store.conn.progress_handler(0, None::<fn() -> bool>).unwrap();
    (counted.load(Ordering::Relaxed), answer)
}

/// How SQLite answers a statement, a line a table.
fn plan(store: &Store, sql: &str) -> Vec<String> {
    let mut statement = store.conn.prepare(&format!("explain query plan {sql}")).unwrap();
    let blank = vec![rusqlite::types::Null; statement.parameter_count()];
    let rows = statement.query_map(rusqlite::params_from_iter(blank), |row| row.get::<_, String>(3)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[track_caller]
fn from_an_index(store: &Store, sql: &str) {
    let lines = plan(store, sql);
    assert!(lines.iter().any(|line| line.starts_with("SEARCH")), "{sql}: {lines:?}");
    for line in &lines {
        let whole = line.starts_with("SCAN") && !line.starts_with("SCAN CONSTANT ROW");
        assert!(!whole && !line.contains("TEMP B-TREE"), "{sql}: {lines:?}");
    }
}

/// opensrp/fhircore#3543, #3181, #2066: a name search took 28 seconds, a list page minutes.
#[test]
fn fhircore_3543_a_search_reads_an_index_and_takes_no_more_steps_in_a_register_twenty_times_as_large() {
    let directory = tempfile::tempdir().unwrap();
    let (mut few, mut many) = (register(&directory, FEW), register(&directory, MANY));
    for (store, sql) in
        [&few, &many].into_iter().flat_map(|store| [BY_KEY, NEXT_ID, OF_VILLAGE, VILLAGERS].map(|sql| (store, sql)))
    {
        from_an_index(store, sql);
    }
    let wanted = 47;
    let typed = [
        name(wanted),
        citizen_id(wanted),
        format!("139{wanted:08}"),
        // The end of a telephone, the end of an id, and what stands in nobody's.
        "900000047".to_owned(),
        format!("{} 00000047", name(wanted)),
    ];
    for text in typed {
        let (small, there) = steps(&mut few, |store| store.read().search(&text, 20).unwrap());
        let (large, too) = steps(&mut many, |store| store.read().search(&text, 20).unwrap());
        assert!(there.iter().any(|hit| hit.record == id(1, wanted)), "{text}: {there:?}");
        assert!(too.iter().any(|hit| hit.record == id(1, wanted)), "{text}: {too:?}");
        assert_eq!(small, large, "{text}");
    }
    // Half of everybody answers to one initial: the list ends where the screen does.
    let (small, _) = steps(&mut few, |store| store.read().search("z", 20).unwrap());
    let (large, hits) = steps(&mut many, |store| store.read().search("z", 20).unwrap());
    assert_eq!(hits.len(), 20);
    assert!(large < 2 * small, "{large} steps of {small}");
    // A piece that everybody's id has, one that nobody's has, and one that the middle of a few has.
    for text in ["9901", "0000", "7777777", "0119", "8500"] {
        let (small, _) = steps(&mut few, |store| store.read().search(text, 20).unwrap());
        let (large, _) = steps(&mut many, |store| store.read().search(text, 20).unwrap());
        assert!(large < 2 * small, "{text}: {large} steps of {small}");
    }
}

/// opensrp/fhircore#3543 again, by two words that half of everybody answers to.
#[test]
fn two_common_words_end_after_so_many_looks_whoever_is_on_the_register() {
    let directory = tempfile::tempdir().unwrap();
    let (mut few, mut many) = (register(&directory, 1_000), register(&directory, 4_000));
    // Everybody's telephone and everybody's id begin so, and whoever asks for all of them gets the first so many.
    let asked = |store: &mut Store| steps(store, |store| store.read().search("139 1599", 100_000).unwrap().len());
    let ((small, there), (large, too)) = (asked(&mut few), asked(&mut many));
    assert_eq!((there, too), (601, 601));
    assert!(large < small + small / 10, "{large} steps of {small}");
}

#[test]
fn a_household_is_opened_in_as_many_steps_in_a_register_twenty_times_as_large() {
    let directory = tempfile::tempdir().unwrap();
    let (mut few, mut many) = (register(&directory, FEW), register(&directory, MANY));
    for forward in [false, true] {
        for sql in [numbered(forward), unnumbered(forward), next_code(forward)] {
            from_an_index(&few, &sql);
        }
    }
    let home = id(2, 47);
    let open = |store: &mut Store| {
        let reading = store.read();
        let bills = BillFilter { household: Some(home), ..BillFilter::default() };
        assert_eq!(reading.household_neighbours(home).unwrap(), (Some(id(2, 46)), Some(id(2, 48))));
        assert_eq!(reading.files(&[home]).unwrap().len(), 1);
        assert_eq!(reading.cards_of(&[home]).unwrap().len(), 1);
        assert!(reading.bills(&bills).unwrap().is_empty());
        assert_eq!(reading.rows_where::<Membership>("household", &home).unwrap().len(), 1);
    };
    assert_eq!(steps(&mut few, open).0, steps(&mut many, open).0);
}

/// hzi-braunschweig/SORMAS-Project#2539: checking 230 contacts for duplicates took half an hour on a large base.
#[test]
fn sormas_2539_looking_for_duplicates_reads_an_index_and_a_row_costs_the_same_in_a_register_twenty_times_as_large() {
    let directory = tempfile::tempdir().unwrap();
    let (mut few, mut many) = (register(&directory, FEW), register(&directory, MANY));
    for (kind, column) in [(Person::TYPE, "citizen_id"), (Person::TYPE, "name"), (Household::TYPE, "number")] {
        from_an_index(&few, &by_column(kind, kind.column(column).unwrap(), false));
    }
    // Whatever hangs on a person or a household is found from there, through merges too: those read the few merged alone.
    let fields = ALL.iter().flat_map(|kind| kind.fields.iter().map(move |field| (*kind, field)));
    for (kind, field) in
        fields.filter(|(_, field)| [Person::TYPE, Household::TYPE].iter().any(|to| field.kind == Kind::Ref(to.id)))
    {
        from_an_index(&few, &by_column(kind, field, false));
        let lines = plan(&few, &by_column(kind, field, true));
        let of = |verb: &str| lines.iter().filter(|line| line.starts_with(&format!("{verb} {} ", kind.table))).count();
        assert!(of("SEARCH") > 0 && of("SCAN") == 0, "{}.{}: {lines:?}", kind.table, field.column);
    }
    // Twenty new people and twenty who are there already, into either register.
    let row = |store: &mut Store, numbers: std::ops::Range<u32>| steps(store, |store| take_in(store, numbers)).0;
    assert_eq!(row(&mut few, 0..20), row(&mut many, 0..20), "somebody known");
    let (small, large) = (row(&mut few, 9_000..9_020), row(&mut many, 9_000..9_020));
    assert!(large <= small + small / 50, "somebody new: {large} steps of {small}");
    // And a row among two hundred costs what it costs among twenty.
    let together = row(&mut many, 8_000..8_200);
    let apart: u64 = (0..10).map(|part| row(&mut few, 8_000 + 20 * part..8_020 + 20 * part)).sum();
    assert!(together <= apart + apart / 50, "{together} steps for what takes {apart} in ten parts");
}

/// A week's bundle must cost what is in it. What every bundle asks of the whole log and of whole tables is kept as they grow
/// or found from an index.
#[test]
fn what_every_bundle_asks_of_the_log_takes_no_more_steps_where_the_log_is_twenty_times_as_long() {
    let asked = |entries: u32| {
        let directory = tempfile::tempdir().unwrap();
        let mut store = register(&directory, 0);
        (0..entries).for_each(|number| take_in(&mut store, number..number + 1));
        let (taken, tables) = steps(&mut store, |store| {
            let reading = store.read();
            let own = reading.logs().unwrap().remove(0);
            assert_eq!(u64::from(entries), own.head.seq);
            assert!(reading.unadopted(&own.id).unwrap().is_empty() && reading.orphans(&own.id).unwrap().is_empty());
            assert_eq!(reading.waiting(&own.id).unwrap(), 0);
            assert_eq!(reading.heads().unwrap(), [own.head]);
            assert_eq!(reading.names_back(&own.head, own.head.seq - 2).unwrap().len(), 3);
            reading.digests().unwrap()
        });
        let people = tables.iter().find(|(table, ..)| *table == Person::TYPE.table).unwrap();
        assert_eq!(people.1, u64::from(entries));
        taken
    };
    assert_eq!(asked(12), asked(240));
}
