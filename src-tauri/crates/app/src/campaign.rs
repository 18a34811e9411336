//! 专项工作: dated pieces of work with whom they cover, who is done and who is lacking on any day of their window; and the
//! dates of the desk, which are these and the two that every health centre has (domain …A-83).

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, Months, NaiveDate};
use mingbai_domain::catalogue::{Campaign, Submission, Village};
use mingbai_domain::{RecordId, code, phone, region, workday};
use mingbai_store::query::{HouseholdFile, PersonFile};
use mingbai_store::{Reading, Row};

use crate::dto::{
    CampaignList, CampaignRequest, CampaignRow, CampaignTarget, CampaignView, CampaignVillage, Deadline, Empty,
};
use crate::error::AppError;
use crate::household::{parse_id, parse_id_maybe};
use crate::office::{Context, coded};
use crate::restricted::is_restricted;
use crate::submission;
use crate::todo::items::is_ours;
use crate::todo::{ORDER, World, crowds};
use crate::village_work::{files, group_number, head_of};

/// How far ahead the desk shows a date.
const AHEAD: i64 = 92;

/// Whether somebody belongs to one of these crowds on the world's day.
fn in_crowd(person: &PersonFile, wanted: &[&str], world: &World) -> bool {
    let belongs = crowds(person, world);
    let registered = |crowd: &str| {
        let rows = person.crowds.iter().filter(|row| row.record.crowd.as_deref() == Some(crowd));
        rows.into_iter().any(|row| world.holds(row.record.since, row.record.until))
    };
    wanted.iter().any(|crowd| match *crowd {
        "ordinary" => true,
        crowd if ORDER.contains(&crowd) => belongs.contains(&crowd),
        crowd => registered(crowd),
    })
}

/// Whether a crowd's name is one that clerks do not read.
fn is_hidden(crowd: &str) -> bool {
    is_restricted("", code::label("crowd", crowd))
}

/// What was done for a household or a person, on which day.
type Done = (NaiveDate, &'static str);

/// The first of these days within the window.
fn first(
    days: impl Iterator<Item = (Option<NaiveDate>, &'static str)>,
    window: (NaiveDate, NaiveDate),
) -> Option<Done> {
    days.filter_map(|(day, how)| day.map(|day| (day, how))).filter(|(day, _)| (window.0..=window.1).contains(day)).min()
}

/// What counts as done, in words.
fn counts(kind: &str, people: bool) -> &'static str {
    match (kind, people) {
        ("contract", _) => "窗口内新签或续签家庭医生协议算完成",
        ("treatment", _) => "窗口内已救治、住院或结算算完成",
        ("certificate", _) => "窗口内送审或发证算完成",
        (_, true) => "窗口内本人有随访、体检、筛查，或这一户有走访、发放资料算完成",
        (_, false) => "窗口内这一户有走访或发放资料算完成",
    }
}

fn of_household(file: &HouseholdFile, window: (NaiveDate, NaiveDate)) -> Option<Done> {
    let calls = file.home_visits.iter().filter(|row| row.record.person.is_none());
    let calls = calls.map(|row| (row.record.visited_on, "走访"));
    first(calls.chain(file.materials.iter().map(|row| (row.record.issued_on, "发放资料"))), window)
}

fn of_person(file: &HouseholdFile, person: &PersonFile, kind: &str, window: (NaiveDate, NaiveDate)) -> Option<Done> {
    match kind {
        "contract" => {
            let signed = person.contracts.iter().map(|row| (row.record.signed_on.or(row.record.since), "签约"));
            first(signed, window)
        }
        "treatment" => {
            let cases =
                person.cases.iter().flat_map(|row| [(row.record.treated_on, "救治"), (row.record.admitted_on, "住院")]);
            first(cases.chain(person.bills.iter().map(|row| (row.record.settled_on, "结算"))), window)
        }
        "certificate" => {
            let papers = person.certificates.iter();
            let days = papers.flat_map(|row| [(row.record.submitted_on, "送审"), (row.record.issued_on, "发证")]);
            first(days, window)
        }
        _ => {
            let own = person.visits.iter().map(|row| (row.record.visited_on, "随访"));
            let exams = person.exams.iter().map(|row| (row.record.examined_on, "体检"));
            let screened = person.screenings.iter().map(|row| (row.record.done_on, "筛查"));
            let called = file.home_visits.iter().filter(|row| row.record.person == Some(person.id));
            let called = called.map(|row| (row.record.visited_on, "走访"));
            let own = first(own.chain(exams).chain(screened).chain(called), window);
            [own, of_household(file, window)].into_iter().flatten().min()
        }
    }
}

/// Whether work of this kind is counted by people although no crowd is named.
fn by_person(campaign: &Campaign) -> bool {
    let kind = campaign.kind.as_deref().unwrap_or_default();
    campaign.crowds.is_some() || matches!(kind, "contract" | "treatment" | "certificate")
}

/// Whom a campaign covers that names no crowd, in words.
fn covers(campaign: &Campaign) -> &'static str {
    match campaign.kind.as_deref() {
        Some("contract") => "全部人",
        Some("treatment") => "有大病救治登记的人",
        Some("certificate") => "有特慢病证登记的人",
        _ => "全部户",
    }
}

