//! 参保与结算: who is not insured, not marked at the insurer, paid too much or was paid too little.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{Claim, Record, Settlement};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, HouseholdFile, PersonFile, TodoLine};
use mingbai_store::{Reading, Row, TodoRow, Worked};

use super::chased;
use crate::bill;
use crate::claim;
use crate::dto::Tone;
use crate::error::AppError;
use crate::restricted;
use crate::todo::{Findings, Item, World};

/// What payers that settle once a year still owe of the last year.
const END_SHORT: &str = "year_end_short";
/// What of the last year's end waits for an application.
const END_APPLY: &str = "year_end_apply";

pub(super) const ITEMS: [Item; 14] = [
    Item {
        key: "shortfall",
        label: "应报未报",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "张",
        definition: "今年和上年的结算单里，有支付方实际支付少于政策包算出的应付，还没有发函追；别的支付方多付的不抵",
        on_desk: true,
        by_reason: false,
        reason: |line| format!("少报 {} 元 · {}", Fen(line.amount.unwrap_or_default()), line.detail),
        errand: Some(|line, _| {
            let month = line.due.map(|day| format!("{}月", chrono::Datelike::month(&day))).unwrap_or_default();
            format!("{} {month}账单应再报 {} 元", line.name, Fen(line.amount.unwrap_or_default()))
        }),
    },
    Item {
        key: END_SHORT,
        label: "年终结算应付未付",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "人",
        definition: "上年的结算单按政策包算，一年结算一次的支付方（如大病保险）应付的钱没有付清，还没有发函追",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| format!("{} 年终结算应再付 {} 元", line.name, Fen(line.amount.unwrap_or_default()))),
    },
    Item {
        key: END_APPLY,
        label: "年终救助没有申请",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "人",
        definition: "上年的结算单按政策包算，要由本人申请的年终救助（如因病致贫医疗救助）有应得的钱，还没有登记申请，也没有登记年终结算；今年年底以前可以申请",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| {
            format!("{} 可以申请上年的年终救助 {} 元", line.name, Fen(line.amount.unwrap_or_default()))
        }),
    },
    Item {
        key: "claim_late",
        label: "发函30天没有答复",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "张",
        definition: "应报未报已经给医保发函（或已经申请年终救助），30天没有登记答复，也没有补报的结算单",
        on_desk: true,
        by_reason: true,
        reason: |line| format!("{} 要求补报 {} 元", line.detail, Fen(line.amount.unwrap_or_default())),
        errand: None,
    },
    Item {
        key: "claim_answered",
        label: "医保已答复，等补报",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "张",
        definition: "应报未报医保已经答复：补报了录入补报的结算单，不补的写明原因办结",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| format!("{} 的应报未报医保已答复，要办结", line.name)),
    },
    Item {
        key: "overpaid",
        label: "多报",
        section: "保障结算",
        tone: Tone::Waiting,
        unit: "张",
        definition: "今年的结算单里，有支付方实际支付多于政策包算出的应付，还没有写明原因办结",
        on_desk: true,
        by_reason: false,
        reason: |line| format!("多报 {} 元 · {}", Fen(line.amount.unwrap_or_default()), line.detail),
        errand: None,
    },
    Item {
        key: "unsettled",
        label: "出院没有即时结算",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "张",
        definition: "今年的结算单里登记了出院没有一站式即时结算，还没有办结",
        on_desk: true,
        by_reason: false,
        reason: |line| restricted::shown(&line.detail).to_owned(),
        errand: None,
    },
    Item {
        key: "paid_beyond",
        label: "政策外补助",
        section: "保障结算",
        tone: Tone::Waiting,
        unit: "张",
        definition: "今年的结算单里有政策包以外的名目支付的补助（层层加码），要清理或报县里定；办结了的不列",
        on_desk: true,
        by_reason: true,
        reason: |line| format!("{} {} 元", line.detail, Fen(line.amount.unwrap_or_default())),
        errand: None,
    },
    Item {
        key: "high_self_pay",
        label: "县域内个人支付超过10%",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "张",
        definition: "今年县域内住院和门诊慢特病结算单，个人支付 ÷ 费用总额 超过 10%",
        on_desk: true,
        by_reason: false,
        reason: |line| {
            let permille = line.amount.unwrap_or_default();
            format!("个人支付占 {}.{}%", permille / 10, permille % 10)
        },
        errand: None,
    },
    Item {
        key: "deposit",
        label: "收了住院押金",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "张",
        definition: "今年的结算单里登记了住院押金；先诊疗后付费，住院不应收押金；押金退了、写明办结的不列",
        on_desk: true,
        by_reason: false,
        reason: |line| format!("押金 {} 元", Fen(line.amount.unwrap_or_default())),
        errand: None,
    },
    Item {
        key: "unenrolled",
        label: "今年未参保",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "人",
        definition: "在册、在世，今年没有参保记录",
        on_desk: true,
        by_reason: true,
        reason: |line| if line.detail.is_empty() { "原因未填".to_owned() } else { line.detail.clone() },
        errand: Some(|line, today| format!("{} {}年未参保", line.name, chrono::Datelike::year(&today))),
    },
    Item {
        key: "unmarked",
        label: "医保系统没有标识",
        section: "保障结算",
        tone: Tone::Missing,
        unit: "人",
        definition: "在册、在世，今年已参保，有救助身份今天有效，医保系统里还没有标识：住院时享受不到倾斜待遇",
        on_desk: true,
        by_reason: true,
        reason: |line| {
            let labels = line.detail.split(',').map(|code| mingbai_domain::code::label("aid_identity", code));
            labels.collect::<Vec<_>>().join("、")
        },
        errand: None,
    },
    Item {
        key: "published",
        label: "医疗费用没有公示",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "人",
        definition: "今年有结算单的人，没有一张登记了费用公示日期",
        on_desk: false,
        by_reason: false,
        reason: |_| "没有登记公示日期".to_owned(),
        errand: None,
    },
    Item {
        key: "in_county",
        label: "县域外就诊",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "张",
        definition: "今年的结算单里，就诊地填了、不在县域内",
        on_desk: false,
        by_reason: false,
        reason: |line| restricted::shown(&line.detail).to_owned(),
        errand: None,
    },
];

