//! What was due on every bill of a person's year, settled in order: derived at every look, so a late or corrected bill
//! settles the rest of the year again.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{
    Area, Bill, Column, Comparison, History, IdentityPeriod, Item, Kind, Level, Paid, Person as Insured, Referral,
    Settlement, as_unmarked, compare_beside, settle,
};
use mingbai_domain::catalogue::{self, AidIdentity, Disability, Enrolment, Person};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, BillLine};
use mingbai_store::{Reading, Row};

use super::turn::{Turn, by_year, through};
use super::year_end::paid_in;
use super::{class, fit};
use crate::error::AppError;
use crate::insured::{Facts, facts};
use crate::policy::Packs;
use crate::quality::Limits;
use crate::restricted;

/// One bill with what was due.
pub(crate) struct Judged {
    pub(crate) line: BillLine,
    pub(crate) due: Option<(Settlement, Comparison)>,
    /// Why it could not be settled, in the clerk's words.
    pub(crate) refused: Option<String>,
    /// Bills of the year before this one that could not be settled: what they would have added up is missing here.
    pub(crate) uncounted: usize,
}

impl Judged {
    /// What is short at the payers that paid too little, whatever others paid too much; nothing when it could not be settled.
    pub(crate) fn short(&self) -> Fen {
        self.due.as_ref().map_or(Fen::ZERO, |(_, comparison)| comparison.short)
    }

    /// What was paid beyond what was due, at the payers that paid too much.
    pub(crate) fn over(&self) -> Fen {
        self.due.as_ref().map_or(Fen::ZERO, |(_, comparison)| comparison.over)
    }
}

/// How far a person's year had come after the last of its bills.
pub(super) struct Closing {
    /// The last of its bills, to say whose it is.
    pub(super) line: BillLine,
    /// By the pack's rule, not by the day of settlement.
    pub(super) history: History,
    /// Bills of it that could not be settled: what they would have added up is missing here.
    pub(super) uncounted: usize,
}

/// Settles every person's year behind a filter and sets each bill beside what was due, newest first.
pub(crate) fn judge(reading: Reading<'_>, packs: &Packs, filter: &BillFilter) -> Result<Vec<Judged>, AppError> {
    Ok(judge_to_the_end(reading, packs, filter)?.0)
}

/// As [`judge`], with how far each person's years had come, whatever days the filter asks for; nothing of that where no pack
/// asks what a year comes to.
pub(super) fn judge_to_the_end(
    reading: Reading<'_>,
    packs: &Packs,
    filter: &BillFilter,
) -> Result<(Vec<Judged>, Vec<Closing>), AppError> {
    // A pack may count a bill to the year of its discharge, and it is settled in the next.
    let years = |day: Option<NaiveDate>, by: i32| day.and_then(|day| day.with_year(day.year() + by));
    let wide = BillFilter { from: years(filter.from, -1), until: years(filter.until, 1), ..filter.clone() };
    let (mut judged, closings) = settle_years(reading, packs, reading.bills(&wide)?)?;
    judged.retain(|one| {
        let day = one.line.bill.record.settled_on;
        filter.from.is_none_or(|from| day >= Some(from))
            && filter.until.is_none_or(|until| day.is_some_and(|day| day < until))
    });
    Ok((judged, closings))
}

/// As [`judge`], of bills at hand; of each person's year all that count have to be among them. Those that do not count are
/// left without a judgement.
pub(crate) fn judge_lines(reading: Reading<'_>, packs: &Packs, lines: Vec<BillLine>) -> Result<Vec<Judged>, AppError> {
    Ok(settle_years(reading, packs, lines)?.0)
}

fn settle_years(
    reading: Reading<'_>,
    packs: &Packs,
    lines: Vec<BillLine>,
) -> Result<(Vec<Judged>, Vec<Closing>), AppError> {
    let mut people: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.counts()) {
        people.entry(line.person).or_default().push(place);
    }
    let mut judged: Vec<_> =
        lines.into_iter().map(|line| Judged { line, due: None, refused: None, uncounted: 0 }).collect();
    let mut closings = Vec::new();
    if packs.is_empty() {
        return Ok((judged, closings));
    }
    for (person, places) in people {
        let insured = insured(reading, person)?;
        let rows: Vec<_> = places.iter().filter_map(|place| judged.get(*place)).map(|one| &one.line.bill).collect();
        let years = by_year(reading, packs, &rows)?;
        through(years, |history, turns| {
            let year = settle_on(&mut judged, &insured, history, &places, turns);
            if let Some(last) = year.last.filter(|_| packs.have_annual()).and_then(|place| judged.get(place)) {
                let (history, uncounted) = (year.history.clone(), year.uncounted);
                closings.push(Closing { line: last.line.clone(), history, uncounted });
            }
            year.history
        });
    }
    Ok((judged, closings))
}

/// A year of one person after its bills.
struct Settled {
    history: History,
    /// Bills of it that could not be settled.
    uncounted: usize,
    /// The place of the last that falls under a pack.
    last: Option<usize>,
}

