//! Two people read a pack against its documents before it may be put in force. A reading is of one text, named by its digest.
//!
//! The rule: every reader's last word counts. Two different county operators have passed exactly this text, and nobody's last
//! word is to return it. Whoever wrote it may be one of the two: in an office of two there is nobody else, and the other one
//! still reads every number. What the file says of its reviewers is shown and replaces neither.

use mingbai_domain::catalogue::PackReview;
use mingbai_domain::{RecordId, name};
use mingbai_store::Row;

use super::{digest, within_size};
use crate::dto::{Empty, PackOpinion, PackReviewRequest, PackStanding};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, coded};

/// How many people read a pack.
const READERS: usize = 2;
pub(super) const SENT: &str = "sent";
const PASSED: &str = "passed";
const RETURNED: &str = "returned";

/// Who has read this text, and whether it may be put in force.
pub(super) fn standing(context: &mut Context<'_>, text: &str) -> Result<PackStanding, AppError> {
    let digest = digest(text);
    let mut rows = context.read()?.rows_where::<PackReview>("digest", &digest)?;
    rows.retain(|row| row.record.deleted != Some(true));
    rows.sort_by_key(|row| (row.changed, row.id));
    let verdict = |row: &Row<PackReview>| row.record.verdict.clone().unwrap_or_default();
    let sent = rows.iter().rfind(|row| verdict(row) == SENT).map(|row| row.record.clone()).unwrap_or_default();
    let mut last: Vec<Row<PackReview>> = Vec::new();
    for row in rows.into_iter().filter(|row| verdict(row) != SENT) {
        last.retain(|known| known.record.operator != row.record.operator);
        last.push(row);
    }
    let lacking = lacking(context, &last)?;
    let me = context.opened()?.operator_id;
    let opinions = last.into_iter().map(|row| PackOpinion {
        name: row.record.reviewer.unwrap_or_default(),
        on: row.record.reviewed_on,
        verdict: coded("review_verdict", row.record.verdict.as_deref().unwrap_or_default()),
        remarks: row.record.remarks.unwrap_or_default(),
        mine: row.record.operator == Some(me),
    });
    Ok(PackStanding {
        digest,
        sent_by: sent.reviewer.unwrap_or_default(),
        sent_on: sent.reviewed_on,
        opinions: opinions.collect(),
        ready: lacking.is_empty(),
        lacking,
    })
}

/// What keeps a text from being put in force, as one sentence; empty when nothing does.
fn lacking(context: &mut Context<'_>, last: &[Row<PackReview>]) -> Result<String, AppError> {
    // One person is one person however the name was typed at the second login.
    let name = |row: &Row<PackReview>| name::normalise(row.record.reviewer.as_deref().unwrap_or_default());
    let with = |verdict: &'static str| last.iter().filter(move |row| row.record.verdict.as_deref() == Some(verdict));
    if let Some(against) = with(RETURNED).next_back() {
        let why = against.record.remarks.clone().unwrap_or_default();
        return Ok(format!("{}退回了这份正文（{why}），请改正后重新送复核", name(against)));
    }
    let mut readers: Vec<(Option<RecordId>, String)> = Vec::new();
    for row in with(PASSED) {
        // A second login under one's own name is not a second person.
        if !readers.iter().any(|(id, known)| *id == row.record.operator || *known == name(row)) {
            readers.push((row.record.operator, name(row)));
        }
    }
    if readers.len() >= READERS {
        return Ok(String::new());
    }
    let so_far = match readers.first() {
        None => "还没有人复核这份正文，要两名县级操作员各自对照文件复核通过".to_owned(),
        Some((_, name)) => format!("只有{name}复核通过，还缺另一名县级操作员"),
    };
    let operators = crate::session::operators(context, Empty {})?.rows;
    let able = operators.iter().filter(|one| !one.disabled && one.role.code == "county").count();
    let alone = if able < READERS {
        "。本单位只有一名县级操作员，请先在“系统 → 操作员”里添加一名，由本人登录复核"
    } else {
        ""
    };
    Ok(format!("{so_far}{alone}"))
}

/// Refuses what two people have not read.
pub(super) fn insist(context: &mut Context<'_>, text: &str) -> Result<(), AppError> {
    let found = standing(context, text)?;
    if found.ready {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::PackUnreviewed, format!("没有启用：{}", found.lacking)))
}

/// One operator's word on exactly this text.
pub(crate) fn review(context: &mut Context<'_>, request: PackReviewRequest) -> Result<PackStanding, AppError> {
    if ![PASSED, RETURNED].contains(&request.verdict.as_str()) {
        return Err(AppError::invalid("verdict", "复核意见只有通过和退回"));
    }
    if request.verdict == RETURNED && request.remarks.trim().is_empty() {
        return Err(AppError::invalid("remarks", "请写明为什么退回"));
    }
    note(context, &request.toml, &request.verdict, &request.remarks)?;
    standing(context, &request.toml)
}

/// Writes a word on a text that could be used.
pub(super) fn note(context: &mut Context<'_>, text: &str, verdict: &str, remarks: &str) -> Result<(), AppError> {
    within_size(text)?;
    let rules = mingbai_coverage::Pack::parse(text)?;
    let remarks = remarks.trim();
    let record = PackReview {
        digest: Some(digest(text)),
        name: Some(rules.name),
        version: Some(rules.version),
        operator: Some(context.opened()?.operator_id),
        reviewer: Some(context.opened()?.operator.name.trim().to_owned()),
        verdict: Some(verdict.to_owned()),
        remarks: (!remarks.is_empty()).then(|| remarks.to_owned()),
        reviewed_on: Some(context.host.today()),
        deleted: None,
    };
    context.commit("pack_review", None, |txn| Ok(txn.insert(None, &record)?))?;
    Ok(())
}
