//! One bill as the hospital wrote it.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::{Deserialize, Serialize};

pub use crate::bill_error::{BillError, BillField};
use crate::vocabulary::{Area, Continuation, Kind, Level, Referral};

/// An in-catalogue item class of which the person pays a share first (先行自付).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key of the class in the pack, e.g. `class_b` (乙类药品).
    pub class: String,
    /// Full price of the items of that class.
    #[serde(deserialize_with = "crate::amount::read")]
    pub amount: Fen,
}

/// Which earlier bill's stay a bill continues, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continues {
    /// Number of the earlier bill: the one that counts, should it have been corrected.
    pub bill: String,
    /// A transfer, or a part of the same stay.
    pub how: Continuation,
}

/// First and last day of the whole admission of which a bill is a part: what came before it and what came after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeStay {
    /// With the other periods of the stay.
    pub periods: (NaiveDate, NaiveDate),
    /// With the hospitals it was moved between, too.
    pub transfers: (NaiveDate, NaiveDate),
}

/// A bill. Amounts in files: text is yuan, a bare integer is fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// 票据号 or any name by which the clerk knows it.
    pub id: String,
    /// 就诊类别.
    pub kind: Kind,
    /// 机构级别.
    pub level: Level,
    /// 就诊地.
    pub area: Area,
    /// 转诊.
    pub referral: Referral,
    /// 入院日期 (visit day when there is no stay).
    pub admitted_on: NaiveDate,
    /// 出院日期.
    pub discharged_on: NaiveDate,
    /// 结算日期.
    pub settled_on: NaiveDate,
    /// 医疗总费用.
    #[serde(deserialize_with = "crate::amount::read")]
    pub total: Fen,
    /// 全自费, outside the catalogues.
    #[serde(deserialize_with = "crate::amount::read")]
    pub ownpay: Fen,
    /// 超限价自费.
    #[serde(deserialize_with = "crate::amount::read")]
    pub overlimit: Fen,
    /// 先行自付 as printed on the bill; left out when it is to be worked out from `items`.
    #[serde(default, deserialize_with = "crate::amount::read_optional")]
    pub preselfpay: Option<Fen>,
    /// Items with a 先行自付 share.
    #[serde(default)]
    pub items: Vec<Item>,
    /// 医院承担.
    #[serde(default, deserialize_with = "crate::amount::read")]
    pub hospital_borne: Fen,
    /// Key of an excluded cause (第三方责任、工伤…), if there is one.
    #[serde(default)]
    pub cause: Option<String>,
    /// 重大疾病: asked for by packs whose aid depends on it.
    #[serde(default)]
    pub major_disease: bool,
    /// Key of the certified disease a 慢特病 or 两病 bill is for; not looked at on other bills.
    #[serde(default)]
    pub disease: Option<String>,
    /// What commercial insurance and others have already made good; some payers take it off their base.
    #[serde(default, deserialize_with = "crate::amount::read")]
    pub compensated: Fen,
    /// The stay this bill continues; looked at where the kind of care counts as an admission and the pack makes one of both.
    #[serde(default)]
    pub continues: Option<Continues>,
    /// Days of the stay beyond the bill's own, as [`whole_stays`](crate::whole_stays) finds them among a person's bills.
    #[serde(skip)]
    pub whole_stay: Option<WholeStay>,
    /// 作废: settled as if it had never been.
    #[serde(default)]
    pub cancelled: bool,
    /// Number of the bill this one corrects; that one no longer counts, unless this one is cancelled itself.
    #[serde(default)]
    pub replaces: Option<String>,
}

impl Bill {
    /// A bill with nothing out of scope and nothing special about it, to be filled in: `Bill { ownpay, ..Bill::new(…) }`.
    /// `days` are admission, discharge and settlement.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        kind: Kind,
        level: Level,
        area: Area,
        referral: Referral,
        days: [NaiveDate; 3],
        total: Fen,
    ) -> Self {
        let [admitted_on, discharged_on, settled_on] = days;
        Self {
            id: id.into(),
            kind,
            level,
            area,
            referral,
            admitted_on,
            discharged_on,
            settled_on,
            total,
            ownpay: Fen::ZERO,
            overlimit: Fen::ZERO,
            preselfpay: Some(Fen::ZERO),
            items: Vec::new(),
            hospital_borne: Fen::ZERO,
            cause: None,
            major_disease: false,
            disease: None,
            compensated: Fen::ZERO,
            continues: None,
            whole_stay: None,
            cancelled: false,
            replaces: None,
        }
    }
}
/// No single amount on a bill is above this (10 billion yuan): sums of a year stay far inside an `i64`.
const LARGEST: Fen = Fen(1_000_000_000_000);

/// Whether an amount is one a bill or a history can hold.
#[must_use]
pub fn plausible(amount: Fen) -> bool {
    amount >= Fen::ZERO && amount <= LARGEST
}

impl Bill {
    /// Signs, sizes and dates; what the pack has to say comes later.
    ///
    /// # Errors
    /// The first [`BillError`] found, field by field.
    #[inline]
    pub fn check(&self) -> Result<(), BillError> {
        if !self.surely_plausible() {
            self.find_implausible()?;
        }
        if self.discharged_on < self.admitted_on {
            return Err(BillError::DatesOutOfOrder { field: BillField::DischargedOn });
        }
        if self.settled_on < self.discharged_on {
            return Err(BillError::DatesOutOfOrder { field: BillField::SettledOn });
        }
        Ok(())
    }

    /// Whether all amounts folded into one have no bit that only a negative or a large amount has: true of nearly every bill,
    /// at a fraction of the price of looking at each.
    fn surely_plausible(&self) -> bool {
        let own = self.total.0 | self.ownpay.0 | self.overlimit.0 | self.hospital_borne.0 | self.compensated.0;
        let bits = own | self.preselfpay.unwrap_or_default().0;
        plausible(Fen(self.items.iter().fold(bits, |bits, item| bits | item.amount.0)))
    }

    #[cold]
    fn find_implausible(&self) -> Result<(), BillError> {
        let amounts = [
            (BillField::Total, self.total),
            (BillField::Ownpay, self.ownpay),
            (BillField::Overlimit, self.overlimit),
            (BillField::Preselfpay, self.preselfpay.unwrap_or_default()),
            (BillField::HospitalBorne, self.hospital_borne),
            (BillField::Compensated, self.compensated),
        ];
        let items = self.items.iter().map(|item| (BillField::Items, item.amount));
        if let Some((field, amount)) = amounts.into_iter().chain(items).find(|(_, amount)| !plausible(*amount)) {
            let negative = amount < Fen::ZERO;
            return Err(if negative {
                BillError::Negative { field, amount }
            } else {
                BillError::TooLarge { field, amount }
            });
        }
        Ok(())
    }

    /// The order in which a year's bills are settled, as far as their days say; [`in_turn`](crate::in_turn) minds stays that go on.
    #[must_use]
    pub fn order(&self) -> (NaiveDate, NaiveDate, NaiveDate, &str) {
        (self.settled_on, self.discharged_on, self.admitted_on, &self.id)
    }
}
