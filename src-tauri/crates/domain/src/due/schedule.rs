//! Services that belong to a week of pregnancy, a day after birth or an age of a child: when each is due, which is done and
//! which is due now. The weeks and ages are a table.
//!
//! Source: 国家基本公共卫生服务规范（第三版, 2017）, the sections on 孕产妇 and 0~6岁儿童.

use std::sync::OnceLock;

use chrono::{Days, NaiveDate};

use super::Interval;

const SOURCE: &str = include_str!("../../../../../assets/rules/schedule.tsv");

/// Days from the last menstruation to the expected delivery.
const PREGNANCY: u64 = 280;
/// For so many days after its last day a service that was missed is still asked for.
const STILL_ASKED: i64 = 180;

/// A visit so many days before its window counts for it when the one before was had already: families come when they can.
const EARLY: u64 = 7;

/// What a service is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// 280 days before the expected delivery.
    Pregnancy,
    /// The delivery.
    Delivery,
    /// The child's own birth.
    Birth,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// A code of `screening_kind`.
    pub service: &'static str,
    /// Which of its service it is, from 1.
    pub ordinal: i64,
    /// What it is counted from.
    pub base: Base,
    from: Interval,
    before: Interval,
    /// What a clerk calls it.
    pub label: &'static str,
}

/// The days somebody's services are counted from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Life {
    /// 预产期.
    pub expected: Option<NaiveDate>,
    /// 分娩日期.
    pub delivered: Option<NaiveDate>,
    /// Birth, for a child.
    pub birth: Option<NaiveDate>,
}

/// A service somebody had.
#[derive(Clone, Copy, Debug)]
pub struct Had<'h> {
    /// A code of `screening_kind`.
    pub service: &'h str,
    /// Which of its service it was, where that was written.
    pub ordinal: Option<i64>,
    /// The day.
    pub on: NaiveDate,
}

/// One service of somebody with its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The line of the table.
    pub slot: &'static Slot,
    /// The first day it can be had.
    pub from: NaiveDate,
    /// The last day on which it is in time.
    pub by: NaiveDate,
    /// When it was had.
    pub done: Option<NaiveDate>,
}

/// What is due now of the services counted from one base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The service that is due.
    pub planned: Planned,
    /// How many before it were missed.
    pub missed: usize,
}

/// The table.
#[must_use]
pub fn slots() -> &'static [Slot] {
    static SLOTS: OnceLock<Vec<Slot>> = OnceLock::new();
    SLOTS.get_or_init(|| SOURCE.lines().skip(1).filter_map(slot).collect())
}

fn slot(line: &'static str) -> Option<Slot> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [service, ordinal, base, from, before, label, _source] = columns[..] else { return None };
    let base = match base {
        "pregnancy" => Base::Pregnancy,
        "delivery" => Base::Delivery,
        "birth" => Base::Birth,
        _ => return None,
    };
    let (from, before) = (from.parse().ok()?, before.parse().ok()?);
    Some(Slot { service, ordinal: ordinal.parse().ok()?, base, from, before, label })
}

impl Life {
    fn start(&self, base: Base) -> Option<NaiveDate> {
        match base {
            Base::Pregnancy => self.expected?.checked_sub_days(Days::new(PREGNANCY)),
            Base::Delivery => self.delivered,
            Base::Birth => self.birth,
        }
    }
}

/// Every service somebody has, had or will have, in the order of the table.
#[must_use]
pub fn plan(life: &Life, had: &[Had<'_>]) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::new();
    for slot in slots() {
        let Some(start) = life.start(slot.base) else { continue };
        let (from, by) = (slot.from.after(start), slot.before.after(start) - Days::new(1));
        // What would have been due after the delivery is owed no more.
        if slot.base == Base::Pregnancy && life.delivered.is_some_and(|delivered| delivered < from) {
            continue;
        }
        planned.push(Planned { slot, from, by, done: None });
    }
    for place in 0..planned.len() {
        let (one, end) = (planned[place], next_of(&planned, place));
        let start = life.start(one.slot.base).unwrap_or(one.from);
        let before = planned[..place].iter().rev().find(|other| other.slot.service == one.slot.service);
        // The day after which a visit is too late for the service before, which has had its own.
        let early = match before {
            None => Some(start),
            Some(before) => before.done.map(|had| had.max(before.by) + Days::new(1)),
        };
        let from = early.map_or(one.from, |early| early.max(one.from - Days::new(EARLY)).min(one.from));
        let theirs = |had: &&Had<'_>| {
            had.service == one.slot.service
                && match had.ordinal {
                    Some(ordinal) => ordinal == one.slot.ordinal && had.on >= start,
                    None => from <= had.on && had.on < end,
                }
        };
        planned[place].done = had.iter().filter(theirs).map(|had| had.on).min();
    }
    // Nor what the delivery cut short.
    let cut_short = |one: &Planned| {
        one.slot.base == Base::Pregnancy && one.done.is_none() && life.delivered.is_some_and(|day| day <= one.by)
    };
    planned.retain(|one| !cut_short(one));
    planned
}

/// When the next service of the same kind begins; a visit before that day is still the one at `place`.
fn next_of(planned: &[Planned], place: usize) -> NaiveDate {
    let one = &planned[place];
    let next = planned[place + 1..].iter().find(|other| other.slot.service == one.slot.service);
    next.map_or(one.by + Days::new(STILL_ASKED.unsigned_abs()), |next| next.from)
}

