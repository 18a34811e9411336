//! One large roster, and two large lists beside each other.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use calamine::{Reader, Xlsx};
use serde_json::json;

use crate::Result;
use crate::clerk::Clerk;
use crate::measure::measure;
use crate::report::once;

/// The reader alone: every cell of the first sheet, none kept.
pub(crate) fn bare(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    let (cells, taken) = measure(|| -> Result<u64> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes))?;
        let name = book.sheet_names().first().cloned().unwrap_or_default();
        let mut reader = book.worksheet_cells_reader(&name)?;
        let mut cells = 0;
        while reader.next_cell()?.is_some() {
            cells += 1;
        }
        Ok(cells)
    })?;
    once("calamine", &format!("只读 {cells} 格"), taken);
    Ok(())
}

/// A roster as a clerk takes it in: what is it, what would happen, do it. An office of its own, with nobody in it before.
pub(crate) fn import(folder: &Path) -> Result<()> {
    let file = folder.join("roster-0.xlsx");
    let office = folder.join("import");
    if office.exists() {
        fs::remove_dir_all(&office)?;
    }
    let clerk = Clerk::at(&office)?;
    let look = json!({ "kind": "roster", "path": file, "sheet": null, "row": null });
    let (_, taken) = measure(|| clerk.ask("import_look", look))?;
    once("明白账", "看一看", taken);
    let (dry, tried) = measure(|| clerk.roster(&file, true))?;
    once("明白账", "试导入（已看过）", tried);
    let (view, taken) = measure(|| clerk.roster(&file, false))?;
    once("明白账", "导入（已试过）", taken);
    if view["counts"] != dry["counts"] || view["counts"]["rejected"] != 0 {
        return Err(format!("{} and {}", dry["counts"], view["counts"]).into());
    }
    let (_, taken) = measure(|| clerk.roster(&file, true))?;
    once("明白账", "同一名单再试导入（人都在册）", taken);
    let found = clerk.ask("search", json!({ "text": "王", "limit": 1 }))?;
    let person = found["hits"][0]["person"].clone();
    let (_, taken) = measure(|| clerk.ask("record_history", json!({ "table": "person", "id": person })))?;
    once("明白账", "其中一人的修改历史", taken);
    Ok(())
}

/// Two lists of the same size side by side.
pub(crate) fn lists(folder: &Path) -> Result<()> {
    let clerk = Clerk::at(&folder.join("import"))?;
    let file = folder.join("roster-0.xlsx");
    let take = |source: &str| {
        measure(|| clerk.ask("compare_take", json!({ "path": file, "source": source, "as_of": "2026-09-01" })))
    };
    let (ours, taken) = take("civil")?;
    once("明白账", "收下一份名单", taken);
    let (theirs, _) = take("insurer")?;
    let run = json!({ "ours": ours["id"], "theirs": theirs["id"] });
    let (_, taken) = measure(|| clerk.ask("compare_run", run))?;
    once("明白账", "比对两份名单", taken);
    Ok(())
}
