//! The demo county's three offices under a test's own clock and randomness, so that every run is the same run.
//!
//! Setting the county up costs minutes of password hashing and importing when every test does it for itself. So it is
//! done once for each build, into a folder of Cargo's, and every test works on a copy of its own.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use chrono::{DateTime, FixedOffset, NaiveDate};
use mingbai_app::demo::{DemoCounty, DemoFile, DemoTownship, built_in_pack, county, files};
use mingbai_app::host::Drive;
use mingbai_app::{App, AppError, Host};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Everybody's login in the demo county.
pub const LOGIN: &str = "demo";
/// Everybody's password in the demo county.
pub const PASSWORD: &str = "mingbai-demo";
/// The login of the county's second operator, with the same password.
pub const SECOND: &str = "demo2";
/// The seed the demo county is told from.
const SEED: u64 = 20_260_101;
/// 2026-11-21 14:32 in China, as milliseconds since 1970.
const START_MILLIS: i64 = 1_795_242_720_000;
/// From the morning, when the county is prepared, to the afternoon, when tests begin.
const MORNING_MILLIS: i64 = 6 * 3_600_000;
/// Time between two looks at the clock.
const TICK_MILLIS: i64 = 20;
/// China's offset from UTC in seconds.
const CHINA: i32 = 8 * 3600;

/// The clock and the dice of one county, shared by its offices.
pub struct World {
    millis: AtomicI64,
    rolls: AtomicU64,
    /// How many rolls are left before the power goes.
    left: AtomicU64,
}

impl World {
    /// A world whose ids never meet those of a world with another salt.
    fn new(millis: i64, salt: u64) -> Arc<Self> {
        let left = AtomicU64::new(u64::MAX);
        Arc::new(Self { millis: AtomicI64::new(millis), rolls: AtomicU64::new(salt << 40), left })
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.millis.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// The power goes, without another word, when so many dice have been thrown. For tests in a process of their own.
    pub fn die_after(&self, rolls: u64) {
        self.left.store(rolls, Ordering::SeqCst);
    }

    /// SplitMix64 over a running number: even, repeatable, and nobody's secret.
    fn roll(&self) -> u64 {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            std::process::abort();
        }
        let number = self.rolls.fetch_add(1, Ordering::SeqCst);
        let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The machine an office runs on, where a test is about machines.
#[derive(Clone, Debug)]
pub struct Pc {
    /// What its system calls it.
    pub machine: String,
    /// Where it keeps marks outside the data folders.
    pub marks: PathBuf,
}

struct TestHost {
    world: Arc<World>,
    folder: PathBuf,
    pc: Option<Pc>,
}

impl Host for TestHost {
    fn now(&self) -> DateTime<FixedOffset> {
        let millis = self.world.millis.fetch_add(TICK_MILLIS, Ordering::SeqCst);
        let zone = FixedOffset::east_opt(CHINA).unwrap_or_else(|| panic!("China has an offset"));
        DateTime::from_timestamp_millis(millis).map(|t| t.with_timezone(&zone)).unwrap_or_default()
    }

    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let bytes = self.world.roll().to_le_bytes();
            chunk.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        }
    }

    fn data_dir(&self) -> &Path {
        &self.folder
    }

    /// The county's one stick is in every PC at once.
    fn drives(&self) -> Vec<Drive> {
        let path = self.folder.with_file_name("usb");
        let stick = Drive { path, label: "KINGSTON".to_owned(), free: 8 << 30 };
        Some(stick).filter(|stick| stick.path.is_dir()).into_iter().collect()
    }

    fn mark_dir(&self) -> Option<PathBuf> {
        self.pc.as_ref().map(|pc| pc.marks.clone())
    }

    fn machine(&self) -> Option<String> {
        self.pc.as_ref().map(|pc| pc.machine.clone())
    }
}

/// One office: its program and its data folder.
pub struct Office {
    /// The command table.
    pub app: App,
    /// The data folder.
    pub folder: PathBuf,
}

impl Office {
    /// Opens a data folder; nobody is logged in.
    ///
    /// # Errors
    /// What [`App::new`] refuses.
    pub fn at(folder: &Path, world: &Arc<World>) -> Result<Self, AppError> {
        Self::on(None, folder, world)
    }

    /// Opens a data folder on a certain machine; nobody is logged in.
    ///
    /// # Errors
    /// What [`App::new`] refuses.
    pub fn on(pc: Option<Pc>, folder: &Path, world: &Arc<World>) -> Result<Self, AppError> {
        let host = TestHost { world: Arc::clone(world), folder: folder.to_owned(), pc };
        Ok(Self { app: App::new(host)?, folder: folder.to_owned() })
    }

