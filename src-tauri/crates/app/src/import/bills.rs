//! 一站式结算单: exports of hospitals and insurers under the names of many provinces.

use std::collections::HashMap;

use chrono::Datelike;
use mingbai_coverage::plausible;
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::BillDraft;
use mingbai_sheets::value::is_placeholder;

use super::labels::{coded, hospital_level, known, text};
use super::plan::{People, Plan, overlay};
use super::refunds::{Refunds, takes_back};
use super::vocabulary::{Labels, NO, Told, YES, YES_OR_NO, of, told};
use super::{Named, Planned};
use crate::bill::{Gate, STAY_DAYS, Vouched, year_end_fault};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

impl Planned for BillDraft {
    const TOLD: &'static [Told] = &[
        told("hospital_level", Labels::Levels),
        of("hospital_area", &["hospital_area"]),
        of("referral", &["referral"]),
        of("care_kind", &["care_kind"]),
        of("identity", &["aid_identity"]),
        told("one_stop", YES_OR_NO),
    ];
    const NOT_KEPT: &'static [&'static str] =
        &["insurance", "insured_at", "disease_code", "takes_back", "fund_sum", "remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn amounts(&self) -> Vec<(&'static str, Option<Fen>)> {
        vec![
            ("费用总额", self.total),
            ("政策范围内", self.in_scope),
            ("基本医保", self.paid_basic),
            ("大病保险", self.paid_critical),
            ("医疗救助", self.aid()),
            ("其他支付", self.other_payers()),
            ("商业和职工补充保险", self.supplementary()),
            ("个人现金", self.paid_personal),
        ]
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let packs = context.packs()?;
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(&'static str, String), u32> = HashMap::new();
        let mut gate = Gate::new(&packs);
        let mut refunds = Refunds::default();
        // A newest-first export has a refund above its bill.
        let (backs, papers): (Vec<_>, Vec<_>) = batch.rows.iter().partition(|row| takes_back(&row.draft));
        for row in papers {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name).cloned();
            let Some(whose) = plan.sound(found, &draft.name, &draft.household_number) else { continue };
            let own = numbers(draft);
            if let Some((label, first)) =
                own.iter().find_map(|(label, number)| Some((*label, *seen.get(&(*label, number.clone()))?)))
                && (label == NUMBER || draft.number.is_empty())
            {
                plan.reject(&draft.name, &draft.household_number, format!("{label}与第{first}行重复"));
                continue;
            }
            seen.extend(own.into_iter().map(|key| (key, row.row)));
            let said = bounds(draft)
                .and_then(|()| settlement(draft, whose.person))
                .and_then(|bill| if bill.is_year_end() { at_year_end(draft, bill) } else { Ok(bill) });
            let Some(wanted) = plan.sound(said, &draft.name, &whose.household) else { continue };
            let known = reading.rows_where::<Settlement>("person", &whose.person)?;
            // A correction may keep the number of its paper: then the sheet speaks of the one that counts.
            let replaced: Vec<RecordId> = known.iter().filter_map(|row| row.record.corrects).collect();
            let alike: Vec<_> = known.iter().filter(|row| same(&row.record, &wanted)).collect();
            let existing = alike.iter().find(|row| !replaced.contains(&row.id)).or(alike.first()).copied();
            let stands = existing.map_or_else(|| wanted.clone(), |row| overlay(&row.record, &wanted));
            let (id, stored) = (existing.map(|row| row.id), existing.map(|row| &row.record));
            let vouched = Vouched { number_decides: true, ..Vouched::default() };
            let said = match gate.admit(reading, id, stored, &stands, vouched) {
                Err(error) if error.code == ErrorCode::Storage => return Err(error),
                said => said.map_err(|error| error.fields.into_iter().next().map_or(error.message, |one| one.message)),
            };
            let Some(()) = plan.sound(said, &draft.name, &whose.household) else { continue };
            let summary = match wanted.year.filter(|_| wanted.is_year_end()) {
                Some(year) => format!("{year}年年终结算 支付 {}", wanted.paid()),
                None => format!("{} 总费用 {}", draft.hospital, wanted.total.unwrap_or_default()),
            };
            refunds.paper(whose.person, id, stands);
            plan.record(&whose, existing, wanted, summary);
            if existing.is_some_and(|row| replaced.contains(&row.id)) {
                plan.warn("登记的这一张已经被另一张冲销，不计入");
            }
            if let Some(said) = not_printed(draft) {
                plan.warn(&said);
            }
            if let Some(said) = fund_sum(draft) {
                plan.warn(&said);
            }
        }
        for row in backs {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name).cloned();
            let Some(whose) = plan.sound(found, &draft.name, &draft.household_number) else { continue };
            refunds.plan((reading, &packs), &mut plan, &whose, draft)?;
        }
        plan.as_in_the_file();
        Ok(plan)
    }
}

