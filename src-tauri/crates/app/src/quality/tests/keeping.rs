//! What was decided holds as long as it should; what is saved is looked at again, and nothing besides.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{CountyList, FindingDecision, Household, Membership, Person, Record};
use mingbai_store::query::TodoLine;

use super::family::{Family, day, id, on, row, said, sound};
use crate::dto::{Empty, OfficeKind, QualityDecideRequest, QualityRowsRequest, SetupRequest, UndoRequest};
use crate::host::Host;
use crate::office::{Context, Office};
use crate::quality::standing::{Standing, subject_of};
use crate::{quality, todo};

/// 2026-11-21 in China, ids from a running number.
struct Desk(PathBuf, std::sync::atomic::AtomicU8);

impl Host for Desk {
    fn now(&self) -> DateTime<FixedOffset> {
        DateTime::from_timestamp_millis(1_795_242_720_000).unwrap().fixed_offset()
    }

    fn fill(&self, buffer: &mut [u8]) {
        let number = self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        buffer.iter_mut().enumerate().for_each(|(place, byte)| *byte = number.wrapping_add(place as u8));
    }

    fn data_dir(&self) -> &Path {
        &self.0
    }
}

/// How the only finding of a family stands on a day.
fn standing(family: &Family, today: &str) -> Standing {
    let rows = family.found_on(today);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    Standing::of_number(row.amount.unwrap())
}

/// A family with one fault, exempt until a day.
fn exempt(until: &str) -> Family {
    let mut family = sound();
    family.head().person.document_type = said("03");
    let found = &family.found()[0];
    let line = TodoLine {
        item: found.item.to_owned(),
        household: Some(family.file.id),
        person: found.person,
        detail: found.detail.clone(),
        ..TodoLine::default()
    };
    let decision = FindingDecision {
        subject: subject_of(&line),
        state: said("exempt"),
        exempt_until: on(until),
        ..FindingDecision::default()
    };
    family.file.findings = vec![row(80, decision)];
    family
}

#[test]
fn an_exempted_finding_stays_exempt_until_its_day() {
    let family = exempt("2026-11-22");
    assert_eq!(standing(&family, "2026-11-21"), Standing::Exempt);
    assert_eq!(standing(&family, "2026-11-22"), Standing::Exempt);
    assert_eq!(standing(&family, "2026-11-23"), Standing::Open);
}

#[test]
fn an_exemption_ends_when_the_record_changes_and_not_with_the_years_going_by() {
    let mut family = exempt("2030-12-31");
    assert_eq!(standing(&family, "2026-12-30"), Standing::Exempt);
    family.head().person.document_type = said("99");
    assert_eq!(standing(&family, "2026-12-30"), Standing::Open);
}

#[test]
fn of_two_words_on_one_finding_the_newer_counts() {
    let mut family = exempt("2026-12-31");
    let mut mended = family.file.findings[0].clone();
    (mended.id, mended.changed.0) = (id(81), mended.changed.0 + 1);
    (mended.record.state, mended.record.exempt_until) = (said("mended"), None);
    family.file.findings.push(mended);
    assert_eq!(standing(&family, "2026-11-21"), Standing::Mended);
}

fn set_up(context: &mut Context<'_>) {
    let request = SetupRequest {
        kind: OfficeKind::County,
        county_name: "示范县".to_owned(),
        unit_name: "示范县卫健局".to_owned(),
        area: "159901".to_owned(),
        operator_name: "王玉梅".to_owned(),
        login: "demo".to_owned(),
        password: "mingbai-demo".to_owned(),
    };
    crate::session::set_up(context, request).unwrap();
}

/// Households of one woman each, who is registered as son: F07 of every one.
fn households(context: &mut Context<'_>, many: u32) -> Vec<RecordId> {
    let mut people = Vec::new();
    context
        .commit("test", None, |txn| {
            for number in 1..=many {
                let household = txn.insert(
                    Some(id(number)),
                    &Household { number: Some(format!("{number:04}")), ..Household::default() },
                )?;
                let who = Person { name: said("王芳"), sex: said("2"), birth: on("1980-01-01"), ..Person::default() };
                let person = txn.insert(Some(id(100 + number)), &who)?;
                let stay = Membership {
                    household: Some(household),
                    person: Some(person),
                    relation: said("20"),
                    ..Membership::default()
                };
                txn.insert(Some(id(200 + number)), &stay)?;
                people.push(person);
            }
            Ok(())
        })
        .unwrap();
    people
}

fn found(context: &mut Context<'_>, rule: &str) -> Vec<crate::dto::QualityRow> {
    let request = QualityRowsRequest { rule: Some(rule.to_owned()), village: None };
    quality::rows(context, request).unwrap().rows
}

fn counted(context: &mut Context<'_>, rule: &str) -> (i64, i64, i64) {
    let view = quality::get(context, Empty {}).unwrap();
    let row = view.rules.iter().find(|row| row.number == rule).unwrap();
    (row.open, row.fine, row.exempt)
}

fn change(context: &mut Context<'_>, person: RecordId, column: &str, value: &str) {
    let field = Person::TYPE.column(column).unwrap().id;
    let value = mingbai_domain::Value::Text(value.to_owned());
    context.commit("test", None, |txn| Ok(txn.set_field(Person::TYPE.id, person, field, value)?)).unwrap();
}

