//! People of the register whom a roster does not name: nobody is deleted, somebody decides about each, once.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{ComparisonDecision, Household, Membership, Person, Village};
use mingbai_domain::{RecordId, citizen_id, code, relation};
use mingbai_store::{Reading, Row, Store, Txn};
use serde::{Deserialize, Serialize};

use super::memory::{from_bytes, to_bytes};
use super::plan::Plan;
use crate::dto::{AbsentDecided, AbsentDecision, AbsentDone, AbsentList, AbsentRequest, AbsentRow, AbsentState, Coded};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::{Context, coded};
use crate::record::BATCH;

const KEPT: &str = "absent/roster";
const BEFORE: &str = "absent/before/";
const MOVED: &str = "moved";
const DIED: &str = "died";
/// Somebody still has to find out.
const LATER: &str = "later";
/// What may be decided about somebody whom a roster lacks.
const CHOICES: [&str; 5] = [MOVED, DIED, "omitted", "kept", LATER];
/// Why somebody left a household.
const LEAVING: [&str; 5] = ["08", "02", "03", "04", "09"];
const OTHER_REASON: &str = "08";

/// Somebody whom a roster lacked at some time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeptOne {
    /// The roster that first lacked them this time.
    file: String,
    since: NaiveDate,
    /// Whether the last roster of their village lacked them too.
    gone: bool,
    /// Whether a roster named them again in between, so that an older decision no longer answers.
    again: bool,
}

/// Everybody whom rosters lacked, by person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptList(BTreeMap<String, KeptOne>);

impl KeptList {
    pub(super) fn read(reading: Reading<'_>) -> Result<Self, AppError> {
        reading.state(KEPT)?.map_or_else(|| Ok(Self::default()), |bytes| from_bytes(&bytes))
    }

    /// The list after a roster was taken in: whom it names is there, whom it lacks is gone, the others stay as they were.
    pub(super) fn after(&self, plan: &Plan, file: &str, today: NaiveDate) -> Self {
        let mut list = self.clone();
        for one in plan.present.iter().map(ToString::to_string) {
            if let Some(known) = list.0.get_mut(&one) {
                known.gone = false;
            }
        }
        for gone in &plan.absent {
            let new = KeptOne { file: file.to_owned(), since: today, gone: true, again: false };
            let known = list.0.entry(gone.person.to_string()).or_insert_with(|| new.clone());
            if !known.gone {
                *known = KeptOne { again: true, ..new };
            }
        }
        list
    }

    pub(super) fn keep(&self, txn: &mut Txn<'_>) -> Result<(), AppError> {
        Ok(txn.set_state(KEPT, &to_bytes(self)?)?)
    }

    /// Keeps the list as it was before an import, for when that is undone. Only of the last import.
    pub(super) fn keep_before(&self, store: &mut Store, entry: i64) -> Result<(), AppError> {
        for (key, _) in store.read().states(BEFORE)? {
            store.forget_state(&key)?;
        }
        Ok(store.set_state(&format!("{BEFORE}{entry}"), &to_bytes(self)?)?)
    }
}

/// The import was undone: the list is again what it was before.
pub(super) fn taken_back(store: &mut Store, entry: i64) -> Result<(), AppError> {
    let key = format!("{BEFORE}{entry}");
    if let Some(before) = store.state(&key)? {
        store.set_state(KEPT, &before)?;
        store.forget_state(&key)?;
    }
    Ok(())
}

/// Names the difference for ever.
fn subject(person: RecordId) -> String {
    format!("absent/poverty/{person}")
}

/// What was decided last about somebody.
fn decided(reading: Reading<'_>, person: RecordId) -> Result<Option<Row<ComparisonDecision>>, AppError> {
    let rows = reading.rows_where::<ComparisonDecision>("subject", &subject(person))?;
    let standing = rows.into_iter().filter(|row| row.record.deleted != Some(true));
    Ok(standing.max_by_key(|row| (row.record.decided_on, row.id)))
}

pub(crate) fn list(context: &mut Context<'_>, request: AbsentRequest) -> Result<AbsentList, AppError> {
    let (reading, today) = (context.read()?, context.host.today());
    let villages: HashMap<RecordId, String> =
        reading.all::<Village>()?.into_iter().map(|row| (row.id, row.record.name.unwrap_or_default())).collect();
    let (mut rows, mut open, mut done) = (Vec::new(), 0, 0);
    for (id, kept) in KeptList::read(reading)?.0.into_iter().filter(|(_, kept)| kept.gone) {
        let person = parse_id(&id)?;
        let said = decided(reading, person)?
            .map(|row| row.record)
            .filter(|said| !kept.again || said.decided_on.is_some_and(|day| day >= kept.since));
        let is_decided = said.as_ref().is_some_and(|said| said.decision.as_deref() != Some(LATER));
        let Some(row) = reading.get::<Person>(person)?.filter(|row| row.record.deleted != Some(true)) else { continue };
        let home = home(reading, person)?;
        // Who died or left in the meantime was dealt with on their own page.
        if !is_decided && (home.is_none() || row.record.died_on.is_some()) {
            continue;
        }
        let wanted = if is_decided { AbsentState::Decided } else { AbsentState::Open };
        *if is_decided { &mut done } else { &mut open } += 1;
        if wanted != request.state {
            continue;
        }
        let household = home.as_ref().and_then(|home| home.record.household);
        let house = household.map(|id| reading.get::<Household>(id)).transpose()?.flatten().map(|row| row.record);
        let village = house.as_ref().and_then(|house| villages.get(&house.village?)).cloned();
        rows.push(AbsentRow {
            person: id,
            name: row.record.name.unwrap_or_default(),
            age: row.record.birth.map(|born| i64::from(citizen_id::age_on(born, today))),
            household: household.map(|id| id.to_string()),
            number: house.and_then(|house| house.number).unwrap_or_default(),
            head: household.map(|id| head(reading, id)).transpose()?.flatten().unwrap_or_default(),
            village: village.unwrap_or_default(),
            file: kept.file,
            since: kept.since,
            decision: said.map(|said| AbsentDecided {
                decision: coded("difference_decision", said.decision.as_deref().unwrap_or_default()),
                on: said.decided_on,
                reason: said.reason.unwrap_or_default(),
            }),
        });
    }
    rows.sort_by(|a, b| (&a.village, &a.number, &a.name).cmp(&(&b.village, &b.number, &b.name)));
    let choices = |table: &str, codes: &[&str]| -> Vec<Coded> { codes.iter().map(|one| coded(table, one)).collect() };
    Ok(AbsentList {
        rows,
        open,
        decided: done,
        choices: choices("difference_decision", &CHOICES),
        leaving: choices("change_reason", &LEAVING),
    })
}

