//! One person's insurance of a year: insured, by which insurance, at whose cost, since when; or why not.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_coverage::Pack;
use mingbai_domain::catalogue::{AidIdentity, Enrolment};
use mingbai_domain::{Fen, RecordId, code};
use mingbai_store::query::Resident;
use mingbai_store::{Reading, Row};

use super::standards::{Standard, Standards};
use super::waiting::{Waiting, waiting};
use crate::dto::{InsuredPerson, Tone};
use crate::error::AppError;
use crate::member::HIGHEST_FIRST;
use crate::quality::Limits;

/// Where the insurance of a year stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Insured here.
    Here,
    /// Insured in another county.
    Elsewhere,
    /// Insured twice over.
    Twice,
    /// Not insured, and it is said why.
    Uninsured,
    /// Not insured, or nothing on file, and nobody says why.
    Unsaid,
}

/// Somebody on the register with their insurance of a year.
pub(crate) struct Insured {
    pub(crate) who: Resident,
    /// Records of the year, the one that counts first.
    pub(crate) records: Vec<Row<Enrolment>>,
    /// What was insured the year before.
    pub(crate) before: Option<Enrolment>,
    /// The highest identity held in the year; `ordinary` for none.
    pub(crate) category: String,
    /// Whether an identity held today is not marked at the insurer.
    pub(crate) unmarked: bool,
    pub(crate) state: State,
    pub(crate) standard: Option<Standard>,
    pub(crate) waiting: Option<Waiting>,
}

impl Insured {
    /// The record that counts.
    pub(crate) fn record(&self) -> Option<&Enrolment> {
        self.records.first().map(|row| &row.record)
    }

    pub(crate) fn is_insured(&self) -> bool {
        matches!(self.state, State::Here | State::Elsewhere | State::Twice)
    }

    pub(crate) fn has(&self, insurance: &str) -> bool {
        self.is_insured() && self.record().and_then(|one| one.insurance.as_deref()) == Some(insurance)
    }

    pub(crate) fn own_payment(&self) -> Fen {
        self.record().and_then(|one| one.own_payment).unwrap_or_default()
    }

    pub(crate) fn subsidy(&self) -> Fen {
        self.record().and_then(|one| one.subsidy).unwrap_or_default()
    }

    /// What is to be paid for somebody who is insured here with the residents.
    pub(crate) fn due(&self) -> Option<Fen> {
        let counts = self.state == State::Here && self.has("390");
        self.standard.as_ref().filter(|_| counts).map(|standard| standard.subsidy)
    }

    /// What of that was not paid.
    pub(crate) fn short(&self) -> Fen {
        self.due().map_or(Fen::ZERO, |due| (due - self.subsidy()).at_least_zero())
    }

    pub(crate) fn reason(&self) -> &str {
        self.record().and_then(|one| one.reason.as_deref()).unwrap_or_default()
    }

