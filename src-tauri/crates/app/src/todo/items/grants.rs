//! 十免四补助、两免两减半: who is entitled to what by name, and did not receive it (domain ).

use std::collections::BTreeMap;

use mingbai_domain::benefit::{self, Benefit, Claimant, Illness, Per};
use mingbai_domain::code;
use mingbai_domain::restricted::is_restricted;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::dto::Tone;
use crate::restricted;
use crate::todo::crowd::{age, is_disabled, maternity};
use crate::todo::{Findings, Item, World};

pub(super) const ITEMS: [Item; 8] = [
    Item {
        key: "grant_missing",
        label: "应享的补助、减免没有享受",
        section: "疾病救治",
        tone: Tone::Missing,
        unit: "人项",
        definition: "按十免四补助的对象（病种、年龄、残疾、救助身份、今年分娩）应当享受，没有登记享受过的人；按次减免的项目不在这里列",
        on_desk: true,
        by_reason: true,
        reason: item_of,
        errand: None,
    },
    Item::kept("grant_had", "应享并已享受", "疾病救治", "按对象应当享受，并已登记享受", item_of),
    Item::kept("grant_beyond", "其他已享受", "疾病救治", "登记了享受；按次减免的项目，或名单里看不出应享的人", item_of),
    Item::kept("grant_had_closed", "应享并已享受（限制查看）", "疾病救治", "由负责人打开", item_of),
    Item::kept("grant_missing_closed", "应享没有享受（限制查看）", "疾病救治", "由负责人打开", item_of),
    Item::kept("grant_beyond_closed", "其他已享受（限制查看）", "疾病救治", "由负责人打开", item_of),
    Item::kept("grant_paid", "补助金额", "疾病救治", "今年登记的补助金额", item_of),
    Item::kept("grant_waived", "减免金额", "疾病救治", "今年登记的减免金额", item_of),
];

fn item_of(line: &TodoLine) -> String {
    restricted::shown(code::label("benefit_item", &line.detail)).to_owned()
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    for person in file.residents() {
        let claimant = claimant(person, world);
        for line in benefit::table() {
            let (entitled, received) = (line.entitles(&claimant), is_received(person, line, world));
            if !entitled && !received {
                continue;
            }
            let hidden = is_restricted("", code::label("benefit_item", line.item));
            match (entitled, received) {
                // One item among them is for restricted illnesses: any row of it would name one.
                (true, true) if hidden => drop(findings.person("grant_had_closed", person, line.item)),
                (true, false) if hidden => drop(findings.person("grant_missing_closed", person, line.item)),
                (false, _) if hidden => drop(findings.person("grant_beyond_closed", person, line.item)),
                (true, true) => drop(findings.person("grant_had", person, line.item)),
                (true, false) => findings.person("grant_missing", person, line.item).severity = 4,
                (false, _) => drop(findings.person("grant_beyond", person, line.item)),
            }
        }
        money(person, world, findings);
    }
}

fn claimant<'p>(person: &'p PersonFile, world: &World) -> Claimant<'p> {
    let held = person.identities.iter().filter(|row| world.holds(row.record.since, row.record.until));
    let mut traits: Vec<&str> = held.filter_map(|row| row.record.identity.as_deref()).collect();
    if is_disabled(person) {
        traits.push("disabled");
    }
    if maternity(person, world).is_some_and(|row| world.this_year(row.record.delivered_on)) {
        traits.push("delivered");
    }
    let operated = |case: &mingbai_domain::catalogue::TreatmentCase| {
        case.way.as_deref() == Some("hospital") && case.treated_on.is_some()
    };
    if person.cases.iter().any(|row| operated(&row.record)) {
        traits.push("surgery");
    }
    let open = person.diagnoses.iter().filter(|row| row.record.ended_on.is_none());
    let illnesses = open.map(|row| {
        let said = [&row.record.disease, &row.record.grade, &row.record.stage];
        let text: Vec<&str> = said.into_iter().filter_map(|text| text.as_deref()).collect();
        Illness { icd10: row.record.icd10.clone().unwrap_or_default(), text: text.join(" ") }
    });
    Claimant { age: age(person, world), traits, illnesses: illnesses.collect() }
}

/// Received: once and for all, or in this year.
fn is_received(person: &PersonFile, line: &Benefit, world: &World) -> bool {
    let year = i64::from(world.year);
    let delivered = maternity(person, world).and_then(|row| row.record.delivered_on);
    let granted = person.grants.iter().filter(|row| row.record.item.as_deref() == Some(line.item)).any(|row| {
        let this_year = world.this_year(row.record.granted_on) || row.record.year == Some(year);
        match line.per {
            Per::Once => true,
            Per::Delivery => row.record.granted_on.map_or(this_year, |day| delivered.is_none_or(|born| day >= born)),
            Per::Year | Per::Use => this_year,
        }
    });
    let enrolled = person.enrolments.iter().any(|row| {
        let paid = row.record.subsidy.is_some_and(|subsidy| subsidy.0 > 0) || row.record.subsidised_on.is_some();
        row.record.year == Some(year) && row.record.insured == Some(true) && paid
    });
    granted || (line.by_enrolment && enrolled)
}

/// The money of the year, item by item.
fn money(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let year = i64::from(world.year);
    for row in &person.grants {
        let this_year = world.this_year(row.record.granted_on) || row.record.year == Some(year);
        if let Some(item) = row.record.item.as_deref().filter(|_| this_year) {
            let (paid, waived) = sums.entry(item).or_default();
            *paid += row.record.amount.unwrap_or_default().0;
            *waived += row.record.waived.unwrap_or_default().0;
        }
    }
    for (item, (paid, waived)) in sums {
        if paid > 0 {
            findings.person("grant_paid", person, item).amount = Some(paid);
        }
        if waived > 0 {
            findings.person("grant_waived", person, item).amount = Some(waived);
        }
    }
}
