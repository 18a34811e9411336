//! The packs of the register with where each stands today, and one of them with what it says and what it changed.

use mingbai_coverage::Pack as Rules;
use mingbai_domain::catalogue::Pack;

use super::review::standing;
use super::{check, draft, is_withdrawn, title};
use crate::dto::{Empty, IdRequest, PackList, PackRow, PackState, PackView};
use crate::error::AppError;
use crate::office::Context;
use crate::policy::status;

pub(crate) fn list(context: &mut Context<'_>, _: Empty) -> Result<PackList, AppError> {
    Ok(PackList { rows: rows(context)?, drafts: draft::rows(context)? })
}

/// Every pack of the register, the one that began last first.
pub(super) fn rows(context: &mut Context<'_>) -> Result<Vec<PackRow>, AppError> {
    let active = context.pack()?.map(|pack| pack.id);
    let today = context.host.today();
    let mut all = context.read()?.all::<Pack>()?;
    all.sort_by_key(|row| (std::cmp::Reverse(row.record.effective_from), std::cmp::Reverse(row.changed), row.id));
    let rows = all.into_iter().map(|row| {
        let id = row.id.to_string();
        let (active, withdrawn) = (active.as_ref() == Some(&id), is_withdrawn(&row.record));
        let record = row.record;
        let rules = Rules::parse(record.body.as_deref().unwrap_or_default());
        let state = match &rules {
            _ if withdrawn => PackState::Withdrawn,
            Err(_) => PackState::Broken,
            Ok(_) if active => PackState::InForce,
            Ok(_) if record.effective_from.is_some_and(|from| from > today) => PackState::Future,
            Ok(_) => PackState::Ended,
        };
        let (region, status) = match &rules {
            Ok(rules) => (rules.region.clone(), status(rules)),
            Err(error) => (String::new(), format!("不能使用：{error}")),
        };
        PackRow {
            id,
            name: record.name.unwrap_or_default(),
            version: record.version.unwrap_or_default(),
            region,
            status,
            effective_from: record.effective_from.unwrap_or_default(),
            effective_until: record.effective_until,
            state,
            active,
            withdrawn,
        }
    });
    Ok(rows.collect())
}

pub(crate) fn get(context: &mut Context<'_>, request: IdRequest) -> Result<PackView, AppError> {
    let all = rows(context)?;
    let place = all.iter().position(|row| row.id == request.id);
    let place = place.ok_or_else(|| AppError::not_found("政策包"))?;
    let usable = |row: &&PackRow| !matches!(row.state, PackState::Withdrawn | PackState::Broken);
    // Another region's rules are not what these were before.
    let region = all.get(place).map(|row| row.region.clone());
    let of_region = |row: &&PackRow| usable(row) && Some(&row.region) == region.as_ref();
    let before = all.iter().skip(place + 1).find(of_region).map(|row| row.id.clone());
    let texts = context.read()?.all::<Pack>()?;
    let text = |id: &str| {
        let row = texts.iter().find(|row| row.id.to_string() == id);
        row.and_then(|row| row.record.body.clone()).unwrap_or_default()
    };
    let toml = text(&request.id);
    let before = before.map(|id| text(&id));
    let named = before.as_deref().and_then(|text| Rules::parse(text).ok()).map(|rules| title(&rules));
    let row = all.into_iter().nth(place).ok_or_else(|| AppError::not_found("政策包"))?;
    Ok(PackView {
        row,
        check: check::look(&toml, "", before.as_deref())?,
        standing: standing(context, &toml)?,
        before: named.unwrap_or_default(),
        toml,
    })
}
