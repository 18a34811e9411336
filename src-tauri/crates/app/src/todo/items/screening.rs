//! 体检、孕产妇与儿童健康管理、两癌等筛查: whose turn it is (domain A-46…, D.6).

use mingbai_domain::code;
use mingbai_domain::due::periodic::{self, Periodic, Service, Whom};
use mingbai_domain::due::schedule::{self, Had, Life, Planned};
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use super::follow_up::illnesses;
use crate::dto::Tone;
use crate::todo::crowd::{age, maternity};
use crate::todo::{Findings, Item, World};

pub(super) const ITEMS: [Item; 7] = [
    Item {
        key: "exam_due",
        label: "今年还没有体检",
        section: "疾病救治",
        tone: Tone::Soon,
        unit: "人",
        definition: "65岁及以上老年人（今年满65岁的也算），高血压、糖尿病、严重精神障碍、肺结核患者，今年没有体检记录（可以不签的人除外）",
        on_desk: true,
        by_reason: true,
        reason: said,
        errand: None,
    },
    Item::kept(
        "exam_free",
        "7–64岁今年没有免费体检",
        "疾病救治",
        "7–64岁，不是慢病患者，今年没有体检记录（可以不签的人除外）",
        |_| "7–64岁".to_owned(),
    ),
    Item::kept("exam_class", "今年体检过的人", "疾病救治", "今年体检过的人，按最近一次体检的甄别结果", class),
    Item {
        key: "maternal_due",
        label: "产检、产后访视到期",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "登记了预产期的孕妇、登记了分娩日期的产妇，到了孕期5次产检、产后访视、产后42天检查的时候，还没有做；预产期过了没有登记分娩的也列在这里",
        on_desk: true,
        by_reason: true,
        reason: said,
        errand: Some(|line, _| format!("{} {}", line.name, line.detail)),
    },
    Item {
        key: "child_due",
        label: "新生儿访视、儿童健康管理到期",
        section: "签约随访",
        tone: Tone::Soon,
        unit: "人",
        definition: "0–6岁儿童，到了新生儿访视（7天内）、满月、3、6、8、12、18、24、30、36月龄和4、5、6岁健康管理的时候，还没有做",
        on_desk: true,
        by_reason: true,
        reason: said,
        errand: None,
    },
    Item {
        key: "screening_due",
        label: "应筛未筛、应发未发",
        section: "疾病救治",
        tone: Tone::Soon,
        unit: "人项",
        definition: "35–64岁妇女近三个年度没有做宫颈癌、乳腺癌筛查，新生儿没有做疾病筛查，6–24月龄婴幼儿今年没有领营养包（可以不签的人除外）；年龄和间隔各地不同，待核实",
        on_desk: true,
        by_reason: true,
        reason: screening_of,
        errand: None,
    },
    Item::kept("screening_had", "已筛、已发", "疾病救治", "属于应筛应发的人，在规定的间隔内已经做过", screening_of),
];

fn screening_of(line: &TodoLine) -> String {
    code::label("screening_kind", &line.detail).to_owned()
}

fn said(line: &TodoLine) -> String {
    line.detail.clone()
}

fn class(line: &TodoLine) -> String {
    let result = line.detail.split_once('|').map_or("", |(_, result)| result);
    if result.is_empty() { "没有填甄别结果".to_owned() } else { code::label("exam_result", result).to_owned() }
}

/// The line of the table of examinations somebody belongs to: the first that is for them.
pub(super) fn owed_exam(person: &PersonFile, world: &World) -> Option<&'static Periodic> {
    let ill: Vec<&str> = illnesses(person).into_keys().collect();
    let whom = Whom { sex: person.person.sex.as_deref(), birth: person.person.birth, crowds: &ill };
    periodic::table().iter().find(|line| line.service == Service::Exam && line.is_for(&whom, world.today))
}

/// The services of pregnancy, childbed and childhood somebody has, had or will have.
pub(super) fn plan_of(person: &PersonFile, world: &World) -> Vec<Planned> {
    let maternity = maternity(person, world).map(|row| &row.record);
    let life = Life {
        expected: maternity.and_then(|record| record.expected_on),
        delivered: maternity.and_then(|record| record.delivered_on),
        birth: person.person.birth.filter(|_| age(person, world).is_some_and(|age| age < 7)),
    };
    let had: Vec<Had<'_>> = person
        .screenings
        .iter()
        .filter_map(|row| {
            let service = row.record.kind.as_deref()?;
            Some(Had { service, ordinal: row.record.ordinal, on: row.record.done_on? })
        })
        .collect();
    schedule::plan(&life, &had)
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    for person in file.residents().filter(|person| world.exclusion(person).is_none()) {
        exam(person, world, findings);
        scheduled(person, world, findings);
        screened(person, world, findings);
    }
}

fn exam(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let line = owed_exam(person, world);
    let newest = person.exams.iter().find(|row| world.this_year(row.record.examined_on));
    match (newest, line) {
        (Some(exam), _) => {
            let (whose, result) = (line.map_or("other", |line| line.kind), exam.record.result.as_deref());
            findings.person("exam_class", person, format!("{whose}|{}", result.unwrap_or_default()));
        }
        (None, Some(line)) if line.listed => drop(findings.person("exam_due", person, line.label)),
        (None, Some(_)) => drop(findings.person("exam_free", person, "")),
        (None, None) => {}
    }
}

fn scheduled(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let planned = plan_of(person, world);
    for now in schedule::due_now(&planned, world.today) {
        let slot = now.planned.slot;
        let item = if slot.base == schedule::Base::Birth { "child_due" } else { "maternal_due" };
        let missed = if now.missed > 0 { format!("，前面缺{}次", now.missed) } else { String::new() };
        let row = findings.person(item, person, format!("{}{missed}", slot.label));
        (row.due, row.severity) = (Some(now.planned.by), if now.planned.by < world.today { 2 } else { 4 });
    }
    let expected = maternity(person, world).filter(|row| row.record.delivered_on.is_none());
    if let Some(expected) = expected.and_then(|row| row.record.expected_on).filter(|day| *day < world.today) {
        let row = findings.person("maternal_due", person, "预产期已过，没有登记分娩");
        (row.due, row.severity) = (Some(expected), 2);
    }
}

fn screened(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let whom = Whom { sex: person.person.sex.as_deref(), birth: person.person.birth, crowds: &[] };
    let lines = periodic::table().iter().filter(|line| line.service == Service::Screening && line.listed);
    for line in lines.filter(|line| line.is_for(&whom, world.today)) {
        let had = person.screenings.iter().filter(|row| row.record.kind.as_deref() == Some(line.kind));
        let done = line.is_done(had.filter_map(|row| row.record.done_on).max(), world.today);
        findings.person(if done { "screening_had" } else { "screening_due" }, person, line.kind);
    }
}
