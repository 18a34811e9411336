//! Bills in a table.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::Reading;
use mingbai_store::query::BillFilter;

use super::{Judged, judge};
use crate::dto::{BillList, BillListRequest, BillRow, Tone};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id_maybe;
use crate::office::{Context, coded};
use crate::policy::Packs;
use crate::restricted;

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

pub(crate) fn row(judged: &Judged) -> BillRow {
    let record = &judged.line.bill.record;
    let of = |amount: Option<Fen>| amount.unwrap_or_default().0;
    let (short, over) = (judged.short(), judged.over());
    let (verdict, tone, why) = match (&judged.due, &judged.refused) {
        _ if judged.line.successor.is_some() => {
            ("已冲销".to_owned(), Tone::Neutral, "已被另一张结算单代替，不计入".to_owned())
        }
        _ if record.reversal == Some(true) => {
            ("冲销单".to_owned(), Tone::Neutral, "只冲销原来的结算单，自身不计入".to_owned())
        }
        (_, Some(refused)) => ("不能核对".to_owned(), Tone::Waiting, refused.clone()),
        (None, None) => ("没有政策包".to_owned(), Tone::Neutral, "县里还没有启用政策包".to_owned()),
        (Some((_, comparison)), None) if short > Fen::ZERO => {
            ("应报未报".to_owned(), Tone::Missing, comparison.cause_text.clone())
        }
        (Some((_, comparison)), None) if over > Fen::ZERO => {
            ("多报".to_owned(), Tone::Waiting, comparison.cause_text.clone())
        }
        (Some(_), None) => ("一致".to_owned(), Tone::Done, String::new()),
    };
    let uncounted = format!("本年前面有{}张不能核对，这里的应报可能偏低", judged.uncounted);
    let why = match (judged.uncounted, why.is_empty()) {
        (0, _) => why,
        (_, true) => uncounted,
        _ => format!("{why}；{uncounted}"),
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
        shortfall: short.0,
        over: over.0,
        why,
        counts: judged.line.counts(),
        corrects: record.corrects.map(|id| id.to_string()),
        successor: judged.line.successor.map(|id| id.to_string()),
    }
}

pub(crate) fn list(context: &mut Context<'_>, request: BillListRequest) -> Result<BillList, AppError> {
    // Without a year: the bills of every year.
    let of_year = match request.year {
        Some(year) => year_filter(year_of(Some(year), context.host.today())?),
        None => BillFilter::default(),
    };
    let packs = context.packs()?;
    let filter = BillFilter { village: parse_id_maybe(request.village.as_ref())?, replaced: true, ..of_year };
    let mut rows: Vec<BillRow> = judge(context.read()?, &packs, &filter)?.iter().map(row).collect();
    if request.short_only {
        rows.retain(|row| row.shortfall > 0);
    }
    let sum = |of: fn(&BillRow) -> i64| rows.iter().filter(|row| row.counts).map(of).sum();
    let (bills_amount, personal) = (sum(|r| r.total), sum(|r| r.personal));
    let (shortfall, over) = (sum(|r| r.shortfall), sum(|r| r.over));
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(request.offset).unwrap_or_default();
    let take = usize::try_from(request.limit).unwrap_or_default();
    let rows = rows.into_iter().skip(skip).take(take).collect();
    Ok(BillList { rows, total, bills_amount, personal, shortfall, over })
}
