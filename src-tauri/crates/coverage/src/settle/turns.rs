//! Every payer's turn, one after the other, up to the ceiling over all of them.

use mingbai_domain::Fen;

use super::Assume;
use super::chain::{Chain, PayerShare};
use super::enrolment::Blocked;
use super::pay::{Turn, not_applied};
use crate::bill::BillError;
use crate::explain::Steps;
use crate::pack::condition::Look;
use crate::pack::situations::Tables;
use crate::vocabulary::Column;

impl<'p> Turn<'_, 'p> {
    /// Whether the bill has nothing that hardly any bill has: a disease with a limit, an earlier part of the same stay or a
    /// later one, a cap shared on top of the payers' own, money made good by others, a payer that must not pay. The very same
    /// code settles such bills, compiled once more without asking for any of it.
    #[inline]
    pub(super) fn is_plain(&self, blocked: &Blocked) -> bool {
        self.limit.is_none()
            && self.same_stay.is_none()
            && !self.pack.stays.look_back()
            && self.pack.joint_caps.is_empty()
            && self.compensated == Fen::ZERO
            && matches!(self.assume, Assume::Rules)
            && blocked.nobody()
    }

    /// Lets every payer pay, cuts what passes the ceiling and collects for the year's end. Whether a stay counts as an
    /// admission: one the basic fund must not look at does not.
    pub(super) fn every<const PLAIN: bool>(
        &mut self,
        chain: &Chain<'_, 'p>,
        tables: &Tables<'p>,
        blocked: &Blocked,
        total: Fen,
        steps: &mut impl Steps,
    ) -> Result<bool, BillError> {
        let mut insured_stay = true;
        self.shares.fill(PayerShare::default());
        for (place, tables) in tables.payers.iter().enumerate() {
            let payer = tables.payer;
            let why = if PLAIN { None } else { blocked.reason(chain, place) };
            if let Some(why) = why {
                let basic = payer.column == Column::Basic;
                insured_stay &= !basic || payer.mismatch(self.case_of_the_bill(), Look::Everything).is_some();
                steps.say(|| not_applied(payer, &why.words(), why.citation()));
            } else if tables.when.never() {
                steps.say(|| self.not_applied(payer));
            } else {
                self.pay::<PLAIN>(place, tables, steps)?;
            }
        }
        if let Some((ceiling, when)) = &tables.ceiling
            && when.holds(self.case_of_the_bill())
        {
            self.cut(ceiling, total, steps);
        }
        for &place in &self.pack.resolved.after_immediate {
            if !self.shares[place].applies {
                continue;
            }
            let payer = &self.pack.payers[place];
            let preselfpay = if payer.base_includes_preselfpay { self.left.preselfpay } else { Fen::ZERO };
            let taken_off = if payer.less_compensation { self.compensated } else { Fen::ZERO };
            let base = (self.left.in_scope + preselfpay - taken_off).at_least_zero();
            self.collect(place, payer, base, steps);
        }
        Ok(insured_stay)
    }
}
