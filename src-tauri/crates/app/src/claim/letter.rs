//! The letter to the insurer with its list, and in the same action what it says is on its way.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use chrono::{Datelike, NaiveTime};
use mingbai_domain::catalogue::{Claim, Person, Settlement};
use mingbai_domain::{Fen, RecordId, citizen_id};
use mingbai_paper::{Letter, LetterLine, LetterSum, letter_pdf};
use mingbai_sheets::write::{Head, OfficialTable, OfficialValue, SealLine, official_workbook};
use mingbai_store::Reading;
use mingbai_store::query::BillFilter;

use super::ends::{ASK, CAUSE, letter_line, named, pack_title};
use super::list::cause_name;
use super::{Left, OPEN, SENT, Standing, bill_standing, claims, end_standing};
use crate::bill::{EndKey, EndPart, Judged, YearEnd, chain, judge};
use crate::dto::{ClaimLetter, ClaimLetterRequest};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::{Context, keep_file};
use crate::policy::Packs;
use crate::restricted;

/// More bills than this are no longer one letter.
const MOST: usize = 500;

pub(crate) fn letter(context: &mut Context<'_>, request: ClaimLetterRequest) -> Result<ClaimLetter, AppError> {
    let (to, number) = (request.paid_to.trim().to_owned(), request.letter.trim().to_owned());
    let today = context.host.today();
    if to.is_empty() {
        return Err(AppError::invalid("paid_to", "请填发给哪个单位，没有生成文件"));
    }
    if number.is_empty() {
        return Err(AppError::invalid("letter", "请填函件编号，没有生成文件"));
    }
    if request.sent_on > today {
        return Err(AppError::invalid("sent_on", "发函日期在今天以后，没有生成文件，请改日期"));
    }
    if request.bills.is_empty() || request.bills.len() > MOST {
        let said = format!("一封函可以附1到{MOST}张结算单，没有生成文件。请先选结算单，多时分几封");
        return Err(AppError::new(ErrorCode::NotFound, said));
    }
    let ends: BTreeSet<EndKey> = request.bills.iter().filter_map(|id| id.parse().ok()).collect();
    let of_bills = request.bills.iter().filter(|id| id.parse::<EndKey>().is_err());
    let wanted = of_bills.map(|id| parse_id(id)).collect::<Result<BTreeSet<_>, _>>()?;
    let packs = context.packs()?;
    let unit = context.profile()?.unit_name.clone();
    let operator = context.opened()?.operator.name.clone();
    let reading = context.read()?;
    let all = claims(reading)?;
    let judged = owed(reading, &packs, &wanted)?;
    let left = Left::of(&judged);
    let mut writes: Vec<(Option<RecordId>, Claim)> = Vec::new();
    for one in &judged {
        let (row, state) = bill_standing(reading, &packs, &all, &left, one)?;
        if one.short() <= Fen::ZERO || state == Standing::Out || state == Standing::In(super::CLOSED) {
            let said = format!("{}的结算单没有要补报的，或已经办结，没有生成文件。请重新选", one.line.name);
            return Err(AppError::new(ErrorCode::Conflict, said));
        }
        // A correction is of the day it came; what it is asked for was owed since the first of its papers.
        if let Some(day) = chain::turn(reading, &one.line.bill)?.filter(|day| *day > request.sent_on) {
            let said = format!("{}的结算单是 {day} 结算的，发函日期不能更早，没有生成文件，请改日期", one.line.name);
            return Err(AppError::invalid("sent_on", said));
        }
        let sheet = Claim { settlement: Some(one.line.bill.id), person: Some(one.line.person), ..Claim::default() };
        let before = row.map_or(sheet, |row| Claim { person: Some(one.line.person), ..row.record.clone() });
        let claim = written_for(before, &request, &one.line.name, one.short())?;
        writes.push((row.map(|row| row.id), claim));
    }
    let mut at_end = Vec::new();
    for key in ends {
        let (end, part) = named(reading, &packs, key, today)?;
        let row = all.ends.get(&end.key(&part));
        let state = end_standing(&end, &part, row.map(|row| &row.record));
        let over = state == Standing::Out || state == Standing::In(super::CLOSED);
        if part.applied || part.short() <= Fen::ZERO || over {
            let why =
                if part.applied { "要由本人申请，不用发函" } else { "没有要补付的，或已经办结" };
            let said = format!("{}的{}{why}，没有生成文件。请重新选", end.name, end.title());
            return Err(AppError::new(ErrorCode::Conflict, said));
        }
        let of_year = Claim { year: Some(i64::from(end.year)), ..Claim::default() };
        let before = row.map_or(of_year, |row| row.record.clone());
        let before = Claim { person: Some(end.person), ..before };
        if request.sent_on.year() <= end.year {
            let said = format!("{}的{}要过了年才结算，发函日期不能更早，没有生成文件，请改日期", end.name, end.title());
            return Err(AppError::invalid("sent_on", said));
        }
        let claim = written_for(before, &request, &format!("{}{}", end.name, end.title()), part.short())?;
        writes.push((row.map(|row| row.id), claim));
        at_end.push((end, part));
    }
    debug_assert!(writes.iter().all(|(_, claim)| claim.state.as_deref() != Some(OPEN)));
    let paper = paper(reading, &judged, &at_end, &request, &unit)?;
    let amount = paper.amount;
    let pdf = letter_pdf(&paper, today)?.pdf;
    let sheet = official_workbook(&[table(&paper, &unit, &operator, request.sent_on)], today.and_time(NaiveTime::MIN))?;
    let folder = context.office.folder("输出")?;
    let stem = format!("补报函_{}_{}", safe(&number), today.format("%Y%m%d"));
    let (file, path) = keep_file(&folder, &format!("{stem}.pdf"), &pdf)?;
    let (list, list_path) = keep_file(&folder, &format!("{stem}_明细.xlsx"), &sheet)?;
    let (bills, year_ends) = (judged.len() as i64, at_end.len() as i64);
    let said = format!("{number} 致{to}，{}，要求补报 {} 元", paper.items(), Fen(amount));
    let committed = context.commit("batch_claim", Some(&said), |txn| {
        for (id, claim) in writes {
            match id {
                Some(id) => drop(txn.update(id, &claim)?),
                None => drop(txn.insert(None, &claim)?),
            }
        }
        Ok(())
    });
    let committed = committed.inspect_err(|_| {
        // A letter nobody noted was never sent; the register is as it was.
        drop(fs::remove_file(&path));
        drop(fs::remove_file(&list_path));
    })?;
    let entry = committed.entry.map(|written| written.entry.0);
    Ok(ClaimLetter { letter: file, list, path: path.display().to_string(), bills, year_ends, amount, entry })
}

