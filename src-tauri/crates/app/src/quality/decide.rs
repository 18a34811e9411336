//! What somebody decides about findings: who looks into them by when, that they are mended, right as they are, or exempt
//! with evidence until a day. One word on many findings is one action, and one undo.

use std::collections::{BTreeMap, HashMap};

use mingbai_domain::catalogue::FindingDecision;
use mingbai_domain::code;
use mingbai_store::{EntryNo, Row};

use super::standing;
use crate::dto::{QualityDecideRequest, QualityDecided, UndoRequest, UndoView};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author};
use crate::todo;

/// The action in the log.
const ACTION: &str = "quality_decide";

fn text(typed: Option<&String>) -> Option<String> {
    typed.map(|typed| typed.trim().to_owned()).filter(|typed| !typed.is_empty())
}

/// Refuses a word that says too little to stand for itself later.
fn complete(request: &QualityDecideRequest, today: chrono::NaiveDate) -> Result<&'static str, AppError> {
    let state = code::find("finding_state", &request.state);
    let state = state.ok_or_else(|| AppError::invalid("state", "请选择怎么处理"))?;
    let has = |typed: &Option<String>| text(typed.as_ref()).is_some();
    let need = |there: bool, field: &str, what: &str| {
        if there { Ok(()) } else { Err(AppError::invalid(field, format!("{}要{what}，没有保存", state.label))) }
    };
    if request.subjects.is_empty() {
        return Err(AppError::invalid("subjects", "没有选中任何一处，没有保存"));
    }
    match state.code {
        "open" => need(has(&request.owner), "owner", "写明责任人")?,
        "fine" => need(has(&request.reason), "reason", "写明原因")?,
        "exempt" => {
            need(has(&request.reason), "reason", "写明原因")?;
            need(has(&request.evidence), "evidence", "写明依据")?;
            need(request.until.is_some_and(|until| until >= today), "until", "写明豁免到哪一天（今天或以后）")?;
        }
        _ => {}
    }
    Ok(state.label)
}

pub(crate) fn decide(context: &mut Context<'_>, request: QualityDecideRequest) -> Result<QualityDecided, AppError> {
    let today = context.host.today();
    let label = complete(&request, today)?;
    let rule = super::find(&request.rule).ok_or_else(|| AppError::not_found("核查规则"))?;
    todo::refresh(context)?;
    let reading = context.read()?;
    let mut found: HashMap<String, _> = HashMap::new();
    for line in reading.todo_rows(rule.number, None)? {
        if let Some(subject) = standing::subject_of(&line) {
            found.insert(subject, line);
        }
    }
    let mut known: BTreeMap<String, Vec<Row<FindingDecision>>> = BTreeMap::new();
    for row in reading.all::<FindingDecision>()? {
        known.entry(row.record.subject.clone().unwrap_or_default()).or_default().push(row);
    }
    let area = context.profile()?.area.clone();
    let is_exempt = request.state == "exempt";
    let mut decided = Vec::new();
    for subject in &request.subjects {
        let line = found.get(subject).ok_or_else(|| {
            AppError::new(ErrorCode::Conflict, "有一处的资料刚刚变了，没有保存，原来的处理都在。请刷新后重新选择")
        })?;
        let record = FindingDecision {
            area: Some(area.clone()),
            subject: Some(subject.clone()),
            rule: Some(rule.number.to_owned()),
            person: line.person,
            household: line.household,
            owner: text(request.owner.as_ref()),
            due_on: request.due,
            state: Some(request.state.clone()),
            reason: text(request.reason.as_ref()),
            evidence: text(request.evidence.as_ref()),
            exempt_until: request.until.filter(|_| is_exempt),
            decided_on: Some(today),
            deleted: None,
        };
        let before = known.get(subject).and_then(|all| standing::newest(all.iter())).map(|row| row.id);
        decided.push((before, record));
    }
    let said = text(request.reason.as_ref()).map(|reason| format!("：{reason}")).unwrap_or_default();
    let why = format!("{} {label} {}处{said}", rule.number, decided.len());
    let committed = context.commit(ACTION, Some(&why), |txn| {
        for (before, record) in &decided {
            match before {
                Some(id) => drop(txn.update(*id, record)?),
                None => drop(txn.insert(None, record)?),
            }
        }
        Ok(decided.len() as i64)
    })?;
    Ok(QualityDecided { decided: committed.value, entry: committed.entry.map(|written| written.entry.0) })
}

/// Takes one such action back, with everything it decided.
pub(crate) fn undo(context: &mut Context<'_>, request: UndoRequest) -> Result<UndoView, AppError> {
    const ALL: u64 = 100_000;
    let known = context.read()?.own_actions(ACTION, ALL)?;
    let Some(action) = known.into_iter().find(|action| action.entry == request.entry) else {
        return Err(AppError::new(ErrorCode::NotFound, "没有找到这次处理，没有撤销任何内容"));
    };
    if action.undone {
        return Err(AppError::new(ErrorCode::Conflict, "这次处理早就撤销了，没有再撤销一次"));
    }
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(crate::session::actor(open)), &random);
    let committed = open.store.undo(&author, EntryNo(request.entry), action.reason.as_deref())?;
    Ok(UndoView { undone: committed.entry.map_or(0, |written| written.touched.len() as i64) })
}
