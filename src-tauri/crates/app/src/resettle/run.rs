//! Settling many people's years under two sets of rules, on two cores. Pure: who and what comes in, sums come out.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mingbai_coverage::{Bill, Column, History, Pack, PayerAmount, Person, YearEndDays, settle, settle_year_end};
use mingbai_domain::Fen;

use crate::bill::{fit, through};
use crate::restricted;

/// A bill in its turn, with what its sheet leaves open: such a one neither pack settles.
pub(super) type Sheet = (Bill, Option<String>);

/// One person's year as both packs see it.
pub(super) struct Life {
    pub(super) insured: Person,
    /// Years before, where a stay of this one goes on with one of theirs.
    pub(super) before: Vec<(i32, Vec<Sheet>)>,
    pub(super) bills: Vec<Sheet>,
}

/// One bill under one pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) payers: Vec<PayerAmount>,
    pub(super) personal: Fen,
    pub(super) identities: Vec<String>,
}

impl Settled {
    pub(super) fn paid(&self) -> Fen {
        self.payers.iter().map(|payer| payer.amount).sum()
    }
}

/// One bill under both: what each says, or why one of them does not settle it.
pub(super) type Both = Result<(Settled, Settled), String>;

/// A year under both: its bills, and what is due at its end.
pub(super) struct BothYears {
    pub(super) bills: Vec<Both>,
    pub(super) end: Both,
}

/// Which year, and the day as of which its end is seen.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) year: i32,
    pub(super) days: YearEndDays,
}

/// The rules a bill falls under.
pub(super) trait Rules: Sync {
    /// The pack for a bill; nothing where none is in force.
    fn of(&self, bill: &Bill) -> Option<&Pack>;

    /// The pack by which a year that ends on a day is ended.
    fn at_end(&self, day: NaiveDate) -> Option<&Pack>;
}

/// One pack for everything.
pub(super) struct Always<'p>(pub(super) &'p Pack);

impl Rules for Always<'_> {
    fn of(&self, _: &Bill) -> Option<&Pack> {
        Some(self.0)
    }

    fn at_end(&self, _: NaiveDate) -> Option<&Pack> {
        Some(self.0)
    }
}

impl Rules for crate::policy::Packs {
    fn of(&self, bill: &Bill) -> Option<&Pack> {
        fit::pack_of(self, bill).map(|pack| &*pack.rules)
    }

    fn at_end(&self, day: NaiveDate) -> Option<&Pack> {
        self.on(day).map(|pack| &*pack.rules)
    }
}

/// Settles the bills of one year in the order given under one set of rules; the year after them.
fn settle_on(
    insured: &Person,
    rules: &dyn Rules,
    history: History,
    sheets: &[Sheet],
) -> (History, Vec<Result<Settled, String>>) {
    let mut history = history;
    let mut results = Vec::with_capacity(sheets.len());
    for (bill, blank) in sheets {
        if let Some(blank) = blank {
            results.push(Err(blank.clone()));
            continue;
        }
        let Some(pack) = rules.of(bill) else {
            results.push(Err(format!("{} 没有可用的政策包", bill.settled_on)));
            continue;
        };
        let (insured, bill) = (fit::person(pack, insured), fit::bill(pack, bill));
        results.push(match settle(pack, &insured, &history, &bill) {
            Ok(one) => {
                history = one.after;
                Ok(Settled { payers: one.payers, personal: one.personal, identities: one.identities })
            }
            Err(error) => Err(restricted::shown(&error.to_string()).to_owned()),
        });
    }
    (history, results)
}

/// A person's year under one set of rules: bill by bill, and its end. The years before are settled under the same rules, so
/// that a stay goes on from what those rules took.
fn year(life: &Life, rules: &dyn Rules, span: Span) -> (Vec<Result<Settled, String>>, Result<Settled, String>) {
    let years = life.before.iter().map(|(year, sheets)| (*year, sheets)).chain([(span.year, &life.bills)]);
    let (mut history, mut results) = (History::empty(span.year), Vec::new());
    through(years, |opening, sheets| {
        (history, results) = settle_on(&life.insured, rules, opening, sheets);
        history.clone()
    });
    let end = match rules.at_end(span.days.last) {
        None => Err(format!("{} 没有可用的政策包，年终结算不能算", span.days.last)),
        Some(pack) if !pack.settles_year_end() => Ok(Settled::default()),
        Some(pack) => settle_year_end(pack, &fit::person(pack, &life.insured), &history, span.days)
            .map(|end| {
                let payers: Vec<PayerAmount> = end.payers.into_iter().filter(|one| one.amount > Fen::ZERO).collect();
                // What the end pays is taken off what the bills left to the person.
                let paid: Fen = payers.iter().map(|payer| payer.amount).sum();
                Settled { payers, personal: Fen::ZERO - paid, identities: end.identities }
            })
            .map_err(|error| restricted::shown(&error.to_string()).to_owned()),
    };
    (results, end)
}

