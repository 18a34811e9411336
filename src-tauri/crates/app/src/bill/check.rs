//! A bill while it is being typed: which identity fails and where to look, what follows from the rest, whether it stands
//! already, and what the pack says is due on it.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_coverage::{Item, plausible};
use mingbai_domain::catalogue::{Record, Settlement};
use mingbai_domain::{Fen, RecordId, Value};
use mingbai_store::query::{BillFilter, BillLine};
use mingbai_store::{Reading, Row};

use super::chain;
use super::explain::payer_rows;
use super::figures::{Fault, Figures, Rule, beside, faults, impossible};
use super::gate::Vouched;
use super::judge::items;
use super::printed::{days, differences};
use super::turn::under;
use super::year_end::{fault, parts};
use super::{fit, judge_lines, judge_year};
use crate::dto::{BillCheck, BillFault, BillTyped, PayerRow, SameBill};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::Context;
use crate::policy::Packs;
use crate::record::parse_value;

/// The record as far as what is typed so far can be read, over what stands; what is blanked is gone.
pub(super) fn typed(over: &Settlement, fields: &BTreeMap<String, String>) -> Settlement {
    let mut values = over.to_values();
    for (column, text) in fields {
        let Some(field) = Settlement::TYPE.column(column) else { continue };
        match parse_value(field, text) {
            Ok(Value::Null) => drop(values.remove(&field.id)),
            Ok(value) => drop(values.insert(field.id, value)),
            Err(_) => {}
        }
    }
    Settlement::from_values(&values).unwrap_or_else(|_| over.clone())
}

/// What is typed as if it were on file; a new one has no name yet.
fn on_paper(id: Option<RecordId>, record: Settlement) -> Row<Settlement> {
    let id = id.unwrap_or(RecordId::from_bytes([0; 16]));
    Row { id, record, changed: Default::default(), conflict: false, void: false }
}

pub(crate) fn check(context: &mut Context<'_>, request: BillTyped) -> Result<BillCheck, AppError> {
    let id = parse_id_maybe(request.id.as_ref())?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let stored = match id {
        Some(id) => reading.get::<Settlement>(id)?.map(|row| row.record).unwrap_or_default(),
        None => Settlement::default(),
    };
    let mut bill = typed(&stored, &request.fields);
    let mut answer = BillCheck::default();
    if bill.is_year_end() {
        at_year_end(context, id, &bill, &packs, &mut answer)?;
        return Ok(answer);
    }
    if bill.settled_on.is_some()
        && let Some(pack) = under(reading, &packs, &on_paper(id, bill.clone()))?.and_then(|under| under.pack)
    {
        answer.pack = Some(pack.title());
    }
    let derived = of_classes(reading, &packs, id, &bill)?;
    answer.pre_self_pay = derived.map(|fen| fen.0);
    answer.faults = problems(reading, &packs, id, &bill)?.into_iter().map(BillFault::from).collect();
    for (column, _, amount) in follows(reading, &packs, id, &mut bill)? {
        match column {
            "in_scope" => answer.in_scope = Some(amount.0),
            "paid_personal" => answer.personal = Some(amount.0),
            _ => {}
        }
    }
    let figures = Figures::of(&bill);
    // Offered where one types them; a part nobody gave counts as nothing only once the clerk has seen what comes of it.
    answer.in_scope = answer.in_scope.or(figures.in_scope_left().map(|fen| fen.0));
    answer.personal = answer.personal.or(figures.personal_left().map(|fen| fen.0));
    answer.same = same(reading, id, &bill)?;
    if bill.reversal != Some(true) {
        answer.printed = days(&bill).into_iter().collect();
    }
    preview(reading, &packs, id, bill, &mut answer)?;
    Ok(answer)
}

