//! 冲销、退费 in an export of settlements: each such row takes back one bill, named by a number or by its day. What fits more
//! than one bill takes back none.

use std::collections::{HashMap, HashSet};

use mingbai_coverage::plausible;
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_sheets::profiles::BillDraft;
use mingbai_store::{Reading, Row};

use super::bills::{numbers, same};
use super::labels::text;
use super::plan::{Plan, Whose};
use crate::bill::{Gate, Vouched};
use crate::dto::{ImportRow, RowOutcome};
use crate::error::{AppError, ErrorCode};
use crate::policy::Packs;

/// For so many days a refund without a number may be of a bill: of more than one it is of none.
const NEAR: i64 = 30;

/// Whether the row only takes a bill back (冲销、退费): marked so, or with a total below zero.
pub(super) fn takes_back(draft: &BillDraft) -> bool {
    let marked = ["是", "1", "退费", "冲销", "已退费", "Y"].contains(&draft.takes_back.trim());
    draft.total.is_some_and(|total| total < Fen::ZERO && plausible(Fen::ZERO - total)) && !numbers(draft).is_empty()
        || marked
}

/// A bill of the same sheet that is taken in.
struct Paper {
    person: RecordId,
    existing: Option<RecordId>,
    /// As it will stand.
    stands: Settlement,
}

/// The refunds of one sheet; they are planned once every bill of it is, wherever they stand.
#[derive(Default)]
pub(super) struct Refunds {
    papers: Vec<Paper>,
    /// Refunds on file that a row of the sheet has told of.
    told: HashSet<RecordId>,
    /// What rows of the sheet take back.
    taken: HashSet<Target>,
}

/// What a refund takes back: a record on file, or a bill of this sheet by its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    Stored(RecordId),
    Coming(usize),
}

/// What a refund may be of.
#[derive(Default)]
struct Found {
    /// Bills that still count.
    fits: Vec<(Target, Fit)>,
    /// Refunds on file of bills it may be of.
    done: Vec<Row<Settlement>>,
}

/// How a refund and a bill agree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// One number, or neither has one in common and the day is the same.
    Sure,
    /// The total alone.
    Near,
}

/// Whether the refund may be of this bill: a number decides; without one the total, the place and the days.
fn fit(bill: &Settlement, refund: &Settlement) -> Option<Fit> {
    if bill.reversal == Some(true) || bill.total != refund.total {
        return None;
    }
    let agree = |a: &Option<String>, b: &Option<String>| Some(a.as_ref()? == b.as_ref()?);
    let numbers = [agree(&bill.number, &refund.number), agree(&bill.invoice, &refund.invoice)];
    if numbers.contains(&Some(true)) {
        return Some(Fit::Sure);
    }
    if numbers.contains(&Some(false)) || agree(&bill.hospital, &refund.hospital) == Some(false) {
        return None;
    }
    match (refund.settled_on? - bill.settled_on?).num_days() {
        0 => Some(Fit::Sure),
        1..=NEAR => Some(Fit::Near),
        _ => None,
    }
}

impl Refunds {
    /// A bill of the sheet is taken in.
    pub(super) fn paper(&mut self, person: RecordId, existing: Option<RecordId>, stands: Settlement) {
        self.papers.push(Paper { person, existing, stands });
    }

