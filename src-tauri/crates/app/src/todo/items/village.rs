//! 村里: households nobody explains things to, problems nobody answered, villages with too few instructors (domain A-57,
//!

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Issue, Record, VillageStaff};
use mingbai_store::Reading;
use mingbai_store::query::HouseholdFile;

use crate::dto::Tone;
use crate::error::AppError;
use crate::todo::{Findings, Item, World};

pub(super) const ITEMS: [Item; 5] = [
    Item {
        key: "no_instructor",
        label: "家里没有健康明白人",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "有人在册的户，没有登记健康明白人",
        on_desk: true,
        by_reason: false,
        reason: |_| "没有登记健康明白人".to_owned(),
        errand: None,
    },
    Item {
        key: "few_instructors",
        label: "村健康指导员不足",
        section: "户档案",
        tone: Tone::Soon,
        unit: "村",
        definition: "每村至少2名健康指导员，常住人口超过3000人的村至少3名",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: None,
    },
    Item {
        key: "issue_open",
        label: "反映的问题到期未办",
        section: "户档案",
        tone: Tone::Missing,
        unit: "件",
        definition: "走访时登记的问题，过了期限还没有办结",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| format!("反映的问题没有办结：{}", line.detail)),
    },
    Item {
        key: "satisfied",
        label: "走访时不满意",
        section: "户档案",
        tone: Tone::Missing,
        unit: "户",
        definition: "今年最近一次问到满意度时，没有答满意的户",
        on_desk: true,
        by_reason: true,
        reason: |line| mingbai_domain::code::label("satisfaction", &line.detail).to_owned(),
        errand: None,
    },
    Item {
        key: "bedridden",
        label: "卧病在家，本季度没有上门",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "在册、在世，登记为卧病在家，90天内没有入户走访，也没有上门随访",
        on_desk: true,
        by_reason: false,
        reason: |_| "90天内没有人上门".to_owned(),
        errand: Some(|line, _| format!("{} 卧病在家，90天内没有人上门", line.name)),
    },
];

/// How long a bedridden patient may wait for somebody at the door.
const AT_THE_DOOR: i64 = 90;
/// Answers that count as satisfied.
const SATISFIED: [&str; 2] = ["satisfied", "basically"];
/// Population above which a village needs a third instructor.
const LARGE: i64 = 3_000;

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    if !file.is_lived_in() {
        return;
    }
    if file.household.instructor.as_deref().unwrap_or_default().is_empty() {
        findings.household("no_instructor", "");
    }
    for row in file.issues.iter().filter(|row| row.record.closed_on.is_none()) {
        if let Some(due) = row.record.due_on.filter(|due| *due < world.today) {
            let todo = findings.household("issue_open", row.record.problem.clone().unwrap_or_default());
            (todo.person, todo.due, todo.severity) = (row.record.person, Some(due), 3);
            todo.record = Some((Issue::TYPE.id, row.id));
        }
    }
    let asked = file.home_visits.iter().filter(|row| world.this_year(row.record.visited_on));
    if let Some(answer) = asked.filter_map(|row| row.record.satisfied.as_deref()).next() {
        let content = SATISFIED.contains(&answer);
        if !content {
            findings.household("satisfied", answer);
        }
        findings.share("satisfied", i64::from(content), 1, 0);
    }
    let recent = |day: Option<chrono::NaiveDate>| {
        day.is_some_and(|day| day <= world.today && (world.today - day).num_days() <= AT_THE_DOOR)
    };
    let called =
        file.home_visits.iter().any(|row| row.record.mode.as_deref() == Some("visit") && recent(row.record.visited_on));
    for person in file.residents().filter(|person| person.person.bedridden == Some(true)) {
        let visited =
            person.visits.iter().any(|row| row.record.mode.as_deref() == Some("2") && recent(row.record.visited_on));
        if !called && !visited && world.exclusion(person).is_none() {
            findings.person("bedridden", person, "").severity = 3;
        }
    }
}

/// What is to be done about a village.
pub(crate) fn of_village(
    reading: Reading<'_>,
    village: RecordId,
    world: &World,
    findings: &mut Findings<'_>,
) -> Result<(), AppError> {
    let Some(row) = world.villages.get(&village) else { return Ok(()) };
    if row.record.ended_on.is_some() {
        return Ok(());
    }
    let staff = reading.rows_where::<VillageStaff>("village", &village)?;
    let instructors = staff.iter().filter(|row| {
        row.record.role.as_deref() == Some("instructor") && world.holds(row.record.since, row.record.until)
    });
    let (has, needs) = (instructors.count(), if row.record.population > Some(LARGE) { 3 } else { 2 });
    if has < needs {
        findings.household("few_instructors", format!("有 {has} 名，应有 {needs} 名"));
    }
    Ok(())
}
