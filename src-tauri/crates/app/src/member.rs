//! What is known about one person today, read once and shown on the household page, the person page and the card.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{
    AidIdentity, Contract, Diagnosis, Enrolment, Exclusion, Membership, Person, Team, Visit,
};
use mingbai_domain::citizen_id::{self, age_on};
use mingbai_domain::{code, due, phone, relation};
use mingbai_store::{Reading, Row, StoreError};

use crate::dto::{Coded, DiseaseTag, MemberRow, Tone};
use crate::office::coded;
use crate::restricted;

/// One open membership with everything that hangs on the person.
pub(crate) struct Member {
    pub(crate) membership: Row<Membership>,
    pub(crate) person: Row<Person>,
    pub(crate) identities: Vec<Row<AidIdentity>>,
    pub(crate) diagnoses: Vec<Row<Diagnosis>>,
    pub(crate) contracts: Vec<Row<Contract>>,
    pub(crate) exclusions: Vec<Row<Exclusion>>,
    pub(crate) visits: Vec<Row<Visit>>,
    pub(crate) enrolments: Vec<Row<Enrolment>>,
}

/// Aid identities from the highest benefit down.
pub(crate) const HIGHEST_FIRST: [&str; 9] = [
    "extreme_poverty",
    "orphan",
    "subsistence",
    "returned_poverty",
    "registered_poor",
    "subsistence_edge",
    "monitored",
    "illness_poverty",
    "ordinary",
];

/// The kind of visit that a diagnosis owes, if it is one of the four diseases.
pub(crate) fn followed_kind(diagnosis: &Diagnosis) -> Option<&'static str> {
    due::kind_of(diagnosis.icd10.as_deref()?, diagnosis.disease.as_deref().unwrap_or_default())
}

/// Whether management or treatment ended with a visit.
pub(crate) fn ends_management(visit: &Visit) -> bool {
    visit.outcome.as_deref() == Some("ended") || visit.stop_reason.is_some() || visit.stopped_on.is_some()
}

impl Member {
    pub(crate) fn read(reading: Reading<'_>, membership: Row<Membership>) -> Result<Option<Self>, StoreError> {
        let Some(id) = membership.record.person else { return Ok(None) };
        let Some(person) = reading.get::<Person>(reading.canonical(id)?)? else { return Ok(None) };
        if person.record.deleted == Some(true) {
            return Ok(None);
        }
        let mut visits = reading.rows_where::<Visit>("person", &person.id)?;
        visits.sort_by_key(|row| std::cmp::Reverse((row.record.visited_on, row.id)));
        let mut diagnoses = reading.rows_where::<Diagnosis>("person", &person.id)?;
        diagnoses.sort_by_key(|row| (row.record.class.as_deref() != Some("major"), row.record.diagnosed_on));
        Ok(Some(Self {
            identities: reading.rows_where("person", &person.id)?,
            contracts: reading.rows_where("person", &person.id)?,
            exclusions: reading.rows_where("person", &person.id)?,
            enrolments: reading.rows_where("person", &person.id)?,
            membership,
            person,
            diagnoses,
            visits,
        }))
    }

    /// The members of a household, head first.
    pub(crate) fn of_household(reading: Reading<'_>, household: RecordId) -> Result<Vec<Self>, StoreError> {
        let mut members = Vec::new();
        for membership in reading.rows_where::<Membership>("household", &household)? {
            if membership.record.left_on.is_none()
                && let Some(member) = Self::read(reading, membership)?
            {
                members.push(member);
            }
        }
        members.sort_by_key(|m| {
            let relation = m.membership.record.relation.as_deref().unwrap_or_default();
            (relation::order(relation), m.membership.record.ordinal, m.person.record.birth, m.person.id)
        });
        Ok(members)
    }

    pub(crate) fn name(&self) -> String {
        self.person.record.name.clone().unwrap_or_default()
    }

    pub(crate) fn alive(&self) -> bool {
        self.person.record.died_on.is_none()
    }

