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

/// How amounts are rounded, once per payer and bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    HalfUpFen,
    HalfUpJiao,
    HalfUpYuan,
    DownFen,
}

/// Whether the later parts of a stay settled in parts bear a deductible again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContinuedStay {
    Again,
    Once,
}

/// What a transfer within 24 hours is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// An admission of its own.
    NewAdmission,
    /// One admission: the deductible is the first hospital's once its fund has paid, the present one's otherwise, less
    /// what was borne there.
    OneAdmission,
}

/// What care for a certified disease is without a valid certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncertified {
    NotCovered,
    AsOutpatient,
}

/// How the limits of several diseases of one person go together: those of one kind of care, one period and one measure
/// that are certified on the day. One without a limit lifts the limit of all that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeveralDiseases {
    EachOwn,
    AddedUp,
    Highest,
}
