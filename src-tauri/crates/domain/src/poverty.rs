//! 脱贫属性 and 监测属性: two things a household is, side by side. A 脱贫户 that is monitored has been lifted all the same; a
//! 边缘易致贫户 never was on the register of the poor, and is neither lifted nor not lifted.

use crate::code;

const TABLE: &str = "household_status";
/// What ends the monitoring of a household.
pub const CLEARED: &str = "cleared";
/// 脱贫不稳定户: a monitored kind that says that the household was lifted.
const UNSTABLE: &str = "unstable";

/// Whether a status belongs to the track of poverty; otherwise to that of monitoring.
#[must_use]
pub fn is_of_poverty(status: &str) -> bool {
    code::find(TABLE, status).is_some_and(|status| status.flag)
}

/// Where a household stands on both tracks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing<'a> {
    poverty: Option<&'a str>,
    monitored: Option<&'a str>,
    unstable: bool,
}

impl<'a> FromIterator<&'a str> for Standing<'a> {
    /// From a household's statuses, the oldest first.
    fn from_iter<I: IntoIterator<Item = &'a str>>(statuses: I) -> Self {
        let mut standing = Self::default();
        for status in statuses {
            if is_of_poverty(status) {
                standing.poverty = Some(status);
            } else {
                standing.monitored = Some(status);
            }
            standing.unstable |= status == UNSTABLE;
        }
        standing
    }
}

impl<'a> Standing<'a> {
    /// 脱贫属性; nothing for a household that never was on the register of the poor.
    #[must_use]
    pub fn poverty(&self) -> Option<&'a str> {
        self.poverty.or(self.unstable.then_some("lifted"))
    }

    /// The kind under which it is monitored now.
    #[must_use]
    pub fn monitored(&self) -> Option<&'a str> {
        self.monitored.filter(|status| *status != CLEARED)
    }

    /// Counts as 未脱贫 in the control totals.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.poverty(), Some("not_lifted" | "pre_lifted" | "returned"))
    }

    /// Counts as 已脱贫 in the control totals.
    #[must_use]
    pub fn is_lifted(&self) -> bool {
        self.poverty() == Some("lifted")
    }

    /// The one that a list has room for: what it is monitored for, or else whether it is poor.
    #[must_use]
    pub fn shown(&self) -> Option<&'a str> {
        self.monitored().or(self.poverty()).or(self.monitored)
    }
}

#[cfg(test)]
mod tests {
    use super::Standing;

    fn of<'a>(statuses: &[&'a str]) -> Standing<'a> {
        statuses.iter().copied().collect()
    }

    #[test]
    fn a_household_that_was_lifted_stays_lifted_while_it_is_monitored() {
        let standing = of(&["not_lifted", "lifted", "sudden"]);
        assert!(standing.is_lifted() && !standing.is_open());
        assert_eq!((standing.monitored(), standing.shown()), (Some("sudden"), Some("sudden")));
        let cleared = of(&["not_lifted", "lifted", "sudden", "cleared"]);
        assert_eq!((cleared.monitored(), cleared.shown()), (None, Some("lifted")));
    }

    #[test]
    fn a_household_on_the_edge_is_neither_lifted_nor_not_lifted() {
        let standing = of(&["edge"]);
        assert!(!standing.is_lifted() && !standing.is_open());
        assert_eq!(standing.shown(), Some("edge"));
        assert_eq!(of(&["edge", "cleared"]).shown(), Some("cleared"));
        assert_eq!(of(&[]), Standing::default());
    }

    #[test]
    fn an_unstable_household_was_lifted_unless_somebody_says_that_it_fell_back() {
        assert!(of(&["unstable"]).is_lifted() && of(&["unstable", "cleared"]).is_lifted());
        assert!(of(&["unstable", "returned"]).is_open());
    }
}