/// The open stay of somebody, the last one they began.
fn home(reading: Reading<'_>, person: RecordId) -> Result<Option<Row<Membership>>, AppError> {
    let stays = reading.rows_where::<Membership>("person", &person)?.into_iter();
    Ok(stays.filter(|row| row.record.left_on.is_none()).max_by_key(|row| (row.record.joined_on, row.id)))
}

fn head(reading: Reading<'_>, household: RecordId) -> Result<Option<String>, AppError> {
    let members = reading.rows_where::<Membership>("household", &household)?.into_iter();
    let is_head =
        |row: &Row<Membership>| row.record.left_on.is_none() && row.record.relation.as_deref() == Some(relation::HEAD);
    let Some(person) = members.filter(is_head).find_map(|row| row.record.person) else { return Ok(None) };
    Ok(reading.get::<Person>(person)?.and_then(|row| row.record.name))
}

pub(crate) fn decide(context: &mut Context<'_>, request: AbsentDecision) -> Result<AbsentDone, AppError> {
    let today = context.host.today();
    sound(&request, today)?;
    let area = context.profile()?.area.clone();
    let reading = context.read()?;
    let kept = KeptList::read(reading)?;
    let mut writes = Vec::new();
    for id in &request.people {
        let person = parse_id(id)?;
        let Some(one) = kept.0.get(&person.to_string()) else {
            let said = "这个人不在“名单里没有的人”里，没有写入任何处理。请刷新后再选";
            return Err(AppError::new(ErrorCode::NotFound, said));
        };
        let row = reading.get::<Person>(person)?.ok_or_else(|| AppError::not_found("人"))?;
        let stays = reading.rows_where::<Membership>("person", &person)?.into_iter();
        let stays: Vec<Row<Membership>> = stays.filter(|row| row.record.left_on.is_none()).collect();
        let household = stays.iter().find_map(|stay| stay.record.household);
        let number = household.map(|id| reading.get::<Household>(id)).transpose()?.flatten();
        let number = number.and_then(|row| row.record.number).unwrap_or_default();
        let record = ComparisonDecision {
            area: Some(area.clone()),
            subject: Some(subject(person)),
            person: Some(person),
            household,
            difference: Some("absent".to_owned()),
            said_ours: Some(format!("在册 {number}")),
            said_theirs: Some(format!("{}里没有", one.file)),
            theirs: Some("poverty".to_owned()),
            decision: Some(request.decision.clone()),
            reason: Some(request.reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
            decided_on: Some(today),
            ..ComparisonDecision::default()
        };
        writes.push((decided(reading, person)?.map(|row| row.id), record, row, stays));
    }
    let reason = code::label("difference_decision", &request.decision).to_owned();
    let people = writes.len() as i64;
    // As one action of many records it can be undone whole.
    context.commit(&format!("{BATCH}absent"), Some(&reason), |txn| {
        for (known, record, person, stays) in writes {
            match known {
                Some(id) => drop(txn.update(id, &record)?),
                None => drop(txn.insert(None, &record)?),
            }
            match request.decision.as_str() {
                DIED if person.record.died_on.is_none() => {
                    txn.update(person.id, &Person { died_on: request.on, ..person.record })?;
                }
                MOVED => {
                    let why = request.leaving.clone().unwrap_or_else(|| OTHER_REASON.to_owned());
                    for stay in stays {
                        let left = Membership { left_on: request.on, left_reason: Some(why.clone()), ..stay.record };
                        txn.update(stay.id, &left)?;
                    }
                }
                _ => {}
            }
        }
        Ok::<_, AppError>(())
    })?;
    Ok(AbsentDone { people })
}

/// Whether the decision can be carried out at all.
fn sound(request: &AbsentDecision, today: NaiveDate) -> Result<(), AppError> {
    let refuse = |field: &str, said: &str| Err(AppError::invalid(field, said));
    if request.people.is_empty() {
        return refuse("people", "请先选要处理的人");
    }
    if !CHOICES.contains(&request.decision.as_str()) {
        return refuse("decision", "请选怎么处理");
    }
    if request.leaving.as_deref().is_some_and(|why| !LEAVING.contains(&why)) {
        return refuse("leaving", "请选迁出的原因");
    }
    let dated = [MOVED, DIED].contains(&request.decision.as_str());
    match request.on {
        None if dated => refuse("on", "请填迁出或死亡的日期"),
        Some(day) if day > today => refuse("on", "日期在今天以后，请核对"),
        _ => Ok(()),
    }
}
