//! Rows of an export that only take a bill back (冲销、退费): the bill they mean, or a refusal that says why it cannot be told.

use std::collections::{HashMap, HashSet};

use mingbai_coverage::plausible;
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_sheets::profiles::BillDraft;
use mingbai_store::Reading;

use super::bills::{numbers, same};
use super::labels::text;
use super::plan::{Plan, Whose};
use crate::bill::{Gate, Vouched};
use crate::dto::{ImportRow, RowOutcome};
use crate::error::{AppError, ErrorCode};

/// Whether the row only takes a bill back: marked so, or with a total below zero.
pub(super) fn takes_back(draft: &BillDraft) -> bool {
    let marked = ["是", "1", "退费", "冲销", "已退费", "Y"].contains(&draft.takes_back.trim());
    marked
        || draft.total.is_some_and(|total| total < Fen::ZERO && plausible(Fen::ZERO - total))
            && !numbers(draft).is_empty()
}

/// A bill that a row may take back.
#[derive(Clone)]
struct Bill {
    /// Nothing for one that comes in with the same sheet.
    id: Option<RecordId>,
    record: Settlement,
}

/// The refunds of one sheet, planned after all its bills: an export may list the newest rows first.
#[derive(Default)]
pub(super) struct Refunds {
    /// Bills of the sheet that will stand, by person.
    accepted: HashMap<RecordId, Vec<Bill>>,
    /// Stored bills and reversals that a row of this sheet already speaks of.
    spoken: HashSet<RecordId>,
    /// Bills of the sheet that a row of it already takes back, by person and place.
    taken: HashSet<(RecordId, usize)>,
}

/// What a row asks for.
enum Meant {
    /// Takes back this bill, which stands at this place among those of the sheet unless it is stored.
    Back(Bill, Option<usize>),
    /// Was taken back before.
    Done,
}

impl Refunds {
    /// A bill of the sheet will stand as it says, or as it changes the stored one.
    pub(super) fn accept(&mut self, person: RecordId, id: Option<RecordId>, record: Settlement) {
        self.accepted.entry(person).or_default().push(Bill { id, record });
    }

    /// Plans what one row takes back.
    pub(super) fn plan(
        &mut self,
        reading: Reading<'_>,
        plan: &mut Plan,
        whose: &Whose,
        draft: &BillDraft,
    ) -> Result<(), AppError> {
        let total = draft.total.map(|total| if total < Fen::ZERO { Fen::ZERO - total } else { total });
        let Some(total) = total.filter(|total| plausible(*total)) else {
            plan.reject(&draft.name, &whose.household, "冲销的行没有费用总额，不知道冲销哪一张");
            return Ok(());
        };
        let told = Told::of(draft, whose.person, total);
        let meant = self.meant(reading, &told)?;
        let Some(meant) = plan.sound(meant, &draft.name, &whose.household) else { return Ok(()) };
        plan.add(ImportRow {
            outcome: if matches!(meant, Meant::Done) { RowOutcome::Same } else { RowOutcome::New },
            who: whose.name.clone(),
            household: whose.household.clone(),
            detail: format!("冲销 {}", told.label()),
            ..ImportRow::default()
        });
        let Meant::Back(bill, place) = meant else { return Ok(()) };
        match (bill.id, place) {
            (Some(id), _) => drop(self.spoken.insert(id)),
            (None, Some(place)) => drop(self.taken.insert((whose.person, place))),
            (None, None) => {}
        }
        plan.write(move |txn, _| {
            let target = match bill.id {
                Some(id) => id,
                // It came in with the same sheet a moment ago.
                None => told.stored(txn.read())?,
            };
            let record = told.reversal(target);
            Gate::default().admit(txn.read(), None, None, &record, Vouched::default())?;
            txn.insert(None, &record)?;
            Ok(())
        });
        Ok(())
    }

