//! 随访: visits that are due, and patients of the four diseases who are not visited as they should be (domain A-44, B.2).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mingbai_domain::code;

use mingbai_domain::catalogue::Visit;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::dto::Tone;
use crate::member::{ends_management, followed_kind};
use crate::restricted;
use crate::todo::{Findings, Item, World};

/// The detail of a patient whom nobody has visited.
const NEVER: &str = "never";

pub(super) const ITEMS: [Item; 2] = [
    Item {
        key: "visit_overdue",
        label: "随访已到期",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人次",
        definition: "最近一次随访约定的下次日期已过；或高血压、糖尿病、结核病、严重精神障碍患者没有约下次日期、还没有随访过（可以不签的人除外）",
        on_desk: true,
        by_reason: true,
        reason,
        errand: Some(errand),
    },
    Item {
        key: "visit",
        label: "四病随访未按期",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "高血压、糖尿病、结核病、严重精神障碍患者中，有随访到期、没有约下次日期或还没有随访过的人（可以不签的人除外）",
        on_desk: false,
        by_reason: true,
        reason,
        errand: None,
    },
];

fn reason(line: &TodoLine) -> String {
    if line.detail == NEVER {
        return "还没有随访过".to_owned();
    }
    restricted::shown(code::label("visit_kind", &line.detail)).to_owned()
}

fn errand(line: &TodoLine, today: NaiveDate) -> String {
    let kind = restricted::visit_name(&line.detail);
    match line.due {
        _ if line.detail == NEVER => format!("{} 还没有随访过", line.name),
        Some(due) => format!("{} {kind}随访超期 {} 天", line.name, (today - due).num_days()),
        None => format!("{} {kind}随访没有约下次日期", line.name),
    }
}

/// A patient of the four diseases.
fn is_followed(person: &PersonFile) -> bool {
    let open = person.diagnoses.iter().filter(|row| row.record.ended_on.is_none());
    open.into_iter().any(|row| followed_kind(&row.record).is_some())
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let (mut done, mut whole, mut excluded) = (0, 0, 0);
    for person in file.residents() {
        let followed = is_followed(person);
        if world.exclusion(person).is_some() {
            excluded += i64::from(followed);
            continue;
        }
        let late = late(person, followed, world.today);
        for (kind, due) in &late {
            let row = findings.person("visit_overdue", person, *kind);
            (row.due, row.severity) = (*due, 1);
        }
        if followed {
            whole += 1;
            match late.iter().min_by_key(|(kind, due)| (*due, *kind)) {
                Some((kind, due)) => findings.person("visit", person, *kind).due = *due,
                None => done += 1,
            }
        }
    }
    findings.share("visit", done, whole, excluded);
}

/// The kinds of visit that are due: the newest of its kind says a day that has passed, or says none to a patient of the four
/// diseases; or such a patient was never visited.
fn late(person: &PersonFile, followed: bool, today: NaiveDate) -> Vec<(&str, Option<NaiveDate>)> {
    if person.visits.is_empty() && followed {
        return vec![(NEVER, None)];
    }
    let mut newest: BTreeMap<&str, &Visit> = BTreeMap::new();
    for visit in &person.visits {
        newest.entry(visit.record.kind.as_deref().unwrap_or_default()).or_insert(&visit.record);
    }
    newest.retain(|_, visit| !ends_management(visit) && visit.next_on.map_or(followed, |due| due < today));
    newest.into_iter().map(|(kind, visit)| (kind, visit.next_on)).collect()
}
