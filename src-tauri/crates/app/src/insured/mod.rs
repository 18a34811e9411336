//! 参保: everybody's insurance of a year — who pays, who is not insured and why, who is insured twice or elsewhere, who
//! waits — as tables whose every number opens its people, and a sheet to enter many.

mod person;
mod standards;
mod tables;
mod waiting;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::code;
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};

pub(crate) use standards::Standards;
pub(crate) use waiting::{Facts, facts};

use crate::bill::year_of;
use crate::dto::{
    InsuredPeople, InsuredPeopleRequest, InsuredSheet, InsuredSheetRequest, InsuredSheetRow, InsuredTableRequest,
    ReportFile, TallyColumn, TallyRow, TallyView,
};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::{Context, keep_file};
use person::{Asked, Insured, State, everybody};
use tables::Table;

/// A table with everybody it counts.
struct Counted {
    table: Table,
    year: i64,
    people: Vec<Insured>,
}

fn count(context: &mut Context<'_>, request: &InsuredTableRequest) -> Result<Counted, AppError> {
    let today = context.host.today();
    let year = i64::from(year_of(request.year, today)?);
    let standards = Standards::read(context.read()?, today)?;
    let table = tables::find(&request.table, year, today, &standards).ok_or_else(|| AppError::not_found("表"))?;
    Ok(Counted { table, year, people: whole(context, year, request.village.as_ref())? })
}

fn whole(context: &mut Context<'_>, year: i64, village: Option<&String>) -> Result<Vec<Insured>, AppError> {
    let county = context.profile()?.county_name.clone();
    let (today, packs) = (context.host.today(), context.packs()?);
    let first = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    let pack = first.and_then(|first| packs.on(first)).or_else(|| packs.on(today)).map(|pack| &*pack.rules);
    let asked = Asked { year, village: parse_id_maybe(village)?, today, county: &county, pack };
    everybody(context.read()?, &asked)
}

impl Counted {
    /// The rows of people that some column counts, by key.
    fn rows(&self) -> Vec<TallyRow> {
        let mut rows: Vec<TallyRow> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for one in &self.people {
            let adds: Vec<i64> = self.table.columns.iter().map(|column| (column.adds)(one)).collect();
            if adds.iter().all(|add| *add == 0) {
                continue;
            }
            let (key, label) = (self.table.row)(one);
            let place = *places.entry(key.clone()).or_insert(rows.len());
            if place == rows.len() {
                let label = if label.is_empty() { "没有填写".to_owned() } else { label };
                rows.push(TallyRow { key, label, cells: vec![Some(0); adds.len()] });
            }
            if let Some(row) = rows.get_mut(place) {
                for (cell, add) in row.cells.iter_mut().zip(adds) {
                    *cell = Some(cell.unwrap_or_default() + add);
                }
            }
        }
        if self.table.key != "village" && self.table.key != "tier" {
            rows.sort_by(|a, b| a.key.cmp(&b.key));
        }
        rows
    }

    fn view(&self, context: &Context<'_>) -> Result<TallyView, AppError> {
        let rows = self.rows();
        let total = (0..self.table.columns.len())
            .map(|at| Some(rows.iter().filter_map(|row| row.cells.get(at).copied().flatten()).sum()));
        Ok(TallyView {
            key: self.table.key.to_owned(),
            title: format!("{}年{}", self.year, self.table.title),
            unit: context.profile()?.unit_name.clone(),
            on: context.host.today(),
            head: self.table.head.to_owned(),
            columns: self
                .table
                .columns
                .iter()
                .map(|column| TallyColumn {
                    key: column.key.to_owned(),
                    group: column.group.to_owned(),
                    label: column.label.to_owned(),
                    money: column.money,
                })
                .collect(),
            total: total.collect(),
            rows,
            notes: self.table.notes.clone(),
        })
    }
}

pub(crate) fn table(context: &mut Context<'_>, request: InsuredTableRequest) -> Result<TallyView, AppError> {
    count(context, &request)?.view(context)
}

