//! 保障结算: what was paid beside what the pack says was due, and why. What is due is derived at every look, so a late or
//! corrected bill re-settles the rest of the person's year.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{
    Area, Bill, Column, Comparison, History, IdentityPeriod, Kind, Level, Paid, Person as Insured, Referral,
    Settlement, compare, settle_year,
};
use mingbai_domain::catalogue::{self, AidIdentity, Enrolment, Person};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, BillLine};
use mingbai_store::{Reading, Row};

use crate::dto::{Bar, BillExplanation, BillList, BillListRequest, BillRow, Coded, IdRequest, PayerRow, StepRow, Tone};
use crate::error::{AppError, ErrorCode};
use crate::household::{basis_points, parse_id, parse_id_maybe};
use crate::insured::facts;
use crate::office::{Context, coded};
use crate::policy::{Packs, status};
use crate::restricted;

/// One bill with what was due.
pub(crate) struct Judged {
    pub(crate) line: BillLine,
    pub(crate) due: Option<(Settlement, Comparison)>,
    /// Why it could not be settled, in the clerk's words.
    pub(crate) refused: Option<String>,
}

/// A year a bill can be of.
pub(crate) fn year_of(typed: Option<i64>, today: NaiveDate) -> Result<i32, AppError> {
    let Some(typed) = typed else { return Ok(today.year()) };
    let year = i32::try_from(typed).ok().filter(|year| (1990..=2200).contains(year));
    year.ok_or_else(|| {
        let message = format!("没有“{typed}”这个年度，请填四位年份");
        AppError::new(ErrorCode::Validation, message.clone()).field("year", message)
    })
}

/// The bills settled in a year.
pub(crate) fn year_filter(year: i32) -> BillFilter {
    BillFilter {
        from: NaiveDate::from_ymd_opt(year, 1, 1),
        until: NaiveDate::from_ymd_opt(year.saturating_add(1), 1, 1),
        ..BillFilter::default()
    }
}

pub(crate) fn of_household(
    reading: Reading<'_>,
    packs: &Packs,
    household: RecordId,
    year: i32,
) -> Result<Vec<BillRow>, AppError> {
    let filter = BillFilter { household: Some(household), ..year_filter(year) };
    Ok(judge(reading, packs, &filter)?.iter().map(row).collect())
}

pub(crate) fn of_person(
    reading: Reading<'_>,
    packs: &Packs,
    person: RecordId,
    year: i32,
) -> Result<Vec<BillRow>, AppError> {
    let filter = BillFilter { person: Some(person), ..year_filter(year) };
    Ok(judge(reading, packs, &filter)?.iter().map(row).collect())
}

/// Bills of a household's people in a year on which the payers paid too little.
pub(crate) fn short_of_year(
    reading: Reading<'_>,
    packs: &Packs,
    household: RecordId,
    year: i32,
) -> Result<Vec<Judged>, AppError> {
    let mut judged = judge(reading, packs, &BillFilter { household: Some(household), ..year_filter(year) })?;
    judged.retain(|judged| judged.due.as_ref().is_some_and(|(_, comparison)| comparison.shortfall > Fen::ZERO));
    Ok(judged)
}

