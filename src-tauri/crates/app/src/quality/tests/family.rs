//! The sound family: a man of 45, his wife, his son at school and his father, who has high blood pressure. It is monitored
//! for illness and everything on file about it agrees.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{
    AidIdentity, ChronicCertificate, Contract, Diagnosis, Enrolment, Exam, Household, HouseholdStatus, Measure,
    Membership, Person, PovertyCause, Settlement, Visit,
};
use mingbai_domain::{CitizenId, Fen, RecordId};
use mingbai_ledger::Hlc;
use mingbai_store::query::{Beyond, HouseholdFile, PersonFile};
use mingbai_store::{Row, TodoRow};

use crate::policy::Packs;
use crate::quality::{Case, Limits, check};
use crate::todo::World;

/// What the year's own numbers are in these tests.
const LIMITS: &str = "2026\tsubsidy_deadline\t2026-03-31\n2025\tincome_line\t7300";

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn on(text: &str) -> Option<NaiveDate> {
    Some(day(text))
}

pub(super) fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(super) fn yuan(yuan: i64) -> Option<Fen> {
    Some(Fen::from_yuan(yuan))
}

pub(super) fn id(number: u32) -> RecordId {
    let mut bytes = [7; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    RecordId::from_bytes(bytes)
}

pub(super) fn row<R>(number: u32, record: R) -> Row<R> {
    Row { id: id(number), record, changed: Hlc(u64::from(number)), conflict: false, void: false }
}

pub(super) fn world(today: &str) -> World {
    let (today, mut limits) = (day(today), Limits::shipped());
    limits.take(LIMITS);
    World {
        today,
        year: 2026,
        packs: Packs::default(),
        villages: HashMap::new(),
        intervals: mingbai_domain::due::Rules::national().clone(),
        claims: crate::claim::Claims::default(),
        limits,
        lines: crate::warning::Lines::shipped(),
    }
}

pub(super) struct Family {
    pub(super) file: HouseholdFile,
    /// Why the card is not current.
    pub(super) card: Option<&'static str>,
}

fn person(number: u32, name: &str, relation: &str, sex: &str, birth: &str) -> PersonFile {
    let sequence = if sex == "1" { 11 } else { 12 };
    let citizen_id = CitizenId::compose("159901", day(birth), sequence).unwrap();
    let person = Person {
        name: said(name),
        sex: said(sex),
        birth: on(birth),
        document_type: said("01"),
        citizen_id: said(citizen_id.as_str()),
        ethnicity: said("01"),
        education: said("3"),
        labour: said("1"),
        health: said("健康"),
        ..Person::default()
    };
    let stay = Membership {
        household: Some(id(1)),
        person: Some(id(number)),
        relation: said(relation),
        ..Membership::default()
    };
    let enrolment = Enrolment {
        year: Some(2026),
        insurance: said("390"),
        insured: Some(true),
        critical_illness: Some(true),
        subsidy: yuan(200),
        own_payment: yuan(200),
        paid_on: on("2025-12-01"),
        ..Enrolment::default()
    };
    let contract = Contract {
        since: on("2026-01-01"),
        until: on("2026-12-31"),
        signed_on: on("2025-12-20"),
        ..Contract::default()
    };
    let identity = AidIdentity { identity: said("monitored"), since: on("2026-01-10"), ..AidIdentity::default() };
    PersonFile {
        enrolments: vec![row(number * 100, enrolment)],
        contracts: vec![row(number * 100 + 1, contract)],
        identities: vec![row(number * 100 + 2, identity)],
        ..PersonFile::new(id(number), person, &row(number + 50, stay))
    }
}

/// A visit for high blood pressure.
pub(super) fn visit(number: u32, on_day: &str, systolic: i64) -> Row<Visit> {
    let visit = Visit {
        kind: said("hypertension"),
        visited_on: on(on_day),
        mode: said("2"),
        doctor: said("赵医生"),
        systolic: Some(systolic),
        diastolic: Some(85),
        ..Visit::default()
    };
    row(number, visit)
}

/// A bill that adds up: ten thousand, of which a thousand remain.
pub(super) fn bill(number: u32, admitted: &str, discharged: &str) -> Row<Settlement> {
    let bill = Settlement {
        invoice: Some(format!("P{number}")),
        care_kind: said("inpatient"),
        admitted_on: on(admitted),
        discharged_on: on(discharged),
        settled_on: on(discharged),
        total: yuan(10_000),
        own_expense: yuan(300),
        over_limit: yuan(0),
        pre_self_pay: yuan(200),
        in_scope: yuan(9_500),
        paid_basic: yuan(7_000),
        paid_critical: yuan(1_000),
        paid_aid: yuan(1_000),
        paid_other: yuan(0),
        paid_personal: yuan(1_000),
        ..Settlement::default()
    };
    row(number, bill)
}

pub(super) fn status(number: u32, status: &str, since: &str) -> Row<HouseholdStatus> {
    let record = HouseholdStatus { status: said(status), since: on(since), ..HouseholdStatus::default() };
    row(number, record)
}

pub(super) fn measure(number: u32, kind: &str, detail: &str) -> Row<Measure> {
    row(number, Measure { kind: said(kind), detail: said(detail), since: on("2026-01-20"), ..Measure::default() })
}

pub(super) fn cause(number: u32, cause: &str) -> Row<PovertyCause> {
    row(number, PovertyCause { cause: said(cause), main: Some(true), ..PovertyCause::default() })
}

pub(super) fn diagnosis(number: u32, icd10: &str, disease: &str) -> Row<Diagnosis> {
    let record = Diagnosis {
        icd10: said(icd10),
        disease: said(disease),
        class: said("chronic"),
        diagnosed_on: on("2020-03-01"),
        ..Diagnosis::default()
    };
    row(number, record)
}

/// Nothing is wrong with this family on 2026-11-21.
pub(super) fn sound() -> Family {
    let household = Household {
        number: said("0181"),
        phone: said("13900000001"),
        income_per_head: yuan(9_000),
        income_year: Some(2025),
        out_of_pocket: yuan(12_000),
        unsafe_house: Some(false),
        safe_water: Some(true),
        dropout: Some(false),
        ..Household::default()
    };
    let head = person(11, "张福山", "02", "1", "1981-04-02");
    let wife = person(12, "李桂兰", "10", "2", "1983-09-15");
    let mut son = person(13, "张小宝", "20", "1", "2012-05-06");
    (son.person.education, son.person.schooling, son.person.labour) = (None, said("05"), said("5"));
    let mut father = person(14, "张老栓", "51", "1", "1952-02-08");
    (father.person.health, father.person.labour) = (said("长期慢性病"), said("5"));
    father.diagnoses = vec![diagnosis(31, "I10", "高血压")];
    // The newest first, as they are read.
    father.visits = vec![
        visit(35, "2026-11-02", 138),
        visit(34, "2026-08-05", 142),
        visit(33, "2026-05-06", 136),
        visit(32, "2026-02-06", 144),
    ];
    father.exams = vec![row(36, Exam { examined_on: on("2026-04-10"), systolic: Some(140), ..Exam::default() })];
    let certificate = ChronicCertificate {
        disease: said("高血压"),
        icd10: said("I10"),
        result: said("approved"),
        issued_on: on("2024-06-01"),
        valid_until: on("2028-05-31"),
        ..ChronicCertificate::default()
    };
    father.certificates = vec![row(37, certificate)];
    let file = HouseholdFile {
        statuses: vec![status(41, "lifted", "2019-12-01"), status(42, "unstable", "2026-01-10")],
        causes: vec![cause(43, "01")],
        measures: vec![measure(44, "health", "签约服务"), measure(45, "employment", "公益性岗位")],
        people: vec![head, wife, son, father],
        ..HouseholdFile::new(id(1), household)
    };
    Family { file, card: None }
}

impl Family {
    pub(super) fn head(&mut self) -> &mut PersonFile {
        &mut self.file.people[0]
    }

    pub(super) fn wife(&mut self) -> &mut PersonFile {
        &mut self.file.people[1]
    }

    pub(super) fn son(&mut self) -> &mut PersonFile {
        &mut self.file.people[2]
    }

    pub(super) fn father(&mut self) -> &mut PersonFile {
        &mut self.file.people[3]
    }

    /// What is found on a day, the desk's own rows left out.
    pub(super) fn found_on(&self, today: &str) -> Vec<TodoRow> {
        let (world, beyond) = (world(today), Beyond::default());
        let case = Case { file: &self.file, world: &world, beyond: &beyond, card: self.card };
        let mut rows = check(&case);
        rows.retain(|row| row.item != crate::quality::DESK);
        rows
    }

    pub(super) fn found(&self) -> Vec<TodoRow> {
        self.found_on("2026-11-21")
    }

    /// The numbers of the rules that found something.
    pub(super) fn numbers(&self) -> BTreeSet<&'static str> {
        self.found().iter().map(|row| row.item).collect()
    }
}
