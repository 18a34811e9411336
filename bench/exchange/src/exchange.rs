//! What is measured of our exchange, on real stores and a real township's bundles.

use std::path::{Path, PathBuf};

use mingbai_store::Ingested;
use mingbai_sync::{Exported, accept, export_down, export_up};

use crate::Result;
use crate::changes::{self, BASE, CHANGES, WEEK};
use crate::clerk::Clerk;
use crate::measure::{disk, measure, report};
use crate::office::{AREA, Office, remove};

const PEER: &str = "明白账";

/// The files of a run.
struct Files(PathBuf);

impl Files {
    fn county(&self) -> PathBuf {
        self.0.join("county-before.db")
    }

    fn township(&self) -> PathBuf {
        self.0.join("township-before.db")
    }

    fn bundle(&self, name: &str) -> PathBuf {
        self.0.join(name).with_extension("mbx")
    }
}

fn up(office: &mut Office) -> Result<Exported> {
    Ok(office.with(export_up)?)
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
    let down = county.with(|store, author| export_down(store, author, AREA))?;
    township.with(|store, author| accept(store, author, &down.bytes, "件.mbx"))?;
    Ok(())
}

fn season(clerk: &mut Clerk, township: &mut Office, file: &Path) -> Result<()> {
    clerk.continue_after(township.store.own_log()?.seq);
    let entries = changes::read(file)?.map(|change| Ok(clerk.save(change?))).collect::<Result<Vec<_>>>()?;
    township.work(&entries)
}

/// Makes the county's database as it is before the changes, and the bundles that carry them. Reports how the register
/// itself was taken in, which happens once in a township's life.
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
    let entries = clerk.roster(people);
    township.work(&entries)?;
    drop(entries);
    let roster = up(&mut township)?;
    let before = disk(&county_file);
    let ((), taken) = measure(|| take(&mut county, &roster.bytes, NEW))?;
    report(PEER, "首次整册导入", taken, ops, cells, roster.bytes.len() as u64, disk(&county_file) - before);
    drop(roster);
    let mut county = county.keep(&files.county())?;
    exchange(&mut county, &mut township)?;

    season(&mut clerk, &mut township, &folder.join(CHANGES))?;
    let mut township = township.keep(&files.township())?;
    let first = up(&mut township)?;
    std::fs::write(files.bundle(CHANGES), &first.bytes)?;
    std::fs::write(files.bundle("again"), up(&mut township)?.bytes)?;
    take(&mut county, &first.bytes, NEW)?;
    exchange(&mut county, &mut township)?;

    season(&mut clerk, &mut township, &folder.join(WEEK))?;
    std::fs::write(files.bundle(WEEK), up(&mut township)?.bytes)?;
    drop((county, township));
    remove(&county_file)?;
    remove(&township_file)
}

/// One round over copies of what [`prepare`] made.
pub(crate) fn round(folder: &Path) -> Result<()> {
    let files = Files(folder.to_owned());
    let database = folder.join("round.db");
    let mut county = Office::copy(&files.county(), &database, 11)?;
    let (ops, cells) = changes::count(&folder.join(CHANGES))?;

    let bundle = std::fs::read(files.bundle(CHANGES))?;
    let before = disk(&database);
    let ((), taken) = measure(|| take(&mut county, &bundle, NEW))?;
    county = county.restart()?;
    report(PEER, "导入", taken, ops, cells, bundle.len() as u64, disk(&database) - before);

    let bundle = std::fs::read(files.bundle("again"))?;
    let ((), taken) = measure(|| take(&mut county, &bundle, KNOWN))?;
    report(PEER, "重复导入", taken, ops, cells, bundle.len() as u64, 0);

    let (ops, cells) = changes::count(&folder.join(WEEK))?;
    let bundle = std::fs::read(files.bundle(WEEK))?;
    county = county.restart()?;
    let ((), taken) = measure(|| take(&mut county, &bundle, NEW))?;
    report(PEER, "一周的包", taken, ops, cells, bundle.len() as u64, 0);
    drop(county);
    remove(&database)?;

    let mut township = Office::copy(&files.township(), &database, 12)?;
    let (ops, cells) = changes::count(&folder.join(CHANGES))?;
    let (exported, taken) = measure(|| up(&mut township))?;
    report(PEER, "导出", taken, ops, cells, exported.bytes.len() as u64, 0);
    drop(township);
    remove(&database)
}
