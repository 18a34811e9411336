//! 履约: what whoever signed a contract is due in its year, and what of it was done (domain A-31, A.6).

use chrono::{Datelike, Days, Months, NaiveDate};
use mingbai_domain::catalogue::Contract;
use mingbai_domain::due::periodic::Service;
use mingbai_domain::due::{self, schedule};
use mingbai_store::query::{PersonFile, TodoLine};

use super::follow_up::{illnesses, is_hidden, managed_since};
use super::screening::{owed_exam, plan_of};
use crate::dto::Tone;
use crate::member::ends_management;
use crate::restricted;
use crate::todo::{Findings, Item, World};

/// What stands for a service that would name a restricted disease.
const HIDDEN: &str = "hidden";

pub(super) const ITEMS: [Item; 1] = [Item {
    key: "service_due",
    label: "签了约、应做的服务没做",
    section: "签约随访",
    tone: Tone::Missing,
    unit: "项",
    definition: "有效签约的人，从签约年度开始到今天应做的面对面随访、体检、产检和产后访视、儿童健康管理里还没有做够的；体检一年内做过算已做",
    on_desk: true,
    by_reason: true,
    reason,
    errand: None,
}];

fn reason(line: &TodoLine) -> String {
    let service = service_label(&line.detail);
    match line.amount {
        Some(lacking) if lacking > 1 => format!("{service} 还差 {lacking} 次"),
        _ => service.to_owned(),
    }
}

/// What a clerk calls a service that is due.
pub(crate) fn service_label(service: &str) -> &str {
    match service {
        HIDDEN => restricted::HIDDEN,
        "exam" => "体检",
        "hypertension" => "高血压随访",
        "diabetes" => "糖尿病随访",
        _ => mingbai_domain::code::label("screening_kind", service),
    }
}

/// One service of a contract's year.
struct Duty {
    service: &'static str,
    /// How often it was due until today.
    owed: i64,
    /// How often it was done.
    had: i64,
    due: Option<NaiveDate>,
}

/// The first day of the contract's year that today lies in.
fn year_start(since: NaiveDate, today: NaiveDate) -> NaiveDate {
    let years = u32::try_from(today.year() - since.year()).unwrap_or_default();
    let nth = |years: u32| since.checked_add_months(Months::new(12 * years)).unwrap_or(since);
    if nth(years) <= today { nth(years) } else { nth(years.saturating_sub(1)) }
}

/// Whether everything that was due until today was done; nothing for somebody to whom nothing regular is owed.
pub(super) fn look(
    person: &PersonFile,
    contract: &Contract,
    world: &World,
    findings: &mut Findings<'_>,
) -> Option<bool> {
    let start = year_start(contract.since.unwrap_or(world.today), world.today);
    let duties = duties(person, start, world);
    let mut hidden = 0;
    for duty in duties.iter().filter(|duty| duty.had < duty.owed) {
        if is_hidden(duty.service) {
            hidden += duty.owed - duty.had;
            continue;
        }
        let row = findings.person("service_due", person, duty.service);
        (row.due, row.amount, row.severity) = (duty.due, Some(duty.owed - duty.had), 3);
    }
    if hidden > 0 {
        findings.person("service_due", person, HIDDEN).severity = 3;
    }
    if duties.is_empty() { None } else { Some(duties.iter().all(|duty| duty.had >= duty.owed)) }
}

fn duties(person: &PersonFile, start: NaiveDate, world: &World) -> Vec<Duty> {
    let within = |day: NaiveDate, from: NaiveDate| from <= day && day <= world.today;
    let mut duties = Vec::new();
    for (kind, diagnosed) in illnesses(person) {
        let of_kind = || person.visits.iter().filter(|row| row.record.kind.as_deref() == Some(kind));
        let ended = of_kind().next().is_some_and(|newest| ends_management(&newest.record));
        let Some(per_year) = world.intervals.per_year(kind).filter(|_| !ended) else { continue };
        let from = start.max(managed_since(person, kind).or(diagnosed).unwrap_or(start));
        let had = of_kind().filter(|row| {
            let at_hand = matches!(row.record.mode.as_deref(), Some("1" | "2"));
            at_hand && row.record.visited_on.is_some_and(|day| within(day, from))
        });
        let owed = due::owed_from(per_year, from, world.today + Days::new(1));
        duties.push(Duty { service: kind, owed: i64::from(owed), had: had.count() as i64, due: None });
    }
    if owed_exam(person, world).is_some_and(|line| line.service == Service::Exam && line.listed) {
        let from = start.min(world.today - Days::new(365));
        let had = person.exams.iter().any(|row| row.record.examined_on.is_some_and(|day| within(day, from)));
        duties.push(Duty { service: "exam", owed: 1, had: i64::from(had), due: None });
    }
    let planned = plan_of(person, world);
    for service in ["antenatal", "postnatal", "day42", "newborn_visit", "child_care"] {
        let of_service = || planned.iter().filter(|one| one.slot.service == service && one.by >= start);
        if of_service().next().is_none() {
            continue;
        }
        let past: Vec<&schedule::Planned> = of_service().filter(|one| one.by < world.today).collect();
        let had = past.iter().filter(|one| one.done.is_some()).count() as i64;
        let due = past.iter().filter(|one| one.done.is_none()).map(|one| one.by).min();
        duties.push(Duty { service, owed: past.len() as i64, had, due });
    }
    duties
}

#[cfg(test)]
mod tests {
    use super::year_start;

    #[test]
    fn a_contract_of_three_years_begins_anew_on_its_day_each_year() {
        let start = |since: &str, today: &str| year_start(since.parse().unwrap(), today.parse().unwrap()).to_string();
        assert_eq!(start("2024-07-01", "2026-06-30"), "2025-07-01");
        assert_eq!(start("2024-07-01", "2026-07-01"), "2026-07-01");
        assert_eq!(start("2026-07-01", "2026-11-22"), "2026-07-01");
        assert_eq!(start("2024-02-29", "2026-02-28"), "2026-02-28");
    }
}
