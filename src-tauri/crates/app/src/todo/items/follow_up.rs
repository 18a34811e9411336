//! 随访周期: when every patient is due and why, whom the last visit makes urgent or asks to refer, who is seen too seldom
//! (domain D.6, A-44…A-46).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mingbai_domain::catalogue::{Record, Visit};
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::code;
use mingbai_domain::due::{self, Case, Seen};
use mingbai_store::Row;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::dto::Tone;
use crate::member::{ends_management, followed_kind, visit_line};
use crate::restricted;
use crate::todo::{Findings, Item, World};

/// Patients of whom no list may say what is wrong: one for everything, as two would tell which of the illnesses it is.
const HIDDEN_CARE: &str = "visit_hidden";
/// The list the doctor's week is made of; the desk does not show it.
const PLAN: &str = "visit_plan";

pub(super) const ITEMS: [Item; 7] = [
    Item {
        key: "visit_urgent",
        label: "上次随访指标危急",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "最近一次随访血压≥180/110、空腹血糖≥16.7或≤3.9：当天处理后转诊，2周内随访转诊情况",
        on_desk: true,
        by_reason: true,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| format!("{} 上次随访{}，要转诊", line.name, line.detail)),
    },
    Item {
        key: "visit_refer",
        label: "连续两次不满意，要转诊",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "连续两次随访控制不满意、药物不良反应难以控制，或有新的并发症：建议转诊，2周内随访；最近一次已写转诊的不列",
        on_desk: true,
        by_reason: false,
        reason: kind_of,
        errand: None,
    },
    Item {
        key: "visit_few",
        label: "面对面随访次数不够",
        section: "签约随访",
        tone: Tone::Soon,
        unit: "人",
        definition: "高血压、糖尿病患者全年至少4次面对面随访（门诊或上门，电话不算）；按纳入管理的月份折算，到今天还差的人",
        on_desk: true,
        by_reason: false,
        reason: few,
        errand: None,
    },
    Item {
        key: "unmanaged",
        label: "四病患者没有纳入管理",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "高血压、糖尿病、结核病、严重精神障碍患者，没有登记为在管的重点人群，一年内也没有随访过（可以不签的人除外）",
        on_desk: true,
        by_reason: true,
        reason: kind_of,
        errand: None,
    },
    Item {
        key: "visit_far",
        label: "下次随访约得太晚",
        section: "签约随访",
        tone: Tone::Soon,
        unit: "人",
        definition: "约定的下次随访日期晚于规定的间隔：控制满意3个月内，不满意2周内",
        on_desk: true,
        by_reason: false,
        reason: far,
        errand: None,
    },
    Item {
        key: HIDDEN_CARE,
        label: "限制查看的患者要跟进",
        section: "签约随访",
        tone: Tone::Missing,
        unit: "人",
        definition: "限制查看的患者随访到期、次数不够、病情要转诊，或没有约好下次随访：由负责人打开看原因",
        on_desk: true,
        by_reason: false,
        reason: |_| restricted::HIDDEN.to_owned(),
        errand: None,
    },
    Item {
        key: PLAN,
        label: "随访计划",
        section: "签约随访",
        tone: Tone::Neutral,
        unit: "人次",
        definition: "每位患者下一次随访最迟的日期",
        on_desk: false,
        by_reason: false,
        reason: |line| Plan::of(line).why(),
        errand: None,
    },
];

fn shown(kind: &str) -> &str {
    restricted::shown(code::label("visit_kind", kind))
}

fn kind_of(line: &TodoLine) -> String {
    shown(&line.detail).to_owned()
}

fn few(line: &TodoLine) -> String {
    let (kind, done) = line.detail.split_once('|').unwrap_or((&line.detail, "0"));
    format!("{} 今年面对面 {done} 次，到今天应有 {} 次", shown(kind), line.amount.unwrap_or_default())
}

fn far(line: &TodoLine) -> String {
    let (kind, agreed) = line.detail.split_once('|').unwrap_or((&line.detail, ""));
    let by = line.due.map(|day| day.to_string()).unwrap_or_default();
    format!("{} 约在 {agreed}，最迟应在 {by}", shown(kind))
}

/// One planned visit, as a row's detail keeps it.
pub(crate) struct Plan<'l> {
    /// Code of `visit_kind`.
    pub(crate) kind: &'l str,
    case: &'l str,
    /// Whose patient it is.
    pub(crate) doctor: &'l str,
    /// What the last visit measured.
    pub(crate) last: &'l str,
}

