//! What a sheet prints beside its amounts (domain D.8): 住院天数, 起付线, 进入医疗救助金额 and 本年累计. No amount is settled by it. It
//! is held against the days of the stay, the pack and the bills on file, and where it differs the clerk is told what that may
//! mean: a 本年累计 above ours most often is a bill nobody has typed yet.

use mingbai_coverage::{Column, History, Settlement as Due};
use mingbai_domain::Fen;
use mingbai_domain::catalogue::Settlement;

use super::judge::Judged;
use super::year_end::paid_in;

/// Every difference between what the sheet prints and what can be worked out, in the clerk's words. `all` holds the other
/// bills of the person's year.
pub(super) fn differences(own: &Judged, all: &[Judged]) -> Vec<String> {
    let mut said: Vec<String> = days(&own.line.bill.record).into_iter().collect();
    if let Some((due, _)) = &own.due {
        said.extend(deductible(&own.line.bill.record, due));
        said.extend(aid_base(&own.line.bill.record, due));
    }
    said.extend(sums(own, all).into_iter().filter_map(|sum| sum.said()));
    said
}

/// What the sheet prints as paid this year beyond every bill on file up to it, where it does: most likely bills nobody typed.
pub(crate) fn unseen(own: &Judged, all: &[Judged]) -> Option<(Fen, &'static str)> {
    let found = sums(own, all).into_iter().filter(|sum| sum.printed > sum.with);
    found.map(|sum| (sum.printed - sum.with, sum.label)).max_by_key(|(more, _)| *more)
}

/// Hospitals count the day of discharge or leave it out; both are the stay.
pub(super) fn days(bill: &Settlement) -> Option<String> {
    let printed = bill.stay_days?;
    let between = (bill.discharged_on? - bill.admitted_on?).num_days();
    if between < 0 || printed == between || printed == between + 1 {
        return None;
    }
    Some(format!("票面住院{printed}天，入院到出院是{between}天，请核对入院、出院日期"))
}

fn deductible(bill: &Settlement, due: &Due) -> Option<String> {
    let printed = bill.deductible?;
    let (label, base, borne) = looked_at(due, Column::Basic)?;
    let owed = step(due, Column::Basic, "deductible").unwrap_or(borne);
    // A bill below the deductible bears only what it has; sheets print either.
    if printed == owed || printed == borne || base == Fen::ZERO {
        return None;
    }
    let ours = format!("票面起付线 {printed}，按政策包“{label}”这一次应是 {owed}");
    Some(if printed > owed {
        format!("{ours}：多扣的起付线就是少报的钱，请问医保按哪一种身份、第几次住院扣的")
    } else {
        format!("{ours}，请核对医院级别和第几次住院")
    })
}

fn aid_base(bill: &Settlement, due: &Due) -> Option<String> {
    let printed = bill.aid_base?;
    let (label, base, borne) = looked_at(due, Column::Aid)?;
    if printed == base || printed == base - borne {
        return None;
    }
    Some(format!("票面进入医疗救助的是 {printed}，按政策包“{label}”应是 {base}，请核对前面各方支付和政策范围内"))
}

/// What the first payer of a column looked at on this very bill, and the deductible borne of it.
fn looked_at(due: &Due, column: Column) -> Option<(&str, Fen, Fen)> {
    let payer = due.payers.iter().find(|payer| payer.column == column && payer.applies && !payer.annual)?;
    let of = |history: &History| history.payers.get(&payer.key).copied().unwrap_or_default();
    let (before, after) = (of(&due.before), of(&due.after));
    Some((&payer.label, after.base - before.base, after.deductible - before.deductible))
}

fn step(due: &Due, column: Column, what: &str) -> Option<Fen> {
    let payer = due.payers.iter().find(|payer| payer.column == column && payer.applies && !payer.annual)?;
    let key = format!("{}.{what}", payer.key);
    due.steps.iter().find(|step| step.key == key).map(|step| step.result)
}

/// One 本年累计 beside the bills on file.
struct Sum {
    label: &'static str,
    printed: Fen,
    /// The bills of the year up to this one, without and with it: sheets print either.
    without: Fen,
    with: Fen,
}

impl Sum {
    fn said(&self) -> Option<String> {
        let Self { label, printed, without, with } = self;
        if printed == with || printed == without {
            return None;
        }
        let ours = format!("票面本年累计{label} {printed}，系统里到这一张为止合计 {with}");
        Some(if printed > with {
            format!("{ours}，少 {}：可能有票据没有录入，请问家属要今年其余的结算单，补录后再核对", *printed - *with)
        } else {
            format!("{ours}，多 {}：可能有票据录重了或录错了金额，请对一遍这个人今年的结算单", *with - *printed)
        })
    }
}

fn sums(own: &Judged, all: &[Judged]) -> Vec<Sum> {
    let bill = &own.line.bill.record;
    let before: Vec<&Judged> = all
        .iter()
        .filter(|one| one.line.person == own.line.person && one.line.counts())
        .filter(|one| one.year == own.year && one.turn < own.turn && one.line.bill.id != own.line.bill.id)
        .collect();
    let paid = |column, label, printed: Option<Fen>| {
        let without: Fen = before.iter().map(|one| paid_in(&one.line.bill.record, column)).sum();
        Some(Sum { label, printed: printed?, without, with: without + paid_in(bill, column) })
    };
    // What was borne as deductible stands on no sheet for certain: the pack says it, if every bill before could be settled.
    let borne = |history: &History, due: &Due| -> Fen {
        let basic = due.payers.iter().filter(|payer| payer.column == Column::Basic);
        basic.filter_map(|payer| history.payers.get(&payer.key)).map(|year| year.deductible).sum()
    };
    let settled = own.due.as_ref().filter(|_| own.uncounted == 0);
    let deductible = bill.year_deductible.zip(settled).map(|(printed, (due, _))| Sum {
        label: "起付线",
        printed,
        without: borne(&due.before, due),
        with: borne(&due.after, due),
    });
    [
        paid(Column::Basic, "基本医保支付", bill.year_basic),
        paid(Column::Critical, "大病保险支付", bill.year_critical),
        paid(Column::Aid, "医疗救助支付", bill.year_aid),
    ]
    .into_iter()
    .flatten()
    .chain(deductible)
    .collect()
}
