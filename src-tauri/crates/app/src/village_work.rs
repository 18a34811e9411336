//! 村务: one village with its staff, the doors to knock at, what was raised and what was done; visits of many doors and
//! printed matter for a whole village in one action.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{Activity, Hamlet, HomeVisit, Household, Issue, Record, Village, VillageStaff};
use mingbai_domain::{RecordId, phone, relation};
use mingbai_store::query::HouseholdFile;
use mingbai_store::{Reading, Row};

use crate::dto::{
    ActivityList, ActivityListRequest, ActivityRow, HamletRow, HomeRow, HomeVisitBatch, IdRequest, IssueCloseRequest,
    IssueList, IssueListRequest, IssueRow, LineProblem, MaterialHandOut, RecordBatchRequest, RecordBatchRow,
    RecordBatchSaved, RecordSaveRequest, RecordSaved, VillageStaffRow, VillageView,
};
use crate::error::{AppError, ErrorCode};
use crate::household::{parse_id, parse_id_maybe};
use crate::office::{Context, coded};
use crate::record::{BATCH, prepare, save, save_many, write};
use crate::todo::items::{due_on, instructors_needed, is_open, quarter};
use crate::village_change::{Change, changes};

/// Households are read this many at a time.
const AT_A_TIME: usize = 400;

/// Everything on file about the households of a village, or of all.
pub(crate) fn files(reading: Reading<'_>, village: Option<RecordId>) -> Result<Vec<HouseholdFile>, AppError> {
    let ids = match village {
        Some(village) => reading.ids_where(Household::TYPE, "village", &village)?,
        None => reading.household_ids()?,
    };
    let mut files = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_A_TIME) {
        files.extend(reading.files(some)?);
    }
    Ok(files)
}