/// One whom a campaign covers, with the first thing that was done within its window.
struct Target<'f> {
    file: &'f HouseholdFile,
    person: Option<&'f PersonFile>,
    done: Option<Done>,
}

fn targets<'f>(campaign: &Campaign, files: &'f [HouseholdFile], world: &World, hides: bool) -> Vec<Target<'f>> {
    let kind = campaign.kind.as_deref().unwrap_or_default();
    let end = campaign.due_on.map_or(world.today, |due| due.min(world.today));
    let window = (campaign.starts_on.unwrap_or(NaiveDate::MIN), end);
    let crowds: Vec<&str> = campaign.crowds.iter().flat_map(|crowds| crowds.iter()).collect();
    // Whoever may not read an illness is not told of it by a list of those who have it.
    let shown: Vec<&str> = crowds.iter().copied().filter(|crowd| !hides || !is_hidden(crowd)).collect();
    let may = |restricted: Option<bool>, icd10: &Option<String>, disease: &Option<String>| {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        !hides || (restricted != Some(true) && !is_restricted(&said(icd10), &said(disease)))
    };
    let mut targets = Vec::new();
    for file in files.iter().filter(|file| file.is_lived_in()) {
        if !by_person(campaign) {
            targets.push(Target { file, person: None, done: of_household(file, window) });
            continue;
        }
        for person in file.residents() {
            let covered = match kind {
                _ if !crowds.is_empty() => in_crowd(person, &shown, world),
                "treatment" => {
                    person.cases.iter().any(|row| may(row.record.restricted, &row.record.icd10, &row.record.disease))
                }
                "certificate" => person
                    .certificates
                    .iter()
                    .any(|row| may(row.record.restricted, &row.record.icd10, &row.record.disease)),
                _ => true,
            };
            if covered {
                targets.push(Target { file, person: Some(person), done: of_person(file, person, kind, window) });
            }
        }
    }
    targets
}

fn row(campaign: &Row<Campaign>, area: &str, reported: bool, today: NaiveDate) -> CampaignRow {
    let record = &campaign.record;
    let crowds: Vec<&str> =
        record.crowds.iter().flat_map(|crowds| crowds.iter()).map(|crowd| code::label("crowd", crowd)).collect();
    CampaignRow {
        id: campaign.id.to_string(),
        name: record.name.clone().unwrap_or_default(),
        kind: coded("campaign_kind", record.kind.as_deref().unwrap_or_default()),
        starts_on: record.starts_on,
        due_on: record.due_on,
        closed_on: record.closed_on,
        recipient: record.recipient.clone().unwrap_or_default(),
        crowds: if crowds.is_empty() { covers(record).to_owned() } else { crowds.join("、") },
        electronic: record.electronic == Some(true),
        sealed: record.sealed == Some(true),
        days: record.due_on.filter(|_| record.closed_on.is_none()).map(|due| (due - today).num_days()),
        from_county: record.area.as_deref().is_some_and(|code| code != area && region::contains(code, area)),
        reported,
    }
}