    /// Whether somebody waits on a day of the year.
    pub(crate) fn waits_on(&self, day: NaiveDate) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| !waiting.unsure && waiting.from > day)
    }

    fn told(&self) -> String {
        let mut told = Vec::new();
        match self.state {
            State::Twice => {
                let of = |row: &Row<Enrolment>| {
                    let insurance = row.record.insurance.as_deref().map(|one| code::label("insurance", one));
                    [insurance.unwrap_or("险种没填"), row.record.place.as_deref().unwrap_or_default()].concat()
                };
                let both: Vec<String> = self.records.iter().map(of).collect();
                told.push(format!("重复参保：{}", both.join("、")));
            }
            State::Elsewhere => told.push(format!("参保地 {}", self.place())),
            State::Uninsured => told.push(self.reason().to_owned()),
            State::Unsaid if self.records.is_empty() => told.push("没有这一年的参保记录".to_owned()),
            State::Unsaid => told.push("没有参保，没有写原因".to_owned()),
            State::Here => {}
        }
        told.extend(self.waiting.as_ref().map(Waiting::told));
        if self.short() > Fen::ZERO {
            told.push(format!("资助少{}元", self.short()));
        }
        if self.unmarked && self.is_insured() {
            told.push("医保系统没有标识".to_owned());
        }
        told.join("；")
    }

    fn place(&self) -> &str {
        self.record().and_then(|one| one.place.as_deref()).unwrap_or_default()
    }

    pub(crate) fn row(&self, today: NaiveDate) -> InsuredPerson {
        let (verdict, tone) = match self.state {
            State::Here if self.waits_on(today) => ("等待期", Tone::Soon),
            State::Here => ("已参保", Tone::Done),
            State::Elsewhere => ("外地参保", Tone::Neutral),
            State::Twice => ("重复参保", Tone::Waiting),
            State::Uninsured => ("未参保", Tone::Missing),
            State::Unsaid => ("没有参保记录", Tone::Missing),
        };
        InsuredPerson {
            person: self.who.person.to_string(),
            household: self.who.household.to_string(),
            name: self.who.name.clone(),
            village: self.who.village_name.clone(),
            group: self.who.group.clone(),
            identity: if self.category == ORDINARY {
                String::new()
            } else {
                code::label("aid_identity", &self.category).to_owned()
            },
            verdict: verdict.to_owned(),
            tone,
            insurance: self
                .record()
                .and_then(|one| one.insurance.as_deref())
                .map(|one| code::label("insurance", one).to_owned())
                .unwrap_or_default(),
            place: self.place().to_owned(),
            own_payment: self.own_payment().0,
            subsidy: self.subsidy().0,
            due_subsidy: self.due().map(|due| due.0),
            way: self.standard.as_ref().map(|standard| standard.way.to_owned()).unwrap_or_default(),
            paid_on: self.record().and_then(|one| one.paid_on),
            entitled_from: self.waiting.as_ref().filter(|waiting| !waiting.unsure).map(|waiting| waiting.from),
            told: self.told(),
            record: self.records.first().map(|row| row.id.to_string()),
        }
    }
}

/// The register's code for “no aid identity”.
pub(crate) const ORDINARY: &str = "ordinary";

/// What is asked of whom.
pub(crate) struct Asked<'a> {
    pub(crate) year: i64,
    pub(crate) village: Option<RecordId>,
    pub(crate) today: NaiveDate,
    /// The county as people write it.
    pub(crate) county: &'a str,
    /// What the pack says of premiums counts where the county has no list of its own.
    pub(crate) pack: Option<&'a Pack>,
}

/// Everybody's insurance of a year.
pub(crate) fn everybody(reading: Reading<'_>, asked: &Asked<'_>) -> Result<Vec<Insured>, AppError> {
    let standards = Standards::read(reading, asked.today)?;
    let limits = Limits::read(reading, asked.today)?;
    let deadline = i32::try_from(asked.year).ok().and_then(|year| limits.day("enrolment_deadline", year));
    let mut enrolments: HashMap<RecordId, Vec<Row<Enrolment>>> = reading.by_person()?;
    let mut identities: HashMap<RecordId, Vec<Row<AidIdentity>>> = reading.by_person()?;
    let residents = reading.residents(asked.village)?.into_iter();
    Ok(residents
        .map(|who| {
            let enrolments = enrolments.remove(&who.person).unwrap_or_default();
            let identities = identities.remove(&who.person).unwrap_or_default();
            of(who, enrolments, &identities, &standards, deadline, asked)
        })
        .collect())
}