impl<'l> Plan<'l> {
    pub(crate) fn of(line: &'l TodoLine) -> Self {
        let mut parts = line.detail.split('|');
        let mut next = || parts.next().unwrap_or_default();
        Self { kind: next(), case: next(), doctor: next(), last: next() }
    }

    /// `控制不满意`; nothing where no table says.
    pub(crate) fn why(&self) -> String {
        Case::from_code(self.case).map_or(String::new(), |case| case.label().to_owned())
    }

    fn detail(&self) -> String {
        let plain = |text: &str| text.replace('|', " ");
        [self.kind, self.case, &plain(self.doctor), &plain(self.last)].join("|")
    }
}

/// What of a visit decides about the next.
pub(crate) fn seen(visit: &Visit) -> Option<Seen<'_>> {
    Some(Seen {
        systolic: visit.systolic,
        diastolic: visit.diastolic,
        glucose_tenths: visit.glucose_tenths,
        control: visit.control.as_deref(),
        stability: visit.stability.as_deref(),
        danger: visit.danger,
        month: visit.month,
        ended: ends_management(visit),
        ..Seen::on(visit.visited_on?)
    })
}

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let (mut patients, mut managed, mut counted, mut enough) = (0, 0, 0, 0);
    for person in file.residents().filter(|person| world.exclusion(person).is_none()) {
        let ill = illnesses(person);
        let mut visits: BTreeMap<&str, Vec<&Row<Visit>>> = ill.keys().map(|kind| (*kind, Vec::new())).collect();
        for visit in &person.visits {
            visits.entry(visit.record.kind.as_deref().unwrap_or_default()).or_default().push(visit);
        }
        for (kind, visits) in &visits {
            let diagnosed = ill.get(kind).copied();
            of_kind(file, person, kind, visits, diagnosed, world, findings);
        }
        patients += i64::from(!ill.is_empty());
        managed += i64::from(!ill.is_empty() && is_managed(person, &ill, world, findings));
        let (open, hidden): (BTreeMap<_, _>, BTreeMap<_, _>) = ill.iter().partition(|(kind, _)| !is_hidden(kind));
        if too_few(person, &hidden, &visits, world).flatten().is_some() {
            findings.person(HIDDEN_CARE, person, "").severity = 1;
        }
        if let Some(few) = too_few(person, &open, &visits, world) {
            counted += 1;
            match few {
                Some((kind, done, owed)) => {
                    findings.person("visit_few", person, format!("{kind}|{done}")).amount = Some(owed);
                }
                None => enough += 1,
            }
        }
    }
    findings.share("managed", managed, patients, 0);
    findings.share("face_to_face", enough, counted, 0);
}

/// In the care of somebody: registered with the crowd, or visited within a year.
fn is_managed(
    person: &PersonFile,
    ill: &BTreeMap<&'static str, Option<NaiveDate>>,
    world: &World,
    findings: &mut Findings<'_>,
) -> bool {
    let within_a_year = |day: Option<NaiveDate>| day.is_some_and(|day| (world.today - day).num_days() <= 365);
    let of_crowd = |kind: &str| {
        let rows = person.crowds.iter().filter(|row| row.record.crowd.as_deref() == Some(kind));
        rows.into_iter().any(|row| world.holds(row.record.since, row.record.until))
    };
    let visited = |kind: &str| {
        let of_kind = person.visits.iter().filter(|row| row.record.kind.as_deref() == Some(kind));
        of_kind.into_iter().any(|row| within_a_year(row.record.visited_on))
    };
    match ill.keys().find(|kind| !of_crowd(kind) && !visited(kind)) {
        Some(kind) => {
            findings.person("unmanaged", person, *kind);
            false
        }
        None => true,
    }
}

/// Whether somebody is owed face-to-face visits at all, and then the kind of which they had too few: had and owed by today.
#[expect(clippy::option_option, reason = "not owed any, owed and had, owed and not had")]
fn too_few<'k>(
    person: &PersonFile,
    ill: &BTreeMap<&'k str, Option<NaiveDate>>,
    visits: &BTreeMap<&str, Vec<&Row<Visit>>>,
    world: &World,
) -> Option<Option<(&'k str, usize, i64)>> {
    let mut owing = None;
    for (kind, diagnosed) in ill {
        let Some(per_year) = world.intervals.per_year(kind) else { continue };
        if visits.get(kind).and_then(|visits| visits.first()).is_some_and(|newest| ends_management(&newest.record)) {
            continue;
        }
        let since = managed_since(person, kind).or(*diagnosed);
        let owed = i64::from(due::owed(per_year, since.unwrap_or(NaiveDate::MIN), world.today));
        let face_to_face = |row: &&&Row<Visit>| {
            world.this_year(row.record.visited_on) && matches!(row.record.mode.as_deref(), Some("1" | "2"))
        };
        let done = visits.get(kind).map_or(0, |visits| visits.iter().filter(face_to_face).count());
        let few = (owed > done as i64).then_some((*kind, done, owed));
        owing = Some(owing.flatten().or(few));
    }
    owing
}