    pub(crate) fn is_head(&self) -> bool {
        self.membership.record.relation.as_deref() == Some(relation::HEAD)
    }

    pub(crate) fn age(&self, today: NaiveDate) -> Option<i64> {
        self.person.record.birth.map(|birth| i64::from(age_on(birth, today)))
    }

    /// The highest identity held on a day.
    pub(crate) fn identity(&self, day: NaiveDate) -> Option<Coded> {
        let held = self.identities.iter().filter(|row| {
            row.record.since.is_none_or(|since| since <= day) && row.record.until.is_none_or(|until| until >= day)
        });
        held.filter_map(|row| row.record.identity.as_deref())
            .min_by_key(|key| HIGHEST_FIRST.iter().position(|other| other == key))
            .map(|key| coded("aid_identity", key))
    }

    pub(crate) fn contract(&self, today: NaiveDate) -> Option<&Row<Contract>> {
        self.contracts.iter().find(|row| {
            row.record.ended_on.is_none()
                && row.record.since.is_none_or(|since| since <= today)
                && row.record.until.is_none_or(|until| until >= today)
        })
    }

    /// The code of the reason that takes this person out of 应签 today, if one does.
    pub(crate) fn exclusion(&self, today: NaiveDate) -> Option<&'static str> {
        self.exclusions
            .iter()
            .filter(|row| {
                row.record.since.is_none_or(|since| since <= today)
                    && row.record.until.is_none_or(|until| until >= today)
            })
            .filter_map(|row| code::find("exclusion_reason", row.record.reason.as_deref()?))
            .find(|reason| reason.flag)
            .map(|reason| reason.code)
    }

    pub(crate) fn enrolment(&self, year: i32) -> Option<&Row<Enrolment>> {
        let mut of_year: Vec<_> =
            self.enrolments.iter().filter(|row| row.record.year == Some(i64::from(year))).collect();
        // One enrolment that holds is enough, whatever another says.
        of_year.sort_by_key(|row| row.record.insured != Some(true));
        of_year.into_iter().next()
    }

    pub(crate) fn insured(&self, year: i32) -> bool {
        self.enrolment(year).is_some_and(|row| row.record.insured == Some(true))
    }

    /// Visits that are due, one a kind: its name and the day it was due, where one was agreed. The same that the desk
    /// counts: the day has passed, or a patient of the four diseases has none; nobody who need not sign is visited.
    pub(crate) fn overdue(&self, today: NaiveDate) -> Vec<(&'static str, Option<NaiveDate>)> {
        if !self.alive() || self.exclusion(today).is_some() {
            return Vec::new();
        }
        let patient = self.four_diseases();
        let mut seen: Vec<&str> = Vec::new();
        let mut late = Vec::new();
        for visit in &self.visits {
            let kind = visit.record.kind.as_deref().unwrap_or_default();
            if seen.contains(&kind) {
                continue;
            }
            seen.push(kind);
            if ends_management(&visit.record) {
                continue;
            }
            match visit.record.next_on {
                Some(due) if due >= today => {}
                None if !patient => {}
                due => late.push((restricted::visit_name(kind), due)),
            }
        }
        late
    }

    /// A patient of the four diseases whom nobody has visited although somebody should.
    pub(crate) fn never_visited(&self, today: NaiveDate) -> bool {
        self.alive() && self.exclusion(today).is_none() && self.visits.is_empty() && self.four_diseases()
    }

    fn four_diseases(&self) -> bool {
        self.diagnoses.iter().any(|row| row.record.ended_on.is_none() && followed_kind(&row.record).is_some())
    }

    fn diseases(&self) -> Vec<DiseaseTag> {
        self.diagnoses
            .iter()
            .map(|row| {
                let restricted = restricted::hides(&row.record);
                let name = if restricted { restricted::HIDDEN.to_owned() } else { disease_name(&row.record) };
                let tag = (row.record.class.as_deref() == Some("major") && !restricted).then(|| "大病".to_owned());
                DiseaseTag { name, tag, restricted }
            })
            .collect()
    }

    pub(crate) fn row(&self, reading: Reading<'_>, today: NaiveDate) -> Result<MemberRow, StoreError> {
        let person = &self.person.record;
        let (contract, contract_tone) = match (self.contract(today), self.exclusion(today)) {
            (Some(contract), _) => (team_name(reading, &contract.record)?, Tone::Done),
            (None, Some(reason)) => {
                let said = restricted::unsigned_reason(reason);
                (said.map_or_else(|| "不要求签约".to_owned(), |why| format!("{why} 不要求")), Tone::Neutral)
            }
            (None, None) if !self.alive() => (String::new(), Tone::Neutral),
            (None, None) => ("未签约".to_owned(), Tone::Missing),
        };
        let (last_visit, visit_tone) = match (self.overdue(today).first(), self.visits.first()) {
            (Some((_, Some(due))), _) => (format!("超期 {} 天", (today - *due).num_days()), Tone::Missing),
            (Some((_, None)), _) => ("未约下次".to_owned(), Tone::Missing),
            (None, Some(visit)) => (visit_line(&visit.record), Tone::Done),
            (None, None) if self.never_visited(today) => ("未随访".to_owned(), Tone::Missing),
            (None, None) => (String::new(), Tone::Neutral),
        };
        let year = today.year();
        let (enrolment, enrolment_tone) = match self.enrolment(year) {
            Some(row) if row.record.insured == Some(true) => {
                (row.record.place.clone().filter(|p| !p.is_empty()).unwrap_or_else(|| "已参保".to_owned()), Tone::Done)
            }
            _ if !self.alive() => (String::new(), Tone::Neutral),
            _ => (format!("{year}未参保"), Tone::Missing),
        };
        Ok(MemberRow {
            id: self.person.id.to_string(),
            membership: self.membership.id.to_string(),
            name: self.name(),
            relation: coded("relation", self.membership.record.relation.as_deref().unwrap_or_default()),
            sex: coded("sex", person.sex.as_deref().unwrap_or_default()),
            age: self.age(today),
            birth: person.birth,
            citizen_id: citizen_id::mask(person.citizen_id.as_deref().unwrap_or_default()),
            phone: phone::mask(person.phone.as_deref().unwrap_or_default()),
            diseases: self.diseases(),
            identity: self.identity(today),
            contract,
            contract_tone,
            last_visit,
            visit_tone,
            enrolment,
            enrolment_tone,
            health: if self.alive() { person.health.clone().unwrap_or_default() } else { "死亡".to_owned() },
            labour: code::label("labour", person.labour.as_deref().unwrap_or_default()).to_owned(),
        })
    }
}