    /// Plans the taking back of the one bill the row fits.
    pub(super) fn plan(
        &mut self,
        (reading, packs): (Reading<'_>, &Packs),
        plan: &mut Plan,
        whose: &Whose,
        draft: &BillDraft,
    ) -> Result<(), AppError> {
        let total = draft.total.map(|total| if total < Fen::ZERO { Fen::ZERO - total } else { total });
        let Some(total) = total.filter(|total| plausible(*total)) else {
            plan.reject(&draft.name, &whose.household, "冲销的行没有费用总额，不知道冲销哪一张");
            return Ok(());
        };
        let refund = Settlement {
            person: Some(whose.person),
            invoice: text(&draft.invoice),
            number: text(&draft.number),
            hospital: text(&draft.hospital),
            settled_on: draft.settled_on,
            total: Some(total),
            ..Settlement::default()
        };
        let label = numbers(draft).into_iter().map(|(label, number)| format!("{label}{number}")).collect::<Vec<_>>();
        let label = if label.is_empty() { format!("总额 {total}") } else { label.join("、") };
        let Found { fits, done } = self.fits(reading, &refund)?;
        let line = ImportRow {
            who: whose.name.clone(),
            household: whose.household.clone(),
            detail: format!("冲销 {label}"),
            ..ImportRow::default()
        };
        // A refund on file that no other row of the sheet has told of is this one.
        let on_day = done.iter().find(|row| row.record.settled_on == refund.settled_on && !self.told.contains(&row.id));
        if let Some(row) = on_day.or(done.first().filter(|_| fits.is_empty())) {
            self.told.insert(row.id);
            plan.add(ImportRow { outcome: RowOutcome::Same, ..line });
            if !fits.is_empty() {
                plan.warn("已经冲销过一张；另有一张也对得上，没有冲销，要冲销请在那一张上点“更正、冲销”");
            }
            return Ok(());
        }
        let target = match fits.as_slice() {
            [(target, Fit::Sure)] => *target,
            [] => {
                let why = format!(
                    "找不到要冲销的那一张（{label}，总额 {total}），请先登记那一张，或在那一张上点“更正、冲销”"
                );
                plan.reject(&draft.name, &whose.household, why);
                return Ok(());
            }
            [_] => {
                let why = "没有一样的票据号或结算单号，日期也不同，不能断定冲销的是哪一张，请在那一张上点“更正、冲销”";
                plan.reject(&draft.name, &whose.household, why);
                return Ok(());
            }
            several => {
                let why =
                    format!("有{}张都对得上（{label}），分不清冲销哪一张，请在那一张上点“更正、冲销”", several.len());
                plan.reject(&draft.name, &whose.household, why);
                return Ok(());
            }
        };
        self.taken.insert(target);
        plan.add(ImportRow { outcome: RowOutcome::New, ..line });
        let coming = match target {
            Target::Stored(_) => None,
            Target::Coming(place) => self.papers.get(place).map(|paper| paper.stands.clone()),
        };
        let record = Settlement {
            person: refund.person,
            reversal: Some(true),
            settled_on: refund.settled_on,
            hospital: refund.hospital,
            total: refund.total,
            source: Some("一站式结算导出".to_owned()),
            ..Settlement::default()
        };
        let packs = packs.clone();
        plan.write(move |txn, _| {
            let corrects = match (target, coming) {
                (Target::Stored(id), _) => Some(id),
                // It came in with this sheet and stands by now.
                (Target::Coming(_), bill) => standing(txn.read(), bill.as_ref())?,
            };
            let missing = "表里要冲销的那一张没有找到，没有导入任何一行，请重新导入";
            let corrects = corrects.ok_or_else(|| AppError::new(ErrorCode::Validation, missing))?;
            let record = Settlement { corrects: Some(corrects), ..record };
            Gate::new(&packs).admit(txn.read(), None, None, &record, Vouched::default())?;
            txn.insert(None, &record)?;
            Ok(())
        });
        Ok(())
    }

    /// What the refund may be of and still counts, and the refunds on file of what it may be of. A bill that was corrected
    /// stands as its last correction.
    fn fits(&self, reading: Reading<'_>, refund: &Settlement) -> Result<Found, AppError> {
        let Some(person) = refund.person else { return Ok(Found::default()) };
        let known = reading.rows_where::<Settlement>("person", &person)?;
        let after: HashMap<RecordId, &Row<Settlement>> =
            known.iter().filter_map(|row| Some((row.record.corrects?, row))).collect();
        let mut fits: Vec<(Target, Fit)> = Vec::new();
        let mut done: Vec<Row<Settlement>> = Vec::new();
        for row in &known {
            let said = self.papers.iter().find(|paper| paper.existing == Some(row.id));
            let Some(how) = fit(said.map_or(&row.record, |paper| &paper.stands), refund) else { continue };
            // No chain is longer than all there are.
            let last = known.iter().try_fold(row, |row, _| after.get(&row.id).copied().ok_or(row));
            let last = last.unwrap_or_else(|last| last);
            if last.record.reversal == Some(true) {
                if done.iter().all(|one| one.id != last.id) {
                    done.push(last.clone());
                }
                continue;
            }
            let target = Target::Stored(last.id);
            match fits.iter_mut().find(|(other, _)| *other == target) {
                Some((_, sure)) if how == Fit::Sure => *sure = how,
                Some(_) => {}
                None => fits.push((target, how)),
            }
        }
        let coming = self.papers.iter().enumerate();
        let coming = coming.filter(|(_, paper)| paper.existing.is_none() && paper.person == person);
        fits.extend(coming.filter_map(|(place, paper)| Some((Target::Coming(place), fit(&paper.stands, refund)?))));
        fits.retain(|(target, _)| !self.taken.contains(target));
        Ok(Found { fits, done })
    }
}

/// The record of a bill that came in with the sheet.
fn standing(reading: Reading<'_>, bill: Option<&Settlement>) -> Result<Option<RecordId>, AppError> {
    let Some((bill, person)) = bill.and_then(|bill| Some((bill, bill.person?))) else { return Ok(None) };
    let known = reading.rows_where::<Settlement>("person", &person)?;
    let replaced: HashSet<RecordId> = known.iter().filter_map(|row| row.record.corrects).collect();
    let found = known.iter().find(|row| !replaced.contains(&row.id) && same(&row.record, bill));
    Ok(found.map(|row| row.id))
}