/// What is due on a day of each base: the newest service that has begun, unless it was had.
#[must_use]
pub fn due_now(planned: &[Planned], today: NaiveDate) -> Vec<Now> {
    let mut due = Vec::new();
    let delivered = planned.iter().any(|one| one.slot.base == Base::Delivery);
    for base in [Base::Pregnancy, Base::Delivery, Base::Birth] {
        if base == Base::Pregnancy && delivered {
            continue;
        }
        let begun: Vec<&Planned> = planned.iter().filter(|one| one.slot.base == base && one.from <= today).collect();
        let Some((newest, before)) = begun.split_last() else { continue };
        if newest.done.is_none() && (today - newest.by).num_days() <= STILL_ASKED {
            let missed = before.iter().filter(|one| one.done.is_none()).count();
            due.push(Now { planned: **newest, missed });
        }
    }
    due
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Base, Had, Life, SOURCE, due_now, plan, slots};
    use crate::code;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn had(service: &'static str, ordinal: Option<i64>, on: &str) -> Had<'static> {
        Had { service, ordinal, on: day(on) }
    }

    #[test]
    fn the_table_is_read_whole_and_every_service_is_one_of_the_code_table() {
        assert_eq!(slots().len(), SOURCE.lines().count() - 1);
        for slot in slots() {
            assert!(code::find("screening_kind", slot.service).is_some(), "{}", slot.service);
        }
    }

    #[test]
    fn a_visit_some_days_early_counts_once_the_service_before_it_was_had() {
        let life = Life { birth: Some(day("2026-01-01")), ..Life::default() };
        let of = |had: &[Had<'_>]| {
            let planned = plan(&life, had);
            planned
                .iter()
                .filter(|one| one.slot.service == "child_care")
                .take(3)
                .map(|one| one.done.map(|day| day.to_string()))
                .collect::<Vec<_>>()
        };
        let some = |text: &str| Some(text.to_owned());
        // The visit of three months was made three days early; nobody is asked for it again.
        let both = [had("child_care", None, "2026-01-29"), had("child_care", None, "2026-03-29")];
        assert_eq!(of(&both), [some("2026-01-29"), some("2026-03-29"), None]);
        // Alone it is the late one of the first month, and the next is still due.
        assert_eq!(of(&both[1..]), [some("2026-03-29"), None, None]);
        // Weeks early it is no visit of three months.
        let soon = [had("child_care", None, "2026-01-29"), had("child_care", None, "2026-03-01")];
        assert_eq!(of(&soon), [some("2026-01-29"), None, None]);
    }

    #[test]
    fn five_antenatal_visits_fall_in_their_weeks() {
        // Expected on 2026-10-08: the pregnancy is counted from 2026-01-01.
        let life = Life { expected: Some(day("2026-10-08")), ..Life::default() };
        let planned = plan(&life, &[]);
        let days: Vec<(String, String)> =
            planned.iter().map(|one| (one.from.to_string(), one.by.to_string())).collect();
        let expected = [
            ("2026-01-01", "2026-04-01"),
            ("2026-04-23", "2026-05-27"),
            ("2026-05-28", "2026-06-24"),
            ("2026-07-16", "2026-09-16"),
            ("2026-09-17", "2026-10-14"),
        ];
        assert_eq!(days, expected.map(|(from, by)| (from.to_owned(), by.to_owned())));
        let week = |today: &str| due_now(&planned, day(today)).first().map(|now| now.planned.slot.ordinal);
        assert_eq!((week("2026-02-01"), week("2026-05-27"), week("2026-05-28")), (Some(1), Some(2), Some(3)));
    }

    #[test]
    fn a_visit_in_its_weeks_counts_also_without_its_number_and_another_pregnancys_does_not() {
        let life = Life { expected: Some(day("2026-10-08")), ..Life::default() };
        let planned = plan(&life, &[had("antenatal", None, "2026-04-30"), had("antenatal", Some(3), "2024-06-01")]);
        let done: Vec<bool> = planned.iter().map(|one| one.done.is_some()).collect();
        assert_eq!(done, [false, true, false, false, false]);
        let now = due_now(&planned, day("2026-06-01"))[0];
        assert_eq!((now.planned.slot.ordinal, now.missed), (3, 1), "the first one was missed");
    }

    #[test]
    fn after_the_delivery_two_visits_are_due_and_no_antenatal_one_more_nor_the_one_it_cut_short() {
        let delivered = Some(day("2026-09-10"));
        let life = Life { expected: Some(day("2026-10-08")), delivered, ..Life::default() };
        let planned = plan(&life, &[]);
        assert_eq!(planned.iter().filter(|one| one.slot.base == Base::Pregnancy).count(), 3);
        let due = |today: &str| {
            let now = due_now(&planned, day(today));
            now.iter().map(|now| now.planned.slot.service).collect::<Vec<_>>()
        };
        assert_eq!(due("2026-09-12"), Vec::<&str>::new());
        assert_eq!(due("2026-09-13"), ["postnatal"]);
        assert_eq!(due("2026-10-25"), ["day42"]);
    }

    #[test]
    fn a_newborn_is_visited_within_seven_days_and_a_child_at_its_ages() {
        let life = Life { birth: Some(day("2026-01-15")), ..Life::default() };
        let planned = plan(&life, &[had("newborn_visit", None, "2026-01-20"), had("child_care", None, "2026-05-20")]);
        assert_eq!((planned[0].by, planned[0].done), (day("2026-01-22"), Some(day("2026-01-20"))));
        // Three months: seen late, before the sixth month.
        assert_eq!(planned[2].done, Some(day("2026-05-20")));
        let now = due_now(&planned, day("2026-07-16"))[0];
        assert_eq!((now.planned.slot.label, now.missed), ("6月龄健康管理", 1), "满月 was missed");
        assert_eq!(due_now(&planned, day("2034-01-01")), []);
    }
}