fn decide(state: &str, rows: &[crate::dto::QualityRow]) -> QualityDecideRequest {
    QualityDecideRequest {
        rule: rows[0].rule.clone(),
        subjects: rows.iter().map(|row| row.subject.clone()).collect(),
        state: state.to_owned(),
        owner: said("赵站长"),
        due: on("2026-12-10"),
        reason: said("户口簿写的就是这样"),
        evidence: said("户口簿复印件"),
        until: on("2026-12-31"),
    }
}

#[test]
fn saving_a_household_rechecks_that_household_and_whoever_shares_a_telephone_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let host = Desk(folder.path().to_owned(), 0.into());
    let mut office = Office::at(folder.path()).unwrap();
    let mut context = Context::new(&host, &mut office);
    set_up(&mut context);
    let people = households(&mut context, 5);
    assert_eq!(todo::refresh(&mut context).unwrap(), 5);
    assert_eq!(todo::refresh(&mut context).unwrap(), 0, "nothing was saved since");
    change(&mut context, people[0], "sex", "1");
    assert_eq!(todo::refresh(&mut context).unwrap(), 1);
    assert_eq!((counted(&mut context, "F07").0, found(&mut context, "F07").len()), (4, 4));

    // A telephone two households have is found with both, and with neither once one of them gives it up.
    change(&mut context, people[1], "phone", "13900000001");
    change(&mut context, people[2], "phone", "13900000001");
    assert_eq!(todo::refresh(&mut context).unwrap(), 2);
    let shared: Vec<String> = found(&mut context, "F39").into_iter().map(|row| row.reason).collect();
    assert_eq!(shared, ["电话 139****0001 与0003号户王芳相同", "电话 139****0001 与0002号户王芳相同"]);
    change(&mut context, people[2], "phone", "13900000002");
    assert_eq!(todo::refresh(&mut context).unwrap(), 2);
    assert_eq!(found(&mut context, "F39"), []);

    // Two people with one id, and one again.
    change(&mut context, people[3], "citizen_id", "159901198001010021");
    change(&mut context, people[4], "citizen_id", "159901198001010021");
    let same: Vec<String> = found(&mut context, "F01").into_iter().map(|row| row.reason).collect();
    assert_eq!(same.len(), 2);
    assert!(same[0].contains("与0005号户王芳相同") && same[1].contains("与0004号户王芳相同"), "{same:?}");
    change(&mut context, people[4], "citizen_id", "159901198001010048");
    assert_eq!(todo::refresh(&mut context).unwrap(), 2);
    assert_eq!(found(&mut context, "F01"), []);
}

#[test]
fn one_word_on_many_findings_is_one_action_and_one_undo() {
    let folder = tempfile::tempdir().unwrap();
    let host = Desk(folder.path().to_owned(), 0.into());
    let mut office = Office::at(folder.path()).unwrap();
    let mut context = Context::new(&host, &mut office);
    set_up(&mut context);
    let people = households(&mut context, 4);
    let rows = found(&mut context, "F07");
    let request = decide("exempt", &rows[..3]);
    let unsaid = QualityDecideRequest { evidence: None, ..request.clone() };
    assert_eq!(quality::decide(&mut context, unsaid).unwrap_err().fields[0].field, "evidence");
    let past = QualityDecideRequest { until: on("2026-11-20"), ..request.clone() };
    assert_eq!(quality::decide(&mut context, past).unwrap_err().fields[0].field, "until");
    let decided = quality::decide(&mut context, request).unwrap();
    assert_eq!((decided.decided, counted(&mut context, "F07")), (3, (1, 0, 3)));
    let listed = found(&mut context, "F07");
    assert_eq!(listed.iter().map(|row| row.open).collect::<Vec<_>>(), [true, false, false, false]);
    assert_eq!((listed[3].state.as_str(), listed[3].exempt_until), ("豁免", Some(day("2026-12-31"))));

    // Mended as somebody says, and found all the same; one that is gone is gone with its exemption.
    quality::decide(&mut context, decide("mended", &listed[..1])).unwrap();
    change(&mut context, people[1], "sex", "1");
    assert_eq!(counted(&mut context, "F07"), (1, 0, 2));
    let gone = quality::decide(&mut context, decide("fine", &rows)).unwrap_err();
    assert!(gone.message.contains("刚刚变了"), "{}", gone.message);

    let undone = quality::undo(&mut context, UndoRequest { entry: decided.entry.unwrap() }).unwrap();
    assert_eq!((undone.undone, counted(&mut context, "F07")), (3, (3, 0, 0)));
}

#[test]
fn the_countys_own_limits_count_from_the_day_it_puts_them_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let host = Desk(folder.path().to_owned(), 0.into());
    let mut office = Office::at(folder.path()).unwrap();
    let mut context = Context::new(&host, &mut office);
    set_up(&mut context);
    let unchecked = |context: &mut Context<'_>| {
        let view = quality::get(context, Empty {}).unwrap();
        view.rules.iter().filter(|row| row.unchecked.is_some()).map(|row| row.number.clone()).collect::<Vec<_>>()
    };
    assert_eq!(unchecked(&mut context), ["F17", "F18"]);
    let list = CountyList {
        kind: said("rule"),
        name: said("2026年核查口径"),
        effective_from: on("2026-01-01"),
        body: said("2026\tsubsidy_deadline\t2026-03-31\t县医保局通知"),
        ..CountyList::default()
    };
    context.commit("test", None, |txn| Ok(txn.insert(None, &list)?)).unwrap();
    assert_eq!(unchecked(&mut context), Vec::<String>::new());
}
