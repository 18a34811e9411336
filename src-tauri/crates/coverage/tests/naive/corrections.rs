//! Bills that no longer count.

use mingbai_coverage::Bill;

use super::met::Met;

/// Why a bill does not count: it is 作废, or another bill that is not corrects it. A cancelled bill is as if it had never
/// been, so what it corrected counts again.
pub(super) fn aside(bill: &Bill, all: &[Bill]) -> Option<Met> {
    if bill.cancelled {
        return Some(Met::Cancelled);
    }
    let mut others = all.iter().filter(|other| !other.cancelled);
    others.any(|other| other.replaces.as_ref() == Some(&bill.id)).then_some(Met::Replaced)
}
