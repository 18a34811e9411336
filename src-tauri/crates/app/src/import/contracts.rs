//! 签约名单: contracts with teams, and the reasons for having none.

use std::collections::HashMap;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Contract, Exclusion, Record, Team};
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::ContractDraft;
use mingbai_store::{Row, Txn};

use super::labels::{coded, text};
use super::plan::{Made, People, Plan, Whose, overlay, save};
use super::vocabulary::{Labels, Told, of, told};
use super::{Named, Planned};
use crate::dto::{ImportRow, RowOutcome};
use crate::error::AppError;
use crate::office::Context;
use crate::record::difference;

/// What 是否签约 says.
const SIGNED: &[&str] =
    &["是", "签约", "已签约", "已签", "有效", "正常", "履约中", "服务中", "续签", "已续签", "续约", "重签", "1"];
/// Contracts that are over, and so need the day on which.
const EXPIRED: &[&str] = &["已到期", "到期", "过期", "已过期"];
const CANCELLED: &[&str] = &["已解约", "解约"];
const UNSIGNED: &[&str] = &["否", "待签约", "未签约", "未签", "拒签", "不签", "没有签约", "不签约", "0"];

impl Planned for ContractDraft {
    const TOLD: &'static [Told] = &[
        told("signed", Labels::Words(&[SIGNED, UNSIGNED, EXPIRED, CANCELLED])),
        of("ended_reason", &["contract_end"]),
        of("unsigned_reason", &["exclusion_reason"]),
    ];
    const NOT_KEPT: &'static [&'static str] = &["crowd", "remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let teams: HashMap<String, RecordId> =
            reading.all::<Team>()?.into_iter().filter_map(|row| Some((row.record.name?, row.id))).collect();
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), unsigned(draft)?)));
            let Some((whose, unsigned)) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            let what = unsigned.clone().unwrap_or_else(|| draft.since.map(|day| day.to_string()).unwrap_or_default());
            if let Some(first) = seen.insert((whose.person, what), row.row) {
                let same = if unsigned.is_some() { "未签原因" } else { "签约日期" };
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一个{same}"));
                continue;
            }
            if let Some(reason) = unsigned {
                let known = reading.rows_where::<Exclusion>("person", &whose.person)?;
                let existing = known.iter().find(|row| row.record.reason.as_deref() == Some(&reason));
                let summary = format!("未签：{}", code::label("exclusion_reason", &reason));
                let wanted = Exclusion { person: Some(whose.person), reason: Some(reason), ..Exclusion::default() };
                plan.record(&whose, existing, wanted, summary);
                continue;
            }
            let known = reading.rows_where::<Contract>("person", &whose.person)?;
            let existing = known.into_iter().find(|row| row.record.since == draft.since);
            let wanted = Contract {
                person: Some(whose.person),
                team: teams.get(&draft.team).copied(),
                since: draft.since,
                until: draft.until,
                package: text(&draft.package),
                ended_on: draft.ended_on,
                ended_reason: coded("contract_end", &draft.ended_reason),
                ..Contract::default()
            };
            if draft.team.is_empty() || wanted.team.is_some() {
                plan.record(&whose, existing.as_ref(), wanted, format!("签约 {}", draft.team));
            } else {
                with_new_team(&mut plan, whose, draft, existing, wanted);
            }
        }
        Ok(plan)
    }
}

/// The code of the reason for having no contract; nothing for somebody who has one.
fn unsigned(draft: &ContractDraft) -> Result<Option<String>, String> {
    let says = |words: &[&str]| words.contains(&draft.signed.as_str());
    let (ended, no) = (says(EXPIRED) || says(CANCELLED), says(UNSIGNED));
    let yes = says(SIGNED) || ended;
    if !draft.signed.is_empty() && !yes && !no {
        return Err(format!("是否签约“{}”不认识，应为是或否", draft.signed));
    }
    if !draft.unsigned_reason.is_empty() {
        if yes && draft.since.is_some() {
            return Err("既写着已签约，又写着未签原因，请核对".to_owned());
        }
        let reason = coded("exclusion_reason", &draft.unsigned_reason);
        return reason.map(Some).ok_or_else(|| format!("未签原因“{}”不在代码表中", draft.unsigned_reason));
    }
    match (no, draft.since) {
        (true, _) => Err(format!("是否签约是“{}”，没有未签原因", draft.signed)),
        (false, None) => Err("没有签约日期，也没有未签原因".to_owned()),
        // Without the day it would count as a contract that runs for ever.
        (false, Some(_)) if ended && !over(draft) => {
            Err(format!("是否签约是“{}”，没有解约日期或到期日期", draft.signed))
        }
        (false, Some(_)) => Ok(None),
    }
}

/// Whether the row says on which day the contract ended. A term alone does not say when one was cancelled.
fn over(draft: &ContractDraft) -> bool {
    draft.ended_on.is_some() || (draft.until.is_some() && !draft.signed.contains("解约"))
}

/// A team nobody has registered yet is registered with the first contract that names it.
fn with_new_team(
    plan: &mut Plan,
    whose: Whose,
    draft: &ContractDraft,
    existing: Option<Row<Contract>>,
    wanted: Contract,
) {
    let mut line =
        ImportRow { who: whose.name, household: whose.household, outcome: RowOutcome::New, ..ImportRow::default() };
    line.detail = format!("签约 {}（新登记的团队）", draft.team);
    let (id, record) = match existing {
        Some(old) => {
            let merged = overlay(&old.record, &wanted);
            let mut changes = difference(Contract::TYPE, &old.record.to_values(), &merged.to_values());
            changes.push(format!("团队 → {}（新登记的团队）", draft.team));
            line.outcome = RowOutcome::Changed;
            line.detail = changes.join("；");
            (Some(old.id), merged)
        }
        None => (None, wanted),
    };
    let team = Team {
        name: text(&draft.team),
        village_doctor: text(&draft.village_doctor),
        township_doctor: text(&draft.doctor),
        ..Team::default()
    };
    plan.write(move |txn, made| {
        let team = Some(registered(txn, made, team)?);
        let record = Contract { team, ..record };
        match id {
            Some(id) => save(txn, id, &record)?,
            None => {
                txn.insert(None, &record)?;
            }
        }
        Ok(())
    });
    plan.add(line);
}

/// The team of this name, made once in an action.
fn registered(txn: &mut Txn<'_>, made: &mut Made, team: Team) -> Result<RecordId, AppError> {
    let key = format!("team {}", team.name.as_deref().unwrap_or_default());
    if let Some(known) = made.get(&key) {
        return Ok(known);
    }
    let id = txn.insert(None, &team)?;
    made.put(key, id);
    Ok(id)
}