/// Everybody's year under both, person by person.
pub(super) fn both(lives: &[Life], before: &dyn Rules, after: &dyn Rules, span: Span) -> Vec<BothYears> {
    let one = |life: &Life| {
        let ((old, old_end), (new, new_end)) = (year(life, before, span), year(life, after, span));
        let pair = |(old, new): (Result<Settled, String>, Result<Settled, String>)| match (old, new) {
            (Ok(old), Ok(new)) => Ok((old, new)),
            (Err(why), Err(other)) if why == other => Err(why),
            (Err(why), Err(_)) => Err(format!("现行：{why}")),
            (Err(why), Ok(_)) => Err(format!("只有现行不能算：{why}")),
            (Ok(_), Err(why)) => Err(format!("只有新的不能算：{why}")),
        };
        let one_sided = old.iter().zip(&new).any(|(old, new)| old.is_ok() != new.is_ok());
        let bills = old.into_iter().zip(new).map(pair).collect::<Vec<Both>>();
        // What only one side has gathered over the year only one side would pay out at its end.
        let end = if one_sided && old_end != new_end {
            Err("年终结算：有结算单只有一边能算，两边都不计".to_owned())
        } else {
            pair((old_end, new_end))
        };
        BothYears { bills, end }
    };
    let (left, right) = lives.split_at(lives.len() / 2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| left.iter().map(one).collect::<Vec<_>>());
        let second: Vec<_> = right.iter().map(one).collect();
        let mut all = first.join().unwrap_or_else(|defect| std::panic::resume_unwind(defect));
        all.extend(second);
        all
    })
}

/// What each payer gives over some bills, in the order the packs name them.
#[derive(Default)]
pub(super) struct ByPayer(Vec<Line>);

/// One payer before and after.
pub(super) struct Line {
    pub(super) column: Column,
    pub(super) label: String,
    pub(super) before: Fen,
    pub(super) after: Fen,
}

impl ByPayer {
    pub(super) fn add(&mut self, before: &Settled, after: &Settled) {
        let mut sums: BTreeMap<(Column, &str), (Fen, Fen)> = BTreeMap::new();
        for payer in &before.payers {
            sums.entry((payer.column, &payer.label)).or_default().0 += payer.amount;
        }
        for payer in &after.payers {
            sums.entry((payer.column, &payer.label)).or_default().1 += payer.amount;
        }
        for ((column, label), (old, new)) in sums {
            match self.0.iter_mut().find(|line| line.column == column && line.label == label) {
                Some(line) => {
                    line.before += old;
                    line.after += new;
                }
                None => self.0.push(Line { column, label: label.to_owned(), before: old, after: new }),
            }
        }
    }

    /// The payers in the order of the columns of the sheet.
    pub(super) fn lines(mut self) -> Vec<Line> {
        self.0.sort_by_key(|line| line.column);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use mingbai_coverage::{Area, Bill, Kind, Level, Pack, Person, Referral, YearEndDays};
    use mingbai_domain::Fen;
    use proptest::prelude::*;

    use super::{Always, ByPayer, Life, Span, both};

    fn pack() -> Pack {
        Pack::parse(crate::demo::built_in_pack().unwrap().text).unwrap()
    }

    fn bill(yuan: i64, month: u32) -> Bill {
        let day = NaiveDate::from_ymd_opt(2026, month, 3).unwrap();
        let name = format!("P{month:02}");
        let total = Fen::from_yuan(yuan);
        Bill::new(name, Kind::Inpatient, Level::Level3, Area::City, Referral::None, [day, day, day], total)
    }

    fn span() -> Span {
        Span { year: 2026, days: YearEndDays::on(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()) }
    }

    fn lives(amounts: &[i64]) -> Vec<Life> {
        let life = |yuan: &i64| Life {
            insured: Person::holding(&["registered_poor"]),
            before: Vec::new(),
            bills: vec![(bill(*yuan, 2), None), (bill(yuan / 2 + 1, 5), None)],
        };
        amounts.iter().map(life).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn under_the_pack_in_force_itself_nobody_is_better_or_worse_off(
            amounts in proptest::collection::vec(1_i64..400_000, 0..9),
        ) {
            let pack = pack();
            let (old, new) = (Always(&pack), Always(&pack));
            let all = both(&lives(&amounts), &old, &new, span());
            prop_assert_eq!(all.len(), amounts.len());
            let mut payers = ByPayer::default();
            for one in all.iter().flat_map(|years| years.bills.iter().chain([&years.end])) {
                let (before, after) = one.as_ref().unwrap();
                prop_assert_eq!(before, after);
                payers.add(before, after);
            }
            prop_assert!(payers.lines().iter().all(|line| line.before == line.after));
        }
    }

    #[test]
    fn a_bill_one_of_the_packs_refuses_is_in_neither_sum_and_says_which() {
        let pack = pack();
        let mut later = pack.clone();
        later.from = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
        let all = both(&lives(&[10_000]), &Always(&pack), &Always(&later), span());
        assert!(all[0].bills[0].as_ref().unwrap_err().starts_with("只有新的不能算"));
        assert!(all[0].bills[1].is_ok());
    }

    #[test]
    fn what_is_paid_once_a_year_is_counted_on_both_sides_and_a_blank_sheet_on_none() {
        let beijing = include_str!("../../../../../assets/packs/beijing.toml");
        let old = Pack::parse(beijing).unwrap();
        let new = Pack::parse(&beijing.replacen(
            "up_to = \"30000\", share = \"30%\"",
            "up_to = \"30000\", share = \"40%\"",
            1,
        ));
        let new = new.unwrap();
        let mut life = lives(&[60_000]).remove(0);
        life.insured = Person::holding(&["illness_poverty"]);
        for (bill, _) in &mut life.bills {
            bill.referral = Referral::Referred;
        }
        let all = both(&[life], &Always(&old), &Always(&new), span());
        let (before, after) = all[0].end.as_ref().unwrap();
        assert!(before.paid() > Fen::ZERO && after.paid() > before.paid(), "{before:?} {after:?}");
        assert_eq!(before.personal, Fen::ZERO - before.paid());

        let mut blank = lives(&[60_000]).remove(0);
        blank.bills[0].1 = Some("没有填机构级别".to_owned());
        let all = both(&[blank], &Always(&old), &Always(&new), span());
        assert_eq!(all[0].bills[0], Err("没有填机构级别".to_owned()));
    }
}
