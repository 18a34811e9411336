//! 应报未报: what was paid beside what the pack says, and the likeliest cause of a shortfall.
//!
//! A cause is never guessed from the size of the gap: the bill is settled again as if the insurer had made that mistake,
//! and the cause is named only when every column then agrees with what was paid.

use std::collections::BTreeMap;

use mingbai_domain::Fen;
use serde::{Deserialize, Serialize};

use crate::bill::Bill;
use crate::history::History;
use crate::pack::Pack;
use crate::person::Person;
use crate::settle::{Assume, Settlement, YearAccount, YearSettlement, in_order, knowing_their_stays, settle_year};
use crate::vocabulary::{Column, Level};

/// What was paid, by column of the settlement sheet. A column left out was paid nothing.
pub type Paid = BTreeMap<Column, Fen>;

/// Why less was paid than was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nothing is short.
    None,
    /// 身份未标识: paid as to an ordinary resident.
    IdentityNotMarked,
    /// 起付线未减免: the deductible of an ordinary resident's first stay was taken.
    DeductibleNotWaived,
    /// 累计丢失: paid as if this were the first bill of the year.
    AccumulationLost,
    /// 机构级别不符: paid as at a hospital of this other level.
    WrongLevel(Level),
    /// Something else.
    Unknown,
}

impl Cause {
    /// What the clerk reads, and what to ask for.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::None => "已足额支付".to_owned(),
            Self::IdentityNotMarked => {
                "身份未标识：实际支付与普通居民的待遇一致，请医保部门补标身份后重新结算".to_owned()
            }
            Self::DeductibleNotWaived => {
                "起付线未减免：实际支付按普通居民首次住院的起付线计算，请医保部门按规定减免后重新结算".to_owned()
            }
            Self::AccumulationLost => {
                "累计丢失：实际支付没有计入本年以前的费用，请医保部门核对全年累计后重新结算".to_owned()
            }
            Self::WrongLevel(level) => {
                format!("机构级别不符：实际支付按{}计算，请核对就医机构的级别", level.label())
            }
            Self::Unknown => "原因不明：请带结算单到医保窗口核对".to_owned(),
        }
    }
}

/// One column, due beside paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparisonLine {
    /// Column of the settlement sheet.
    pub column: Column,
    /// By the pack.
    pub due: Fen,
    /// In fact.
    pub paid: Fen,
    /// Due − paid; negative when more was paid than was due.
    pub shortfall: Fen,
}

/// One bill, due beside paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// 票据号.
    pub bill: String,
    /// All four columns.
    pub lines: Vec<ComparisonLine>,
    /// 应报未报: what is short in the columns that paid too little. What another column paid too much makes none of it good.
    pub short: Fen,
    /// 多报: what was paid beyond what was due, in the columns that paid too much.
    pub over: Fen,
    /// The likeliest cause.
    pub cause: Cause,
    /// The cause in words.
    pub cause_text: String,
}

/// Compares what was paid on `bill` with `due`, the settlement of the same bill, person, history and pack.
///
/// An identity forgotten since January also changes what the insurer has accumulated; [`compare_year`] sees that.
#[must_use]
pub fn compare(
    pack: &Pack,
    person: &Person,
    history: &History,
    bill: &Bill,
    due: &Settlement,
    paid: &Paid,
) -> Comparison {
    compare_beside(pack, person, history, None, bill, due, paid)
}

/// A year settled and compared bill by bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearComparison {
    /// What was due.
    pub due: YearSettlement,
    /// One comparison per accepted bill, in the order of `due.settlements`.
    pub comparisons: Vec<Comparison>,
}