/// The name of a household's head, or of whoever comes first.
pub(crate) fn head_of(file: &HouseholdFile) -> &str {
    let mut here = file.residents();
    let head = file.residents().find(|person| person.stay.relation.as_deref() == Some(relation::HEAD));
    head.or_else(|| here.next()).map_or("", |person| person.name())
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

pub(crate) fn get(context: &mut Context<'_>, request: IdRequest) -> Result<VillageView, AppError> {
    let (today, id) = (context.host.today(), parse_id(&request.id)?);
    let reading = context.read()?;
    let village = reading.get::<Village>(id)?.ok_or_else(|| AppError::not_found("村"))?.record;
    let code = village.code.clone().unwrap_or_default();
    let became: Vec<Change> = changes(reading, today)?;
    let all = reading.all::<Village>()?;
    let named = |code: &str| all.iter().find(|row| row.record.code.as_deref() == Some(code));
    // What happened in a village that became part of this one is this one's history.
    let mut here: HashSet<RecordId> = HashSet::from([id]);
    for change in became.iter().filter(|change| change.joined && change.new_code == code) {
        here.extend(named(&change.old_code).map(|row| row.id));
    }
    let mut homes: Vec<HouseholdFile> = files(reading, Some(id))?;
    homes.retain(HouseholdFile::is_lived_in);
    homes.sort_by(|a, b| order(a).cmp(&order(b)));
    let name = text(village.name.as_ref());
    let mut issues: Vec<IssueRow> = homes
        .iter()
        .flat_map(|file| file.issues.iter().map(|row| issue_row(file, row, &name, today)).collect::<Vec<_>>())
        .collect();
    sort_issues(&mut issues);
    let mut staff = reading.rows_where::<VillageStaff>("village", &id)?;
    staff.sort_by(|a, b| (&a.record.role, &a.record.name).cmp(&(&b.record.role, &b.record.name)));
    let holds = |row: &&Row<VillageStaff>| row.record.until.is_none_or(|until| until >= today);
    let instructors = staff.iter().filter(holds).filter(|row| row.record.role.as_deref() == Some("instructor")).count();
    let mut activities = reading.all::<Activity>()?;
    activities.retain(|row| {
        row.record.village.is_some_and(|village| here.contains(&village))
            && row.record.held_on.is_some_and(|day| day.year() == today.year())
    });
    let names: HashMap<RecordId, String> = all.iter().map(|row| (row.id, text(row.record.name.as_ref()))).collect();
    Ok(VillageView {
        id: id.to_string(),
        population: village.population,
        doctor: text(village.doctor_name.as_ref()),
        clinic: text(village.clinic.as_ref()),
        ended_on: village.ended_on,
        successor: village
            .successor
            .as_deref()
            .map(|code| named(code).and_then(|row| row.record.name.clone()).unwrap_or_else(|| code.to_owned()))
            .unwrap_or_default(),
        before: became.iter().filter(|change| change.new_code == code).map(told).collect(),
        instructors: instructors as i64,
        instructors_needed: instructors_needed(&village) as i64,
        staff: staff.iter().map(staff_row).collect(),
        hamlets: hamlets(reading, id, &homes)?,
        homes: homes.iter().map(|file| home_row(file, today)).collect(),
        issues,
        activities: activity_rows(activities, &names),
        code,
        name,
    })
}

fn told(change: &Change) -> String {
    let on = change.on.map(|on| format!("{on} ")).unwrap_or_default();
    if change.joined { format!("{on}{}并入", change.old_name) } else { format!("{on}从{}分出", change.old_name) }
}

fn order(file: &HouseholdFile) -> (Option<i64>, &Option<String>, &Option<String>) {
    let group = &file.household.village_group;
    (group.as_deref().and_then(group_number), group, &file.household.number)
}

/// The number a 村民小组 is called by: `3组`, `三组`, `二十一组`.
pub(crate) fn group_number(name: &str) -> Option<i64> {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    let (mut number, mut ones) = (0, None);
    for c in name.trim_start_matches('第').chars() {
        match "零一二三四五六七八九".chars().position(|digit| digit == c) {
            Some(digit) => ones = i64::try_from(digit).ok(),
            None if c == '十' => number = 10 * ones.take().unwrap_or(1),
            None => break,
        }
    }
    Some(number + ones.unwrap_or_default()).filter(|number| *number > 0)
}

fn hamlets(reading: Reading<'_>, village: RecordId, homes: &[HouseholdFile]) -> Result<Vec<HamletRow>, AppError> {
    let mut rows = reading.rows_where::<Hamlet>("village", &village)?;
    rows.sort_by(|a, b| (a.record.ordinal, &a.record.name).cmp(&(b.record.ordinal, &b.record.name)));
    // Two PCs that took in the same roster before they met have each group twice.
    rows.dedup_by(|a, b| a.record.name == b.record.name);
    let rows = rows.into_iter().map(|row| HamletRow {
        id: row.id.to_string(),
        households: homes.iter().filter(|file| file.household.village_group == row.record.name).count() as i64,
        name: row.record.name.unwrap_or_default(),
        leader: row.record.leader.unwrap_or_default(),
    });
    Ok(rows.collect())
}

fn staff_row(row: &Row<VillageStaff>) -> VillageStaffRow {
    let staff = &row.record;
    VillageStaffRow {
        id: row.id.to_string(),
        role: coded("village_staff_role", staff.role.as_deref().unwrap_or_default()),
        name: text(staff.name.as_ref()),
        phone: phone::mask(staff.phone.as_deref().unwrap_or_default()),
        since: staff.since,
        until: staff.until,
        trained_on: staff.trained_on,
        days: staff.days,
    }
}

fn home_row(file: &HouseholdFile, today: NaiveDate) -> HomeRow {
    let at_the_door = |row: &&Row<HomeVisit>| row.record.mode.as_deref() == Some("visit");
    let last = file.home_visits.iter().find(at_the_door).map(|row| &row.record);
    let visited_on = last.and_then(|visit| visit.visited_on);
    HomeRow {
        household: file.id.to_string(),
        number: text(file.household.number.as_ref()),
        head: head_of(file).to_owned(),
        group: text(file.household.village_group.as_ref()),
        phone: phone::mask(file.household.phone.as_deref().unwrap_or_default()),
        people: file.residents().count() as i64,
        bedridden: file.residents().filter(|person| person.person.bedridden == Some(true)).count() as i64,
        instructor: text(file.household.instructor.as_ref()),
        visited_on,
        visitor: last.and_then(|visit| visit.visitor.clone()).unwrap_or_default(),
        material_on: file.materials.iter().filter_map(|row| row.record.issued_on).max(),
        open_issues: file.issues.iter().filter(|row| is_open(&row.record)).count() as i64,
        waits: visited_on < Some(quarter(today)),
    }
}

fn issue_row(file: &HouseholdFile, row: &Row<Issue>, village: &str, today: NaiveDate) -> IssueRow {
    let (issue, due) = (&row.record, due_on(&row.record));
    let person = issue.person.and_then(|id| file.people.iter().find(|person| person.id == id));
    let open = is_open(issue);
    IssueRow {
        id: row.id.to_string(),
        household: file.id.to_string(),
        village: village.to_owned(),
        group: text(file.household.village_group.as_ref()),
        head: head_of(file).to_owned(),
        person: person.map(|person| person.name().to_owned()).unwrap_or_default(),
        problem: text(issue.problem.as_ref()),
        raised_on: issue.raised_on,
        owner: text(issue.owner.as_ref()),
        due_on: due,
        closed_on: issue.closed_on,
        result: text(issue.result.as_ref()),
        open,
        days: due.filter(|_| open).map(|due| (due - today).num_days()),
    }
}

/// What waits first, the longest due before the others; then what was closed, the last first.
fn sort_issues(rows: &mut [IssueRow]) {
    rows.sort_by_key(|row| (!row.open, row.days, std::cmp::Reverse((row.closed_on, row.raised_on)), row.id.clone()));
}

/// What was raised anywhere, or in one village; open ones only where asked.
pub(crate) fn issues(context: &mut Context<'_>, request: IssueListRequest) -> Result<IssueList, AppError> {
    let today = context.host.today();
    let only = parse_id_maybe(request.village.as_ref())?;
    let reading = context.read()?;
    let mut wanted: Vec<RecordId> =
        reading.all::<Issue>()?.into_iter().filter_map(|row| row.record.household).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let names: HashMap<RecordId, String> =
        reading.all::<Village>()?.into_iter().map(|row| (row.id, row.record.name.unwrap_or_default())).collect();
    let mut rows = Vec::new();
    for some in wanted.chunks(AT_A_TIME) {
        for file in reading.files(some)? {
            let village = file.household.village;
            if only.is_some() && only != village {
                continue;
            }
            let name = village.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
            rows.extend(file.issues.iter().map(|row| issue_row(&file, row, &name, today)));
        }
    }
    rows.retain(|row| row.open || !request.open);
    sort_issues(&mut rows);
    Ok(IssueList { rows })
}

/// Closes a problem: with what came of it.
pub(crate) fn close(context: &mut Context<'_>, request: IssueCloseRequest) -> Result<RecordSaved, AppError> {
    if request.result.trim().is_empty() {
        return Err(AppError::invalid("result", "请写办理结果：没有结果的问题还算没办结，数据没有变"));
    }
    if request.closed_on > context.host.today() {
        return Err(AppError::invalid("closed_on", "办结日期在今天以后，数据没有变"));
    }
    let fields = [
        ("state", "closed".to_owned()),
        ("closed_on", request.closed_on.to_string()),
        ("result", request.result.trim().to_owned()),
    ];
    let fields = fields.into_iter().map(|(column, text)| (column.to_owned(), text)).collect();
    save(context, RecordSaveRequest { table: "issue".to_owned(), id: Some(request.id), fields, ..Default::default() })
}

/// Visits at many doors as one action; a line with a problem raises it too.
pub(crate) fn visit_many(context: &mut Context<'_>, request: HomeVisitBatch) -> Result<RecordBatchSaved, AppError> {
    let (mut ready, mut problems) = (Vec::new(), Vec::new());
    for (line, row) in (0..).zip(request.rows) {
        let one = RecordSaveRequest { table: "home_visit".to_owned(), fields: row.fields, ..Default::default() };
        let prepared = match prepare(context, &one) {
            Ok(prepared) => prepared,
            Err(error) if error.code == ErrorCode::Storage => return Err(error),
            Err(error) => {
                let field = error.fields.first().map(|field| field.field.clone());
                problems.push(LineProblem { line, field, message: error.message });
                continue;
            }
        };
        let visit = HomeVisit::from_values(&prepared.values).unwrap_or_default();
        ready.push((prepared, raised(visit, request.owner.as_ref(), request.due_on)));
    }
    let saved = ready.len() as i64;
    let mut entry = None;
    if saved > 0 {
        let said = format!("走访 {saved} 户");
        let done = context.commit(&format!("{BATCH}home_visit"), Some(&said), |txn| {
            for (prepared, issue) in ready {
                let (visit, _) = write(txn, prepared)?;
                if let Some(issue) = issue {
                    txn.insert(None, &Issue { home_visit: Some(visit), ..issue })?;
                }
            }
            Ok(())
        })?;
        entry = done.entry.map(|written| written.entry.0);
    }
    Ok(RecordBatchSaved { saved, problems, entry })
}

/// The problem that was heard at a door.
fn raised(visit: HomeVisit, owner: Option<&String>, due: Option<NaiveDate>) -> Option<Issue> {
    let problem = visit.problem.filter(|problem| !problem.trim().is_empty())?;
    let solved = visit.solution.filter(|solution| !solution.trim().is_empty());
    let said = |text: Option<&String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(Issue {
        household: visit.household,
        person: visit.person,
        raised_on: visit.visited_on,
        problem: Some(problem),
        state: Some(if solved.is_some() { "closed" } else { "open" }.to_owned()),
        owner: said(owner).or(visit.visitor),
        due_on: due.filter(|_| solved.is_none()),
        closed_on: visit.visited_on.filter(|_| solved.is_some()),
        result: solved,
        ..Issue::default()
    })
}

/// Hands something printed to a whole village in one action.
pub(crate) fn hand_out(context: &mut Context<'_>, request: MaterialHandOut) -> Result<RecordBatchSaved, AppError> {
    let village = parse_id(&request.village)?;
    let reading = context.read()?;
    let here: Vec<String> =
        files(reading, Some(village))?.iter().filter(|f| f.is_lived_in()).map(|f| f.id.to_string()).collect();
    let chosen: Option<HashSet<&String>> = request.households.as_ref().map(|ids| ids.iter().collect());
    let households = here.into_iter().filter(|id| chosen.as_ref().is_none_or(|chosen| chosen.contains(id)));
    let name = reading.get::<Village>(village)?.and_then(|row| row.record.name).unwrap_or_default();
    let rows: Vec<RecordBatchRow> = households
        .map(|household| {
            let fields = [
                ("household", household),
                ("kind", request.kind.clone()),
                ("title", request.title.clone()),
                ("issued_on", request.issued_on.to_string()),
                ("issued_by", request.issued_by.clone()),
                ("copies", request.copies.max(1).to_string()),
                ("occasion", request.occasion.clone()),
            ];
            let said = fields.into_iter().filter(|(_, text)| !text.trim().is_empty());
            let fields = said.map(|(column, text)| (column.to_owned(), text)).collect::<BTreeMap<_, _>>();
            RecordBatchRow { id: None, fields }
        })
        .collect();
    if rows.is_empty() {
        return Err(AppError::new(ErrorCode::NotFound, "这个村没有选中的户，没有登记发放"));
    }
    if request.issued_on > context.host.today() {
        return Err(AppError::invalid("issued_on", "发放日期在今天以后，没有登记发放"));
    }
    let reason = Some(format!("{name} {} {} 户", request.title, rows.len()));
    save_many(context, RecordBatchRequest { table: "material".to_owned(), rows, reason })
}

fn activity_rows(mut rows: Vec<Row<Activity>>, names: &HashMap<RecordId, String>) -> Vec<ActivityRow> {
    rows.sort_by_key(|row| std::cmp::Reverse((row.record.held_on, row.id)));
    let row = |row: Row<Activity>| ActivityRow {
        id: row.id.to_string(),
        kind: coded("activity_kind", row.record.kind.as_deref().unwrap_or_default()),
        village: row.record.village.and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
        held_on: row.record.held_on,
        place: row.record.place.unwrap_or_default(),
        staff: row.record.staff.unwrap_or_default(),
        households: row.record.households.unwrap_or_default(),
        people: row.record.people.unwrap_or_default(),
        note: row.record.note.unwrap_or_default(),
    };
    rows.into_iter().map(row).collect()
}

/// Activities of a year, the newest first.
pub(crate) fn activities(context: &mut Context<'_>, request: ActivityListRequest) -> Result<ActivityList, AppError> {
    let reading = context.read()?;
    let mut rows = reading.all::<Activity>()?;
    rows.retain(|row| {
        row.record.held_on.is_some_and(|day| i64::from(day.year()) == request.year)
            && request.kind.as_ref().is_none_or(|kind| row.record.kind.as_ref() == Some(kind))
    });
    let names: HashMap<RecordId, String> =
        reading.all::<Village>()?.into_iter().map(|row| (row.id, row.record.name.unwrap_or_default())).collect();
    Ok(ActivityList { rows: activity_rows(rows, &names) })
}

#[cfg(test)]
mod tests {
    use super::group_number;

    #[test]
    fn groups_are_walked_in_the_order_of_their_numbers_however_they_are_written() {
        let numbers = ["3组", "三组", "第十组", "十二组", "二十一组", "12组", "上河组"].map(group_number);
        assert_eq!(numbers, [Some(3), Some(3), Some(10), Some(12), Some(21), Some(12), None]);
    }
}
