//! 病情: whoever is said to be ill without a diagnosis, and what the dead still have on file (domain, F11).

use mingbai_store::query::{HouseholdFile, PersonFile};

use crate::dto::Tone;
use crate::restricted;
use crate::todo::{Findings, Item, World};

pub(super) const ITEMS: [Item; 3] = [
    Item {
        key: "undiagnosed",
        label: "健康状况有病、没有诊断",
        section: "疾病救治",
        tone: Tone::Soon,
        unit: "人",
        definition: "名单上健康状况是大病或长期慢性病，但没有登记任何诊断",
        on_desk: true,
        by_reason: true,
        reason: |line| line.detail.clone(),
        errand: None,
    },
    Item {
        key: "unclassified",
        label: "确诊没有分类（三个一批）",
        section: "疾病救治",
        tone: Tone::Soon,
        unit: "人",
        definition: "在册、在世，有确诊的病，没有写明属于大病集中救治、慢病签约服务、重病兜底保障哪一批",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: None,
    },
    Item {
        key: "after_death",
        label: "死亡后还有记录",
        section: "户档案",
        tone: Tone::Missing,
        unit: "人",
        definition: "登记了死亡日期，此后还有随访、体检、签约、参保缴费或结算：日期错了，或者记到了别人名下",
        on_desk: true,
        by_reason: true,
        reason: |line| format!("死亡后还有{}", line.detail),
        errand: None,
    },
];

pub(super) fn look(file: &HouseholdFile, _: &World, findings: &mut Findings<'_>) {
    for person in &file.people {
        if person.is_resident() {
            living(person, findings);
        } else if person.belongs_here {
            dead(person, findings);
        }
    }
}

fn living(person: &PersonFile, findings: &mut Findings<'_>) {
    let said = person.person.health.as_deref().unwrap_or_default();
    if person.diagnoses.is_empty() && (said.contains("大病") || said.contains("慢性病")) {
        findings.person("undiagnosed", person, said);
    }
    let open = person.diagnoses.iter().filter(|row| row.record.ended_on.is_none());
    let mut names: Vec<&str> = Vec::new();
    for row in open.filter(|row| row.record.batch.is_none()) {
        let name = row.record.disease.as_deref().unwrap_or_default();
        names.push(if restricted::hides(&row.record) { restricted::HIDDEN } else { name });
    }
    if !names.is_empty() {
        findings.person("unclassified", person, names.join("、"));
    }
}

fn dead(person: &PersonFile, findings: &mut Findings<'_>) {
    let Some(died) = person.person.died_on else { return };
    let later = [
        ("随访", person.visits.iter().any(|row| row.record.visited_on.is_some_and(|day| day > died))),
        ("体检", person.exams.iter().any(|row| row.record.examined_on.is_some_and(|day| day > died))),
        ("签约", person.contracts.iter().any(|row| row.record.since.is_some_and(|day| day > died))),
        ("参保缴费", person.enrolments.iter().any(|row| row.record.paid_on.is_some_and(|day| day > died))),
        ("住院", person.bills.iter().any(|row| row.record.admitted_on.is_some_and(|day| day > died))),
    ];
    let found: Vec<&str> = later.into_iter().filter(|(_, found)| *found).map(|(what, _)| what).collect();
    if !found.is_empty() {
        findings.person("after_death", person, found.join("、")).due = Some(died);
    }
}