/// Since when somebody is registered with a crowd.
pub(super) fn managed_since(person: &PersonFile, crowd: &str) -> Option<NaiveDate> {
    let managed = person.crowds.iter().filter(|row| row.record.crowd.as_deref() == Some(crowd));
    managed.filter_map(|row| row.record.since).min()
}

/// The kinds of visit a person is owed by their diagnoses, with the day of the first.
pub(in crate::todo) fn illnesses(person: &PersonFile) -> BTreeMap<&'static str, Option<NaiveDate>> {
    let mut ill: BTreeMap<&'static str, Option<NaiveDate>> = BTreeMap::new();
    for row in person.diagnoses.iter().filter(|row| row.record.ended_on.is_none()) {
        if let Some(kind) = followed_kind(&row.record) {
            let first = ill.entry(kind).or_insert(row.record.diagnosed_on);
            *first = [*first, row.record.diagnosed_on].into_iter().flatten().min();
        }
    }
    ill
}

fn of_kind(
    file: &HouseholdFile,
    person: &PersonFile,
    kind: &str,
    visits: &[&Row<Visit>],
    diagnosed: Option<Option<NaiveDate>>,
    world: &World,
    findings: &mut Findings<'_>,
) {
    let history: Vec<Seen<'_>> = visits.iter().filter_map(|row| seen(&row.record)).collect();
    if history.first().is_some_and(|newest| newest.ended) {
        return;
    }
    let age = person.person.birth.map(|birth| i64::from(age_on(birth, world.today)));
    let rule = due::next(&world.intervals, kind, &history, age);
    let newest = visits.first();
    let agreed = newest.and_then(|row| row.record.next_on);
    let by = match (&rule, diagnosed, newest) {
        (Some(rule), ..) => Some(agreed.map_or(rule.by, |agreed| agreed.min(rule.by))),
        (None, Some(since), None) => {
            let first = since.and_then(|since| due::first(&world.intervals, kind, since));
            Some(first.unwrap_or(world.today))
        }
        (None, ..) => agreed,
    };
    if let Some(by) = by {
        let case = rule.as_ref().map_or(Case::First, |rule| rule.case);
        let case = if rule.is_none() && newest.is_some() { "" } else { case.code() };
        let village = file.household.village.and_then(|id| world.villages.get(&id));
        let doctor = newest.and_then(|row| row.record.doctor.as_deref());
        let doctor = doctor.or(village.and_then(|row| row.record.doctor_name.as_deref())).unwrap_or_default();
        let last = newest.map(|row| visit_line(&row.record)).unwrap_or_default();
        let row = findings.person(PLAN, person, Plan { kind, case, doctor, last: &last }.detail());
        (row.due, row.record) = (Some(by), newest.map(|row| (Visit::TYPE.id, row.id)));
    }
    let (Some(rule), Some(newest)) = (&rule, newest) else { return };
    if is_hidden(kind) {
        let late = by.is_some_and(|by| by < world.today);
        if late || rule.refer || !rule.urgent.is_empty() || agreed.is_none_or(|agreed| agreed > rule.by) {
            findings.person(HIDDEN_CARE, person, "").severity = 1;
        }
        return;
    }
    if !rule.urgent.is_empty() {
        let said: Vec<&str> = rule.urgent.iter().map(|urgent| urgent.label()).collect();
        let row = findings.person("visit_urgent", person, said.join("、"));
        (row.due, row.severity) = (newest.record.visited_on, 0);
    } else if rule.refer && newest.record.referral_reason.is_none() && newest.record.referral_to.is_none() {
        let row = findings.person("visit_refer", person, kind);
        (row.due, row.severity) = (Some(rule.by), 1);
    }
    if let Some(agreed) = agreed.filter(|agreed| *agreed > rule.by) {
        findings.person("visit_far", person, format!("{kind}|{agreed}")).due = Some(rule.by);
    }
}

/// Whether the kind of a visit names an illness that nobody reads over a shoulder.
pub(super) fn is_hidden(kind: &str) -> bool {
    restricted::visit_name(kind).is_empty() && !kind.is_empty()
}
