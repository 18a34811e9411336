//! 参保名单 and 一站式结算单.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{AidIdentity, Enrolment, Settlement};
use mingbai_domain::{Fen, RecordId, code};
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::{BillDraft, EnrolmentDraft};
use mingbai_sheets::value::is_placeholder;

use super::labels::{coded, hospital_level, known, text};
use super::plan::{People, Plan, Whose};
use super::vocabulary::{Labels, Told, of, told};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

impl Planned for EnrolmentDraft {
    const TOLD: &'static [Told] =
        &[of("insurance", &["insurance"]), told("state", Labels::Words(&[INSURED, UNINSURED]))];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: "", name: &self.name }
    }

    fn amounts(&self) -> Vec<(&'static str, Option<Fen>)> {
        vec![("个人缴费", self.own_payment), ("资助金额", self.subsidy)]
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let this_year = i64::from(context.host.today().year());
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, i64), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), "", &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), insured(draft)?)));
            let Some((whose, insured)) = plan.sound(said, &draft.name, "") else { continue };
            let year = draft.year.unwrap_or(this_year);
            if let Some(first) = seen.insert((whose.person, year), row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一年的参保"));
                continue;
            }
            let insurance = coded("insurance", &draft.insurance);
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
                tier: text(&draft.tier),
                paid_on: draft.paid_on,
                subsidised_on: draft.subsidised_on,
                insurance_number: text(&draft.insurance_number),
                ..Enrolment::default()
            };
            let enrolments = reading.rows_where::<Enrolment>("person", &whose.person)?;
            let existing = enrolments.iter().find(|row| row.record.year == Some(year));
            let summary = format!("{year}年 {}", if insured { "已参保" } else { "未参保" });
            plan.record(&whose, existing, wanted, summary);
            if insured {
                marked(reading, &mut plan, &whose, &draft.subsidy_class, context.host.today())?;
            }
            if let Err(unknown) = known("insurance", "险种", &draft.insurance) {
                plan.warn(&format!("{unknown}，这一项没有登记"));
            }
        }
        Ok(plan)
    }
}

/// Whom the insurer's list carries under an identity that they hold is marked with it at the insurer (domain A-07).
fn marked(
    reading: mingbai_store::Reading<'_>,
    plan: &mut Plan,
    whose: &Whose,
    class: &str,
    today: NaiveDate,
) -> Result<(), AppError> {
    let Some(said) = coded("aid_identity", class) else { return Ok(()) };
    for row in reading.rows_where::<AidIdentity>("person", &whose.person)? {
        let held = row.record.identity.as_ref() == Some(&said) && row.record.until.is_none_or(|day| day > today);
        if held && row.record.marked_at_insurer != Some(true) {
            plan.also(&format!("{}在医保系统已标识", code::label("aid_identity", &said)));
            let marked = AidIdentity { marked_at_insurer: Some(true), marker: text(class), ..row.record.clone() };
            plan.write(move |txn, _| {
                txn.update(row.id, &marked)?;
                Ok(())
            });
        }
    }
    Ok(())
}

/// What 参保状态 says.
const INSURED: &[&str] = &[
    "已参保",
    "参保",
    "是",
    "正常",
    "已缴费",
    "正常参保",
    "参保缴费",
    "已缴",
    "缴费成功",
    "已到账",
    "在保",
    "续保",
    "新参保",
    "免缴",
    "1",
];
const UNINSURED: &[&str] = &[
    "未参保",
    "否",
    "停保",
    "中断",
    "暂停参保",
    "暂停",
    "未缴费",
    "未缴",
    "断保",
    "退保",
    "待缴费",
    "终止参保",
    "终止",
    "参保终止",
    "中断参保",
    "未续保",
    "0",
];

/// Whether the row says that the person is insured. Only what is known to mean yes counts as yes.
fn insured(draft: &EnrolmentDraft) -> Result<bool, String> {
    let uninsured = coded("insurance", &draft.insurance).as_deref() == Some("000");
    let state = draft.state.as_str();
    if !is_placeholder(&draft.reason) || UNINSURED.contains(&state) {
        return Ok(false);
    }
    if INSURED.contains(&state) {
        return Ok(!uninsured);
    }
    if !is_placeholder(state) {
        return Err(format!("参保状态“{state}”不认识，应为已参保或未参保"));
    }
    if is_placeholder(&draft.insurance) && !uninsured {
        return Err("没有参保状态，也没有险种和未参保原因，不知道是否参保".to_owned());
    }
    Ok(!uninsured)
}

