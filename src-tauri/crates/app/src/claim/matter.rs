//! What else has to be ended about a settlement: paid too much, a deposit, no settlement at discharge, benefits that stand in no
//! pack, papers nobody typed. Each ends with a correcting settlement, on which it is found no more, or with a decision and its reason.

use std::collections::HashMap;

use mingbai_domain::catalogue::Claim;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::{Reading, Row};

use super::CLOSED;
use crate::bill::{EndKey, Judged, chain};
use crate::error::AppError;

/// What a decision is about, besides what is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Matter {
    Over,
    Deposit,
    Unsettled,
    Beyond,
    /// Papers of the year that nobody typed, by the sums a later one prints.
    Unseen,
}

impl Matter {
    pub(crate) const ALL: [Self; 5] = [Self::Over, Self::Deposit, Self::Unsettled, Self::Beyond, Self::Unseen];

    /// As the register keeps it, in code set `claim_matter`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Deposit => "deposit",
            Self::Unsettled => "unsettled",
            Self::Beyond => "beyond",
            Self::Unseen => "unseen",
        }
    }

    fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A settlement, or the end of a person's year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Bill(RecordId),
    End(EndKey),
}

impl Subject {
    /// The whole year a bill counts in.
    pub(crate) fn year_of(judged: &Judged) -> Option<Self> {
        Some(Self::End(EndKey { person: judged.line.person, year: judged.year?, applied: false }))
    }
}

/// Decisions about what is not short.
#[derive(Default)]
pub(crate) struct Matters(HashMap<(Subject, Matter), Row<Claim>>);

impl Matters {
    /// Takes in a claim about such a matter; of two about the same the later one given stands. A decision goes on with the
    /// settlements that take the place of its own.
    pub(super) fn take(&mut self, reading: Reading<'_>, row: Row<Claim>) -> Result<(), AppError> {
        let Some(matter) = row.record.matter.as_deref().and_then(Matter::read) else { return Ok(()) };
        let year = row.record.year.and_then(|year| i32::try_from(year).ok());
        match (row.record.settlement, row.record.person, year) {
            (Some(bill), ..) => {
                for later in chain::after(reading, bill)? {
                    self.0.entry((Subject::Bill(later.id), matter)).or_insert_with(|| row.clone());
                }
                self.0.insert((Subject::Bill(bill), matter), row);
            }
            (None, Some(person), Some(year)) => {
                let (person, applied) = (reading.canonical(person)?, row.record.applied == Some(true));
                self.0.insert((Subject::End(EndKey { person, year, applied }), matter), row);
            }
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn get(&self, subject: Subject, matter: Matter) -> Option<&Row<Claim>> {
        self.0.get(&(subject, matter))
    }

    /// Whether it was decided for so much; more than was decided upon has to be looked at again.
    pub(crate) fn is_closed(&self, subject: Subject, matter: Matter, amount: Fen) -> bool {
        self.get(subject, matter).is_some_and(|row| {
            row.record.state.as_deref() == Some(CLOSED) && row.record.amount.unwrap_or_default() >= amount
        })
    }
}
