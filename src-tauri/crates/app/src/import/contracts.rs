//! 签约名单: contracts with teams, and the reasons for having none.

use std::collections::HashMap;

use chrono::{Days, Months, NaiveDate};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Contract, Exclusion, Record, Team};
use mingbai_domain::code;
use mingbai_domain::value::CodeSet;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::ContractDraft;
use mingbai_sheets::value::parts;
use mingbai_store::{Row, Txn};

use super::labels::{coded, known, text};
use super::plan::{Made, People, Plan, Whose, overlay, save};
use super::vocabulary::{Labels, Told, YES, YES_OR_NO, of, told};
use super::{Named, Planned};
use crate::dto::{ImportRow, RowOutcome};
use crate::error::AppError;
use crate::office::Context;
use crate::record::difference;
use crate::restricted::is_restricted;

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
        of("crowd", &["crowd"]),
        told("paper", YES_OR_NO),
        told("handbook", YES_OR_NO),
        told("service_card", YES_OR_NO),
    ];
    const NOT_KEPT: &'static [&'static str] = &["read", "remark"];

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
                let held = reading.rows_where::<Exclusion>("person", &whose.person)?;
                let existing = held.iter().find(|row| row.record.reason.as_deref() == Some(&reason));
                let summary = format!("未签：{}", code::label("exclusion_reason", &reason));
                let wanted = Exclusion { person: Some(whose.person), reason: Some(reason), ..Exclusion::default() };
                plan.record(&whose, existing, wanted, summary);
                continue;
            }
            let held = reading.rows_where::<Contract>("person", &whose.person)?;
            let existing = held.into_iter().find(|row| row.record.since == draft.since);
            let wanted =
                Contract { person: Some(whose.person), team: teams.get(&draft.team).copied(), ..contract(draft) };
            let last = wanted.until;
            if draft.team.is_empty() || wanted.team.is_some() {
                plan.record(&whose, existing.as_ref(), wanted, format!("签约 {}", draft.team));
            } else {
                with_new_team(&mut plan, whose, draft, existing, wanted);
            }
            for label in parts(&draft.crowd) {
                if let Err(unknown) = known("crowd", "人群", label) {
                    plan.warn(&format!("{unknown}，这一项没有登记"));
                }
            }
            if !draft.years.is_empty() && draft.until.is_none() && last.is_none() {
                plan.warn(&format!("签约周期“{}”看不出几年，到期日期没有登记", draft.years));
            }
        }
        Ok(plan)
    }
}

/// What the row says of the contract itself.
fn contract(draft: &ContractDraft) -> Contract {
    let has = |cell: &str| (!cell.is_empty()).then(|| YES.contains(&cell));
    // A contract is read by whoever may not know of a restricted illness; that crowd is a record of its own.
    let crowds = parts(&draft.crowd).filter_map(|label| code::resolve("crowd", label));
    let crowds: CodeSet = crowds.filter(|crowd| !is_restricted("", code::label("crowd", crowd))).collect();
    Contract {
        since: draft.since,
        until: draft.until.or_else(|| last_day(draft.since?, &draft.years)),
        package: text(&draft.package),
        ended_on: draft.ended_on,
        ended_reason: coded("contract_end", &draft.ended_reason),
        signed_on: draft.signed_on,
        signer: text(&draft.signer),
        number: text(&draft.number),
        crowds: Some(crowds).filter(|crowds| crowds.iter().next().is_some()),
        paper: has(&draft.paper),
        handbook: has(&draft.handbook),
        service_card: has(&draft.service_card),
        platform: text(&draft.platform),
        platform_on: draft.platform_on,
        ..Contract::default()
    }
}

/// The last day of a contract of so many years: `1年`, `三年期`, `2`. One to three are signed for (国卫基层发〔2022〕10号).
fn last_day(since: NaiveDate, years: &str) -> Option<NaiveDate> {
    let years = match years.trim().trim_end_matches("一签").trim_end_matches('期').trim_end_matches('年') {
        "1" | "一" => 1,
        "2" | "二" | "两" => 2,
        "3" | "三" => 3,
        _ => return None,
    };
    since.checked_add_months(Months::new(12 * years))?.checked_sub_days(Days::new(1))
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
        village_phone: text(&draft.village_phone),
        village_clinic: text(&draft.clinic),
        township_doctor: text(&draft.doctor),
        township_phone: text(&draft.doctor_phone),
        county_doctor: text(&draft.county_doctor),
        county_phone: text(&draft.county_phone),
        county_hospital: text(&draft.county_hospital),
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

#[cfg(test)]
mod tests {
    use super::last_day;

    #[test]
    fn a_contract_of_so_many_years_ends_the_day_before_its_anniversary() {
        let since = "2026-03-01".parse().unwrap();
        for (years, until) in [("1年", "2027-02-28"), ("三年期", "2029-02-28"), ("2", "2028-02-29")] {
            assert_eq!(last_day(since, years), Some(until.parse().unwrap()), "{years}");
        }
        assert_eq!(last_day(since, "长期"), None);
    }
}