/// What a number of a bill is called.
const NUMBER: &str = "结算单号";

/// The numbers a row has, by what they are called.
pub(super) fn numbers(draft: &BillDraft) -> Vec<(&'static str, String)> {
    let all = [(NUMBER, &draft.number), ("票据号", &draft.invoice)];
    all.into_iter().filter(|(_, number)| !number.is_empty()).map(|(label, number)| (label, number.clone())).collect()
}

/// Whether two records are of one paper: a number of the insurer's decides, then the invoice's, then day, total and place.
pub(super) fn same(known: &Settlement, wanted: &Settlement) -> bool {
    if known.reversal == Some(true) || known.is_year_end() != wanted.is_year_end() {
        return false;
    }
    if let (Some(a), Some(b)) = (&known.number, &wanted.number) {
        return a == b;
    }
    match (&known.invoice, &wanted.invoice) {
        (Some(a), Some(b)) => a == b,
        _ if wanted.is_year_end() => {
            (known.year, known.settled_on, known.paid()) == (wanted.year, wanted.settled_on, wanted.paid())
        }
        _ => known.settled_on == wanted.settled_on && known.total == wanted.total && known.hospital == wanted.hospital,
    }
}

/// What the sheet's own sum of funds says against the funds it prints; nothing where both agree or it prints none.
fn fund_sum(draft: &BillDraft) -> Option<String> {
    let said = draft.fund_sum?;
    let tiers: Fen = [draft.paid_basic, draft.paid_critical, draft.aid()].into_iter().flatten().sum();
    // What commercial insurance pays is no fund's; sheets that count it among them say the same sum with it.
    let funds: Fen = [draft.paid_large, draft.paid_civil, draft.paid_enterprise].into_iter().flatten().sum();
    let all = tiers + draft.other_payers().unwrap_or_default() + funds;
    let with_commercial = all + draft.paid_commercial.unwrap_or_default();
    (all != said && with_commercial != said)
        .then(|| format!("基金支付总额 {said}，各项基金合计 {with_commercial}，可能有一栏没有读到"))
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
        ("扶贫人员民政救助", draft.paid_aid_poor),
        ("低保救助", draft.paid_aid_subsistence),
        ("企业补充", draft.paid_enterprise),
        ("扶贫特惠保险", draft.paid_special),
        ("建档立卡大病基金", draft.paid_registered),
        ("其他基金", draft.paid_fund),
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
        ("商业保险赔付", draft.claimed_back),
    ];
    for (label, amount) in amounts {
        let amount = amount.unwrap_or_default();
        if amount < Fen::ZERO {
            return Err(format!("{label} {amount} 是负数，请核对"));
        }
        if !plausible(amount) {
            return Err(format!("{label} {amount} 大得不可能，请核对"));
        }
    }
    Ok(())
}

fn possible(printed: Option<Fen>) -> Option<Fen> {
    printed.filter(|amount| *amount >= Fen::ZERO && plausible(*amount))
}

/// What a sheet prints beside its amounts settles nothing: where it is impossible it is left out and said, and the bill is kept.
fn not_printed(draft: &BillDraft) -> Option<String> {
    let amounts = [
        ("起付线", draft.deductible),
        ("进入医疗救助金额", draft.aid_base),
        ("本年累计起付", draft.year_deductible),
        ("本年累计统筹", draft.year_basic),
        ("本年累计大病", draft.year_critical),
        ("本年累计救助", draft.year_aid),
    ];
    let wrong = amounts.into_iter().filter(|(_, amount)| amount.is_some() && possible(*amount).is_none());
    let days = draft.days.filter(|days| !STAY_DAYS.contains(days)).map(|_| "住院天数");
    let labels: Vec<&str> = wrong.map(|(label, _)| label).chain(days).collect();
    (!labels.is_empty()).then(|| format!("{}不可能是这样，没有记下，结算单照样导入", labels.join("、")))
}