/// 先行自付 by the item classes of a bill, as the pack it falls under has them.
fn of_classes(
    reading: Reading<'_>,
    packs: &Packs,
    id: Option<RecordId>,
    bill: &Settlement,
) -> Result<Option<Fen>, AppError> {
    let classes = bill.items.as_deref().map(items).unwrap_or_default();
    if classes.is_empty() || bill.settled_on.is_none() {
        return Ok(None);
    }
    let Some(pack) = under(reading, packs, &on_paper(id, bill.clone()))?.and_then(|under| under.pack) else {
        return Ok(None);
    };
    let share = |item: &Item| {
        let class = pack.rules.item_classes.iter().find(|class| class.key == item.class)?;
        Some(class.prepay.of(item.amount))
    };
    Ok(classes.iter().map(share).sum())
}

/// Everything in which a bill contradicts itself or its item classes.
pub(super) fn problems(
    reading: Reading<'_>,
    packs: &Packs,
    id: Option<RecordId>,
    bill: &Settlement,
) -> Result<Vec<Fault>, AppError> {
    let amounts = impossible(beside(bill));
    let printed = bill.pre_self_pay.filter(|amount| plausible(*amount));
    let derived = of_classes(reading, packs, id, bill)?;
    let mut figures = Figures::of(bill);
    figures.pre_self_pay = figures.pre_self_pay.or(derived);
    let of_classes = printed.zip(derived).filter(|(printed, derived)| printed != derived);
    let of_classes = of_classes.map(|(printed, derived)| Fault {
        rule: Rule::Parts,
        by: printed - derived,
        field: Some("pre_self_pay"),
        said: format!("先行自付 {printed} 与按分类项目推算的 {derived} 不一致"),
    });
    Ok(amounts.into_iter().chain(of_classes).chain(faults(&figures)).collect())
}

/// Fills in what a sheet leaves out and what is certain from what it says, and tells what that is: 先行自付 by its item
/// classes, 政策范围内 where everything else the total is made of is known, 个人支付 where the basic fund's part is.
pub(super) fn follows(
    reading: Reading<'_>,
    packs: &Packs,
    id: Option<RecordId>,
    bill: &mut Settlement,
) -> Result<Vec<(&'static str, &'static str, Fen)>, AppError> {
    let mut found = Vec::new();
    if bill.is_year_end() || bill.reversal == Some(true) {
        return Ok(found);
    }
    if bill.pre_self_pay.is_none() {
        bill.pre_self_pay = of_classes(reading, packs, id, bill)?;
        found.extend(bill.pre_self_pay.map(|amount| ("pre_self_pay", "先行自付", amount)));
    }
    let figures = Figures::of(bill);
    if let Some(left) = figures.in_scope_left().filter(|_| bill.pre_self_pay.is_some() && fit::outside_known(bill)) {
        bill.in_scope = Some(left);
        found.push(("in_scope", "政策范围内", left));
    }
    if let Some(left) = figures.personal_left().filter(|_| bill.paid_basic.is_some()) {
        bill.paid_personal = Some(left);
        found.push(("paid_personal", "个人支付", left));
    }
    Ok(found)
}

impl From<Fault> for BillFault {
    fn from(fault: Fault) -> Self {
        let field = fault.field.map(str::to_owned);
        Self { rule: fault.rule.key().to_owned(), by: fault.by.0, field, said: fault.said }
    }
}