/// Settles the bills of one year in their order; `places` are those of the person's bills among the judged.
fn settle_on(
    judged: &mut [Judged],
    insured: &Insured,
    history: History,
    places: &[usize],
    turns: Vec<Turn<'_>>,
) -> Settled {
    let mut unmarked = history.clone();
    let mut year = Settled { history, uncounted: 0, last: None };
    // What was paid before counts on when another pack comes into force within the year.
    for Turn { bill, pack, place } in turns {
        let Some(&place) = places.get(place) else { continue };
        let Some(target) = judged.get_mut(place) else { continue };
        let Some(pack) = pack else {
            target.refused = Some(format!("{} 没有可用的政策包", bill.settled_on));
            continue;
        };
        year.last = Some(place);
        target.uncounted = year.uncounted;
        let rules = &pack.rules;
        let (insured, bill) = (fit::person(rules, insured), fit::bill(rules, &bill));
        target.refused = fit::blank(&target.line.bill.record);
        if target.refused.is_none() {
            match settle(rules, &insured, &year.history, &bill) {
                Ok(due) => {
                    let paid = paid(&target.line.bill.record);
                    let beside = Some(&unmarked);
                    let comparison = compare_beside(rules, &insured, &year.history, beside, &bill, &due, &paid);
                    year.history = due.after.clone();
                    target.due = Some((due, comparison));
                }
                Err(error) => target.refused = Some(restricted::shown(&error.to_string()).to_owned()),
            }
        }
        year.uncounted += usize::from(target.refused.is_some());
        if let Ok(ordinary) = settle(rules, &as_unmarked(rules, &insured), &unmarked, &bill) {
            unmarked = ordinary.after;
        }
    }
    year
}

/// A person as the register knows them; [`fit::person`] is how a pack sees them.
pub(crate) fn insured(reading: Reading<'_>, person: RecordId) -> Result<Insured, AppError> {
    let identities = reading.rows_where::<AidIdentity>("person", &person)?;
    let who = reading.get::<Person>(person)?.map(|row| row.record).unwrap_or_default();
    let born = who.birth;
    let identities = identities.into_iter().filter_map(|row| {
        let identity = row.record.identity?;
        (identity != "ordinary").then_some(IdentityPeriod { identity, from: row.record.since, until: row.record.until })
    });
    let enrolments = reading.rows_where::<Enrolment>("person", &person)?;
    let enrolments: Vec<&Enrolment> = enrolments.iter().map(|row| &row.record).collect();
    // The county's own closing day of a year's window, for packs that ask for it.
    let paid = enrolments.iter().filter(|one| one.paid_on.is_some()).filter_map(|one| one.year);
    let closing = |year: i64| Ok((year, window_closes(reading, year)?));
    let limits = paid.map(closing).collect::<Result<BTreeMap<_, _>, AppError>>()?;
    let late = |year: i64, paid: NaiveDate| limits.get(&year).copied().flatten().map(|closes| paid > closes);
    let (on_file, facts) = (enrolments.clone(), facts(&enrolments, born, late));
    let certificates = fit::certificates(reading, person)?;
    let disabilities = reading.rows_where::<Disability>("person", &person)?;
    let disabilities: Vec<Disability> = disabilities.into_iter().map(|row| row.record).collect();
    let identities = identities.chain(class::classes(&who, &on_file, &disabilities)).collect();
    let Facts { enrolments, uninsured, employees } = facts;
    Ok(Insured { identities, born, enrolments, uninsured, employees, registered: true, certificates })
}

/// 集中参保期截止 of a year, where the county's lists name it.
fn window_closes(reading: Reading<'_>, year: i64) -> Result<Option<NaiveDate>, AppError> {
    let of = i32::try_from(year).ok();
    let Some((of, last)) = of.and_then(|year| Some((year, NaiveDate::from_ymd_opt(year, 12, 31)?))) else {
        return Ok(None);
    };
    Ok(Limits::read(reading, last)?.day("enrolment_deadline", of))
}

/// A bill as the register knows it; `stays` are those its person has left. [`fit::bill`] is how a pack reads it.
pub(super) fn to_bill(row: &Row<catalogue::Settlement>, stays: &[(NaiveDate, String)]) -> Bill {
    let record = &row.record;
    let settled_on = record.settled_on.or(record.discharged_on).or(record.admitted_on).unwrap_or_default();
    let discharged_on = record.discharged_on.unwrap_or(settled_on);
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    let kind = Kind::from_code(&word(&record.care_kind)).unwrap_or(Kind::Inpatient);
    Bill {
        ownpay: record.own_expense.unwrap_or_default(),
        overlimit: record.over_limit.unwrap_or_default(),
        preselfpay: fit::preselfpay(record),
        items: record.items.as_deref().map(items).unwrap_or_default(),
        hospital_borne: record.hospital_borne.unwrap_or_default(),
        cause: record.excluded_cause.clone().filter(|cause| !cause.is_empty()),
        major_disease: record.major_disease == Some(true),
        disease: fit::disease(kind, record),
        continues: fit::continued(row, stays),
        compensated: record.paid_commercial.unwrap_or_default(),
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
    Column::ALL.iter().map(|column| (*column, paid_in(record, *column))).collect()
}