/// Settles every person's year behind a filter and sets each bill beside what was due, newest first.
pub(crate) fn judge(reading: Reading<'_>, packs: &Packs, filter: &BillFilter) -> Result<Vec<Judged>, AppError> {
    let lines = reading.bills(filter)?;
    let mut people: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        people.entry(line.person).or_default().push(place);
    }
    let mut judged: Vec<_> = lines.into_iter().map(|line| Judged { line, due: None, refused: None }).collect();
    if packs.is_empty() {
        return Ok(judged);
    }
    for (person, places) in people {
        let insured = insured(reading, person)?;
        let mut years: BTreeMap<i32, Vec<(Bill, usize)>> = BTreeMap::new();
        for place in places {
            let Some(line) = judged.get(place).map(|judged| &judged.line) else { continue };
            if let Some(day) = line.bill.record.settled_on {
                years.entry(day.year()).or_default().push((to_bill(&line.bill), place));
            }
        }
        for (year, mut bills) in years {
            bills.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
            let mut history = History::empty(year);
            for (bill, place) in bills {
                let Some(target) = judged.get_mut(place) else { continue };
                // What was paid before counts on when another pack comes into force within the year.
                let Some(pack) = packs.on(bill.settled_on) else {
                    target.refused = Some(format!("{} 没有可用的政策包", bill.settled_on));
                    continue;
                };
                let settled = settle_year(&pack.rules, &insured, &history, std::slice::from_ref(&bill));
                history = settled.closing;
                target.refused = settled.refused.into_iter().next().map(|refused| refused.error.to_string());
                if let Some(settlement) = settled.settlements.into_iter().next() {
                    let paid = paid(&target.line.bill.record);
                    let comparison = compare(&pack.rules, &insured, &settlement.before, &bill, &settlement, &paid);
                    target.due = Some((settlement, comparison));
                }
            }
        }
    }
    Ok(judged)
}

/// A person as the pack sees them.
pub(crate) fn insured(reading: Reading<'_>, person: RecordId) -> Result<Insured, AppError> {
    let identities = reading.rows_where::<AidIdentity>("person", &person)?;
    let born = reading.get::<Person>(person)?.and_then(|row| row.record.birth);
    let identities = identities.into_iter().filter_map(|row| {
        let identity = row.record.identity?;
        (identity != "ordinary").then_some(IdentityPeriod { identity, from: row.record.since, until: row.record.until })
    });
    let enrolments = reading.rows_where::<Enrolment>("person", &person)?;
    let enrolments: Vec<&Enrolment> = enrolments.iter().map(|row| &row.record).collect();
    // Which day the year's window closes is no pack's to say, so nobody is taken to be late here.
    let enrolments = facts(&enrolments, born, |_| None);
    Ok(Insured { identities: identities.collect(), born, enrolments, ..Insured::default() })
}

pub(crate) fn to_bill(row: &Row<catalogue::Settlement>) -> Bill {
    let record = &row.record;
    let settled_on = record.settled_on.or(record.discharged_on).or(record.admitted_on).unwrap_or_default();
    let discharged_on = record.discharged_on.unwrap_or(settled_on);
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    Bill {
        ownpay: record.own_expense.unwrap_or_default(),
        overlimit: record.over_limit.unwrap_or_default(),
        preselfpay: Some(record.pre_self_pay.unwrap_or_default()),
        hospital_borne: record.hospital_borne.unwrap_or_default(),
        ..Bill::new(
            row.id.to_string(),
            Kind::from_code(&word(&record.care_kind)).unwrap_or(Kind::Inpatient),
            Level::from_code(&word(&record.hospital_level)).unwrap_or(Level::Unrated),
            Area::from_code(&word(&record.hospital_area)).unwrap_or(Area::County),
            Referral::from_code(&word(&record.referral)).unwrap_or(Referral::None),
            [record.admitted_on.unwrap_or(discharged_on), discharged_on, settled_on],
            record.total.unwrap_or_default(),
        )
    }
}

pub(crate) fn paid(record: &catalogue::Settlement) -> Paid {
    BTreeMap::from([
        (Column::Basic, record.paid_basic.unwrap_or_default()),
        (Column::Critical, record.paid_critical.unwrap_or_default()),
        (Column::Aid, record.paid_aid.unwrap_or_default()),
        (Column::Other, record.paid_other.unwrap_or_default()),
    ])
}