/// The people of one number.
pub(crate) fn people(context: &mut Context<'_>, request: InsuredPeopleRequest) -> Result<InsuredPeople, AppError> {
    let whole = InsuredTableRequest { table: request.table, year: request.year, village: request.village };
    let counted = count(context, &whole)?;
    let column = counted.table.columns.iter().find(|column| column.key == request.column);
    let column = column.ok_or_else(|| AppError::not_found("这一栏"))?;
    let today = context.host.today();
    let mut place = None;
    let mut rows = Vec::new();
    for one in counted.people.iter().filter(|one| (column.adds)(one) != 0) {
        let (key, label) = (counted.table.row)(one);
        if request.row.as_ref().is_none_or(|row| *row == key) {
            place = Some(label);
            rows.push(one.row(today));
        }
    }
    let place = request.row.as_ref().map_or_else(|| "合计".to_owned(), |_| place.unwrap_or_default());
    let label: Vec<&str> =
        [place.as_str(), column.group, column.label].into_iter().filter(|text| !text.is_empty()).collect();
    Ok(InsuredPeople { label: label.join(" · "), year: counted.year, rows })
}

/// Whoever's insurance of a year is not entered, with what it was the year before.
pub(crate) fn sheet(context: &mut Context<'_>, request: InsuredSheetRequest) -> Result<InsuredSheet, AppError> {
    let today = context.host.today();
    let year = i64::from(year_of(request.year, today)?);
    let people = whole(context, year, request.village.as_ref())?;
    let row = |one: &Insured| InsuredSheetRow {
        person: one.who.person.to_string(),
        household: one.who.household.to_string(),
        name: one.who.name.clone(),
        village: one.who.village_name.clone(),
        group: one.who.group.clone(),
        age: one.who.birth.map(|birth| i64::from(age_on(birth, today))),
        last: last(one),
        identity: one.row(today).identity,
        own_payment: one.standard.as_ref().map(|standard| standard.own_payment.0),
        subsidy: one.standard.as_ref().map(|standard| standard.subsidy.0),
        record: one.records.first().map(|row| row.id.to_string()),
    };
    let rows = people.iter().filter(|one| one.state == State::Unsaid).map(row).collect();
    Ok(InsuredSheet { year, rows })
}

/// `上年居民 自缴40.00 资助360.00`.
fn last(one: &Insured) -> String {
    let Some(before) = &one.before else { return "上年没有记录".to_owned() };
    if before.insured != Some(true) {
        return "上年未参保".to_owned();
    }
    let insurance = before.insurance.as_deref().map_or("", |insurance| code::label("insurance", insurance));
    let own = before.own_payment.map(|own| format!(" 自缴{own}")).unwrap_or_default();
    let subsidy = before.subsidy.map(|subsidy| format!(" 资助{subsidy}")).unwrap_or_default();
    format!("上年{insurance}{own}{subsidy}")
}

/// The table as a workbook, as the screen shows it.
pub(crate) fn write(context: &mut Context<'_>, request: InsuredTableRequest) -> Result<ReportFile, AppError> {
    let counted = count(context, &request)?;
    let view = counted.view(context)?;
    let today = context.host.today();
    let table = official(&view, counted.table.measure, &context.opened()?.operator.name);
    let bytes = official_workbook(&[table], today.and_time(NaiveTime::MIN))?;
    let name = format!("{}_{}.xlsx", view.title, today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    let told = format!("{} {}行", view.title, view.rows.len());
    context.commit("insured_write", Some(&told), |txn| Ok(txn.note(&told)?))?;
    Ok(ReportFile { file, path: path.display().to_string() })
}

fn official(view: &TallyView, measure: &str, operator: &str) -> OfficialTable {
    let columns = view.columns.iter().map(|column| (column.group.as_str(), column.label.as_str()));
    let heads = Head::grouped(&view.head, columns);
    let row = |label: &str, cells: &[Option<i64>]| {
        let cells = cells.iter().zip(&view.columns).map(|(cell, column)| {
            let number = cell.unwrap_or_default();
            if column.money { OfficialValue::Money(mingbai_domain::Fen(number)) } else { OfficialValue::Count(number) }
        });
        std::iter::once(OfficialValue::Text(label.to_owned())).chain(cells).collect::<Vec<_>>()
    };
    OfficialTable {
        title: view.title.clone(),
        tab: view.title.chars().take(31).collect(),
        unit: view.unit.clone(),
        date: Some(view.on),
        measure: measure.to_owned(),
        heads,
        rows: view.rows.iter().map(|line| row(&line.label, &line.cells)).collect(),
        total: Some(row("合计", &view.total)),
        notes: view.notes.clone(),
        seal: Some(SealLine { filled_by: operator.to_owned(), unit: view.unit.clone(), ..SealLine::default() }),
    }
}