/// A claim as it stands once this letter asks for so much; what was written first stays in it.
fn written_for(before: Claim, request: &ClaimLetterRequest, whose: &str, amount: Fen) -> Result<Claim, AppError> {
    if let Some(last) = before.sent_on.filter(|last| *last > request.sent_on) {
        let said = format!("{whose}的上一封函是 {last} 发的，发函日期不能更早，没有生成文件，请改日期");
        return Err(AppError::invalid("sent_on", said));
    }
    let number = Some(request.letter.trim().to_owned());
    Ok(Claim {
        first_letter: before.first_letter.clone().or(before.letter.clone()).or(number.clone()),
        first_sent_on: before.first_sent_on.or(before.sent_on).or(Some(request.sent_on)),
        letters: Some(letters(&before) + 1),
        state: Some(SENT.to_owned()),
        amount: Some(amount),
        paid_to: Some(request.paid_to.trim().to_owned()),
        letter: number,
        sent_on: Some(request.sent_on),
        ..before
    })
}

/// How many letters were written about a bill; of one from before they were counted, one.
pub(super) fn letters(claim: &Claim) -> i64 {
    claim.letters.unwrap_or(i64::from(claim.sent_on.is_some()))
}

/// The bills asked for, each settled within its person's year, by village and name.
fn owed(reading: Reading<'_>, packs: &Packs, wanted: &BTreeSet<RecordId>) -> Result<Vec<Judged>, AppError> {
    let mut people = BTreeSet::new();
    for id in wanted {
        let bill = reading.get::<Settlement>(*id)?.ok_or_else(|| AppError::not_found("结算单"))?;
        if let Some(person) = bill.record.person {
            people.insert(reading.canonical(person)?);
        }
    }
    let mut found = Vec::new();
    for person in people {
        let filter = BillFilter { person: Some(person), ..BillFilter::default() };
        let judged = judge(reading, packs, &filter)?;
        found.extend(judged.into_iter().filter(|one| wanted.contains(&one.line.bill.id)));
    }
    if found.len() != wanted.len() {
        let said = "选中的结算单里有已经被冲销的，没有生成文件。请刷新后重新选";
        return Err(AppError::new(ErrorCode::Conflict, said));
    }
    found.sort_by(|a, b| (&a.line.village_name, &a.line.name).cmp(&(&b.line.village_name, &b.line.name)));
    Ok(found)
}