pub(super) fn look(file: &HouseholdFile, world: &World, findings: &mut Findings<'_>) {
    let (mut insured, mut residents) = (0, 0);
    for person in file.residents() {
        residents += 1;
        if world.insured(person) {
            insured += 1;
            marked(person, world, findings);
        } else {
            let year = i64::from(world.year);
            let said = person.enrolments.iter().find(|row| row.record.year == Some(year));
            let reason = said.and_then(|row| row.record.reason.clone()).unwrap_or_default();
            findings.person("unenrolled", person, reason).severity = 2;
        }
    }
    findings.share("enrolment", insured, residents, 0);
    let (mut near, mut placed, mut published, mut billed) = (0, 0, 0, 0);
    let (mut own, mut total) = (0_i64, 0_i64);
    for person in file.people.iter().filter(|person| person.belongs_here) {
        let of_year = || person.bills.iter().filter(|bill| world.this_year(bill.record.settled_on));
        for bill in of_year() {
            // Where somebody was treated and nobody wrote down is neither near nor far.
            let in_county = of_bill(person, bill, world, findings);
            (near, placed) = (near + i64::from(in_county == Some(true)), placed + i64::from(in_county.is_some()));
            // What nobody wrote down is not nothing: such a bill says nothing of the share.
            if let (true, Some(personal), Some(all)) =
                (is_shared(&bill.record), bill.record.paid_personal, bill.record.total)
            {
                own = own.saturating_add(personal.0);
                total = total.saturating_add(all.0);
            }
        }
        if of_year().next().is_some() {
            billed += 1;
            if of_year().any(|bill| bill.record.published_on.is_some()) {
                published += 1;
            } else {
                findings.person("published", person, "");
            }
        }
    }
    findings.share("published", published, billed, 0);
    findings.share("in_county", near, placed, 0);
    findings.share("self_pay", own, total, 0);
}

/// A bill that the limit of one tenth is for: of the county, in hospital or for a chronic illness.
fn is_shared(bill: &Settlement) -> bool {
    bill.hospital_area.as_deref() == Some("county")
        && matches!(bill.care_kind.as_deref(), Some("inpatient" | "chronic_outpatient"))
}

