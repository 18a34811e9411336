//! 户档案: what is missing on file about a person or a household.

use mingbai_domain::relation;
use mingbai_store::query::HouseholdFile;

use crate::dto::Tone;
use crate::todo::{Findings, Item, World};

pub(super) const ITEMS: [Item; 3] = [
    Item {
        key: "no_citizen_id",
        label: "没有身份证号",
        section: "户档案",
        tone: Tone::Soon,
        unit: "人",
        definition: "在册、在世，没有登记公民身份号码",
        on_desk: true,
        by_reason: false,
        reason: |_| "没有身份证号".to_owned(),
        errand: Some(|line, _| format!("{} 没有身份证号", line.name)),
    },
    Item {
        key: "no_head",
        label: "没有户主",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "有人在册的户，没有一个人登记为户主，或者登记了不止一个",
        on_desk: true,
        by_reason: true,
        reason: |line| line.detail.clone(),
        errand: None,
    },
    Item {
        key: "no_cause",
        label: "没有致贫原因",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "有人在册的户，没有登记主要致贫（返贫）原因，或者登记了不止一个主要原因",
        on_desk: true,
        by_reason: true,
        reason: |line| line.detail.clone(),
        errand: None,
    },
];

pub(super) fn look(file: &HouseholdFile, _: &World, findings: &mut Findings<'_>) {
    if !file.is_lived_in() {
        return;
    }
    for person in file.residents() {
        if person.person.citizen_id.as_deref().unwrap_or_default().is_empty() {
            findings.person("no_citizen_id", person, "").severity = 6;
        }
    }
    match file.residents().filter(|person| person.stay.relation.as_deref() == Some(relation::HEAD)).count() {
        0 => drop(findings.household("no_head", "没有登记户主")),
        1 => {}
        many => drop(findings.household("no_head", format!("登记了 {many} 个户主"))),
    }
    match file.causes.iter().filter(|row| row.record.main == Some(true) && row.record.until.is_none()).count() {
        0 => drop(findings.household("no_cause", "没有登记主要原因")),
        1 => {}
        many => drop(findings.household("no_cause", format!("登记了 {many} 个主要原因"))),
    }
}
