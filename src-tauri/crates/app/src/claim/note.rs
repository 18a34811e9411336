//! What came back from the insurer, and the end of a claim by decision.

use chrono::NaiveDate;
use mingbai_domain::catalogue::{Claim, Settlement};
use mingbai_domain::{Fen, RecordId, code};
use mingbai_store::Reading;
use mingbai_store::query::BillFilter;

use super::list::Sort;
use super::{ANSWERED, CLOSED, Claims, OPEN, PAID, SENT, Subject, claims, ends};
use crate::bill::{EndKey, judge, unseen};
use crate::dto::{ClaimNoteRequest, ClaimNoted};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;
use crate::policy::Packs;

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
        SENT if answer.chars().count() < 2 => {
            return Err(AppError::invalid("answer", "请写明向哪里申请的，没有保存"));
        }
        ANSWERED | CLOSED | OPEN | SENT => {}
        _ => return Err(AppError::invalid("state", "没有这种追办状态，没有保存")),
    }
    if request.bills.is_empty() {
        return Err(AppError::new(ErrorCode::NotFound, "没有选结算单，没有保存。请先选一张"));
    }
    let who = context.opened()?.operator.name.clone();
    let packs = context.packs()?;
    let reading = context.read()?;
    let all = claims(reading)?;
    let sort = Sort::read(request.kind.as_deref().unwrap_or_default())?;
    if sort.matter().is_some() && ![CLOSED, OPEN].contains(&request.state.as_str()) {
        return Err(AppError::invalid("state", "这份名单上的不发函，只能写明原因办结，没有保存"));
    }
    let mut writes: Vec<(Option<RecordId>, Claim)> = Vec::new();
    for id in &request.bills {
        let asked = (&packs, &all, sort);
        let (row, mut claim, short) = match id.parse::<EndKey>() {
            Ok(key) => about_end(reading, asked, key, today)?,
            Err(()) => about_bill(reading, asked, parse_id(id)?)?,
        };
        if request.state == SENT && claim.applied != Some(true) {
            return Err(AppError::invalid(
                "bills",
                "只有要本人申请的年终救助才登记申请，没有保存。其他的请选中它按 L 发函",
            ));
        }
        if request.state == ANSWERED && claim.sent_on.is_none() {
            let said = "这张结算单还没有发函，不能登记答复，没有保存。请先选中它按 L 发函";
            return Err(AppError::invalid("bills", said));
        }
        claim.state = Some(request.state.clone());
        match request.state.as_str() {
            ANSWERED => {
                claim.answered_on = Some(on);
                claim.answer = Some(answer.clone());
            }
            SENT => {
                claim.sent_on = Some(on);
                claim.paid_to = Some(answer.clone());
                claim.amount = short;
            }
            CLOSED => {
                claim.decision.clone_from(&decision);
                claim.reason = Some(reason.clone());
                claim.evidence = Some(request.evidence.trim().to_owned()).filter(|text| !text.is_empty());
                claim.decided_on = Some(on);
                // A decision is about so much; what is short beyond it has to be looked at again.
                claim.amount = short.or(claim.amount);
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
        writes.push((row, claim));
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

/// The claim as it stands or begins, the record it stands on, and what is short now.
type About = (Option<RecordId>, Claim, Option<Fen>);

/// The packs, what was claimed so far, and the list it is about.
type Asked<'a> = (&'a Packs, &'a Claims, Sort);

fn about_bill(reading: Reading<'_>, (packs, all, sort): Asked<'_>, id: RecordId) -> Result<About, AppError> {
    let bill = reading.get::<Settlement>(id)?.ok_or_else(|| AppError::not_found("结算单"))?;
    let filter = BillFilter { person: bill.record.person, replaced: true, ..BillFilter::default() };
    let papers = judge(reading, packs, &filter)?;
    let judged = papers.iter().find(|one| one.line.bill.id == id && one.line.counts());
    let amount = judged.and_then(|one| sort.amount(one, &unseen(&papers)));
    let subject = judged.map_or(Subject::Bill(id), |one| sort.subject(one));
    let row = match sort.matter() {
        Some(matter) => all.matters.get(subject, matter),
        None => super::claim_of(reading, all, &bill)?,
    };
    let claim = row.map(|row| row.record.clone()).unwrap_or_default();
    let (settlement, year) = match subject {
        Subject::Bill(_) => (claim.settlement.or(Some(id)), claim.year),
        Subject::End(key) => (None, Some(i64::from(key.year))),
    };
    let claim = Claim { settlement, year, person: bill.record.person, matter: matter(sort), ..claim };
    Ok((row.map(|row| row.id), claim, amount))
}

fn matter(sort: Sort) -> Option<String> {
    sort.matter().map(|matter| matter.code().to_owned())
}

fn about_end(
    reading: Reading<'_>,
    (packs, all, sort): Asked<'_>,
    key: EndKey,
    today: NaiveDate,
) -> Result<About, AppError> {
    let (end, part) = ends::named(reading, packs, key, today)?;
    let key = end.key(&part);
    let (row, amount) = match sort.matter() {
        Some(matter) => (all.matters.get(Subject::End(key), matter), part.over()),
        None => (all.ends.get(&key), part.short()),
    };
    let claim = row.map(|row| row.record.clone()).unwrap_or_default();
    let claim = Claim {
        person: Some(end.person),
        year: Some(i64::from(end.year)),
        applied: part.applied.then_some(true),
        matter: matter(sort),
        ..claim
    };
    Ok((row.map(|row| row.id), claim, Some(amount).filter(|amount| *amount > Fen::ZERO)))
}
