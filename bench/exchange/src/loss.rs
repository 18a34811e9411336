//! What of a damaged or half-understood bundle gets through unnoticed.

use std::path::Path;

use mingbai_sync::{accept, export_up, preview};

use crate::Result;
use crate::changes::{self, CHANGES};
use crate::clerk::Clerk;
use crate::office::{AREA, Office, remove};
use crate::results::{Unnoticed, report_loss};

const PEER: &str = "明白账";
/// Changes in the small bundle, and in each of the two that a newer version wrote.
const SMALL: usize = 6;

/// Every single-bit flip and every truncation of a small bundle, and changes this version has no table or column for.
pub(crate) fn find(folder: &Path) -> Result<()> {
    let (county_file, township_file) = (folder.join("small-county.db"), folder.join("small-township.db"));
    remove(&county_file)?;
    remove(&township_file)?;
    let mut county = Office::county(&county_file)?;
    let mut township = Office::township(&township_file, &mut county)?;
    let mut clerk = Clerk::new(AREA);
    let mut people = changes::read(&folder.join(changes::BASE))?.take(SMALL).collect::<std::io::Result<Vec<_>>>()?;
    people.extend(changes::read(&folder.join(CHANGES))?.take(1).collect::<std::io::Result<Vec<_>>>()?);
    township.work(&clerk.roster(&people))?;
    let whole = township.with(export_up)?.bytes;

    let (mut flips, mut cuts) = (Unnoticed::default(), Unnoticed::default());
    let mut flipped = whole.clone();
    for place in 0..whole.len() {
        for bit in 0..8 {
            if let Some(byte) = flipped.get_mut(place) {
                *byte ^= 1 << bit;
            }
            flips.count(preview(&county.store, &flipped).is_ok());
            if let Some(byte) = flipped.get_mut(place) {
                *byte ^= 1 << bit;
            }
        }
        cuts.count(whole.get(..place).is_some_and(|part| preview(&county.store, part).is_ok()));
    }
    report_loss(PEER, "一位翻转", flips);
    report_loss(PEER, "截断", cuts);

    for (fault, of_known_type) in [("对方没有这张表", false), ("对方没有这一列", true)] {
        let entries: Vec<Vec<u8>> = (0..SMALL).map(|_| clerk.save_newer(of_known_type)).collect();
        township.work(&entries)?;
        let bytes = township.with(export_up)?.bytes;
        let sum = county.with(|store, author| accept(store, author, &bytes, "件.mbx"))?;
        // Lost is what the import neither applied, nor knew, nor keeps.
        let lost = sum.entries - sum.ingested.counts().iter().sum::<u64>();
        report_loss(PEER, fault, Unnoticed { accepted: lost, of: SMALL as u64 });
        if sum.ingested.deferred < SMALL as u64 {
            return Err("changes of a newer version were not kept for it".into());
        }
    }
    drop((county, township));
    remove(&county_file)?;
    remove(&township_file)
}
