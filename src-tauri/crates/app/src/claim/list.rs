//! The lists of 保障结算 that want something done: paid too little, too much, a deposit, no settlement at discharge,
//! benefits that stand in no pack, and papers nobody typed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use mingbai_coverage::{Cause, Column};
use mingbai_domain::catalogue::Claim;
use mingbai_domain::{Fen, RecordId, code};
use mingbai_store::query::BillFilter;
use mingbai_store::{Reading, Row};

use super::ends::{CAUSE, EndRow, end_rows, gap_in};
use super::group::{By, key_of, told};
use super::{ANSWERED, CLOSED, Claims, Left, Matter, OPEN, PAID, SENT, Standing, Subject, bill_standing, claims};
use crate::bill::{Judged, JudgedYear, Unseen, chain, judge_year, unseen, year_of};
use crate::dto::{ClaimList, ClaimListRequest, ClaimRow, ClaimState, Tone};
use crate::error::AppError;
use crate::household::{Dossier, parse_id_maybe};
use crate::kept::Kept;
use crate::office::{Context, coded};
use crate::policy::Packs;
use crate::restricted;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Short,
    Over,
    Deposit,
    Unsettled,
    Beyond,
    /// Papers of the year that nobody typed.
    Unseen,
    /// 年终救助 that the family has to apply for.
    Apply,
}

impl Sort {
    pub(super) fn read(text: &str) -> Result<Self, AppError> {
        match text {
            "short" | "" => Ok(Self::Short),
            "over" => Ok(Self::Over),
            "deposit" => Ok(Self::Deposit),
            "unsettled" => Ok(Self::Unsettled),
            "beyond" => Ok(Self::Beyond),
            "unseen" => Ok(Self::Unseen),
            "apply" => Ok(Self::Apply),
            _ => Err(AppError::not_found("这份名单")),
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Over => "over",
            Self::Deposit => "deposit",
            Self::Unsettled => "unsettled",
            Self::Beyond => "beyond",
            Self::Unseen => "unseen",
            Self::Apply => "apply",
        }
    }

    /// What is decided upon in the lists of what is not short.
    pub(super) const fn matter(self) -> Option<Matter> {
        match self {
            Self::Short | Self::Apply => None,
            Self::Over => Some(Matter::Over),
            Self::Deposit => Some(Matter::Deposit),
            Self::Unsettled => Some(Matter::Unsettled),
            Self::Beyond => Some(Matter::Beyond),
            Self::Unseen => Some(Matter::Unseen),
        }
    }

    /// What a decision of this list is about: 可能漏录票据 of a whole year, which any of its sheets may say.
    pub(super) fn subject(self, judged: &Judged) -> Subject {
        let bill = Subject::Bill(judged.line.bill.id);
        if self == Self::Unseen { Subject::year_of(judged).unwrap_or(bill) } else { bill }
    }

    /// What the list is about on a bill; nothing when the bill does not stand in it. `missing` says of which papers more is
    /// printed than is on file.
    pub(super) fn amount(self, judged: &Judged, missing: &HashMap<RecordId, Unseen>) -> Option<Fen> {
        let record = &judged.line.bill.record;
        let some = |amount: Option<Fen>| amount.filter(|amount| *amount > Fen::ZERO);
        match self {
            Self::Short => some(Some(judged.short())),
            Self::Over => some(Some(judged.over())),
            Self::Deposit => some(record.deposit),
            Self::Unsettled => (record.one_stop == Some(false)).then_some(record.total.unwrap_or_default()),
            Self::Beyond => some(record.paid_beyond),
            Self::Unseen => missing.get(&judged.line.bill.id).map(|unseen| unseen.more),
            Self::Apply => None,
        }
    }
}

