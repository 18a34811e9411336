//! How a finding stands: open, claimed to be mended, found to be right, or exempt. A decision is tied to the finding by
//! what it says: once the values behind it change, it is another finding and open again.

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::FindingDecision;
use mingbai_store::TodoRow;
use mingbai_store::query::{HouseholdFile, TodoLine};
use sha2::{Digest, Sha256};

/// Nobody decided anything.
const OPEN: i64 = 0;

/// Where a finding stands today; the number of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody has taken it up, or an exemption is over.
    Open,
    /// Somebody is to look into it.
    Owned,
    /// Said to be mended, and found all the same.
    Mended,
    /// Right as it is.
    Fine,
    /// Exempt today.
    Exempt,
}

impl Standing {
    const ALL: [Self; 5] = [Self::Open, Self::Owned, Self::Mended, Self::Fine, Self::Exempt];

    pub(super) fn of_number(number: i64) -> Self {
        Self::ALL.into_iter().find(|one| one.number() == number).unwrap_or(Self::Open)
    }

    fn number(self) -> i64 {
        match self {
            Self::Open => OPEN,
            Self::Owned => 1,
            Self::Mended => 2,
            Self::Fine => 3,
            Self::Exempt => 4,
        }
    }

    /// Whether somebody still has to do something about it.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Owned | Self::Mended)
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Open => "待核实",
            Self::Owned => "待核实，已有责任人",
            Self::Mended => "登记为已整改，仍然查出",
            Self::Fine => "无需整改",
            Self::Exempt => "豁免",
        }
    }
}

/// Names a finding for ever: the rule, the record or else the person or household, and what is said of it.
fn subject(item: &str, household: RecordId, person: Option<RecordId>, record: Option<RecordId>, said: &str) -> String {
    let whose = record.or(person).unwrap_or(household);
    let digest = Sha256::digest(said.as_bytes());
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{item}-{whose}-{short}")
}

/// The subject of a row as it is listed; nothing for a row that belongs to no household.
pub(super) fn subject_of(line: &TodoLine) -> Option<String> {
    let record = line.record.map(|(_, record)| record);
    Some(subject(&line.item, line.household?, line.person, record, &line.detail))
}

/// The newest of several decisions about one finding.
pub(super) fn newest<'r>(
    decisions: impl Iterator<Item = &'r mingbai_store::Row<FindingDecision>>,
) -> Option<&'r mingbai_store::Row<FindingDecision>> {
    decisions.max_by_key(|row| (row.changed, row.id))
}

/// How a row stands by what is on file; noted in the row, with the day by which somebody is to be done with it.
pub(super) fn of(file: &HouseholdFile, today: NaiveDate, row: &mut TodoRow) -> Standing {
    let key = subject(row.item, file.id, row.person, row.record.map(|(_, record)| record), &row.detail);
    let decided = newest(file.findings.iter().filter(|decision| decision.record.subject.as_deref() == Some(&key)));
    let standing = decided.map_or(Standing::Open, |decision| judge(&decision.record, today));
    row.amount = Some(standing.number());
    row.due = decided.and_then(|decision| decision.record.due_on).filter(|_| standing.is_open());
    standing
}

fn judge(decision: &FindingDecision, today: NaiveDate) -> Standing {
    match decision.state.as_deref() {
        Some("open") => Standing::Owned,
        Some("mended") => Standing::Mended,
        Some("fine") => Standing::Fine,
        Some("exempt") if decision.exempt_until.is_none_or(|until| until >= today) => Standing::Exempt,
        _ => Standing::Open,
    }
}