/// What is due at the end of the year that is typed, beside what was paid so far and is paid with this.
fn at_year_end(
    context: &Context<'_>,
    id: Option<RecordId>,
    bill: &Settlement,
    packs: &Packs,
    answer: &mut BillCheck,
) -> Result<(), AppError> {
    let reading = context.read()?;
    if let Some((column, said)) = fault(bill) {
        let (rule, field) = (Rule::YearEnd.key().to_owned(), Some(column.to_owned()));
        answer.faults.push(BillFault { rule, by: 0, field, said });
    }
    answer.same = same(reading, id, bill)?;
    let year = bill.year.and_then(|year| i32::try_from(year).ok());
    let (Some(person), Some(year)) = (bill.person, year) else { return Ok(()) };
    let filter = BillFilter { person: Some(person), replaced: true, ..BillFilter::default() };
    let judged = judge_year(reading, packs, &filter, year, context.host.today())?;
    let Some(end) = judged.ends.first() else {
        answer.refused = Some(format!("{year}年没有能核算的结算单，或按政策包没有年终结算"));
        return Ok(());
    };
    answer.pack = end.pack.as_ref().map(crate::policy::ActivePack::title);
    answer.refused.clone_from(&end.refused);
    answer.said.extend(end.settled.iter().map(|settled| settled.said.clone()));
    let before = chain::before(reading, bill.corrects)?;
    let replaced = |row: &Row<Settlement>| Some(row.id) == id || before.iter().any(|one| one.id == row.id);
    let others: Vec<_> = end.payments.iter().filter(|row| !replaced(row)).cloned().collect();
    let own = Some(on_paper(None, bill.clone())).filter(|own| own.record.reversal != Some(true));
    let payments: Vec<_> = others.into_iter().chain(own).collect();
    let payers = end.settled.as_ref().map(|settled| settled.payers.as_slice()).unwrap_or_default();
    let lines: Vec<_> = parts(payers, &payments).into_iter().flat_map(|part| part.lines).collect();
    // Of two payers in one column both lines say the same.
    let shared: BTreeSet<_> = lines.iter().filter_map(|line| line.shared.clone()).collect();
    answer.said.extend(shared);
    answer.payers = lines
        .into_iter()
        .map(|line| PayerRow {
            key: line.column.code().to_owned(),
            label: line.label,
            due: line.due.0,
            paid: line.paid.0,
            shortfall: (line.due - line.paid).0,
            cause: String::new(),
        })
        .collect();
    Ok(())
}

