//! 参保名单 and 一站式结算单.

use std::collections::HashMap;

use chrono::Datelike;
use mingbai_domain::catalogue::{Enrolment, Settlement};
use mingbai_domain::{Fen, code};
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::{BillDraft, EnrolmentDraft};

use super::Planned;
use super::plan::{People, Plan};
use crate::error::AppError;
use crate::office::Context;

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn coded(table: &str, label: &str) -> Option<String> {
    code::resolve(table, label).map(str::to_owned)
}

impl Planned for EnrolmentDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let this_year = i64::from(context.host.today().year());
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        for row in &batch.rows {
            let draft = &row.draft;
            let whose = match people.find(draft.id.citizen_id.as_deref(), "", &draft.name) {
                Ok(whose) => whose.clone(),
                Err(reason) => {
                    plan.reject(row.row, &draft.name, reason);
                    continue;
                }
            };
            let year = draft.year.unwrap_or(this_year);
            let insurance = coded("insurance", &draft.insurance);
            let no = matches!(draft.state.as_str(), "未参保" | "否" | "停保" | "中断" | "暂停参保" | "未缴费" | "断保");
            let insured = !no && insurance.as_deref() != Some("000");
            let wanted = Enrolment {
                person: Some(whose.person),
                year: Some(year),
                insurance,
                insured: Some(insured),
                place: text(&draft.place),
                own_payment: draft.own_payment,
                subsidy: draft.subsidy,
                subsidy_class: text(&draft.subsidy_class),
                reason: text(&draft.reason),
                ..Enrolment::default()
            };
            let known = reading.rows_where::<Enrolment>("person", &whose.person)?;
            let existing = known.iter().find(|row| row.record.year == Some(year));
            let summary = format!("{year}年 {}", if insured { "已参保" } else { "未参保" });
            plan.record(row.row, &whose, existing, wanted, summary);
        }
        Ok(plan)
    }
}

impl Planned for BillDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<String, u32> = HashMap::new();
        for row in &batch.rows {
            let draft = &row.draft;
            let whose = match people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name) {
                Ok(whose) => whose.clone(),
                Err(reason) => {
                    plan.reject(row.row, &draft.name, reason);
                    continue;
                }
            };
            if !draft.invoice.is_empty()
                && let Some(first) = seen.insert(draft.invoice.clone(), row.row)
            {
                plan.reject(row.row, &draft.name, format!("票据号与第{first}行重复"));
                continue;
            }
            let wanted = settlement(draft, whose.person);
            if let Err(reason) = adds_up(&wanted) {
                plan.reject(row.row, &draft.name, reason);
                continue;
            }
            if let Some(other) = taken(reading, &wanted)? {
                plan.reject(row.row, &draft.name, format!("票据号{}已经登记在别人名下（{other}）", draft.invoice));
                continue;
            }
            let known = reading.rows_where::<Settlement>("person", &whose.person)?;
            let same = |r: &Settlement| match (&r.invoice, &wanted.invoice) {
                (Some(a), Some(b)) => a == b,
                _ => r.settled_on == wanted.settled_on && r.total == wanted.total && r.hospital == wanted.hospital,
            };
            let existing = known.iter().find(|row| same(&row.record));
            let summary = format!("{} 总费用 {}", draft.hospital, wanted.total.unwrap_or_default());
            plan.record(row.row, &whose, existing, wanted.clone(), summary);
        }
        Ok(plan)
    }
}

fn settlement(draft: &BillDraft, person: mingbai_domain::RecordId) -> Settlement {
    let parts = [draft.own_expense, draft.over_limit, draft.pre_self_pay];
    let outside: Fen = parts.into_iter().flatten().sum();
    // Where a sheet leaves the in-scope amount out it follows from the others (C.1).
    let in_scope = draft.in_scope.or_else(|| draft.total.map(|total| total - outside));
    let account = draft.paid_account.unwrap_or_default();
    Settlement {
        person: Some(person),
        invoice: text(&draft.invoice),
        hospital: text(&draft.hospital),
        hospital_level: coded("hospital_level", &draft.hospital_level),
        hospital_area: coded("hospital_area", &draft.hospital_area),
        care_kind: coded("care_kind", &draft.care_kind),
        referral: coded("referral", &draft.referral).or_else(|| Some("none".to_owned())),
        disease: text(&draft.disease),
        admitted_on: draft.admitted_on,
        discharged_on: draft.discharged_on,
        settled_on: draft.settled_on,
        total: draft.total,
        own_expense: draft.own_expense,
        over_limit: draft.over_limit,
        pre_self_pay: draft.pre_self_pay,
        in_scope,
        paid_basic: draft.paid_basic,
        paid_critical: draft.paid_critical,
        paid_aid: draft.paid_aid,
        paid_other: Some(draft.other_payers()),
        hospital_borne: draft.hospital_borne,
        // The person's own account is the person's own money.
        paid_personal: draft.paid_personal.map(|cash| cash + account),
        deposit: draft.deposit,
        identity: coded("aid_identity", &draft.identity),
        source: Some("一站式结算导出".to_owned()),
    }
}

/// The identities of C.1, to the fen; a row that contradicts itself is not taken in (F51).
fn adds_up(bill: &Settlement) -> Result<(), String> {
    let of = |amount: Option<Fen>| amount.unwrap_or_default();
    let total = of(bill.total);
    let parts = of(bill.own_expense) + of(bill.over_limit) + of(bill.pre_self_pay) + of(bill.in_scope);
    if parts != total {
        return Err(format!("自费、超限价、先行自付、政策范围内合计 {parts}，不等于费用总额 {total}"));
    }
    let paid = of(bill.paid_basic) + of(bill.paid_critical) + of(bill.paid_aid) + of(bill.paid_other);
    let all = paid + of(bill.hospital_borne) + of(bill.paid_personal);
    if bill.paid_personal.is_some() && all != total {
        return Err(format!("各方支付与个人支付合计 {all}，不等于费用总额 {total}"));
    }
    if bill.admitted_on > bill.discharged_on && bill.discharged_on.is_some() {
        return Err("出院日期早于入院日期".to_owned());
    }
    Ok(())
}

/// The name of somebody else under whose name this invoice stands already.
fn taken(reading: mingbai_store::Reading<'_>, bill: &Settlement) -> Result<Option<String>, AppError> {
    let Some(invoice) = &bill.invoice else { return Ok(None) };
    for row in reading.rows_where::<Settlement>("invoice", invoice)? {
        if row.record.person != bill.person {
            let person =
                row.record.person.map(|id| reading.get::<mingbai_domain::catalogue::Person>(id)).transpose()?;
            let name = person.flatten().and_then(|row| row.record.name);
            return Ok(Some(name.unwrap_or_default()));
        }
    }
    Ok(None)
}
