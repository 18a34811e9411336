//! The ledger of decisions: what was decided about a difference is kept, so that next month's run shows only what is new. A
//! decision holds as long as both sides say what they said then.

use std::collections::{BTreeSet, HashMap};

use mingbai_domain::catalogue::ComparisonDecision;
use mingbai_domain::{code, region};
use mingbai_store::{Reading, Row};

use super::differences::{Difference, SAME, who};
use super::matching::Decided;
use super::side::{Side, Someone};
use super::{Compared, keep_compared, prepared};
use crate::dto::{CompareDecideRequest, CompareDecided, CompareRunRequest, CompareState};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

/// 待核实: put off, not decided.
const LATER: &str = "later";
/// Two rows that are only alike are one person by these words.
const ONE_PERSON: [&str; 3] = ["ours", "theirs", "corrected"];
/// And two by this.
const TWO_PEOPLE: &str = "kept";

/// What was decided, by the names of differences; of several words about one the newest counts.
pub(crate) struct Ledger(HashMap<String, Row<ComparisonDecision>>);

impl Ledger {
    pub(crate) fn read(reading: Reading<'_>) -> Result<Self, AppError> {
        let mut known: HashMap<String, Row<ComparisonDecision>> = HashMap::new();
        for row in reading.all::<ComparisonDecision>()?.into_iter().filter(|row| row.record.deleted != Some(true)) {
            let subject = row.record.subject.clone().unwrap_or_default();
            let newer = |old: &Row<ComparisonDecision>| (row.changed, row.id) > (old.changed, old.id);
            if known.get(&subject).is_none_or(newer) {
                known.insert(subject, row);
            }
        }
        Ok(Self(known))
    }

    /// What was decided about a difference, and whether it still holds.
    pub(crate) fn about(&self, difference: &Difference) -> (CompareState, Option<&Row<ComparisonDecision>>) {
        let Some(row) = self.0.get(&difference.subject) else { return (CompareState::Fresh, None) };
        let said = |kept: &Option<String>, now: &str| kept.as_deref().unwrap_or_default() == now;
        let holds = said(&row.record.said_ours, &difference.ours) && said(&row.record.said_theirs, &difference.theirs);
        let state = match row.record.decision.as_deref() {
            _ if !holds => CompareState::Fresh,
            Some(LATER) => CompareState::Waiting,
            _ => CompareState::Decided,
        };
        (state, Some(row))
    }

    /// Which rows people said to be one person, or two.
    pub(crate) fn likenesses(&self, ours: &Side, theirs: &Side) -> Decided {
        let start = super::differences::subject("field", (ours, theirs), "", "");
        let start = start.trim_end_matches('|');
        let end = format!("|{SAME}");
        let words = self.0.iter().filter_map(|(subject, row)| {
            let pair = subject.strip_prefix(start)?.trim_start_matches('|').strip_suffix(end.as_str())?;
            let (a, b) = pair.split_once('+')?;
            Some((a, b, row.record.decision.as_deref()?))
        });
        let words: Vec<(&str, &str, &str)> = words.collect();
        if words.is_empty() {
            return Decided::default();
        }
        let places = |side: &Side| -> HashMap<String, usize> {
            side.people.iter().enumerate().map(|(at, someone)| (who(someone), at)).collect()
        };
        let (left, right) = (places(ours), places(theirs));
        let mut decided = Decided { same: Vec::new(), different: BTreeSet::new() };
        for (a, b, word) in words {
            let Some((i, j)) = left.get(a).copied().zip(right.get(b).copied()) else { continue };
            if ONE_PERSON.contains(&word) {
                decided.same.push((i, j));
            } else if word == TWO_PEOPLE {
                decided.different.insert((i, j));
            }
        }
        decided.same.sort_unstable();
        decided
    }
}

/// Keeps one decision about each of these differences, in one action.
pub(crate) fn decide(context: &mut Context<'_>, request: CompareDecideRequest) -> Result<CompareDecided, AppError> {
    if code::find("difference_decision", &request.decision).is_none() {
        return Err(AppError::invalid("decision", "请选怎样处理"));
    }
    let reason = request.reason.trim().to_owned();
    if reason.chars().count() < 2 {
        return Err(AppError::invalid("reason", "请写明为什么这样处理"));
    }
    let compared = prepared(context, CompareRunRequest { ours: request.ours, theirs: request.theirs })?;
    let written = write(context, &compared, &request, &reason);
    // What was said about a likeness changes who is who: the next look works it out again.
    let likeness = compared.differences.rows.iter().any(|row| row.field == SAME && request.keys.contains(&row.subject));
    if !(likeness && written.is_ok()) {
        keep_compared(context, compared)?;
    }
    Ok(CompareDecided { decided: written? })
}

fn write(
    context: &mut Context<'_>,
    compared: &Compared,
    request: &CompareDecideRequest,
    reason: &str,
) -> Result<i64, AppError> {
    let keys: BTreeSet<&str> = request.keys.iter().map(String::as_str).collect();
    let chosen: Vec<&Difference> =
        compared.differences.rows.iter().filter(|row| keys.contains(row.subject.as_str())).collect();
    if chosen.is_empty() || chosen.len() != keys.len() {
        let message = "有的差异已经不在了（名单或户档案变过），没有记下任何处理。请重新比对后再选";
        return Err(AppError::new(ErrorCode::NotFound, message));
    }
    let likeness = chosen.iter().any(|row| row.field == SAME);
    if likeness
        && !ONE_PERSON.contains(&request.decision.as_str())
        && ![TWO_PEOPLE, LATER].contains(&request.decision.as_str())
    {
        return Err(AppError::invalid(
            "decision",
            "相近的人只能定为同一人（以哪一方的写法为准）、不是同一人，或者待核实",
        ));
    }
    let ledger = Ledger::read(context.read()?)?;
    let today = context.host.today();
    let area = context.profile()?.area.clone();
    let records = chosen.iter().map(|row| {
        let someone = row.at.0.and_then(|i| compared.ours.people.get(i));
        let record = ComparisonDecision {
            area: Some(area.clone()),
            subject: Some(row.subject.clone()),
            person: someone.and_then(|someone| someone.person),
            household: someone.and_then(|someone| someone.household),
            difference: Some(row.kind.to_owned()),
            field: Some(row.field.clone()).filter(|field| !field.is_empty()),
            said_ours: Some(row.ours.clone()),
            said_theirs: Some(row.theirs.clone()),
            theirs: Some(compared.theirs.source.clone()),
            decision: Some(request.decision.clone()),
            reason: Some(reason.to_owned()),
            evidence: request.evidence.clone().filter(|text| !text.trim().is_empty()),
            decided_on: Some(today),
            ..ComparisonDecision::default()
        };
        (ledger.0.get(&row.subject).map(|known| known.id), record)
    });
    let records: Vec<_> = records.collect();
    let word = code::label("difference_decision", &request.decision);
    let told = format!("{word}：{reason}");
    context.commit("compare_decide", Some(&told), |txn| {
        for (known, record) in &records {
            match known {
                Some(id) => drop(txn.update(*id, record)?),
                None => drop(txn.insert(None, record)?),
            }
        }
        Ok(())
    })?;
    Ok(records.len() as i64)
}

/// Where somebody lives, short: for lists.
pub(crate) fn village(someone: &Someone) -> String {
    region::short_village_name(&someone.village).to_owned()
}