    /// Runs a command that must succeed.
    ///
    /// # Panics
    /// When it is refused; then the test has failed.
    #[track_caller]
    pub fn call(&self, command: &str, request: Value) -> Value {
        match self.app.rpc(command, request) {
            Ok(answer) => answer,
            Err(error) => panic!("{command}: {error:?}"),
        }
    }

    /// Runs a command that must be refused, and gives the refusal.
    ///
    /// # Panics
    /// When it succeeds; then the test has failed.
    #[track_caller]
    pub fn refused(&self, command: &str, request: Value) -> AppError {
        match self.app.rpc(command, request) {
            Ok(answer) => panic!("{command} was not refused: {answer}"),
            Err(error) => error,
        }
    }

    /// Runs a command that answers with a file and must succeed.
    ///
    /// # Panics
    /// When it is refused; then the test has failed.
    #[track_caller]
    pub fn bytes(&self, command: &str, request: Value) -> Vec<u8> {
        match self.app.bytes(command, request) {
            Ok(file) => file.data,
            Err(error) => panic!("{command}: {error:?}"),
        }
    }

    /// Logs the demo's operator in.
    #[track_caller]
    pub fn log_in(&self) {
        self.call("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    }

    /// Takes a sheet in, or only looks at it.
    #[track_caller]
    pub fn import(&self, kind: &str, path: &Path, dry_run: bool) -> Value {
        self.call("import_sheet", json!({ "kind": kind, "path": path, "dry_run": dry_run }))
    }

    /// Households of the register, all or those matching a text.
    #[track_caller]
    pub fn households(&self, text: Option<&str>) -> Vec<Value> {
        let request = json!({ "village": null, "status": null, "text": text, "offset": 0, "limit": 5000 });
        list(&self.call("household_list", request)["rows"])
    }

    /// The page of the household with this number.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn household(&self, number: &str) -> Value {
        let found = self.households(Some(number)).into_iter().find(|row| row["number"] == number);
        let Some(row) = found else { panic!("no household {number}") };
        self.call("household_get", json!({ "id": row["id"] }))
    }

    /// Every bill of every year.
    #[track_caller]
    pub fn bills(&self, short_only: bool) -> Vec<Value> {
        let request = json!({ "year": null, "village": null, "short_only": short_only, "offset": 0, "limit": 100_000 });
        list(&self.call("bill_list", request)["rows"])
    }

    /// Entries this office has written so far.
    #[track_caller]
    pub fn entries(&self) -> i64 {
        number(&self.call("ledger_verify", json!({}))["entries"])
    }

    /// The register's control totals: households and people not lifted, households and people lifted.
    #[track_caller]
    pub fn population(&self) -> [i64; 4] {
        let found = &self.call("desk_get", json!({}))["population"];
        ["not_lifted_households", "not_lifted_people", "lifted_households", "lifted_people"].map(|k| number(&found[k]))
    }
}

/// A JSON list; nothing when it is none.
#[must_use]
pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// A JSON text.
///
/// # Panics
/// When it is none.
#[must_use]
#[track_caller]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

/// A JSON whole number.
///
/// # Panics
/// When it is none.
#[must_use]
#[track_caller]
pub fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("not a number: {value}"))
}

/// How far the county has come when a test begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Both townships have joined, hold the county's policy pack and have registered villages and teams.
    Joined,
    /// Both have also taken in every source file but the later roster.
    Filled,
}

/// A county of a test's own.
pub struct County {
    folder: TempDir,
    /// Its clock and dice.
    pub world: Arc<World>,
    /// What it was told from.
    pub told: DemoCounty,
}

impl County {
    /// A copy of the county at this stage. `kept` is where tests keep what they prepared.
    ///
    /// # Panics
    /// When it cannot be prepared or copied; then no test can go on.
    #[must_use]
    pub fn at(stage: Stage, kept: &str) -> Self {
        let prepared = prepared(Path::new(kept)).unwrap_or_else(|error| panic!("preparing: {error}"));
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        copy(&prepared.join(format!("{stage:?}")), folder.path()).unwrap_or_else(|error| panic!("copying: {error}"));
        Self { folder, world: World::new(START_MILLIS, 2), told: told() }
    }

    /// The county office, logged in.
    #[must_use]
    #[track_caller]
    pub fn office(&self) -> Office {
        self.open("county")
    }

