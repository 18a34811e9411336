//! What was due on every bill of a person's year, settled in order: derived at every look, so a late or corrected bill
//! settles the rest of the year again.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{
    Area, Bill, Column, Comparison, History, IdentityPeriod, Item, Kind, Level, Paid, Person as Insured, Referral,
    Settlement, compare, settle_year,
};
use mingbai_domain::catalogue::{self, AidIdentity, Enrolment, Person};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, BillLine};
use mingbai_store::{Reading, Row};

use super::fit;
use crate::error::AppError;
use crate::insured::facts;
use crate::policy::Packs;

/// One bill with what was due.
pub(crate) struct Judged {
    pub(crate) line: BillLine,
    pub(crate) due: Option<(Settlement, Comparison)>,
    /// Why it could not be settled, in the clerk's words.
    pub(crate) refused: Option<String>,
}

impl Judged {
    /// What is short over all payers; negative when more was paid than was due, nothing when it could not be settled.
    pub(crate) fn short(&self) -> Fen {
        self.due.as_ref().map_or(Fen::ZERO, |(_, comparison)| comparison.shortfall)
    }
}

/// Settles every person's year behind a filter and sets each bill beside what was due, newest first.
pub(crate) fn judge(reading: Reading<'_>, packs: &Packs, filter: &BillFilter) -> Result<Vec<Judged>, AppError> {
    judge_lines(reading, packs, reading.bills(filter)?)
}

/// As [`judge`], of bills at hand; of each person's year all that count have to be among them. Those that do not count are
/// left without a judgement.
pub(crate) fn judge_lines(reading: Reading<'_>, packs: &Packs, lines: Vec<BillLine>) -> Result<Vec<Judged>, AppError> {
    let mut people: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.counts()) {
        people.entry(line.person).or_default().push(place);
    }
    let mut judged: Vec<_> = lines.into_iter().map(|line| Judged { line, due: None, refused: None }).collect();
    if packs.is_empty() {
        return Ok(judged);
    }
    for (person, places) in people {
        let insured = insured(reading, person)?;
        let rows = || places.iter().filter_map(|place| judged.get(*place)).map(|one| &one.line.bill);
        let stays = fit::stays(rows());
        let mut years: BTreeMap<i32, Vec<(NaiveDate, Bill, usize)>> = BTreeMap::new();
        for &place in &places {
            let Some(line) = judged.get(place).map(|judged| &judged.line) else { continue };
            if let Some(day) = line.bill.record.settled_on {
                let turn = turn(reading, &line.bill)?.filter(|turn| turn.year() == day.year()).unwrap_or(day);
                years.entry(day.year()).or_default().push((turn, to_bill(&line.bill, &stays), place));
            }
        }
        for (year, mut bills) in years {
            bills.sort_by(|(a, one, _), (b, other, _)| (a, one.order()).cmp(&(b, other.order())));
            let mut history = History::empty(year);
            for (_, bill, place) in bills {
                let Some(target) = judged.get_mut(place) else { continue };
                // What was paid before counts on when another pack comes into force within the year.
                let Some(pack) = packs.on(bill.settled_on) else {
                    target.refused = Some(format!("{} 没有可用的政策包", bill.settled_on));
                    continue;
                };
                let (insured, bill) = (fit::person(&pack.rules, &insured), fit::bill(&pack.rules, &bill));
                let settled = settle_year(&pack.rules, &insured, &history, std::slice::from_ref(&*bill));
                history = settled.closing;
                target.refused = settled.refused.into_iter().next().map(|refused| refused.error.to_string());
                if let Some(settlement) = settled.settlements.into_iter().next() {
                    let paid = paid(&target.line.bill.record);
                    let comparison = compare(&pack.rules, &insured, &settlement.before, &bill, &settlement, &paid);
                    target.due = Some((settlement, comparison));
                }
            }
        }
    }
    Ok(judged)
}

