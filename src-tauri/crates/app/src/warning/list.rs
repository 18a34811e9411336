//! The households, people or bills behind a number of the page.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};

use super::lines::{Lines, Reach};
use super::year::{PersonYear, Sums, is_ruled};
use super::{Looked, area_of, is_of, look};
use crate::dto::{Tone, WarningList, WarningListRequest, WarningRow};
use crate::error::AppError;
use crate::household::basis_points;
use crate::office::Context;
use crate::restricted;

/// The rows of a list in the order that matters: the worst first.
pub(super) struct Found {
    pub(super) rows: Vec<WarningRow>,
}

/// What a household, a person or a bill is held against.
struct Held<'l> {
    lines: &'l Lines,
    all: Sums,
    ruled: Sums,
    next: Option<(String, Fen)>,
    at_end: Option<(Fen, String)>,
}

pub(crate) fn list(context: &mut Context<'_>, request: WarningListRequest) -> Result<WarningList, AppError> {
    if !matches!(request.by.as_str(), "household" | "person" | "bill") {
        return Err(AppError::invalid("by", "名单要按户、按人或者按单"));
    }
    if !matches!(request.show.as_str(), "over" | "near" | "tenth" | "next" | "all") {
        return Err(AppError::invalid("show", "没有这一种名单"));
    }
    let looked = look(context, request.year, request.village.as_ref())?;
    let mut found = Found::of(&looked, &request);
    if request.by == "household" {
        found.name(context)?;
    }
    let (total, money) = (found.rows.len() as i64, found.rows.iter().map(|row| row.in_scope_personal).sum());
    let skip = usize::try_from(request.offset).unwrap_or_default();
    let take = usize::try_from(request.limit).unwrap_or_default();
    let rows = found.rows.into_iter().skip(skip).take(take).collect();
    Ok(WarningList { year: i64::from(looked.year), rows, total, money })
}

impl Found {
    pub(super) fn of(looked: &Looked, request: &WarningListRequest) -> Self {
        let lines = &looked.lines;
        let mut rows: Vec<WarningRow> = match request.by.as_str() {
            "bill" => looked.people.iter().flat_map(|one| bills(one, lines, request)).collect(),
            "person" => {
                let asked = |one: &&PersonYear| one.records().any(|bill| is_asked(bill, request));
                looked.people.iter().filter(asked).map(|one| person(one, lines)).collect()
            }
            _ => households(&looked.people, lines),
        };
        let by_household = request.by == "household";
        rows.retain(|row| match request.show.as_str() {
            "over" => row.tone == Tone::Missing,
            "near" => row.tone == Tone::Soon,
            "tenth" => row.tenth,
            "next" => row.room.is_some(),
            _ => true,
        });
        rows.sort_by(|a, b| {
            let amount = b.in_scope_personal.cmp(&a.in_scope_personal);
            let worst = match request.show.as_str() {
                "next" => a.room.cmp(&b.room),
                "tenth" => b.of_total.cmp(&a.of_total),
                _ if by_household => b.of_line.cmp(&a.of_line),
                _ => amount,
            };
            worst.then(amount).then_with(|| a.key.cmp(&b.key))
        });
        Self { rows }
    }

    /// Names each household by its head.
    fn name(&mut self, context: &Context<'_>) -> Result<(), AppError> {
        let reading = context.read()?;
        let mut heads: BTreeMap<RecordId, String> = BTreeMap::new();
        for resident in reading.residents(None)? {
            // Whoever comes first in a household by relation is its head.
            heads.entry(resident.household).or_insert(resident.name);
        }
        for row in &mut self.rows {
            if let Some(head) = row.household.parse().ok().and_then(|id: RecordId| heads.get(&id)) {
                row.name = format!("{head}户");
            }
        }
        Ok(())
    }
}

impl Held<'_> {
    fn row(self, by_household: bool) -> WarningRow {
        let Self { lines, all, ruled, next, at_end } = self;
        let mut told = Vec::new();
        let (mut reach, mut of_line) = (Reach::Below, None);
        let against: [(&str, Fen, Option<Fen>); 2] = [
            ("因病致贫线", all.in_scope_personal, lines.illness_poverty),
            ("防返贫监测线", all.personal, lines.monitoring),
        ];
        for (label, amount, line) in against.into_iter().filter(|_| by_household) {
            let Some(line) = line.filter(|line| *line > Fen::ZERO) else { continue };
            let here = lines.against(amount, line);
            match here {
                Reach::Over => told.push(format!("超过{label}{line}元")),
                Reach::Near => told.push(format!("接近{label}{line}元，还差{}元", line - amount)),
                Reach::Below => {}
            }
            reach = reach.max(here);
            of_line = of_line.max(basis_points(amount.0, line.0));
        }
        let tenth = lines.too_much(ruled.personal, ruled.total);
        if tenth {
            told.push(format!("县域内自付占比超标（上限{}%）", lines.self_pay));
        }
        let (verdict, tone) = match reach {
            Reach::Over => ("超过", Tone::Missing),
            Reach::Near => ("接近", Tone::Soon),
            Reach::Below => ("", Tone::Neutral),
        };
        let (next, room) = next.map_or((String::new(), None), |(payer, room)| (payer, Some(room.0)));
        if let Some(room) = room {
            told.push(format!("再自付{}元，{next}就开始报", Fen(room)));
        }
        if let Some((amount, payers)) = at_end {
            told.push(format!("年终再付约{amount}元（{payers}）"));
        }
        WarningRow {
            bills: all.bills,
            total: all.total.0,
            in_scope: all.in_scope.0,
            personal: all.personal.0,
            in_scope_personal: all.in_scope_personal.0,
            of_total: basis_points(ruled.personal.0, ruled.total.0),
            of_in_scope: basis_points(ruled.in_scope_personal.0, ruled.in_scope.0),
            of_line,
            verdict: verdict.to_owned(),
            tone,
            tenth,
            next,
            room,
            told: told.join("；"),
            ..WarningRow::default()
        }
    }
}