/// Settles a person's year and compares every accepted bill with what was paid on it.
#[must_use]
pub fn compare_year(pack: &Pack, person: &Person, opening: &History, bills: &[(Bill, Paid)]) -> YearComparison {
    let alone: Vec<Bill> = bills.iter().map(|(bill, _)| bill.clone()).collect();
    let alone = &*knowing_their_stays(&alone);
    let due = settle_year(pack, person, opening, alone);
    // The order of `due.settlements`: of the bills that count, those that were not refused.
    let mut order = Vec::new();
    in_order(alone, &mut order);
    order.retain(|place| due.refused.iter().all(|refused| refused.index != *place));
    let ordinary = as_unmarked(pack, person);
    let mut unmarked = opening.clone();
    let mut account = YearAccount::new(pack);
    account.open(&ordinary, opening);
    let mut comparisons = Vec::with_capacity(due.settlements.len());
    let accepted = order.into_iter().filter_map(|place| Some((alone.get(place)?, &bills.get(place)?.1)));
    for (settlement, (bill, paid)) in due.settlements.iter().zip(accepted) {
        let beside = Some(&unmarked);
        comparisons.push(compare_beside(pack, person, &settlement.before, beside, bill, settlement, paid));
        if account.settle(bill).is_ok() {
            unmarked = account.closing();
        }
    }
    YearComparison { due, comparisons }
}

/// As [`compare`], with the year as an insurer sees it that never marked the identity: [`as_unmarked`] settles it on.
#[must_use]
pub fn compare_beside(
    pack: &Pack,
    person: &Person,
    history: &History,
    unmarked: Option<&History>,
    bill: &Bill,
    due: &Settlement,
    paid: &Paid,
) -> Comparison {
    let lines: Vec<ComparisonLine> = Column::ALL
        .iter()
        .map(|&column| {
            let (due, paid) = (due.paid_in(column), paid.get(&column).copied().unwrap_or_default());
            ComparisonLine { column, due, paid, shortfall: due - paid }
        })
        .collect();
    let short: Fen = lines.iter().map(|line| line.shortfall.at_least_zero()).sum();
    let over: Fen = lines.iter().map(|line| (line.paid - line.due).at_least_zero()).sum();
    // A wrong level can move money between columns, so one short column is enough to ask why.
    let cause = if short > Fen::ZERO { likely_cause(pack, person, history, unmarked, bill, paid) } else { Cause::None };
    Comparison { bill: due.bill.clone(), lines, short, over, cause, cause_text: cause.text() }
}

fn likely_cause(
    pack: &Pack,
    person: &Person,
    history: &History,
    unmarked: Option<&History>,
    bill: &Bill,
    paid: &Paid,
) -> Cause {
    let mut account = YearAccount::new(pack);
    let mut explains = |person: &Person, history: &History, bill: &Bill, assume: Assume| {
        account.open(person, history);
        let settled = account.settle_assuming(bill, assume).is_ok();
        let due = |column: &Column| account.paid_in(*column) == paid.get(column).copied().unwrap_or_default();
        settled && Column::ALL.iter().all(due)
    };
    let usual = Assume::Rules;
    let ordinary = as_unmarked(pack, person);
    let mut years = std::iter::once(history).chain(unmarked);
    if ordinary != *person && years.any(|year| explains(&ordinary, year, bill, usual)) {
        return Cause::IdentityNotMarked;
    }
    let one_column = Column::ALL.iter().map(|&column| Assume::OrdinaryDeductibleIn(column));
    if one_column.chain([Assume::OrdinaryDeductible]).any(|assume| explains(person, history, bill, assume)) {
        return Cause::DeductibleNotWaived;
    }
    let empty = History::empty(history.year);
    if *history != empty && explains(person, &empty, bill, usual) {
        return Cause::AccumulationLost;
    }
    if pack.stays.admission_kinds.contains(bill.kind) {
        for &level in Level::ALL.iter().filter(|level| **level != bill.level) {
            let elsewhere = Bill { level, ..bill.clone() };
            if explains(person, history, &elsewhere, usual) {
                return Cause::WrongLevel(level);
            }
        }
    }
    Cause::Unknown
}

/// The person as to an insurer that never marked an aid identity.
#[must_use]
pub fn as_unmarked(pack: &Pack, person: &Person) -> Person {
    Person { identities: insured_classes(pack, person), ..person.clone() }
}

/// Everything but aid identities: a student stays a student when the insurer forgot that the family is poor.
fn insured_classes(pack: &Pack, person: &Person) -> Vec<crate::person::IdentityPeriod> {
    person.identities.iter().filter(|period| !pack.is_aid(&period.identity)).cloned().collect()
}
