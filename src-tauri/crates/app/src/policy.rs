//! Policy packs: which one is in force, activating one, and settling without a database.

use std::sync::Arc;

use chrono::NaiveDate;
use mingbai_coverage::{CaseFile, Pack as Rules, PackError, run_case};
use mingbai_domain::catalogue::Pack;

use crate::dto::{Empty, PackActivateRequest, PackList, PackRow, SettleRequest, SettleView};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

/// The pack in force, parsed.
#[derive(Clone)]
pub(crate) struct ActivePack {
    pub(crate) id: String,
    pub(crate) rules: Arc<Rules>,
}

impl ActivePack {
    /// `乌兰察布市城乡居民 2019 V4`: how screens and cards name it.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.rules.name, self.rules.version)
    }
}

impl Context<'_> {
    /// The newest pack in force today, or none when the county has not activated one.
    pub(crate) fn pack(&mut self) -> Result<Option<ActivePack>, AppError> {
        let today = self.host.today();
        let open = self.opened_mut()?;
        if open.pack.is_none() {
            let mut packs = open.store.read().all::<Pack>()?;
            packs.sort_by_key(|row| (row.record.effective_from, row.changed));
            let in_force = packs.into_iter().rev().find(|row| in_force(&row.record, today));
            if let Some(row) = in_force {
                let rules = Rules::parse(row.record.body.as_deref().unwrap_or_default())?;
                open.pack = Some(ActivePack { id: row.id.to_string(), rules: Arc::new(rules) });
            }
        }
        Ok(open.pack.clone())
    }

    /// Reads the packs again at the next question.
    pub(crate) fn forget_pack(&mut self) {
        if let Some(open) = &mut self.office.open {
            open.pack = None;
        }
    }
}

fn in_force(pack: &Pack, today: NaiveDate) -> bool {
    pack.effective_from.is_none_or(|from| from <= today) && pack.effective_until.is_none_or(|until| until >= today)
}

impl From<PackError> for AppError {
    fn from(error: PackError) -> Self {
        Self::new(ErrorCode::PackIncomplete, format!("{error}。没有任何改动"))
    }
}

/// How well a pack is founded: how many of its values rest on which kind of text.
pub(crate) fn status(rules: &Rules) -> String {
    let unofficial = rules.unofficial().len();
    if unofficial == 0 { "官方".to_owned() } else { format!("{unofficial} 项转述或待核实") }
}

pub(crate) fn list(context: &mut Context<'_>, _: Empty) -> Result<PackList, AppError> {
    let active = context.pack()?.map(|pack| pack.id);
    let mut rows = Vec::new();
    for row in context.read()?.all::<Pack>()? {
        let rules = Rules::parse(row.record.body.as_deref().unwrap_or_default())?;
        let id = row.id.to_string();
        rows.push(PackRow {
            active: active.as_ref() == Some(&id),
            id,
            name: rules.name.clone(),
            version: rules.version.clone(),
            region: rules.region.clone(),
            status: status(&rules),
            effective_from: rules.from,
        });
    }
    Ok(PackList { rows })
}

pub(crate) fn activate(context: &mut Context<'_>, request: PackActivateRequest) -> Result<PackRow, AppError> {
    let rules = Rules::parse(&request.toml)?;
    let record = Pack {
        name: Some(rules.name.clone()),
        version: Some(rules.version.clone()),
        effective_from: Some(rules.from),
        effective_until: rules.until,
        body: Some(request.toml),
    };
    let committed = context.commit("pack_activate", None, |txn| Ok(txn.insert(None, &record)?))?;
    context.forget_pack();
    let active = context.pack()?.is_some_and(|pack| pack.id == committed.value.to_string());
    Ok(PackRow {
        id: committed.value.to_string(),
        name: rules.name.clone(),
        version: rules.version.clone(),
        region: rules.region.clone(),
        status: status(&rules),
        effective_from: rules.from,
        active,
    })
}

pub(crate) fn settle(_: &mut Context<'_>, request: SettleRequest) -> Result<SettleView, AppError> {
    let rules = Rules::parse(&request.pack)?;
    let case: CaseFile = serde_json::from_value(request.bills)
        .map_err(|error| AppError::new(ErrorCode::BillImpossible, format!("账单文件格式不对，没有计算：{error}")))?;
    let report = run_case(&rules, &case).map_err(|error| {
        AppError::new(ErrorCode::BillImpossible, format!("没有计算：{error}"))
            .field(error.field().label(), error.to_string())
    })?;
    let result = serde_json::to_value(&report)
        .map_err(|error| AppError::new(ErrorCode::Internal, "结果无法输出").detail(error.to_string()))?;
    Ok(SettleView { result })
}