fn identity(one: &PersonYear) -> String {
    let labels: Vec<&str> = one.identities.iter().map(|one| one.label.as_str()).collect();
    labels.join("、")
}

fn person(one: &PersonYear, lines: &Lines) -> WarningRow {
    let next = one.next().map(|line| (line.payer.clone(), line.room()));
    let held = Held { lines, all: one.all, ruled: one.ruled, next, at_end: one.at_end.clone() };
    WarningRow {
        key: one.person.to_string(),
        household: one.household.to_string(),
        person: Some(one.person.to_string()),
        name: one.name.clone(),
        village: one.village.clone(),
        identity: identity(one),
        ..held.row(false)
    }
}

fn households(people: &[PersonYear], lines: &Lines) -> Vec<WarningRow> {
    let mut homes: BTreeMap<RecordId, Vec<&PersonYear>> = BTreeMap::new();
    for one in people {
        homes.entry(one.household).or_default().push(one);
    }
    let row = |(household, members): (RecordId, Vec<&PersonYear>)| {
        let (mut all, mut ruled) = (Sums::default(), Sums::default());
        for one in &members {
            all.add(&one.all);
            ruled.add(&one.ruled);
        }
        let next = members.iter().filter_map(|one| one.next()).min_by_key(|line| line.room());
        let next = next.map(|line| (line.payer.clone(), line.room()));
        let names: Vec<&str> = members.iter().map(|one| one.name.as_str()).collect();
        let mut identities: Vec<String> = members.iter().map(|one| identity(one)).filter(|i| !i.is_empty()).collect();
        identities.sort();
        identities.dedup();
        WarningRow {
            key: household.to_string(),
            household: household.to_string(),
            name: names.join("、"),
            village: members.first().map(|one| one.village.clone()).unwrap_or_default(),
            identity: identities.join("、"),
            ..Held { lines, all, ruled, next, at_end: at_end(&members) }.row(true)
        }
    };
    homes.into_iter().map(row).collect()
}

/// What the year's end still brings a household's people together.
fn at_end(members: &[&PersonYear]) -> Option<(Fen, String)> {
    let owed: Vec<&(Fen, String)> = members.iter().filter_map(|one| one.at_end.as_ref()).collect();
    let mut payers: Vec<&str> = owed.iter().map(|(_, payers)| payers.as_str()).collect();
    payers.dedup();
    (!owed.is_empty()).then(|| (owed.iter().map(|(amount, _)| *amount).sum(), payers.join("、")))
}

/// Whether a bill is of the share and the area that are asked for.
fn is_asked(bill: &Settlement, request: &WarningListRequest) -> bool {
    let place = match request.area.as_deref() {
        None => true,
        Some("none") => area_of(bill).is_empty(),
        Some(area) => area_of(bill) == area,
    };
    place && request.share.as_deref().is_none_or(|share| is_of(bill, share))
}

fn bills<'p>(
    one: &'p PersonYear,
    lines: &'p Lines,
    request: &'p WarningListRequest,
) -> impl Iterator<Item = WarningRow> + 'p {
    let wanted = one.bills.iter().filter(|bill| is_asked(&bill.record, request));
    wanted.map(move |bill| {
        let record = &bill.record;
        let all = Sums::of(record);
        let ruled = if is_ruled(record) { all } else { Sums::default() };
        let mut row = Held { lines, all, ruled, next: None, at_end: None }.row(false);
        let hospital = restricted::shown(record.hospital.as_deref().unwrap_or_default());
        let day = record.settled_on.map(|day| day.to_string()).unwrap_or_default();
        row.told = [format!("{day} {hospital}"), row.told].join(" ").trim().to_owned();
        WarningRow {
            key: bill.id.to_string(),
            household: one.household.to_string(),
            person: Some(one.person.to_string()),
            bill: Some(bill.id.to_string()),
            name: one.name.clone(),
            village: one.village.clone(),
            identity: identity(one),
            ..row
        }
    })
}
