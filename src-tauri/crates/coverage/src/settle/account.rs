//! Amounts without explanations, bill after bill: for a county's year, for drafts of packs, for asking “what if”.

use chrono::NaiveDate;
use mingbai_domain::Fen;

use super::annual::{Year, YearEndDays};
use super::chain::{Chain, PayerShare};
use super::running::Running;
use super::whole_stay::knowing_their_stays;
use super::{Assume, year};
use crate::bill::{Bill, BillError};
use crate::explain::NoSteps;
use crate::history::History;
use crate::pack::Pack;
use crate::pack::resolved::Holder;
use crate::pack::situations::Situations;
use crate::person::Person;
use crate::vocabulary::Column;

/// One person's year under one pack, settled in the very same way as [`settle`](super::settle) does but without steps.
/// Made once and handed from person to person it allocates nothing per bill.
#[derive(Debug)]
pub struct YearAccount<'p> {
    pack: &'p Pack,
    holder: Holder,
    situations: Situations<'p>,
    opening: History,
    running: Running,
    /// The year before the bill at hand, to return to when it is refused.
    before: Running,
    shares: Vec<PayerShare>,
    order: Vec<usize>,
}

/// What one bill comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillAmounts<'a> {
    /// 先行自付, referral share included.
    pub preselfpay: Fen,
    /// 政策范围内费用.
    pub in_scope: Fen,
    /// Every payer of the pack, in order.
    pub payers: &'a [PayerShare],
    /// 范围内个人负担.
    pub in_scope_personal: Fen,
    /// 先行自付 left to the person.
    pub preselfpay_personal: Fen,
    /// 个人支付.
    pub personal: Fen,
}

impl<'p> YearAccount<'p> {
    /// An account of nobody yet: [`open`](Self::open) it for a person.
    #[must_use]
    pub fn new(pack: &'p Pack) -> Self {
        let opening = History::empty(0);
        let (running, before) = (Running::of(pack, &opening), Running::of(pack, &opening));
        Self {
            pack,
            holder: Holder::default(),
            situations: Situations::default(),
            opening,
            running,
            before,
            shares: vec![PayerShare::default(); pack.payers.len()],
            order: Vec::new(),
        }
    }

    /// Begins a person's year, from nothing with [`History::empty`].
    pub fn open(&mut self, person: &Person, opening: &History) {
        self.holder.become_person(self.pack, person);
        self.running.become_year(self.pack, opening);
        // Most people begin from nothing, as the one before did.
        if self.opening != *opening {
            self.opening.clone_from(opening);
        }
    }

    /// Settles the next bill of the year. A bill that is refused adds nothing.
    ///
    /// # Errors
    /// As [`settle`](super::settle).
    pub fn settle(&mut self, bill: &Bill) -> Result<BillAmounts<'_>, BillError> {
        self.settle_assuming(bill, Assume::Rules)
    }

    pub(crate) fn settle_assuming(&mut self, bill: &Bill, assume: Assume) -> Result<BillAmounts<'_>, BillError> {
        self.before.return_to(&self.running);
        let chain = Chain { pack: self.pack, holder: &self.holder, assume };
        match chain.settle(&mut self.situations, bill, &mut self.running, &mut self.shares, &mut NoSteps) {
            Ok(worked) => Ok(BillAmounts {
                preselfpay: worked.preselfpay,
                in_scope: worked.in_scope,
                payers: &self.shares,
                in_scope_personal: worked.in_scope_personal,
                preselfpay_personal: worked.preselfpay_personal,
                personal: worked.personal,
            }),
            Err(error) => {
                self.running.return_to(&self.before);
                Err(error)
            }
        }
    }

    /// Settles bills in the order of [`settle_year`](super::settle_year), whatever order they come in; tells of each, with
    /// its place in the list handed in.
    pub fn settle_all(&mut self, bills: &[Bill], mut tell: impl FnMut(usize, Result<BillAmounts<'_>, BillError>)) {
        // Most lists come in order already.
        if year::stand_in_order(bills) {
            for (index, bill) in bills.iter().enumerate() {
                tell(index, self.settle(bill));
            }
            return;
        }
        let bills = &*knowing_their_stays(bills);
        let mut order = std::mem::take(&mut self.order);
        year::in_order(bills, &mut order);
        for &index in &order {
            tell(index, self.settle(&bills[index]));
        }
        self.order = order;
    }

    /// Settles the payers that settle once a year; what each pays, payers that do not wait for the year's end not at all.
    ///
    /// # Errors
    /// As [`settle_annual`](super::settle_annual).
    pub fn settle_annual(&mut self, as_of: NaiveDate) -> Result<&[PayerShare], BillError> {
        self.before.return_to(&self.running);
        let year = Year::new(self.pack, &self.holder, self.running.year, YearEndDays::on(as_of));
        match year.settle(&mut self.running, &mut self.shares, &mut NoSteps) {
            Ok(()) => Ok(&self.shares),
            Err(error) => {
                self.running.return_to(&self.before);
                Err(error)
            }
        }
    }

    /// What is paid in one column of the settlement sheet on the bill settled last.
    #[must_use]
    pub fn paid_in(&self, column: Column) -> Fen {
        let payers = self.pack.payers.iter().zip(&self.shares);
        payers.filter(|(payer, _)| payer.column == column).map(|(_, share)| share.amount).sum()
    }

    /// The year after what has been settled.
    #[must_use]
    pub fn closing(&self) -> History {
        let mut closing = self.opening.clone();
        self.running.write(self.pack, &mut closing);
        closing
    }
}
