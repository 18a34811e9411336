//! The register itself: taken in, searched, opened, checked.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::Result;
use crate::clerk::Clerk;
use crate::measure::measure as take;
use crate::people::{Dice, files};
use crate::report::{Goes, once};

/// Households that are opened.
const OPENED: usize = 400;

/// Households of which a field is saved, each followed by a look at the desk.
const SAVED: usize = 40;

/// Takes in every roster of the folder, one after the other, and works out the lists once.
pub(crate) fn build(folder: &Path, people: usize) -> Result<()> {
    let clerk = Clerk::at(&folder.join("office"))?;
    for file in files(folder, people) {
        let (view, taken) = take(|| clerk.roster(&file, false))?;
        once("明白账", &format!("登记进库 {}", view["counts"]["new"]), taken);
    }
    Ok(())
}

/// Searches by four kinds of words and opens households.
pub(crate) fn measure(folder: &Path, people: usize) -> Result<()> {
    let clerk = Clerk::at(&folder.join("office"))?;
    let mut homes = Vec::new();
    for kind in ["name", "initials", "id", "phone"] {
        let typed = fs::read_to_string(folder.join(format!("{kind}.txt")))?;
        // Once unmeasured, so that what is measured is no first look at a cold disk.
        for round in 0..2 {
            let mut goes = Goes::new();
            for text in typed.lines() {
                let view = goes.time(|| clerk.ask("search", json!({ "text": text, "limit": 20 })))?;
                let hits = view["hits"].as_array().ok_or("no hits")?;
                if hits.is_empty() {
                    return Err(format!("{kind} {text} finds nobody").into());
                }
                homes.extend(hits.iter().filter_map(|hit| hit["household"].as_str()).map(str::to_owned));
            }
            if round == 1 {
                goes.print("明白账", &format!("检索 {kind}"));
            }
        }
    }
    let mut dice = Dice(3);
    let mut common = Goes::new();
    for text in ["王 张", "王庄 李", "王 139", "wang z", "159901 19", "李 1599"] {
        common.time(|| clerk.ask("search", json!({ "text": text, "limit": 20 })))?;
    }
    common.print("明白账", "检索 两个常见的词");
    let mut goes = Goes::new();
    for _ in 0..OPENED.min(people) {
        let home = homes.get(dice.below(homes.len() as u64) as usize).ok_or("nobody was found")?;
        goes.time(|| clerk.ask("household_get", json!({ "id": home })))?;
    }
    goes.print("明白账", "打开一户");
    let (_, taken) = take(|| {
        clerk.ask("household_list", json!({ "village": null, "status": null, "text": null, "offset": 0, "limit": 100 }))
    })?;
    once("明白账", "户档案第一页", taken);
    Ok(())
}

/// Works out every list and every check, then asks for the overview of the checks.
pub(crate) fn rules(folder: &Path, people: usize) -> Result<()> {
    let clerk = Clerk::at(&folder.join("import"))?;
    let (_, taken) = take(|| clerk.ask("quality_get", json!({})))?;
    once("明白账", &format!("全部核查规则和要办清单 {people} 人"), taken);
    let (_, taken) = take(|| clerk.ask("quality_get", json!({})))?;
    once("明白账", "核查一览（已算好）", taken);
    saves(&clerk)
}

/// What a clerk waits for all day: a household opened, one field of it saved, the household as it is then, the desk.
fn saves(clerk: &Clerk) -> Result<()> {
    let mut goes: [Goes; 4] = std::array::from_fn(|_| Goes::new());
    let [opened, saved, again, desk] = &mut goes;
    let homes = clerk
        .ask("household_list", json!({ "village": null, "status": null, "text": null, "offset": 0, "limit": SAVED }))?;
    for (number, home) in homes["rows"].as_array().ok_or("no households")?.iter().enumerate() {
        let id = json!({ "id": home["id"] });
        opened.time(|| clerk.ask("household_get", id.clone()))?;
        let fields = json!({ "phone": format!("139{number:08}") });
        let save =
            json!({ "table": "household", "id": home["id"], "household": null, "fields": fields, "reason": null });
        saved.time(|| clerk.ask("record_save", save))?;
        again.time(|| clerk.ask("household_get", id))?;
        desk.time(|| clerk.ask("desk_get", json!({})))?;
    }
    for (goes, what) in goes.iter().zip(["打开一户", "改一户的电话", "再打开这一户", "回到工作台"])
    {
        goes.print("明白账", what);
    }
    Ok(())
}
