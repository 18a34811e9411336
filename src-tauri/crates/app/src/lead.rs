//! 防返贫线索: people who may be driven into poverty by illness — whoever is ill on another office's list and on no register
//! here, and households whose own payments of the year are over the county's line. They are told to the 乡村振兴 office in its
//! layout, and what it decided is kept (domain A-16).

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveTime;
use mingbai_domain::catalogue::{Person, RiskLead, Village};
use mingbai_domain::poverty::Standing;
use mingbai_domain::restricted::is_restricted;
use mingbai_domain::{Fen, RecordId, code, phone};
use mingbai_sheets::Cell;
use mingbai_sheets::write::plain_xlsx;
use mingbai_store::query::HouseholdFile;
use mingbai_store::{Reading, Row};

use crate::dto::{Empty, LeadList, LeadProposal, LeadReportRequest, LeadRow, LeadTakeRequest, LeadTaken, ReportFile};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::member::disease_name;
use crate::office::{Context, coded, keep_file};
use crate::quality::Limits;
use crate::record::BATCH;
use crate::restricted::{self, HIDDEN};
use crate::village_change::Names;
use crate::village_work::{files, head_of};
use mingbai_domain::region;

/// The line of one's own payments in a year, in yuan, among the county's 核查口径.
const LINE: &str = "lead_line";
/// Offices whose lists name the ill; whoever stands on the list of the poor is no lead.
const SOURCES: [&str; 3] = ["health", "insurer", "civil"];
/// What stands on paper for an illness that is named to nobody.
const SERIOUS: &str = "重大疾病";
/// Columns of the layout in which the other office takes leads.
const LAYOUT: [&str; 13] = [
    "序号",
    "乡镇",
    "行政村",
    "姓名",
    "证件号码",
    "联系电话",
    "住址",
    "家庭人口",
    "风险类型",
    "病种",
    "自付医疗费用（元）",
    "发现日期",
    "线索来源",
];

/// Somebody who could become a lead.
struct Proposal {
    key: String,
    why: String,
    record: RiskLead,
}

fn yuan(fen: Fen) -> String {
    format!("{fen} 元")
}

/// Households that are neither poor nor monitored and paid more of their own than the line.
fn over_the_line(file: &HouseholdFile, line: Fen, year: i32) -> Option<Proposal> {
    let standing: Standing<'_> = file.statuses.iter().filter_map(|row| row.record.status.as_deref()).collect();
    if standing.is_open() || standing.monitored().is_some() {
        return None;
    }
    let this_year = |day: Option<chrono::NaiveDate>| day.is_some_and(|day| chrono::Datelike::year(&day) == year);
    let paid = |bills: &[Row<mingbai_domain::catalogue::Settlement>]| -> i64 {
        let bills = bills.iter().filter(|row| this_year(row.record.settled_on));
        bills.filter_map(|row| row.record.paid_personal).map(|fen| fen.0).sum()
    };
    let billed: i64 = file.residents().map(|person| paid(&person.bills)).sum();
    let total = Fen(billed.max(file.household.out_of_pocket.map_or(0, |fen| fen.0)));
    if total <= line {
        return None;
    }
    let most = file.residents().max_by_key(|person| paid(&person.bills))?;
    let suffered = most.diagnoses.iter().filter(|row| row.record.ended_on.is_none());
    let hidden = suffered.clone().any(|row| restricted::hides(&row.record));
    let disease = suffered.map(|row| disease_name(&row.record)).next().unwrap_or_else(|| "未登记".to_owned());
    Some(Proposal {
        key: format!("paid|{}", file.id),
        why: format!("今年全户自付 {}，超过 {}", yuan(total), yuan(line)),
        record: RiskLead {
            village: file.household.village,
            name: Some(most.name().to_owned()),
            citizen_id: most.person.citizen_id.clone(),
            phone: most.person.phone.clone().or_else(|| file.household.phone.clone()),
            address: file.household.address.clone(),
            people: i64::try_from(file.residents().count()).ok(),
            disease: Some(disease),
            out_of_pocket: Some(total),
            source: Some(format!("自付费用超线（{}户）", head_of(file))),
            household: Some(file.id),
            restricted: hidden.then_some(true),
            ..RiskLead::default()
        },
    })
}

