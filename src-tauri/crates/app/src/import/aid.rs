//! 救助对象名单: aid identities as 民政 or the insurer lists them, with the insurer's mark.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::AidIdentity;
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::AidDraft;
use mingbai_sheets::value::{is_placeholder, parts};
use mingbai_store::Row;

use super::labels::{known, text};
use super::plan::{People, Plan};
use super::vocabulary::{Labels, Told, of, told};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

/// Everything 医保标识 may say beside the name of an aid.
const SAID_OF_MARKS: &[&str] = &["是", "已标识", "有", "1", "√", "否", "未标识", "没有标识", "0", "×"];
/// What 医保标识 says when there is one.
const MARKED: &[&str] = &["是", "已标识", "有", "1", "√"];
/// And when there is none.
const UNMARKED: &[&str] = &["否", "未标识", "没有标识", "0", "×"];

impl Planned for AidDraft {
    const TOLD: &'static [Told] =
        &[of("identity", &["aid_identity"]), told("marker", Labels::With("aid_identity", SAID_OF_MARKS))];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), identities(draft)?)));
            let Some((whose, identities)) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            let again = identities.iter().find_map(|identity| seen.get(&(whose.person, identity.clone())).copied());
            if let Some(first) = again {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一种救助"));
                continue;
            }
            let held = reading.rows_where::<AidIdentity>("person", &whose.person)?;
            let mark = mark(draft);
            for (place, identity) in identities.into_iter().enumerate() {
                seen.insert((whose.person, identity.clone()), row.row);
                let summary = code::label("aid_identity", &identity).to_owned();
                let of_kind = held.iter().filter(|row| row.record.identity.as_deref() == Some(&identity));
                let existing = running(of_kind, |known| (known.since, known.until), draft.since, today);
                let wanted = wanted(whose.person, identity, draft, &mark);
                if place == 0 {
                    plan.record(&whose, existing, wanted, summary);
                } else {
                    plan.beside(existing, wanted, &summary);
                }
            }
            if let Err(unknown) = mark {
                plan.warn(&format!("{unknown}，这一项没有登记"));
            }
        }
        Ok(plan)
    }
}

/// The codes of the aid a row names.
fn identities(draft: &AidDraft) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for label in parts(&draft.identity) {
        match known("aid_identity", "救助类别", label)? {
            Some(code) if code == "ordinary" => {
                return Err(format!("救助类别是“{label}”，不是救助对象，没有登记"));
            }
            Some(code) if !found.contains(&code) => found.push(code),
            _ => {}
        }
    }
    if let (Some(from), Some(until)) = (draft.since, draft.until)
        && until < from
    {
        return Err(format!("终止日期 {until} 早于享受日期 {from}，请核对"));
    }
    if found.is_empty() { Err("没有救助类别".to_owned()) } else { Ok(found) }
}

/// The record of a kind that a row speaks of: one that held on the row's first day, or today where the row names none; the
/// one that still runs before one that is over. What ended before is history, and the row is about something new.
pub(super) fn running<'r, R>(
    held: impl Iterator<Item = &'r Row<R>>,
    period: impl Fn(&R) -> (Option<NaiveDate>, Option<NaiveDate>),
    since: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<&'r Row<R>> {
    let on = since.unwrap_or(today);
    let same = held.filter(|row| {
        let (from, until) = period(&row.record);
        from.is_some() && from == since || until.is_none_or(|until| until >= on)
    });
    same.min_by_key(|row| period(&row.record).1.is_some())
}

/// What a cell says of the insurer's mark: none, one without a kind, or one of a kind.
#[derive(Debug, PartialEq, Eq)]
enum Mark {
    Silent,
    Not,
    Marked,
}

/// 否 and 未标识 are no mark, 普通居民 is none either; an aid or 是 is one. Words nobody knows are asked about.
fn mark(draft: &AidDraft) -> Result<Mark, String> {
    let said = draft.marker.as_str();
    if is_placeholder(said) {
        return Ok(if draft.marked_on.is_some() { Mark::Marked } else { Mark::Silent });
    }
    if UNMARKED.contains(&said) {
        return Ok(Mark::Not);
    }
    match code::resolve("aid_identity", said) {
        Some("ordinary") => Ok(Mark::Not),
        Some(_) => Ok(Mark::Marked),
        None if MARKED.contains(&said) => Ok(Mark::Marked),
        None => Err(format!("医保标识“{said}”不认识，应为是、否或救助类别")),
    }
}

fn wanted(person: RecordId, identity: String, draft: &AidDraft, mark: &Result<Mark, String>) -> AidIdentity {
    let marked = match mark {
        Ok(Mark::Marked) => Some(true),
        Ok(Mark::Not) => Some(false),
        Ok(Mark::Silent) | Err(_) => None,
    };
    // 是 says that there is a mark and not which.
    let kind = code::resolve("aid_identity", &draft.marker).and_then(|_| text(&draft.marker));
    AidIdentity {
        person: Some(person),
        identity: Some(identity),
        since: draft.since,
        until: draft.until,
        marked_at_insurer: marked,
        marked_on: draft.marked_on,
        marker: kind,
        certificate: text(&draft.certificate),
        source: Some("救助对象名单".to_owned()),
        ..AidIdentity::default()
    }
}