    /// 青石乡, logged in.
    #[must_use]
    #[track_caller]
    pub fn township_a(&self) -> Office {
        self.open("township-a")
    }

    /// 白桥镇, logged in.
    #[must_use]
    #[track_caller]
    pub fn township_b(&self) -> Office {
        self.open("township-b")
    }

    /// The township 青石乡 as it was told.
    #[must_use]
    pub fn told_a(&self) -> &DemoTownship {
        self.told.townships.first().unwrap_or_else(|| panic!("two townships"))
    }

    /// The township 白桥镇 as it was told.
    #[must_use]
    pub fn told_b(&self) -> &DemoTownship {
        self.told.townships.get(1).unwrap_or_else(|| panic!("two townships"))
    }

    #[track_caller]
    fn open(&self, name: &str) -> Office {
        let office = Office::at(&self.folder.path().join(name), &self.world);
        let office = office.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        office.log_in();
        office
    }

    /// A folder standing for a USB stick.
    #[must_use]
    pub fn usb(&self) -> PathBuf {
        self.folder.path().join("usb")
    }

    /// A place of the test's own beside the offices.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of a township's to disk and gives its path.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn put(&self, file: &DemoFile) -> PathBuf {
        let path = self.path(&file.name);
        fs::write(&path, &file.bytes).unwrap_or_else(|error| panic!("{error}"));
        path
    }
}

/// The day everything happens on.
#[must_use]
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default()
}

/// The demo county as it is told, without any office.
///
/// # Panics
/// When the shipped pack is broken.
#[must_use]
pub fn told() -> DemoCounty {
    let pack = built_in_pack().unwrap_or_else(|error| panic!("{error:?}"));
    county(SEED, today(), &pack.rules).unwrap_or_else(|error| panic!("{error}"))
}

/// A township's files; the later roster comes last.
///
/// # Panics
/// When one cannot be made.
#[must_use]
pub fn sources(township: &DemoTownship) -> Vec<DemoFile> {
    files(township, today()).unwrap_or_else(|error| panic!("{error}"))
}

/// Sets up an empty data folder.
#[track_caller]
pub fn set_up(office: &Office, kind: &str, county: &str, unit: &str, area: &str, operator: &str) -> Value {
    office.call(
        "setup_office",
        json!({
            "kind": kind, "county_name": county, "unit_name": unit, "area": area,
            "operator_name": operator, "login": LOGIN, "password": PASSWORD,
        }),
    )
}

/// A county without any past, for tests of founding one.
///
/// # Panics
/// When no folder can be made.
#[must_use]
pub fn empty_county(salt: u64) -> County {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    fs::create_dir_all(folder.path().join("usb")).unwrap_or_else(|error| panic!("{error}"));
    County { folder, world: World::new(START_MILLIS, 16 + salt), told: told() }
}

impl County {
    /// The program on a data folder of this county, with nobody logged in.
    ///
    /// # Errors
    /// What [`App::new`] refuses.
    pub fn at_desk(&self, name: &str) -> Result<Office, AppError> {
        Office::at(&self.path(name), &self.world)
    }
}

/// Request, approval, membership, and the county's first bundle with the pack.
#[track_caller]
pub fn join(county: &Office, township: &Office, usb: &Path) {
    let county_words = county.call("session_get", json!({}))["office"]["county_words"].clone();
    let request = township.call("enrolment_request", json!({ "folder": usb }));
    let approve = json!({ "path": request["path"], "words": request["words"], "folder": usb });
    let approved = county.call("enrolment_approve", approve);
    township.call("enrolment_accept", json!({ "path": approved["path"], "words": county_words }));
    let area = township.call("session_get", json!({}))["office"]["area"].clone();
    let sent = county.call("exchange_export", json!({ "folder": usb, "area": area }));
    township.call("exchange_import", json!({ "path": sent["files"][0] }));
}

/// Gives the county its second operator unless it has one.
#[track_caller]
pub fn add_second(county: &Office) {
    let operators = list(&county.call("operator_list", json!({}))["rows"]);
    if operators.iter().all(|one| one["login"] != SECOND) {
        let second = json!({ "login": SECOND, "name": "孙丽华", "role": "county", "password": PASSWORD });
        county.call("operator_add", second);
    }
}

/// Two operators of the county read a pack and pass it. The first is logged in before and after.
#[track_caller]
pub fn pass_twice(county: &Office, toml: &str) {
    let word = json!({ "toml": toml, "verdict": "passed", "remarks": "" });
    add_second(county);
    county.call("pack_review", word.clone());
    county.call("session_login", json!({ "login": SECOND, "password": PASSWORD }));
    county.call("pack_review", word);
    county.log_in();
}