/// What the bill's own figures contradict (the identities of C.1).
fn problems(record: &catalogue::Settlement) -> Vec<String> {
    let of = |amount: Option<Fen>| amount.unwrap_or_default();
    let mut found = Vec::new();
    let parts = of(record.own_expense) + of(record.over_limit) + of(record.pre_self_pay);
    if let Some(in_scope) = record.in_scope
        && parts + in_scope != of(record.total)
    {
        found.push(format!("费用总额 {} ≠ 自费、超限价、先行自付 {parts} + 政策范围内 {in_scope}", of(record.total)));
    }
    let payers: Fen = paid(record).values().copied().sum();
    if let Some(personal) = record.paid_personal
        && payers + personal + of(record.hospital_borne) != of(record.total)
    {
        found.push(format!("费用总额 {} ≠ 各方支付 {payers} + 个人支付 {personal}", of(record.total)));
    }
    found
}

pub(crate) fn row(judged: &Judged) -> BillRow {
    let record = &judged.line.bill.record;
    let of = |amount: Option<Fen>| amount.unwrap_or_default().0;
    let shortfall = judged.due.as_ref().map_or(0, |(_, comparison)| comparison.shortfall.0);
    let (verdict, tone, why) = match (&judged.due, &judged.refused) {
        (_, Some(refused)) => ("不能核对".to_owned(), Tone::Waiting, refused.clone()),
        (None, None) => ("没有政策包".to_owned(), Tone::Neutral, "县里还没有启用政策包".to_owned()),
        (Some((_, comparison)), None) if shortfall > 0 => {
            ("应报未报".to_owned(), Tone::Missing, comparison.cause_text.clone())
        }
        (Some((_, comparison)), None) if shortfall < 0 => {
            ("多报".to_owned(), Tone::Waiting, comparison.cause_text.clone())
        }
        (Some((_, comparison)), None) if comparison.lines.iter().any(|line| line.shortfall != Fen::ZERO) => {
            ("合计一致".to_owned(), Tone::Soon, "合计一致，但各支付方之间分摊不同".to_owned())
        }
        (Some(_), None) => ("一致".to_owned(), Tone::Done, String::new()),
    };
    BillRow {
        id: judged.line.bill.id.to_string(),
        person: judged.line.person.to_string(),
        household: judged.line.household.to_string(),
        name: judged.line.name.clone(),
        village: judged.line.village_name.clone(),
        settled_on: record.settled_on,
        hospital: restricted::shown(record.hospital.as_deref().unwrap_or_default()).to_owned(),
        level: record.hospital_level.as_deref().map(|l| coded("hospital_level", l)),
        reason: restricted::shown(record.disease.as_deref().unwrap_or_default()).to_owned(),
        total: of(record.total),
        basic: of(record.paid_basic),
        critical: of(record.paid_critical),
        aid: of(record.paid_aid),
        other: of(record.paid_other),
        in_scope: of(record.in_scope),
        personal: of(record.paid_personal),
        verdict,
        tone,
        shortfall,
        why,
    }
}

pub(crate) fn list(context: &mut Context<'_>, request: BillListRequest) -> Result<BillList, AppError> {
    let year = year_of(request.year, context.host.today())?;
    let packs = context.packs()?;
    let filter = BillFilter { village: parse_id_maybe(request.village.as_ref())?, ..year_filter(year) };
    let mut rows: Vec<BillRow> = judge(context.read()?, &packs, &filter)?.iter().map(row).collect();
    if request.short_only {
        rows.retain(|row| row.shortfall > 0);
    }
    let sum = |of: fn(&BillRow) -> i64| rows.iter().map(of).sum();
    let (bills_amount, personal) = (sum(|r| r.total), sum(|r| r.personal));
    let shortfall = sum(|r| r.shortfall.max(0));
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(request.offset).unwrap_or_default();
    let take = usize::try_from(request.limit).unwrap_or_default();
    let rows = rows.into_iter().skip(skip).take(take).collect();
    Ok(BillList { rows, total, bills_amount, personal, shortfall })
}