pub(crate) fn list(context: &mut Context<'_>, request: ClaimListRequest) -> Result<ClaimList, AppError> {
    let today = context.host.today();
    let year = year_of(request.year, today)?;
    let village = parse_id_maybe(request.village.as_ref())?;
    let mut rows = listed(context, Asked { year, village, sort: Sort::read(&request.kind)?, today })?.to_vec();
    let all = claims(context.read()?)?;
    if let Some(by) = request.group.as_deref().map(By::read).transpose()? {
        rows.retain(|row| Some(key_of(by, row)) == request.key.as_deref());
    }
    let states = [OPEN, SENT, ANSWERED, PAID, CLOSED].into_iter().map(|state| {
        let of: Vec<&ClaimRow> = rows.iter().filter(|row| row.state.code == state).collect();
        let ends = of.iter().filter(|row| row.year_end.is_some()).count();
        ClaimState {
            state: coded("claim_state", state),
            bills: (of.len() - ends) as i64,
            year_ends: ends as i64,
            amount: of.iter().map(|row| row.amount).sum(),
        }
    });
    let states = states.collect();
    if let Some(state) = request.state.filter(|state| !state.is_empty()) {
        rows.retain(|row| row.state.code == state);
    }
    let people: BTreeSet<&str> = rows.iter().map(|row| row.person.as_str()).collect();
    Ok(ClaimList {
        amount: rows.iter().map(|row| row.amount).sum(),
        people: people.len() as i64,
        states,
        told: told(&rows),
        next_letter: next_letter(&all, year_of(None, today)?),
        paid_to: last_addressee(&all),
        rows,
    })
}

/// What is asked of the register.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) year: i32,
    pub(super) village: Option<RecordId>,
    pub(super) sort: Sort,
    pub(super) today: NaiveDate,
}

