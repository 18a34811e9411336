//! What one household's card says, put together from the register and the policy pack.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::pack::Status;
use mingbai_domain::catalogue::Team;
use mingbai_domain::{Fen, code};
use mingbai_ledger::to_hex;
use mingbai_paper::{BillRow, Contact, Doctor, HouseholdCard, MemberRow, PhoneLine, Sentence};
use mingbai_store::query::{BillFilter, CardLine};
use sha2::{Digest, Sha256};

use super::benefits::benefits;
use crate::bill::{self, year_filter};
use crate::error::AppError;
use crate::household::{Dossier, errands};
use crate::member::{Member, disease_name};
use crate::office::Context;
use crate::policy::{ActivePack, Packs};
use crate::restricted;

/// What the family itself can see to, or is owed: the lists a card names.
const ON_CARD: [&str; 7] =
    ["visit_overdue", "unenrolled", "uncontracted", "no_citizen_id", "shortfall", "year_end_short", "year_end_apply"];

/// The card of one household as it would print today; nothing for a household that is gone.
pub(super) fn card(
    context: &Context<'_>,
    packs: &Packs,
    line: &CardLine,
    today: NaiveDate,
) -> Result<Option<HouseholdCard>, AppError> {
    let profile = context.profile()?;
    let pack = packs.on(today);
    let reading = context.read()?;
    let Some(dossier) = Dossier::read(reading, line.household)? else { return Ok(None) };
    let household = &dossier.household.record;
    let living: Vec<&Member> = dossier.members.iter().filter(|m| m.alive()).collect();
    let bills = bill::of_household(reading, packs, line.household, today.year())?;
    let team = living.iter().find_map(|m| m.contract(today)?.record.team);
    let team = team.map(|id| reading.get::<Team>(id)).transpose()?.flatten().map(|row| row.record);
    let mut paid: Vec<BillRow> = bills
        .iter()
        .filter_map(|bill| {
            let reimbursed = Fen(bill.basic + bill.critical + bill.aid + bill.other);
            Some(BillRow {
                date: bill.settled_on?,
                who: bill.name.clone(),
                place: bill.hospital.clone(),
                total: Fen(bill.total),
                reimbursed,
                personal: Fen(bill.personal),
                visit: true,
            })
        })
        .collect();
    // What came this year for the whole of the year before is money the family got, and no visit.
    let home = BillFilter { household: Some(line.household), ..year_filter(today.year()) };
    paid.extend(reading.year_end_payments(&home)?.into_iter().filter_map(|line| {
        let record = &line.bill.record;
        Some(BillRow {
            date: record.settled_on?,
            who: line.name.clone(),
            place: format!("{}年年终结算", record.year?),
            total: Fen::ZERO,
            reimbursed: record.paid(),
            personal: Fen::ZERO,
            visit: false,
        })
    }));
    paid.sort_by_key(|row| row.date);
    let todo = errands(context.read()?, line.household, today)?;
    let todo = todo.into_iter().filter(|todo| ON_CARD.contains(&todo.key.as_str())).map(|todo| {
        let due = todo.due.map(|day| format!("（应在{}月{}日前）", day.month(), day.day())).unwrap_or_default();
        Sentence::plain(format!("{}{due}", todo.text))
    });
    let causes: Vec<&str> =
        dossier.main_cause.iter().chain(&dossier.other_causes).map(|cause| cause.label.as_str()).collect();
    Ok(Some(HouseholdCard {
        county: profile.county_name.clone(),
        unit: profile.unit_name.clone(),
        edition: u32::try_from(line.edition).unwrap_or_default() + 1,
        issued_on: today,
        year: today.year(),
        household_no: line.number.clone(),
        head: dossier.head(),
        address: [dossier.village_name(), household.village_group.clone().unwrap_or_default()].join(" "),
        population: u32::try_from(living.len()).unwrap_or_default(),
        status: dossier.status.as_ref().map(|s| s.label.clone()).unwrap_or_default(),
        cause: causes.join("、"),
        helper: Contact {
            name: household.helper_name.clone().unwrap_or_default(),
            phone: household.helper_phone.clone().unwrap_or_default(),
        },
        members: living.iter().map(|m| member(m, today)).collect(),
        doctors: team.as_ref().map(doctors).unwrap_or_default(),
        service: Sentence::marked("每年免费体检 **1** 次；高血压、糖尿病病人每年面对面随访至少 **4** 次。"),
        next_visit: next_visit(&living, today),
        bills: paid,
        benefits: benefits(reading, pack, &living, today)?,
        free_items: pack.map(free_items).unwrap_or_default(),
        steps: steps(),
        todo: todo.collect(),
        phones: phones(team.as_ref()),
        basis: basis(pack),
    }))
}