/// The ill of other offices' lists, of our villages, whom no register knows.
fn unknown_ill(reading: Reading<'_>, names: &Names) -> Result<Vec<Proposal>, AppError> {
    let mut found = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for list in reading.outside_lists()?.into_iter().filter(|list| SOURCES.contains(&list.list.source.as_str())) {
        let source = code::label("list_source", &list.list.source);
        for (place, someone) in reading.outside_people(list.id)?.into_iter().enumerate() {
            let Some(village) = names.by_name.get(region::short_village_name(&someone.village)) else { continue };
            let illness: Vec<&str> = someone.illness.lines().filter(|name| !name.trim().is_empty()).collect();
            if illness.is_empty() || !seen.insert(format!("{}{}{village}", someone.citizen_id, someone.name)) {
                continue;
            }
            let known = !someone.citizen_id.is_empty()
                && !reading.rows_where::<Person>("citizen_id", &someone.citizen_id)?.is_empty();
            // Without an id nobody can say that they are not on the register.
            if known || someone.citizen_id.is_empty() {
                continue;
            }
            let hidden = illness.iter().any(|name| is_restricted("", name));
            found.push(Proposal {
                key: format!("list|{}|{place}", list.id),
                why: format!("{source}里有病，户档案里没有这个人"),
                record: RiskLead {
                    village: Some(*village),
                    name: Some(someone.name),
                    citizen_id: Some(someone.citizen_id),
                    disease: Some(illness.join("、")),
                    source: Some(format!("{source} {}", list.list.file)),
                    restricted: hidden.then_some(true),
                    ..RiskLead::default()
                },
            });
        }
    }
    Ok(found)
}

/// Everybody who could become a lead and is none yet; the line, in words.
fn proposals(context: &Context<'_>) -> Result<(Vec<Proposal>, String), AppError> {
    let today = context.host.today();
    let year = chrono::Datelike::year(&today);
    let reading = context.read()?;
    let line = Limits::read(reading, today)?.money(LINE, year);
    let mut found = Vec::new();
    if let Some(line) = line {
        found.extend(files(reading, None)?.iter().filter_map(|file| over_the_line(file, line, year)));
    }
    found.extend(unknown_ill(reading, &Names::read(reading, today)?)?);
    let known: BTreeSet<(Option<String>, Option<RecordId>)> = reading
        .all::<RiskLead>()?
        .into_iter()
        .map(|row| (row.record.citizen_id.filter(|id| !id.is_empty()), row.record.household))
        .collect();
    found.retain(|one| {
        let same = |(id, home): &(Option<String>, Option<RecordId>)| {
            (id.is_some() && *id == one.record.citizen_id) || (home.is_some() && *home == one.record.household)
        };
        !known.iter().any(same)
    });
    let said = match line {
        Some(line) => format!("全户今年自付超过 {} 的列为线索（县里的核查口径 {LINE}）", yuan(line)),
        None => format!("县里的核查口径没有写 {LINE}（全户自付费用线，元），按费用找不出线索"),
    };
    Ok((found, said))
}

fn village_name(reading: Reading<'_>, village: Option<RecordId>) -> Result<String, AppError> {
    let Some(village) = village else { return Ok(String::new()) };
    Ok(reading.get::<Village>(village)?.and_then(|row| row.record.name).unwrap_or_default())
}

fn is_hidden(lead: &RiskLead) -> bool {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    lead.restricted == Some(true) || is_restricted(&said(&lead.icd10), &said(&lead.disease))
}

fn lead_row(reading: Reading<'_>, row: Row<RiskLead>) -> Result<LeadRow, AppError> {
    let hidden = is_hidden(&row.record);
    let lead = row.record;
    Ok(LeadRow {
        id: row.id.to_string(),
        name: lead.name.unwrap_or_default(),
        village: village_name(reading, lead.village)?,
        people: lead.people,
        phone: phone::mask(lead.phone.as_deref().unwrap_or_default()),
        disease: if hidden { HIDDEN.to_owned() } else { lead.disease.unwrap_or_default() },
        out_of_pocket: lead.out_of_pocket.map(|fen| fen.0),
        found_on: lead.found_on,
        source: lead.source.unwrap_or_default(),
        reported_on: lead.reported_on,
        result: lead.result.as_deref().map(|result| coded("lead_result", result)),
        household: lead.household.map(|id| id.to_string()),
    })
}

