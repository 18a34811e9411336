//! 外出的人: who they are, how they are reached, what has become of their agreement (domain A-04).

use chrono::NaiveDate;
use mingbai_domain::catalogue::HomeVisit;
use mingbai_domain::{code, phone};
use mingbai_paper::{ListColumn, ListGroup, ListSheet, list_pdf};
use mingbai_store::Row;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use super::Files;
use crate::dto::{AwayList, AwayRow, ReportFile, VillageRequest};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id_maybe;
use crate::office::{Context, keep_file};
use crate::restricted;
use crate::todo::items::{away_reason, is_for_contract};
use crate::todo::{self, World};

/// The list it is made of.
pub(super) const AWAY: &str = "away";

fn rows(context: &mut Context<'_>, request: &VillageRequest) -> Result<Vec<(AwayRow, String)>, AppError> {
    todo::refresh(context)?;
    let village = parse_id_maybe(request.village.as_ref())?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let world = World::read(reading, context.host.today(), packs)?;
    let lines = reading.todo_rows(AWAY, village)?;
    let files = Files::of_lines(reading, &lines)?;
    let row =
        |line: &TodoLine| files.of(line).map(|(file, person)| (row(line, file, person, &world), line.phone.clone()));
    Ok(lines.iter().filter_map(row).collect())
}

fn row(line: &TodoLine, file: &HouseholdFile, person: &PersonFile, world: &World) -> AwayRow {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let place = match said(&person.person.away_place) {
        place if place.is_empty() => said(&person.person.work_place),
        place => place,
    };
    AwayRow {
        person: person.id.to_string(),
        household: file.id.to_string(),
        name: line.name.clone(),
        village: line.village_name.clone(),
        group: line.group.clone(),
        head: line.head.clone(),
        phone: phone::mask(&line.phone),
        why: away_reason(&line.detail),
        place,
        address: address(file, person),
        contract: contract(person, world),
        contact: contact(file, person),
        letter: letter(file, person),
        letter_id: posted(file, person).filter(|row| row.record.returned_on.is_none()).map(|row| row.id.to_string()),
    }
}

/// Where a letter reaches somebody: where they live, or their household's address.
pub(super) fn address(file: &HouseholdFile, person: &PersonFile) -> String {
    let candidates = [&person.person.lives_at, &person.person.away_place, &file.household.address];
    let filled = candidates.into_iter().flatten().find(|text| !text.trim().is_empty());
    filled.cloned().unwrap_or_default()
}

fn contract(person: &PersonFile, world: &World) -> String {
    if let Some(contract) = world.contract(person) {
        return match contract.record.until {
            Some(until) => format!("已签到 {until}"),
            None => "已签".to_owned(),
        };
    }
    match world.exclusion(person).and_then(|row| row.record.reason.as_deref()) {
        Some(reason) => format!("不要求（{}）", restricted::unsigned_reason(reason).unwrap_or(restricted::HIDDEN)),
        None => "未签".to_owned(),
    }
}

fn contact(file: &HouseholdFile, person: &PersonFile) -> String {
    let mine = |row: &&Row<HomeVisit>| row.record.person == Some(person.id) && is_for_contract(&row.record);
    let Some(newest) = file.home_visits.iter().find(mine) else { return String::new() };
    let day = newest.record.visited_on.map(|day| day.to_string()).unwrap_or_default();
    let mode = newest.record.mode.as_deref().map_or("", |mode| code::label("contact_mode", mode));
    format!("{day} {mode} {}", newest.record.visitor.as_deref().unwrap_or_default()).trim().to_owned()
}

/// The newest letter with an agreement.
fn posted<'f>(file: &'f HouseholdFile, person: &PersonFile) -> Option<&'f Row<HomeVisit>> {
    file.home_visits.iter().find(|row| {
        row.record.person == Some(person.id)
            && is_for_contract(&row.record)
            && row.record.mode.as_deref() == Some("post")
    })
}

fn letter(file: &HouseholdFile, person: &PersonFile) -> String {
    let Some(record) = posted(file, person).map(|row| &row.record) else { return String::new() };
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    match record.returned_on {
        Some(_) => format!("{} 寄回", day(record.returned_on)),
        None => format!("{} 寄出，没有寄回", day(record.visited_on)),
    }
}

pub(crate) fn away_list(context: &mut Context<'_>, request: VillageRequest) -> Result<AwayList, AppError> {
    Ok(AwayList { rows: rows(context, &request)?.into_iter().map(|(row, _)| row).collect() })
}

/// The contact list on paper. Its telephone numbers are whole, so the log keeps who printed it.
pub(crate) fn away_print(context: &mut Context<'_>, request: VillageRequest) -> Result<ReportFile, AppError> {
    let rows = rows(context, &request)?;
    if rows.is_empty() {
        let message = "这里没有登记为外出的人，没有生成文件。请换个村，或先在本人资料里登记外出";
        return Err(AppError::new(ErrorCode::NotFound, message));
    }
    let today = context.host.today();
    let people = rows.len();
    let mut groups: Vec<ListGroup> = Vec::new();
    for (row, phone) in rows {
        let cells =
            vec![row.group, row.name, row.head, phone, row.why, row.place, row.contract, row.contact, String::new()];
        match groups.last_mut().filter(|group| group.heading == row.village) {
            Some(group) => group.rows.push(cells),
            None => groups.push(ListGroup { heading: row.village, rows: vec![cells] }),
        }
    }
    for group in &mut groups {
        group.heading = format!("{}　{} 人", group.heading, group.rows.len());
    }
    let column = |label: &str, width| ListColumn { label: label.to_owned(), width };
    let sheet = ListSheet {
        title: "外出人员签约联系表".to_owned(),
        note: format!("到 {today}，共 {people} 人"),
        issuer: context.profile()?.unit_name.clone(),
        footer: "有完整电话，用后收好".to_owned(),
        columns: vec![
            column("组", 3),
            column("姓名", 4),
            column("户主", 4),
            column("电话", 6),
            column("外出", 5),
            column("外出地", 7),
            column("签约", 6),
            column("上次联系", 8),
            column("这次联系", 9),
        ],
        groups,
    };
    let printed = list_pdf(&sheet, today)?;
    let said = format!("外出人员签约联系表，{people} 人");
    context.commit("away_print", None, |txn| Ok(txn.note(&said)?))?;
    let name = format!("外出人员签约联系表_{}.pdf", today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &printed.pdf)?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
