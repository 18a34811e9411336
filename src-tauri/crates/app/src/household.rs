//! 户档案: lists and the page that tells a household's whole story.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{Household, HouseholdStatus, PovertyCause, Record, Settlement, Village};
use mingbai_domain::poverty::Standing;
use mingbai_domain::{Fen, RecordId, code, phone};
use mingbai_store::query::{BillFilter, HouseholdFilter, TodoLine};
use mingbai_store::{Reading, Row, StoreError};

use crate::bill;
use crate::card;
use crate::dto::{
    BillRow, Coded, Empty, HouseholdList, HouseholdListRequest, HouseholdRow, HouseholdView, IdRequest, Todo,
    VillageList, VillageRow, YearMoney,
};
use crate::error::AppError;
use crate::member::Member;
use crate::narrow;
use crate::office::{Context, coded};
use crate::restricted::is_restricted;
use crate::todo;

/// Longest page a list gives at once.
const LONGEST_PAGE: i64 = 5_000;

pub(crate) fn parse_id(text: &str) -> Result<RecordId, AppError> {
    RecordId::from_str(text).map_err(|_| AppError::not_found("记录"))
}

pub(crate) fn parse_id_maybe(text: Option<&String>) -> Result<Option<RecordId>, AppError> {
    text.map(|id| parse_id(id)).transpose()
}

pub(crate) fn villages(context: &mut Context<'_>, _: Empty) -> Result<VillageList, AppError> {
    let rows = context.read()?.villages()?.into_iter().map(|line| VillageRow {
        id: line.id.to_string(),
        code: line.code,
        name: line.name,
        doctor: line.doctor,
        households: line.households,
        people: line.people,
    });
    Ok(VillageList { rows: rows.collect() })
}

pub(crate) fn list(context: &mut Context<'_>, request: HouseholdListRequest) -> Result<HouseholdList, AppError> {
    todo::refresh(context)?;
    let reading = context.read()?;
    let filter = HouseholdFilter {
        village: parse_id_maybe(request.village.as_ref())?,
        status: request.status,
        text: request.text,
        among: narrow::narrowed(context, request.narrow.as_ref())?.households,
        offset: request.offset.max(0),
        limit: request.limit.clamp(1, LONGEST_PAGE),
    };
    let (total, people) = reading.household_totals(&filter)?;
    let todo: BTreeMap<RecordId, i64> =
        reading.todo_per_household(&todo::errands(), filter.village)?.into_iter().collect();
    let lines = narrow::page(reading, &filter, request.sort.as_ref(), &todo)?;
    let rows = lines.into_iter().map(|line| HouseholdRow {
        todo: todo.get(&line.id).copied().unwrap_or_default(),
        id: line.id.to_string(),
        number: line.number,
        head: line.head,
        village: line.village_name,
        group: line.group,
        people: line.people,
        status: (!line.status.is_empty()).then(|| coded("household_status", &line.status)),
        causes: labels("poverty_cause", &line.causes),
        diseases: open_diseases(line.diseases),
        phone: phone::mask(&line.phone),
    });
    Ok(HouseholdList { rows: rows.collect(), total, people })
}

