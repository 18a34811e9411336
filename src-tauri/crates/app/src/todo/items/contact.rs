//! 外出的人: who signs by telephone and post, and whose agreement has not come back (domain A-04).

use mingbai_domain::catalogue::{HomeVisit, Record};
use mingbai_domain::code;
use mingbai_store::query::{HouseholdFile, PersonFile};

use crate::dto::Tone;
use crate::todo::{Findings, Item, World};

/// Days an agreement may be on its way.
const ON_ITS_WAY: i64 = 15;
/// Where somebody is who does not come to the door.
const AWAY: [&str; 5] = ["county", "province", "outside", "abroad", "unknown"];
/// Reasons without a contract that say the same.
const SAID: [&str; 3] = ["absent", "absent_briefly", "unreachable"];

pub(super) const ITEMS: [Item; 2] = [
    Item {
        key: "contract_unreturned",
        label: "协议书寄出还没有寄回",
        section: "签约随访",
        tone: Tone::Soon,
        unit: "份",
        definition: "签约协议书寄出15天以上，没有登记寄回，寄出以后也没有签约",
        on_desk: true,
        by_reason: false,
        reason: |line| format!("寄出 {} 天，还没有寄回", line.amount.unwrap_or_default()),
        errand: Some(|line, _| {
            format!("{} 的签约协议书寄出 {} 天没有寄回", line.name, line.amount.unwrap_or_default())
        }),
    },
    Item::kept(
        "away",
        "外出的人",
        "签约随访",
        "在册、在世，登记为乡外务工、外出，或因外出、联系不上没有签约",
        |line| away_reason(&line.detail),
    ),
];

/// Where somebody is, in words.
pub(crate) fn away_reason(detail: &str) -> String {
    let (table, code) = detail.split_once('|').unwrap_or(("away", detail));
    code::label(table, code).to_owned()
}

/// Whether a contact was about the agreement.
pub(crate) fn is_for_contract(visit: &HomeVisit) -> bool {
    visit.purpose.as_deref() == Some("contract")
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    for person in file.residents() {
        away(person, world, findings);
        unreturned(file, person, world, findings);
    }
}

fn away(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let place = person.person.away.as_deref().filter(|away| AWAY.contains(away));
    let held = person.exclusions.iter().filter(|row| world.holds(row.record.since, row.record.until));
    let said = held.filter_map(|row| row.record.reason.as_deref()).find(|reason| SAID.contains(reason));
    let detail = match (place, said) {
        (Some(place), _) => format!("away|{place}"),
        (None, Some(reason)) => format!("exclusion_reason|{reason}"),
        (None, None) => return,
    };
    findings.person("away", person, detail).due = person.person.away_since;
}

fn unreturned(file: &HouseholdFile, person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let mine = |visit: &HomeVisit| visit.person == Some(person.id) && is_for_contract(visit);
    let mut sent = file.home_visits.iter().filter(|row| mine(&row.record));
    // The newest letter decides: what came back before it was another agreement.
    let Some(newest) = sent.find(|row| row.record.mode.as_deref() == Some("post")) else { return };
    let Some(on) = newest.record.visited_on.filter(|_| newest.record.returned_on.is_none()) else { return };
    let returned = file
        .home_visits
        .iter()
        .any(|row| mine(&row.record) && row.record.returned_on.is_some_and(|returned| returned >= on));
    let signed = person.contracts.iter().any(|row| row.record.ended_on.is_none() && row.record.since >= Some(on));
    let days = (world.today - on).num_days();
    if days > ON_ITS_WAY && !returned && !signed {
        let row = findings.person("contract_unreturned", person, "");
        (row.due, row.amount, row.severity) = (Some(on), Some(days), 3);
        row.record = Some((HomeVisit::TYPE.id, newest.id));
    }
}