fn settlement(draft: &BillDraft, person: RecordId) -> Result<Settlement, String> {
    // Where a sheet leaves the in-scope amount out it follows from the others (C.1), if it prints them: one it has no column
    // for is not known, and is not nothing.
    let outside = || Some(draft.own_expense? + draft.over_limit? + draft.pre_self_pay?);
    let in_scope = draft.in_scope.or_else(|| Some(draft.total? - outside()?));
    let account = draft.paid_account.unwrap_or_default();
    Ok(Settlement {
        person: Some(person),
        invoice: text(&draft.invoice),
        number: text(&draft.number),
        hospital: text(&draft.hospital),
        hospital_level: hospital_level(&draft.hospital_level)?,
        hospital_area: known("hospital_area", "就诊地", &draft.hospital_area)?,
        care_kind: known("care_kind", "就诊类别", &draft.care_kind)?,
        referral: known("referral", "转诊", &draft.referral)?,
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
        paid_aid: draft.aid(),
        paid_other: draft.other_payers(),
        hospital_borne: draft.hospital_borne,
        // The person's own account is the person's own money.
        paid_personal: draft.paid_personal.map(|cash| cash + account),
        personal_account: draft.paid_account,
        deposit: draft.deposit,
        one_stop: yes_or_no(&draft.one_stop)?,
        paid_commercial: draft.supplementary(),
        identity: coded("aid_identity", &draft.identity),
        stay_days: draft.days.filter(|days| STAY_DAYS.contains(days)),
        deductible: possible(draft.deductible),
        aid_base: possible(draft.aid_base),
        year_deductible: possible(draft.year_deductible),
        year_basic: possible(draft.year_basic),
        year_critical: possible(draft.year_critical),
        year_aid: possible(draft.year_aid),
        source: Some("一站式结算导出".to_owned()),
        ..Settlement::default()
    })
}

/// 是 or 否; nothing for a blank cell.
fn yes_or_no(label: &str) -> Result<Option<bool>, String> {
    match label.trim() {
        blank if is_placeholder(blank) => Ok(None),
        yes if YES.contains(&yes) => Ok(Some(true)),
        no if NO.contains(&no) => Ok(Some(false)),
        other => Err(format!("出院即时结算“{other}”不认识，应为是、否")),
    }
}

/// What was paid at a year's end, as it is kept: a year and payments, no costs and no stay.
fn at_year_end(draft: &BillDraft, bill: Settlement) -> Result<Settlement, String> {
    let typed = draft.year.trim().trim_end_matches('年');
    // Sheets without a column for it give the year as the period that was settled.
    let period = draft.admitted_on.zip(draft.discharged_on).map(|(first, last)| (first.year(), last.year()));
    let year = match typed {
        "" => period.filter(|(first, last)| first == last).map(|(first, _)| i64::from(first)),
        typed => Some(typed.parse().map_err(|_| format!("结算年度“{}”不像一个年度", draft.year))?),
    };
    let nothing = |amount: Option<Fen>| amount.filter(|amount| *amount != Fen::ZERO);
    let kept = Settlement {
        year,
        total: nothing(bill.total),
        own_expense: nothing(bill.own_expense),
        over_limit: nothing(bill.over_limit),
        pre_self_pay: nothing(bill.pre_self_pay),
        in_scope: nothing(bill.in_scope),
        hospital_borne: nothing(bill.hospital_borne),
        paid_personal: nothing(bill.paid_personal),
        admitted_on: None,
        discharged_on: None,
        stay_days: None,
        deductible: None,
        aid_base: None,
        year_deductible: None,
        year_basic: None,
        year_critical: None,
        year_aid: None,
        ..bill
    };
    match year_end_fault(&kept) {
        Some((_, said)) => Err(said),
        None => Ok(kept),
    }
}
