//! A person's year as a waterfall and a table: every bill in its turn, what each payer owed and paid, and how far the year's
//! accumulators had come before and after it.

use std::collections::BTreeMap;

use mingbai_coverage::{Column, History, PayerAmount, Settlement};
use mingbai_domain::catalogue::Person;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::BillFilter;

use super::explain::{Fall, Share, steps, waterfall};
use super::judge::years;
use super::{Judged, JudgedYear, YearEnd, judge_year, row, year_of};
use crate::dto::{
    AccumulatorRow, Bar, PersonYear, PersonYearRequest, StepRow, YearBill, YearEndPart, YearEndPayment, YearEndView,
    YearPayer,
};
use crate::error::AppError;
use crate::household::parse_id;
use crate::office::Context;

pub(crate) fn person_year(context: &mut Context<'_>, request: PersonYearRequest) -> Result<PersonYear, AppError> {
    let today = context.host.today();
    let year = year_of(request.year, today)?;
    let packs = context.packs()?;
    let reading = context.read()?;
    let person = reading.canonical(parse_id(&request.person)?)?;
    let found = reading.get::<Person>(person)?.ok_or_else(|| AppError::not_found("人"))?;
    let filter = BillFilter { person: Some(person), replaced: true, ..BillFilter::default() };
    let JudgedYear { bills: mut judged, ends, .. } = judge_year(reading, &packs, &filter, year, today)?;
    let end = ends.first();
    judged.sort_by_key(|judged| (judged.line.bill.record.settled_on, judged.line.bill.id));
    let all_years = BillFilter { person: Some(person), ..BillFilter::default() };
    let every = reading.bills(&all_years)?;
    let mut years: Vec<i64> = years(reading, &packs, &every)?.into_iter().map(i64::from).collect();
    years.extend(reading.year_end_payments(&all_years)?.iter().filter_map(|line| line.bill.record.year));
    years.push(i64::from(year));
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    let mut in_turn: Vec<&Judged> = judged.iter().collect();
    in_turn.sort_by_key(|one| one.turn);
    let dues: Vec<&Settlement> = in_turn.into_iter().filter_map(|one| one.due.as_ref().map(|(due, _)| due)).collect();
    let household = judged.first().map(|one| one.line.household).or_else(|| every.first().map(|line| line.household));
    Ok(PersonYear {
        person: person.to_string(),
        name: found.record.name.unwrap_or_default(),
        household: household.map(|id: RecordId| id.to_string()),
        village: judged.first().map(|one| one.line.village_name.clone()).unwrap_or_default(),
        year: i64::from(year),
        years,
        bars: whole_year(&dues, end),
        payers: payers(&judged).into_iter().chain(end.into_iter().flat_map(end_payers)).collect(),
        accumulators: match (dues.first(), dues.last()) {
            (Some(first), Some(last)) => accumulators(first, &first.before, &last.after),
            _ => Vec::new(),
        },
        steps: judged.iter().flat_map(year_steps).chain(end.into_iter().flat_map(end_steps)).collect(),
        personal: (dues.iter().map(|due| due.personal).sum::<Fen>() - end.map_or(Fen::ZERO, due_at_end)).0,
        year_end: end.map(end_view),
        uncounted: judged.iter().filter(|one| one.line.counts() && one.due.is_none()).count() as i64,
        bills: judged.iter().map(bill).collect(),
    })
}

fn bill(judged: &Judged) -> YearBill {
    let due = judged.due.as_ref().map(|(due, _)| due);
    YearBill {
        bill: row(judged),
        bars: due.map(|due| whole(&[due])).unwrap_or_default(),
        accumulators: due.map(|due| accumulators(due, &due.before, &due.after)).unwrap_or_default(),
        personal_due: due.map(|due| due.personal.0),
        said: due.map(|due| due.said.to_vec()).unwrap_or_default(),
    }
}

