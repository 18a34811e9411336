//! What comes out over everybody: by payer, by person, by identity, level and township.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_coverage::Level;
use mingbai_domain::{Fen, RecordId};

use super::Whose;
use super::run::{BothYears, ByPayer, Life, Settled};
use crate::dto::{ResettleGroup, ResettlePayer, ResettlePerson, ResettleRefused, ResettleSide, ResettleView};

/// As many rows of a list as a screen shows; how many there are stands beside them, and the workbook has all.
pub(super) const SHOWN: usize = 500;

#[derive(Default)]
pub(super) struct Sums {
    people: i64,
    bills: i64,
    total: Fen,
    households: BTreeMap<RecordId, Fen>,
    payers: ByPayer,
    personal: (Fen, Fen),
    identities: BTreeMap<String, ResettleGroup>,
    levels: BTreeMap<Level, ResettleGroup>,
    townships: BTreeMap<String, ResettleGroup>,
    changed: Vec<ResettlePerson>,
    same: i64,
    refused: Vec<ResettleRefused>,
}

impl ResettleGroup {
    fn person(&mut self, change: Fen) {
        self.people += 1;
        self.better += i64::from(change < Fen::ZERO);
        self.worse += i64::from(change > Fen::ZERO);
    }

    fn bill(&mut self, before: &Settled, after: &Settled) {
        self.bills += 1;
        self.money(before, after);
    }

    fn money(&mut self, before: &Settled, after: &Settled) {
        self.paid_before += before.paid().0;
        self.paid_after += after.paid().0;
        self.personal_before += before.personal.0;
        self.personal_after += after.personal.0;
    }
}

fn group<'g, K: Ord>(groups: &'g mut BTreeMap<K, ResettleGroup>, key: K, label: &str) -> &'g mut ResettleGroup {
    let new = || ResettleGroup { key: label.to_owned(), label: label.to_owned(), ..ResettleGroup::default() };
    groups.entry(key).or_insert_with(new)
}

impl Sums {
    /// Takes one person's year in.
    pub(super) fn add(&mut self, whose: &Whose, life: &Life, results: BothYears) {
        let (mut before, mut after, mut bills) = (Fen::ZERO, Fen::ZERO, 0);
        let mut identity: Option<String> = None;
        let mut settled = Vec::new();
        for (((bill, _), line), result) in life.bills.iter().zip(&whose.lines).zip(results.bills) {
            match result {
                Err(why) => self.refused.push(ResettleRefused {
                    bill: line.bill.id.to_string(),
                    name: whose.name.clone(),
                    village: whose.village.clone(),
                    settled_on: bill.settled_on.to_string(),
                    why,
                }),
                Ok((old, new)) => {
                    before += old.personal;
                    after += new.personal;
                    bills += 1;
                    self.total += bill.total;
                    self.payers.add(&old, &new);
                    // The last bill of the year says under which identity the person stands now.
                    identity = Some(old.identities.first().cloned().unwrap_or_else(|| "普通居民".to_owned()));
                    settled.push((bill.level, old, new));
                }
            }
        }
        let Some(identity) = identity else { return };
        let end = match results.end {
            Ok((old, new)) => {
                before += old.personal;
                after += new.personal;
                self.payers.add(&old, &new);
                Some((old, new))
            }
            Err(why) => {
                self.refused.extend(whose.lines.first().map(|line| ResettleRefused {
                    bill: line.bill.id.to_string(),
                    name: whose.name.clone(),
                    village: whose.village.clone(),
                    settled_on: "年终".to_owned(),
                    why,
                }));
                None
            }
        };
        let change = after - before;
        self.people += 1;
        self.bills += bills;
        self.personal.0 += before;
        self.personal.1 += after;
        *self.households.entry(whose.household).or_default() += change;
        let mut levels: BTreeSet<Level> = BTreeSet::new();
        for (level, old, new) in &settled {
            group(&mut self.identities, identity.clone(), &identity).bill(old, new);
            group(&mut self.townships, whose.township.clone(), &whose.township).bill(old, new);
            group(&mut self.levels, *level, level.label()).bill(old, new);
            levels.insert(*level);
        }
        // The end of a year is at no hospital's level.
        if let Some((old, new)) = &end {
            group(&mut self.identities, identity.clone(), &identity).money(old, new);
            group(&mut self.townships, whose.township.clone(), &whose.township).money(old, new);
        }
        group(&mut self.identities, identity.clone(), &identity).person(change);
        group(&mut self.townships, whose.township.clone(), &whose.township).person(change);
        for level in levels {
            // At one level only what changes at that level counts as better or worse.
            let at = settled.iter().filter(|(one, _, _)| *one == level);
            let change = at.map(|(_, old, new)| new.personal - old.personal).sum();
            group(&mut self.levels, level, level.label()).person(change);
        }
        if change == Fen::ZERO {
            self.same += 1;
            return;
        }
        self.changed.push(ResettlePerson {
            person: whose.person.to_string(),
            household: whose.household.to_string(),
            name: whose.name.clone(),
            village: whose.village.clone(),
            identity,
            bills,
            before: before.0,
            after: after.0,
            change: change.0,
        });
    }

    /// `shown` is how many rows of a list are given.
    pub(super) fn view(mut self, year: i32, shown: usize) -> ResettleView {
        let side = |better: bool| {
            let takes = |change: i64| if better { change < 0 } else { change > 0 };
            let people = || self.changed.iter().filter(|one| takes(one.change));
            ResettleSide {
                people: people().count() as i64,
                households: self.households.values().filter(|change| takes(change.0)).count() as i64,
                money: people().map(|one| one.change.abs()).sum(),
            }
        };
        let (better, worse) = (side(true), side(false));
        self.changed.sort_by(|a, b| b.change.abs().cmp(&a.change.abs()).then_with(|| a.person.cmp(&b.person)));
        let changed_count = self.changed.len() as i64;
        self.changed.truncate(shown);
        let refused_count = self.refused.len() as i64;
        self.refused.truncate(shown);
        let payer = |line: super::run::Line| ResettlePayer {
            key: line.column.code().to_owned(),
            label: line.label,
            before: line.before.0,
            after: line.after.0,
        };
        ResettleView {
            year: i64::from(year),
            people: self.people,
            households: self.households.len() as i64,
            bills: self.bills,
            total: self.total.0,
            payers: self.payers.lines().into_iter().map(payer).collect(),
            personal_before: self.personal.0.0,
            personal_after: self.personal.1.0,
            better,
            worse,
            same: self.same,
            identities: self.identities.into_values().collect(),
            levels: self.levels.into_values().collect(),
            townships: self.townships.into_values().collect(),
            changed: self.changed,
            changed_count,
            refused: self.refused,
            refused_count,
            ..ResettleView::default()
        }
    }
}