pub(crate) fn explain(context: &mut Context<'_>, request: IdRequest) -> Result<BillExplanation, AppError> {
    let id = parse_id(&request.id)?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let missing = || AppError::not_found("结算单");
    let bill = reading.get::<catalogue::Settlement>(id)?.ok_or_else(missing)?;
    let day = bill.record.settled_on.ok_or_else(missing)?;
    let filter = BillFilter { person: bill.record.person, ..year_filter(day.year()) };
    let judged = judge(reading, &packs, &filter)?;
    let judged = judged.into_iter().find(|j| j.line.bill.id == id).ok_or_else(missing)?;
    let Some(pack) = packs.on(day) else {
        let message = format!("县里还没有启用 {day} 可用的政策包，不能说明应报多少。请先导入县里的数据包");
        return Err(AppError::new(ErrorCode::NoPack, message));
    };
    let shown = row(&judged);
    let problems = problems(&judged.line.bill.record);
    let Some((settlement, comparison)) = &judged.due else {
        let why = judged.refused.clone().unwrap_or_default();
        return Err(AppError::new(ErrorCode::BillImpossible, format!("这张结算单不能核对：{why}")));
    };
    let steps = settlement.steps.iter().map(|step| StepRow {
        key: step.key.clone(),
        label: step.label.clone(),
        formula: step.formula.clone(),
        amount: step.result.0,
        article: step.article(),
        payer: step
            .key
            .split('.')
            .next()
            .and_then(|key| settlement.payers.iter().find(|payer| payer.key == key))
            .map(|payer| payer.column.code().to_owned()),
    });
    let payers = comparison.lines.iter().map(|line| {
        let names: Vec<&str> =
            settlement.payers.iter().filter(|p| p.column == line.column).map(|p| p.label.as_str()).collect();
        PayerRow {
            key: line.column.code().to_owned(),
            label: if names.is_empty() { line.column.label().to_owned() } else { names.join("、") },
            due: line.due.0,
            paid: line.paid.0,
            shortfall: line.shortfall.0,
            cause: if line.shortfall > Fen::ZERO { comparison.cause_text.clone() } else { String::new() },
        }
    });
    let identity = settlement.identities.first().cloned().unwrap_or_else(|| "普通居民".to_owned());
    let paid_in_scope: Fen = settlement.payers.iter().map(|p| p.amount - p.on_preselfpay).sum();
    Ok(BillExplanation {
        bill: shown,
        identity: Coded { code: String::new(), label: identity },
        pack: pack.title(),
        pack_status: status(&pack.rules),
        payers: payers.collect(),
        steps: steps.collect(),
        bars: bars(settlement),
        said: settlement.said.to_vec(),
        identity_check: format!(
            "政策范围内 {} = 各方支付 {paid_in_scope} + 范围内个人 {}",
            settlement.in_scope, settlement.in_scope_personal
        ),
        personal_of_total: basis_points(settlement.personal.0, settlement.total.0),
        personal_of_in_scope: basis_points(settlement.in_scope_personal.0, settlement.in_scope.0),
        personal_due: settlement.personal.0,
        problems,
    })
}

/// From the total down to what the person pays: each bar hangs where the one before ended.
fn bars(settlement: &Settlement) -> Vec<Bar> {
    let total = settlement.total.0;
    let outside = (settlement.total - settlement.in_scope).0;
    let bar = |key: &str, label: &str, from, to, payer| Bar {
        key: key.to_owned(),
        label: label.to_owned(),
        from,
        to,
        amount: from - to,
        payer,
    };
    let mut bars = vec![bar("total", "总费用", total, 0, false)];
    if outside > 0 {
        bars.push(bar("outside", "自费与先自付", total, total - outside, false));
    }
    let mut left = total - outside;
    for payer in settlement.payers.iter().filter(|p| p.amount > Fen::ZERO) {
        let to = left - (payer.amount - payer.on_preselfpay).0;
        bars.push(bar(&payer.key, &payer.label, left, to, true));
        left = to;
    }
    if settlement.hospital_borne > Fen::ZERO {
        bars.push(bar("hospital", "医院承担", settlement.hospital_borne.0, 0, false));
    }
    bars.push(bar("personal", "个人支付", settlement.personal.0, 0, false));
    bars
}