/// The rows of a year, a village and a list that were asked for last.
pub(crate) type ListedClaims = Kept<(i32, Option<RecordId>, &'static str), Vec<ClaimRow>>;

/// As [`rows`], of a list that was asked for before and has not changed since.
pub(super) fn listed(context: &mut Context<'_>, asked: Asked) -> Result<Arc<Vec<ClaimRow>>, AppError> {
    let key = (asked.year, asked.village, asked.sort.code());
    context.kept(
        |answers| &mut answers.claims,
        key,
        |context, _| {
            let packs = context.packs()?;
            let reading = context.read()?;
            rows(reading, &packs, &claims(reading)?, asked)
        },
    )
}

/// The rows of a list, newest bills first.
fn rows(reading: Reading<'_>, packs: &Packs, claims: &Claims, asked: Asked) -> Result<Vec<ClaimRow>, AppError> {
    let filter = BillFilter { village: asked.village, replaced: true, ..BillFilter::default() };
    let JudgedYear { bills: judged, ends, .. } = judge_year(reading, packs, &filter, asked.year, asked.today)?;
    let left = Left::of(&judged);
    let missing = if asked.sort == Sort::Unseen { unseen(&judged) } else { HashMap::new() };
    let mut heads: HashMap<RecordId, String> = HashMap::new();
    let mut rows = Vec::new();
    for one in &judged {
        let (own, state, amount) = if asked.sort == Sort::Short {
            let (own, Standing::In(state)) = bill_standing(reading, packs, claims, &left, one)? else { continue };
            let claimed = own.and_then(|row| row.record.amount).unwrap_or_default();
            (own, state, if one.short() > Fen::ZERO { one.short() } else { claimed })
        } else {
            match asked.sort.amount(one, &missing).filter(|_| one.line.counts()) {
                Some(amount) => {
                    let (own, state) = decided(claims, asked.sort.subject(one), asked.sort, amount);
                    (own, state, amount)
                }
                None => continue,
            }
        };
        let head = head(reading, &mut heads, one.line.household)?;
        let mut row = row(one, own.map(|row| &row.record), state, amount, head, asked);
        if let Some(unseen) = missing.get(&one.line.bill.id) {
            row.why.clone_from(&unseen.said);
        }
        if state == PAID {
            row.correction = chain::after(reading, one.line.bill.id)?.last().map(|row| row.id.to_string());
        }
        rows.push(row);
    }
    let mut at_end = Vec::new();
    for one in end_rows(&ends, claims, asked.sort) {
        let head = head(reading, &mut heads, one.end.household)?;
        at_end.push(end_row(&one, head, asked));
    }
    at_end.extend(rows);
    Ok(at_end)
}

/// What was decided about a row of a list that is about nothing short, and whether that stands for so much.
pub(super) fn decided(
    claims: &Claims,
    subject: Subject,
    sort: Sort,
    amount: Fen,
) -> (Option<&Row<Claim>>, &'static str) {
    let Some(matter) = sort.matter() else { return (None, OPEN) };
    let closed = claims.matters.is_closed(subject, matter, amount);
    (claims.matters.get(subject, matter), if closed { CLOSED } else { OPEN })
}

/// The head of a household, looked up once.
fn head(reading: Reading<'_>, heads: &mut HashMap<RecordId, String>, household: RecordId) -> Result<String, AppError> {
    if let Some(head) = heads.get(&household) {
        return Ok(head.clone());
    }
    let head = Dossier::read(reading, household)?.map(|home| home.head()).unwrap_or_default();
    heads.insert(household, head.clone());
    Ok(head)
}

fn row(
    judged: &Judged,
    claim: Option<&Claim>,
    state: &'static str,
    amount: Fen,
    head: String,
    asked: Asked,
) -> ClaimRow {
    let shown = crate::bill::row(judged);
    let record = &judged.line.bill.record;
    let empty = Claim::default();
    let claim = claim.unwrap_or(&empty);
    let column = |column: Column| {
        let lines = judged.due.as_ref().map(|(_, comparison)| comparison.lines.as_slice()).unwrap_or_default();
        let gap = lines.iter().find(|line| line.column == column).map_or(0, |line| line.shortfall.0);
        if asked.sort == Sort::Over { (-gap).max(0) } else { gap.max(0) }
    };
    let cause = judged.due.as_ref().map_or(Cause::None, |(_, comparison)| comparison.cause);
    let (cause, cause_label) = cause_name(cause);
    let row = ClaimRow {
        id: shown.id,
        person: shown.person,
        household: shown.household,
        name: shown.name,
        head,
        village: shown.village,
        village_id: judged.line.village.map(|id| id.to_string()),
        settled_on: shown.settled_on,
        number: record.number.clone().or_else(|| record.invoice.clone()).unwrap_or_default(),
        hospital: shown.hospital,
        total: shown.total,
        cause: cause.to_owned(),
        cause_label: cause_label.to_owned(),
        why: match record.paid_beyond_by.as_deref().filter(|by| !by.is_empty()) {
            Some(by) if record.paid_beyond.is_some_and(|paid| paid > Fen::ZERO) => restricted::shown(by).to_owned(),
            _ => shown.why,
        },
        basic: column(Column::Basic),
        critical: column(Column::Critical),
        aid: column(Column::Aid),
        other: column(Column::Other),
        amount: amount.0,
        over: if asked.sort == Sort::Short { judged.over().0 } else { 0 },
        ..ClaimRow::default()
    };
    chase(row, claim, state, asked.today)
}

/// As [`row`], of the end of a year.
fn end_row(one: &EndRow<'_>, head: String, Asked { sort, today, .. }: Asked) -> ClaimRow {
    let (end, part) = (one.end, one.part);
    let column = |column| gap_in(part, column, sort).0;
    let (cause, cause_label) = if one.part.short() > Fen::ZERO { CAUSE } else { cause_name(Cause::None) };
    let newest = end.payments.first().filter(|_| one.state == PAID);
    let row = ClaimRow {
        id: end.key(part).to_string(),
        person: end.person.to_string(),
        household: end.household.to_string(),
        name: end.name.clone(),
        head,
        village: end.village_name.clone(),
        village_id: end.village.map(|id| id.to_string()),
        settled_on: Some(end.last),
        hospital: end.title(),
        cause: cause.to_owned(),
        cause_label: cause_label.to_owned(),
        why: part.said(),
        basic: column(Column::Basic),
        critical: column(Column::Critical),
        aid: column(Column::Aid),
        other: column(Column::Other),
        amount: one.amount.0,
        over: if matches!(sort, Sort::Short | Sort::Apply) { part.over().0 } else { 0 },
        correction: newest.map(|row| row.id.to_string()),
        year_end: Some(i64::from(end.year)),
        applied: part.applied,
        ..ClaimRow::default()
    };
    let empty = Claim::default();
    chase(row, one.claim.unwrap_or(&empty), one.state, today)
}

/// Fills in how far the chase of a row has come.
fn chase(row: ClaimRow, claim: &Claim, state: &'static str, today: NaiveDate) -> ClaimRow {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let waiting = claim.sent_on.filter(|_| state == SENT).map(|sent| (today - sent).num_days());
    ClaimRow {
        state: coded("claim_state", state),
        tone: match state {
            OPEN => Tone::Missing,
            SENT if waiting.is_some_and(|days| days > super::PATIENCE) => Tone::Missing,
            SENT => Tone::Soon,
            ANSWERED => Tone::Waiting,
            PAID => Tone::Done,
            _ => Tone::Neutral,
        },
        paid_to: text(&claim.paid_to),
        letter: text(&claim.letter),
        sent_on: claim.sent_on,
        first_sent_on: claim.first_sent_on.or(claim.sent_on),
        letters: super::letter::letters(claim),
        waiting,
        answered_on: claim.answered_on,
        answer: text(&claim.answer),
        decision: claim
            .decision
            .as_deref()
            .map(|one| code::label("claim_decision", one))
            .unwrap_or_default()
            .to_owned(),
        reason: text(&claim.reason),
        decided_on: claim.decided_on,
        decided_by: text(&claim.decided_by),
        history: history(claim, state, row.year_end.is_some()),
        ..row
    }
}

/// What was done so far, newest first.
fn history(claim: &Claim, state: &str, at_end: bool) -> Vec<String> {
    let mut said = Vec::new();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    if state == PAID {
        let what = if at_end {
            "年终结算的钱已经到了，应付的已付清"
        } else {
            "补报结算单已经到了，少报的已补上"
        };
        said.push(what.to_owned());
    }
    if let Some(day) = claim.decided_on.filter(|_| state == CLOSED) {
        let why = claim.decision.as_deref().map(|one| code::label("claim_decision", one)).unwrap_or_default();
        said.push(format!("{day} {} {}：{why}，{}", text(&claim.decided_by), ended(claim), text(&claim.reason)));
    }
    if let Some(day) = claim.answered_on {
        said.push(format!("{day} {} 答复：{}", text(&claim.paid_to), text(&claim.answer)));
    }
    let letters = super::letter::letters(claim);
    if let Some(day) = claim.sent_on {
        let (amount, to) = (claim.amount.unwrap_or_default(), text(&claim.paid_to));
        let again = if letters > 1 { format!("第{letters}次") } else { String::new() };
        said.push(match claim.applied {
            Some(true) => format!("{day} 已向{to}申请，应得 {amount} 元"),
            _ => format!("{day} {} {again}发给{to}，要求补报 {amount} 元", text(&claim.letter)),
        });
    }
    if let Some(day) = claim.first_sent_on.filter(|_| letters > 1) {
        said.push(format!("{day} {} 首次发函", text(&claim.first_letter)));
    }
    said
}

/// How a decision is told: what is owed is pursued no more, anything else is done with.
fn ended(claim: &Claim) -> &'static str {
    if claim.matter.is_some() { "办结" } else { "决定不再追" }
}