/// `高血压病三级 很高危`: the name as the screening sheet wants it written (domain A-11). Grade and risk that the name
/// already says are not said twice.
pub(crate) fn disease_name(diagnosis: &Diagnosis) -> String {
    let mut name = diagnosis.disease.clone().unwrap_or_default();
    for part in [&diagnosis.grade, &diagnosis.risk].into_iter().flatten() {
        if !part.is_empty() && !name.contains(part.as_str()) {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(part);
        }
    }
    name
}

pub(crate) fn team_name(reading: Reading<'_>, contract: &Contract) -> Result<String, StoreError> {
    let team = contract.team.map(|id| reading.get::<Team>(id)).transpose()?.flatten();
    Ok(team.and_then(|row| row.record.name).unwrap_or_else(|| "已签约".to_owned()))
}

/// `11-02 135/82`.
pub(crate) fn visit_line(visit: &Visit) -> String {
    let mut line = visit.visited_on.map(|day| day.format("%m-%d").to_string()).unwrap_or_default();
    if let (Some(systolic), Some(diastolic)) = (visit.systolic, visit.diastolic) {
        line.push_str(&format!(" {systolic}/{diastolic}"));
    } else if let Some(tenths) = visit.glucose_tenths {
        line.push_str(&format!(" {}.{}", tenths / 10, tenths % 10));
    } else if let Some(mode) = &visit.mode {
        line.push(' ');
        line.push_str(code::label("visit_mode", mode));
    }
    line
}
