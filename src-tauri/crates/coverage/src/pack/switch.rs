//! Choices a pack makes for all its payers. None has a default.

/// Which date says to which calendar year a bill belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YearOf {
    Admission,
    Discharge,
    Settlement,
}

/// What happens to a stay over 31 December: one bill for one year, or the clerk must split it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CrossYear {
    Whole,
    Split,
}

/// 就高不就低: the best row of every rule, or one identity for everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MultiIdentity {
    EachRule,
    Highest,
}

/// On which day an identity must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityMoment {
    Stay,
    Admission,
    Settlement,
}

/// Whether an identity gained in the year reaches back to cumulative payers' earlier bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityChange {
    LaterBills,
    WholeYear,
}

/// What a stay without the referral it needed is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreferred {
    AsUsual,
    AsOrdinary,
    NotCovered,
}

/// Denominator of the total ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeilingOf {
    Total,
    InScope,
}