/// The key and name of a cause as lists are grouped by it.
pub(super) fn cause_name(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::None => ("none", "—"),
        Cause::IdentityNotMarked => ("identity_not_marked", "身份未标识"),
        Cause::DeductibleNotWaived => ("deductible_not_waived", "起付线未减免"),
        Cause::AccumulationLost => ("accumulation_lost", "累计丢失"),
        Cause::WrongLevel(_) => ("wrong_level", "机构级别不符"),
        Cause::Unknown => ("unknown", "原因不明"),
    }
}

/// `医保追补〔2026〕3号`: one more than the highest of the year.
fn next_letter(claims: &Claims, year: i32) -> String {
    let prefix = format!("医保追补〔{year}〕");
    let numbers = claims.all().filter_map(|claim| claim.letter.as_deref()?.strip_prefix(&prefix));
    let highest = numbers.filter_map(|rest| rest.strip_suffix('号')?.parse::<u32>().ok()).max().unwrap_or_default();
    format!("{prefix}{}号", highest + 1)
}

/// To whom the newest letter went.
fn last_addressee(claims: &Claims) -> String {
    // Where families apply is not where letters go.
    let written = claims.all().filter(|claim| claim.paid_to.is_some() && claim.applied != Some(true));
    let newest = written.max_by_key(|claim| (claim.sent_on, claim.letter.clone()));
    newest.and_then(|claim| claim.paid_to.clone()).unwrap_or_default()
}
