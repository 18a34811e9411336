//! 要核对的: what several offices wrote that cannot all be so, and the county's word on it: the same person twice, two homes
//! at once, a record deleted here and edited there, a reference to what has not arrived.

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{self, Person, Record};
use mingbai_store::query::{Doubt, DoubtKind};
use mingbai_store::{Reading, StoreError};

use super::coming::household_of;
use crate::dto::{
    DoubtList, DoubtPerson, DoubtRow, DoubtSettleRequest, DoubtWord, Empty, MergedRow, OfficeKind, Page,
    PersonMergeRequest, PersonUnmergeRequest,
};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;
use crate::record::show_value;

pub(crate) fn doubts(context: &mut Context<'_>, page: Page) -> Result<DoubtList, AppError> {
    let (offset, limit) = page.bounds();
    let county = context.profile()?.kind == OfficeKind::County;
    let reading = context.read()?;
    let (doubts, pairs) = (reading.doubts()?, reading.merged()?);
    let (total, merged_total) = (doubts.len() as i64, pairs.len() as i64);
    let mut rows = Vec::new();
    for doubt in doubts.iter().skip(offset as usize).take(limit as usize) {
        rows.push(row(reading, doubt, county)?);
    }
    let mut merged = Vec::new();
    for pair in pairs.iter().skip(offset as usize).take(limit as usize) {
        merged.push(MergedRow { loser: told(reading, pair.loser)?, winner: told(reading, pair.winner)? });
    }
    Ok(DoubtList { rows, total, merged, merged_total, decidable: county })
}

fn row(reading: Reading<'_>, doubt: &Doubt, county: bool) -> Result<DoubtRow, AppError> {
    let (kind, id) = doubt.record;
    let word = match doubt.kind {
        DoubtKind::Duplicate => DoubtWord::Duplicate,
        DoubtKind::SeveralHomes => DoubtWord::SeveralHomes,
        DoubtKind::DeletedAndEdited => DoubtWord::DeletedAndEdited,
        DoubtKind::Dangling => DoubtWord::Dangling,
    };
    let detail = match doubt.kind {
        DoubtKind::Duplicate => "身份证号相同".to_owned(),
        DoubtKind::SeveralHomes => format!("同时在 {} 户", doubt.detail),
        DoubtKind::DeletedAndEdited => "一处删除了，另一处还在改".to_owned(),
        DoubtKind::Dangling => format!("{}还没有收到", doubt.detail),
    };
    let home = household_of(reading, kind, id)?;
    let person = if kind == Person::TYPE.id { Some(told(reading, id)?) } else { None };
    let label = catalogue::by_id(kind).map_or("", |kind| kind.label);
    let title = home.as_ref().map(|(_, title)| title.clone());
    Ok(DoubtRow {
        word,
        table: catalogue::by_id(kind).map_or("", |kind| kind.table).to_owned(),
        id: id.to_string(),
        who: person.as_ref().map(|person| person.name.clone()).or(title).unwrap_or_else(|| label.to_owned()),
        household: home.map(|(household, _)| household.to_string()),
        detail,
        // Homes are set right in the household itself; what has not arrived arrives by itself.
        decidable: county && matches!(doubt.kind, DoubtKind::Duplicate | DoubtKind::DeletedAndEdited),
        person,
        other: doubt.other.map(|other| told(reading, other)).transpose()?,
    })
}

/// What tells one person from another, masked as everywhere.
fn told(reading: Reading<'_>, id: RecordId) -> Result<DoubtPerson, AppError> {
    let values = reading.values(Person::TYPE.id, id)?.unwrap_or_default();
    let shown = |column: &str| {
        let field = Person::TYPE.column(column)?;
        Some(show_value(reading, field, values.get(&field.id)?))
    };
    let writers = reading.writers(Person::TYPE.id, id)?;
    let home = household_of(reading, Person::TYPE.id, id)?;
    Ok(DoubtPerson {
        id: id.to_string(),
        name: shown("name").unwrap_or_default(),
        sex: shown("sex").unwrap_or_default(),
        birth: shown("birth").unwrap_or_default(),
        citizen_id: shown("citizen_id").unwrap_or_default(),
        phone: shown("phone").unwrap_or_default(),
        home: home.as_ref().map(|(_, title)| title.clone()).unwrap_or_default(),
        household: home.map(|(household, _)| household.to_string()),
        device: writers.first().map(|log| log.device.clone()).unwrap_or_default(),
        lives_here: reading.has_home(id)?,
    })
}

/// Two people are one: `loser` is read as `winner` from now on. Nothing of either is deleted, and it can be taken back.
pub(crate) fn merge(context: &mut Context<'_>, request: PersonMergeRequest) -> Result<Empty, AppError> {
    let (loser, winner) = (parse_id(&request.loser)?, parse_id(&request.winner)?);
    let reading = context.read()?;
    if reading.canonical(loser)? == reading.canonical(winner)? {
        return Err(AppError::invalid("winner", "这两条已经是同一个人，不用再合并"));
    }
    if !reading.has_home(winner)? && reading.has_home(loser)? {
        return Err(AppError::invalid("winner", "保留的那一条不在任何一户里。请保留在册的那一条"));
    }
    let reason = request.reason.trim();
    if reason.is_empty() {
        return Err(AppError::invalid("reason", "请写明凭什么认定是同一个人"));
    }
    context.commit("person_merge", Some(reason), |txn| match txn.merge(loser, winner, reason) {
        Err(StoreError::NoSuchRecord { .. }) => Err(AppError::not_found("人员")),
        other => Ok(other?),
    })?;
    Ok(Empty {})
}

/// Takes a merge back: both stand as they were.
pub(crate) fn unmerge(context: &mut Context<'_>, request: PersonUnmergeRequest) -> Result<Empty, AppError> {
    let loser = parse_id(&request.loser)?;
    context.commit("person_unmerge", None, |txn| match txn.unmerge(loser) {
        Err(StoreError::NoSuchRecord { .. }) => Err(AppError::not_found("合并")),
        other => Ok(other?),
    })?;
    Ok(Empty {})
}

/// Deleted or not, by somebody who has seen both the deletion and what was written beside it.
pub(crate) fn settle(context: &mut Context<'_>, request: DoubtSettleRequest) -> Result<Empty, AppError> {
    let kind = catalogue::by_table(&request.table).ok_or_else(|| AppError::not_found("记录"))?;
    let deleted = kind.column("deleted").ok_or_else(|| AppError::new(ErrorCode::NotPermitted, "这类记录不能删除"))?;
    let id = parse_id(&request.id)?;
    let value = mingbai_domain::Value::Bool;
    context.commit("doubt_settle", None, |txn| {
        txn.set_field(kind.id, id, deleted.id, value(false))?;
        if request.deleted {
            // The last word is a new one, so that everybody can tell that both were seen.
            txn.set_field(kind.id, id, deleted.id, value(true))?;
        }
        Ok(())
    })?;
    Ok(Empty {})
}
