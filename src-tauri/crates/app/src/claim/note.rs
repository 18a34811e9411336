//! What came back from the insurer, and the end of a claim by decision.

use mingbai_domain::catalogue::{Claim, Settlement};
use mingbai_domain::{Fen, RecordId, code};
use mingbai_store::query::BillFilter;

use super::{ANSWERED, CLOSED, OPEN, PAID, claims};
use crate::bill::judge;
use crate::dto::{ClaimNoteRequest, ClaimNoted};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;

pub(crate) fn note(context: &mut Context<'_>, request: ClaimNoteRequest) -> Result<ClaimNoted, AppError> {
    let today = context.host.today();
    let (answer, reason) = (request.answer.trim().to_owned(), request.reason.trim().to_owned());
    let on = request.on.unwrap_or(today);
    if on > today {
        return Err(AppError::invalid("on", "日期在今天以后，没有保存，请改日期"));
    }
    let decision = request.decision.filter(|decision| !decision.is_empty());
    match request.state.as_str() {
        ANSWERED if answer.chars().count() < 2 => {
            return Err(AppError::invalid("answer", "请写明医保怎么答复的，没有保存"));
        }
        CLOSED if decision.as_deref().and_then(|one| code::find("claim_decision", one)).is_none() => {
            return Err(AppError::invalid("decision", "请选不再追的原因，没有保存"));
        }
        CLOSED if reason.chars().count() < 4 => {
            return Err(AppError::invalid("reason", "请写明为什么不再追（至少4个字），以后要能说清楚；没有保存"));
        }
        PAID => {
            let said = "补报了的，请录入补报的结算单并选定它更正哪一张，会自动办结；不能直接改成已补报，没有保存";
            return Err(AppError::invalid("state", said));
        }
        ANSWERED | CLOSED | OPEN => {}
        _ => return Err(AppError::invalid("state", "没有这种追办状态，没有保存")),
    }
    if request.bills.is_empty() {
        return Err(AppError::new(ErrorCode::NotFound, "没有选结算单，没有保存。请先选一张"));
    }
    let who = context.opened()?.operator.name.clone();
    let packs = context.packs()?;
    let reading = context.read()?;
    let all = claims(reading)?;
    let mut writes: Vec<(Option<RecordId>, Claim)> = Vec::new();
    for id in &request.bills {
        let id = parse_id(id)?;
        let bill = reading.get::<Settlement>(id)?.ok_or_else(|| AppError::not_found("结算单"))?;
        let row = super::claim_of(reading, &all, &bill)?;
        let mut claim = row.map(|row| row.record.clone()).unwrap_or_default();
        if request.state == ANSWERED && claim.sent_on.is_none() {
            let said = "这张结算单还没有发函，不能登记答复，没有保存。请先选中它按 L 发函";
            return Err(AppError::invalid("bills", said));
        }
        claim.settlement = claim.settlement.or(Some(id));
        claim.person = bill.record.person;
        claim.state = Some(request.state.clone());
        match request.state.as_str() {
            ANSWERED => {
                claim.answered_on = Some(on);
                claim.answer = Some(answer.clone());
            }
            CLOSED => {
                claim.decision.clone_from(&decision);
                claim.reason = Some(reason.clone());
                claim.evidence = Some(request.evidence.trim().to_owned()).filter(|text| !text.is_empty());
                claim.decided_on = Some(on);
                // A decision is about so much; what is short beyond it has to be looked at again.
                let filter = BillFilter { person: bill.record.person, ..BillFilter::default() };
                let judged = judge(reading, &packs, &filter)?.into_iter().find(|one| one.line.bill.id == id);
                claim.amount = judged.map(|one| one.short()).filter(|short| *short > Fen::ZERO).or(claim.amount);
                claim.decided_by = Some(who.clone());
            }
            _ if claim.answered_on.is_some() => claim.state = Some(ANSWERED.to_owned()),
            _ if claim.sent_on.is_some() => claim.state = Some(super::SENT.to_owned()),
            _ => {}
        }
        if claim.state.as_deref() != Some(CLOSED) {
            (claim.decision, claim.reason, claim.evidence) = (None, None, None);
            (claim.decided_on, claim.decided_by) = (None, None);
        }
        writes.push((row.map(|row| row.id), claim));
    }
    let bills = writes.len() as i64;
    let said = format!("{} {bills} 张", code::label("claim_state", &request.state));
    let committed = context.commit("batch_claim_note", Some(&said), |txn| {
        for (id, claim) in writes {
            match id {
                Some(id) => drop(txn.update(id, &claim)?),
                None => drop(txn.insert(None, &claim)?),
            }
        }
        Ok(())
    })?;
    Ok(ClaimNoted { bills, entry: committed.entry.map(|written| written.entry.0) })
}