impl Planned for BillDraft {
    const TOLD: &'static [Told] = &[
        told("hospital_level", Labels::Levels),
        of("hospital_area", &["hospital_area"]),
        of("referral", &["referral"]),
        of("care_kind", &["care_kind"]),
        of("identity", &["aid_identity"]),
    ];
    const NOT_KEPT: &'static [&'static str] = &[
        "insurance",
        "insured_at",
        "disease_code",
        "year_deductible",
        "year_basic",
        "year_critical",
        "year_aid",
        "remark",
    ];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn amounts(&self) -> Vec<(&'static str, Option<Fen>)> {
        vec![
            ("费用总额", self.total),
            ("政策范围内", self.in_scope),
            ("基本医保", self.paid_basic),
            ("大病保险", self.paid_critical),
            ("医疗救助", self.paid_aid),
            ("其他支付", Some(self.other_payers())),
            ("个人现金", self.paid_personal),
        ]
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<String, u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name).cloned();
            let Some(whose) = plan.sound(found, &draft.name, &draft.household_number) else { continue };
            if !draft.invoice.is_empty()
                && let Some(first) = seen.insert(draft.invoice.clone(), row.row)
            {
                plan.reject(&draft.name, &draft.household_number, format!("票据号与第{first}行重复"));
                continue;
            }
            let said = bounds(draft)
                .and_then(|()| settlement(draft, whose.person))
                .and_then(|bill| adds_up(&bill).map(|()| bill));
            let Some(wanted) = plan.sound(said, &draft.name, &whose.household) else { continue };
            if let Some(other) = taken(reading, &wanted)? {
                plan.reject(
                    &draft.name,
                    &whose.household,
                    format!("票据号{}已经登记在别人名下（{other}）", draft.invoice),
                );
                continue;
            }
            let known = reading.rows_where::<Settlement>("person", &whose.person)?;
            let same = |r: &Settlement| match (&r.invoice, &wanted.invoice) {
                (Some(a), Some(b)) => a == b,
                _ => r.settled_on == wanted.settled_on && r.total == wanted.total && r.hospital == wanted.hospital,
            };
            let existing = known.iter().find(|row| same(&row.record));
            let summary = format!("{} 总费用 {}", draft.hospital, wanted.total.unwrap_or_default());
            plan.record(&whose, existing, wanted.clone(), summary);
        }
        Ok(plan)
    }
}

/// No part of a bill is negative or larger than what the coverage engine takes; so no sum of them can overflow.
fn bounds(draft: &BillDraft) -> Result<(), String> {
    let amounts = [
        ("费用总额", draft.total),
        ("目录外自费", draft.own_expense),
        ("超限价", draft.over_limit),
        ("先行自付", draft.pre_self_pay),
        ("政策范围内", draft.in_scope),
        ("基本医保支付", draft.paid_basic),
        ("大病保险支付", draft.paid_critical),
        ("医疗救助", draft.paid_aid),
        ("大额", draft.paid_large),
        ("公务员补助", draft.paid_civil),
        ("倾斜救助", draft.paid_tilt),
        ("扶贫济困", draft.paid_charity),
        ("政府兜底", draft.paid_fallback),
        ("商业补充", draft.paid_commercial),
        ("公卫补充基金", draft.paid_public_health),
        ("其他支付", draft.paid_other),
        ("医院承担", draft.hospital_borne),
        ("个人账户", draft.paid_account),
        ("个人现金", draft.paid_personal),
        ("押金", draft.deposit),
    ];
    for (label, amount) in amounts {
        let amount = amount.unwrap_or_default();
        if amount < Fen::ZERO {
            return Err(format!("{label} {amount} 是负数，请核对"));
        }
        if !mingbai_coverage::plausible(amount) {
            return Err(format!("{label} {amount} 大得不可能，请核对"));
        }
    }
    Ok(())
}

fn settlement(draft: &BillDraft, person: RecordId) -> Result<Settlement, String> {
    let parts = [draft.own_expense, draft.over_limit, draft.pre_self_pay];
    let outside: Fen = parts.into_iter().flatten().sum();
    // Where a sheet leaves the in-scope amount out it follows from the others (C.1).
    let in_scope = draft.in_scope.or_else(|| draft.total.map(|total| total - outside));
    let account = draft.paid_account.unwrap_or_default();
    let hospital_area = known("hospital_area", "就诊地", &draft.hospital_area)?;
    // Within the county nobody needs a referral; elsewhere a blank one is not known.
    let at_home = hospital_area.as_deref().is_none_or(|area| area == "county");
    let referral = known("referral", "转诊", &draft.referral)?.or_else(|| at_home.then(|| "none".to_owned()));
    Ok(Settlement {
        person: Some(person),
        invoice: text(&draft.invoice),
        hospital: text(&draft.hospital),
        hospital_level: hospital_level(&draft.hospital_level)?,
        hospital_area,
        care_kind: known("care_kind", "就诊类别", &draft.care_kind)?,
        referral,
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
        ..Settlement::default()
    })
}

/// The identities of C.1, to the fen; a row that contradicts itself is not taken in (F51).
fn adds_up(bill: &Settlement) -> Result<(), String> {
    let of = |amount: Option<Fen>| amount.unwrap_or_default();
    let total = of(bill.total);
    let parts = of(bill.own_expense) + of(bill.over_limit) + of(bill.pre_self_pay) + of(bill.in_scope);
    if let Some(negative) = bill.in_scope.filter(|amount| *amount < Fen::ZERO) {
        return Err(format!("自费、超限价、先行自付超过费用总额，政策范围内成了 {negative}"));
    }
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