/// Bills that are likely the same paper: of the same number, or of the same person, days and total. Those that this one
/// takes the place of are meant to be alike.
pub(super) fn same(reading: Reading<'_>, id: Option<RecordId>, bill: &Settlement) -> Result<Vec<SameBill>, AppError> {
    let mut found: Vec<(Row<Settlement>, &'static str)> = Vec::new();
    for (column, label, number) in [("invoice", "票据号", &bill.invoice), ("number", "结算单号", &bill.number)] {
        if let Some(number) = number.as_ref().filter(|number| !number.trim().is_empty()) {
            found.extend(reading.rows_where::<Settlement>(column, number)?.into_iter().map(|row| (row, label)));
        }
    }
    if let (Some(person), Some(_), Some(_)) = (bill.person, bill.settled_on, bill.total) {
        let filter = BillFilter { person: Some(person), ..BillFilter::default() };
        let alike = |row: &Row<Settlement>| {
            let record = &row.record;
            (record.total, record.settled_on, record.admitted_on, record.discharged_on)
                == (bill.total, bill.settled_on, bill.admitted_on, bill.discharged_on)
        };
        let rows = reading.bills(&filter)?.into_iter().map(|line| line.bill);
        found.extend(rows.filter(alike).map(|row| (row, "同一人、日期和总额")));
    }
    let before = chain::before(reading, bill.corrects)?;
    let mut seen = BTreeSet::new();
    let mut same = Vec::new();
    for (row, by) in found {
        if Some(row.id) == id
            || before.iter().any(|one| one.id == row.id)
            || row.record.reversal == Some(true)
            || !seen.insert(row.id)
        {
            continue;
        }
        let Some(person) = row.record.person.map(|person| reading.canonical(person)).transpose()? else { continue };
        let name = reading.get::<mingbai_domain::catalogue::Person>(person)?.and_then(|row| row.record.name);
        same.push(SameBill {
            id: row.id.to_string(),
            person: person.to_string(),
            name: name.unwrap_or_default(),
            by: by.to_owned(),
            settled_on: row.record.settled_on,
            total: row.record.total.unwrap_or_default().0,
        });
    }
    Ok(same)
}

/// What is due on the bill as typed, settled among the others of the person's year.
fn preview(
    reading: Reading<'_>,
    packs: &Packs,
    id: Option<RecordId>,
    bill: Settlement,
    answer: &mut BillCheck,
) -> Result<(), AppError> {
    let (Some(person), Some(_), Some(_)) = (bill.person, bill.settled_on, bill.total) else { return Ok(()) };
    if answer.faults.iter().any(|fault| fault.rule == Rule::Amount.key()) || bill.reversal == Some(true) {
        return Ok(());
    }
    let before = chain::before(reading, bill.corrects)?;
    let paper = on_paper(id, bill);
    let own = paper.id;
    let filter = BillFilter { person: Some(person), replaced: true, ..BillFilter::default() };
    let mut lines = reading.bills(&filter)?;
    lines.retain(|line| line.bill.id != own);
    // What it corrects stays on file beside it and counts no more.
    for line in lines.iter_mut().filter(|line| before.iter().any(|one| one.id == line.bill.id)) {
        line.successor = Some(own);
    }
    let person = reading.canonical(person)?;
    lines.push(BillLine {
        bill: paper,
        person,
        name: String::new(),
        household: own,
        village: None,
        village_name: String::new(),
        successor: None,
    });
    let judged = judge_lines(reading, packs, lines)?;
    if let Some(own) = judged.iter().find(|judged| judged.line.bill.id == own) {
        answer.printed = differences(own, &judged);
        answer.refused = own.refused.clone();
        if let Some((settlement, comparison)) = &own.due {
            answer.payers = payer_rows(settlement, comparison);
            answer.personal_due = Some(settlement.personal.0);
            answer.said = settlement.said.to_vec();
        }
    }
    Ok(())
}

/// Whether a bill of that name may be saved beside what stands: the same number twice needs a reason.
pub(super) fn refuse_twice(
    reading: Reading<'_>,
    id: Option<RecordId>,
    bill: &Settlement,
    vouched: Vouched<'_>,
) -> Result<(), AppError> {
    if vouched.reason.is_some_and(|reason| !reason.trim().is_empty()) || bill.reversal == Some(true) {
        return Ok(());
    }
    for one in same(reading, id, bill)? {
        let column = match one.by.as_str() {
            "票据号" if vouched.number_decides && bill.number.is_some() => continue,
            "票据号" => "invoice",
            "结算单号" => "number",
            _ => continue,
        };
        let day = one.settled_on.map(|day| format!("，{day}")).unwrap_or_default();
        let said = format!(
            "{}已经登记在“{}”名下{day}，没有再存一张。是更正那一张请从那一张点“更正”；确实是两张，请写明原因再保存",
            one.by, one.name
        );
        return Err(AppError::invalid(column, said));
    }
    Ok(())
}

/// What a bill may take the place of: another one of the same person that nothing has replaced yet.
pub(super) fn may_correct(reading: Reading<'_>, id: Option<RecordId>, bill: &Settlement) -> Result<(), AppError> {
    let refuse = |said: &str| Err(AppError::invalid("corrects", said.to_owned()));
    let Some(target) = bill.corrects else {
        return if bill.reversal == Some(true) {
            refuse("冲销单要选定冲销的是哪一张结算单")
        } else {
            Ok(())
        };
    };
    let before = chain::before(reading, Some(target))?;
    if id.is_some_and(|id| before.iter().any(|row| row.id == id)) {
        return refuse("一张结算单不能冲销自己，没有保存");
    }
    let Some(before) = before.first() else {
        return refuse("要冲销的结算单没有找到，请重新选择");
    };
    if before.record.is_year_end() != bill.is_year_end() && bill.reversal != Some(true) {
        return refuse("年终结算只能用年终结算更正，结算单只能用结算单更正，没有保存，请改就诊类别");
    }
    let whose = |person: Option<RecordId>| person.map(|person| reading.canonical(person)).transpose();
    if whose(before.record.person)? != whose(bill.person)? {
        return refuse("要冲销的结算单是别人的，没有保存，请重新选择");
    }
    let others = reading.rows_where::<Settlement>("corrects", &target)?;
    if others.iter().any(|row| Some(row.id) != id) {
        return refuse("这张结算单已经被另一张冲销了，没有再冲销一次；要改请更正后来的那一张");
    }
    Ok(())
}