/// Names of diseases anybody may read, each once.
fn open_diseases(diseases: Vec<(String, String)>) -> String {
    let mut names: Vec<String> = Vec::new();
    for (icd10, name) in diseases {
        if !is_restricted(&icd10, &name) && !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("、")
}

fn labels(table: &str, codes: &str) -> String {
    let labels: Vec<_> = codes.split(',').filter(|c| !c.is_empty()).map(|c| code::label(table, c)).collect();
    labels.join("、")
}

/// A household with what hangs on it, read once.
pub(crate) struct Dossier {
    pub(crate) household: Row<Household>,
    pub(crate) village: Option<Row<Village>>,
    pub(crate) status: Option<Coded>,
    pub(crate) main_cause: Option<Coded>,
    pub(crate) other_causes: Vec<Coded>,
    pub(crate) members: Vec<Member>,
}

impl Dossier {
    pub(crate) fn read(reading: Reading<'_>, id: RecordId) -> Result<Option<Self>, StoreError> {
        let Some(household) = reading.get::<Household>(id)? else { return Ok(None) };
        let village = household.record.village.map(|id| reading.get::<Village>(id)).transpose()?.flatten();
        let mut statuses = reading.rows_where::<HouseholdStatus>("household", &id)?;
        statuses.sort_by_key(|row| (row.record.since, row.id));
        let standing: Standing<'_> = statuses.iter().filter_map(|row| row.record.status.as_deref()).collect();
        let status = standing.shown().map(|status| coded("household_status", status));
        let causes = reading.rows_where::<PovertyCause>("household", &id)?;
        let of = |main: bool| {
            let chosen = causes.iter().filter(move |row| (row.record.main == Some(true)) == main);
            chosen.filter_map(|row| row.record.cause.as_deref()).map(|c| coded("poverty_cause", c))
        };
        Ok(Some(Self {
            main_cause: of(true).next(),
            other_causes: of(false).collect(),
            members: Member::of_household(reading, id)?,
            household,
            village,
            status,
        }))
    }

    pub(crate) fn head(&self) -> String {
        let head = self.members.iter().find(|m| m.is_head()).or(self.members.first());
        head.map(Member::name).unwrap_or_default()
    }

    pub(crate) fn village_name(&self) -> String {
        self.village.as_ref().and_then(|v| v.record.name.clone()).unwrap_or_default()
    }
}

pub(crate) fn get(context: &mut Context<'_>, request: IdRequest) -> Result<HouseholdView, AppError> {
    let today = context.host.today();
    let id = parse_id(&request.id)?;
    todo::refresh_one(context, id)?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let _whole = reading.at_once()?;
    let dossier = Dossier::read(reading, id)?.ok_or_else(|| AppError::not_found("户"))?;
    let bills = bill::of_household(reading, &packs, id, today.year())?;
    let home = BillFilter { household: Some(id), ..BillFilter::default() };
    let paid_at_ends = reading.year_end_payments(&home)?;
    let of_year =
        paid_at_ends.iter().map(|line| &line.bill.record).filter(|record| record.year == Some(today.year().into()));
    let money = year_money(&bills, of_year.map(Settlement::paid).sum(), today.year());
    let card = card::state(reading, packs.on(today), id, today)?;
    let todos = errands(reading, id, today)?;
    let (previous, next) = reading.household_neighbours(id)?;
    let members = dossier.members.iter().map(|m| m.row(reading, today)).collect::<Result<_, _>>()?;
    let household = dossier.household.record.clone();
    Ok(HouseholdView {
        id: id.to_string(),
        number: household.number.clone().unwrap_or_default(),
        head: dossier.head(),
        village: dossier.village_name(),
        group: household.village_group.unwrap_or_default(),
        address: household.address.unwrap_or_default(),
        phone: phone::mask(household.phone.as_deref().unwrap_or_default()),
        status: dossier.status,
        household_type: household.household_type.as_deref().map(|t| coded("household_type", t)),
        main_cause: dossier.main_cause,
        other_causes: dossier.other_causes,
        helper_name: household.helper_name.unwrap_or_default(),
        helper_phone: phone::mask(household.helper_phone.as_deref().unwrap_or_default()),
        recognised_on: household.recognised_on,
        lifted_on: household.lifted_on,
        remark: household.remark.unwrap_or_default(),
        todos,
        members,
        bills,
        money,
        card,
        previous: previous.map(|id| id.to_string()),
        next: next.map(|id| id.to_string()),
    })
}

/// What this household still needs, the most pressing first.
pub(crate) fn errands(reading: Reading<'_>, id: RecordId, today: NaiveDate) -> Result<Vec<Todo>, AppError> {
    let lines = reading.todo_of_household(id)?;
    lines.iter().filter_map(|line| errand(reading, line, today).transpose()).collect()
}

/// Something to be done as the household's page says it.
fn errand(reading: Reading<'_>, line: &TodoLine, today: NaiveDate) -> Result<Option<Todo>, AppError> {
    let Some(item) = todo::find(&line.item) else { return Ok(None) };
    let Some(errand) = item.errand else { return Ok(None) };
    Ok(Some(Todo {
        key: item.key.to_owned(),
        text: errand(line, today),
        tone: item.tone,
        person: line.person.map(|id| id.to_string()),
        settlement: line.record.filter(|(kind, _)| *kind == Settlement::TYPE.id).map(|(_, id)| id.to_string()),
        due: line.due,
        year_end: todo::items::year_end_of(reading, line, today)?,
    }))
}

/// `at_end` is what payers that settle once a year have paid for this year.
fn year_money(bills: &[BillRow], at_end: Fen, year: i32) -> YearMoney {
    let sum = |of: fn(&BillRow) -> i64| bills.iter().map(of).sum::<i64>();
    let (total, personal) = (sum(|b| b.total), (sum(|b| b.personal) - at_end.0).max(0));
    let paid = sum(|b| b.basic + b.critical + b.aid + b.other) + at_end.0;
    let in_scope = sum(|b| b.in_scope);
    let in_scope_personal = (in_scope - paid).max(0);
    YearMoney {
        year: i64::from(year),
        total,
        paid,
        personal,
        personal_of_total: basis_points(personal, total),
        personal_of_in_scope: basis_points(in_scope_personal, in_scope),
        shortfall: sum(|b| b.shortfall),
        over: sum(|b| b.over),
    }
}

/// A share in basis points, rounded half up; nothing of nothing is no share.
pub(crate) fn basis_points(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * 20_000 + whole).div_euclid(2 * whole)).ok()
}

#[cfg(test)]
mod tests {
    use super::basis_points;

    #[test]
    fn a_share_of_the_largest_amounts_is_exact() {
        assert_eq!(basis_points(1, 3), Some(3_333));
        assert_eq!(basis_points(i64::MAX, i64::MAX), Some(10_000));
        assert_eq!(basis_points(i64::MAX, 1), None, "more than a number can hold is no share");
        assert_eq!(basis_points(1, 0), None);
    }
}
