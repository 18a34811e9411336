//! 健康状况核查表 (domain D.4): what a walk through the households found, laid beside what is on file.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Contract, Crowd, Exclusion, HomeVisit, Membership, Person};
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::HealthCheckDraft;
use mingbai_store::Reading;

use super::aid::running;
use super::crowds::{crowds, lay, said_of};
use super::labels::{coded, known, text};
use super::medical::took_place;
use super::plan::{People, Plan, Whose};
use super::vocabulary::{Told, YES, YES_OR_NO, of, told};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

/// What the sheet is called where a record says whence it is.
const SOURCE: &str = "健康状况核查表";

impl Planned for HealthCheckDraft {
    const TOLD: &'static [Told] = &[
        of("crowd", &["crowd"]),
        of("marriage", &["marriage"]),
        of("unsigned_reason", &["exclusion_reason"]),
        of("aware", &["awareness"]),
        of("satisfied", &["satisfaction"]),
        told("agreement", YES_OR_NO),
        told("handbook", YES_OR_NO),
        told("service_card", YES_OR_NO),
        told("paper", YES_OR_NO),
    ];
    /// Counts of visits and sums of money without their days are no records; their own sheets bring them.
    const NOT_KEPT: &'static [&'static str] = &[
        "area",
        "area_code",
        "object",
        "members",
        "lifted",
        "sex",
        "birth",
        "relation",
        "registered",
        "family_planning",
        "family_planning_kind",
        "social_number",
        "disease",
        "exams",
        "last_exam",
        "child_visits",
        "last_child_visit",
        "maternal_visits",
        "last_maternal_visit",
        "hypertension_visits",
        "last_hypertension_visit",
        "diabetes_visits",
        "last_diabetes_visit",
        "mental_visits",
        "last_mental_visit",
        "total",
        "own",
        "basic",
        "critical",
        "aid",
        "other_aid",
        "typist",
    ];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<RecordId, u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), crowds(&draft.crowd)?)));
            let said = said.and_then(|said| plausible(draft, today).map(|()| said));
            let Some((whose, crowds)) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            if let Some(first) = seen.insert(whose.person, row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一个人"));
                continue;
            }
            said_of(&mut plan, &whose, &draft.crowd);
            let special = YES.contains(&draft.family_planning_special.as_str()).then(|| "family_planning".to_owned());
            let wanted = crowds.into_iter().chain(special).map(|crowd| Crowd {
                person: Some(whose.person),
                crowd: Some(crowd),
                source: Some(SOURCE.to_owned()),
                ..Crowd::default()
            });
            lay(&mut plan, reading, today, &whose, wanted)?;
            if let Some(known) = reading.get::<Person>(whose.person)? {
                plan.beside(Some(&known), person(draft), "");
            }
            contract(&mut plan, reading, today, &whose, draft)?;
            interview(&mut plan, reading, &whose, draft)?;
            for said in [
                known("marriage", "婚姻", &draft.marriage),
                known("exclusion_reason", "未签原因", &draft.unsigned_reason),
                known("awareness", "知晓", &draft.aware),
                known("satisfaction", "满意", &draft.satisfied),
            ] {
                if let Err(unknown) = said {
                    plan.warn(&format!("{unknown}，这一项没有登记"));
                }
            }
        }
        Ok(plan)
    }
}

fn plausible(draft: &HealthCheckDraft, today: NaiveDate) -> Result<(), String> {
    if draft.checked_on.is_some() {
        took_place("核查日期", draft.checked_on, today)?;
    }
    match (draft.since, draft.until) {
        (Some(from), Some(until)) if until < from => Err(format!("签约截止日期 {until} 早于起始日期 {from}，请核对")),
        _ => Ok(()),
    }
}

/// What the row says of the person.
fn person(draft: &HealthCheckDraft) -> Person {
    Person {
        marriage: coded("marriage", &draft.marriage),
        registered_at: text(&draft.registered_at),
        lives_at: text(&draft.lives_at),
        phone: text(&draft.phone),
        health_file: text(&draft.health_file),
        health_file_on: draft.health_file_on,
        health_file_updated_on: draft.health_file_updated_on,
        ..Person::default()
    }
}

/// A contract with its days, or the reason for having none. A row with both, or a contract without its first day, is told.
fn contract(
    plan: &mut Plan,
    reading: Reading<'_>,
    today: NaiveDate,
    whose: &Whose,
    draft: &HealthCheckDraft,
) -> Result<(), AppError> {
    let has = |cell: &str| (!cell.is_empty()).then(|| YES.contains(&cell));
    let reason = coded("exclusion_reason", &draft.unsigned_reason);
    match (draft.since, reason) {
        (Some(_), Some(_)) => plan.warn("既有签约日期又有未签原因，签约没有登记"),
        (Some(since), None) => {
            let held = reading.rows_where::<Contract>("person", &whose.person)?;
            let existing = held.iter().find(|row| row.record.since == Some(since));
            let wanted = Contract {
                person: Some(whose.person),
                since: Some(since),
                until: draft.until,
                paper: has(&draft.agreement).or(has(&draft.paper)),
                handbook: has(&draft.handbook),
                service_card: has(&draft.service_card),
                ..Contract::default()
            };
            plan.beside(existing, wanted, &format!("签约 {since}"));
        }
        (None, Some(reason)) => {
            let held = reading.rows_where::<Exclusion>("person", &whose.person)?;
            let of_reason = held.iter().filter(|row| row.record.reason.as_deref() == Some(&reason));
            let existing = running(of_reason, |known| (known.since, known.until), None, today);
            let summary = format!("未签：{}", code::label("exclusion_reason", &reason));
            let wanted = Exclusion { person: Some(whose.person), reason: Some(reason), ..Exclusion::default() };
            plan.beside(existing, wanted, &summary);
        }
        (None, None) if has(&draft.agreement).or(has(&draft.paper)) == Some(true) => {
            plan.warn("写着有签约协议，没有签约起始日期，签约没有登记");
        }
        (None, None) => {}
    }
    Ok(())
}

/// What somebody said of the policies on the day of the check.
fn interview(plan: &mut Plan, reading: Reading<'_>, whose: &Whose, draft: &HealthCheckDraft) -> Result<(), AppError> {
    let (aware, satisfied) = (coded("awareness", &draft.aware), coded("satisfaction", &draft.satisfied));
    if aware.is_none() && satisfied.is_none() {
        return Ok(());
    }
    let Some(day) = draft.checked_on else {
        plan.warn("写着知晓、满意，没有核查日期，这两项没有登记");
        return Ok(());
    };
    let lives = reading.rows_where::<Membership>("person", &whose.person)?;
    let home = lives.iter().find(|row| row.record.left_on.is_none()).and_then(|row| row.record.household);
    let visitor = [&draft.cadre, &draft.doctor].into_iter().filter(|name| !name.is_empty());
    let visitor = visitor.map(String::as_str).collect::<Vec<_>>().join("、");
    let held = reading.rows_where::<HomeVisit>("person", &whose.person)?;
    let of_check = |visit: &HomeVisit| visit.visited_on == Some(day) && visit.occasion.as_deref() == Some(SOURCE);
    let existing = held.iter().find(|row| of_check(&row.record));
    let wanted = HomeVisit {
        household: home,
        person: Some(whose.person),
        visited_on: Some(day),
        mode: Some("visit".to_owned()),
        visitor: text(&visitor),
        aware,
        satisfied,
        occasion: Some(SOURCE.to_owned()),
        ..HomeVisit::default()
    };
    plan.beside(existing, wanted, &format!("入户核查 {day}"));
    Ok(())
}
