//! What is measured of our exchange, on real stores and a real township's bundles.

use std::path::{Path, PathBuf};

use mingbai_domain::catalogue::{Person, Record};
use mingbai_domain::{RecordId, Value};
use mingbai_store::Ingested;
use mingbai_sync::{Exported, SyncError, accept, export_down, export_up};

use crate::Result;
use crate::changes::{self, BASE, CHANGES, Change, WEEK};
use crate::clerk::Clerk;
use crate::measure::measure;
use crate::office::{AREA, Office, remove};
use crate::results::{disk, report};

const PEER: &str = "明白账";

/// The files of a run.
struct Files(PathBuf);

impl Files {
    /// A database as it stood at one moment.
    fn database(&self, moment: &str) -> PathBuf {
        self.0.join(moment).with_extension("db")
    }

    fn bundle(&self, name: &str) -> PathBuf {
        self.0.join(name).with_extension("mbx")
    }
}

/// Before the season's changes.
const COUNTY: &str = "county-before";
const TOWNSHIP: &str = "township-before";
/// Before the week's bundle goes up, and before its answer comes down.
const COUNTY_WEEK: &str = "county-week";
const TOWNSHIP_WEEK: &str = "township-week";
/// Before the week's answer is written.
const COUNTY_ANSWER: &str = "county-answer";
/// The bundle by which the county answers.
const ANSWER: &str = "answer";
/// People whose telephone the county corrects in a week.
const CORRECTED: usize = 200;

fn up(office: &mut Office) -> Result<Exported> {
    Ok(office.with(export_up)?)
}

fn down(office: &mut Office) -> Result<Exported> {
    Ok(office.with(|store, author| export_down(store, author, AREA))?)
}

/// Every entry was new, but for the note of an earlier export.
const NEW: fn(&Ingested) -> u64 = |sum| sum.new + sum.duplicate.min(1);
/// Every entry was here already, but for the note of an earlier export.
const KNOWN: fn(&Ingested) -> u64 = |sum| sum.duplicate + sum.new.min(1);

/// Takes a bundle in, the whole of it as planned.
fn take(office: &mut Office, bytes: &[u8], planned: fn(&Ingested) -> u64) -> Result<()> {
    let accepted = office.with(|store, author| accept(store, author, bytes, "件.mbx"))?;
    if planned(&accepted.ingested) == accepted.entries && !accepted.already {
        Ok(())
    } else {
        Err(format!("the bundle was not taken in as planned: {accepted:?}").into())
    }
}

fn exchange(county: &mut Office, township: &mut Office) -> Result<()> {
    let down = down(county)?;
    take(township, &down.bytes, NEW)
}

fn season(clerk: &mut Clerk, township: &mut Office, file: &Path) -> Result<()> {
    clerk.continue_after(township.store.own_log()?.seq);
    let entries = changes::read(file)?.map(|change| Ok(clerk.save(change?))).collect::<Result<Vec<_>>>()?;
    township.work(&entries)
}

/// The county's own work of a week: people all over the register, each corrected in a saved action of its own.
fn corrections(county: &mut Office, people: &[Change]) -> Result<()> {
    let phone = Person::TYPE.column("phone").map_or(0, |field| field.id);
    for change in people.iter().step_by((people.len() / CORRECTED).max(1)).take(CORRECTED) {
        let Change::Enter(id, _) = change else { continue };
        let value = Value::Text("13900000000".to_owned());
        county.with(|store, author| {
            store.commit(author, "person_save", None, |txn| {
                txn.set_field(Person::TYPE.id, RecordId::from_bytes(*id), phone, value)?;
                Ok::<_, SyncError>(())
            })
        })?;
    }
    Ok(())
}