/// One bill or all of a year, with what is outside the policy's scope by its parts.
fn whole(dues: &[&Settlement]) -> Vec<Bar> {
    if dues.is_empty() {
        return Vec::new();
    }
    let sum = |of: fn(&Settlement) -> Fen| -> Fen { dues.iter().map(|due| of(due)).sum() };
    let mut payers: Vec<Share> = Vec::new();
    for payer in dues.iter().flat_map(|due| &due.payers) {
        let amount = payer.amount - payer.on_preselfpay;
        match payers.iter_mut().find(|share| share.key == payer.key) {
            Some(share) => share.amount += amount,
            None => payers.push(Share { key: payer.key.clone(), label: payer.label.clone(), amount }),
        }
    }
    waterfall(&Fall {
        total: sum(|due| due.total),
        outside: vec![
            ("ownpay", "目录外自费", sum(|due| due.ownpay)),
            ("overlimit", "超限价", sum(|due| due.overlimit)),
            ("preselfpay", "先行自付", sum(|due| due.preselfpay)),
        ],
        payers,
        hospital: sum(|due| due.hospital_borne),
        personal: sum(|due| due.personal),
    })
}

/// How bars, steps and payers of the year's end are named.
const END: &str = "year_end.";

/// What a year's end takes off what the bills left to the person. What the family has to apply for takes nothing off before
/// any of it was paid.
fn given_at_end(end: &YearEnd) -> impl Iterator<Item = &PayerAmount> {
    let came = end.parts.iter().any(|part| part.applied && part.paid() > Fen::ZERO);
    let payers = end.settled.iter().flat_map(|settled| &settled.payers);
    payers.filter(move |payer| payer.amount > Fen::ZERO && (came || !payer.by_application))
}

fn due_at_end(end: &YearEnd) -> Fen {
    given_at_end(end).map(|payer| payer.amount).sum()
}

/// As [`whole`], and then what the year's end takes off what was left to the person.
fn whole_year(dues: &[&Settlement], end: Option<&YearEnd>) -> Vec<Bar> {
    let mut bars = whole(dues);
    let given = || end.into_iter().flat_map(given_at_end);
    if given().next().is_none() {
        return bars;
    }
    let Some(mut last) = bars.pop() else { return bars };
    let mut left = last.amount;
    bars.push(Bar { key: "before_end".to_owned(), label: "年终前个人".to_owned(), ..last.clone() });
    for payer in given() {
        let (from, to) = (left, left - payer.amount.0);
        let (key, label) = (format!("{END}{}", payer.key), format!("年终 {}", payer.label));
        bars.push(Bar { key, label, from, to, amount: payer.amount.0, payer: true });
        left = to;
    }
    (last.from, last.amount) = (left, left);
    bars.push(last);
    bars
}

/// What each payer of the year's end owed and paid.
fn end_payers(end: &YearEnd) -> Vec<YearPayer> {
    let lines = end.parts.iter().flat_map(|part| part.lines.iter().map(move |line| (part.applied, line)));
    let row = |(applied, line): (bool, &super::year_end::EndLine)| YearPayer {
        key: format!("{END}{}{}", line.column.code(), if applied { ".applied" } else { "" }),
        label: format!("年终 {}", line.label),
        due: line.due.0,
        paid: line.paid.0,
        // A year that still runs owes nothing yet, and what nobody has applied for is not short.
        shortfall: if end.running || applied { 0 } else { (line.due - line.paid).at_least_zero().0 },
        over: if end.running || applied { 0 } else { (line.paid - line.due).at_least_zero().0 },
    };
    lines.map(row).collect()
}

fn end_steps(end: &YearEnd) -> Vec<StepRow> {
    let Some(settled) = &end.settled else { return Vec::new() };
    let row = |step: &mingbai_coverage::Step| StepRow {
        key: format!("{END}{}", step.key),
        label: format!("年终 {}", step.label),
        formula: step.formula.clone(),
        amount: step.result.0,
        article: step.article(),
        payer: step.key.split('.').next().map(|key| format!("{END}{key}")),
    };
    settled.steps.iter().map(row).collect()
}