fn of(
    who: Resident,
    enrolments: Vec<Row<Enrolment>>,
    identities: &[Row<AidIdentity>],
    standards: &Standards,
    deadline: Option<NaiveDate>,
    asked: &Asked<'_>,
) -> Insured {
    let held = held_in(identities, asked.year);
    let category = held.first().cloned().unwrap_or_else(|| ORDINARY.to_owned());
    let all: Vec<&Enrolment> = enrolments.iter().map(|row| &row.record).collect();
    let waiting = waiting(&all, asked.year, who.birth, deadline);
    let before = all.iter().find(|one| one.year == Some(asked.year - 1)).map(|&one| one.clone());
    let mut records: Vec<Row<Enrolment>> =
        enrolments.into_iter().filter(|row| row.record.year == Some(asked.year)).collect();
    records.sort_by_key(|row| (row.record.insured != Some(true), std::cmp::Reverse(row.changed), row.id));
    let state = state(&records, asked.county);
    let unmarked = identities.iter().any(|row| {
        let record = &row.record;
        record.marked_at_insurer != Some(true)
            && record.identity.as_deref().is_some_and(|identity| identity != ORDINARY)
            && record.since.is_none_or(|since| since <= asked.today)
            && record.until.is_none_or(|until| until >= asked.today)
    });
    let standard = standards.of(asked.year, &held).cloned();
    let standard = standard.or_else(|| Standard::of_pack(asked.pack?, asked.year, &held));
    Insured { who, records, before, category, unmarked, state, standard, waiting }
}

/// Codes of the identities held on some day of a year, the highest first.
fn held_in(identities: &[Row<AidIdentity>], year: i64) -> Vec<String> {
    let ends = i32::try_from(year)
        .ok()
        .and_then(|year| Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?)));
    let Some((first, last)) = ends else { return Vec::new() };
    let within = |row: &&Row<AidIdentity>| {
        row.record.since.is_none_or(|since| since <= last) && row.record.until.is_none_or(|until| until >= first)
    };
    let mut held: Vec<String> =
        identities.iter().filter(within).filter_map(|row| row.record.identity.clone()).collect();
    held.retain(|identity| identity != ORDINARY);
    held.sort_by_key(|identity| HIGHEST_FIRST.iter().position(|other| other == identity));
    held.dedup();
    held
}

fn state(records: &[Row<Enrolment>], county: &str) -> State {
    let insured: Vec<&Enrolment> =
        records.iter().map(|row| &row.record).filter(|one| one.insured == Some(true)).collect();
    match insured.as_slice() {
        [] => match records.first().and_then(|row| row.record.reason.as_deref()) {
            Some(reason) if !reason.trim().is_empty() => State::Uninsured,
            _ => State::Unsaid,
        },
        [one] => match one.place.as_deref().map(str::trim) {
            Some(place) if !place.is_empty() && !place.contains(county) => State::Elsewhere,
            _ => State::Here,
        },
        _ => State::Twice,
    }
}

#[cfg(test)]
mod tests {
    use mingbai_domain::RecordId;
    use mingbai_domain::catalogue::Enrolment;
    use mingbai_ledger::Hlc;
    use mingbai_store::Row;

    use super::{State, state};

    fn row(insured: bool, place: &str, reason: &str) -> Row<Enrolment> {
        let record = Enrolment {
            insured: Some(insured),
            place: Some(place.to_owned()),
            reason: Some(reason.to_owned()),
            ..Enrolment::default()
        };
        Row { id: RecordId::from_bytes([1; 16]), record, changed: Hlc(0), conflict: false, void: false }
    }

    #[test]
    fn insured_here_elsewhere_twice_or_not_at_all_with_and_without_a_reason() {
        assert_eq!(state(&[row(true, "", "")], "示范县"), State::Here);
        assert_eq!(state(&[row(true, "内蒙古示范县", "")], "示范县"), State::Here);
        assert_eq!(state(&[row(true, "广东省东莞市", "")], "示范县"), State::Elsewhere);
        assert_eq!(state(&[row(true, "", ""), row(true, "广东省东莞市", "")], "示范县"), State::Twice);
        assert_eq!(state(&[row(false, "", "参军")], "示范县"), State::Uninsured);
        assert_eq!(state(&[row(false, "", " ")], "示范县"), State::Unsaid);
        assert_eq!(state(&[], "示范县"), State::Unsaid);
    }
}
