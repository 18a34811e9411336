//! What a sheet prints beside its amounts (domain D.8): 住院天数, 起付线, 进入医疗救助金额 and 本年累计. No amount is settled by it. It
//! is held against the days of the stay, the pack and the papers on file, and where it differs the clerk is told what that may
//! mean: a 本年累计 above all papers of its day most often is a bill nobody has typed yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use mingbai_coverage::{Column, Comparison, History, Settlement as Due};
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};

use super::judge::Judged;

/// Papers whose sums are told apart one by one; of more, what is printed is not held against anything.
const MOST_SUMS: usize = 4096;

/// Every difference between what the sheet prints and what can be worked out, in the clerk's words. `all` holds the other
/// papers of the person's year, those included that others took the place of.
pub(super) fn differences(own: &Judged, all: &[Judged]) -> Vec<String> {
    let mut said: Vec<String> = days(&own.line.bill.record).into_iter().collect();
    // Where a bill before this one could not be settled, which admission it is and what is left to pay are ours to mend.
    if let Some((due, comparison)) = own.due.as_ref().filter(|_| own.uncounted == 0) {
        said.extend(deductible(&own.line.bill.record, due, comparison));
        said.extend(aid_base(&own.line.bill.record, due));
        said.extend(year_deductible(own, all, due));
    }
    said.extend(sums(own, all).into_iter().filter_map(|sum| sum.said()));
    said
}

/// What a sheet prints as paid this year beyond every paper on file of its day or before.
pub(crate) struct Unseen {
    pub(crate) more: Fen,
    /// In the clerk's words, with both sums.
    pub(crate) said: String,
}