fn marked(person: &PersonFile, world: &World, findings: &mut Findings<'_>) {
    let held = person.identities.iter().filter(|row| world.holds(row.record.since, row.record.until));
    let aided = held.filter(|row| !matches!(row.record.identity.as_deref(), None | Some("ordinary")));
    let unmarked = aided.filter(|row| row.record.marked_at_insurer != Some(true));
    let mut codes: Vec<&str> = unmarked.filter_map(|row| row.record.identity.as_deref()).collect();
    codes.sort_unstable();
    codes.dedup();
    if !codes.is_empty() {
        findings.person("unmarked", person, codes.join(","));
    }
}

/// What is to be said of one bill; whether it is of the county, where it says so.
fn of_bill(person: &PersonFile, bill: &Row<Settlement>, world: &World, findings: &mut Findings<'_>) -> Option<bool> {
    let subject = claim::Subject::Bill(bill.id);
    let waits = |matter, amount| !world.claims.matters.is_closed(subject, matter, amount);
    let record = &bill.record;
    let area = record.hospital_area.as_deref().filter(|area| !area.is_empty());
    let in_county = area.map(|area| area == "county");
    let name = |row: &mut TodoRow, amount| {
        (row.record, row.due, row.amount) = (Some((Settlement::TYPE.id, bill.id)), record.settled_on, amount);
    };
    let (total, own) = (record.total.unwrap_or_default().0, record.paid_personal.unwrap_or_default().0);
    if is_shared(record) && total > 0 && own.saturating_mul(10) > total {
        name(findings.person("high_self_pay", person, ""), own.saturating_mul(1000).checked_div(total));
    }
    if let Some(deposit) = record.deposit.filter(|deposit| deposit.0 > 0 && waits(claim::Matter::Deposit, *deposit)) {
        name(findings.person("deposit", person, ""), Some(deposit.0));
    }
    if record.one_stop == Some(false) && waits(claim::Matter::Unsettled, record.total.unwrap_or_default()) {
        name(findings.person("unsettled", person, record.hospital.clone().unwrap_or_default()), None);
    }
    if let Some(beyond) = record.paid_beyond.filter(|beyond| beyond.0 > 0 && waits(claim::Matter::Beyond, *beyond)) {
        let by = restricted::shown(record.paid_beyond_by.as_deref().unwrap_or("名目没有写")).to_owned();
        name(findings.person("paid_beyond", person, by), Some(beyond.0));
    }
    if in_county == Some(false) {
        name(findings.person("in_county", person, record.hospital.clone().unwrap_or_default()), None);
    }
    in_county
}

/// The year whose end a row is about, where it is about one: what nobody has written for is of the last year, what was written
/// for of the year of its claim.
pub(crate) fn year_end_of(reading: Reading<'_>, line: &TodoLine, today: NaiveDate) -> Result<Option<i64>, AppError> {
    if [END_SHORT, END_APPLY].contains(&line.item.as_str()) {
        return Ok(Some(i64::from(today.year() - 1)));
    }
    let Some((_, claim)) = line.record.filter(|(kind, _)| *kind == Claim::TYPE.id) else { return Ok(None) };
    Ok(reading.get::<Claim>(claim)?.and_then(|row| row.record.year))
}

/// Years before the last whose end somebody of a household still waits for.
fn chased_years(file: &HouseholdFile, world: &World) -> BTreeSet<i32> {
    let waits = |key: &&bill::EndKey| {
        key.year < world.year - 1 && file.people.iter().any(|one| one.belongs_here && one.id == key.person)
    };
    let chased = world.claims.ends.iter().filter(|(_, row)| row.record.state.as_deref() != Some(claim::CLOSED));
    chased.map(|(key, _)| key).filter(waits).map(|key| key.year).collect()
}

