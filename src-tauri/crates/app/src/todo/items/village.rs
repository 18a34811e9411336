//! 走到每一户: households nobody explains things to, nobody called on, nobody gave anything to read, problems nobody
//! answered (domain ).

use chrono::{Datelike, Days, NaiveDate};
use mingbai_domain::catalogue::{Issue, Measure, Record};
use mingbai_domain::code;
use mingbai_store::query::HouseholdFile;

use crate::dto::Tone;
use crate::todo::{Findings, Item, World};

pub(super) const ITEMS: [Item; 8] = [
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
        key: "issue_open",
        label: "反映的问题到期未办",
        section: "户档案",
        tone: Tone::Missing,
        unit: "件",
        definition: "反映的问题过了期限还没有办结；没有定期限的，反映30天后算到期。写了办结日期和办理结果才算办结",
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
        reason: |line| code::label("satisfaction", &line.detail).to_owned(),
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
    Item {
        key: "not_visited",
        label: "本季度没有入户走访",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "有人在册的户，本季度没有登记入户走访；打电话、寄信不算",
        on_desk: true,
        by_reason: false,
        reason: |line| match line.due {
            Some(last) => format!("上次入户 {last}"),
            None => "没有登记过入户走访".to_owned(),
        },
        errand: None,
    },
    Item {
        key: "no_material",
        label: "今年没有发放宣传资料",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "有人在册的户，今年没有登记发放宣传折页、宣传画、手册、健康教育材料或资料袋；明白卡不算",
        on_desk: true,
        by_reason: false,
        reason: |_| "今年没有发放宣传资料".to_owned(),
        errand: None,
    },
    Item {
        key: "few_measures",
        label: "帮扶措施少于4项",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "有人在册的户，登记的帮扶措施少于4项；已经到期的不算，同一类同一内容算一项",
        on_desk: true,
        by_reason: false,
        reason: |line| format!("有 {} 项", line.amount.unwrap_or_default()),
        errand: None,
    },
    Item {
        key: "aware",
        label: "走访时不知道政策",
        section: "户档案",
        tone: Tone::Soon,
        unit: "户",
        definition: "今年最近一次问到政策知晓时，没有答知道的户",
        on_desk: false,
        by_reason: true,
        reason: |line| code::label("awareness", &line.detail).to_owned(),
        errand: None,
    },
];

/// How long a bedridden patient may wait for somebody at the door.
const AT_THE_DOOR: i64 = 90;
/// Answers that count as satisfied.
const SATISFIED: [&str; 2] = ["satisfied", "basically"];
/// How long a problem may wait that nobody set a day for.
const WAITS: Days = Days::new(30);
/// Measures a household should have.
const MEASURES: usize = 4;
/// What is handed out and explains nothing.
const NOT_TO_READ: &str = "card";

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    if !file.is_lived_in() {
        return;
    }
    if file.household.instructor.as_deref().unwrap_or_default().is_empty() {
        findings.household("no_instructor", "");
    }
    for row in file.issues.iter().filter(|row| is_open(&row.record)) {
        let due = due_on(&row.record);
        if due.is_some_and(|due| due < world.today) {
            let todo = findings.household("issue_open", row.record.problem.clone().unwrap_or_default());
            (todo.person, todo.due, todo.severity) = (row.record.person, due, 3);
            todo.record = Some((Issue::TYPE.id, row.id));
        }
    }
    at_the_door(file, world, findings);
    let asked = file.home_visits.iter().filter(|row| world.this_year(row.record.visited_on));
    if let Some(answer) = asked.filter_map(|row| row.record.satisfied.as_deref()).next() {
        let content = SATISFIED.contains(&answer);
        if !content {
            findings.household("satisfied", answer);
        }
        findings.share("satisfied", i64::from(content), 1, 0);
    }
    let heard = file.home_visits.iter().filter(|row| world.this_year(row.record.visited_on));
    if let Some(answer) = heard.filter_map(|row| row.record.aware.as_deref()).next() {
        if answer != "yes" {
            findings.household("aware", answer);
        }
        findings.share("aware", i64::from(answer == "yes"), 1, 0);
    }
    let recent = |day: Option<NaiveDate>| {
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

/// Visits, printed matter and measures of help.
fn at_the_door(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let calls = file.home_visits.iter().filter(|row| row.record.mode.as_deref() == Some("visit"));
    let last = calls.filter_map(|row| row.record.visited_on).filter(|day| *day <= world.today).max();
    if last < Some(quarter(world.today)) {
        findings.household("not_visited", "").due = last;
    }
    let read = file.materials.iter().any(|row| {
        world.this_year(row.record.issued_on) && row.record.kind.as_deref().is_some_and(|kind| kind != NOT_TO_READ)
    });
    if !read {
        findings.household("no_material", "");
    }
    findings.share("material", i64::from(read), 1, 0);
    let count = measures(file.measures.iter().map(|row| &row.record), world);
    if count < MEASURES {
        findings.household("few_measures", "").amount = i64::try_from(count).ok();
    }
}

/// Measures that hold today, each kind and content once.
fn measures<'m>(measures: impl Iterator<Item = &'m Measure>, world: &World) -> usize {
    let held = measures.filter(|measure| world.holds(None, measure.until));
    held.map(|measure| (&measure.kind, &measure.detail)).collect::<std::collections::BTreeSet<_>>().len()
}

/// The first day of the quarter a day lies in.
pub(crate) fn quarter(day: NaiveDate) -> NaiveDate {
    let month = day.month0() / 3 * 3 + 1;
    NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day)
}

/// Whether a problem waits: nobody closed it, or closed it without saying what came of it.
pub(crate) fn is_open(issue: &Issue) -> bool {
    issue.closed_on.is_none() || issue.result.as_deref().is_none_or(|result| result.trim().is_empty())
}

/// When a problem should be dealt with.
pub(crate) fn due_on(issue: &Issue) -> Option<NaiveDate> {
    issue.due_on.or_else(|| issue.raised_on.and_then(|day| day.checked_add_days(WAITS)))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use mingbai_domain::catalogue::Issue;

    use super::{due_on, is_open, quarter};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn a_problem_closed_without_a_result_is_still_open() {
        let closed = Issue { closed_on: Some(day(11, 2)), result: Some(" ".to_owned()), ..Issue::default() };
        assert!(is_open(&closed));
        assert!(!is_open(&Issue { result: Some("已办证".to_owned()), ..closed }));
    }

    #[test]
    fn a_problem_without_a_day_of_its_own_is_due_after_thirty_days() {
        let raised = Issue { raised_on: Some(day(10, 1)), ..Issue::default() };
        assert_eq!(due_on(&raised), Some(day(10, 31)));
        assert_eq!(due_on(&Issue { due_on: Some(day(10, 5)), ..raised }), Some(day(10, 5)));
    }

    #[test]
    fn a_quarter_begins_in_january_april_july_and_october() {
        assert_eq!(
            [day(1, 1), day(3, 31), day(6, 30), day(11, 22)].map(quarter),
            [day(1, 1), day(1, 1), day(4, 1), day(10, 1)]
        );
    }
}
