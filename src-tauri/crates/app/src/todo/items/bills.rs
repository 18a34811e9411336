//! 参保与结算: who is not insured, not marked at the insurer, paid too much or was paid too little.

use mingbai_domain::Fen;
use mingbai_domain::catalogue::{Record, Settlement};
use mingbai_store::query::{HouseholdFile, PersonFile};
use mingbai_store::{Row, TodoRow};

use crate::claim;
use crate::dto::Tone;
use crate::restricted;
use crate::todo::{Findings, Item, World};

/// What payers that settle once a year still owe of the last year.
pub(super) const END_SHORT: &str = "year_end_short";
/// What of the last year's end waits for an application.
pub(super) const END_APPLY: &str = "year_end_apply";

pub(super) const ITEMS: [Item; 15] = [
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
        definition: "上年的结算单按政策包算，年终应付的钱（一年结算一次的如大病保险，或年中认定的身份按全年补的）没有付清，还没有发函追",
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
        key: "unseen_bills",
        label: "可能漏录票据",
        section: "保障结算",
        tone: Tone::Soon,
        unit: "件",
        definition: "一个人一年一件：今年或上年最后一张印有本年累计的结算单，累计多于系统里到那一天为止的合计：可能有票据没有录入，累计起付线、大病保险会算少；补录了就消去，核对过没有漏的，在“应报未报”页的“可能漏录票据”里办结",
        on_desk: true,
        by_reason: false,
        reason: |line| line.detail.clone(),
        errand: Some(|line, _| format!("向 {} 家要来和这一张同年的其余结算单，补录进来", line.name)),
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