/// Campaigns of this office and of the county it lies in: open ones by their day, then those that were closed.
pub(crate) fn list(context: &mut Context<'_>, _: Empty) -> Result<CampaignList, AppError> {
    let (today, area) = (context.host.today(), context.profile()?.area.clone());
    let reading = context.read()?;
    let sent = submission::own(reading, &area)?;
    let mut rows: Vec<CampaignRow> = reading
        .all::<Campaign>()?
        .iter()
        .filter(|campaign| is_ours(&campaign.record, &area) || is_below(&campaign.record, &area))
        .map(|campaign| row(campaign, &area, is_reported(&sent, campaign.id), today))
        .collect();
    rows.sort_by(|a, b| {
        let key = |row: &CampaignRow| (row.closed_on.is_some(), row.due_on);
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    Ok(CampaignList { rows })
}

/// A campaign that a township of this county set itself.
fn is_below(campaign: &Campaign, area: &str) -> bool {
    campaign.area.as_deref().is_some_and(|code| region::contains(area, code))
}

fn is_reported(sent: &[Row<Submission>], campaign: RecordId) -> bool {
    sent.iter().any(|row| row.record.campaign == Some(campaign) && row.record.sent_on.is_some())
}

/// Whom a campaign covers, who is done and who is lacking at the end of a day.
pub(crate) fn get(context: &mut Context<'_>, request: CampaignRequest) -> Result<CampaignView, AppError> {
    let today = context.host.today();
    let (id, on) = (parse_id(&request.id)?, request.on.unwrap_or(today).min(today));
    let (area, hides) = (context.profile()?.area.clone(), context.opened()?.operator.role.code == "clerk");
    let village = parse_id_maybe(request.village.as_ref())?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let world = World::read(reading, on, packs)?;
    let campaign = reading.get::<Campaign>(id)?.ok_or_else(|| AppError::not_found("专项工作"))?;
    let sent = submission::own(reading, &area)?;
    let files = files(reading, village)?;
    let names: HashMap<RecordId, String> =
        reading.all::<Village>()?.into_iter().map(|row| (row.id, row.record.name.unwrap_or_default())).collect();
    let named =
        |file: &HouseholdFile| file.household.village.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    let targets = targets(&campaign.record, &files, &world, hides);
    let mut villages: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for target in &targets {
        let (covered, done) = villages.entry(named(target.file)).or_default();
        *covered += 1;
        *done += i64::from(target.done.is_some());
    }
    let mut lacking: Vec<CampaignTarget> = targets
        .iter()
        .filter(|target| target.done.is_none())
        .map(|target| {
            let phone = target.person.and_then(|person| person.person.phone.as_deref());
            let phone = phone.or(target.file.household.phone.as_deref()).unwrap_or_default();
            CampaignTarget {
                household: target.file.id.to_string(),
                person: target.person.map(|person| person.id.to_string()),
                name: target.person.map_or_else(|| head_of(target.file), |person| person.name()).to_owned(),
                village: named(target.file),
                group: target.file.household.village_group.clone().unwrap_or_default(),
                head: head_of(target.file).to_owned(),
                phone: phone::mask(phone),
                done_on: None,
                how: String::new(),
            }
        })
        .collect();
    lacking.sort_by(|a, b| {
        let key =
            |row: &CampaignTarget| (row.village.clone(), group_number(&row.group), row.group.clone(), row.head.clone());
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    let reported = is_reported(&sent, id);
    let submissions = sent.into_iter().filter(|row| row.record.campaign == Some(id));
    Ok(CampaignView {
        requirement: campaign.record.requirement.clone().unwrap_or_default(),
        on,
        unit: if by_person(&campaign.record) { "人" } else { "户" }.to_owned(),
        covered: targets.len() as i64,
        done: targets.iter().filter(|target| target.done.is_some()).count() as i64,
        target_percent: campaign.record.target_percent,
        lacking,
        villages: villages
            .into_iter()
            .map(|(village, (covered, done))| CampaignVillage { village, covered, done })
            .collect(),
        submissions: submissions.map(|report| submission::row(&report, &[], today)).collect(),
        counts: counts(campaign.record.kind.as_deref().unwrap_or_default(), by_person(&campaign.record)).to_owned(),
        campaign: row(&campaign, &area, reported, today),
    })
}

/// The dates of the desk: campaigns and reports that are open, the monthly review of chronic certificates on the 25th
/// (domain A-38), the monthly report at the month's end until it was sent, and the end of the insurance's year.
pub(crate) fn deadlines(reading: Reading<'_>, today: NaiveDate, area: &str) -> Result<Vec<Deadline>, AppError> {
    let sent = submission::own(reading, area)?;
    let mut dates: Vec<(NaiveDate, String)> = Vec::new();
    for campaign in reading.all::<Campaign>()?.iter().filter(|row| is_ours(&row.record, area)) {
        if let (Some(due), None) = (campaign.record.due_on, campaign.record.closed_on)
            && !is_reported(&sent, campaign.id)
        {
            dates.push((due, campaign.record.name.clone().unwrap_or_default()));
        }
    }
    for report in sent.iter().filter(|row| row.record.sent_on.is_none() && row.record.campaign.is_none()) {
        if let Some(due) = report.record.due_on {
            dates.push((due, report.record.name.clone().unwrap_or_default()));
        }
    }
    dates.retain(|(on, _)| (*on - today).num_days() <= AHEAD);
    let monthly = submission::period_of(today);
    let reported = sent.iter().any(|row| {
        row.record.period.as_ref() == Some(&monthly) && row.record.sent_on.is_some() && row.record.campaign.is_none()
    });
    dates.extend(standing(today, reported));
    let mut deadlines: Vec<Deadline> = dates
        .into_iter()
        .map(|(on, label)| {
            let before = Some(workday::last_on_or_before(on).day).filter(|day| *day < on);
            Deadline { on, label, days: (on - today).num_days(), before }
        })
        .collect();
    deadlines.sort_by_key(|deadline| deadline.on);
    Ok(deadlines)
}

fn standing(today: NaiveDate, reported: bool) -> Vec<(NaiveDate, String)> {
    let next_month = today.with_day(1).and_then(|day| day.checked_add_months(Months::new(1)));
    let after = next_month.and_then(|day| day.checked_add_months(Months::new(1)));
    let month = if reported { after } else { next_month };
    let month_end = month.and_then(|day| day.checked_sub_days(Days::new(1)));
    let review = today.with_day(25).filter(|day| *day >= today).or_else(|| next_month.and_then(|d| d.with_day(25)));
    let dates = [
        (review, "慢性病证材料送评审".to_owned()),
        (month_end, "健康帮扶月报".to_owned()),
        (NaiveDate::from_ymd_opt(today.year(), 12, 31), format!("{}年居民医保缴费截止", today.year() + 1)),
    ];
    dates.into_iter().filter_map(|(on, label)| Some((on?, label))).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use mingbai_domain::workday;

    use super::standing;

    #[test]
    fn a_deadline_on_a_day_off_says_the_last_working_day_before() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        // 2026-10-25 is a Sunday, 10-31 a Saturday, 12-31 a Thursday.
        let dates = standing(day(10, 20), false);
        let found: Vec<_> = dates.iter().map(|(on, _)| (*on, workday::last_on_or_before(*on).day)).collect();
        let expected = [(day(10, 25), day(10, 23)), (day(10, 31), day(10, 30)), (day(12, 31), day(12, 31))];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_monthly_report_that_was_sent_is_due_again_at_the_end_of_the_next_month() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        assert_eq!(standing(day(10, 20), true)[1].0, day(11, 30));
    }
}