fn member(member: &Member, today: NaiveDate) -> MemberRow {
    let open = member.diagnoses.iter().filter(|row| !restricted::hides(&row.record));
    let insured = member.insured(today.year());
    MemberRow {
        name: member.name(),
        age: member.age(today).and_then(|age| u16::try_from(age).ok()).unwrap_or_default(),
        relation: plain_relation(member.membership.record.relation.as_deref().unwrap_or_default()),
        diseases: open.map(|row| disease_name(&row.record)).collect(),
        identity: member.identity(today).map(|identity| identity.label).unwrap_or_default(),
        insured,
        insured_text: if insured { "已参保" } else { "未参保" }.to_owned(),
    }
}

/// `之子` is how rosters say it; a family says `儿子`.
fn plain_relation(relation: &str) -> String {
    let plain = match relation {
        "20" => "儿子",
        "30" => "女儿",
        "41" => "孙子",
        "42" => "孙女",
        "43" => "外孙",
        "44" => "外孙女",
        "51" => "父亲",
        "52" => "母亲",
        other => code::label("relation", other).trim_start_matches('之'),
    };
    plain.to_owned()
}

fn doctors(team: &Team) -> Vec<Doctor> {
    let doctor = |level: &str, name: &Option<String>, unit: &Option<String>, phone: &Option<String>| {
        let name = name.clone().filter(|n| !n.is_empty())?;
        let (unit, phone) = (unit.clone().unwrap_or_default(), phone.clone().unwrap_or_default());
        Some(Doctor { level: level.to_owned(), name, unit, phone })
    };
    [
        doctor("村医", &team.village_doctor, &team.village_clinic, &team.village_phone),
        doctor("乡医生", &team.township_doctor, &None, &team.township_phone),
        doctor("县医生", &team.county_doctor, &team.county_hospital, &team.county_phone),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn next_visit(living: &[&Member], today: NaiveDate) -> Option<Sentence> {
    let mut coming: Vec<(NaiveDate, String)> = Vec::new();
    for member in living {
        if let Some(day) = member.visits.first().and_then(|visit| visit.record.next_on).filter(|day| *day >= today) {
            coming.push((day, member.name()));
        }
    }
    coming.sort();
    let parts: Vec<String> =
        coming.iter().take(3).map(|(day, name)| format!("{name} **{}月{}日前**", day.month(), day.day())).collect();
    (!parts.is_empty()).then(|| Sentence::marked(&format!("下次随访：{}。", parts.join("，"))))
}

/// Exactly what the pack says costs nothing or less: a card promises no more than the county does.
fn free_items(pack: &ActivePack) -> Vec<Sentence> {
    pack.rules.free_items.iter().map(|item| Sentence::plain(item.text.clone())).collect()
}

fn steps() -> Vec<Sentence> {
    [
        "先给家庭医生打电话",
        "带上**身份证、医保卡、这张卡**",
        "住院时说“我家是建档立卡（低保、特困）户”",
        "不交押金，住完院再结账",
        "在“一站式窗口”结算，要一张**结算单**，交给村医核对",
    ]
    .into_iter()
    .map(Sentence::marked)
    .collect()
}

/// Three numbers fit on one line large enough for old eyes; the helper's stands on the front.
fn phones(team: Option<&Team>) -> Vec<PhoneLine> {
    let line = |label: &str, number: Option<&str>| {
        let number = number.filter(|n| !n.is_empty())?.to_owned();
        Some(PhoneLine { label: label.to_owned(), number })
    };
    [
        line("村医", team.and_then(|t| t.village_phone.as_deref())),
        line("卫生院", team.and_then(|t| t.township_phone.as_deref())),
        line("监督", Some("12393")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn basis(pack: Option<&ActivePack>) -> String {
    let Some(pack) = pack else { return "县里还没有启用政策包。".to_owned() };
    let sure = pack.rules.sources.iter().filter(|source| source.status != Status::Unverified);
    let documents: Vec<&str> = sure.map(|source| source.document.as_str()).collect();
    let open = if pack.rules.unofficial().is_empty() { "" } else { "；部分标准待县里核实" };
    format!("{}（政策包 {}，{}起）{open}。", documents.join("、"), pack.title(), pack.rules.from)
}

/// SHA-256 of what the card says, leaving out the day and the edition.
pub(super) fn digest(card: &HouseholdCard) -> String {
    let still = HouseholdCard { edition: 0, issued_on: NaiveDate::default(), ..card.clone() };
    let bytes = serde_json::to_vec(&still).unwrap_or_default();
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    to_hex(&hash)
}