/// What the letter says.
fn paper(
    reading: Reading<'_>,
    judged: &[Judged],
    at_end: &[(YearEnd, EndPart)],
    request: &ClaimLetterRequest,
    unit: &str,
) -> Result<Letter, AppError> {
    let mut lines = Vec::new();
    let mut sums: Vec<LetterSum> = Vec::new();
    let mut packs_named: Vec<String> = Vec::new();
    let mut numbers: HashMap<RecordId, String> = HashMap::new();
    for one in judged {
        let Some((settlement, comparison)) = &one.due else { continue };
        let record = &one.line.bill.record;
        if let Some(pack) = &one.pack {
            let title = pack.title();
            if !packs_named.contains(&title) {
                packs_named.push(title);
            }
        }
        let id = match numbers.get(&one.line.person) {
            Some(id) => id.clone(),
            None => {
                let person = reading.get::<Person>(one.line.person)?.map(|row| row.record).unwrap_or_default();
                let id = person.citizen_id.as_deref().map(citizen_id::mask).unwrap_or_default();
                numbers.insert(one.line.person, id.clone());
                id
            }
        };
        let (_, cause) = cause_name(comparison.cause);
        let paid: Fen = comparison.lines.iter().map(|line| line.paid).sum();
        let by = comparison.lines.iter().filter(|line| line.shortfall != Fen::ZERO).map(|line| {
            let more = if line.shortfall < Fen::ZERO { "多付" } else { "" };
            let amount = if line.shortfall < Fen::ZERO { Fen::ZERO - line.shortfall } else { line.shortfall };
            format!("{}{more}{amount}", line.column.label())
        });
        let ask = comparison.cause_text.split_once('：').map_or(comparison.cause_text.as_str(), |(_, ask)| ask);
        lines.push(LetterLine {
            name: one.line.name.clone(),
            citizen_id: id,
            village: one.line.village_name.clone(),
            hospital: restricted::shown(record.hospital.as_deref().unwrap_or_default()).to_owned(),
            settled_on: record.settled_on.map(|day| day.to_string()).unwrap_or_default(),
            number: record.number.clone().or_else(|| record.invoice.clone()).unwrap_or_default(),
            identity: settlement.identities.join("、"),
            total: record.total.unwrap_or_default().0,
            due: settlement.paid().0,
            paid: paid.0,
            short: comparison.short.0,
            payers: by.collect::<Vec<_>>().join("、"),
            cause: cause.to_owned(),
        });
        match sums.iter_mut().find(|sum| sum.label == cause) {
            Some(sum) => {
                sum.bills += 1;
                sum.amount += comparison.short.0;
            }
            None => sums.push(LetterSum {
                label: cause.to_owned(),
                ask: ask.to_owned(),
                bills: 1,
                amount: comparison.short.0,
                unit: "张".to_owned(),
            }),
        }
    }
    for (end, part) in at_end {
        packs_named.extend(pack_title(end).filter(|title| !packs_named.contains(title)));
        lines.push(letter_line(reading, end, part)?);
    }
    if !at_end.is_empty() {
        sums.push(LetterSum {
            label: CAUSE.1.to_owned(),
            ask: ASK.to_owned(),
            bills: at_end.len() as i64,
            amount: at_end.iter().map(|(_, part)| part.short().0).sum(),
            unit: "笔".to_owned(),
        });
    }
    sums.sort_by_key(|sum| std::cmp::Reverse(sum.amount));
    let people: BTreeSet<RecordId> =
        judged.iter().map(|one| one.line.person).chain(at_end.iter().map(|(end, _)| end.person)).collect();
    Ok(Letter {
        to: request.paid_to.trim().to_owned(),
        number: request.letter.trim().to_owned(),
        unit: unit.to_owned(),
        contact: request.contact.trim().to_owned(),
        sent_on: request.sent_on,
        packs: packs_named,
        people: people.len() as i64,
        year_ends: at_end.len() as i64,
        amount: lines.iter().map(|line| line.short).sum(),
        sums,
        lines,
    })
}

/// The list attached, as the insurer's own machine reads it.
fn table(letter: &Letter, unit: &str, operator: &str, day: chrono::NaiveDate) -> OfficialTable {
    let heads = [
        "序号",
        "姓名",
        "证件号码",
        "村",
        "救助身份",
        "就医机构",
        "结算日期",
        "结算单号",
        "费用总额",
        "应付",
        "实付",
        "少付",
        "其中",
        "可能原因",
    ];
    let text = |text: &str| OfficialValue::Text(text.to_owned());
    let money = |fen: i64| OfficialValue::Money(Fen(fen));
    let rows = letter.lines.iter().zip(1..).map(|(line, place)| {
        vec![
            OfficialValue::Count(place),
            text(&line.name),
            text(&line.citizen_id),
            text(&line.village),
            text(&line.identity),
            text(&line.hospital),
            text(&line.settled_on),
            text(&line.number),
            money(line.total),
            money(line.due),
            money(line.paid),
            money(line.short),
            text(&line.payers),
            text(&line.cause),
        ]
    });
    let sum = |of: fn(&LetterLine) -> i64| money(letter.lines.iter().map(of).sum());
    let mut total = vec![text("合计")];
    total.extend((0..7).map(|_| text("")));
    total.extend([sum(|l| l.total), sum(|l| l.due), sum(|l| l.paid), sum(|l| l.short), text(""), text("")]);
    OfficialTable {
        title: "请求核补医疗保障待遇明细表".to_owned(),
        tab: "核补明细".to_owned(),
        unit: unit.to_owned(),
        date: Some(day),
        measure: "元".to_owned(),
        heads: heads.into_iter().map(Head::column).collect(),
        rows: rows.collect(),
        total: Some(total),
        notes: vec![format!(
            "随函 {}。证件号码中间几位已隐去，凭结算单号核对。少付按各支付方分别计算，多付的不抵少付的。",
            letter.number
        )],
        seal: Some(SealLine { filled_by: operator.to_owned(), unit: unit.to_owned(), ..SealLine::default() }),
    }
}

/// What a file system takes as part of a name.
fn safe(number: &str) -> String {
    number.chars().map(|one| if one.is_alphanumeric() || one == '-' { one } else { '_' }).take(30).collect()
}