/// Puts a pack in force as a county does: read by two, then activated.
#[track_caller]
pub fn put_in_force(county: &Office, toml: &str) -> Value {
    pass_twice(county, toml);
    county.call("pack_activate", json!({ "toml": toml }))
}

/// Registers a township's villages and their family-doctor teams.
#[track_caller]
pub fn register_villages(office: &Office, told: &DemoTownship) {
    for place in &told.villages {
        let team = &place.team;
        let village = json!({
            "code": place.code, "name": place.name, "township": told.code, "clinic": place.clinic,
            "doctor_name": team.village_doctor, "doctor_phone": team.village_phone,
        });
        let team = json!({
            "name": team.name, "village_doctor": team.village_doctor, "village_phone": team.village_phone,
            "village_clinic": place.clinic, "township_doctor": team.township_doctor,
            "township_phone": team.township_phone, "county_doctor": team.county_doctor,
            "county_phone": team.county_phone, "county_hospital": team.county_hospital,
        });
        for (table, fields) in [("village", village), ("team", team)] {
            save(office, table, None, &fields);
        }
    }
}

/// Saves a record as a form would.
#[track_caller]
pub fn save(office: &Office, table: &str, id: Option<&str>, fields: &Value) -> Value {
    office.call("record_save", json!({ "table": table, "id": id, "household": null, "fields": fields, "reason": null }))
}

/// The folder with every stage, made by whichever test comes first after the programs were built.
fn prepared(kept: &Path) -> io::Result<PathBuf> {
    let target = kept.join(format!("county-{:x}", built()?));
    fs::create_dir_all(kept)?;
    // Tests run in processes of their own; the first prepares while the others wait.
    let gate = File::create(kept.join("county.lock"))?;
    gate.lock()?;
    if !target.is_dir() {
        for entry in fs::read_dir(kept)?.flatten() {
            if entry.path().is_dir() && entry.file_name().to_string_lossy().starts_with("county-") {
                fs::remove_dir_all(entry.path())?;
            }
        }
        let making = tempfile::tempdir_in(kept)?;
        prepare(making.path())?;
        fs::rename(making.keep(), &target)?;
    }
    Ok(target)
}

/// When the code that prepares a county was last compiled, in nanoseconds since 1970: this crate and the command table,
/// which lie beside every test program.
fn built() -> io::Result<u128> {
    let program = std::env::current_exe()?;
    let mut newest = UNIX_EPOCH;
    for entry in fs::read_dir(program.parent().unwrap_or(Path::new(".")))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && ["libmingbai_app-", "libmingbai_tests-"].iter().any(|own| name.starts_with(own)) {
            newest = newest.max(entry.metadata()?.modified()?);
        }
    }
    newest.duration_since(UNIX_EPOCH).map(|since| since.as_nanos()).map_err(io::Error::other)
}

fn prepare(folder: &Path) -> io::Result<()> {
    let told = told();
    // In the morning, so that whatever a test writes is later.
    let world = World::new(START_MILLIS - MORNING_MILLIS, 1);
    let (joined, filled) = (folder.join("Joined"), folder.join("Filled"));
    let open = |stage: &Path, name: &str| {
        Office::at(&stage.join(name), &world).unwrap_or_else(|error| panic!("{name}: {error:?}"))
    };
    let usb = joined.join("usb");
    fs::create_dir_all(&usb)?;
    {
        let county = open(&joined, "county");
        set_up(&county, "county", &told.name, &told.office, &told.code, "赵建国");
        let pack = built_in_pack().unwrap_or_else(|error| panic!("{error:?}"));
        put_in_force(&county, pack.text);
        for (township, (name, clerk)) in told.townships.iter().zip([("township-a", "王玉梅"), ("township-b", "李海燕")])
        {
            let here = open(&joined, name);
            set_up(&here, "township", &told.name, &township.health_centre, &township.code, clerk);
            join(&county, &here, &usb);
            register_villages(&here, township);
        }
    }
    copy(&joined, &filled)?;
    for (township, name) in told.townships.iter().zip(["township-a", "township-b"]) {
        let here = open(&filled, name);
        here.log_in();
        for file in sources(township).iter().filter(|file| !file.later) {
            let path = filled.join(&file.name);
            fs::write(&path, &file.bytes)?;
            here.import(file.profile, &path, false);
        }
    }
    Ok(())
}

/// Copies a folder with everything in it.
///
/// # Errors
/// What the disk refuses.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
