//! 重点人群: who belongs to which, who of them has no contract, and who is missing in the files of public health and in
//! the national system (domain ).

use mingbai_domain::code;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::dto::Tone;
use crate::restricted;
use crate::todo::crowd::{ORDER, age, crowds};
use crate::todo::{Findings, Item, World};

/// From this age on hypertension counts among the seven crowds.
const HYPERTENSION_FROM: i64 = 35;

pub(super) const ITEMS: [Item; 3] = [
    Item {
        key: "uncontracted_crowd",
        label: "重点人群未签约，优先签",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "应签未签的人里的高血压、糖尿病、严重精神障碍、结核病患者，老年人、孕产妇、儿童、残疾人等重点人群；同属几类的按排在前面的一类列",
        on_desk: true,
        by_reason: true,
        reason: crowd_of,
        errand: None,
    },
    Item::kept("crowd_member", "重点人群", "疾病救治", "在册、在世，属于这类重点人群", crowd_of),
    Item::kept(
        "unfiled",
        "健康档案、国家系统、社保卡",
        "疾病救治",
        "在册、在世，没有健康档案号，登记为没有社保卡，或有诊断而没有登记纳入全国动态管理系统的日期",
        |line| line.detail.split('|').map(unfiled_label).collect::<Vec<_>>().join("、"),
    ),
];

fn crowd_of(line: &TodoLine) -> String {
    let crowd = line.detail.split('|').next().unwrap_or_default();
    restricted::shown(code::label("crowd", crowd)).to_owned()
}

/// What is missing, in words.
fn unfiled_label(what: &str) -> &'static str {
    match what {
        "file" => "没有健康档案",
        "national" => "没有纳入国家系统",
        _ => "没有社保卡",
    }
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    for person in file.residents() {
        let signed = world.contract(person).is_some();
        let excluded = world.exclusion(person).is_some();
        let standing = if excluded {
            "excluded"
        } else if signed {
            "signed"
        } else {
            "unsigned"
        };
        let crowds = crowds(person, world);
        for crowd in &crowds {
            let young = *crowd == "hypertension" && age(person, world).is_some_and(|age| age < HYPERTENSION_FROM);
            if !young {
                findings.person("crowd_member", person, format!("{crowd}|{standing}"));
            }
        }
        if let Some(first) = crowds.first().filter(|_| standing == "unsigned") {
            let place = ORDER.iter().position(|crowd| crowd == first).unwrap_or_default();
            findings.person("uncontracted_crowd", person, *first).severity = place as i64;
        }
        unfiled(person, findings);
    }
}

fn unfiled(person: &PersonFile, findings: &mut Findings<'_>) {
    let mut lacking = Vec::new();
    if person.person.health_file.as_deref().unwrap_or_default().trim().is_empty() {
        lacking.push("file");
    }
    let ill = person.diagnoses.iter().any(|row| row.record.ended_on.is_none());
    if ill && person.person.national_on.is_none() {
        lacking.push("national");
    }
    if person.person.social_card == Some(false) {
        lacking.push("card");
    }
    if !lacking.is_empty() {
        findings.person("unfiled", person, lacking.join("|"));
    }
}