/// Leads on file — what was not told first — and who could become one.
pub(crate) fn list(context: &mut Context<'_>, _: Empty) -> Result<LeadList, AppError> {
    let (found, line) = proposals(context)?;
    let reading = context.read()?;
    let mut leads = reading.all::<RiskLead>()?;
    leads.sort_by_key(|row| (row.record.reported_on, std::cmp::Reverse(row.record.found_on), row.id));
    let rows = leads.into_iter().map(|row| lead_row(reading, row)).collect::<Result<_, _>>()?;
    let proposals = found.into_iter().map(|one| {
        Ok(LeadProposal {
            key: one.key,
            why: one.why,
            name: one.record.name.unwrap_or_default(),
            village: village_name(reading, one.record.village)?,
            out_of_pocket: one.record.out_of_pocket.map(|fen| fen.0),
            household: one.record.household.map(|id| id.to_string()),
        })
    });
    Ok(LeadList { rows, proposals: proposals.collect::<Result<_, AppError>>()?, line })
}

/// Puts proposals on file as leads, in one action.
pub(crate) fn take(context: &mut Context<'_>, request: LeadTakeRequest) -> Result<LeadTaken, AppError> {
    let wanted: HashSet<&String> = request.keys.iter().collect();
    let (mut found, _) = proposals(context)?;
    found.retain(|one| wanted.contains(&one.key));
    if found.is_empty() {
        return Err(AppError::new(ErrorCode::NotFound, "选的线索已经登记过，或者不再符合，没有登记"));
    }
    let (today, area) = (context.host.today(), context.profile()?.area.clone());
    let said = format!("登记线索 {} 条", found.len());
    let taken = found.len() as i64;
    context.commit(&format!("{BATCH}lead"), Some(&said), |txn| {
        for one in found {
            let record = RiskLead { area: Some(area.clone()), found_on: Some(today), ..one.record };
            txn.insert(None, &record)?;
        }
        Ok(())
    })?;
    Ok(LeadTaken { taken })
}

/// Writes leads for the other office and notes that they were told. Whole numbers leave the house, so the log says who gave
/// how many to whom; a restricted illness is written as a serious one.
pub(crate) fn report(context: &mut Context<'_>, request: LeadReportRequest) -> Result<ReportFile, AppError> {
    let recipient = request.recipient.trim().to_owned();
    if recipient.is_empty() {
        return Err(AppError::invalid("recipient", "请填写报给哪个单位"));
    }
    let today = context.host.today();
    let unit = context.profile()?.unit_name.clone();
    let reading = context.read()?;
    let mut leads: Vec<Row<RiskLead>> = Vec::new();
    for id in &request.leads {
        leads.push(reading.get::<RiskLead>(parse_id(id)?)?.ok_or_else(|| AppError::not_found("线索"))?);
    }
    if leads.is_empty() {
        return Err(AppError::new(ErrorCode::NotFound, "没有选要上报的线索，没有生成文件"));
    }
    let mut lines = Vec::with_capacity(leads.len());
    for (place, row) in (1_i64..).zip(&leads) {
        let lead = &row.record;
        let disease = if is_hidden(lead) { SERIOUS } else { lead.disease.as_deref().unwrap_or_default() };
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: i64| Cell::Number(number.to_string());
        let cell = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
        lines.push(vec![
            number(place),
            cell(unit.clone()),
            cell(village_name(reading, lead.village)?),
            cell(said(&lead.name)),
            cell(said(&lead.citizen_id)),
            cell(said(&lead.phone)),
            cell(said(&lead.address)),
            lead.people.map_or(Cell::Empty, number),
            cell("因病".to_owned()),
            cell(disease.to_owned()),
            lead.out_of_pocket.map_or(Cell::Empty, |Fen(fen)| Cell::Number(format!("{}.{:02}", fen / 100, fen % 100))),
            lead.found_on.map_or(Cell::Empty, Cell::Date),
            cell(said(&lead.source)),
        ]);
    }
    let title = format!("{unit}防返贫监测线索（因病）");
    let note = format!("{today} 报{recipient}，{} 条", leads.len());
    let bytes = plain_xlsx(&[&title, &note], &LAYOUT, &lines, today.and_time(NaiveTime::MIN))?;
    let name = format!("防返贫线索_{}.xlsx", today.format("%Y%m%d"));
    let (file, path) = keep_file(&context.office.folder("输出")?, &name, &bytes)?;
    context.commit("lead_report", Some(&note), |txn| {
        txn.note(&note)?;
        for row in leads.iter().filter(|row| row.record.reported_on.is_none()) {
            let result = row.record.result.clone().or_else(|| Some("pending".to_owned()));
            txn.update(row.id, &RiskLead { reported_on: Some(today), result, ..row.record.clone() })?;
        }
        Ok(())
    })?;
    Ok(ReportFile { file, path: path.display().to_string() })
}
