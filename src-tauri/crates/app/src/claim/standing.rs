//! How far a claim has come. What ends one is never a click alone: a settlement that makes the money good, or a decision with
//! its reason.

use mingbai_domain::Fen;
use mingbai_domain::catalogue::Claim;

/// 待追: nobody has written yet.
pub(crate) const OPEN: &str = "open";
/// 已发函.
pub(crate) const SENT: &str = "sent";
/// 已答复: answered, and the money is not here yet.
pub(crate) const ANSWERED: &str = "answered";
/// 已补报: a correcting settlement has made it good.
pub(crate) const PAID: &str = "paid";
/// 不再追: decided, with its reason.
pub(crate) const CLOSED: &str = "closed";

/// How far a state is along the way.
pub(super) fn far(state: Option<&str>) -> usize {
    [OPEN, SENT, ANSWERED, PAID, CLOSED].iter().position(|one| Some(*one) == state).unwrap_or_default()
}

/// Where a bill stands in the list of what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It stands in the list, in this state.
    In(&'static str),
    /// It stands there no more: nothing is owed, or another settlement stands there in its place.
    Out,
}

/// What became of what was asked for, once another settlement stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// Something is short on it still.
    Short,
    /// Nothing is short, and a payer paid more than before.
    MadeGood,
    /// Nothing is short though nobody paid more, or it only took back, or it cannot be settled.
    Unclear,
}

/// The state of a bill that is `short` by so much, and of one another settlement stands for.
pub(crate) fn standing(claim: Option<&Claim>, short: Fen, instead: Option<Instead>) -> Standing {
    let said = claim.map(|claim| claim.state.as_deref().unwrap_or(OPEN));
    match (instead, said) {
        // The new settlement stands in the list and carries on what was asked for, whatever was decided.
        (Some(Instead::Short), _) => Standing::Out,
        (Some(Instead::MadeGood), Some(SENT | ANSWERED | OPEN | PAID)) => Standing::In(PAID),
        // More is short by now than was decided upon.
        (None, Some(CLOSED)) if claim.and_then(|claim| claim.amount).is_some_and(|decided| short > decided) => {
            Standing::In(OPEN)
        }
        (_, Some(CLOSED)) => Standing::In(CLOSED),
        // Written for, and no money to show for it: somebody has to say why.
        (Some(Instead::Unclear), Some(SENT | ANSWERED | PAID)) => Standing::In(ANSWERED),
        (Some(_), _) => Standing::Out,
        (None, None) if short > Fen::ZERO => Standing::In(OPEN),
        (None, None) => Standing::Out,
        // Written for, and by now the figures agree without a correction: somebody has to say why.
        (None, Some(ANSWERED | PAID)) => Standing::In(ANSWERED),
        (None, Some(SENT)) => Standing::In(SENT),
        (None, Some(_)) if short > Fen::ZERO => Standing::In(OPEN),
        (None, Some(_)) => Standing::Out,
    }
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Fen;
    use mingbai_domain::catalogue::Claim;

    use super::{ANSWERED, CLOSED, Instead, OPEN, PAID, SENT, Standing, standing};

    fn claim(state: &str) -> Claim {
        Claim { state: Some(state.to_owned()), ..Claim::default() }
    }

    #[test]
    fn a_claim_ends_as_paid_only_with_a_settlement_on_which_nothing_is_short_any_more() {
        let sent = claim(SENT);
        assert_eq!(standing(Some(&sent), Fen(100), None), Standing::In(SENT));
        assert_eq!(standing(Some(&sent), Fen::ZERO, Some(Instead::MadeGood)), Standing::In(PAID));
        // Still short: the new settlement stands in the list instead.
        assert_eq!(standing(Some(&sent), Fen::ZERO, Some(Instead::Short)), Standing::Out);
        // Somebody wrote “paid” without a settlement that shows it.
        assert_eq!(standing(Some(&claim(PAID)), Fen(100), None), Standing::In(ANSWERED));
        assert_eq!(standing(Some(&sent), Fen::ZERO, Some(Instead::Unclear)), Standing::In(ANSWERED));
    }

    #[test]
    fn a_decision_stands_for_what_was_decided_upon_and_what_nobody_wrote_for_waits_to_be_claimed() {
        let closed = Claim { amount: Some(Fen(100)), ..claim(CLOSED) };
        assert_eq!(standing(Some(&closed), Fen(100), None), Standing::In(CLOSED));
        assert_eq!(standing(Some(&closed), Fen(5_000), None), Standing::In(OPEN), "so much was never decided upon");
        assert_eq!(standing(None, Fen(100), None), Standing::In(OPEN));
        assert_eq!(standing(None, Fen::ZERO, None), Standing::Out);
        assert_eq!(standing(None, Fen(-100), None), Standing::Out);
        assert_eq!(standing(None, Fen::ZERO, Some(Instead::MadeGood)), Standing::Out, "never chased, nothing to tell");
        // What was decided about a sheet goes on with the one that takes its place, and stands in the list once.
        assert_eq!(standing(Some(&closed), Fen::ZERO, Some(Instead::Short)), Standing::Out);
        assert_eq!(standing(Some(&closed), Fen::ZERO, Some(Instead::Unclear)), Standing::In(CLOSED));
    }

    #[test]
    fn a_letter_on_its_way_stays_in_the_list_even_when_the_figures_agree_by_now() {
        assert_eq!(standing(Some(&claim(SENT)), Fen::ZERO, None), Standing::In(SENT));
        assert_eq!(standing(Some(&claim(OPEN)), Fen::ZERO, None), Standing::Out);
    }
}
