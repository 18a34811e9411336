//! 本年累计 as a sheet prints it, held against the papers on file: a sum above all of them most often is a bill nobody has typed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};

use super::judge::Judged;

/// Papers whose sums are told apart one by one; of more, what is printed is not held against anything.
const MOST_SUMS: usize = 4096;

/// What a sheet prints as paid this year beyond every paper on file of its day or before.
#[derive(Clone, Debug)]
pub(crate) struct Unseen {
    pub(crate) more: Fen,
    /// In the clerk's words, with both sums.
    pub(crate) said: String,
}

/// What is most likely missing, by the sheet that says it: of each person's year at most one. `all` holds every paper of the
/// years, those included that others took the place of.
pub(crate) fn unseen(all: &[Judged]) -> HashMap<RecordId, Unseen> {
    let mut years: HashMap<(RecordId, Option<i32>), Vec<&Judged>> = HashMap::new();
    for one in all {
        years.entry((one.line.person, one.year)).or_default().push(one);
    }
    years.into_values().filter_map(|year| missing(&year)).collect()
}

/// Of every payer only the last sheet that prints its sum says what is missing: it holds what was missing on those before,
/// unless it came since.
fn missing(year: &[&Judged]) -> Option<(RecordId, Unseen)> {
    let at = |one: &Judged| (one.line.bill.record.settled_on, one.line.bill.id);
    let of_payer = |payer: &Payer| {
        let sheets = year.iter().filter(|one| one.line.counts());
        // Where exports have nothing to say they say 0.
        let sheets = sheets
            .filter_map(|one| Some((one, (payer.printed)(&one.line.bill.record).filter(|sum| *sum > Fen::ZERO)?)));
        let sums =
            sheets.filter_map(|(one, printed)| Some((one, Sum::of(payer.label, printed, one, year, payer.paid)?)));
        sums.filter(|(_, sum)| sum.blank == 0).max_by_key(|(one, _)| at(one))
    };
    let gaps = PAYERS.iter().filter_map(of_payer).filter(|(_, sum)| sum.printed > sum.most());
    let (sheet, sum) = gaps.max_by_key(|(_, sum)| sum.printed - sum.most())?;
    let (label, printed, ours) = (sum.label, sum.printed, sum.most());
    let said = format!("票面本年累计{label} {printed}，系统里合计 {ours}，少 {}", printed - ours);
    Some((sheet.line.bill.id, Unseen { more: printed - ours, said }))
}

/// What differs of a sheet's sums, in the clerk's words.
pub(super) fn sums(own: &Judged, year: &[&Judged]) -> Vec<String> {
    let bill = &own.line.bill.record;
    let sums = PAYERS.iter().filter_map(|payer| Sum::of(payer.label, (payer.printed)(bill)?, own, year, payer.paid));
    sums.filter_map(|sum| sum.said()).collect()
}

/// One 本年累计 and what it adds up.
struct Payer {
    label: &'static str,
    printed: fn(&Settlement) -> Option<Fen>,
    paid: fn(&Settlement) -> Option<Fen>,
}

const PAYERS: [Payer; 3] = [
    Payer { label: "基本医保支付", printed: |bill| bill.year_basic, paid: |bill| bill.paid_basic },
    Payer { label: "大病保险支付", printed: |bill| bill.year_critical, paid: |bill| bill.paid_critical },
    Payer { label: "医疗救助支付", printed: |bill| bill.year_aid, paid: |bill| bill.paid_aid },
];

/// One 本年累计 beside everything the papers on file may come to on the day the sheet was printed.
pub(super) struct Sum {
    label: &'static str,
    printed: Fen,
    /// With or without the sheet itself; a paper of its own day may have come before or after it; of a paper that was
    /// corrected or taken back, before and after that: the insurer's sum may be older, and what was mistyped is right now.
    pub(super) possible: BTreeSet<Fen>,
    /// Papers up to that day that say nothing of it: they count as nothing, which need not be true.
    pub(super) blank: usize,
}

impl Sum {
    pub(super) fn of(
        label: &'static str,
        printed: Fen,
        own: &Judged,
        year: &[&Judged],
        amount: impl Fn(&Settlement) -> Option<Fen>,
    ) -> Option<Self> {
        let day = own.line.bill.record.settled_on?;
        let (mut possible, mut blank) = (BTreeSet::from([Fen::ZERO]), 0);
        for Chain { papers, last } in chains_until(own, year, day) {
            let of = |paper: &Settlement| if taken_back(paper) { Some(Fen::ZERO) } else { amount(paper) };
            let mut ways: BTreeSet<Fen> = papers.iter().copied().chain([last]).filter_map(of).collect();
            blank += usize::from(of(last).is_none());
            if ways.is_empty() || papers.iter().all(|paper| paper.settled_on == Some(day)) {
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
        let (label, printed, most) = (self.label, self.printed, self.most());
        if self.possible.contains(&printed) {
            return None;
        }
        let nearest = self.possible.iter().copied().min_by_key(|sum| (printed - *sum).0.abs()).unwrap_or_default();
        let told = format!("票面本年累计{label} {printed}，系统里到这一张为止合计 {nearest}");
        Some(if self.blank > 0 {
            format!("{told}，其中 {} 张没有填这一项，请先补上再核对", self.blank)
        } else if printed > most {
            format!("{told}，少 {}：可能有票据没有录入，请问家属要今年其余的结算单，补录后再核对", printed - most)
        } else {
            let apart = if nearest > printed { "多" } else { "少" };
            format!(
                "{told}，{apart} {}：可能有票据录重了或录错了金额，请对一遍这个人今年的结算单",
                Fen((nearest - printed).0.abs())
            )
        })
    }
}

fn taken_back(paper: &Settlement) -> bool {
    paper.reversal == Some(true)
}

/// A paper of the year with those that took its place.
struct Chain<'a> {
    /// Those that were there on the day.
    papers: Vec<&'a Settlement>,
    /// The one that stands now.
    last: &'a Settlement,
}

/// The papers of the person's year that were there on a day. What is typed now is its own paper, whatever it corrects.
fn chains_until<'a>(own: &'a Judged, year: &[&'a Judged], day: NaiveDate) -> Vec<Chain<'a>> {
    let others = year.iter().copied().filter(|one| one.line.bill.id != own.line.bill.id);
    let papers: BTreeMap<RecordId, &Settlement> =
        others.chain([own]).map(|one| (one.line.bill.id, &one.line.bill.record)).collect();
    let next: BTreeMap<RecordId, RecordId> =
        papers.iter().filter_map(|(id, paper)| Some((paper.corrects?, *id))).collect();
    let along = |from: RecordId, step: &dyn Fn(RecordId) -> Option<RecordId>| {
        // As many steps as there are papers: bills that name each other in a circle end somewhere.
        (0..papers.len())
            .try_fold(from, |at, _| step(at).filter(|to| papers.contains_key(to)).ok_or(at))
            .unwrap_or_else(|at| at)
    };
    let mut chains: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
    for (id, _) in papers.iter().filter(|(_, paper)| paper.settled_on.is_some_and(|on| on <= day)) {
        let first = along(*id, &|at| papers.get(&at).and_then(|paper| paper.corrects));
        chains.entry(first).or_default().push(*id);
    }
    let chain = |ids: Vec<RecordId>| {
        let last = along(*ids.first()?, &|at| next.get(&at).copied());
        let paper = |id: &RecordId| papers.get(id).copied();
        Some(Chain { papers: ids.iter().filter_map(paper).collect(), last: paper(&last)? })
    };
    chains.into_values().filter_map(chain).collect()
}