    /// The bill a row means, or why that cannot be told.
    fn meant(&mut self, reading: Reading<'_>, told: &Told) -> Result<Result<Meant, String>, AppError> {
        let mut known = reading.rows_where::<Settlement>("person", &told.person)?;
        // Stored bills as the sheet changes them.
        for bill in self.accepted.get(&told.person).into_iter().flatten() {
            known.iter_mut().filter(|row| Some(row.id) == bill.id).for_each(|row| row.record = bill.record.clone());
        }
        let successor = |id: RecordId| known.iter().find(|row| row.record.corrects == Some(id));
        let fits: Vec<RecordId> = known.iter().filter(|row| told.fits(&row.record)).map(|row| row.id).collect();
        // The very refund stands already: the sheet is read again.
        let again = known.iter().find(|row| {
            let back = row.record.reversal == Some(true) && row.record.settled_on == told.day;
            back && row.record.corrects.is_some_and(|id| fits.contains(&id)) && !self.spoken.contains(&row.id)
        });
        if let Some(row) = again {
            self.spoken.insert(row.id);
            return Ok(Ok(Meant::Done));
        }
        let (mut open, mut done) = (Vec::new(), Vec::new());
        for id in fits {
            let mut last = id;
            let mut reversed = None;
            while let Some(next) = successor(last) {
                if next.record.reversal == Some(true) {
                    reversed = Some(next.id);
                    break;
                }
                last = next.id;
            }
            match (reversed, known.iter().find(|row| row.id == last)) {
                (Some(reversal), _) => done.push(reversal),
                (None, Some(row)) if row.record.total == Some(told.total) => {
                    open.push((Bill { id: Some(last), record: row.record.clone() }, None));
                }
                (None, Some(row)) => {
                    let now = row.record.total.unwrap_or_default();
                    let said = format!("{}已经更正为总额 {now} 的一张，请在那一张上点“更正、冲销”", told.label());
                    return Ok(Err(said));
                }
                (None, None) => {}
            }
        }
        let new = self.accepted.get(&told.person).into_iter().flatten().enumerate();
        let new = new.filter(|(place, bill)| {
            bill.id.is_none() && told.fits(&bill.record) && !self.taken.contains(&(told.person, *place))
        });
        open.extend(new.map(|(place, bill)| (bill.clone(), Some(place))));
        open.retain(|(bill, _)| bill.id.is_none_or(|id| !self.spoken.contains(&id)));
        open.dedup_by_key(|(bill, place)| (bill.id, *place));
        done.retain(|id| !self.spoken.contains(id));
        Ok(match (open.len(), done.first()) {
            (1, _) => open.pop().map(|(bill, place)| Meant::Back(bill, place)).ok_or_else(String::new),
            (0, Some(reversal)) => {
                self.spoken.insert(*reversal);
                Ok(Meant::Done)
            }
            (0, None) => Err(format!(
                "找不到要冲销的那一张（{}，总额 {}），请先登记那一张，或在那一张上点“更正、冲销”",
                told.label(),
                told.total
            )),
            (several, _) => Err(format!(
                "要冲销的可能是{several}张里的任一张（{}，总额 {}），没有替您选。请补上票据号或结算单号，或在那一张上点“更正、冲销”",
                told.label(),
                told.total
            )),
        })
    }
}

/// What the row says of the bill it takes back. A refund has a number of its own, so the invoice may tell which bill it is
/// of; without any number it must be of the same day, total and place.
struct Told {
    person: RecordId,
    total: Fen,
    day: Option<chrono::NaiveDate>,
    paper: Settlement,
}

impl Told {
    fn of(draft: &BillDraft, person: RecordId, total: Fen) -> Self {
        let paper = Settlement {
            person: Some(person),
            invoice: text(&draft.invoice),
            number: text(&draft.number),
            hospital: text(&draft.hospital),
            settled_on: draft.settled_on,
            total: Some(total),
            ..Settlement::default()
        };
        Self { person, total, day: draft.settled_on, paper }
    }

    fn fits(&self, record: &Settlement) -> bool {
        record.reversal != Some(true)
            && record.total == Some(self.total)
            && (same(record, &self.paper) || (self.paper.invoice.is_some() && record.invoice == self.paper.invoice))
    }

    fn label(&self) -> String {
        let number = self.paper.number.iter().map(|number| format!("结算单号{number}"));
        let invoice = self.paper.invoice.iter().map(|number| format!("票据号{number}"));
        let day = self.day.filter(|_| self.paper.number.is_none() && self.paper.invoice.is_none());
        let told: Vec<String> = number.chain(invoice).chain(day.map(|day| format!("{day}结算"))).collect();
        if told.is_empty() { format!("总额 {}", self.total) } else { told.join("、") }
    }

    /// The bill that came in with the same sheet, now that it stands.
    fn stored(&self, reading: Reading<'_>) -> Result<RecordId, AppError> {
        let known = reading.rows_where::<Settlement>("person", &self.person)?;
        let open = |id: RecordId| known.iter().all(|row| row.record.corrects != Some(id));
        let found = known.iter().find(|row| self.fits(&row.record) && open(row.id));
        found.map(|row| row.id).ok_or_else(|| {
            AppError::new(
                ErrorCode::Internal,
                "要冲销的结算单没有存进去，整个文件都没有导入，原有数据没有变。请把文件交给县里",
            )
        })
    }

    fn reversal(&self, target: RecordId) -> Settlement {
        Settlement {
            person: Some(self.person),
            corrects: Some(target),
            reversal: Some(true),
            settled_on: self.day,
            hospital: self.paper.hospital.clone(),
            total: Some(self.total),
            source: Some("一站式结算导出".to_owned()),
            ..Settlement::default()
        }
    }
}