/// Makes the databases as they are before each piece of work, and the bundles. Reports how the register itself was taken
/// in, which happens once in a township's life.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    let files = Files(folder.to_owned());
    let (county_file, township_file) = (folder.join("county.db"), folder.join("township.db"));
    remove(&county_file)?;
    remove(&township_file)?;
    let mut county = Office::county(&county_file)?;
    let mut township = Office::township(&township_file, &mut county)?;
    let mut clerk = Clerk::new(AREA);

    let people = changes::read(&folder.join(BASE))?.collect::<std::io::Result<Vec<_>>>()?;
    let (ops, cells) = changes::count(&folder.join(BASE))?;
    clerk.continue_after(township.store.own_log()?.seq);
    let entries = clerk.roster(&people);
    township.work(&entries)?;
    drop(entries);
    let roster = up(&mut township)?;
    let before = disk(&county_file);
    let ((), taken) = measure(|| take(&mut county, &roster.bytes, NEW))?;
    report(PEER, "首次整册导入", taken, ops, cells, roster.bytes.len() as u64, disk(&county_file) - before);
    drop(roster);
    let mut county = county.keep(&files.database(COUNTY))?;
    exchange(&mut county, &mut township)?;

    season(&mut clerk, &mut township, &folder.join(CHANGES))?;
    let mut township = township.keep(&files.database(TOWNSHIP))?;
    let first = up(&mut township)?;
    std::fs::write(files.bundle(CHANGES), &first.bytes)?;
    std::fs::write(files.bundle("again"), up(&mut township)?.bytes)?;
    take(&mut county, &first.bytes, NEW)?;
    exchange(&mut county, &mut township)?;

    season(&mut clerk, &mut township, &folder.join(WEEK))?;
    let mut township = township.keep(&files.database(TOWNSHIP_WEEK))?;
    let week = up(&mut township)?;
    std::fs::write(files.bundle(WEEK), &week.bytes)?;
    let mut county = county.keep(&files.database(COUNTY_WEEK))?;
    take(&mut county, &week.bytes, NEW)?;
    corrections(&mut county, &people)?;
    let mut county = county.keep(&files.database(COUNTY_ANSWER))?;
    std::fs::write(files.bundle(ANSWER), down(&mut county)?.bytes)?;
    drop((county, township));
    remove(&county_file)?;
    remove(&township_file)
}

/// One round over copies of what [`prepare`] made; every piece of work begins with nothing of the database in memory.
pub(crate) fn round(folder: &Path) -> Result<()> {
    season_round(folder)?;
    week_round(folder)
}

fn season_round(folder: &Path) -> Result<()> {
    let files = Files(folder.to_owned());
    let database = folder.join("round.db");
    let mut county = Office::copy(&files.database(COUNTY), &database, 11)?;
    let (ops, cells) = changes::count(&folder.join(CHANGES))?;

    let bundle = std::fs::read(files.bundle(CHANGES))?;
    let before = disk(&database);
    let ((), taken) = measure(|| take(&mut county, &bundle, NEW))?;
    county = county.restart()?;
    report(PEER, "导入", taken, ops, cells, bundle.len() as u64, disk(&database) - before);

    let bundle = std::fs::read(files.bundle("again"))?;
    let ((), taken) = measure(|| take(&mut county, &bundle, KNOWN))?;
    report(PEER, "重复导入", taken, ops, cells, bundle.len() as u64, 0);
    drop(county);
    remove(&database)?;

    let mut township = Office::copy(&files.database(TOWNSHIP), &database, 12)?;
    let (exported, taken) = measure(|| up(&mut township))?;
    report(PEER, "导出", taken, ops, cells, exported.bytes.len() as u64, 0);
    drop(township);
    remove(&database)
}

/// A week as both sides live it: the township writes a bundle, the county takes it in and answers with its corrections,
/// the township takes the answer in.
pub(crate) fn week_round(folder: &Path) -> Result<()> {
    let files = Files(folder.to_owned());
    let database = folder.join("round.db");
    let (ops, cells) = changes::count(&folder.join(WEEK))?;
    let answered = CORRECTED as u64;

    let mut township = Office::copy(&files.database(TOWNSHIP_WEEK), &database, 13)?;
    let (exported, taken) = measure(|| up(&mut township))?;
    report(PEER, "一周的包：乡镇导出", taken, ops, cells, exported.bytes.len() as u64, 0);
    drop(township);

    let mut county = Office::copy(&files.database(COUNTY_WEEK), &database, 14)?;
    let bundle = std::fs::read(files.bundle(WEEK))?;
    let ((), taken) = measure(|| take(&mut county, &bundle, NEW))?;
    report(PEER, "一周的包", taken, ops, cells, bundle.len() as u64, 0);
    drop(county);

    let mut county = Office::copy(&files.database(COUNTY_ANSWER), &database, 15)?;
    let (exported, taken) = measure(|| down(&mut county))?;
    report(PEER, "一周的包：县里下发", taken, answered, answered, exported.bytes.len() as u64, 0);
    drop(county);

    let mut township = Office::copy(&files.database(TOWNSHIP_WEEK), &database, 16)?;
    let bundle = std::fs::read(files.bundle(ANSWER))?;
    let ((), taken) = measure(|| take(&mut township, &bundle, NEW))?;
    report(PEER, "一周的包：乡镇导入", taken, answered, answered, bundle.len() as u64, 0);
    drop(township);
    remove(&database)
}