/// What is most likely missing of a person's year. Only the last sheet that prints the year's sums says it: it holds what was
/// missing on those before, unless it came since.
pub(crate) fn unseen(own: &Judged, all: &[Judged]) -> Option<Unseen> {
    let prints = |one: &Judged| {
        let bill = &one.line.bill.record;
        one.line.counts() && bill.year_basic.or(bill.year_critical).or(bill.year_aid).is_some()
    };
    let at = |one: &Judged| (one.line.bill.record.settled_on, one.line.bill.id);
    let of_year = |one: &&Judged| one.line.person == own.line.person && one.year == own.year;
    if !prints(own) || all.iter().filter(of_year).any(|one| prints(one) && at(one) > at(own)) {
        return None;
    }
    let found = sums(own, all).into_iter().filter(|sum| sum.blank == 0 && sum.printed > sum.most());
    let most = found.max_by_key(|sum| sum.printed - sum.most())?;
    let (label, printed, ours) = (most.label, most.printed, most.most());
    let more = printed - ours;
    Some(Unseen { more, said: format!("票面本年累计{label} {printed}，系统里合计 {ours}，少 {more}") })
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

/// Sheets print the standard or what was borne of it. Where the fund paid what is due, whichever it is did no harm.
fn deductible(bill: &Settlement, due: &Due, comparison: &Comparison) -> Option<String> {
    let printed = bill.deductible?;
    let (label, base, borne) = looked_at(due, Column::Basic)?;
    let owed = step(due, Column::Basic, "deductible").unwrap_or(borne);
    let gap = comparison.lines.iter().find(|line| line.column == Column::Basic)?.shortfall;
    // A bill below the deductible bears only what it has; sheets print either.
    if printed == owed || printed == borne || base == Fen::ZERO || gap == Fen::ZERO {
        return None;
    }
    let ours = format!("票面起付线 {printed}，按政策包“{label}”这一次应是 {owed}");
    Some(if printed > owed && gap > Fen::ZERO {
        format!("{ours}：多扣的起付线就是少报的钱，请问医保按哪一种身份、第几次住院扣的")
    } else {
        format!("{ours}，请核对身份、医院级别和第几次住院")
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

/// 本年累计起付线 beside what the sheets up to this one print each, or what the pack says was borne.
fn year_deductible(own: &Judged, all: &[Judged], due: &Due) -> Option<String> {
    let printed = own.line.bill.record.year_deductible?;
    let ours = Sum::of("起付线", printed, own, all, |bill| bill.deductible)?;
    let borne = |history: &History| -> Fen {
        let basic = due.payers.iter().filter(|payer| payer.column == Column::Basic);
        basic.filter_map(|payer| history.payers.get(&payer.key)).map(|year| year.deductible).sum()
    };
    let (before, after) = (borne(&due.before), borne(&due.after));
    if printed == before || printed == after || ours.blank == 0 && ours.possible.contains(&printed) {
        return None;
    }
    let told = format!("票面本年累计起付线 {printed}，按政策包到这一张累计应是 {after}");
    Some(if printed > after {
        format!("{told}：可能多扣了起付线，也可能有票据没有录入，请对一遍今年每一张扣的起付线")
    } else {
        format!("{told}，请核对身份、医院级别和第几次住院")
    })
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

/// One 本年累计 beside everything the papers on file may come to on the day the sheet was printed.
struct Sum {
    label: &'static str,
    printed: Fen,
    /// With or without the sheet itself; a paper of its own day may have come before or after it; of a paper that was
    /// corrected or taken back by then, before and after that.
    possible: BTreeSet<Fen>,
    /// Papers up to that day that say nothing of it: they count as nothing, which need not be true.
    blank: usize,
}

impl Sum {
    fn of(
        label: &'static str,
        printed: Fen,
        own: &Judged,
        all: &[Judged],
        amount: impl Fn(&Settlement) -> Option<Fen>,
    ) -> Option<Self> {
        let day = own.line.bill.record.settled_on?;
        let (mut possible, mut blank) = (BTreeSet::from([Fen::ZERO]), 0);
        for papers in papers_until(own, all, day).into_values() {
            let mut ways: BTreeSet<Fen> = papers
                .iter()
                .map(|paper| if paper.reversal == Some(true) { Fen::ZERO } else { amount(paper).unwrap_or_default() })
                .collect();
            blank += papers.iter().filter(|paper| paper.reversal != Some(true) && amount(paper).is_none()).count();
            if papers.iter().all(|paper| paper.settled_on == Some(day)) {
                ways.insert(Fen::ZERO);
            }
            possible = possible.iter().flat_map(|sum| ways.iter().map(|way| *sum + *way)).collect();
            if possible.len() > MOST_SUMS {
                return None;
            }
        }
        Some(Self { label, printed, possible, blank })
    }

    /// The most the papers on file come to.
    fn most(&self) -> Fen {
        self.possible.last().copied().unwrap_or_default()
    }

    fn said(&self) -> Option<String> {
        let (label, printed, ours) = (self.label, self.printed, self.most());
        if self.possible.contains(&printed) {
            return None;
        }
        let blank =
            if self.blank > 0 { format!("（其中 {} 张没有填这一项）", self.blank) } else { String::new() };
        let told = format!("票面本年累计{label} {printed}，系统里到这一张为止合计 {ours}{blank}");
        Some(if printed > ours {
            format!("{told}，少 {}：可能有票据没有录入，请问家属要今年其余的结算单，补录后再核对", printed - ours)
        } else {
            format!("{told}，多 {}：可能有票据录重了或录错了金额，请对一遍这个人今年的结算单", ours - printed)
        })
    }
}

/// The papers of the person's year that were there on a day, each with those it takes the place of, by the first of them. What
/// is typed now is its own paper, whatever it corrects.
fn papers_until<'a>(own: &'a Judged, all: &'a [Judged], day: NaiveDate) -> BTreeMap<RecordId, Vec<&'a Settlement>> {
    let of_year = |one: &&Judged| one.line.person == own.line.person && one.year == own.year;
    let others = all.iter().filter(of_year).filter(|one| one.line.bill.id != own.line.bill.id);
    let papers: BTreeMap<RecordId, &Settlement> =
        others.chain([own]).map(|one| (one.line.bill.id, &one.line.bill.record)).collect();
    let first = |id: RecordId| {
        let (mut id, mut steps) = (id, 0);
        while let Some(before) = papers.get(&id).and_then(|paper| paper.corrects).filter(|_| steps < papers.len()) {
            (id, steps) = (before, steps + 1);
        }
        id
    };
    let mut chains: BTreeMap<RecordId, Vec<&Settlement>> = BTreeMap::new();
    for (id, paper) in papers.iter().filter(|(_, paper)| paper.settled_on.is_some_and(|on| on <= day)) {
        chains.entry(first(*id)).or_default().push(*paper);
    }
    chains
}

fn sums(own: &Judged, all: &[Judged]) -> Vec<Sum> {
    let bill = &own.line.bill.record;
    let paid = |label, printed: Option<Fen>, of: fn(&Settlement) -> Option<Fen>| Sum::of(label, printed?, own, all, of);
    let sums = [
        paid("基本医保支付", bill.year_basic, |bill| bill.paid_basic),
        paid("大病保险支付", bill.year_critical, |bill| bill.paid_critical),
        paid("医疗救助支付", bill.year_aid, |bill| bill.paid_aid),
    ];
    sums.into_iter().flatten().collect()
}