/// The day whose place a bill has in its year: one that corrects another stands where that one stood.
fn turn(reading: Reading<'_>, bill: &Row<catalogue::Settlement>) -> Result<Option<NaiveDate>, AppError> {
    /// No sheet is corrected more often; whoever points in a circle gets no further.
    const MOST: usize = 16;
    let (mut day, mut corrects) = (bill.record.settled_on, bill.record.corrects);
    for _ in 0..MOST {
        let Some(before) = corrects else { break };
        let Some(row) = reading.get::<catalogue::Settlement>(before)? else { break };
        (day, corrects) = (row.record.settled_on.or(day), row.record.corrects);
    }
    Ok(day)
}

/// A person as the register knows them; [`fit::person`] is how a pack sees them.
pub(crate) fn insured(reading: Reading<'_>, person: RecordId) -> Result<Insured, AppError> {
    let identities = reading.rows_where::<AidIdentity>("person", &person)?;
    let born = reading.get::<Person>(person)?.and_then(|row| row.record.birth);
    let identities = identities.into_iter().filter_map(|row| {
        let identity = row.record.identity?;
        (identity != "ordinary").then_some(IdentityPeriod { identity, from: row.record.since, until: row.record.until })
    });
    let enrolments = reading.rows_where::<Enrolment>("person", &person)?;
    let enrolments: Vec<&Enrolment> = enrolments.iter().map(|row| &row.record).collect();
    // Which day the year's window closes is no pack's to say, so nobody is taken to be late here.
    let enrolments = facts(&enrolments, born, |_| None);
    let certificates = fit::certificates(reading, person)?;
    Ok(Insured { identities: identities.collect(), born, enrolments, certificates })
}

/// A bill as the register knows it; `stays` are those its person has left. [`fit::bill`] is how a pack reads it.
pub(crate) fn to_bill(row: &Row<catalogue::Settlement>, stays: &[(NaiveDate, String)]) -> Bill {
    let record = &row.record;
    let settled_on = record.settled_on.or(record.discharged_on).or(record.admitted_on).unwrap_or_default();
    let discharged_on = record.discharged_on.unwrap_or(settled_on);
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    let kind = Kind::from_code(&word(&record.care_kind)).unwrap_or(Kind::Inpatient);
    Bill {
        ownpay: record.own_expense.unwrap_or_default(),
        overlimit: record.over_limit.unwrap_or_default(),
        preselfpay: Some(record.pre_self_pay.unwrap_or_default()),
        items: record.items.as_deref().map(items).unwrap_or_default(),
        hospital_borne: record.hospital_borne.unwrap_or_default(),
        cause: record.excluded_cause.clone().filter(|cause| !cause.is_empty()),
        major_disease: record.major_disease == Some(true),
        disease: fit::disease(kind, record),
        continues: fit::continued(row, stays),
        ..Bill::new(
            row.id.to_string(),
            kind,
            Level::from_code(&word(&record.hospital_level)).unwrap_or(Level::Unrated),
            Area::from_code(&word(&record.hospital_area)).unwrap_or(Area::County),
            Referral::from_code(&word(&record.referral)).unwrap_or(Referral::None),
            [record.admitted_on.unwrap_or(discharged_on), discharged_on, settled_on],
            record.total.unwrap_or_default(),
        )
    }
}

/// Item classes as the register keeps them: `class=amount in yuan`, joined by `;`. What cannot be read is left out.
pub(super) fn items(text: &str) -> Vec<Item> {
    let parts = text.split([';', '；']).filter_map(|part| part.split_once('='));
    let read = parts.filter_map(|(class, amount)| Some((class.trim(), Fen::parse(amount.trim()).ok()?)));
    read.filter(|(_, amount)| *amount > Fen::ZERO)
        .map(|(class, amount)| Item { class: class.to_owned(), amount })
        .collect()
}

fn paid(record: &catalogue::Settlement) -> Paid {
    BTreeMap::from([
        (Column::Basic, record.paid_basic.unwrap_or_default()),
        (Column::Critical, record.paid_critical.unwrap_or_default()),
        (Column::Aid, record.paid_aid.unwrap_or_default()),
        (Column::Other, record.paid_other.unwrap_or_default()),
    ])
}
