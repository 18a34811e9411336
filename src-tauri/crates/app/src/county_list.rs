//! 县级名单与规则: what the county decides for everybody beside the packs — intervals of follow-up, thresholds of checks,
//! lists of diseases. A list is a small table of text, read from a file, kept whole with where it comes from.

use std::path::Path;

use chrono::NaiveDate;
use mingbai_domain::catalogue::CountyList;
use mingbai_domain::{code, due};
use mingbai_store::Reading;

use crate::dto::{CountyListPutRequest, CountyListRow, CountyListView, Empty, IdRequest};
use crate::error::{AppError, ErrorCode};
use crate::insured::Standards;
use crate::office::{Context, coded, read_file};
use crate::quality::Limits;
use crate::village_change;

/// More text than this is no list.
const LONGEST: usize = 1 << 20;

pub(crate) fn get(context: &mut Context<'_>, _: Empty) -> Result<CountyListView, AppError> {
    let today = context.host.today();
    let mut rows = context.read()?.all::<CountyList>()?;
    rows.sort_by_key(|row| (row.record.kind.clone(), std::cmp::Reverse(row.record.effective_from), row.id));
    let rows = rows.into_iter().map(|row| {
        let list = row.record;
        let (from, until) = (list.effective_from, list.effective_until);
        let kind = list.kind.unwrap_or_default();
        let problem = check(&kind, list.body.as_deref().unwrap_or_default()).err();
        CountyListRow {
            id: row.id.to_string(),
            kind: coded("list_kind", &kind),
            name: list.name.unwrap_or_default(),
            version: list.version.unwrap_or_default(),
            effective_from: from,
            effective_until: until,
            source: list.source.unwrap_or_default(),
            unverified: list.unverified == Some(true),
            lines: list.body.as_deref().map_or(0, |body| body.lines().skip(1).count()) as i64,
            active: problem.is_none()
                && from.is_none_or(|from| from <= today)
                && until.is_none_or(|until| until >= today),
            withdrawn: matches!((from, until), (Some(from), Some(until)) if until < from),
            problem,
        }
    });
    Ok(CountyListView { rows: rows.collect() })
}

/// The lists of a kind that are in force on a day, the newest last.
pub(crate) fn in_force(reading: Reading<'_>, kind: &str, today: NaiveDate) -> Result<Vec<CountyList>, AppError> {
    let mut lists = reading.all::<CountyList>()?;
    lists.retain(|row| {
        let list = &row.record;
        list.kind.as_deref() == Some(kind)
            && list.effective_from.is_none_or(|from| from <= today)
            && list.effective_until.is_none_or(|until| until >= today)
    });
    lists.sort_by_key(|row| (row.record.effective_from, row.changed, row.id));
    Ok(lists.into_iter().map(|row| row.record).collect())
}

/// Puts a list in force from a file of tab- or comma-separated text.
pub(crate) fn put(context: &mut Context<'_>, request: CountyListPutRequest) -> Result<Empty, AppError> {
    if code::find("list_kind", &request.kind).is_none() {
        return Err(AppError::invalid("kind", "请选择名单的种类"));
    }
    let (name, source) = (request.name.trim().to_owned(), request.source.trim().to_owned());
    if name.is_empty() {
        return Err(AppError::invalid("name", "请填写名单的名称"));
    }
    if source.is_empty() {
        return Err(AppError::invalid("source", "请填写依据：哪一份文件、哪一条"));
    }
    if request.effective_until.is_some_and(|until| until < request.effective_from) {
        return Err(AppError::invalid("effective_until", "停用日期早于起用日期"));
    }
    let bytes = read_file(Path::new(&request.path))?;
    let body = String::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST);
    let body = body.ok_or_else(|| AppError::invalid("path", "这个文件不是 UTF-8 文字，或者太大了，没有启用"))?;
    let body = tabbed(body.trim_start_matches('\u{FEFF}'));
    if body.lines().skip(1).all(|line| line.trim().is_empty()) {
        return Err(AppError::invalid("path", "这个文件里没有内容：第一行是表头，下面要有数据"));
    }
    if let Err(problem) = check(&request.kind, &body) {
        return Err(AppError::new(ErrorCode::Validation, format!("{problem}，没有启用")).field("path", problem));
    }
    let record = CountyList {
        kind: Some(request.kind),
        name: Some(name),
        version: Some(request.version.trim().to_owned()),
        effective_from: Some(request.effective_from),
        effective_until: request.effective_until,
        body: Some(body),
        source: Some(source),
        unverified: Some(request.unverified),
        deleted: None,
    };
    context.commit("county_list_put", None, |txn| Ok(txn.insert(None, &record)?))?;
    Ok(Empty {})
}

/// Takes a list back: it counts for no day any more. Its text stays in the log.
pub(crate) fn withdraw(context: &mut Context<'_>, request: IdRequest) -> Result<Empty, AppError> {
    let all = context.read()?.all::<CountyList>()?;
    let row = all.into_iter().find(|row| row.id.to_string() == request.id);
    let row = row.ok_or_else(|| AppError::not_found("名单"))?;
    let until = row.record.effective_from.and_then(|from| from.pred_opt());
    let record = CountyList { effective_until: until, ..row.record };
    context.commit("county_list_withdraw", None, |txn| Ok(txn.update(row.id, &record)?))?;
    Ok(Empty {})
}

/// The table with tabs between its columns, as lists are kept; a table whose heading has commas is read by them.
fn tabbed(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let heading = text.lines().next().unwrap_or_default();
    if heading.contains('\t') || !heading.contains(',') { text } else { text.replace(',', "\t") }
}

/// Why a list of this kind cannot be used.
fn check(kind: &str, body: &str) -> Result<(), String> {
    match kind {
        "interval" => due::Rules::parse(body).map(drop).map_err(|error| error.to_string()),
        "rule" | "warning" => Limits::check(body),
        "subsidy" => Standards::check(body),
        "village" => village_change::check(body),
        _ => Ok(()),
    }
}