/// What is to be said of the end of a year that is over.
fn of_end(end: &bill::YearEnd, world: &World) -> Vec<TodoRow> {
    let mut rows = Vec::new();
    for part in end.parts.iter().filter(|_| !end.running) {
        let claim = world.claims.ends.get(&end.key(part));
        let record = claim.map(|row| (Claim::TYPE.id, row.id));
        let claim = claim.map(|row| &row.record);
        let text = |of: fn(&Claim) -> &Option<String>| claim.and_then(|claim| of(claim).clone()).unwrap_or_default();
        let sent = claim.and_then(|claim| claim.sent_on);
        let (item, detail, due) = match claim::end_standing(end, part, claim) {
            claim::Standing::In(claim::OPEN) if end.year < world.year - 1 => continue,
            claim::Standing::In(claim::OPEN) if part.applied => {
                (END_APPLY, format!("{}：{}", end.title(), part.said()), NaiveDate::from_ymd_opt(world.year, 12, 31))
            }
            claim::Standing::In(claim::OPEN) => (END_SHORT, format!("{}：{}", end.title(), part.said()), None),
            claim::Standing::In(claim::SENT) => {
                let Some(day) = sent.filter(|sent| (world.today - *sent).num_days() > claim::PATIENCE) else {
                    continue;
                };
                ("claim_late", format!("{day} {} {}", text(|claim| &claim.paid_to), end.title()), Some(day))
            }
            claim::Standing::In(claim::ANSWERED) => {
                let said = format!("{} {}：{}", end.title(), text(|claim| &claim.paid_to), text(|claim| &claim.answer));
                ("claim_answered", said, claim.and_then(|claim| claim.answered_on).or(sent))
            }
            _ => continue,
        };
        let short = if part.short() > Fen::ZERO { Some(part.short()) } else { claim.and_then(|claim| claim.amount) };
        let amount = short.map(|short| short.0);
        rows.push(TodoRow { item, person: Some(end.person), record, detail, due, amount, severity: 4 });
    }
    rows
}

/// Bills on which the payers paid too little or too much: held against the packs, a household at a time.
pub(crate) fn of_bills(
    reading: Reading<'_>,
    files: &[HouseholdFile],
    world: &World,
    worked: &mut [Worked],
) -> Result<(), AppError> {
    let billed = |file: &HouseholdFile| {
        let people = file.people.iter().filter(|person| person.belongs_here);
        let bills = people.flat_map(|person| person.bills.iter().chain(&person.year_ends));
        bills.into_iter().any(|bill| bill.record.settled_on.is_some_and(|day| day.year() >= world.year - 1))
            || !chased_years(file, world).is_empty()
    };
    let written_for = chased::written_for(reading, world)?;
    let places: HashMap<RecordId, usize> = files.iter().enumerate().map(|(place, file)| (file.id, place)).collect();
    for file in files {
        if file.people.iter().any(|person| person.belongs_here && written_for.contains(&person.id))
            && let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place))
        {
            worked.rows.extend(chased::rows(reading, file.id, world)?);
        }
    }
    for file in files.iter().filter(|file| billed(file)) {
        let home = BillFilter { household: Some(file.id), ..BillFilter::default() };
        let of_year = |year| bill::judge_year(reading, &world.packs, &home, year, world.today);
        // What nobody has written for yet is owed also when its year is over.
        let last = of_year(world.year - 1)?;
        let mut ends = last.ends;
        for year in chased_years(file, world) {
            ends.extend(of_year(year)?.ends);
        }
        let rows = ends.iter().flat_map(|end| of_end(end, world));
        if let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place)) {
            worked.rows.extend(rows);
        }
        let last = last.bills.into_iter().filter(|judged| judged.short() > Fen::ZERO);
        let now = of_year(world.year)?;
        let bills: Vec<bill::Judged> = last.chain(now.bills).collect();
        let left = claim::Left::of(&bills);
        for judged in bills {
            let (id, person) = (judged.line.bill.id, judged.line.person);
            let (_, state) = claim::bill_standing(reading, &world.packs, &world.claims, &left, &judged)?;
            let to_claim = state == claim::Standing::In(claim::OPEN);
            let row = bill::row(&judged);
            // One payer's excess makes no other's shortage good: such a bill is both.
            let subject = claim::Subject::Bill(id);
            let over = !world.claims.matters.is_closed(subject, claim::Matter::Over, Fen(row.over));
            let found = [("shortfall", row.shortfall, to_claim), ("overpaid", row.over, over)];
            for (item, amount, _) in found.into_iter().filter(|(_, amount, waits)| *waits && *amount > 0) {
                let row = TodoRow {
                    item,
                    person: Some(person),
                    record: Some((Settlement::TYPE.id, id)),
                    detail: format!("{} · {}", row.hospital, row.why),
                    due: row.settled_on,
                    amount: Some(amount),
                    severity: 4,
                };
                if let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place)) {
                    worked.rows.push(row);
                }
            }
        }
    }
    Ok(())
}
