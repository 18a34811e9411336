//! One person with everything kept about them.

use std::cmp::Reverse;

use chrono::Datelike;
use mingbai_domain::catalogue::{Membership, Person};
use mingbai_domain::{RecordId, citizen_id, phone};

use crate::bill;
use crate::dto::{
    Coded, ContractRow, DiagnosisRow, EnrolmentRow, IdRequest, IdentityRow, PersonView, Tone, UnmaskRequest,
    UnmaskView, VisitRow,
};
use crate::error::AppError;
use crate::household::{Dossier, parse_id};
use crate::member::{Member, team_name};
use crate::office::{Context, coded};
use crate::restricted;

fn coded_maybe(table: &str, code: Option<&String>) -> Option<Coded> {
    code.map(|code| coded(table, code))
}

/// The kind of a visit, where that names no restricted disease.
fn visit_kind(kind: &str) -> Coded {
    let named = coded("visit_kind", kind);
    let label = restricted::shown(&named.label).to_owned();
    let code = if label == named.label { named.code } else { String::new() };
    Coded { code, label }
}

pub(crate) fn get(context: &mut Context<'_>, request: IdRequest) -> Result<PersonView, AppError> {
    let today = context.host.today();
    let id = parse_id(&request.id)?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let missing = || AppError::not_found("人员");
    let mut memberships = reading.rows_where::<Membership>("person", &id)?;
    memberships
        .sort_by_key(|row| (row.record.left_on.is_some(), Reverse((row.record.left_on, row.record.joined_on, row.id))));
    let membership = memberships.into_iter().next().ok_or_else(missing)?;
    let household: RecordId = membership.record.household.ok_or_else(missing)?;
    let dossier = Dossier::read(reading, household)?.ok_or_else(missing)?;
    let relation = coded("relation", membership.record.relation.as_deref().unwrap_or_default());
    let member = Member::read(reading, membership)?.ok_or_else(missing)?;
    let person = member.person.record.clone();
    let hidden = |restricted: bool, text: Option<&String>| {
        if restricted { restricted::HIDDEN.to_owned() } else { text.cloned().unwrap_or_default() }
    };
    let open = |restricted: bool, text: Option<&String>| {
        if restricted { String::new() } else { text.cloned().unwrap_or_default() }
    };
    let diagnoses = member.diagnoses.iter().map(|row| {
        let restricted = restricted::hides(&row.record);
        DiagnosisRow {
            id: row.id.to_string(),
            disease: hidden(restricted, row.record.disease.as_ref()),
            icd10: if restricted { String::new() } else { row.record.icd10.clone().unwrap_or_default() },
            grade: open(restricted, row.record.grade.as_ref()),
            risk: open(restricted, row.record.risk.as_ref()),
            class: coded_maybe("disease_class", row.record.class.as_ref()),
            batch: coded_maybe("three_batches", row.record.batch.as_ref()),
            hospital: open(restricted, row.record.hospital.as_ref()),
            diagnosed_on: row.record.diagnosed_on,
            restricted,
        }
    });
    let mut contracts = Vec::new();
    for row in &member.contracts {
        let valid = member.contract(today).is_some_and(|valid| valid.id == row.id);
        contracts.push(ContractRow {
            id: row.id.to_string(),
            team: team_name(reading, &row.record)?,
            since: row.record.since,
            until: row.record.until,
            state: if valid { "有效".to_owned() } else { "已到期或解约".to_owned() },
            tone: if valid { Tone::Done } else { Tone::Neutral },
        });
    }
    let visits = member.visits.iter().map(|row| VisitRow {
        id: row.id.to_string(),
        kind: visit_kind(row.record.kind.as_deref().unwrap_or_default()),
        visited_on: row.record.visited_on,
        mode: coded_maybe("visit_mode", row.record.mode.as_ref()),
        systolic: row.record.systolic,
        diastolic: row.record.diastolic,
        glucose_tenths: row.record.glucose_tenths,
        control: coded_maybe("control_result", row.record.control.as_ref()),
        doctor: row.record.doctor.clone().unwrap_or_default(),
        next_on: row.record.next_on,
    });
    let enrolments = member.enrolments.iter().map(|row| EnrolmentRow {
        id: row.id.to_string(),
        year: row.record.year.unwrap_or_default(),
        insurance: coded_maybe("insurance", row.record.insurance.as_ref()),
        insured: row.record.insured.unwrap_or_default(),
        place: row.record.place.clone().unwrap_or_default(),
        own_payment: row.record.own_payment.map(|fen| fen.0),
        subsidy: row.record.subsidy.map(|fen| fen.0),
        reason: row.record.reason.clone().unwrap_or_default(),
    });
    let identities = member.identities.iter().map(|row| IdentityRow {
        id: row.id.to_string(),
        identity: coded("aid_identity", row.record.identity.as_deref().unwrap_or_default()),
        since: row.record.since,
        until: row.record.until,
        marked: row.record.marked_at_insurer,
    });
    Ok(PersonView {
        id: id.to_string(),
        household: household.to_string(),
        household_number: dossier.household.record.number.clone().unwrap_or_default(),
        name: member.name(),
        sex: coded("sex", person.sex.as_deref().unwrap_or_default()),
        birth: person.birth,
        age: member.age(today),
        citizen_id: citizen_id::mask(person.citizen_id.as_deref().unwrap_or_default()),
        document_type: coded_maybe("document_type", person.document_type.as_ref()),
        ethnicity: coded_maybe("ethnicity", person.ethnicity.as_ref()),
        education: coded_maybe("education", person.education.as_ref()),
        schooling: coded_maybe("schooling", person.schooling.as_ref()),
        labour: coded_maybe("labour", person.labour.as_ref()),
        health: person.health.clone().unwrap_or_default(),
        phone: phone::mask(person.phone.as_deref().unwrap_or_default()),
        work_place: person.work_place.clone().unwrap_or_default(),
        relation,
        village: dossier.village_name(),
        group: dossier.household.record.village_group.clone().unwrap_or_default(),
        died_on: person.died_on,
        identities: identities.collect(),
        diagnoses: diagnoses.collect(),
        contracts,
        visits: visits.collect(),
        enrolments: enrolments.collect(),
        bills: bill::of_person(reading, &packs, id, today.year())?,
    })
}

pub(crate) fn unmask(context: &mut Context<'_>, request: UnmaskRequest) -> Result<UnmaskView, AppError> {
    let reason = request.reason.trim();
    if reason.chars().count() < 2 {
        return Err(AppError::invalid("reason", "请写明查看全部号码的原因"));
    }
    let id = parse_id(&request.person)?;
    let row = context.read()?.get::<Person>(id)?.ok_or_else(|| AppError::not_found("人员"))?;
    let note = crate::record::look_note(id);
    context.commit("person_unmask", Some(reason), |txn| Ok(txn.note(&note)))?;
    Ok(UnmaskView {
        citizen_id: row.record.citizen_id.unwrap_or_default(),
        phone: row.record.phone.unwrap_or_default(),
    })
}