fn end_view(end: &YearEnd) -> YearEndView {
    let of = |amount: Option<Fen>| amount.unwrap_or_default().0;
    YearEndView {
        title: end.title(),
        running: end.running,
        as_of: end.last,
        pack: end.pack.as_ref().map(crate::policy::ActivePack::title).unwrap_or_default(),
        refused: end.refused.clone(),
        uncounted: end.uncounted as i64,
        said: end.settled.as_ref().map(|settled| settled.said.clone()).unwrap_or_default(),
        parts: end
            .open_parts()
            .map(|part| YearEndPart {
                id: end.key(part).to_string(),
                applied: part.applied,
                due: part.due().0,
                paid: part.paid().0,
                shortfall: part.short().0,
                said: part.said(),
            })
            .collect(),
        payments: end
            .payments
            .iter()
            .map(|row| YearEndPayment {
                id: row.id.to_string(),
                settled_on: row.record.settled_on,
                number: row.record.number.clone().or_else(|| row.record.invoice.clone()).unwrap_or_default(),
                basic: of(row.record.paid_basic),
                critical: of(row.record.paid_critical),
                aid: of(row.record.paid_aid),
                other: of(row.record.paid_other),
            })
            .collect(),
    }
}

/// What each column of the sheet owed and paid over the year.
fn payers(judged: &[Judged]) -> Vec<YearPayer> {
    let mut sums: BTreeMap<Column, YearPayer> = BTreeMap::new();
    for line in judged.iter().filter_map(|one| one.due.as_ref()).flat_map(|(_, comparison)| &comparison.lines) {
        let sum = sums.entry(line.column).or_default();
        sum.due += line.due.0;
        sum.paid += line.paid.0;
        sum.shortfall += line.shortfall.0.max(0);
        sum.over += (-line.shortfall.0).max(0);
    }
    let row = |(column, sum): (Column, YearPayer)| YearPayer {
        key: column.code().to_owned(),
        label: column.label().to_owned(),
        ..sum
    };
    sums.into_iter().map(row).collect()
}

/// Every step of the year, each named with its bill so that one list holds all.
fn year_steps(judged: &Judged) -> Vec<StepRow> {
    let Some((due, _)) = &judged.due else { return Vec::new() };
    let day = judged.line.bill.record.settled_on;
    let day = day.map(|day| day.format("%-m月%-d日").to_string()).unwrap_or_default();
    let id = judged.line.bill.id;
    let named = |step: StepRow| StepRow {
        key: format!("{id}/{}", step.key),
        label: format!("{day} {}", step.label),
        payer: due
            .payers
            .iter()
            .find(|payer| step.key.split('.').next() == Some(payer.key.as_str()))
            .map(|p| p.key.clone()),
        ..step
    };
    steps(due).into_iter().map(named).collect()
}

/// How far the year had come before and after: what a later bill of the year begins from.
fn accumulators(due: &Settlement, before: &History, after: &History) -> Vec<AccumulatorRow> {
    let money = |key: &str, label: String, before: Fen, after: Fen| AccumulatorRow {
        key: key.to_owned(),
        label,
        before: before.0,
        after: after.0,
        money: true,
    };
    let mut rows = vec![money(
        "in_scope_personal",
        "政策范围内自付累计".to_owned(),
        before.in_scope_personal,
        after.in_scope_personal,
    )];
    for payer in &due.payers {
        let (was, now) = (before.payer(&payer.key), after.payer(&payer.key));
        rows.push(money(&payer.key, format!("{}累计支付", payer.label), was.paid, now.paid));
    }
    rows.push(AccumulatorRow {
        key: "admissions".to_owned(),
        label: "住院次数".to_owned(),
        before: i64::from(before.admissions_anywhere()),
        after: i64::from(after.admissions_anywhere()),
        money: false,
    });
    rows
}
