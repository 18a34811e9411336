//! 扶贫日活动统计表 (domain D.10): what was done in this year's activities, a line a village.

use std::collections::BTreeMap;

use chrono::Datelike;
use mingbai_domain::catalogue::{Activity, Village};

use super::{Report, Table};
use crate::error::AppError;
use crate::office::Context;

pub(super) const REPORT: Report = Report {
    key: "poverty_day",
    title: "扶贫日活动统计表",
    about: "今年登记为扶贫日的活动，按村合计入户、服务、签约、健康教育、中医保健、优生优育、体检、健康管理、走访慰问",
    make,
};

/// What the place of an activity is called that names no village.
const AT_HOME: &str = "本单位";

/// A column of the table: the head above, its own, and the number it adds up.
type Column = (&'static str, &'static str, fn(&Activity) -> Option<i64>);

const COLUMNS: [Column; 19] = [
    ("", "场次", |_| Some(1)),
    ("", "医务人员", |a| a.staff),
    ("", "入户户数", |a| a.households),
    ("服务", "人数", |a| a.people),
    ("服务", "建档立卡", |a| a.poor_people),
    ("签约", "核对", |a| a.checked),
    ("签约", "新签", |a| a.signed),
    ("健康教育", "场次", |a| a.sessions),
    ("健康教育", "人次", |a| a.attendances),
    ("健康教育", "资料", |a| a.copies),
    ("", "中医保健", |a| a.tcm),
    ("", "优生优育", |a| a.eugenics),
    ("健康体检", "人次", |a| a.exams),
    ("健康体检", "65岁以上", |a| a.old_exams),
    ("", "健康管理", |a| a.managed),
    ("", "走访领导", |a| a.leaders),
    ("", "慰问", |a| Some(i64::from(a.condolence.is_some()))),
    ("", "图片", |a| a.pictures),
    ("", "天数", |a| Some(days(a))),
];

/// How many days an activity lasted.
fn days(activity: &Activity) -> i64 {
    match (activity.held_on, activity.ended_on) {
        (Some(first), Some(last)) if last >= first => (last - first).num_days() + 1,
        (first, _) => i64::from(first.is_some()),
    }
}

fn make(context: &Context<'_>) -> Result<Table, AppError> {
    let year = context.host.today().year();
    let reading = context.read()?;
    let mut villages = reading.all::<Village>()?;
    villages.sort_by(|a, b| (&a.record.code, &a.record.name).cmp(&(&b.record.code, &b.record.name)));
    let mut sums: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for row in reading.all::<Activity>()? {
        let held = row.record.held_on.is_some_and(|day| day.year() == year);
        if !held || row.record.kind.as_deref() != Some("poverty_day") {
            continue;
        }
        let place = row.record.village.and_then(|id| villages.iter().position(|village| village.id == id));
        let sum = sums.entry(place.unwrap_or(villages.len())).or_insert_with(|| vec![0; COLUMNS.len()]);
        for (total, (_, _, number)) in sum.iter_mut().zip(COLUMNS) {
            *total += number(&row.record).unwrap_or_default();
        }
    }
    let named = |place: usize| {
        let village = villages.get(place).and_then(|row| row.record.name.clone());
        village.unwrap_or_else(|| AT_HOME.to_owned())
    };
    Ok(Table {
        first: "村",
        columns: COLUMNS.iter().map(|(group, name, _)| (*group, *name)).collect(),
        rows: sums.into_iter().map(|(place, numbers)| (named(place), numbers)).collect(),
        remarks: vec![
            format!("{year}年登记为扶贫日的活动；没有写村的计在{AT_HOME}"),
            "慰问按场次计，资料按份计，图片按张计".to_owned(),
        ],
        tab: "扶贫日活动",
        measure: "场、户、人、份",
    })
}
